"""A column to carry into the ledger whose name is taken.

**What.** `reference` in log.yaml names columns of the export that mean nothing to the rules. None of them is
called like a column of ours, an attribute that the rules declare, or a column of the ledger.

**Why.** Two columns of one name cannot be told apart: a spreadsheet or a database would show one of
them for both.

**Fix.** None: only you know what the column is.

Failing:

    # log.yaml
    events:
      reference: [level]

Fixed:

    # log.yaml
    events:
      reference: [post_id]
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.checks.reasoning.exports import forms_in, our_columns
from pointbook.diagnostics import Finding
from pointbook.model.tables import LEDGER, names_of

if TYPE_CHECKING:
    from pointbook.checks.reasoning.subject import CheckSubject, Findings

CODE = "reference-name-taken"


def reference_name_taken(subject: CheckSubject) -> Findings:
    """A finding for each reference with the name of another column, be it in other capitals."""
    ours = {name.casefold(): name for name in our_columns(subject, "events")}
    of_ledger = {name.casefold(): name for name in names_of(LEDGER)}
    seen: dict[str, str] = {}
    for _, node, _ in forms_in(subject):
        for item in node.listed("reference"):
            folded = item.content.casefold()
            other = seen.setdefault(folded, item.content)
            if folded in ours:
                message = f"`{ours[folded]}` is read by the rules, and cannot be a reference as well"
                hint = "take it out here; it needs no mention to be read"
            elif folded in of_ledger:
                message = f"the ledger has a column `{of_ledger[folded]}` of another meaning"
                hint = "list it under `ignore`, or give it another name in the export"
            elif other != item.content:
                message = f"`{item.content}` differs from the reference `{other}` in capitals only"
                hint = "write both alike; in many databases they are one name"
            else:
                continue
            yield Finding(item.span, CODE, message, hint)
