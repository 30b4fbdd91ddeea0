"""Levels of several versions: what a held one counts as, when another version takes effect."""

from __future__ import annotations

from bisect import bisect_right
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pointbook.changes.subject import Pair
    from pointbook.model.amounts import Amount
    from pointbook.model.program import Version

    Ladder = Mapping[str, Amount]
    """Thresholds by level, ascending."""


def ladder_of(version: Version) -> Ladder:
    """The levels of a version."""
    return ascending({key: level.threshold for key, level in version.levels.items()})


def ascending(thresholds: Mapping[str, Amount]) -> Ladder:
    """Levels in the order of their thresholds."""
    return dict(sorted(thresholds.items(), key=lambda item: (item[1], item[0])))


def counted(level: str | None, held_in: Ladder, here: Ladder) -> str | None:
    """What a held level counts as in a version with other levels."""
    if level is None or level in here:
        return level
    reached = bisect_right(list(here.values()), held_in[level])
    return list(here)[reached - 1] if reached else None


def ranks_of(ladder: Ladder) -> dict[str | None, int]:
    """The rank of each level, and of no level."""
    ranks: dict[str | None, int] = {None: -1}
    ranks.update((key, place) for place, key in enumerate(ladder))
    return ranks


def levels_keep_order(pair: Pair) -> bool:
    """Whether a higher level never counts as a lower one when another version takes effect."""
    for program in pair.programs:
        ladders = [ladder_of(version) for version in program.versions]
        for before, after in pairwise(ladders):
            rank = ranks_of(after)
            ranks = [rank[counted(level, before, after)] for level in before]
            if ranks != sorted(ranks):
                return False
    return True
