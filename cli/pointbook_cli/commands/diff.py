"""`pointbook diff`: what changes in meaning from one version, or state of a program, to another."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pointbook.changes.against import Difference, program_difference
from pointbook.changes.differences import changes_between
from pointbook.changes.directions import STOPPED, Direction
from pointbook.changes.finders.balance_names import (
    balance_names,
    version_with_balances_named,
    with_balances_named,
)
from pointbook.changes.finders.program import program_changes
from pointbook.changes.fingerprints import fingerprint
from pointbook.changes.timeline import Status, VersionDifference, same_version_changes
from pointbook.guardrails.approving import NONE_APPROVED, approved_changes
from pointbook.guardrails.reading import approvals_in
from pointbook.guardrails.whole_programs import whole_difference
from pointbook.loading import load
from pointbook.loading.operands import UnknownOperandError, operand, program_at, program_tree
from pointbook.source.files import Folder
from pointbook_cli.options import choice_option, day_of, on_option, program_argument, say_remark
from pointbook_cli.reporters.changes.annotations import difference_github, difference_sarif
from pointbook_cli.reporters.changes.json_values import difference_json
from pointbook_cli.reporters.changes.markdown import difference_markdown
from pointbook_cli.reporters.changes.text import difference_text
from pointbook_cli.reporters.escaping import json_text
from pointbook_cli.reporters.findings.text import findings_concise
from pointbook_cli.reporters.painting import CHANGES
from pointbook_cli.terminal import say
from pointbook_cli.usage.known_words import OPERAND
from pointbook_cli.usage.words import FOLDER, ChoiceType

if TYPE_CHECKING:
    from datetime import date

    from pointbook.guardrails.approving import ApprovedChanges
    from pointbook.loading import Loaded
    from pointbook.model.program import Program

FAILING = {
    "adverse": STOPPED,
    "adverse-only": frozenset((Direction.ADVERSE,)),
    "mixed": STOPPED,
    "any": frozenset(Direction),
}


@click.command(
    epilog="Example: pointbook diff rules/dataminer-devops 2023-10-10 2024-03-13",
)
@program_argument
@click.argument("old", metavar="[OLD", type=OPERAND, required=False)
@click.argument("new", metavar="NEW]", type=OPERAND, required=False)
@click.option(
    "--against",
    metavar="GITREF",
    help="Instead of OLD and NEW: the whole program as it stands against what this commit has.",
)
@click.option(
    "--with",
    "other_folder",
    metavar="DIR",
    type=FOLDER,
    help="Instead of OLD and NEW: the whole program with that of another folder, which is the newer one.",
)
@choice_option(
    "--format",
    "output_format",
    choices=("text", "json", "markdown", "github", "sarif"),
    about="`markdown` is for a pull request, `json` for programs; `github`: annotations of a pull request;"
    " `sarif`: for code scanning.",
)
@click.option("--all", "show_all", is_flag=True, help="List changes of words and sources, too.")
@click.option(
    "--fail-on",
    type=ChoiceType(tuple(FAILING)),
    help="Make the exit code 1 if a change could lower somebody, which is one that is adverse or that cannot"
    " be told (`mixed` is another word for it); `adverse-only`: only if it is adverse; `any`: at all.",
)
@on_option
def command(  # noqa: PLR0913, PLR0917 - what it depends on
    program_folder: str,
    old: str | None,
    new: str | None,
    against: str | None,
    other_folder: str | None,
    output_format: str,
    show_all: bool,
    fail_on: str | None,
    day: date | None,
) -> int:
    """Show what changes in meaning, and whether it is favourable or adverse to members.

    OLD and NEW are each a version id, `latest`, `published`, `draft`, a version file, or REF:path, a file of
    a git commit with its path from the repository's root. Rules are compared as they are in force, never as
    text: order, formatting, and whether a version is written whole or as a patch make no difference.

    --against and --with compare everything: versions that came, went or take effect on another day,
    program.yaml, guardrails.yaml, approvals.yaml and versions.lock.

    A change that approvals.yaml names by its fingerprint is not stopped by --fail-on. An approval that
    ended, or that fits nothing or no longer, is, so that nobody finds it there later.

    Exit code 1 if --fail-on finds something, 2 if OLD or NEW means nothing, 3 if rules, a file or a
    commit cannot be read.
    """
    folder = Path(program_folder)
    if [old, against, other_folder].count(None) != 2:  # noqa: PLR2004 - of the three ways, one
        raise click.UsageError("either name OLD and NEW, or give --against GITREF or --with DIR")
    if old is not None and new is None:
        raise click.UsageError("NEW is missing: name the version to compare with")
    loaded = load(folder)
    if against is not None:
        difference = _against(folder, loaded.usable(), against)
    elif other_folder is not None:
        difference = _with_folder(folder, loaded.usable(), Path(other_folder))
    else:
        assert old is not None
        assert new is not None
        difference = _of_two_versions(folder, loaded, old, new)
    passing = _approved(difference, Path(other_folder or folder), loaded.usable(), day)
    match output_format:
        case "json":
            say(json_text(difference_json(difference, passing)))
        case "sarif":
            say(json_text(difference_sarif(difference, passing)))
        case "github":
            say(difference_github(difference, passing), nl=False)
        case "markdown":
            say(difference_markdown(difference, passing, words=show_all), nl=False)
        case _:
            say(difference_text(difference, passing, words=show_all), CHANGES)
    if fail_on is None:
        return 0
    say(findings_concise(passing.findings), nl=False, err=True)
    stopped = any(
        change.direction in FAILING[fail_on] and fingerprint(change) not in passing.approvals
        for change in difference.changes
    )
    return 1 if stopped or passing.findings else 0


def _approved(difference: Difference, folder: Path, program: Program, day: date | None) -> ApprovedChanges:
    approvals = approvals_in(folder)
    return (
        approved_changes(difference.changes, approvals, day_of(program, day)) if approvals else NONE_APPROVED
    )


def _of_two_versions(folder: Path, loaded: Loaded, old: str, new: str) -> Difference:
    """What differs between two versions, and between the programs that they were read with."""
    try:
        before, after = (operand(folder, loaded, name) for name in (old, new))
    except UnknownOperandError as error:
        raise click.BadParameter(str(error), param_hint="OLD, NEW") from error
    say_remark(before, after)
    names = balance_names(before.program, after.program)
    programs = (with_balances_named(before.program, names), after.program)
    version = version_with_balances_named(before.version, names)
    if version.id == after.version.id:
        changes = same_version_changes(version, after.version, programs)
    else:
        changes = changes_between(version, after.version, programs)
    found = VersionDifference(Status.CHANGED, version, after.version, changes)
    program = tuple(program_changes(before.program, after.program))
    return Difference(before.name, after.name, (found,) if changes else (), program)


def _against(folder: Path, program: Program, ref: str) -> Difference:
    """What differs from the program as a commit has it."""
    old, tree = program_at(folder, ref, program.id), program_tree(folder, ref, program.id)
    if old is None or tree is None:
        return program_difference(old, program, ref, "working tree")
    return whole_difference((tree, Folder(folder)), (old, program), (ref, "working tree"))


def _with_folder(folder: Path, program: Program, other: Path) -> Difference:
    """What differs in the program in another folder."""
    new = load(other).usable()
    return whole_difference((Folder(folder), Folder(other)), (program, new), (str(folder), str(other)))
