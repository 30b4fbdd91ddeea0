"""Whole members counted, as every report shows them: by level, by what happens to them, by change."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from pointbook.changes.directions import Direction
from pointbook.guardrails.causes import brings_levels, takes_levels

if TYPE_CHECKING:
    from datetime import date

    from pointbook.changes.change import Change
    from pointbook.comparison.levels.closings import Closing
    from pointbook.comparison.result import ComparisonResult, MemberDifference
    from pointbook.comparison.shares.result import Share


class LevelCount(NamedTuple):
    """Members who hold a level on the as-of date.

    Attributes:
        level: Its id under the old rules; None for no level.
        now: Its id under the new rules, which is another where it is renamed.
        title: What people call it, under either rules.
        old: How many hold it under the old rules.
        new: Under the new ones.
    """

    level: str | None
    now: str | None
    title: str
    old: int
    new: int


class Tile(NamedTuple):
    """Something that happens to members.

    Attributes:
        mood: `good` or `bad` for members, or empty.
        members: To how many.
        words: What they do, after their number.
        choice: What shows just them in the table of members, `key=value`.
    """

    mood: str
    members: int
    words: str
    choice: str


class ChangeEffect(NamedTuple):
    """What one change does to members; one member can be counted with several changes.

    Attributes:
        rising: Members who hold a higher level, and are helped to it by this change.
        falling: Members who hold a lower level, and are brought to it by this change.
        gaining: Members whose points on the level balance it raises.
        losing: Members whose points on the level balance it lowers.
    """

    change: Change
    share: Share
    rising: int
    falling: int
    gaining: int
    losing: int


def level_counts(comparison: ComparisonResult) -> tuple[LevelCount, ...]:
    """Members by level under both, from no level to the highest."""
    old: Counter[str | None] = Counter()
    new: Counter[str | None] = Counter()
    for (before, after), count in comparison.matrix.items():
        old[before] += count
        new[after] += count
    renamed, titles = comparison.renamed, dict(comparison.levels)
    counts = [LevelCount(None, None, "no level", old[None], new[None])]
    for level, title in comparison.levels:
        now = renamed.get(level, level)
        if level not in renamed.values():
            called = title if now == level else f"{title} → {titles[now]}"
            counts.append(LevelCount(level, now, called, old[level], new[now]))
    return tuple(counts)


def points_mood(member: MemberDifference) -> str:
    """What happens to a member's points, on all balances: `gain`, `lose` or `same`."""
    return "lose" if member.loses_points else "gain" if member.gains_points else "same"


def tiles(comparison: ComparisonResult) -> tuple[Tile, ...]:
    """What happens to members, the gravest first."""
    members = comparison.members
    moves = Counter(member.level_move for member in members)
    moods = Counter(map(points_mood, members))
    without = sum(bool(member.benefits_lost) for member in members)
    several = len(comparison.balances) > 1
    lose, gain, have = "lose points", "gain points", "have the same points"
    if comparison.unseen:
        lose, gain, have = (f"are awarded {many} points" for many in ("fewer", "more", "the same"))
    found = (
        Tile("bad", moves[-1], "hold a lower level", "move=-1"),
        Tile("good", moves[1], "hold a higher level", "move=1"),
        Tile("bad", without, "lose a benefit", "lost=1"),
        Tile("bad", moods["lose"], lose + " on a balance" * several, "points=lose"),
        Tile("good", moods["gain"], gain + " on a balance" * several, "points=gain"),
        Tile("", moods["same"], have + " on every balance" * several, "points=same"),
    )
    return tuple(tile if tile.members else tile._replace(mood="") for tile in found)


def change_effects(comparison: ComparisonResult) -> tuple[ChangeEffect, ...]:
    """What each change that is more than words does: by members whose level it moves, then by points.

    The one that the first sentence names comes first.
    """
    first = None if comparison.leading is None else comparison.leading.change
    rising, falling, gaining, losing = (Counter[int]() for _ in range(4))
    for member in comparison.members:
        for influence in member.influences:
            index = influence.change
            change = comparison.changes[index]
            rising[index] += member.level_move > 0 and brings_levels(influence, change)
            falling[index] += member.level_move < 0 and takes_levels(influence, change)
            gaining[index] += influence.points > 0
            losing[index] += influence.points < 0
    effects = [
        ChangeEffect(change, share, rising[index], falling[index], gaining[index], losing[index])
        for share in comparison.attribution.shares
        if (change := comparison.changes[index := share.index]).direction is not Direction.NEUTRAL
    ]
    return tuple(
        sorted(
            effects,
            key=lambda effect: (
                effect.share.index != first,
                -effect.rising - effect.falling,
                -abs(effect.share.points),
                not effect.share.has_effect,
                effect.share.index,
            ),
        )
    )


def people_text(effect: ChangeEffect) -> str:
    """Whom a change moves, in words; empty where it moves nobody.

    Levels come first, because a level weighs more than points.
    """
    parts = (
        (effect.falling, "to a lower level"),
        (effect.rising, "to a higher level"),
        (effect.losing, "to fewer points"),
        (effect.gaining, "to more points"),
    )
    return ", ".join(f"{number:,} {words}" for number, words in parts if number)


def leading_text(comparison: ComparisonResult, effect: ChangeEffect) -> str:
    """What the first sentence names the change for; empty for the others."""
    leading = comparison.leading
    if leading is None or leading.change != effect.share.index:
        return ""
    return f"{'most' if leading.is_most else 'the largest part'} of the {leading.figure}"


def further_changes(comparison: ComparisonResult, member: MemberDifference) -> list[tuple[str, int]]:
    """Points more, or fewer, on each balance that decides no level and differs, with its title."""
    return [
        (balance.title, change)
        for balance, change in zip(comparison.balances, member.balance_changes, strict=True)
        if change and not balance.decides_levels
    ]


def closings_that_differ(member: MemberDifference) -> list[tuple[date, Closing | None, Closing | None]]:
    """The level periods of a member that close at other points, or leave another level, by their last day.

    One that only one side has, as when the day of the anniversary moves, has None on the other.
    """
    old, new = ({closing.last: closing for closing in side.closings} for side in (member.old, member.new))
    return [
        (last, one, other)
        for last in sorted({*old, *new})
        if (one := old.get(last)) != (other := new.get(last))
    ]
