"""A version whose id is another day than the one on which it takes effect (a warning).

**What.** An id that is a date must be the version's `effective_from`, or the day on which it was
announced, its `announced_on`.

**Why.** Ids stand in ledgers and reports; who reads one there takes it for the first day in force.
Mostly one of the two was copied from another version and not changed.

**Fix.** None: either of the two can be the slip.

Failing:

    id: 2025-01-01
    effective_from: 2024-01-01

Fixed:

    id: 2025-01-01
    effective_from: 2025-01-01
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.diagnostics import Finding, Related, Severity
from pointbook.structure.date_text import DateError, date_from

if TYPE_CHECKING:
    from datetime import date

    from pointbook.checks.reasoning.subject import CheckSubject, Findings
    from pointbook.model.program import Version

CODE = "misdated-id"


def misdated_id(subject: CheckSubject) -> Findings:
    """A finding for each version whose id is a date of no meaning for it.

    Says nothing while a date of the version cannot be read, nor of ids that two versions have.
    """
    ids = [document.id for document in subject.documents]
    for version in subject.program.versions:
        day = _day_of(version.id)
        is_certain = version.is_dated and ("announced_on",) not in version.incomplete
        if day is None or not is_certain or ids.count(version.id) > 1:
            continue
        if day not in (version.effective_from, version.announced_on):
            yield _finding(version, day)


def _day_of(version_id: str) -> date | None:
    try:
        return date_from(version_id)
    except DateError:
        return None


def _finding(version: Version, day: date) -> Finding:
    hint = "correct the one that is wrong"
    if version.announced_on is None and day < version.effective_from:
        hint += f"; if it was announced on the day of its id, write `announced_on: {day}`"
    return Finding(
        version.span("effective_from"),
        CODE,
        f"version `{version.id}` does not take effect on the day of its id, but on {version.effective_from}",
        hint,
        Severity.WARNING,
        related=(Related(version.span("id"), "its id is given here"),),
    )
