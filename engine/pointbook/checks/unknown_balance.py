"""A balance that program.yaml does not declare.

**What.** `level_balance` in program.yaml, and every `balance` of an activity, must name one of the
program's balances.

**Why.** Points for a balance that nobody keeps would go nowhere.

Failing:

    activities:
      blog.published: {points: 500}
      credits.earned:
        balance: dojo_credit
        points: {range: [1, 100]}

    # program.yaml
    balances:
      club_points: {resets: membership_year}
      dojo_credits: {resets: never}

Fixed:

    activities:
      blog.published: {points: 500}
      credits.earned:
        balance: dojo_credits
        points: {range: [1, 100]}

    # program.yaml
    balances:
      club_points: {resets: membership_year}
      dojo_credits: {resets: never}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.checks.reasoning.references import hint_for
from pointbook.diagnostics import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pointbook.checks.reasoning.subject import Subject
    from pointbook.model.program import Version

CODE = "unknown-balance"


def unknown_balance(subject: Subject) -> Iterator[Finding]:
    """A finding for each balance that is named but not declared."""
    program = subject.program
    if program.level_balance not in program.balances:
        yield Finding(
            program.span("level_balance"),
            CODE,
            f"`level_balance` names the balance `{program.level_balance}`, which does not exist",
            hint_for(program.level_balance, program.balances, "declare it under `balances`"),
        )
    for version in program.versions:
        yield from _in_activities(subject, version)


def _in_activities(subject: Subject, version: Version) -> Iterator[Finding]:
    balances = subject.program.balances
    for activity in version.activities.values():
        path = ("activities", activity.id, "balance")
        if activity.balance in balances or path not in version.positions:
            continue
        yield Finding(
            version.span(*path),
            CODE,
            f"activity `{activity.id}` names the balance `{activity.balance}`, which does not exist",
            hint_for(activity.balance, balances, "declare it under `balances` in program.yaml"),
        )
