"""What warehouses say differently about times, types and names, beyond what sessions need to know."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pointbook.log import ValueKind
from pointbook.relational.inputs.engine_words import WORDS, Words

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Warehouse:
    """A warehouse that dbt builds in. `{0}`, `{1}` and so on stand for expressions.

    Attributes:
        adapters: What dbt calls it.
        words: How it says what all say.
        in_zone: A time in UTC as the time in the zone named `{1}`, both without zone.
        seconds_since: Seconds from the time `{1}` to `{0}`, which have the same fraction of a second.
        types: Kinds of types that only it has, or calls so.
        has_decimals_that_are_none: A decimal can be no number; that is nothing.
    """

    adapters: tuple[str, ...]
    words: Words
    in_zone: str
    seconds_since: str
    types: Mapping[str, ValueKind] = field(default_factory=dict)
    has_decimals_that_are_none: bool = False


_BIGQUERY = Words(
    text="STRING",
    local="DATETIME",
    double="FLOAT64",
    in_utc="DATETIME({0}, 'UTC')",
    plus_seconds="DATETIME_ADD({0}, INTERVAL {1} SECOND)",
    is_nan="IS_NAN({0})",
    key="{0}",
    attempt="SAFE_CAST({0} AS {1})",
    quote="`",
    has_escapes=True,
)
_SNOWFLAKE = Words(
    text="VARCHAR",
    local="TIMESTAMP_NTZ",
    double="DOUBLE",
    in_utc="CAST(CONVERT_TIMEZONE('UTC', {0}) AS TIMESTAMP_NTZ)",
    plus_seconds="DATEADD('second', {1}, {0})",
    is_nan="{0} = 'NaN'",
    key="{0}",
    attempt="CAST({0} AS {1})",
    has_escapes=True,
)
_TO_AND_FRO = "(({0}) AT TIME ZONE 'UTC') AT TIME ZONE '{1}'"

WAREHOUSES: Mapping[str, Warehouse] = {
    "duckdb": Warehouse(("duckdb",), WORDS["duckdb"], _TO_AND_FRO, "DATE_DIFF('second', {1}, {0})"),
    "postgres": Warehouse(
        ("postgres",),
        WORDS["postgres"],
        _TO_AND_FRO,
        "CAST(EXTRACT(EPOCH FROM (({0}) - ({1}))) AS BIGINT)",
        has_decimals_that_are_none=True,
    ),
    "spark": Warehouse(
        ("spark", "databricks"),
        WORDS["spark"],
        "CONVERT_TIMEZONE('UTC', '{1}', {0})",
        "TIMESTAMPDIFF(SECOND, {1}, {0})",
    ),
    "bigquery": Warehouse(
        ("bigquery",),
        _BIGQUERY,
        "DATETIME(TIMESTAMP({0}, 'UTC'), '{1}')",
        "DATETIME_DIFF({0}, {1}, SECOND)",
        {
            "int64": ValueKind.INTEGER,
            "bignumeric": ValueKind.DECIMAL,
            "float64": ValueKind.DOUBLE,
            "datetime": ValueKind.LOCAL,
            "timestamp": ValueKind.INSTANT,
        },
    ),
    "snowflake": Warehouse(
        ("snowflake",),
        _SNOWFLAKE,
        "CONVERT_TIMEZONE('UTC', '{1}', {0})",
        "DATEDIFF('second', {1}, {0})",
        {
            "number": ValueKind.DECIMAL,
            "float": ValueKind.DOUBLE,
            "datetime": ValueKind.LOCAL,
            "timestamp_tz": ValueKind.INSTANT,
            "timestamp_ltz": ValueKind.INSTANT,
        },
    ),
}
"""By the names of `DIALECTS`. DuckDB's and PostgreSQL's are run by tests; the others are only written."""
