"""What pieces come to, in columns of Arrow: as tables, or as lines made of whole columns."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING

import pyarrow as pa

from pointbook.diagnostics import InputError
from pointbook.folding.arrow_pieces import bytes_of
from pointbook.folding.pieces import Piece
from pointbook.model.tables import HISTORY, cells_of, standings_cells
from pointbook_cli.evaluation.fold_work import RowLines, result_columns
from pointbook_cli.reporters.tables.batch_lines import write_lines
from pointbook_cli.reporters.tables.parquet_files import batch_from, ledger_batch, result_schema, whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pointbook.folding.arrow_pieces import ArrowPiece
    from pointbook.folding.stream import Results
    from pointbook.model.program import Program
    from pointbook.model.tables import Columns
    from pointbook_cli.evaluation.fold_work import Stretches

_COLUMNS_OF_EVENTS = {
    "event_id": "event_id",
    "member_id": "member_id",
    "activity": "activity",
    "occurred_at": "local",
}
"""Columns of the ledger that events have too, with their names there."""


class ArrowTables:
    """Results as tables."""

    def __init__(self, program: Program, output_format: str, *, spreadsheet_safe: bool = False) -> None:
        """Nothing is written yet."""
        assert not spreadsheet_safe, "which only CSV can be"
        self._batches = _Batches(program)
        self._shown = f"--output-format {output_format}"

    def __call__(self, results: Results, piece: Piece | ArrowPiece) -> Stretches:
        """What a piece comes to.

        Raises:
            InputError: A number is beyond 64 bits.
        """
        try:
            batches = self._batches.of(results, piece)
        except OverflowError as error:
            hint = "use `--output-format csv` or `jsonl`, which hold every number"
            message = "an amount is beyond 64 bits, which no column of integers can hold"
            raise InputError(self._shown, message, hint) from error
        return tuple(bytes_of(pa.Table.from_batches([batch])) for batch in batches)


class ArrowLines:
    """Results as lines of CSV or JSON, without a header."""

    def __init__(self, program: Program, output_format: str, *, spreadsheet_safe: bool = False) -> None:
        """Nothing is written yet."""
        self._columns = tuple(result_columns(program).values())
        self._format, self._spreadsheet_safe = output_format, spreadsheet_safe
        self._headers = [len(self._text(columns, ())) for columns in self._columns]
        self._batches, self._has_places = _Batches(program), program.places > 0
        self._row_lines = RowLines(program, output_format, spreadsheet_safe=spreadsheet_safe)

    def __call__(self, results: Results, piece: Piece | ArrowPiece) -> Stretches:
        """What a piece comes to; numbers that no column can hold are written row by row.

        So are amounts with places: a column of Arrow has the same number of places in every row.
        """
        if self._has_places:
            return self._row_lines(results)
        try:
            batches = self._batches.of(results, piece)
        except OverflowError:
            return self._row_lines(results)
        return tuple(
            self._text(columns, (batch,))[header:].encode()
            for columns, header, batch in zip(self._columns, self._headers, batches, strict=True)
        )

    def _text(self, columns: Columns, batches: Iterable[pa.RecordBatch]) -> str:
        stream = StringIO(newline="")
        write_lines(stream, columns, self._format, batches, spreadsheet_safe=self._spreadsheet_safe)
        return stream.getvalue()


class _Batches:
    """Results as batches of typed columns."""

    def __init__(self, program: Program) -> None:
        schemas = {name: result_schema(columns) for name, columns in result_columns(program).items()}
        self._ledger, self._standings, self._history = schemas.values()

    def of(self, results: Results, piece: Piece | ArrowPiece) -> tuple[pa.RecordBatch, ...]:
        """Ledger, standings and history.

        Raises:
            OverflowError: A number is beyond 64 bits.
        """
        return (
            ledger_batch(results.entries, self._ledger, _known(results, piece)),
            batch_from(
                standings_cells(results.standings) if results.standings else [()] * len(self._standings),
                self._standings,
            ),
            batch_from(cells_of(HISTORY, results.changes), self._history),
        )


def _known(results: Results, piece: Piece | ArrowPiece) -> Mapping[str, pa.Array]:
    """Columns of the ledger that need not be made again, where each event is one entry.

    It is not where it lies after the as-of date, or has several.
    """
    if isinstance(piece, Piece) or results.tally.after_as_of:
        return {}
    if len(results.entries["event_id"]) != len(piece.events):
        return {}
    events = piece.events.table
    return {name: whole(events.column(column)) for name, column in _COLUMNS_OF_EVENTS.items()}
