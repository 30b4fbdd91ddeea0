"""A published version that takes effect on another day than the one it was published with.

**What.** A version that `versions.lock` has keeps its `effective_from`.

**Why.** Events between the two days would be valued by other rules than those that members were told.

**Fix.** None: undo the edit, or amend what is published.

Failing:

    # versions/1.yaml
    effective_from: 2024-02-01

    # versions.lock
    published:
      - version: "1"
        effective_from: 2024-01-01
        published_on: 2023-12-01
        engine: 0.1.0
        form: 1
        digest: 914945fe26bf19a4e6307c94862cc44fb287dbe5b51e16d206557f46b1df6601

Fixed:

    # versions/1.yaml
    effective_from: 2024-01-01

    # versions.lock
    published:
      - version: "1"
        effective_from: 2024-01-01
        published_on: 2023-12-01
        engine: 0.1.0
        form: 1
        digest: 914945fe26bf19a4e6307c94862cc44fb287dbe5b51e16d206557f46b1df6601
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.checks.reasoning.publishing import published_here, ways_out
from pointbook.diagnostics import Finding

if TYPE_CHECKING:
    from pointbook.checks.reasoning.subject import CheckSubject, Findings

CODE = "published-date-moved"


def published_date_moved(subject: CheckSubject) -> Findings:
    """A finding for each published version with another first day."""
    if subject.lock is None:
        return
    for version in subject.program.versions:
        entry = subject.lock.entry(version.id)
        if entry is None or not version.is_dated or version.effective_from == entry.effective_from:
            continue
        yield Finding(
            version.span("effective_from"),
            CODE,
            f"version `{version.id}` was published to take effect on {entry.effective_from},"
            f" not on {version.effective_from}",
            ways_out(subject, f"write {entry.effective_from} again", version.id),
            related=(published_here(entry),),
        )
