"""Whom a change can touch, told by its kind and by the activities of the versions."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, assert_never

from pointbook.changes.areas import Touches
from pointbook.model.sections import Section

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from pointbook.changes.change import Change
    from pointbook.model.log import Member
    from pointbook.model.program import Version


class Reach(NamedTuple):
    """Whom a change can touch.

    Attributes:
        activities: Those of whose events a member needs one; None for every member.
        reason: Why it has no effect on points of the level balance, nor on levels; empty where it can.
    """

    activities: frozenset[str] | None
    reason: str = ""

    @property
    def counted(self) -> bool:
        """Whether it can have an effect at all."""
        return not self.reason


def reach(change: Change, old: Version, new: Version, deciding: AbstractSet[str]) -> Reach:
    """Whom a change from the old version to the new one can touch.

    Args:
        change: What differs.
        old: The one version.
        new: The other.
        deciding: Activities whose events have a say in a balance that decides levels.
    """
    nobody = frozenset[str]()
    match change.kind.touches:
        case Touches.NOTHING:
            return Reach(nobody, "words, dates and declarations count for nothing")
        case Touches.BENEFITS:
            return Reach(nobody, "benefits change no points and no levels")
        case Touches.LEVELS | Touches.ANNIVERSARIES | Touches.TIMELINE:
            return Reach(None)
        case Touches.JOINING:
            return Reach(nobody, "a group by itself limits nobody; joining and leaving it does")
        case Touches.EVENTS:
            if change.section in {Section.ACTIVITIES, Section.VERSION}:
                ids = activities_of(change, old, new)
                rules = (version.activities.get(key) for version in (old, new) for key in ids)
                if ids.isdisjoint(deciding) and not any(rule and rule.groups for rule in rules):
                    return Reach(nobody, "it feeds another balance than the one that decides levels")
            return Reach(activities_of(change, old, new))
        case _ as never:
            assert_never(never)


def activities_of(change: Change, old: Version, new: Version) -> frozenset[str]:
    """The activities whose events can come to something else, on whatever balance, by the change."""
    if change.kind.touches not in {Touches.EVENTS, Touches.JOINING}:
        return frozenset()
    if change.section is Section.VERSION:
        return frozenset((*old.activities, *new.activities))
    if change.section is Section.ACTIVITIES:
        return frozenset(map(str, (change.rule_id, *change.old.path[1:2], *change.new.path[1:2])))
    return frozenset(
        key
        for version in (old, new)
        for key, rule in version.activities.items()
        if change.rule_id in rule.groups
    )


def moves_anniversaries(change: Change) -> bool:
    """Whether anniversaries, and so membership years, move for members who signed up on 29 February."""
    return change.kind.touches is Touches.ANNIVERSARIES


def on_leap_day(member: Member) -> bool:
    """Whether the member signed up on 29 February."""
    return (member.signed_up_on.month, member.signed_up_on.day) == (2, 29)
