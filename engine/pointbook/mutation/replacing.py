"""Parts of a document that may be a patch, and a document with another value at one place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.source.document import Node

if TYPE_CHECKING:
    from pointbook.model.rules import Path


def with_value(node: Node, path: Path, value: Node | None) -> Node:
    """The document with `value` at a path that it has, or at a further key; None takes what is there out."""
    if not path:
        assert value is not None, "a whole document is not taken out of itself"
        return value
    step, rest = path[0], path[1:]
    if isinstance(step, int):
        items = list(node.content)
        items[step : step + 1] = [] if value is None and not rest else [with_value(items[step], rest, value)]
        return Node(tuple(items), node.span, node.keys)
    content = dict(node.content)
    if value is None and not rest:
        del content[step]
    else:
        content[step] = with_value(content[step], rest, value) if rest else value
    further = {} if value is None else {step: value.span}  # where a key stands that is not written
    return Node(content, node.span, {key: node.keys.get(key) or further[key] for key in content})


def items_of(node: Node, key: str) -> tuple[Node, ...]:
    """The items of the list under `key`; none where it is left out, or taken out by a patch."""
    found = node.get(key)
    return found.content if found is not None and found.is_list else ()
