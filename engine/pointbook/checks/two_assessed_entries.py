"""An activity of which two entries take the points of the log.

**What.** At most one entry of an activity is assessed: `range` or `up_to`, also below `per` and `else`.

**Why.** A row of the log has one value under `points`, which cannot be of two balances at once.

**Fix.** None: only you know which of them people decide.

Failing:

    activities:
      talk:
        earns:
          club_points: {points: {range: [10, 100]}}
          credits: {points: {up_to: 5}}

    # program.yaml
    balances:
      club_points: {resets: membership_year}
      credits: {resets: never}

Fixed:

    activities:
      talk:
        earns:
          club_points: {points: {range: [10, 100]}}
          credits: {points: 5}

    # program.yaml
    balances:
      club_points: {resets: membership_year}
      credits: {resets: never}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.diagnostics import Finding, Related

if TYPE_CHECKING:
    from pointbook.checks.reasoning.subject import CheckSubject, Findings

CODE = "two-assessed-entries"


def two_assessed_entries(subject: CheckSubject) -> Findings:
    """A finding for each further entry of an activity that people decide."""
    for version, activity in subject.program.activities:
        path = ("activities", activity.id)
        assessed = [entry for entry in activity.entries if entry.points.can_be_assessed]
        for entry in assessed[1:]:
            first = assessed[0]
            yield Finding(
                version.span(*path, *entry.at("points")),
                CODE,
                f"the log has one value under `points`, and activity `{activity.id}` needs it for"
                f" `{first.balance}` already",
                f"write other points for `{entry.balance}`, such as `{{same_as: {first.balance}}}`",
                related=(Related(version.span(*path, *first.at("points")), "the other one is here"),),
            )
