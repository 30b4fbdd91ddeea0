"""A balance that begins below its floor.

**What.** The `floor` of a balance must not be above its `start`, which is 0 unless given.

**Why.** A floor says how far deductions can take a balance down. Below it from the beginning, a
deduction would have to add points.

**Fix.** None: either of the two can be the slip.

Failing:

    # program.yaml
    balances:
      club_points: {resets: membership_year, floor: 100}

Fixed:

    # program.yaml
    balances:
      club_points: {resets: membership_year, start: 100, floor: 100}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.diagnostics import Finding, Related

if TYPE_CHECKING:
    from pointbook.checks.reasoning.subject import CheckSubject, Findings

CODE = "floor-above-start"


def floor_above_start(subject: CheckSubject) -> Findings:
    """A finding for each balance whose floor is above what a period begins with."""
    program = subject.program
    for balance in program.balances.values():
        if balance.floor is None or balance.floor <= balance.start:
            continue
        path = ("balances", balance.id, "start")
        start = (Related(program.span(*path), "a period begins with this"),)
        yield Finding(
            program.span("balances", balance.id, "floor"),
            CODE,
            f"balance `{balance.id}` begins with {balance.start:,}, below its floor of {balance.floor:,}",
            f"write a floor of at most {balance.start:,}, or `start: {balance.floor}`",
            related=start if path in program.positions else (),
        )
