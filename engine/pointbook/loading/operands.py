"""What OLD and NEW name: a version of the program, a version file, or a file in a git commit."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from pointbook.diagnostics import InputError, RulesError, suggestion
from pointbook.loading.documents import (
    PROGRAM_FILE,
    VERSIONS_FOLDER,
    document_from,
    documents_in,
    read_document,
)
from pointbook.loading.loaded import loaded_from, loaded_with
from pointbook.source.git_objects import git_tree

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pointbook.loading.documents import ReadDocument
    from pointbook.loading.loaded import Loaded
    from pointbook.model.program import Program, Version
    from pointbook.source.git_objects import GitTree


class UnknownOperandError(LookupError):
    """A name that is no version, file or git object; the message suggests one."""


@dataclass(frozen=True, slots=True)
class Operand:
    """One side of a comparison.

    Attributes:
        version: The resolved rules.
        name: As the user typed it.
        program: The program it was read with; its own if it comes from a git commit.
        external: Whether it is no version of the program as it stands in its folder.
        texts: Text of each file its rules come from, by name.
    """

    version: Version
    name: str
    program: Program
    external: bool
    texts: Mapping[str, str]


def program_at(folder: Path, ref: str) -> Program | None:
    """The program as a git commit has it; None where the commit has no such program.

    Raises:
        InputError: There is no repository or commit of that name.
        RulesError: The rules of that commit have errors.
    """
    commit = git_tree(ref, folder)
    tree = commit.below(commit.path_of(folder))
    return loaded_from(documents_in(tree)).usable() if _has_program(tree) else None


def operand(folder: Path, loaded: Loaded, name: str) -> Operand:
    """The version that `name` means.

    Args:
        folder: The program folder.
        loaded: The program with its documents; it has no errors.
        name: A version id; or a version file; or `REF:path`, a file of a git commit.

    Raises:
        UnknownOperandError: It means nothing.
        InputError: The file, commit or file in the commit cannot be read.
        RulesError: The rules in it have errors.
    """
    program = loaded.usable()
    known = program.version(name)
    if known is not None:
        return Operand(known, name, program, external=False, texts=loaded.documents.texts)
    path = Path(name)
    if path.is_file():
        return _from_file(loaded, program, path)
    if ":" in name:
        ref, _, inside = name.partition(":")
        return _from_git(loaded, name, git_tree(ref, folder), inside)
    if path.suffix in (".yaml", ".yml") or "/" in name:
        raise InputError(name, "there is no such file", "check the name and the folder you are in")
    hint = suggestion(name, (version.id for version in program.versions))
    raise UnknownOperandError(f"`{name}` is no version, file or REF:path; {hint}")


def _has_program(tree: GitTree) -> bool:
    return tree.entries("").get(PROGRAM_FILE) is False


def _from_file(loaded: Loaded, program: Program, path: Path) -> Operand:
    read = read_document(path)
    for part in loaded.versions:
        if part.version is not None and Path(part.document.file).resolve() == path.resolve():
            return Operand(part.version, read.file, program, external=False, texts=loaded.documents.texts)
    return _external(loaded, read.file, read)


def _external(loaded: Loaded, name: str, read: ReadDocument) -> Operand:
    """A version that is put into the program in place of one with its id, or beside the others."""
    if read.node is None:
        raise RulesError(read.findings)
    version_id = read.node.value("id")
    if not isinstance(version_id, str):
        raise InputError(name, "this is no version: it has no `id`", "name a file of a versions folder")
    with_it = loaded_with(loaded, None, [read.node])
    if read.findings or with_it.program is None:
        raise RulesError([*read.findings, *with_it.findings])
    version = with_it.program.version(version_id)
    assert version is not None
    texts = {**loaded.documents.texts, read.file: read.text}
    return Operand(version, name, with_it.program, external=True, texts=texts)


def _from_git(loaded: Loaded, name: str, commit: GitTree, inside: str) -> Operand:
    """A version as a commit has it, resolved with what it builds on in that same commit."""
    path = PurePosixPath(commit.path_of(Path.cwd() / inside) if inside.startswith("./") else inside)
    read = document_from(commit.shown(path.as_posix()), commit.read(path.as_posix()))
    tree = commit.below(path.parent.parent.as_posix())
    if read.node is None or path.parent.name != VERSIONS_FOLDER or not _has_program(tree):
        return _external(loaded, name, read)
    documents = documents_in(tree)
    whole = loaded_from(documents)
    if read.file not in documents.texts:
        return _external(loaded, name, read)
    version = next(part.version for part in whole.versions if part.document.file == read.file)
    program = whole.usable()
    assert version is not None
    return Operand(version, name, program, external=True, texts=documents.texts)
