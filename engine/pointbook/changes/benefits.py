"""Changes of benefits."""

from __future__ import annotations

from pointbook.changes.change import Changes, change_of, text_changes
from pointbook.changes.kinds import Kind
from pointbook.changes.subject import ABSENT, Pair
from pointbook.model.sections import Section


def benefit_changes(pair: Pair) -> Changes:
    """Benefits added, removed, and the levels they come with."""
    for subject in pair.rules(Section.BENEFITS):
        old, new = subject.values
        if old is ABSENT:
            yield change_of(subject, Kind.BENEFIT_ADDED, f"benefit added, {_from(new.from_level)}")
        elif new is ABSENT:
            yield change_of(subject, Kind.BENEFIT_REMOVED, f"benefit removed, was {_from(old.from_level)}")
        else:
            if old.from_level != new.from_level:
                kind = _level_kind(pair, old.from_level, new.from_level)
                yield change_of(
                    subject.at("from_level"), kind, f"{_from(old.from_level)} → {_from(new.from_level)}"
                )
            yield from text_changes(subject)


def _level_kind(pair: Pair, old: str | None, new: str | None) -> Kind:
    if old is None:
        return Kind.BENEFIT_LEVEL_ADDED
    if new is None:
        return Kind.BENEFIT_LEVEL_REMOVED
    orders = [list(version.levels) for version in (pair.old, pair.new)]
    lowered = {order.index(new) < order.index(old) for order in orders if old in order and new in order}
    if len(lowered) != 1:
        return Kind.BENEFIT_LEVEL_CHANGED
    return Kind.BENEFIT_LEVEL_LOWERED if lowered.pop() else Kind.BENEFIT_LEVEL_RAISED


def _from(level: str | None) -> str:
    return "level not stated" if level is None else f"from level {level}"
