"""Changes of levels and of their thresholds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.changes.change import Changes, change_of, rule_changes, text_changes
from pointbook.changes.kinds import Kind
from pointbook.model.sections import Section
from pointbook.model.wording import quantity

if TYPE_CHECKING:
    from pointbook.changes.subject import Pair, Subject


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
