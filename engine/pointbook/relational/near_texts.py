"""Texts that nearly are what a rule names, counted where the log lies.

The engine counts how often each different text occurs where a rule looks at it; only these come here, in
batches, and each is judged by itself, as the fold judges it.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from pointbook.reasoning.near_texts import NamedTexts, SeenText
from pointbook.relational.rulebook.columns import input_columns

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from pointbook.model.program import Program
    from pointbook.model.tally import NearText
    from pointbook.relational.engines.sessions import Session


def near_texts_in(
    session: Session, program: Program, version_id: str | None, as_of: date
) -> Counter[NearText]:
    """Those of a session's `events` up to the as-of date, and of its `members`.

    Args:
        session: The engine, which holds the log.
        program: Whose log it is.
        version_id: Id of a version taken to have always been in force, None for each event's own.
        as_of: The last day that counts.
    """
    texts = NamedTexts(program, version_id)
    columns = input_columns(program).attributes
    found: Counter[NearText] = Counter()
    for attribute in texts.of_members:
        for batch in _counted(session, "members", {"text": _column(columns[attribute])}):
            found += texts.near({SeenText(0, "", attribute, row["text"]): row["number"] for row in batch})
    day = exp.cast(_column("local"), "DATE")
    version = {"version": _version(day, texts.begins)} if texts.begins else {}
    activities_of: dict[str, list[str]] = {}
    for activity, attributes in texts.of_events.items():
        for attribute in attributes:
            activities_of.setdefault(attribute, []).append(activity)
    for attribute, activities in activities_of.items():
        values = {"text": _column(columns[attribute]), "activity": _column("activity"), **version}
        wanted = (_column("activity").isin(*activities), exp.LTE(this=day, expression=_day(as_of)))
        for batch in _counted(session, "events", values, *wanted):
            found += texts.near(
                {
                    SeenText(row.get("version", 0), row["activity"], attribute, row["text"]): row["number"]
                    for row in batch
                }
            )
    return found


def _counted(
    session: Session, relation: str, values: Mapping[str, exp.Expr], *conditions: exp.Expr
) -> Iterator[list[dict[str, Any]]]:
    """How many rows with a `text` have each combination of values, as `number`; batch by batch."""
    number = exp.alias_(exp.Count(this=exp.Star()), "number", quoted=True)
    named = (exp.alias_(value, name, quoted=True) for name, value in values.items())
    query = (
        exp.select(*named, number).from_(relation).where(values["text"].is_(exp.null()).not_(), *conditions)
    )
    query = query.group_by(*values.values())
    for batch in session.rows(query.sql(dialect=session.dialect.name)):
        yield batch.to_pylist()


def _version(day: exp.Expr, begins: Sequence[date]) -> exp.Expr:
    """The place of the version in force on a day, -1 before the first."""
    cases = exp.Case(default=exp.convert(-1))
    for number in reversed(range(len(begins))):
        cases = cases.when(exp.GTE(this=day.copy(), expression=_day(begins[number])), exp.convert(number))
    return cases


def _day(day: date) -> exp.Expr:
    return exp.cast(exp.convert(day.isoformat()), "DATE")


def _column(name: str) -> exp.Column:
    return exp.column(name, quoted=True)
