"""What a condition is nudged to: its opposite, and other values in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pointbook.model.points import Table
from pointbook.mutation.nudges import Nudge, nudged_day, nudged_number, other_of
from pointbook.mutation.replacing import items_of
from pointbook.source.document import Node

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pointbook.loading import Loaded
    from pointbook.model.rules import Path

_AS_WRITTEN, _NEGATED = "as written", "negated"


def negated(node: Node, before: Node | None = None) -> Nudge | None:
    """The opposite of a condition; None where nudging a value of it is that already, or it is part of one.

    Args:
        node: The condition, or what a patch changes of one.
        before: What a patch merges it into, which is taken out.
    """
    own = set(node.content)
    if own == {"attribute", "present"} or (own == {"attribute", "is"} and isinstance(node.value("is"), bool)):
        return None
    if own.isdisjoint(("attribute", "all", "any", "not")) or (before is not None and "not" in before.content):
        return None
    gone = () if before is None or not before.is_mapping else before.content
    content = {"not": node, **{key: Node(None, node.span) for key in gone}}
    return Nudge(content, _NEGATED, _AS_WRITTEN, dict.fromkeys(content, node.span))


def nudged_condition(node: Node, path: Path, loaded: Loaded) -> Iterator[tuple[Path, Nudge]]:
    """Every other value in a condition, and the opposites of its parts."""
    for key, other in (("all", "any"), ("any", "all")):
        parts = node.get(key)
        if parts is None or not parts.is_list:
            continue
        if len(parts.content) > 1 and set(node.content) == {key}:
            yield path, Nudge({other: parts}, f"`{other}`", f"`{key}`", {other: node.keys[key]})
        for index, part in enumerate(parts.content):
            yield from _with_opposite(part, (*path, key, index), loaded)
    inner = node.get("not")
    if inner is not None and inner.is_mapping:
        yield from nudged_condition(inner, (*path, "not"), loaded)
    yield from _comparison(node, path, loaded)


def _with_opposite(node: Node, path: Path, loaded: Loaded) -> Iterator[tuple[Path, Nudge]]:
    if nudge := negated(node):
        yield path, nudge
    yield from nudged_condition(node, path, loaded)


def _comparison(node: Node, path: Path, loaded: Loaded) -> Iterator[tuple[Path, Nudge]]:
    known = _known_values(loaded, str(node.value("attribute")))
    if (value := node.value("is")) is not None:
        yield from (((*path, "is"), nudge) for nudge in other_of(value, known))
    among = items_of(node, "in")
    for index, one in enumerate(among):
        here = (*path, "in", index)
        if len(among) > 1:
            yield here, Nudge(None, "left out", f"{one.content}")
        else:
            yield from ((here, nudge) for nudge in other_of(one.content, known))
    for key in ("at_least", "at_most"):
        bound = node.value(key)
        yield from (((*path, key), nudge) for nudge in (*nudged_number(bound), *nudged_day(bound)))
    if isinstance(present := node.value("present"), bool):
        yield from (((*path, "present"), nudge) for nudge in other_of(present, ()))
    within = node.get("within")
    if within is not None and within.is_mapping:
        yield from (((*path, "within", "days"), nudge) for nudge in nudged_number(within.value("days")))


def _known_values(loaded: Loaded, attribute: str) -> list[Any]:
    """Every value of an attribute that a rule names, in the order of the files."""
    found: dict[Any, None] = {}
    for part in loaded.versions:
        for _, node in part.document.written.walk():
            if node.is_mapping and node.value("attribute") == attribute:
                values = (node.get("is"), *items_of(node, "in"))
                found |= dict.fromkeys(value.content for value in values if value is not None)
    for _, rule in loaded.usable().activities:
        if isinstance(rule.points, Table) and rule.points.attribute == attribute:
            found |= dict.fromkeys(rule.points.values)
    return list(found)
