"""The life cycle of versions that state none. Source: docs/meaning.md, "Levels"."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pointbook.model.sections import Section
from pointbook.source.document import Node

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pointbook.lower.resolution import VersionDocument
    from pointbook.model.program import Version
    from pointbook.model.rules import LifeCycle


def life_cycles(versions: Iterable[Version]) -> Mapping[str, LifeCycle]:
    """By id of each version that states none: the next one in time that is stated, else the last before.

    Where no version states one, it stays what is left out.
    """
    ordered = sorted(versions, key=lambda version: (version.effective_from, version.id))
    stated = [(place, one) for place, one in enumerate(ordered) if one.life_cycle.is_stated]
    found = {}
    for place, version in enumerate(ordered):
        own = version.life_cycle
        if own.is_stated:
            continue
        later = [one for other, one in stated if other > place]
        earlier = [one for other, one in stated if other < place]
        follows = next(iter((*later, *reversed(earlier))), None)
        if follows is not None:
            cycle = follows.life_cycle
            own = replace(own, demotion=cycle.demotion, leap_day=cycle.leap_day, follows=follows.id)
        found[version.id] = own
    return found


def deciding(document: VersionDocument, version: Version) -> Node:
    """The resolved version with the life cycle that decides its figures, whether it states one or not."""
    node = document.resolved
    assert node is not None
    place, cycle = version.span(Section.LIFE_CYCLE), version.life_cycle
    values = {"demotion": cycle.demotion.value, "leap_day": cycle.leap_day.value}
    decides = Node({key: Node(value, place) for key, value in values.items()}, place)
    return Node({**node.content, Section.LIFE_CYCLE.value: decides}, node.span, node.keys)
