"""What a condition is nudged to: its opposite, and other values in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.model.attributes import LEVEL, NO_LEVEL
from pointbook.mutation.nudges import Nudge, next_of, nudged_day, nudged_number, other_of
from pointbook.mutation.parts import known_values
from pointbook.mutation.replacing import items_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pointbook.loading import Loaded
    from pointbook.model.rules import Path
    from pointbook.source.document import Node

_AS_WRITTEN, _NEGATED = "as written", "negated"


def negated(whole: Node) -> Nudge | None:
    """The opposite of a condition; None where nudging a value of it is that already."""
    own = set(whole.content)
    if own == {"attribute", "present"} or (
        own == {"attribute", "is"} and isinstance(whole.value("is"), bool)
    ):
        return None
    return Nudge({"not": whole}, _NEGATED, _AS_WRITTEN, {"not": whole.span})


def nudged_condition(
    node: Node, path: Path, loaded: Loaded, whole: Node | None = None
) -> Iterator[tuple[Path, Nudge]]:
    """Every other value in a condition, its opposite, and those of its parts.

    Args:
        node: As written.
        path: Where that is.
        loaded: The program.
        whole: What becomes of it, where a patch writes a part of it; left out, it stands as it is.
    """
    whole = whole or node
    for key, other in (("all", "any"), ("any", "all")):
        parts = node.get(key)
        if parts is None or not parts.is_list:
            continue
        if len(parts.content) > 1:
            content = {**node.content, other: parts}
            del content[key]
            yield path, Nudge(content, f"`{other}`", f"`{key}`", dict.fromkeys(content, parts.span))
        for index, part in _written_out(parts):
            yield from nudged_condition(part, (*path, key, index), loaded)
    inner = node.get("not")
    if inner is not None and inner.is_mapping:
        here = (*path, "not")
        for where, nudge in nudged_condition(inner, here, loaded):
            if where != here or nudge.now != _NEGATED:  # its opposite is the opposite of the whole
                yield where, nudge
    if opposite := negated(whole):
        yield path, opposite
    yield from _comparison(node, path, loaded, str(whole.value("attribute")))


def _written_out(parts: Node) -> list[tuple[int, Node]]:
    """Those of a list of conditions that are not the names of declared ones, with their places."""
    return [(index, part) for index, part in enumerate(parts.content) if part.is_mapping]


def _comparison(node: Node, path: Path, loaded: Loaded, attribute: str) -> Iterator[tuple[Path, Nudge]]:
    levels = _levels(loaded) if attribute == LEVEL else ()
    known = levels or known_values(loaded, attribute)
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
        if isinstance(bound, str) and bound in levels:
            yield (*path, key), next_of(bound, levels)
    if isinstance(present := node.value("present"), bool):
        yield from (((*path, "present"), nudge) for nudge in other_of(present, ()))
    within = node.get("within")
    if within is not None and within.is_mapping:
        yield from (((*path, "within", "days"), nudge) for nudge in nudged_number(within.value("days")))


def _levels(loaded: Loaded) -> tuple[str, ...]:
    """What a level can be in any version."""
    own = (level for version in loaded.usable().versions for level in version.levels)
    return (NO_LEVEL, *dict.fromkeys(own))
