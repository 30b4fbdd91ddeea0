"""`pointbook new`: a draft of a version."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pointbook.authoring.drafts import Header, draft_text, gone_from
from pointbook.diagnostics import has_errors
from pointbook.guardrails.guardrail import Measure
from pointbook.guardrails.reading import guardrails_in
from pointbook.loading import VERSIONS_FOLDER, load, loaded_with
from pointbook.loading.documents import YAML_ENDINGS, document_from
from pointbook.loading.settings import UnknownAddressError, UnusableValueError, setting_in, value_from
from pointbook.model.wording import quantity, version_ranges
from pointbook.structure.date_text import DateError, date_from
from pointbook.structure.validators import schema
from pointbook_cli.options import DateType, day_of, program_argument, version_id
from pointbook_cli.output_files import output_files
from pointbook_cli.reporters.escaping import printable
from pointbook_cli.reporters.findings.text import counted, findings_concise, findings_text
from pointbook_cli.terminal import say
from pointbook_cli.usage.known_words import VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from pointbook.diagnostics import Finding
    from pointbook.loading import Loaded
    from pointbook.loading.settings import Scalar, Setting
    from pointbook.model.program import Program, Version


@click.command(epilog="Example: pointbook new my-program 2027-01-01 --set levels/gold/threshold=25000")
@program_argument
@click.argument("new_id", metavar="VERSION")
@click.option(
    "--based-on",
    type=VERSION,
    default="latest",
    metavar="ID",
    help="The version that it changes. [default: latest]",
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
) -> int:
    """Write a new version of a program as a patch: its header, and the values that change.

    Beside each value stands what it is in the version that is changed. Nothing that is there is
    overwritten, and nothing is written that the checks refuse. Without --set the patch has its header
    only, and is yours to fill in; `publish` refuses it until it changes something.

    Exit code 3 if the rules, or with these values the draft, have errors.
    """
    folder = Path(program_folder)
    loaded = load(folder)
    program = loaded.usable()
    path = _free_place(folder, new_id, [version.id for version in program.versions])
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
    _refuse_days(program, header, is_given=announced_on is not None)
    changes = _changes(loaded, base, settings)
    documents = {version.document.id: version.document for version in loaded.versions}
    gone = gone_from(program, base, header.effective_from)
    text = draft_text(header, loaded.documents.texts[documents[base.id].file], changes, gone)
    found = _brought_about(loaded, path, text)
    if has_errors(found):
        say(findings_text(found, {**loaded.documents.texts, path.as_posix(): text}), err=True)
        say(f"nothing was written: {counted(found)}", err=True)
        return 3
    warnings = [*findings_concise(found).splitlines(), *_doubts(folder, program, header)]
    with output_files([path]) as [file]:
        file.write(text)
    say(text, nl=False)
    for warning in warnings:
        say(warning, err=True)
    say(f"written to {path}", err=True)
    return 0


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


def _refuse_days(program: Program, header: Header, *, is_given: bool) -> None:
    """Refuse a first day that is not after what was published, and one before members are told of it."""
    day = header.effective_from
    last = next((one for one in reversed(program.versions) if one.id in program.published), None)
    if last is not None and day <= last.effective_from:
        message = (
            f"`{header.id}` would take effect on {day}, but `{last.id}`, which is published, does on"
            f" {last.effective_from}; give it a later day"
        )
        raise click.BadParameter(message, param_hint="VERSION, --effective-from")
    if header.announced_on > day:
        told = f"on {header.announced_on}" if is_given else f"today, on {header.announced_on}"
        message = (
            f"members would be told of it {told}, after it takes effect on {day}; say when they were told"
        )
        raise click.BadParameter(message, param_hint="--announced-on")


def _changes(loaded: Loaded, base: Version, texts: tuple[str, ...]) -> list[tuple[Setting, Scalar]]:
    """The values that change, each at a place of its own."""
    changes: list[tuple[Setting, Scalar]] = []
    for text in texts:
        setting, value = _change(loaded, base, text)
        for other, _ in changes:
            shared = min(len(other.path), len(setting.path))
            if other.path[:shared] == setting.path[:shared]:
                message = f"`{text}` and `{other.address}` are the same place; give it one value"
                raise click.BadParameter(message, param_hint="--set")
        changes.append((setting, value))
    return changes


def _change(loaded: Loaded, base: Version, text: str) -> tuple[Setting, Scalar]:
    """One value that changes."""
    address, equals, value = text.partition("=")
    if not (address.strip() and equals and value.strip()):
        asked = "write an address, `=` and a value: levels/gold/threshold=250"
        raise click.BadParameter(f"`{text}` is not all of it: {asked}", param_hint="--set")
    try:
        setting, wanted = setting_in(loaded, base, address.strip()), value_from(value)
    except (UnknownAddressError, UnusableValueError) as error:
        raise click.BadParameter(str(error), param_hint="--set") from error
    if setting.is_now(wanted):
        message = f"`{setting.address}` is {setting.now} in `{base.id}` already; give another value"
        raise click.BadParameter(message, param_hint="--set")
    return setting, wanted


def _brought_about(loaded: Loaded, path: Path, text: str) -> list[Finding]:
    """What `validate` would find with the draft, and does not find without it."""
    read = document_from(path.as_posix(), text.encode())
    assert read.node is not None
    found = [*read.findings, *loaded_with(loaded, None, [read.node], locked=True).findings]
    return [finding for finding in found if finding not in loaded.findings]


def _doubts(folder: Path, program: Program, header: Header) -> Iterator[str]:
    """What a program manager should know before the draft is written on."""
    later = [one for one in program.versions if one.effective_from > header.effective_from]
    if later:
        ids = version_ranges([one.id for one in later], [one.id for one in program.versions], "`")
        take = f"{ids} takes" if len(later) == 1 else f"{ids} take"
        yield printable(
            f"warning: {take} effect later than `{header.id}`, and"
            " what changes here is not in force from then on unless it is written there, too"
        )
    days = (header.effective_from - header.announced_on).days
    for limit in guardrails_in(folder, program):
        if limit.measure is Measure.NOTICE_DAYS and limit.at_least is not None and days < limit.at_least:
            yield printable(
                f"warning: announced {quantity(days, 'day')} before it takes effect; guardrail `{limit.id}`"
                f" asks for {quantity(limit.at_least, 'day')} if anything in it could lower somebody"
            )
