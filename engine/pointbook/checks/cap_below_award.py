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

from typing import TYPE_CHECKING

from pointbook.checks.reasoning.places import in_version
from pointbook.diagnostics import Finding, Related
from pointbook.model.windows import CapKind
from pointbook.reasoning.caps import capped_of

if TYPE_CHECKING:
    from pointbook.checks.reasoning.subject import CheckSubject, Findings
    from pointbook.model.amounts import Amount
    from pointbook.model.program import Version
    from pointbook.model.rules import Cap
    from pointbook.reasoning.caps import Capped

CODE = "cap-below-award"


def cap_below_award(subject: CheckSubject) -> Findings:
    """A finding for each points cap that cuts even the smallest award whole."""
    for version in subject.program.versions:
        for owner in capped_of(version):
            for index, cap in enumerate(owner.caps):
                smallest = _smallest_left(version, owner, cap)
                is_judged = index in owner.judged and cap.kind is CapKind.POINTS
                if is_judged and smallest is not None and cap.limit < smallest:
                    yield _finding(version, owner, index, smallest)


def _finding(version: Version, owner: Capped, index: int, smallest: Amount) -> Finding:
    place = version.span(*owner.cap_path(index))
    gives = [member for member in owner.members if member.awards.smallest is not None]
    least = "gives nothing smaller than" if owner.is_group else "gives at least"
    return Finding(
        place,
        CODE,
        f"a cap of {owner.caps[index].words} cuts every award of {owner.name},"
        f" which {least} {smallest:,} at a time{in_version(version, place)}",
        f"raise the cap to {smallest:,} or more; if it was meant as a number of events, write `times`",
        related=tuple(
            Related(
                version.span("activities", member.id, *entry.at("points")), f"the points of `{member.id}`"
            )
            for member in gives
            for entry in member.entries
        ),
    )


def _smallest_left(version: Version, owner: Capped, cap: Cap) -> Amount | None:
    """The least that lower caps leave of the first award of a window, where it is known."""
    found = []
    for member in owner.members:
        if member.awards.smallest is not None:
            met = version.caps_met_by(member.activity)
            limits = [
                one.cap.limit
                for entry in member.entries
                for one in member.activity.limiting(entry, met)
                if one.cap.kind is CapKind.POINTS and one.cap.limit < cap.limit
            ]
            found.append(min([member.awards.smallest, *limits]))
    return min(found, default=None)
