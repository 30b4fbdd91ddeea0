"""What a change does to members, and why."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable


class Direction(StrEnum):
    """What a change does to members, all else being equal. Source: docs/meaning.md, "Directions"."""

    FAVOURABLE = "favourable"
    ADVERSE = "adverse"
    NEUTRAL = "neutral"
    MIXED = "mixed"

    @property
    def opposite(self) -> Direction:
        """What undoing such a change does."""
        if self is Direction.FAVOURABLE:
            return Direction.ADVERSE
        return Direction.FAVOURABLE if self is Direction.ADVERSE else self


STOPPED = frozenset((Direction.ADVERSE, Direction.MIXED))
"""What could lower somebody."""


class Judgement(NamedTuple):
    """What a change does to members, and why."""

    direction: Direction
    reason: str

    @property
    def opposite(self) -> Judgement:
        """The judgement on what undoes the change, with the same reason."""
        return Judgement(self.direction.opposite, self.reason)


def together(directions: Iterable[Direction]) -> Direction:
    """What several changes do as one: what all of them do that do anything."""
    found = {direction for direction in directions if direction is not Direction.NEUTRAL}
    if not found:
        return Direction.NEUTRAL
    return found.pop() if len(found) == 1 else Direction.MIXED
