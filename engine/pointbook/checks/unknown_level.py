"""A benefit from a level that the version does not have.

**What.** `from_level` of a benefit must name a level of the same version.

**Why.** Nobody would ever be shown as having the benefit, though the page promises it.

**Fix.** The name becomes the only known one that it is a slip of.

Failing:

    levels:
      silver: {threshold: 500}
      gold: {threshold: 5000}
    benefits:
      priority_support: {from_level: glod}

Fixed:

    levels:
      silver: {threshold: 500}
      gold: {threshold: 5000}
    benefits:
      priority_support: {from_level: gold}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.checks.reasoning.references import Reference, unknown_references
from pointbook.model.sections import Section

if TYPE_CHECKING:
    from pointbook.checks.reasoning.subject import CheckSubject, Findings

CODE = "unknown-level"


def unknown_level(subject: CheckSubject) -> Findings:
    """A finding for each level that a benefit names and the version does not have."""
    for version in subject.program.versions:
        references = [
            Reference(f"benefit `{benefit.id}`", benefit.from_level, ("benefits", benefit.id, "from_level"))
            for benefit in version.benefits.values()
            if benefit.from_level is not None
        ]
        yield from unknown_references(subject, version, Section.LEVELS, CODE, references)
