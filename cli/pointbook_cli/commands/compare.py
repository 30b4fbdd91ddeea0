"""`pointbook compare`: what a new version does to real members."""

from __future__ import annotations

import shlex
import sys
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import IO, TYPE_CHECKING

import click

from pointbook.comparison.comparing import compare
from pointbook.comparison.question import NotInForceError, question_of
from pointbook.comparison.terms import Options
from pointbook.diagnostics import InputError
from pointbook.guardrails.judging import JudgedComparison, judged
from pointbook.guardrails.reading import guardrails_from, guardrails_in
from pointbook.loading import load
from pointbook.loading.operands import UnknownOperandError, operand
from pointbook.model.ledger import Assume
from pointbook_cli.options import (
    DateType,
    assume_option,
    known_as_of,
    log_options,
    program_argument,
    read_inputs,
)
from pointbook_cli.output_files import output_file, refuse_replaced_sources, refuse_rules_folder
from pointbook_cli.progress import members_bar
from pointbook_cli.reporters.comparison.csv_rows import write_comparison_csv
from pointbook_cli.reporters.comparison.json_values import write_comparison_json
from pointbook_cli.reporters.comparison.markdown import comparison_markdown
from pointbook_cli.reporters.comparison.text import comparison_text
from pointbook_cli.reporters.comparison.wording import cost_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from pointbook.loading.operands import Operand
    from pointbook.log import Log
    from pointbook.model.program import Program

ENDINGS = (".html", ".md", ".json", ".csv")


@click.command(
    epilog="Example: pointbook compare rules/dataminer-devops 2023-10-10 2024-03-13 --events events.csv"
    " --members members.csv --out impact.html --out impact.csv",
)
@program_argument
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@log_options
@click.option(
    "--out",
    "outs",
    multiple=True,
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A report: .html, .md, .json or .csv (one row per member). May be given several times.",
)
@click.option(
    "--from",
    "since",
    type=DateType(),
    help="Compare the timeline as it is with the one in which NEW takes effect on this day."
    " [default: as if each had always been in force]",
)
@click.option(
    "--as-of",
    "as_of",
    type=DateType(),
    help="The last day that counts. [default: the date of the last event]",
)
@assume_option
@click.option(
    "--guardrails",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Limits to check. [default: guardrails.yaml in PROGRAM, if there is one]",
)
@click.option(
    "--require",
    "required",
    type=click.Choice(("guardrails",)),
    help="Make the exit code 1 also if there are no guardrails to check. For CI.",
)
@click.option(
    "--attribution/--no-attribution", default=True, help="Split the difference among the changes, or not."
)
@click.option("--show-ids", is_flag=True, help="Name members and events by their ids instead of pseudonyms.")
def command(  # noqa: PLR0913, PLR0917 - what it depends on
    program_folder: str,
    old: str,
    new: str,
    events: tuple[str, ...],
    members: tuple[str, ...],
    outs: tuple[Path, ...],
    since: date | None,
    as_of: date | None,
    assume: str,
    guardrails: Path | None,
    required: str | None,
    attribution: bool,
    show_ids: bool,
) -> int:
    """Show what a new version does to real members: who gains, who loses, and which change causes it.

    OLD and NEW are each a version id, a version file, or REF:path, a file of a git commit.

    Exit code 1 if a guardrail is broken or could not be checked, 2 if OLD or NEW means nothing, 3 if
    rules, a file or a commit cannot be read.
    """
    _refuse_reports(outs, (*events, *members))
    folder = Path(program_folder)
    loaded = load(folder)
    program = loaded.usable()
    try:
        before, after = (operand(folder, loaded, name) for name in (old, new))
    except UnknownOperandError as error:
        raise click.BadParameter(str(error), param_hint="OLD, NEW") from error
    limits = guardrails_in(folder, program) if guardrails is None else guardrails_from(guardrails, program)
    log = _log(program, before, after, members, events)
    try:
        question = question_of(
            program,
            before.version,
            after.version,
            old_is_external=before.external,
            since=since,
            as_of=known_as_of(log.facts, as_of),
        )
    except NotInForceError as error:
        raise click.BadParameter(str(error), param_hint="--from") from error
    started = perf_counter()
    with ExitStack() as stack:
        # Opened first: what cannot be written is said at once, not after minutes of work.
        streams = [stack.enter_context(output_file(out)) for out in outs]
        with members_bar("comparing", len(log.members)) as advance:
            options = Options(
                old_name=before.name,
                new_name=after.name,
                assume=Assume(assume),
                attribution=attribution,
                show_ids=show_ids,
                warnings=_warnings(program, before, after),
                progress=lambda _: advance(1),
            )
            comparison = compare(question, log, options)
        result = JudgedComparison(comparison, judged(comparison, limits), required=required == "guardrails")
        for out, stream in zip(outs, streams, strict=True):
            _write(stream, out.suffix.lower(), result, outs, {**before.texts, **after.texts})
    click.echo(comparison_text(result))
    if attribution:
        click.echo(
            f"attribution: {comparison.attribution.method}. {cost_text(comparison.attribution)}", err=True
        )
    click.echo(f"compared in {perf_counter() - started:.1f} s", err=True)
    for out in outs:
        click.echo(f"written to {out}", err=True)
    return 0 if result.passes else 1


def _refuse_reports(outs: tuple[Path, ...], sources: tuple[str, ...]) -> None:
    """Reports are of a known kind, and never take the place of the log they come from, nor of each other."""
    reports: set[Path] = set()
    for out in outs:
        if out.suffix.lower() not in ENDINGS:
            hint = f"name a file that ends with {', '.join(ENDINGS[:-1])} or {ENDINGS[-1]}"
            raise click.BadParameter(f"{out}: there is no report of that kind; {hint}", param_hint="--out")
        if out.resolve() in reports:
            raise click.BadParameter(
                f"{out} is named twice; give each report its own name", param_hint="--out"
            )
        reports.add(out.resolve())
    refuse_replaced_sources(reports, sources, "a report; name another file")
    for out in outs:
        refuse_rules_folder(out.parent)


def _write(
    stream: IO[str], ending: str, result: JudgedComparison, outs: tuple[Path, ...], texts: Mapping[str, str]
) -> None:
    if ending == ".csv":
        write_comparison_csv(stream, result.comparison)
    elif ending == ".json":
        write_comparison_json(stream, result)
    elif ending == ".md":
        stream.write(comparison_markdown(result))
    else:
        from pointbook_cli.reporters.comparison.html_page import comparison_html  # noqa: PLC0415 - only where it is needed

        table = next((out.name for out in outs if out.suffix.lower() == ".csv"), None)
        stream.write(comparison_html(result, command_line(), table, texts))


def command_line() -> str:
    """The command that was typed, which makes the report again."""
    return shlex.join(["pointbook", *sys.argv[1:]])


def _log(
    program: Program, before: Operand, after: Operand, members: tuple[str, ...], events: tuple[str, ...]
) -> Log:
    """The log, read with every attribute that any of the versions declares."""
    known = [*program.versions]
    known += [
        side.version for side in (before, after) if all(side.version is not version for version in known)
    ]
    return read_inputs(replace(program, versions=tuple(known)), members, events)


def _warnings(program: Program, before: Operand, after: Operand) -> tuple[str, ...]:
    found = []
    for side in (before, after):
        if side.program.sha256 != program.sha256:
            found.append(
                f"{side.name} belongs to another program.yaml; that of the folder is used for both sides"
            )
        unknown = {rule.balance for rule in side.version.activities.values()} - set(program.balances)
        if unknown:
            hint = "compare versions that belong to the same program.yaml"
            raise InputError(side.name, f"its balance `{min(unknown)}` is not in the program", hint)
    return tuple(found)
