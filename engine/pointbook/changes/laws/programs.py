"""What changes of balances do; they stand in program.yaml and are the same for all versions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.changes.directions import Direction, Judgement
from pointbook.changes.laws.meeting import copied_deductions
from pointbook.changes.laws.rule import with_reason
from pointbook.changes.subject import deductible

if TYPE_CHECKING:
    from pointbook.changes.subject import Subject


def balance_kept(subject: Subject) -> Judgement:
    """One balance more. What activities give to it is another change."""
    start = subject.present.start
    if start < 0:
        return Judgement(Direction.MIXED, f"it is there, but begins with {start:,}")
    return Judgement(Direction.FAVOURABLE, "one more balance to have something in")


def _is_taken_from(subject: Subject) -> bool:
    balance = subject.rule_id
    return bool(deductible(subject.program_pair.versions, frozenset((balance,))))


def starts_higher(subject: Subject) -> Judgement:
    """A balance's periods begin with more."""
    floors = (balance.floor for balance in subject.rules)
    if any(floor is not None for floor in floors) and _is_taken_from(subject):
        return Judgement(Direction.MIXED, "every period begins with more, of which deductions can take more")
    return Judgement(Direction.FAVOURABLE, "every period begins with more")


@with_reason
def takes_less(subject: Subject, reason: str) -> Judgement:
    """Deductions from a balance take less."""
    versions, balance = subject.program_pair.versions, subject.rule_id
    rules = (rule for version in versions for rule in version.activities.values())
    if any(entry.is_spend and entry.balance == balance for rule in rules for entry in rule.entries):
        return Judgement(Direction.MIXED, "how much of it can be spent changes too")
    if balance in copied_deductions(versions):
        return Judgement(Direction.MIXED, "another balance copies what deductions take")
    if not _is_taken_from(subject):
        return Judgement(Direction.NEUTRAL, "nothing is ever taken from this balance")
    return Judgement(Direction.FAVOURABLE, reason)
