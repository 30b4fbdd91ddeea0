"""Something that a patch says is `removed`, and lists under `removes` as well (a warning).

**What.** In a version that changes another, what goes says `removed` with the reason where it stood, or is
listed under `removes`; not both.

**Why.** There are two reasons then, of which only the one under `removes` counts.

**Fix.** None: only you know which reason is the right one.

Failing:

    # versions/2024.yaml
    id: "2024"
    effective_from: 2024-01-01
    activities: {talk: {points: 10}, feedback: {points: 50}}

    # versions/2025.yaml
    id: "2025"
    based_on: "2024"
    effective_from: 2025-01-01
    removes: {activities: {feedback: {note: It is gone.}}}
    activities: {feedback: {removed: Feedback has its own program now.}}

Fixed:

    # versions/2024.yaml
    id: "2024"
    effective_from: 2024-01-01
    activities: {talk: {points: 10}, feedback: {points: 50}}

    # versions/2025.yaml
    id: "2025"
    based_on: "2024"
    effective_from: 2025-01-01
    activities: {feedback: {removed: Feedback has its own program now.}}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.diagnostics import Finding, Related, Severity
from pointbook.lower.implied import REMOVED, acknowledgement_of, removed_in

if TYPE_CHECKING:
    from pointbook.checks.reasoning.subject import CheckSubject, Findings

CODE = "removed-twice"


def removed_twice(subject: CheckSubject) -> Findings:
    """A finding for each `removed` that has another reason under `removes`."""
    for document in subject.documents:
        if document.base is None:
            continue
        for path, _ in removed_in(document.written):
            listed = ("removes", *acknowledgement_of(path))
            if document.written.at(listed) is not None:
                yield Finding(
                    document.written.key_span(listed),
                    CODE,
                    f"`{listed[-1]}` is listed here, and says `removed` itself",
                    "delete this line, and keep the better of the two reasons",
                    Severity.WARNING,
                    related=(Related(document.written.key_span((*path, REMOVED)), "it says so here"),),
                )
