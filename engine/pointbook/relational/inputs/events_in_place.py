"""Events read in place: those that are provably good as a relation, the others by the Python reader.

The Python reader is the only judge. It gets every row that is not provably good, and every row
that shares its id with another one, under the row's own number; so rejects come out as if it had
read all of them. What it accepts is joined to the others.
"""

# Queries are put together from names of this module and of columns; no value of a log is in one.
# ruff: noqa: S608

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

import pyarrow as pa

from pointbook.log.acceptance import log_with
from pointbook.log.blocks import in_blocks
from pointbook.log.columns import EVENT_COLUMNS, event_columns
from pointbook.relational.inputs.all_rows import DAYS, put_days, put_repeated_keys
from pointbook.relational.inputs.clean_rows import values_query
from pointbook.relational.inputs.engine_words import WORDS
from pointbook.relational.inputs.log_tables import events_table, members_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date, datetime

    from pointbook.log import LogFacts
    from pointbook.log.records import Row
    from pointbook.log.settling import Settled
    from pointbook.model.log import Member
    from pointbook.model.program import Program
    from pointbook.relational.engines.sessions import Session
    from pointbook.relational.inputs.engine_words import Words
    from pointbook.relational.inputs.parquet_events import ParquetEvents
    from pointbook.relational.inputs.tables import Tables
    from pointbook.relational.rulebook.columns import InputColumns

    EventsInPlace = ParquetEvents | Tables

ROWS, REPEATED, SETTLED_IDS, SETTLED = "event_rows", "repeated_events", "settled_ids", "settled_events"
_DAY = timedelta(days=1)
_LATEST = 2
_JOINED = f"LEFT JOIN {DAYS} AS d ON d.day = CAST(r.moment AS DATE)"
_AHEAD = "CASE WHEN r.is_utc THEN d.utc_ahead ELSE d.local_ahead END"


def put_log_in_place(
    session: Session,
    program: Program,
    of_members: Settled[Member],
    events: EventsInPlace,
    columns: InputColumns,
) -> LogFacts:
    """Put the relations `events` and `members` into a session, with events that the engine reads in place."""
    words = WORDS[session.dialect.name]
    known = log_with(program, of_members, ())
    session.put("members", members_table(known, columns))
    parts = [f"{ROWS}_{number}" for number in range(len(events.relations))]
    for part, relation in zip(parts, events.relations, strict=True):
        session.view(part, values_query(relation, columns, words))
    own = ("event_id", "member_id", "activity", "moment", "is_utc", "points")
    attributes = columns.attributes_in(columns.events).values()
    names = words.named(*own, *attributes, "is_clean")
    session.view(ROWS, " UNION ALL ".join(f"SELECT {names} FROM {part}" for part in parts))
    last_day = put_days(session, ROWS, program.timezone, words.local)
    read, given = _counted(session, columns, words)
    are_repeated = put_repeated_keys(session, REPEATED, ROWS, words.key.format("event_id"), read)
    found = partial(_doubtful, session, events, words.key.format("r.event_id"), are_repeated=are_repeated)
    ids: set[str] = set()
    doubtful = _noting_ids(events.rows(found), ids)
    log = log_with(program, of_members, in_blocks(doubtful, event_columns(program)))
    session.put(SETTLED, events_table(log, columns))
    session.put(SETTLED_IDS, pa.table({"event_id": pa.array(sorted(ids), pa.string())}))
    query = partial(_events_query, columns, words, are_settled=log.events_read > 0)
    session.view("events", query())
    return replace(
        known.facts,
        events=read - len(log.rejects),
        rejects=log.rejects,
        events_read=read,
        latest=_latest(session, query, last_day, words),
        empty=log.empty - given,
    )


def _counted(session: Session, columns: InputColumns, words: Words) -> tuple[int, frozenset[str]]:
    """How many rows there are, and the columns of which a clean one has a value.

    The reader sees the texts of every other row.
    """
    attributes = columns.attributes_in(columns.events)
    values = {name: words.named(column) for name, column in {"points": "points", **attributes}.items()}
    # That a member's id is there is proved by the member, not by the row.
    values |= dict.fromkeys(EVENT_COLUMNS, "1") | {"member_id": "NULLIF(member_id, '')"}
    counts = ", ".join(
        f"COUNT(CASE WHEN is_clean THEN {value} END) AS n{place}"
        for place, value in enumerate(values.values())
    )
    rows = session.rows(f"SELECT COUNT(*) AS n, {counts} FROM {ROWS}").read_all()
    read, *numbers = (int(column[0].as_py()) for column in rows.columns)
    return read, frozenset(name for name, number in zip(values, numbers, strict=True) if number)


def _doubtful(
    session: Session, events: EventsInPlace, key: str, number: int, *, are_repeated: bool
) -> pa.Table:
    """The places of the rows of a relation that the Python reader must judge."""
    repeated = f" OR {key} IN (SELECT event_key FROM {REPEATED})" if are_repeated else ""
    places = ", ".join(f"r.{name}" for name in events.relations[number].places)
    good = f"r.is_clean AND m.member_id IS NOT NULL AND {_AHEAD} IS NOT NULL"
    return session.rows(
        f"SELECT {places} FROM {ROWS}_{number} AS r LEFT JOIN members AS m ON m.member_id = r.member_id "
        f"{_JOINED} WHERE NOT COALESCE({good}, FALSE){repeated}"
    ).read_all()


def _noting_ids(rows: Iterator[Row], ids: set[str]) -> Iterator[Row]:
    for row in rows:
        texts = row[3]
        # A row that cannot be read has its id in its raw text alone.
        event_id = json.loads(row[2])["event_id"] if texts is None else texts[0]
        if event_id:
            ids.add(event_id)
        yield row


def _events_query(
    columns: InputColumns, words: Words, since: date | None = None, *, are_settled: bool
) -> str:
    """The events: clean rows that were not settled by the reader, and what it accepted, if anything.

    Clean rows before the day `since`, as their rows have it, may be left out.
    """
    back, forth = (
        words.plus_seconds.format("r.moment", amount) for amount in ("-d.local_ahead", "d.utc_ahead")
    )
    expressions = {
        "member_id": "r.member_id",
        "at": f"CASE WHEN r.is_utc THEN r.moment ELSE {back} END",
        "event_id": "r.event_id",
        "local": f"CASE WHEN r.is_utc THEN {forth} ELSE r.moment END",
        "activity": "r.activity",
        "points": "r.points",
        **{name: f"r.{words.named(name)}" for name in columns.attributes_in(columns.events).values()},
    }
    conditions = []
    if since is not None:
        conditions.append(f"r.moment >= CAST('{since}' AS {words.local})")
    if are_settled:  # every row that is not clean is among them, but for those without an id
        conditions.append(f"r.event_id <> '' AND r.event_id NOT IN (SELECT event_id FROM {SETTLED_IDS})")
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    clean = (
        f"SELECT {words.selected(expressions)} FROM {ROWS} AS r JOIN {DAYS} AS d"
        f" ON d.day = CAST(r.moment AS DATE){where}"
    )
    return f"{clean} UNION ALL SELECT {words.named(*expressions)} FROM {SETTLED}" if are_settled else clean


def _latest(
    session: Session, query: Callable[..., str], last_day: date | None, words: Words
) -> tuple[tuple[str, datetime], ...]:
    """Id and local time of the two latest events; among equals, the first in the order of events."""
    at, local = words.named("at"), words.named("local")
    collated = f" COLLATE {session.dialect.collation}" if session.dialect.collation else ""
    found: list[tuple[str, datetime]] = []
    # They are in the last days, if the last rows are good; local days begin up to a day off those of UTC.
    for since in (last_day - 2 * _DAY, None) if last_day is not None else (None,):
        order = f"{local} DESC, member_id{collated}, {at}, event_id{collated} LIMIT {_LATEST}"
        rows = session.rows(
            f"SELECT event_id, {local} FROM ({query(since)}) AS e ORDER BY {order}"
        ).read_all()
        found = list(zip(*(column.to_pylist() for column in rows.columns), strict=True))
        if since is not None and len(found) == _LATEST and found[-1][1].date() > since:
            break
    return tuple(found)
