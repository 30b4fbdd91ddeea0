"""A `guardrails.yaml` read, and what is wrong with it: by its schema, and against the rules.

It needs no evaluator, so that validating rules stays quick.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pointbook.diagnostics import Finding, sorted_findings, suggestion
from pointbook.loading import GUARDRAILS_FILE, read_document
from pointbook.structure.schema_findings import schema_findings

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from pointbook.loading import ReadDocument
    from pointbook.source.document import Node

__all__ = ["GUARDRAILS_FILE", "checked", "guardrails_document"]


def guardrails_document(path: Path, levels: Collection[str] | None) -> ReadDocument:
    """The file with everything that is wrong with it, sorted.

    Args:
        path: The file.
        levels: Ids of the levels that any version has; None where not all of them are known.

    Raises:
        InputError: It cannot be read.
    """
    return checked(read_document(path, first_key="guardrails"), levels)


def checked(document: ReadDocument, levels: Collection[str] | None) -> ReadDocument:
    """The document with everything that is wrong with it, sorted."""
    if document.node is None:
        return document
    misread = {finding.span for finding in document.findings}
    findings = [
        finding for finding in schema_findings(document.node, "guardrails") if finding.span not in misread
    ]
    if levels is not None:
        findings += _unknown_levels(document.node, levels)
    return replace(document, findings=sorted_findings((*document.findings, *findings)))


def _unknown_levels(document: Node, levels: Collection[str]) -> Iterator[Finding]:
    rules = document.get("guardrails")
    for rule in rules.content.values() if rules is not None and rules.is_mapping else ():
        level = rule.get("level")
        if level is not None and isinstance(level.content, str) and level.content not in levels:
            message = f"no version has a level `{level.content}`"
            yield Finding(level.span, "unknown-level", message, suggestion(level.content, levels))
