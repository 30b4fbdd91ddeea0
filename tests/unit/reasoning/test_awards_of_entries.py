"""What one event can be worth in each balance of an activity with several entries."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

import pytest

from pointbook.lower.resolution import resolved_versions
from pointbook.lower.versions import version_from
from pointbook.model.windows import CapKind, Per
from pointbook.reasoning.awards import Awards, amount_range, awards_of, never_negative, never_positive
from pointbook.reasoning.cap_order import CapKey, caps_met
from pointbook.reasoning.caps import capped_of
from pointbook.reasoning.conditions import attribute_uses, conditions_of
from pointbook.source.yaml_reader import read_yaml

if TYPE_CHECKING:
    from pointbook.model.program import Version


def version(text: str) -> Version:
    read, findings = read_yaml("1.yaml", f'id: "2024-01-01"\nactivities:\n{text}'.encode())
    assert not findings
    assert read is not None
    [document] = resolved_versions([("1.yaml", read)])
    return version_from(document, "points", MappingProxyType({}))


@pytest.mark.parametrize(
    ("entry", "rest", "expected"),
    [
        ("points: {same_as: points}", "", Awards(10, 20, 10)),
        ("points: {same_as: points}", "caps: [{times: 1, per: day}]", Awards(0, 20, 1)),
        ("points: {same_as: points}", "groups: [social]", Awards(0, 20, 1)),
        # Its own cap limits the copy, not what is copied.
        ("points: {same_as: points}, caps: [{points: 5, per: day}]", "", Awards(10, 20, 10)),
        # From 10 to 20 + 50 % + 1.
        ("points: {same_as: points}, bonuses: [{percent: 50}, {points: 1}]", "", Awards(10, 31, 10)),
        (
            "points: {by: {attribute: size, values: {small: 3}, else: {same_as: points}}}",
            "",
            Awards(3, 20, 3),
        ),
        ("points: {same_as: nothing}", "", Awards(0, 0, None)),
        ("points: {same_as: credits}", "", Awards(0, 0, None)),
    ],
)
def test_a_copy_is_worth_what_it_copies(entry: str, rest: str, expected: Awards) -> None:
    stay = version(
        "  stay:\n    attributes: {size: {type: text}}\n"
        f"    earns: {{points: {{points: {{range: [10, 20]}}}}, credits: {{{entry}}}}}\n    {rest}\n"
    ).activities["stay"]
    assert awards_of(stay.entries[1], stay) == expected


def test_a_spend_is_less_than_nothing_and_its_copy_more() -> None:
    moved = version(
        "  moved:\n    attributes: {size: {type: text}}\n"
        "    earns: {credits: {points: {same_as: points}}}\n"
        "    spends: {points: {by: {attribute: size, values: {small: 10, large: 20}}}}\n"
    ).activities["moved"]
    gain, spend = moved.entries
    assert awards_of(spend, moved) == Awards(-20, -10, None)
    assert amount_range(spend, moved) == (-20, -10)
    assert awards_of(gain, moved) == Awards(10, 20, 10)
    assert never_positive(spend, moved)
    assert never_negative(gain, moved)
    assert awards_of(moved) == Awards(-20, 20, 10)


def test_caps_are_looked_at_for_each_balance_and_for_the_times_they_share() -> None:
    known = version(
        "  stay:\n"
        "    earns:\n"
        "      points: {points: 10}\n"
        "      credits: {points: 1, caps: [{points: 3, per: week}]}\n"
        "    spends: {vouchers: 1}\n"
        "    caps: [{points: 100, per: week, balance: points}, {times: 5, per: week}]\n"
    )
    looks = {(one.path[1:], one.balance): (one.places, one.incoming) for one in capped_of(known)}
    activity, entry = ("stay",), ("stay", "earns", "credits")
    assert looks == {
        (entry, None): ((0,), Awards(None, 1, 1)),
        (activity, "points"): ((0, 1), Awards(None, 10, 10)),
        (activity, "credits"): ((1,), Awards(None, 1, 1)),
        (activity, None): ((1,), Awards(None, 10, 1)),
    }
    assert caps_met(known.activities["stay"], known) == {
        CapKey("entry", "stay", CapKind.POINTS, Per.WEEK, "credits"): 3,
        CapKey("activity", "stay", CapKind.POINTS, Per.WEEK, "points"): 100,
        CapKey("activity", "stay", CapKind.TIMES, Per.WEEK): 5,
    }


def test_conditions_and_attributes_of_entries_are_found_where_they_are_written() -> None:
    stay = version(
        "  stay:\n"
        "    attributes: {partner: {type: boolean}, usd: {type: decimal}}\n"
        "    earns:\n"
        "      points: {points: {per: {attribute: usd}}, if: {attribute: partner, is: true}}\n"
        "      credits: {points: 1, bonuses: [{points: 1, if: {attribute: partner, is: true}}]}\n"
        "    spends: {vouchers: {per: {attribute: usd}}}\n"
    ).activities["stay"]
    top = ("activities", "stay", "earns")
    assert [path for path, _ in conditions_of(stay)] == [
        (*top, "points", "if"),
        (*top, "credits", "bonuses", 0, "if"),
    ]
    assert [(use.name, use.part, use.path[2:]) for use in attribute_uses(stay)] == [
        ("partner", "if", ("earns", "points", "if", "attribute")),
        ("usd", "points", ("earns", "points", "points", "per", "attribute")),
        ("partner", "bonuses", ("earns", "credits", "bonuses", 0, "if", "attribute")),
        ("usd", "points", ("spends", "vouchers", "per", "attribute")),
    ]
