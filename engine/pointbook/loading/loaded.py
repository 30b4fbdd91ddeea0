"""A program's documents as a program, with everything that is wrong with it.

Schema findings → resolved versions → typed rules → semantic checks.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pointbook.checks import PUBLISHING_CODES, CheckSubject, Documents, check_findings
from pointbook.diagnostics import Finding, InputError, RulesError, has_errors, sorted_findings
from pointbook.loading.documents import LOCK_FILE, LOG_FILE, PROGRAM_FILE, VERSIONS_FOLDER, documents_in
from pointbook.loading.exports import read_exports
from pointbook.loading.locks import read_lock
from pointbook.loading.misnamed import misnamed, said_once
from pointbook.lower.programs import has_places, program_from
from pointbook.lower.resolution import naming_version, resolved_versions
from pointbook.lower.versions import version_from
from pointbook.model.sections import WITH_IDS
from pointbook.source.files import Folder, is_folder
from pointbook.source.patch import merged
from pointbook.structure.schema_findings import schema_errors

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Set as AbstractSet

    from pointbook.diagnostics import Span
    from pointbook.loading.documents import ProgramDocuments, Tree
    from pointbook.lower.resolution import VersionDocument
    from pointbook.model.program import Program, Version
    from pointbook.model.rules import Path as RulePath
    from pointbook.published.lock import Lock
    from pointbook.source.document import Node

_SECTIONS = frozenset((section,) for section in WITH_IDS)
_INDISPENSABLE: frozenset[RulePath] = frozenset((*_SECTIONS, (), ("id",), ("based_on",)))
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
    lock, of_lock = (None, ()) if documents.lock is None else read_lock(documents.lock)
    findings += of_lock if locked else ()
    log = read_exports(documents.log)
    findings += log.findings
    bare: Program | None = None
    if documents.program is not None:
        program_errors = schema_errors(documents.program, "program", whole=not has_places(documents.program))
        findings += [finding for _, finding in program_errors if finding.span not in misread]
        bare = None if program_errors else program_from(documents.program)
    known = () if before is None or before.documents.program is not documents.program else before.versions
    read_versions = _loaded_versions(resolved_versions(documents.versions), bare, known, misread)
    versions = tuple(version for version in read_versions if version.document.file not in without)
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
    findings += check_findings(CheckSubject(read, program, _unreadable(documents), *told))
    usable = None if has_errors(findings) else program
    return Loaded(usable, sorted_findings(findings), documents, versions, lock)


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
    findings, incomplete = _schema_findings(document, base, misread, whole=bare is None or not bare.places)
    if bare is None or incomplete is None:
        return LoadedVersion(document, findings, None)
    version = version_from(document, bare.level_balance, bare.member_attributes, incomplete, bare.balances)
    return LoadedVersion(document, findings, version)


def _schema_findings(
    document: VersionDocument, base: LoadedVersion | None, misread: frozenset[Span], *, whole: bool
) -> tuple[tuple[Finding, ...], frozenset[RulePath] | None]:
    """Schema findings of a version, and what of it must be left out; None for the whole of it.

    A patch is checked as written, then the resolved whole; what is wrong at a place is said once.
    What a patch takes over as it is was checked with the version it is based on. Values that could
    not be read as YAML (`misread`) stand for nothing, so what they are part of is left out.
    """
    errors = schema_errors(document.written, "patch" if document.based_on else "complete", whole=whole)
    findings = [finding for _, finding in errors if finding.span not in misread]
    if document.resolved is None:
        return tuple(findings), None
    inherited: frozenset[RulePath] = frozenset()
    if document.based_on is not None:
        places = {*misread, *(finding.span for finding in findings)}
        taken_over = frozenset(_taken_over(document.resolved, base))
        if base is not None and base.version is not None:
            inherited = base.version.incomplete & taken_over
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


def _taken_over(resolved: Node, base: LoadedVersion | None) -> Iterator[RulePath]:
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
