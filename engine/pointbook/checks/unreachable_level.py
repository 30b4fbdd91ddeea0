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

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pointbook.checks.reasoning.places import in_version
from pointbook.diagnostics import Finding, Related
from pointbook.model.windows import CapKind
from pointbook.model.wording import quantity
from pointbook.reasoning.caps import capped_of, most_let_through, reach

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pointbook.checks.reasoning.subject import CheckSubject, Findings
    from pointbook.model.program import Balance, Version
    from pointbook.model.rules import Level, Path
    from pointbook.model.windows import Per
    from pointbook.reasoning.caps import Capped

CODE = "unreachable-level"
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class _Part:
    """An activity, or a group whose caps allow less than those of its activities, and what it can bring.

    Attributes:
        name: In words.
        path: Where it is written, from the top of the version.
        most: Points in one level period.
    """

    name: str
    path: Path
    most: int


def unreachable_level(subject: CheckSubject) -> Findings:
    """A finding for each level above what one level period can bring.

    Says nothing of a version that rules are left out of.
    """
    program = subject.program
    balance = program.balances.get(program.level_balance)
    for version in program.versions:
        known = all(activity.balance in program.balances for activity in version.activities.values())
        if balance is None or version.incomplete or not known:
            continue
        parts = _parts(version, balance)
        if parts is None:
            continue
        most = balance.start + sum(part.most for part in parts)
        for level in version.levels.values():
            if level.threshold > most:
                yield _finding(version, level, balance, parts, most)


def _finding(version: Version, level: Level, balance: Balance, parts: Sequence[_Part], most: int) -> Finding:
    place = version.span("levels", level.id, "threshold")
    start = f", with the {balance.start:,} it begins with" if balance.start else ""
    biggest = sorted(parts, key=lambda part: (-part.most, part.name))[:_SHOWN]
    return Finding(
        place,
        CODE,
        f"no member can reach level `{level.id}`{in_version(version, place)}:"
        f" it asks for {quantity(level.threshold, 'point')}, and all activities together give"
        f" at most {most:,} {balance.resets.per.window.words}{start}",
        _hint(balance, biggest, most),
        related=tuple(
            Related(version.span(*part.path, "caps"), f"{part.name} gives at most {part.most:,}")
            for part in biggest
        ),
    )


def _hint(balance: Balance, biggest: Sequence[_Part], most: int) -> str:
    if not biggest:
        return f"no activity gives points of the balance `{balance.id}`; add one that does"
    shown = ", ".join(f"{part.name} ({part.most:,})" for part in biggest)
    return f"lower the threshold to at most {most:,}, or raise the caps; the most comes from {shown}"


def _parts(version: Version, balance: Balance) -> list[_Part] | None:
    """What brings points of the balance, with the most of one period; None where something has no bound.

    An activity of several groups counts in the first that limits it, so the sum may be higher than
    what can really be had, but never lower.
    """
    window = balance.resets.per
    left = {
        activity.id: most_let_through(activity, CapKind.POINTS, window)
        for activity in version.activities.values()
        if activity.balance == balance.id
    }
    parts = []
    for group, most in _bounded_groups(version, window):
        own = {member.id: left[member.id] for member in group.members if member.id in left}
        bounded = [points for points in own.values() if points is not None]
        if own and (len(bounded) < len(own) or most < sum(bounded)):
            parts.append(_Part(group.name, group.path, most))
            left = {activity: points for activity, points in left.items() if activity not in own}
    for activity, points in left.items():
        if points is None:
            return None
        parts.append(_Part(f"activity `{activity}`", ("activities", activity), points))
    return [part for part in parts if part.most]


def _bounded_groups(version: Version, window: Per) -> Iterator[tuple[Capped, int]]:
    """Each group that has a bound, with the most points it lets through in one window."""
    for group in capped_of(version):
        if group.is_group:
            reaches = [reach(cap, CapKind.POINTS, group.incoming, window) for cap in group.caps]
            bounds = [most for most in reaches if most is not None]
            if bounds:
                yield group, min(bounds)
