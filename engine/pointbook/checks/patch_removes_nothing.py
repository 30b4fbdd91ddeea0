"""A `null` or `removed` in a patch for something that is not there.

**What.** `null` removes a value of the version that this one is based on, and `removed` a rule; that version
must have it.

**Why.** A misspelt id would leave the rule in force that was meant to go.

**Fix.** The id becomes the only one of the base that it is a slip of, unless something would disappear
unsaid by that.

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
    removes:
      activities:
        feedback: {note: No longer on the page.}
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
    removes:
      activities:
        feedback: {note: No longer on the page.}
    activities:
      feedback: null
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.checks.reasoning.patch_walk import written_values
from pointbook.diagnostics import Finding
from pointbook.lower.implied import REMOVED
from pointbook.structure.wording import described

if TYPE_CHECKING:
    from pointbook.checks.reasoning.subject import CheckSubject, Findings
    from pointbook.lower.resolution import VersionDocument
    from pointbook.model.rules import Path
    from pointbook.source.document import Node

CODE = "patch-removes-nothing"
_GOING = (2, 4)
"""Steps of a path to one rule of a section, and to an entry of an activity."""


def patch_removes_nothing(subject: CheckSubject) -> Findings:
    """A finding for each `null` and each `removed` that removes nothing."""
    for document in subject.documents:
        if document.base is None:
            continue
        for path, node in written_values(document.meant):
            is_removal = path[-1] == REMOVED and len(path) - 1 in _GOING
            path = path[:-1] if is_removal else path  # noqa: PLW2901 - the rule is what goes
            if (node.content is None or is_removal) and document.base.at(path) is None:
                yield _finding(subject, document, document.base, path)


def _finding(subject: CheckSubject, document: VersionDocument, base: Node, path: Path) -> Finding:
    """With the closest name at the first step of `path` that the base does not have."""
    first = next(length for length in range(len(path)) if base.at(path[: length + 1]) is None)
    parent, word = base.at(path[:first]), str(path[first])
    names = parent.content if parent is not None and parent.is_mapping else ()
    match = subject.words.closest(word, names)
    return Finding(
        document.meant.key_span(path),
        CODE,
        f"version `{document.based_on}` has no {described(path, 'value')} that could be removed",
        f"did you mean `{match}`?" if match is not None else "delete it",
        fix=subject.words.fix(document.meant.key_span(path[: first + 1]), word, names),
    )
