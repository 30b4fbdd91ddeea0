"""A finished comparison: everything that a report says, computed; renderers only lay it out.

Whole numbers are exact; ratios are fractions. Members are named by pseudonyms unless ids may be shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from operator import lt, sub
from typing import TYPE_CHECKING, NamedTuple

from pointbook.model.wording import quantity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date
    from fractions import Fraction

    from pointbook.changes.change import Change
    from pointbook.comparison.outcome import MemberOutcome
    from pointbook.comparison.shares.result import Attribution, Influence
    from pointbook.comparison.summaries import BalanceSummary, Spread, Unanswered
    from pointbook.model.ledger import Assume
    from pointbook.model.program import Version

BANDS = ("down_much", "down", "unchanged", "up", "up_much")
"""Lost more than 5 % of the old points; lost; the same; gained; gained more than 5 %."""


class Words(NamedTuple):
    """What sentences about members name, shared by all of them.

    Attributes:
        balances: Titles, in the program's order.
        level_balance: Place of the balance that decides levels.
        changes: What each change is, in a sentence.
    """

    balances: tuple[str, ...] = ()
    level_balance: int = 0
    changes: tuple[str, ...] = ()


NO_WORDS = Words()


@dataclass(frozen=True, slots=True)
class MemberDifference:
    """One member on both sides.

    Attributes:
        name: Id or pseudonym.
        events: Events up to the as-of date.
        band: One of `BANDS`, by the balance that decides levels.
        level_move: -1 for a lower held level, 1 for a higher one, 0 for the same.
        influences: Which changes move this member, and which way; the one that moves the points most
            first. Empty where not attributed.
        ranks: How many levels higher, or, negative, lower, the held level is, among those of either side.
        turn: Why the held levels differ; empty where they do not.
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
    words: Words = NO_WORDS

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
        old, new = self.old, self.new
        return (old.effects, old.level, old.benefits, old.balances) != (
            new.effects,
            new.level,
            new.benefits,
            new.balances,
        )

    @property
    def sentence(self) -> str:
        """What decides: why the levels differ, else what moves the points most; empty for no difference."""
        return self.turn or _difference_text(self)

    @property
    def benefits_lost(self) -> tuple[str, ...]:
        """What the level held under the old rules brings, and the one under the new rules does not."""
        return tuple(benefit for benefit in self.old.benefits if benefit not in self.new.benefits)

    @property
    def benefits_gained(self) -> tuple[str, ...]:
        """What only the level held under the new rules brings."""
        return tuple(benefit for benefit in self.new.benefits if benefit not in self.old.benefits)


def _difference_text(member: MemberDifference) -> str:
    words, changes = member.words, member.balance_changes
    parts = [
        quantity(change, "point", signed=True) + (f" in {title}" if len(changes) > 1 else "")
        for change, title in zip(changes, words.balances, strict=True)
        if change
    ]
    first = member.influences[0] if member.influences else None
    if first is not None and first.points * member.change > 0:
        parts[-1] += f", mostly by {words.changes[first.change]}"
    if not parts:
        moves = ("promotion", "demotion")
        _, *differences = member.new.effects.less(member.old.effects)
        parts = [
            quantity(more, what, signed=True) for more, what in zip(differences, moves, strict=True) if more
        ]
    return ", ".join(parts)


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
class Flow:
    """One thing counted under both, such as an activity's points.

    Attributes:
        balance: The balance that an activity's points go to, if not the one that decides levels.
    """

    name: str
    title: str
    old: int
    new: int
    balance: str = ""


@dataclass(frozen=True, slots=True)
class Promotion:
    """When members first reach a level, under both.

    Attributes:
        earlier: Members who reach it on an earlier day.
        days_earlier: By how many days, in all.
        only_old: Members who reach it under the old rules only.
    """

    level: str
    title: str
    same_day: int
    earlier: int
    days_earlier: int
    later: int
    days_later: int
    only_old: int
    only_new: int


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
class Quality:
    """How far the log can be relied on.

    Attributes:
        events_read: Rows of events read.
        events: Events that were evaluated.
        after_as_of: Events later than the as-of date.
        rejects: Rows that could not be used, by reason.
        old_outcomes: Events by what became of them, under the old rules.
        new_outcomes: Likewise under the new.
        members_in_rejects: Members whom rejected rows name.
        rejected_events_of_nobody: Rejected rows of events that name no member of the log.
        rejected_members: Rejected rows of members.
        repeated: Rejected rows that are there already, and so could move nothing.
        unlimited: Activities that rejected rows can be of, and of which a single event can move the
            points without limit.
        open_members: Members with an assessed value that is missing or assumed.
        assume: What a missing one is taken to be.
    """

    events_read: int
    events: int
    after_as_of: int
    rejects: Mapping[str, int]
    old_outcomes: Mapping[str, int]
    new_outcomes: Mapping[str, int]
    members_in_rejects: int
    rejected_events_of_nobody: int
    rejected_members: int
    repeated: int
    unlimited: tuple[str, ...]
    open_members: int
    assume: Assume


@dataclass(frozen=True, slots=True)
class ComparisonResult:
    """What a new version changes, and what that does to members.

    Attributes:
        old_name: What was compared, as the user named it.
        since: The day on which the new version takes effect, or from which whole programs differ; None for as
            if always in force.
        asked: How the two are compared, in words.
        replays: How often the log's last twelve months come again, one year later each time.
        announced: Of each change, the version that announces it; None where none does.
        first_event: Local date of the first event up to the as-of date; None for an empty log.
        shows_ids: Whether members are named by their ids.
        levels: Levels of either side, from the lowest, with titles.
        matrix: Members by level held under the old and under the new rules; None for none.
        bands: Members by band.
        bands_by_level: The same, by the level held under the old rules.
        activities: Points by activity, with the balance they go to; by size of the difference.
        months: Points of the level balance by calendar month.
        cuts: Events that limits cut, by activity.
        benefits_lost: Members who lose it, by benefit.
        near: Members near a threshold on either side.
        members: Every member, by name.
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
    unanswered: tuple[Unanswered, ...]
    assumptions: tuple[str, ...]
    distribution: tuple[Spread, ...]
    ranked: tuple[MemberDifference, ...]
