"""Columns whose types are not those of their values, and the query that reads them as what they mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.log.columns import IGNORED
from pointbook.log.rows.typed_texts import ValueKind
from pointbook.model.attributes import AttributeType
from pointbook.model.log import EVENT_COLUMNS, MEMBER_COLUMNS, POINTS, VALID_FROM

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pointbook.log.columns import Columns

_FRACTIONS = (ValueKind.DECIMAL, ValueKind.SINGLE, ValueKind.DOUBLE)
_OURS = frozenset((*EVENT_COLUMNS, *MEMBER_COLUMNS, POINTS, VALID_FROM))
_DAYS = ("signed_up_on", VALID_FROM)
_LOCAL_DAY = {
    "duckdb": "CAST({0} AT TIME ZONE '{1}' AS DATE)",
    "postgres": "CAST({0} AT TIME ZONE '{1}' AS DATE)",
    "spark": "CAST(convert_timezone(current_timezone(), '{1}', CAST({0} AS TIMESTAMP_NTZ)) AS DATE)",
}
"""The day of a moment in a time zone, by dialect."""

_TEXT_TYPES = {"duckdb": "VARCHAR", "postgres": "TEXT", "spark": "STRING"}


def casts_of(
    columns: Columns,
    kinds: Mapping[str, ValueKind | None],
    query: Callable[[Sequence[str]], str],
    dialect: str,
) -> dict[str, str]:
    """By our names, how the columns are read whose types may not be those of their values.

    Args:
        columns: The columns of the source.
        kinds: The kind of each of its own columns, None where its values have no text.
        query: The words for a query of expressions over the source.
        dialect: That of the expressions.
    """
    named = {name: _named(name, dialect) for name in kinds}
    needed = {
        name: cast
        for name, kind in kinds.items()
        if (cast := _cast(columns, columns.ours(name), kind, named[name], dialect)) is not None
    }
    items = [
        f"{needed[name]} AS {named[name]}" if name in needed else named[name]
        for name in kinds
        if columns.ours(name) != IGNORED
    ]
    return {columns.ours(name): f"cast the column: `{query(items)}`" for name in needed}


def parquet_casts(columns: Columns, kinds: Mapping[str, ValueKind | None]) -> dict[str, str]:
    """The same of a Parquet file: the command that writes it again, by the name that such files usually have.

    That a number has a fraction is a matter of the row there, whose raw text can be corrected.
    """

    def copied(items: Sequence[str]) -> str:
        query = f"SELECT {', '.join(items)} FROM '{columns.kind}.parquet'"  # noqa: S608 - a person runs it
        shown = query.replace('"', '\\"')
        return f"duckdb -c \"COPY ({shown}) TO '{columns.kind}-cast.parquet'\""

    whole = {name: ValueKind.INTEGER if kind in _FRACTIONS else kind for name, kind in kinds.items()}
    return casts_of(columns, whole, copied, "duckdb")


def _cast(columns: Columns, ours: str, kind: ValueKind | None, name: str, dialect: str) -> str | None:
    """A column as what is wanted of it; None where its type is as good, or none can be told."""
    wanted = None if ours == IGNORED else _wanted(columns, ours)
    numbers = {AttributeType.INTEGER, AttributeType.DECIMAL}
    is_plain_day = wanted is AttributeType.DATE and columns.form.form is None
    is_name = ours in columns.known and ours != "occurred_at" and wanted in {None, AttributeType.TEXT}
    if is_name and kind is None:
        return f"CAST({name} AS {_TEXT_TYPES[dialect]})"
    if is_plain_day and kind is ValueKind.LOCAL:
        return f"CAST({name} AS DATE)"
    if is_plain_day and kind is ValueKind.INSTANT:
        return _LOCAL_DAY[dialect].format(name, columns.program.timezone)
    if wanted is AttributeType.INTEGER and kind in _FRACTIONS:
        return f"CAST(ROUND({name}) AS BIGINT)"
    return f"CAST({name} AS INTEGER)" if wanted in numbers and kind is ValueKind.BOOLEAN else None


def _wanted(columns: Columns, ours: str) -> AttributeType | None:
    """The type of the values of a column of ours; None for names and times."""
    if ours in _DAYS:
        return AttributeType.DATE
    if ours == POINTS:
        return AttributeType.DECIMAL if columns.program.places else AttributeType.INTEGER
    return columns.attributes.get(ours)


def _named(name: str, dialect: str) -> str:
    """A name as SQL; in quotation marks unless it is one of ours, which are no words of SQL."""
    if name in _OURS:
        return name
    mark = "`" if dialect == "spark" else '"'
    return f"{mark}{name.replace(mark, mark * 2)}{mark}"
