"""What a comparison sums up: of each balance, of each level, and what the log cannot answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from fractions import Fraction

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
