"""Options and arguments that several commands share."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pointbook.diagnostics import InputError
from pointbook.loading.operands import remark_on
from pointbook.model.program import MEANINGS, UnclearVersionError
from pointbook.model.wording import suggested_version
from pointbook.source.files import shown_name
from pointbook.structure.date_text import date_from
from pointbook_cli.progress import reading
from pointbook_cli.reporters.escaping import printable
from pointbook_cli.terminal import say
from pointbook_cli.usage.known_words import TIMEZONE, VERSION
from pointbook_cli.usage.words import FOLDER, SOURCE, ChoiceType

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from pointbook.loading.operands import Operand
    from pointbook.log import Log, LogFacts
    from pointbook.model.program import Program
    from pointbook.source.repeated_files import Repeated

    Decorated = Callable[..., Any]


_MOST_REPEATED = 3
_LONG_GAP = 366
"""Days without any event after which the last one is doubted."""
_SOURCES = (
    "CSV, JSON Lines or Parquet, also a pattern or a folder of such files; `-` is standard input."
    " May be given several times."
)


class DateType(click.ParamType["date"]):
    """A day, written YYYY-MM-DD."""

    name = "DATE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The date that `value` writes."""
        try:
            return date_from(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)


def choice_option(*names: str, choices: Sequence[str], about: str) -> Callable[[Decorated], Decorated]:
    """An option that takes one of `choices`, the first if it is left out."""
    return click.option(*names, type=ChoiceType(choices), default=choices[0], show_default=True, help=about)


def report_options(formats: Sequence[str], about: str) -> Callable[[Decorated], Decorated]:
    """Where reports go, and which kind one is whose name does not say it."""

    def decorated(function: Decorated) -> Decorated:
        path = click.Path(path_type=Path, dir_okay=False, allow_dash=True)
        out = click.option("--out", "outs", multiple=True, metavar="FILE", type=path, help=about)
        kind = click.option(
            "--format",
            "output_format",
            type=ChoiceType(formats),
            help="What `-` and a file without an ending hold; without --out, what is printed."
            " [default: text]",
        )
        return out(kind(function))

    return decorated


program_argument = click.argument("program_folder", metavar="PROGRAM", type=FOLDER)
assume_option = choice_option(
    "--assume",
    choices=("none", "low", "mid", "high"),
    about="What an assessed value that the log does not carry is taken to be.",
)


on_option = click.option(
    "--on",
    "day",
    type=DateType(),
    help="The day on which approvals must not have ended. [default: today, in the program's time zone]",
)


def day_of(program: Program, day: date | None) -> date:
    """The day for which approvals are looked at. The one place that asks what day it is."""
    if day is not None:
        return day
    from pointbook.log.typed.clock import zone_of  # noqa: PLC0415 - only where there are approvals

    return datetime.now(zone_of(program.timezone)).date()


def processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


workers_option = click.option(
    "--workers",
    type=click.IntRange(min=1),
    metavar="N",
    default=processors,
    help="The most processes or threads to work with on this machine. [default: all its processors]",
)


def log_options(function: Decorated) -> Decorated:
    """--events and --members."""
    for name in ("members", "events"):
        about = f"{name.capitalize()}: {_SOURCES}"
        option = click.option(f"--{name}", multiple=True, required=True, metavar="F", type=SOURCE, help=about)
        function = option(function)
    return function


def evaluation_options(function: Decorated) -> Decorated:
    """--as-of, --version and --assume."""
    version = click.option(
        "--version",
        metavar="ID",
        type=VERSION,
        help="Evaluate as if this version (or `latest`, `published`, `draft`) had always been in force. "
        "[default: each event by the version in force on its date]",
    )
    as_of = click.option(
        "--as-of",
        type=DateType(),
        help="The last day that counts. [default: the local date of the last event]",
    )
    return as_of(version(assume_option(function)))


def update_options(function: Decorated) -> Decorated:
    """--update, --full and --loaded-at."""
    update = click.option(
        "--update",
        "updates",
        is_flag=True,
        help="Update the results that stand, in Parquet or in tables: evaluate only members whose rows are"
        " others than the last run has seen, and those whose day brings an anniversary or the like. They come"
        " to those of a full run. Give --as-of as well: without it, days after the last event bring nothing.",
    )
    full = click.option("--full", is_flag=True, help="Beside --update: evaluate all members all the same.")
    loaded_at = click.option(
        "--loaded-at",
        metavar="COLUMN",
        help="A column of the one table or query of events that says when a row came: a timestamp, or a"
        " number that grows. It is no attribute. The run keeps its greatest value; beside --update, only rows"
        " above that of the last run are taken to be new, so that changed and vanished rows are not seen.",
    )
    return update(full(loaded_at(function)))


def refuse_standard_input_twice(members: tuple[str, ...], events: tuple[str, ...]) -> None:
    """Standard input is gone once it was read; and an empty name would be the folder one is in."""
    if "" in (*members, *events):
        raise click.UsageError("the name of a file of events or members is empty")
    if [*members, *events].count("-") > 1:
        raise click.UsageError("standard input (`-`) can be read only once")


def warn_of_repeated_files(members: tuple[str, ...], events: tuple[str, ...]) -> None:
    """Say which files are given twice: every row of the second is a duplicate."""
    from pointbook.source.repeated_files import repeated_files  # noqa: PLC0415 - not needed for wrong usage

    found = [repeated for sources in (events, members) for repeated in repeated_files(sources)]
    for repeated in found[:_MOST_REPEATED]:
        say(f"warning: {printable(_told(repeated))}", err=True)
    if len(found) > _MOST_REPEATED:
        say(f"warning: {len(found) - _MOST_REPEATED:,} more files are given twice", err=True)
    if found:
        say("  help: name each once, and leave copies out: now their rows come twice", err=True)


def _told(repeated: Repeated) -> str:
    first, other = (f"`{shown_name(path)}`" for path in repeated.files)
    if not repeated.is_one_file:
        return f"{first} and {other} have the same content"
    if first != other:
        return f"{first} and {other} are one file"
    names = " and ".join(f"`{source}`" for source in dict.fromkeys(repeated.sources))
    return (
        f"{first} is given twice, by {names}" if len(set(repeated.sources)) > 1 else f"{first} is given twice"
    )


def read_inputs(
    program: Program, members: tuple[str, ...], events: tuple[str, ...], folder: Path | None = None
) -> Log:
    """The log that the options name; many rejects are written to a folder, None for the system's."""
    refuse_standard_input_twice(members, events)
    from pointbook.log import read_log  # noqa: PLC0415 - not needed for help and wrong usage

    with reading("events", members, events):
        return read_log(program, members=members, events=events, folder=folder)


def version_id(program: Program, name: str, parameter: str = "--version") -> str:
    """The id of the version that `name` means, by whatever parameter it was given; there must be one."""
    try:
        version = program.named(name)
    except UnclearVersionError as error:
        raise click.BadParameter(f"`{name}` means no version: {error}", param_hint=parameter) from error
    if version is None:
        hint = suggested_version(name, [known.id for known in program.versions], MEANINGS)
        raise click.BadParameter(f"there is no version `{name}`; {hint}", param_hint=parameter)
    return version.id


def say_remark(old: Operand, new: Operand) -> None:
    """Say on standard error where two operands are most likely not those that are meant."""
    remark = remark_on(old, new)
    if remark is not None:
        say(f"note: {printable(remark)}", err=True)


def known_as_of(facts: LogFacts, as_of: date | None) -> date:
    """The as-of date; by default the local date of the last event, else that of the last sign-up.

    What is doubtful about the log as a whole is said first: before it is evaluated.
    """
    _warn_of_common_faults(facts)
    if as_of is not None:
        return as_of
    if facts.latest:
        _warn_of_a_gap(facts)
    if (day := facts.default_as_of) is not None:
        return day
    if facts.member_rejects:
        first = facts.member_rejects[0]
        message = f"no member can be used; the first row: {first.detail}"
        raise InputError(f"{first.file}:{first.line}", message, "correct the members file")
    message = "there is no event and no member to take the as-of date from"
    raise InputError("--events, --members", message, "give `--as-of DATE`")


def _warn_of_common_faults(facts: LogFacts) -> None:
    """A fault of every row is most likely one mistake, and not as many."""
    if facts.rejects or facts.member_rejects:
        from pointbook.views.common_faults import common_faults  # noqa: PLC0415 - few logs need it

        for sentence in common_faults(facts):
            say(f"warning: {printable(sentence)}", err=True)


def _warn_of_a_gap(facts: LogFacts) -> None:
    """One event with a slip in its year must not move everybody's anniversaries without a word."""
    (last, last_at), (before, before_at) = facts.latest[0], facts.latest[-1]
    if (last_at - before_at).days > _LONG_GAP:
        from pointbook.log.faults import quoted  # noqa: PLC0415 - validating does without the reader of logs

        last, before = (name if name.isprintable() else quoted(name) for name in (last, before))
        say(
            f"warning: the last event, {last}, is of {last_at.date()}, long after the one before"
            f" ({before} of {before_at.date()}); everything is evaluated as of that day."
            "\n  help: correct the event, or give `--as-of DATE`",
            err=True,
        )


timezone_option = click.option(
    "--timezone",
    metavar="ZONE",
    type=TIMEZONE,
    default="UTC",
    show_default=True,
    help="Where days, months and years are counted, such as Europe/Brussels.",
)


def known_timezone(name: str) -> str:
    """A time zone as `--timezone` gives it; there must be one of that name."""
    from pointbook.checks.unknown_timezone import hint_for  # noqa: PLC0415 - few commands take one
    from pointbook.source.files import timezone_names  # noqa: PLC0415

    names = timezone_names()
    if name not in names:
        message = f"there is no time zone `{name}`; {hint_for(name, names)}"
        raise click.BadParameter(message, param_hint="--timezone")
    return name
