"""An activity in log.yaml that no version has.

**What.** `activities` in log.yaml says which activity each word of the export is; a version has it.

**Why.** Its events would count nothing under any version, and the word that the export has would no longer
be seen.

**Fix.** The name becomes the only known one that it is a slip of.

Failing:

    # log.yaml
    events:
      activities: {Answered a question: answer.givn}

Fixed:

    # log.yaml
    events:
      activities: {Answered a question: answer.given}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.checks.reasoning.exports import forms_in, knows_every_activity
from pointbook.diagnostics import Finding, suggestion
from pointbook.slips import slip_fix

if TYPE_CHECKING:
    from pointbook.checks.reasoning.subject import CheckSubject, Findings

CODE = "unknown-activity"


def unknown_activity(subject: CheckSubject) -> Findings:
    """A finding for each word that is to be an activity that no version has."""
    if not knows_every_activity(subject):
        return
    known = sorted({activity.id for _, activity in subject.program.activities})
    for _, node, _ in forms_in(subject):
        for ours in node.entries("activities").values():
            name = ours.content
            if name not in known:
                message = f"no version has an activity `{name}`"
                yield Finding(
                    ours.span, CODE, message, suggestion(name, known), fix=slip_fix(ours.span, name, known)
                )
