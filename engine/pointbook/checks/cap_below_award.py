"""A points cap that is below the smallest award it limits.

**What.** A cap on points must leave room for at least one whole award of the activity, or of one
of the group's activities. Amounts that are not known here, such as shares, are not judged.

**Why.** Every award would be cut, so the amount that the page promises is never given. Mostly a
zero is missing, or `times` was meant.

**Fix.** None: either of the two amounts can be the slip.

Failing:

    activities:
      feedback:
        points: 50
        caps: [{points: 10, per: calendar_month}]

Fixed:

    activities:
      feedback:
        points: 50
        caps: [{points: 100, per: calendar_month}]
"""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

from pointbook.checks.reasoning.places import in_version
from pointbook.diagnostics import Finding, Related
from pointbook.model.windows import CapKind
from pointbook.reasoning.awards import awards_of
from pointbook.reasoning.caps import capped_of

if TYPE_CHECKING:
    from pointbook.checks.reasoning.subject import CheckSubject, Findings
    from pointbook.model.amounts import Amount
    from pointbook.model.program import Version
    from pointbook.reasoning.caps import Capped

CODE = "cap-below-award"


def cap_below_award(subject: CheckSubject) -> Findings:
    """A finding for each points cap that cuts even the smallest award whole."""
    for version in subject.program.versions:
        for owner in capped_of(version):
            for index, cap in enumerate(owner.caps):
                smallest = _smallest_coming_in(version, owner, index)
                if cap.kind is CapKind.POINTS and smallest is not None and cap.limit < smallest:
                    yield _finding(version, owner, index, smallest)


def _finding(version: Version, owner: Capped, index: int, smallest: Amount) -> Finding:
    place = version.span(*owner.cap_path(index))
    gives = [activity for activity in owner.members if awards_of(activity).smallest is not None]
    least = "gives nothing smaller than" if owner.is_group else "gives at least"
    return Finding(
        place,
        CODE,
        f"a cap of {owner.caps[index].words} cuts every award of {owner.name},"
        f" which {least} {smallest:,} at a time{in_version(version, place)}",
        f"raise the cap to {smallest:,} or more; if it was meant as a number of events, write `times`",
        related=tuple(
            Related(version.span("activities", activity.id, "points"), f"the points of `{activity.id}`")
            for activity in gives
        ),
    )


def _smallest_coming_in(version: Version, owner: Capped, index: int) -> Amount | None:
    """The least that the first award of a window brings to the cap, where it is known."""
    here = ("group" if owner.is_group else "activity", owner.path[1], index)
    found = []
    for activity in owner.members:
        smallest = awards_of(activity).smallest
        before = takewhile(lambda met: met[:3] != here, version.caps_met_by(activity))
        if smallest is not None:
            found.append(
                min([smallest, *(met.cap.limit for met in before if met.cap.kind is CapKind.POINTS)])
            )
    return min(found, default=None)
