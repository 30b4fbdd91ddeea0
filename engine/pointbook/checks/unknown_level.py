"""A level that is named and the version does not have.

**What.** `from_level` of a benefit, `above` of a level, a condition on `level`, and a table by `level` name
levels of the same version; the latter two can name `none` too.

**Why.** Nobody would ever be shown as having the benefit, though the page promises it; a condition would
never hold, and an amount never be given.

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
from pointbook.model.attributes import LEVEL, NO_LEVEL
from pointbook.model.conditions import Comparison
from pointbook.model.sections import Section
from pointbook.model.wording import written
from pointbook.reasoning.conditions import every_condition_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pointbook.checks.reasoning.subject import CheckSubject, Findings
    from pointbook.model.program import Version
    from pointbook.model.rules import Path

CODE = "unknown-level"


def _by_level(version: Version) -> Iterator[Reference]:
    """The levels that conditions and tables name."""
    for path, condition in every_condition_of(version):
        if isinstance(condition, Comparison) and condition.attribute == LEVEL:
            named: list[tuple[Path, object]] = [
                ((*path, "is"), condition.equals),
                ((*path, "at_least"), condition.at_least),
                ((*path, "at_most"), condition.at_most),
                *(((*path, "in", place), one) for place, one in enumerate(condition.among or ())),
            ]
            yield from (
                Reference("a condition on `level`", written(name), place)
                for place, name in named
                if name is not None
            )
    for activity in version.activities.values():
        for steps, outermost in activity.tables:
            for deeper, table in outermost.layers:
                if LEVEL in table.attributes:
                    place = table.attributes.index(LEVEL)
                    top = ("activities", activity.id, *steps, *deeper, "values")
                    yield from (
                        Reference(f"activity `{activity.id}`", keys[place], (*top, *keys[: place + 1]))
                        for keys, _ in table.leaves
                        if place < len(keys)
                    )


def unknown_level(subject: CheckSubject) -> Findings:
    """A finding for each level that a rule names and the version does not have."""
    for version in subject.program.versions:
        references = [
            Reference(f"benefit `{benefit.id}`", benefit.from_level, ("benefits", benefit.id, "from_level"))
            for benefit in version.benefits.values()
            if benefit.from_level is not None
        ]
        references += [one for one in _by_level(version) if one.name != NO_LEVEL]
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
