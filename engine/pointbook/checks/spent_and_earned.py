"""A balance that the same event takes from and feeds.

**What.** A balance stands under `earns` or `spends` of an activity, or is the one that its `points` feed;
not in two of these places.

**Why.** An entry of the ledger is known by its event, balance and activity, so an event has one for each
balance. What is spent is taken first, so that what comes back cannot cover it.

**Fix.** None: the balance may be wrong, or the difference be meant.

Failing:

    activities:
      exchange:
        spends: {credits: 10}
        earns: {credits: {points: 5}}

    # program.yaml
    balances:
      club_points: {resets: membership_year}
      credits: {resets: never, start: 100}

Fixed:

    activities:
      exchange:
        spends: {credits: 10}
        earns: {club_points: {points: 5}}

    # program.yaml
    balances:
      club_points: {resets: membership_year}
      credits: {resets: never, start: 100}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.diagnostics import Finding, Related

if TYPE_CHECKING:
    from pointbook.checks.reasoning.subject import CheckSubject, Findings
    from pointbook.model.activities import EntryRule
    from pointbook.model.rules import Path

CODE = "spent-and-earned"


def spent_and_earned(subject: CheckSubject) -> Findings:
    """A finding for each entry of a balance that the activity spends as well."""
    for version, activity in subject.program.activities:
        spent = {entry.balance: entry for entry in activity.entries if entry.is_spend}
        for entry in activity.entries:
            if entry.is_spend or entry.balance not in spent:
                continue
            place, other = (_place(one) for one in (entry, spent[entry.balance]))
            path = ("activities", activity.id)
            yield Finding(
                version.span(*path, *place),
                CODE,
                f"activity `{activity.id}` spends `{entry.balance}` and gives it, too",
                "write the difference in one place, or name another balance in one of them",
                related=(Related(version.span(*path, *other), "it is spent here"),),
            )


def _place(entry: EntryRule) -> Path:
    return entry.path or ("points",)
