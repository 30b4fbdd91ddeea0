"""Changes of levels, of what they bring, and of what anniversaries do to them."""

from __future__ import annotations

from pointbook.changes.change import Changes, change_of, rule_changes, text_changes
from pointbook.changes.kinds import Kind
from pointbook.changes.subject import Pair, Subject
from pointbook.model.rules import Demotion
from pointbook.model.sections import Section
from pointbook.model.wording import quantity


def level_changes(pair: Pair) -> Changes:
    """Levels added, removed, and their thresholds."""
    texts = "added as a level at {}", "removed as a level, was at {}"
    return rule_changes(
        pair.rules(Section.LEVELS),
        Kind.LEVEL_ADDED,
        texts,
        lambda level: quantity(level.threshold, "point"),
        _changed_level,
    )


def _changed_level(level: Subject) -> Changes:
    subject = level.at("threshold")
    if subject.differs:
        old, new = subject.values
        kind = Kind.THRESHOLD_LOWERED if new < old else Kind.THRESHOLD_RAISED
        yield change_of(subject, kind, f"threshold {old:,} → {new:,}")
    yield from text_changes(level)


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
    yield from text_changes(benefit)


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


def life_cycle_changes(pair: Pair) -> Changes:
    """Demotion, and the day of anniversaries of those who signed up on 29 February."""
    section, values = Section.LIFE_CYCLE, (pair.old.life_cycle, pair.new.life_cycle)
    path = (section.value,)
    subject = Subject(pair, section, "", "Life cycle", section.value, path, path, values)
    demotion, leap_day = subject.at("demotion"), subject.at("leap_day")
    if demotion.differs:
        old, new = demotion.values
        kind = Kind.DEMOTION_EASED if new is Demotion.ONE_LEVEL else Kind.DEMOTION_TIGHTENED
        yield change_of(demotion, kind, f"demotion {old} → {new}")
    if leap_day.differs:
        old, new = leap_day.values
        yield change_of(leap_day, Kind.LEAP_DAY_CHANGED, f"29 February in common years {old} → {new}")
    yield from text_changes(subject)
