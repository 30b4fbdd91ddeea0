"""A program's documents as a program, with everything that is wrong with it.

Schema findings → resolved versions → typed rules → semantic checks.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pointbook.checks import PUBLISHING_CODES, CheckSubject, Documents, check_findings
from pointbook.diagnostics import Finding, InputError, RulesError, has_errors, sorted_findings
from pointbook.loading.cut_texts import cut_texts
from pointbook.loading.documents import LOCK_FILE, LOG_FILE, PROGRAM_FILE, VERSIONS_FOLDER, documents_in
from pointbook.loading.exports import read_exports
from pointbook.loading.locks import read_lock
from pointbook.loading.misnamed import misnamed, said_once
from pointbook.loading.version_schema import schema_findings_of
from pointbook.lower.life_cycles import with_life_cycles
from pointbook.lower.pages import titles_from
from pointbook.lower.programs import has_places, level_balance_of, program_from
from pointbook.lower.resolution import resolved_versions
from pointbook.lower.versions import version_from
from pointbook.source.files import Folder, is_folder
from pointbook.source.patch import merged
from pointbook.structure.schema_findings import schema_errors

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Set as AbstractSet

    from pointbook.diagnostics import Span
    from pointbook.loading.documents import ProgramDocuments, Tree
    from pointbook.lower.resolution import VersionDocument
    from pointbook.model.program import Program, Version
    from pointbook.published.lock import Lock
    from pointbook.source.document import Node


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
        lock: What was published; None where nothing was, or where that cannot be read.
    """

    program: Program | None
    findings: tuple[Finding, ...]
    documents: ProgramDocuments
    versions: tuple[LoadedVersion, ...]
    lock: Lock | None = None

    @property
    def breaks_lock(self) -> bool:
        """Whether anything is otherwise than it was published."""
        return any(finding.code in PUBLISHING_CODES for finding in self.findings)

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


def load(folder: Path | str, *, locked: bool = True) -> Loaded:
    """The program in `folder` with everything that is wrong with it.

    Args:
        folder: The program folder.
        locked: Whether a published version that is otherwise now is wrong.

    Raises:
        InputError: There is no program folder there, or a file in it cannot be read.
        RulesError: There is no program.yaml, but a file that was meant to be it.
    """
    folder = Path(folder)
    tree = Folder(folder)
    if not is_folder(folder):
        problem = "this is a file, not a program folder" if folder.exists() else "there is no such folder"
        raise InputError(tree.shown(), problem, f"name the folder that holds {PROGRAM_FILE}")
    return load_in(tree, locked=locked)


def load_in(tree: Tree, *, locked: bool = True) -> Loaded:
    """The program at the top of a tree that is no commit, with everything that is wrong with it.

    Raises:
        InputError: There is no program there, or a file of it cannot be read.
        RulesError: There is no program.yaml, but a file that was meant to be it.
    """
    wrong = misnamed(tree, PROGRAM_FILE, VERSIONS_FOLDER, LOCK_FILE, LOG_FILE)
    if tree.entries("").get(PROGRAM_FILE) is not False:
        if wrong:
            raise RulesError(wrong)
        hint = f"name the folder that holds {PROGRAM_FILE} and {VERSIONS_FOLDER}/"
        raise InputError(tree.shown(""), f"there is no {PROGRAM_FILE} in this folder", hint)
    documents = documents_in(tree)
    return loaded_from(replace(documents, findings=said_once(documents.findings, wrong)), locked=locked)


def loaded_with(
    loaded: Loaded,
    program: Node | None,
    versions: Iterable[Node],
    *,
    without: AbstractSet[str] = frozenset(),
    locked: bool = False,
) -> Loaded:
    """The same program, changed.

    Args:
        loaded: The program.
        program: A merge patch for program.yaml, or None.
        versions: Documents of versions that are added, or that replace the version with their id.
        without: Files of versions that are never in force; others may still be based on these.
        locked: As with `loaded_from`.
    """
    documents = loaded.documents
    added = {str(node.content["id"].content): node for node in versions}
    kept = [(file, node) for file, node in documents.versions if str(node.value("id")) not in added]
    patched = documents.program
    if program is not None and patched is not None:
        patched = merged(patched, program)
    inline = [(node.span.file, node) for node in added.values()]
    changed = replace(documents, program=patched, versions=(*kept, *inline))
    return loaded_from(changed, loaded, without=without, locked=locked)


def loaded_from(
    documents: ProgramDocuments,
    before: Loaded | None = None,
    *,
    without: AbstractSet[str] = frozenset(),
    locked: bool = False,
) -> Loaded:
    """The program that `documents` write, with everything that is wrong with it.

    Args:
        documents: The documents.
        before: An earlier result, whose versions are taken over where nothing differs, and exports are right.
        without: Files of versions that are read only for what is based on them.
        locked: Whether a published version that is otherwise now is wrong. It is in a folder as it stands; to
            try something else is not, and what a commit has can no longer be undone.
    """
    findings = list(documents.findings)
    misread = frozenset(finding.span for finding in findings)
    if not documents.versions and not has_errors(documents.findings) and documents.program is not None:
        message = "the program has no versions"
        hint = f"add a file to the folder {VERSIONS_FOLDER}/ beside program.yaml"
        findings.append(Finding(documents.program.span, "no-versions", message, hint))
    nodes = (documents.program, *(node for _, node in documents.versions))
    findings += cut_texts((node for node in nodes if node is not None), documents.texts)
    lock, of_lock = (None, ()) if documents.lock is None else read_lock(documents.lock)
    findings += of_lock if locked else ()
    log = read_exports(documents.log)
    findings += log.findings
    bare: Program | None = None
    if documents.program is not None:
        program_errors = schema_errors(documents.program, "program", whole=not has_places(documents.program))
        findings += [finding for _, finding in program_errors if finding.span not in misread]
        bare = None if program_errors else program_from(documents.program)
    titles = titles_from(documents.program)
    known = () if before is None or before.documents.program is not documents.program else before.versions
    resolved = resolved_versions(documents.versions, titles, level_balance_of(documents.program))
    read_versions = _loaded_versions(resolved, bare, known, misread)
    versions = _with_life_cycles(tuple(one for one in read_versions if one.document.file not in without))
    findings += [finding for version in versions for finding in version.findings]
    if bare is None or documents.program is None:
        return Loaded(None, sorted_findings(findings), documents, versions, lock)
    program = program_from(
        documents.program,
        [loaded.version for loaded in versions if loaded.version is not None],
        frozenset() if lock is None else frozenset(entry.id for entry in lock.published),
        log.exports,
    )
    read = Documents(version.document for version in versions)
    told = (lock if locked else None, log.node if before is None else None)
    subject = CheckSubject(read, program, _unreadable(documents), *told, documents.program)
    findings += check_findings(subject)
    usable = None if has_errors(findings) else program
    return Loaded(usable, sorted_findings(findings), documents, versions, lock)


def _with_life_cycles(versions: tuple[LoadedVersion, ...]) -> tuple[LoadedVersion, ...]:
    """The versions, those that state no life cycle with that of another one."""
    known = with_life_cycles(one.version for one in versions if one.version is not None)
    # Of two with one id, which is an error, each keeps its own place in its file.
    found = {(one.id, one.positions.get(())): one for one in known if not one.life_cycle.is_stated}
    return tuple(
        one
        if one.version is None or one.version.life_cycle.is_stated
        else replace(one, version=found[one.version.id, one.version.positions.get(())])
        for one in versions
    )


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
    before = {id(version.document.written): version for version in known if version.document.chain}
    for index in sorted(range(len(documents)), key=lambda index: len(documents[index].chain)):
        document = documents[index]
        same = before.get(id(document.written))
        is_same = same is not None and same.document.chain == document.chain
        base = by_id.get(document.based_on or "")
        loaded[index] = same if is_same and same else _loaded_version(document, bare, base, misread)
        by_id.setdefault(document.id, loaded[index])
    return tuple(loaded[index] for index in range(len(documents)))


def _loaded_version(
    document: VersionDocument, bare: Program | None, base: LoadedVersion | None, misread: frozenset[Span]
) -> LoadedVersion:
    found_with = None if base is None else base.version
    findings, incomplete = schema_findings_of(
        document, found_with, misread, whole=bare is None or not bare.places
    )
    if bare is None or incomplete is None:
        return LoadedVersion(document, findings, None)
    version = version_from(document, bare.level_balance, bare.member_attributes, incomplete, bare.balances)
    return LoadedVersion(document, findings, version)
