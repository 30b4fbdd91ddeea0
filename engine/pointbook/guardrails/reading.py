"""`guardrails.yaml` and `approvals.yaml` of a program folder as guardrails and approvals."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from pointbook.diagnostics import RulesError
from pointbook.guardrails.approval import ChangeApproval, GuardrailApproval
from pointbook.guardrails.checking import (
    APPROVALS_FILE,
    GUARDRAILS_FILE,
    KnownIds,
    checked_approvals,
    checked_guardrails,
)
from pointbook.guardrails.guardrail import Guardrail, Measure
from pointbook.loading import document_in, misnamed, read_document
from pointbook.source.files import Folder
from pointbook.structure.date_text import date_from

if TYPE_CHECKING:
    from pathlib import Path

    from pointbook.guardrails.approval import Approval
    from pointbook.loading import ReadDocument
    from pointbook.loading.documents import Tree
    from pointbook.model.program import Program
    from pointbook.source.document import Node


def guardrails_in(folder: Path, program: Program) -> tuple[Guardrail, ...]:
    """The program's guardrails; none where it has no such file, nor one that was meant to be it.

    Raises:
        InputError: The file cannot be read.
        RulesError: The file has errors, or another name.
    """
    tree = Folder(folder)
    if wrong := misnamed(tree, GUARDRAILS_FILE):
        raise RulesError(wrong)
    return guardrails_in_tree(tree, program)


def guardrails_in_tree(tree: Tree, program: Program, name: str = GUARDRAILS_FILE) -> tuple[Guardrail, ...]:
    """The program's guardrails as a tree has them, such as a git commit; none where it has no such file.

    Raises:
        InputError: The file cannot be read.
        RulesError: The file has errors.
    """
    document = document_in(tree, name, "guardrails")
    return () if document is None else _guardrails(document, program)


def guardrails_from(path: Path, program: Program) -> tuple[Guardrail, ...]:
    """The guardrails in a file.

    Raises:
        InputError: The file cannot be read.
        RulesError: The file has errors; it carries all findings.
    """
    return _guardrails(read_document(path, first_key="guardrails"), program)


def approvals_in(folder: Path) -> tuple[Approval, ...]:
    """The program's approvals; none where it has no such file, nor one that was meant to be it.

    Raises:
        InputError: The file cannot be read.
        RulesError: The file has errors, or another name.
    """
    tree = Folder(folder)
    if wrong := misnamed(tree, APPROVALS_FILE):
        raise RulesError(wrong)
    return approvals_in_tree(tree)


def approvals_in_tree(tree: Tree) -> tuple[Approval, ...]:
    """The program's approvals as a tree has them, such as a git commit; none where it has no such file.

    Raises:
        InputError: The file cannot be read.
        RulesError: The file has errors.
    """
    document = document_in(tree, APPROVALS_FILE, "approvals")
    if document is None:
        return ()
    entries = _usable(checked_approvals(document))
    return tuple(_approval(key, entry, entries) for key, entry in entries.content.items())


def _guardrails(document: ReadDocument, program: Program) -> tuple[Guardrail, ...]:
    levels = {level for version in program.versions for level in version.levels}
    rules = _usable(checked_guardrails(document, KnownIds(levels, program.balances)))
    return tuple(_guardrail(key, rule, rules) for key, rule in rules.content.items())


def _usable(document: ReadDocument) -> Node:
    """The mapping by id in a document without findings."""
    if document.node is None or document.findings:
        raise RulesError(document.findings)
    (entries,) = document.node.content.values()
    found: Node = entries
    return found


def _guardrail(key: str, node: Node, parent: Node) -> Guardrail:
    plain = node.plain()
    return Guardrail(
        id=key,
        title=plain.get("title", key),
        measure=Measure(plain["measure"]),
        level=plain.get("level"),
        balance=plain.get("balance"),
        span=parent.keys[key],
        **_limits(plain),
    )


def _approval(key: str, node: Node, parent: Node) -> Approval:
    plain = node.plain()
    given: dict[str, Any] = {
        "id": key,
        "by": plain["by"],
        "reason": plain["reason"],
        "until": date_from(plain["until"]),
        "span": parent.keys[key],
    }
    if "change" in plain:
        return ChangeApproval(fingerprint=plain["change"], address=plain["address"], **given)
    version = node.get("version")
    return GuardrailApproval(
        guardrail=plain["guardrail"],
        version=plain.get("version"),
        version_span=parent.keys[key] if version is None else version.span,
        **_limits(plain),
        **given,
    )


def _limits(plain: dict[str, Any]) -> dict[str, Any]:
    percent = plain.get("at_most_percent")
    return {
        "at_most": plain.get("at_most"),
        "at_most_percent": None if percent is None else Fraction(percent),
        "at_least": plain.get("at_least"),
    }
