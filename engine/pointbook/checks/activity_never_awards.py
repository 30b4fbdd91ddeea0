"""An activity that can never give or take a point.

**What.** Some event of an activity must be worth something other than 0 points.

**Why.** It stands in the rules and on the page as if it counted. Mostly the amount was left at 0
until somebody would decide it: where it says just `points: 0`, as drafts do, this is a warning, so that a
log can be evaluated meanwhile.

**Fix.** None: only you know the amount.

Failing:

    activities:
      linkedin.post:
        points: {range: [0, 0]}

Fixed:

    activities:
      linkedin.post:
        points: 50
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.diagnostics import Finding, Severity
from pointbook.model.points.forms import Fixed
from pointbook.reasoning.awards import awards_of

if TYPE_CHECKING:
    from pointbook.checks.reasoning.subject import CheckSubject, Findings
    from pointbook.model.activities import Activity, EntryRule

CODE = "activity-never-awards"


def activity_never_awards(subject: CheckSubject) -> Findings:
    """A finding for each activity whose events are all worth 0 points."""
    for version, activity in subject.program.activities:
        for entry in activity.entries:
            if not awards_of(entry, activity).always_zero or _copies_nothing(entry, activity):
                continue
            whose, what = ("", "activity") if activity.is_short else (f" of `{entry.balance}`", "entry")
            yield Finding(
                version.span("activities", activity.id, *entry.at("points")),
                CODE,
                f"activity `{activity.id}` never gives or takes a point{whose}",
                f"write the amount it is worth, such as `points: 50`; or delete the {what}",
                Severity.WARNING if isinstance(entry.points, Fixed) else Severity.ERROR,
            )


def _copies_nothing(entry: EntryRule, activity: Activity) -> bool:
    """Whether what it copies is not there, or worth nothing itself: what is wrong is said there."""
    if entry.points.copies is None:
        return False
    other = activity.copied_by(entry)
    return other is None or awards_of(other, activity).always_zero
