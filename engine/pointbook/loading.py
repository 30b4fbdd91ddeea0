"""From a program folder to a program, with everything that is wrong with it.

The one place where the stages are strung together: files → positioned documents → schema findings
→ resolved versions → typed rules → semantic checks.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pointbook.checks import Subject, check_findings
from pointbook.diagnostics import Finding, InputError, RulesError, Severity, Span, has_errors, sorted_findings
from pointbook.lower.patched_places import naming_version
from pointbook.lower.programs import program_from
from pointbook.lower.resolution import VersionDocument, resolved_versions
from pointbook.lower.versions import version_from
from pointbook.source import files
from pointbook.source.patch import merged
from pointbook.source.yaml_reader import read_yaml
from pointbook.structure.schema_findings import schema_errors

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pointbook.model.rules import Path as RulePath
    from pointbook.model.rules import Program, Version
    from pointbook.source.document import Node

PROGRAM_FILE = "program.yaml"
VERSIONS_FOLDER = "versions"
SCENARIOS_FOLDER = "scenarios"
_ENTRIES = ("levels", "activities", "groups", "benefits")
_SECTIONS = frozenset((section,) for section in _ENTRIES)
_INDISPENSABLE: frozenset[RulePath] = frozenset((*_SECTIONS, (), ("id",), ("based_on",)))
"""Paths without which the rest of a version says nothing; all else is left out where it has findings."""


@dataclass(frozen=True, slots=True)
class ProgramDocuments:
    """A program folder's documents.

    Attributes:
        name: The folder, as the user would type it.
        program: program.yaml, or None where it cannot be used.
        versions: File and document of each version that could be read.
        findings: What is wrong with the files as YAML.
        texts: Text of each file by its name, for showing findings in their lines.
    """

    name: str
    program: Node | None
    versions: tuple[tuple[str, Node], ...]
    findings: tuple[Finding, ...]
    texts: Mapping[str, str]


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


@dataclass(frozen=True, slots=True)
class Loaded:
    """What came of loading.

    Attributes:
        program: The program, or None where there is an error among the findings.
        findings: Everything that is wrong, sorted.
        documents: The documents it came from.
        versions: The versions, by file.
    """

    program: Program | None
    findings: tuple[Finding, ...]
    documents: ProgramDocuments
    versions: tuple[LoadedVersion, ...]


def load_program(folder: Path | str) -> Program:
    """The program in `folder`.

    Raises:
        InputError: There is no program folder there.
        RulesError: The rules have errors; it carries all findings.
    """
    loaded = load(folder)
    if loaded.program is None:
        raise RulesError(loaded.findings)
    return loaded.program


def load(folder: Path | str) -> Loaded:
    """The program in `folder` with everything that is wrong with it.

    Raises:
        InputError: There is no program folder there, or a file in it cannot be read.
    """
    return loaded_from(documents_in(folder))


def documents_in(folder: Path | str) -> ProgramDocuments:
    """The documents of the program in `folder`.

    Raises:
        InputError: There is no program folder there, or a file in it cannot be read.
    """
    folder = Path(folder)
    if not folder.is_dir():
        problem = "this is a file, not a program folder" if folder.exists() else "there is no such folder"
        raise InputError(files.shown_name(folder), problem, f"name the folder that holds {PROGRAM_FILE}")
    if not (folder / PROGRAM_FILE).is_file():
        hint = f"name the folder that holds {PROGRAM_FILE} and {VERSIONS_FOLDER}/"
        raise InputError(files.shown_name(folder), f"there is no {PROGRAM_FILE} in this folder", hint)
    read = [
        read_document(path) for path in (folder / PROGRAM_FILE, *files.yaml_files(folder / VERSIONS_FOLDER))
    ]
    return ProgramDocuments(
        name=files.shown_name(folder),
        program=read[0].node,
        versions=tuple((document.file, document.node) for document in read[1:] if document.node is not None),
        findings=(*(finding for document in read for finding in document.findings), *_unread(folder)),
        texts={document.file: document.text for document in read},
    )


def _unread(folder: Path) -> Iterator[Finding]:
    """A warning for each file that someone may believe is part of the rules."""
    for section in (VERSIONS_FOLDER, SCENARIOS_FOLDER):
        for path in files.unread_entries(folder / section):
            if path.is_dir():
                message, hint = "this folder is not read", f"move its files to {section}/ itself"
            else:
                message, hint = "this file is not read", "give it the ending .yaml, or move it elsewhere"
            yield Finding(Span(files.shown_name(path)), "unread-file", message, hint, Severity.WARNING)


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """One YAML file that was read.

    Attributes:
        node: Its document, or None where it cannot be used.
        text: Its text as far as it is UTF-8.
    """

    file: str
    node: Node | None
    findings: tuple[Finding, ...]
    text: str


def read_document(path: Path, first_key: str = "id") -> ReadDocument:
    """The YAML file at `path`; the document at its top is a mapping.

    Args:
        path: The file.
        first_key: What such a file begins with, for a hint.

    Raises:
        InputError: It cannot be read.
    """
    data = files.bytes_of(path)
    name = files.shown_name(path)
    node, findings = read_yaml(name, data)
    if node is not None and not node.is_mapping:
        message = "the file must be a mapping (keys and values)"
        findings = (*findings, Finding(node.span, "wrong-type", message, f"begin with `{first_key}:`"))
        node = None
    return ReadDocument(name, node, findings, data.decode("utf-8-sig", "replace"))


def loaded_with(loaded: Loaded, program: Node | None, versions: Iterable[Node]) -> Loaded:
    """The same program with a merge patch for program.yaml, and versions added or replaced by id."""
    documents = loaded.documents
    added = {str(node.content["id"].content): node for node in versions}
    kept = [(file, node) for file, node in documents.versions if str(node.value("id")) not in added]
    patched = documents.program
    if program is not None and patched is not None:
        patched = merged(patched, program)
    inline = [(node.span.file, node) for node in added.values()]
    return loaded_from(replace(documents, program=patched, versions=(*kept, *inline)), loaded)


def loaded_from(documents: ProgramDocuments, before: Loaded | None = None) -> Loaded:
    """The program that `documents` write, with everything that is wrong with it.

    Args:
        documents: The documents.
        before: An earlier result, whose versions are taken over where nothing about them differs.
    """
    findings = list(documents.findings)
    misread = frozenset(finding.span for finding in findings)
    if not documents.versions and not has_errors(documents.findings) and documents.program is not None:
        message = "the program has no versions"
        hint = f"add a file to the folder {VERSIONS_FOLDER}/ beside program.yaml"
        findings.append(Finding(documents.program.span, "no-versions", message, hint))
    bare: Program | None = None
    if documents.program is not None:
        program_errors = schema_errors(documents.program, "program")
        findings += [finding for _, finding in program_errors if finding.span not in misread]
        bare = None if program_errors else program_from(documents.program)
    known = () if before is None or before.documents.program is not documents.program else before.versions
    versions = _loaded_versions(resolved_versions(documents.versions), bare, known, misread)
    findings += [finding for version in versions for finding in version.findings]
    if bare is None or documents.program is None:
        return Loaded(None, sorted_findings(findings), documents, versions)
    program = program_from(
        documents.program, [loaded.version for loaded in versions if loaded.version is not None]
    )
    read = tuple(version.document for version in versions)
    findings += check_findings(Subject(read, program, _unreadable(documents)))
    return Loaded(None if has_errors(findings) else program, sorted_findings(findings), documents, versions)


def _unreadable(documents: ProgramDocuments) -> frozenset[str]:
    """Files with findings and without a document: versions of which nothing is known."""
    known = {file for file, _ in documents.versions}
    if documents.program is not None:
        known.add(documents.program.span.file)
    return frozenset(finding.span.file for finding in documents.findings) - known


def _loaded_versions(
    documents: tuple[VersionDocument, ...],
    bare: Program | None,
    known: tuple[LoadedVersion, ...],
    misread: frozenset[Span],
) -> tuple[LoadedVersion, ...]:
    """Each version, in the order given; those that others build on are taken first."""
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
) -> tuple[tuple[Finding, ...], frozenset[RulePath] | None]:
    """Schema findings of a version, and what of it must be left out; None for the whole of it.

    A patch is checked as written, then the resolved whole; what is wrong at a place is said once.
    What a patch takes over as it is was checked with the version it is based on. Values that could
    not be read as YAML (`misread`) stand for nothing, so what they are part of is left out.
    """
    errors = schema_errors(document.written, "version" if document.based_on is None else "patch")
    findings = [finding for _, finding in errors if finding.span not in misread]
    if document.resolved is None:
        return tuple(findings), None
    inherited: frozenset[RulePath] = frozenset()
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


def _taken_over(resolved: Node, base: LoadedVersion | None) -> Iterator[RulePath]:
    """Paths of the rules that are the very same documents in the version it is based on.

    One rule of each kind is never among them, so that no section looks empty without them.
    """
    if base is None or base.version is None or base.document.resolved is None:
        return
    for section in _ENTRIES:
        entries, before = resolved.get(section), base.document.resolved.get(section)
        if entries is not None and before is not None and entries.is_mapping:
            same = [key for key, node in entries.content.items() if before.get(key) is node]
            yield from ((section, key) for key in same[len(same) == len(entries.content) :])
