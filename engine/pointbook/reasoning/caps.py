"""What has caps, and what is awarded at most under a cap."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING, NamedTuple

from pointbook.model.amounts import MOST_PLACES, Amount, from_units
from pointbook.model.windows import CapKind, most_windows
from pointbook.reasoning.awards import Awards, awards_of, together

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pointbook.model.activities import Activity, EntryRule
    from pointbook.model.program import Version
    from pointbook.model.rules import Cap, Path
    from pointbook.model.windows import Per


class Limited(NamedTuple):
    """What an activity's events give, as far as it meets the caps of one owner.

    Attributes:
        activity: The activity.
        entries: Those of its entries that are looked at.
        own: The entry's own caps, where it is one.
        above: The activity's that limit these.
        awards: What an event can be awarded in one of them, before all caps.
    """

    activity: Activity
    entries: tuple[EntryRule, ...]
    own: tuple[Cap, ...]
    above: tuple[Cap, ...]
    awards: Awards

    @property
    def caps(self) -> tuple[Cap, ...]:
        """The caps of both."""
        return (*self.own, *self.above)

    @property
    def id(self) -> str:
        """The activity's."""
        return self.activity.id


@dataclass(frozen=True, slots=True)
class Capped:
    """An entry, an activity or a group with its caps.

    Where its events feed several balances, it is looked at once for each of them, with what limits that
    one; and once for the caps of times alone, which all entries of an event share.

    Attributes:
        name: What it is called in messages: "activity `feedback`".
        path: Where it is written, from the top of the version.
        caps: As written; their order does not matter.
        members: What is limited.
        awards: What an event of each member can be awarded, before the member's own caps.
        incoming: What an event of any of them can be awarded, before these caps.
        is_group: Whether it is a group.
        balance: The one of several that is looked at; None for all that it feeds.
        places: Which of the owner's caps these are, from 0.
        judged: Which of these caps are to be judged here, not in another look.
    """

    name: str
    path: Path
    caps: tuple[Cap, ...]
    members: tuple[Limited, ...]
    awards: tuple[Awards, ...]
    incoming: Awards
    is_group: bool
    balance: str | None
    places: tuple[int, ...]
    judged: frozenset[int]

    @property
    def key(self) -> tuple[Path, str | None]:
        """What tells it from all others of a version."""
        return self.path, self.balance

    def cap_path(self, index: int) -> Path:
        """Where the amount of one of its caps is written."""
        return (*self.path, "caps", self.places[index], self.caps[index].kind.value)


def capped_of(version: Version) -> Iterator[Capped]:
    """Every entry, activity and group that has caps, once for each balance where it feeds several.

    Groups are left out where an activity is, since it might be one of theirs.
    """
    for activity in version.activities.values():
        for entry in activity.entries:
            if entry.caps:
                name, path = (
                    f"entry `{entry.balance}` of activity `{activity.id}`",
                    ("activities", activity.id),
                )
                owner = _Owner(name, (*path, *entry.path), entry.caps, "entry", activity.id)
                yield from owner.looks(version, [activity], (entry.balance,))
        if activity.caps:
            name, path = f"activity `{activity.id}`", ("activities", activity.id)
            owner = _Owner(name, path, activity.caps, "activity", activity.id)
            yield from owner.looks(version, [activity], activity.fed)
    if version.lacks("activities"):
        return
    members: dict[str, list[Activity]] = {}
    for activity in version.activities.values():
        for name in dict.fromkeys(activity.groups):
            members.setdefault(name, []).append(activity)
    for group in version.groups.values():
        found = members.get(group.id, [])
        fed = tuple(dict.fromkeys(balance for activity in found for balance in activity.fed))
        owner = _Owner(f"group `{group.id}`", ("groups", group.id), group.caps, "group", group.id)
        yield from owner.looks(version, found, fed)


class _Owner(NamedTuple):
    name: str
    path: Path
    caps: tuple[Cap, ...]
    scope: str
    id: str

    def looks(
        self, version: Version, activities: Sequence[Activity], fed: tuple[str, ...]
    ) -> Iterator[Capped]:
        """It, once for each balance that it feeds where there are several, then for its times."""
        if len(fed) < 2:  # noqa: PLR2004 - several
            yield self._look(version, activities, fed, None)
            return
        for balance in fed:
            yield self._look(version, activities, (balance,), balance)
        yield self._look(version, activities, fed, None, times_only=True)

    def _look(
        self,
        version: Version,
        activities: Sequence[Activity],
        balances: tuple[str, ...],
        balance: str | None,
        *,
        times_only: bool = False,
    ) -> Capped:
        places = tuple(
            place
            for place, cap in enumerate(self.caps)
            if cap.kind is CapKind.TIMES
            or (not times_only and (cap.balance == balance or (balance is None and cap.balance in balances)))
        )
        caps = tuple(self.caps[place] for place in places)
        members = [_limited(activity, balances, times_only=times_only) for activity in activities]
        awards, incoming = list[Awards](), list[Awards]()
        for member in members:
            met = version.caps_met_by(member.activity)
            limiting = [one for entry in member.entries for one in member.activity.limiting(entry, met)]
            groups = [one.cap for one in limiting if one.scope == "group"]
            others = [one.cap for one in limiting if (one.scope, one.owner) != (self.scope, self.id)]
            awards.append(with_parts(member.awards, groups))
            incoming.append(with_parts(member.awards, others))
        return Capped(
            self.name,
            self.path,
            caps,
            tuple(members),
            tuple(awards),
            replace(together(incoming), lowest=None),
            is_group=self.scope == "group",
            balance=balance,
            places=places,
            judged=frozenset(
                index for index, cap in enumerate(caps) if balance is None or cap.kind is CapKind.POINTS
            ),
        )


def _limited(activity: Activity, balances: tuple[str, ...], *, times_only: bool) -> Limited:
    """The activity, as far as it feeds one of the balances."""
    entries = tuple(one for one in activity.entries if one.balance in balances and not one.is_spend)
    caps = tuple(
        cap
        for cap in activity.caps
        if cap.kind is CapKind.TIMES or (not times_only and cap.balance in (None, *balances))
    )
    # What limits one of several entries is no limit of the event.
    own = entries[0].caps if len(entries) == 1 else ()
    return Limited(activity, entries, own, caps, together([awards_of(entry, activity) for entry in entries]))


def reach(cap: Cap, counted: CapKind, awards: Awards, window: Per) -> Amount | None:
    """The most points, or positive events, that are awarded in one `window` under `cap` alone.

    Args:
        cap: The cap.
        counted: Whether the bound is one of points or of events.
        awards: What one event can be awarded before the cap.
        window: In which they are counted.

    Returns:
        A bound, or None where there is none. Of 100 points per calendar month, 6 events at most in a
        calendar quarter where none gives less than 50: 100 / 50 in each of the 3 months.
    """
    windows = most_windows(cap.per, window)
    if windows is None:
        return None
    if cap.kind is counted:
        return cap.limit * windows
    if counted is CapKind.POINTS:
        return None if awards.highest is None else cap.limit * max(0, awards.highest) * windows
    return ceil(Fraction(cap.limit) / Fraction(awards.smallest or 1)) * windows


def most_awarded(awards: Awards, caps: Sequence[Cap], counted: CapKind, window: Per) -> Amount | None:
    """The most points, or positive events, that are awarded in one `window` under these caps."""
    if awards.smallest is None:
        return 0
    reaches = [
        reach(cap, counted, with_parts(awards, beside(caps, index)), window) for index, cap in enumerate(caps)
    ]
    return min((most for most in reaches if most is not None), default=None)


def with_parts(awards: Awards, caps: Sequence[Cap]) -> Awards:
    """What one event can be awarded where it meets `caps` too: one on points may leave any part of it."""
    cuts = any(cap.kind is CapKind.POINTS for cap in caps)
    if not cuts or awards.smallest is None:
        return awards
    return replace(awards, smallest=from_units(1, MOST_PLACES) if isinstance(awards.smallest, Decimal) else 1)


def beside(caps: Sequence[Cap], index: int) -> Sequence[Cap]:
    """All caps but one."""
    return (*caps[:index], *caps[index + 1 :])
