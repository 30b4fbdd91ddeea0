"""What OLD and NEW name: a version of the program, a version file, or a file in a git commit."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from pointbook.diagnostics import InputError, RulesError
from pointbook.loading.documents import (
    PROGRAM_FILE,
    VERSIONS_FOLDER,
    document_from,
    documents_in,
    read_document,
)
from pointbook.loading.loaded import loaded_from, loaded_with
from pointbook.model.program import MEANINGS, UnclearVersionError
from pointbook.model.wording import suggested_version
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
        name: As the user typed it; the id of the version that a word such as `latest` means.
        program: The program it was read with; its own if it comes from a git commit.
        external: Whether it is no version of the program as it stands in its folder.
        texts: Text of each file its rules come from, by name.
    """

    version: Version
    name: str
    program: Program
    external: bool
    texts: Mapping[str, str]


def program_at(folder: Path, ref: str, program_id: str | None = None) -> Program | None:
    """The program as a git commit has it; None where the commit has no such program.

    The arguments are those of `program_tree`.

    Raises:
        InputError: There is no repository or commit of that name.
        RulesError: The rules of that commit have errors.
    """
    found = loaded_at(folder, ref, program_id)
    return None if found is None else found.usable()


def loaded_at(folder: Path, ref: str, program_id: str | None = None) -> Loaded | None:
    """The same with its documents, and with everything that is wrong with it."""
    tree = program_tree(folder, ref, program_id)
    return None if tree is None else loaded_from(documents_in(tree))


def program_tree(folder: Path, ref: str, program_id: str | None = None) -> GitTree | None:
    """The program's folder as a git commit has it; None where the commit has no such program.

    Args:
        folder: Where the program is now.
        ref: The commit.
        program_id: The program's id, by which it is found where its folder has moved since.

    Raises:
        InputError: There is no repository or commit of that name.
    """
    commit = git_tree(ref, folder)
    here = commit.below(commit.path_of(folder))
    if program_id is not None and not (_has_program(here) and _id_of(here) == program_id):
        trees = (commit.below(path) for path in commit.folders_with(PROGRAM_FILE))
        found = [tree for tree in trees if _id_of(tree) == program_id]
        if len(found) == 1:
            return found[0]
    return here if _has_program(here) else None


def _id_of(tree: GitTree) -> object:
    """The id in a folder's program.yaml, as far as it can be read."""
    node = document_from(tree.shown(PROGRAM_FILE), tree.read(PROGRAM_FILE)).node
    return None if node is None else node.value("id")


def operand(folder: Path, loaded: Loaded, name: str) -> Operand:
    """The version that `name` means.

    Args:
        folder: The program folder.
        loaded: The program with its documents; it has no errors.
        name: A version id; `latest`, the version that takes effect last; `published` and `draft`, the last
            published one and the one after it; or a version file; or `REF:path`, a file of a git commit.

    Raises:
        UnknownOperandError: It means nothing.
        InputError: The file, commit or file in the commit cannot be read.
        RulesError: The rules in it have errors.
    """
    program = loaded.usable()
    try:
        known = program.named(name)
    except UnclearVersionError as error:
        raise UnknownOperandError(f"`{name}` means no version: {error}") from error
    if known is not None:
        return Operand(known, known.id, program, external=False, texts=loaded.documents.texts)
    path = Path(name)
    if os.path.isfile(path):  # noqa: PTH113 - that of paths fails for a name that is too long
        return _from_file(loaded, program, path)
    if ":" in name:
        ref, _, inside = name.partition(":")
        return _from_git(loaded, name, git_tree(ref, folder), inside)
    if path.suffix in (".yaml", ".yml") or "/" in name:
        raise InputError(name, "there is no such file", "check the name and the folder you are in")
    hint = suggested_version(name, [version.id for version in program.versions], MEANINGS)
    raise UnknownOperandError(f"`{name}` is no version, file or REF:path; {hint}")


def remark_on(old: Operand, new: Operand) -> str | None:
    """What nobody means who compares these two: one version with itself, or from the newer to the older."""
    if old.version.sha256 == new.version.sha256 and old.version == new.version:
        same = f"`{old.name}`" if old.name == new.name else f"`{old.name}`, that is `{new.name}`"
        return f"OLD and NEW are the same, {same}, so nothing can differ"
    dated = old.version.is_dated and new.version.is_dated
    if dated and old.version.effective_from > new.version.effective_from:
        first, second = (
            f"`{one.name}`"
            if one.name == str(one.version.effective_from)
            else f"`{one.name}` of {one.version.effective_from}"
            for one in (old, new)
        )
        return f"OLD, {first}, takes effect after NEW, {second}: what is told is what going back would change"
    return None


def _has_program(tree: GitTree) -> bool:
    return tree.entries("").get(PROGRAM_FILE) is False


def _from_file(loaded: Loaded, program: Program, path: Path) -> Operand:
    read = read_document(path)
    for part in loaded.versions:
        if part.version is not None and Path(part.document.file).resolve() == path.resolve():
            return Operand(part.version, read.file, program, external=False, texts=loaded.documents.texts)
    return external_version(loaded, read.file, read)


def external_version(loaded: Loaded, name: str, read: ReadDocument) -> Operand:
    """A version that is put into the program in place of one with its id, or beside the others.

    Args:
        loaded: The program with its documents; it has no errors.
        name: What the version is called.
        read: The version's document.

    Raises:
        InputError: It is no version.
        RulesError: There are errors in it.
    """
    if read.node is None:
        raise RulesError(read.findings)
    version_id = read.node.value("id")
    if not isinstance(version_id, str):
        raise InputError(name, "this is no version: it has no `id`", "name a file of a versions folder")
    building = _building_on(version_id, loaded)
    documents = loaded.documents
    others = tuple((file, node) for file, node in documents.versions if file not in building)
    alone = loaded if not building else loaded_from(replace(documents, versions=others), loaded)
    with_it = loaded_with(alone, None, [read.node])
    if read.findings or with_it.program is None:
        raise RulesError([*read.findings, *with_it.findings])
    version = with_it.program.version(version_id)
    assert version is not None
    texts = {**loaded.documents.texts, read.file: read.text}
    # What builds on the program's own version of that id stays as it is.
    versions = [*with_it.program.versions, *building.values()]
    versions.sort(key=lambda one: (one.effective_from, one.id))
    program = replace(with_it.program, versions=tuple(versions))
    return Operand(version, name, program, external=True, texts=texts)


def _building_on(version_id: str, loaded: Loaded) -> dict[str, Version]:
    """The program's versions that are based on one, however far, by file."""
    return {
        known.document.file: known.version
        for known in loaded.versions
        if known.version is not None
        and any(node.value("id") == version_id for node in known.document.chain[:-1])
    }


def _from_git(loaded: Loaded, name: str, commit: GitTree, inside: str) -> Operand:
    """A version as a commit has it, resolved with what it builds on in that same commit."""
    path = PurePosixPath(commit.path_of(Path.cwd() / inside) if inside.startswith("./") else inside)
    read = document_from(commit.shown(path.as_posix()), commit.read(path.as_posix()))
    tree = commit.below(path.parent.parent.as_posix())
    if read.node is None or path.parent.name != VERSIONS_FOLDER or not _has_program(tree):
        return external_version(loaded, name, read)
    documents = documents_in(tree)
    whole = loaded_from(documents)
    if read.file not in documents.texts:
        return external_version(loaded, name, read)
    version = next(part.version for part in whole.versions if part.document.file == read.file)
    program = whole.usable()
    assert version is not None
    return Operand(version, name, program, external=True, texts=documents.texts)
