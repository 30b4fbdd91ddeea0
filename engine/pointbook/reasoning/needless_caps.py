"""Caps that can be deleted from a version by itself, since others limit the same at least as far."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pointbook.reasoning.caps import beside, most_awarded, reach, with_parts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pointbook.model.amounts import Amount
    from pointbook.model.rules import Path
    from pointbook.reasoning.caps import Capped


@dataclass(frozen=True, slots=True)
class Bound:
    """The most that can be awarded in a cap's window without it, and what sees to that.

    Attributes:
        most: Points or times, as the cap counts.
        because: What limits it, in words.
        places: Where that is written, with what it is.
        is_above: Whether it is a group's cap over an activity's: a page may well state both.
    """

    most: Amount
    because: str
    places: tuple[tuple[Path, str], ...]
    is_above: bool = False


def needless_caps(owner: Capped, beyond: Sequence[tuple[Capped, int]]) -> Iterator[tuple[int, Bound]]:
    """Index of each cap that can be deleted, and why: all of them can at once.

    From the last to the first; a cap that is needless is no reason for another to be.

    Args:
        owner: Whose caps they are.
        beyond: Caps that stay of groups that an activity is in: the group, and which of its caps.
    """
    indexes = list(range(len(owner.caps)))
    for index in sorted(owner.judged, reverse=True):
        by_another, by_members = _by_another(owner, indexes, index), _by_members(owner, index)
        bound = by_another or by_members or _by_groups(owner, beyond, index)
        if bound is not None:
            indexes.remove(index)
            yield index, bound


def _by_another(owner: Capped, indexes: Sequence[int], index: int) -> Bound | None:
    """Another cap of the same rule leaves no more than this one would."""
    cap = owner.caps[index]
    for other in indexes:
        reason = owner.caps[other]
        if (reason.kind, reason.per, reason.balance) == (cap.kind, cap.per, cap.balance):
            continue  # duplicate-cap says what is wrong
        beside_it = [owner.caps[one] for one in indexes if one not in {index, other}]
        most = reach(reason, cap.kind, with_parts(owner.incoming, beside_it), cap.per)
        if most is not None and most <= cap.limit:
            return _by_cap(owner, other, most)
    return None


def _by_groups(owner: Capped, beyond: Sequence[tuple[Capped, int]], index: int) -> Bound | None:
    """A cap of a group that the activity is in leaves no more to all of its activities together."""
    cap = owner.caps[index]
    for group, place in beyond:
        awards = with_parts(group.incoming, beside(group.caps, place))
        most = reach(group.caps[place], cap.kind, awards, cap.per)
        if most is not None and most <= cap.limit:
            return _by_cap(group, place, most, f" of {group.name}")
    return None


def _by_cap(owner: Capped, index: int, most: Amount, whose: str = "") -> Bound:
    because = f"the cap of {owner.caps[index].words}{whose} leaves"
    return Bound(most, because, ((owner.cap_path(index), "by this cap"),), is_above=bool(whose))


def _by_members(owner: Capped, index: int) -> Bound | None:
    """A group's activities are limited so far by their own caps that they cannot reach it together."""
    if not owner.is_group:
        return None
    cap = owner.caps[index]
    each = [
        most_awarded(awards, member.caps, cap.kind, cap.per)
        for member, awards in zip(owner.members, owner.awards, strict=True)
    ]
    together = sum(most for most in each if most is not None)
    if None in each or together > cap.limit:
        return None
    places = tuple(
        (
            ("activities", member.id, "caps"),
            f"`{member.id}` leaves at most {cap.kind.let_through(most)}",
        )
        for member, most in zip(owner.members, each, strict=True)
        if most
    )
    return Bound(together, "the caps of its activities leave", places)
