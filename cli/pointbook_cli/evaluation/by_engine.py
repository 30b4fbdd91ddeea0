"""A log evaluated by an engine that runs the plan: DuckDB, PostgreSQL or Spark."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from functools import reduce
from operator import add
from typing import TYPE_CHECKING

import pyarrow as pa
from sqlglot import exp

from pointbook.model import tables
from pointbook.relational.counts import counts_of
from pointbook.relational.engines.duckdb_session import DuckDBSession
from pointbook.relational.evaluation import RelationalEvaluation
from pointbook.relational.inputs.log_in_session import put_log
from pointbook.relational.member_ranges import MemberRanges, ranges_for
from pointbook.relational.plan import plan_of
from pointbook.relational.rulebook.editions import version_sets
from pointbook.relational.rulebook.rule_book import rule_book
from pointbook.views.summary import Tally
from pointbook_cli.backends import session_on
from pointbook_cli.evaluation.by_interpreter import rows_writer
from pointbook_cli.evaluation.request import Evaluated
from pointbook_cli.options import known_as_of
from pointbook_cli.progress import steps_as_they_begin
from pointbook_cli.reporters.batch_lines import write_lines
from pointbook_cli.reporters.parquet_files import write_parquet
from pointbook_cli.reporters.result_types import batch_from, result_schema

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from pointbook.log import LogFacts
    from pointbook.model.rules import Program
    from pointbook.relational.counts import Counts
    from pointbook.relational.engines.sessions import Session
    from pointbook_cli.evaluation.request import Request
    from pointbook_cli.output_files import OutputFolder

_REJECTS = "reject_rows"


@contextmanager
def evaluated_by_engine(request: Request, output: OutputFolder) -> Iterator[Evaluated]:
    """Write the tables of an evaluation; tables of a database take their place when this is left.

    Raises:
        InputError: The log cannot be read, the engine not be reached, or it lacks something.
    """
    refuse_unsupported(request)
    as_tables = request.output_format == "table"
    with session_on(
        request.backend,
        memory_limit=request.memory_limit,
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
        ranges = 1
        if isinstance(session, DuckDBSession) and not as_tables:
            ranges = ranges_for(session, facts.events)
        evaluation = RelationalEvaluation(plan, session, steps_as_they_begin(plan, ranges))
        _write_rejects(facts, request, output)
        if as_tables:
            counts = counts_of(evaluation)
        elif isinstance(session, DuckDBSession) and ranges > 1:
            counts = _written_by_ranges(evaluation, session, ranges, request.output_format, output)
        else:
            counts = _written_at_once(evaluation, request.output_format, output)
        yield Evaluated(facts, day, _tally(counts, _events_after(evaluation, day)))
        if as_tables:
            rejects = pa.Table.from_batches([batch_from(_reject_rows(facts), result_schema(tables.REJECTS))])
            session.put(_REJECTS, rejects)
            queries = {name: sql for name, _, sql in _results(evaluation)}
            queries["rejects"] = exp.select("*").from_(_REJECTS).sql(dialect=session.dialect.name)
            session.replace_tables({f"{request.table_prefix}{name}": sql for name, sql in queries.items()})


def refuse_unsupported(request: Request) -> None:
    """Refuse rules before any work.

    Raises:
        UnsupportedRulesError: They hold a construct that no plan can evaluate.
    """
    program = request.program
    first_day = min(version.effective_from for version in program.versions)
    rule_book(program, version_sets(program, (request.version,)), request.assume, first_day)


def _written_at_once(evaluation: RelationalEvaluation, output_format: str, output: OutputFolder) -> Counts:
    """Write every result; returns what they come to."""
    for name, columns, sql in _results(evaluation, for_file=output_format == "parquet"):
        _write(name, columns, sql, output_format, evaluation.session, output)
    return counts_of(evaluation)


def _written_by_ranges(
    evaluation: RelationalEvaluation,
    session: DuckDBSession,
    ranges: int,
    output_format: str,
    output: OutputFolder,
) -> Counts:
    """Write every result, members being taken range by range; returns what they come to."""
    counts: list[Counts] = []
    members = MemberRanges(evaluation, session, ranges, lambda: counts.append(counts_of(evaluation)))
    file, for_file = f"ledger.{output_format}", output_format == "parquet"
    if for_file:
        members.write_ledger(output.path(file))
    else:
        write_lines(output.file(file), tables.LEDGER, output_format, members.ledger())
    for name, columns, sql in _other_results(members, evaluation.plan.program, for_file=for_file):
        _write(name, columns, sql, output_format, session, output)
    return reduce(add, counts)


def _results(
    evaluation: RelationalEvaluation, *, for_file: bool = False
) -> Iterator[tuple[str, tables.Columns, str]]:
    """Name, columns and query of each result."""
    yield "ledger", tables.LEDGER, evaluation.ledger_sql(for_file=for_file)
    yield from _other_results(evaluation, evaluation.plan.program, for_file=for_file)


def _other_results(
    results: RelationalEvaluation | MemberRanges, program: Program, *, for_file: bool
) -> Iterator[tuple[str, tables.Columns, str]]:
    """Name, columns and query of each result but the ledger."""
    yield "standings", tables.standings_columns(program), results.standings_sql(for_file=for_file)
    yield "history", tables.HISTORY, results.history_sql(for_file=for_file)


def _write(  # noqa: PLR0913, PLR0917 - a table, its form and where to
    name: str,
    columns: tables.Columns,
    sql: str,
    output_format: str,
    session: Session,
    output: OutputFolder,
) -> None:
    file = f"{name}.{output_format}"
    if output_format != "parquet":
        write_lines(output.file(file), columns, output_format, session.rows(sql))
    elif isinstance(session, DuckDBSession):
        session.write_parquet(sql, output.path(file))
    else:
        write_parquet(output.path(file), columns, session.rows(sql))


def _write_rejects(facts: LogFacts, request: Request, output: OutputFolder) -> None:
    """Rejects are few, and were found here: a file also where the results are tables."""
    output_format = "csv" if request.output_format == "table" else request.output_format
    with ExitStack() as stack:
        rows_writer(stack, output, "rejects", tables.REJECTS, output_format)(_reject_rows(facts))


def _reject_rows(facts: LogFacts) -> Iterator[tuple[tables.Cell, ...]]:
    return map(tables.reject_row, (*facts.member_rejects, *facts.rejects))


def _tally(counts: Counts, after_as_of: int) -> Tally:
    tally = Tally()
    tally.outcomes, tally.levels = counts.outcomes, counts.levels
    tally.unknown_activities = counts.unknown_activities
    tally.assumed, tally.ignored = counts.assumed, counts.ignored
    tally.after_as_of = after_as_of
    return tally


def _events_after(evaluation: RelationalEvaluation, day: date) -> int:
    """Counted by themselves, so that a row that the plan lost would show."""
    local_day = exp.cast(exp.column("local", quoted=True), "DATE")
    query = exp.select(exp.alias_(exp.Count(this=exp.Star()), "number", quoted=True)).from_("events")
    query = query.where(exp.GT(this=local_day, expression=exp.cast(exp.convert(day.isoformat()), "DATE")))
    found = evaluation.session.rows(query.sql(dialect=evaluation.session.dialect.name)).read_all()
    number: int = found["number"][0].as_py()
    return number
