# ruff: noqa: D102 - what a method says is told once, on `PointsForm`
"""Points, or a rate or percentage, looked up by what an event is. Source: docs/meaning.md, "Valuation"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar

from pointbook.model.attributes import LEVEL, AttributeType
from pointbook.model.ledger import Outcome
from pointbook.model.plain_values import NEVER_PLAIN
from pointbook.model.points.form import Need, PointsForm
from pointbook.model.wording import quantity, written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from decimal import Decimal

    from pointbook.model.amounts import Amount
    from pointbook.model.attributes import Attribute
    from pointbook.model.ledger import Entry
    from pointbook.model.log import Attributes, Event
    from pointbook.model.points.form import AmountRange

_TYPES = (AttributeType.TEXT, AttributeType.INTEGER, AttributeType.BOOLEAN)
_HINT = "name an attribute of `type: text`, `integer` or `boolean`"
_ELSE = ("points", "by", "else")
_WORDS_OF_PATHS = " and "


@dataclass(frozen=True, slots=True)
class Table(PointsForm):
    """Amounts looked up by one attribute or several.

    Attributes:
        attributes: Names of the attributes, from the outermost in.
        values: Amounts by the attributes' values, written as texts: nested, a mapping for each attribute.
        otherwise: How points are found for values that are not listed, one of `Points`, which are made of
            tables too; None where there are none for them.
        order: Of a table by level what a held level can be, from the lowest: one that is not listed has
            what the nearest one below has that is listed.
    """

    LATER: ClassVar = {"otherwise": None}

    attributes: tuple[str, ...]
    values: Mapping[str, Any]
    otherwise: Any = None
    order: tuple[str, ...] = field(default=(), compare=False, repr=False, metadata=NEVER_PLAIN)

    @property
    def leaves(self) -> Iterator[tuple[tuple[str, ...], Amount]]:
        """Every amount with the values that it is for, in the order of the file."""
        return _leaves(self.values)

    @property
    def listed(self) -> tuple[Amount, ...]:
        """Every amount."""
        return tuple(amount for _, amount in self.leaves)

    def amount_for(self, values: tuple[object, ...]) -> Amount | None:
        """What is listed for values of the attributes; None where nothing is."""
        found: Any = self.values
        if self.order:
            values = self.keys_for(values) or values
        for value in values:
            found = found.get(written(value)) if isinstance(found, Mapping) else None
        return None if isinstance(found, Mapping) else found

    def keys_for(self, values: tuple[object, ...]) -> tuple[str, ...] | None:
        """The keys under which the amount for these values is listed; None where none is."""
        found: Any = self.values
        keys = list[str]()
        for name, value in zip(self.attributes, values, strict=True):
            key = written(value)
            if name == LEVEL and isinstance(found, Mapping) and key in self.order:
                upwards = self.order[: self.order.index(key) + 1]
                key = next((level for level in reversed(upwards) if level in found), key)
            if not isinstance(found, Mapping) or key not in found:
                return None
            keys.append(key)
            found = found[key]
        return tuple(keys)

    @property
    def layers(self) -> Iterator[tuple[tuple[str, ...], Table]]:
        """This table, then those of what is given instead, each with the steps that lead to it."""
        yield (), self
        if isinstance(self.otherwise, Table):
            yield from ((("else", "by", *steps), table) for steps, table in self.otherwise.layers)

    def found_for(self, given: Attributes) -> Amount | None:
        """What is listed for an event with these attributes, or given instead as one amount; else None."""
        values = tuple(given.get(name) for name in self.attributes)
        found = None if None in values else self.amount_for(values)
        if found is None and None not in values and self.otherwise is not None:
            if isinstance(self.otherwise, Table):
                return self.otherwise.found_for(given)
            fixed: Amount | None = getattr(self.otherwise, "points", None)
            return fixed
        return found

    @property
    def every_amount(self) -> tuple[Amount, ...]:
        """Every amount that is listed or given instead, of a table of rates or percentages."""
        others = () if self.otherwise is None else self.otherwise.amounts({})
        return (*self.listed, *(low for low, _ in others if low is not None))

    @property
    def words(self) -> str:
        listed = ", ".join(f"{' '.join(keys)} {amount:,}" for keys, amount in self.leaves)
        others = "" if self.otherwise is None else f", others {self.otherwise.words}"
        return f"by {_WORDS_OF_PATHS.join(self.attributes)}: {listed}{others}"

    @property
    def tables(self) -> tuple[tuple[tuple[str, ...], Table], ...]:
        return ((("points", "by"), self),)

    @property
    def written(self) -> Iterator[tuple[tuple[str | int, ...], Amount]]:
        yield from ((("by", "values", *keys), amount) for keys, amount in self.leaves)
        if self.otherwise is not None:
            yield from ((("by", "else", *path), amount) for path, amount in self.otherwise.written)

    @property
    def ranges(self) -> Iterator[tuple[tuple[str, ...], Amount, Amount]]:
        if self.otherwise is not None:
            yield from ((("by", "else", *path), *ends) for path, *ends in self.otherwise.ranges)

    @property
    def written_rates(self) -> Iterator[tuple[tuple[str | int, ...], Amount]]:
        if self.otherwise is not None:
            yield from ((("by", "else", *path), rate) for path, rate in self.otherwise.written_rates)

    @property
    def stepped(self) -> Iterator[tuple[tuple[str, ...], str, Amount]]:
        if self.otherwise is not None:
            yield from ((("by", "else", *path), *step) for path, *step in self.otherwise.stepped)

    @property
    def can_fail(self) -> bool:
        return self.otherwise is None or self.otherwise.can_fail

    @property
    def is_basic(self) -> bool:
        return len(self.attributes) == 1 and self.otherwise is None

    @property
    def copies(self) -> str | None:
        return None if self.otherwise is None else self.otherwise.copies

    @property
    def assessed_range(self) -> tuple[Amount, Amount] | None:
        """Of what is given for values that are not listed."""
        return None if self.otherwise is None else self.otherwise.assessed_range

    @property
    def needs(self) -> tuple[Need, ...]:
        keys = [keys for keys, _ in self.leaves]
        own = [
            Need(
                name,
                self.path_of(place),
                _TYPES,
                "be looked up in a table",
                _HINT,
                listed=tuple(dict.fromkeys(key[place] for key in keys if place < len(key))),
                is_listed_only=self.otherwise is None,
            )
            for place, name in enumerate(self.attributes)
        ]
        others = () if self.otherwise is None else self.otherwise.needs
        return (*own, *(replace(need, path=(*_ELSE, *need.path[1:])) for need in others))

    def path_of(self, place: int) -> tuple[str, ...]:
        """Where one of the attributes is named, from the activity down."""
        if len(self.attributes) == 1:
            return ("points", "by", "attribute")
        return ("points", "by", "attributes", str(place))

    def path_for(self, given: Attributes) -> tuple[str, ...]:
        values = [given.get(name) for name in self.attributes]
        if self.otherwise is not None and None not in values and self.amount_for(tuple(values)) is None:
            return (*_ELSE, *self.otherwise.path_for(given)[1:])
        keys = self.keys_for(tuple(values)) or tuple(map(written, values))
        return ("points", "by", "values", *keys)

    def amounts(self, attributes: Mapping[str, Attribute]) -> tuple[AmountRange, ...]:
        own = tuple((amount, amount) for amount in self.listed)
        others = () if self.otherwise is None else self.otherwise.amounts(attributes)
        return (*own, *others) or ((0, 0),)

    def typical(self, mean_of: Callable[[str], Decimal]) -> int:
        sizes = [*map(int, self.listed)]
        if self.otherwise is not None:
            sizes.append(self.otherwise.typical(mean_of))
        return sum(sizes) // len(sizes)

    def gain_to(self, after: PointsForm) -> AmountRange | None:
        """Among the differences value by value, if the same are listed."""
        if not isinstance(after, Table) or self.attributes != after.attributes:
            return None
        before, now = dict(self.leaves), dict(after.leaves)
        if {*before} != {*now} or (self.otherwise is None) is not (after.otherwise is None):
            return None
        gains = [amount - before[key] for key, amount in now.items()]
        least: Amount | None = min(gains)
        most: Amount | None = max(gains)
        if self.otherwise is not None:
            others: AmountRange | None = self.otherwise.gain_to(after.otherwise)
            if others is None:
                return None
            least = None if least is None or others[0] is None else min(least, others[0])
            most = None if most is None or others[1] is None else max(most, others[1])
        return least, most

    def values_in(self, event: Event) -> str:
        """The event's values of the attributes, in words: "`tier` gold and `track` pro"."""
        return _WORDS_OF_PATHS.join(
            f"`{name}` {written(event.attributes.get(name))}" for name in self.attributes
        )

    def valuation_text(self, event: Event, entry: Entry) -> str:
        values = tuple(event.attributes.get(name) for name in self.attributes)
        is_listed = self.amount_for(values) is not None
        if self.otherwise is not None and not is_listed:
            return f"{self.values_in(event)} is not listed: {self.otherwise.valuation_text(event, entry)}"
        if entry.outcome is Outcome.OUT_OF_RANGE and not is_listed:
            texts = _WORDS_OF_PATHS.join(
                f"`{name}` is `{value}`" for name, value in zip(self.attributes, values, strict=True)
            )
            return f"{texts}, for which the rule has no points"
        return f"{quantity(entry.base, 'point')} for {self.values_in(event)}"


def _leaves(
    values: Mapping[str, Any], before: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Amount]]:
    for key, value in values.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, (*before, key))
        else:
            yield (*before, key), value


def gains_between(before: Amount | Table, after: Amount | Table) -> tuple[Amount, ...] | None:
    """By how much rates or percentages rise that an event can have, at least and at most.

    None where an event can have one on one side only.
    """
    if isinstance(before, Table) and isinstance(after, Table):
        least, most = before.gain_to(after) or (None, None)
        return None if least is None or most is None else (least, most)
    if isinstance(before, Table) or isinstance(after, Table):
        return None
    return (after - before,)
