"""What each version offers members to do, and how often each of it is done."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from operator import mul
from typing import TYPE_CHECKING

from pointbook.sample.offers import Offer, offers_in
from pointbook.sample.values import hints_from

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pointbook.model.program import Program
    from pointbook.sample.spec import SampleSpec

_BAG = 2000
_SHELF_BAG = 1000
_OTHER_BALANCE = 60
"""How many of the thousand in a menu's bag feed each balance other than the one that decides levels."""
_LEVEL_SPENDING_PER_MILLE = 30
_OTHER_SPENDING_PER_MILLE = 350
_WEIGHT_SCALE = 1_000_000
_ROLL_BITS, _REST_BITS = 10, 33
_ROLL = (1 << _ROLL_BITS) - 1


@dataclass(frozen=True, slots=True)
class Selection:
    """Offers to choose among: cheap ones often and dear ones rarely, or all equally often.

    Attributes:
        cheap: A bag of offers, each in it as often as is inverse to its typical points.
        cheap_mean: Hundredths of points, on average, by those weights.
        even_mean: The same with all equally likely.
    """

    offers: tuple[Offer, ...]
    cheap: tuple[Offer, ...]
    cheap_mean: int
    even_mean: int

    def offer(self, bits: int, even: int) -> Offer:
        """The one that 43 bits of chance decide; so many times out of 1024 all are equally likely."""
        offers = self.offers if bits & _ROLL < even else self.cheap
        return offers[(bits >> _ROLL_BITS) * len(offers) >> _REST_BITS]


@dataclass(frozen=True, slots=True)
class Shelf:
    """What feeds one balance.

    Attributes:
        earning: Offers that add to it, or None.
        spending: Offers that take from it, or None.
        spending_per_mille: How often something is spent.
        feeds_levels: Whether it is the balance that decides levels.
    """

    balance: str
    earning: Selection | None
    spending: Selection | None
    spending_per_mille: int
    feeds_levels: bool


@dataclass(frozen=True, slots=True)
class Menu:
    """Everything one version offers.

    Attributes:
        first: First day of the sample on which it is in force, an ordinal.
        last: The last such day.
        offers: By activity.
        shelves: A bag of shelves, each in it as often as something feeds its balance.
        level_share: How often the last one, which decides levels, is in it.
        absent: Activities of other versions that it does not have.
    """

    first: int
    last: int
    offers: Mapping[str, Offer]
    shelves: tuple[Shelf, ...]
    level_share: int
    absent: tuple[str, ...]

    def even_share(self, aim: int) -> int:
        """How often, out of 1024, to choose evenly for `aim` hundredths of points per event, on average."""
        shelf = self.shelves[-1]
        if not shelf.feeds_levels or shelf.earning is None:
            return 0
        wanted = aim * len(self.shelves) // self.level_share - shelf.earning.cheap_mean
        spread = max(shelf.earning.even_mean - shelf.earning.cheap_mean, 1)
        return min(max((wanted << _ROLL_BITS) // spread, 0), 1 << _ROLL_BITS)


def menus_from(program: Program, spec: SampleSpec, columns: Mapping[str, int]) -> tuple[Menu, ...]:
    """What each version offers that is in force in the time of the sample.

    Args:
        program: The rules.
        spec: What sample is wanted.
        columns: Position of each attribute's cell in a row.

    Raises:
        ValueError: No version is in force in that time.
    """
    hints = hints_from(program)
    known = dict.fromkeys(activity.id for _, activity in program.activities)
    menus = []
    for version, until in zip(program.versions, (*program.versions[1:], None), strict=True):
        first = max(version.effective_from, spec.first_day).toordinal()
        last = spec.last_day.toordinal()
        if until is not None:
            last = min(last, until.effective_from.toordinal() - 1)
        if first <= last:
            offers = offers_in(version, hints, columns, program.level_balance)
            absent = tuple(name for name in known if name not in version.activities)
            shelves = sorted(_shelves(program, offers), key=lambda shelf: shelf.feeds_levels)
            others = [shelf for shelf in shelves[:-1] for _ in range(_OTHER_BALANCE)]
            level_share = max(_SHELF_BAG - len(others), _OTHER_BALANCE)
            bag = (*others, *shelves[-1:] * level_share)
            menus.append(Menu(first, last, offers, bag, level_share, absent))
    if not menus:
        begins = program.versions[0].effective_from
        raise ValueError(
            f"the sample ends on {spec.last_day}, before the program's first version begins, {begins}"
        )
    return tuple(menus)


def _shelves(program: Program, offers: Mapping[str, Offer]) -> Iterator[Shelf]:
    for balance in program.balances:
        own = [offer for offer in offers.values() if offer.balance == balance]
        if own:
            feeds_levels = balance == program.level_balance
            yield Shelf(
                balance=balance,
                earning=_selection([offer for offer in own if offer.typical >= 0]),
                spending=_selection([offer for offer in own if offer.typical < 0]),
                spending_per_mille=_LEVEL_SPENDING_PER_MILLE if feeds_levels else _OTHER_SPENDING_PER_MILLE,
                feeds_levels=feeds_levels,
            )


def _selection(offers: Sequence[Offer]) -> Selection | None:
    if not offers:
        return None
    sizes = [max(abs(offer.typical), 1) for offer in offers]
    weights = [max(_WEIGHT_SCALE // size, 1) for size in sizes]
    whole = sum(weights)
    bag = [[offer] * (weight * _BAG // whole + 1) for offer, weight in zip(offers, weights, strict=True)]
    return Selection(
        offers=tuple(offers),
        cheap=tuple(chain.from_iterable(bag)),
        cheap_mean=100 * sum(map(mul, sizes, weights)) // whole,
        even_mean=100 * sum(sizes) // len(sizes),
    )
