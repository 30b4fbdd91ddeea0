"""JSON Merge Patch (RFC 7396) on positioned documents: every value keeps the place it came from."""

from __future__ import annotations

from pointbook.source.document import Node


def merged(target: Node, patch: Node) -> Node:
    """`target` with `patch` applied: mappings merge, null removes, anything else replaces.

    Keys keep the order of `target`, new ones follow in the order of `patch`. A key that both have
    keeps its place in `target`; a value that the patch gives has its place in the patch.
    """
    if not patch.is_mapping:
        return patch
    content: dict[str, Node] = dict(target.content) if target.is_mapping else {}
    keys = dict(target.keys) if target.is_mapping else {}
    for key, value in patch.content.items():
        if value.content is None:
            content.pop(key, None)
            keys.pop(key, None)
            continue
        before = content.get(key)
        nothing = Node({}, value.span)
        content[key] = merged(before if before is not None else nothing, value)
        if before is None or not (before.is_mapping and value.is_mapping):
            keys[key] = patch.keys[key]
    return Node(content, target.span if target.is_mapping else patch.span, keys)
