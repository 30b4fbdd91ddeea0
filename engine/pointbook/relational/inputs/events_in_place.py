"""Events read in place: those that are provably good as a relation, the others by the Python reader.

The Python reader is the only judge. It gets every row that is not provably good, and every row
that shares its id with another one, under the row's own number; so rejects come out as if it had
read all of them. What it accepts is joined to the others.
"""

# Queries are put together from names of this module and of columns; no value of a log is in one.
# ruff: noqa: S608

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

import pyarrow as pa

from pointbook.log.acceptance import event_reading, log_with, no_search_for_cycles
from pointbook.log.settling import Settling
from pointbook.log.unknown_members import UnknownMembers
from pointbook.model.log import EVENT_COLUMNS
from pointbook.relational.inputs.all_rows import DAYS, put_days, put_repeated_keys
from pointbook.relational.inputs.clean_rows import values_query
from pointbook.relational.inputs.doubtful_rows import FewIds, doubtful_blocks
from pointbook.relational.inputs.engine_words import WORDS
from pointbook.relational.inputs.log_tables import members_table
from pointbook.relational.inputs.spilled_events import spilled_events
from pointbook.relational.rulebook.columns import input_columns

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime
    from pathlib import Path

    from pointbook.log import LogFacts
    from pointbook.log.settled_rows import Settled
    from pointbook.model.log import Member
    from pointbook.model.program import Program
    from pointbook.relational.engines.sessions import Session
    from pointbook.relational.inputs.engine_words import Words
    from pointbook.relational.inputs.sources import EventsInPlace, Narrowing
    from pointbook.relational.rulebook.columns import InputColumns

ROWS, REPEATED, SETTLED_IDS, SETTLED = "event_rows", "repeated_events", "settled_ids", "settled_events"
_DAY = timedelta(days=1)
_LATEST = 2
_JOINED = f"LEFT JOIN {DAYS} AS d ON d.day = CAST(r.moment AS DATE)"
_WITH_MEMBERS = "LEFT JOIN members AS m ON m.member_id = r.member_id"
_AHEAD = "CASE WHEN r.is_utc THEN d.utc_ahead ELSE d.local_ahead END"
_GOOD = f"COALESCE(r.is_clean AND m.member_id IS NOT NULL AND {_AHEAD} IS NOT NULL, FALSE)"


def put_log_in_place(  # noqa: PLR0913, PLR0917 - what is read, and where to
    session: Session,
    program: Program,
    of_members: Settled[Member],
    events: EventsInPlace,
    folder: Path | None,
    narrowing: Narrowing | None = None,
) -> LogFacts:
    """Put the relations `events` and `members` into a session, with events that the engine reads in place.

    What the reader is given, and what comes of it, is in memory only as long as it is little. Where a
    `narrowing` leaves rows out, these must all be good, and `latest` is among the others only.
    """
    words, columns = WORDS[session.dialect.name], input_columns(program)
    known = log_with(program, of_members, ())
    session.put("members", members_table(known, columns))
    events, left_out = (events, None) if narrowing is None else narrowing(events)
    parts = [f"{ROWS}_{number}" for number in range(len(events.relations))]
    for part, relation in zip(parts, events.relations, strict=True):
        session.view(part, values_query(relation, columns, words))
    own = ("event_id", "member_id", "activity", "moment", "is_utc", "points")
    attributes = columns.attributes_in(columns.events).values()
    names = words.named(*own, *attributes, "is_clean")
    session.view(ROWS, " UNION ALL ".join(f"SELECT {names} FROM {part}" for part in parts))
    last_day = put_days(session, ROWS, program.timezone, words.local)
    read, given = _counted(session, columns, words)
    key = words.key.format("r.event_id")
    are_repeated = put_repeated_keys(session, REPEATED, ROWS, words.key.format("event_id"), read)
    is_repeated = f"COALESCE({key} IN (SELECT event_key FROM {REPEATED}), FALSE)" if are_repeated else "FALSE"
    found = partial(_doubtful_query, events, is_repeated)
    settling = Settling(*event_reading(program, known.members), folder)
    ids = FewIds()
    with spilled_events(columns, folder) as accepted, no_search_for_cycles():
        for block, repeated in doubtful_blocks(ids.noted(events.rows(session, found, folder))):
            values = settling.values_of(block)
            settling.withhold(block.file, block.rows(repeated), repeated, values)
            accepted.add(filter(None, values))
        for some in settling.accepted_of_repeated():
            accepted.add(some)
        accepted.put_into(session, SETTLED)
    rejects = settling.rejects(UnknownMembers(known.members, of_members.rejects).explained)

    def query(since: date | None = None) -> str:
        if ids.few is None:
            return "SELECT * FROM events"
        return _events_query(columns, words, since, are_settled=settling.read > 0)

    if ids.few is not None:
        session.put(SETTLED_IDS, pa.table({"event_id": pa.array(sorted(ids.few), pa.string())}))
        session.view("events", query())
    else:
        keep = session.store if session.dialect.name == "duckdb" else session.view
        keep("events", _stored_events_query(columns, words, is_repeated))
    of_none = settling.empty | {f"member.{name}" for name in of_members.empty}
    return replace(
        known.facts,
        events=read + (left_out or 0) - len(rejects),
        rejects=rejects,
        events_read=read + (left_out or 0),
        latest=_latest(session, query, last_day),
        empty=of_none - given,
        left_out=left_out,
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


def _doubtful_query(events: EventsInPlace, is_repeated: str, number: int) -> str:
    """The places of the rows of a relation that the Python reader must judge; `is_repeated` is the last."""
    places = ", ".join(events.relations[number].places)
    own = ", ".join(f"r.{name}" for name in events.relations[number].places)
    return (
        f"SELECT {places}, is_repeated FROM (SELECT {own}, {is_repeated} AS is_repeated, {_GOOD} AS is_good"
        f" FROM {ROWS}_{number} AS r {_WITH_MEMBERS} {_JOINED}) AS q WHERE is_repeated OR NOT is_good"
    )


def _events_query(
    columns: InputColumns, words: Words, since: date | None = None, *, are_settled: bool
) -> str:
    """The events: clean rows that were not settled by the reader, and what it accepted, if anything.

    Clean rows before the day `since`, as their rows have it, may be left out.
    """
    conditions = []
    if since is not None:
        conditions.append(f"r.moment >= CAST('{since}' AS {words.local})")
    if are_settled:  # every row that is not clean is among them, but for those without an id
        conditions.append(f"r.event_id <> '' AND r.event_id NOT IN (SELECT event_id FROM {SETTLED_IDS})")
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    clean = f"SELECT {_expressions(columns, words)} FROM {ROWS} AS r {_JOINED.removeprefix('LEFT ')}{where}"
    return _with_settled(clean, columns, words) if are_settled else clean


def _stored_events_query(columns: InputColumns, words: Words, is_repeated: str) -> str:
    """The same, by looking at each row once more whether it was one for the reader."""
    clean = f"SELECT {_expressions(columns, words)} FROM {ROWS} AS r {_WITH_MEMBERS} {_JOINED}"
    return _with_settled(f"{clean} WHERE {_GOOD} AND NOT {is_repeated}", columns, words)


def _with_settled(clean: str, columns: InputColumns, words: Words) -> str:
    return f"{clean} UNION ALL SELECT {words.named(*columns.events)} FROM {SETTLED}"


def _expressions(columns: InputColumns, words: Words) -> str:
    """The columns of events, of a row that was found good."""
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
    }
    return words.selected({name: expressions.get(name, f"r.{words.named(name)}") for name in columns.events})


def latest_events(session: Session) -> tuple[tuple[str, datetime], ...]:
    """Id and local time of the two latest of a session's `events`; among equals, the first in their order."""
    return _latest(session, lambda _: "SELECT * FROM events", None)


def _latest(
    session: Session, query: Callable[[date | None], str], last_day: date | None
) -> tuple[tuple[str, datetime], ...]:
    """The same of what a query finds from some day on, or of all."""
    words = WORDS[session.dialect.name]
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
