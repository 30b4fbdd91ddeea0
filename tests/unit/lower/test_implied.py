"""What a patch implies, as the nulls and removals that are added before it is merged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pointbook.lower.implied import explicit, replaced_whole, without_excluded
from pointbook.lower.level_order import levels_placed
from pointbook.source.patch import merged
from pointbook.source.yaml_reader import read_yaml

if TYPE_CHECKING:
    from pointbook.source.document import Node


def document(text: str, file: str = "a.yaml") -> Node:
    node, findings = read_yaml(file, text.encode())
    assert not findings
    assert node is not None
    return node


def applied(base: str, patch: str) -> object:
    node = document(base)
    return merged(node, explicit(document(patch, "b.yaml"), node)).plain()


def activity(rule: str) -> str:
    return f"activities: {{a: {rule}}}"


POINTS = [
    ("{points: {range: [1, 5]}}", "{points: {up_to: 9}}", {"points": {"up_to": 9}}),
    ("{points: {up_to: 9}}", "{points: {range: [1, 5]}}", {"points": {"range": [1, 5]}}),
    ("{points: 5}", "{points: {range: [1, 5]}}", {"points": {"range": [1, 5]}}),
    ("{points: {range: [1, 5]}}", "{points: 5}", {"points": 5}),
    # What is written out as before means the same.
    ("{points: {range: [1, 5]}}", "{points: {range: null, up_to: 9}}", {"points": {"up_to": 9}}),
    # Two forms in one patch stay two, for the schema to find.
    (
        "{points: {per: {attribute: d, points: 5}}}",
        "{points: {range: [1, 5], up_to: 9}}",
        {"points": {"range": [1, 5], "up_to": 9}},
    ),
    (
        "{points: {per: {attribute: days, unit: day, points: 250}}}",
        "{points: {per: {points: 500}}}",
        {"points": {"per": {"attribute": "days", "unit": "day", "points": 500}}},
    ),
    (
        "{points: {per: {attribute: days, unit: day, points: 250}}}",
        "{points: {per: {attribute: hours, points: 500}}}",
        {"points": {"per": {"attribute": "hours", "points": 500}}},
    ),
    (
        "{points: {per: {attribute: days, unit: day, points: 250}}}",
        "{points: {per: {attribute: days, points: 500}}}",
        {"points": {"per": {"attribute": "days", "unit": "day", "points": 500}}},
    ),
    # An assessed total for each unit, in place of a number for each.
    (
        "{points: {per: {attribute: days, points: 250}}}",
        "{points: {per: {up_to: 500}}}",
        {"points": {"per": {"attribute": "days", "up_to": 500}}},
    ),
    (
        "{points: {by: {attribute: track, values: {a: 1, b: 2}}}}",
        "{points: {by: {values: {b: 3}}}}",
        {"points": {"by": {"attribute": "track", "values": {"a": 1, "b": 3}}}},
    ),
    (
        "{points: {by: {attribute: track, values: {a: 1, b: 2}}}}",
        "{points: {by: {attribute: area, values: {b: 3}}}}",
        {"points": {"by": {"attribute": "area", "values": {"b": 3}}}},
    ),
    (
        "{points: {by: {attribute: track, values: {a: 1}, else: {range: [1, 5]}}}}",
        "{points: {by: {else: {up_to: 9}}}}",
        {"points": {"by": {"attribute": "track", "values": {"a": 1}, "else": {"up_to": 9}}}},
    ),
    (
        "{points: {per: {attribute: usd, points: {by: {attribute: cabin, values: {a: 1}}}}}}",
        "{points: {per: {points: {by: {attribute: level, values: {gold: 2}}}}}}",
        {
            "points": {
                "per": {"attribute": "usd", "points": {"by": {"attribute": "level", "values": {"gold": 2}}}}
            }
        },
    ),
    # By several attributes, in place of by one.
    (
        "{points: {by: {attribute: track, values: {a: 1}}}}",
        "{points: {by: {attributes: [track, area], values: {a: {c: 3}}}}}",
        {"points": {"by": {"attributes": ["track", "area"], "values": {"a": {"c": 3}}}}},
    ),
    (
        "{eligible_if: {attribute: n, at_least: 1, at_most: 5}}",
        "{eligible_if: {at_most: 9}}",
        {"eligible_if": {"attribute": "n", "at_least": 1, "at_most": 9}},
    ),
    (
        "{eligible_if: {attribute: n, at_least: 1, at_most: 5}}",
        "{eligible_if: {attribute: n, at_most: 9}}",
        {"eligible_if": {"attribute": "n", "at_most": 9}},
    ),
    (
        "{eligible_if: {not: {attribute: n, at_least: 1, at_most: 5}}}",
        "{eligible_if: {not: {attribute: m, is: 2}}}",
        {"eligible_if": {"not": {"attribute": "m", "is": 2}}},
    ),
    (
        "{eligible_if: {not: {attribute: n, at_least: 1}}}",
        "{eligible_if: {any: [{attribute: m, is: 2}]}}",
        {"eligible_if": {"any": [{"attribute": "m", "is": 2}]}},
    ),
    ("{eligible_if: {attribute: n, is: 1}}", "{eligible_if: partner}", {"eligible_if": "partner"}),
    (
        "{eligible_if: partner}",
        "{eligible_if: {attribute: n, is: 1}}",
        {"eligible_if": {"attribute": "n", "is": 1}},
    ),
    ("{points: 5, note: Why.}", "{note: null}", {"points": 5}),
]


@pytest.mark.parametrize(("base", "patch", "whole"), POINTS)
def test_what_is_written_takes_the_place_of_what_it_excludes(base: str, patch: str, whole: object) -> None:
    assert applied(activity(base), activity(patch)) == {"activities": {"a": whole}}


OTHERS = [
    ("benefits: {b: {level_not_stated: true}}", "benefits: {b: {from_level: gold}}"),
    ("benefits: {b: {from_level: gold}}", "benefits: {b: {level_not_stated: true}}"),
    ("levels: {gold: {requires: {nights: 5}}}", "levels: {gold: {threshold: 100}}"),
    ("levels: {gold: {threshold: 100}}", "levels: {gold: {requires: {nights: 5}}}"),
    ("levels: {gold: {threshold: 100, keep: 50}}", "levels: {gold: {base: true}}"),
    ("levels: {gold: {base: true}}", "levels: {gold: {threshold: 100, keep: 50}}"),
    ("levels: {gold: {requires: {nights: 5}}}", "levels: {gold: {threshold: 100, keep: 50}}"),
    ("life_cycle: {demotion: one_level, leap_day: mar_1}", "life_cycle: {not_stated: true}"),
    ("life_cycle: {not_stated: true}", "life_cycle: {leap_day: mar_1}"),
]


@pytest.mark.parametrize(("base", "patch"), OTHERS)
def test_nothing_is_left_of_what_is_excluded(base: str, patch: str) -> None:
    assert applied(base, patch) == document(patch).plain()


def test_what_is_removed_leaves_nothing_but_its_reason() -> None:
    assert applied(
        "activities: {a: {points: 1}, b: {points: 2}}\nbenefits: {c: {from_level: gold}}",
        "activities: {a: {removed: Over.}}\nbenefits: {c: {removed: Gone.}}",
    ) == {
        "activities": {"b": {"points": 2}},
        "benefits": {},
        "removes": {"activities": {"a": {"note": "Over."}}, "benefits": {"c": {"note": "Gone."}}},
    }


def test_a_removal_that_is_listed_too_keeps_the_longer_word() -> None:
    listed = "removes: {activities: {a: {note: At length., source: {section: S}}}}"
    patch = f"{listed}\nactivities: {{a: {{removed: Over.}}}}"
    removes = document(patch).plain()["removes"]
    assert applied("activities: {a: {points: 1}}", patch) == {"activities": {}, "removes": removes}


def test_an_attribute_and_a_value_may_be_called_removed() -> None:
    rule = "{attributes: {removed: {type: text}}, points: {by: {attribute: removed, values: {removed: 5}}}}"
    assert applied(activity("{points: 1}"), activity(rule)) == document(activity(rule)).plain()


def test_the_reason_stands_where_it_is_written() -> None:
    node = document("activities: {a: {points: 1}}")
    whole = merged(node, explicit(document("activities:\n  a: {removed: Over.}\n", "b.yaml"), node))
    path = ("removes", "activities", "a")
    assert str(whole.key_span(path)) == "b.yaml:2:7"
    note = whole.at((*path, "note"))
    assert note is not None
    assert str(note.span) == "b.yaml:2:16"


def test_a_patch_that_implies_nothing_is_merged_as_it_is() -> None:
    base, patch = document("levels: {gold: {threshold: 5}}"), document("levels: {gold: {threshold: 6}}")
    assert explicit(patch, base) is patch


def test_what_is_replaced_whole_is_told() -> None:
    base = document(
        activity("{eligible_if: {attribute: n, is: 1}, points: {by: {attribute: t, values: {a: 1}}}}")
    )
    patch = document(
        activity("{eligible_if: {attribute: n, is: 2}, points: {by: {attribute: t, values: {a: 2}}}}")
    )
    assert replaced_whole(patch, base) == {("activities", "a", "eligible_if")}


def test_a_value_that_is_set_excludes_what_stands_beside_it() -> None:
    whole = document("benefits: {b: {level_not_stated: true, from_level: gold}}")
    assert without_excluded(whole, ("benefits", "b", "from_level")).plain() == {
        "benefits": {"b": {"from_level": "gold"}}
    }


@pytest.mark.parametrize(
    ("new", "order"),
    [
        ("{b: {threshold: 200}}", "abc"),
        ("{b: {threshold: 50}}", "bac"),
        ("{b: {threshold: 900}}", "acb"),
        ("{b: {requires: {nights: 5}, above: a}}", "abc"),
        ("{d: {requires: {nights: 5}, above: b}, b: {requires: {nights: 5}, above: a}}", "abdc"),
        ("{a: {above: c}}", "ca"),
        # In a circle, or above one that is unknown: at the end, and the checks say so.
        ("{b: {requires: {nights: 5}, above: d}, d: {requires: {nights: 5}, above: b}}", "acbd"),
    ],
)
def test_a_new_level_has_its_place(new: str, order: str) -> None:
    base = document("levels: {a: {threshold: 100}, c: {threshold: 300}}")
    whole = levels_placed(merged(base, document(f"levels: {new}", "b.yaml")), base, "points")
    assert "".join(whole.entries("levels")) == order
    assert not any(level.get("above") for level in whole.entries("levels").values())


@pytest.mark.parametrize(
    ("requires", "order"),
    [
        ("{points: 200}", "anc"),
        ("{points: 200, nights: 5}", "anc"),
        ("{points: 300, nights: 10}", "acn"),
        ("[{points: 300, nights: 10}, {points: 50}]", "nac"),
        ("{nights: 5}", "anc"),
        # Neither more nor less than any: at the end, and a check asks where.
        ("{stays: 5}", "acn"),
        ("many", "acn"),
    ],
)
def test_a_new_level_stands_where_what_it_requires_puts_it(requires: str, order: str) -> None:
    base = document("levels: {a: {threshold: 100}, c: {requires: {points: 300, nights: 10}}}")
    new = document(f"levels: {{n: {{requires: {requires}}}}}", "b.yaml")
    whole = levels_placed(merged(base, new), base, "points")
    assert "".join(whole.entries("levels")) == order
