"""What has caps, and what a cap lets through at most."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from math import ceil
from typing import TYPE_CHECKING

from pointbook.model.amounts import MOST_PLACES, Amount, from_units
from pointbook.model.windows import CapKind, most_windows
from pointbook.reasoning.awards import Awards, awards_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pointbook.model.program import Version
    from pointbook.model.rules import Activity, Cap, Path
    from pointbook.model.windows import Per


@dataclass(frozen=True)  # no slots, for what is computed once
class Capped:
    """An activity or a group with its caps.

    Attributes:
        name: What it is called in messages: "activity `feedback`".
        path: Where it is written, from the top of the version.
        caps: In order.
        members: The activities whose awards come in.
        is_group: Whether it is a group.
    """

    name: str
    path: Path
    caps: tuple[Cap, ...]
    members: tuple[Activity, ...]
    is_group: bool

    def cap_path(self, index: int) -> Path:
        """Where the amount of one of its caps is written."""
        return (*self.path, "caps", index, self.caps[index].kind.value)

    @cached_property
    def incoming(self) -> Awards:
        """What one event can be worth when it comes to the first cap."""
        if not self.is_group:
            return awards_of(self.members[0])
        awards = [after_points_caps(awards_of(member), member.caps) for member in self.members]
        highest = [award.highest for award in awards]
        return Awards(
            None,
            None if None in highest else max((most for most in highest if most is not None), default=0),
            min((award.smallest for award in awards if award.smallest is not None), default=None),
        )


def capped_of(version: Version) -> Iterator[Capped]:
    """Every activity and group that has caps.

    Groups are left out where an activity is, since it might be one of theirs.
    """
    for activity in version.activities.values():
        if activity.caps:
            path = ("activities", activity.id)
            yield Capped(f"activity `{activity.id}`", path, activity.caps, (activity,), is_group=False)
    if version.lacks("activities"):
        return
    members: dict[str, list[Activity]] = {}
    for activity in version.activities.values():
        for name in dict.fromkeys(activity.groups):
            members.setdefault(name, []).append(activity)
    for group in version.groups.values():
        path, own = ("groups", group.id), tuple(members.get(group.id, ()))
        yield Capped(f"group `{group.id}`", path, group.caps, own, is_group=True)


def reach(cap: Cap, counted: CapKind, awards: Awards, window: Per) -> Amount | None:
    """The most points, or positive events, that `cap` alone lets through in one `window`.

    Args:
        cap: The cap.
        counted: Whether the bound is one of points or of events.
        awards: What one event that comes to the cap can be worth.
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


def most_let_through(activity: Activity, counted: CapKind, window: Per) -> Amount | None:
    """The most points, or positive events, of `activity` that its own caps let through in one `window`."""
    awards = awards_of(activity)
    if awards.smallest is None:
        return 0
    reaches = [
        reach(cap, counted, after_points_caps(awards, activity.caps[:index]), window)
        for index, cap in enumerate(activity.caps)
    ]
    return min((most for most in reaches if most is not None), default=None)


def after_points_caps(awards: Awards, caps: Sequence[Cap]) -> Awards:
    """What one event can be worth behind `caps`: a points cap may leave any part of an award."""
    cuts = any(cap.kind is CapKind.POINTS for cap in caps)
    if not cuts or awards.smallest is None:
        return awards
    return replace(awards, smallest=from_units(1, MOST_PLACES) if isinstance(awards.smallest, Decimal) else 1)
