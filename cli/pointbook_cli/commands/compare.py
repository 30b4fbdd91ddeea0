"""`pointbook compare`: what a new version does to real members."""

from __future__ import annotations

import shlex
import sys
from contextlib import ExitStack
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import click

from pointbook.comparison.repeats import MOST
from pointbook.comparison.terms import Options
from pointbook.guardrails.trying import tried
from pointbook.loading import load
from pointbook.model.ledger import Assume
from pointbook.model.wording import quantity
from pointbook.source.elsewhere import without_password
from pointbook_cli.asking import Asking
from pointbook_cli.backends import Backend, BackendType, with_settings
from pointbook_cli.limits import limits_of
from pointbook_cli.options import (
    DateType,
    assume_option,
    log_options,
    on_option,
    program_argument,
    report_options,
    warn_of_repeated_files,
    workers_option,
)
from pointbook_cli.report_files import opened, refuse_replacing, tell_written
from pointbook_cli.reporters.comparison import tried_values
from pointbook_cli.reporters.comparison.kinds import ENDINGS, FORMATS, Origin, write_report
from pointbook_cli.reporters.painting import COMPARISON, TRIED
from pointbook_cli.reporters.report_names import reports_of
from pointbook_cli.spark_settings import spark_conf_option
from pointbook_cli.terminal import say
from pointbook_cli.usage.known_words import OPERAND
from pointbook_cli.usage.words import ChoiceType

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from pointbook.comparison.result import ComparisonResult
    from pointbook.guardrails.guardrail import Guardrail
    from pointbook.guardrails.judging import JudgedComparison
    from pointbook_cli.asking import Asked, Tried
    from pointbook_cli.reporters.report_names import Report
    from pointbook_cli.spark_settings import Setting


@click.command(
    epilog="Example: pointbook compare rules/dataminer-devops 2023-10-10 2024-03-13 --events events.csv"
    " --members members.csv --out impact.html --out impact.csv",
)
@program_argument
@click.argument("old", metavar="[OLD", type=OPERAND, required=False)
@click.argument("new", metavar="NEW]", type=OPERAND, required=False)
@log_options
@report_options(
    FORMATS,
    "A report: .html, .md, .json, .sarif or .csv (one row per member). May be given several times. `-`"
    " is standard output, in place of the summary.",
)
@click.option(
    "--from",
    "since",
    type=DateType(),
    help="Compare the timeline as it is with the one in which NEW takes effect on this day."
    " [default: as if each had always been in force]",
)
@click.option(
    "--replay",
    type=click.IntRange(1, MOST),
    metavar="YEARS",
    help="Let every event of the last twelve months happen again one year later, so many times (1 to 3).",
)
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="ADDRESS=V,V...",
    help="Instead of NEW: OLD with each of these values in turn, in one table. The address is one that `diff`"
    " prints after `at`, such as levels/gold/threshold.",
)
@click.option(
    "--against",
    metavar="GITREF",
    help="Instead of OLD and NEW: the whole program as it stands against what this commit has.",
)
@click.option(
    "--as-of",
    "as_of",
    type=DateType(),
    help="The last day that counts, before --replay. [default: the date of the last event]",
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
    type=ChoiceType(("guardrails",)),
    help="Make the exit code 1 also if there are no guardrails to check. For CI.",
)
@on_option
@click.option(
    "--attribution/--no-attribution", default=True, help="Split the difference among the changes, or not."
)
@click.option(
    "--backend",
    type=BackendType(),
    metavar="python|duckdb|spark|URL",
    help="Where the log is read and put in order, as with `evaluate`; the reports are the same."
    " [default: duckdb for Parquet where it is installed, else python]",
)
@spark_conf_option
@workers_option
@click.option("--show-ids", is_flag=True, help="Name members and events by their ids instead of pseudonyms.")
def command(  # noqa: PLR0913, PLR0917 - what it depends on
    program_folder: str,
    old: str | None,
    new: str | None,
    events: tuple[str, ...],
    members: tuple[str, ...],
    outs: tuple[Path, ...],
    output_format: str | None,
    since: date | None,
    replay: int | None,
    settings: tuple[str, ...],
    against: str | None,
    as_of: date | None,
    assume: str,
    guardrails: Path | None,
    required: str | None,
    day: date | None,
    attribution: bool,
    backend: Backend | None,
    spark_settings: tuple[Setting, ...],
    workers: int,
    show_ids: bool,
) -> int:
    """Show what a new version does to real members: who gains, who loses, and which change causes it.

    OLD and NEW are each a version id, `latest`, `published`, `draft`, a version file, or REF:path, a
    file of a git commit.

    \b
    Which question to ask when:
      OLD NEW      What do the rules differ in? As if each had always been in force.
      --from D     What happens to members after D, the day on which NEW takes effect?
      --replay 1   What happens at the next anniversary, if they go on as they did?
      --set        Which value should it be?
      --against C  What does all that differs from a commit do?

    Exit code 1 if a guardrail is broken or could not be checked, 2 if OLD or NEW means nothing or the log
    cannot answer the question, 3 if rules, a file or a commit cannot be read.
    """  # noqa: D301 - click keeps the lines of a paragraph that begins with this character
    backend = with_settings(backend, spark_settings)
    _refuse_mixed_questions(old, new, settings, against, since)
    reports = _reports(outs, output_format, (*events, *members), is_table=bool(settings))
    folder = Path(program_folder)
    loaded = load(folder)
    limits = limits_of(folder, loaded.usable(), guardrails, required=required == "guardrails", day=day)
    warn_of_repeated_files(members, events)
    options = Options(assume=Assume(assume), attribution=attribution, show_ids=show_ids)
    with ExitStack() as stack:
        asking = Asking(
            folder, loaded, members, events, as_of, replay or 0, since, options, backend, workers, stack
        )

        if settings:
            assert old is not None
            values = asking.values_in_turn(old, settings[0])
            return _table(values, limits.guardrails, reports, required=limits.required)
        if against is not None:
            asked, before = asking.against(against)
            limits = limits.since(against, before)
        else:
            assert old is not None
            assert new is not None
            asked = asking.of_two_versions(old, new)
        return _reported(asked, reports, limits.judged)


def _reported(
    asked: Asked, reports: Sequence[Report], judge: Callable[[ComparisonResult], JudgedComparison]
) -> int:
    """Every report; the exit code."""
    question, log, options, texts = asked
    started = perf_counter()
    with opened(reports, COMPARISON) as streams:
        comparison = log.compared(question, options)
        result = judge(comparison)
        table = next((report.path.name for report in reports if report.path and report.kind == "csv"), None)
        for report, stream in zip(reports, streams, strict=True):
            write_report(stream, report.kind, result, Origin(command_line(), table, texts))
    if subsets := comparison.attribution.subsets:
        way, tried = comparison.attribution.method, quantity(subsets, "set")
        say(f"what each change causes is {way}: {tried} of changes tried", err=True)
    tell_written("compared", started, reports)
    return 0 if result.passes else 1


def _table(asked: Tried, limits: Sequence[Guardrail], reports: Sequence[Report], *, required: bool) -> int:
    """One table for all values."""
    started = perf_counter()
    address, questions, log, options = asked
    with opened(reports, TRIED) as streams:
        found = tried(
            address, questions, lambda question: log.compared(question, options), limits, required=required
        )
        for report, stream in zip(reports, streams, strict=True):
            tried_values.write_tried_values(stream, report.kind, found)
    tell_written("compared", started, reports)
    return 0 if all(row.passes for row in found.rows) else 1


def _refuse_mixed_questions(
    old: str | None, new: str | None, settings: tuple[str, ...], against: str | None, since: date | None
) -> None:
    """One question at a time."""
    if against is not None:
        if old is not None or settings:
            raise click.UsageError("--against compares all that differs; leave out OLD, NEW and --set")
        if since is not None:
            raise click.UsageError("--against goes by the days of the versions; leave out --from")
    elif old is None:
        raise click.UsageError("name OLD and NEW, or OLD with --set, or give --against GITREF")
    elif settings and new is not None:
        raise click.UsageError("with --set, NEW is OLD with each value in turn; leave NEW out")
    elif not settings and new is None:
        raise click.UsageError("NEW is missing: name the version to compare with, or values with --set")
    if len(settings) > 1:
        raise click.UsageError("--set takes one address at a time; compare the others on their own")


def _reports(
    outs: tuple[Path, ...], chosen: str | None, sources: tuple[str, ...], *, is_table: bool
) -> list[Report]:
    """The reports, of known kinds, which take the place neither of the log nor of each other."""
    try:
        reports = reports_of(outs, chosen, ENDINGS, FORMATS)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--out") from error
    if is_table and any(report.kind not in tried_values.FORMATS for report in reports):
        kinds = ", ".join(tried_values.FORMATS)
        raise click.BadParameter(f"with --set there is one table, as {kinds}", param_hint="--out, --format")
    refuse_replacing(reports, sources)
    return reports


def command_line() -> str:
    """The command that was typed, which makes the report again; without passwords."""
    return shlex.join(["pointbook", *map(without_password, sys.argv[1:])])
