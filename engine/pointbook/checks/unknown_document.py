"""A short name of a document that the program does not list.

**What.** Where program.yaml has `documents`, a `document` without spaces is a short name and must be one of
them; any other text is the document's title.

**Why.** Reports would name a page that nobody finds.

**Fix.** The name becomes the only known one that it is a slip of.

Failing:

    # program.yaml
    documents: {points_page: The points page}

    # versions/2024.yaml
    id: "2024"
    effective_from: 2024-01-01
    source: {document: point_page}

Fixed:

    # program.yaml
    documents: {points_page: The points page}

    # versions/2024.yaml
    id: "2024"
    effective_from: 2024-01-01
    source: {document: points_page}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.checks.reasoning.documents import documents_named
from pointbook.diagnostics import Finding

if TYPE_CHECKING:
    from pointbook.checks.reasoning.subject import CheckSubject, Findings

CODE = "unknown-document"


def unknown_document(subject: CheckSubject) -> Findings:
    """A finding for each short name that is not one of the program's."""
    known = subject.program.documents
    for node in documents_named(subject) if known else ():
        name = node.content
        if isinstance(name, str) and name not in known and not any(map(str.isspace, name)):
            hint = subject.words.suggestion(name, known, "list it under `documents` in program.yaml")
            fix = subject.words.fix(node.span, name, known)
            yield Finding(node.span, CODE, f"the program lists no document `{name}`", hint, fix=fix)
