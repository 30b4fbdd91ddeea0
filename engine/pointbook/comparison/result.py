"""A finished comparison: everything that a report says, computed; renderers only lay it out.

Whole numbers are exact; ratios are fractions. Members are named by pseudonyms unless ids may be shown.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from operator import lt, sub
from typing import TYPE_CHECKING, NamedTuple

from pointbook.comparison.levels.differences import Words, difference_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date
    from fractions import Fraction

    from pointbook.changes.change import Change
    from pointbook.comparison.outcome import MemberOutcome
    from pointbook.comparison.shares.result import Attribution, Influence, Leading
    from pointbook.comparison.summaries import (
        BalanceSummary,
        Flow,
        Promotion,
        Quality,
        Spread,
        Unanswered,
    )
    from pointbook.model.program import Version

BANDS = ("down_much", "down", "unchanged", "up", "up_much")
"""Lost more than 5 % of the old points; lost; the same; gained; gained more than 5 %."""


@dataclass(frozen=True, slots=True)
class MemberDifference:
    """One member on both sides.

    Attributes:
        name: Id or pseudonym.
        events: Events up to the as-of date.
        band: One of `BANDS`, by the balance that decides levels.
        level_move: -1 for a lower held level, 1 for a higher one, 0 for the same or one as high.
        influences: Which changes move this member, and which way; the one that moves the points most
            first. Empty where not attributed.
        ranks: How many levels higher, or, negative, lower, the held level is, among those of either side.
        turn: Why the held levels differ; empty where they do not.
        missed: Ids of the balances of which the side with the lower level lacks some for the higher one.
    """

    name: str
    events: int
    old: MemberOutcome
    new: MemberOutcome
    band: str
    level_move: int
    influences: tuple[Influence, ...] = ()
    ranks: int = 0
    turn: str = ""
    missed: tuple[str, ...] = ()
    words: Words = field(default_factory=Words)

    @property
    def change(self) -> int:
        """Points more (or, negative, fewer) on the balance that decides levels."""
        return self.new.effects.points - self.old.effects.points

    @property
    def balance_changes(self) -> tuple[int, ...]:
        """The same of each balance, in the program's order."""
        return tuple(map(sub, self.new.balances, self.old.balances))

    @property
    def loses_points(self) -> bool:
        """Whether any balance has fewer points."""
        return any(map(lt, self.new.balances, self.old.balances))

    @property
    def gains_points(self) -> bool:
        """Whether a balance has more points, and none has fewer."""
        return self.new.balances != self.old.balances and not self.loses_points

    @property
    def differs(self) -> bool:
        """Whether anything that is compared is not the same."""
        old, new = ((one.effects, one.level, one.benefits, one.balances) for one in (self.old, self.new))
        return old != new

    @property
    def sentence(self) -> str:
        """What decides: why the levels differ, else what moves the points most; empty for no difference."""
        if self.turn:
            return self.turn
        first = self.influences[0] if self.influences else None
        return difference_text(
            self.words,
            self.balance_changes,
            None if first is None else (first.change, first.points),
            self.new.effects.less(self.old.effects)[1:],
            (len(self.benefits_lost), len(self.benefits_gained)),
        )

    @property
    def benefits_lost(self) -> tuple[str, ...]:
        """What the level held under the old rules brings, and the one under the new rules does not."""
        return tuple(benefit for benefit in self.old.benefits if benefit not in self.new.benefits)

    @property
    def benefits_gained(self) -> tuple[str, ...]:
        """What only the level held under the new rules brings."""
        return tuple(benefit for benefit in self.new.benefits if benefit not in self.old.benefits)


def ranked(members: Iterable[MemberDifference]) -> list[MemberDifference]:
    """Members with the most affected first.

    Who loses levels comes first, those first who lose most levels and then most points; then who gains
    levels, likewise; then the others, by how many points they gain or lose on the balance that moves most.
    """

    def place(member: MemberDifference) -> tuple[int, int, int, str]:
        ranks, change = member.ranks, member.change
        if member.level_move < 0:
            return 0, ranks, change, member.name
        if member.level_move > 0:
            return 1, -ranks, -change, member.name
        return 2, 0, -max(map(abs, member.balance_changes), default=0), member.name

    return sorted(members, key=place)


class Bounds(NamedTuple):
    """How far a figure could be moved: the least and the most; None where no limit is known."""

    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Headline:
    """One figure of the whole.

    Attributes:
        key: Its stable name.
        label: What it is.
        old: Under the old rules; None for a figure that only the comparison has.
        new: Under the new rules.
        change: The difference.
        percent: The difference in percent of the old figure; None where that is nothing.
        sentence: The same in a sentence.
        low: The difference with every missing assessed value at its lowest.
        high: The difference with every missing assessed value at its highest.
        rejects: How far it could be moved, had rejected rows been right; None where that is not computed.
    """

    key: str
    label: str
    old: int | None
    new: int
    change: int
    percent: Fraction | None
    sentence: str
    low: int
    high: int
    rejects: Bounds | None = None

    @property
    def is_open(self) -> bool:
        """Whether missing assessed values could move it."""
        return not self.low == self.high == self.change

    @property
    def is_outside(self) -> bool:
        """Whether it lies on one side of both assumptions: what is assumed as measured is neither."""
        return not min(self.low, self.high) <= self.change <= max(self.low, self.high)


@dataclass(frozen=True, slots=True)
class TraceRow:
    """One event of one member under both, or one change of level.

    Attributes:
        activity: Empty for a change of level, as is the event.
        old_outcome: What became of the event; of a level, why it changed; empty where it did not.
        old_balance: Title of the balance that it goes to, if that is not the one that decides levels.
        new_balance: Likewise.
        old_total: The running total of the period in that balance, with the event; of a period's end, what
            it closed at.
        new_total: Likewise.
        kind: `event` or `level`.
    """

    day: date
    event: str
    activity: str
    old_awarded: int
    old_outcome: str
    old_level: str | None
    new_awarded: int
    new_outcome: str
    new_level: str | None
    old_balance: str = ""
    new_balance: str = ""
    old_total: int = 0
    new_total: int = 0
    kind: str = "event"


@dataclass(frozen=True, slots=True)
class ComparisonResult:
    """What a new version changes, and what that does to members.

    Attributes:
        old_name: What was compared, as the user named it.
        since: The day on which the new version takes effect, or from which whole programs differ; None for as
            if always in force.
        question: `always`, `from` a day, or `programs`, all versions of each one after the other.
        asked: How the two are compared, in words.
        unseen: Titles of balances of which awards do not tell what members have left.
        replays: How often the log's last twelve months come again, one year later each time.
        announced: Of each change, the version that announces it; None where none does.
        first_event: Local date of the first event up to the as-of date; None for an empty log.
        shows_ids: Whether members are named by their ids.
        levels: Levels of either side, from the lowest, with titles.
        matrix: Members by level held under the old and under the new rules; None for none.
        level_moves: Of each pair of levels in it, 1 where the new one is higher, -1 where it is lower, 0
            where neither is.
        renamed: Levels under the old rules that have another id under the new, at the same threshold.
        bands: Members by band.
        bands_by_level: The same, by the level held under the old rules.
        activities: Points by activity, with the balance they go to; by size of the difference.
        months: Points of the level balance by calendar month.
        cuts: Events that limits cut, by activity.
        benefits_lost: Members who lose it, by benefit.
        near: Members near a threshold on either side.
        members: Every member, by name.
        leading: The change that the first sentence names, and lists of changes have first.
        traces: Event by event, of the members who differ most; by name.
    """

    program_id: str
    program_title: str
    balance_title: str
    old_name: str
    new_name: str
    old: Version
    new: Version
    since: date | None
    as_of: date
    question: str
    asked: str
    replays: int
    announced: tuple[Version | None, ...]
    first_event: date | None
    last_event: date | None
    shows_ids: bool
    changes: tuple[Change, ...]
    headlines: tuple[Headline, ...]
    attribution: Attribution
    levels: tuple[tuple[str, str], ...]
    matrix: Mapping[tuple[str | None, str | None], int]
    level_moves: Mapping[tuple[str | None, str | None], int]
    renamed: Mapping[str, str]
    bands: Mapping[str, int]
    bands_by_level: Mapping[str | None, Mapping[str, int]]
    activities: tuple[Flow, ...]
    months: tuple[Flow, ...]
    cuts: tuple[Flow, ...]
    promotions: tuple[Promotion, ...]
    benefits_lost: Mapping[str, int]
    benefits_gained: Mapping[str, int]
    near: tuple[MemberDifference, ...]
    members: tuple[MemberDifference, ...]
    traces: Mapping[str, tuple[TraceRow, ...]]
    quality: Quality
    warnings: tuple[str, ...]
    balances: tuple[BalanceSummary, ...]
    summary: str
    leading: Leading | None
    unanswered: tuple[Unanswered, ...]
    assumptions: tuple[str, ...]
    unseen: tuple[str, ...]
    distribution: tuple[Spread, ...]
    ranked: tuple[MemberDifference, ...]
