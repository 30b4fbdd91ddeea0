"""What each version offers members to do, ready for drawing: how often, for how much, with what values."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from pointbook.model.rules import Assessed, AttributeType, CapKind, Fixed, Per, PerUnit, Table
from pointbook.sample.amounts import amounts_in
from pointbook.sample.values import (
    Choices,
    choices_for,
    comparisons_of,
    hints_from,
    is_undecided_without_value,
    quantities,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pointbook.model.rules import Activity, Cap, Program, Version
    from pointbook.sample.dice import Dice
    from pointbook.sample.spec import SampleSpec
    from pointbook.sample.values import Hints

_WEIGHT_SCALE = 1_000_000
_BAG = 2000
_ROLL_BITS, _REST_BITS = 10, 43
_ROLL = (1 << _ROLL_BITS) - 1
_OTHER_BALANCE_PER_MILLE = 60
_LEVEL_SPENDING_PER_MILLE = 30
_OTHER_SPENDING_PER_MILLE = 350
_EVENTS_TO_LOWEST_LEVEL = 20
_COMMON_MOST = 5
_TYPICAL_QUARTER = 4
_MOST_REPEATS = 5
_WINDOW_DAYS = {
    Per.DAY: 1,
    Per.WEEK: 7,
    Per.CALENDAR_MONTH: 30,
    Per.CALENDAR_YEAR: 365,
    Per.MEMBERSHIP_YEAR: 365,
    Per.LIFETIME: 100_000,
}


@dataclass(frozen=True, slots=True)
class Offer:
    """One activity, as one version has it.

    Attributes:
        activity: Its id.
        balance: The balance it feeds.
        typical: Points it comes to on average, negative where it deducts.
        amounts: Believable assessed points by size; empty where nothing is assessed.
        bounds: Lowest and highest points that may be assessed.
        attributes: Column and values of each attribute it declares.
        needed: Columns without which its points cannot be told.
        typed: Columns whose type does not take any text, with that type.
        repeats: How many times in a row reach its tightest cap; 0 without caps.
        rest_days: Days between two times that its caps would just let through; 0 without caps.
    """

    activity: str
    balance: str
    typical: int
    amounts: tuple[int, ...]
    bounds: tuple[int, int]
    attributes: tuple[tuple[int, Choices], ...]
    needed: tuple[int, ...]
    typed: tuple[tuple[int, AttributeType], ...]
    repeats: int
    rest_days: int


@dataclass(frozen=True, slots=True)
class Range:
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

    def offer(self, dice: Dice, even: int) -> Offer:
        """One of them; so many times out of 1024 all are equally likely."""
        bits = dice.bits()
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
    earning: Range | None
    spending: Range | None
    spending_per_mille: int
    feeds_levels: bool


@dataclass(frozen=True, slots=True)
class Menu:
    """Everything one version offers.

    Attributes:
        first: First day of the sample on which it is in force, an ordinal.
        last: The last such day.
        offers: By activity.
        shelves: By balance, in the program's order.
        shares: Running sums of how often something feeds each balance.
        absent: Activities of other versions that it does not have.
    """

    first: int
    last: int
    offers: Mapping[str, Offer]
    shelves: tuple[Shelf, ...]
    shares: tuple[int, ...]
    absent: tuple[str, ...]

    def even_share(self, aim: int) -> int:
        """How often, out of 1024, to choose evenly for `aim` hundredths of points per event, on average."""
        for shelf, share in zip(self.shelves, self._own_shares(), strict=True):
            if shelf.feeds_levels and shelf.earning is not None:
                wanted = aim * self.shares[-1] // share - shelf.earning.cheap_mean
                spread = shelf.earning.even_mean - shelf.earning.cheap_mean
                return min(max((wanted << _ROLL_BITS) // max(spread, 1), 0), 1 << _ROLL_BITS)
        return 0

    def _own_shares(self) -> Iterator[int]:
        before = 0
        for share in self.shares:
            yield share - before
            before = share


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
    known = tuple(dict.fromkeys(name for version in program.versions for name in version.activities))
    menus = []
    for version, until in zip(program.versions, (*program.versions[1:], None), strict=True):
        first = max(version.effective_from, spec.first_day).toordinal()
        last = spec.last_day.toordinal()
        if until is not None:
            last = min(last, until.effective_from.toordinal() - 1)
        if first <= last:
            offers = _offers(version, hints, columns)
            shelves = tuple(_shelves(program, offers))
            absent = tuple(name for name in known if name not in version.activities)
            menus.append(Menu(first, last, offers, shelves, _shares(shelves), absent))
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
                earning=_range([offer for offer in own if offer.typical >= 0]),
                spending=_range([offer for offer in own if offer.typical < 0]),
                spending_per_mille=_LEVEL_SPENDING_PER_MILLE if feeds_levels else _OTHER_SPENDING_PER_MILLE,
                feeds_levels=feeds_levels,
            )


def _shares(shelves: Sequence[Shelf]) -> tuple[int, ...]:
    others = _OTHER_BALANCE_PER_MILLE
    levels = max(1000 - others * (len(shelves) - 1), others)
    return tuple(accumulate(levels if shelf.feeds_levels else others for shelf in shelves))


def _range(offers: Sequence[Offer]) -> Range | None:
    if not offers:
        return None
    sizes = [max(abs(offer.typical), 1) for offer in offers]
    weights = [max(_WEIGHT_SCALE // size, 1) for size in sizes]
    return Range(
        offers=tuple(offers),
        cheap=tuple(
            offer
            for offer, weight in zip(offers, weights, strict=True)
            for _ in range(weight * _BAG // sum(weights) + 1)
        ),
        cheap_mean=100
        * sum(size * weight for size, weight in zip(sizes, weights, strict=True))
        // sum(weights),
        even_mean=100 * sum(sizes) // len(sizes),
    )


def _offers(version: Version, hints: Hints, columns: Mapping[str, int]) -> dict[str, Offer]:
    lowest = min((level.threshold for level in version.levels.values() if level.threshold > 0), default=0)
    return {
        activity.id: _offer(activity, version, hints, columns, lowest // _EVENTS_TO_LOWEST_LEVEL)
        for activity in version.activities.values()
    }


def _offer(
    activity: Activity, version: Version, hints: Hints, columns: Mapping[str, int], worth: int
) -> Offer:
    """The offer of an activity; `worth` is what an event should come to where the quantity is open."""
    points = activity.points
    bounds = (points.minimum, points.maximum) if isinstance(points, Assessed) else (0, 0)
    most = _most_units(points, worth)
    typical = _typical(activity, most)
    caps = [*activity.caps, *(cap for group in activity.groups for cap in version.groups[group].caps)]
    types = {name: attribute.type for name, attribute in activity.attributes.items()}
    return Offer(
        activity=activity.id,
        balance=activity.balance,
        typical=typical,
        amounts=amounts_in(*bounds) if isinstance(points, Assessed) else (),
        bounds=bounds,
        attributes=tuple(
            (columns[name], _choices(activity, name, kind, hints, most)) for name, kind in types.items()
        ),
        needed=_needed(activity, columns),
        typed=tuple((columns[name], kind) for name, kind in types.items() if kind is not AttributeType.TEXT),
        repeats=_repeats(caps, typical),
        rest_days=_rest_days(caps, typical),
    )


def _most_units(points: Assessed | Fixed | PerUnit | Table, worth: int) -> int:
    if not isinstance(points, PerUnit):
        return _COMMON_MOST
    return max(_COMMON_MOST, 2 * worth // max(abs(points.points), 1))


def _typical(activity: Activity, most: int) -> int:
    match activity.points:
        case Fixed(points=points):
            base = points
        case Assessed(minimum=minimum, maximum=maximum):
            # Dice.low is used on them by size: a quarter of the way from the smaller end.
            near, far = (minimum, maximum) if abs(minimum) <= abs(maximum) else (maximum, minimum)
            base = near + (far - near) // _TYPICAL_QUARTER
        case PerUnit(points=points):
            base = points * most * 2 // _COMMON_MOST
        case Table(values=values):
            base = sum(values.values()) // len(values)
    base += sum(bonus.points for bonus in activity.bonuses) // 2
    return base if activity.split_among is None else base // 2


def _choices(activity: Activity, name: str, kind: AttributeType, hints: Hints, most: int) -> Choices:
    points = activity.points
    if isinstance(points, Table) and name == points.attribute:
        return Choices(tuple(points.values))
    if isinstance(points, PerUnit) and name == points.attribute:
        return quantities(kind, most)
    if name == activity.split_among:
        return quantities(kind, _COMMON_MOST)
    return choices_for(name, kind, hints)


def _needed(activity: Activity, columns: Mapping[str, int]) -> tuple[int, ...]:
    points = activity.points
    names = [points.attribute] if isinstance(points, PerUnit | Table) else []
    if activity.split_among is not None:
        names.append(activity.split_among)
    for comparison in comparisons_of(activity):
        if is_undecided_without_value(comparison):
            names.append(comparison.attribute)
            if comparison.within is not None:
                names.append(comparison.within.after)
    return tuple(columns[name] for name in dict.fromkeys(names) if name in activity.attributes)


def _repeats(caps: Sequence[Cap], typical: int) -> int:
    return min([*(_times(cap, typical) for cap in caps), _MOST_REPEATS]) if caps else 0


def _rest_days(caps: Sequence[Cap], typical: int) -> int:
    return max((_WINDOW_DAYS[cap.per] // _times(cap, typical) for cap in caps), default=0)


def _times(cap: Cap, typical: int) -> int:
    """How many times in its window the cap lets typical points through."""
    return cap.limit if cap.kind is CapKind.TIMES else -(-cap.limit // max(abs(typical), 1))
