"""SQL for the values of typed columns, each with the proof that the Python reader would read the same.

A value counts only where its proof holds; elsewhere the reader decides, and the value may be
anything. But both are total: no row makes them fail, because engines evaluate parts of a query in
any order.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pointbook.log import ValueKind
from pointbook.model.attributes import AttributeType

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pointbook.relational.inputs.engine_words import EngineType, Words

_FIRST_DAY, _LAST_DAY = "1900-01-01", "2999-12-31"
_MOST = 10**15 - 1
_MOST_IN_MILLIONTHS = 10**9 - 1
_SCALE = 6
_DECIMAL = "DECIMAL(21, 6)"
_NUMBERS = (ValueKind.DECIMAL, ValueKind.SINGLE, ValueKind.DOUBLE)

_INTEGER_PATTERN = "'-?[0-9]{1,15}'"
_DECIMAL_PATTERN = r"'-?[0-9]{1,15}(\.[0-9]{1,6})?'"
_DATE_PATTERN = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_TIME_PATTERN = r"[T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6})?)?"
_LOCAL_PATTERN = f"{_DATE_PATTERN}({_TIME_PATTERN})?"
_INSTANT_PATTERN = f"{_DATE_PATTERN}{_TIME_PATTERN}(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])"


@dataclass(frozen=True, slots=True)
class Reading:
    """How a column is read.

    Attributes:
        value: The value, as SQL; nothing where the row has nothing there.
        proof: What holds only where that is the value that the reader would read, as SQL; it may
            be nothing, which proves nothing.
    """

    value: str
    proof: str


def reading_of(column: str, of: EngineType, wanted: AttributeType, words: Words) -> Reading:
    """The values in `column` as those of a declared type; a row may have nothing there."""
    found = _READINGS[wanted](column, of, words)
    if found is None:
        return Reading(nothing_sql(wanted, words), is_empty(column, of, words))
    return Reading(found.value, f"({is_empty(column, of, words)} OR ({found.proof}))")


def name_of(column: str, of: EngineType, words: Words) -> Reading:
    """The texts in `column`, of which every row must have one that is not empty."""
    found = _text(column, of, words)
    if found is not None and of.kind is ValueKind.TEXT:
        return Reading(column, found.proof)
    return Reading(nothing_sql(AttributeType.TEXT, words), "FALSE") if found is None else found


def nothing_sql(wanted: AttributeType, words: Words) -> str:
    """What stands in place of a column that a source does not have."""
    return f"CAST(NULL AS {words.text if wanted is AttributeType.TEXT else _TYPES[wanted]})"


def moment_of(column: str, of: EngineType, words: Words) -> tuple[Reading, str]:
    """The times in `column`, without a zone; and whether they are in UTC, as SQL.

    Whether their days are in range is another question.
    """
    local = words.attempt.format(column, words.local)
    is_whole = f"{words.nanoseconds.format(column)} = 0" if of.is_nanosecond else "TRUE"
    if of.kind is ValueKind.DATE:
        is_read = in_range(column, "DATE")
        return Reading(_guarded(is_read, column, words.local, words), is_read), "FALSE"
    if of.kind is ValueKind.LOCAL:
        return Reading(local, is_whole), "FALSE"
    if of.kind is ValueKind.INSTANT:
        in_utc = words.in_utc_ns if of.is_nanosecond else words.in_utc
        return Reading(in_utc.format(column), is_whole), "TRUE"
    if of.kind is ValueKind.TEXT and words.matches:
        is_local = words.matches.format(column, f"'{_LOCAL_PATTERN}'")
        is_instant = words.matches.format(column, f"'{_INSTANT_PATTERN}'")
        instant = words.in_utc.format(words.attempt.format(column, "TIMESTAMPTZ"))
        value = f"CASE WHEN {is_local} THEN {local} ELSE {instant} END"
        return Reading(value, f"({is_local} OR {is_instant})"), f"NOT {is_local}"
    return Reading(f"CAST(NULL AS {words.local})", "FALSE"), "FALSE"


def is_empty(column: str, of: EngineType, words: Words) -> str:
    """Whether a row has nothing in `column`."""
    if of.kind is ValueKind.TEXT:
        return f"{column} IS NULL OR {column} = ''"
    if of.kind in {ValueKind.SINGLE, ValueKind.DOUBLE}:
        return f"{column} IS NULL OR {words.is_nan.format(column)}"
    return f"{column} IS NULL"


def in_range(column: str, kind: str) -> str:
    """Whether a date or time is one of the years that are read."""
    last = _LAST_DAY if kind == "DATE" else f"{_LAST_DAY} 23:59:59.999999"
    return f"{column} BETWEEN CAST('{_FIRST_DAY}' AS {kind}) AND CAST('{last}' AS {kind})"


def _within(column: str) -> str:
    """Whether a number has at most 15 digits before the point; one that is no number has not."""
    return f"{column} BETWEEN -{_MOST} AND {_MOST}"


def _whole(column: str) -> str:
    return f"{_within(column)} AND {column} = FLOOR({column})"


def _integer(column: str, of: EngineType, words: Words) -> Reading | None:
    # Where a cast is an attempt, numbers that are none become nothing; elsewhere it would fail.
    value = _guarded(_within(column), column, "BIGINT", words)
    if of.kind is ValueKind.INTEGER:
        return Reading(value, _within(column))
    if of.kind in _NUMBERS:
        return Reading(value, _whole(column))
    if of.kind is ValueKind.TEXT and words.matches:
        return Reading(words.attempt.format(column, "BIGINT"), words.matches.format(column, _INTEGER_PATTERN))
    return None


def _decimal(column: str, of: EngineType, words: Words) -> Reading | None:
    whole = words.attempt.format(_guarded(_within(column), column, "BIGINT", words), _DECIMAL)
    if of.kind is ValueKind.INTEGER:
        return Reading(whole, _within(column))
    if of.kind is ValueKind.DECIMAL and (of.scale or 0) <= _SCALE:
        is_short = f" AND {column} = ROUND({column}, {_SCALE})" if of.scale is None else ""
        return Reading(_guarded(_within(column), column, _DECIMAL, words), _within(column) + is_short)
    if of.kind is ValueKind.DOUBLE:
        # At most 15 digits in all: then a decimal that gives the same number is its shortest one.
        near = f"{column} BETWEEN -{_MOST_IN_MILLIONTHS} AND {_MOST_IN_MILLIONTHS}"
        millionths = _guarded(near, f"ROUND({column} * 1e6)", "BIGINT", words)
        exact = words.attempt.format(f"CAST({millionths} AS DECIMAL(20, 0)) * 0.000001", _DECIMAL)
        value = f"CASE WHEN {near} THEN {exact} ELSE {whole} END"
        is_exact = f"{near} AND CAST({millionths} AS {words.double}) / 1e6 = {column}"
        return Reading(value, f"({is_exact}) OR ({_whole(column)})")
    if of.kind in {ValueKind.SINGLE, ValueKind.DECIMAL}:
        return Reading(whole, _whole(column))
    if of.kind is ValueKind.TEXT and words.matches:
        return Reading(words.attempt.format(column, _DECIMAL), words.matches.format(column, _DECIMAL_PATTERN))
    return None


def _guarded(condition: str, value: str, kind: str, words: Words) -> str:
    """A cast that fails nowhere, even where the condition does not hold."""
    attempt = words.attempt.format(value, kind)
    return f"CASE WHEN {condition} THEN {attempt} END" if words.attempt.startswith("CAST") else attempt


def _date(column: str, of: EngineType, words: Words) -> Reading | None:
    day = words.attempt.format(column, "DATE")
    if of.kind is ValueKind.DATE:
        return Reading(column, in_range(column, "DATE"))
    if of.kind is ValueKind.LOCAL and of.is_nanosecond:  # these cannot be later than 2262
        begins = f"{column} >= CAST('{_FIRST_DAY}' AS {of.name})"
        return Reading(day, f"{begins} AND {words.beyond_midnight.format(column)} = 0")
    if of.kind is ValueKind.LOCAL:
        midnight = words.attempt.format(day, words.local)
        return Reading(day, f"{in_range(column, words.local)} AND {column} = {midnight}")
    if of.kind is ValueKind.TEXT and words.matches:
        is_date = words.matches.format(column, f"'{_DATE_PATTERN}'")
        return Reading(day, f"{is_date} AND {in_range(day, 'DATE')}")
    return None


def _boolean(column: str, of: EngineType, words: Words) -> Reading | None:  # noqa: ARG001 - one of several
    if of.kind is ValueKind.BOOLEAN:
        return Reading(column, "TRUE")
    if of.kind is ValueKind.TEXT:
        yes, no = (
            ", ".join(f"'{word}'" for word in (one, one.title(), one.upper())) for one in ("true", "false")
        )
        value = f"CASE WHEN {column} IN ({yes}) THEN TRUE WHEN {column} IN ({no}) THEN FALSE END"
        return Reading(value, f"{column} IN ({yes}, {no})")
    return None


def _text(column: str, of: EngineType, words: Words) -> Reading | None:
    value = f"CAST({column} AS {words.text})"
    if of.kind is ValueKind.TEXT:
        has_no_nul = f" AND NOT {words.has_nul.format(column)}" if words.has_nul else ""
        is_short = f" AND {words.is_short.format(column)}" if words.is_short else ""
        return Reading(f"NULLIF({column}, '')", f"{column} <> ''{has_no_nul}{is_short}")
    if of.kind in {ValueKind.INTEGER, ValueKind.UUID, ValueKind.BOOLEAN}:
        return Reading(value, f"{column} IS NOT NULL")
    if of.kind is ValueKind.DATE:
        return Reading(value, in_range(column, "DATE"))
    if of.kind in _NUMBERS:
        whole = _guarded(_within(column), column, "BIGINT", words)
        return Reading(f"CAST({whole} AS {words.text})", _whole(column))
    return None


_TYPES: Mapping[AttributeType, str] = {
    AttributeType.INTEGER: "BIGINT",
    AttributeType.DECIMAL: _DECIMAL,
    AttributeType.DATE: "DATE",
    AttributeType.BOOLEAN: "BOOLEAN",
}
_READINGS: Mapping[AttributeType, Callable[[str, EngineType, Words], Reading | None]] = {
    AttributeType.INTEGER: _integer,
    AttributeType.DECIMAL: _decimal,
    AttributeType.DATE: _date,
    AttributeType.TEXT: _text,
    AttributeType.BOOLEAN: _boolean,
}
