"""`pointbook new`: a draft of a version."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pointbook.authoring.drafts import Header, draft_text
from pointbook.diagnostics import RulesError, has_errors
from pointbook.loading import VERSIONS_FOLDER, load, loaded_with
from pointbook.loading.documents import YAML_ENDINGS, document_from
from pointbook.loading.settings import UnknownAddressError, UnusableValueError, setting_in, value_from
from pointbook.structure.date_text import DateError, date_from
from pointbook.structure.validators import schema
from pointbook_cli.options import DateType, day_of, program_argument, version_id
from pointbook_cli.output_files import output_files
from pointbook_cli.terminal import say

if TYPE_CHECKING:
    from datetime import date

    from pointbook.loading import Loaded
    from pointbook.loading.settings import Scalar, Setting
    from pointbook.model.program import Version


@click.command(
    epilog="Example: pointbook new rules/dataminer-devops 2027-01-01 --set levels/catalyst/threshold=25000"
)
@program_argument
@click.argument("new_id", metavar="VERSION")
@click.option(
    "--based-on", default="latest", metavar="ID", help="The version that it changes. [default: latest]"
)
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="ADDRESS=VALUE",
    help="A value that changes, at an address as `diff` prints it. May be given several times.",
)
@click.option(
    "--effective-from", type=DateType(), help="Its first day. [default: VERSION, if that is a date]"
)
@click.option(
    "--announced-on", type=DateType(), help="The day on which members are told of it. [default: today]"
)
@click.option(
    "--document", metavar="TEXT", help="The page or file that publishes it. [default: that it is a draft]"
)
def command(  # noqa: PLR0913, PLR0917 - one parameter for each option
    program_folder: str,
    new_id: str,
    based_on: str,
    settings: tuple[str, ...],
    effective_from: date | None,
    announced_on: date | None,
    document: str | None,
) -> None:
    """Write a new version of a program as a patch: its header, and the values that change.

    Beside each value stands what it is today. Nothing that is there is overwritten, and nothing is written
    that the checks refuse. Without --set the patch has its header only, and is yours to fill in.
    """
    loaded = load(program_folder)
    program = loaded.usable()
    path = _free_place(Path(program_folder), new_id, [version.id for version in program.versions])
    base = program.version(version_id(program, based_on, "--based-on"))
    assert base is not None
    today = day_of(program, None)
    header = Header(
        id=new_id,
        based_on=base.id,
        effective_from=effective_from or _first_day(new_id),
        announced_on=announced_on or today,
        document=f"Draft of {today}" if document is None else document,
    )
    changes = [_change(loaded, base, setting) for setting in settings]
    documents = {version.document.id: version.document for version in loaded.versions}
    text = draft_text(header, loaded.documents.texts[documents[base.id].file], changes)
    _refuse_faults(loaded, path, text, has_rules=bool(changes))
    with output_files([path]) as [file]:
        file.write(text)
    say(text, nl=False)
    say(f"written to {path}", err=True)


def _free_place(folder: Path, new_id: str, known: list[str]) -> Path:
    """Where the version's file will be; its id is a possible one, and nothing is there yet."""
    of_id = schema("version")["$defs"]["id"]
    if not re.fullmatch(of_id["pattern"].strip("^$"), new_id) or len(new_id) > of_id["maxLength"]:
        expected = f"write {of_id['x-expected']}, at most {of_id['maxLength']} characters"
        raise click.BadParameter(f"`{new_id}` cannot be a version's id: {expected}", param_hint="VERSION")
    if new_id in known:
        raise click.BadParameter(
            f"there is a version `{new_id}` already; give another id, or edit it", param_hint="VERSION"
        )
    places = [folder / VERSIONS_FOLDER / f"{new_id}{ending}" for ending in YAML_ENDINGS]
    for place in places:
        if place.exists():
            raise click.BadParameter(f"{place} is there already; give another id", param_hint="VERSION")
    return places[0]


def _first_day(new_id: str) -> date:
    try:
        return date_from(new_id)
    except DateError as error:
        message = f"`{new_id}` is no date, so its first day is not known; add --effective-from YYYY-MM-DD"
        raise click.UsageError(message) from error


def _change(loaded: Loaded, base: Version, text: str) -> tuple[Setting, Scalar]:
    """One value that changes."""
    address, equals, value = text.partition("=")
    if not (address.strip() and equals and value.strip()):
        asked = "write an address, `=` and a value: levels/gold/threshold=250"
        raise click.BadParameter(f"`{text}` is not all of it: {asked}", param_hint="--set")
    try:
        return setting_in(loaded, base, address.strip()), value_from(value)
    except (UnknownAddressError, UnusableValueError) as error:
        raise click.BadParameter(str(error), param_hint="--set") from error


def _refuse_faults(loaded: Loaded, path: Path, text: str, *, has_rules: bool) -> None:
    """Refuse what `validate` would refuse; a draft without rules is only asked to change something.

    Raises:
        RulesError: The draft has errors.
    """
    read = document_from(path.as_posix(), text.encode())
    assert read.node is not None
    found = [*read.findings, *loaded_with(loaded, None, [read.node]).findings]
    faults = [one for one in found if has_rules or one.code != "patch-changes-nothing"]
    if has_errors(faults):
        raise RulesError(tuple(faults))
