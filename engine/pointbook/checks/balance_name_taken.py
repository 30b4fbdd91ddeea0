"""A further balance with the name of a column that standings have.

**What.** Standings have a column for each balance other than the one that decides levels. Its id must
not be that of a column which is there anyway, such as `points` or `level`.

**Why.** Two columns of one name cannot be told apart: a spreadsheet or a database would show one of
them for both.

**Fix.** None: only you know another id.

Failing:

    # program.yaml
    balances:
      club_points: {resets: membership_year}
      points: {resets: never}

Fixed:

    # program.yaml
    balances:
      club_points: {resets: membership_year}
      coins: {resets: never}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.diagnostics import Finding
from pointbook.model.tables import STANDINGS, names_of

if TYPE_CHECKING:
    from pointbook.checks.reasoning.subject import CheckSubject, Findings

CODE = "balance-name-taken"


def balance_name_taken(subject: CheckSubject) -> Findings:
    """A finding for each further balance that is called like a column of standings."""
    program = subject.program
    for name in program.balances:
        if name in names_of(STANDINGS) and name != program.level_balance:
            yield Finding(
                program.span("balances", name),
                CODE,
                f"standings have a column `{name}` of another meaning",
                "give the balance another id, such as `coins`",
            )
