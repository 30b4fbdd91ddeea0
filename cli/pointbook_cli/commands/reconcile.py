"""`pointbook reconcile`: what another system shows against ours, and why it differs."""

from __future__ import annotations

import re
from fractions import Fraction
from time import perf_counter
from typing import TYPE_CHECKING, Any

import click

from pointbook.diagnostics import suggestion
from pointbook.loading import load_program
from pointbook.model.ledger import Assume
from pointbook.reconciliation.published import read_published
from pointbook.reconciliation.reconciling import reconciled
from pointbook.reconciliation.result import Tolerance
from pointbook.reconciliation.setting import Setting
from pointbook_cli.options import (
    evaluation_options,
    known_as_of,
    log_options,
    program_argument,
    read_inputs,
    refuse_standard_input_twice,
    report_options,
    version_id,
    warn_of_repeated_files,
)
from pointbook_cli.progress import stage
from pointbook_cli.report_files import opened, refuse_replacing, tell_written
from pointbook_cli.reporters.painting import RECONCILIATION
from pointbook_cli.reporters.reconciliation.kinds import ENDINGS, FORMATS, write_reconciliation
from pointbook_cli.reporters.report_names import reports_of
from pointbook_cli.usage.known_words import BALANCE
from pointbook_cli.usage.words import FILE

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from pointbook.model.program import Program
    from pointbook.reconciliation.published import Published

_TOLERANCE = re.compile(r"([0-9]{1,15})|([0-9]{1,3}(?:\.[0-9]{1,6})?)%")


class ToleranceType(click.ParamType["Tolerance"]):
    """Points, or a percentage of ours: `5`, `0.5%`."""

    name = "N|P%"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Tolerance:
        """The tolerance that `value` writes."""
        match = _TOLERANCE.fullmatch(str(value).strip())
        if match is None:
            self.fail(f"`{value}` is neither points nor a percentage; write `5` or `0.5%`", param, ctx)
        points, percent = match.groups()
        text = match[0] if percent else f"{int(points):,}"
        return Tolerance(text, int(points) if points else None, Fraction(percent) if percent else None)


@click.command(
    epilog="Example: pointbook reconcile rules/dataminer-devops --events events.csv --members members.csv"
    " --published portal.csv --out differences.csv",
)
@program_argument
@log_options
@click.option(
    "--published",
    required=True,
    type=FILE,
    metavar="FILE",
    help="What the other system shows: CSV, JSON Lines or Parquet with `member_id`, and `points`, `level` or"
    " balances by their ids; `period` (a number, or its first day) where it is not the as-of date.",
)
@evaluation_options
@click.option(
    "--balance",
    metavar="B",
    type=BALANCE,
    help="Id of the balance that `points` are of. [default: the one that decides levels]",
)
@click.option(
    "--tolerance",
    type=ToleranceType(),
    default="0",
    show_default=True,
    help="Points, or a percentage of ours, by which figures may differ without exit code 1.",
)
@report_options(
    FORMATS,
    "A report: .txt, .md, .json or .csv (one row per member). May be given several times. `-` is"
    " standard output.",
)
def command(  # noqa: PLR0913, PLR0917 - one parameter per option
    program_folder: str,
    events: tuple[str, ...],
    members: tuple[str, ...],
    published: str,
    as_of: date | None,
    version: str | None,
    assume: str,
    balance: str | None,
    tolerance: Tolerance,
    outs: tuple[Path, ...],
    output_format: str | None,
) -> int:
    """Hold what another system shows against what the rules give, and find out why it differs.

    Each cause is tried by evaluating it: the rules without this cap, by another version, in another time
    zone, with fewer events, and so on. It is named where it gives exactly what is shown, with how many
    members it explains, and how many who are equal would then differ.

    Exit code 1 if figures differ beyond the tolerance, 3 if rules or a file cannot be read. Rejected rows are
    said and do not count.
    """
    refuse_standard_input_twice(members, (*events, published))
    try:
        reports = reports_of(outs, output_format, ENDINGS, FORMATS)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--out") from error
    refuse_replacing(reports, (*events, *members, published))
    program = load_program(program_folder)
    version = version_id(program, version) if version is not None else None
    compared = _balance(program, balance)
    shown = read_published(program, published, compared)
    warn_of_repeated_files(members, events)
    log = read_inputs(program, members, events)
    day = known_as_of(log.facts, _day(shown, as_of))
    started = perf_counter()
    with opened(reports, RECONCILIATION) as streams:
        with stage("looking for causes") as looking:
            found = reconciled(
                Setting(program, version, Assume(assume), day),
                log,
                shown,
                balance=compared,
                tolerance=tolerance,
                sources=events,
                progress=looking.tell,
            )
        for report, stream in zip(reports, streams, strict=True):
            write_reconciliation(stream, report.kind, found)
    tell_written("reconciled", started, reports)
    return 0 if found.passes else 1


def _balance(program: Program, named: str | None) -> str:
    """The id of the balance that `points` are of; there must be one."""
    if named is not None and named not in program.balances:
        message = f"there is no balance `{named}`; {suggestion(named, program.balances)}"
        raise click.BadParameter(message, param_hint="--balance")
    return named or program.level_balance


def _day(shown: Published, as_of: date | None) -> date | None:
    """The day of the file where it says so; which must be the one that was named, if any."""
    if as_of is not None and shown.as_of not in (None, as_of):
        message = f"the figures of {shown.file} are as of {shown.as_of}, not {as_of}; leave --as-of out"
        raise click.BadParameter(message, param_hint="--as-of")
    return as_of or shown.as_of
