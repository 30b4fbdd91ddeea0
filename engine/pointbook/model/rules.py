"""The rules of a version as frozen values: what each promises.

Points are integers; quantities that multiply them are exact decimals. Mappings keep the order of
the file. Source: docs/meaning.md, "The rules".
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

from pointbook.model.attributes import Attribute, AttributeType
from pointbook.model.form import Need

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pointbook.model.conditions import Condition
    from pointbook.model.points import Points
    from pointbook.model.windows import CapKind, Per

    LeapDayIn = Callable[[int], "LeapDay"]
    """The leap-day policy of a common year, asked by year."""

Path = tuple[str | int, ...]
"""Keys and list indexes from the top of a document to a value."""


class Demotion(StrEnum):
    """What an anniversary does to a level that the closing year did not earn."""

    TO_EARNED = "to_earned"
    ONE_LEVEL = "one_level"


class LeapDay(StrEnum):
    """Where 29 February falls in a common year."""

    FEB_28 = "feb_28"
    MAR_1 = "mar_1"


def anniversary(signed_up_on: date, number: int, leap_day_in: LeapDayIn) -> date:
    """The day on which membership year `number` ends and the next begins; 0 is the sign-up itself.

    Counted from the sign-up date itself, so that a 29 February comes back in every leap year.

    >>> anniversary(date(2020, 2, 29), 1, lambda year: LeapDay.MAR_1)
    datetime.date(2021, 3, 1)
    """
    year, month, day = signed_up_on.year + number, signed_up_on.month, signed_up_on.day
    if day == 29 and month == 2 and not calendar.isleap(year):  # noqa: PLR2004 - 29 February
        return date(year, 2, 28) if leap_day_in(year) is LeapDay.FEB_28 else date(year, 3, 1)
    return date(year, month, day)  # sooner than `replace`


@dataclass(frozen=True, slots=True)
class Source:
    """The published text a rule comes from."""

    document: str
    section: str | None = None

    def words(self, page: Source | None) -> str:
        """It in words; `page` stands in for a document that it takes over."""
        document = self.document or (page.document if page is not None else "")
        return " § ".join(part for part in (document, self.section) if part)


@dataclass(frozen=True, slots=True)
class Bonus:
    """Points added when a condition holds."""

    points: int
    condition: Condition
    title: str | None = None
    note: str | None = None
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Cap:
    """A limit on what is awarded in a window.

    Attributes:
        kind: Whether points or positive events are counted.
        limit: The most that is awarded.
        per: The window.
    """

    kind: CapKind
    limit: int
    per: Per
    title: str | None = None
    note: str | None = None
    source: Source | None = None

    @property
    def name(self) -> str:
        """What it counts, in which window: its name in the addresses of changes."""
        return f"{self.kind} per {self.per}"

    @property
    def words(self) -> str:
        """It in words: "100 points per calendar month"."""
        return f"{self.kind.counted(self.limit)} {self.per.window.words}"


@dataclass(frozen=True, slots=True)
class Activity:
    """Something members do that is worth points.

    Attributes:
        id: What the log calls it.
        balance: The balance it feeds.
        points: How its points are found.
        attributes: What the log carries with it.
        eligible_if: Who and what counts, or None for all.
        bonuses: Added to the points, in order.
        split_among: Attribute with the number of people who share the points.
        caps: Its own limits, in order.
        groups: Groups whose limits follow, in order.
    """

    id: str
    balance: str
    points: Points
    title: str | None = None
    attributes: Mapping[str, Attribute] = field(default_factory=lambda: MappingProxyType({}))
    eligible_if: Condition | None = None
    bonuses: tuple[Bonus, ...] = ()
    split_among: str | None = None
    caps: tuple[Cap, ...] = ()
    groups: tuple[str, ...] = ()
    note: str | None = None
    source: Source | None = None

    @property
    def needs(self) -> tuple[Need, ...]:
        """The attributes without which its points cannot be found, apart from its conditions."""
        if self.split_among is None:
            return self.points.needs
        hint = "name an attribute of `type: integer`"
        types = (AttributeType.INTEGER,)
        return (
            *self.points.needs,
            Need(self.split_among, ("split_among",), types, "be a number of people", hint),
        )


@dataclass(frozen=True, slots=True)
class Group:
    """Activities that share limits."""

    id: str
    caps: tuple[Cap, ...]
    title: str | None = None
    note: str | None = None
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Level:
    """A status that a period's points reach.

    Attributes:
        id: Its stable name.
        threshold: Points in one level period that reach it, inclusive.
    """

    id: str
    threshold: int
    title: str | None = None
    note: str | None = None
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Benefit:
    """What a level brings.

    Attributes:
        from_level: Lowest level that has it, or None where the program does not state one.
    """

    id: str
    from_level: str | None
    title: str | None = None
    note: str | None = None
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class LifeCycle:
    """What happens at anniversaries."""

    demotion: Demotion = Demotion.TO_EARNED
    leap_day: LeapDay = LeapDay.FEB_28
    note: str | None = None
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Removal:
    """A rule that the version before in time has, and that this one does not have on purpose.

    Attributes:
        id: The rule's id in the version before.
        note: Why it goes.
    """

    id: str
    note: str
    source: Source | None = None
