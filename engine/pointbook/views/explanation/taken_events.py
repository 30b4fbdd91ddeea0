"""An event that a rule has taken, with all that decided what it came to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pointbook.model.activities import Activity, EntryRule
    from pointbook.model.amounts import Amount
    from pointbook.model.ledger import Entry
    from pointbook.model.log import Event, Member
    from pointbook.model.program import Balance, Version
    from pointbook.model.rules import Path
    from pointbook.views.explanation.names import Names


@dataclass(frozen=True, slots=True)
class TakenEvent:
    """An event that has a rule.

    Attributes:
        version: The version that has it.
        activity: What the version has for it.
        member: Whose it is, with the attributes of its day and with defaults.
        event: As the rules see it, with defaults and with the level held just before.
        entries: What it came to, by balance, in the order of the ledger.
        totals: Of all balances just before it, by id.
        balances: Those of the program, by id.
        names: What rules are called.
    """

    version: Version
    activity: Activity
    member: Member
    event: Event
    entries: Mapping[str, Entry]
    totals: Mapping[str, Amount]
    balances: Mapping[str, Balance]
    names: Names

    def rule_of(self, entry: Entry) -> EntryRule:
        """The rule of one of its entries."""
        return next(rule for rule in self.activity.entries if rule.balance == entry.balance)

    def path_of(self, rule: EntryRule, *steps: str | int) -> Path:
        """Where a part of a rule is written, from the top of the version."""
        return ("activities", self.activity.id, *rule.at(*steps))
