"""A log in pieces: ranges of members with their events, in order.

A piece has whole members. Only one who has more events than a piece may hold goes on in the next.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import chain
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, Protocol, Self, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pointbook.model.log import Event, Member


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


class Rows(Protocol):
    """Members or events, in whatever form, in the order of the members' ids."""

    def __len__(self) -> int:
        """How many there are."""

    def member_id(self, index: int) -> str:
        """The id of the member of a row."""

    def part(self, begin: int, end: int) -> Self:
        """The rows from `begin` up to `end`."""

    def and_then(self, following: Self) -> Self:
        """These rows with those that follow them."""


_Rows = TypeVar("_Rows", bound=Rows)


class Cut(NamedTuple, Generic[_Rows]):
    """A piece in whatever form; the attributes are those of `Piece`."""

    members: _Rows
    events: _Rows
    goes_on: bool


def cuts(members: _Rows, blocks: Iterable[_Rows], size: int) -> Iterator[Cut[_Rows]]:
    """A log cut into pieces of at most `size` events and members.

    Args:
        members: All of them.
        blocks: The events, each of one of the members, as they come; at least one block, which may be empty.
        size: At least 1.
    """
    rest: _Rows | None = None
    begun = 0
    for block in blocks:
        rest, first = block if rest is None else rest.and_then(block), 0
        while len(rest) - first > size:
            end = _first_of(rest, rest.member_id(first + size), first, first + size)
            goes_on = end == first
            if goes_on:
                end = first + size
            until = _end_of(members, rest.member_id(end - 1), begun)
            yield from _of_few_members(members.part(begun, until), rest.part(first, end), goes_on, size)
            begun, first = until, end
        rest = rest.part(first, len(rest))
    assert rest is not None, "there is at least one block"
    yield from _of_few_members(members.part(begun, len(members)), rest, False, size)


def _of_few_members(members: _Rows, events: _Rows, goes_on: bool, size: int) -> Iterator[Cut[_Rows]]:
    """A piece, or several where it has too many members, of whom most have no events then."""
    begun = first = 0
    while len(members) - begun > size:
        end = _first_of(events, members.member_id(begun + size), first, len(events))
        yield Cut(members.part(begun, begun + size), events.part(first, end), False)
        begun, first = begun + size, end
    if begun < len(members) or first < len(events):
        yield Cut(members.part(begun, len(members)), events.part(first, len(events)), goes_on)


def _first_of(rows: Rows, member_id: str, begin: int, end: int) -> int:
    """Where the rows of a member begin, of those between `begin` and `end`."""
    return begin + bisect_left(range(begin, end), member_id, key=rows.member_id)


def _end_of(rows: Rows, member_id: str, begin: int) -> int:
    """Where the rows of a member end."""
    return begin + bisect_right(range(begin, len(rows)), member_id, key=rows.member_id)


class _Records:
    """Members or events in this process."""

    def __init__(self, records: Sequence[Any]) -> None:
        self.records = records

    def __len__(self) -> int:
        return len(self.records)

    def member_id(self, index: int) -> str:
        found: str = self.records[index][0]
        return found

    def part(self, begin: int, end: int) -> _Records:
        return _Records(self.records[begin:end])

    def and_then(self, following: _Records) -> _Records:
        return _Records([*self.records, *following.records])


def pieces_of(members: Sequence[Member], events: Sequence[Event], size: int) -> Iterator[Piece]:
    """A log cut into pieces of at most `size` events and members.

    Args:
        members: In the order of their ids.
        events: Sorted, each of one of the members.
        size: At least 1.
    """
    return pieces_of_stretches(members, (events,), size)


def pieces_of_stretches(
    members: Sequence[Member], stretches: Iterable[Sequence[Event]], size: int
) -> Iterator[Piece]:
    """The same of events that come some at a time, in order."""
    blocks = map(_Records, chain(stretches, ((),)))  # there is at least one
    for cut in cuts(_Records(members), blocks, size):
        yield Piece(cut.members.records, cut.events.records, cut.goes_on)
