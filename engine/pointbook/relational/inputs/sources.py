"""Rows of events as they lie in their sources, before anything is known of them: whose they are, and a hash.

By these an update finds which rows it has to read; the same rows are taken from the sources then.
"""

# Queries are put together from names of this module and of columns; no value of a log is in one.
# ruff: noqa: S608

from __future__ import annotations

import json
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING, TypeAlias

from pointbook.log import ValueKind
from pointbook.relational.inputs.clean_rows import expression_of, has_ids_in_text, without_words
from pointbook.relational.inputs.clean_values import moment_of, name_of
from pointbook.relational.inputs.engine_words import WORDS
from pointbook.relational.inputs.reading_digests import clock_digest, form_digest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pointbook.relational.engines.sessions import Session
    from pointbook.relational.inputs.clean_rows import EventRows
    from pointbook.relational.inputs.engine_words import EngineType, Words
    from pointbook.relational.inputs.parquet_events import ParquetEvents
    from pointbook.relational.inputs.tables import Tables

    EventsInPlace: TypeAlias = ParquetEvents | Tables
    Narrowing: TypeAlias = Callable[[EventsInPlace], tuple[EventsInPlace, int]]
    """What leaves rows out of the sources that need not be read; with it, how many these are."""

SOURCES = "pointbook_sources"
"""The relation with `event_id`, `member_id`, `moment`, `row_hash`, and what is asked for, as `loaded_at`.

Of every row of events that is read in place. The `moment` is a time without a zone, in UTC or local; NULL
where only the Python reader knows it. Of rows that are read otherwise it has none.
"""
_NEEDED = "pointbook_needed_rows_{}"
_EARLY = "1800-01-01"
_DIGITS_OF_SEED = 15
"""So many of 16 that the number is one of 63 bits."""
_TIMES = (ValueKind.DATE, ValueKind.LOCAL, ValueKind.INSTANT)
_MORE_THAN_ONE_TEXT = (ValueKind.DECIMAL, ValueKind.SINGLE, ValueKind.DOUBLE)
"""Kinds of which equal values can be written in more than one way."""


def have_members_in_text(events: EventsInPlace) -> bool:
    """Whether the engine can write every id of a member as the reader does."""
    return all(has_ids_in_text(one.types, one.columns, "member_id") for one in events.relations)


def put_sources(session: Session, events: EventsInPlace, **others: Sequence[str]) -> None:
    """Put the relation `SOURCES` into a session, computed when it is read; where results can be updated.

    Args:
        session: Where the rows lie.
        events: Their sources.
        others: Further columns, as SQL over the rows of each relation.
    """
    words = WORDS[session.dialect.name]
    if words.row_hash:
        queries = (
            _source(relation, words, {name: values[place] for name, values in others.items()})
            for place, relation in enumerate(events.relations)
        )
        session.view(SOURCES, " UNION ALL ".join(queries))


def put_no_sources(session: Session) -> None:
    """The same of a log that is not read in place; the session has `members`."""
    words = WORDS[session.dialect.name]
    if words.row_hash:
        kinds = {"event_id": words.text, "moment": words.local, "row_hash": "BIGINT"}
        others = {name: f"CAST(NULL AS {kind})" for name, kind in kinds.items()}
        session.view(SOURCES, f"SELECT member_id, {words.selected(others)} FROM members WHERE 1 = 0")


def needed(session: Session, events: EventsInPlace, *, members: str, ids: str) -> tuple[EventsInPlace, int]:
    """The rows of some members, or with some ids, as sources of their own, and how many they are.

    So are all rows without a member or an id.

    Args:
        session: Has the sources.
        events: All rows.
        members: A relation of ids of members, as `member_id`, none of them twice.
        ids: A relation of ids of events, as `event_id`, none of them twice.
    """
    words, relations, number = WORDS[session.dialect.name], [], 0
    for place, relation in enumerate(events.relations):
        event_id, member_id, _ = _keys(relation, words)
        name = _NEEDED.format(place)
        session.store(
            name,
            f"SELECT {', '.join(('r.*', *relation.beside))} FROM {relation.sql} AS r"
            f" LEFT JOIN (SELECT member_id AS pointbook_member FROM {members}) AS m"
            f" ON m.pointbook_member = {member_id}"
            f" LEFT JOIN (SELECT event_id AS pointbook_event FROM {ids}) AS i"
            f" ON i.pointbook_event = {event_id}"
            " WHERE m.pointbook_member IS NOT NULL OR i.pointbook_event IS NOT NULL"
            f" OR {member_id} IS NULL OR COALESCE({event_id}, '') = ''",
        )
        [count] = session.rows(f"SELECT COUNT(*) AS n FROM {name}").read_all().column(0).to_pylist()
        number += int(count)
        relations.append(replace(relation, sql=name))
    return replace(events, relations=tuple(relations)), number


def _source(relation: EventRows, words: Words, others: Mapping[str, str]) -> str:
    event_id, member_id, moment = _keys(relation, words)
    columns = {relation.columns.ours(name): (name, of) for name, of in relation.types.items()}
    cells = (_cell(*columns[ours], words) for ours in sorted(columns))
    items = {"event_id": event_id, "member_id": member_id, "moment": moment}
    items["row_hash"] = words.cells_hash.format(_seed(relation), ", ".join(cells))
    return f"SELECT {words.selected(items | dict(others))} FROM {relation.sql}"


def _seed(relation: EventRows) -> int:
    """What hashes of rows begin with: another number wherever the same cells may come to something else."""
    columns, program = relation.columns, relation.columns.program
    kinds = sorted(
        (columns.ours(name), of.name, str(of.kind), of.scale, of.is_nanosecond)
        for name, of in relation.types.items()
    )
    read_as = [kinds, form_digest(columns.form, program.exports.references), clock_digest(program.timezone)]
    return int(sha256(json.dumps(read_as).encode()).hexdigest()[:_DIGITS_OF_SEED], 16)


def _cell(name: str, of: EngineType, words: Words) -> str:
    """A cell so that its hash is another wherever its text is."""
    column = expression_of(name, of, words)
    if of.kind is not None:
        column = words.cells.get(of.kind, "{0}").format(column)
    return f"CAST({column} AS {words.text})" if words.cells or of.kind in _MORE_THAN_ONE_TEXT else column


def _keys(relation: EventRows, words: Words) -> tuple[str, str, str]:
    """Ids of an event and its member, and when it was, of a row."""
    columns = relation.columns

    def expression(name: str) -> str:
        theirs = columns.theirs(name)
        of = relation.types[theirs]
        return without_words(expression_of(theirs, of, words), of, columns.form, words)

    def kind(name: str) -> EngineType:
        return relation.types[columns.theirs(name)]

    event_id, member_id = (
        name_of(expression(name), kind(name), words).value for name in ("event_id", "member_id")
    )
    column, of = expression("occurred_at"), kind("occurred_at")
    moment, _ = moment_of(column, of, words)
    of_other_clock = columns.form.timezone not in {None, columns.program.timezone}
    if of_other_clock and of.kind is not ValueKind.INSTANT:
        return event_id, member_id, f"CAST(NULL AS {words.local})"
    # Where there is no time, the row is rejected, whenever it was.
    early = f"CAST('{_EARLY}' AS {words.local})"
    if of.kind in _TIMES:
        return event_id, member_id, f"COALESCE({moment.value}, {early})"
    is_there = f"WHEN COALESCE({column}, '') = '' THEN {early} " if of.kind is ValueKind.TEXT else ""
    return event_id, member_id, f"CASE {is_there}WHEN {moment.proof} THEN {moment.value} END"
