"""Changes of bonuses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.changes.change import Changes, change_of, rule_changes, text_changes
from pointbook.changes.choosing import kind_by_relation
from pointbook.changes.finders.matching import matched_bonuses
from pointbook.changes.kinds import Kind
from pointbook.model.conditions import ALWAYS
from pointbook.model.points.lookup import gains_between
from pointbook.model.wording import condition_text, quantity

if TYPE_CHECKING:
    from pointbook.changes.subject import Subject
    from pointbook.model.rules import Bonus


def bonus_changes(entry: Subject) -> Changes:
    """Bonuses added, removed, raised, lowered, and given on another condition. Their order is no matter."""
    bonuses = entry.at("bonuses")
    texts = "bonus added, {}", "bonus removed, was {}"
    items = matched_bonuses(*bonuses.values).items(bonuses)
    return rule_changes(items, Kind.BONUS_ADDED, texts, bonus_text, _changed_bonus)


def bonus_text(bonus: Bonus) -> str:
    """A bonus in words: "+5 points if hours at least 2"."""
    return f"{bonus.words}{_when(bonus)}"


def _when(bonus: Bonus) -> str:
    return "" if bonus.condition == ALWAYS else f" if {condition_text(bonus.condition)}"


def _changed_bonus(subject: Subject) -> Changes:
    before, after = subject.values
    if before.points != after.points:
        kind = Kind.BONUS_RAISED if after.points > before.points else Kind.BONUS_LOWERED
        text = f"bonus {before.points:+,} → {quantity(after.points, 'point', signed=True)}"
        yield change_of(subject.at("points"), kind, text)
    percent = subject.at("percent")
    if percent.differs:
        gains = gains_between(before.percent, after.percent)
        kind = Kind.BONUS_PERCENT_CHANGED
        if gains is not None and (min(gains) >= 0 or max(gains) <= 0):
            kind = Kind.BONUS_PERCENT_RAISED if min(gains) >= 0 else Kind.BONUS_PERCENT_LOWERED
        yield change_of(percent, kind, f"bonus {before.words} → {after.words}")
    condition = subject.at("condition")
    kinds = (Kind.BONUS_CONDITION_WIDENED, Kind.BONUS_CONDITION_NARROWED, Kind.BONUS_CONDITION_CHANGED)
    if related := kind_by_relation(condition.values, *kinds):
        text = f"bonus{_when(before) or ' always'} →{_when(after) or ' always'}"
        yield change_of(condition, related, text, subject.paths("if"))
    yield from text_changes(subject)
