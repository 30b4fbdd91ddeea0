"""The rules of a version as frozen values: what each promises.

Points are integers, or exact decimals where their balance has places; so are quantities. Mappings keep
the order of the file. Source: docs/meaning.md, "The rules".
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar

from pointbook.model.plain_values import IF_GIVEN
from pointbook.model.points.lookup import Table
from pointbook.model.wording import quantity

if TYPE_CHECKING:
    from collections.abc import Callable

    from pointbook.model.amounts import Amount
    from pointbook.model.conditions import Condition
    from pointbook.model.log import Attributes
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
    """Points added when a condition holds, a percentage of the amount, or both.

    Attributes:
        points: Points, negative for a deduction.
        condition: When; `ALWAYS` where none is written.
        percent: Of the amount before bonuses and sharing, or a table of such.
    """

    LATER: ClassVar = {"percent": 0}

    points: Amount
    condition: Condition
    title: str | None = None
    note: str | None = None
    source: Source | None = None
    percent: Amount | Table = 0

    @property
    def percents(self) -> tuple[Amount, ...]:
        """Every percentage that an event can get."""
        return self.percent.every_amount if isinstance(self.percent, Table) else (self.percent,)

    @property
    def words(self) -> str:
        """What it adds: "+5 points", "+25 %"."""
        parts = (
            [] if self.points == 0 and self.percent != 0 else [quantity(self.points, "point", signed=True)]
        )
        if isinstance(self.percent, Table):
            parts.append(f"percent {self.percent.words}")
        elif self.percent != 0:
            parts.append(f"{self.percent:+,} %")
        return " and ".join(parts)

    def percent_for(self, given: Attributes) -> Amount | None:
        """The percentage for an event with these attributes; None where its table has none."""
        return self.percent.found_for(given) if isinstance(self.percent, Table) else self.percent


@dataclass(frozen=True, slots=True)
class Cap:
    """A limit on what is awarded in a window.

    Attributes:
        kind: Whether points or positive events are counted.
        limit: The most that is awarded.
        per: The window.
        balance: The balance of which points count; None for whatever the event feeds.
    """

    LATER: ClassVar = {"balance": None}

    kind: CapKind
    limit: Amount
    per: Per
    title: str | None = None
    note: str | None = None
    source: Source | None = None
    balance: str | None = field(default=None, metadata=IF_GIVEN)

    @property
    def name(self) -> str:
        """What it counts, in which window: its name in the addresses of changes."""
        counted = self.kind if self.balance is None else f"{self.kind} of {self.balance}"
        return f"{counted} per {self.per}"

    @property
    def words(self) -> str:
        """It in words: "100 points per calendar month"."""
        counted = self.kind.counted(self.limit)
        return f"{counted}{'' if self.balance is None else f' of {self.balance}'} {self.per.window.words}"


@dataclass(frozen=True, slots=True)
class Group:
    """Activities that share limits, or a condition.

    Attributes:
        caps: The limits, which may be none.
        eligible_if: What must hold for each of its activities, beside their own; None for nothing.
    """

    id: str
    caps: tuple[Cap, ...]
    title: str | None = None
    note: str | None = None
    source: Source | None = None
    eligible_if: Condition | None = field(default=None, metadata=IF_GIVEN)


@dataclass(frozen=True, slots=True)
class Benefit:
    """What a level brings.

    Attributes:
        from_level: Lowest level that has it, or None where the program does not state one.
        condition: What must hold too, of the member and the level held; None for nothing.
    """

    id: str
    from_level: str | None
    title: str | None = None
    note: str | None = None
    source: Source | None = None
    condition: Condition | None = field(default=None, metadata=IF_GIVEN)


@dataclass(frozen=True, slots=True)
class LifeCycle:
    """What happens at anniversaries; where nothing is stated, as in the version that it `follows`, if any."""

    demotion: Demotion = Demotion.TO_EARNED
    leap_day: LeapDay = LeapDay.FEB_28
    is_stated: bool = True
    follows: str | None = field(default=None, compare=False)
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
