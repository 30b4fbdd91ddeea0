"""From a program folder to a program, with everything that is wrong with it.

The one place where the stages are strung together: files → positioned documents → schema findings
→ resolved versions → typed rules → semantic checks.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pointbook.checks import Subject, check_findings
from pointbook.diagnostics import Finding, InputError, RulesError, Span, has_errors, sorted_findings
from pointbook.lower.programs import program_from
from pointbook.lower.resolution import VersionDocument, resolved_versions
from pointbook.lower.versions import version_from
from pointbook.source import files
from pointbook.source.patch import merged
from pointbook.source.yaml_reader import read_yaml
from pointbook.structure.schema_findings import schema_errors

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pointbook.model.rules import Path as RulePath
    from pointbook.model.rules import Program, Version
    from pointbook.source.document import Node

PROGRAM_FILE = "program.yaml"
VERSIONS_FOLDER = "versions"
SCENARIOS_FOLDER = "scenarios"
_ENTRIES = ("levels", "activities", "groups", "benefits")


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
class Loaded:
    """What came of loading.

    Attributes:
        program: The program, or None where there is an error among the findings.
        findings: Everything that is wrong, sorted.
        documents: The documents it came from.
        resolved: The versions as written and resolved, by file.
    """

    program: Program | None
    findings: tuple[Finding, ...]
    documents: ProgramDocuments
    resolved: tuple[VersionDocument, ...]


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
    read = [read_document(path) for path in (folder / PROGRAM_FILE, *files.yaml_files(folder / VERSIONS_FOLDER))]
    return ProgramDocuments(
        name=files.shown_name(folder),
        program=read[0].node,
        versions=tuple((document.file, document.node) for document in read[1:] if document.node is not None),
        findings=tuple(finding for document in read for finding in document.findings),
        texts={document.file: document.text for document in read},
    )


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


def read_document(path: Path) -> ReadDocument:
    """The YAML file at `path`; the document at its top is a mapping.

    Raises:
        InputError: It cannot be read.
    """
    data = files.bytes_of(path)
    name = files.shown_name(path)
    node, findings = read_yaml(name, data)
    if node is not None and not node.is_mapping:
        message = "the file must be a mapping (keys and values)"
        findings = (*findings, Finding(node.span, "wrong-type", message, "begin with `id:`"))
        node = None
    return ReadDocument(name, node, findings, data.decode("utf-8-sig", "replace"))


def with_changes(documents: ProgramDocuments, program: Node | None, versions: Iterable[Node]) -> ProgramDocuments:
    """The documents with a merge patch for program.yaml, and versions added or replaced by id."""
    added = {str(node.content["id"].content): node for node in versions}
    kept = [(file, node) for file, node in documents.versions if str(_content(node, "id")) not in added]
    patched = documents.program
    if program is not None and patched is not None:
        patched = merged(patched, program)
    inline = [(node.span.file, node) for node in added.values()]
    return replace(documents, program=patched, versions=(*kept, *inline))


def loaded_from(documents: ProgramDocuments) -> Loaded:
    """The program that `documents` write, with everything that is wrong with it."""
    resolved = resolved_versions(documents.versions)
    findings = list(documents.findings)
    if not documents.versions and not documents.findings:
        message = "the program has no versions"
        hint = f"add a file to the folder {VERSIONS_FOLDER}/ beside program.yaml"
        findings.append(Finding(Span(f"{documents.name}/{PROGRAM_FILE}"), "no-versions", message, hint))
    checked = [(version, *_version_errors(version)) for version in resolved]
    findings += [finding for _, version_findings, _ in checked for finding in version_findings]
    if documents.program is None:
        return Loaded(None, sorted_findings(findings), documents, resolved)
    program_errors = schema_errors(documents.program, "program")
    findings += [finding for _, finding in program_errors]
    if program_errors:
        return Loaded(None, sorted_findings(findings), documents, resolved)
    bare = program_from(documents.program)
    versions: list[Version] = [
        version_from(version, bare.level_balance, bare.member_attributes, incomplete)
        for version, _, incomplete in checked
        if incomplete is not None
    ]
    program = program_from(documents.program, versions)
    findings += check_findings(Subject(documents.program, resolved, program))
    return Loaded(None if has_errors(findings) else program, sorted_findings(findings), documents, resolved)


def _version_errors(version: VersionDocument) -> tuple[list[Finding], frozenset[RulePath] | None]:
    """Schema findings of a version, and what of it must be left out; None for the whole of it.

    A patch is checked as written, then the resolved whole. What is wrong at a place is said once.
    """
    errors = list(schema_errors(version.written, "version" if version.based_on is None else "patch"))
    places = {finding.span for _, finding in errors}
    if version.resolved is None:
        return [finding for _, finding in errors], None
    if version.based_on is not None:
        whole = schema_errors(version.resolved, "version")
        # What is wrong in the version it is based on is said there.
        inherited = {finding.span for _, finding in schema_errors(version.base, "version")} if version.base else set()
        errors += [(path, finding) for path, finding in whole if finding.span not in places | inherited]
        broken = [path for path, _ in (*errors, *whole)]
    else:
        broken = [path for path, _ in errors]
    findings = [finding for _, finding in errors]
    if any(len(path) < 2 or path[0] not in _ENTRIES for path in broken):  # noqa: PLR2004 - section and id
        return findings, None
    return findings, frozenset(path[:2] for path in broken)


def _content(node: Node, key: str) -> object:
    part = node.get(key)
    return None if part is None else part.content
