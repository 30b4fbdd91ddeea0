"""Which level a total reaches, and what an anniversary or a new version makes of a held one.

Source: docs/meaning.md, "Levels".
"""

from __future__ import annotations

from bisect import bisect_right

from pointbook.model.amounts import Amount
from pointbook.model.program import Version
from pointbook.model.rules import Demotion


class Ladder:
    """The levels of one version, from the lowest.

    A level is named by its id, None standing for no level, which is below all.

    Attributes:
        ids: Level ids, ascending by threshold.
        thresholds: Their thresholds, in points.
        next_thresholds: The threshold of the level above, by level, in points; None at the top.
    """

    __slots__ = ("_falls_to_earned", "_rank", "ids", "next_thresholds", "thresholds")

    def __init__(self, version: Version) -> None:
        self.ids = tuple(version.levels)
        self.thresholds = tuple(level.threshold for level in version.levels.values())
        self._falls_to_earned = version.life_cycle.demotion is Demotion.TO_EARNED
        self._rank: dict[str | None, int] = {None: -1, **{level: rank for rank, level in enumerate(self.ids)}}
        reachable = (*self.thresholds, None)
        self.next_thresholds = {level: reachable[rank + 1] for level, rank in self._rank.items()}

    def threshold(self, level: str) -> Amount:
        """The threshold of a level that the version has, in points."""
        return self.thresholds[self._rank[level]]

    def above(self, level: str | None) -> str | None:
        """The level above; None at the top."""
        rank = self._rank[level] + 1
        return self.ids[rank] if rank < len(self.ids) else None

    def earned(self, total: Amount) -> str | None:
        """The highest level whose threshold `total` meets."""
        rank = bisect_right(self.thresholds, total) - 1
        return self.ids[rank] if rank >= 0 else None

    def higher(self, one: str | None, other: str | None) -> str | None:
        """The higher of two levels."""
        return one if self._rank[one] >= self._rank[other] else other

    def is_above(self, one: str | None, other: str | None) -> bool:
        """Whether `one` is above `other`."""
        return self._rank[one] > self._rank[other]

    def counted(self, level: str | None, before: Ladder | None) -> str | None:
        """What a level held under the version whose levels are `before` counts as here."""
        if level is None or before is None or level in self._rank:
            return level
        return self.earned(before.threshold(level))

    def carried(self, held: str | None, closing_total: Amount) -> str | None:
        """The level that is carried over an anniversary.

        Args:
            held: At the end of the closing period, as counted in this version.
            closing_total: Of the closing period, in points.
        """
        earned = self.earned(closing_total)
        if self._falls_to_earned or held is None:
            return earned
        rank = self._rank[held] - 1
        return self.higher(earned, self.ids[rank] if rank >= 0 else None)
