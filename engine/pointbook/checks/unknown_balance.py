"""A balance that program.yaml does not declare.

**What.** `level_balance` in program.yaml, and every `balance` of an activity, must name one of the
program's balances.

**Why.** Points for a balance that nobody keeps would go nowhere.

**Fix.** The name becomes the only known one that it is a slip of.

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

from pointbook.diagnostics import Finding

if TYPE_CHECKING:
    from pointbook.checks.reasoning.subject import CheckSubject, Findings

CODE = "unknown-balance"


def unknown_balance(subject: CheckSubject) -> Findings:
    """A finding for each balance that is named but not declared."""
    program = subject.program
    uses = [("`level_balance`", program.level_balance, program.span("level_balance"), "")]
    uses += [
        (f"activity `{activity.id}`", activity.balance, version.span(*path), " in program.yaml")
        for version, activity in program.activities
        if (path := ("activities", activity.id, "balance")) in version.positions
    ]
    for user, name, place, where in uses:
        if name not in program.balances:
            message = f"{user} names the balance `{name}`, which does not exist"
            hint = subject.words.suggestion(name, program.balances, f"declare it under `balances`{where}")
            fix = subject.words.fix(place, name, program.balances)
            yield Finding(place, CODE, message, hint, fix=fix)
