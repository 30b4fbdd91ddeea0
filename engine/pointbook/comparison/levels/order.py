"""Which of two levels is the higher, where each belongs to other rules: by ids and thresholds, not by names.

The two can be held under the old rules and under the new, or before and after a version took effect.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.model.amounts import in_results

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pointbook.interpret.levels import Ladder
    from pointbook.model.program import Version


def level_move(one: str | None, before: Ladder, other: str | None, after: Ladder) -> int:
    """1 if `other` is the higher level, -1 if it is the lower one, 0 if neither is.

    A ladder that has both says which is above the other; where one says this and one that, as when two
    levels swap their thresholds, neither is. Where no ladder has both, the thresholds decide: a level
    that is called otherwise at the same threshold is as high.

    Args:
        one: A level of `before`, or None for no level, which is below all.
        before: The levels of one version.
        other: A level of `after`, or None.
        after: The levels of the other version.
    """
    ladders = [
        ladder for ladder in (before, after) if all(level in (None, *ladder.ids) for level in (one, other))
    ]
    if not ladders:
        assert one is not None
        assert other is not None
        needed, enough = before.threshold(one), after.threshold(other)
        return (enough > needed) - (enough < needed)
    up = any(ladder.is_above(other, one) for ladder in ladders)
    down = any(ladder.is_above(one, other) for ladder in ladders)
    return up - down


def renamed_levels(before: Ladder, after: Ladder) -> dict[str, str]:
    """Levels that only `before` has, each with the one at the same threshold that only `after` has."""
    thresholds = zip(after.thresholds, after.ids, strict=True)
    added = {threshold: level for threshold, level in thresholds if level not in before.ids}
    return {
        level: added[threshold]
        for threshold, level in zip(before.thresholds, before.ids, strict=True)
        if level not in after.ids and threshold in added
    }


def level_ranks(old: Sequence[Version], new: Sequence[Version]) -> dict[str | None, int]:
    """A rank for every level of either side, from the lowest, so that all have one order; none is -1.

    A level ranks by its thresholds on both sides, so that swapping the sides changes nothing; one that
    a side lacks counts there as on the other. Levels for which that comes to the same have one rank.
    """
    by_threshold = not any(level.requires for one in (*old, *new) for level in one.levels.values())
    before, after = (_latest_thresholds(one, by_threshold=by_threshold) for one in (old, new))
    sums = {
        name: before.get(name, after.get(name, 0)) + after.get(name, before.get(name, 0))
        for name in {**before, **after}
    }
    ranks = {total: rank for rank, total in enumerate(sorted(set(sums.values())))}
    ordered = sorted(sums, key=lambda name: (sums[name], name))
    return {None: -1, **{name: ranks[sums[name]] for name in ordered}}


def _latest_thresholds(versions: Sequence[Version], *, by_threshold: bool) -> dict[str, int]:
    """Each level's threshold in the last version that has it, in points; else its place among the others."""
    levels = [pair for version in versions for pair in enumerate(version.levels.values())]
    return {level.id: in_results(level.threshold) if by_threshold else rank for rank, level in levels}
