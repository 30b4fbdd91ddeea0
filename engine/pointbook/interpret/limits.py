"""What is awarded of what an event requests: what caps leave of it, or the balance's floor.

Source: docs/meaning.md, "Caps".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import NamedTuple

from pointbook.model.activities import Activity, EntryRule
from pointbook.model.amounts import Amount
from pointbook.model.ledger import Cut
from pointbook.model.program import Version
from pointbook.model.rules import Cap
from pointbook.model.windows import CapKind

UsageKey = tuple[str, ...]
"""Scope, id, kind and window of a cap, then the balance where one is written, or whose entry it limits.

What its usage belongs to, whatever the version."""
Usage = Mapping[UsageKey, tuple[int, Amount]]
"""By cap, the latest window it was used in, and how much of it."""


class Limit(NamedTuple):
    """A cap of an entry, of its activity or of one of its groups.

    Attributes:
        key: What its usage belongs to.
        counts_points: Whether it counts points, not times.
        window: A number that is the same for all days of one window, and different for different
            windows, from a local date and the number of its membership year.
        position: Which of the caps of its activity or group, from 0.
        most: Points or times per window.
    """

    key: UsageKey
    counts_points: bool
    window: Callable[[date, int], int]
    position: int
    most: Amount


def limits_of(entry: EntryRule, activity: Activity, version: Version) -> tuple[Limit, ...]:
    """The caps that limit an entry: its own, its activity's, then its groups', which is the file's order."""

    def key(scope: str, owner: str, cap: Cap) -> UsageKey:
        balance = entry.balance if scope == "entry" else cap.balance
        return (scope, owner, cap.kind.value, cap.per.value, *(() if balance is None else (balance,)))

    return tuple(
        Limit(
            key=key(scope, owner, cap),
            counts_points=cap.kind is CapKind.POINTS,
            window=cap.per.window.number,
            position=position,
            most=cap.limit,
        )
        for scope, owner, position, cap in activity.limiting(entry, version.caps_met_by(activity))
    )


def let_through(
    requested: Amount, limits: tuple[Limit, ...], usage: Usage, day: date, year: int
) -> tuple[Amount, tuple[Cut, ...], Usage]:
    """What the caps leave of a positive amount, what each would, and what is used of each by that.

    Of 60 points, of which 100 a month count after 70 already, 30 are left.

    Args:
        requested: Points.
        limits: The caps, in any order.
        usage: How much of each cap is used in its latest window.
        day: The local date.
        year: The number of the membership year.
    """
    cuts, found = [], []
    for key, counts_points, window, position, most in limits:
        current = window(day, year)
        latest, used = usage.get(key, (current, 0))
        if latest != current:
            used = 0
        remaining = max(0, most - used)
        passed = min(requested, remaining) if counts_points else requested if remaining else 0
        cuts.append(Cut(key[0], key[1], position, remaining, passed))
        found.append((key, current, used, counts_points))
    awarded = min((cut.passed for cut in cuts), default=requested)
    # Each counts what is awarded, not what it would have left itself.
    now = {key: (current, used + (awarded if points else 1)) for key, current, used, points in found}
    return awarded, tuple(cuts), now if awarded else {}


def above_floor(
    requested: Amount, balance: str, total: Amount, floor: Amount
) -> tuple[Amount, tuple[Cut, ...]]:
    """What a balance's floor leaves of a deduction, and the cut it makes.

    Of -50 on a balance of 30 with a floor of 0, -30 are left.
    """
    remaining = max(0, total - floor)
    passed = max(requested, -remaining)
    return passed, (Cut("balance", balance, 0, remaining, passed),)
