"""A published version that decides figures otherwise than when it was published.

**What.** What decides figures in a version that `versions.lock` has stays as it was published: every amount,
threshold, cap, condition, benefit and date in a condition. Titles, notes, sources and formatting may change,
and a value may move between a patch and the version that it is based on.

**Why.** Members were told these rules, and results were computed by them. Changed in place, the same log
comes to other figures, and nobody can say since when.

**Fix.** None: undo the edit, amend what is published, or write a new version.

Failing:

    # versions/1.yaml
    activities:
      answer.given: {points: 10}

    # versions.lock
    published:
      - version: "1"
        effective_from: 2024-01-01
        published_on: 2023-12-01
        engine: 0.1.0
        form: 1
        digest: 938fa99c6f269953b7f0bee3a6804a4deca1859e5693c2f659fa579f98abbb82

Fixed:

    # versions/1.yaml
    activities:
      answer.given: {points: 20}

    # versions.lock
    published:
      - version: "1"
        effective_from: 2024-01-01
        published_on: 2023-12-01
        engine: 0.1.0
        form: 1
        digest: 938fa99c6f269953b7f0bee3a6804a4deca1859e5693c2f659fa579f98abbb82
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.checks.reasoning.publishing import is_other, published_here, ways_out
from pointbook.diagnostics import Finding

if TYPE_CHECKING:
    from pointbook.checks.reasoning.subject import CheckSubject, Findings
    from pointbook.lower.resolution import VersionDocument

CODE = "published-version-changed"


def published_version_changed(subject: CheckSubject) -> Findings:
    """A finding for each published version whose digest is another one now."""
    if subject.lock is None:
        return
    for document in subject.documents:
        entry = subject.lock.entry(document.id)
        if entry is None or not is_other(subject, document):
            continue
        cause = _cause(subject, document)
        told = "" if cause is None else f", as does `{cause}`, on which it is based"
        yield Finding(
            document.written.content["id"].span,
            CODE,
            f"version `{document.id}` was published and decides figures otherwise now{told}",
            ways_out(subject, "undo the edit", cause or document.id),
            related=(published_here(entry),),
        )


def _cause(subject: CheckSubject, document: VersionDocument) -> str | None:
    """Which version it builds on was edited, if one of them was published; it is amended with that one."""
    builds_on = {id(node) for node in document.chain[:-1]}
    for other in subject.documents:
        if id(other.written) in builds_on and is_other(subject, other):
            return other.id
    return None
