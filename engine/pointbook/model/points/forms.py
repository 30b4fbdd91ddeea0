# ruff: noqa: D102 - what a method says is told once, on `PointsForm`
"""The forms in which an activity's points can be found, each with everything that the rules alone say.

A form answers for itself, so that reasoning, checks, views and samples need not know which forms there
are. Source: docs/meaning.md, "Valuation".
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, assert_never

from pointbook.model.amounts import Amount, half_up, plainest, rounded_half_up, size, with_places
from pointbook.model.attributes import LEVEL
from pointbook.model.ledger import Assume
from pointbook.model.points.form import PointsForm
from pointbook.model.points.lookup import Table
from pointbook.model.points.rates import AssessedPerUnit, PerUnit, assessed_text
from pointbook.model.wording import quantity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from decimal import Decimal

    from pointbook.model.attributes import Attribute
    from pointbook.model.ledger import Entry
    from pointbook.model.log import Attributes, Event
    from pointbook.model.points.form import AmountRange


@dataclass(frozen=True, slots=True)
class Fixed(PointsForm):
    """The same amount every time.

    Attributes:
        points: Points, negative for a deduction.
    """

    points: Amount

    @property
    def words(self) -> str:
        return quantity(self.points, "point")

    @property
    def written(self) -> Iterator[tuple[tuple[str | int, ...], Amount]]:
        yield (), self.points

    def path_for(self, _: Attributes) -> tuple[str, ...]:
        return ("points",)

    def amounts(self, _: Mapping[str, Attribute]) -> tuple[AmountRange, ...]:
        return ((self.points, self.points),)

    def typical(self, _: Callable[[str], Decimal]) -> int:
        return int(self.points)

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

    minimum: Amount
    maximum: Amount
    open_ended: bool = field(default=False, compare=False)

    @property
    def words(self) -> str:
        return f"{self._range} (assessed)"

    @property
    def _range(self) -> str:
        return f"{self.minimum:,} to {self.maximum:,}"

    @property
    def written(self) -> Iterator[tuple[tuple[str | int, ...], Amount]]:
        if self.open_ended:
            yield ("up_to",), self.maximum
        else:
            yield ("range", 0), self.minimum
            yield ("range", 1), self.maximum

    @property
    def ranges(self) -> Iterator[tuple[tuple[str, ...], Amount, Amount]]:
        yield ("range",), self.minimum, self.maximum

    def path_for(self, _: Attributes) -> tuple[str, ...]:
        return ("points", "up_to" if self.open_ended else "range")

    @property
    def assessed_range(self) -> tuple[Amount, Amount] | None:
        return self.minimum, self.maximum

    @property
    def has_places(self) -> bool:
        """Whether a value has a relative place in the range; where there is one value only, it has none."""
        return self.minimum < self.maximum

    def compares_with(self, given_under: object) -> bool:
        """Whether a value that was given under that rule says anything about this range."""
        return isinstance(given_under, Assessed) and (given_under.has_places or given_under == self)

    def moved(self, value: Amount, given_in: Assessed, places: int = 0) -> Amount:
        """The value that has the same relative place in this range as `value` in the one it was given in.

        25 is a quarter of the way from 20 to 40, and so is 75 from 50 to 150:

        >>> Assessed(50, 150).moved(25, Assessed(20, 40))
        75

        Args:
            value: In the other range.
            given_in: The other range, of more than one value.
            places: Of the balance that this range feeds.
        """
        way = (value - given_in.minimum) * (self.maximum - self.minimum)
        width = given_in.maximum - given_in.minimum
        if type(way) is int and type(width) is int and not places:
            return self.minimum + half_up(way, width)  # the same, sooner
        (over, under), (most, least) = way.as_integer_ratio(), width.as_integer_ratio()
        start, below = self.minimum.as_integer_ratio()
        numerator = start * under * most + below * over * least
        return rounded_half_up(numerator, below * under * most, places)

    def assumed(self, assume: Assume, places: int = 0) -> Amount | None:
        """What a missing value is taken to be; None where none is assumed.

        Args:
            assume: Which of them.
            places: Of the balance that this range feeds; the middle is rounded half-up to them.
        """
        match assume:
            case Assume.NONE:
                return None
            case Assume.LOW:
                return self.minimum
            case Assume.MID:
                over, under = (self.minimum + self.maximum).as_integer_ratio()
                return rounded_half_up(over, 2 * under, places)
            case Assume.HIGH:
                return self.maximum
        assert_never(assume)

    def amounts(self, _: Mapping[str, Attribute]) -> tuple[AmountRange, ...]:
        return ((min(self.minimum, self.maximum), max(self.minimum, self.maximum)),)

    def typical(self, _: Callable[[str], Decimal]) -> int:
        """A quarter of the way from the end that is nearer to 0: small ones are more frequent."""
        near, far = sorted((self.minimum, self.maximum), key=size)
        return int(near + (far - near) // 4)

    def gain_to(self, after: PointsForm) -> AmountRange | None:
        """As the ends move: between them a value keeps its relative place."""
        if not isinstance(after, Assessed) or not (self == after or (self.has_places and after.has_places)):
            return None
        ends = (after.minimum - self.minimum, after.maximum - self.maximum)
        return min(ends), max(ends)

    def valuation_text(self, event: Event, entry: Entry) -> str:
        return assessed_text(self.minimum, self.maximum, event, entry)


@dataclass(frozen=True, slots=True)
class SameAs(PointsForm):
    """What another entry of the same event was awarded, or took.

    Attributes:
        balance: That of the other entry.
    """

    balance: str

    @property
    def words(self) -> str:
        return f"the same as {self.balance}"

    @property
    def copies(self) -> str:
        return self.balance

    @property
    def is_basic(self) -> bool:
        return False

    def path_for(self, _: Attributes) -> tuple[str, ...]:
        return ("points", "same_as")

    def amounts(self, _: Mapping[str, Attribute]) -> tuple[AmountRange, ...]:
        """Whatever the other entry comes to."""
        return ((None, None),)

    def typical(self, _: Callable[[str], Decimal]) -> int:
        return 0

    def gain_to(self, after: PointsForm) -> AmountRange | None:
        return (0, 0) if after == self else None

    def valuation_text(self, _: Event, entry: Entry) -> str:
        return f"{self.words}: {entry.base:,}"


Points = Fixed | Assessed | PerUnit | AssessedPerUnit | Table | SameAs
ASSESSED = (Assessed, AssessedPerUnit)
"""Forms that always take the log's value; a table does where it says so of what it does not list."""


def points_from(written: Any, places: int = 0) -> Points:
    """The rule that a document which fits the schema writes under `points`.

    Args:
        written: The document.
        places: Of the balance that is fed.
    """
    if not isinstance(written, dict):
        return Fixed(with_places(written, places))
    if "range" in written:
        lowest, highest = (with_places(end, places) for end in written["range"])
        return Assessed(lowest, highest)
    if "up_to" in written:
        return Assessed(with_places(1, places), with_places(written["up_to"], places), open_ended=True)
    if "same_as" in written:
        return SameAs(written["same_as"])
    if "per" in written:
        return _rate_from(written["per"])
    return table_from(written["by"], lambda amount: with_places(amount, places), places)


def _rate_from(written: Mapping[str, Any]) -> PerUnit | AssessedPerUnit:
    """A rate; its numbers need not be such as the balance can hold, what they come to is rounded."""
    same = {"attribute": written["attribute"], "unit": written.get("unit"), "every": written.get("every")}
    if "range" in written:
        lowest, highest = map(plainest, written["range"])
        return AssessedPerUnit(minimum=lowest, maximum=highest, **same)
    if "up_to" in written:
        return AssessedPerUnit(minimum=1, maximum=plainest(written["up_to"]), open_ended=True, **same)
    rate = written.get("points", 1)
    return PerUnit(points=table_from(rate["by"]) if isinstance(rate, dict) else plainest(rate), **same)


def table_from(
    written: Mapping[str, Any], amount_from: Callable[[Amount], Amount] = plainest, places: int = 0
) -> Table:
    """A table that a document which fits the schema writes under `by`.

    Args:
        written: The document.
        amount_from: Makes an amount of what is listed.
        places: Of the balance that is fed, for what is given instead.
    """

    def values_from(values: Mapping[str, Any]) -> Mapping[str, Any]:
        return MappingProxyType(
            {
                key: values_from(value) if isinstance(value, dict) else amount_from(value)
                for key, value in values.items()
            }
        )

    otherwise = written.get("else")
    return Table(
        tuple(written["attributes"]) if "attributes" in written else (written["attribute"],),
        values_from(written["values"]),
        None if otherwise is None else points_from(otherwise, places),
    )


def with_level_order(form: Any, order: tuple[str, ...]) -> Any:
    """A form of points, or a percentage, of which tables by level know the order of levels."""
    if isinstance(form, PerUnit) and isinstance(form.points, Table):
        return replace(form, points=with_level_order(form.points, order))
    if not isinstance(form, Table):
        return form
    otherwise = None if form.otherwise is None else with_level_order(form.otherwise, order)
    return replace(form, otherwise=otherwise, order=order if LEVEL in form.attributes else ())
