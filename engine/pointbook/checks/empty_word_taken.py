"""A word for nothing in log.yaml that is an id.

**What.** `empty` in log.yaml lists words that stand for nothing, such as `"NULL"`. None of them is the id
of an activity or a level, or a value of a table.

**Why.** In every column of the export the word would be read as nothing, and the rows would be rejected or
count less.

**Fix.** None: only you know what the export means by the word.

Failing:

    # log.yaml
    events:
      empty: [answer.given]

Fixed:

    # log.yaml
    events:
      empty: ["NULL"]
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.checks.reasoning.exports import forms_in
from pointbook.diagnostics import Finding

if TYPE_CHECKING:
    from pointbook.checks.reasoning.subject import CheckSubject, Findings

CODE = "empty-word-taken"


def empty_word_taken(subject: CheckSubject) -> Findings:
    """A finding for each word for nothing that means something to the rules."""
    taken: dict[str, str] = {}
    for version in subject.program.versions:
        for activity in version.activities.values():
            taken.setdefault(activity.id, "an activity")
            listed = (keys for _, table in activity.tables for keys, _ in table.leaves)
            values = (key for keys in listed for key in keys)
            taken |= dict.fromkeys(values, f"a value in the table of `{activity.id}`")
        taken |= dict.fromkeys(version.levels, "a level")
    for _, node, _ in forms_in(subject):
        for item in node.listed("empty"):
            if item.content in taken:
                message = f"`{item.content}` is to stand for nothing, but it is {taken[item.content]}"
                yield Finding(item.span, CODE, message, "delete it here, or call the other one otherwise")
