"""A log evaluated by the plan, which an engine runs: DuckDB, PostgreSQL or Spark."""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial, reduce
from operator import add
from typing import TYPE_CHECKING

from pointbook.model import tables
from pointbook.relational.constructs import UnsupportedError
from pointbook.relational.counts import counts_of
from pointbook.relational.engines.duckdb_session import DuckDBSession
from pointbook.relational.engines.spark_session import SparkEngine
from pointbook.relational.evaluation import RelationalEvaluation
from pointbook.relational.member_ranges import MemberRanges, ranges_for
from pointbook.relational.near_texts import near_texts_in
from pointbook.relational.plan import plan_of
from pointbook.relational.results import RESULTS
from pointbook.relational.unsupported import refuse_dated
from pointbook.relational.updating.tallies import events_after
from pointbook.views.evaluated import Evaluated, Way
from pointbook_cli.evaluation.request import EvaluationFacts
from pointbook_cli.evaluation.result_files import reject_rows, write_rejects
from pointbook_cli.evaluation.result_tables import tables_stand, write_tables
from pointbook_cli.evaluation.seen import seen_rows, what_was_seen, write_seen
from pointbook_cli.progress import steps_told
from pointbook_cli.reporters.tables.batch_lines import write_lines
from pointbook_cli.reporters.tables.parquet_files import write_parquet
from pointbook_cli.reporters.tables.table_files import FOLDERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pyarrow as pa

    from pointbook.model.tally import Tally
    from pointbook_cli.evaluation.log_in_session import LogInSession
    from pointbook_cli.evaluation.request import Request, RunRow
    from pointbook_cli.output_files import OutputFolder


@contextmanager
def evaluated_by_plan(request: Request, output: OutputFolder, log: LogInSession) -> Iterator[EvaluationFacts]:
    """Write the tables of an evaluation; those of a database are written when that is asked for.

    Raises:
        UnsupportedError: The rules or the log have what the plan has not; the session has the log still.
        EngineError: The engine lacks something.
    """
    session, facts = log.session, log.facts
    refuse_dated(facts.dated)
    plan = plan_of(
        request.program,
        as_of=log.as_of,
        versions=(request.version,),
        assume=request.assume,
        keeps_order=session.keeps_order,
    )
    as_tables = request.output_format == "table"
    ranges = 1 if as_tables else ranges_for(session, facts.events)
    evaluation = RelationalEvaluation(plan, session, steps_told(plan, ranges))
    try:
        write_rejects(facts, request, output)
        # The database computes a table from all members at once, and sees to its memory itself.
        counts = counts_of(evaluation) if as_tables else _written(evaluation, ranges, request, output)
        counts.after_as_of = events_after(session, log.as_of)
        counts.near_texts = near_texts_in(session, request.program, request.version, log.as_of)
        seen = seen_rows(session, request, log.as_of, counts.ignored)
        if not as_tables:
            write_seen(session, request, output, seen, what_was_seen(request, facts, log.as_of))
        threads = request.threads if request.backend.is_here else None
        workers = session.threads if isinstance(session, SparkEngine) else threads
        evaluated = Evaluated(request.backend.shown, Way.PLAN, workers, compiled=None)

        def write_results(run: RunRow) -> None:
            rows: dict[str, str | pa.RecordBatchReader] = {
                name: evaluation.result_sql(name) for name in RESULTS
            }
            write_tables(session, request, {**rows, **seen, "rejects": reject_rows(facts)}, run)

        stand = partial(tables_stand, session, request)
        yield EvaluationFacts(facts, log.as_of, counts, evaluated, stand, write_results)
    except UnsupportedError:
        evaluation.forget()
        raise


def _written(evaluation: RelationalEvaluation, ranges: int, request: Request, output: OutputFolder) -> Tally:
    """Write every result, members being taken range by range; returns what they come to."""
    if isinstance(evaluation.session, SparkEngine) and request.output_format == FOLDERS:
        return _written_in_folders(evaluation, evaluation.session, request, output)
    counts: list[Tally] = []
    members = MemberRanges(evaluation, ranges, lambda: counts.append(counts_of(evaluation)))
    session, for_file = evaluation.session, request.output_format == "parquet"

    def write(name: str, columns: tables.Columns, batches: Iterable[pa.RecordBatch]) -> None:
        file = f"{name}.{request.output_format}"
        if for_file:
            write_parquet(output.path(file), columns, batches)
        else:
            safe = request.spreadsheet_safe
            write_lines(output.file(file), columns, request.output_format, batches, spreadsheet_safe=safe)

    if for_file and isinstance(session, DuckDBSession):
        members.write_ledger(output.path("ledger.parquet"))
    else:
        write("ledger", tables.ledger_columns(request.program), members.ledger())
    others = {"standings": tables.standings_columns(evaluation.plan.program), "history": tables.HISTORY}
    for name, columns in others.items():
        sql = members.result_sql(name, for_file=for_file)
        if for_file and isinstance(session, DuckDBSession):
            session.write_parquet(sql, output.path(f"{name}.parquet"))
        else:
            write(name, columns, session.rows(sql))
    return reduce(add, counts)


def _written_in_folders(
    evaluation: RelationalEvaluation, session: SparkEngine, request: Request, output: OutputFolder
) -> Tally:
    """Have Spark's executors write every result."""
    from pointbook_cli.evaluation.spark_folders import write_folders  # noqa: PLC0415 - an extra

    counts = counts_of(evaluation)
    queries = {name: evaluation.result_sql(name) for name in RESULTS}
    write_folders(session, queries, request, output, counts)
    return counts
