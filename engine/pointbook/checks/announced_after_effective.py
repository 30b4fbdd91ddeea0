"""A version that was announced after it took effect.

**What.** `announced_on` must not be later than `effective_from`.

**Why.** Members would learn of a rule after it had been applied to them. Mostly it is a slip: the
two dates swapped, or a year mistyped.

**Fix.** None: only you know which of the days is wrong.

Failing:

    effective_from: 2024-03-13
    announced_on: 2025-03-01

Fixed:

    effective_from: 2024-03-13
    announced_on: 2024-03-01
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.diagnostics import Finding, Related
from pointbook.model.wording import quantity

if TYPE_CHECKING:
    from pointbook.checks.reasoning.subject import CheckSubject, Findings

CODE = "announced-after-effective"


def announced_after_effective(subject: CheckSubject) -> Findings:
    """A finding for each version whose announcement is later than its first day."""
    for version in subject.program.versions:
        announced = version.announced_on
        if announced is None or announced <= version.effective_from:
            continue
        days = (announced - version.effective_from).days
        yield Finding(
            version.span("announced_on"),
            CODE,
            f"announced {quantity(days, 'day')} after it takes effect",
            f"correct one of the dates: announce it on {version.effective_from} or earlier,"
            f" or let it take effect on {announced} or later",
            related=(Related(version.span("effective_from"), "it takes effect here"),),
        )
