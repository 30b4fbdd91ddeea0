"""What engines differ in; nothing of a plan is needed to know it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True, slots=True)
class Dialect:
    """How an engine wants its SQL.

    Attributes:
        name: What sqlglot calls it.
        compiler: The class in ibis that writes it.
        widens_sums: A sum of 64-bit integers is of a wider type.
        quotient: The exact quotient of two integers, cut towards 0.
        collation: The collation by code point, where that is not the default.
        materializes: It can be told whether to compute a named relation once.
        writes_files: It writes files of Parquet itself, and has enumerations.
    """

    name: str
    compiler: str
    widens_sums: bool
    quotient: Callable[[exp.Expression, exp.Expression], exp.Expression]
    collation: str | None = None
    materializes: bool = False
    writes_files: bool = False


def _integer_division(numerator: exp.Expression, denominator: exp.Expression) -> exp.Expression:
    return exp.Paren(this=exp.IntDiv(this=exp.Paren(this=numerator), expression=exp.Paren(this=denominator)))


def _div(numerator: exp.Expression, denominator: exp.Expression) -> exp.Expression:
    return exp.cast(exp.Anonymous(this="DIV", expressions=[numerator, denominator]), "BIGINT")


def _divisible(numerator: exp.Expression, denominator: exp.Expression) -> exp.Expression:
    rest = exp.Anonymous(this="MOD", expressions=[numerator.copy(), denominator.copy()])
    divisible = exp.Paren(this=exp.Sub(this=exp.Paren(this=numerator), expression=rest))
    return exp.cast(exp.Div(this=divisible, expression=exp.Paren(this=denominator)), "BIGINT")


DIALECTS: Mapping[str, Dialect] = {
    "duckdb": Dialect(
        "duckdb", "DuckDBCompiler", True, _integer_division, materializes=True, writes_files=True
    ),
    "postgres": Dialect("postgres", "PostgresCompiler", True, _div, collation='"C"', materializes=True),
    "spark": Dialect("spark", "PySparkCompiler", False, _integer_division),
    "bigquery": Dialect("bigquery", "BigQueryCompiler", False, _div),
    "snowflake": Dialect("snowflake", "SnowflakeCompiler", False, _divisible),
}
