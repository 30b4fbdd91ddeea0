"""A level that is put above another, against their thresholds or in a circle; or of which nothing says where.

**What.** `above` of a level in a version that changes another names the level right below it. Its threshold
must be above that one's and below that of the next one, and no two levels can each stand above the other. A
new level whose `requires` says neither more nor less than that of the one below it names it as `above`: that
is a warning.

**Why.** Levels are reached by their thresholds; an order that says otherwise is a slip in one of the two. The
order decides which of two levels is the higher one, where a member has what both ask for.

**Fix.** None: a threshold may be wrong, or the order.

Failing:

    # versions/2024.yaml
    id: "2024"
    effective_from: 2024-01-01
    levels:
      silver: {threshold: 500}
      gold: {threshold: 5000}

    # versions/2025.yaml
    id: "2025"
    based_on: "2024"
    effective_from: 2025-01-01
    levels:
      bronze: {threshold: 100, above: silver}

Fixed:

    # versions/2024.yaml
    id: "2024"
    effective_from: 2024-01-01
    levels:
      silver: {threshold: 500}
      gold: {threshold: 5000}

    # versions/2025.yaml
    id: "2025"
    based_on: "2024"
    effective_from: 2025-01-01
    levels:
      platinum: {threshold: 7000, above: gold}
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from pointbook.diagnostics import Finding, Related, Severity
from pointbook.lower.level_order import levels_above
from pointbook.model.levels import is_met

if TYPE_CHECKING:
    from pointbook.checks.reasoning.subject import CheckSubject, Findings
    from pointbook.model.program import Version
    from pointbook.source.document import Node

CODE = "misplaced-level"


def misplaced_level(subject: CheckSubject) -> Findings:
    """A finding for each level whose `above` is no place for it."""
    for version in subject.program.versions:
        document = subject.document_of(version)
        placed = {} if document is None else dict(levels_above(document.written))
        for level, below in placed.items():
            if _is_in_circle(level, placed):
                message = f"level `{level}` stands above `{below.content}`, which stands above it in turn"
                yield Finding(below.span, CODE, message, "delete `above` of one of them")
            elif level in version.levels and below.content in version.levels:
                yield from _by_threshold(version, level, below)
        if document is not None and document.base is not None:
            before = document.base.get("levels")
            known = before.content.keys() if before is not None and before.is_mapping else set()
            new = version.levels.keys() - known - placed.keys()
            yield from _uncertain(version, subject.program.level_balance, new)


def _uncertain(version: Version, level_balance: str, new: set[str]) -> Findings:
    """New levels that do not ask for all that the level right below them does."""
    for below, level in pairwise(version.levels.values()):
        if level.id not in new or below.is_base or not (level.requires or below.requires):
            continue
        ways = [dict(way) for way in level.reached_with(level_balance)]
        if not all(is_met(below.reached_with(level_balance), way) for way in ways):
            yield Finding(
                version.span("levels", level.id),
                CODE,
                f"nothing says whether the new level `{level.id}` is higher than `{below.id}`: it asks for"
                f" {level.words}, and `{below.id}` for {below.words}",
                f"write `above: {below.id}`, or the level that it is to stand right above",
                Severity.WARNING,
            )


def _is_in_circle(level: str, placed: dict[str, Node]) -> bool:
    seen, name = set(), level
    while name in placed and name not in seen:
        seen.add(name)
        name = placed[name].content
    return name == level


def _by_threshold(version: Version, level: str, below: Node) -> Findings:
    order = list(version.levels)
    there = order[order.index(level) - 1] if order[0] != level else None
    if there == below.content:
        return
    found = "the lowest one" if there is None else f"right above `{there}`"
    thresholds = version.levels[level].threshold, version.levels[below.content].threshold
    yield Finding(
        below.span,
        CODE,
        f"level `{level}` is to stand right above `{below.content}`, but by its threshold it is {found}",
        f"correct `above`, or the thresholds: {thresholds[0]:,} of `{level}`, {thresholds[1]:,} of"
        f" `{below.content}`",
        related=(Related(version.span("levels", level, "threshold"), "its threshold is given here"),),
    )
