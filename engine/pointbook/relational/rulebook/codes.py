"""What numbers stand for in the rules' rows, and what such rows are.

No row holds an absent value: -1 stands for "none" in numbers of other rows, an empty text in names.
An absent integer in a table made in memory turns a whole column to nothing on some engines.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from pointbook.model.ledger import Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NONE = -1
OUTCOMES = tuple(Outcome)
CODES: Mapping[Outcome, int] = {outcome: code for code, outcome in enumerate(OUTCOMES)}
CONSTANT, ASSESSED, PER_UNIT, TABLE = range(4)
"""Forms of points."""
OWN_TOTAL = 1
"""In `limits`, the sum of all limits that events of a rule can meet: their balance is summed apart."""
FIRST_DAY, LAST_DAY = date(1000, 1, 1), date(9999, 12, 31)
"""Before and after every day that a log can have."""

FIRST_YEAR = 1900
"""Nobody signs up earlier: the log refuses such days."""

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class RuleTable:
    """Rows of one kind, with the type of each column."""

    types: Mapping[str, str]
    rows: Sequence[Row]


def limit_of_stage(stage: int) -> int:
    """In `limits`: there is a cap of that stage."""
    return OWN_TOTAL << (stage + 1)
