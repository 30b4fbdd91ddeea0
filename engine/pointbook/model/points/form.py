"""What every form of points answers, and the attributes that it needs. The forms are in `points`."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pointbook.model.amounts import Amount

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from decimal import Decimal

    from pointbook.model.attributes import Attribute, AttributeType
    from pointbook.model.ledger import Entry
    from pointbook.model.log import Attributes, Event

AmountRange = tuple[Amount | None, Amount | None]
"""The least and the most of some points; None where there is no bound."""


@dataclass(frozen=True, slots=True)
class Need:
    """An attribute without which an activity's points cannot be found.

    Attributes:
        name: Of an attribute of the event.
        path: Where it is named, from the activity down.
        types: It must be of one of them; of the first, most likely.
        purpose: What it is for, following "cannot".
        hint: What to type where its type does not serve that.
        listed: The values for which there are points, as texts; empty where there is no such list.
        worth: Points for each unit of it, 0 where it is not counted in units.
        is_listed_only: Whether other values than the listed ones have no points.
    """

    name: str
    path: tuple[str | int, ...]
    types: tuple[AttributeType, ...]
    purpose: str
    hint: str
    listed: tuple[str, ...] = ()
    worth: Amount = 0
    is_listed_only: bool = True


class PointsForm:
    """What every form says of itself.

    Its metaclass is not `ABCMeta`, which makes `isinstance` slower by far; mypy finds what is abstract.
    """

    __slots__ = ()

    @property
    @abstractmethod
    def words(self) -> str:
        """The rule in words: "50 points"."""

    @property
    def assessed_range(self) -> tuple[Amount, Amount] | None:
        """Where people decide the amount, which the log carries: the lowest and highest allowed."""
        return None

    @property
    def can_be_assessed(self) -> bool:
        """Whether it can use the points of the log."""
        return self.assessed_range is not None

    @property
    def copies(self) -> str | None:
        """The balance of the entry of the same event that it can copy; None where it copies none."""
        return None

    @property
    def tables(self) -> tuple[tuple[tuple[str, ...], Any], ...]:
        """The tables that it looks numbers up in, each with where it is written, from the activity down."""
        return ()

    @property
    def written(self) -> Iterator[tuple[tuple[str | int, ...], Amount]]:
        """Every amount that its balance must hold as it is written, with where that is, from the points down.

        Rates are not among them, for what they come to is rounded.
        """
        yield from ()

    @property
    def written_rates(self) -> Iterator[tuple[tuple[str | int, ...], Amount]]:
        """Every rate as it is written, with where that is, likewise."""
        yield from ()

    @property
    def stepped(self) -> Iterator[tuple[tuple[str, ...], str, Amount]]:
        """The quantities that count in whole steps only: where that is written, their attribute, the step."""
        yield from ()

    @property
    def ranges(self) -> Iterator[tuple[tuple[str, ...], Amount, Amount]]:
        """Every range that people decide in, lowest and highest, with where it is written, likewise."""
        yield from ()

    @property
    def can_fail(self) -> bool:
        """Whether there is no amount for some values of what it looks up."""
        return False

    @property
    def is_basic(self) -> bool:
        """Whether it is an amount, a range, a whole rate, or a table by one attribute with nothing else."""
        return True

    @property
    def needs(self) -> tuple[Need, ...]:
        """The attributes without which there is no amount."""
        return ()

    @abstractmethod
    def path_for(self, given: Attributes, /) -> tuple[str, ...]:
        """Where the amount of an event with these attributes is written, from the activity down."""

    @abstractmethod
    def amounts(self, attributes: Mapping[str, Attribute], /) -> tuple[AmountRange, ...]:
        """What an event can be worth before bonuses and sharing: no amount is outside all these ranges.

        Args:
            attributes: As the activity declares them.
        """

    @abstractmethod
    def typical(self, mean_of: Callable[[str], Decimal], /) -> int:
        """What an event is worth on average, given the averages of attributes."""

    @abstractmethod
    def gain_to(self, after: PointsForm, /) -> AmountRange | None:
        """How much more one and the same event is worth by `after`.

        From the least to the most, None for no bound; None altogether where that depends on the event.
        """

    @abstractmethod
    def valuation_text(self, event: Event, entry: Entry, /) -> str:
        """How the amount of an event was found, or why there is none, in words."""
