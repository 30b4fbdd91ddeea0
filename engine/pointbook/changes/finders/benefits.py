"""Changes of benefits, and of the levels that they come with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.changes.change import Changes, change_of, rule_changes, text_changes
from pointbook.changes.choosing import kind_by_relation
from pointbook.changes.kinds import Kind
from pointbook.model.sections import Section
from pointbook.model.wording import condition_text

if TYPE_CHECKING:
    from pointbook.changes.subject import Pair, Subject
    from pointbook.model.rules import Path


def benefit_changes(pair: Pair) -> Changes:
    """Benefits added, removed, and the levels they come with."""
    texts = "benefit added, {}", "benefit removed, was {}"
    return rule_changes(
        pair.rules(Section.BENEFITS),
        Kind.BENEFIT_ADDED,
        texts,
        lambda benefit: _from(benefit.from_level),
        _changed_benefit,
    )


def _changed_benefit(benefit: Subject) -> Changes:
    subject = benefit.at("from_level")
    if subject.differs:
        old, new = subject.values
        yield change_of(subject, _from_kind(subject.pair, old, new), f"{_from(old)} → {_from(new)}")
    yield from _condition_changes(benefit.at("condition"), benefit.paths("if"))
    yield from text_changes(benefit)


def _condition_changes(subject: Subject, written: tuple[Path, Path]) -> Changes:
    before, after = subject.values
    if before is None and after is None:
        return
    if before is None:
        text = f"only for those with {condition_text(after)}"
        yield change_of(subject, Kind.BENEFIT_CONDITION_ADDED, text, written)
    elif after is None:
        text = f"no longer only for those with {condition_text(before)}"
        yield change_of(subject, Kind.BENEFIT_CONDITION_REMOVED, text, written)
    elif kind := kind_by_relation(
        subject.values,
        Kind.BENEFIT_CONDITION_WIDENED,
        Kind.BENEFIT_CONDITION_NARROWED,
        Kind.BENEFIT_CONDITION_CHANGED,
    ):
        text = f"for those with {condition_text(before)} → with {condition_text(after)}"
        yield change_of(subject, kind, text, written)


def _from_kind(pair: Pair, old: str | None, new: str | None) -> Kind:
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
