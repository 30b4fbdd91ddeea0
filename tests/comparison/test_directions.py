"""What each kind of change does to members, told by the rules alone."""

from __future__ import annotations

from datetime import date
from types import MappingProxyType

import pytest

from pointbook.changes.differences import changes_between
from pointbook.model.activities import Activity
from pointbook.model.conditions import Comparison, Within
from pointbook.model.levels import Level
from pointbook.model.points.forms import Assessed, Fixed
from pointbook.model.points.lookup import Table
from pointbook.model.points.rates import PerUnit
from pointbook.model.program import Balance, Program, Version
from pointbook.model.rules import Benefit, Bonus, Cap, Demotion, Group, LeapDay, LifeCycle
from pointbook.model.windows import CapKind, Per, Resets

POINTS, TIMES = CapKind.POINTS, CapKind.TIMES


def version(*activities, levels=(("low", 100), ("top", 500)), **others):
    return Version(
        id="v",
        effective_from=date(2024, 1, 1),
        levels=MappingProxyType({key: Level(key, threshold) for key, threshold in levels}),
        activities=MappingProxyType({rule.id: rule for rule in activities}),
        groups=MappingProxyType({group.id: group for group in others.get("groups", ())}),
        benefits=MappingProxyType({benefit.id: benefit for benefit in others.get("benefits", ())}),
        life_cycle=others.get("life_cycle", LifeCycle()),
    )


def activity(points, **others):
    return Activity.short("a", "points", points, **others)


def within(days):
    return Comparison("occurred_on", within=Within(days, "released_on"))


def at_least(number):
    return Comparison("n", at_least=number)


KNOWN = (
    Program(
        id="p",
        timezone="UTC",
        balances=MappingProxyType(
            {
                "points": Balance("points", Resets.MEMBERSHIP_YEAR),
                "credits": Balance("credits", Resets.NEVER),
            }
        ),
        level_balance="points",
        member_attributes=MappingProxyType({}),
        versions=(),
    ),
)
"""A program of which the balances are known."""
FIXED = Fixed(50)
MONTHLY = Cap(POINTS, 100, Per.CALENDAR_MONTH)
CASES = {
    "a fixed amount raised": (activity(Fixed(50)), activity(Fixed(60)), "amount-raised", "favourable"),
    "a deduction made larger": (activity(Fixed(-5)), activity(Fixed(-9)), "amount-lowered", "adverse"),
    "a range moved up": (
        activity(Assessed(10, 50)),
        activity(Assessed(25, 250)),
        "range-raised",
        "favourable",
    ),
    "a range's top lowered": (
        activity(Assessed(10, 50)),
        activity(Assessed(10, 40)),
        "range-lowered",
        "adverse",
    ),
    "a range made wider": (activity(Assessed(10, 50)), activity(Assessed(5, 60)), "range-widened", "mixed"),
    "a range made narrower": (
        activity(Assessed(10, 50)),
        activity(Assessed(20, 40)),
        "range-narrowed",
        "mixed",
    ),
    "a rate raised": (activity(PerUnit(5, "n")), activity(PerUnit(6, "n")), "rate-raised", "favourable"),
    "a table's value added": (
        activity(Table(("k",), {"x": 1})),
        activity(Table(("k",), {"x": 1, "y": 2})),
        "table-value-added",
        "favourable",
    ),
    "people decide instead": (activity(FIXED), activity(Assessed(40, 60)), "amount-form-changed", "mixed"),
    "a cap added": (activity(FIXED), activity(FIXED, caps=(MONTHLY,)), "cap-added", "adverse"),
    "a cap on a deduction": (
        activity(Fixed(-5)),
        activity(Fixed(-5), caps=(MONTHLY,)),
        "cap-added",
        "neutral",
    ),
    "a cap raised": (
        activity(FIXED, caps=(MONTHLY,)),
        activity(FIXED, caps=(Cap(POINTS, 200, Per.CALENDAR_MONTH),)),
        "cap-raised",
        "favourable",
    ),
    "a cap before a times cap raised": (
        activity(FIXED, caps=(Cap(POINTS, 50, Per.DAY), Cap(TIMES, 2, Per.CALENDAR_MONTH))),
        activity(FIXED, caps=(Cap(POINTS, 60, Per.DAY), Cap(TIMES, 2, Per.CALENDAR_MONTH))),
        "cap-raised",
        "mixed",
    ),
    "a cap's window made longer": (
        activity(FIXED, caps=(MONTHLY,)),
        activity(FIXED, caps=(Cap(POINTS, 100, Per.CALENDAR_YEAR),)),
        "cap-window-widened",
        "adverse",
    ),
    "a cap's window changed to one across": (
        activity(FIXED, caps=(MONTHLY,)),
        activity(FIXED, caps=(Cap(POINTS, 100, Per.WEEK),)),
        "cap-window-changed",
        "mixed",
    ),
    "a condition added": (
        activity(FIXED),
        activity(FIXED, eligible_if=at_least(2)),
        "condition-added",
        "adverse",
    ),
    "a condition widened": (
        activity(FIXED, eligible_if=at_least(2)),
        activity(FIXED, eligible_if=at_least(1)),
        "condition-widened",
        "favourable",
    ),
    "a bonus added": (
        activity(FIXED),
        activity(FIXED, bonuses=(Bonus(5, within(7)),)),
        "bonus-added",
        "favourable",
    ),
    "a bonus for longer": (
        activity(FIXED, bonuses=(Bonus(5, within(7)),)),
        activity(FIXED, bonuses=(Bonus(5, within(9)),)),
        "bonus-condition-widened",
        "favourable",
    ),
    "a malus for longer": (
        activity(FIXED, bonuses=(Bonus(-5, within(7)),)),
        activity(FIXED, bonuses=(Bonus(-5, within(9)),)),
        "bonus-condition-widened",
        "adverse",
    ),
    "points shared": (activity(FIXED), activity(FIXED, split_among="n"), "split-added", "adverse"),
    "points to another balance": (
        activity(FIXED),
        Activity.short("a", "credits", FIXED),
        "balance-changed",
        "mixed",
    ),
    "another title": (activity(FIXED), activity(FIXED, title="A"), "title-added", "neutral"),
}


@pytest.mark.parametrize(("old", "new", "code", "direction"), CASES.values(), ids=CASES.keys())
def test_a_change_of_an_activity(old, new, code, direction):
    (change,) = changes_between(version(old), version(new))
    assert (change.code, change.direction.value) == (code, direction), change.reason
    assert change.reason


FRAMES = {
    "an activity that gives added": (version(), version(activity(FIXED)), {"activity-added": "favourable"}),
    "an activity that takes added": (version(), version(activity(Fixed(-5))), {"activity-added": "adverse"}),
    "a threshold lowered": (
        version(),
        version(levels=(("low", 100), ("top", 400))),
        {"threshold-lowered": "favourable"},
    ),
    "a threshold raised": (
        version(),
        version(levels=(("low", 100), ("top", 600))),
        {"threshold-raised": "adverse"},
    ),
    "levels that change places": (
        version(),
        version(levels=(("top", 50), ("low", 100))),
        {"threshold-lowered": "mixed"},
    ),
    "a level added": (
        version(),
        version(levels=(("low", 100), ("mid", 200), ("top", 500))),
        {"level-added": "favourable"},
    ),
    "a level at a time": (
        version(),
        version(life_cycle=LifeCycle(Demotion.ONE_LEVEL)),
        {"demotion-eased": "favourable"},
    ),
    "a life cycle that is not stated": (
        version(),
        version(life_cycle=LifeCycle(is_stated=False)),
        {"life-cycle-statement-changed": "neutral"},
    ),
    "29 February": (
        version(),
        version(life_cycle=LifeCycle(leap_day=LeapDay.MAR_1)),
        {"leap-day-changed": "mixed"},
    ),
    "a benefit for higher levels only": (
        version(benefits=(Benefit("b", "low"),)),
        version(benefits=(Benefit("b", "top"),)),
        {"benefit-level-raised": "adverse"},
    ),
    "a benefit without a level": (
        version(),
        version(benefits=(Benefit("b", None),)),
        {"benefit-added": "favourable"},
    ),
    "a group joined": (
        version(activity(FIXED), groups=(Group("g", (MONTHLY,)),)),
        version(activity(FIXED, groups=("g",)), groups=(Group("g", (MONTHLY,)),)),
        {"group-joined": "adverse"},
    ),
    "a group made and joined": (
        version(activity(FIXED)),
        version(activity(FIXED, groups=("g",)), groups=(Group("g", (MONTHLY,)),)),
        {"group-joined": "adverse", "group-added": "neutral"},
    ),
}


@pytest.mark.parametrize("points", [Fixed(-5), Assessed(-100, -1)])
def test_what_only_takes_from_a_balance_that_decides_no_level_is_mixed_both_ways(points):
    spending = version(Activity.short("a", "credits", points))
    for old, new in ((version(), spending), (spending, version())):
        (change,) = changes_between(old, new, KNOWN)
        assert change.direction.value == "mixed"
        assert "decides no level" in change.reason


def test_what_takes_from_the_balance_that_decides_levels_is_adverse_whatever_others_there_are():
    (change,) = changes_between(version(), version(activity(Fixed(-5))), KNOWN)
    assert (change.direction.value, change.reason) == ("adverse", "a deduction counts")


def test_what_gives_to_another_balance_is_favourable():
    (change,) = changes_between(version(), version(Activity.short("a", "credits", FIXED)), KNOWN)
    assert change.direction.value == "favourable"


def test_a_bonus_has_the_same_address_in_whatever_order_its_condition_is_written():
    one, other = (
        version(activity(FIXED, bonuses=(Bonus(points, Comparison("kind", among=among)),)))
        for points, among in ((1, ("x", "y", "z")), (2, ("x", "z", "y")))
    )
    there, back = changes_between(one, other, KNOWN), changes_between(other, one, KNOWN)
    addresses = {change.address for change in (*there, *back)}
    assert addresses == {"activities/a/bonuses/kind is one of x, y, z/points"}


def test_one_is_singular():
    once = (Cap(POINTS, 1, Per.DAY),)
    cases = [
        (activity(Fixed(2)), activity(Fixed(1)), "a: 2 → 1 point"),
        (activity(FIXED), activity(FIXED, caps=once), "a: limit added, at most 1 point per day"),
        (
            activity(FIXED, caps=(Cap(TIMES, 2, Per.DAY),)),
            activity(FIXED, caps=(Cap(TIMES, 1, Per.DAY),)),
            "a: limit 2 → 1 time per day",
        ),
        (
            activity(FIXED),
            activity(FIXED, bonuses=(Bonus(1, within(1)),)),
            "a: bonus added, +1 point if occurred_on within 1 day after released_on",
        ),
        (
            activity(Table(("k",), {"x": 2})),
            activity(Table(("k",), {"x": 1})),
            "a: `x` 2 points → 1 point",
        ),
    ]
    for old, new, sentence in cases:
        (change,) = changes_between(version(old), version(new))
        assert change.sentence == sentence


@pytest.mark.parametrize(("old", "new", "expected"), FRAMES.values(), ids=FRAMES.keys())
def test_a_change_of_the_frame(old, new, expected):
    assert {change.code: change.direction.value for change in changes_between(old, new)} == expected
