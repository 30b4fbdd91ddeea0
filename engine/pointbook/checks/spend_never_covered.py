"""A spend that no member can ever cover.

**What.** What an activity spends at least is no more than a member can have of the balance in one of its
periods, by its `start`, all activities and their caps, down to its `floor`.

**Why.** Every such event would be `insufficient_balance`, and the activity never count.

**Fix.** None: only you know which of the amounts is wrong.

Failing:

    activities:
      answer.given: {points: 10}
      voucher.bought:
        spends: {credits: 100}

    # program.yaml
    balances:
      club_points: {resets: membership_year}
      credits: {resets: never}

Fixed:

    activities:
      answer.given: {points: 10}
      voucher.bought:
        spends: {credits: 100}
      talk: {balance: credits, points: 50}

    # program.yaml
    balances:
      club_points: {resets: membership_year}
      credits: {resets: never}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.checks.reasoning.places import in_version
from pointbook.checks.unreachable_level import most_in_a_period
from pointbook.diagnostics import Finding
from pointbook.reasoning.awards import awards_of

if TYPE_CHECKING:
    from pointbook.checks.reasoning.subject import CheckSubject, Findings
    from pointbook.model.amounts import Amount

CODE = "spend-never-covered"


def spend_never_covered(subject: CheckSubject) -> Findings:
    """A finding for each spend above what a member can have; none while a version is missing."""
    program = subject.program
    known: dict[str, Amount | None] = {}
    for version, activity in program.activities if subject.has_every_version else ():
        for entry in activity.entries:
            balance = program.balances.get(entry.balance)
            least = awards_of(entry, activity).highest
            if balance is None or not entry.is_spend or least is None:
                continue
            if balance.id not in known:
                known[balance.id] = most_in_a_period(program, balance)
            most = known[balance.id]
            if most is None or -least <= most - (balance.floor or 0):
                continue
            place = version.span("activities", activity.id, *entry.path)
            start = f", with the {balance.start:,} it begins with" if balance.start else ""
            floor = f", and none goes below {balance.floor:,}" if balance.floor else ""
            has = f"can have {most:,} at most {balance.resets.per.window.words}{start}{floor}"
            where = in_version(version, place)
            yield Finding(
                place,
                CODE,
                f"no member can cover what activity `{activity.id}` spends{where}: it takes"
                f" {-least:,} of `{balance.id}`, of which a member {has}",
                f"add an activity that gives `{balance.id}`" if not most else "spend less, or raise the caps",
            )
