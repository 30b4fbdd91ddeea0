"""How gains and losses are spread among members, all together and by the level that they held."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.comparison.summaries import ALL, Spread
from pointbook.model.amounts import ratio

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pointbook.comparison.result import MemberDifference

_TENTH = 10


def distribution_of(members: Sequence[MemberDifference], levels: Sequence[str]) -> tuple[Spread, ...]:
    """Everybody's first, then by the level held under the old rules, those without a level first.

    Args:
        members: Every member.
        levels: Of either side, from the lowest.
    """
    return tuple(_spreads(members, levels))


def _spreads(members: Sequence[MemberDifference], levels: Sequence[str]) -> Iterator[Spread]:
    if members:
        yield spread_of(ALL, [member.change for member in members])
    by_level: dict[str | None, list[int]] = {None: [], **{level: [] for level in levels}}
    for member in members:
        by_level[member.old.level].append(member.change)
    yield from (spread_of(level, changes) for level, changes in by_level.items() if changes)


def spread_of(level: str | None, changes: Sequence[int]) -> Spread:
    """How these differences are spread, of which there is at least one.

    Of ten members one loses 20, four stay as they are and five gain 10, 20, 30, 40 and 100: the third
    from the bottom stays as is, so does the fifth, the eighth gains 30; the top one has half of the 200.

    >>> spread = spread_of(None, [100, 10, 40, 20, 30, 0, 0, 0, 0, -20])
    >>> spread.least, spread.lower_quartile, spread.median, spread.upper_quartile, spread.most
    (-20, 0, 0, 30, 100)
    >>> spread.top_tenth
    Fraction(1, 2)
    """
    ordered, count = sorted(changes), len(changes)
    gained = sum(change for change in ordered if change > 0)
    top = sum(change for change in ordered[-_rank(count, 1, _TENTH) :] if change > 0)
    return Spread(
        level=level,
        members=count,
        least=ordered[0],
        lower_quartile=ordered[_rank(count, 1, 4) - 1],
        median=ordered[_rank(count, 2, 4) - 1],
        upper_quartile=ordered[_rank(count, 3, 4) - 1],
        most=ordered[-1],
        top_tenth=ratio(top, gained) if gained else None,
    )


def _rank(count: int, numerator: int, denominator: int) -> int:
    """How many of `count` that part of them is, rounded up."""
    return -(-count * numerator // denominator)
