"""How a program's exports differ, as log.yaml in a folder or a commit has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.diagnostics import has_errors
from pointbook.lower.exports import exports_from
from pointbook.model.exports import OURS
from pointbook.structure.schema_findings import schema_errors

if TYPE_CHECKING:
    from pointbook.diagnostics import Finding
    from pointbook.loading.documents import ReadDocument
    from pointbook.model.exports import Exports


def read_exports(read: ReadDocument | None) -> tuple[Exports | None, tuple[Finding, ...]]:
    """How exports differ, None where that cannot be used, and what is wrong with the file by itself."""
    if read is None:
        return OURS, ()
    misread = {finding.span for finding in read.findings}
    errors = () if read.node is None else schema_errors(read.node, "log")
    found = (*read.findings, *(finding for _, finding in errors if finding.span not in misread))
    return None if read.node is None or has_errors(found) else exports_from(read.node), found
