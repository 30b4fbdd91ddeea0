"""A published version that is gone, or has another id now.

**What.** Every version that `versions.lock` has is there under its id; one that was withdrawn with
`publish --amend` is not asked for.

**Why.** Without it, events of its days are valued by another version. Ledgers and reports name it by its id.

**Fix.** None: only you know where it is.

Failing:

    # versions/1.yaml
    id: first

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
    id: "1"

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

from pointbook.checks.reasoning.publishing import missing_entries, renamed_to, ways_out
from pointbook.diagnostics import Finding, Related

if TYPE_CHECKING:
    from pointbook.checks.reasoning.subject import CheckSubject, Findings

CODE = "published-version-missing"


def published_version_missing(subject: CheckSubject) -> Findings:
    """A finding for each version of the lock that there is no longer, at its place in the lock."""
    for entry in missing_entries(subject):
        other = renamed_to(subject, entry)
        message = f"version `{entry.id}` was published on {entry.published_on} and is no longer there"
        if other is None:
            hint = ways_out(subject, "restore its file", entry.id, or_new=False)
            yield Finding(entry.span, CODE, message, hint)
            continue
        place = other.written.content["id"].span
        hint = ways_out(subject, f"write `id: {entry.id}` again", other.id, or_new=False)
        related = (Related(place, f"`{other.id}` is what it was"),)
        yield Finding(entry.span, CODE, f"{message}; it is called `{other.id}` now", hint, related=related)
