"""The life cycle of versions that state none. Source: docs/meaning.md, "Levels"."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pointbook.model.rules import LifeCycle
from pointbook.model.sections import Section
from pointbook.source.document import Node

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pointbook.lower.resolution import VersionDocument
    from pointbook.model.program import Version


def with_life_cycles(versions: Iterable[Version]) -> tuple[Version, ...]:
    """The versions by their dates, those that state no life cycle with that of another one.

    It is the next one in time that is stated, else the last before. Where no version states one, it stays
    what is left out.
    """
    ordered = sorted(versions, key=lambda version: (version.effective_from, version.id))
    return tuple(
        version if version.life_cycle.is_stated else _following(version, ordered[:place], ordered[place:])
        for place, version in enumerate(ordered)
    )


def _following(version: Version, earlier: list[Version], later: list[Version]) -> Version:
    nearest = (one for one in (*later, *reversed(earlier)) if one.life_cycle.is_stated)
    follows = next(nearest, None)
    cycle = LifeCycle() if follows is None else follows.life_cycle
    own = replace(
        version.life_cycle,
        demotion=cycle.demotion,
        leap_day=cycle.leap_day,
        follows=None if follows is None else follows.id,
    )
    return replace(version, life_cycle=own)


def deciding(document: VersionDocument, version: Version) -> Node:
    """The resolved version with the life cycle that decides its figures, whether it states one or not."""
    node = document.resolved
    assert node is not None
    place, cycle = version.span(Section.LIFE_CYCLE), version.life_cycle
    values = {"demotion": cycle.demotion.value, "leap_day": cycle.leap_day.value}
    decides = Node({key: Node(value, place) for key, value in values.items()}, place)
    return Node({**node.content, Section.LIFE_CYCLE.value: decides}, node.span, node.keys)
