"""One side of a comparison: its rules, with each assumption that is looked at, and what it comes to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.comparison.counts import Counts
from pointbook.model.ledger import Assume

if TYPE_CHECKING:
    from pointbook.comparison.outcome import Scale
    from pointbook.comparison.question import Question, Run
    from pointbook.log import Log
    from pointbook.model.rules import Version


class Side:
    """One side of a comparison.

    Attributes:
        run: The rules, ready.
        bounds: The same with every missing assessed value at its lowest, and at its highest.
        versions: All that can be in force, the one of the as-of date last.
        counts: What the side comes to; filled member by member.
        scale: By what its levels are measured; set once both sides are known.
    """

    def __init__(self, question: Question, log: Log, version: Version | None, assume: Assume) -> None:
        self.run: Run = question.run(version, assume, log.members)
        self.bounds = [
            self.run if policy is assume else question.run(version, policy, log.members)
            for policy in (Assume.LOW, Assume.HIGH)
        ]
        self.versions = _versions(self.run)
        self.counts = Counts()
        self.scale: Scale


def _versions(run: Run) -> tuple[Version, ...]:
    timeline = run.evaluation.interpreter.timeline
    books = [book.version for book in timeline.books]
    as_of = timeline.version_on(run.evaluation.as_of)
    if as_of is None:
        return tuple(books)
    return (*(version for version in books if version is not as_of), as_of)
