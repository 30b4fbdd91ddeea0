"""`pointbook evaluate`: a log under the rules."""

from __future__ import annotations

import json
import re
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pointbook.loading import load_program
from pointbook.model.exports import OURS
from pointbook.model.ledger import Assume
from pointbook.views.evaluated import Way
from pointbook.views.summary import summary_of
from pointbook_cli.backends import Backend, BackendType, default_backend, refuse_missing, with_settings
from pointbook_cli.evaluation.gate import (
    MostRejected,
    MostRejectedType,
    TooManyRejectedError,
    failures,
    writes_nothing,
)
from pointbook_cli.evaluation.marks import mark_of
from pointbook_cli.evaluation.moving_rows import refuse_moving_rows, warn_of_hidden_rows
from pointbook_cli.evaluation.request import RUNS_TABLE, SEEN_TABLE, TABLES, Request, refuse_what_it_lacks
from pointbook_cli.evaluation.result_tables import begun, run_row
from pointbook_cli.evaluation.seen import SEEN_FILE, keeps_seen
from pointbook_cli.evaluation.updating.updated import refuse_no_update, updated
from pointbook_cli.evaluation.ways import evaluated
from pointbook_cli.options import (
    choice_option,
    evaluation_options,
    log_options,
    program_argument,
    refuse_standard_input_twice,
    update_options,
    version_id,
    warn_of_repeated_files,
    workers_option,
)
from pointbook_cli.output_files import output_folder
from pointbook_cli.output_paths import (
    real,
    refuse_missing_folders,
    refuse_replaced_sources,
    refuse_rules_folder,
)
from pointbook_cli.reporters.escaping import printable
from pointbook_cli.reporters.painting import SUMMARY
from pointbook_cli.reporters.summary_text import summary_text
from pointbook_cli.reporters.tables.table_files import FILES, FORMATS
from pointbook_cli.spark_settings import spark_conf_option
from pointbook_cli.table_options import table_options
from pointbook_cli.terminal import say
from pointbook_cli.usage.words import ChoiceType

if TYPE_CHECKING:
    from datetime import date

    from pointbook.log import LogFacts
    from pointbook_cli.evaluation.request import EvaluationFacts
    from pointbook_cli.evaluation.result_tables import Run
    from pointbook_cli.output_files import OutputFolder
    from pointbook_cli.spark_settings import Setting

_RESULT_FILES = (*(f"{table}.{form}" for table in TABLES for form in FILES), SEEN_FILE)
_SUMMARY = "summary.json"
_MEMORY = re.compile(r"[1-9]\d*(\.\d+)? ?([KMGT]i?B)", re.IGNORECASE)


def _memory_limit(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    if value is not None and not _MEMORY.fullmatch(value):
        raise click.BadParameter(f"'{value}' is not a size; write it as 500MB or 4GB")
    return value


@click.command(
    epilog="Example: pointbook evaluate rules/dataminer-devops "
    "--events events.csv --members members.csv --out results",
)
@program_argument
@log_options
@click.option(
    "--out", required=True, metavar="DIR", type=click.Path(path_type=Path), help="Folder for the results."
)
@evaluation_options
@click.option(
    "--backend",
    type=BackendType(),
    metavar="python|duckdb|spark|URL",
    help="Where the log is evaluated: in Python alone, in DuckDB or Spark on this machine, or in a database"
    " or cluster: duckdb://FILE, postgresql://USER@HOST/DATABASE, spark://HOST:PORT, sc://HOST:PORT."
    " [default: duckdb where it is installed, else python]",
)
@click.option(
    "--via",
    type=ChoiceType([way.value for way in Way]),
    help="What computes the results, which are the same: the plan, one query for all members, or the fold,"
    " member by member, which has all of the language. [default: plan where it can, else fold]",
)
@workers_option
@choice_option(
    "--output-format",
    choices=FORMATS,
    about="Form of ledger, standings, history and rejects; `parquet-folder`: Spark's executors write a folder"
    " of parts for each, `table`: tables of the backend's database."
    " Results of other forms that an earlier run left in --out are deleted.",
)
@spark_conf_option
@click.option(
    "--spreadsheet-safe",
    is_flag=True,
    help="Write no text into CSV that a spreadsheet takes for a formula: before one that begins with"
    " =, +, -, @ or the like goes an apostrophe.",
)
@table_options
@click.option(
    "--memory-limit",
    metavar="SIZE",
    callback=_memory_limit,
    help="The most memory for DuckDB and all processes of the fold, such as 2GB; what DuckDB needs beyond its"
    " share goes to disk for a while, inside --out."
    " Where the log is so large that members are taken range by range, writing Parquet takes up to an"
    " eighth more, at least 200MB."
    " [default: four fifths of what the machine has]",
)
@update_options
@click.option(
    "--max-rejected",
    "most_rejected",
    type=MostRejectedType(),
    metavar="N|P%",
    help="The most rejected rows, of events and members together, with which the log passes; with more, the"
    " exit code is 1 and nothing is written. [default: 0, and everything else is written all the same, unless"
    " more than half of either are rejected and earlier results would be replaced]",
)
def command(  # noqa: PLR0913, PLR0917 - one parameter per option
    program_folder: str,
    events: tuple[str, ...],
    members: tuple[str, ...],
    out: Path,
    as_of: date | None,
    version: str | None,
    assume: str,
    backend: Backend | None,
    via: str | None,
    workers: int,
    output_format: str,
    spark_settings: tuple[Setting, ...],
    spreadsheet_safe: bool,
    table_prefix: str,
    replace: bool,
    run_id: str | None,
    memory_limit: str | None,
    updates: bool,
    full: bool,
    loaded_at: str | None,
    most_rejected: MostRejected | None,
) -> int:
    """Evaluate a log: what each event comes to, and where each member stands.

    Writes ledger, standings, history and rejects (as CSV, JSON Lines or Parquet) and summary.json to
    --out, all of them or none; as tables, the rejects are a CSV file as well, and a further table has a
    row for each run. A row that cannot be used goes to the rejects with the reason; everything else is
    still evaluated. Every backend and either way gives the same results; what the plan cannot evaluate
    goes to the fold by itself. Where --backend is a database, --events and --members can be `table:NAME`
    or `query:SELECT ...` in it.

    Exit code 1 if more rows are rejected than --max-rejected, or no event counted; 3 if the rules, a
    file or its header cannot be read.
    """
    program = load_program(program_folder)
    version = version_id(program, version) if version is not None else None
    request = Request(
        program=program,
        events=events,
        members=members,
        as_of=as_of,
        version=version,
        assume=Assume(assume),
        backend=with_settings(backend, spark_settings) or default_backend(),
        output_format=output_format,
        table_prefix=table_prefix,
        memory_limit=memory_limit,
        workers=workers,
        via=None if via is None else Way(via),
        spreadsheet_safe=spreadsheet_safe,
        replace=replace,
        run_id=run_id,
        keeps_seen=keeps_seen(output_format, backend or default_backend()),
        updates=updates and not full,
        loaded_at=loaded_at,
    )
    run = begun(request.run_id)
    refuse_standard_input_twice(members, events)
    warn_of_repeated_files(members, events)
    refuse_what_it_lacks(request)
    if updates:
        refuse_no_update(request)
    refuse_missing(request.backend)
    _refuse_to_replace(out, request)
    stand = any((out / name).exists() for name in (*_RESULT_FILES, _SUMMARY))
    try:
        with output_folder(out) as output:
            output.replaces(_RESULT_FILES)
            evaluate = updated if request.updates else evaluated
            facts, summary = evaluate(
                request, output, lambda found: _finished(found, request, output, run, stand, most_rejected)
            )
            written = True
    except TooManyRejectedError as refused:
        facts, summary, written = refused.facts, refused.summary, False
    wrong = failures(summary, most_rejected, written=written)
    examples = (*facts.member_rejects.examples.values(), *facts.rejects.examples.values())
    text = summary_text(summary, examples, f"rejects.{request.rejects_format}" if written else None)
    warn_of_hidden_rows(facts)
    say("\n".join((text, *(f"not passed: {failure.short}" for failure in wrong))), SUMMARY)
    if written:
        kept = (SEEN_TABLE,) if request.keeps_seen else ()
        names = ", ".join(table_prefix + name for name in (*TABLES, *kept, RUNS_TABLE))
        also = f", and to the tables {names} as run {printable(run.run_id)}"
        say(f"written to {printable(str(out))}/{also if output_format == 'table' else ''}", err=True)
    for failure in wrong:
        say(f"error: {failure.message}\n  help: {failure.hint}", err=True)
    return 1 if wrong else 0


def _finished(  # noqa: PLR0913, PLR0917 - what a summary and its run depend on
    found: EvaluationFacts,
    request: Request,
    output: OutputFolder,
    run: Run,
    stand: bool,
    most_rejected: MostRejected | None,
) -> tuple[LogFacts, dict[str, Any]]:
    """What is known of the log, and the summary, which is written; the tables of a database are, too.

    Raises:
        TooManyRejectedError: So many rows are rejected that nothing takes its place.
        InputError: Rows of a table came or went while they were read.
    """
    refuse_moving_rows(found, request)
    summary = summary_of(
        found.tally,
        request.program,
        found.facts,
        as_of=found.as_of,
        as_of_given=request.as_of is not None,
        version=request.version,
        assume=request.assume,
        evaluated=found.evaluated,
        read_by=_read_by(request),
    )
    if writes_nothing(summary["counts"], most_rejected, lambda: stand or found.tables_stand()):
        raise TooManyRejectedError(found.facts, summary)
    output.file(_SUMMARY).write(json.dumps(summary, indent=2, ensure_ascii=False) + "\n")
    if request.output_format == "table":
        found.write_tables(partial(run_row, run, summary, mark=mark_of(request, found.facts)))
    return found.facts, summary


def _read_by(request: Request) -> dict[str, dict[str, list[str]]] | None:
    """Which files are read by which place in log.yaml; None where there is none."""
    if request.program.exports == OURS:
        return None
    from pointbook.log.reading import read_by  # noqa: PLC0415 - not needed for help and wrong usage

    given = (("events", request.events), ("members", request.members))
    return {kind: read_by(request.program, kind, sources) for kind, sources in given}


def _refuse_to_replace(out: Path, request: Request) -> None:
    """Results never take the place of the log they come from, nor lie among rules."""
    results = {real(out / name) for name in (*_RESULT_FILES, _SUMMARY)}
    sources = (*request.events, *request.members)
    refuse_replaced_sources(results, sources, "a result; name another folder")
    refuse_rules_folder(out)
    refuse_missing_folders(out)
