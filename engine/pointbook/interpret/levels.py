"""Which level totals reach, and what an anniversary or a new version makes of a held one.

Source: docs/meaning.md, "Levels".
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence

from pointbook.model.amounts import Amount
from pointbook.model.levels import Minimums
from pointbook.model.program import Program, Version
from pointbook.model.rules import Demotion


class Ladder:
    """The levels of one version, from the lowest.

    A level is named by its id, None standing for no level, which is below all. Totals are those of all
    balances, in the program's order.

    Attributes:
        ids: Level ids, from the lowest.
        thresholds: Their thresholds, in points.
        next_thresholds: The threshold of the level above, by level, in points; None at the top.
        is_by_threshold: Whether the level balance alone says which level is reached.
        plain: Levels of which the threshold says all.
    """

    __slots__ = (
        "_base",
        "_earned",
        "_falls_to_earned",
        "_has_keep",
        "_kept_with",
        "_own",
        "_rank",
        "_reached_with",
        "ids",
        "is_by_threshold",
        "next_thresholds",
        "plain",
        "thresholds",
    )

    def __init__(self, version: Version, program: Program) -> None:
        levels = tuple(version.levels.values())
        places, own = {name: place for place, name in enumerate(program.balances)}, program.level_balance

        def numbered(alternatives: Sequence[Minimums]) -> Alternatives:
            return tuple({places[name]: least for name, least in one} for one in alternatives)

        self.ids = tuple(level.id for level in levels)
        self.thresholds = tuple(level.threshold for level in levels)
        self._own = program.level_balance_no
        self._base = 0 if levels and levels[0].is_base else -1
        self._reached_with = tuple(numbered(level.reached_with(own)) for level in levels)
        self._kept_with = tuple(numbered(level.kept_with(own)) for level in levels)
        self._has_keep = any(level.keep for level in levels)
        self._falls_to_earned = version.life_cycle.demotion is Demotion.TO_EARNED
        # By how many thresholds are met.
        self._earned = tuple(self._at(max(self._base, met - 1)) for met in range(len(levels) + 1))
        self._rank: dict[str | None, int] = {None: -1, **{level: rank for rank, level in enumerate(self.ids)}}
        reachable = (*self.thresholds, None)
        self.next_thresholds = {level: reachable[rank + 1] for level, rank in self._rank.items()}
        self.plain = frozenset(level.id for level in levels if level.is_by_threshold)
        self.is_by_threshold = not any(level.requires for level in levels)

    def threshold(self, level: str) -> Amount:
        """The threshold of a level that the version has, in points."""
        return self.thresholds[self._rank[level]]

    def above(self, level: str | None) -> str | None:
        """The level above; None at the top."""
        return self._at(min(self._rank[level] + 1, len(self.ids)))

    def earned(self, totals: Sequence[Amount]) -> str | None:
        """The highest level whose requirements the totals meet; the base level at least."""
        if self.is_by_threshold:
            return self._earned[bisect_right(self.thresholds, totals[self._own])]
        return self._highest(
            rank for rank, wanted in enumerate(self._reached_with) if _is_met(wanted, totals)
        )

    def earned_by(self, total: Amount) -> str | None:
        """The same where the level balance alone says it, of its total."""
        return self._earned[bisect_right(self.thresholds, total)]

    def higher(self, one: str | None, other: str | None) -> str | None:
        """The higher of two levels."""
        return one if self._rank[one] >= self._rank[other] else other

    def is_above(self, one: str | None, other: str | None) -> bool:
        """Whether `one` is above `other`."""
        return self._rank[one] > self._rank[other]

    def counted(self, level: str | None, before: Ladder | None) -> str | None:
        """What a level held under the version whose levels are `before` counts as here.

        Of one that is gone, the highest whose requirements its own meet, each way in which it was reached.
        """
        if level is None or before is None or level in self._rank:
            return level
        ways = before._reached_with[before._rank[level]]  # noqa: SLF001 - of another of this class
        return self._highest(
            rank
            for rank, wanted in enumerate(self._reached_with)
            if all(_is_met(wanted, way) for way in ways)
        )

    def carried(self, held: str | None, closing_totals: Sequence[Amount]) -> str | None:
        """The level that is carried over the end of a level period.

        Args:
            held: At the end of the closing period, as counted in this version.
            closing_totals: Of the closing period.
        """
        own = self._rank[held]
        if not self._has_keep:
            kept = self.earned(closing_totals)
        else:
            asked = (*self._kept_with[: own + 1], *self._reached_with[own + 1 :])
            kept = self._highest(rank for rank, wanted in enumerate(asked) if _is_met(wanted, closing_totals))
        return kept if self._falls_to_earned else self.higher(kept, self._at(own - 1))

    def to_next(self, level: str | None, totals: Sequence[Amount]) -> Mapping[int, Amount]:
        """What is missing to the level above, by the place of each balance that it asks for."""
        rank = self._rank[level] + 1
        if rank >= len(self.ids):
            return {}
        if self.is_by_threshold:
            return {self._own: max(0, self.thresholds[rank] - totals[self._own])}
        return _missing(self._reached_with[rank], totals)

    def to_keep(self, level: str | None, totals: Sequence[Amount]) -> Mapping[int, Amount]:
        """What is missing to keep the level, likewise; of the base level nothing."""
        rank = self._rank[level]
        if rank <= self._base:
            return {} if rank < 0 else {self._own: 0}
        if self.is_by_threshold and not self._has_keep:
            return {self._own: max(0, self.thresholds[rank] - totals[self._own])}
        return _missing(self._kept_with[rank], totals)

    def _at(self, rank: int) -> str | None:
        return self.ids[rank] if 0 <= rank < len(self.ids) else None

    def _highest(self, ranks: Iterable[int]) -> str | None:
        return self._at(max((self._base, *ranks)))


Alternatives = Sequence[Mapping[int, Amount]]
"""What is asked for, by the places of balances; one of these is enough."""


def _is_met(wanted: Alternatives, totals: Sequence[Amount] | Mapping[int, Amount]) -> bool:
    """Whether totals have all that one of the alternatives asks for; some of a mapping are not known."""
    known = totals if isinstance(totals, Mapping) else dict(enumerate(totals))
    return any(
        all(place in known and known[place] >= least for place, least in one.items()) for one in wanted
    )


def _missing(wanted: Alternatives, totals: Sequence[Amount]) -> Mapping[int, Amount]:
    """Of each balance what is missing to the least that is asked for; 0 where an alternative is met."""
    is_met, least = _is_met(wanted, totals), dict[int, Amount]()
    for one in wanted:
        for place, asked in one.items():
            least[place] = min(asked, least.get(place, asked))
    return {place: 0 if is_met else max(0, asked - totals[place]) for place, asked in least.items()}
