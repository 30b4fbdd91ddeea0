"""The rules of a version as frozen values: what each promises.

Points are integers, or exact decimals where their balance has places; so are quantities. Mappings keep
the order of the file. Source: docs/meaning.md, "The rules".
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from pointbook.model.attributes import LEVEL, Attribute, AttributeType
from pointbook.model.conditions import attributes_in
from pointbook.model.form import Need
from pointbook.model.lookup import Table
from pointbook.model.plain_values import IF_GIVEN
from pointbook.model.wording import quantity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pointbook.model.amounts import Amount
    from pointbook.model.conditions import Condition
    from pointbook.model.log import Attributes
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
    """

    kind: CapKind
    limit: Amount
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


class MetCap(NamedTuple):
    """A cap that limits the events of an activity.

    Attributes:
        scope: `activity` or `group`.
        owner: Id of the activity, or of the group.
        position: Which of the owner's caps, from 0.
        cap: The limit.
    """

    scope: str
    owner: str
    position: int
    cap: Cap


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
        places: Of the balance that it feeds.
    """

    LATER: ClassVar = {"places": 0}

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
    places: int = field(default=0, compare=False)

    @property
    def named_attributes(self) -> frozenset[str]:
        """The attributes that its points and its own conditions name."""
        conditions = [bonus.condition for bonus in self.bonuses]
        conditions += [] if self.eligible_if is None else [self.eligible_if]
        named = {name for condition in conditions for name in attributes_in(condition)}
        return frozenset({need.name for need in self.needs} | named)

    @property
    def looks_at_level(self) -> bool:
        """Whether what an event comes to depends on the level held just before it."""
        return LEVEL in self.named_attributes

    @property
    def tables(self) -> Iterator[tuple[tuple[str | int, ...], Table]]:
        """Every table of its points and percentages, with where it is written, from the activity down."""
        yield from self.points.tables
        for index, bonus in enumerate(self.bonuses):
            if isinstance(bonus.percent, Table):
                yield ("bonuses", index, "percent", "by"), bonus.percent

    @property
    def needs(self) -> tuple[Need, ...]:
        """The attributes without which its points cannot be found, apart from its conditions."""
        percents = tuple(
            replace(need, path=("bonuses", index, "percent", *need.path[1:]))
            for index, bonus in enumerate(self.bonuses)
            if isinstance(bonus.percent, Table)
            for need in bonus.percent.needs
        )
        if self.split_among is None:
            return (*self.points.needs, *percents)
        hint = "name an attribute of `type: integer`"
        types = (AttributeType.INTEGER,)
        return (
            *self.points.needs,
            *percents,
            Need(self.split_among, ("split_among",), types, "be a number of people", hint),
        )


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
