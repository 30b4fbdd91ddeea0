"""What is done with each piece of a log: it is folded, and what it comes to is written as bytes.

It runs in worker processes, and so imports little.
"""

from __future__ import annotations

import gc
from dataclasses import dataclass
from io import StringIO
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from pointbook.folding.stream import StreamFold
from pointbook.model import tables
from pointbook_cli.evaluation.without_pandas import leave_pandas_out
from pointbook_cli.reporters.tables.table_files import table_writer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pointbook.folding.arrow_pieces import ArrowPieces
    from pointbook.folding.plain_pieces import PlainPieces
    from pointbook.folding.stream import Folding, Results
    from pointbook.model.program import Program
    from pointbook.model.tables import Cell, Columns
    from pointbook.model.tally import Tally

    Stretches = tuple[bytes, ...]
    """A stretch of each result, in the order of `result_columns`."""


class ResultWriter(Protocol):
    """Writes what pieces come to."""

    def __init__(self, program: Program, output_format: str, *, spreadsheet_safe: bool) -> None:
        """Nothing is written yet."""

    def __call__(self, results: Results, piece: Any) -> Stretches:
        """What a piece, in the form in which it came, comes to.

        Raises:
            InputError: The format cannot hold it.
        """


@dataclass(frozen=True, slots=True)
class FoldWork:
    """What is to be done; it can be sent to another process.

    Attributes:
        folding: What to fold by.
        form: In which form pieces come.
        writer: How results are written.
        output_format: As what.
        spreadsheet_safe: Whether no text of CSV may be taken for a formula.
    """

    folding: Folding
    form: type[ArrowPieces | PlainPieces]
    writer: type[ResultWriter]
    output_format: str
    spreadsheet_safe: bool = False


class Written(NamedTuple):
    """What a piece comes to: as bytes, in counts, and of how many members who begin in it."""

    results: Stretches
    tally: Tally
    members: int


def for_pieces(work: FoldWork) -> Callable[[Any], Written]:
    """A function that takes one piece after the other."""
    form: Any = work.form(work.folding.program)
    write = work.writer(work.folding.program, work.output_format, spreadsheet_safe=work.spreadsheet_safe)
    fold = StreamFold(work.folding)

    def written(piece: Any) -> Written:
        results = fold.results(form.records(piece))
        return Written(write(results, piece), results.tally, len(piece.members))

    return written


def for_bytes(work: FoldWork) -> Callable[[Any], Written]:
    """The same for pieces that come as bytes, in a process of its own."""
    gc.disable()  # as in the process that began this one: records never refer in circles
    leave_pandas_out()
    form: Any = work.form(work.folding.program)
    written = for_pieces(work)
    return lambda message: written(form.from_bytes(message))


def result_columns(program: Program) -> dict[str, Columns]:
    """The columns of each result, by its name."""
    return {
        "ledger": tables.ledger_columns(program),
        "standings": tables.standings_columns(program),
        "history": tables.HISTORY,
    }


class RowLines:
    """Results as lines of CSV or JSON, without a header."""

    def __init__(self, program: Program, output_format: str, *, spreadsheet_safe: bool = False) -> None:
        """Nothing is written yet."""
        self._program = program
        self._lines = [
            _Lines(columns, output_format, spreadsheet_safe=spreadsheet_safe)
            for columns in result_columns(program).values()
        ]

    def __call__(self, results: Results, piece: object = None) -> Stretches:
        """What a piece comes to."""
        del piece
        cells = (
            tables.ledger_cells(self._program, results.entries),
            tables.standings_cells(results.standings),
            tables.cells_of(tables.HISTORY, results.changes),
        )
        return tuple(lines.of(own) for lines, own in zip(self._lines, cells, strict=True))


class _Lines:
    """Cells of one table as the bytes of lines."""

    def __init__(self, columns: Columns, output_format: str, *, spreadsheet_safe: bool) -> None:
        self._stream = StringIO(newline="")
        self._write = table_writer(self._stream, columns, output_format, spreadsheet_safe=spreadsheet_safe)

    def of(self, cells: Sequence[Sequence[Cell]]) -> bytes:
        self._stream.seek(0)
        self._stream.truncate()  # also the header, which a file has once
        if cells and cells[0]:
            self._write(cells)
        return self._stream.getvalue().encode()
