"""An amount with more places than its balance has.

**What.** Amounts, thresholds, limits of caps, `start` and `floor` have at most as many digits after the
point as `decimals` of their balance says; without it they are whole numbers. Rates and percentages may
have more, for what they come to is rounded.

**Why.** The balance cannot hold the amount, and whichever way it were rounded, it would not be the one
that is written.

**Fix.** None: the amount may be meant, or the number of places.

Failing:

    # program.yaml
    balances:
      club_points: {resets: membership_year, decimals: 1}

    # versions/2024.yaml
    activities:
      book.bought:
        points: 2.55

Fixed:

    # program.yaml
    balances:
      club_points: {resets: membership_year, decimals: 2}

    # versions/2024.yaml
    activities:
      book.bought:
        points: 2.55
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from pointbook.checks.reasoning.amounts import amounts_of
from pointbook.diagnostics import Finding
from pointbook.model.amounts import MOST_PLACES, fits_places
from pointbook.model.windows import CapKind
from pointbook.model.wording import quantity
from pointbook.structure.number_slips import advice_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pointbook.checks.reasoning.subject import CheckSubject, Findings
    from pointbook.diagnostics import Span
    from pointbook.model.amounts import Amount
    from pointbook.model.program import Balance, Version
    from pointbook.model.rules import Path

CODE = "too-many-places"


def too_many_places(subject: CheckSubject) -> Findings:
    """A finding for each amount that its balance cannot hold."""
    program = subject.program
    for balance in program.balances.values():
        for key, amount in (("start", balance.start), ("floor", balance.floor)):
            if amount is not None and not fits_places(amount, balance.decimals):
                yield _finding(program.span("balances", balance.id, key), amount, balance)
    own = program.balances.get(program.level_balance)
    for version in program.versions:
        for level in version.levels.values():
            if own is not None and not fits_places(level.threshold, own.decimals):
                place = version.span("levels", level.id, "threshold")
                yield _finding(place, level.threshold, own)
        fed: dict[str, str] = {}
        for activity in version.activities.values():
            fed.update(dict.fromkeys(activity.groups, (*activity.fed, *activity.balances)[0]))
            yield from _of(version, amounts_of(activity), subject)
        for group in version.groups.values():
            first = fed.get(group.id, program.level_balance)
            limits = (
                (cap.balance or first, ("groups", group.id, "caps", index, "points"), cap.limit)
                for index, cap in enumerate(group.caps)
                if cap.kind is CapKind.POINTS
            )
            yield from _of(version, limits, subject)


def _of(version: Version, amounts: Iterator[tuple[str, Path, Amount]], subject: CheckSubject) -> Findings:
    for name, path, amount in amounts:
        balance = subject.program.balances.get(name)
        if balance is not None and not fits_places(amount, balance.decimals):
            yield _finding(version.span(*path), amount, balance)


def _finding(place: Span, amount: Amount, balance: Balance) -> Finding:
    places = -int(Decimal(amount).as_tuple().exponent)
    has = quantity(balance.decimals, "place") if balance.decimals else "whole numbers only"
    message = f"{amount} has {quantity(places, 'place')} after the point; balance `{balance.id}` has {has}"
    more = f", or give the balance `decimals: {places}`" if places <= MOST_PLACES else ""
    return Finding(place, CODE, message, f"{advice_for(amount) or 'write a rounder amount'}{more}")
