"""The documents of a program, read from a tree of files: a folder, or a commit of git.

Both are read by the same lines here, so that the same content gives the same findings.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Protocol

from pointbook.diagnostics import Finding, Severity, Span
from pointbook.published.reading import conflict_in
from pointbook.source import files
from pointbook.source.yaml_reader import read_yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pointbook.source.document import Node

PROGRAM_FILE = "program.yaml"
GUARDRAILS_FILE = "guardrails.yaml"
APPROVALS_FILE = "approvals.yaml"
LOCK_FILE = "versions.lock"
SURVIVORS_FILE = "survivors.yaml"
VERSIONS_FOLDER = "versions"
SCENARIOS_FOLDER = "scenarios"
YAML_ENDINGS = (".yaml", ".yml")


class Tree(Protocol):
    """Files in folders. Paths are relative to its top, with forward slashes; the top itself is ``""``."""

    def shown(self, path: str) -> str:
        """How the file or folder at `path` is called in positions."""

    def entries(self, folder: str) -> Mapping[str, bool]:
        """By the name of what lies directly in `folder`, sorted: whether that is a folder.

        Links are followed; one to nowhere counts as a file. Empty where there is no such folder.

        Raises:
            InputError: It may not be read.
        """

    def read(self, path: str) -> bytes:
        """The bytes of the file at `path`.

        Raises:
            InputError: There is none, or it cannot be read.
        """


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """One YAML file that was read.

    Attributes:
        file: Its name.
        node: Its document, or None where it cannot be used.
        findings: What is wrong with it.
        text: Its text as far as it is UTF-8.
    """

    file: str
    node: Node | None
    findings: tuple[Finding, ...]
    text: str


@dataclass(frozen=True, slots=True)
class ProgramDocuments:
    """A program's documents.

    Attributes:
        name: Its folder, as the user would type it.
        program: program.yaml, or None where it cannot be used.
        versions: File and document of each version that could be read.
        findings: What is wrong with the files as YAML.
        texts: Text of each file by its name, for showing findings in their lines.
        lock: versions.lock, or None where there is none.
    """

    name: str
    program: Node | None
    versions: tuple[tuple[str, Node], ...]
    findings: tuple[Finding, ...]
    texts: Mapping[str, str]
    lock: ReadDocument | None = None

    @property
    def version_files(self) -> frozenset[str]:
        """Names of all files of versions, also of those that could not be read."""
        others = {f"{self.name}/{PROGRAM_FILE}", PROGRAM_FILE, "" if self.lock is None else self.lock.file}
        return frozenset(self.texts) - others


def documents_in(tree: Tree) -> ProgramDocuments:
    """The documents of the program at the top of `tree`.

    Raises:
        InputError: There is no program, or a file of it cannot be read.
    """
    versions, not_read = yaml_files(tree, VERSIONS_FOLDER)
    read = [document_from(tree.shown(path), tree.read(path)) for path in (PROGRAM_FILE, *versions)]
    findings = [finding for document in read for finding in document.findings]
    lock = lock_document(tree)
    texts = {document.file: document.text for document in (*read, *(() if lock is None else (lock,)))}
    return ProgramDocuments(
        name=tree.shown(""),
        program=read[0].node,
        versions=tuple((document.file, document.node) for document in read[1:] if document.node is not None),
        findings=(*findings, *not_read, *yaml_files(tree, SCENARIOS_FOLDER)[1]),
        texts=texts,
        lock=lock,
    )


def lock_document(tree: Tree) -> ReadDocument | None:
    """versions.lock as YAML; None where there is none."""
    if tree.entries("").get(LOCK_FILE) is not False:
        return None
    name, data = tree.shown(LOCK_FILE), tree.read(LOCK_FILE)
    conflict = conflict_in(name, text := data.decode("utf-8-sig", "replace"))
    if conflict is not None:
        return ReadDocument(name, None, (conflict,), text)
    return document_from(name, data, "program")


def yaml_files(tree: Tree, folder: str) -> tuple[tuple[str, ...], tuple[Finding, ...]]:
    """Paths of the YAML files directly in `folder`, and a warning for all else that people put there.

    Someone may believe that what the warnings name is part of the rules.
    """
    found: list[str] = []
    not_read: list[Finding] = []
    for name, is_folder in tree.entries(folder).items():
        path = PurePosixPath(folder, name)
        if files.left_behind(name):
            continue
        if not is_folder and path.suffix.lower() in YAML_ENDINGS:
            found.append(path.as_posix())
        else:
            message, hint = "this file is not read", "give it the ending .yaml, or move it elsewhere"
            if is_folder:
                message, hint = "this folder is not read", f"move its files to {folder}/ itself"
            span = Span(tree.shown(path.as_posix()))
            not_read.append(Finding(span, "unread-file", message, hint, Severity.WARNING))
    return tuple(found), tuple(not_read)


def document_in(tree: Tree, name: str, first_key: str = "id") -> ReadDocument | None:
    """The YAML file `name` of the tree, as `document_from` has it; None where there is none.

    Raises:
        InputError: It cannot be read.
    """
    if tree.entries("").get(name) is not False:
        return None
    return document_from(tree.shown(name), tree.read(name), first_key)


def read_document(path: Path, first_key: str = "id") -> ReadDocument:
    """The YAML file at `path`, as `document_from` has it.

    Raises:
        InputError: It cannot be read.
    """
    return document_from(files.shown_name(path), files.bytes_of(path), first_key)


def document_from(name: str, data: bytes, first_key: str = "id") -> ReadDocument:
    """The YAML document in `data`, which must be a mapping.

    Args:
        name: The file's name, for positions.
        data: Its bytes.
        first_key: What such a file begins with, for a hint.
    """
    node, findings = read_yaml(name, data)
    if node is not None and not node.is_mapping:
        message = "the file must be a mapping (keys and values)"
        findings = (*findings, Finding(node.span, "wrong-type", message, f"begin with `{first_key}:`"))
        node = None
    return ReadDocument(name, node, findings, data.decode("utf-8-sig", "replace"))
