"""A program's rules as frozen values: what a version promises, with the place each rule was written.

Points are integers; quantities that multiply them are exact decimals. Mappings keep the order of
the file. Source: docs/meaning.md, "The rules".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, assert_never

from pointbook.model.sections import Section

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from pointbook.diagnostics import Span

Value = int | Decimal | str | bool
"""A value of an attribute that is not a date; dates are `datetime.date`."""

Path = tuple[str | int, ...]
"""Keys and list indexes from the top of a document to a value."""

MEMBER_PREFIX = "member."
OCCURRED_ON = "occurred_on"
"""The attribute every event has: its local date."""


class AttributeType(StrEnum):
    """What an attribute's values are."""

    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    TEXT = "text"
    BOOLEAN = "boolean"


class Resets(StrEnum):
    """When a balance goes back to its start."""

    MEMBERSHIP_YEAR = "membership_year"
    CALENDAR_YEAR = "calendar_year"
    NEVER = "never"


class CapKind(StrEnum):
    """What a cap counts."""

    POINTS = "points"
    TIMES = "times"


class Per(StrEnum):
    """The window in which a cap counts."""

    DAY = "day"
    WEEK = "week"
    CALENDAR_MONTH = "calendar_month"
    CALENDAR_YEAR = "calendar_year"
    MEMBERSHIP_YEAR = "membership_year"
    LIFETIME = "lifetime"


class Demotion(StrEnum):
    """What an anniversary does to a level that the closing year did not earn."""

    TO_EARNED = "to_earned"
    ONE_LEVEL = "one_level"


class LeapDay(StrEnum):
    """Where 29 February falls in a common year."""

    FEB_28 = "feb_28"
    MAR_1 = "mar_1"


@dataclass(frozen=True, slots=True)
class Source:
    """The published text a rule comes from."""

    document: str
    section: str | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Holds when the attribute satisfies every operator that is given.

    Attributes:
        attribute: Name of an event attribute, `occurred_on`, or `member.` and a member attribute.
        equals: The value it must be (`is`).
        among: The values it may be (`in`).
        at_least: Inclusive lower bound.
        at_most: Inclusive upper bound.
        present: Whether it must be given (True) or absent (False).
        within: Inclusive span after another date attribute.
    """

    attribute: str
    equals: Value | date | None = None
    among: tuple[Value | date, ...] | None = None
    at_least: int | Decimal | date | None = None
    at_most: int | Decimal | date | None = None
    present: bool | None = None
    within: Within | None = None

    @property
    def asks_for_value(self) -> bool:
        """Whether it asks for more than whether its attribute is given."""
        operators = (self.equals, self.among, self.at_least, self.at_most, self.within)
        return any(operator is not None for operator in operators)


@dataclass(frozen=True, slots=True)
class Within:
    """From the day of `after` up to and including `days` days later."""

    days: int
    after: str


@dataclass(frozen=True, slots=True)
class All:
    """Holds when every part holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Holds when at least one part holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Holds when the part does not."""

    part: Condition


Condition = Comparison | All | AnyOf | Not


@dataclass(frozen=True, slots=True)
class Fixed:
    """The same amount every time.

    Attributes:
        points: Points, negative for a deduction.
    """

    points: int


@dataclass(frozen=True, slots=True)
class Assessed:
    """An amount that people decide inside a range; the log carries it.

    Attributes:
        minimum: Lowest points allowed.
        maximum: Highest points allowed.
        open_ended: Written as `up_to`, with 1 as the lowest.
    """

    minimum: int
    maximum: int
    open_ended: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class PerUnit:
    """Points for each unit of a quantity.

    Attributes:
        points: Points for one unit.
        attribute: Name of the integer or decimal attribute that says how many.
        unit: What one unit is called, for people.
    """

    points: int
    attribute: str
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Points looked up by an attribute.

    Attributes:
        attribute: Name of the attribute.
        values: Points by the attribute's value, written as text.
    """

    attribute: str
    values: Mapping[str, int]


Points = Fixed | Assessed | PerUnit | Table


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
    """A limit on what is let through in a window.

    Attributes:
        kind: Whether points or positive events are counted.
        limit: The most that is let through.
        per: The window.
    """

    kind: CapKind
    limit: int
    per: Per
    title: str | None = None
    note: str | None = None
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Attribute:
    """A named value that the log carries with an event, or the members file with a member."""

    type: AttributeType
    title: str | None = None
    note: str | None = None


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


@dataclass(frozen=True, slots=True)
class Version:
    """One version of the rules, resolved: patches are already merged in.

    Attributes:
        id: Its stable name.
        effective_from: First local date on which it is in force.
        announced_on: When members were told, if stated.
        based_on: The version it was written as a patch of, if it was.
        removes: What goes on purpose: by section, then by id.
        levels: By id, ascending by threshold.
        positions: Where each value was written, by its path in the resolved document; a mapping's
            own place is that of its key.
        sha256: Digest of the resolved rules; formatting and comments do not change it.
        incomplete: Paths of rules left out because they have findings of their own; empty in every
            version that can be evaluated.
    """

    id: str
    effective_from: date
    levels: Mapping[str, Level]
    activities: Mapping[str, Activity]
    groups: Mapping[str, Group]
    benefits: Mapping[str, Benefit]
    life_cycle: LifeCycle
    announced_on: date | None = None
    based_on: str | None = None
    title: str | None = None
    note: str | None = None
    source: Source | None = None
    removes: Mapping[Section, Mapping[str, Removal]] = field(default_factory=lambda: MappingProxyType({}))
    positions: Mapping[Path, Span] = field(
        default_factory=lambda: MappingProxyType({}), compare=False, repr=False
    )
    sha256: str = field(default="", compare=False)
    incomplete: frozenset[Path] = frozenset()

    @property
    def is_dated(self) -> bool:
        """Whether it says when it takes effect; every version that can be evaluated does."""
        return ("effective_from",) not in self.incomplete

    def rules(
        self, section: Section
    ) -> Mapping[str, Level] | Mapping[str, Benefit] | Mapping[str, Group] | Mapping[str, Activity]:
        """The section's rules by id; none for the life cycle, which has no id."""
        match section:
            case Section.LEVELS:
                return self.levels
            case Section.BENEFITS:
                return self.benefits
            case Section.LIFE_CYCLE:
                return {}
            case Section.GROUPS:
                return self.groups
            case Section.ACTIVITIES:
                return self.activities
            case _:
                assert_never(section)

    def span(self, *path: str | int) -> Span:
        """Where the value at `path` was written; the nearest enclosing place where it is implied."""
        return _place_of(path, self.positions)


@dataclass(frozen=True, slots=True)
class Balance:
    """A running total of points.

    Attributes:
        resets: When it goes back to `start`.
        start: What a period begins with, in points.
        floor: Points below which deductions cannot take it, or None.
    """

    id: str
    resets: Resets
    start: int = 0
    floor: int | None = None
    title: str | None = None
    note: str | None = None
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Program:
    """A points program: what never changes with a version, and its versions.

    Attributes:
        timezone: IANA name of the time zone in which the program counts days.
        level_balance: Id of the balance that decides levels.
        versions: Ascending by `effective_from`.
        positions: As `Version.positions`, for program.yaml.
        sha256: Digest of program.yaml's content.
    """

    id: str
    timezone: str
    balances: Mapping[str, Balance]
    level_balance: str
    member_attributes: Mapping[str, Attribute]
    versions: tuple[Version, ...]
    title: str | None = None
    note: str | None = None
    source: Source | None = None
    positions: Mapping[Path, Span] = field(
        default_factory=lambda: MappingProxyType({}), compare=False, repr=False
    )
    sha256: str = field(default="", compare=False)

    def version(self, version_id: str) -> Version | None:
        """The version with that id."""
        return next((version for version in self.versions if version.id == version_id), None)

    def span(self, *path: str | int) -> Span:
        """Where the value at `path` of program.yaml was written, or what encloses it."""
        return _place_of(path, self.positions)

    @property
    def level_balance_no(self) -> int:
        """Place of the balance that decides levels among all, from 0."""
        return list(self.balances).index(self.level_balance)

    @property
    def event_attributes(self) -> Mapping[str, AttributeType]:
        """Type of every attribute that any version's activities declare, by name."""
        return {
            name: attribute.type
            for version in self.versions
            for activity in version.activities.values()
            for name, attribute in activity.attributes.items()
        }


def _place_of(path: Path, positions: Mapping[Path, Span]) -> Span:
    while path and path not in positions:
        path = path[:-1]
    return positions[path]
