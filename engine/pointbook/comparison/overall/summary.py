"""The whole comparison in one plain sentence."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pointbook.changes.change import Change
    from pointbook.comparison.levels.differences import Words
    from pointbook.comparison.result import MemberDifference
    from pointbook.comparison.shares.result import Leading
    from pointbook.comparison.sides import Sides


def summary_of(
    members: Sequence[MemberDifference],
    sides: Sides,
    leading: Leading | None,
    words: Words,
    *,
    looked_at: bool,
) -> str:
    """Who gains and loses, who rises and falls, where, and mostly by what.

    Args:
        members: Every member.
        sides: Both sides, for their levels and the changes from one to the other.
        leading: The change that brings about the largest part of it.
        words: Titles of the balances.
        looked_at: Whether an event counts on a day on which the two sides can differ.
    """
    if sides.question.alike:
        return "Nothing differs between the two that members could notice."
    if not members:
        return "The log has no member who had signed up by then."
    rising = sum(member.level_move > 0 for member in members)
    falling = sum(member.level_move < 0 for member in members)
    moves = "nobody rises or falls" if looked_at else ""
    if rising or falling:
        moves = f"{_many(rising, 'rise', 'none')}, {_many(falling, 'fall', 'none')}"
    in_force = "" if sides.question.since is None else " while the new version is in force"
    points = [f"No event counted{in_force}, so that who gains or loses was not looked at"]
    if looked_at:
        points = list(_points(members, sides, words))
    parts = filter(None, [*points, moves, _where(members, sides)])
    return f"{'; '.join(parts)}{_cause(sides.changes, leading)}."


def _points(members: Sequence[MemberDifference], sides: Sides, words: Words) -> Iterator[str]:
    """Who gains and who loses points; of which balances that was not looked at."""
    unseen = sides.question.unseen
    names = list(sides.question.program.balances)
    seen = [place for place, name in enumerate(names) if name not in unseen]
    if seen:
        yield _gains(members, seen, words)
    if unseen:
        titles = " or ".join(words.balances[names.index(name)] for name in unseen)
        yield (
            f"{'what' if seen else 'What'} anybody gains or loses in {titles} was not looked at, because it"
            " begins anew on other days, or with something else"
        )


def _gains(members: Sequence[MemberDifference], seen: Sequence[int], words: Words) -> str:
    """Who gains and who loses, on the balances at these places."""
    changes = [[member.balance_changes[place] for place in seen] for member in members]
    main = words.level_balance if words.level_balance in seen else seen[0]
    lost = [
        words.balances[place]
        for place, column in zip(seen, zip(*changes, strict=True), strict=True)
        if min(column) < 0
    ]
    losing = sum(min(own) < 0 for own in changes)
    gaining = sum(own[seen.index(main)] > 0 and min(own) >= 0 for own in changes)
    several = len(words.balances) > 1
    what = f" {words.balances[main]}" if several else ""
    on = " on any balance" if several else ""
    if len(seen) < len(words.balances):
        on = f" in {' or '.join(words.balances[place] for place in seen)}"
    less = f"points{on}"
    if lost and several:
        less = lost[0] if len(lost) == 1 else "points on some balance"
    whole, lose = f"{len(members):,}", f"{_many(losing, 'lose', 'nobody')} {less}"
    if not (gaining or losing):
        return f"Nobody of {whole} gains or loses points{on}"
    if not gaining:
        # Who gains in one balance and loses in another is among those who lose.
        alone = " points without losing any" if any(own[seen.index(main)] > 0 for own in changes) else what
        return f"Nobody of {whole} gains{alone}, {lose}"
    return f"{gaining:,} of {whole} gain{'s' * (gaining == 1)}{what}, {lose}"


def _many(number: int, verb: str, nobody: str) -> str:
    """How many do it."""
    return f"{number:,} {verb}{'s' * (number == 1)}" if number else f"{nobody} {verb}s"


def _where(members: Sequence[MemberDifference], sides: Sides) -> str:
    """The highest level of which there are more or fewer holders; one that has another name is the same."""
    renamed, titles = sides.renamed, sides.titles
    old = Counter(renamed.get(level, level) for member in members if (level := member.old.level) is not None)
    new = Counter(member.new.level for member in members)
    moved = [level for level in sides.ranks if level is not None and old[level] != new[level]]
    return f"{titles[moved[-1]]} {old[moved[-1]]:,} → {new[moved[-1]]:,}" if moved else ""


def _cause(changes: Sequence[Change], leading: Leading | None) -> str:
    """The change that leads; a part that is less than half says what of.

    The table of changes has it first, and says the same there: another change may move more members, each
    with others.
    """
    if leading is None:
        return ""
    much = "mostly" if leading.is_most else f"the largest part of the {leading.figure}"
    return f", {much} by {changes[leading.change].sentence}"
