"""A log evaluated by the definition: in pieces, in this process or in several, written in their order."""

from __future__ import annotations

from contextlib import ExitStack, closing, contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from pointbook.evaluating import is_compiled
from pointbook.folding.pieces import pieces_of
from pointbook.folding.plain_pieces import PlainPieces
from pointbook.folding.processes import Task, in_order
from pointbook.folding.stream import Folding
from pointbook.model import tables
from pointbook.model.evaluated import Evaluated, Way
from pointbook.model.tally import Tally
from pointbook_cli.evaluation.fold_work import FoldWork, RowLines, for_bytes, for_pieces, result_columns
from pointbook_cli.evaluation.memory import shares_of_memory
from pointbook_cli.evaluation.request import EvaluationFacts
from pointbook_cli.evaluation.result_files import lines_writer, of_tables, refuse_missing_parquet, rows_writer
from pointbook_cli.options import known_as_of, read_inputs
from pointbook_cli.progress import members_bar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pointbook.folding.arrow_pieces import ArrowPieces
    from pointbook.log import LogFacts
    from pointbook.relational.engines.sessions import Session
    from pointbook_cli.evaluation.fold_work import ResultWriter, Written
    from pointbook_cli.evaluation.request import Request
    from pointbook_cli.evaluation.result_files import WriteBytes
    from pointbook_cli.output_files import OutputFolder

EVENTS_OF_A_PIECE = 1 << 15
"""The most events, and members, of a piece; with its results it takes about 50 MB in the process that has it."""
LEAST_EVENTS_OF_A_WORKER = 100_000
"""With fewer for each, beginning a process takes longer than it saves: half a second, in which a hundred
thousand events can be folded."""


class _Source(NamedTuple):
    """A log that was read.

    Attributes:
        facts: What is known of it.
        pieces: Its pieces, once.
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
    share = share_of_memory(request)
    with _read(request, output, share.engine) as source:
        facts = source.facts
        day = known_as_of(facts, request.as_of)
        workers = min(share.workers, max(1, facts.events // LEAST_EVENTS_OF_A_WORKER))
        folding = Folding(request.program, day, request.version, request.assume)
        with ExitStack() as stack:
            ...
