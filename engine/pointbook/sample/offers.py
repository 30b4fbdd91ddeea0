"""An activity as one version has it, ready for drawing: for how much, with what, how often in a row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pointbook.model.rules import Assessed, AttributeType, CapKind, Fixed, Per, PerUnit, Table
from pointbook.sample.amounts import amounts_in
from pointbook.sample.values import Choices, choices_for, comparisons_of, quantities

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pointbook.model.rules import Activity, Cap, Version
    from pointbook.sample.values import Hints

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
        open_to_all: Whether it has no conditions on who and what counts.
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
    open_to_all: bool
    repeats: int
    rest_days: int


def offers_in(version: Version, hints: Hints, columns: Mapping[str, int]) -> dict[str, Offer]:
    """Every activity of `version` by its id; `columns` is the position of each attribute's cell."""
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
    types = {name: attribute.type for name, attribute in activity.attributes.items()}
    choices = {name: _choices(activity, name, kind, hints, worth) for name, kind in types.items()}
    typical = _typical(activity, choices)
    caps = [*activity.caps, *(cap for group in activity.groups for cap in version.groups[group].caps)]
    return Offer(
        activity=activity.id,
        balance=activity.balance,
        typical=typical,
        amounts=amounts_in(*bounds) if isinstance(points, Assessed) else (),
        bounds=bounds,
        attributes=tuple((columns[name], own) for name, own in choices.items()),
        needed=_needed(activity, columns),
        typed=tuple((columns[name], kind) for name, kind in types.items() if kind is not AttributeType.TEXT),
        open_to_all=activity.eligible_if is None,
        repeats=_repeats(caps, typical),
        rest_days=_rest_days(caps, typical),
    )


def _choices(activity: Activity, name: str, kind: AttributeType, hints: Hints, worth: int) -> Choices:
    points = activity.points
    if isinstance(points, Table) and name == points.attribute:
        return Choices(tuple(points.values))
    if isinstance(points, PerUnit) and name == points.attribute:
        most = max(_COMMON_MOST, 2 * worth // max(abs(points.points), 1))
        return quantities(name, kind, most, hints)
    if name == activity.split_among:
        return quantities(name, kind, _COMMON_MOST, hints)
    return choices_for(name, kind, hints)


def _typical(activity: Activity, choices: Mapping[str, Choices]) -> int:
    match activity.points:
        case Fixed(points=points):
            base = points
        case Assessed(minimum=minimum, maximum=maximum):
            # Dice.low is used on them by size: a quarter of the way from the smaller end.
            near, far = (minimum, maximum) if abs(minimum) <= abs(maximum) else (maximum, minimum)
            base = near + (far - near) // _TYPICAL_QUARTER
        case PerUnit(points=points, attribute=attribute):
            base = int(points * choices[attribute].mean())
        case Table(values=values):
            base = sum(values.values()) // len(values)
    base += sum(bonus.points for bonus in activity.bonuses) // 2
    return base if activity.split_among is None else base // 2


def _needed(activity: Activity, columns: Mapping[str, int]) -> tuple[int, ...]:
    points = activity.points
    names = [points.attribute] if isinstance(points, PerUnit | Table) else []
    if activity.split_among is not None:
        names.append(activity.split_among)
    for comparison in comparisons_of(activity):
        if comparison.asks_for_value:
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
