"""Versions that are based on each other in a circle.

**What.** Following `based_on` from any version must end at a complete one.

**Why.** In a circle none of the versions has rules of its own to begin with.

**Fix.** None: only you know which link of the circle is wrong.

Failing:

    # versions/2024.yaml
    id: "2024"
    based_on: "2025"
    effective_from: 2024-01-01

    # versions/2025.yaml
    id: "2025"
    based_on: "2024"
    effective_from: 2025-01-01

Fixed:

    # versions/2024.yaml
    id: "2024"
    effective_from: 2024-01-01
    levels:
      member: {threshold: 500}

    # versions/2025.yaml
    id: "2025"
    based_on: "2024"
    effective_from: 2025-01-01
    levels:
      member: {threshold: 1000}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.diagnostics import Finding, Related

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pointbook.checks.reasoning.subject import CheckSubject, Findings
    from pointbook.diagnostics import Span
    from pointbook.lower.resolution import VersionDocument

CODE = "patch-cycle"


def patch_cycle(subject: CheckSubject) -> Findings:
    """One finding for each circle, at the version whose file comes first."""
    reported: set[str] = set()
    for document in subject.documents:
        cycle = _cycle_through(subject, document)
        if cycle and document.id not in reported:
            reported |= {member.id for member in cycle}
            yield _finding(cycle)


def _cycle_through(subject: CheckSubject, start: VersionDocument) -> Sequence[VersionDocument]:
    """The circle that `start` is part of, beginning with it; empty where there is none.

    A document that has a chain is in none.
    """
    if not start.id or start.chain or subject.document(start.id) is not start:
        return ()
    chain: dict[str, VersionDocument] = {}
    document: VersionDocument | None = start
    while document is not None and document.id not in chain:
        chain[document.id] = document
        document = subject.document(document.based_on) if document.based_on else None
    return tuple(chain.values()) if document is start else ()


def _finding(cycle: Sequence[VersionDocument]) -> Finding:
    first = cycle[0]
    if len(cycle) == 1:
        hint = "name the version that it changes; or delete `based_on` and give all rules"
        return Finding(_place(first), CODE, f"version `{first.id}` is based on itself", hint)
    circle = " → ".join(f"`{document.id}`" for document in (*cycle, first))
    return Finding(
        _place(first),
        CODE,
        f"these versions are based on each other in a circle: {circle}",
        "the earliest of them must be complete: delete its `based_on` and give all rules there",
        related=tuple(
            Related(_place(document), f"`{document.id}` is based on `{document.based_on}`")
            for document in cycle[1:]
        ),
    )


def _place(document: VersionDocument) -> Span:
    place: Span = document.written.content["based_on"].span
    return place
