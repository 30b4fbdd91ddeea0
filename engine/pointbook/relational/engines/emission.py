"""A plan's steps as SQL in a dialect.

ibis writes each step; what engines differ in beyond that is settled here: the type of a sum, the
exact quotient of integers, and the order of texts, which is by code point everywhere.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager, suppress
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from ibis.backends.sql import compilers
from sqlglot import exp, generator

from pointbook.relational.engines.quotients import QUOTIENTS
from pointbook.relational.steps.exact import EXACT_QUOTIENT

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from pointbook.relational.engines.dialects import Dialect
    from pointbook.relational.plan import Plan
    from pointbook.relational.steps.context import Step

# ibis teaches sqlglot's own dialects as it is imported. sqlglot remembers how it writes each from its first
# query on, so that after one without ibis, such as a table's, it would not write as it was taught.
vars(generator).get("_DISPATCH_CACHE", {}).clear()

ORDERED_TEXTS = frozenset(("member_id", "event_id"))
"""Columns of text that the plan orders by."""


@cache
def _compiler(name: str) -> Any:
    return getattr(compilers, name)()


class Statement(NamedTuple):
    """A step as SQL: the query, and the same as text."""

    query: exp.Query
    text: str


class Statements:
    """The steps of a plan as SQL in a dialect, each written when it is first asked for."""

    def __init__(self, plan: Plan, dialect: Dialect) -> None:
        """Nothing is written yet."""
        self._steps = {step.name: step for step in plan.steps}
        self._written: dict[str, Statement] = {}
        self._dialect = dialect

    def __getitem__(self, name: str) -> Statement:
        """The step of that name."""
        if name not in self._written:
            self._written[name] = statement_of(self._steps[name], self._dialect)
        return self._written[name]

    def has(self, name: str) -> bool:
        """Whether the plan has a step of that name."""
        return name in self._steps

    @contextmanager
    def written_meanwhile(self, names: Iterable[str]) -> Iterator[None]:
        """Write the steps of these names, in order, for as long as the block waits for something else."""
        is_over = threading.Event()

        def write() -> None:
            with suppress(Exception):  # whoever asks for a step that cannot be written is told why
                for name in names:
                    if is_over.is_set():
                        return
                    self[name]

        writer = threading.Thread(target=write)
        writer.start()
        try:
            yield
        finally:
            is_over.set()
            writer.join()

    def needed_for(self, wanted: str, stored: Collection[str] = ()) -> list[str]:
        """Names of the steps that are not stored and that `wanted` needs, itself the last, in order."""
        found, open_names = {wanted}, [wanted]
        while open_names:
            for name in self._steps[open_names.pop()].reads:
                if name in self._steps and name not in stored and name not in found:
                    found.add(name)
                    open_names.append(name)
        return [name for name in self._steps if name in found]

    def clauses_for(self, wanted: str, stored: Collection[str], *, for_file: bool = False) -> str:
        """The named relations that make `wanted` known to a query that follows; empty if it is stored.

        Args:
            wanted: A step.
            stored: Steps that the engine has as relations.
            for_file: Texts of `wanted` that are one of a few are values of an enumeration, if the engine
                writes files: it writes these in a tenth of the time, and the file has texts.
        """
        if wanted in stored:
            return ""
        needed = self.needed_for(wanted, stored)
        uses = [name for one in needed for name in self._steps[one].reads]
        clauses = []
        for name in needed:
            how = ""
            if self._dialect.materializes and name != wanted:
                is_kept = uses.count(name) > 1 and not self._steps[name].is_read_anew
                how = "MATERIALIZED " if is_kept else "NOT MATERIALIZED "
            text = self[name].text
            if name == wanted and for_file and self._dialect.writes_files:
                text = _enumerated(self[name].query).sql(dialect=self._dialect.name, copy=False)
            clauses.append(f"{quoted(name, self._dialect)} AS {how}({text})")
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
    return Statement(query, query.sql(dialect=dialect.name, copy=False))


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
    is_sum = isinstance(node, exp.Sum) and not isinstance(node.parent, exp.Window)
    is_running_sum = isinstance(node, exp.Window) and isinstance(node.this, exp.Sum)
    if dialect.widens_sums and (is_sum or is_running_sum) and not _is_cast(node):
        return exp.cast(node, "BIGINT")
    if isinstance(node, exp.Anonymous) and node.name.lower() == EXACT_QUOTIENT:
        numerator, denominator = node.expressions
        return QUOTIENTS[dialect.name](numerator, denominator)
    if isinstance(node, exp.Subquery) and not isinstance(node.parent, (exp.From, exp.Join, exp.Select)):
        node.set("alias", None)  # ibis names it everywhere as the column that it is too, which is no SQL
    if isinstance(node, exp.Star):
        for columns in node.args.values():
            if isinstance(columns, list):  # ibis lists what it leaves out in the order of a set
                columns.sort(key=lambda column: str(column.name))
    return node


def _enumerated(query: exp.Query) -> exp.Query:
    """A query whose columns of a few texts are enumerations: numbers, with their texts in the type."""
    query = query.copy()
    for column in query.selects:
        choices = list(_choices(column.unalias()))
        texts = sorted({choice.name for choice in choices if choice.is_string})
        if texts and all(choice.is_string or _is_null(choice) for choice in choices):
            listed = exp.DataType(this=exp.DType.ENUM, expressions=[exp.convert(text) for text in texts])
            for choice in choices:
                choice.replace(exp.cast(choice.copy(), listed.copy()))
    return query


def _choices(value: exp.Expr) -> Iterator[exp.Expr]:
    """What a value is one of."""
    if isinstance(value, exp.Case):
        branches = [*(branch.args["true"] for branch in value.args["ifs"]), value.args.get("default")]
    elif isinstance(value, exp.If):
        branches = [value.args["true"], value.args.get("false")]
    else:
        yield value
        return
    for branch in branches:
        if branch is not None:
            yield from _choices(branch)


def _is_null(value: exp.Expr) -> bool:
    return isinstance(value.this if isinstance(value, exp.Cast) else value, exp.Null)


def _is_cast(node: exp.Expression) -> bool:
    return isinstance(node.parent, exp.Cast) and node.parent.to.is_type("bigint")
