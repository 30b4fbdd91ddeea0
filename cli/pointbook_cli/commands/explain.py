"""`pointbook explain`: why one member stands where they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

import click

from pointbook.comparison.names import members_called
from pointbook.evaluating import evaluate
from pointbook.loading import load_program
from pointbook.views.explanation import Selection, explain, narrowed
from pointbook.views.explanation.selection import ONLY
from pointbook_cli.options import (
    DateType,
    choice_option,
    evaluation_options,
    known_as_of,
    log_options,
    program_argument,
    read_inputs,
    version_id,
    warn_of_repeated_files,
)
from pointbook_cli.reporters.escaping import json_text
from pointbook_cli.reporters.explanation import explanation_markdown, explanation_text
from pointbook_cli.reporters.explanation_json import explanation_json
from pointbook_cli.reporters.painting import EXPLANATION
from pointbook_cli.reporters.wrapping import wrapped
from pointbook_cli.terminal import columns, say
from pointbook_cli.usage.known_words import MEMBER
from pointbook_cli.usage.words import ChoiceType

if TYPE_CHECKING:
    from datetime import date

    from pointbook.log import Log
    from pointbook.model.program import Program


_MORE = "\nEvents: `--all`, `--event ID`, `--since D`, `--until D`, `--only WHAT`"


@click.command(
    epilog="Example: pointbook explain rules/dataminer-devops m-017 "
    "--events events.csv --members members.csv --only capped --since 2025-01-01",
)
@program_argument
@click.argument("member", metavar="MEMBER", type=MEMBER)
@log_options
@evaluation_options
@click.option("--all", "is_all", is_flag=True, help="Every event and change of level too.")
@click.option(
    "--event", "event_ids", metavar="ID", multiple=True, help="This event. May be given several times."
)
@click.option("--since", type=DateType(), help="Events and changes of level from this local date on.")
@click.option("--until", type=DateType(), help="Those up to and including this local date.")
@click.option(
    "--only",
    type=ChoiceType(ONLY),
    metavar="OUTCOME",
    multiple=True,
    help="Events of this outcome; `counted` (awarded, reduced or capped), `uncounted` (all others),"
    " `levels` for changes of level. May be given several times.",
)
@choice_option(
    "--format",
    "output_format",
    choices=("text", "markdown", "json"),
    about="`text` and `markdown` for people, `json` for programs.",
)
def command(  # noqa: PLR0913, PLR0917 - one parameter per option
    program_folder: str,
    member: str,
    events: tuple[str, ...],
    members: tuple[str, ...],
    as_of: date | None,
    version: str | None,
    assume: str,
    is_all: bool,
    event_ids: tuple[str, ...],
    since: date | None,
    until: date | None,
    only: tuple[str, ...],
    output_format: str,
) -> None:
    """Explain why a member stands where they stand.

    MEMBER is a member's id, or the name that reports of `compare` give the member.

    First the standing, what is needed to keep and to reach levels, and by when; then the levels with
    their causes; then by period and activity what counted, what did not, and why.

    --all tells the events one by one after these sums: the rule with its file and line, how the points
    were found, and what each limit left. --event, --since, --until and --only tell some of them in
    place of the sums. --since, --until and --only can be combined; an event is told that fits all.
    """
    selection = Selection(event_ids, since, until, only)
    _refuse_contradictions(selection, is_all=is_all)
    program = load_program(program_folder)
    version = version_id(program, version) if version is not None else None
    warn_of_repeated_files(members, events)
    log = read_inputs(program, members, events)
    evaluation = evaluate(program, log, as_of=known_as_of(log.facts, as_of), version=version, assume=assume)
    try:
        explanation = explain(program, log, evaluation, _member_id(program, log, member))
    except LookupError as error:
        _refuse(error, "MEMBER")
    try:
        explanation = narrowed(explanation, selection, log)
    except LookupError as error:
        _refuse(error, "--event")
    parts = {"has_sums": selection.is_all, "is_listed": is_all or not selection.is_all}
    if output_format == "json":
        say(json_text(explanation_json(explanation)))
    elif output_format == "markdown":
        say(explanation_markdown(explanation, **parts), nl=False)
    else:
        say(explanation_text(explanation, width=columns(), **parts), EXPLANATION, nl=False)
        if explanation.periods and not parts["is_listed"]:
            say(wrapped(_MORE, columns()))


def _refuse_contradictions(selection: Selection, *, is_all: bool) -> None:
    """Options that leave nothing to tell when they are combined."""
    if is_all and not selection.is_all:
        raise click.UsageError("`--all` leaves nothing out; leave away the options that choose events")
    if selection.event_ids and (selection.since or selection.until or selection.only):
        raise click.UsageError("`--event` names events; leave away `--since`, `--until` and `--only`")
    if selection.since and selection.until and selection.since > selection.until:
        raise click.UsageError(f"`--since {selection.since}` is after `--until {selection.until}`")


def _refuse(error: LookupError, parameter: str) -> NoReturn:
    raise click.BadParameter(str(error.args[0]), param_hint=parameter) from error


def _member_id(program: Program, log: Log, named: str) -> str:
    """The id of a member who is named by it, or by a pseudonym.

    Raises:
        BadParameter: The pseudonym is too short to tell members apart.
    """
    if named in log.members:
        return named
    found = members_called(program.id, named, log.members)
    if len(found) > 1:
        raise click.BadParameter(
            f"{len(found)} members are called `{named}`; type the longer name that reports have for each",
            param_hint="MEMBER",
        )
    return found[0] if found else named
