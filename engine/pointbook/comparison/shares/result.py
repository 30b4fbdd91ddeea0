"""What each change does, as an attribution splits the whole difference."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from pointbook.comparison.outcome import Effects
from pointbook.model.amounts import exact


class Influence(NamedTuple):
    """Which way one change moves one member's figures: -1 for down, 1 for up, 0 for neither.

    Attributes:
        change: Its index.
    """

    change: int
    points: int
    promotions: int
    demotions: int


@dataclass(frozen=True, slots=True)
class Share:
    """What one change does.

    Attributes:
        index: Of the change.
        counted: Whether it took part in the attribution.
        reason: Why it did not, or that it has no effect on this log.
        members: How many members it can touch.
        alone: What it does as the only change.
        points: Its fair share of the whole difference, as are `promotions` and `demotions`.
        error: Standard error of the points share, rounded up; 0 where it is exact.
        promotions_error: Likewise of the promotions, rounded up to hundredths.
        demotions_error: Likewise of the demotions.
    """

    index: int
    counted: bool
    reason: str
    members: int
    alone: Effects
    points: Fraction
    promotions: Fraction
    demotions: Fraction
    error: int = 0
    promotions_error: Fraction = Fraction(0)
    demotions_error: Fraction = Fraction(0)

    @property
    def fair(self) -> tuple[Fraction, Fraction, Fraction]:
        """Its fair shares of points, promotions and demotions."""
        return (self.points, self.promotions, self.demotions)

    @property
    def errors(self) -> tuple[Fraction, Fraction, Fraction]:
        """Their standard errors."""
        return (Fraction(self.error), self.promotions_error, self.demotions_error)

    @property
    def has_effect(self) -> bool:
        """Whether anything in this log depends on it."""
        return any((*self.alone, *self.fair))


@dataclass(frozen=True, slots=True)
class Attribution:
    """The whole difference, split among the changes.

    Attributes:
        shares: One per change, in the order of changes.
        method: `exact`, `sampled` or `none`.
        total: What the shares sum to, exactly.
        sampled_members: Members for whom permutations were sampled.
        permutations: How many for each of them.
        subsets: Different sets of changes that were looked at, beside none and all of them.
        standings: Standings of a member found for it; `members` times `subsets` would be all of them.
        evaluations: For how many of them events of the member were evaluated anew.
        members: Members whose difference was split.
    """

    shares: tuple[Share, ...]
    method: str
    total: Effects
    sampled_members: int
    permutations: int
    subsets: int
    standings: int
    evaluations: int
    members: int


class Leading(NamedTuple):
    """The change that brings about the largest part of what is told first.

    Attributes:
        change: Its index.
        figure: What that is a part of: points, promotions or demotions.
        is_most: Whether it is more than half.
    """

    change: int
    figure: str
    is_most: bool


def leading_of(attribution: Attribution, rising: int, falling: int) -> Leading | None:
    """The change with the largest share: of promotions where most rise, of demotions where most fall.

    Where nobody does, of points. None where the difference is nothing, or not split.
    """
    figure = 0 if not (rising or falling) else 1 if rising >= falling else 2
    whole = exact(attribution.total[figure])
    counted = [share for share in attribution.shares if share.counted]
    if not whole or not counted:
        return None
    first = max(counted, key=lambda share: share.fair[figure] / whole)
    part = first.fair[figure] / whole
    return Leading(first.index, Effects._fields[figure], part > Fraction(1, 2)) if part > 0 else None
