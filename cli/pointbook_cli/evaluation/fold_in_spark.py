"""A log evaluated by the definition inside Spark: results travel only where files are asked for."""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from functools import partial
from typing import TYPE_CHECKING

from pointbook.folding.arrow_pieces import ArrowPieces
from pointbook.folding.in_spark import FoldInSpark
from pointbook.folding.stream import Folding
from pointbook.relational.engines.spark_session import SparkEngine
from pointbook.version import is_compiled
from pointbook.views.evaluated import Evaluated, Way
from pointbook_cli.evaluation.fold_work import FoldWork, for_pieces, result_columns
from pointbook_cli.evaluation.log_in_session import log_in_session
from pointbook_cli.evaluation.request import EvaluationFacts
from pointbook_cli.evaluation.result_files import (
    reject_rows,
    result_files,
    result_writer,
    write_rejects,
)
from pointbook_cli.evaluation.result_tables import tables_stand, write_tables
from pointbook_cli.evaluation.spark_folders import write_folders
from pointbook_cli.reporters.tables.parquet_files import result_schema
from pointbook_cli.reporters.tables.table_files import FOLDERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pointbook.log import LogFacts
    from pointbook_cli.evaluation.log_in_session import LogInSession
    from pointbook_cli.evaluation.request import Request, RunRow
    from pointbook_cli.output_files import OutputFolder


@contextmanager
def evaluated_in_spark(
    request: Request, output: OutputFolder, log: LogInSession | None
) -> Iterator[EvaluationFacts]:
    """Write the tables of an evaluation; those of Spark are written when that is asked for.

    Args:
        request: What is asked for.
        output: Where files are written.
        log: The log, if it has been read.

    Raises:
        InputError: The log cannot be read, Spark not be reached, or a number not be written.
    """
    as_tables = request.output_format == "table"
    with log_in_session(request, output, None) if log is None else nullcontext(log) as (session, facts, day):
        assert isinstance(session, SparkEngine), "a log that lies in Spark"
        folding = Folding(request.program, day, request.version, request.assume)
        writer = result_writer(request, in_columns=True)
        work = FoldWork(folding, ArrowPieces, writer, request.output_format, request.spreadsheet_safe)
        fold = FoldInSpark(session, request.program, partial(for_pieces, work))
        if request.output_format == FOLDERS:
            write_folders(session, _queries(fold, request), request, output, fold.tally)
        elif not as_tables:
            with result_files(request, session, output) as write:
                for stretches in fold.written():
                    write(stretches)
        write_rejects(facts, request, output)
        how = Evaluated(
            request.backend.shown,
            Way.FOLD,
            workers=session.threads,
            compiled=is_compiled(),
        )
        stand = partial(tables_stand, session, request)
        write = partial(_write_tables, session, fold, facts, request)
        yield EvaluationFacts(facts, day, fold.tally, how, stand, write)


def _queries(fold: FoldInSpark, request: Request) -> dict[str, str]:
    """Each result as a query of Spark."""
    for name, columns in result_columns(request.program).items():
        fold.put_table(f"fold_{name}", name, result_schema(columns))
    return {name: f"SELECT * FROM fold_{name}" for name in result_columns(request.program)}  # noqa: S608 - names made here


def _write_tables(
    session: SparkEngine, fold: FoldInSpark, facts: LogFacts, request: Request, run: RunRow
) -> None:
    """Write the results and the rejects to tables of Spark's catalog."""
    write_tables(session, request, {**_queries(fold, request), "rejects": reject_rows(facts)}, run)
