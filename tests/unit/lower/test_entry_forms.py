"""A patch in one form of an activity on a base in the other."""

from __future__ import annotations

from typing import Any

import pytest

from pointbook.lower.resolution import VersionDocument, resolved_versions
from pointbook.source.yaml_reader import read_yaml


def resolved(*activities: str) -> VersionDocument:
    """The last of versions that each change the one before, by what each says of activity `stay`."""
    documents = []
    for number, written in enumerate(activities):
        text = f'id: "{number}"\neffective_from: 2024-01-01\n'
        text += f'based_on: "{number - 1}"\n' if number else ""
        node, findings = read_yaml(f"{number}.yaml", f"{text}activities:\n  stay: {written}\n".encode())
        assert not findings
        assert node is not None
        documents.append((f"{number}.yaml", node))
    return resolved_versions(documents, level_balance="points")[-1]


def stay(*activities: str) -> Any:
    whole = resolved(*activities).resolved
    assert whole is not None
    return whole.plain()["activities"]["stay"]


NIGHTS = "earns: {nights: {points: 1}}"
SHORT = "{title: Stay, points: 5, caps: [{times: 1, per: day}], bonuses: [{points: 1}], split_among: people}"


@pytest.mark.parametrize(
    ("base", "patch", "whole"),
    [
        # The short form becomes the entry of its balance; caps stay, for they limit the event.
        (
            SHORT,
            f"{{{NIGHTS}}}",
            {
                "title": "Stay",
                "earns": {
                    "points": {"points": 5, "bonuses": [{"points": 1}], "split_among": "people"},
                    "nights": {"points": 1},
                },
                "caps": [{"times": 1, "per": "day"}],
            },
        ),
        (
            "{balance: credits, points: 5}",
            f"{{{NIGHTS}}}",
            {"earns": {"credits": {"points": 5}, "nights": {"points": 1}}},
        ),
        # The entry that it becomes can be changed and removed at once.
        ("{points: {range: [1, 5]}}", "{earns: {points: {points: 9}}}", {"earns": {"points": {"points": 9}}}),
        (
            "{points: 5}",
            "{earns: {points: {removed: No.}, nights: {points: 1}}}",
            {"earns": {"nights": {"points": 1}}},
        ),
        # What is written out as before means the same.
        (
            "{balance: credits, points: 5, bonuses: [{points: 1}]}",
            f"{{balance: null, points: null, bonuses: null, {NIGHTS}}}",
            {"earns": {"nights": {"points": 1}}},
        ),
        (
            "{points: 5, bonuses: [{points: 1}]}",
            f"{{points: null, {NIGHTS}}}",
            {"earns": {"nights": {"points": 1}}},
        ),
        (f"{{{NIGHTS}}}", "{earns: null, points: 5}", {"points": 5}),
        # What it spends stands beside the short form.
        (
            "{points: 5}",
            "{spends: {credits: 9}}",
            {"points": 5, "spends": {"credits": 9}},
        ),
        ("{points: 5, spends: {credits: 9}}", "{points: 6}", {"points": 6, "spends": {"credits": 9}}),
        # A patch in short form is of the one entry.
        (
            "{title: Stay, earns: {nights: {points: {range: [1, 5]}, title: Nights}}}",
            "{points: 2, bonuses: [{points: 1}]}",
            {
                "title": "Stay",
                "earns": {"nights": {"points": 2, "title": "Nights", "bonuses": [{"points": 1}]}},
            },
        ),
        (
            "{earns: {nights: {points: 1, bonuses: [{points: 1}]}}}",
            "{bonuses: null}",
            {"earns": {"nights": {"points": 1}}},
        ),
        # The same entry in another balance, or in the one that decides levels.
        ("{earns: {nights: {points: 1}}}", "{balance: credits}", {"earns": {"credits": {"points": 1}}}),
        (
            "{earns: {nights: {points: 1}}}",
            "{balance: null, points: 2}",
            {"earns": {"points": {"points": 2}}},
        ),
        # Where nothing says which is meant, nothing is changed; a check says so.
        (
            "{earns: {nights: {points: 1}, points: {points: 2}}}",
            "{points: 3, note: More.}",
            {"earns": {"nights": {"points": 1}, "points": {"points": 2}}, "note": "More."},
        ),
        (
            "{earns: {nights: {points: 1, if: partner}}}",
            "{points: 3}",
            {"earns": {"nights": {"points": 1, "if": "partner"}}},
        ),
        # The last entry leaves nothing behind.
        ("{points: 5, spends: {credits: 9}}", "{spends: {credits: {removed: Free.}}}", {"points": 5}),
        (
            "{earns: {nights: {points: 1}}, spends: {credits: 9}}",
            "{earns: {nights: {removed: None.}}}",
            {"spends": {"credits": 9}},
        ),
        # Forms of points and conditions replace one another there as anywhere.
        (
            (
                "{earns: {nights: {points: {range: [1, 5]}, if: {attribute: a, is: b}}},"
                " spends: {b: {up_to: 3}}}"
            ),
            "{earns: {nights: {points: {up_to: 9}, if: {all: [x]}}}, spends: {b: {per: {attribute: n}}}}",
            {
                "earns": {"nights": {"points": {"up_to": 9}, "if": {"all": ["x"]}}},
                "spends": {"b": {"per": {"attribute": "n"}}},
            },
        ),
    ],
)
def test_a_patch_and_its_base_can_be_in_different_forms(base: str, patch: str, whole: Any) -> None:
    assert stay(base, patch) == whole


def test_a_chain_can_change_its_form_more_than_once() -> None:
    assert stay("{points: 5}", f"{{{NIGHTS}}}", "{earns: {points: {removed: No.}}}", "{points: 7}") == {
        "earns": {"nights": {"points": 7}}
    }


def test_what_is_moved_keeps_its_place() -> None:
    added = resolved("{points: {up_to: 5}}", f"{{{NIGHTS}}}").resolved
    assert added is not None
    places = added.positions()
    path = ("activities", "stay", "earns")
    assert (places[*path, "points", "points", "up_to"].file, places[*path, "nights", "points"].file) == (
        "0.yaml",
        "1.yaml",
    )
    assert places[path].file == places[*path, "points"].file == "0.yaml"
    changed = resolved("{earns: {nights: {points: 1, split_among: n}}}", "{points: 2}").resolved
    assert changed is not None
    places = changed.positions()
    assert (places[*path, "nights", "points"].file, places[*path, "nights", "split_among"].file) == (
        "1.yaml",
        "0.yaml",
    )


def test_what_is_removed_is_acknowledged_with_its_reason() -> None:
    whole = resolved(
        "{earns: {nights: {points: 1}, points: {points: 2}}, spends: {credits: 9}}",
        "{earns: {nights: {removed: No nights.}}, spends: {credits: {removed: Free.}}}",
    ).resolved
    assert whole is not None
    assert whole.plain()["removes"] == {
        "entries": {"stay/nights": {"note": "No nights."}, "stay/credits": {"note": "Free."}}
    }
