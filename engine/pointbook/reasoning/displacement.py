"""Whether letting more through at one stage can mean less in the end.

An event's points go through a chain of caps: the activity's own, then its groups'. More going into
the chain usually means that at least as much comes out. Not always: a cap counts what it lets
through, even if a later cap then cuts it, and a times cap counts a small award like a large one.
Where that can happen the direction of a change cannot be told from the rules alone.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from pointbook.model.windows import CapKind, lies_inside

if TYPE_CHECKING:
    from pointbook.model.program import Version
    from pointbook.model.rules import Activity, Cap


class Link(NamedTuple):
    """One cap of the chain that an activity's points go through.

    Attributes:
        owner: The activity, or the group.
        cap: The limit.
        shared: Whether other activities go through it too.
    """

    owner: str
    cap: Cap
    shared: bool


def chain_of(activity: Activity, version: Version) -> tuple[Link, ...]:
    """The caps that the activity's points go through, in order."""
    links = []
    for met in version.caps_met_by(activity):
        users = version.activities_in(met.owner) if met.scope == "group" else ()
        links.append(Link(met.owner, met.cap, shared=any(user.id != activity.id for user in users)))
    return tuple(links)


def can_displace(stages: tuple[Link, ...], *, same_events: bool) -> bool:
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
    return any(
        earlier.shared or not lies_inside(earlier.cap.per, later.cap.per)
        for earlier, later in pairwise(stages)
    )
