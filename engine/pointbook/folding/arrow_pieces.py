"""Pieces of a log as Arrow tables: as an engine hands over members and events, and as bytes.

Their columns are those that a plan's inputs have, in the same order; members have one more where
attributes of some are dated.
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from pointbook.folding.pieces import Cut, Piece, cuts
from pointbook.folding.record_columns import events_from, members_from
from pointbook.model.amounts import plainest
from pointbook.model.log import Event

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pointbook.model.program import Program

    Written = tuple[bytes, bytes, bool]
    """Members, events, and whether the last member goes on."""


class ArrowRows:
    """Members or events, sorted, as a table with a column `member_id`."""

    def __init__(self, table: pa.Table) -> None:
        self.table = table
        self._ids = table.column("member_id")

    def __len__(self) -> int:
        return len(self._ids)

    def member_id(self, index: int) -> str:
        """The id of the member of a row."""
        found: str = self._ids[index].as_py()
        return found

    def part(self, begin: int, end: int) -> ArrowRows:
        """The rows from `begin` up to `end`."""
        return ArrowRows(self.table.slice(begin, end - begin))

    def and_then(self, following: ArrowRows) -> ArrowRows:
        """These rows with those that follow them."""
        return ArrowRows(pa.concat_tables([self.table, following.table]))


ArrowPiece = Cut[ArrowRows]


def arrow_pieces(members: pa.Table, events: pa.RecordBatchReader, size: int) -> Iterator[ArrowPiece]:
    """A log cut into pieces of at most `size` events and members; both are sorted."""

    def blocks() -> Iterator[ArrowRows]:
        yield ArrowRows(events.schema.empty_table())
        for batch in events:
            yield ArrowRows(pa.Table.from_batches([batch]))

    return cuts(ArrowRows(members), blocks(), size)


class ArrowPieces:
    """Pieces of a program's log as bytes, and as records."""

    def __init__(self, program: Program) -> None:
        self._event_names = sorted(program.event_columns)
        self._declared = program.member_attributes
        self._has_places = program.places > 0

    def bytes_of(self, piece: ArrowPiece) -> Written:
        """A piece as bytes."""
        return bytes_of(piece.members.table), bytes_of(piece.events.table), piece.goes_on

    def from_bytes(self, written: Written) -> ArrowPiece:
        """The piece that the bytes are of."""
        members, events, goes_on = written
        return Cut(ArrowRows(table_from(members)), ArrowRows(table_from(events)), goes_on)

    def records(self, piece: ArrowPiece) -> Piece:
        """The same with members and events as records."""
        members, events = piece.members.table, _values(piece.events.table)
        if self._has_places:
            points = Event._fields.index("points")
            events[points] = [None if value is None else plainest(value) for value in events[points]]
        return Piece(
            members_from(_values(members), self._declared),
            events_from(events, self._event_names),
            piece.goes_on,
        )


def bytes_of(table: pa.Table) -> bytes:
    """A table as bytes, with its schema."""
    sink = BytesIO()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return sink.getvalue()


def table_from(written: bytes) -> pa.Table:
    """The table that the bytes are of."""
    return pa.ipc.open_stream(written).read_all()


def _values(table: pa.Table) -> list[Sequence[Any]]:
    return [_list(column) for column in table.columns]


def _list(column: pa.ChunkedArray) -> list[Any]:
    if pa.types.is_timestamp(column.type):  # never null; one by one would take forty times as long
        values: list[Any] = column.cast(pa.timestamp("us")).to_numpy().tolist()
        return values
    cells: list[Any] = column.to_pylist()
    return cells
