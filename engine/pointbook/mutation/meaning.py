"""Whether a slip changes anything at all.

Source: rules/README.md, "Would the scenarios notice a slip?".
"""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from pointbook.changes.against import program_difference
from pointbook.model.rules import Demotion, LeapDay
from pointbook.model.windows import Per, Resets

if TYPE_CHECKING:
    from pointbook.model.activities import Activity
    from pointbook.model.program import Balance, Program, Version
    from pointbook.model.rules import Cap, LifeCycle


def means_the_same(one: Program, other: Program) -> bool:
    """Whether no log could tell the two apart: nothing differs but what neither of them ever looks at."""
    difference = program_difference(_without_idle_values(one), _without_idle_values(other), "", "")
    return next(iter(difference.changes), None) is None


def _without_idle_values(program: Program) -> Program:
    """The program with one and the same value wherever its value is never looked at."""
    balances = {key: _balance(balance, program) for key, balance in program.balances.items()}
    periods = {balance.resets.per for balance in balances.values()}
    windows = {cap.per for version in program.versions for cap in _caps(version)}
    has_years = Per.MEMBERSHIP_YEAR in periods | windows
    has_reviews = balances[program.level_balance].resets is not Resets.NEVER
    has_steps = max(len(version.levels) for version in program.versions) > 1

    def life_cycle(cycle: LifeCycle) -> LifeCycle:
        # From the one level there is, each policy leads to none.
        demotion = cycle.demotion if has_reviews and has_steps else Demotion.TO_EARNED
        leap_day = cycle.leap_day if has_years else LeapDay.FEB_28
        return replace(cycle, demotion=demotion, leap_day=leap_day, is_stated=True, follows=None)

    versions = tuple(
        replace(version, life_cycle=life_cycle(version.life_cycle)) for version in program.versions
    )
    return replace(program, balances=MappingProxyType(balances), versions=versions)


def _caps(version: Version) -> list[Cap]:
    found = [cap for group in version.groups.values() for cap in group.caps]
    for activity in version.activities.values():
        found += [*activity.caps, *(cap for entry in activity.entries for cap in entry.caps)]
    return found


def _balance(balance: Balance, program: Program) -> Balance:
    """It without a floor that nothing can reach, and without periods of which nothing would be seen."""
    changing = [activity for _, activity in program.activities if balance.id in activity.balances]
    is_seen = bool(changing) or balance.id == program.level_balance
    floor = balance.floor if any(_can_deduct(activity, balance.id) for activity in changing) else None
    return replace(balance, floor=floor, resets=balance.resets if is_seen else Resets.NEVER)


def _can_deduct(activity: Activity, balance: str) -> bool:
    entry = activity.entry_in(balance)
    lowest = [low for low, _ in entry.points.amounts(activity.attributes)]
    deductions = sum(min(bonus.points, 0) for bonus in entry.bonuses)
    return entry.is_spend or any(low is None or low + deductions < 0 for low in lowest)
