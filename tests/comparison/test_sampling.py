"""Attribution beyond the number of changes up to which it is exact."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction
from types import MappingProxyType

import pytest

from pointbook.comparison.comparing import compare
from pointbook.comparison.question import question_of
from pointbook.comparison.terms import Options
from pointbook.log import Log, Rejects
from pointbook.model.activities import Activity
from pointbook.model.levels import Level
from pointbook.model.log import Event, Member
from pointbook.model.points.forms import Assessed, Fixed
from pointbook.model.program import Balance, Program, Version
from pointbook.model.rules import Benefit, Cap, Group, LeapDay, LifeCycle
from pointbook.model.windows import CapKind, Per, Resets


def _version(name, points):
    activities = {
        f"a{index}": Activity.short(f"a{index}", "points", Fixed(points + index), groups=("g",))
        for index in range(12)
    }
    return Version(
        id=name,
        effective_from=date(2024, 1, 1) if name == "old" else date(2025, 1, 1),
        levels=MappingProxyType({"low": Level("low", 100)}),
        activities=MappingProxyType(activities),
        groups=MappingProxyType({"g": Group("g", (Cap(CapKind.POINTS, 200, Per.LIFETIME),))}),
        benefits=MappingProxyType({}),
        life_cycle=LifeCycle(),
    )


def _program(*versions):
    return Program(
        id="p",
        timezone="UTC",
        balances=MappingProxyType({"points": Balance("points", Resets.MEMBERSHIP_YEAR)}),
        level_balance="points",
        member_attributes=MappingProxyType({}),
        versions=versions,
    )


def many_changes():
    """Twelve activities that are worth more, within a limit that they share; one member does each once."""
    old, new = _version("old", 5), _version("new", 20)
    member = Member("m", date(2024, 1, 1), MappingProxyType({}))
    days = [datetime(2024, 2, 1 + index) for index in range(12)]  # noqa: DTZ001 - the log's local times carry no zone
    events = [
        Event("m", day, f"e{index:02}", day, f"a{index}", None, MappingProxyType({}))
        for index, day in enumerate(days)
    ]
    log = Log({"m": member}, events, Rejects(), Rejects(), len(events), 1)
    program, as_of = _program(old, new), date(2024, 12, 31)
    return question_of(program, old, new, old_is_external=False, since=None, as_of=as_of), log


@pytest.fixture
def compared():
    question, log = many_changes()
    return lambda: compare(question, log, Options())


def test_sampled_shares_still_sum_to_the_whole_and_state_their_error(compared):
    attribution = compared().attribution
    assert attribution.method == "sampled"
    assert (attribution.sampled_members, attribution.permutations) == (1, 32)
    assert sum((share.points for share in attribution.shares), Fraction(0)) == attribution.total.points
    assert any(share.error for share in attribution.shares)


def test_sampling_gives_the_same_shares_each_time(compared):
    one, other = compared(), compared()
    assert one.attribution == other.attribution
    assert replace(one, attribution=other.attribution) == one


def test_a_range_of_one_value_is_worth_the_same_where_no_version_changes_it():
    frame = replace(_version("old", 5), groups=MappingProxyType({}))
    old, new = (
        replace(
            frame,
            id=name,
            effective_from=effective,
            life_cycle=LifeCycle(leap_day=leap_day),
            activities=MappingProxyType(
                {"a": Activity.short("a", "points", Assessed(1, 1, open_ended=written))}
            ),
        )
        for name, effective, leap_day, written in (
            ("old", date(2024, 1, 1), LeapDay.FEB_28, False),
            ("new", date(2025, 1, 1), LeapDay.FEB_28, True),
        )
    )
    new = replace(new, benefits=MappingProxyType({"b": Benefit("b", "low")}))
    program = _program(old, new)
    day = datetime(2024, 2, 1)  # noqa: DTZ001 - the log's local times carry no zone
    events = [Event("m", day, "e", day, "a", 1, MappingProxyType({}))]
    log = Log({"m": Member("m", date(2024, 1, 1), MappingProxyType({}))}, events, Rejects(), Rejects(), 1, 1)
    as_of = date(2024, 12, 31)
    question = question_of(program, old, new, old_is_external=False, since=None, as_of=as_of)
    result = compare(question, log, Options())
    assert all(member.old.effects == member.new.effects for member in result.members)
