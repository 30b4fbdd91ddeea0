"""An activity as one version has it, ready for drawing: for how much, with what, how often in a row."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor
from typing import TYPE_CHECKING

from pointbook.model.amounts import size
from pointbook.model.attributes import AttributeType
from pointbook.model.eligibility import eligibility_of
from pointbook.model.windows import CapKind
from pointbook.reasoning.awards import percent_range
from pointbook.reasoning.conditions import attribute_uses
from pointbook.sample.amounts import amounts_in
from pointbook.sample.values import Choices, choices_for, quantities

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pointbook.model.activities import Activity
    from pointbook.model.program import Version
    from pointbook.model.rules import Cap
    from pointbook.sample.values import Hints

_EVENTS_TO_LOWEST_LEVEL = 20
_COMMON_MOST = 5
_MOST_REPEATS = 5


@dataclass(frozen=True, slots=True)
class Offer:
    """One activity, as one version has it.

    Attributes:
        activity: Its id.
        balance: The balance it feeds.
        typical: Points it comes to on average, negative where it deducts.
        amounts: Believable assessed points by size; empty where nothing is assessed.
        bounds: Lowest and highest points that may be assessed.
        counted: Column of the quantity for each of which so many points are assessed; None for no such.
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
    counted: int | None
    attributes: tuple[tuple[int, Choices], ...]
    needed: tuple[int, ...]
    typed: tuple[tuple[int, AttributeType], ...]
    open_to_all: bool
    repeats: int
    rest_days: int


def offers_in(version: Version, hints: Hints, columns: Mapping[str, int]) -> dict[str, Offer]:
    """Every activity of `version` by its id; `columns` is the position of each attribute's cell."""
    lowest = min(
        (int(level.threshold) for level in version.levels.values() if level.threshold > 0), default=0
    )
    asked = _asked(version)
    return {
        activity.id: _offer(
            activity,
            version,
            hints,
            columns,
            asked.get(activity.sole.balance, lowest) // _EVENTS_TO_LOWEST_LEVEL,
        )
        for activity in version.activities.values()
    }


def _asked(version: Version) -> Mapping[str, int]:
    """The least that any level requires of each balance, of those that levels with `requires` name."""
    found: dict[str, int] = {}
    for level in version.levels.values():
        for name, least in (pair for one in level.requires for pair in one):
            if least > 0:
                found[name] = min(int(least), found.get(name, int(least)))
    return found


def _offer(
    activity: Activity, version: Version, hints: Hints, columns: Mapping[str, int], worth: int
) -> Offer:
    """The offer of an activity; `worth` is what an event should come to where the quantity is open."""
    bounds = _whole_bounds(activity)
    types = {name: attribute.type for name, attribute in activity.attributes.items()}
    choices = {name: _choices(activity, name, kind, hints, worth) for name, kind in types.items()}
    typical = _typical(activity, choices)
    caps = [met.cap for met in version.caps_met_by(activity)]
    return Offer(
        activity=activity.id,
        balance=activity.sole.balance,
        typical=typical,
        amounts=() if bounds is None else amounts_in(*bounds),
        bounds=bounds or (0, 0),
        counted=next(
            (columns[need.name] for need in activity.sole.points.needs if need.worth and bounds), None
        ),
        attributes=tuple((columns[name], own) for name, own in choices.items()),
        needed=_needed(activity, columns),
        typed=tuple((columns[name], kind) for name, kind in types.items() if kind is not AttributeType.TEXT),
        open_to_all=not eligibility_of(version, activity),
        repeats=_repeats(caps, typical),
        rest_days=_rest_days(caps, typical),
    )


def _whole_bounds(activity: Activity) -> tuple[int, int] | None:
    """Whole points that may be assessed; of a total per unit, for one of them."""
    ends = activity.sole.points.assessed_range
    return None if ends is None else (ceil(ends[0]), max(ceil(ends[0]), floor(ends[1])))


def _choices(activity: Activity, name: str, kind: AttributeType, hints: Hints, worth: int) -> Choices:
    need = next((need for need in activity.needs if need.name == name), None)
    if need is None:
        return choices_for(name, kind, hints)
    if need.listed:
        return Choices((*need.listed, *(() if need.is_listed_only else _others(kind, need.listed))))
    most = max(_COMMON_MOST, int(2 * worth // size(need.worth))) if need.worth else _COMMON_MOST
    return quantities(name, kind, most, hints)


def _others(kind: AttributeType, listed: Sequence[str]) -> tuple[str, ...]:
    """A value that a table does not list."""
    if kind is AttributeType.BOOLEAN:
        return tuple(text for text in ("true", "false") if text not in listed)
    return ("something else",) if kind is AttributeType.TEXT else (str(len("".join(listed)) + 1000),)


def _typical(activity: Activity, choices: Mapping[str, Choices]) -> int:
    base = activity.sole.points.typical(lambda name: choices[name].mean())
    base += int(sum(bonus.points for bonus in activity.sole.bonuses) // 2)
    least, most = percent_range(activity)
    base += int(base * (least + most) // 200)
    return base if activity.sole.split_among is None else base // 2


def _needed(activity: Activity, columns: Mapping[str, int]) -> tuple[int, ...]:
    """Columns without which nothing can be decided, those of the points first."""
    uses = sorted(attribute_uses(activity), key=lambda use: use.in_condition)
    names = dict.fromkeys(use.name for use in uses if use.needs_value)
    return tuple(columns[name] for name in names if name in activity.attributes)


def _repeats(caps: Sequence[Cap], typical: int) -> int:
    return min([*(_times(cap, typical) for cap in caps), _MOST_REPEATS]) if caps else 0


def _rest_days(caps: Sequence[Cap], typical: int) -> int:
    return max((cap.per.window.usual_days // _times(cap, typical) for cap in caps), default=0)


def _times(cap: Cap, typical: int) -> int:
    """How many times in its window the cap lets typical points through."""
    return int(cap.limit if cap.kind is CapKind.TIMES else -(-cap.limit // max(abs(typical), 1)))
