"""From documents to typed rules: every form of the language, and chains of patches."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from pointbook.lower import resolution
from pointbook.lower.programs import program_from
from pointbook.lower.resolution import resolved_versions
from pointbook.lower.versions import version_from
from pointbook.model.attributes import Attribute, AttributeType
from pointbook.model.conditions import All, AnyOf, Comparison, Not, Within
from pointbook.model.points.forms import Assessed, Fixed
from pointbook.model.points.lookup import Table
from pointbook.model.points.rates import PerUnit
from pointbook.model.program import Balance
from pointbook.model.rules import Cap, Demotion, LeapDay, Removal, Source
from pointbook.model.windows import CapKind, Per, Resets
from pointbook.source.patch import merged
from pointbook.source.yaml_reader import read_yaml

if TYPE_CHECKING:
    from pointbook.lower.resolution import VersionDocument
    from pointbook.model.conditions import Condition
    from pointbook.model.points.forms import Points
    from pointbook.model.program import Version
    from pointbook.source.document import Node

HEAD = """\
id: a
effective_from: 2024-01-01
source: {document: Page}
levels:
  gold: {threshold: 900}
  silver: {threshold: 100, title: Silver, note: Low, source: {section: Levels}}
life_cycle: {demotion: one_level, leap_day: mar_1}
"""


def node(text: str, file: str = "f.yaml") -> Node:
    read, findings = read_yaml(file, text.encode())
    assert not findings
    assert read is not None
    return read


def version(text: str) -> Version:
    [document] = resolved_versions([("f.yaml", node(HEAD + text))])
    members = {"partner": Attribute(AttributeType.BOOLEAN), "joined": Attribute(AttributeType.DATE)}
    return version_from(document, "stars", members)


def points(written: str) -> Points:
    return version(f"activities: {{x: {{points: {written}}}}}\n").activities["x"].entries[0].points


def condition(written: str) -> Condition | None:
    attributes = "{out: {type: date}, days: {type: decimal}, kind: {type: text}}"
    text = f"activities: {{x: {{points: 1, attributes: {attributes}, eligible_if: {written}}}}}\n"
    return version(text).activities["x"].eligible_if


@pytest.mark.parametrize(
    ("written", "rule"),
    [
        ("50", Fixed(50)),
        ("-50", Fixed(-50)),
        ("{range: [10, 90]}", Assessed(10, 90)),
        ("{range: [-20, -1]}", Assessed(-20, -1)),
        ("{up_to: 300}", Assessed(1, 300, open_ended=True)),
        ("{per: {attribute: days, points: 250}}", PerUnit(250, "days")),
        ("{per: {unit: day, attribute: days, points: 250}}", PerUnit(250, "days", "day")),
    ],
)
def test_each_form_of_points(written: str, rule: Points) -> None:
    assert points(written) == rule


def test_a_table_keeps_its_order() -> None:
    rule = points("{by: {attribute: size, values: {small: 1, large: 9, medium: 5}}}")
    assert isinstance(rule, Table)
    assert list(rule.values.items()) == [("small", 1), ("large", 9), ("medium", 5)]


@pytest.mark.parametrize(
    ("written", "meaning"),
    [
        ("{attribute: kind, is: big}", Comparison("kind", equals="big")),
        ("{attribute: kind, in: [a, b]}", Comparison("kind", among=("a", "b"))),
        (
            "{attribute: days, at_least: 1.5, at_most: 3}",
            Comparison("days", at_least=Decimal("1.5"), at_most=3),
        ),
        ("{attribute: kind, present: false}", Comparison("kind", present=False)),
        ("{attribute: out, is: 2024-03-01}", Comparison("out", equals=date(2024, 3, 1))),
        ("{attribute: kind, is: 2024-03-01}", Comparison("kind", equals="2024-03-01")),
        ("{attribute: member.partner, is: true}", Comparison("member.partner", equals=True)),
        (
            "{attribute: member.joined, at_most: 2024-03-01}",
            Comparison("member.joined", at_most=date(2024, 3, 1)),
        ),
        (
            "{attribute: occurred_on, at_least: 2024-03-01}",
            Comparison("occurred_on", at_least=date(2024, 3, 1)),
        ),
        (
            "{attribute: occurred_on, within: {days: 7, after: out}}",
            Comparison("occurred_on", within=Within(7, "out")),
        ),
        ("{not: {attribute: kind, is: a}}", Not(Comparison("kind", equals="a"))),
        (
            "{all: [{attribute: kind, is: a}, {any: [{attribute: days, at_least: 2}]}]}",
            All((Comparison("kind", equals="a"), AnyOf((Comparison("days", at_least=2),)))),
        ),
    ],
)
def test_each_form_of_condition(written: str, meaning: Condition) -> None:
    assert condition(written) == meaning


def test_levels_come_by_threshold_and_rules_without_a_document_are_on_the_versions_page() -> None:
    known = version("activities: {x: {points: 1}}\n")
    assert list(known.levels) == ["silver", "gold"]
    silver = known.levels["silver"]
    assert (silver.threshold, silver.title, silver.note) == (100, "Silver", "Low")
    assert silver.source == Source("Page", "Levels")
    assert known.levels["gold"].source is None
    assert (known.life_cycle.demotion, known.life_cycle.leap_day) == (Demotion.ONE_LEVEL, LeapDay.MAR_1)


def test_an_activity_feeds_the_level_balance_unless_it_names_another() -> None:
    known = version("activities: {x: {points: 1}, y: {points: 1, balance: coins}}\n")
    assert (known.activities["x"].balances, known.activities["y"].balances) == (("stars",), ("coins",))


def test_caps_groups_bonuses_and_benefits() -> None:
    known = version(
        "groups: {social: {caps: [{points: 100, per: week}]}}\n"
        "benefits: {lounge: {from_level: gold}, key: {level_not_stated: true}}\n"
        "activities:\n"
        "  x:\n"
        "    points: 1\n"
        "    caps: [{times: 2, per: lifetime}, {points: 5, per: membership_year}]\n"
        "    groups: [social]\n"
        "    split_among: people\n"
        "    bonuses: [{points: 7, title: Early, if: {attribute: occurred_on, at_most: 2024-02-01}}]\n"
    )
    activity = known.activities["x"]
    assert activity.caps == (Cap(CapKind.TIMES, 2, Per.LIFETIME), Cap(CapKind.POINTS, 5, Per.MEMBERSHIP_YEAR))
    assert known.groups["social"].caps == (Cap(CapKind.POINTS, 100, Per.WEEK),)
    assert (activity.groups, activity.entries[0].split_among) == (("social",), "people")
    [bonus] = activity.entries[0].bonuses
    assert (bonus.points, bonus.title) == (7, "Early")
    assert bonus.condition == Comparison("occurred_on", at_most=date(2024, 2, 1))
    assert {benefit.id: benefit.from_level for benefit in known.benefits.values()} == {
        "lounge": "gold",
        "key": None,
    }


def test_a_removal_has_its_reason_and_the_versions_page() -> None:
    removes = version(
        "removes:\n  levels:\n    bronze: {note: Too easy}\n"
        "  activities:\n    visit: {note: Closed, source: {section: Visits}}\n"
    ).removes
    assert dict(removes["levels"]) == {"bronze": Removal("bronze", "Too easy")}
    assert dict(removes["activities"]) == {"visit": Removal("visit", "Closed", Source("Page", "Visits"))}


def test_a_program_and_its_balances() -> None:
    text = (
        "id: club\ntitle: Club\ntimezone: Europe/Brussels\nlevel_balance: stars\n"
        "balances:\n  stars: {resets: membership_year}\n"
        "  coins: {resets: never, floor: 0, start: 5, title: Coins}\n"
    )
    program = program_from(node(text))
    assert dict(program.balances) == {
        "stars": Balance(id="stars", resets=Resets.MEMBERSHIP_YEAR),
        "coins": Balance(id="coins", resets=Resets.NEVER, floor=0, start=5, title="Coins"),
    }
    assert (program.level_balance, program.timezone, program.versions) == ("stars", "Europe/Brussels", ())


def resolved(*texts: str) -> dict[str, VersionDocument]:
    documents = [(f"{index}.yaml", node(text, f"{index}.yaml")) for index, text in enumerate(texts, 1)]
    return {document.id: document for document in resolved_versions(documents)}


def test_a_chain_is_resolved_whatever_the_order_of_files() -> None:
    versions = resolved(
        "id: c\nbased_on: b\nx: {q: 3}\n", "id: a\nx: {p: 1, q: 1}\n", "id: b\nbased_on: a\nx: {p: null}\n"
    )
    whole = versions["c"].resolved
    assert whole is not None
    assert whole.plain() == {"id": "c", "x": {"q": 3}}
    assert [part.span.file for part in versions["c"].chain] == ["2.yaml", "3.yaml", "1.yaml"]


def test_what_a_version_says_of_itself_is_not_taken_over() -> None:
    head = (
        "title: T\neffective_from: 2024-01-01\nannounced_on: 2023-12-01\nsource: {document: D}\nnote: N\n"
        "removes: {activities: {y: {note: Gone}}}\n"
    )
    whole = resolved(f"id: a\n{head}x: 1\n", "id: b\nbased_on: a\n")["b"].resolved
    assert whole is not None
    assert whole.plain() == {"x": 1, "id": "b"}


@pytest.mark.parametrize(
    "texts",
    [
        ("id: a\nbased_on: b\n", "id: b\nbased_on: a\n"),
        ("id: a\nbased_on: a\n",),
        ("id: a\nbased_on: nowhere\n",),
        ("id: a\nbased_on: 5\n",),
        ("id: a\nbased_on: [x]\n",),
    ],
)
def test_a_chain_that_is_broken_resolves_to_nothing(texts: tuple[str, ...]) -> None:
    assert resolved(*texts)["a"].resolved is None
    assert resolved(*texts)["a"].chain == ()


def test_a_long_chain_is_resolved() -> None:
    texts = [
        "id: v0\nx: {a: 0}\n",
        *(f"id: v{step}\nbased_on: v{step - 1}\nx: {{a: {step}}}\n" for step in range(1, 300)),
    ]
    whole = resolved(*texts)["v299"].resolved
    assert whole is not None
    assert whole.plain() == {"x": {"a": 299}, "id": "v299"}


def test_each_link_of_a_chain_is_merged_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """In whatever order the files come: 49 patches are 49 merges, not 49 + 48 + …"""
    merges = []

    def counted(target: Node, patch: Node) -> Node:
        merges.append(patch)
        return merged(target, patch)

    monkeypatch.setattr(resolution, "merged", counted)
    texts = [
        "id: v0\nx: {a: 0}\n",
        *(f"id: v{step}\nbased_on: v{step - 1}\nx: {{a: {step}}}\n" for step in range(1, 50)),
    ]
    for order in (texts, texts[::-1], texts[1::2] + texts[::2]):
        merges.clear()
        assert all(document.resolved is not None for document in resolved(*order).values())
        assert len(merges) == 49


def test_the_digest_does_not_depend_on_order_or_form() -> None:
    one = version("activities: {x: {points: 1, note: n}, y: {points: 2}}\n")
    other = version('activities:\n  y: {"points": 2}\n  # a comment\n  x:\n    note: "n"\n    points: 1\n')
    assert one.sha256 == other.sha256
    assert version("activities: {x: {points: 3, note: n}, y: {points: 2}}\n").sha256 != one.sha256
