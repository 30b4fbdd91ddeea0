"""What one event comes to: each entry of its activity in turn, what it spends before all others.

Source: docs/meaning.md, "Entries".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from pointbook.interpret.conditions import holds
from pointbook.interpret.limits import Usage, above_floor, let_through
from pointbook.interpret.timeline import Part
from pointbook.interpret.valuation import Base, Valuation, found_for
from pointbook.model.activities import EntryRule
from pointbook.model.amounts import Amount
from pointbook.model.ledger import Cut, Outcome
from pointbook.model.log import Event, Member
from pointbook.model.points.forms import SameAs

Value = Callable[[Part, Base | None], Valuation]
"""What an entry requests, given what the one came to that it copies."""


class Taken(NamedTuple):
    """What one entry came to.

    Attributes:
        part: The entry's rule.
        valuation: What it requests, of a spend as a positive amount.
        outcome: What became of it.
        requested: Points, negative for what is spent.
        awarded: What counts of them.
        cuts: What each limit would leave.
        usage: What is used of caps by it.
    """

    part: Part
    valuation: Valuation
    outcome: Outcome
    requested: Amount
    awarded: Amount
    cuts: tuple[Cut, ...]
    usage: Usage


def requests(
    parts: tuple[Part, ...], event: Event, member: Member, why: Outcome | None, value: Value
) -> list[tuple[Part, Valuation | None]]:
    """What each entry of the event requests; None for a copy, which is found when its turn comes.

    An entry whose condition does not hold is left out.

    Args:
        parts: The entries of its activity.
        event: What happened.
        member: Who did it.
        why: Why nothing of the event counts; None where it is eligible.
        value: What an entry requests.
    """
    found: list[tuple[Part, Valuation | None]] = []
    for part in parts:
        if why is not None:
            found.append((part, Valuation(0, why)))
            continue
        condition = part.rule.condition
        verdict = True if condition is None else holds(condition, event, member)
        if verdict is None:
            found.append((part, Valuation(0, Outcome.MISSING_ATTRIBUTE)))
        elif verdict:
            found.append((part, None if is_copy(part.rule, event, member) else value(part, None)))
    return found


def is_copy(rule: EntryRule, event: Event, member: Member) -> bool:
    """Whether another entry of this event says what it comes to; a table may ask for that by its `else`."""
    return rule.points.copies is not None and isinstance(found_for(rule.points, event, member), SameAs)


def are_spends_covered(found: list[tuple[Part, Valuation | None]], totals: tuple[Amount, ...]) -> bool:
    """Whether all that is spent is there, each down to its balance's floor, or to 0 without one."""
    return all(
        valuation is not None
        and valuation.outcome is None
        and (
            valuation.requested <= 0 or totals[part.place] - valuation.requested >= (part.balance.floor or 0)
        )
        for part, valuation in found
        if part.rule.is_spend
    )


def taken(  # noqa: PLR0913, PLR0917 - all that an entry depends on
    part: Part, valuation: Valuation, total: Amount, usage: Usage, day: date, year: int, *, is_covered: bool
) -> Taken:
    """What one entry comes to.

    Args:
        part: The entry's rule.
        valuation: What it requests.
        total: Of its balance, before it.
        usage: What is used of caps, before the event: no two of its entries use the same points, and it
            uses one time.
        day: The local date.
        year: The number of the membership year.
        is_covered: Whether all that the event spends is there.
    """
    requested = -valuation.requested if part.rule.is_spend else valuation.requested
    if valuation.outcome is not None:
        return Taken(part, valuation, valuation.outcome, requested, 0, (), {})
    if not is_covered:
        return Taken(part, valuation, Outcome.INSUFFICIENT_BALANCE, requested, 0, (), {})
    awarded, cuts, used = requested, (), {}  # type: tuple[Amount, tuple[Cut, ...], Usage]
    if requested > 0:
        awarded, cuts, used = let_through(requested, part.limits, usage, day, year)
    elif requested and not part.rule.is_spend and part.balance.floor is not None:
        awarded, cuts = above_floor(requested, part.balance.id, total, part.balance.floor)
    cut = Outcome.REDUCED if awarded else Outcome.CAPPED
    outcome = cut if awarded != requested else Outcome.AWARDED
    return Taken(part, valuation, outcome, requested, awarded, cuts, used)


def nothing(part: Part) -> Taken:
    """What an event comes to of which no entry is there."""
    return Taken(part, Valuation(0, Outcome.NOT_ELIGIBLE), Outcome.NOT_ELIGIBLE, 0, 0, (), {})


def copied(rule: EntryRule, before: Mapping[str, Taken]) -> Base | None:
    """What the entry came to that another one copies; None where there is none such.

    Args:
        rule: Of the copy.
        before: The entries of the event that come before it, by balance.
    """
    one = before.get(rule.points.copies or "")
    if one is None:
        return None
    if one.awarded == 0 and one.outcome is not Outcome.AWARDED:
        return Base(0, one.outcome, one.valuation.assumed)
    return Base(-one.awarded if one.part.rule.is_spend else one.awarded, None, one.valuation.assumed)


def is_ignored(points: Amount | None, found: Iterator[Valuation]) -> bool:
    """Whether the log's points are used by no entry of the event, and none comes to them."""
    if points is None:
        return False
    valuations = list(found)
    requested = [one.requested for one in valuations if one.outcome is None]
    return bool(requested) and points not in requested and not any(one.is_given for one in valuations)
