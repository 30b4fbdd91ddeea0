"""What a log came to for one member on one side, as far as a comparison needs it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pointbook.model.ledger import Cause, Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from pointbook.interpret.evaluation import MemberResult
    from pointbook.model.rules import Version

_CUT = (Outcome.REDUCED, Outcome.CAPPED)
NEAR = 20
"""A standing is near a threshold if it lies within a 20th of it, which is 5 %."""


class Effects(NamedTuple):
    """The three figures that are split among changes.

    Attributes:
        points: Points awarded on the balance that decides levels, over the whole log.
        promotions: Times a higher level was reached.
        demotions: Times an anniversary took a level away.
    """

    points: int
    promotions: int
    demotions: int


class MemberOutcome(NamedTuple):
    """One member on one side.

    Attributes:
        effects: Points, promotions and demotions over the whole log.
        level: Held on the as-of date.
        standing: Points of the level period that runs on the as-of date.
        firsts: The first day of each level reached, by level.
        benefits: What the held level brings.
        cuts: Events that a limit cut, wholly or in part.
        open_values: Events whose assessed value is missing, or assumed.
        near: Levels within 5 % of whose threshold the standing lies, above or below.
    """

    effects: Effects
    level: str | None
    standing: int
    firsts: tuple[tuple[str, date], ...]
    benefits: tuple[str, ...]
    cuts: int
    open_values: int
    near: tuple[str, ...]


class Tally(NamedTuple):
    """What a member's entries come to: points of the level balance, events cut, values open."""

    points: int
    cuts: int
    open_values: int


def tally_of(result: MemberResult, balance: str) -> Tally:
    """The tally of a member's entries."""
    points = cuts = open_values = 0
    for entry in result.entries:
        if entry.balance == balance:
            points += entry.awarded
        if entry.assumed or entry.outcome is Outcome.UNVALUED:
            open_values += 1
        if entry.outcome in _CUT:
            cuts += 1
    return Tally(points, cuts, open_values)


def effects_of(result: MemberResult, points: int, ranks: Mapping[str | None, int]) -> Effects:
    """The figures of a member's result that are split among changes."""
    promotions = demotions = 0
    for change in result.history:
        if change.cause is Cause.DEMOTED:
            demotions += 1
        elif change.cause is Cause.REACHED or ranks[change.to_level] > ranks[change.from_level]:
            promotions += 1
    return Effects(points, promotions, demotions)


def member_outcome(
    result: MemberResult, tally: Tally, ranks: Mapping[str | None, int], versions: Sequence[Version]
) -> MemberOutcome:
    """A member's result as a comparison needs it.

    Args:
        result: On the as-of date, with a standing.
        tally: Of its entries.
        ranks: Rank of every level of either side, -1 for none.
        versions: The versions of this side; the last one's levels are those of the standing.
    """
    standing = result.standing
    assert standing is not None
    own_ranks = level_ranks(versions, versions)
    firsts: dict[str, date] = {}
    for change in result.history:
        low, high = own_ranks[change.from_level], own_ranks[change.to_level]
        for level, rank in own_ranks.items():
            if level is not None and low < rank <= high:
                firsts.setdefault(level, change.date)
    points = standing.points
    near = tuple(
        level.id
        for level in versions[-1].levels.values()
        if abs(points - level.threshold) * NEAR <= level.threshold
    )
    return MemberOutcome(
        effects_of(result, tally.points, ranks),
        standing.level,
        points,
        tuple(sorted(firsts.items())),
        standing.benefits,
        tally.cuts,
        tally.open_values,
        near,
    )


def level_ranks(old: Sequence[Version], new: Sequence[Version]) -> dict[str | None, int]:
    """A rank for every level of either side, so that levels of both can be compared; none is -1.

    A level ranks by its thresholds on both sides, so that swapping the sides changes nothing; one that
    a side lacks counts there as on the other.
    """
    before, after = _latest_thresholds(old), _latest_thresholds(new)
    order = sorted(
        (before.get(name, after.get(name, 0)) + after.get(name, before.get(name, 0)), name)
        for name in {**before, **after}
    )
    return {None: -1, **{name: rank for rank, (_, name) in enumerate(order)}}


def _latest_thresholds(versions: Sequence[Version]) -> dict[str, int]:
    """Each level's threshold in the last version that has it, in points."""
    return {level.id: level.threshold for version in versions for level in version.levels.values()}
