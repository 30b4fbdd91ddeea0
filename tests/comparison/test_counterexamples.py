"""Changes that look favourable, and logs by which they are not: they must be mixed."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from test_directions import version

from pointbook.changes.against import program_difference
from pointbook.evaluating import evaluate
from pointbook.log import Log, Rejects
from pointbook.model.activities import Activity
from pointbook.model.attributes import Attribute, AttributeType
from pointbook.model.conditions import Comparison
from pointbook.model.log import Event, Member
from pointbook.model.points.forms import Fixed
from pointbook.model.points.lookup import Table
from pointbook.model.program import Balance, Program
from pointbook.model.rules import Bonus, Cap, Group
from pointbook.model.windows import CapKind, Per, Resets

NONE = MappingProxyType({})
ONCE = Cap(CapKind.TIMES, 1, Per.LIFETIME)
HUNDRED = Cap(CapKind.POINTS, 100, Per.LIFETIME)
SPREAD = Table(("kind",), MappingProxyType({"x": 1, "y": 100}))
KIND = MappingProxyType({"kind": Attribute(AttributeType.TEXT)})


def whole(*versions, floor=None):
    balances = {key: Balance(key, Resets.NEVER, floor=floor) for key in ("points", "credits")}
    found = [
        replace(one, id=f"v{number}", effective_from=date(2023 + number, 1, 1))
        for number, one in enumerate(versions)
    ]
    return Program("p", "UTC", MappingProxyType(balances), "points", NONE, tuple(found))


def rule(key, points, *caps, **others):
    return Activity.short(key, others.pop("balance", "points"), points, caps=caps, attributes=KIND, **others)


def log(*events):
    """Events of a year's 1 March, or of a date, one after the other."""
    made = []
    for number, (day, name, *kind) in enumerate(events):
        when = date(day, 3, 1) if isinstance(day, int) else day
        at = datetime(when.year, when.month, when.day, 12, number)  # noqa: DTZ001 - the log's local times carry no zone
        values = MappingProxyType({"kind": kind[0]} if kind else {})
        made.append(Event("m", at, f"e{number}", at, name, None, values))
    return Log({"m": Member("m", date(2023, 1, 1), NONE)}, made, Rejects(), Rejects(), len(made), 1)


def sums(program, events):
    (result,) = evaluate(program, events, as_of=date(2026, 1, 1), assume="low")
    standing = result.standing
    return {"points": standing.points, **standing.balances}


def grouped(points):
    """Two activities share 100 points a day; the first has 100 in a lifetime besides."""
    first, other = rule("a", Fixed(points), HUNDRED, groups=("g",)), rule("b", Fixed(100), groups=("g",))
    return whole(version(first, other, groups=(Group("g", (replace(HUNDRED, per=Per.DAY),)),)))


def weekly(limit):
    """One event a week, and so many points a month; a week can lie in two months."""
    caps = replace(ONCE, per=Per.WEEK), replace(HUNDRED, limit=limit, per=Per.CALENDAR_MONTH)
    return whole(version(rule("a", SPREAD, *caps)))


OTHER_BALANCE = rule("a", Fixed(60), HUNDRED, balance="credits")
TAKEN = rule("d", Fixed(-70))
CASES = {
    "a floor cuts what is taken in between": (
        whole(version(rule("a", Fixed(50), HUNDRED), TAKEN), floor=0),
        whole(version(rule("a", Fixed(60), HUNDRED), TAKEN), floor=0),
        log((2023, "a"), (2023, "d"), (2023, "a")),
    ),
    "what the limit cuts later goes to another balance": (
        whole(version(rule("a", Fixed(50), HUNDRED)), version(OTHER_BALANCE)),
        whole(version(rule("a", Fixed(55), HUNDRED)), version(OTHER_BALANCE)),
        log((2023, "a"), (2024, "a")),
    ),
    "a time is used up by an event that is worth less": (
        whole(version(rule("a", Fixed(1), ONCE)), version(rule("a", Fixed(100), replace(ONCE, limit=2)))),
        whole(
            version(rule("a", Fixed(1), replace(ONCE, limit=2))),
            version(rule("a", Fixed(100), replace(ONCE, limit=2))),
        ),
        log((2023, "a"), (2023, "a"), (2024, "a")),
    ),
    "one more value of a table uses up the only time": (
        whole(version(rule("a", Table(("kind",), MappingProxyType({"y": 100})), ONCE))),
        whole(version(rule("a", SPREAD, ONCE))),
        log((2023, "a", "x"), (2023, "a", "y")),
    ),
    "the window of a version after it is used up": (
        whole(
            version(rule("a", Fixed(60), replace(HUNDRED, per=Per.CALENDAR_YEAR))),
            replace(version(rule("a", Fixed(100), HUNDRED))),
        ),
        whole(version(rule("a", Fixed(60), HUNDRED)), version(rule("a", Fixed(100), HUNDRED))),
        log((2023, "a"), (2024, "a")),
    ),
    "others in the group get less that day, and less is left for it in its life": (
        grouped(50),
        grouped(90),
        log((2023, "a"), (2023, "b"), (2024, "a")),
    ),
    "a month with one point more uses up the week's only event": (
        weekly(100),
        weekly(101),
        log((date(2024, 4, 10), "a", "y"), (date(2024, 4, 30), "a", "x"), (date(2024, 5, 1), "a", "y")),
    ),
    "a value that the table does not list has no deduction either": (
        whole(version(rule("a", Table(("kind",), MappingProxyType({"x": -5})), bonuses=()))),
        whole(version(rule("a", Fixed(-5)))),
        log((2023, "a", "w")),
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_what_can_be_less_is_not_called_favourable(case):
    old, new, events = case
    before, after = sums(old, events), sums(new, events)
    assert any(after[key] < before[key] for key in before)
    directions = {change.direction.value for change in program_difference(old, new, "old", "new").changes}
    assert directions <= {"mixed", "adverse"}


def test_a_bonus_does_not_come_where_the_table_lists_nothing():
    bonus = Bonus(20, Comparison("kind", present=True))
    tables = (MappingProxyType({"x": 5}), MappingProxyType({"x": 5, "y": -5}))
    old, new = (whole(version(rule("a", Table(("kind",), table), bonuses=(bonus,)))) for table in tables)
    (change,) = program_difference(old, new, "old", "new").changes
    assert (change.code, change.direction.value) == ("table-value-added", "mixed")


def test_a_reward_of_a_table_that_members_choose_is_mixed_and_a_dearer_one_adverse():
    prices = {"mug": -100, "shirt": -200}
    old, more, dearer = (
        whole(version(rule("shop", Table(("kind",), MappingProxyType(table)), balance="credits")))
        for table in (prices, {**prices, "bag": -300}, {**prices, "mug": -120})
    )
    for one, other, direction in ((old, more, "mixed"), (more, old, "mixed"), (old, dearer, "adverse")):
        (change,) = program_difference(one, other, "old", "new").changes
        assert change.direction.value == direction
