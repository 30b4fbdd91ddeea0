"""Everything that is wrong with the programs and files someone names."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pointbook.diagnostics import Finding, InputError, Severity, Span, sorted_findings
from pointbook.guardrails.checking import (
    APPROVALS_FILE,
    GUARDRAILS_FILE,
    KnownIds,
    checked_approvals,
    checked_guardrails,
)
from pointbook.loading import (
    PROGRAM_FILE,
    SCENARIOS_FOLDER,
    SURVIVORS_FILE,
    VERSIONS_FOLDER,
    document_in,
    load_in,
    misnamed,
    yaml_files,
)
from pointbook.loading.documents import YAML_ENDINGS
from pointbook.loading.edited import EditedTree
from pointbook.loading.misnamed import said_once
from pointbook.model.sections import Section
from pointbook.scenarios import scenario_from, scenarios_in
from pointbook.scenarios.reading import survivors_document
from pointbook.source import files

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pointbook.loading import Loaded, Tree

_HINT = (
    f"it must be {PROGRAM_FILE}, {GUARDRAILS_FILE}, {APPROVALS_FILE} or {SURVIVORS_FILE}, or lie in"
    f" {VERSIONS_FOLDER}/ or {SCENARIOS_FOLDER}/ beside {PROGRAM_FILE}"
)


@dataclass(frozen=True, slots=True)
class Report:
    """What was checked and what is wrong with it.

    Attributes:
        findings: Sorted.
        files: Names of the files checked, sorted.
        texts: Text of each file by its name.
    """

    findings: tuple[Finding, ...]
    files: tuple[str, ...]
    texts: Mapping[str, str]


def validated(paths: Iterable[Path], edited: bytes | None = None) -> Report:
    """The findings of program folders, folders of them at any depth, or single files of a program.

    A single file is checked as part of its program; findings are reported that involve it, and errors
    of program.yaml and of versions that it builds on.

    Args:
        paths: Where to look.
        edited: What the files at all of these paths hold, instead of what they hold on the disk.

    Raises:
        InputError: A path cannot be read, or there is no program at it.
    """
    findings: list[Finding] = []
    texts: dict[str, str] = {}
    checked: set[str] = set()
    for path in paths:
        only = None if edited is None and files.is_folder(path) else files.shown_name(path)
        programs, wrong = _in_folder(path) if only is None else _around_file(path, edited)
        findings += wrong
        for tree in programs:
            found, program_texts, bases = _program_findings(tree)
            texts.update(program_texts)
            if only is not None and only not in program_texts:
                message = "it is not read as part of the program beside it"
                is_yaml = path.suffix.lower() in YAML_ENDINGS
                raise InputError(only, message, _HINT if is_yaml else "give it the ending .yaml")
            checked |= set(program_texts) if only is None else {only}
            builds_on = {tree.shown(PROGRAM_FILE), *bases.get(only or "", ())}
            findings += [finding for finding in found if only is None or _involves(finding, only, builds_on)]
    return Report(sorted_findings(findings), tuple(sorted(checked)), texts)


def _in_folder(path: Path) -> tuple[tuple[Tree, ...], tuple[Finding, ...]]:
    """The programs at and below a folder, and what was meant to be one and is none."""
    programs: list[Path] = []
    wrong: list[Finding] = []
    waiting, seen = [path], set()
    while waiting:
        folder = waiting.pop()
        if (whole := folder.resolve()) in seen:  # a link to a folder that it lies in
            continue
        seen.add(whole)
        is_program = files.is_file(folder / PROGRAM_FILE)
        if is_program:
            programs.append(folder)
        else:
            wrong += misnamed(files.Folder(folder), PROGRAM_FILE) or _versions_alone(folder, path)
        own = (VERSIONS_FOLDER, SCENARIOS_FOLDER) if is_program else ()
        entries = files.Folder(folder).entries("")
        inside = (name for name, is_folder in entries.items() if is_folder and not name.startswith("."))
        waiting += [folder / name for name in inside if name not in own]
    if not programs and not wrong:
        message = f"there is no {PROGRAM_FILE} in this folder or the folders in it"
        hint = f"name a program folder, which has {PROGRAM_FILE} and {VERSIONS_FOLDER}/"
        above = path.resolve().parent
        if files.is_file(above / PROGRAM_FILE):
            hint = f"it lies in the program folder `{above.name}`: name that one"
        raise InputError(files.shown_name(path), message, hint)
    return tuple(map(files.Folder, sorted(programs))), tuple(wrong)


def _versions_alone(folder: Path, searched: Path) -> tuple[Finding, ...]:
    """Versions in a folder without a program; the folder that was named is itself refused."""
    tree = files.Folder(folder)
    if folder == searched or not yaml_files(tree, VERSIONS_FOLDER)[0]:
        return ()
    message = f"these versions are not read: there is no {PROGRAM_FILE} beside this folder"
    hint = f"add {PROGRAM_FILE}, or move the versions to the program that they belong to"
    return (Finding(Span(tree.shown(VERSIONS_FOLDER)), "no-program", message, hint),)


def _around_file(path: Path, edited: bytes | None) -> tuple[tuple[Tree, ...], tuple[Finding, ...]]:
    """The program that a file belongs to, or that the file's name is wrong."""
    name = files.shown_name(path)
    if edited is not None and files.is_folder(path):
        raise InputError(name, "this is a folder, not a file", "name the file whose text it is")
    if edited is None and not path.exists():
        raise InputError(name, "there is no such file or folder", "check the name and the folder you are in")
    if path.parent == Path():  # named from inside its own folder
        path = path.absolute()
    folder = path.parent.parent if path.parent.name in (VERSIONS_FOLDER, SCENARIOS_FOLDER) else path.parent
    tree: Tree = files.Folder(folder)
    if edited is not None:
        tree = EditedTree(tree, "", {path.relative_to(folder).as_posix(): edited})
    if wrong := tuple(finding for finding in misnamed(tree) if finding.span.file == name):
        return (), wrong
    if tree.entries("").get(PROGRAM_FILE) is not False:
        raise InputError(name, "this file belongs to no program", _HINT)
    return (tree,), ()


def _program_findings(tree: Tree) -> tuple[list[Finding], dict[str, str], dict[str, set[str]]]:
    """Findings of a program, the text of each file, and the files that each version builds on."""
    loaded = load_in(tree)
    findings = list(loaded.findings)
    texts = dict(loaded.documents.texts)
    for scenario in scenarios_in(tree):
        texts[scenario.file] = scenario.text
        findings += scenario_from(scenario, loaded)[1]
    limits = None
    if written := document_in(tree, GUARDRAILS_FILE, "guardrails"):
        guardrails = checked_guardrails(written, _known(loaded))
        texts[guardrails.file] = guardrails.text
        findings += guardrails.findings
        limits = guardrails.node
    if written := document_in(tree, APPROVALS_FILE, "approvals"):
        approvals = checked_approvals(written, limits, _version_ids(loaded))
        texts[approvals.file] = approvals.text
        findings += approvals.findings
    if survivors := survivors_document(tree):
        texts[survivors.file] = survivors.text
        findings += survivors.findings
    found = said_once(findings, misnamed(tree))
    return list(found), texts, _bases(loaded)


def _known(loaded: Loaded) -> KnownIds:
    program = loaded.documents.program
    balances = None if program is None else program.get("balances")
    is_known = balances is not None and balances.is_mapping
    return KnownIds(_levels(loaded), balances.content if is_known and balances is not None else None)


def _version_ids(loaded: Loaded) -> set[str] | None:
    """Ids of every version; None where one could not be read."""
    ids = {known.document.id for known in loaded.versions}
    return None if "" in ids or len(loaded.versions) < len(loaded.documents.version_files) else ids


def _levels(loaded: Loaded) -> set[str] | None:
    """Ids of the levels of every version; None where a version could not be read as a whole."""
    versions = [known.version for known in loaded.versions]
    if len(versions) < len(loaded.documents.version_files):
        return None
    levels: set[str] = set()
    for version in versions:
        if version is None or any(path[0] == Section.LEVELS for path in version.incomplete):
            return None
        levels |= set(version.levels)
    return levels


def _bases(loaded: Loaded) -> dict[str, set[str]]:
    """The files a version builds on, by its file; every file of versions where a link is missing."""
    files_of = {version.document.written.span.file for version in loaded.versions}
    return {
        version.document.file: {node.span.file for node in version.document.chain} & files_of
        if version.document.chain
        else set(loaded.documents.version_files)
        for version in loaded.versions
    }


def _involves(finding: Finding, file: str, bases: set[str]) -> bool:
    """Whether a finding is about the file, or is an error of one that it builds on."""
    return file in finding.files or (finding.severity is Severity.ERROR and bool(finding.files & bases))
