"""A plan as one query for a warehouse, with the rules in it and a comment on each step."""

from __future__ import annotations

import re
import textwrap
from datetime import date
from functools import reduce
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from pointbook.relational.engines.dialects import DIALECTS
from pointbook.relational.engines.emission import Statements, quoted
from pointbook.relational.results import ORDERS, result_columns
from pointbook.relational.steps.context import AS_OF

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from pointbook.relational.engines.dialects import Dialect
    from pointbook.relational.plan import Plan
    from pointbook.relational.rulebook.rows import RuleTable
    from pointbook.relational.steps.context import Step

_TYPES = {"int32": "INT", "int64": "BIGINT", "string": "TEXT", "boolean": "BOOLEAN", "date": "DATE"}
_CUT = re.compile(r"[^ -~]|(?<={)(?=[{%#])")
"""Where a constant may be cut: at what is not printable, and within signs of a template."""
_MOST_OF_SPARK = 255
_RULES_COMMENTS = {
    "rules": "the rules: a row for each activity, by the version in force on an event's day (-1: none yet)",
    "caps": "the caps that activities meet, with the limits they have had",
    "amounts": "tables of amounts, by the attribute's value",
    "editions": "the versions, with their days and thresholds",
    "ladder": "the levels of each version by rank, -1 being none",
    "digits": "the digits, to make numbers of",
}


def script_of(plan: Plan, dialect_name: str, result: str, as_of: date) -> str:
    """The query of a result over tables `events` and `members`.

    Args:
        plan: The plan, of one version set, for any engine and any as-of date.
        dialect_name: One of `DIALECTS`.
        result: `ledger`, `standings` or `history`.
        as_of: The last day that counts.

    Raises:
        ValueError: The plan is for an engine that keeps the order of sorted rows, or for one day.
    """
    dialect = DIALECTS[dialect_name]
    day = exp.select(exp.alias_(exp.cast(exp.convert(as_of.isoformat()), "DATE"), "day", quoted=True))
    inputs = [
        part(AS_OF, "the last day that counts: said here alone", day.sql(dialect=dialect.name), dialect)
    ]
    order = [exp.column(column, result, quoted=True) for column in ORDERS[result]]
    query = query_of(plan, dialect, result, inputs, lambda selected: selected.order_by(*order))
    return f"{_header(plan, result)}{query}\n"


def query_of(
    plan: Plan,
    dialect: Dialect,
    result: str,
    inputs: Sequence[str],
    finished: Callable[[exp.Select], exp.Select] = lambda selected: selected,
) -> str:
    """The query of a result, with a comment on each step.

    Args:
        plan: The plan, of one version set, for any engine and any as-of date.
        dialect: Whose SQL it is.
        result: `ledger`, `standings` or `history`.
        inputs: What comes before the first step: at least the as-of date.
        finished: What is done to the selection of the result's columns.

    Raises:
        ValueError: The plan is for an engine that keeps the order of sorted rows, or for one day.
    """
    if plan.keeps_order or plan.as_of is not None:
        raise ValueError("the plan is not for every engine and day")
    statements = Statements(plan, dialect)
    steps = {step.name: step for step in plan.steps}
    needed = [steps[name] for name in statements.needed_for(result)]
    parts = [
        *inputs,
        *_rule_parts(plan, needed, dialect),
        *(
            part(step.name, step.comment, _pretty(statements[step.name].query, dialect), dialect)
            for step in needed
        ),
    ]
    final = finished(_selected(plan, result)).sql(dialect=dialect.name, pretty=True)
    return "WITH\n" + ",\n\n".join(parts) + f"\n\n{final}"


def _header(plan: Plan, result: str) -> str:
    one, columns = plan.sets[0], plan.columns
    versions = (
        f"version {one.fixed}, as if it had always been in force"
        if one.fixed
        else "each event by its version"
    )
    lines = [
        f"{plan.program.id}: {result}, {versions}. The as-of date is `{AS_OF}`, below.",
        "",
        "Written by `pointbook sql` from the rules; change those, not this.",
        f"Reads `events` ({', '.join(f'{name} {kind}' for name, kind in columns.events.items())})",
        f"and `members` ({', '.join(f'{name} {kind}' for name, kind in columns.members.items())}).",
        f"`at` is the time in UTC, `local` the same in {plan.program.timezone}, both without time zone.",
        "",
        *NOT_LOOKED_AT,
    ]
    if plan.program.member_attributes:
        lines.append(
            "A member has one row: where attributes change (`valid_from`), take `pointbook evaluate`."
        )
    return "".join(f"-- {one_line(line)}".rstrip() + "\n" for line in lines)


NOT_LOOKED_AT = (
    "It rejects no row, so the rows must be clean, or figures are wrong and nothing says so:",
    "- no event_id and no member_id of `members` comes twice: a second row counts twice",
    "- each event's member is in `members`: else the event is in no result",
    "- no column has a collation by which other letters are the same, such as `M` and `m`",
    "- event_id, member_id, activity, at, local and signed_up_on are there, and not empty texts",
    "- columns have these types, days lie in 1900 to 2999, whole numbers have at most 15 digits",
    "`pointbook sql --dbt DIR` writes models that find such rows; `pointbook evaluate` rejects them.",
)
"""What a query takes for granted, for its header."""


def one_line(text: str) -> str:
    """A text that stays in its comment, whatever names are in it, and is no template."""
    printed = "".join(character if character.isprintable() else " " for character in text)
    return re.sub(r"{(?=[{%#])", "{ ", printed)


def _rule_parts(plan: Plan, needed: Iterable[Step], dialect: Dialect) -> Iterator[str]:
    read = {table for step in needed for table in step.reads}
    for name, table in plan.book.tables.items():
        if name in read:
            yield part(name, _RULES_COMMENTS[name], _rows(table, dialect), dialect)


def part(name: str, comment: str, query: str, dialect: Dialect) -> str:
    """A named relation with its comment."""
    return f"-- {comment}\n{quoted(name, dialect)} AS (\n{textwrap.indent(query, '  ')}\n)"


def _pretty(query: exp.Query, dialect: Dialect) -> str:
    return query.transform(_cut_constant, dialect).sql(dialect=dialect.name, pretty=True)


def _cut_constant(node: exp.Expr, dialect: Dialect) -> exp.Expr:
    """A constant that says the same wherever the query stands: indented, in a model of dbt, in a terminal.

    `'{{ x }}'` becomes `('{' || '{ x }}')`, and a line break, or what else is not printable, `CHR(10)`.
    """
    if not (isinstance(node, exp.Literal) and node.is_string):
        return node
    cuts = [cut for cut in _CUT.finditer(node.name) if not (cut[0] and cut[0].isprintable())]
    if not cuts:
        return node
    parts: list[exp.Expr] = []
    start = 0
    for cut in cuts:
        parts.append(exp.convert(node.name[start : cut.start()]))
        parts += [_character(cut[0], dialect)] if cut[0] else []
        start = cut.end()
    parts.append(exp.convert(node.name[start:]))
    return exp.Paren(this=reduce(lambda one, other: exp.DPipe(this=one, expression=other), parts))


def _character(character: str, dialect: Dialect) -> exp.Expr:
    """A character by its number; Spark's `CHR` knows the first 256 alone."""
    if dialect.name == "spark" and ord(character) > _MOST_OF_SPARK:
        code = exp.convert(character.encode().hex())
        return exp.Anonymous(this="DECODE", expressions=[exp.Unhex(this=code), exp.convert("UTF-8")])
    return exp.Chr(expressions=[exp.convert(ord(character))])


def _rows(table: RuleTable, dialect: Dialect) -> str:
    """Rows as a query. The first one says names and types."""
    if not table.rows:
        nothing = [
            exp.alias_(exp.cast(exp.null(), _TYPES[kind]), name, quoted=True)
            for name, kind in table.types.items()
        ]
        return exp.select(*nothing).where(exp.false()).sql(dialect=dialect.name)
    selects = []
    for index, row in enumerate(table.rows):
        values = [_literal(row[name], kind, dialect, typed=index == 0) for name, kind in table.types.items()]
        if index == 0:
            values = [
                f"{value} AS {quoted(name, dialect)}" for name, value in zip(table.types, values, strict=True)
            ]
        selects.append(f"SELECT {', '.join(values)}")
    return "\nUNION ALL ".join(selects)


def constant(text: str, dialect: Dialect) -> str:
    """A text as SQL, which says the same wherever it stands."""
    return exp.convert(text).transform(_cut_constant, dialect).sql(dialect=dialect.name)


def _literal(value: Any, kind: str, dialect: Dialect, *, typed: bool) -> str:
    node = exp.convert(value.isoformat() if isinstance(value, date) else value)
    if typed or kind == "date":
        node = exp.cast(node, _TYPES[kind])
    return node.transform(_cut_constant, dialect).sql(dialect=dialect.name)


def _selected(plan: Plan, result: str) -> exp.Select:
    columns = [
        exp.alias_(exp.column(column, quoted=True), title, quoted=True)
        for title, column in result_columns(result, plan.program).items()
    ]
    return exp.select(*columns).from_(exp.to_table(f'"{result}"'))
