"""A log in pieces: ranges of members with their events, in order."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pointbook.model.log import Event, Member

_member_id = attrgetter("member_id")
_id = attrgetter("id")


class Piece(NamedTuple):
    """A range of members with their events. All pieces in their order are the whole log.

    Attributes:
        members: Those whose part of the log begins here, in the order of their ids.
        events: In order: those of the member that the piece before has left open, if it has, then those
            of `members`.
        goes_on: Whether the last member, of `members` or the one left open, has further events in the
            next piece.
    """

    members: Sequence[Member]
    events: Sequence[Event]
    goes_on: bool


def pieces_of(members: Sequence[Member], events: Sequence[Event], size: int) -> Iterator[Piece]:
    """A log cut into pieces of `size` events and members; at most the last is smaller.

    Args:
        members: In the order of their ids.
        events: Sorted, each of one of the members.
        size: At least 1; where fewer events are left of a member than fill a piece, others follow.
    """
    member = event = 0
    last = len(events)
    while member < len(members) or event < last:
        end = min(event + size, last)
        # Members up to the one whose event is the last; those beyond the last event come with them.
        until = bisect_right(members, events[end - 1].member_id, key=_id) if end > event else member
        if until - member > size:  # members without events between them
            until = member + size
            end = bisect_left(events, members[until].id, event, end, key=_member_id)
        elif end == last:
            until = min(member + size, len(members))
        goes_on = event < end < last and events[end].member_id == events[end - 1].member_id
        yield Piece(members[member:until], events[event:end], goes_on)
        member, event = until, end
