"""Which changes bring about what happens to members."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pointbook.changes.directions import Direction

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from pointbook.changes.change import Change


class Cause(NamedTuple):
    """Which way one change moves one member's figures: -1 for down, 1 for up, 0 for neither.

    Attributes:
        change: Its index.
    """

    change: int
    points: int
    promotions: int
    demotions: int


def takes_points(cause: Cause, _: Change) -> bool:
    """Whether the member has fewer points by it."""
    return cause.points < 0


def demotes(cause: Cause, _: Change) -> bool:
    """Whether the member is demoted more often by it."""
    return cause.demotions > 0


def takes_levels(cause: Cause, change: Change) -> bool:
    """Whether the member can hold a lower level by it.

    Whoever keeps a level for longer has fewer promotions; what is favourable to all lowers nobody.
    """
    moves = cause.promotions < 0 or cause.demotions > 0
    return moves and change.direction is not Direction.FAVOURABLE


def brings_levels(cause: Cause, change: Change) -> bool:
    """Whether the member can hold a higher level by it."""
    moves = cause.promotions > 0 or cause.demotions < 0
    return moves and change.direction is not Direction.ADVERSE


def chosen_causes(
    many: Iterable[Sequence[Cause]], changes: Sequence[Change], chosen: Callable[[Cause, Change], bool]
) -> tuple[int, ...]:
    """Indexes of the changes chosen among members' causes, those of most members first."""
    return most_frequent(
        cause.change for causes in many for cause in causes if chosen(cause, changes[cause.change])
    )


def most_frequent(indexes: Iterable[int]) -> tuple[int, ...]:
    """Each index once, the most frequent first."""
    counts: dict[int, int] = {}
    for index in indexes:
        counts[index] = counts.get(index, 0) + 1
    return tuple(sorted(counts, key=lambda index: (-counts[index], index)))


def harmful(changes: Sequence[Change]) -> tuple[int, ...]:
    """Indexes of the changes that can harm somebody: all that is known where nothing was attributed."""
    kinds = (Direction.ADVERSE, Direction.MIXED)
    return tuple(index for index, change in enumerate(changes) if change.direction in kinds)
