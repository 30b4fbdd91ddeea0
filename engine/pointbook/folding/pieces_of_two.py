"""Pieces of a log that each of two sides reads for itself: ranges of members, as either has them."""

from __future__ import annotations

import marshal
from bisect import bisect_left
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from pointbook.folding.pieces import Piece
from pointbook.folding.plain_pieces import PlainPieces

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pointbook.log import Log
    from pointbook.model.program import Program

_member_id = attrgetter("member_id")


class PieceOfTwo(NamedTuple):
    """A range of members with all their events.

    Attributes:
        old: As the old side reads it.
        new: As the new one does.
        goes_on: Never: a member's events are in one piece.
    """

    old: Piece
    new: Piece
    goes_on: bool = False


class PiecesOfTwo:
    """Such pieces as bytes, and back."""

    def __init__(self, programs: tuple[Program, Program]) -> None:
        self._old, self._new = map(PlainPieces, programs)

    def bytes_of(self, piece: PieceOfTwo) -> bytes:
        """A piece as bytes."""
        return marshal.dumps((self._old.bytes_of(piece.old), self._new.bytes_of(piece.new)))

    def from_bytes(self, written: bytes) -> PieceOfTwo:
        """The piece that the bytes are of."""
        old, new = marshal.loads(written)  # noqa: S302 - this program's own bytes, from its other process
        return PieceOfTwo(self._old.from_bytes(old), self._new.from_bytes(new))

    def records(self, piece: PieceOfTwo) -> PieceOfTwo:
        """The piece itself: its members and events are records already."""
        return piece


def pieces_of_two(logs: tuple[Log, Log], size: int) -> Iterator[PieceOfTwo]:
    """Two readings of a log cut into pieces of about `size` events and members."""
    ids = sorted({*logs[0].members, *logs[1].members})
    rows = len(ids) + sum(len(log.events) for log in logs)
    step = max(1, size * len(ids) // max(1, rows))
    for begin in range(0, len(ids), step):
        old, new = (
            _part(log, ids[begin : begin + step], ids[begin + step : begin + step + 1]) for log in logs
        )
        yield PieceOfTwo(old, new)


def _part(log: Log, ids: Sequence[str], following: Sequence[str]) -> Piece:
    first = bisect_left(log.events, ids[0], key=_member_id)
    last = bisect_left(log.events, following[0], first, key=_member_id) if following else len(log.events)
    return Piece([log.members[one] for one in ids if one in log.members], log.events[first:last], False)
