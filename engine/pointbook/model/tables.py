"""The result tables: their columns, each with its type and how a record gives its value.

CSV, JSON Lines, Parquet, scenarios and the relational plan read these; a test holds the scenario
schema to them. Column order is that of docs/meaning.md, "Result files".
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

from pointbook.model.log import POINTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from pointbook.model.ledger import Standing
    from pointbook.model.program import Balance, Program

Cell = str | int | bool | Decimal | None
"""A value of a row as JSON has it, or an amount with places; dates and times are ISO text."""


class ColumnType(StrEnum):
    """What a column's values are."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    BOOLEAN = "boolean"
    DATE = "date"
    TIME = "time"


def _iso(moments: Iterable[date | None]) -> list[Cell]:
    return [None if moment is None else moment.isoformat() for moment in moments]


def _words(choices: Iterable[StrEnum]) -> list[Cell]:
    return list(map(str.__str__, choices))  # without the cost of `value`


def _lists(texts: Iterable[Sequence[str]]) -> list[Cell]:
    return [";".join(several) or None for several in texts]


class Column(NamedTuple):
    """One column of a result table.

    Attributes:
        name: As files and scenarios have it.
        type: Of its values; any value may be absent.
        cells: The cells of the values that records have in the attribute of the same name; None for these.
        places: The most that its values have, of decimals.
    """

    name: str
    type: ColumnType = ColumnType.TEXT
    cells: Callable[[Sequence[Any]], Sequence[Cell]] | None = None
    places: int = 0


Columns = tuple[Column, ...]
_INTEGER, _BOOLEAN, _DATE = ColumnType.INTEGER, ColumnType.BOOLEAN, ColumnType.DATE

LEDGER: Columns = (
    Column("event_id"),
    Column("member_id"),
    Column("activity"),
    Column("occurred_at", ColumnType.TIME, _iso),
    Column("version"),
    Column("balance"),
    Column("requested", _INTEGER),
    Column("awarded", _INTEGER),
    Column("outcome", cells=_words),
    Column("assumed", _BOOLEAN),
    Column("period", _INTEGER),
    Column("total", _INTEGER),
    Column("level"),
)
STANDINGS: Columns = (
    Column("member_id"),
    Column("as_of", _DATE, _iso),
    Column("period", _INTEGER),
    Column("period_start", _DATE, _iso),
    Column("period_end", _DATE, _iso),
    Column("points", _INTEGER),
    Column("level"),
    Column("earned_level"),
    Column("next_level"),
    Column("points_to_next", _INTEGER),
    Column("points_to_keep", _INTEGER),
    Column("benefits", cells=_lists),
)
HISTORY: Columns = (
    Column("member_id"),
    Column("date", _DATE, _iso),
    Column("from_level"),
    Column("to_level"),
    Column("cause", cells=_words),
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


_AMOUNTS = frozenset(("requested", "awarded", "total", "points", "points_to_next", "points_to_keep"))
"""Columns of points."""
_OF_LEVEL_BALANCE = ("points", "points_to_next", "points_to_keep")


def _with_places(columns: Columns, places: int) -> Columns:
    """The columns, of which those of points are decimals if there are places."""
    if not places:
        return columns
    return tuple(
        column._replace(type=ColumnType.DECIMAL, places=places) if column.name in _AMOUNTS else column
        for column in columns
    )


def ledger_columns(program: Program) -> Columns:
    """The columns of the ledger: one more for each column of the log that is carried into it."""
    return (*_with_places(LEDGER, program.places), *map(Column, program.exports.references))


def further_requirements(program: Program) -> Mapping[str, Balance]:
    """The balances besides that of the levels which levels ask for, in the program's order."""
    levels = [level for version in program.versions for level in version.levels.values()]
    named = {name for level in levels for name in level.further_balances} - {program.level_balance}
    return {name: balance for name, balance in program.balances.items() if name in named}


def standings_columns(program: Program) -> Columns:
    """The columns of standings: one more for each further balance of the program."""
    further = (
        Column(name, ColumnType.DECIMAL if balance.decimals else _INTEGER, places=balance.decimals)
        for name, balance in program.balances.items()
        if name != program.level_balance
    )
    own = _with_places(STANDINGS, program.balances[program.level_balance].decimals)
    if POINTS in program.balances and program.level_balance != POINTS:  # a further balance has that name
        named = {column: column.replace(POINTS, program.level_balance, 1) for column in _OF_LEVEL_BALANCE}
        own = tuple(column._replace(name=named.get(column.name, column.name)) for column in own)
    missing = (
        Column(
            f"{name}_{what}", ColumnType.DECIMAL if balance.decimals else _INTEGER, places=balance.decimals
        )
        for name, balance in further_requirements(program).items()
        for what in ("to_next", "to_keep")
    )
    return (*own, *further, *missing)


def names_of(columns: Columns) -> tuple[str, ...]:
    """The columns' names."""
    return tuple(column.name for column in columns)


def cells_of(columns: Columns, records: Sequence[Any]) -> list[Sequence[Cell]]:
    """The cells of records, column by column.

    Args:
        columns: Of their table.
        records: Named tuples of one kind.
    """
    if not records:
        return [()] * len(columns)
    return cells_from(columns, dict(zip(records[0]._fields, zip(*records, strict=True), strict=True)))


def cells_from(columns: Columns, values: Mapping[str, Sequence[Any]]) -> list[Sequence[Cell]]:
    """The same, of the values of each of the records' fields."""
    return [values[name] if cells is None else cells(values[name]) for name, _, cells, _ in columns]


def reference_field(name: str) -> str:
    """Where entries, column by column, have a column of the log that is carried into the ledger."""
    return f"reference {name}"  # the name of no field of theirs


def ledger_cells(program: Program, entries: Mapping[str, Sequence[Any]]) -> list[Sequence[Cell]]:
    """The cells of entries, of which each field has its values; those of references last."""
    own = [entries[reference_field(name)] if entries else () for name in program.exports.references]
    return [*cells_from(LEDGER, entries), *own]


def standings_cells(standings: Sequence[Standing]) -> list[Sequence[Cell]]:
    """The cells of standings, of which there are some, column by column; those of further balances last."""
    further = zip(*(standing.balances.values() for standing in standings), strict=True)
    missing = zip(
        *(tuple(chain.from_iterable(standing.further.values())) for standing in standings), strict=True
    )
    return [*cells_of(STANDINGS, standings), *further, *missing]


def _row_of(columns: Columns) -> Callable[[Any], tuple[Cell, ...]]:
    """A function from a record to its cells."""
    return lambda record: next(zip(*cells_of(columns, (record,)), strict=True))


ledger_row, history_row, reject_row = map(_row_of, (LEDGER, HISTORY, REJECTS))
"""The cells of an entry, of a change of level, and of a reject."""


def standings_row(standing: Standing) -> tuple[Cell, ...]:
    """The cells of a standing, those of the further balances last."""
    return next(zip(*standings_cells((standing,)), strict=True))


def rows_of(batches: Iterable[Any]) -> Iterator[list[tuple[Cell, ...]]]:
    """Arrow's batches as rows as JSON has them; days and times are ISO text."""
    for batch in batches:
        yield list(zip(*map(_cells_in, batch.columns), strict=True))


def _cells_in(column: Any) -> Sequence[Cell]:
    values = column.to_pylist()
    if any(isinstance(value, date) for value in values):
        return [value.isoformat() if isinstance(value, date) else value for value in values]
    cells: list[Cell] = values
    return cells
