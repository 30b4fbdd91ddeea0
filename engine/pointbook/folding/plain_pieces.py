"""Pieces of a log as plain bytes, column by column, which need nothing beside Python."""

from __future__ import annotations

import marshal
from typing import TYPE_CHECKING, Any

from pointbook.folding.pieces import Piece
from pointbook.folding.plain_events import DATE_WAY, WAYS, PlainEvents
from pointbook.folding.record_columns import columns_of, members_from

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pointbook.folding.plain_events import Way
    from pointbook.model.program import Program


class PlainPieces:
    """Pieces of a program's log as bytes, and back."""

    def __init__(self, program: Program) -> None:
        self._declared = program.member_attributes
        self._events = PlainEvents(program)
        self._member_names = sorted(self._declared)
        self._member_ways: list[Way | None] = [None, DATE_WAY]
        self._member_ways += [WAYS[self._declared[name].type] for name in self._member_names]
        self._member_ways += [None]  # attributes that are dated are a text

    def bytes_of(self, piece: Piece) -> bytes:
        """A piece as bytes."""
        return marshal.dumps(
            (
                _there(columns_of(piece.members, self._member_names), self._member_ways),
                self._events.bytes_of(piece.events),
                piece.goes_on,
            )
        )

    def from_bytes(self, written: bytes) -> Piece:
        """The piece that the bytes are of."""
        members, events, goes_on = marshal.loads(written)  # noqa: S302 - this program's own bytes, from its other process
        return Piece(
            members_from(_back(members, self._member_ways), self._declared),
            self._events.from_bytes(events),
            goes_on,
        )

    def records(self, piece: Piece) -> Piece:
        """The piece itself: its members and events are records already."""
        return piece


def _there(columns: Sequence[Sequence[Any]], ways: Sequence[Way | None]) -> list[Sequence[Any]]:
    return [
        column if way is None else [None if value is None else way[0](value) for value in column]
        for column, way in zip(columns, ways, strict=False)  # no columns where there are no records
    ]


def _back(columns: Sequence[Sequence[Any]], ways: Sequence[Way | None]) -> list[Sequence[Any]]:
    return [
        column if way is None else [None if value is None else way[1](value) for value in column]
        for column, way in zip(columns, ways, strict=False)
    ]
