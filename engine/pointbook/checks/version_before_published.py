"""A version that is not published and takes effect before, or together with, a published one.

**What.** A version that `versions.lock` does not have takes effect after all those that it has.

**Why.** It would come to be in force between published versions, on days whose rules members were told.

**Fix.** None: only you know another day.

Failing:

    # versions/1.yaml
    id: "1"
    effective_from: 2024-01-01

    # versions/2.yaml
    id: "2"
    based_on: "1"
    effective_from: 2023-07-01
    levels: {member: {threshold: 50}}

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
    effective_from: 2024-01-01

    # versions/2.yaml
    id: "2"
    based_on: "1"
    effective_from: 2024-07-01
    levels: {member: {threshold: 50}}

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

from pointbook.checks.reasoning.publishing import missing_entries, published_here, renamed_to
from pointbook.diagnostics import Finding

if TYPE_CHECKING:
    from pointbook.checks.reasoning.subject import CheckSubject, Findings

CODE = "version-before-published"


def version_before_published(subject: CheckSubject) -> Findings:
    """A finding for each unpublished version that does not take effect after the last published one.

    Says nothing of one that is a published version under another id, and of one that begins on the day of
    another version, which `same-effective-date` finds.
    """
    if subject.lock is None or not subject.lock.published:
        return
    last = subject.lock.published[-1]
    renamed = {other.id for entry in missing_entries(subject) if (other := renamed_to(subject, entry))}
    days = [version.effective_from for version in subject.program.versions]
    for version in subject.program.versions:
        if subject.lock.entry(version.id) is not None or version.id in renamed:
            continue
        day = version.effective_from
        if day > last.effective_from or days.count(day) > 1:
            continue
        yield Finding(
            version.span("effective_from"),
            CODE,
            f"version `{version.id}` is not published and takes effect on {day}, but `{last.id}`, of"
            f" {last.effective_from}, was published on {last.published_on}",
            f"let it take effect after {last.effective_from}; what was in force before can no longer change",
            related=(published_here(last),),
        )
