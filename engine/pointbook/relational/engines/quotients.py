"""The exact quotient of two integers, cut towards 0, as each engine writes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def _integer_division(numerator: exp.Expression, denominator: exp.Expression) -> exp.Expression:
    return exp.Paren(this=exp.IntDiv(this=exp.Paren(this=numerator), expression=exp.Paren(this=denominator)))


def _div(numerator: exp.Expression, denominator: exp.Expression) -> exp.Expression:
    return exp.cast(exp.Anonymous(this="DIV", expressions=[numerator, denominator]), "BIGINT")


def _divisible(numerator: exp.Expression, denominator: exp.Expression) -> exp.Expression:
    rest = exp.Anonymous(this="MOD", expressions=[numerator.copy(), denominator.copy()])
    divisible = exp.Paren(this=exp.Sub(this=exp.Paren(this=numerator), expression=rest))
    return exp.cast(exp.Div(this=divisible, expression=exp.Paren(this=denominator)), "BIGINT")


QUOTIENTS: Mapping[str, Callable[[exp.Expression, exp.Expression], exp.Expression]] = {
    "duckdb": _integer_division,
    "postgres": _div,
    "spark": _integer_division,
    "bigquery": _div,
    "snowflake": _divisible,
}
"""By the names of `DIALECTS`."""
