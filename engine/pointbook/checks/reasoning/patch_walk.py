"""What a patch writes, value by value, and what its base has there.

For documents of any shape: nothing here assumes that they fit the schema.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pointbook.lower.resolution import HEADER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pointbook.model.rules import Path
    from pointbook.source.document import Node


def written_values(patch: Node) -> Iterator[tuple[Path, Node]]:
    """Every value of the rules that the patch writes, with its path; mappings only where they are empty."""
    for key in patch.content:
        if key not in HEADER:
            yield from _values_under(patch.content[key], (key,))


def repeats(base: Node, path: Path, value: Node) -> bool:
    """Whether merging `value` at `path` leaves `base` as it is."""
    there = base.at(path)
    if there is None or value.content is None:
        return False
    if value.is_mapping and not value.content:
        return there.is_mapping
    return _alike(there.plain(), value.plain())


def removes_nothing(base: Node, path: Path, value: Node) -> bool:
    """Whether `value` is a `null` for what `base` does not have."""
    return value.content is None and base.at(path) is None


def _values_under(node: Node, path: Path) -> Iterator[tuple[Path, Node]]:
    if not node.is_mapping or not node.content:
        yield path, node
        return
    for key, value in node.content.items():
        yield from _values_under(value, (*path, key))


def _alike(one: Any, other: Any) -> bool:
    """Equality that tells `true` from 1."""
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(_alike(a, b) for a, b in zip(one, other, strict=True))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_alike(one[key], other[key]) for key in one)
    return type(one) is type(other) and bool(one == other)
