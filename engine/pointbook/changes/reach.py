"""Whom a change can touch, told by its form alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pointbook.changes.change import Change
    from pointbook.model.log import Member
    from pointbook.model.rules import Version

WORDS = ("title-", "note-", "source-", "unit-", "attribute-", "announcement-", "effective-date-")
"""Beginnings of the codes of changes that nothing depends on."""


class Reach(NamedTuple):
    """Whom a change can touch.

    Attributes:
        counted: Whether it can have an effect on points of the level balance, or on levels, at all.
        reason: Why not.
        activities: Those of whose events a member needs one; None for every member.
    """

    counted: bool
    reason: str
    activities: frozenset[str] | None


def reach(change: Change, old: Version, new: Version, balance: str) -> Reach:
    """Whom the change can touch.

    Args:
        change: From the old version to the new one.
        old: The old version.
        new: The new version.
        balance: The balance that decides levels.
    """
    nobody = frozenset[str]()
    if change.code.startswith(WORDS):
        return Reach(False, "words, dates and declarations count for nothing", nobody)
    section = change.address.partition("/")[0]
    if section == "benefits":
        return Reach(False, "benefits change no points and no levels", nobody)
    if section in ("levels", "life_cycle"):
        return Reach(True, "", None)
    if change.code in ("group-added", "group-removed"):
        return Reach(False, "a group by itself limits nobody; joining and leaving it does", nobody)
    activities = activities_of(change, old, new)
    if section == "activities":
        rules = [
            version.activities[name] for version in (old, new) for name in activities & {*version.activities}
        ]
        if all(rule.balance != balance and not rule.groups for rule in rules):
            return Reach(False, "it feeds another balance than the one that decides levels", nobody)
    return Reach(True, "", activities)


def activities_of(change: Change, old: Version, new: Version) -> frozenset[str]:
    """The activities whose events can come to something else, on whatever balance, by the change."""
    section = change.address.partition("/")[0]
    if section not in ("activities", "groups") or change.code.startswith(WORDS):
        return frozenset()
    name = str(change.old.path[1] if len(change.old.path) > 1 else change.new.path[1])
    if section == "activities":
        return frozenset((name,))
    return frozenset(
        key for version in (old, new) for key, rule in version.activities.items() if name in rule.groups
    )


def beyond_events(change: Change) -> bool:
    """Whether the change is about what points bring: levels, benefits, the life cycle."""
    section = change.address.partition("/")[0]
    return section in ("levels", "benefits", "life_cycle") and not change.code.startswith(WORDS)


def moves_anniversaries(change: Change) -> bool:
    """Whether anniversaries, and so membership years, move for members who signed up on 29 February."""
    return change.code == "leap-day-changed"


def on_leap_day(member: Member) -> bool:
    """Whether the member signed up on 29 February."""
    return (member.signed_up_on.month, member.signed_up_on.day) == (2, 29)
