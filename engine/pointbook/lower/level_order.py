"""Where the levels stand that a patch adds. Source: docs/meaning.md, "The rules"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.model.sections import Section
from pointbook.source.document import Node

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ABOVE = "above"


def levels_placed(whole: Node, base: Node) -> Node:
    """The merged version with each level that the base does not have in its place, and without `above`.

    That is right above the level that it names, else below the first one with a higher threshold. A name
    that is unknown, or in a circle, leaves the level at the end; the checks say so.
    """
    levels, old = whole.get(Section.LEVELS), base.get(Section.LEVELS)
    if levels is None or not levels.is_mapping:
        return whole
    entries: Mapping[str, Node] = levels.content
    before: Mapping[str, Node] = old.content if old is not None and old.is_mapping else {}
    named = {key: level.value(ABOVE) for key, level in entries.items() if level.get(ABOVE) is not None}
    if not named and entries.keys() <= before.keys():
        return whole
    order = [key for key in entries if key in before and key not in named]
    for key in entries:
        if key not in before and key not in named:
            order.insert(_place(entries[key], [entries[other] for other in order]), key)
    waiting = dict(named)
    while ready := [key for key, below in waiting.items() if below in order]:
        for key in ready:
            order.insert(order.index(waiting.pop(key)) + 1, key)
    placed = {key: entries[key].without(frozenset({(ABOVE,)})) for key in (*order, *waiting)}
    content = {**whole.content, Section.LEVELS.value: Node(placed, levels.span, levels.keys)}
    return Node(content, whole.span, whole.keys)


def levels_above(patch: Node) -> Iterator[tuple[str, Node]]:
    """Each level that a patch puts above another, with the name of that one, a text."""
    levels = patch.get(Section.LEVELS)
    for key, level in levels.content.items() if levels is not None and levels.is_mapping else ():
        below = level.get(ABOVE)
        if below is not None and isinstance(below.content, str):
            yield key, below


def _place(level: Node, others: list[Node]) -> int:
    threshold = level.value("threshold")
    for place, other in enumerate(others):
        against = other.value("threshold")
        if isinstance(threshold, int) and isinstance(against, int) and against > threshold:
            return place
    return len(others)
