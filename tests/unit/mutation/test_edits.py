"""Which edits are tried, and which of them change nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pointbook.loading import ProgramDocuments, loaded_from
from pointbook.loading.documents import document_from
from pointbook.mutation.edits import edits_of
from pointbook.mutation.meaning import means_the_same
from pointbook.structure.validators import schema

if TYPE_CHECKING:
    from pointbook.loading import Loaded

PROGRAM = """\
id: club
title: Club
timezone: UTC
level_balance: points
balances:
  points: {resets: never, start: 5}
  coins: {resets: calendar_year, floor: 0}
member_attributes: {age: {type: integer}}
"""
FIRST = """\
id: first
effective_from: 2024-01-01
levels: {low: {threshold: 10}, high: {threshold: 20}}
benefits: {lounge: {from_level: high}, desk: {level_not_stated: true}}
life_cycle: {demotion: one_level, leap_day: mar_1}
groups: {all: {caps: [{points: 60, per: lifetime}]}}
activities:
  talk: {points: {range: [20, 30]}, groups: [all], balance: coins}
  post: {points: {up_to: 1}, attributes: {kind: {type: text}}, eligible_if: {attribute: kind, in: [a, b]}}
  stay:
    attributes: {nights: {type: decimal}, to: {type: date}, kind: {type: text}, paid: {type: boolean}}
    points: {per: {attribute: nights, points: 7}}
    eligible_if: {all: [{attribute: nights, at_least: 2.50}, {attribute: member.age, present: false}]}
    bonuses:
      - {points: 1, if: {attribute: occurred_on, within: {days: 0, after: to}}}
      - {points: 2, if: {not: {attribute: kind, is: a}}}
      - {points: 3, if: {attribute: paid, is: true}}
      - {points: 4, if: {attribute: occurred_on, at_most: 2024-12-31}}
  size: {attributes: {kind: {type: text}}, points: {by: {attribute: kind, values: {a: 5}}}}
"""
PATCH = """\
id: second
based_on: first
effective_from: 2025-01-01
levels: {high: {threshold: 25}}
benefits: {lounge: null}
activities:
  post: {eligible_if: {in: null, is: c}}
  stay: {eligible_if: {all: null, attribute: nights, at_most: 9}, points: {per: {points: 8}}}
"""


def loaded(program: str = PROGRAM, *versions: str) -> Loaded:
    documents = [
        document_from(f"{number}.yaml", text.encode()) for number, text in enumerate((program, *versions))
    ]
    assert all(document.node is not None for document in documents)
    nodes = tuple((document.file, document.node) for document in documents[1:])
    return loaded_from(ProgramDocuments("club", documents[0].node, nodes, (), {}))


def tried(found: Loaded, version: str | None) -> list[str]:
    assert found.program is not None, [str(finding) for finding in found.findings]
    return [f"{one.address}: {one.was} → {one.now}" for one in edits_of(found) if one.version == version]


def test_every_number_day_window_and_word_of_a_complete_version_is_nudged() -> None:
    negated = "as written → negated"
    assert tried(loaded(PROGRAM, FIRST), "first") == [
        "effective_from: 2024-01-01 → 2023-12-31",
        "effective_from: 2024-01-01 → 2024-01-02",
        *(f"levels/low/threshold: 10 → {near}" for near in (9, 11)),
        *(f"levels/high/threshold: 20 → {near}" for near in (19, 21)),
        "benefits/lounge: as written → left out",
        "benefits/lounge/from_level: high → low",
        "life_cycle/demotion: one_level → to_earned",
        "life_cycle/leap_day: mar_1 → feb_28",
        *(f"groups/all/caps/0/points: 60 → {near}" for near in (59, 61)),
        "groups/all/caps/0/per: lifetime → membership_year",
        *(f"activities/talk/points/range/0: 20 → {near}" for near in (19, 21)),
        *(f"activities/talk/points/range/1: 30 → {near}" for near in (29, 31)),
        "activities/talk/groups/0: all → left out",
        "activities/talk/balance: coins → points",
        *(f"activities/post/points/up_to: 1 → {near}" for near in (0, 2)),
        f"activities/post/eligible_if: {negated}",
        "activities/post/eligible_if/in/0: a → left out",
        "activities/post/eligible_if/in/1: b → left out",
        *(f"activities/stay/points/per/points: 7 → {near}" for near in (6, 8)),
        "activities/stay/eligible_if: `all` → `any`",
        f"activities/stay/eligible_if: {negated}",
        f"activities/stay/eligible_if/all/0: {negated}",
        *(f"activities/stay/eligible_if/all/0/at_least: 2.50 → {near}" for near in (2.49, 2.51)),
        "activities/stay/eligible_if/all/1/present: false → true",
        *(f"activities/stay/bonuses/0/points: 1 → {near}" for near in (0, 2)),
        f"activities/stay/bonuses/0/if: {negated}",
        *(f"activities/stay/bonuses/0/if/within/days: 0 → {near}" for near in (-1, 1)),
        *(f"activities/stay/bonuses/1/points: 2 → {near}" for near in (1, 3)),
        f"activities/stay/bonuses/1/if: {negated}",
        "activities/stay/bonuses/1/if/not/is: a → b",
        *(f"activities/stay/bonuses/2/points: 3 → {near}" for near in (2, 4)),
        "activities/stay/bonuses/2/if/is: true → false",
        *(f"activities/stay/bonuses/3/points: 4 → {near}" for near in (3, 5)),
        f"activities/stay/bonuses/3/if: {negated}",
        *(
            f"activities/stay/bonuses/3/if/at_most: 2024-12-31 → {day}"
            for day in ("2024-12-30", "2025-01-01")
        ),
        *(f"activities/size/points/by/values/a: 5 → {near}" for near in (4, 6)),
    ]


def test_of_a_patch_what_it_writes_is_nudged() -> None:
    assert tried(loaded(PROGRAM, FIRST, PATCH), "second") == [
        "effective_from: 2025-01-01 → 2024-12-31",
        "effective_from: 2025-01-01 → 2025-01-02",
        *(f"levels/high/threshold: 25 → {near}" for near in (24, 26)),
        "benefits/lounge: removed → left as it is",
        "activities/post/eligible_if: as written → negated",
        "activities/post/eligible_if/is: c → a",
        "activities/stay/eligible_if: as written → negated",
        *(f"activities/stay/eligible_if/at_most: 9 → {near}" for near in (8, 10)),
        *(f"activities/stay/points/per/points: 8 → {near}" for near in (7, 9)),
    ]


SHARED = "talk: {split_among: people, attributes: {people: {type: integer}}, "


def test_a_removal_may_be_forgotten_and_an_id_that_is_a_day_be_another_day() -> None:
    rules = "activities:\n  talk: {removed: Nobody talks any more.}\n  post: {title: A post}\n"
    patch = f"id: 2025-01-01\nbased_on: first\n{rules}"
    found = loaded(PROGRAM, FIRST, patch)
    assert tried(found, "2025-01-01") == [
        "effective_from: 2025-01-01 → 2024-12-31",
        "effective_from: 2025-01-01 → 2025-01-02",
        "activities/talk: removed → left as it is",
    ]
    *_, edit = edits_of(found)
    changed = loaded_from(edit.applied(found.documents)).usable().version("2025-01-01")
    assert changed is not None
    assert "talk" in changed.activities
    assert edit.subject == "activity `talk`"


@pytest.mark.parametrize(
    ("first", "patch"),
    [
        (FIRST.replace("talk: {", SHARED), PATCH),
        (FIRST, PATCH.replace("activities:\n", f"activities:\n  {SHARED}}}\n")),
    ],
)
def test_points_that_are_shared_are_tried_unshared(first: str, patch: str) -> None:
    found = loaded(PROGRAM, first, patch)
    (edit,) = [edit for edit in edits_of(found) if edit.address == "activities/talk/split_among"]
    assert (edit.subject, edit.was, edit.now) == (
        "the number of people who share the points of `talk`",
        "people",
        "left out",
    )
    mutant = loaded_from(edit.applied(found.documents), found).usable()
    assert [version.activities["talk"].entries[0].split_among for version in mutant.versions] == [None, None]
    assert not means_the_same(found.usable(), mutant)


def test_of_the_program_zone_balances_and_periods_are_nudged() -> None:
    assert tried(loaded(PROGRAM, FIRST), None) == [
        "timezone: UTC → Asia/Tokyo",
        "level_balance: points → coins",
        "balances/points/resets: never → membership_year",
        "balances/points/resets: never → calendar_year",
        *(f"balances/points/start: 5 → {near}" for near in (4, 6)),
        "balances/coins/resets: calendar_year → membership_year",
        "balances/coins/resets: calendar_year → never",
        *(f"balances/coins/floor: 0 → {near}" for near in (-1, 1)),
    ]


def test_a_negated_condition_of_a_patch_takes_the_place_of_the_one_before() -> None:
    found = loaded(PROGRAM, FIRST, PATCH)
    for activity in ("post", "stay"):
        (edit,) = [
            edit
            for edit in edits_of(found)
            if edit.version == "second" and edit.activity == activity and edit.now == "negated"
        ]
        mutant = loaded_from(edit.applied(found.documents), found)
        before, after = (one.usable().versions[1].activities[activity] for one in (found, mutant))
        assert getattr(after.eligible_if, "part", None) == before.eligible_if


def test_an_edit_holds_in_every_version_that_takes_it_over() -> None:
    found = loaded(PROGRAM, FIRST, PATCH)
    edit = next(edit for edit in edits_of(found) if edit.address == "activities/size/points/by/values/a")
    versions = loaded_from(edit.applied(found.documents), found).usable().versions
    assert [version.activities["size"].entries[0].points.words for version in versions] == [
        "by kind: a 4"
    ] * 2


@pytest.mark.parametrize(
    ("old", "new", "is_same"),
    [
        # Nothing takes coins away, so no floor is ever met; and no period of these versions ends.
        ("floor: 0", "floor: -1", True),
        ("leap_day: mar_1", "leap_day: feb_28", True),
        ("demotion: one_level", "demotion: to_earned", True),
        ("start: 5", "start: 6", False),
        ("resets: calendar_year", "resets: never", False),
        ("timezone: UTC", "timezone: Asia/Tokyo", False),
        ("threshold: 20", "threshold: 21", False),
    ],
)
def test_what_is_never_looked_at_changes_nothing(old: str, new: str, is_same: bool) -> None:
    before = loaded(PROGRAM, FIRST).usable()
    after = loaded(PROGRAM.replace(old, new), FIRST.replace(old, new)).usable()
    assert means_the_same(before, after) is is_same


@pytest.mark.parametrize(
    ("more", "old", "new"),
    [
        ("points: {range: [20, 30]}|points: {range: [-20, 30]}", "floor: 0", "floor: -1"),
        ("resets: never|resets: membership_year", "leap_day: mar_1", "leap_day: feb_28"),
        ("per: lifetime|per: membership_year", "leap_day: mar_1", "leap_day: feb_28"),
        ("resets: never|resets: calendar_year", "demotion: one_level", "demotion: to_earned"),
    ],
)
def test_the_same_values_matter_where_something_looks_at_them(more: str, old: str, new: str) -> None:
    without, with_it = more.split("|")
    program, first = PROGRAM.replace(without, with_it), FIRST.replace(without, with_it)
    before = loaded(program, first).usable()
    after = loaded(program.replace(old, new), first.replace(old, new)).usable()
    assert not means_the_same(before, after)


WITH_PLACES = PROGRAM.replace("start: 5", "start: 5, decimals: 1, round: down").replace(
    "{type: integer}", "{type: integer, default: 1}"
)
RIDES = """\
  ride:
    attributes: {km: {type: decimal, default: 1.5}}
    points: {per: {attribute: km, every: 2}}
    bonuses: [{percent: 5}]
  walk: {attributes: {kind: {type: text}}, points: {by: {attribute: kind, values: {a: 5}, else: 2.5}}}
"""


NOT_TRIED = {"announced_on", "level_not_stated", "not_stated", "type", "base"}
"""What decides no figure, is a name for what people write elsewhere, or makes a level of its own."""


def test_whatever_the_schemas_have_of_numbers_days_and_words_is_tried() -> None:
    def decides(part: dict[str, Any], whole: dict[str, Any]) -> bool:
        part = part | whole["$defs"].get(str(part.get("$ref", "")).removeprefix("#/$defs/"), {})
        types = part.get("type", [])
        return (
            not {"integer", "boolean", "number"}.isdisjoint([types] if isinstance(types, str) else types)
            or "enum" in part
            or part.get("const") is True
            or part.get("format") == "date"
        )

    keys = {
        key
        for whole in (schema("version"), schema("program"))
        for part in (whole, *whole["$defs"].values())
        for key, value in part.get("properties", {}).items()
        if decides(value, whole)
    }
    first = FIRST.replace("{points: 60, per: lifetime}", "{points: 60, per: lifetime}, {times: 1, per: day}")
    first = first.replace(
        "high: {threshold: 20}", "high: {threshold: 20, keep: 15}, top: {requires: {coins: 9}}"
    )
    tried_keys = {step for edit in edits_of(loaded(WITH_PLACES, first + RIDES)) for step in edit.path}
    assert keys - tried_keys == NOT_TRIED
