"""A level that a benefit or another level names, and that the version does not have.

**What.** `from_level` of a benefit, and `above` of a level, must name a level of the same version.

**Why.** Nobody would ever be shown as having the benefit, though the page promises it; and nobody knows
where the level stands.

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
from pointbook.diagnostics import Finding
from pointbook.lower.level_order import levels_above
from pointbook.model.sections import Section

if TYPE_CHECKING:
    from pointbook.checks.reasoning.subject import CheckSubject, Findings
    from pointbook.model.program import Version

CODE = "unknown-level"


def unknown_level(subject: CheckSubject) -> Findings:
    """A finding for each level that a benefit or a level names and the version does not have."""
    for version in subject.program.versions:
        references = [
            Reference(f"benefit `{benefit.id}`", benefit.from_level, ("benefits", benefit.id, "from_level"))
            for benefit in version.benefits.values()
            if benefit.from_level is not None
        ]
        yield from unknown_references(subject, version, Section.LEVELS, CODE, references)
        yield from _above(subject, version)


def _above(subject: CheckSubject, version: Version) -> Findings:
    document = subject.document_of(version)
    for level, below in () if document is None else levels_above(document.written):
        if below.content not in version.levels and not version.lacks(Section.LEVELS):
            known = [name for name in version.levels if name != level]
            message = f"level `{level}` stands above the level `{below.content}`, which does not exist"
            hint = subject.words.suggestion(below.content, known, "name a level of this version")
            fix = subject.words.fix(below.span, below.content, known)
            yield Finding(below.span, CODE, message, hint, fix=fix)
