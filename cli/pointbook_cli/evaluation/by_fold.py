"""A log evaluated by the definition: in pieces, in this process or in several, written in their order."""

from __future__ import annotations

from contextlib import closing, contextmanager, nullcontext
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from pointbook.evaluating import is_compiled
from pointbook.folding.pieces import pieces_of
from pointbook.folding.plain_pieces import PlainPieces
from pointbook.folding.processes import Task, in_order
from pointbook.folding.stream import Folding
from pointbook.model.evaluated import Evaluated, Way
from pointbook.model.tally import Tally
from pointbook_cli.backends import session_on
from pointbook_cli.evaluation.fold_work import FoldWork, for_bytes, for_pieces
from pointbook_cli.evaluation.memory import shares_of
from pointbook_cli.evaluation.request import EvaluationFacts
from pointbook_cli.evaluation.result_files import replace_tables, result_files, result_writer, write_rejects
from pointbook_cli.options import known_as_of, read_inputs
from pointbook_cli.progress import members_bar

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from pointbook.folding.arrow_pieces import ArrowPieces
    from pointbook.log import LogFacts
    from pointbook.relational.engines.sessions import Session
    from pointbook_cli.evaluation.fold_work import Written
    from pointbook_cli.evaluation.request import Request
    from pointbook_cli.output_files import OutputFolder

EVENTS_OF_A_PIECE = 1 << 15
"""The most events, and members, of a piece; with its results it takes about 50 MB."""
LEAST_EVENTS_OF_A_WORKER = 100_000
"""With fewer for each, to begin a process takes longer than it saves: half a second, for as many events."""


class _Source(NamedTuple):
    """A log that was read.

    Attributes:
        facts: What is known of it.
        pieces: Its pieces; to be called once.
        form: The form in which they come.
        session: Where it lies, None for this process.
    """

    facts: LogFacts
    pieces: Callable[[], Iterator[Any]]
    form: type[ArrowPieces | PlainPieces]
    session: Session | None


@contextmanager
def evaluated_by_fold(request: Request, output: OutputFolder) -> Iterator[EvaluationFacts]:
    """Write the tables of an evaluation; tables of a database take their place when this is left.

    Raises:
        InputError: The log cannot be read, the engine not be reached, or a number not be written.
        WorkerDiedError: A process was killed, or its memory ran out.
        WorkerFailedError: The work in a process failed.
    """
    shares = shares_of(request.memory_limit, request.workers)
    if request.backend.kind == "python":
        reading = nullcontext(_log_here(request))
    else:
        reading = _log_in_session(request, output, shares.duckdb)
    with reading as source:
        facts = source.facts
        day = known_as_of(facts, request.as_of)
        workers = min(shares.workers, max(1, facts.events // LEAST_EVENTS_OF_A_WORKER))
        folding = Folding(request.program, day, request.version, request.assume)
        writer = result_writer(request, in_columns=source.session is not None)
        work = FoldWork(folding, source.form, writer, request.output_format)
        tally = Tally()
        with (
            result_files(request, source.session, output) as write,
            closing(_folded(work, source.pieces(), workers)) as stretches,
            members_bar("evaluating", facts.members) as advance,
        ):
            for stretch in stretches:
                write(stretch.results)
                tally += stretch.tally
                advance(stretch.members)
        write_rejects(facts, request, output)
        how = Evaluated(request.backend.shown, Way.FOLD, workers=workers, compiled=is_compiled())
        yield EvaluationFacts(facts, day, tally, how)
        if request.output_format == "table" and source.session is not None:
            replace_tables(source.session, facts, request, output)


def _folded(work: FoldWork, pieces: Iterator[Any], workers: int) -> Generator[Written]:
    """What the pieces come to, in their order."""
    if workers == 1:
        yield from map(for_pieces(work), pieces)
        return
    bytes_of = work.form(work.folding.program).bytes_of
    tasks = (Task(bytes_of(piece), piece.goes_on) for piece in pieces)
    yield from in_order(partial(for_bytes, work), tasks, workers)


def _log_here(request: Request) -> _Source:
    log = read_inputs(request.program, request.members, request.events)
    members = list(log.members.values())
    return _Source(
        log.facts, lambda: pieces_of(members, log.events, EVENTS_OF_A_PIECE), PlainPieces, session=None
    )


@contextmanager
def _log_in_session(request: Request, output: OutputFolder, memory_limit: str | None) -> Iterator[_Source]:
    from pointbook.folding.arrow_pieces import ArrowPieces  # noqa: PLC0415 - an extra
    from pointbook.folding.session_pieces import session_pieces  # noqa: PLC0415 - an extra
    from pointbook.relational.inputs.log_in_session import put_log  # noqa: PLC0415 - an extra

    with session_on(
        request.backend,
        memory_limit=memory_limit,
        workers=request.workers,
        spill=output.scratch,
        writes_tables=request.output_format == "table",
    ) as session:
        facts = put_log(session, request.program, members=request.members, events=request.events)
        pieces = partial(session_pieces, session, request.program, EVENTS_OF_A_PIECE)
        yield _Source(facts, pieces, ArrowPieces, session)
