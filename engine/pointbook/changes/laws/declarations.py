"""What changes of dates and of declared attributes do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.changes.directions import Direction, Judgement
from pointbook.model.attributes import MEMBER_PREFIX
from pointbook.reasoning.conditions import attribute_uses

if TYPE_CHECKING:
    from pointbook.changes.subject import Subject
    from pointbook.model.program import Program

_UNREADABLE = "a log with this column can be read only where it is declared"
_USED = "a rule looks at it"
_OTHER_TYPE = "a value of the one type may be none of the other, and its row is rejected then"


def takes_effect(subject: Subject) -> Judgement:
    """A version takes effect on another day."""
    pair = subject.pair
    if pair.instead is not None:
        return pair.instead
    if pair.old.id != pair.new.id:
        return Judgement(Direction.NEUTRAL, "a date; it says when the rules apply, not what they are")
    return Judgement(Direction.MIXED, "the events between the two days are valued by other rules")


def in_force_instead(subject: Subject) -> Judgement:
    """For a time, one version is in force in place of another."""
    known = subject.pair.instead
    assert known is not None
    return known


def attribute_declared(subject: Subject) -> Judgement:
    """An attribute of an activity is declared, or no longer; what it needs is in the log of all versions."""
    pair, name = subject.pair, subject.old[-1]
    for rule in subject.rules:
        if any(use.name == name for use in attribute_uses(rule)):
            return Judgement(Direction.MIXED, _USED)
    types = {_type(program, str(name)) for program in pair.programs}
    if len(types) > 1:
        return Judgement(Direction.MIXED, _UNREADABLE)
    return Judgement(Direction.NEUTRAL, "no rule looks at it, and the log can be read with it and without")


def _type(program: Program, name: str) -> str | None:
    return program.event_attributes.get(name)


def attribute_type(subject: Subject) -> Judgement:
    """An attribute has values of another type."""
    del subject
    return Judgement(Direction.MIXED, _OTHER_TYPE)


def member_attribute_declared(subject: Subject) -> Judgement:
    """An attribute of members is declared, or no longer."""
    name = f"{MEMBER_PREFIX}{subject.rule_id}"
    rules = (rule for version in subject.program_pair.versions for rule in version.activities.values())
    used = any(use.name == name for rule in rules for use in attribute_uses(rule))
    return Judgement(Direction.MIXED, _USED if used else _UNREADABLE.replace("a log", "a members file"))
