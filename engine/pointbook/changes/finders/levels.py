"""Changes of levels, of what reaches them and of what keeps them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pointbook.changes.change import Changes, change_of, rule_changes, text_changes
from pointbook.changes.kinds import Kind
from pointbook.changes.subject import ABSENT
from pointbook.model.levels import is_met
from pointbook.model.sections import Section
from pointbook.model.wording import minimums_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pointbook.changes.subject import Pair, Subject
    from pointbook.model.levels import Level, Minimums

_REACHED = (
    Kind.REQUIREMENTS_LOWERED,
    Kind.REQUIREMENTS_RAISED,
    Kind.REQUIREMENTS_CHANGED,
)
_KEPT = (Kind.KEEP_LOWERED, Kind.KEEP_RAISED, Kind.KEEP_CHANGED)


def level_changes(pair: Pair) -> Changes:
    """Levels added, removed, what reaches them and keeps them, and their order."""
    texts = "added as a level at {}", "removed as a level, was at {}"
    subjects = list(pair.rules(Section.LEVELS))
    yield from rule_changes(subjects, Kind.LEVEL_ADDED, texts, _place, _changed_level)
    yield from _other_order(pair, subjects)


def _other_order(pair: Pair, subjects: list[Subject]) -> Changes:
    """Levels that are reached as before, and of which others are above others."""
    own = pair.level_balance
    kept = {
        subject.rule_id
        for subject in subjects
        if ABSENT not in subject.values and _ways(subject.values[0], own) == _ways(subject.values[1], own)
    }
    was, becomes = (
        tuple(name for name in version.levels if name in kept) for version in (pair.old, pair.new)
    )
    if was != becomes:
        first = next(min(both) for both in zip(was, becomes, strict=True) if both[0] != both[1])
        moved = next(subject for subject in subjects if subject.rule_id == first)
        place = (Section.LEVELS.value,)
        subject = moved._replace(
            address=f"{moved.address}/order", old=place, new=place, values=(was, becomes)
        )
        text = f"order of levels {', '.join(was)} → {', '.join(becomes)}"
        yield change_of(subject, Kind.LEVELS_REORDERED, text)


def _place(level: Level) -> str:
    return "the base, which everyone has" if level.is_base else level.words


def _changed_level(level: Subject) -> Changes:
    old, new = level.values
    subject = level.at("threshold")
    own = level.pair.level_balance
    if (old.requires, old.is_base) != (new.requires, new.is_base):
        # What reaches it is one value, in several fields; all else of the level changes on its own.
        changed = replace(new, keep=old.keep, title=old.title, note=old.note, source=old.source)
        subject = level._replace(address=f"{level.address}/requires", values=(old, changed), whole=level)
        kind = _kind(_ways(old, own), _ways(new, own), _REACHED)
        steps = ["base" if one.is_base else "requires" if one.requires else "threshold" for one in (old, new)]
        written = ((*level.old, steps[0]), (*level.new, steps[1]))
        yield change_of(subject, kind, f"asks for {old.words} → {new.words}", written)
    elif subject.differs and not new.requires:
        kind = Kind.THRESHOLD_LOWERED if new.threshold < old.threshold else Kind.THRESHOLD_RAISED
        yield change_of(subject, kind, f"threshold {old.threshold:,} → {new.threshold:,}")
    keep = level.at("keep")
    if keep.differs:
        before, after = (one.keep or _ways(new, own) for one in (old, new))
        text = f"to be kept asks for {minimums_text(before)} → {minimums_text(after)}"
        yield change_of(keep, _kind(before, after, _KEPT), text)
    yield from text_changes(level)


def _ways(level: Level, level_balance: str) -> Sequence[Minimums]:
    """What reaches the level; of the base level nothing is asked."""
    return ((),) if level.is_base else level.reached_with(level_balance)


def _kind(before: Sequence[Minimums], after: Sequence[Minimums], kinds: tuple[Kind, Kind, Kind]) -> Kind:
    """Whether less is asked for, or more, or neither can be told."""
    less = all(is_met(after, dict(way)) for way in before)
    more = all(is_met(before, dict(way)) for way in after)
    return kinds[2] if less is more else kinds[0] if less else kinds[1]
