"""A log evaluated by an engine that runs the plan: DuckDB, PostgreSQL or Spark."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from functools import reduce
from operator import add
from typing import TYPE_CHECKING

import pyarrow as pa
from sqlglot import exp

from pointbook.model import tables
from pointbook.model.evaluated import Evaluated, Way
from pointbook.relational.counts import counts_of
from pointbook.relational.engines.duckdb_session import DuckDBSession
from pointbook.relational.engines.sessions import number_from
from pointbook.relational.evaluation import RelationalEvaluation
from pointbook.relational.inputs.log_in_session import put_log
from pointbook.relational.member_ranges import MemberRanges, ranges_for
from pointbook.relational.plan import plan_of
from pointbook.relational.results import RESULTS
from pointbook.relational.rulebook.editions import version_sets
from pointbook.relational.rulebook.rule_book import rule_book
from pointbook_cli.backends import session_on
from pointbook_cli.evaluation.by_interpreter import rows_writer
from pointbook_cli.evaluation.request import EvaluationFacts
from pointbook_cli.options import known_as_of
from pointbook_cli.progress import steps_as_they_begin
from pointbook_cli.reporters.tables.batch_lines import write_lines
from pointbook_cli.reporters.tables.parquet_files import batch_from, result_schema, write_parquet

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from pointbook.log import LogFacts
    from pointbook.model.tally import Tally
    from pointbook_cli.evaluation.request import Request
    from pointbook_cli.output_files import OutputFolder

_REJECTS = "reject_rows"


@contextmanager
def evaluated_by_engine(request: Request, output: OutputFolder) -> Iterator[EvaluationFacts]:
    """Write the tables of an evaluation; tables of a database take their place when this is left.

    Raises:
        InputError: The log cannot be read, the engine not be reached, or it lacks something.
    """
    refuse_unsupported(request)
    as_tables = request.output_format == "table"
    with session_on(
        request.backend,
        memory_limit=request.memory_limit,
        workers=request.workers,
        spill=output.scratch,
        writes_tables=as_tables,
    ) as session:
        facts = put_log(session, request.program, members=request.members, events=request.events)
        day = known_as_of(facts, request.as_of)
        plan = plan_of(
            request.program,
            as_of=day,
            versions=(request.version,),
            assume=request.assume,
            keeps_order=session.keeps_order,
        )
        ranges = 1 if as_tables else ranges_for(session, facts.events)
        evaluation = RelationalEvaluation(plan, session, steps_as_they_begin(plan, ranges))
        _write_rejects(facts, request, output)
        if as_tables:
            # The database computes a table from all members at once, and sees to its memory itself.
            counts = counts_of(evaluation)
        else:
            counts = _written(evaluation, ranges, request.output_format, output)
        counts.after_as_of = _events_after(evaluation, day)
        evaluated = Evaluated(
            request.backend.shown,
            Way.PLAN,
            workers=request.workers if request.backend.is_here else None,
            compiled=None,
        )
        yield EvaluationFacts(facts, day, counts, evaluated)
        if as_tables:
            rejects = pa.Table.from_batches([batch_from(_reject_rows(facts), result_schema(tables.REJECTS))])
            session.put(_REJECTS, rejects)
            queries = {name: evaluation.result_sql(name) for name in RESULTS}
            queries["rejects"] = exp.select("*").from_(_REJECTS).sql(dialect=session.dialect.name)
            session.replace_tables({f"{request.table_prefix}{name}": sql for name, sql in queries.items()})


def refuse_unsupported(request: Request) -> None:
    """Refuse rules before any work.

    Raises:
        UnsupportedError: They hold a construct that no plan can evaluate.
    """
    program = request.program
    first_day = min(version.effective_from for version in program.versions)
    rule_book(program, version_sets(program, (request.version,)), request.assume, first_day)


def _written(
    evaluation: RelationalEvaluation, ranges: int, output_format: str, output: OutputFolder
) -> Tally:
    """Write every result, members being taken range by range; returns what they come to."""
    counts: list[Tally] = []
    members = MemberRanges(evaluation, ranges, lambda: counts.append(counts_of(evaluation)))
    session, for_file = evaluation.session, output_format == "parquet"

    def write(name: str, columns: tables.Columns, batches: Iterable[pa.RecordBatch]) -> None:
        file = f"{name}.{output_format}"
        if for_file:
            write_parquet(output.path(file), columns, batches)
        else:
            write_lines(output.file(file), columns, output_format, batches)

    if for_file and isinstance(session, DuckDBSession):
        members.write_ledger(output.path("ledger.parquet"))
    else:
        write("ledger", tables.LEDGER, members.ledger())
    others = {"standings": tables.standings_columns(evaluation.plan.program), "history": tables.HISTORY}
    for name, columns in others.items():
        sql = members.result_sql(name, for_file=for_file)
        if for_file and isinstance(session, DuckDBSession):
            session.write_parquet(sql, output.path(f"{name}.parquet"))
        else:
            write(name, columns, session.rows(sql))
    return reduce(add, counts)


def _write_rejects(facts: LogFacts, request: Request, output: OutputFolder) -> None:
    """Rejects are few, and were found here: a file also where the results are tables."""
    output_format = "csv" if request.output_format == "table" else request.output_format
    with ExitStack() as stack:
        rows_writer(stack, output, "rejects", tables.REJECTS, output_format)(_reject_rows(facts))


def _reject_rows(facts: LogFacts) -> Iterator[tuple[tables.Cell, ...]]:
    return map(tables.reject_row, (*facts.member_rejects, *facts.rejects))


def _events_after(evaluation: RelationalEvaluation, day: date) -> int:
    """Counted by themselves, so that a row that the plan lost would show."""
    local_day = exp.cast(exp.column("local", quoted=True), "DATE")
    query = exp.select(exp.alias_(exp.Count(this=exp.Star()), "number", quoted=True)).from_("events")
    query = query.where(exp.GT(this=local_day, expression=exp.cast(exp.convert(day.isoformat()), "DATE")))
    return number_from(evaluation.session, query.sql(dialect=evaluation.session.dialect.name))
