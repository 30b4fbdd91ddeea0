# ruff: noqa: D102 - what a method says is told once, on `PointsForm`
"""The forms in which an activity's points can be found, each with everything that the rules alone say.

A form answers for itself, so that reasoning, checks, views and samples need not know which forms there
are. Source: docs/meaning.md, "Valuation".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, assert_never

from pointbook.model.attributes import AttributeType
from pointbook.model.form import Need, PointsForm
from pointbook.model.ledger import Assume, Outcome
from pointbook.model.wording import quantity

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pointbook.model.attributes import Attribute
    from pointbook.model.form import AmountRange
    from pointbook.model.ledger import Entry
    from pointbook.model.log import Attributes, Event


def half_up(numerator: int, denominator: int) -> int:
    """`numerator / denominator` to the nearest integer, a half going up (towards +∞).

    `denominator` is positive.

    >>> half_up(5, 2), half_up(-5, 2), half_up(7, 3)
    (3, -2, 2)
    """
    return (2 * numerator + denominator) // (2 * denominator)


@dataclass(frozen=True, slots=True)
class Fixed(PointsForm):
    """The same amount every time.

    Attributes:
        points: Points, negative for a deduction.
    """

    points: int

    @property
    def words(self) -> str:
        return quantity(self.points, "point")

    def path_for(self, _: Attributes) -> tuple[str, ...]:
        return ("points",)

    def amounts(self, _: Mapping[str, Attribute]) -> tuple[AmountRange, ...]:
        return ((self.points, self.points),)

    def typical(self, _: Callable[[str], Decimal]) -> int:
        return self.points

    def gain_to(self, after: PointsForm) -> AmountRange | None:
        return (after.points - self.points,) * 2 if isinstance(after, Fixed) else None

    def valuation_text(self, _: Event, __: Entry) -> str:
        return self.words


@dataclass(frozen=True, slots=True)
class Assessed(PointsForm):
    """An amount that people decide inside a range; the log carries it.

    Attributes:
        minimum: Lowest points allowed.
        maximum: Highest points allowed.
        open_ended: Written as `up_to`, with 1 as the lowest.
    """

    minimum: int
    maximum: int
    open_ended: bool = field(default=False, compare=False)

    @property
    def words(self) -> str:
        return f"{self._range} (assessed)"

    @property
    def _range(self) -> str:
        return f"{self.minimum:,} to {self.maximum:,}"

    def path_for(self, _: Attributes) -> tuple[str, ...]:
        return ("points", "up_to" if self.open_ended else "range")

    @property
    def assessed_range(self) -> tuple[int, int] | None:
        return self.minimum, self.maximum

    @property
    def has_places(self) -> bool:
        """Whether a value has a relative place in the range; where there is one value only, it has none."""
        return self.minimum < self.maximum

    def compares_with(self, given_under: PointsForm) -> bool:
        """Whether a value that was given under that rule says anything about this range."""
        return given_under == self or (isinstance(given_under, Assessed) and given_under.has_places)

    def moved(self, value: int, given_in: Assessed) -> int:
        """The value that has the same relative place in this range as `value` in the one it was given in.

        25 is a quarter of the way from 20 to 40, and so is 75 from 50 to 150:

        >>> Assessed(50, 150).moved(25, Assessed(20, 40))
        75
        """
        spread, width = self.maximum - self.minimum, given_in.maximum - given_in.minimum
        return self.minimum + half_up((value - given_in.minimum) * spread, width)

    def assumed(self, assume: Assume) -> int | None:
        """What a missing value is taken to be; None where none is assumed."""
        match assume:
            case Assume.NONE:
                return None
            case Assume.LOW:
                return self.minimum
            case Assume.MID:
                return half_up(self.minimum + self.maximum, 2)
            case Assume.HIGH:
                return self.maximum
        assert_never(assume)

    def amounts(self, _: Mapping[str, Attribute]) -> tuple[AmountRange, ...]:
        return ((min(self.minimum, self.maximum), max(self.minimum, self.maximum)),)

    def typical(self, _: Callable[[str], Decimal]) -> int:
        """A quarter of the way from the end that is nearer to 0: small ones are more frequent."""
        near, far = sorted((self.minimum, self.maximum), key=abs)
        return near + (far - near) // 4

    def gain_to(self, after: PointsForm) -> AmountRange | None:
        """As the ends move: between them a value keeps its relative place."""
        if not isinstance(after, Assessed) or not (self == after or (self.has_places and after.has_places)):
            return None
        ends = (after.minimum - self.minimum, after.maximum - self.maximum)
        return min(ends), max(ends)

    def valuation_text(self, event: Event, entry: Entry) -> str:
        if entry.outcome is Outcome.NOT_COMPARABLE:
            return f"{self._range} points are possible; `--assume low`, `mid` or `high` says which to take"
        if entry.assumed:
            given = "not assessed; " if event.points is None else ""
            return f"{given}{entry.base:,} of {self._range} is assumed"
        if entry.outcome is Outcome.UNVALUED:
            return f"not assessed yet ({self._range} points are possible)"
        value = f"assessed at {event.points:,}"
        if entry.outcome is Outcome.OUT_OF_RANGE:
            is_inside = self.minimum <= (event.points or 0) <= self.maximum
            here = f"{self._range}: the value must be corrected in the log"
            return (
                f"{value}, outside {'what the version in force on that day allowed' if is_inside else here}"
            )
        if event.points != entry.base:
            return f"{value} in another range; its place in {self._range} is {entry.base:,}"
        return f"{value} of {self._range}"


@dataclass(frozen=True, slots=True)
class PerUnit(PointsForm):
    """Points for each unit of a quantity.

    Attributes:
        points: Points for one unit.
        attribute: Name of the integer or decimal attribute that says how many.
        unit: What one unit is called, for people.
    """

    points: int
    attribute: str
    unit: str | None = None

    @property
    def words(self) -> str:
        """Such as "10 per hour"."""
        return f"{self.points:,} per {self.unit or self.attribute}"

    @property
    def needs(self) -> tuple[Need, ...]:
        return (
            Need(
                self.attribute,
                ("points", "per", "attribute"),
                (AttributeType.INTEGER, AttributeType.DECIMAL),
                "be multiplied by points",
                "name an attribute of `type: integer` or `type: decimal`",
                worth=self.points,
            ),
        )

    def path_for(self, _: Attributes) -> tuple[str, ...]:
        return ("points", "per", "points")

    def amounts(self, attributes: Mapping[str, Attribute]) -> tuple[AmountRange, ...]:
        """Quantities are 0 or more; a whole number of units that gives anything is at least one."""
        if self.points <= 0:
            return ((0 if self.points == 0 else None, 0),)
        is_whole = self.attribute in attributes and attributes[self.attribute].type is AttributeType.INTEGER
        return ((0, 0), (self.points, None)) if is_whole else ((0, None),)

    def typical(self, mean_of: Callable[[str], Decimal]) -> int:
        return int(self.points * mean_of(self.attribute))

    def gain_to(self, after: PointsForm) -> AmountRange | None:
        """More or less without a bound, if the same is counted."""
        if not isinstance(after, PerUnit) or self.attribute != after.attribute:
            return None
        more = after.points - self.points
        return 0 if more >= 0 else None, 0 if more <= 0 else None

    def valuation_text(self, event: Event, entry: Entry) -> str:
        """Such as "10 points × 3 hours = 30"."""
        amount = event.attributes.get(self.attribute)
        if entry.outcome is Outcome.OUT_OF_RANGE:
            return f"`{self.attribute}` is {amount}, which cannot be counted"
        is_exact = isinstance(amount, (int, Decimal)) and self.points * amount == entry.base
        rounded = "" if is_exact else ", rounded half-up"
        rate = quantity(self.points, "point")
        return f"{rate} × {amount} {self.unit or self.attribute} = {entry.base:,}{rounded}"


@dataclass(frozen=True, slots=True)
class Table(PointsForm):
    """Points looked up by an attribute.

    Attributes:
        attribute: Name of the attribute.
        values: Points by the attribute's value, written as text.
    """

    attribute: str
    values: Mapping[str, int]

    @property
    def words(self) -> str:
        return f"by {self.attribute}: {', '.join(f'{key} {value:,}' for key, value in self.values.items())}"

    @property
    def needs(self) -> tuple[Need, ...]:
        return (
            Need(
                self.attribute,
                ("points", "by", "attribute"),
                (AttributeType.TEXT, AttributeType.INTEGER, AttributeType.BOOLEAN),
                "be looked up in a table",
                "name an attribute of `type: text`, `integer` or `boolean`",
                listed=tuple(self.values),
            ),
        )

    def path_for(self, given: Attributes) -> tuple[str, ...]:
        return ("points", "by", "values", str(given.get(self.attribute)))

    def amounts(self, _: Mapping[str, Attribute]) -> tuple[AmountRange, ...]:
        return tuple((amount, amount) for amount in self.values.values()) or ((0, 0),)

    def typical(self, _: Callable[[str], Decimal]) -> int:
        return sum(self.values.values()) // len(self.values)

    def gain_to(self, after: PointsForm) -> AmountRange | None:
        """Among the differences value by value, if the same are listed."""
        if (
            not isinstance(after, Table)
            or self.attribute != after.attribute
            or {*self.values} != {*after.values}
        ):
            return None
        gains = [points - self.values[key] for key, points in after.values.items()]
        return min(gains), max(gains)

    def valuation_text(self, event: Event, entry: Entry) -> str:
        value = event.attributes.get(self.attribute)
        if entry.outcome is Outcome.OUT_OF_RANGE:
            return f"`{self.attribute}` is `{value}`, for which the rule has no points"
        return f"{quantity(entry.base, 'point')} for `{self.attribute}` {value}"


Points = Fixed | Assessed | PerUnit | Table


def points_from(written: Any) -> Points:
    """The rule that a document which fits the schema writes under `points`."""
    if isinstance(written, int):
        return Fixed(written)
    if "range" in written:
        return Assessed(*written["range"])
    if "up_to" in written:
        return Assessed(1, written["up_to"], open_ended=True)
    if "per" in written:
        return PerUnit(**written["per"])
    table = written["by"]
    return Table(table["attribute"], MappingProxyType(table["values"]))
