"""A log evaluated by the definition: in pieces, in this process or in several, written in their order."""

from __future__ import annotations

from contextlib import closing, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from pointbook.diagnostics import InputError
from pointbook.folding.log_in_pieces import log_in_pieces
from pointbook.folding.plain_pieces import PlainPieces
from pointbook.folding.processes import Task, in_order, pool
from pointbook.folding.stream import Folding
from pointbook.log.reading import is_table
from pointbook.model.tally import Tally
from pointbook.source.endings import PARQUET, ending_of
from pointbook.source.files import data_files
from pointbook.version import is_compiled
from pointbook.views.evaluated import Evaluated, Way
from pointbook_cli.evaluation.fold_work import FoldWork, for_bytes, for_pieces
from pointbook_cli.evaluation.memory import shares_of
from pointbook_cli.evaluation.request import EvaluationFacts
from pointbook_cli.evaluation.result_files import (
    result_files,
    result_writer,
    write_rejects,
    write_result_tables,
)
from pointbook_cli.evaluation.result_tables import tables_stand
from pointbook_cli.evaluation.seen import seen_rows, what_was_seen, write_seen
from pointbook_cli.options import known_as_of, refuse_standard_input_twice
from pointbook_cli.progress import reading, stage

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator
    from contextlib import AbstractContextManager
    from datetime import date

    from pointbook.folding.arrow_pieces import ArrowPieces
    from pointbook.folding.processes import Pool
    from pointbook.log import LogFacts
    from pointbook.relational.engines.sessions import Session
    from pointbook_cli.evaluation.fold_work import Written
    from pointbook_cli.evaluation.log_in_session import LogInSession
    from pointbook_cli.evaluation.request import Request, RunRow
    from pointbook_cli.output_files import OutputFolder

EVENTS_OF_A_PIECE = 1 << 15
"""The most events, and members, of a piece; with its results it takes about 50 MB."""
LEAST_EVENTS_OF_A_WORKER = 100_000
"""With fewer for each, to begin a process takes longer than it saves: half a second, for as many events."""

_WRITES_COLUMNS = "pointbook_cli.evaluation.fold_batches"
"""The module of writers for columns; processes that import it begin before this one does."""
_MOST_BYTES, _MOST_BYTES_OF_PARQUET = 200, 64
"""Rows of events are shorter, as a rule."""


class _Source(NamedTuple):
    """A log that was read.

    Attributes:
        facts: What is known of it.
        as_of: The last day that counts.
        pieces: Its pieces; to be called once.
        form: The form in which they come.
        session: Where it lies, None for this process.
    """

    facts: LogFacts
    as_of: date
    pieces: Callable[[], Iterator[Any]]
    form: type[ArrowPieces | PlainPieces]
    session: Session | None


@contextmanager
def evaluated_by_fold(
    request: Request, output: OutputFolder, log: LogInSession | None = None
) -> Iterator[EvaluationFacts]:
    """Write the tables of an evaluation; those of a database are written when that is asked for.

    Args:
        request: What is asked for.
        output: Where files are written.
        log: The log, if it has been read.

    Raises:
        InputError: The log cannot be read, the engine not be reached, or a number not be written.
        WorkerDiedError: A process was killed, or its memory ran out.
        WorkerFailedError: The work in a process failed.
    """
    if request.backend.kind == "spark":
        from pointbook_cli.evaluation.fold_in_spark import evaluated_in_spark  # noqa: PLC0415 - an extra

        with evaluated_in_spark(request, output, log) as found:
            yield found
        return
    shares = shares_of(request.memory_limit, request.workers)
    with (
        _begun_meanwhile(request, shares.workers if log is None else 0) as begun,
        _read(request, output, log, shares.duckdb) as source,
    ):
        facts, day = source.facts, source.as_of
        workers = min(shares.workers, max(1, facts.events // LEAST_EVENTS_OF_A_WORKER))
        folding = Folding(request.program, day, request.version, request.assume)
        writer = result_writer(request, in_columns=source.session is not None)
        work = FoldWork(folding, source.form, writer, request.output_format, request.spreadsheet_safe)
        tally = Tally()
        with (
            result_files(request, source.session, output) as write,
            closing(_folded(work, source.pieces, workers, begun)) as stretches,
            stage("adding up points", facts.members) as adding,
        ):
            for stretch in stretches:
                write(stretch.results)
                tally += stretch.tally
                adding.advance(stretch.members)
        with stage("writing rejects"):
            write_rejects(facts, request, output)
        seen: dict[str, str] = {}
        if source.session is not None:
            seen = seen_rows(source.session, request, day, tally.ignored)
            if request.output_format != "table":
                write_seen(source.session, request, output, seen, what_was_seen(request, facts, day))
        how = Evaluated(request.backend.shown, Way.FOLD, workers=workers, compiled=is_compiled())

        def write_tables(run: RunRow) -> None:
            assert source.session is not None, "this process has no tables"
            write_result_tables(source.session, facts, request, output, seen, run)

        stand = partial(tables_stand, source.session, request)
        yield EvaluationFacts(facts, day, tally, how, stand, write_tables)


def _folded(
    work: FoldWork, pieces: Callable[[], Iterator[Any]], workers: int, begun: Pool
) -> Generator[Written]:
    """What the pieces come to, in their order, by workers of which some may have begun."""
    if workers == 1:
        yield from map(for_pieces(work), pieces())
        return
    bytes_of = work.form(work.folding.program).bytes_of
    # They begin before pieces are asked for, which has an engine sort.
    with pool(max(0, workers - len(begun)), work.writer.__module__) as others:
        tasks = (Task(bytes_of(piece), piece.goes_on) for piece in pieces())
        yield from in_order(partial(for_bytes, work), tasks, [*begun, *others][:workers])


def _begun_meanwhile(request: Request, most: int) -> AbstractContextManager[Pool]:
    """Workers that begin while the log is read: those that files so large will surely need."""
    least_events = 0
    with suppress(InputError, OSError):  # what is wrong with a file is said where it is read
        for source in request.events:
            paths = () if is_table(source) else map(Path, data_files(source))
            least_events += sum(_least_events(path) for path in paths if path.is_file())
    sure = min(most, least_events // LEAST_EVENTS_OF_A_WORKER)
    if request.backend.kind == "python":
        module = result_writer(request, in_columns=False).__module__
    else:
        module = _WRITES_COLUMNS
    return pool(sure if sure > 1 else 0, module)


def _least_events(path: Path) -> int:
    return path.stat().st_size // (_MOST_BYTES_OF_PARQUET if ending_of(path) in PARQUET else _MOST_BYTES)


@contextmanager
def _read(
    request: Request, output: OutputFolder, log: LogInSession | None, memory_limit: str | None
) -> Iterator[_Source]:
    if request.backend.kind == "python":
        yield _log_here(request, output)
        return
    from pointbook_cli.evaluation.log_in_session import limit_memory, log_in_session  # noqa: PLC0415 - an extra

    if log is not None:
        limit_memory(log.session, memory_limit)
        yield _source_in(log, request)
        return
    with log_in_session(request, output, memory_limit) as read:
        yield _source_in(read, request)


def _log_here(request: Request, output: OutputFolder) -> _Source:
    refuse_standard_input_twice(request.members, request.events)
    members, events = request.members, request.events
    with reading("events", members, events):
        log = log_in_pieces(request.program, members=members, events=events, folder=output.scratch)
    pieces = partial(log.pieces, EVENTS_OF_A_PIECE)
    return _Source(log.facts, known_as_of(log.facts, request.as_of), pieces, PlainPieces, session=None)


def _source_in(log: LogInSession, request: Request) -> _Source:
    from pointbook.folding.arrow_pieces import ArrowPieces  # noqa: PLC0415 - an extra
    from pointbook.folding.session_pieces import session_pieces  # noqa: PLC0415 - an extra

    pieces = partial(session_pieces, log.session, request.program, EVENTS_OF_A_PIECE)
    return _Source(log.facts, log.as_of, pieces, ArrowPieces, log.session)
