"""Why an event of which not all is covered that it spends gives and takes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.model.ledger import Outcome
from pointbook.views.explanation.explained import ExplainedStep

if TYPE_CHECKING:
    from pointbook.model.activities import EntryRule
    from pointbook.model.amounts import Amount
    from pointbook.views.explanation.taken_events import TakenEvent


def why_not_covered(taken: TakenEvent, rule: EntryRule) -> ExplainedStep:
    """Why one of the event's entries is refused: what is there and what is missing, or whose it is.

    Args:
        taken: The event, of which a spend is not covered.
        rule: The rule of the entry.
    """
    gist = "not all is there that it takes"
    asked = _asked(taken, rule)
    if asked is not None and (missing := _missing(taken, rule, asked)) > 0:
        name = taken.names.balances[rule.balance]
        total, floor = taken.totals[rule.balance], _floor(taken, rule)
        there = f"{_are(total - floor)} there down to the floor of {floor:,}"
        if total < floor:
            there = f"the balance stands at {total:,}"
        return ExplainedStep(f"takes {asked:,} {name}; {there}: {_are(missing)} missing", gist=gist)
    lacking, unknown = [], []
    for other in taken.activity.spends_first:
        if other.is_spend and other.balance != rule.balance:
            amount = _asked(taken, other)
            if amount is None:
                unknown.append(taken.names.balances[other.balance])
            elif _missing(taken, other, amount) > 0:
                lacking.append(taken.names.balances[other.balance])
    if lacking:
        return ExplainedStep(
            f"nothing counts: what it takes of {_listed(lacking)} is not all there", gist=gist
        )
    text = f"nothing counts: what it takes of {_listed(unknown)} is not known"
    return ExplainedStep(text, gist=text)


def _asked(taken: TakenEvent, rule: EntryRule) -> Amount | None:
    """What a spend takes; None where that is not known, and of what is no spend."""
    entry = taken.entries.get(rule.balance)
    if entry is None or not rule.is_spend or entry.outcome is not Outcome.INSUFFICIENT_BALANCE:
        return None
    return -entry.requested


def _missing(taken: TakenEvent, rule: EntryRule, asked: Amount) -> Amount:
    """How much of it is not there, 0 or less where all is; an amount of 0 is always there."""
    return asked + _floor(taken, rule) - taken.totals[rule.balance] if asked > 0 else 0


def _floor(taken: TakenEvent, rule: EntryRule) -> Amount:
    return taken.balances[rule.balance].floor or 0


def _are(number: Amount) -> str:
    return f"{number:,} {'is' if number == 1 else 'are'}"


def _listed(names: list[str]) -> str:
    return " and ".join(names)
