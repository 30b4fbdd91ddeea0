"""`guardrails.yaml` of a program folder as guardrails."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from pointbook.diagnostics import RulesError
from pointbook.guardrails.checking import GUARDRAILS_FILE, checked
from pointbook.guardrails.guardrail import Guardrail, Measure
from pointbook.loading import read_document
from pointbook.loading.documents import document_from

if TYPE_CHECKING:
    from pathlib import Path

    from pointbook.loading import ReadDocument
    from pointbook.loading.documents import Tree
    from pointbook.model.program import Program
    from pointbook.source.document import Node


def guardrails_in(folder: Path, program: Program) -> tuple[Guardrail, ...]:
    """The program's guardrails; none where it has no such file.

    Raises:
        InputError: The file cannot be read.
        RulesError: The file has errors.
    """
    path = folder / GUARDRAILS_FILE
    return guardrails_from(path, program) if path.is_file() else ()


def guardrails_in_tree(tree: Tree, program: Program) -> tuple[Guardrail, ...]:
    """The program's guardrails as a tree has them, such as a git commit; none where it has no such file.

    Raises:
        InputError: The file cannot be read.
        RulesError: The file has errors.
    """
    if tree.entries("").get(GUARDRAILS_FILE) is not False:
        return ()
    name = tree.shown(GUARDRAILS_FILE)
    return _guardrails(document_from(name, tree.read(GUARDRAILS_FILE), "guardrails"), program)


def guardrails_from(path: Path, program: Program) -> tuple[Guardrail, ...]:
    """The guardrails in a file.

    Raises:
        InputError: The file cannot be read.
        RulesError: The file has errors; it carries all findings.
    """
    return _guardrails(read_document(path, first_key="guardrails"), program)


def _guardrails(document: ReadDocument, program: Program) -> tuple[Guardrail, ...]:
    levels = {level for version in program.versions for level in version.levels}
    document = checked(document, levels)
    if document.node is None or document.findings:
        raise RulesError(document.findings)
    rules = document.node.content["guardrails"]
    return tuple(_guardrail(key, rule, rules) for key, rule in rules.content.items())


def _guardrail(key: str, node: Node, parent: Node) -> Guardrail:
    plain = node.plain()
    percent = plain.get("at_most_percent")
    return Guardrail(
        id=key,
        title=plain.get("title", key),
        measure=Measure(plain["measure"]),
        at_most=plain.get("at_most"),
        at_most_percent=None if percent is None else Fraction(percent),
        at_least=plain.get("at_least"),
        level=plain.get("level"),
        span=parent.keys[key],
    )
