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
from pointbook.model.levels import is_met

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pointbook.checks.reasoning.subject import CheckSubject, Findings
    from pointbook.model.levels import Level
    from pointbook.model.program import Program, Version

CODE = "thresholds-not-ascending"


def thresholds_not_ascending(subject: CheckSubject) -> Findings:
    """A finding for each level that is not above the level listed before it."""
    for version in subject.program.versions:
        document = subject.document_of(version)
        first = None if document is None else document.chain[0].get("levels")
        order = list(first.content) if first is not None and first.is_mapping else []
        for below, above in _neighbours(version, order):
            if below.requires or above.requires or below.is_base or above.is_base:
                yield from _by_requirements(subject.program, version, below, above)
                continue
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


def _by_requirements(program: Program, version: Version, below: Level, above: Level) -> Findings:
    """A finding where everyone who reaches the lower level reaches the higher one.

    The base level is the lowest wherever it stands; there is one at most.
    """
    if above.is_base is not below.is_base:
        return
    own = program.level_balance
    ways = [dict(way) for way in below.reached_with(own)]
    if not all(is_met(above.reached_with(own), way) for way in ways):
        return
    yield Finding(
        version.span("levels", above.id),
        CODE,
        f"level `{above.id}` asks for {above.words}, which everyone has who reaches `{below.id}`"
        f" ({below.words}), the level listed before it",
        "list levels from the lowest to the highest, each asking for more than the one before",
        related=(Related(version.span("levels", below.id), f"`{below.id}` asks for {below.words} here"),),
    )


def _neighbours(version: Version, order: list[str]) -> Iterator[tuple[Level, Level]]:
    """Levels listed one after the other in the complete version, and those with equal thresholds."""
    listed = list(pairwise(version.levels[key] for key in order if key in version.levels))
    yield from sorted(listed, key=lambda pair: pair[1].id)
    for below, above in pairwise(version.levels.values()):
        is_new = not {(below, above), (above, below)} & set(listed)
        if below.threshold == above.threshold and not (below.requires or above.requires) and is_new:
            yield below, above
