"""A further balance with the name of a column that standings have.

**What.** Standings have a column for each balance other than the one that decides levels. Its id must
not be that of a column which is there anyway, such as `level` or `period`. It may be `points`: columns of the
balance that decides levels then bear that one's id.

**Why.** Two columns of one name cannot be told apart: a spreadsheet or a database would show one of
them for both.

**Fix.** None: only you know another id.

Failing:

    # program.yaml
    balances:
      club_points: {resets: membership_year}
      level: {resets: never}

Fixed:

    # program.yaml
    balances:
      club_points: {resets: membership_year}
      coins: {resets: never}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.diagnostics import Finding
from pointbook.model.tables import names_of, standings_columns

if TYPE_CHECKING:
    from pointbook.checks.reasoning.subject import CheckSubject, Findings

CODE = "balance-name-taken"


def balance_name_taken(subject: CheckSubject) -> Findings:
    """A finding for each further balance that is called like a column of standings."""
    program = subject.program
    if program.level_balance not in program.balances:
        return
    further = [name for name in program.balances if name != program.level_balance]
    columns = [name for name in names_of(standings_columns(program)) if name not in further]
    columns += [name for name in further if names_of(standings_columns(program)).count(name) > 1]
    for name in further:
        if name in columns:
            yield Finding(
                program.span("balances", name),
                CODE,
                f"standings have a column `{name}` of another meaning",
                "give the balance another id, such as `coins`",
            )
