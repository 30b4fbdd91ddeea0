"""What changes of levels, benefits and the life cycle do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.changes.directions import Direction, Judgement
from pointbook.changes.laws.ladders import ascending, counted, ladder_of, levels_keep_order, ranks_of
from pointbook.changes.subject import ABSENT
from pointbook.model.levels import Level, is_met
from pointbook.model.windows import Per, Resets

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pointbook.changes.laws.ladders import Ladder
    from pointbook.changes.laws.rule import DirectionRule
    from pointbook.changes.subject import Pair, Subject

_CROSSED = "it changes places with another level, so who holds which level changes too"
_ELSEWHERE = (
    "held levels count in another way before or after: a version there has other levels, or in another order"
)
_KEPT_BY_MORE = (
    "a level asks for more to be kept than to be reached, so that who has it sooner can lose it sooner"
)
_NOTHING_ENDS = "the balance that decides levels never resets, so no level is reviewed"
_NO_ANNIVERSARIES = "nothing goes by membership years here"


def on_levels(rule: DirectionRule) -> DirectionRule:
    """`rule`, if no other level moves, in the version itself and when another takes effect."""

    def judge(subject: Subject) -> Judgement:
        if any(
            level.requires or level.keep
            for version in subject.pair.versions
            for level in version.levels.values()
        ):
            return of_requirements(rule)(subject)
        if _levels_cross(subject):
            return Judgement(Direction.MIXED, _CROSSED)
        judgement = rule(subject)
        rising = judgement.direction is Direction.FAVOURABLE
        ladders = tuple(_alone(subject, new_side=new_side) for new_side in (False, True))
        if all(_carried_on(subject.pair, *(one if rising else one[::-1])) for one in ladders):
            return judgement
        return Judgement(Direction.MIXED, _ELSEWHERE)

    return judge


def _levels_cross(subject: Subject) -> bool:
    """Whether the threshold's new place is on the other side of another level, in either version."""
    if any(isinstance(value, Level) or value is ABSENT for value in subject.values):
        return False
    old, new = subject.pair.old.levels, subject.pair.new.levels
    lowest, highest = sorted(subject.values)
    others = (level for levels in (old, new) for key, level in levels.items() if key != subject.rule_id)
    between = any(lowest <= level.threshold <= highest for level in others)
    return between and [key for key in old if key in new] != [key for key in new if key in old]


def _alone(subject: Subject, *, new_side: bool) -> tuple[Ladder, Ladder]:
    """The levels of one version of the pair without the change, and with it."""
    pair, key = subject.pair, subject.rule_id
    whole = (pair.new if new_side else pair.old).levels
    ladders = []
    for value in subject.values:
        thresholds = {name: level.threshold for name, level in whole.items() if name != key}
        if value is not ABSENT:
            thresholds[key] = value.threshold if isinstance(value, Level) else value
        ladders.append(ascending(thresholds))
    return ladders[0], ladders[1]


def _carried_on(pair: Pair, low: Ladder, high: Ladder) -> bool:
    """Whether nobody is worse off by `high`, whichever levels the versions before and after have.

    A level held before counts by `high` as one that is not lower; and of levels that are not lower by
    `high`, what they count as afterwards is not lower either.
    """
    order = _merged(low, high)
    date = pair.new.effective_from
    for other in pair.others:
        ladder = ladder_of(other)
        held: Iterable[str | None] = (None, *ladder)
        if other.effective_from <= date and any(
            order[counted(one, ladder, high)] < order[counted(one, ladder, low)] for one in held
        ):
            return False
        rank = ranks_of(ladder)
        if other.effective_from >= date and any(
            rank[counted(more, high, ladder)] < rank[counted(less, low, ladder)]
            for less in (None, *low)
            for more in (None, *high)
            if order[more] >= order[less]
        ):
            return False
    return True


def _merged(low: Ladder, high: Ladder) -> dict[str | None, int]:
    """Ranks of the levels of both, which have the same order where they have the same levels."""
    longer = low if len(low) > len(high) else high
    return ranks_of(longer)


def of_requirements(rule: DirectionRule) -> DirectionRule:
    """`rule`, if all versions have the same levels in one order, and what reaches a level keeps it.

    Then a member who holds a level that is not lower can never come to hold a lower one.
    """

    def judge(subject: Subject) -> Judgement:
        pair = subject.pair
        orders = {tuple(version.levels) for version in pair.versions}
        is_kept = all(
            is_met(level.kept_with(pair.level_balance), dict(way))
            for version in pair.versions
            for level in version.levels.values()
            if not level.is_base
            for way in level.reached_with(pair.level_balance)
        )
        if len(orders) == 1 and is_kept:
            return rule(subject)
        return Judgement(Direction.MIXED, _ELSEWHERE if is_kept else _KEPT_BY_MORE)

    return judge


def reviews_levels(rule: DirectionRule) -> DirectionRule:
    """`rule`, where levels are reviewed at all, and there are several to fall by."""

    def judge(subject: Subject) -> Judgement:
        pair = subject.pair
        if pair.programs and all(
            program.balances[program.level_balance].resets is Resets.NEVER for program in pair.programs
        ):
            return Judgement(Direction.NEUTRAL, _NOTHING_ENDS)
        if all(len(version.levels) <= 1 for version in (pair.old, pair.new)):
            return Judgement(Direction.NEUTRAL, "there is one level at most to fall from")
        if not levels_keep_order(pair):
            return Judgement(Direction.MIXED, _ELSEWHERE)
        return rule(subject)

    return judge


def by_anniversaries(rule: DirectionRule) -> DirectionRule:
    """`rule`, where anything goes by membership years."""

    def judge(subject: Subject) -> Judgement:
        pair = subject.pair
        resets = any(
            balance.resets is Resets.MEMBERSHIP_YEAR
            for program in pair.programs
            for balance in program.balances.values()
        )
        rules = (rules for version in pair.versions for rules in (version.activities, version.groups))
        caps = (cap for owners in rules for owner in owners.values() for cap in owner.caps)
        if pair.programs and not resets and all(cap.per is not Per.MEMBERSHIP_YEAR for cap in caps):
            return Judgement(Direction.NEUTRAL, _NO_ANNIVERSARIES)
        return rule(subject)

    return judge


def benefit_promised(subject: Subject) -> Judgement:
    """A benefit more."""
    level = subject.present.from_level
    if level is None:
        return Judgement(Direction.FAVOURABLE, "the program promises it, though not who has it")
    return Judgement(Direction.FAVOURABLE, f"it comes with the level {level} and those above")
