"""Events of a member that are coupled, and sums of what they award, by subset of the changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence


class CoupledEvents(NamedTuple):
    """Events of a member that are coupled, and the changes that touch them.

    Attributes:
        places: Positions of the events among the member's.
        changes: Indexes of the changes.
        mask: All of these changes.
        awards: What the events award on the balance that decides levels, under each subset that was
            looked at so far.
    """

    places: list[int]
    changes: list[int]
    mask: int
    awards: dict[int, Sequence[int]]


class RunningSums(NamedTuple):
    """What a member's events are awarded on the balance that decides levels, up to some of them.

    Attributes:
        known: The sums under each subset that was looked at so far.
        more: How much more they are by a subset of the changes that touch some coupled events, by the
            masks of all of these and of the subset; the same whatever the other changes are.
    """

    known: dict[int, Sequence[int]]
    more: dict[tuple[int, int], Sequence[int]]
