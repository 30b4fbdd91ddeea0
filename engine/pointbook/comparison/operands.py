"""What OLD and NEW name: a version of the program, a version file, or a file in a git commit."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pointbook.diagnostics import InputError, RulesError, suggestion
from pointbook.loading import (
    PROGRAM_FILE,
    VERSIONS_FOLDER,
    ProgramDocuments,
    load,
    loaded_from,
    loaded_with,
    read_document,
)
from pointbook.source.files import shown_name
from pointbook.source.git_objects import git_tree
from pointbook.source.yaml_reader import read_yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pointbook.diagnostics import Finding
    from pointbook.loading import Loaded
    from pointbook.model.rules import Program, Version
    from pointbook.source.document import Node
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


def loaded_program(folder: Path | str) -> tuple[Loaded, Program]:
    """The program in `folder`, with its documents.

    Raises:
        InputError: There is no program folder there.
        RulesError: The rules have errors.
    """
    loaded = load(folder)
    if loaded.program is None:
        raise RulesError(loaded.findings)
    return loaded, loaded.program


def operand(folder: Path, loaded: Loaded, program: Program, name: str) -> Operand:
    """The version that `name` means.

    Args:
        folder: The program folder.
        loaded: The program with its documents.
        program: The program.
        name: A version id; or a version file; or `REF:path`, a file of a git commit.

    Raises:
        UnknownOperandError: It means nothing.
        InputError: The file, commit or file in the commit cannot be read.
        RulesError: The rules in it have errors.
    """
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
    known_ids = [version.id for version in program.versions]
    hint = suggestion(name, known_ids)
    raise UnknownOperandError(f"`{name}` is no version, file or REF:path; {hint}")


def program_at(folder: Path, ref: str) -> Program | None:
    """The program as a git commit has it; None where the commit has no such program.

    Raises:
        InputError: There is no repository or commit of that name.
        RulesError: The rules of that commit have errors.
    """
    tree = git_tree(ref, folder)
    documents = _documents_at(tree, tree.path_of(folder))
    if documents is None:
        return None
    loaded = loaded_from(documents)
    if loaded.program is None:
        raise RulesError(loaded.findings)
    return loaded.program


def _from_file(loaded: Loaded, program: Program, path: Path) -> Operand:
    name = shown_name(path)
    inside = next(
        (part for part in loaded.versions if Path(part.document.file).resolve() == path.resolve()), None
    )
    if inside is not None and inside.version is not None:
        return Operand(inside.version, name, program, external=False, texts=loaded.documents.texts)
    document = read_document(path)
    if document.node is None:
        raise RulesError(document.findings)
    return _external(loaded, name, document.node, document.findings, document.text)


def _external(loaded: Loaded, name: str, node: Node, findings: tuple[Finding, ...], text: str) -> Operand:
    """A version that is put into the program in place of one with its id, or beside the others."""
    version_id = node.get("id")
    if version_id is None or not isinstance(version_id.content, str):
        raise InputError(name, "this is no version: it has no `id`", "name a file of a versions folder")
    with_it = loaded_with(loaded, None, [node])
    if findings or with_it.program is None:
        raise RulesError([*findings, *with_it.findings])
    version = with_it.program.version(version_id.content)
    assert version is not None
    texts = {**loaded.documents.texts, node.span.file: text}
    return Operand(version, name, with_it.program, external=True, texts=texts)


def _from_git(loaded: Loaded, name: str, tree: GitTree, inside: str) -> Operand:
    """A version as a commit has it, resolved with what it builds on in that same commit."""
    path = tree.path_of(Path.cwd() / inside) if inside.startswith("./") else inside
    data = tree.file(path)
    if data is None:
        hint = f"`git ls-tree -r --name-only {tree.ref}` lists its files"
        raise InputError(name, "there is no such file in that commit", hint)
    shown = tree.shown(path)
    node, findings = read_yaml(shown, data)
    if node is None or findings:
        raise RulesError(findings)
    documents = _documents_at(tree, path.rpartition(f"{VERSIONS_FOLDER}/")[0].rstrip("/"))
    if documents is None or shown not in dict(documents.versions):
        return _external(loaded, name, node, (), data.decode("utf-8-sig", "replace"))
    whole = loaded_from(documents)
    version = next((part.version for part in whole.versions if part.document.file == shown), None)
    if whole.program is None or version is None:
        raise RulesError(whole.findings)
    return Operand(version, name, whole.program, external=True, texts=documents.texts)


def _documents_at(tree: GitTree, folder: str) -> ProgramDocuments | None:
    """The documents of a program as a commit has them; None where it has no program there."""
    prefix = f"{folder}/" if folder else ""
    data = tree.file(f"{prefix}{PROGRAM_FILE}")
    if data is None:
        return None
    texts: dict[str, str] = {}
    findings: list[Finding] = []

    def read(path: str, content: bytes) -> Node | None:
        shown = tree.shown(path)
        node, found = read_yaml(shown, content)
        texts[shown] = content.decode("utf-8-sig", "replace")
        findings.extend(found)
        return node if node is None or node.is_mapping else None

    program = read(f"{prefix}{PROGRAM_FILE}", data)
    versions = []
    for path in tree.files(f"{prefix}{VERSIONS_FOLDER}"):
        content = tree.file(path) if path.endswith((".yaml", ".yml")) else None
        node = None if content is None else read(path, content)
        if node is not None:
            versions.append((tree.shown(path), node))
    shown_texts: Mapping[str, str] = texts
    return ProgramDocuments(tree.shown(folder), program, tuple(versions), tuple(findings), shown_texts)
