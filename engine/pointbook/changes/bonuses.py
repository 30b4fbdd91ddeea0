"""Changes of bonuses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.changes.amounts import more_points
from pointbook.changes.change import ABSENT, Direction
from pointbook.changes.matching import matched_bonuses
from pointbook.changes.pair import Subject, Verdict
from pointbook.model.wording import condition_text, quantity
from pointbook.reasoning.implication import Relation, relation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pointbook.changes.change import Change
    from pointbook.changes.pair import Pair
    from pointbook.model.rules import Activity, Bonus


def bonus_changes(pair: Pair, subject: Subject, old: Activity, new: Activity) -> Iterator[Change]:
    """Bonuses added, removed, raised, lowered, and given on another condition. Their order is no matter."""
    match = matched_bonuses(old.bonuses, new.bonuses)
    base = (*subject.old, "bonuses"), (*subject.new, "bonuses")

    def item(name: str, one: int, other: int) -> Subject:
        return Subject(f"{subject.address}/bonuses/{name}", subject.title, (*base[0], one), (*base[1], other))

    for name, index in match.removed:
        bonus = old.bonuses[index]
        verdict = _given(pair, old, new, "a bonus is gone", bonus).when(holds=False)
        text = f"bonus removed, was {_bonus_text(bonus)}"
        yield pair.change(item(name, index, index), "bonus-removed", text, verdict, (bonus, ABSENT))
    for name, index in match.added:
        bonus = new.bonuses[index]
        verdict = _given(pair, old, new, "one more bonus", bonus)
        text = f"bonus added, {_bonus_text(bonus)}"
        yield pair.change(item(name, index, index), "bonus-added", text, verdict, (ABSENT, bonus))
    for name, one, other in match.same:
        yield from _changed_bonus(
            pair, item(name, one, other), old, new, (old.bonuses[one], new.bonuses[other])
        )


def _changed_bonus(
    pair: Pair, subject: Subject, old: Activity, new: Activity, bonuses: tuple[Bonus, Bonus]
) -> Iterator[Change]:
    before, after = bonuses
    if before.points != after.points:
        raised = after.points > before.points
        verdict = more_points(pair, old, new, f"the bonus is {'higher' if raised else 'lower'}").when(raised)
        yield pair.change(
            subject.at("points"),
            "bonus-raised" if raised else "bonus-lowered",
            f"bonus {before.points:+,} → {quantity(after.points, 'point', signed=True)}",
            verdict,
            (before.points, after.points),
        )
    related = relation(before.condition, after.condition)
    if related is not Relation.SAME:
        code = "bonus-condition-changed"
        verdict = Verdict(Direction.MIXED, "neither condition includes the other")
        if related is not Relation.UNKNOWN:
            wider = related is Relation.WIDER
            code = f"bonus-condition-{'widened' if wider else 'narrowed'}"
            verdict = Verdict(Direction.MIXED, "the bonus changes its sign as well")
            if (before.points > 0) == (after.points > 0):
                verdict = _given(
                    pair, old, new, f"it holds in {'more' if wider else 'fewer'} cases", after
                ).when(wider)
        yield pair.change(
            subject.at("condition"),
            code,
            f"bonus if {condition_text(before.condition)} → if {condition_text(after.condition)}",
            verdict,
            (before.condition, after.condition),
            ((*subject.old, "if"), (*subject.new, "if")),
        )
    yield from pair.texts(subject, before, after)


def _given(pair: Pair, old: Activity, new: Activity, reason: str, bonus: Bonus) -> Verdict:
    """The verdict on a bonus being given more often."""
    return more_points(pair, old, new, reason).when(bonus.points >= 0)


def _bonus_text(bonus: Bonus) -> str:
    return f"{quantity(bonus.points, 'point', signed=True)} if {condition_text(bonus.condition)}"
