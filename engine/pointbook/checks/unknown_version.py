"""A version based on one that there is not.

**What.** `based_on` must be the id of another version of the program.

**Why.** Without the version it changes, a patch means nothing, and none of its rules can be checked
or used.

**Fix.** The name becomes the only known one that it is a slip of.

Failing:

    # versions/2024.yaml
    id: "2024"
    effective_from: 2024-01-01

    # versions/2025.yaml
    id: "2025"
    based_on: "2042"
    effective_from: 2025-01-01
    levels:
      member: {threshold: 2000}

Fixed:

    # versions/2024.yaml
    id: "2024"
    effective_from: 2024-01-01

    # versions/2025.yaml
    id: "2025"
    based_on: "2024"
    effective_from: 2025-01-01
    levels:
      member: {threshold: 2000}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.diagnostics import Finding

if TYPE_CHECKING:
    from pointbook.checks.reasoning.subject import CheckSubject, Findings

CODE = "unknown-version"


def unknown_version(subject: CheckSubject) -> Findings:
    """A finding for each `based_on` that names no version.

    Says nothing while a version has no id that can be read: it might be the one that is meant.
    """
    known = [document.id for document in subject.documents]
    if subject.unreadable or "" in known:
        return
    for document in subject.documents:
        # With a base, it is one that a scenario leaves out.
        if document.based_on and document.based_on not in known and document.base is None:
            others = [name for name in known if name != document.id]
            otherwise = "write the version's file, or delete `based_on` and give all rules"
            place = document.written.content["based_on"].span
            yield Finding(
                place,
                CODE,
                f"there is no version `{document.based_on}` to base this one on",
                subject.words.suggestion(document.based_on, others, otherwise),
                fix=subject.words.fix(place, document.based_on, others),
            )
