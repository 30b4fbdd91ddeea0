"""A group that no activity is in (a warning).

**What.** Each group should be named in the `groups` of at least one activity.

**Why.** Its limit applies to nothing. Mostly an activity was meant to join and does not.

**Fix.** None: mostly an activity was to join it.

Failing:

    groups:
      social:
        caps: [{points: 100, per: week}]
    activities:
      linkedin.post: {points: 50}

Fixed:

    groups:
      social:
        caps: [{points: 100, per: week}]
    activities:
      linkedin.post: {points: 50, groups: [social]}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.checks.reasoning.places import in_version
from pointbook.diagnostics import Finding, Severity

if TYPE_CHECKING:
    from pointbook.checks.reasoning.subject import CheckSubject, Findings

CODE = "unused-group"


def unused_group(subject: CheckSubject) -> Findings:
    """A finding for each group without activities.

    Says nothing of a version that activities are left out of: one of them might be in the group.
    """
    for version in subject.program.versions:
        if version.lacks("activities"):
            continue
        used = {name for activity in version.activities.values() for name in activity.groups}
        for group in version.groups.values():
            if group.id in used:
                continue
            place = version.span("groups", group.id)
            yield Finding(
                place,
                CODE,
                f"no activity is in group `{group.id}`{in_version(version, place)}; its caps limit nothing",
                f"write `groups: [{group.id}]` in the activities that share it, or delete it",
                Severity.WARNING,
            )
