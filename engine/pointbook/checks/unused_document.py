"""A document that the program lists and nothing is published in (a warning).

**What.** Each short name under `documents` of program.yaml should be the `document` of some `source`.

**Why.** Mostly a version was to name it, and still names the page before.

**Fix.** None: mostly a version was to name it.

Failing:

    # program.yaml
    documents: {page_2024: The page of 2024, page_2025: The page of 2025}

    # versions/2024.yaml
    id: "2024"
    effective_from: 2024-01-01
    source: {document: page_2024}

Fixed:

    # program.yaml
    documents: {page_2024: The page of 2024}

    # versions/2024.yaml
    id: "2024"
    effective_from: 2024-01-01
    source: {document: page_2024}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.checks.reasoning.documents import documents_named
from pointbook.diagnostics import Finding, Severity

if TYPE_CHECKING:
    from pointbook.checks.reasoning.subject import CheckSubject, Findings

CODE = "unused-document"


def unused_document(subject: CheckSubject) -> Findings:
    """A finding for each short name that no source uses; none while a version cannot be read."""
    if not subject.program.documents or not subject.has_every_version:
        return
    used = {node.content for node in documents_named(subject) if isinstance(node.content, str)}
    for name in subject.program.documents:
        if name not in used:
            place = subject.program.span("documents", name)
            hint = "delete it, or name it in the `source` of what it publishes"
            message = f"no `source` names the document `{name}`"
            yield Finding(place, CODE, message, hint, Severity.WARNING)
