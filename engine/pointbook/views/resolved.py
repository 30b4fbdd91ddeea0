"""A version as it is in force, as YAML that names where each changed value came from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.lower.resolution import HEADER
from pointbook.model.attributes import LEVEL
from pointbook.model.conditions import attributes_in
from pointbook.model.eligibility import with_eligibility
from pointbook.source.yaml_text import comment_text, flow_text, scalar_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pointbook.lower.resolution import VersionDocument
    from pointbook.model.program import Version
    from pointbook.source.document import Node


def resolved_yaml(document: VersionDocument, remarks: Iterable[str] = ()) -> str:
    """The resolved version; a value that a patch gave carries a comment with its file and line.

    Args:
        document: The version.
        remarks: On what is easily overlooked in it.
    """
    assert document.resolved is not None
    node = document.resolved
    order = sorted(node.content, key=lambda key: HEADER.index(key) if key in HEADER else len(HEADER))
    lines = [f"# {document.id} as it is in force, from {comment_text(document.file)}"]
    if document.based_on is not None:
        lines.append(
            f"# a comment names where a value comes from, if not from {comment_text(node.span.file)}"
        )
    lines += [f"# {remark}" for remark in remarks]
    for key in order:
        origin = document.file if key in HEADER else node.span.file
        lines += _entry(key, node, origin, 0)
    return "\n".join(lines) + "\n"


def remarks_on(version: Version, level_balance: str) -> Iterator[str]:
    """Where a level decides about what leads to levels."""
    leading = {level_balance, *(name for level in version.levels.values() for name in level.further_balances)}
    for activity in version.activities.values():
        eligible = with_eligibility(version, activity).eligible_if
        by_level = eligible is not None and LEVEL in attributes_in(eligible)
        looking = {entry.balance for entry in activity.entries if by_level or entry.looks_at_level}
        for entry in activity.spends_first:
            if entry.points.copies in looking:
                looking.add(entry.balance)
            if entry.balance in leading and entry.balance in looking:
                whose = "" if activity.is_short else f" in {comment_text(entry.balance)}"
                yield (
                    f"{comment_text(activity.id)} feeds itself{whose}: what it gives depends on the level"
                    f" held, and leads to levels"
                )


def _entry(key: str, mapping: Node, origin: str, depth: int) -> Iterator[str]:
    value: Node = mapping.content[key]
    place = mapping.keys[key] if value.is_mapping else value.span
    comment = "" if place.file == origin else f"  # {comment_text(place.file)}:{place.line}"
    head = f"{'  ' * depth}{scalar_text(key)}:"
    if value.is_mapping and value.content:
        yield head + comment
        for child in value.content:
            yield from _entry(child, value, place.file, depth + 1)
    elif value.is_list and value.content and all(item.is_mapping and item.content for item in value.content):
        yield head + comment
        for item in value.content:
            yield from _item(item, place.file, depth + 1)
    else:
        yield f"{head} {flow_text(value)}{comment}"


def _item(item: Node, origin: str, depth: int) -> Iterator[str]:
    lines = [line for key in item.content for line in _entry(key, item, origin, depth + 1)]
    first = lines[0]
    yield f"{first[: 2 * depth]}- {first[2 * depth + 2 :]}"
    yield from lines[1:]
