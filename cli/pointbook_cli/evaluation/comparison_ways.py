"""A log to compare: in this process or in an engine, in pieces, by one process or by several.

What is found of pieces merges to what is found of the whole, so that every way comes to the same.
"""

from __future__ import annotations

from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from pointbook.comparison.finishing import finished
from pointbook.comparison.partial import PartialComparison, merged
from pointbook.comparison.terms import terms_of, whole_log
from pointbook.diagnostics import InputError
from pointbook.folding.pieces import pieces_of
from pointbook.folding.pieces_of_two import PiecesOfTwo, pieces_of_two
from pointbook.folding.plain_pieces import PlainPieces
from pointbook.folding.processes import Task, in_order, pool
from pointbook.log.reading import is_parquet, is_table
from pointbook.source.files import data_files
from pointbook_cli.backends import backend_from, default_backend, refuse_missing, session_on
from pointbook_cli.evaluation import comparison_work
from pointbook_cli.evaluation.comparison_work import ComparisonWork
from pointbook_cli.evaluation.moving_rows import warn_of_hidden_rows
from pointbook_cli.evaluation.request import refuse_tables
from pointbook_cli.options import processors, read_inputs, refuse_standard_input_twice
from pointbook_cli.progress import stage

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from pointbook.comparison.question import Question
    from pointbook.comparison.result import ComparisonResult
    from pointbook.comparison.terms import Options
    from pointbook.log import Log, LogFacts
    from pointbook.model.program import Program
    from pointbook_cli.backends import Backend

EVENTS_OF_A_PIECE = 1 << 16
"""The most events, and members, of a piece; the members who differ most are traced in each piece."""
_MEMORY_OF_DUCKDB = "1GB"
"""It only sorts, and does that on disk where it must."""
LEAST_EVENTS_OF_A_WORKER = 50_000
"""With fewer for each, to begin a process takes longer than it saves."""


@dataclass(frozen=True, slots=True)
class LogToCompare:
    """A log that was read, wherever it lies.

    Attributes:
        facts: What is known of it.
        member_ids: Those of its members.
        pieces: Its pieces; can be called for each comparison.
        form: What makes bytes of them, and records, ready to be made in any process.
        workers: The most processes to compare it by.
        apart: Where each side reads the log for itself, what is known of it there.
    """

    facts: LogFacts
    member_ids: Collection[str]
    pieces: Callable[[], Iterator[Any]]
    form: Callable[[], Any]
    workers: int
    apart: tuple[LogFacts, LogFacts] | None = None

    def compared(self, question: Question, options: Options) -> ComparisonResult:
        """The log under both versions.

        Raises:
            WorkerDiedError: A process was killed, or its memory ran out.
            WorkerFailedError: The work in a process failed.
        """
        known = whole_log(self.facts, self.member_ids, question, options, self.apart)
        workers = min(self.workers, max(1, self.facts.events // LEAST_EVENTS_OF_A_WORKER))
        work = ComparisonWork(question, known, options, self.form)
        whole = PartialComparison()
        with stage("adding up points under both", self.facts.members) as adding:
            if workers == 1:
                found = _telling(work, adding.advance)
                for piece in self.pieces():  # no `map`, which takes a StopIteration for the end
                    whole = merged(whole, found(piece))
            else:
                for part in _by_workers(work, self.pieces(), workers):
                    whole = merged(whole, part)
                    adding.advance(len(part.members))
        return finished(terms_of(question, known, options), whole)


def _telling(work: ComparisonWork, advance: Callable[[int], None]) -> Callable[[Any], PartialComparison]:
    options = replace(work.options, progress=lambda _: advance(1))
    return comparison_work.for_pieces(replace(work, options=options))


def _by_workers(work: ComparisonWork, pieces: Iterator[Any], workers: int) -> Iterator[PartialComparison]:
    """What is found of the pieces, in their order."""
    bytes_of = work.form().bytes_of
    tasks = (Task(bytes_of(piece), piece.goes_on) for piece in pieces)
    with pool(workers, comparison_work.__name__) as begun:
        yield from in_order(partial(comparison_work.for_bytes, work), tasks, begun)


def log_here(program: Program, log: Log, workers: int) -> LogToCompare:
    """A log in this process."""
    members = list(log.members.values())

    def pieces() -> Iterator[Any]:
        return pieces_of(members, log.events, EVENTS_OF_A_PIECE)

    return LogToCompare(log.facts, log.members, pieces, partial(PlainPieces, program), workers)


def logs_here(programs: tuple[Program, Program], logs: tuple[Log, Log], workers: int) -> LogToCompare:
    """A log in this process that each side has read for itself, by its own program."""
    old, new = logs

    def pieces() -> Iterator[Any]:
        return pieces_of_two(logs, EVENTS_OF_A_PIECE)

    return LogToCompare(
        old.facts.with_reading(new.facts),
        old.members.keys() | new.members.keys(),
        pieces,
        partial(PiecesOfTwo, programs),
        workers,
        (old.facts, new.facts),
    )


@contextmanager
def log_to_compare(
    program: Program,
    members: tuple[str, ...],
    events: tuple[str, ...],
    backend: Backend | None,
    workers: int,
) -> Iterator[LogToCompare]:
    """The log that options name; a session that it lies in is closed at the end.

    Args:
        program: With all attributes that the log may have.
        members: Sources of members.
        events: Sources of events.
        backend: Where the log is read; None for DuckDB where it can read the events in place, else here.
        workers: The most processes to compare it by.

    Raises:
        InputError: The log cannot be read, or the engine not be reached.
    """
    refuse_standard_input_twice(members, events)
    backend = backend or _default(events)
    refuse_tables(backend, members, events)
    if backend.kind == "python":
        yield log_here(program, read_inputs(program, members, events), workers)
        return
    refuse_missing(backend)
    from pointbook.folding.arrow_pieces import ArrowPieces  # noqa: PLC0415 - an extra
    from pointbook.folding.session_pieces import session_pieces  # noqa: PLC0415 - an extra
    from pointbook.relational.inputs.log_in_session import put_log  # noqa: PLC0415 - an extra

    with (
        TemporaryDirectory(prefix="pointbook-") as spill,
        session_on(
            backend,
            memory_limit=_MEMORY_OF_DUCKDB if backend.kind == "duckdb" else None,
            workers=min(workers, processors()),
            spill=Path(spill) / "spill",
            writes_tables=False,
        ) as session,
    ):
        facts = put_log(session, program, members=members, events=events, folder=Path(spill))
        warn_of_hidden_rows(facts)
        ids = session.rows("SELECT member_id FROM members").read_all().column("member_id").to_pylist()
        pieces = partial(session_pieces, session, program, EVENTS_OF_A_PIECE)
        yield LogToCompare(facts, ids, pieces, partial(ArrowPieces, program), workers)


def _default(events: tuple[str, ...]) -> Backend:
    """DuckDB for Parquet, which it reads in place; what the reader must read is compared where it is read."""
    with suppress(InputError, OSError):  # what is wrong with a file is said where it is read
        paths = [path for source in events if not is_table(source) for path in data_files(source)]
        if paths and not any(map(is_table, events)) and all(map(is_parquet, paths)):
            return default_backend()
    return backend_from("python")
