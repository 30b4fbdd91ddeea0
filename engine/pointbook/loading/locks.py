"""What was published, as the lock in a folder or a commit has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.diagnostics import RulesError
from pointbook.loading.documents import lock_document
from pointbook.published.reading import lock_from

if TYPE_CHECKING:
    from pointbook.diagnostics import Finding
    from pointbook.loading.documents import ReadDocument, Tree
    from pointbook.published.lock import Lock


def lock_in(tree: Tree) -> Lock | None:
    """What was published, as the lock in a tree has it; None where there is none.

    Raises:
        InputError: The file cannot be read.
        RulesError: The file has errors.
    """
    read = lock_document(tree)
    lock, findings = (None, ()) if read is None else read_lock(read)
    if findings:
        raise RulesError(findings)
    return lock


def read_lock(read: ReadDocument) -> tuple[Lock | None, tuple[Finding, ...]]:
    """What was published, and what is wrong with the file; nothing is known of one that is not right."""
    if read.node is None or read.findings:
        return None, read.findings
    return lock_from(read.node)
