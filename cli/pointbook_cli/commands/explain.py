"""`pointbook explain`: one member's points, event by event."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from pointbook.comparison.names import members_called
from pointbook.evaluating import evaluate
from pointbook.loading import load_program
from pointbook.views.explanation import explain
from pointbook_cli.options import (
    choice_option,
    evaluation_options,
    known_as_of,
    log_options,
    program_argument,
    read_inputs,
    version_id,
)
from pointbook_cli.reporters.explanation import explanation_json, explanation_text

if TYPE_CHECKING:
    from datetime import date

    from pointbook.log import Log
    from pointbook.model.program import Program


@click.command(
    epilog="Example: pointbook explain rules/dataminer-devops m-017 "
    "--events events.csv --members members.csv",
)
@program_argument
@click.argument("member", metavar="MEMBER")
@log_options
@evaluation_options
@choice_option(
    "--format", "output_format", choices=("text", "json"), about="`text` for people, `json` for programs."
)
def command(  # noqa: PLR0913, PLR0917 - one parameter per option
    program_folder: str,
    member: str,
    events: tuple[str, ...],
    members: tuple[str, ...],
    as_of: date | None,
    version: str | None,
    assume: str,
    output_format: str,
) -> None:
    """Explain why a member stands where they stand.

    MEMBER is a member's id, or the name that reports of `compare` give the member.

    For each event: the rule and its file and line, how the points were found, what each limit left,
    the total and the level. Then what is needed to keep and to reach levels, and by when.
    """
    program = load_program(program_folder)
    version = version_id(program, version) if version is not None else None
    log = read_inputs(program, members, events)
    evaluation = evaluate(program, log, as_of=known_as_of(log.facts, as_of), version=version, assume=assume)
    try:
        explanation = explain(program, log, evaluation, _member_id(program, log, member))
    except LookupError as error:
        raise click.BadParameter(str(error.args[0]), param_hint="MEMBER") from error
    if output_format == "json":
        click.echo(json.dumps(explanation_json(explanation), indent=2, ensure_ascii=False))
    else:
        click.echo(explanation_text(explanation), nl=False)


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
