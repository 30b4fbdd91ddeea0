"""Whether letting more through at one stage can mean less in the end.

An event's points go through a chain of caps: the activity's own, then its groups'. More going into
the chain usually means that at least as much comes out. Not always: a cap counts what it lets
through, even if a later cap then cuts it, and a times cap counts a small award like a large one.
Where that can happen the direction of a change cannot be told from the rules alone.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from pointbook.model.rules import Assessed, CapKind, Fixed, Per, PerUnit

if TYPE_CHECKING:
    from pointbook.model.rules import Activity, Cap, Version

_INSIDE = {
    Per.DAY: frozenset(Per),
    Per.WEEK: frozenset((Per.WEEK, Per.LIFETIME)),
    Per.CALENDAR_MONTH: frozenset((Per.CALENDAR_MONTH, Per.CALENDAR_YEAR, Per.LIFETIME)),
    Per.CALENDAR_YEAR: frozenset((Per.CALENDAR_YEAR, Per.LIFETIME)),
    Per.MEMBERSHIP_YEAR: frozenset((Per.MEMBERSHIP_YEAR, Per.LIFETIME)),
    Per.LIFETIME: frozenset((Per.LIFETIME,)),
}


class Stage(NamedTuple):
    """One cap that an activity's points go through.

    Attributes:
        owner: The activity, or the group.
        cap: The limit.
        shared: Whether other activities go through it too.
    """

    owner: str
    cap: Cap
    shared: bool


def lies_inside(inner: Per, outer: Per) -> bool:
    """Whether every window of one kind lies wholly in one window of the other kind."""
    return outer in _INSIDE[inner]


def chain_of(activity: Activity, version: Version) -> tuple[Stage, ...]:
    """The caps that the activity's points go through, in order."""
    own = [Stage(activity.id, cap, shared=False) for cap in activity.caps]
    for group in activity.groups:
        users = sum(group in other.groups for other in version.activities.values())
        own += [Stage(group, cap, shared=users > 1) for cap in version.groups[group].caps]
    return tuple(own)


def can_displace(stages: tuple[Stage, ...], *, same_events: bool) -> bool:
    """Whether more going into these stages can mean that less comes out of all caps together.

    Args:
        stages: From the first that sees the difference to the last.
        same_events: Whether just the same events are positive when they come in.
    """
    if same_events:
        while stages and stages[0].cap.kind is CapKind.TIMES:
            stages = stages[1:]
    if any(stage.cap.kind is CapKind.TIMES for stage in stages):
        return True
    for earlier, later in pairwise(stages):
        if earlier.shared or not lies_inside(earlier.cap.per, later.cap.per):
            return True
    return False


def bounds(activity: Activity, *, bonuses: bool = True) -> tuple[int | None, int | None]:
    """The lowest and the highest amount that an event can ask for; None where there is no bound.

    Args:
        activity: The rule. What people share is looked at before it is shared.
        bonuses: Whether to count bonuses in.
    """
    lowest: int | None
    highest: int | None
    match activity.points:
        case Fixed(points):
            lowest = highest = points
        case Assessed(minimum, maximum):
            lowest, highest = minimum, maximum
        case PerUnit(points):
            lowest, highest = (0, None) if points >= 0 else (None, 0)
        case _:
            amounts = activity.points.values.values()
            lowest, highest = min(amounts, default=0), max(amounts, default=0)
    added = [bonus.points for bonus in activity.bonuses] if bonuses else []
    down = sum(points for points in added if points < 0)
    up = sum(points for points in added if points > 0)
    return (None if lowest is None else lowest + down), (None if highest is None else highest + up)


def never_negative(activity: Activity) -> bool:
    """Whether it only ever gives."""
    lowest, _ = bounds(activity)
    return lowest is not None and lowest >= 0


def never_positive(activity: Activity) -> bool:
    """Whether it only ever takes."""
    _, highest = bounds(activity)
    return highest is not None and highest <= 0


def always_positive(activity: Activity) -> bool:
    """Whether every event that counts gives at least a point.

    A share can round down to nothing, and so can a fraction of a unit.
    """
    lowest, _ = bounds(activity)
    return lowest is not None and lowest > 0 and activity.split_among is None
