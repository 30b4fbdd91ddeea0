"""Options and arguments that several commands share."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING, Any

import click

from pointbook.diagnostics import InputError, suggestion
from pointbook.structure.date_text import date_from

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from pointbook.log import Log
    from pointbook.model.rules import Program

    Decorated = Callable[..., Any]


_LONG_GAP = 366
"""Days without any event after which the last one is doubted."""


class DateType(click.ParamType["date"]):
    """A day, written YYYY-MM-DD."""

    name = "DATE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The date that `value` writes."""
        try:
            return date_from(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)


def program_argument(function: Decorated) -> Decorated:
    """PROGRAM."""
    return click.argument("program_folder", metavar="PROGRAM")(function)


def log_options(function: Decorated) -> Decorated:
    """--events and --members."""
    function = click.option(
        "--members",
        "members",
        multiple=True,
        required=True,
        metavar="F",
        help="Members: CSV or JSON Lines; `-` is standard input. May be given several times.",
    )(function)
    return click.option(
        "--events",
        "events",
        multiple=True,
        required=True,
        metavar="F",
        help="Events: CSV or JSON Lines; `-` is standard input. May be given several times.",
    )(function)


def evaluation_options(function: Decorated) -> Decorated:
    """--as-of, --version and --assume."""
    function = click.option(
        "--assume",
        type=click.Choice(("none", "low", "mid", "high")),
        default="none",
        show_default=True,
        help="What an assessed value that the log does not carry is taken to be.",
    )(function)
    function = click.option(
        "--version",
        "version",
        metavar="ID",
        help="Evaluate as if this version had always been in force. "
        "[default: each event by the version in force on its date]",
    )(function)
    return click.option(
        "--as-of",
        "as_of",
        type=DateType(),
        help="The last day that counts. [default: the local date of the last event]",
    )(function)


def read_inputs(program: Program, members: tuple[str, ...], events: tuple[str, ...]) -> Log:
    """The log that the options name."""
    if [*members, *events].count("-") > 1:
        raise click.UsageError("standard input (`-`) can be read only once")
    from pointbook.log import read_log  # noqa: PLC0415 - not needed for help and wrong usage

    return read_log(program, members=members, events=events)


def _warn_of_a_gap(log: Log) -> None:
    """One event with a slip in its year must not move everybody's anniversaries without a word."""
    latest = heapq.nlargest(2, log.events, key=lambda event: event.local)
    last, before = latest[0], latest[-1]
    if (last.local - before.local).days > _LONG_GAP:
        click.echo(
            f"warning: the last event, {last.event_id}, is of {last.local.date()}, long after the one before"
            f" ({before.event_id} of {before.local.date()}); everything is evaluated as of that day."
            "\n  help: correct the event, or give `--as-of DATE`",
            err=True,
        )


def known_version(program: Program, version: str | None) -> str | None:
    """`version`, which the program has."""
    if version is not None and program.version(version) is None:
        known = [known.id for known in program.versions]
        raise click.BadParameter(
            f"there is no version `{version}`; {suggestion(version, known)}", param_hint="--version"
        )
    return version


def known_as_of(log: Log, as_of: date | None) -> date:
    """The as-of date, or the default that the log gives."""
    from pointbook.evaluating import default_as_of  # noqa: PLC0415 - not needed for help and wrong usage

    found = as_of or default_as_of(log)
    if found is None and log.member_rejects:
        first = log.member_rejects[0]
        raise InputError(
            f"{first.file}:{first.line}",
            f"no member can be used; the first row: {first.detail}",
            "correct the members file",
        )
    if as_of is None and log.events:
        _warn_of_a_gap(log)
    if found is None:
        raise InputError(
            "--events, --members",
            "there is no event and no member to take the as-of date from",
            "give `--as-of DATE`",
        )
    return found
