"""Changes of levels."""

from __future__ import annotations

from pointbook.changes.change import Changes, change_of, text_changes
from pointbook.changes.kinds import Kind
from pointbook.changes.subject import ABSENT, Pair
from pointbook.model.sections import Section
from pointbook.model.wording import quantity


def level_changes(pair: Pair) -> Changes:
    """Levels added, removed, and their thresholds."""
    for subject in pair.rules(Section.LEVELS):
        old, new = subject.values
        if old is ABSENT:
            text = f"added as a level at {quantity(new.threshold, 'point')}"
            yield change_of(subject, Kind.LEVEL_ADDED, text)
        elif new is ABSENT:
            text = f"removed as a level, was at {quantity(old.threshold, 'point')}"
            yield change_of(subject, Kind.LEVEL_REMOVED, text)
        else:
            if old.threshold != new.threshold:
                kind = Kind.THRESHOLD_LOWERED if new.threshold < old.threshold else Kind.THRESHOLD_RAISED
                text = f"threshold {old.threshold:,} → {new.threshold:,}"
                yield change_of(subject.at("threshold"), kind, text)
            yield from text_changes(subject)
