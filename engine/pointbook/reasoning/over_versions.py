"""What is awarded at most in one window while versions change in it.

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
from pointbook.reasoning.caps import beside, reach, with_parts

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from pointbook.model.amounts import Amount
    from pointbook.model.program import Version
    from pointbook.model.rules import Cap

    _Key = tuple[bool, CapKind, Per, str | None]
    """Whether it is an entry's cap, its kind and window, and the balance that it names."""


@dataclass(frozen=True, slots=True)
class Passage:
    """What limits events in one version.

    Attributes:
        awards: What one event can be awarded before the caps.
        caps: Without their titles and sources.
        own: How many of them, the first, are an entry's; the others are of what is above it.
    """

    awards: Awards
    caps: tuple[Cap, ...]
    own: int = 0

    @property
    def keys(self) -> list[_Key]:
        """What the usage of each cap belongs to, among those of one rule."""
        return [(place < self.own, cap.kind, cap.per, cap.balance) for place, cap in enumerate(self.caps)]


def passage(awards: Awards, caps: Iterable[Cap], own: Sequence[Cap] = ()) -> Passage:
    """A passage through these caps, and through an entry's own."""
    plain = (replace(cap, title=None, note=None, source=None) for cap in (*own, *caps))
    return Passage(awards, tuple(plain), len(own))


def sharing_before(versions: Sequence[Version], index: int, per: Per) -> Sequence[Version]:
    """The versions before the one at `index` that can be in force in one window with it; by time."""
    first = index
    while first and can_share(versions, first - 1, index, per):
        first -= 1
    return versions[first:index]


def sharing_after(versions: Sequence[Version], index: int, per: Per) -> Sequence[Version]:
    """The versions after the one at `index` that can be in force in one window with it; by time."""
    last = index + 1
    while last < len(versions) and can_share(versions, index, last, per):
        last += 1
    return versions[index + 1 : last]


def can_share(versions: Sequence[Version], earlier: int, later: int, per: Per) -> bool:
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


def most_of(passages: Iterable[Passage], counted: CapKind, window: Per) -> Amount | None:
    """The most points, or positive events, that come through in one `window`, by any of the passages.

    Caps of one kind, window and written balance in several passages share their usage: all are one owner's,
    or its entry's.

    Returns:
        A bound, or None where there is none. Two versions that each have 100 points in a lifetime
        let 100 through together; where only the second has the cap, there is no bound.
    """
    together = Together(counted, window)
    for each in passages:
        together.add(each)
    return together.most


class Together:
    """What `most_of` says of passages that are added one by one, each in the time that its caps take.

    Args:
        counted: Whether the bound is one of points or of positive events.
        window: In which they are counted.
    """

    def __init__(self, counted: CapKind, window: Per) -> None:
        self._counted = counted
        self._window = window
        self._seen: set[Passage] = set()
        self._alone = _Sum()
        self._shared: dict[_Key, _Shared] = {}

    def add(self, passage: Passage) -> None:
        """One more passage; one that is equal to another changes nothing."""
        if passage.awards.smallest is None or passage in self._seen:
            return
        self._seen.add(passage)
        own: dict[_Key, _Shared] = {}
        for place, (key, cap) in enumerate(zip(passage.keys, passage.caps, strict=True)):
            own.setdefault(key, _Shared(cap, with_parts(passage.awards, beside(passage.caps, place))))
        alone = _most(shared.most(self._counted, self._window) for shared in own.values())
        self._alone.add(alone)
        for key, shared in own.items():
            shared.alone.add(alone)
            if key in self._shared:
                self._shared[key].join(shared)
            else:
                self._shared[key] = shared

    @property
    def most(self) -> Amount | None:
        """The bound; None where there is none."""
        bounds = [self._alone.total]
        for shared in self._shared.values():
            most, rest = shared.most(self._counted, self._window), self._alone.without(shared.alone)
            bounds.append(None if most is None or rest is None else most + rest)
        return _most(bounds)


class _Sum:
    """A sum of bounds; where one of them is None, there is none."""

    def __init__(self) -> None:
        self._known: Amount = 0
        self._unknown = 0

    def add(self, bound: Amount | None) -> None:
        if bound is None:
            self._unknown += 1
        else:
            self._known += bound

    def join(self, other: _Sum) -> None:
        self._known += other._known
        self._unknown += other._unknown

    def without(self, part: _Sum) -> Amount | None:
        """The sum of those that are not in the part."""
        return None if self._unknown > part._unknown else self._known - part._known

    @property
    def total(self) -> Amount | None:
        return None if self._unknown else self._known


class _Shared:
    """The caps of one kind and window in several passages.

    Attributes:
        alone: The sum of what each of these passages lets through by itself.
    """

    def __init__(self, cap: Cap, coming: Awards) -> None:
        self._cap = cap
        self._coming = coming
        self._limits = {cap.limit}
        self.alone = _Sum()

    def join(self, other: _Shared) -> None:
        """With those of further passages."""
        highest = self._coming.highest, other._coming.highest
        self._coming = Awards(
            None,
            None if None in highest else max(most for most in highest if most is not None),
            min(each for each in (self._coming.smallest, other._coming.smallest) if each is not None),
        )
        self._cap = max(self._cap, other._cap, key=lambda cap: cap.limit)
        self._limits |= other._limits
        self.alone.join(other.alone)

    def most(self, counted: CapKind, window: Per) -> Amount | None:
        """The most that comes through all of them together."""
        most = reach(self._cap, counted, self._coming, window)
        if most is None or self._cap.kind is counted or counted is CapKind.POINTS:
            return most
        # Each limit that the usage comes to can have cut an event, which then counts though it gave little.
        return most + (len(self._limits) - 1) * (most_windows(self._cap.per, window) or 0)


def _most(bounds: Iterable[Amount | None]) -> Amount | None:
    return min((most for most in bounds if most is not None), default=None)
