"""The log that a request names, in a session of its backend."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from pointbook.relational.engines.sessions import literal
from pointbook.relational.engines.spark_session import SparkEngine
from pointbook.relational.inputs.log_in_session import is_duckdb, put_log
from pointbook_cli.backends import session_on
from pointbook_cli.evaluation.memory import while_reading
from pointbook_cli.evaluation.result_tables import check_tables
from pointbook_cli.evaluation.without_pandas import leave_pandas_out
from pointbook_cli.options import known_as_of
from pointbook_cli.progress import reading, stage
from pointbook_cli.reporters.tables.table_files import FOLDERS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from pointbook.log import LogFacts
    from pointbook.relational.engines.sessions import Session
    from pointbook.relational.inputs.sources import Narrowing
    from pointbook_cli.evaluation.request import Request
    from pointbook_cli.output_files import OutputFolder


class LogInSession(NamedTuple):
    """A log that was read.

    Attributes:
        session: Has it as the relations `events` and `members`.
        facts: What is known of it.
        as_of: The last day that counts.
    """

    session: Session
    facts: LogFacts
    as_of: date


@contextmanager
def log_in_session(
    request: Request, output: OutputFolder, memory_limit: str | None
) -> Iterator[LogInSession]:
    """The log; its session is closed at the end.

    Raises:
        InputError: The log cannot be read, the engine not be reached, or tables not be written there.
    """
    with opened_session(request, output) as session:
        yield read_into(session, request, output, memory_limit)


@contextmanager
def opened_session(request: Request, output: OutputFolder) -> Iterator[Session]:
    """A session in which results can be written; it is closed at the end.

    Raises:
        InputError: The engine cannot be reached, or tables not be written there.
    """
    if request.backend.kind != "spark":  # whose own library may ask for frames
        leave_pandas_out()
    with session_on(
        request.backend,
        memory_limit=request.memory_limit,  # as messages name it; DuckDB's share of it follows
        workers=request.threads,
        spill=output.scratch,
        writes_tables=request.output_format == "table",
    ) as session:
        if isinstance(session, SparkEngine) and request.output_format == FOLDERS:
            from pointbook_cli.evaluation.spark_folders import try_folders  # noqa: PLC0415 - an extra

            try_folders(session, output)
        if request.output_format == "table":
            with stage("checking the tables"):
                check_tables(session, request)
        yield session


def read_into(
    session: Session,
    request: Request,
    output: OutputFolder,
    memory_limit: str | None,
    narrowing: Narrowing | None = None,
) -> LogInSession:
    """Read the log into a session; a `narrowing` leaves out what need not be read.

    Raises:
        InputError: The log cannot be read.
    """
    limit_memory(session, while_reading(request.memory_limit, memory_limit))
    with reading("events"):  # mostly by the engine, which does not say how far it is
        facts = put_log(
            session,
            request.program,
            members=request.members,
            events=request.events,
            folder=output.scratch,
            loaded_at=request.loaded_at,
            digests=request.keeps_seen,
            narrowing=narrowing,
        )
    limit_memory(session, memory_limit)
    return LogInSession(session, facts, known_as_of(facts, request.as_of))


def limit_memory(session: Session, memory_limit: str | None) -> None:
    """Leave an engine in this process less memory than it was opened with; None leaves it as it is."""
    if memory_limit is not None and is_duckdb(session):
        session.execute(f"SET memory_limit = {literal(memory_limit)}")
