"""A program's documents as a program, with everything that is wrong with it.

Schema findings → resolved versions → typed rules → semantic checks.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pointbook.checks import Subject, check_findings
from pointbook.diagnostics import Finding, InputError, RulesError, has_errors, sorted_findings
from pointbook.loading.documents import PROGRAM_FILE, VERSIONS_FOLDER, documents_in
from pointbook.loading.versions import loaded_versions
from pointbook.lower.programs import program_from
from pointbook.lower.resolution import resolved_versions
from pointbook.source.files import Folder
from pointbook.source.patch import merged
from pointbook.structure.schema_findings import schema_errors

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pointbook.loading.documents import ProgramDocuments
    from pointbook.loading.versions import LoadedVersion
    from pointbook.model.rules import Program
    from pointbook.source.document import Node


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

    def usable(self) -> Program:
        """The program.

        Raises:
            RulesError: There are errors; it carries all findings.
        """
        if self.program is None:
            raise RulesError(self.findings)
        return self.program


def load_program(folder: Path | str) -> Program:
    """The program in `folder`.

    Raises:
        InputError: There is no program folder there.
        RulesError: The rules have errors; it carries all findings.
    """
    return load(folder).usable()


def load(folder: Path | str) -> Loaded:
    """The program in `folder` with everything that is wrong with it.

    Raises:
        InputError: There is no program folder there, or a file in it cannot be read.
    """
    folder = Path(folder)
    tree = Folder(folder)
    if not folder.is_dir():
        problem = "this is a file, not a program folder" if folder.exists() else "there is no such folder"
        raise InputError(tree.shown(), problem, f"name the folder that holds {PROGRAM_FILE}")
    if not (folder / PROGRAM_FILE).is_file():
        hint = f"name the folder that holds {PROGRAM_FILE} and {VERSIONS_FOLDER}/"
        raise InputError(tree.shown(), f"there is no {PROGRAM_FILE} in this folder", hint)
    return loaded_from(documents_in(tree))


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
    versions = loaded_versions(resolved_versions(documents.versions), bare, known, misread)
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
