"""What is let through of what an event asks for: caps, then the balance's floor.

Source: DESIGN, section 3, "Caps".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pointbook.model.ledger import Cut
from pointbook.model.rules import CapKind, Per

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from pointbook.model.rules import Activity, Cap, Version

    UsageKey = tuple[str, str, CapKind, Per]
    """Scope, id, kind and window of a cap: what its usage belongs to, whatever the version."""
    Usage = Mapping[UsageKey, tuple[int, int]]
    """By cap, the latest window it was used in, and how much of it."""


class Limit(NamedTuple):
    """A cap of an activity or of one of its groups.

    Attributes:
        key: What its usage belongs to.
        position: Which of the caps of its activity or group, from 0.
        most: Points or times per window.
    """

    key: UsageKey
    position: int
    most: int


def limits_of(activity: Activity, version: Version) -> tuple[Limit, ...]:
    """The caps an event of the activity goes through: its own as listed, then its groups'."""
    own = _limits("activity", activity.id, activity.caps)
    return own + tuple(
        limit for group in activity.groups for limit in _limits("group", group, version.groups[group].caps)
    )


def _limits(scope: str, owner: str, caps: tuple[Cap, ...]) -> tuple[Limit, ...]:
    return tuple(Limit((scope, owner, cap.kind, cap.per), index, cap.limit) for index, cap in enumerate(caps))


def window(per: Per, day: date, membership_year: int) -> int:
    """A number that is the same for all days of one window, and different for different windows."""
    if per is Per.CALENDAR_MONTH:
        return day.year * 12 + day.month
    if per is Per.MEMBERSHIP_YEAR:
        return membership_year
    if per is Per.DAY:
        return day.toordinal()
    if per is Per.WEEK:
        return day.toordinal() - day.weekday()
    return day.year if per is Per.CALENDAR_YEAR else 0


def let_through(
    requested: int, limits: tuple[Limit, ...], usage: Usage, day: date, membership_year: int
) -> tuple[int, tuple[Cut, ...], Usage]:
    """What the caps leave of a positive amount, what each did, and the usage afterwards."""
    after = dict(usage)
    cuts = []
    offered = requested
    for key, position, most in limits:
        scope, owner, kind, per = key
        current = window(per, day, membership_year)
        latest, used = after.get(key, (current, 0))
        if latest != current:
            used = 0
        remaining = max(0, most - used)
        if kind is CapKind.POINTS:
            passed = min(offered, remaining)
            used += passed
        else:
            passed = offered if remaining else 0
            used += 1 if passed else 0
        after[key] = (current, used)
        cuts.append(Cut(scope, owner, position, remaining, offered, passed))
        offered = passed
        if not offered:
            break
    return offered, tuple(cuts), after


def above_floor(requested: int, balance: str, total: int, floor: int) -> tuple[int, Cut]:
    """What a balance's floor leaves of a deduction, and the cut it makes."""
    remaining = total - floor
    passed = max(requested, -remaining)
    return passed, Cut("balance", balance, 0, remaining, requested, passed)
