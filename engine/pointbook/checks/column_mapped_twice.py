"""A column in log.yaml that is to be two things.

**What.** Each of our columns comes from one column of the export, and a column of the export is read, passed
over (`ignore`) or carried into the ledger (`reference`), one of these.

**Why.** Of two columns only one can decide, and nobody could say which.

**Fix.** None: only you know which is right.

Failing:

    # log.yaml
    events:
      columns: {user: member_id, account: member_id}

Fixed:

    # log.yaml
    events:
      columns: {user: member_id}
      ignore: [account]
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.checks.reasoning.exports import forms_in
from pointbook.diagnostics import Finding, Related

if TYPE_CHECKING:
    from pointbook.checks.reasoning.subject import CheckSubject, Findings
    from pointbook.diagnostics import Span

CODE = "column-mapped-twice"


def column_mapped_twice(subject: CheckSubject) -> Findings:
    """A finding for each of our columns with two of theirs, and for what is to be two things."""
    for _, node, _ in forms_in(subject):
        columns = node.get("columns")
        first: dict[str, tuple[str, Span]] = {}
        uses: dict[str, tuple[str, Span]] = {}
        for theirs, ours in node.entries("columns").items():
            place = columns.keys[theirs] if columns is not None else ours.span
            uses[theirs] = "read", place
            name, earlier = first.setdefault(ours.content, (theirs, place))
            if name != theirs:
                message = f"`{name}` and `{theirs}` are both to be `{ours.content}`"
                related = (Related(earlier, "the other one"),)
                yield Finding(
                    place, CODE, message, "keep one, and list the other under `ignore`", related=related
                )
        for key, use in (("reference", "carried into the ledger"), ("ignore", "passed over")):
            for item in node.listed(key):
                before, earlier = uses.setdefault(item.content, (use, item.span))
                if before != use:
                    message = f"`{item.content}` is to be {before} and {use}"
                    related = (Related(earlier, f"here it is to be {before}"),)
                    yield Finding(item.span, CODE, message, "keep one of the two", related=related)
