"""Why a member holds another level under the new rules: the one day and figure that decide, in a sentence.

What decides is the last day from which on one side has the higher of the two levels, or one above
it, and the other does not: there a period closed, at enough for one side and not for the other; or the
level was reached, on one side only; or a version took effect.

Worked out: a year to 7 August closed at 24,245. Under the old rules Catalyst needs 25,000 and is lost,
under the new ones it needs 15,000 and is kept: "year to 2026-08-07 closed at 24,245: enough for Catalyst
at 15,000, not at 25,000".
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from pointbook.comparison.levels.requirements import Missed, missed_by
from pointbook.model.amounts import in_results
from pointbook.model.ledger import LevelCause
from pointbook.model.windows import Resets

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pointbook.comparison.levels.closings import Closing, Course
    from pointbook.interpret.evaluation import Evaluation
    from pointbook.model.ledger import LevelChange
    from pointbook.model.log import Event, Member

_DAY = timedelta(days=1)


class Turning(NamedTuple):
    """One side of a member whose levels differ.

    Attributes:
        name: `old` or `new`.
        evaluation: The rules.
        course: How the member's levels went.
        member: Who; None where nobody asks.
        events: The member's events, in order.
    """

    name: str
    evaluation: Evaluation
    course: Course
    member: Member | None = None
    events: Sequence[Event] = ()

    def needed(self, level: str, day: date) -> int | None:
        """The threshold of a level in the version in force on a day; None where that has no such level."""
        version = self.evaluation.interpreter.timeline.version_on(day)
        if version is None or level not in version.levels:
            return None
        return in_results(version.levels[level].threshold)

    @property
    def asks_for_more(self) -> bool:
        """Whether some level asks for more than a total of the level balance, to be reached or kept."""
        books = self.evaluation.interpreter.timeline.books
        return any(level.requires or level.keep for book in books for level in book.version.levels.values())

    def closing(self, next_day: date) -> Closing | None:
        """The closing of the period that ends before a day, if one does."""
        return next((one for one in self.course.closings if one.last + _DAY == next_day), None)


class Turn(NamedTuple):
    """What decides.

    Attributes:
        sentence: In words; empty where the levels do not differ.
        missed: Ids of the balances of which the side with the lower level lacks some for the higher one.
    """

    sentence: str = ""
    missed: tuple[str, ...] = ()


def turn_of(
    old: Turning, new: Turning, move: int, ranks: Mapping[str | None, int], titles: Mapping[str, str]
) -> Turn:
    """What decides for a member whose held level differs.

    Args:
        old: The member under the old rules.
        new: Under the new ones.
        move: 1 where the new level is the higher, -1 where it is the lower, 0 where neither is.
        ranks: Rank of every level of either side, -1 for none.
        titles: Of these levels.
    """
    low, high = (old, new) if move > 0 else (new, old)
    level = high.course.level
    if old.asks_for_more or new.asks_for_more:
        missed = _missed(low, level, ranks, titles) if move and level is not None else Missed()
        parts = [*filter(None, (missed.sentence, _asked(old, new, level, titles)))]
        return Turn("; ".join(parts or [_held(old, new, titles)]), missed.balances)
    if not move:
        return Turn(_neither(old, new, titles))
    assert level is not None, "no level is below all"
    own = (low.evaluation.interpreter.program.level_balance,)
    return Turn(_by_threshold(low, high, level, ranks, titles) or _held(old, new, titles), own)


def _missed(low: Turning, level: str, ranks: Mapping[str | None, int], titles: Mapping[str, str]) -> Missed:
    """Of what the low side lacks some: when it lost the level, or now."""
    fall = _last(low, lambda one: ranks[one.to_level] < ranks[level] <= ranks[one.from_level])
    closing = None if fall is None else low.closing(fall.date)
    return missed_by(low, level, None if closing is None else closing.last, titles)


def _by_threshold(
    low: Turning, high: Turning, level: str, ranks: Mapping[str | None, int], titles: Mapping[str, str]
) -> str:
    """The day and figure that decide where the level balance alone says which level is reached."""

    def below(held: str | None) -> bool:
        return ranks[held] < ranks[level]

    rise = _last(high, lambda one: below(one.from_level) and not below(one.to_level))
    fall = _last(low, lambda one: below(one.to_level) and not below(one.from_level))
    found = ""
    if fall is not None and (rise is None or fall.date >= rise.date):
        found = _last_closed(fall.date, level, low, high, titles[level])
        found = found or _fallen(fall, low, high, titles)
    elif rise is not None:
        # What a later period closed at is nearer than when the level was first reached.
        found = _last_closed(rise.date + _DAY, level, low, high, titles[level])
        found = found or _risen(rise, level, low, high, titles[level])
    return found


def _asked(old: Turning, new: Turning, level: str | None, titles: Mapping[str, str]) -> str:
    """What reaches and keeps a level on either side on the as-of date, where that differs."""
    versions = [side.evaluation.interpreter.timeline.version_on(side.evaluation.as_of) for side in (old, new)]
    one, other = (None if known is None else known.levels.get(level or "") for known in versions)
    title = _title(level, titles)
    if one is None or other is None:
        return "" if one is other else f"only the {'new' if one is None else 'old'} rules have {title}"
    for before, after, what in (
        (one.words, other.words, "asks for"),
        (one.words_to_keep, other.words_to_keep, "asks, to be kept, for"),
    ):
        if before != after:
            return f"{title} {what} {before} under the old rules, for {after} under the new ones"
    return ""


def _held(old: Turning, new: Turning, titles: Mapping[str, str]) -> str:
    """What is held on either side."""
    held = [
        f"{_title(side.course.level, titles)} with {side.course.standing:,} points" for side in (old, new)
    ]
    return f"{held[0]} under the old rules, {held[1]} under the new ones"


def _neither(old: Turning, new: Turning, titles: Mapping[str, str]) -> str:
    """Two levels of which neither is the higher: one has another name, or their thresholds swapped."""
    held = [
        f"{_title(level, titles)} at {side.needed(level, side.evaluation.as_of):,}"
        for side in (old, new)
        if (level := side.course.level) is not None
    ]
    return f"{held[0]} under the old rules, {held[1]} under the new ones: neither is higher"


def _last(side: Turning, matching: Callable[[LevelChange], bool]) -> LevelChange | None:
    return next((change for change in reversed(side.course.history) if matching(change)), None)


def _last_closed(since: date, level: str, low: Turning, high: Turning, title: str) -> str:
    """The last period, ending just before `since` or later, that closed at enough for one side only.

    One that closed later decides too: at enough, the low side would have the level again.
    """
    days = (closing.last + _DAY for closing in reversed(high.course.closings))
    texts = (_closed(day, level, low, high, title) for day in days if day >= since)
    return next(filter(None, texts), "")


def _closed(next_day: date, level: str, low: Turning, high: Turning, title: str) -> str:
    """A period that closed at enough for the high side and at too little for the low one; else empty."""
    lost, kept = low.closing(next_day), high.closing(next_day)
    asked, enough = low.needed(level, next_day), high.needed(level, next_day)
    if lost is None or kept is None or asked is None or enough is None:
        return ""
    if lost.points >= asked or kept.points < enough:
        return ""
    year = f"year to {lost.last} closed at"
    if lost.points == kept.points:
        return f"{year} {lost.points:,}: enough for {title} at {enough:,}, not at {asked:,}"
    texts = [
        (f"{lost.points:,} under the {low.name} rules", f"not enough for {title} at {asked:,}"),
        (f"{kept.points:,} under the {high.name} rules", f"enough for {title} at {enough:,}"),
    ]
    (one, first), (other, second) = texts if low.name == "old" else texts[::-1]
    if asked == enough:
        return f"{year} {one} and at {other}: {title} needs {asked:,}"
    return f"{year} {one}, {first}; at {other}, {second}"


def _fallen(fall: LevelChange, low: Turning, high: Turning, titles: Mapping[str, str]) -> str:
    """The low side lost the level, for another reason than its points alone."""
    lost, kept = low.closing(fall.date), high.closing(fall.date)
    if lost is None:
        held, counts = _title(fall.from_level, titles), _title(fall.to_level, titles)
        return f"from {fall.date} on {held} counts as {counts} under the {low.name} rules"
    sides = [(lost, low)] if kept is None else [(lost, low), (kept, high)]
    if low.name != "old":
        sides.reverse()
    closed = [
        f"at {closing.points:,} under the {side.name} rules, {_verdict(closing, titles)}"
        for closing, side in sides
    ]
    return f"year to {lost.last} closed {'; '.join(closed)}"


def _verdict(closing: Closing, titles: Mapping[str, str]) -> str:
    """What a closing total is enough for, and the level that it leaves."""
    if closing.level is None or closing.needed is None:
        return "without a level"
    enough = "enough" if closing.points >= closing.needed else "not enough"
    text = f"{enough} for {titles[closing.level]} at {closing.needed:,}"
    return text if closing.after == closing.level else f"{text}, which leaves {_title(closing.after, titles)}"


def _risen(rise: LevelChange, level: str, low: Turning, high: Turning, title: str) -> str:
    """Only the high side reached the level."""
    needed, asked = high.needed(level, rise.date), low.needed(level, low.evaluation.as_of)
    if needed is None:
        return ""
    how = f"reached {needed:,} on {rise.date}"
    if rise.cause is not LevelCause.REACHED:
        how = f"from {rise.date} on {needed:,} are enough"
    how, others = f"{how}: enough for {title} under the {high.name} rules", f"the {low.name} ones"
    if asked is None:
        return f"{how}; {others} have no such level"
    standing, program = low.course.standing, low.evaluation.interpreter.program
    closed = [closing.points for closing in low.course.closings if closing.last >= rise.date]
    most = max([*closed, standing])
    if most >= asked:
        return ""
    so_far = f"no year has more than {most:,}" if closed else f"the year has {standing:,} so far"
    if program.balances[program.level_balance].resets is Resets.NEVER:
        if standing == high.course.standing and standing >= needed:
            return f"has {standing:,} points: enough for {title} at {needed:,}, not at {asked:,}"
        so_far = f"there are {standing:,}"
    if asked == needed:
        return f"{how}; under {others} {so_far}"
    return f"{how}; {others} ask for {asked:,}, and {so_far}"


def _title(level: str | None, titles: Mapping[str, str]) -> str:
    return "no level" if level is None else titles[level]
