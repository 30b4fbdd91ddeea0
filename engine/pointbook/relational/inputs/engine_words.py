"""What engines say differently about typed columns: the kinds of their types, and a few expressions."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pointbook.log import ValueKind
from pointbook.log.rows.csv_cells import LONGEST_CELL
from pointbook.relational.engines.sessions import exact

if TYPE_CHECKING:
    from collections.abc import Mapping

_ARGUMENTS = re.compile(r"\(.*\)")  # PostgreSQL has them in the middle: timestamp(3) with time zone
_SCALE = re.compile(r"\(\s*[0-9]+\s*,\s*([0-9]+)\s*\)")

_INTEGERS = ("tinyint", "smallint", "int", "integer", "bigint", "hugeint", "int2", "int4", "int8")
_KINDS: Mapping[str, ValueKind] = {
    name: kind
    for kind, names in {
        ValueKind.INTEGER: (*_INTEGERS, *(f"u{name}" for name in _INTEGERS[:6])),
        ValueKind.TEXT: (
            *("varchar", "text", "string", "char", "character", "character varying", "enum"),
            *("bpchar", "name", "json", "jsonb"),
        ),
        ValueKind.DECIMAL: ("decimal", "numeric"),
        ValueKind.SINGLE: ("float", "real", "float4"),
        ValueKind.DOUBLE: ("double", "double precision", "float8"),
        ValueKind.BOOLEAN: ("boolean", "bool"),
        ValueKind.DATE: ("date",),
        ValueKind.LOCAL: (
            *("timestamp", "timestamp_s", "timestamp_ms", "timestamp_ns", "timestamp_ntz"),
            "timestamp without time zone",
        ),
        ValueKind.INSTANT: ("timestamp with time zone", "timestamptz", "timestamptz_ns"),
        ValueKind.UUID: ("uuid",),
        ValueKind.NOTHING: ('"null"', "null", "void"),
    }.items()
    for name in names
}


@dataclass(frozen=True, slots=True)
class EngineType:
    """The type of a column in an engine.

    Attributes:
        name: What the engine calls it.
        kind: The kind of its values, None where they have no text.
        scale: Digits after the point of a decimal; None where there are as many as a value needs.
        is_nanosecond: It is a time with nine digits after the second.
    """

    name: str
    kind: ValueKind | None
    scale: int | None = None
    is_nanosecond: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """How an engine says what all of them can say. `{0}` and `{1}` stand for expressions.

    Attributes:
        text: The type of texts.
        local: The type of times without a zone.
        double: The type of floating-point numbers of 64 bits.
        in_utc: A moment of the world as a time without zone, in UTC.
        in_utc_ns: Likewise where it has nine digits; empty where there is no such type.
        in_utc_ns_text: Likewise, with all of them.
        nanoseconds: A time's nanoseconds beyond the microsecond; empty where there are none.
        beyond_midnight: A time's nanoseconds beyond midnight; likewise.
        plus_seconds: A time and so many seconds.
        is_nan: Whether a floating-point number is none.
        has_nul: Whether a text has the character of code 0; empty where no text can.
        is_short: Whether a text has no more characters than a cell may have; empty where no file is read.
        matches: Whether a text is written as the pattern says; empty where texts are not looked into.
        attempt: A value cast to a type. Where the engine evaluates parts of a CASE before its
            conditions, nothing where it cannot be cast.
        key: What tells event ids apart; different ids may have the same one, if very rarely.
        row_hash: A whole number of 64 bits that tells lists of expressions apart, with nothing among them,
            and mixed so well that sums of it tell sets of rows apart; empty where no results are updated.
        cells_hash: The same, begun with a whole number.
        cells: Where these are to be texts, of what they are made for some kinds of values, whose own texts
            take long to make.
        exact: A text that is equal to no other; where a column may say so, and the engine then does.
        quote: The mark around names.
        has_escapes: Whether a backslash in a text says something of what follows it.
    """

    text: str
    local: str
    double: str
    in_utc: str
    plus_seconds: str
    is_nan: str
    key: str
    attempt: str
    row_hash: str = ""
    cells_hash: str = ""
    cells: Mapping[ValueKind, str] = field(default_factory=dict)
    exact: str = "{0}"
    in_utc_ns: str = ""
    in_utc_ns_text: str = ""
    nanoseconds: str = ""
    beyond_midnight: str = ""
    has_nul: str = ""
    is_short: str = ""
    matches: str = ""
    quote: str = '"'
    has_escapes: bool = False

    def named(self, *names: str) -> str:
        """Columns of these names."""
        return ", ".join(
            f"{self.quote}{name.replace(self.quote, self.quote * 2)}{self.quote}" for name in names
        )

    def literal(self, text: str) -> str:
        """A text as SQL."""
        if self.has_escapes:
            return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
        return "'" + text.replace("'", "''") + "'"

    def selected(self, columns: Mapping[str, str]) -> str:
        """Expressions under their names."""
        return ", ".join(f"{sql} AS {self.named(name)}" for name, sql in columns.items())


WORDS: Mapping[str, Words] = {
    "duckdb": Words(
        text="VARCHAR",
        local="TIMESTAMP",
        double="DOUBLE",
        in_utc="make_timestamp(epoch_us({0}))",
        in_utc_ns="make_timestamp(epoch_ns({0}) // 1000)",
        in_utc_ns_text="make_timestamp_ns(epoch_ns({0}))",
        nanoseconds="epoch_ns({0}) % 1000",
        beyond_midnight="epoch_ns({0}) % 86400000000000",
        plus_seconds="{0} + to_seconds({1})",
        is_nan="isnan({0})",
        has_nul="contains({0}, chr(0))",
        is_short=f"length({{0}}) <= {LONGEST_CELL}",
        matches="regexp_full_match({0}, {1})",
        attempt="TRY_CAST({0} AS {1})",
        key="hash({0})",
        row_hash="hash(hash({0}))",  # once more, as values are joined by an exclusive or
        cells_hash="hash(hash({0}, {1}))",
        exact=f"({exact('{0}')})",  # a column can be made to take capital letters for small ones
    ),
    "postgres": Words(
        text="TEXT",
        local="TIMESTAMP",
        double="DOUBLE PRECISION",
        in_utc="{0} AT TIME ZONE 'UTC'",
        plus_seconds="{0} + make_interval(secs => {1})",
        is_nan="{0} = 'NaN'",
        key="{0}",
        row_hash="hashtextextended(CAST(ROW({0}) AS TEXT), 0)",  # which quotes texts
        # Once more, as values are joined by a sum; and letters are told apart whatever a column says of them.
        cells_hash='hashtextextended(CAST(hash_array_extended(ARRAY[{1}] COLLATE "C", {0}) AS TEXT), {0})',
        cells={
            ValueKind.LOCAL: "encode(timestamp_send({0}), 'hex')",
            ValueKind.INSTANT: "encode(timestamptz_send({0}), 'hex')",
        },
        exact=f"({exact('{0}')})",
        attempt="CAST({0} AS {1})",
    ),
    "spark": Words(
        text="STRING",
        local="TIMESTAMP_NTZ",
        double="DOUBLE",
        in_utc="CAST({0} AS TIMESTAMP_NTZ)",  # the session's zone is UTC
        plus_seconds="{0} + make_dt_interval(0, 0, 0, {1})",
        is_nan="isnan({0})",
        has_nul="instr({0}, char(0)) > 0",
        key="{0}",
        attempt="TRY_CAST({0} AS {1})",
        quote="`",
        has_escapes=True,
    ),
}


def known_types(dialect: str) -> dict[str, ValueKind]:
    """The kind of each type whose values have a text, by its name without arguments."""
    kinds = {name: column_type(name, dialect).kind for name in _KINDS}
    return {name: kind for name, kind in kinds.items() if kind is not None}


def column_type(name: str, dialect: str) -> EngineType:
    """The type that an engine calls `name`."""
    lowered = name.lower()
    bare = _ARGUMENTS.sub("", lowered).strip()
    if lowered.endswith("]") or (dialect == "spark" and bare == "timestamp"):
        return EngineType(name, None if lowered.endswith("]") else ValueKind.INSTANT)
    scale = _SCALE.search(lowered)
    return EngineType(name, _KINDS.get(bare), int(scale[1]) if scale else None, bare.endswith("_ns"))
