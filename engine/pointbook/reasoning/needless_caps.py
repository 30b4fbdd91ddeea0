"""Caps that can be deleted from a version by itself, since others limit the same at least as far."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pointbook.model.windows import lies_inside
from pointbook.reasoning.caps import after_points_caps, most_let_through, reach

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pointbook.model.amounts import Amount
    from pointbook.model.rules import Path
    from pointbook.reasoning.caps import Capped


@dataclass(frozen=True, slots=True)
class Bound:
    """The most that can come to a cap in its window, and what sees to that.

    Attributes:
        most: Points or times, as the cap counts.
        because: What limits it, in words.
        places: Where that is written, with what it is.
        reason: Index of the cap of the same rule that limits it; None where the members' own caps do.
    """

    most: Amount
    because: str
    places: tuple[tuple[Path, str], ...]
    reason: int | None


def needless_caps(owner: Capped) -> Iterator[tuple[int, Bound]]:
    """Index of each cap that can be deleted, and why: all of them can at once.

    From the last to the first; a cap that is needless is no reason for another to be.
    """
    indexes = list(range(len(owner.caps)))
    for place in reversed(indexes[:]):
        bound = (
            _by_earlier(owner, indexes, place)
            or _by_members(owner, indexes[place])
            or _by_next(owner, indexes, place)
        )
        if bound is not None:
            yield indexes.pop(place), bound


def _by_earlier(owner: Capped, indexes: list[int], place: int) -> Bound | None:
    """An earlier cap of the same rule lets no more through than this one would."""
    caps = [owner.caps[index] for index in indexes]
    cap = caps[place]
    for before, earlier in enumerate(caps[:place]):
        if (earlier.kind, earlier.per) == (cap.kind, cap.per):
            continue  # duplicate-cap says what is wrong
        most = reach(earlier, cap.kind, after_points_caps(owner.incoming, caps[:before]), cap.per)
        if most is not None and most <= cap.limit:
            return _by_cap(owner, indexes[before], most)
    return None


def _by_next(owner: Capped, indexes: list[int], place: int) -> Bound | None:
    """The very next cap is exhausted whenever this one is, so it would cut the same without it.

    That holds only where this cap's window lies inside the other's, and nothing stands between.
    """
    caps = [owner.caps[index] for index in indexes]
    if place + 1 == len(caps):
        return None
    cap, after = caps[place], caps[place + 1]
    if (after.kind, after.per) == (cap.kind, cap.per) or not lies_inside(cap.per, after.per):
        return None
    most = reach(after, cap.kind, after_points_caps(owner.incoming, caps[:place]), cap.per)
    if most is None or most > cap.limit:
        return None
    return _by_cap(owner, indexes[place + 1], most)


def _by_cap(owner: Capped, index: int, most: Amount) -> Bound:
    because = f"the cap of {owner.caps[index].words} leaves"
    return Bound(most, because, ((owner.cap_path(index), "by this cap"),), index)


def _by_members(owner: Capped, index: int) -> Bound | None:
    """A group's activities are limited so far by their own caps that they cannot reach it together."""
    if not owner.is_group:
        return None
    cap = owner.caps[index]
    each = [most_let_through(activity, cap.kind, cap.per) for activity in owner.members]
    together = sum(most for most in each if most is not None)
    if None in each or together > cap.limit:
        return None
    places = tuple(
        (
            ("activities", activity.id, "caps"),
            f"`{activity.id}` leaves at most {cap.kind.let_through(most)}",
        )
        for activity, most in zip(owner.members, each, strict=True)
        if most
    )
    return Bound(together, "the caps of its activities leave", places, None)
