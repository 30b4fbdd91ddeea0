"""`pointbook evaluate`: a log under the rules."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pointbook.evaluating import evaluate
from pointbook.loading import PROGRAM_FILE, load_program
from pointbook.model import tables
from pointbook.model.ledger import Assume
from pointbook.views.summary import Tally, summary_of
from pointbook_cli.options import (
    evaluation_options,
    known_as_of,
    known_version,
    log_options,
    program_argument,
    read_inputs,
)
from pointbook_cli.output_files import output_folder
from pointbook_cli.reporters.summary_text import summary_text
from pointbook_cli.reporters.table_files import FORMATS, table_writer

if TYPE_CHECKING:
    from datetime import date

    from pointbook.interpret import Evaluation
    from pointbook.log import Log
    from pointbook.model.rules import Program
    from pointbook_cli.output_files import OutputFolder
    from pointbook_cli.reporters.table_files import WriteRows


_TABLES = ("ledger", "standings", "history", "rejects")


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
    type=click.Choice(("python",)),
    default="python",
    show_default=True,
    help="What evaluates the log.",
)
@click.option(
    "--output-format",
    type=click.Choice(FORMATS),
    default="csv",
    show_default=True,
    help="Form of ledger, standings, history and rejects.",
)
def command(  # noqa: PLR0913, PLR0917 - one parameter per option
    program_folder: str,
    events: tuple[str, ...],
    members: tuple[str, ...],
    out: Path,
    as_of: date | None,
    version: str | None,
    assume: str,
    backend: str,
    output_format: str,
) -> int:
    """Evaluate a log: what each event comes to, and where each member stands.

    Writes ledger, standings, history and rejects (as CSV or JSON Lines) and summary.json to --out,
    all of them or none. A row that cannot be used goes to the rejects with the reason; everything
    else is still evaluated.

    Exit code 1 if there are rejects, 3 if the rules, a file or its header cannot be read.
    """
    program = load_program(program_folder)
    known_version(program, version)
    log = read_inputs(program, members, events)
    day = known_as_of(log, as_of)
    evaluation = evaluate(program, log, as_of=day, version=version, assume=assume)
    _refuse_to_replace(out, (*events, *members), output_format)
    with output_folder(out) as output:
        tally = _write(output, program, log, evaluation, output_format)
        summary = summary_of(
            tally,
            program,
            log,
            as_of=day,
            as_of_given=as_of is not None,
            version=version,
            assume=Assume(assume),
            backend=backend,
        )
        output.file("summary.json").write(json.dumps(summary, indent=2, ensure_ascii=False) + "\n")
    click.echo(summary_text(summary))
    click.echo(f"written to {out}/", err=True)
    return 1 if log.rejects or log.member_rejects else 0


def _refuse_to_replace(out: Path, inputs: tuple[str, ...], output_format: str) -> None:
    """Results never take the place of the log they come from, nor lie among rules."""
    names = (*(f"{table}.{output_format}" for table in _TABLES), "summary.json")
    results = {(out / name).resolve() for name in names}
    for name in inputs:
        if Path(name).resolve() in results:
            message = f"{name} is read, and would be replaced by a result; name another folder"
            raise click.BadParameter(message, param_hint="--out")
    if any((folder / PROGRAM_FILE).exists() for folder in (out, out.resolve().parent)):
        message = f"{out} belongs to a program; name a folder outside of it"
        raise click.BadParameter(message, param_hint="--out")


def _write(
    output: OutputFolder, program: Program, log: Log, evaluation: Evaluation, output_format: str
) -> Tally:
    def table(name: str, columns: tuple[str, ...]) -> WriteRows:
        return table_writer(output.file(f"{name}.{output_format}"), columns, output_format)

    ledger = table("ledger", tables.LEDGER)
    standings = table("standings", tables.standings_columns(program))
    history = table("history", tables.HISTORY)
    table("rejects", tables.REJECTS)(map(tables.reject_row, (*log.member_rejects, *log.rejects)))
    tally = Tally()
    for result in evaluation:
        ledger(map(tables.ledger_row, result.entries))
        history(map(tables.history_row, result.history))
        if result.standing is not None:
            standings([tables.standings_row(result.standing)])
        tally.add(result)
    return tally
