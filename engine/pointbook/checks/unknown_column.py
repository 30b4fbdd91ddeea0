"""A column of ours in log.yaml that there is not.

**What.** `columns` in log.yaml maps columns of the export to ours: `event_id`, `member_id`, `activity`,
`occurred_at` and `points` of events, `member_id`, `signed_up_on` and `valid_from` of members, and the
attributes that the rules declare.

**Why.** What the rules do not know decides nothing, and a column that they need would be missing.

**Fix.** The name becomes the only known one that it is a slip of.

Failing:

    # log.yaml
    events:
      columns: {user: member_ids}

Fixed:

    # log.yaml
    events:
      columns: {user: member_id}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.checks.reasoning.exports import forms_in, knows_every_activity, our_columns
from pointbook.diagnostics import Finding, closest, suggestion
from pointbook.slips import slip_fix

if TYPE_CHECKING:
    from pointbook.checks.reasoning.subject import CheckSubject, Findings

CODE = "unknown-column"


def unknown_column(subject: CheckSubject) -> Findings:
    """A finding for each column of the export that is to be one of ours that there is not."""
    for kind, node, _ in forms_in(subject):
        known = our_columns(subject, kind)
        for theirs, ours in node.entries("columns").items():
            if ours.content in known or (kind == "events" and not knows_every_activity(subject)):
                continue
            message = f"`{theirs}` is to be `{ours.content}`, which is no column of {kind}"
            hint = suggestion(ours.content, known)
            if theirs in known:
                hint = f"their name stands first, then ours: `{ours.content}: {theirs}`"
            elif not closest(ours.content, known):
                hint += "; a column that is not read goes under `ignore`"
            yield Finding(ours.span, CODE, message, hint, fix=slip_fix(ours.span, ours.content, known))
