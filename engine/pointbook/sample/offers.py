"""An activity as one version has it, ready for drawing: for how much, with what, how often in a row."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor
from typing import TYPE_CHECKING

from pointbook.model.amounts import size
from pointbook.model.attributes import AttributeType
from pointbook.model.eligibility import eligibility_of
from pointbook.model.points.rates import AssessedPerUnit
from pointbook.model.windows import CapKind
from pointbook.reasoning.conditions import attribute_uses
from pointbook.sample.amounts import amounts_in
from pointbook.sample.shares import changes_by, shares_of
from pointbook.sample.values import Choices, choices_for, quantities

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pointbook.model.activities import Activity, EntryRule
    from pointbook.model.amounts import Amount
    from pointbook.model.points.form import Need
    from pointbook.model.program import Version
    from pointbook.model.rules import Cap
    from pointbook.sample.shares import Share
    from pointbook.sample.values import Hints

_EVENTS_TO_LOWEST_LEVEL = 20
_EVENTS_TO_CHEAPEST_SPEND = 5
_EVENTS_TO_A_SPEND = 5
_COMMON_MOST = 5
_MOST_REPEATS = 5


@dataclass(frozen=True, slots=True)
class Offer:
    """One activity, as one version has it.

    Attributes:
        activity: Its id.
        balance: The balance it feeds or takes from; of several the one by which it is chosen.
        typical: Points it comes to there on average, negative where it takes.
        smallest: The least that it takes; where it gives, what it comes to.
        amounts: Believable assessed points by size; empty where nothing is assessed.
        is_taken: Whether these are mostly taken, from what is there.
        bounds: Lowest and highest points that may be assessed.
        counted: Column of the quantity for each of which so many points are assessed; None for no such.
        every: How many of that quantity they are for; None for each.
        attributes: Column and values of each attribute it declares.
        needed: Columns without which its points cannot be told.
        typed: Columns whose type does not take any text, with that type.
        open_to_all: Whether it has no conditions on who and what counts.
        repeats: How many times in a row reach its tightest cap; 0 without caps.
        rest_days: Days between two times that its caps would just let through; 0 without caps.
        shares: What it gives and takes in each balance, where that is more than to give in one.
        names: Name of the attribute in each column, where there are shares.
    """

    activity: str
    balance: str
    typical: int
    smallest: int
    amounts: tuple[int, ...]
    is_taken: bool
    bounds: tuple[int, int]
    counted: int | None
    every: Amount | None
    attributes: tuple[tuple[int, Choices], ...]
    needed: tuple[int, ...]
    typed: tuple[tuple[int, AttributeType], ...]
    open_to_all: bool
    repeats: int
    rest_days: int
    shares: tuple[Share, ...]
    names: Mapping[int, str]

    def changes(self, cells: Sequence[str], points: int | None) -> Mapping[str, int]:
        """What an event with these attributes gives and takes, by balance, near enough."""
        given = {name: cells[column] for column, name in self.names.items() if cells[column]}
        return changes_by(self.shares, given, points)


class _Worths:
    """What an event should come to, where its quantity is open, so that levels and spends are reached."""

    def __init__(self, version: Version, level_balance: str) -> None:
        self.level_balance = level_balance
        self._lowest = min(
            (int(level.threshold) for level in version.levels.values() if level.threshold > 0), default=0
        )
        self._asked = {**_asked(version)}
        if level_balance in self._asked and self._lowest:
            self._asked[level_balance] = min(self._asked[level_balance], self._lowest)
        self._cheapest: dict[str, int] = {}
        for rule in (one for activity in version.activities.values() for one in activity.entries):
            fixed = [int(amount) for _, amount in rule.points.written if amount > 0 and rule.is_spend]
            if fixed:
                self._cheapest[rule.balance] = min(*fixed, self._cheapest.get(rule.balance, fixed[0]))
        self.earned: dict[str, int] = {}
        """What offers that give come to on average, by balance."""

    def of(self, rule: EntryRule) -> int:
        """What an event should come to in one balance."""
        name = rule.balance
        if rule.is_spend:
            return _EVENTS_TO_A_SPEND * self.earned.get(name, 0)
        is_open = name not in self._asked and name != self.level_balance
        if is_open and (rule.path or name in self._cheapest):
            return self._cheapest.get(name, 0) // _EVENTS_TO_CHEAPEST_SPEND
        return self._asked.get(name, self._lowest) // _EVENTS_TO_LOWEST_LEVEL


def offers_in(
    version: Version, hints: Hints, columns: Mapping[str, int], level_balance: str
) -> dict[str, Offer]:
    """Every activity of a version by its id.

    Args:
        version: The version.
        hints: What conditions say about attributes.
        columns: Position of each attribute's cell.
        level_balance: The balance that decides levels.
    """
    worths = _Worths(version, level_balance)
    found: dict[str, Offer] = {}
    # What is taken is measured by what is given.
    for activity in sorted(version.activities.values(), key=_spends):
        offer = found[activity.id] = _offer(activity, version, hints, columns, worths)
        typical = {share.rule.balance: share.typical for share in offer.shares}
        for name, points in (typical or {offer.balance: offer.typical}).items():
            worths.earned[name] = max(worths.earned.get(name, 0), points)
    return {name: found[name] for name in version.activities}


def _spends(activity: Activity) -> bool:
    return any(rule.is_spend for rule in activity.entries)


def _asked(version: Version) -> Mapping[str, int]:
    """The least that any level requires of each balance, of those that levels with `requires` name."""
    found: dict[str, int] = {}
    for level in version.levels.values():
        for name, least in (pair for one in level.requires for pair in one):
            if least > 0:
                found[name] = min(int(least), found.get(name, int(least)))
    return found


def _offer(
    activity: Activity, version: Version, hints: Hints, columns: Mapping[str, int], worths: _Worths
) -> Offer:
    types = {name: attribute.type for name, attribute in activity.attributes.items()}
    choices = {name: _choices(activity, name, kind, hints, worths) for name, kind in types.items()}
    shares = shares_of(activity, lambda name: choices[name].mean())
    chosen_by = _chosen_by(shares, worths.level_balance)
    typical, assessed = chosen_by.typical, activity.assessed
    bounds = None if assessed is None else _whole_bounds(assessed)
    amounts = () if bounds is None else amounts_in(*bounds)
    rate = None if assessed is None else assessed.points
    by_balance = {share.rule.balance: share.typical for share in shares}
    met = [cap for _, _, _, cap in version.caps_met_by(activity)]
    times = [_times(cap, by_balance.get(cap.balance or "", typical)) for cap in met]
    for share in shares:
        met += share.rule.caps
        times += [_times(cap, share.typical) for cap in share.rule.caps]
    is_plain = len(shares) == 1 and not chosen_by.rule.is_spend
    return Offer(
        activity=activity.id,
        balance=chosen_by.rule.balance,
        typical=typical,
        smallest=amounts[0] if is_plain and amounts else _smallest(chosen_by, choices, amounts),
        amounts=amounts,
        is_taken=typical < 0 if is_plain or assessed is None else assessed.is_spend,
        bounds=bounds or (0, 0),
        counted=next((columns[need.name] for need in rate.needs if need.worth), None) if rate else None,
        every=rate.every if isinstance(rate, AssessedPerUnit) else None,
        attributes=tuple((columns[name], own) for name, own in choices.items()),
        needed=_needed(activity, columns),
        typed=tuple((columns[name], kind) for name, kind in types.items() if kind is not AttributeType.TEXT),
        open_to_all=not eligibility_of(version, activity),
        repeats=min(*times, _MOST_REPEATS) if times else 0,
        rest_days=max(
            (cap.per.window.usual_days // often for cap, often in zip(met, times, strict=True)), default=0
        ),
        shares=() if is_plain else shares,
        names={} if is_plain else {columns[name]: name for name in choices},
    )


def _chosen_by(shares: Sequence[Share], level_balance: str) -> Share:
    """What an offer is chosen by: what it takes, else what it gives towards levels, else the first."""
    own = [share for share in shares if share.rule.is_spend or share.rule.balance == level_balance]
    return (own or shares)[0]


def _smallest(share: Share, choices: Mapping[str, Choices], amounts: Sequence[int]) -> int:
    """The least that an offer takes, as less than nothing; of what gives what it comes to."""
    rule = share.rule
    if not rule.is_spend:
        return share.typical
    if amounts:
        return -amounts[0]
    listed = [int(amount) for _, amount in rule.points.written]
    return -min(listed) if listed else -rule.points.typical(lambda name: choices[name].least())


def _whole_bounds(rule: EntryRule) -> tuple[int, int] | None:
    """Whole points that may be assessed; of a total per unit, for one of them."""
    ends = rule.points.assessed_range
    return None if ends is None else (ceil(ends[0]), max(ceil(ends[0]), floor(ends[1])))


def _choices(activity: Activity, name: str, kind: AttributeType, hints: Hints, worths: _Worths) -> Choices:
    needs = [(rule, need) for rule in activity.entries for need in rule.needs if need.name == name]
    if not needs:
        return choices_for(name, kind, hints)
    listed = next((need for _, need in needs if need.listed), None)
    if listed is not None:
        own = listed.listed
        return Choices((*own, *(() if listed.is_listed_only else _others(kind, own))))
    most = max(_most(need, rule, worths) for rule, need in needs)
    return quantities(name, kind, most, hints)


def _most(need: Need, rule: EntryRule, worths: _Worths) -> int:
    """How many of a quantity there are at most, so that an event comes to what it should."""
    every = getattr(rule.points, "every", None) or 1
    wanted = int(2 * worths.of(rule) * every // size(need.worth)) if need.worth else 0
    return max(_COMMON_MOST * ceil(every), wanted)


def _others(kind: AttributeType, listed: Sequence[str]) -> tuple[str, ...]:
    """A value that a table does not list."""
    if kind is AttributeType.BOOLEAN:
        return tuple(text for text in ("true", "false") if text not in listed)
    return ("something else",) if kind is AttributeType.TEXT else (str(len("".join(listed)) + 1000),)


def _needed(activity: Activity, columns: Mapping[str, int]) -> tuple[int, ...]:
    """Columns without which nothing can be decided, those of the points first."""
    uses = sorted(attribute_uses(activity), key=lambda use: use.in_condition)
    names = dict.fromkeys(use.name for use in uses if use.needs_value)
    return tuple(columns[name] for name in names if name in activity.attributes)


def _times(cap: Cap, typical: int) -> int:
    """How many times in its window the cap lets typical points through."""
    return int(cap.limit if cap.kind is CapKind.TIMES else -(-cap.limit // max(abs(typical), 1)))
