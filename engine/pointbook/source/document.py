"""A YAML document in which every value knows where it was written."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pointbook.diagnostics import Span
    from pointbook.model.rules import Path

_NO_KEYS: Mapping[str, Span] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Node:
    """A value and its place.

    Attributes:
        content: A scalar of the YAML 1.2 core schema, a mapping of nodes, or a tuple of nodes.
        span: Where the value stands.
        keys: For a mapping, where each of its keys stands.
        typed: How a number or truth is typed, such as `01`, `0x10` or `True`; empty where that is not known.
    """

    content: Any
    span: Span
    keys: Mapping[str, Span] = field(default_factory=lambda: _NO_KEYS)
    typed: str = field(default="", compare=False)

    @property
    def is_mapping(self) -> bool:
        """Whether this is a mapping."""
        return isinstance(self.content, dict)

    @property
    def is_list(self) -> bool:
        """Whether this is a list."""
        return isinstance(self.content, tuple)

    def get(self, key: str) -> Node | None:
        """The value under `key`, or None where this is no mapping or has no such key."""
        if isinstance(self.content, dict):
            found: Node | None = self.content.get(key)
            return found
        return None

    def value(self, key: str) -> Any:
        """The value under `key` without positions; None where there is none."""
        found = self.get(key)
        return None if found is None else found.plain()

    def listed(self, key: str) -> tuple[Node, ...]:
        """The items of the list under `key`; none where it is left out."""
        found = self.get(key)
        items: tuple[Node, ...] = () if found is None else found.content
        return items

    def entries(self, key: str) -> dict[str, Node]:
        """The entries of the mapping under `key`; none where it is left out."""
        found = self.get(key)
        entries: dict[str, Node] = {} if found is None else found.content
        return entries

    def at(self, path: Path) -> Node | None:
        """The value at `path`, or None."""
        node: Node | None = self
        for step in path:
            if node is None:
                return None
            if isinstance(node.content, tuple) and isinstance(step, int) and step < len(node.content):
                node = node.content[step]
            else:
                node = node.get(str(step))
        return node

    def key_span(self, path: Path) -> Span:
        """Where the key that `path` ends with stands; the value's place for a list item."""
        if not path:
            return self.span
        parent = self.at(path[:-1])
        if parent is not None and path[-1] in parent.keys:
            return parent.keys[str(path[-1])]
        node = self.at(path)
        return node.span if node is not None else self.key_span(path[:-1])

    def plain(self) -> Any:
        """The value without positions: dicts, lists, scalars."""
        if isinstance(self.content, dict):
            return {key: node.plain() for key, node in self.content.items()}
        if isinstance(self.content, tuple):
            return [node.plain() for node in self.content]
        return self.content

    def walk(self, path: Path = ()) -> Iterator[tuple[Path, Node]]:
        """Every value under this one with its path, this one first."""
        yield path, self
        if isinstance(self.content, dict):
            for key, node in self.content.items():
                yield from node.walk((*path, key))
        elif isinstance(self.content, tuple):
            for index, node in enumerate(self.content):
                yield from node.walk((*path, index))

    def positions(self) -> Mapping[Path, Span]:
        """Where each value stands, by path; a mapping stands where its key does."""
        return MappingProxyType(
            {
                path: self.key_span(path) if node.is_mapping or node.is_list else node.span
                for path, node in self.walk()
            }
        )

    def without(self, paths: frozenset[Path]) -> Node:
        """This document less the values at `paths`, which lie under mappings only."""
        if not paths or not isinstance(self.content, dict):
            return self
        heads = {path[0] for path in paths if len(path) == 1}
        content = {
            key: node.without(frozenset(path[1:] for path in paths if path[0] == key and len(path) > 1))
            for key, node in self.content.items()
            if key not in heads
        }
        return Node(content, self.span, {key: span for key, span in self.keys.items() if key in content})


def sha256_of(node: Node) -> str:
    """Digest of a document's content, the same however it is formatted or ordered.

    The order of a mapping's keys counts only where it means something, which it nowhere does in
    the language, so keys are sorted.
    """
    text = json.dumps(node.plain(), sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
