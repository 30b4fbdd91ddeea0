"""What caps let through in one window while versions change in it.

A cap's usage belongs to its owner, kind and window, whatever the version, and a balance is carried over
from one version to the next. So what is certain of a version by itself need not be so in time: members
bring what earlier versions gave them. Source: docs/meaning.md, "Caps".
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from pointbook.model.windows import CapKind, Per, most_windows
from pointbook.reasoning.awards import Awards
from pointbook.reasoning.caps import after_points_caps, reach

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from pointbook.model.program import Version
    from pointbook.model.rules import Cap


@dataclass(frozen=True, slots=True)
class Passage:
    """What events go through in one version.

    Attributes:
        awards: What one event can be worth when it comes to the first cap.
        caps: In order, without their titles and sources.
    """

    awards: Awards
    caps: tuple[Cap, ...]


def passage(awards: Awards, caps: Iterable[Cap]) -> Passage:
    """A passage through these caps."""
    return Passage(awards, tuple(replace(cap, title=None, note=None, source=None) for cap in caps))


def sharing_before(versions: Sequence[Version], index: int, per: Per) -> Sequence[Version]:
    """The versions before the one at `index` that can be in force in one window with it; by time."""
    first = index
    while first and _can_share(versions, first - 1, index, per):
        first -= 1
    return versions[first:index]


def sharing_after(versions: Sequence[Version], index: int, per: Per) -> Sequence[Version]:
    """The versions after the one at `index` that can be in force in one window with it; by time."""
    last = index + 1
    while last < len(versions) and _can_share(versions, index, last, per):
        last += 1
    return versions[index + 1 : last]


def _can_share(versions: Sequence[Version], earlier: int, later: int, per: Per) -> bool:
    """Whether a window can hold the last day of one version and the first of another."""
    after = versions[earlier + 1]
    if not (versions[later].is_dated and after.is_dated):
        return True  # nobody knows
    return in_one_window(after.effective_from - timedelta(days=1), versions[later].effective_from, per)


def in_one_window(one: date, other: date, per: Per) -> bool:
    """Whether some member has both days in one window; `other` is not the earlier.

    >>> from datetime import date
    >>> in_one_window(date(2024, 12, 31), date(2025, 1, 1), Per.CALENDAR_YEAR)
    False
    >>> in_one_window(date(2024, 12, 31), date(2025, 1, 1), Per.MEMBERSHIP_YEAR)
    True
    """
    if per is Per.MEMBERSHIP_YEAR:  # where it ends depends on the member
        longest = per.window.most_days
        return longest is None or (other - one).days < longest
    return per.window.number(one, 0) == per.window.number(other, 0)


def most_of(passages: Iterable[Passage], counted: CapKind, window: Per) -> int | None:
    """The most points, or positive events, that come through in one `window`, by any of the passages.

    Caps of one kind and window in several passages share their usage: all are one owner's.

    Returns:
        A bound, or None where there is none. Two versions that each have 100 points in a lifetime
        let 100 through together; where only the second has the cap, there is no bound.
    """
    some = list(dict.fromkeys(each for each in passages if each.awards.smallest is not None))
    alone = {each: _most([_reach(key, [each], counted, window) for key in _keys([each])]) for each in some}
    bounds = [_sum(alone.values())]
    for key in _keys(some):
        having = [each for each in some if key in _keys([each])]
        rest = [alone[each] for each in some if each not in having]
        bounds.append(_sum([_reach(key, having, counted, window), *rest]))
    return _most(bounds)


def _reach(key: tuple[CapKind, Per], passages: list[Passage], counted: CapKind, window: Per) -> int | None:
    """The most that the cap of this kind and window, which each of them has, lets through of all."""
    places = [
        next(index for index, cap in enumerate(each.caps) if (cap.kind, cap.per) == key) for each in passages
    ]
    caps = [each.caps[place] for each, place in zip(passages, places, strict=True)]
    coming = [
        after_points_caps(each.awards, each.caps[:place])
        for each, place in zip(passages, places, strict=True)
    ]
    highest = [awards.highest for awards in coming]
    together = Awards(
        None,
        None if None in highest else max(most for most in highest if most is not None),
        min(awards.smallest for awards in coming if awards.smallest is not None),
    )
    most = reach(max(caps, key=lambda cap: cap.limit), counted, together, window)
    if most is None or key[0] is counted or counted is CapKind.POINTS:
        return most
    # Each limit that the usage comes to can have cut an event, which then counts though it gave little.
    cuts = len({cap.limit for cap in caps}) - 1
    return most + cuts * (most_windows(key[1], window) or 0)


def _keys(passages: Iterable[Passage]) -> dict[tuple[CapKind, Per], None]:
    return dict.fromkeys((cap.kind, cap.per) for each in passages for cap in each.caps)


def _sum(bounds: Iterable[int | None]) -> int | None:
    known = list(bounds)
    return None if None in known else sum(most for most in known if most is not None)


def _most(bounds: Iterable[int | None]) -> int | None:
    return min((most for most in bounds if most is not None), default=None)
