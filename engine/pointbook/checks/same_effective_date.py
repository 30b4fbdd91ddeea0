"""Two versions that take effect on the same day.

**What.** No two versions of a program have the same `effective_from`.

**Why.** One version is in force on a day. With two, it would be chance which of them values that
day's events and every later one.

**Fix.** None: only you know which of the days is wrong.

Failing:

    # versions/2024.yaml
    id: "2024"
    effective_from: 2024-01-01

    # versions/2024b.yaml
    id: "2024b"
    effective_from: 2024-01-01

Fixed:

    # versions/2024.yaml
    id: "2024"
    effective_from: 2024-01-01

    # versions/2024b.yaml
    id: "2024b"
    effective_from: 2024-07-01
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.diagnostics import Finding, Related

if TYPE_CHECKING:
    from datetime import date

    from pointbook.checks.reasoning.subject import CheckSubject, Findings
    from pointbook.model.program import Version

CODE = "same-effective-date"


def same_effective_date(subject: CheckSubject) -> Findings:
    """A finding for each version that begins on the day of another."""
    first: dict[date, Version] = {}
    # In the order of the documents: versions that a scenario adds come last, so theirs is the fault.
    by_place = {version.span("id"): version for version in subject.program.versions}
    places = (document.written.content["id"].span for document in subject.documents if document.id)
    for version in (by_place[place] for place in places if place in by_place):
        if not version.is_dated:
            continue
        other = first.setdefault(version.effective_from, version)
        if other is version:
            continue
        yield Finding(
            version.span("effective_from"),
            CODE,
            f"version `{other.id}` takes effect on {version.effective_from} too",
            "give one of them another day; only one version can be in force",
            related=(Related(other.span("effective_from"), f"`{other.id}` takes effect on that day"),),
        )
