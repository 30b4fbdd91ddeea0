"""A log evaluated by the interpreter, member by member."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

import click

from pointbook.diagnostics import InputError, install_hint
from pointbook.evaluating import evaluate, is_compiled
from pointbook.model import tables
from pointbook.model.evaluated import Evaluated, Way
from pointbook.model.tally import Tally
from pointbook_cli.evaluation.request import EvaluationFacts
from pointbook_cli.options import known_as_of, read_inputs
from pointbook_cli.progress import members_bar
from pointbook_cli.reporters.tables.table_files import table_writer

if TYPE_CHECKING:
    from pointbook_cli.evaluation.request import Request
    from pointbook_cli.output_files import OutputFolder
    from pointbook_cli.reporters.tables.table_files import WriteRows


def evaluated_by_interpreter(request: Request, output: OutputFolder) -> EvaluationFacts:
    """Write the tables of an evaluation.

    Raises:
        InputError: The log cannot be read.
    """
    program = request.program
    log = read_inputs(program, request.members, request.events)
    facts = log.facts
    day = known_as_of(facts, request.as_of)
    evaluation = evaluate(program, log, as_of=day, version=request.version, assume=request.assume)
    tally = Tally()
    with ExitStack() as stack:

        def table(name: str, columns: tables.Columns) -> WriteRows:
            return rows_writer(stack, output, name, columns, request.output_format)

        ledger = table("ledger", tables.LEDGER)
        standings = table("standings", tables.standings_columns(program))
        history = table("history", tables.HISTORY)
        table("rejects", tables.REJECTS)(map(tables.reject_row, (*log.member_rejects, *log.rejects)))
        advance = stack.enter_context(members_bar("evaluating", len(log.members)))
        for result in evaluation:
            ledger(map(tables.ledger_row, result.entries))
            history(map(tables.history_row, result.history))
            if result.standing is not None:
                standings([tables.standings_row(result.standing)])
            tally.add(result.entries, result.standing, result.after_as_of)
            advance(result)
    return EvaluationFacts(
        facts, day, tally, Evaluated("python", Way.FOLD, workers=1, compiled=is_compiled())
    )


def rows_writer(
    stack: ExitStack, output: OutputFolder, name: str, columns: tables.Columns, output_format: str
) -> WriteRows:
    """A function that writes rows of a table, which is complete when `stack` is left."""
    file = f"{name}.{output_format}"
    if output_format != "parquet":
        return table_writer(output.file(file), columns, output_format)
    try:
        from pointbook_cli.reporters.tables.parquet_files import parquet_rows_writer  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as error:
        message = f"the module `{(error.name or '').partition('.')[0]}` is not installed"
        raise InputError("--output-format parquet", message, install_hint("duckdb")) from error
    return stack.enter_context(parquet_rows_writer(output.path(file), columns))


def refuse_what_it_lacks(request: Request) -> None:
    """Refuse options that the backend can do nothing with.

    Raises:
        click.BadParameter: An option needs a database, or DuckDB.
    """
    if request.memory_limit is not None and request.backend.kind != "duckdb":
        message = f"{request.backend.shown} has no memory limit; use it with `--backend duckdb`"
        raise click.BadParameter(message, param_hint="--memory-limit")
    if request.backend.has_tables:
        return
    hint = "name a database with `--backend`, such as `duckdb://FILE` or `postgresql://...`"
    if request.output_format == "table":
        message = f"{request.backend.shown} keeps no tables; {hint}"
        raise click.BadParameter(message, param_hint="--output-format")
    for option, sources in (("--events", request.events), ("--members", request.members)):
        for source in sources:
            if source.startswith(("table:", "query:")):
                message = f"{source}: {request.backend.shown} has no tables to read; {hint}"
                raise click.BadParameter(message, param_hint=option)
