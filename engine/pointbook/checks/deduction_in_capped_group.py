"""A deduction in a group with caps, which do nothing to it (a warning).

**What.** An activity that only takes points should not be in a group that has caps for others.

**Why.** Deductions pass all caps, and give nothing back of what was used up. So the group does nothing for
it, while the rules read as if a limit on deductions were meant, or as if one made room for more awards.

**Fix.** None: only you know what was to be limited.

Failing:

    groups:
      social:
        caps: [{points: 100, per: week}]
    activities:
      linkedin.post: {points: 50, groups: [social]}
      linkedin.post.deleted: {points: -50, groups: [social]}

Fixed:

    groups:
      social:
        caps: [{points: 100, per: week}]
    activities:
      linkedin.post: {points: 50, groups: [social]}
      linkedin.post.deleted: {points: -50}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.checks.reasoning.places import in_version
from pointbook.diagnostics import Finding, Related, Severity
from pointbook.reasoning.awards import awards_of, never_positive

if TYPE_CHECKING:
    from pointbook.checks.reasoning.subject import CheckSubject, Findings
    from pointbook.model.activities import Activity
    from pointbook.model.program import Version

CODE = "deduction-in-capped-group"


def deduction_in_capped_group(subject: CheckSubject) -> Findings:
    """A warning for each group of a deduction whose caps limit other activities."""
    for version in subject.program.versions:
        for activity in version.activities.values():
            if not _only_takes(activity) or awards_of(activity).always_zero:
                continue
            for index, name in enumerate(activity.groups):
                group = version.groups.get(name)
                # Where no activity of the group gives points, cap-never-binds says what is wrong.
                if group and group.caps and not all(map(_only_takes, version.activities_in(name))):
                    yield _finding(version, activity, index)


def _only_takes(activity: Activity) -> bool:
    return all(never_positive(entry, activity) for entry in activity.entries)


def _finding(version: Version, activity: Activity, index: int) -> Finding:
    name = activity.groups[index]
    place = version.span("activities", activity.id, "groups", index)
    return Finding(
        place,
        CODE,
        f"the caps of group `{name}` do nothing to `{activity.id}`: it only takes points, and deductions pass"
        f" all caps and give nothing back{in_version(version, place)}",
        f"take `{activity.id}` out of the group; to stop a balance from falling too low, give it a `floor` in"
        " program.yaml",
        Severity.WARNING,
        related=(Related(version.span("groups", name, "caps"), "the caps of the group"),),
    )
