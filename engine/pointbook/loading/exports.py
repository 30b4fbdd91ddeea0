"""How a program's exports differ, as log.yaml in a folder or a commit has it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pointbook.diagnostics import has_errors
from pointbook.lower.exports import exports_from
from pointbook.model.exports import OURS
from pointbook.structure.schema_findings import schema_errors

if TYPE_CHECKING:
    from pointbook.diagnostics import Finding
    from pointbook.loading.documents import ReadDocument
    from pointbook.model.exports import Exports
    from pointbook.source.document import Node


class ReadExports(NamedTuple):
    """How exports differ.

    Attributes:
        exports: It, or that of a program without log.yaml where the file cannot be used.
        node: The document, where it fits its schema.
        findings: What is wrong with the file by itself.
    """

    exports: Exports
    node: Node | None
    findings: tuple[Finding, ...]


def read_exports(read: ReadDocument | None) -> ReadExports:
    """How exports differ, of a program that may have no log.yaml."""
    if read is None:
        return ReadExports(OURS, None, ())
    misread = {finding.span for finding in read.findings}
    errors = () if read.node is None else schema_errors(read.node, "log")
    found = (*read.findings, *(finding for _, finding in errors if finding.span not in misread))
    if read.node is None or has_errors(found):
        return ReadExports(OURS, None, found)
    return ReadExports(exports_from(read.node), read.node, found)
