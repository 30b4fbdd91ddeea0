"""Documents that the sources of a program name."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from pointbook.lower.pages import named_documents

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pointbook.checks.reasoning.subject import CheckSubject
    from pointbook.source.document import Node


def documents_named(subject: CheckSubject) -> Iterator[Node]:
    """Each `document` as written, of program.yaml and of the versions."""
    program = () if subject.written is None else (subject.written,)
    yield from chain.from_iterable(
        map(named_documents, (*program, *(document.written for document in subject.documents)))
    )
