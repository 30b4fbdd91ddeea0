"""The kinds of change, each with an example and what is said of it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any

from pointbook.changes.against import program_difference
from pointbook.changes.directions import Direction
from pointbook.guardrails.changes import approval_changes, guardrail_changes
from pointbook.guardrails.lock_changes import lock_changes
from pointbook.guardrails.reading import approvals_in_tree, guardrails_in_tree
from pointbook.loading import APPROVALS_FILE, GUARDRAILS_FILE, PROGRAM_FILE, VERSIONS_FOLDER, loaded_from
from pointbook.loading.documents import LOCK_FILE, LOG_FILE, documents_in
from pointbook.loading.locks import lock_in
from pointbook.lower.implied import explicit
from pointbook.source import files
from pointbook.source.document import Node
from pointbook.source.patch import merged
from pointbook.source.yaml_reader import read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pointbook.changes.change import Change
    from pointbook.changes.kinds import Kind
    from pointbook.guardrails.approval import Approval
    from pointbook.guardrails.guardrail import Guardrail
    from pointbook.model.program import Program

_FILE = "changes.yaml"
_BESIDE = ("program", "log", "versions", "guardrails", "approvals", "lock")


@dataclass(frozen=True, slots=True)
class ChangeRule:
    """What a kind of change means, by an example.

    Attributes:
        kind: The kind.
        before: What there is before, as values; None where there is nothing yet.
        after: What there is after.
        change: The change between the two.
    """

    kind: Kind
    before: dict[str, Any] | None
    after: dict[str, Any]
    change: Change


def usual_direction(kind: Kind) -> Direction:
    """The direction of a kind's example; other rules can make it another, unless it is `Kind.always`."""
    if kind.always is not None:
        return kind.always
    examples = _document().entries("examples")
    if kind.code in examples:
        return Direction(examples[kind.code].value("direction"))
    return Direction(examples[kind.mirror.code].value("direction")).opposite


def change_rule(kind: Kind) -> ChangeRule:
    """What a kind means."""
    before, after = _example(kind)
    old, new = None if before is None else _Side(before), _Side(after)
    change = next(change for change in _changes(old, new) if change.kind is kind)
    mask = _union({} if before is None else before.plain(), after.plain())
    return ChangeRule(kind, None if old is None else old.cut(mask), new.cut(mask), change)


def _example(kind: Kind) -> tuple[Node | None, Node]:
    """What stands before and after; of what undoes another kind, that one's example the other way round."""
    examples = _document().entries("examples")
    if kind.code in examples:
        before, after = (examples[kind.code].content[side] for side in ("before", "after"))
    else:
        after, before = (examples[kind.mirror.code].content[side] for side in ("before", "after"))
    return None if before.content is None else before, after


def _union(one: Any, other: Any) -> Any:
    """Every key that one of two mappings has, at any depth."""
    if not (isinstance(one, dict) and isinstance(other, dict)):
        return None
    return {key: _union(one.get(key, {}), other.get(key, {})) for key in {**one, **other}}


def _cut(whole: Any, mask: Any) -> Any:
    """What the mapping has of the keys."""
    if not mask or not isinstance(whole, dict):
        return whole
    return {key: _cut(value, mask[key]) for key, value in whole.items() if key in mask}


def _changes(old: _Side | None, new: _Side) -> Iterable[Change]:
    difference = program_difference(None if old is None else old.program, new.program, "before", "after")
    if old is None:
        return difference.changes
    names = (GUARDRAILS_FILE, GUARDRAILS_FILE), (APPROVALS_FILE, APPROVALS_FILE)
    return chain(
        difference.changes,
        guardrail_changes(old.guardrails, new.guardrails, names[0]),
        approval_changes(old.approvals, new.approvals, names[1]),
        lock_changes(lock_in(old), lock_in(new), (LOCK_FILE, LOCK_FILE)),
    )


@cache
def _document() -> Node:
    node, _ = read_yaml(_FILE, files.catalogue_texts()[_FILE].encode())
    assert node is not None
    return node


class _Side:
    """A program in memory: what every example has, with what this side of one changes."""

    def __init__(self, side: Node) -> None:
        whole, given = _document(), side.content
        own = Node({key: node for key, node in given.items() if key not in _BESIDE}, side.span, side.keys)
        self._version = merged(whole.content["version"], explicit(own, whole.content["version"])).plain()
        program = whole.content["program"]
        self._beside = {key: given[key].plain() for key in _BESIDE if key in given}
        self._beside["program"] = (
            merged(program, given["program"]) if "program" in given else program
        ).plain()
        self.files = {PROGRAM_FILE: self._beside["program"], f"{VERSIONS_FOLDER}/1.yaml": self._version}
        for index, version in enumerate(self._beside.get("versions", ()), start=2):
            self.files[f"{VERSIONS_FOLDER}/{index}.yaml"] = version
        if "log" in given:
            self.files[LOG_FILE] = self._beside["log"]
        if "lock" in given:
            self.files[LOCK_FILE] = self._beside["lock"]
        for key, name in (("guardrails", GUARDRAILS_FILE), ("approvals", APPROVALS_FILE)):
            if key in given:
                self.files[name] = {key: self._beside[key]}

    def cut(self, mask: dict[str, Any]) -> dict[str, Any]:
        """What this side has of the keys."""
        found: dict[str, Any] = _cut({**self._version, **self._beside}, mask)
        return found

    def shown(self, path: str) -> str:
        """As `loading.documents.Tree` has it."""
        return path

    def entries(self, folder: str) -> dict[str, bool]:
        """As `loading.documents.Tree` has it."""
        begin = f"{folder}/" if folder else ""
        inside = [name.removeprefix(begin) for name in self.files if name.startswith(begin)]
        return {name: False for name in inside if "/" not in name}

    def read(self, path: str) -> bytes:
        """As `loading.documents.Tree` has it; JSON is YAML."""
        return json.dumps(self.files[path]).encode()

    @cached_property
    def program(self) -> Program:
        """The program that the files write."""
        return loaded_from(documents_in(self), locked=False).usable()

    @property
    def guardrails(self) -> tuple[Guardrail, ...]:
        """Its guardrails."""
        return guardrails_in_tree(self, self.program)

    @property
    def approvals(self) -> tuple[Approval, ...]:
        """Its approvals."""
        return approvals_in_tree(self)
