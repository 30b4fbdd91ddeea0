"""What changes do to members, told by the rules alone.

A direction rule is a function from the subject of a change to what the change does, and why. Each
kind of change has one (`kinds`), made here from the reason that it gives; the kind that undoes it
has the opposite one.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from pointbook.changes.subject import ABSENT
from pointbook.model.sections import Section
from pointbook.model.windows import CapKind
from pointbook.reasoning.awards import always_positive, awards_of, never_negative, never_positive
from pointbook.reasoning.displacement import can_displace, chain_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pointbook.changes.subject import Subject
    from pointbook.model.program import Version
    from pointbook.model.rules import Activity

_DISPLACES = "several limits work together here, so more points at one place can mean fewer at another"
_SHARES_LIMITS = "it shares limits with other activities, which may then let less through in all"
_SPENDS = "it only takes from a balance that decides no level, and spending may be the members' own choice"
_USED_UP_SOONER = "a later limit sees more than before and may be used up sooner"
_UNLIMITED = "deductions pass all limits"
_BOTH_SIGNS = "it can give points and take them"


class Direction(StrEnum):
    """What a change does to members, all else being equal.

    Favourable means: whatever members do, nobody's points, level or benefits can be lower for it.
    That takes for granted that the log carries the attributes which the rules declare, and it
    looks at a member's points over all time: a cap that is used up by an earlier event may move
    points from one window to another.
    """

    FAVOURABLE = "favourable"
    ADVERSE = "adverse"
    NEUTRAL = "neutral"
    MIXED = "mixed"

    @property
    def opposite(self) -> Direction:
        """What undoing such a change does."""
        if self is Direction.FAVOURABLE:
            return Direction.ADVERSE
        return Direction.FAVOURABLE if self is Direction.ADVERSE else self


class Judgement(NamedTuple):
    """What a change does to members, and why."""

    direction: Direction
    reason: str

    @property
    def opposite(self) -> Judgement:
        """The judgement on what undoes the change, with the same reason."""
        return Judgement(self.direction.opposite, self.reason)


DirectionRule = Callable[["Subject"], Judgement]
"""How the direction of a kind of change is found."""


def _always(direction: Direction, reason: str) -> DirectionRule:
    return lambda _: Judgement(direction, reason)


favourable, adverse, neutral, mixed = (partial(_always, direction) for direction in Direction)
"""Rules of kinds whose direction is the same whatever the rules are; each takes the reason."""


def opposite(rule: DirectionRule) -> DirectionRule:
    """The rule for a change the other way, with the same reason."""
    return lambda subject: rule(subject).opposite


def unless_levels_cross(rule: DirectionRule) -> DirectionRule:
    """`rule`, if the level does not change places with another one."""
    crossed = mixed("it changes places with another level, so who holds which level changes too")
    return lambda subject: (crossed if _levels_cross(subject) else rule)(subject)


def _levels_cross(subject: Subject) -> bool:
    """Whether the threshold's new place is on the other side of another level, in either version."""
    old, new, _ = subject.pair
    lowest, highest = sorted(subject.values)
    others = (
        level for version in (old, new) for key, level in version.levels.items() if key != subject.rule_id
    )
    between = any(lowest <= level.threshold <= highest for level in others)
    return between and [key for key in old.levels if key in new.levels] != [
        key for key in new.levels if key in old.levels
    ]


def benefit_promised(subject: Subject) -> Judgement:
    """A benefit more."""
    level = subject.present.from_level
    if level is None:
        reason = "the program does not state who has it, so nobody can be said to"
        return Judgement(Direction.MIXED, reason)
    return Judgement(Direction.FAVOURABLE, f"it comes with the level {level} and those above")


def _with_reason(judge: Callable[[Subject, str], Judgement]) -> Callable[[str], DirectionRule]:
    """A maker of direction rules from the reason that they give."""
    return lambda reason: lambda subject: judge(subject, reason)


@_with_reason
def activity_counts(subject: Subject, what: str) -> Judgement:
    """An activity more; `what` says that it counts, or that it counted."""
    activity, pair = subject.present, subject.pair
    if awards_of(activity).always_zero:
        return Judgement(Direction.NEUTRAL, "it gives nothing")
    if never_positive(activity):
        if pair.level_balance not in {None, activity.balance}:
            return Judgement(Direction.MIXED, _SPENDS)
        return Judgement(Direction.ADVERSE, f"a deduction {what}")
    if not never_negative(activity):
        return Judgement(Direction.MIXED, _BOTH_SIGNS)
    stages = chain_of(activity, pair.new if subject.values[0] is ABSENT else pair.old)
    while stages and not stages[0].shared:
        stages = stages[1:]
    if can_displace(stages, same_events=False):
        return Judgement(Direction.MIXED, _SHARES_LIMITS)
    return Judgement(Direction.FAVOURABLE, f"an activity that gives points {what}")


def _more_points(subject: Subject, reason: str, *, more_events: bool = False) -> Judgement:
    """The judgement on more points; `more_events` if some events gave nothing before."""
    if all(map(never_positive, subject.rules)):
        return Judgement(Direction.FAVOURABLE, reason)
    same_events = all(map(always_positive, subject.rules)) and not more_events
    if any(can_displace(chain_of(*one), same_events=same_events) for one in _each(subject)):
        return Judgement(Direction.MIXED, _DISPLACES)
    return Judgement(Direction.FAVOURABLE, reason)


def _each(subject: Subject) -> Iterator[tuple[Activity, Version]]:
    """The activity that a subject is part of, with its version, in both versions."""
    return zip(subject.rules, subject.pair[:2], strict=True)


more_points = _with_reason(_more_points)
"""Every event of an activity gives at least as much as before."""


def table_value(subject: Subject) -> Judgement:
    """Another amount in a table, or one that only one version lists: as if it were 0 in the other."""
    was, becomes = (0 if value is ABSENT else value for value in subject.values)
    key = subject.new[-1]
    if was == becomes:
        return Judgement(Direction.NEUTRAL, f"`{key}` gives nothing, listed or not")
    more_events = ABSENT in subject.values
    if becomes > was:
        return _more_points(subject, f"`{key}` gives more points", more_events=more_events)
    return _more_points(subject, f"`{key}` gives fewer points", more_events=more_events).opposite


@_with_reason
def more_events(subject: Subject, reason: str) -> Judgement:
    """More events of an activity count."""
    if all(map(never_positive, subject.rules)):
        return Judgement(Direction.ADVERSE, reason)
    if not all(map(never_negative, subject.rules)):
        return Judgement(Direction.MIXED, _BOTH_SIGNS)
    take_turns = all(_takes_turns(*one) for one in _each(subject))
    return _more_points(subject, reason, more_events=not take_turns)


def _takes_turns(activity: Activity, version: Version) -> bool:
    """Whether all events are worth the same and go through one times cap of their own at most."""
    awards = awards_of(activity)
    if awards.lowest is None or awards.lowest != awards.highest or activity.split_among is not None:
        return False
    stages = chain_of(activity, version)
    return len(stages) == 1 and not stages[0].shared and stages[0].cap.kind is CapKind.TIMES


@_with_reason
def bonus_given(subject: Subject, reason: str) -> Judgement:
    """A bonus more."""
    return _bonus_given(subject, subject.present.points, reason)


@_with_reason
def bonus_given_oftener(subject: Subject, reason: str) -> Judgement:
    """A bonus is given in more cases; the subject is its condition."""
    assert subject.whole is not None
    before, after = (bonus.points for bonus in subject.whole.values)
    if (before > 0) != (after > 0):
        return Judgement(Direction.MIXED, "the bonus changes its sign as well")
    return _bonus_given(subject, after, reason)


def _bonus_given(subject: Subject, points: int, reason: str) -> Judgement:
    judgement = _more_points(subject, reason)
    return judgement if points >= 0 else judgement.opposite


@_with_reason
def points_shared(subject: Subject, reason: str) -> Judgement:
    """The points are shared among several people; `reason` is of an activity that only gives."""
    if all(map(never_positive, subject.rules)):
        return Judgement(Direction.FAVOURABLE, "deductions are shared")
    if all(map(never_negative, subject.rules)):
        return _more_points(subject, reason).opposite
    return Judgement(Direction.MIXED, _BOTH_SIGNS)


@_with_reason
def outside_group(subject: Subject, reason: str) -> Judgement:
    """An activity no longer goes through a group's limits; the subject is the group's id."""
    group = subject.present
    if all(map(never_positive, subject.rules)):
        return Judgement(Direction.NEUTRAL, _UNLIMITED)
    for own, version in _each(subject):
        users = {key: rule for key, rule in version.activities.items() if group in rule.groups}
        for activity in {own.id: own, **users}.values():
            stages = chain_of(activity, version)
            first = next((index for index, stage in enumerate(stages) if stage.owner == group), 0)
            if len(stages) > first + 1 and can_displace(stages[first:], same_events=False):
                return Judgement(Direction.MIXED, _SHARES_LIMITS)
    return Judgement(Direction.FAVOURABLE, reason)


@_with_reason
def more_room(subject: Subject, reason: str) -> Judgement:
    """A cap of an activity or of a group lets more through."""
    users = _users(subject)
    if not users:
        return Judgement(Direction.NEUTRAL, "no activity goes through this limit")
    if all(never_positive(activity) for activity, _ in users):
        return Judgement(Direction.NEUTRAL, _UNLIMITED)
    caps = [cap for rule in subject.rules for cap in rule.caps]
    for activity, version in users:
        stages = chain_of(activity, version)
        # The limit itself may be any of its owner's: it is the last of them that all others see.
        own = (i for i, stage in enumerate(stages) if stage.owner == subject.rule_id and stage.cap in caps)
        first = min(own, default=len(stages))
        if can_displace(stages[first:], same_events=False) and len(stages) > first + 1:
            return Judgement(Direction.MIXED, _USED_UP_SOONER)
    return Judgement(Direction.FAVOURABLE, reason)


def _users(subject: Subject) -> list[tuple[Activity, Version]]:
    """The activities that go through the caps of an activity or of a group, with their versions."""
    if subject.section is Section.ACTIVITIES:
        return list(_each(subject))
    users = ((rule, version) for version in subject.pair[:2] for rule in version.activities.values())
    return [(rule, version) for rule, version in users if subject.rule_id in rule.groups]
