"""A balance that program.yaml does not declare.

**What.** `level_balance` in program.yaml, every `balance` of an activity, and what `requires` and `keep` of
a level ask for must name one of the program's balances. Where there are several balances and levels,
`level_balance` says which of them decides.

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
        (f"level `{level.id}`", name, version.span("levels", level.id, key, name), " in program.yaml")
        for version in program.versions
        for level in version.levels.values()
        for key, alternatives in (("requires", level.requires), ("keep", level.keep))
        for one in alternatives
        for name, _ in one
    ]
    has_levels = any(version.levels for version in program.versions)
    if has_levels and len(program.balances) > 1 and ("level_balance",) not in program.positions:
        message = "program.yaml does not say which of its balances decides levels"
        hint = f"add `level_balance: {program.level_balance}`, or another of them"
        yield Finding(program.span("balances"), CODE, message, hint)
    uses += [
        (f"activity `{activity.id}`", activity.sole.balance, version.span(*path), " in program.yaml")
        for version, activity in program.activities
        if (path := ("activities", activity.id, "balance")) in version.positions
    ]
    for user, name, place, where in uses:
        if name not in program.balances:
            message = f"{user} names the balance `{name}`, which does not exist"
            hint = subject.words.suggestion(name, program.balances, f"declare it under `balances`{where}")
            fix = subject.words.fix(place, name, program.balances)
            yield Finding(place, CODE, message, hint, fix=fix)
