"""Texts that nearly are what a rule names, counted where the log lies.

The engine counts how often each different text occurs where a rule looks at it; only these come here, in
batches, and each is judged by itself, as the fold judges it.
"""

# Queries are put together from names, which are quoted, and from names of activities and days of rules.
# ruff: noqa: S608

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from pointbook.reasoning.near_texts import NamedTexts, SeenText
from pointbook.relational.inputs.engine_words import WORDS
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
    columns, words = input_columns(program).attributes, WORDS[session.dialect.name]
    found: Counter[NearText] = Counter()
    for attribute in texts.of_members:
        for batch in _counted(session, "members", {"text": words.named(columns[attribute])}):
            found += texts.near({SeenText(0, "", attribute, row["text"]): row["number"] for row in batch})
    day = f"CAST({words.named('local')} AS DATE)"
    version = {"version": _version(day, texts.begins)} if texts.begins else {}
    activities_of: dict[str, list[str]] = {}
    for activity, attributes in texts.of_events.items():
        for attribute in attributes:
            activities_of.setdefault(attribute, []).append(activity)
    for attribute, activities in activities_of.items():
        activity = words.named("activity")
        values = {"text": words.named(columns[attribute]), "activity": activity, **version}
        wanted = f"{activity} IN ({', '.join(map(words.literal, activities))})", f"{day} <= {_day(as_of)}"
        for batch in _counted(session, "events", values, *wanted):
            found += texts.near(
                {
                    SeenText(row.get("version", 0), row["activity"], attribute, row["text"]): row["number"]
                    for row in batch
                }
            )
    return found


def _counted(
    session: Session, relation: str, values: Mapping[str, str], *conditions: str
) -> Iterator[list[dict[str, Any]]]:
    """How many rows with a `text` have each combination of values, as `number`; batch by batch."""
    selected = WORDS[session.dialect.name].selected({**values, "number": "COUNT(*)"})
    wanted = " AND ".join((f"{values['text']} IS NOT NULL", *conditions))
    query = f"SELECT {selected} FROM {relation} WHERE {wanted} GROUP BY {', '.join(values.values())}"
    for batch in session.rows(query):
        yield batch.to_pylist()


def _version(day: str, begins: Sequence[date]) -> str:
    """The place of the version in force on a day, -1 before the first."""
    numbers = reversed(range(len(begins)))
    cases = " ".join(f"WHEN {day} >= {_day(begins[number])} THEN {number}" for number in numbers)
    return f"CASE {cases} ELSE -1 END"


def _day(day: date) -> str:
    return f"CAST('{day}' AS DATE)"
