"""Which caps the plan takes one after the other, and that it comes to the same as counting what is awarded.

Three conditions decide (engine/pointbook/reasoning/cap_order.py). They are shown on programs of
several versions; that they are enough, and that the third is needed, on random logs, on which caps are
taken narrow-first in plain Python, as the plan does it.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("ibis", reason="the extra `duckdb` is not installed")

sys.path.insert(0, str(Path(__file__).parent.parent / "property"))  # test folders are not packages
from random_caps import FIRST, MEMBER, WINDOWS, capped_program, frozen, log_of_one, owned_caps
from relational_evaluators import interpreted_tables, relational_tables

from pointbook.interpret import Interpreter
from pointbook.log import Log, Rejects
from pointbook.model.activities import Activity
from pointbook.model.levels import Level
from pointbook.model.log import Event
from pointbook.model.points.forms import Fixed
from pointbook.model.program import Balance, Program, Version
from pointbook.model.rules import Cap, Demotion, Group, LeapDay, LifeCycle
from pointbook.model.windows import CapKind, Per, Resets
from pointbook.reasoning.cap_order import CapOrder, Lacking
from pointbook.relational import evaluate_relational

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pointbook.model.ledger import Entry
    from pointbook.reasoning.cap_order import CapKey

AS_OF = date(2024, 12, 31)
POINTS, TIMES = CapKind.POINTS, CapKind.TIMES
DAY, WEEK, MONTH, YEAR, EVER = Per.DAY, Per.WEEK, Per.CALENDAR_MONTH, Per.CALENDAR_YEAR, Per.LIFETIME


def version(day: date, *, own: Iterable[Cap] = (), group: Iterable[Cap] = (), more: bool = True) -> Version:
    """An activity with caps of its own, and in a group; `more`: another activity, only in the group."""
    activities = {
        "a": Activity.short("a", "points", Fixed(40), caps=tuple(own), groups=("g",) if group else ())
    }
    if more:
        activities["b"] = Activity.short("b", "points", Fixed(40), groups=("g",) if group else ())
    return Version(
        id=day.isoformat(),
        effective_from=day,
        levels=frozen({}),
        activities=frozen(activities),
        groups=frozen({"g": Group("g", tuple(group))} if group else {}),
        benefits=frozen({}),
        life_cycle=LifeCycle(Demotion.TO_EARNED, LeapDay.FEB_28),
    )


def in_month(*limits: tuple[date, int | None]) -> list[Version]:
    """80 points a month for the activity, and for the group of both so many a year, from each date on."""
    month = [Cap(POINTS, 80, MONTH)]
    return [
        version(day, own=month, group=[] if most is None else [Cap(POINTS, most, YEAR)])
        for day, most in limits
    ]


MIDDLE, BEGIN = date(2024, 2, 15), date(2024, 2, 1)
KEPT: Mapping[str, list[Version]] = {
    "one's own in either order": [version(FIRST, own=[Cap(POINTS, 15, EVER), Cap(TIMES, 1, DAY)])],
    "for life, and the group's a day": [
        version(FIRST, own=[Cap(POINTS, 60, EVER)], group=[Cap(POINTS, 50, DAY)], more=False)
    ],
    "a month in a year": in_month((FIRST, 100)),
    "the wider one falls": in_month((FIRST, 100), (MIDDLE, 50)),
    "the wider one comes": in_month((FIRST, None), (MIDDLE, 50)),
    "the wider one rises as a month begins": in_month((FIRST, 100), (BEGIN, 200)),
    "the wider one goes as a month begins": in_month((FIRST, 100), (BEGIN, None)),
    "a day's is never open": [
        version(day, own=[Cap(TIMES, 1, DAY)], group=[Cap(POINTS, most, YEAR)])
        for day, most in ((FIRST, 40), (MIDDLE, 80))
    ],
    "the narrower one rises": [
        version(day, own=[Cap(POINTS, most, MONTH)], group=[Cap(POINTS, 200, YEAR)])
        for day, most in ((FIRST, 40), (MIDDLE, 80))
    ],
    "of two with the same windows and activities the one that rises is taken first": [
        version(day, own=[Cap(POINTS, most, MONTH), Cap(TIMES, 2, MONTH)])
        for day, most in ((FIRST, 40), (MIDDLE, 100))
    ],
}
BOTH = [Cap(POINTS, 60, DAY)]
REFUSED: Mapping[str, tuple[Lacking, list[Version]]] = {
    "weeks and months overlap": (
        Lacking.WINDOWS,
        [version(FIRST, own=[Cap(TIMES, 1, WEEK), Cap(POINTS, 80, MONTH)])],
    ),
    "the group's day in the activity's month": (
        Lacking.ACTIVITIES,
        [version(FIRST, own=[Cap(POINTS, 100, MONTH)], group=BOTH)],
    ),
    "another activity comes with a later version": (
        Lacking.ACTIVITIES,
        [
            version(FIRST, own=[Cap(POINTS, 100, MONTH)], group=BOTH, more=False),
            version(BEGIN, own=[Cap(POINTS, 100, MONTH)], group=BOTH),
        ],
    ),
    "the wider one rises in the middle of a month": (
        Lacking.STEADINESS,
        in_month((FIRST, 100), (MIDDLE, 200)),
    ),
    "the wider one goes in the middle of a month": (
        Lacking.STEADINESS,
        in_month((FIRST, 100), (MIDDLE, None)),
    ),
    "it falls and rises again": (
        Lacking.STEADINESS,
        in_month((FIRST, 100), (date(2024, 2, 10), 50), (MIDDLE, 100)),
    ),
    "both rise": (
        Lacking.STEADINESS,
        [
            version(day, own=[Cap(POINTS, most, MONTH), Cap(TIMES, most, MONTH)])
            for day, most in ((FIRST, 1), (MIDDLE, 2))
        ],
    ),
}


@pytest.mark.parametrize("versions", KEPT.values(), ids=KEPT)
def test_the_plan_keeps(versions: list[Version]) -> None:
    order = CapOrder([versions])
    assert not order.obstacles
    assert len(set(order.stages.values())) == len(order.stages) == 2


@pytest.mark.parametrize(("lacking", "versions"), REFUSED.values(), ids=REFUSED)
def test_the_fold_takes(lacking: Lacking, versions: list[Version]) -> None:
    assert [one.lacking for one in CapOrder([versions]).obstacles] == [lacking]


def test_caps_that_form_a_circle_over_versions_have_no_order() -> None:
    caps = {"x": Cap(POINTS, 60, DAY), "y": Cap(TIMES, 2, DAY), "z": Cap(POINTS, 50, DAY)}
    versions = []
    for number, (narrow, wide) in enumerate((("x", "y"), ("y", "z"), ("z", "x")), start=1):
        activities = {
            "a": Activity.short("a", "points", Fixed(40), groups=(narrow, wide)),
            "b": Activity.short("b", "points", Fixed(40), groups=(wide,)),
        }
        versions.append(
            replace(
                version(date(2024, number, 1)),
                activities=frozen(activities),
                groups=frozen({key: Group(key, (caps[key],)) for key in (narrow, wide)}),
            )
        )
    assert not CapOrder([versions[:2]]).obstacles
    assert [one.lacking for one in CapOrder([versions]).obstacles] == [Lacking.ACTIVITIES]


# Narrow-first in plain Python, against the interpreter


def program_of(versions: list[Version]) -> Program:
    return Program(
        id="random",
        timezone="UTC",
        balances=frozen({"points": Balance("points", Resets.NEVER)}),
        level_balance="points",
        member_attributes=frozen({}),
        versions=tuple(versions),
    )


def entries_of(program: Program, events: list[Event]) -> list[Entry]:
    interpreter = Interpreter(program)
    state, _ = interpreter.opened(MEMBER)
    return interpreter.folded(state, events)[1]


def chained(program: Program, stages: Mapping[CapKey, int], entries: list[Entry]) -> list[int]:
    """What is awarded where each cap counts what it lets through itself, one after the other."""
    owned = owned_caps(program)
    place = {(f"{key.scope} {key.owner}", key.kind, key.per): stage for key, stage in stages.items()}
    used: dict[object, int] = {}
    awarded = []
    for entry in entries:
        passing = entry.requested
        met = owned[entry.version, entry.activity] if passing > 0 else {}
        for key in sorted(met, key=place.__getitem__):
            window = (key, WINDOWS[key[2]](entry.occurred_at.date()))
            left = max(0, met[key] - used.get(window, 0))
            passing = min(passing, left) if key[1] is POINTS else passing if left else 0
            used[window] = used.get(window, 0) + (passing if key[1] is POINTS else passing > 0)
        awarded.append(passing)
    return awarded


@dataclass
class Tried:
    kept: int = 0
    logs: int = 0
    differing: int = 0


def tried(seed: int, programs: int, logs: int) -> Tried:
    dice, found = Random(seed), Tried()  # noqa: S311 - not for secrets
    for _ in range(programs):
        program = capped_program(dice)
        stages = CapOrder([program.versions]).stages
        if len(set(stages.values())) < 2:
            continue
        found.kept += len(program.versions) > 1
        for _ in range(logs):
            entries = entries_of(program, log_of_one(dice, 16))
            found.logs += 1
            found.differing += [entry.awarded for entry in entries] != chained(program, stages, entries)
    return found


def test_narrow_first_comes_to_what_is_awarded_on_random_logs_of_programs_that_the_plan_keeps() -> None:
    found = tried(seed=1, programs=500, logs=20)
    assert found.kept > 20
    assert found.logs > 2000
    assert not found.differing


def test_without_the_third_condition_it_does_not() -> None:
    # 80 a month, 100 a year; from 15 February 50 a year, from the 20th 200: January and February.
    versions = in_month((FIRST, 100), (MIDDLE, 50), (date(2024, 2, 20), 200))
    program = program_of(versions)
    days = (date(2024, 1, 2), date(2024, 1, 3), date(2024, 2, 2), date(2024, 2, 3), date(2024, 2, 21))
    events = [
        Event("ann", at := datetime(day.year, day.month, day.day), f"e{number}", at, "a", 0, frozen({}))  # noqa: DTZ001 - as events have it
        for number, day in enumerate(days)
    ]
    entries = entries_of(program, events)
    # January 40 + 40; the year then has 20 left, and February 80 - 20 = 60 on the 21st.
    assert [entry.awarded for entry in entries] == [40, 40, 20, 0, 40]
    narrow_first = {key: stage for stage, key in enumerate(sorted(CapOrder([versions[:1]]).stages))}
    # Narrow-first the month has counted 40 on the 2nd and on the 3rd, and has nothing left.
    assert chained(program, narrow_first, entries) == [40, 40, 20, 0, 0]
    assert [one.lacking for one in CapOrder([versions]).obstacles] == [Lacking.STEADINESS]


# The plan itself


@pytest.mark.parametrize("seed", range(2))
def test_the_plan_on_an_engine_comes_to_what_the_interpreter_awards(seed: int) -> None:
    dice = Random(seed)  # noqa: S311 - not for secrets
    while True:
        program = capped_program(dice)
        if len(program.versions) > 1 and len(set(CapOrder([program.versions]).stages.values())) > 2:
            break
    levels = frozen({"top": Level("top", 60)})  # a plan needs some
    leveled = tuple(replace(version, levels=levels) for version in program.versions)
    program = replace(program, versions=leveled)
    members = {name: MEMBER._replace(id=name) for name in (f"m{number:02}" for number in range(40))}
    events = [
        event._replace(member_id=name, event_id=f"{name}.{event.event_id}")
        for name in members
        for event in log_of_one(dice, 16)
    ]
    log = Log(members, events, Rejects(()), Rejects(()), len(events), len(members))
    versions = (None, *(version.id for version in program.versions))
    evaluation = evaluate_relational(program, log, as_of=AS_OF, versions=versions, assume="low")
    for number, fixed in enumerate(versions):
        wanted = interpreted_tables(program, log, as_of=AS_OF, version=fixed, assume="low")
        assert relational_tables(evaluation, number) == wanted, fixed
