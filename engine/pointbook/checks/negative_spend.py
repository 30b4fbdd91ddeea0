"""A spend that would give points.

**What.** What `spends` takes is written as 0 or more: amounts, tables, ranges and rates alike.

**Why.** The minus sign is in `spends` already. A negative amount there would give points, as `earns` does,
but past all caps.

**Fix.** None: it may be a deduction, or an award.

Failing:

    activities:
      talk: {points: 50}
      voucher.bought:
        spends: {credits: -100}

    # program.yaml
    balances:
      club_points: {resets: membership_year}
      credits: {resets: never, start: 500}

Fixed:

    activities:
      talk: {points: 50}
      voucher.bought:
        spends: {credits: 100}

    # program.yaml
    balances:
      club_points: {resets: membership_year}
      credits: {resets: never, start: 500}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.diagnostics import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pointbook.checks.reasoning.subject import CheckSubject, Findings
    from pointbook.model.amounts import Amount
    from pointbook.model.points.forms import Points
    from pointbook.model.rules import Path

CODE = "negative-spend"


def negative_spend(subject: CheckSubject) -> Findings:
    """A finding for each amount of a spend that is below 0."""
    for version, activity in subject.program.activities:
        for entry in activity.entries:
            for steps, amount in _amounts(entry.points) if entry.is_spend else ():
                if amount < 0:
                    yield Finding(
                        version.span("activities", activity.id, *entry.at("points", *steps)),
                        CODE,
                        f"activity `{activity.id}` spends {amount:,} of `{entry.balance}`, which would give"
                        f" {-amount:,}",
                        f"write {-amount:,}, which is taken; or write it under `earns`, if it is to be given",
                    )


def _amounts(points: Points) -> Iterator[tuple[Path, Amount]]:
    """Every amount and rate of a form, with where it is written, from the points down."""
    yield from points.written
    for steps, lowest, highest in points.ranges:
        yield (*steps, 0), lowest
        if lowest >= 0:
            yield (*steps, 1), highest
    yield from points.written_rates
