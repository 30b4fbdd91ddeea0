"""Each version through its schema and typing, as far as it can be used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pointbook.lower.patched_places import naming_version
from pointbook.lower.versions import version_from
from pointbook.model.sections import WITH_IDS
from pointbook.structure.schema_findings import schema_errors

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pointbook.diagnostics import Finding, Span
    from pointbook.lower.resolution import VersionDocument
    from pointbook.model.rules import Path, Program, Version
    from pointbook.source.document import Node

_SECTIONS = frozenset((section,) for section in WITH_IDS)
_INDISPENSABLE: frozenset[Path] = frozenset((*_SECTIONS, (), ("id",), ("based_on",)))
"""Paths without which the rest of a version says nothing; all else is left out where it has findings."""


@dataclass(frozen=True, slots=True)
class LoadedVersion:
    """A version that went through schema and typing.

    Attributes:
        document: As written and resolved.
        findings: What its schema says.
        version: The typed rules, or None where they cannot be typed.
    """

    document: VersionDocument
    findings: tuple[Finding, ...]
    version: Version | None


def loaded_versions(
    documents: tuple[VersionDocument, ...],
    bare: Program | None,
    known: tuple[LoadedVersion, ...],
    misread: frozenset[Span],
) -> tuple[LoadedVersion, ...]:
    """Each version, in the order given; those that others build on are taken first.

    Args:
        documents: The versions, resolved.
        bare: The program without versions, or None where it cannot be typed.
        known: Versions loaded before, taken over where nothing about them differs.
        misread: Places of what could not be read as YAML.
    """
    by_id: dict[str, LoadedVersion] = {}
    loaded: dict[int, LoadedVersion] = {}
    for index in sorted(range(len(documents)), key=lambda index: len(documents[index].chain)):
        document = documents[index]
        same = next((version for version in known if _same(version.document.chain, document.chain)), None)
        loaded[index] = same or _loaded_version(document, bare, by_id.get(document.based_on or ""), misread)
        by_id.setdefault(document.id, loaded[index])
    return tuple(loaded[index] for index in range(len(documents)))


def _loaded_version(
    document: VersionDocument, bare: Program | None, base: LoadedVersion | None, misread: frozenset[Span]
) -> LoadedVersion:
    findings, incomplete = _schema_findings(document, base, misread)
    if bare is None or incomplete is None:
        return LoadedVersion(document, findings, None)
    version = version_from(document, bare.level_balance, bare.member_attributes, incomplete)
    return LoadedVersion(document, findings, version)


def _same(chain: tuple[Node, ...], other: tuple[Node, ...]) -> bool:
    return 0 < len(chain) == len(other) and all(one is two for one, two in zip(chain, other, strict=True))


def _schema_findings(
    document: VersionDocument, base: LoadedVersion | None, misread: frozenset[Span]
) -> tuple[tuple[Finding, ...], frozenset[Path] | None]:
    """Schema findings of a version, and what of it must be left out; None for the whole of it.

    A patch is checked as written, then the resolved whole; what is wrong at a place is said once.
    What a patch takes over as it is was checked with the version it is based on. Values that could
    not be read as YAML (`misread`) stand for nothing, so what they are part of is left out.
    """
    errors = schema_errors(document.written, "version" if document.based_on is None else "patch")
    findings = [finding for _, finding in errors if finding.span not in misread]
    if document.resolved is None:
        return tuple(findings), None
    inherited: frozenset[Path] = frozenset()
    if document.based_on is not None:
        places = {*misread, *(finding.span for finding in findings)}
        taken_over = frozenset(_taken_over(document.resolved, base))
        if base is not None and base.version is not None:
            inherited = base.version.incomplete & taken_over
        whole = schema_errors(document.resolved.without(taken_over), "version")
        findings += [
            naming_version(finding, document, path) for path, finding in whole if finding.span not in places
        ]
        errors += whole
    broken = [path for path, _ in errors]
    if misread:
        broken += [path for path, node in document.resolved.walk() if node.span in misread]
    left_out = {path[:2] if path[:1] in _SECTIONS else path[:1] for path in broken}
    if left_out & _INDISPENSABLE:
        return tuple(findings), None
    return tuple(findings), inherited | left_out


def _taken_over(resolved: Node, base: LoadedVersion | None) -> Iterator[Path]:
    """Paths of the rules that are the very same documents in the version it is based on.

    One rule of each kind is never among them, so that no section looks empty without them.
    """
    if base is None or base.version is None or base.document.resolved is None:
        return
    for section in WITH_IDS:
        entries, before = resolved.get(section), base.document.resolved.get(section)
        if entries is not None and before is not None and entries.is_mapping:
            same = [key for key, node in entries.content.items() if before.get(key) is node]
            yield from ((section, key) for key in same[len(same) == len(entries.content) :])
