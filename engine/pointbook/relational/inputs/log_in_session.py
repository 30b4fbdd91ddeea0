"""The log that an evaluation reads, put into a session: from files, or in place.

Which reader serves which input: the Python reader reads CSV, JSON Lines, standard input, and all
members. Events in Parquet files (with DuckDB) and in tables or queries of the engine's database
are read in place; of these, the Python reader reads the rows that are not provably good.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import pyarrow as pa

from pointbook.diagnostics import InputError
from pointbook.log.acceptance import log_with, settled_members
from pointbook.log.columns import event_columns, member_columns
from pointbook.log.reading import blocks_of, is_parquet, is_table, refuse_second_standard_input
from pointbook.relational.engines.sessions import EngineError, first_line
from pointbook.relational.inputs.engine_words import WORDS
from pointbook.relational.inputs.events_as_read import put_log_as_read
from pointbook.relational.inputs.events_in_place import put_log_in_place
from pointbook.relational.inputs.functions_called import hides_rows
from pointbook.relational.inputs.log_tables import events_table, members_table
from pointbook.relational.inputs.marks import mark_of_rows
from pointbook.relational.inputs.parquet_events import ParquetEvents, parquet_events
from pointbook.relational.inputs.sources import put_no_sources, put_sources
from pointbook.relational.rulebook.columns import input_columns
from pointbook.source import files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path
    from typing import TypeGuard

    from pointbook.log import LogFacts
    from pointbook.log.blocks import Block
    from pointbook.log.columns import Columns
    from pointbook.model.program import Program
    from pointbook.relational.engines.duckdb_session import DuckDBSession
    from pointbook.relational.engines.postgres_session import PostgresSession
    from pointbook.relational.engines.sessions import Session
    from pointbook.relational.inputs.sources import Narrowing
    from pointbook.relational.inputs.tables import Tables

    Sources = Sequence[Path | str]


def put_log(  # noqa: PLR0913 - what is read, and where to
    session: Session,
    program: Program,
    *,
    members: Sources,
    events: Sources,
    folder: Path | None = None,
    loaded_at: str | None = None,
    digests: bool = False,
    narrowing: Narrowing | None = None,
) -> LogFacts:
    """Put the relations `events` and `members` into a session, and say what is known of them.

    Their columns are those of `input_columns`. Rejects are those of `pointbook.log.read_log`,
    to the letter. A table's rows have the line 0.

    Args:
        session: The engine.
        program: Whose log it is.
        members: Sources of members, as a user types them: files, folders, patterns and `-` as
            `read_log` takes them; `table:NAME` and `query:SELECT ...` in the engine's database.
        events: Sources of events, likewise.
        folder: Where rows are written for a while if they are many, None for the system's folder.
        loaded_at: A column of the one table of events that says when a row came; the relation `SOURCES` has
            it then, and the facts have its mark.
        digests: Whether the facts are to have digests of the files of events, where these are read in place,
            and tables of which rows are known by their transactions.
        narrowing: Leaves out rows that need not be read, of events that are read in place.

    Raises:
        InputError: A source cannot be read at all.
    """
    refuse_second_standard_input((*members, *events))
    for name in ("events", "members"):
        session.drop(name)  # those of an earlier log would hide a database's own
    secured = _secured(session, (*events, *members))
    columns = input_columns(program)
    member_blocks = _blocks_of(session, members, member_columns(program), folder)
    of_members = settled_members(program, member_blocks, folder)
    # Before any row is read: what comes meanwhile is in none of them, and so new for the next run.
    in_place = _events_in_place(session, program, events, loaded_at, digests=digests)
    mark = None if loaded_at is None else _mark(session, in_place, loaded_at)
    if in_place is not None:

        def put() -> LogFacts:
            if loaded_at is None:
                put_sources(session, in_place)
            facts = put_log_in_place(session, program, of_members, in_place, folder, narrowing)
            if isinstance(in_place, ParquetEvents):
                return replace(facts, mark=mark, files=in_place.reads)
            return replace(facts, mark=mark, tables=in_place.reads, secured=secured)

        facts = _unless_duckdb_cannot(put, events) if is_duckdb(session) else put()
        if facts is not None:
            return facts
    if is_duckdb(session) and not any(map(files.can_be_read_once, events)):
        every = partial(_blocks_of, session, events, event_columns(program), folder)
        facts = put_log_as_read(session, program, of_members, every, folder)
        put_no_sources(session)
        return facts
    log = log_with(program, of_members, _blocks_of(session, events, event_columns(program), folder), folder)
    session.drop("events")
    session.put("events", events_table(log, columns))
    session.put("members", members_table(log, columns))
    put_no_sources(session)
    return replace(log.facts, secured=secured)


def _secured(session: Session, sources: Sources) -> tuple[str, ...]:
    """Sources of which row security may hide rows from the account that reads them."""
    tables = [str(source) for source in sources if is_table(source)]
    if not tables or not _is_postgresql(session):
        return ()
    from pointbook.relational.inputs.tables import query_of  # noqa: PLC0415 - few logs lie in tables

    return tuple(source for source in tables if hides_rows(session, query_of(session, source)[0]))


def _is_postgresql(session: Session) -> TypeGuard[PostgresSession]:
    return session.dialect.name == "postgres"


def is_duckdb(session: Session) -> TypeGuard[DuckDBSession]:
    """Whether it is, without DuckDB's own library, which other engines' logs do not need."""
    return session.dialect.name == "duckdb"


def _unless_duckdb_cannot(put: Callable[[], LogFacts], events: Sources) -> LogFacts | None:
    """What was put; None of files that the reader may be able to read, where DuckDB was not.

    Otherwise the reader says what is wrong. In a damaged file an engine finds anything, also values that its
    own statistics exclude.
    """
    import duckdb  # noqa: PLC0415 - an extra

    try:
        return put()
    except duckdb.InterruptException:
        raise
    except (duckdb.Error, pa.ArrowException, ValueError, OverflowError) as error:
        if not any(map(is_table, events)):
            return None
        if not isinstance(
            error, (duckdb.ConversionException, duckdb.InvalidInputException, duckdb.IOException)
        ):
            raise
        raise EngineError(
            str(events[0]), first_line(error), "check the query, or the table's rows"
        ) from error


def _mark(session: Session, events: ParquetEvents | Tables | None, loaded_at: str) -> str | None:
    """How far rows have come; `SOURCES` tells so of each.

    Raises:
        InputError: A row does not say when it came, or new rows could not be told by their ids.
    """
    if events is None or not hasattr(events, "names"):
        message = (
            "ids of events are neither texts nor whole numbers, so that `--loaded-at` has no use for them"
        )
        raise InputError("--events", message, "cast `event_id` to a text")
    put_sources(session, events, loaded_at=[WORDS[session.dialect.name].named(loaded_at)])
    return mark_of_rows(session, events.names[0], loaded_at)


def _events_in_place(
    session: Session, program: Program, sources: Sources, loaded_at: str | None, *, digests: bool
) -> ParquetEvents | Tables | None:
    """Events that can be read in place, if all of them can."""
    if not sources:
        return None
    if all(map(is_table, sources)):
        from pointbook.relational.inputs.tables import tables_of  # noqa: PLC0415 - few logs lie in tables

        tables = tables_of(session, sources, event_columns(program), loaded_at, digests=digests)
        return tables if tables.have_ids_in_text else None
    if any(map(is_table, sources)) or not is_duckdb(session):
        return None
    paths = [path for source in sources for path in files.data_files(source)]
    if not all(map(is_parquet, paths)):
        return None
    return parquet_events(session, program, paths, digests=digests)


def _blocks_of(session: Session, sources: Sources, columns: Columns, folder: Path | None) -> Iterator[Block]:
    """Every row of every source."""
    for source in sources:
        if is_table(source):
            from pointbook.relational.inputs.tables import tables_of  # noqa: PLC0415 - few logs lie in tables

            yield from tables_of(session, [source], columns).all_rows(session, folder)
        else:
            yield from blocks_of([source], columns)
