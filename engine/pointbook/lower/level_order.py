"""Where the levels stand that a patch adds. Source: docs/meaning.md, "The rules"."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pointbook.model.sections import Section
from pointbook.source.document import Node

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ABOVE = "above"


def levels_placed(whole: Node, base: Node, level_balance: str) -> Node:
    """The merged version with each level that the base does not have in its place, and without `above`.

    That is right above the level that it names, else below the first one that asks for all that it does and
    for more: by a higher threshold, or by what it `requires`. A name that is unknown, or in a circle, leaves
    the level at the end; the checks say so.
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
            order.insert(_place(entries[key], [entries[other] for other in order], level_balance), key)
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


def _place(level: Node, others: list[Node], level_balance: str) -> int:
    """Below the first one that asks for all that this one does, and for more."""
    asked = _asked(level, level_balance)
    for place, other in enumerate(others):
        against = _asked(other, level_balance)
        if _meet(against, asked) and not _meet(asked, against):
            return place
    return len(others)


def _asked(level: Node, level_balance: str) -> list[dict[str, Any]]:
    """What reaches the level: one of these is enough; none where that cannot be read."""
    threshold, requires = level.value("threshold"), level.value("requires")
    if level.value("base") is True:
        return [{}]
    if requires is None:
        requires = {level_balance: threshold}
    every = requires if isinstance(requires, list) else [requires]
    is_read = all(isinstance(one, dict) and all(map(_is_number, one.values())) for one in every)
    return every if is_read else []


def _is_number(value: object) -> bool:
    return isinstance(value, (int, Decimal)) and not isinstance(value, bool)


def _meet(asked: list[dict[str, Any]], others: list[dict[str, Any]]) -> bool:
    """Whether whoever has what one of the first asks for has what one of the others does."""
    return bool(asked) and all(
        any(all(name in one and one[name] >= least for name, least in other.items()) for other in others)
        for one in asked
    )
