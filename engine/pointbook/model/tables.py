"""The result tables: their columns, each with its type and how a record gives its value.

CSV, JSON Lines, Parquet, scenarios and the relational plan read these; a test holds the scenario
schema to them. Column order is that of docs/meaning.md, "Result files".
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from pointbook.model.wording import written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pointbook.model.ledger import Standing
    from pointbook.model.program import Program

Cell = str | int | bool | None
"""A value of a row as JSON has it; dates and times are ISO text."""


class ColumnType(StrEnum):
    """What a column's values are."""

    TEXT = "text"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    DATE = "date"
    TIME = "time"


class Column(NamedTuple):
    """One column of a result table.

    Attributes:
        name: As files and scenarios have it.
        type: Of its values; any value may be absent.
        value: How the value is had from the table's record; None for the attribute of the same name.
    """

    name: str
    type: ColumnType = ColumnType.TEXT
    value: Callable[[Any], Any] | None = None


Columns = tuple[Column, ...]
_INTEGER, _BOOLEAN, _DATE = ColumnType.INTEGER, ColumnType.BOOLEAN, ColumnType.DATE

LEDGER: Columns = (
    Column("event_id"),
    Column("member_id"),
    Column("activity"),
    Column("occurred_at", ColumnType.TIME),
    Column("version"),
    Column("balance"),
    Column("requested", _INTEGER),
    Column("awarded", _INTEGER),
    Column("outcome", value=attrgetter("outcome.value")),
    Column("assumed", _BOOLEAN),
    Column("period", _INTEGER),
    Column("total", _INTEGER),
    Column("level"),
)
STANDINGS: Columns = (
    Column("member_id"),
    Column("as_of", _DATE),
    Column("period", _INTEGER),
    Column("period_start", _DATE),
    Column("period_end", _DATE),
    Column("points", _INTEGER),
    Column("level"),
    Column("earned_level"),
    Column("next_level"),
    Column("points_to_next", _INTEGER),
    Column("points_to_keep", _INTEGER),
    Column("benefits", value=lambda standing: ";".join(standing.benefits) or None),
)
HISTORY: Columns = (
    Column("member_id"),
    Column("date", _DATE),
    Column("from_level"),
    Column("to_level"),
    Column("cause", value=attrgetter("cause.value")),
)
REJECTS: Columns = (
    Column("file"),
    Column("line", _INTEGER),
    Column("column"),
    Column("event_id"),
    Column("reason"),
    Column("detail"),
    Column("raw"),
)


def standings_columns(program: Program) -> Columns:
    """The columns of standings: one more for each further balance of the program."""
    further = (name for name in program.balances if name != program.level_balance)
    return (*STANDINGS, *(Column(name, _INTEGER) for name in further))


def names_of(columns: Columns) -> tuple[str, ...]:
    """The columns' names."""
    return tuple(column.name for column in columns)


def _row_of(columns: Columns) -> Callable[[Any], tuple[Cell, ...]]:
    """A function from a record to its cells."""
    cells = tuple(map(_cell_of, columns))
    return lambda record: tuple([cell(record) for cell in cells])


def _cell_of(column: Column) -> Callable[[Any], Cell]:
    value = column.value or attrgetter(column.name)
    if column.type not in (ColumnType.DATE, ColumnType.TIME):
        return value
    return lambda record: None if (moment := value(record)) is None else moment.isoformat()


ledger_row, history_row, reject_row = map(_row_of, (LEDGER, HISTORY, REJECTS))
"""The cells of an entry, of a change of level, and of a reject."""
_standing_row = _row_of(STANDINGS)


def standings_row(standing: Standing) -> tuple[Cell, ...]:
    """The cells of a standing, those of the further balances last."""
    return (*_standing_row(standing), *standing.balances.values())


def rows_of(batches: Iterable[Any]) -> Iterator[list[tuple[Cell, ...]]]:
    """Arrow's batches of rows as JSON has them; days and times are ISO text."""
    for batch in batches:
        columns = [_cells(column.to_pylist()) for column in batch.columns]
        yield list(zip(*columns, strict=True))


def _cells(values: list[Any]) -> list[Cell]:
    if any(isinstance(value, date) for value in values):
        return [value.isoformat() if isinstance(value, date) else value for value in values]
    return values


def texts(row: Iterable[Cell]) -> list[str]:
    """A row's values as text: an absent one is empty, truth is `true` or `false`."""
    return ["" if cell is None else written(cell) for cell in row]
