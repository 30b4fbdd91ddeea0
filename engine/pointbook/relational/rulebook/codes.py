"""What numbers stand for in the rules' rows.

No row holds an absent value: -1 stands for "none" in numbers of other rows, an empty text in names.
An absent integer in a table made in memory turns a whole column to nothing on some engines.
"""

from __future__ import annotations

from datetime import date
from enum import IntEnum
from typing import TYPE_CHECKING

from pointbook.model.ledger import Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping

NONE = -1
OUTCOMES = tuple(Outcome)
CODES: Mapping[Outcome, int] = {outcome: code for code, outcome in enumerate(OUTCOMES)}
OWN_TOTAL = 1
"""In `limits`, the sum of all limits that events of a rule can meet: their balance is summed apart."""
FIRST_DAY, LAST_DAY = date(1000, 1, 1), date(9999, 12, 31)
"""Before and after every day that a log can have."""

FIRST_YEAR = 1900
"""Nobody signs up earlier: the log refuses such days."""


class Form(IntEnum):
    """Forms of points: one amount, a value from the log, points for each unit, a table of amounts."""

    CONSTANT = 0
    ASSESSED = 1
    PER_UNIT = 2
    TABLE = 3


def limit_of_stage(stage: int) -> int:
    """In `limits`: there is a cap of that stage.

    Own totals, stage 0 and stage 1 are 1, 2 and 4: a rule with all three has 7.
    """
    return OWN_TOTAL << (stage + 1)
