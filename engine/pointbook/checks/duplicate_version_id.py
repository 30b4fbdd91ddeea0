"""Two versions with the same id.

**What.** Every version of a program has an id of its own.

**Why.** Ledgers, reports and `based_on` name versions by id; with two of the same, one of them
would be taken for the other. It happens when a file is copied for a new revision.

**Fix.** None: only you know the new id.

Failing:

    # versions/2024.yaml
    id: "2024"
    effective_from: 2024-01-01

    # versions/2025.yaml
    id: "2024"
    effective_from: 2025-01-01

Fixed:

    # versions/2024.yaml
    id: "2024"
    effective_from: 2024-01-01

    # versions/2025.yaml
    id: "2025"
    effective_from: 2025-01-01
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.diagnostics import Finding, Related

if TYPE_CHECKING:
    from pointbook.checks.reasoning.subject import CheckSubject, Findings
    from pointbook.diagnostics import Span

CODE = "duplicate-version-id"


def duplicate_version_id(subject: CheckSubject) -> Findings:
    """A finding for each version whose id an earlier file has."""
    first: dict[str, Span] = {}
    for document in subject.documents:
        if not document.id:
            continue
        place = document.written.content["id"].span
        if first.setdefault(document.id, place) == place:
            continue
        yield Finding(
            place,
            CODE,
            f"another version has the id `{document.id}` already",
            "give this one an id of its own, such as its first day",
            related=(Related(first[document.id], f"`{document.id}` is taken here"),),
        )
