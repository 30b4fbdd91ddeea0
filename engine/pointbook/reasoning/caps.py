"""What has caps, and what is awarded at most under a cap."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING

from pointbook.model.amounts import MOST_PLACES, Amount, from_units
from pointbook.model.windows import CapKind, most_windows
from pointbook.reasoning.awards import Awards, awards_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pointbook.model.activities import Activity
    from pointbook.model.program import Version
    from pointbook.model.rules import Cap, Path
    from pointbook.model.windows import Per


@dataclass(frozen=True, slots=True)
class Capped:
    """An activity or a group with its caps.

    Attributes:
        name: What it is called in messages: "activity `feedback`".
        path: Where it is written, from the top of the version.
        caps: As written; their order does not matter.
        members: The activities whose events they limit.
        awards: What an event of each member can be awarded, before the member's own caps.
        incoming: What an event of any of them can be awarded, before these caps.
        is_group: Whether it is a group.
    """

    name: str
    path: Path
    caps: tuple[Cap, ...]
    members: tuple[Activity, ...]
    awards: tuple[Awards, ...]
    incoming: Awards
    is_group: bool

    def cap_path(self, index: int) -> Path:
        """Where the amount of one of its caps is written."""
        return (*self.path, "caps", index, self.caps[index].kind.value)


def capped_of(version: Version) -> Iterator[Capped]:
    """Every activity and group that has caps.

    Groups are left out where an activity is, since it might be one of theirs.
    """
    own = {
        activity.id: _besides(activity, version, ("activity", activity.id))
        for activity in version.activities.values()
    }
    for activity in version.activities.values():
        if activity.caps:
            name, path, awards = f"activity `{activity.id}`", ("activities", activity.id), own[activity.id]
            yield Capped(name, path, activity.caps, (activity,), (awards,), awards, is_group=False)
    if version.lacks("activities"):
        return
    members: dict[str, list[Activity]] = {}
    for activity in version.activities.values():
        for name in dict.fromkeys(activity.groups):
            members.setdefault(name, []).append(activity)
    for group in version.groups.values():
        found = tuple(members.get(group.id, ()))
        yield Capped(
            f"group `{group.id}`",
            ("groups", group.id),
            group.caps,
            found,
            tuple(own[member.id] for member in found),
            _together([_besides(member, version, ("group", group.id)) for member in found]),
            is_group=True,
        )


def _besides(activity: Activity, version: Version, owner: tuple[str, str]) -> Awards:
    """What an event of the activity can be awarded before the owner's caps, by what others leave of it."""
    others = [met.cap for met in version.caps_met_by(activity) if (met.scope, met.owner) != owner]
    return with_parts(awards_of(activity), others)


def _together(awards: Sequence[Awards]) -> Awards:
    highest = [award.highest for award in awards]
    return Awards(
        None,
        None if None in highest else max((most for most in highest if most is not None), default=0),
        min((award.smallest for award in awards if award.smallest is not None), default=None),
    )


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
