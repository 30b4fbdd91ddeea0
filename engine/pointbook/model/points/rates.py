# ruff: noqa: D102 - what a method says is told once, on `PointsForm`
"""Points for each unit of a quantity: at a rate, or assessed. Source: docs/meaning.md, "Valuation"."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from pointbook.model.amounts import EXACT, Amount, plainest, product, size
from pointbook.model.attributes import AttributeType
from pointbook.model.ledger import Outcome
from pointbook.model.points.form import Need, PointsForm
from pointbook.model.points.lookup import Table
from pointbook.model.wording import quantity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pointbook.model.attributes import Attribute
    from pointbook.model.ledger import Entry
    from pointbook.model.log import Attributes, Event
    from pointbook.model.points.form import AmountRange

_QUANTITIES = (AttributeType.INTEGER, AttributeType.DECIMAL)


def steps_in(amount: Amount, every: Amount | None) -> Amount:
    """How often a rate counts for a quantity of 0 or more; whole steps only where it is for `every` so many.

    >>> steps_in(Decimal("2.5"), None), steps_in(8, 3)
    (Decimal('2.5'), 2)
    """
    return amount if every is None else int(EXACT.divide_int(amount, every))


def _need(attribute: str, worth: Amount) -> Need:
    return Need(
        attribute,
        ("points", "per", "attribute"),
        _QUANTITIES,
        "be multiplied by points",
        "name an attribute of `type: integer` or `type: decimal`",
        worth=worth,
    )


def _unit_words(attribute: str, unit: str | None, every: Amount | None) -> str:
    return f"per {unit or attribute}" if every is None else f"for every {every:,} {unit or attribute}"


def _unbounded(lowest: Amount, highest: Amount, *, is_stepped: bool) -> tuple[AmountRange, ...]:
    """What quantities of 0 or more come to at rates between two; a step that gives anything is whole."""
    if lowest > 0 and is_stepped:
        return (0, 0), (lowest, None)
    return ((None if lowest < 0 else 0, None if highest > 0 else 0),)


def _stepped(attribute: str, every: Amount | None) -> Iterator[tuple[tuple[str, ...], str, Amount]]:
    if every is not None:
        yield ("per", "every"), attribute, every


@dataclass(frozen=True, slots=True)
class PerUnit(PointsForm):
    """Points for each unit of a quantity.

    Attributes:
        points: Points for one unit, or a table of them.
        attribute: Name of the integer or decimal attribute that says how many.
        unit: What one unit is called, for people.
        every: How many units the points are for, so that what is left over gives nothing; None for each.
    """

    LATER: ClassVar = {"every": None}

    points: Amount | Table
    attribute: str
    unit: str | None = None
    every: Amount | None = None

    @property
    def rates(self) -> tuple[Amount, ...]:
        """Every rate that an event can have."""
        return self.points.every_amount if isinstance(self.points, Table) else (self.points,)

    @property
    def tables(self) -> tuple[tuple[tuple[str, ...], Table], ...]:
        return ((("points", "per", "points", "by"), self.points),) if isinstance(self.points, Table) else ()

    @property
    def can_fail(self) -> bool:
        return isinstance(self.points, Table) and self.points.can_fail

    @property
    def is_basic(self) -> bool:
        return self.every is None and isinstance(self.points, int)

    @property
    def written_rates(self) -> Iterator[tuple[tuple[str | int, ...], Amount]]:
        if isinstance(self.points, Table):
            yield from ((("per", "points", *path), rate) for path, rate in self.points.written)
        else:
            yield ("per", "points"), self.points

    @property
    def stepped(self) -> Iterator[tuple[tuple[str, ...], str, Amount]]:
        return _stepped(self.attribute, self.every)

    @property
    def words(self) -> str:
        """Such as "10 per hour"."""
        rate = self.points.words if isinstance(self.points, Table) else f"{self.points:,}"
        return f"{rate} {_unit_words(self.attribute, self.unit, self.every)}"

    @property
    def needs(self) -> tuple[Need, ...]:
        own = _need(self.attribute, max(self.rates, key=size, default=0))
        if not isinstance(self.points, Table):
            return (own,)
        return (own, *(replace(need, path=("points", "per", *need.path)) for need in self.points.needs))

    def path_for(self, given: Attributes) -> tuple[str, ...]:
        inner = self.points.path_for(given) if isinstance(self.points, Table) else ("points",)
        return ("points", "per", *inner)

    def amounts(self, attributes: Mapping[str, Attribute]) -> tuple[AmountRange, ...]:
        """Quantities are 0 or more; a whole number of units that gives anything is at least one."""
        is_whole = self.attribute in attributes and attributes[self.attribute].type is AttributeType.INTEGER
        return _unbounded(min(self.rates), max(self.rates), is_stepped=is_whole or self.every is not None)

    def typical(self, mean_of: Callable[[str], Decimal]) -> int:
        mean = sum(map(Decimal, self.rates), Decimal()) / len(self.rates)
        return int(mean * steps_in(mean_of(self.attribute), self.every))

    def gain_to(self, after: PointsForm) -> AmountRange | None:
        """More or less without a bound, if the same is counted."""
        if not isinstance(after, PerUnit) or (self.attribute, self.every) != (after.attribute, after.every):
            return None
        if isinstance(self.points, Table) or isinstance(after.points, Table):
            return None
        more = after.points - self.points
        return 0 if more >= 0 else None, 0 if more <= 0 else None

    def rate_for(self, given: Attributes) -> Amount | None:
        """The rate for an event with these attributes; None where the table of rates has none."""
        return self.points.found_for(given) if isinstance(self.points, Table) else self.points

    def valuation_text(self, event: Event, entry: Entry) -> str:
        """Such as "10 points × 3 hours = 30"."""
        amount = event.attributes.get(self.attribute)
        rate = self.rate_for(event.attributes)
        if rate is None:
            assert isinstance(self.points, Table)
            return self.points.valuation_text(event, entry)
        if entry.outcome is Outcome.OUT_OF_RANGE or not isinstance(amount, (int, Decimal)):
            return f"`{self.attribute}` is {amount}, which cannot be counted"
        units = f"{amount} {self.unit or self.attribute}"
        if self.every is not None:
            whole = steps_in(amount, self.every)
            units = f"{whole:,} (whole {self.every:,} in {units})"
        looked_up = f" for {self.points.values_in(event)}" if isinstance(self.points, Table) else ""
        return f"{quantity(rate, 'point')}{looked_up} × {units} = {_rounded_text(entry)}"


@dataclass(frozen=True, slots=True)
class AssessedPerUnit(PointsForm):
    """A total that people decide, between bounds for each unit of a quantity; the log carries the total.

    Attributes:
        minimum: Lowest points allowed for one unit.
        maximum: Highest points allowed for one unit.
        attribute: As with `PerUnit`.
        unit: Likewise.
        every: Likewise.
        open_ended: Written as `up_to`, with 1 as the lowest.
    """

    minimum: Amount
    maximum: Amount
    attribute: str
    unit: str | None = None
    every: Amount | None = None
    open_ended: bool = field(default=False, compare=False)

    @property
    def stepped(self) -> Iterator[tuple[tuple[str, ...], str, Amount]]:
        return _stepped(self.attribute, self.every)

    @property
    def words(self) -> str:
        units = _unit_words(self.attribute, self.unit, self.every)
        return f"{self.minimum:,} to {self.maximum:,} {units} (assessed)"

    @property
    def ranges(self) -> Iterator[tuple[tuple[str, ...], Amount, Amount]]:
        yield ("per", "range"), self.minimum, self.maximum

    @property
    def is_basic(self) -> bool:
        return False

    @property
    def assessed_range(self) -> tuple[Amount, Amount] | None:
        """Of one unit."""
        return self.minimum, self.maximum

    @property
    def needs(self) -> tuple[Need, ...]:
        return (_need(self.attribute, max(self.minimum, self.maximum, key=size)),)

    def path_for(self, _: Attributes) -> tuple[str, ...]:
        return ("points", "per", "up_to" if self.open_ended else "range")

    def bounds_for(self, amount: Amount) -> tuple[Amount, Amount]:
        """The lowest and the highest total for a quantity of 0 or more, exactly."""
        whole = steps_in(amount, self.every)
        return product(self.minimum, whole), product(self.maximum, whole)

    def amounts(self, attributes: Mapping[str, Attribute]) -> tuple[AmountRange, ...]:
        is_whole = self.attribute in attributes and attributes[self.attribute].type is AttributeType.INTEGER
        is_stepped = is_whole or self.every is not None
        return _unbounded(self.minimum, self.maximum, is_stepped=is_stepped)

    def typical(self, mean_of: Callable[[str], Decimal]) -> int:
        near, far = sorted((self.minimum, self.maximum), key=size)
        return int((near + (far - near) // 4) * steps_in(mean_of(self.attribute), self.every))

    def gain_to(self, _: PointsForm) -> AmountRange | None:
        return None

    def valuation_text(self, event: Event, entry: Entry) -> str:
        amount = event.attributes.get(self.attribute)
        if not isinstance(amount, (int, Decimal)) or amount < 0:
            return f"`{self.attribute}` is {amount}, which cannot be counted"
        lowest, highest = self.bounds_for(amount)
        units = f" for {plainest(amount):,} {self.unit or self.attribute}"
        return assessed_text(lowest, highest, event, entry, units)


def _rounded_text(entry: Entry) -> str:
    """The amount; where nothing else is done to it but that it is rounded, as that."""
    if not isinstance(entry.base, Decimal) or entry.bonuses or abs(entry.requested - entry.base) >= 1:
        return f"{entry.base:,}"
    shown = Decimal(entry.requested)
    if shown == entry.base:
        return f"{entry.requested:,}"
    step = Decimal(1).scaleb(int(shown.as_tuple().exponent))
    is_nearest = -step / 2 < shown - entry.base <= step / 2
    return f"{entry.requested:,}, rounded {'half-up' if is_nearest else 'down'}"


def assessed_text(lowest: Amount, highest: Amount, event: Event, entry: Entry, units: str = "") -> str:
    """How an assessed amount between two was found, or why there is none, in words."""
    between = f"{lowest:,} to {highest:,}{units}"
    if entry.outcome is Outcome.NOT_COMPARABLE:
        return f"{between} points are possible; `--assume low`, `mid` or `high` says which to take"
    if entry.assumed:
        given = "not assessed; " if event.points is None else ""
        return f"{given}{entry.base:,} of {between} is assumed"
    if entry.outcome is Outcome.UNVALUED or event.points is None:
        return f"not assessed yet ({between} points are possible)"
    value = f"assessed at {event.points:,}"
    if entry.outcome is Outcome.OUT_OF_RANGE:
        is_inside = lowest <= event.points <= highest
        here = f"{between}: the value must be corrected in the log"
        return f"{value}, outside {'what the version in force on that day allowed' if is_inside else here}"
    if event.points != entry.base:
        return f"{value} in another range; its place in {between} is {entry.base:,}"
    return f"{value} of {between}"
