"""A level that no member can reach.

**What.** Where every activity that counts for levels is limited by caps, all of them together must
be able to bring a member to each level within one level period.

**Why.** A threshold with a zero too many, or a new cap, shuts a level without a word.

Failing:

    levels:
      gold: {threshold: 5000}
    activities:
      feedback:
        points: 50
        caps: [{points: 100, per: calendar_month}]

Fixed:

    levels:
      gold: {threshold: 500}
    activities:
      feedback:
        points: 50
        caps: [{points: 100, per: calendar_month}]
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.checks.cap_wording import points_text, window_text
from pointbook.checks.capped import capped_of, most_let_through, reach
from pointbook.checks.places import in_version
from pointbook.checks.windows import PERIOD
from pointbook.diagnostics import Finding
from pointbook.model.rules import CapKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pointbook.checks.subject import Subject
    from pointbook.model.rules import Balance, Level, Per, Program, Version

CODE = "unreachable-level"
_SHOWN = 3


def unreachable_level(subject: Subject) -> Iterator[Finding]:
    """A finding for each level above what one level period can bring.

    Says nothing of a version that rules are left out of.
    """
    program = subject.program
    balance = program.balances.get(program.level_balance)
    for version in program.versions:
        if balance is None or version.incomplete or not _balances_are_known(program, version):
            continue
        parts = _most_by_part(version, balance)
        if parts is None:
            continue
        for level in version.levels.values():
            if level.threshold > balance.start + sum(parts.values()):
                yield _finding(version, level, balance, parts)


def _balances_are_known(program: Program, version: Version) -> bool:
    return all(activity.balance in program.balances for activity in version.activities.values())


def _finding(version: Version, level: Level, balance: Balance, parts: Mapping[str, int]) -> Finding:
    place = version.span("levels", level.id, "threshold")
    most = balance.start + sum(parts.values())
    start = f", with the {balance.start:,} it begins with" if balance.start else ""
    return Finding(
        place,
        CODE,
        f"no member can reach level `{level.id}`{in_version(version, place)}:"
        f" it asks for {points_text(level.threshold)}, and all activities together give"
        f" at most {most:,} {window_text(PERIOD[balance.resets])}{start}",
        _hint(balance, parts, most),
    )


def _hint(balance: Balance, parts: Mapping[str, int], most: int) -> str:
    biggest = sorted(parts.items(), key=lambda part: (-part[1], part[0]))[:_SHOWN]
    if not biggest:
        return f"no activity gives points of the balance `{balance.id}`; add one that does"
    shown = ", ".join(f"{name} ({points:,})" for name, points in biggest)
    return f"lower the threshold to at most {most:,}, or raise the caps; the most comes from {shown}"


def _most_by_part(version: Version, balance: Balance) -> dict[str, int] | None:
    """The most points of one period by activity, or by group where its caps allow less than its activities'.

    None where something is without bound. An activity of several groups counts in the first that
    limits it, so the sum may be higher than what can really be had, but never lower.
    """
    window = PERIOD[balance.resets]
    left = {
        activity.id: most_let_through(activity, CapKind.POINTS, window)
        for activity in version.activities.values()
        if activity.balance == balance.id
    }
    parts: dict[str, int] = {}
    for name, members, most in _groups(version, window):
        own = [left[member] for member in members if member in left]
        bounded = [points for points in own if points is not None]
        if own and (len(bounded) < len(own) or most < sum(bounded)):
            parts[name] = most
            left = {activity: points for activity, points in left.items() if activity not in members}
    for activity, points in left.items():
        if points is None:
            return None
        parts[f"activity `{activity}`"] = points
    return {name: points for name, points in parts.items() if points}


def _groups(version: Version, window: Per) -> Iterator[tuple[str, frozenset[str], int]]:
    """Name, activities and most points of each group that has a bound."""
    for group in capped_of(version):
        if group.is_group:
            reaches = [reach(cap, CapKind.POINTS, group.incoming, window) for cap in group.caps]
            bounds = [most for most in reaches if most is not None]
            if bounds:
                yield group.name, frozenset(member.id for member in group.members), min(bounds)
