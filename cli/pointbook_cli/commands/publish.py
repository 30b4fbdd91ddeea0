"""`pointbook publish`: a version that may no longer change."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pointbook.authoring.publishing import NothingToAmendError, amended, changes_nothing, due, published
from pointbook.checks import PUBLISHING_CODES
from pointbook.diagnostics import Severity, has_errors
from pointbook.guardrails.notice import late_notices
from pointbook.guardrails.reading import approvals_in, guardrails_in
from pointbook.loading import LOCK_FILE, load, loaded_from
from pointbook.loading.documents import document_from
from pointbook.model.wording import quantity, version_ranges
from pointbook.scenarios import scenario_files, scenario_from
from pointbook.scenarios.running import differences
from pointbook.validation import validated
from pointbook_cli.options import DateType, day_of, program_argument, version_id
from pointbook_cli.output_files import output_folder
from pointbook_cli.reporters.findings.text import counted, findings_text, printable
from pointbook_cli.reporters.painting import MESSAGES
from pointbook_cli.terminal import say
from pointbook_cli.usage.known_words import VERSION

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from pointbook.diagnostics import Finding
    from pointbook.loading import Loaded
    from pointbook.model.program import Version


@click.command(epilog="Example: pointbook publish rules/dataminer-devops 2024-03-13")
@program_argument
@click.argument("name", metavar="VERSION", type=VERSION)
@click.option("--amend", is_flag=True, help="Let a published version be what it is now; needs --reason.")
@click.option(
    "--reason", metavar="TEXT", help="Why it is amended. The lock keeps it, and what was there before."
)
@click.option("--on", "day", type=DateType(), help="The day of publishing. [default: today]")
def command(program_folder: str, name: str, amend: bool, reason: str | None, day: date | None) -> int:
    """Publish a version: from then on every command refuses it where it is changed, renamed or gone.

    What decides its figures is written to versions.lock as a digest; titles, notes and sources may still
    change. Versions before it that are not published yet are published with it. Before that, all that
    `validate` and `test` look at must be right, and members be told as early as the guardrails ask.

    For a slip in a published version, edit it and give --amend with a --reason. A version whose file is
    gone is withdrawn so.

    Exit code 1 if something is wrong, so that nothing is published; 3 if rules cannot be read.
    """
    if reason is not None and not amend:
        raise click.UsageError("--reason is for --amend; leave it out, or add --amend")
    if amend and not (reason and reason.strip()):
        raise click.UsageError('--amend needs --reason "...": the lock keeps why it was changed')
    folder = Path(program_folder)
    loaded = load(folder, locked=False)
    if reason is not None:
        return _amend(folder, loaded, name, reason.strip(), day)
    findings = validated([folder]).findings
    if _told(findings, loaded):
        return _nothing_published(findings)
    program = loaded.usable()
    version = program.version(version_id(program, name, "VERSION"))
    assert version is not None
    versions = due(program, version)
    if version not in versions:
        assert loaded.lock is not None
        entry = loaded.lock.entry(version.id)
        assert entry is not None
        told = (
            f"`{version.id}` was published on {entry.published_on} and has not changed since; nothing to do"
        )
        say(told, MESSAGES)
        return 0
    _refuse_empty(loaded, versions)
    today = day_of(program, day)
    limits = guardrails_in(folder, program)
    late = tuple(late_notices(program, versions, limits, approvals_in(folder), today))
    if _told(late, loaded):
        return _nothing_published(late)
    if _failing(folder, loaded):
        return 1
    text = published(loaded, versions, today)
    assert not has_errors(_with_lock(loaded, folder, text).findings)
    _write(folder, loaded, text)
    say(printable(_words(versions, folder)), MESSAGES)
    return 0


def _told(findings: Iterable[Finding], loaded: Loaded) -> bool:
    """Say what was found; whether there is an error."""
    if findings:
        say(findings_text(findings, loaded.documents.texts), err=True)
    return has_errors(findings)


def _nothing_published(findings: Sequence[Finding]) -> int:
    say(f"nothing was published: {counted(findings)}", err=True)
    return 1


def _refuse_empty(loaded: Loaded, versions: Iterable[Version]) -> None:
    for version in versions:
        if changes_nothing(loaded, version):
            message = (
                f"version `{version.id}` is a draft without rules and changes nothing of `{version.based_on}`"
                f"; write what changes into {version.span('id').file}, or delete it"
            )
            raise click.BadParameter(message, param_hint="VERSION")


def _failing(folder: Path, loaded: Loaded) -> bool:
    """Run the scenarios; say which fail, and whether one does."""
    scenarios = scenario_files(folder)
    runs = ((scenario, scenario_from(scenario, loaded)[0]) for scenario in scenarios)
    results = [(scenario, differences(runnable)) for scenario, runnable in runs if runnable is not None]
    failed = [(scenario, found) for scenario, found in results if found]
    if not scenarios:
        say("warning: there is no scenario, so nothing shows that the rules do what was meant", err=True)
    for scenario, found in failed:  # why, too: before an amendment `test` refuses the version
        say(f"FAILED {printable(scenario.file)}", err=True)
        say(findings_text(found, {scenario.file: scenario.text}), err=True)
    if failed:
        many = f"{len(failed)} of {quantity(len(scenarios), 'scenario')} failed"
        say(f"nothing was published: {many}", err=True)
    return bool(failed)


def _amend(folder: Path, loaded: Loaded, name: str, reason: str, day: date | None) -> int:
    others = [one for one in validated([folder]).findings if one.code not in PUBLISHING_CODES]
    if _told(others, loaded):
        return _nothing_published(others)
    program = loaded.usable()
    entry = None if loaded.lock is None else loaded.lock.entry(name)
    named = name if entry is not None else version_id(program, name, "VERSION")
    try:
        result = amended(loaded, named, reason, day_of(program, day))
    except NothingToAmendError as error:
        raise click.BadParameter(str(error), param_hint="VERSION") from error
    if _failing(folder, loaded):
        return 1
    left = [
        one
        for one in _with_lock(loaded, folder, result.text).findings
        if one.severity is Severity.ERROR and one.code in PUBLISHING_CODES
    ]
    _write(folder, loaded, result.text)
    for sentence in result.sentences:
        say(printable(f"amended {sentence}"), MESSAGES)
    say(printable(f"written to {folder / LOCK_FILE}, with what was there before and why"), MESSAGES)
    if left:
        say(findings_text(left, loaded.documents.texts), err=True)
        say("more than that is otherwise than it was published", err=True)
    return 1 if left else 0


def _with_lock(loaded: Loaded, folder: Path, text: str) -> Loaded:
    lock = document_from((folder / LOCK_FILE).as_posix(), text.encode())
    return loaded_from(replace(loaded.documents, lock=lock), loaded, locked=True)


def _write(folder: Path, loaded: Loaded, text: str) -> None:
    """Write the lock, unless another run published something since it was read."""
    before = loaded.documents.lock
    with output_folder(folder) as output:
        output.replaces_text(LOCK_FILE, None if before is None else before.text).write(text)


def _words(versions: Sequence[Version], folder: Path) -> str:
    *before, last = versions
    with_it = ""
    if before:
        ids = version_ranges([one.id for one in before], [one.id for one in versions], "`")
        with_it = f", and with it {ids}, which {'take' if len(before) > 1 else 'takes'} effect before it"
    return f"published `{last.id}`{with_it}; written to {folder / LOCK_FILE}"
