"""The whole comparison in one plain sentence."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pointbook.changes.change import Change
    from pointbook.comparison.levels.differences import Words
    from pointbook.comparison.result import MemberDifference
    from pointbook.comparison.shares.result import Attribution

_FIGURES = ("points", "promotions", "demotions")


def summary_of(
    members: Sequence[MemberDifference],
    levels: Mapping[str, str],
    changes: Sequence[Change],
    attribution: Attribution,
    words: Words,
) -> str:
    """Who gains and loses, who rises and falls, where, and mostly by what.

    Args:
        members: Every member.
        levels: Titles of the levels of either side, from the lowest.
        changes: From the old version to the new one.
        attribution: The whole difference, split among the changes.
        words: Titles of the balances.
    """
    if not members:
        return "The log has no member who had signed up by then."
    gaining = sum(member.change > 0 and not member.loses_points for member in members)
    losing = sum(member.loses_points for member in members)
    rising = sum(member.level_move > 0 for member in members)
    falling = sum(member.level_move < 0 for member in members)
    several = len(words.balances) > 1
    what = f" {words.balances[words.level_balance]}" if several else ""
    on = " on any balance" if several else ""
    lose = (
        f"{_many(losing, 'lose', 'nobody')} {_lost(members, words) if several and losing else f'points{on}'}"
    )
    whole = f"{len(members):,}"
    points = f"{gaining:,} of {whole} gain{'s' * (gaining == 1)}{what}, {lose}"
    if not gaining:
        # Who gains in one balance and loses in another is among those who lose.
        alone = " points without losing any" if any(member.change > 0 for member in members) else what
        points = f"Nobody of {whole} gains{alone}, {lose}"
    if not (gaining or losing):
        points = f"Nobody of {whole} gains or loses points{on}"
    parts = [points, "nobody rises or falls"]
    if rising or falling:
        parts[1] = f"{_many(rising, 'rise', 'none')}, {_many(falling, 'fall', 'none')}"
    where = _where(members, levels)
    return f"{'; '.join([*parts, where] if where else parts)}{_cause(changes, attribution, rising, falling)}."


def _lost(members: Sequence[MemberDifference], words: Words) -> str:
    """Of which balances members have fewer points: the one, or that there are several."""
    fewer = [
        any(change < 0 for change in column)
        for column in zip(*(one.balance_changes for one in members), strict=True)
    ]
    titles = [title for title, less in zip(words.balances, fewer, strict=True) if less]
    return titles[0] if len(titles) == 1 else "points on some balance"


def _many(number: int, verb: str, nobody: str) -> str:
    """How many do it."""
    return f"{number:,} {verb}{'s' * (number == 1)}" if number else f"{nobody} {verb}s"


def _where(members: Sequence[MemberDifference], levels: Mapping[str, str]) -> str:
    """The highest level of which there are more or fewer holders."""
    old = Counter(member.old.level for member in members)
    new = Counter(member.new.level for member in members)
    moved = [level for level in levels if old[level] != new[level]]
    return f"{levels[moved[-1]]} {old[moved[-1]]:,} → {new[moved[-1]]:,}" if moved else ""


def _cause(changes: Sequence[Change], attribution: Attribution, rising: int, falling: int) -> str:
    """The change with the largest share: of promotions where most rise, of demotions where most fall.

    Where nobody does, of points. A part that is less than half says what of: the table of changes goes by
    members, of whom another change may move more, each with others.
    """
    figure = 0 if not (rising or falling) else 1 if rising >= falling else 2
    whole = attribution.total[figure]
    counted = [share for share in attribution.shares if share.counted]
    if not whole or not counted:
        return ""
    first = max(counted, key=lambda share: share.fair[figure] / whole)
    part = first.fair[figure] / whole
    if part <= 0:
        return ""
    much = "mostly" if part > Fraction(1, 2) else f"the largest part of the {_FIGURES[figure]}"
    return f", {much} by {changes[first.index].sentence}"
