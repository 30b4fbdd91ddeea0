"""Names the version that a finding arises in, where its place is in the file of one that it is based on.

A check says what is wrong with a resolved whole, and where the values at fault were written. Where a
patch breaks what it takes over, that can be in files which are right by themselves.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pointbook.lower.resolution import naming_version

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pointbook.checks.reasoning.subject import Subject
    from pointbook.diagnostics import Finding, Span
    from pointbook.model.program import Version
    from pointbook.model.rules import Path


def with_versions_named(subject: Subject, check: Callable[[Subject], Iterable[Finding]]) -> Iterator[Finding]:
    """What the check finds, with a note at each finding whose version's own file it does not point into.

    The version is the one whose file the place is in, if the check finds the same in it alone; else
    the first in time in which it does. A finding about several versions at once gets no note.
    """
    bases = _files_built_on(subject)
    alone: dict[int, set[Span]] = {}
    for finding in check(subject):
        if finding.span.file not in bases:
            yield finding
            continue
        for index, version in _owner_first(subject, finding.span.file):
            if index not in alone:
                alone[index] = {found.span for found in check(_only(subject, version))}
            if finding.span in alone[index]:
                yield _noted(finding, subject, version)
                break
        else:
            yield finding


def _owner_first(subject: Subject, file: str) -> list[tuple[int, Version]]:
    """Each version with its number, by time, after the one that is written in the file."""
    return sorted(enumerate(subject.program.versions), key=lambda item: item[1].span("id").file != file)


def _files_built_on(subject: Subject) -> set[str]:
    return {node.span.file for document in subject.documents for node in document.chain[:-1]}


def _only(subject: Subject, version: Version) -> Subject:
    """The same rules as if there were no other version."""
    return replace(subject, program=replace(subject.program, versions=(version,)))


def _noted(finding: Finding, subject: Subject, version: Version) -> Finding:
    document = subject.document_of(version)
    path = _path_at(version, finding.span)
    if document is None or _is_left_out(subject, finding.span, path):
        return finding
    return naming_version(finding, document, path)


def _is_left_out(subject: Subject, place: Span, path: Path) -> bool:
    """Whether the version that writes the place comes without the rule there, or cannot be typed at all."""
    owner = next(
        (version for version in subject.program.versions if version.span("id").file == place.file), None
    )
    return owner is None or any(path[: len(part)] == part for part in owner.incomplete)


def _path_at(version: Version, place: Span) -> Path:
    """The longest path of what stands at `place`."""
    paths = [path for path, span in version.positions.items() if span == place]
    return max(paths, key=len, default=())
