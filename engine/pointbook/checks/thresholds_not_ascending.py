"""Levels whose thresholds do not rise in the order in which they are listed.

**What.** In each complete version every threshold must be above the one before it, and no two levels of a
version may share a threshold. A level that a patch adds stands where its threshold puts it.

**Why.** A slip of a digit (500 for 5,000) otherwise swaps two levels without a word, and every
member between them changes status.

**Fix.** None: a threshold may be wrong, or the order.

Failing:

    levels:
      silver: {threshold: 5000}
      gold: {threshold: 500}

Fixed:

    levels:
      silver: {threshold: 500}
      gold: {threshold: 5000}
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from pointbook.diagnostics import Finding, Related

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Set as AbstractSet

    from pointbook.checks.reasoning.subject import CheckSubject, Findings
    from pointbook.model.program import Version
    from pointbook.model.rules import Level

CODE = "thresholds-not-ascending"


def thresholds_not_ascending(subject: CheckSubject) -> Findings:
    """A finding for each level that is not above the level listed before it."""
    complete = {document.file for document in subject.documents if document.based_on is None}
    for version in subject.program.versions:
        for below, above in _neighbours(version, complete):
            if above.threshold > below.threshold:
                continue
            place = version.span("levels", below.id, "threshold")
            relation = "the same as" if above.threshold == below.threshold else "below"
            yield Finding(
                version.span("levels", above.id, "threshold"),
                CODE,
                f"level `{above.id}` has threshold {above.threshold:,}, {relation} that of"
                f" `{below.id}` ({below.threshold:,}), which is listed before it",
                "list levels from the lowest to the highest, each with a threshold above the one before",
                related=(Related(place, f"`{below.id}` has {below.threshold:,} here"),),
            )


def _neighbours(version: Version, complete: AbstractSet[str]) -> Iterator[tuple[Level, Level]]:
    """Levels listed one after the other in a complete version's file, and any with equal thresholds."""
    by_file: dict[str, list[Level]] = {}
    order = sorted(version.levels.values(), key=lambda level: version.span("levels", level.id))
    for level in order:
        if version.span("levels", level.id).file not in complete:
            continue
        by_file.setdefault(version.span("levels", level.id).file, []).append(level)
    listed = {pair for levels in by_file.values() for pair in pairwise(levels)}
    yield from sorted(listed, key=lambda pair: pair[1].id)
    for below, above in pairwise(version.levels.values()):
        if below.threshold == above.threshold and not {(below, above), (above, below)} & listed:
            yield below, above
