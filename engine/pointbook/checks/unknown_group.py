"""A group that the version does not declare.

**What.** Every name in an activity's `groups` must be a group of the same version.

**Why.** An activity in a group that there is not would escape the limit it should share.

**Fix.** The name becomes the only known one that it is a slip of.

Failing:

    groups:
      social:
        caps: [{points: 100, per: week}]
    activities:
      linkedin.post:
        points: 50
        groups: [socal]

Fixed:

    groups:
      social:
        caps: [{points: 100, per: week}]
    activities:
      linkedin.post:
        points: 50
        groups: [social]
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.checks.reasoning.references import Reference, unknown_references
from pointbook.model.sections import Section

if TYPE_CHECKING:
    from pointbook.checks.reasoning.subject import CheckSubject, Findings

CODE = "unknown-group"


def unknown_group(subject: CheckSubject) -> Findings:
    """A finding for each group that an activity names and the version does not have."""
    for version in subject.program.versions:
        references = [
            Reference(f"activity `{activity.id}`", name, ("activities", activity.id, "groups", index))
            for activity in version.activities.values()
            for index, name in enumerate(activity.groups)
        ]
        yield from unknown_references(subject, version, Section.GROUPS, CODE, references)
