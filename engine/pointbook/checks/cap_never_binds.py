"""A cap that can never cut anything.

**What.** Each cap must be able to cut: what other caps of the same rule, and the amounts
themselves, let come in must be able to exceed it. Only what is certain is reported.

**Why.** A limit that does nothing is mostly a slip in another one, and misleads whoever reads the
rules.

Failing:

    activities:
      linkedin.headline:
        points: 250
        caps:
          - {times: 1, per: membership_year}
          - {points: 500, per: membership_year}

Fixed:

    activities:
      linkedin.headline:
        points: 250
        caps:
          - {times: 1, per: membership_year}
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pointbook.checks.reasoning.places import in_version
from pointbook.diagnostics import Finding, Related
from pointbook.model.windows import CapKind, lies_inside
from pointbook.reasoning.awards import awards_of
from pointbook.reasoning.caps import after_points_caps, capped_of, most_let_through, reach

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pointbook.checks.reasoning.subject import CheckSubject, Findings
    from pointbook.model.program import Version
    from pointbook.model.rules import Path
    from pointbook.reasoning.caps import Capped

CODE = "cap-never-binds"


@dataclass(frozen=True, slots=True)
class _Bound:
    """The most that can come to a cap in its window, and what sees to that.

    Attributes:
        most: Points or times, as the cap counts.
        because: What limits it, in words.
        places: Where that is written, with what it is.
    """

    most: int
    because: str
    places: tuple[tuple[Path, str], ...]


def cap_never_binds(subject: CheckSubject) -> Findings:
    """A finding for each cap that nothing can reach."""
    for version in subject.program.versions:
        for owner in capped_of(version):
            if owner.members and owner.incoming.smallest is None:
                yield from _without_awards(version, owner)
            elif owner.members:
                for index, bound in _needless(owner):
                    yield _finding(version, owner, index, bound)


def _needless(owner: Capped) -> Iterator[tuple[int, _Bound]]:
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


def _without_awards(version: Version, owner: Capped) -> Findings:
    """A finding at the first cap of what never gives points; deductions pass all caps."""
    if all(awards_of(activity).always_zero for activity in owner.members):
        return  # activity-never-awards says what is wrong
    place = version.span(*owner.cap_path(0))
    message = f"a cap of {owner.name} never cuts anything: it gives no points, and deductions pass all caps"
    hint = "delete the caps; to stop a balance from falling too low, give it a `floor` in program.yaml"
    yield Finding(place, CODE, f"{message}{in_version(version, place)}", hint)


def _finding(version: Version, owner: Capped, index: int, bound: _Bound) -> Finding:
    cap = owner.caps[index]
    place = version.span(*owner.cap_path(index))
    less = "less" if cap.kind is CapKind.POINTS else "fewer"
    advice = f", or make it {less} than {cap.kind.counted(bound.most)}" if bound.most > 1 else ""
    most = f"{cap.kind.let_through(bound.most)} {cap.per.window.words}"
    return Finding(
        place,
        CODE,
        f"a cap of {cap.words} never cuts anything of {owner.name}:"
        f" {bound.because} at most {most}{in_version(version, place)}",
        f"delete this cap{advice}",
        related=tuple(Related(version.span(*path), what) for path, what in bound.places),
    )


def _by_earlier(owner: Capped, indexes: list[int], place: int) -> _Bound | None:
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


def _by_next(owner: Capped, indexes: list[int], place: int) -> _Bound | None:
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


def _by_cap(owner: Capped, index: int, most: int) -> _Bound:
    because = f"the cap of {owner.caps[index].words} leaves"
    return _Bound(most, because, ((owner.cap_path(index), "by this cap"),))


def _by_members(owner: Capped, index: int) -> _Bound | None:
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
    return _Bound(together, "the caps of its activities leave", places)
