"""`pointbook diff`: what changes in meaning from one version to another."""

from __future__ import annotations

import json
from pathlib import Path

import click

from pointbook.changes.against import Difference, VersionDifference, differences_against
from pointbook.changes.differences import changes_between
from pointbook.changes.directions import Direction
from pointbook.loading import load
from pointbook.loading.operands import UnknownOperandError, operand, program_at
from pointbook_cli.options import program_argument
from pointbook_cli.reporters.changes.json_values import difference_json
from pointbook_cli.reporters.changes.markdown import difference_markdown
from pointbook_cli.reporters.changes.text import difference_text

FAILING = {
    "adverse": frozenset((Direction.ADVERSE,)),
    "mixed": frozenset((Direction.ADVERSE, Direction.MIXED)),
    "any": frozenset(Direction),
}


@click.command(
    epilog="Example: pointbook diff rules/dataminer-devops 2023-10-10 2024-03-13",
)
@program_argument
@click.argument("old", metavar="[OLD", required=False)
@click.argument("new", metavar="NEW]", required=False)
@click.option(
    "--against",
    metavar="GITREF",
    help="Instead of OLD and NEW: every version as it stands against what this commit has.",
)
@click.option(
    "--format",
    "output_format",
    type=click.Choice(("text", "json", "markdown")),
    default="text",
    show_default=True,
    help="`markdown` is for a pull request, `json` for programs.",
)
@click.option(
    "--fail-on",
    type=click.Choice(tuple(FAILING)),
    help="Make the exit code 1 if a change is adverse to members; `mixed`: or cannot be told; `any`: at all.",
)
def command(  # noqa: PLR0913, PLR0917 - what it depends on
    program_folder: str,
    old: str | None,
    new: str | None,
    against: str | None,
    output_format: str,
    fail_on: str | None,
) -> int:
    """Show what changes in meaning, and whether it is favourable or adverse to members.

    OLD and NEW are each a version id, a version file, or REF:path, a file of a git commit with its
    path from the repository's root. Rules are compared as they are in force, never as text: order,
    formatting, and whether a version is written whole or as a patch make no difference.

    Exit code 1 if --fail-on finds something, 2 if OLD or NEW means nothing, 3 if rules, a file or a
    commit cannot be read.
    """
    folder = Path(program_folder)
    if (against is None) == (old is None):
        raise click.UsageError("either name OLD and NEW, or give --against GITREF")
    if old is not None and new is None:
        raise click.UsageError("NEW is missing: name the version to compare with")
    loaded = load(folder)
    program = loaded.usable()
    if against is not None:
        difference = differences_against(program_at(folder, against), program, against)
    else:
        assert old is not None
        assert new is not None
        try:
            before, after = (operand(folder, loaded, name) for name in (old, new))
        except UnknownOperandError as error:
            raise click.BadParameter(str(error), param_hint="OLD, NEW") from error
        changes = changes_between(before.version, after.version, program.level_balance)
        found = VersionDifference("changed", before.version, after.version, changes)
        same_program = before.program.sha256 == after.program.sha256
        difference = Difference(before.name, after.name, (found,) if changes else (), not same_program)
    if output_format == "json":
        click.echo(json.dumps(difference_json(difference), indent=2, ensure_ascii=False))
    elif output_format == "markdown":
        click.echo(difference_markdown(difference), nl=False)
    else:
        click.echo(difference_text(difference))
    return 1 if fail_on is not None and difference.directions & FAILING[fail_on] else 0
