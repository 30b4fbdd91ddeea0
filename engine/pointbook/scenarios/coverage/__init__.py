"""Which elements of the rules scenarios exercise: each value that decides figures, and each side of it.

`elements` lists what rules have. `looked_at` says what of a member's ledger and levels a scenario would
notice, `exercised` which elements are at work there. Nothing here is part of evaluating: it reads the
ledger's entries, and asks the interpreter's own condition function again.
Source: rules/README.md, "Which rules do the scenarios exercise?".
"""

from pointbook.scenarios.coverage.exercised import Exercised, Watched
from pointbook.scenarios.coverage.measured import Coverage, coverage_of

__all__ = ["Coverage", "Exercised", "Watched", "coverage_of"]
