"""A word in log.yaml that is itself another activity (a warning).

**What.** `activities` in log.yaml maps words of the export that are no ids of ours.

**Why.** Events of the activity with that id could no longer be read: all of them would be the other one.

**Fix.** None: only you know what the export means by the word.

Failing:

    activities:
      answer.given: {points: 10, source: {section: Questions}}
      question.asked: {points: 5, source: {section: Questions}}
    # log.yaml
    events:
      activities: {answer.given: question.asked}

Fixed:

    activities:
      answer.given: {points: 10, source: {section: Questions}}
      question.asked: {points: 5, source: {section: Questions}}
    # log.yaml
    events:
      activities: {Asked a question: question.asked}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.checks.reasoning.exports import forms_in
from pointbook.diagnostics import Finding, Severity

if TYPE_CHECKING:
    from pointbook.checks.reasoning.subject import CheckSubject, Findings

CODE = "activity-word-taken"


def activity_word_taken(subject: CheckSubject) -> Findings:
    """A warning for each word that is the id of an activity and is to be another one."""
    known = {activity.id for _, activity in subject.program.activities}
    for _, node, _ in forms_in(subject):
        words = node.get("activities")
        if words is None:
            continue
        for theirs, ours in node.entries("activities").items():
            if theirs in known and theirs != ours.content:
                message = f"`{theirs}` is an activity of ours, and is to be read as `{ours.content}`"
                hint = "delete the line, unless the export means the other one by that word"
                yield Finding(words.keys[theirs], CODE, message, hint, Severity.WARNING)
