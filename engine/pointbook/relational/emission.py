"""A plan's steps as SQL in a dialect.

ibis writes each step; what engines differ in beyond that is settled here: the type of a sum, the
exact quotient of integers, and the order of texts, which is by code point everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from ibis.backends.sql import compilers
from sqlglot import exp

from pointbook.relational.exact import EXACT_QUOTIENT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pointbook.relational.plan import Plan
    from pointbook.relational.steps import Step

ORDERED_TEXTS = frozenset(("member_id", "event_id"))
"""Columns of text that the plan orders by."""


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
    """

    name: str
    compiler: str
    widens_sums: bool
    quotient: Callable[[exp.Expression, exp.Expression], exp.Expression]
    collation: str | None = None
    materializes: bool = False


def _integer_division(numerator: exp.Expression, denominator: exp.Expression) -> exp.Expression:
    return exp.Paren(this=exp.IntDiv(this=exp.Paren(this=numerator), expression=exp.Paren(this=denominator)))


def _div(numerator: exp.Expression, denominator: exp.Expression) -> exp.Expression:
    return exp.cast(exp.Anonymous(this="DIV", expressions=[numerator, denominator]), "BIGINT")


def _divisible(numerator: exp.Expression, denominator: exp.Expression) -> exp.Expression:
    rest = exp.Anonymous(this="MOD", expressions=[numerator.copy(), denominator.copy()])
    divisible = exp.Paren(this=exp.Sub(this=exp.Paren(this=numerator), expression=rest))
    return exp.cast(exp.Div(this=divisible, expression=exp.Paren(this=denominator)), "BIGINT")


DIALECTS: Mapping[str, Dialect] = {
    "duckdb": Dialect("duckdb", "DuckDBCompiler", True, _integer_division, materializes=True),
    "postgres": Dialect("postgres", "PostgresCompiler", True, _div, collation='"C"', materializes=True),
    "spark": Dialect("spark", "PySparkCompiler", False, _integer_division),
    "bigquery": Dialect("bigquery", "BigQueryCompiler", False, _div),
    "snowflake": Dialect("snowflake", "SnowflakeCompiler", False, _divisible),
}


@cache
def _compiler(name: str) -> Any:
    return getattr(compilers, name)()


@dataclass(frozen=True, slots=True)
class Statement:
    """A step as SQL.

    Attributes:
        step: What it computes.
        query: The query.
        reads: Names of the relations in it.
    """

    step: Step
    query: exp.Query
    reads: tuple[str, ...]

    @property
    def name(self) -> str:
        """The step's name."""
        return self.step.name


def statements_of(plan: Plan, dialect: Dialect) -> dict[str, Statement]:
    """Each step of the plan by name, in order."""
    return {step.name: _statement(step, dialect) for step in plan.steps}


def _statement(step: Step, dialect: Dialect) -> Statement:
    query = _compiler(dialect.compiler).to_sqlglot(step.table)
    query = query.transform(_adapted, dialect)
    reads = tuple(dict.fromkeys(table.name for table in query.find_all(exp.Table)))
    return Statement(step, query, reads)


def _adapted(node: exp.Expression, dialect: Dialect) -> exp.Expression:
    if isinstance(node, exp.Sum) and dialect.widens_sums and not isinstance(node.parent, exp.Window):
        return exp.cast(node, "BIGINT") if not _is_cast(node) else node
    if (
        isinstance(node, exp.Window)
        and isinstance(node.this, exp.Sum)
        and dialect.widens_sums
        and not _is_cast(node)
    ):
        return exp.cast(node, "BIGINT")
    if isinstance(node, exp.Anonymous) and node.name.lower() == EXACT_QUOTIENT:
        numerator, denominator = node.expressions
        return dialect.quotient(numerator, denominator)
    if isinstance(node, exp.Star):
        for columns in node.args.values():
            if isinstance(columns, list):  # ibis lists what it leaves out in the order of a set
                columns.sort(key=lambda column: str(column.name))
        return node
    if isinstance(node, exp.Ordered) and dialect.collation and node.this.name in ORDERED_TEXTS:
        node.set("this", exp.Collate(this=node.this, expression=exp.Var(this=dialect.collation)))
    return node


def _is_cast(node: exp.Expression) -> bool:
    return isinstance(node.parent, exp.Cast) and node.parent.to.is_type("bigint")


def query_with(
    statements: Mapping[str, Statement], wanted: str, stored: Sequence[str], dialect: Dialect
) -> exp.Query:
    """The query of a step together with all it needs that is not stored, as named relations."""
    needed = _needed(statements, wanted, stored)
    uses = [name for one in (*needed, wanted) for name in statements[one].reads]
    query = statements[wanted].query.copy()
    for name in needed:
        materialized = uses.count(name) > 1 if dialect.materializes else None
        query = query.with_(name, as_=statements[name].query.copy(), materialized=materialized, copy=False)
    return query


def _needed(statements: Mapping[str, Statement], wanted: str, stored: Sequence[str]) -> tuple[str, ...]:
    """Steps that are not stored and that `wanted` needs, in the plan's order."""
    found: set[str] = set()
    open_names = [wanted]
    while open_names:
        for name in statements[open_names.pop()].reads:
            if name in statements and name not in stored and name not in found:
                found.add(name)
                open_names.append(name)
    return tuple(name for name in statements if name in found)
