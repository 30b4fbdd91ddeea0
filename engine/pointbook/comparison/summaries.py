"""What a comparison sums up: of each balance, of each level, and what the log cannot answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from fractions import Fraction

    from pointbook.model.ledger import Assume

ALL: Final = "*"
"""Stands for the members of all levels together; no level has that id."""


@dataclass(frozen=True, slots=True)
class BalanceSummary:
    """What becomes of one balance.

    Attributes:
        balance: Its id.
        title: What people call it.
        decides_levels: Whether it is the one that does.
        old: Points awarded on it over the whole log, all members together, under the old rules.
        new: Under the new ones.
        gaining: Members who have more points on it.
        losing: Members who have fewer.
        unchanged: Members who have as many.
        most_lost: Points that the member who loses most loses; 0 where nobody does.
        most_gained: Points that the member who gains most gains; 0 where nobody does.
    """

    balance: str
    title: str
    decides_levels: bool
    old: int
    new: int
    gaining: int
    losing: int
    unchanged: int
    most_lost: int
    most_gained: int


@dataclass(frozen=True, slots=True)
class Spread:
    """How gains and losses are spread among members who hold the same level under the old rules.

    Points more (or, negative, fewer) on the balance that decides levels. Each quartile is the
    difference of one of the members: the first, from the least on, up to which there are a quarter,
    half or three quarters of them.

    Attributes:
        level: Held under the old rules, None for none; `ALL` for everybody.
        members: How many they are.
        least: The largest loss, or the smallest gain.
        most: The largest gain, or the smallest loss.
        top_tenth: How much of all that is gained the tenth of them with the largest gains has, that
            tenth rounded up to whole members; None where nobody gains.
    """

    level: str | None
    members: int
    least: int
    lower_quartile: int
    median: int
    upper_quartile: int
    most: int
    top_tenth: Fraction | None


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
class Unanswered:
    """Something that the log cannot answer, and what depends on it.

    Attributes:
        code: Its stable name, such as `missing-column`.
        sentence: What cannot be answered, and why.
        events: How many events, or rows, it is about.
        points: Points at stake, in words; empty where nothing can be said.
    """

    code: str
    sentence: str
    events: int
    points: str


@dataclass(frozen=True, slots=True)
class Quality:
    """How far the log can be relied on.

    Attributes:
        events_read: Rows of events read.
        members_read: Rows of members read.
        events: Events that were evaluated.
        after_as_of: Events later than the as-of date.
        rejects: Rows that could not be used, by reason.
        last_counted: Local date of the last event that counts on either side; None where none does.
        counted_in_force: Whether such an event lies on a day on which the new version is in force.
        fed_in_force: The balances in which such events lie there; all where it is always in force.
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
    members_read: int
    events: int
    after_as_of: int
    rejects: Mapping[str, int]
    last_counted: date | None
    counted_in_force: bool
    fed_in_force: tuple[str, ...]
    old_outcomes: Mapping[str, int]
    new_outcomes: Mapping[str, int]
    members_in_rejects: int
    rejected_events_of_nobody: int
    rejected_members: int
    repeated: int
    unlimited: tuple[str, ...]
    open_members: int
    assume: Assume
