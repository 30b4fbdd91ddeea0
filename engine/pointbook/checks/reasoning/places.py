"""Where a fault of a version is to be shown, when the version is written as a patch."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pointbook.checks.reasoning.subject import Subject
    from pointbook.diagnostics import Span
    from pointbook.model.program import Version
    from pointbook.model.rules import Path
    from pointbook.source.document import Node


def in_version(version: Version, place: Span) -> str:
    """Which version is meant, in words, where `place` is in the file of another that it takes it from."""
    return "" if place.file == version.span("id").file else f" in version `{version.id}`"


def removal_of(subject: Subject, version: Version, path: Path) -> Span | None:
    """Where the version, or one that it is based on, removes what was at `path`, with `null`."""
    document = subject.document_of(version)
    for written in reversed(document.chain if document is not None else ()):
        removal, is_given = _written_removal(written, path)
        if removal is not None or is_given:
            return removal
    return None


def _written_removal(written: Node, path: Path) -> tuple[Span | None, bool]:
    """Where the document has `null` at `path` or above it, and whether it gives a value there."""
    for length in range(1, len(path) + 1):
        node = written.at(path[:length])
        if node is None:
            return None, False
        if node.content is None:
            return written.key_span(path[:length]), True
    return None, True
