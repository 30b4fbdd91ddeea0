"""A version with an id by which commands mean another version (a warning).

**What.** No version is called `latest`, `published` or `draft`.

**Why.** Where a version is named, `latest` is the one that takes effect last, `published` the last one that
was published, and `draft` the one that is not published yet. A version of that name takes its place: who
asks for the latest rules gets these, also when later ones are there.

**Fix.** None: only you know another name.

Failing:

    id: latest
    effective_from: 2024-01-01

Fixed:

    id: "2024"
    effective_from: 2024-01-01
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.diagnostics import Finding, Severity
from pointbook.model.program import DRAFT, LATEST, PUBLISHED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pointbook.checks.reasoning.subject import CheckSubject, Findings

CODE = "reserved-id"

_MEANT: Mapping[str, str] = {
    LATEST: "takes effect last",
    PUBLISHED: "was published last",
    DRAFT: "is not published yet",
}
"""Which version the word is for otherwise."""


def reserved_id(subject: CheckSubject) -> Findings:
    """A finding for each version that has such a word as its id."""
    for version in subject.program.versions:
        if version.id not in _MEANT:
            continue
        hint = "give it another id"
        if subject.lock is not None and subject.lock.entry(version.id) is not None:
            hint += ", and let `pointbook publish --amend` say so in the lock"
        yield Finding(
            version.span("id"),
            CODE,
            f"commands take `{version.id}` for this version, not for the one that {_MEANT[version.id]}",
            hint,
            Severity.WARNING,
        )
