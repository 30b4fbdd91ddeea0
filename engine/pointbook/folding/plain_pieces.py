"""Pieces of a log as plain bytes, column by column, which need nothing beside Python."""

from __future__ import annotations

import marshal
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pointbook.folding.pieces import Piece
from pointbook.folding.record_columns import columns_of, events_from, members_from
from pointbook.model.amounts import plainest
from pointbook.model.attributes import AttributeType

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pointbook.model.amounts import Amount
    from pointbook.model.program import Program

    Way = tuple[Callable[[Any], Any], Callable[[Any], Any]]
    """From a value to what can be written, and back."""

_BEGIN, _MICROSECOND = datetime(1970, 1, 1), timedelta(microseconds=1)  # noqa: DTZ001 - in whatever zone they are
_TIME: Way = lambda time: (time - _BEGIN) // _MICROSECOND, lambda number: _BEGIN + timedelta(0, 0, number)
_DATE: Way = date.toordinal, date.fromordinal
_WAYS: Mapping[AttributeType, Way | None] = {
    AttributeType.INTEGER: None,  # as it is
    AttributeType.DECIMAL: (str, Decimal),
    AttributeType.DATE: _DATE,
    AttributeType.TEXT: None,
    AttributeType.BOOLEAN: None,
}


def _amount_from(text: str) -> Amount:
    return plainest(Decimal(text))


class PlainPieces:
    """Pieces of a program's log as bytes, and back."""

    def __init__(self, program: Program) -> None:
        of_members = {name: attribute.type for name, attribute in program.member_attributes.items()}
        self._event_names, self._member_names = sorted(program.event_columns), sorted(of_members)
        points = (str, _amount_from) if program.places else None
        self._event_ways: list[Way | None] = [None, _TIME, None, _TIME, None, points]
        self._event_ways += [_WAYS[program.event_columns[name]] for name in self._event_names]
        self._member_ways: list[Way | None] = [None, _DATE]
        self._member_ways += [_WAYS[of_members[name]] for name in self._member_names]

    def bytes_of(self, piece: Piece) -> bytes:
        """A piece as bytes."""
        return marshal.dumps(
            (
                _there(columns_of(piece.members, self._member_names), self._member_ways),
                _there(columns_of(piece.events, self._event_names), self._event_ways),
                piece.goes_on,
            )
        )

    def from_bytes(self, written: bytes) -> Piece:
        """The piece that the bytes are of."""
        members, events, goes_on = marshal.loads(written)  # noqa: S302 - this program's own bytes, from its other process
        return Piece(
            members_from(_back(members, self._member_ways), self._member_names),
            events_from(_back(events, self._event_ways), self._event_names),
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
