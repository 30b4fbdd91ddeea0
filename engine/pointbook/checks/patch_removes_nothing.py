"""A `null` in a patch for something that is not there.

**What.** `null` removes a value of the version that this one is based on; that version must have it.

**Why.** A misspelt id would leave the rule in force that was meant to go.

Failing:

    # versions/2024.yaml
    id: "2024"
    effective_from: 2024-01-01
    activities:
      blog.published: {points: 500}
      feedback: {points: 50}

    # versions/2025.yaml
    id: "2025"
    based_on: "2024"
    effective_from: 2025-01-01
    activities:
      fedback: null

Fixed:

    # versions/2024.yaml
    id: "2024"
    effective_from: 2024-01-01
    activities:
      blog.published: {points: 500}
      feedback: {points: 50}

    # versions/2025.yaml
    id: "2025"
    based_on: "2024"
    effective_from: 2025-01-01
    activities:
      feedback: null
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.checks.reasoning.patch_walk import removes_nothing, written_values
from pointbook.diagnostics import Finding, closest
from pointbook.structure.wording import described

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pointbook.checks.reasoning.subject import Subject
    from pointbook.model.rules import Path
    from pointbook.source.document import Node

CODE = "patch-removes-nothing"


def patch_removes_nothing(subject: Subject) -> Iterator[Finding]:
    """A finding for each `null` that removes nothing."""
    for document in subject.documents:
        if document.base is None:
            continue
        for path, node in written_values(document.written):
            if removes_nothing(document.base, path, node):
                yield Finding(
                    document.written.key_span(path),
                    CODE,
                    f"version `{document.based_on}` has no {described(path, 'value')} that could be removed",
                    _hint(document.base, path),
                )


def _hint(base: Node, path: Path) -> str:
    """The closest name at the first step of `path` that the base does not have."""
    for length in range(1, len(path) + 1):
        if base.at(path[:length]) is None:
            parent = base.at(path[: length - 1])
            names = parent.content if parent is not None and parent.is_mapping else ()
            match = closest(str(path[length - 1]), names)
            return f"did you mean `{match}`?" if match is not None else "delete it"
    return "delete it"
