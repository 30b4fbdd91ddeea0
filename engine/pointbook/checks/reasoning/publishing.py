"""What checks of published versions say alike: how to go on."""

from __future__ import annotations

import shlex
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from pointbook.diagnostics import Related
from pointbook.lower.life_cycles import deciding

if TYPE_CHECKING:
    from pointbook.checks.reasoning.subject import CheckSubject
    from pointbook.lower.resolution import VersionDocument
    from pointbook.model.program import Version
    from pointbook.published.lock import PublishedVersion


def ways_out(subject: CheckSubject, undo: str, version_id: str, *, or_new: bool = True) -> str:
    """To undo it, to write a new version, or to amend what was published."""
    new = " write what is to hold from a later day on as a new version (`pointbook new`);" if or_new else ""
    return f"{undo} (git has it);{new} or, for a slip, run {amend_command(subject, version_id)}"


def amend_command(subject: CheckSubject, version_id: str) -> str:
    """The command that lets the version be what it is now."""
    folder = PurePosixPath(subject.program.span().file).parent
    return f'`pointbook publish {shlex.quote(folder.as_posix())} {version_id} --amend --reason "..."`'


def published_here(entry: PublishedVersion) -> Related:
    """Where the lock has a version."""
    return Related(entry.span, f"`{entry.id}` was published on {entry.published_on}, and is locked here")


def is_other(subject: CheckSubject, document: VersionDocument) -> bool:
    """Whether the version was published and decides figures otherwise now; no if that cannot be told."""
    entry = None if subject.lock is None else subject.lock.entry(document.id)
    version = None if entry is None else _whole(subject, document)
    return entry is not None and version is not None and not entry.is_of(deciding(document, version))


def renamed_to(subject: CheckSubject, entry: PublishedVersion) -> VersionDocument | None:
    """The unpublished version that is what a missing one was, if there is just one."""
    lock = subject.lock
    assert lock is not None
    found = [
        document
        for document in subject.documents
        if lock.entry(document.id) is None
        and (version := _whole(subject, document)) is not None
        and entry.is_of(deciding(document, version))
    ]
    return found[0] if len(found) == 1 else None


def missing_entries(subject: CheckSubject) -> tuple[PublishedVersion, ...]:
    """Published versions that no document has; none while there are files that cannot be read."""
    if subject.lock is None or subject.unreadable:
        return ()
    known = {document.id for document in subject.documents}
    return tuple(entry for entry in subject.lock.published if entry.id not in known)


def _whole(subject: CheckSubject, document: VersionDocument) -> Version | None:
    """The version, if it was typed without leaving out anything."""
    typed = (version for version in subject.program.versions if subject.document_of(version) is document)
    return next((version for version in typed if not version.incomplete), None)
