"""A points cap over activities of different balances.

**What.** All activities of a group with a cap on points must feed the same balance. A cap on times
may span balances.

**Why.** A point of one balance is not worth a point of another; credits would use up the room that
was meant for level points.

**Fix.** None: only you know what is to be limited.

Failing:

    groups:
      social:
        caps: [{points: 100, per: week}]
    activities:
      linkedin.post: {points: 50, groups: [social]}
      credits.earned: {balance: credits, points: {range: [1, 100]}, groups: [social]}

    # program.yaml
    balances:
      club_points: {resets: membership_year}
      credits: {resets: never}

Fixed:

    groups:
      social:
        caps: [{points: 100, per: week}]
    activities:
      linkedin.post: {points: 50, groups: [social]}
      credits.earned: {balance: credits, points: {range: [1, 100]}}

    # program.yaml
    balances:
      club_points: {resets: membership_year}
      credits: {resets: never}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.checks.reasoning.places import in_version
from pointbook.diagnostics import Finding, Related
from pointbook.model.windows import CapKind

if TYPE_CHECKING:
    from pointbook.checks.reasoning.subject import CheckSubject, Findings
    from pointbook.model.activities import Activity
    from pointbook.model.program import Version
    from pointbook.model.rules import Group

CODE = "group-mixes-balances"


def group_mixes_balances(subject: CheckSubject) -> Findings:
    """A finding for each activity that feeds another balance than the first of its group."""
    for version in subject.program.versions:
        for group in version.groups.values():
            if not any(cap.kind is CapKind.POINTS for cap in group.caps):
                continue
            members = version.activities_in(group.id)
            members = tuple(
                activity for activity in members if activity.sole.balance in subject.program.balances
            )
            for activity in members:
                if activity.sole.balance != members[0].sole.balance:
                    yield _finding(version, group, members[0], activity)


def _finding(version: Version, group: Group, first: Activity, other: Activity) -> Finding:
    place, first_place = (
        version.span("activities", activity.id, "groups", activity.groups.index(group.id))
        for activity in (other, first)
    )
    capped = next(index for index, cap in enumerate(group.caps) if cap.kind is CapKind.POINTS)
    return Finding(
        place,
        CODE,
        f"group `{group.id}` caps points of two balances: `{first.id}` feeds `{first.sole.balance}`,"
        f" `{other.id}` feeds `{other.sole.balance}`{in_version(version, place)}",
        f"take `{other.id}` out of the group, and give it a cap or a group of its own",
        related=(
            Related(first_place, f"`{first.id}`"),
            Related(version.span("groups", group.id, "caps", capped, "points"), "the cap on points"),
        ),
    )
