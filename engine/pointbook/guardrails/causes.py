"""Which changes bring about what happens to members, as far as their shares tell."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from pointbook.changes.directions import STOPPED, Direction
from pointbook.model.sections import Section

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from pointbook.changes.change import Change
    from pointbook.comparison.result import ComparisonResult
    from pointbook.comparison.shares.result import Influence


def takes_points(influence: Influence, _: Change) -> bool:
    """Whether the member has fewer points by it."""
    return influence.points < 0


def demotes(influence: Influence, _: Change) -> bool:
    """Whether the member is demoted more often by it."""
    return influence.demotions > 0


def takes_levels(influence: Influence, change: Change) -> bool:
    """Whether the member can hold a lower level by it.

    Whoever keeps a level for longer has fewer promotions; what is favourable to all lowers nobody.
    """
    moves = influence.promotions < 0 or influence.demotions > 0
    return moves and change.direction is not Direction.FAVOURABLE


def brings_levels(influence: Influence, change: Change) -> bool:
    """Whether the member can hold a higher level by it."""
    moves = influence.promotions > 0 or influence.demotions < 0
    return moves and change.direction is not Direction.ADVERSE


def chosen_changes(
    many: Iterable[Sequence[Influence]],
    changes: Sequence[Change],
    chosen: Callable[[Influence, Change], bool],
) -> tuple[int, ...]:
    """Indexes of the changes chosen among what moves members, those of most members first."""
    counts = Counter(
        influence.change
        for influences in many
        for influence in influences
        if chosen(influence, changes[influence.change])
    )
    return tuple(sorted(counts, key=lambda index: (-counts[index], index)))


def harmful(changes: Sequence[Change]) -> tuple[int, ...]:
    """Indexes of the changes that can harm somebody: all that is known where nothing was attributed."""
    return tuple(index for index, change in enumerate(changes) if change.direction in STOPPED)


def feeding(comparison: ComparisonResult, balance: str) -> tuple[int, ...]:
    """Indexes of the changes of activities that feed the balance, and of groups, which any can join."""
    fed = {
        key
        for version in (comparison.old, comparison.new)
        for key, rule in version.activities.items()
        if balance in rule.balances
    }
    return tuple(
        index
        for index, change in enumerate(comparison.changes)
        if change.section is Section.GROUPS
        or (change.section is Section.ACTIVITIES and change.rule_id in fed)
    )
