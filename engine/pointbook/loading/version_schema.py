"""What the schema says of a version: of what is written, and of the whole that a patch comes to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.lower.resolution import naming_version
from pointbook.model.sections import WITH_IDS
from pointbook.structure.schema_findings import schema_errors

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pointbook.diagnostics import Finding, Span
    from pointbook.lower.resolution import VersionDocument
    from pointbook.model.program import Version
    from pointbook.model.rules import Path

_SECTIONS = frozenset((section,) for section in WITH_IDS)
_INDISPENSABLE: frozenset[Path] = frozenset((*_SECTIONS, (), ("id",), ("based_on",)))
"""Paths without which the rest of a version says nothing; all else is left out where it has findings."""


def schema_findings_of(
    document: VersionDocument, base: Version | None, misread: frozenset[Span], *, whole: bool
) -> tuple[tuple[Finding, ...], frozenset[Path] | None]:
    """Schema findings of a version, and what of it must be left out; None for the whole of it.

    A patch is checked as written, then the resolved whole; what is wrong at a place is said once.
    What a patch takes over as it is was checked with the version it is based on. Values that could
    not be read as YAML (`misread`) stand for nothing, so what they are part of is left out.
    """
    errors = schema_errors(document.written, "patch" if document.based_on else "complete", whole=whole)
    findings = [finding for _, finding in errors if finding.span not in misread]
    if document.resolved is None:
        return tuple(findings), None
    inherited: frozenset[Path] = frozenset()
    if document.based_on is not None:
        places = {*misread, *(finding.span for finding in findings)}
        taken_over = frozenset(_taken_over(document, base))
        if base is not None:
            inherited = base.incomplete & taken_over
        of_whole = schema_errors(document.resolved.without(taken_over), "complete", whole=whole)
        findings += [
            naming_version(finding, document, path)
            for path, finding in of_whole
            if finding.span not in places
        ]
        errors += of_whole
    broken = [path for path, _ in errors]
    if misread:
        broken += [path for path, node in document.resolved.walk() if node.span in misread]
    left_out = {path[:2] if path[:1] in _SECTIONS else path[:1] for path in broken}
    if left_out & _INDISPENSABLE:
        return tuple(findings), None
    return tuple(findings), inherited | left_out


def _taken_over(document: VersionDocument, base: Version | None) -> Iterator[Path]:
    """Paths of the rules that are the very same documents as in the version it is based on.

    One rule of each kind is never among them, so that no section looks empty without them.
    """
    if base is None or document.base is None or document.resolved is None:
        return
    for section in WITH_IDS:
        entries, before = document.resolved.get(section), document.base.get(section)
        if entries is not None and before is not None and entries.is_mapping:
            same = [key for key, node in entries.content.items() if before.get(key) is node]
            yield from ((section, key) for key in same[len(same) == len(entries.content) :])
