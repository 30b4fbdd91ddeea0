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

from pointbook.checks.award_bounds import awards_of
from pointbook.checks.cap_wording import cap_text, counted_text, window_text
from pointbook.checks.capped import after_points_caps, capped_of, most_let_through, reach
from pointbook.checks.places import in_version
from pointbook.checks.windows import most_windows
from pointbook.diagnostics import Finding, Related

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pointbook.checks.capped import Capped
    from pointbook.checks.subject import Subject
    from pointbook.model.rules import Path, Version

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


def cap_never_binds(subject: Subject) -> Iterator[Finding]:
    """A finding for each cap that nothing can reach."""
    for version in subject.program.versions:
        for owner in capped_of(version):
            if not owner.members:
                continue
            if owner.incoming.smallest is None:
                yield from _without_awards(version, owner)
                continue
            for index in range(len(owner.caps)):
                bound = _bound(owner, index)
                if bound is not None:
                    yield _finding(version, owner, index, bound)


def _without_awards(version: Version, owner: Capped) -> Iterator[Finding]:
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
    advice = f", or lower it to less than {counted_text(bound.most, cap.kind)}" if bound.most > 1 else ""
    return Finding(
        place,
        CODE,
        f"a cap of {cap_text(cap)} never cuts anything of {owner.name}: {bound.because}"
        f" at most {counted_text(bound.most, cap.kind)} {window_text(cap.per)}{in_version(version, place)}",
        f"delete this cap{advice}",
        related=tuple(Related(version.span(*path), what) for path, what in bound.places),
    )


def _bound(owner: Capped, index: int) -> _Bound | None:
    """What keeps everything below the cap, or None where nothing certainly does."""
    return _by_earlier(owner, index) or _by_members(owner, index) or _by_next(owner, index)


def _by_earlier(owner: Capped, index: int) -> _Bound | None:
    """An earlier cap of the same rule lets no more through than this one would."""
    cap = owner.caps[index]
    for place, earlier in enumerate(owner.caps[:index]):
        if (earlier.kind, earlier.per) == (cap.kind, cap.per):
            continue  # duplicate-cap says what is wrong
        coming = after_points_caps(owner.incoming, owner.caps[:place])
        most = reach(earlier, cap.kind, coming, cap.per)
        if most is not None and most <= cap.limit:
            return _Bound(
                most, f"the cap of {cap_text(earlier)} leaves", ((owner.cap_path(place), "by this cap"),)
            )
    return None


def _by_next(owner: Capped, index: int) -> _Bound | None:
    """The very next cap is exhausted whenever this one is, so it would cut the same without it.

    That holds only where this cap's window lies inside the other's, and nothing stands between.
    """
    if index + 1 == len(owner.caps):
        return None
    cap, after = owner.caps[index], owner.caps[index + 1]
    if (after.kind, after.per) == (cap.kind, cap.per) or most_windows(after.per, cap.per) != 1:
        return None
    coming = after_points_caps(owner.incoming, owner.caps[:index])
    most = reach(after, cap.kind, coming, cap.per)
    if most is None or most > cap.limit:
        return None
    back = reach(cap, after.kind, coming, after.per)
    if back is not None and back <= after.limit:
        return None  # each makes the other needless; the later one is reported
    return _Bound(most, f"the cap of {cap_text(after)} leaves", ((owner.cap_path(index + 1), "by this cap"),))


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
            f"`{activity.id}` leaves at most {counted_text(most, cap.kind)}",
        )
        for activity, most in zip(owner.members, each, strict=True)
        if most
    )
    return _Bound(together, "the caps of its activities leave", places)
