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

from pointbook.relational.steps.exact import EXACT_QUOTIENT

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from pointbook.relational.plan import Plan
    from pointbook.relational.steps.steps import Step

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
        text: The same as text.
        reads: Names of the relations in it.
    """

    step: Step
    query: exp.Query
    text: str
    reads: tuple[str, ...]


class Statements:
    """The steps of a plan as SQL in a dialect, each written when it is first asked for."""

    def __init__(self, plan: Plan, dialect: Dialect) -> None:
        """Nothing is written yet."""
        self._steps = {step.name: step for step in plan.steps}
        self._written: dict[str, Statement] = {}
        self._dialect = dialect

    def __contains__(self, name: object) -> bool:
        """Whether the plan has a step of that name."""
        return name in self._steps

    def __getitem__(self, name: str) -> Statement:
        """The step of that name."""
        if name not in self._written:
            self._written[name] = statement_of(self._steps[name], self._dialect)
        return self._written[name]

    def needed_for(self, wanted: str, stored: Collection[str] = ()) -> list[str]:
        """Names of the steps that are not stored and that `wanted` needs, itself the last, in order."""
        found, open_names = {wanted}, [wanted]
        while open_names:
            for name in self[open_names.pop()].reads:
                if name in self and name not in stored and name not in found:
                    found.add(name)
                    open_names.append(name)
        return [name for name in self._steps if name in found]

    def clauses_for(self, wanted: str, stored: Collection[str]) -> str:
        """The named relations that make `wanted` known to a query that follows; empty if it is stored."""
        if wanted in stored:
            return ""
        needed = self.needed_for(wanted, stored)
        uses = [name for one in needed for name in self[one].reads]
        clauses = []
        for name in needed:
            how = ""
            if self._dialect.materializes and name != wanted:
                how = "MATERIALIZED " if uses.count(name) > 1 else "NOT MATERIALIZED "
            clauses.append(f"{quoted(name, self._dialect)} AS {how}({self[name].text})")
        return f"WITH {', '.join(clauses)} "


def quoted(name: str, dialect: Dialect) -> str:
    """A name as SQL."""
    return exp.to_identifier(name, quoted=True).sql(dialect=dialect.name)


def statement_of(step: Step, dialect: Dialect) -> Statement:
    """A step as SQL in a dialect."""
    query = _compiler(dialect.compiler).to_sqlglot(step.table)
    _order_by_code_point(query, dialect)
    # ibis puts one and the same node wherever an expression is used again; in a copy each has its place.
    query = query.copy().transform(_adapted, dialect, copy=False)
    reads = tuple(dict.fromkeys(table.name for table in query.find_all(exp.Table)))
    return Statement(step, query, query.sql(dialect=dialect.name, copy=False), reads)


def _order_by_code_point(query: exp.Expression, dialect: Dialect) -> None:
    """Name the collation wherever a query orders by texts.

    What ibis puts into tuples, such as what a window is ordered by, becomes lists, because sqlglot
    passes over tuples when it walks a query.
    """
    for node in query.walk():
        for name, value in node.args.items():
            if isinstance(value, tuple):
                node.set(name, list(value))
        if isinstance(node, exp.Ordered) and dialect.collation and node.this.name in ORDERED_TEXTS:
            node.set("this", exp.Collate(this=node.this, expression=exp.Var(this=dialect.collation)))


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
    return node


def _is_cast(node: exp.Expression) -> bool:
    return isinstance(node.parent, exp.Cast) and node.parent.to.is_type("bigint")
