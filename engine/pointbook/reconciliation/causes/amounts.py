"""That system gives other amounts: no bonuses, no conditions, whole amounts to each, other assumptions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pointbook.model.ledger import Assume
from pointbook.model.points.forms import Assessed
from pointbook.reconciliation.hypothesis import CauseKind, Hypothesis
from pointbook.reconciliation.setting import with_activities

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pointbook.model.activities import Activity
    from pointbook.reconciliation.ground import Ground
    from pointbook.reconciliation.hypothesis import SettingChange

    Part = tuple[CauseKind, str, str, str, Callable[[Activity], bool], Callable[[Activity], Activity]]

_PARTS: tuple[Part, ...] = (
    (
        CauseKind.BONUS_NOT_APPLIED,
        "bonuses",
        "gives no bonus for {}",
        "gives no bonuses",
        lambda activity: bool(activity.sole.bonuses),
        lambda activity: activity.with_entries(lambda entry: replace(entry, bonuses=())),
    ),
    (
        CauseKind.CONDITION_NOT_APPLIED,
        "eligible_if",
        "does not ask the condition of {}",
        "asks no conditions",
        lambda activity: activity.eligible_if is not None,
        lambda activity: replace(activity, eligible_if=None),
    ),
    (
        CauseKind.SHARES_NOT_APPLIED,
        "split_among",
        "gives the whole points of {} to each who shares them",
        "gives whole points to each who shares them",
        lambda activity: activity.sole.split_among is not None,
        lambda activity: activity.with_entries(lambda entry: replace(entry, split_among=None)),
    ),
)
_ASSUMED = {
    Assume.NONE: "gives nothing",
    Assume.LOW: "gives the least",
    Assume.MID: "gives the middle",
    Assume.HIGH: "gives the most",
}


def amount_causes(ground: Ground) -> Iterator[Hypothesis]:
    """Each bonus, condition and sharing, of one activity and of all."""
    for kind, key, of_one, of_all, has_it, without in _PARTS:
        names = [name for name, rules in ground.activities().items() if any(map(has_it, rules))]
        for name in names:
            most = max(len(rule.sole.bonuses) for rule in ground.activities()[name])
            if kind is CauseKind.BONUS_NOT_APPLIED and most > 1:
                yield from _single_bonuses(ground, name, most)
            yield Hypothesis(
                kind,
                f"activities/{name}/{key}",
                of_one.format(f"`{name}`"),
                _of_activity(name, without),
                concerned=ground.with_activities((name,)),
            )
        if len(names) > 1:
            yield Hypothesis(kind, f"activities/*/{key}", of_all, _of_activity(None, without))


def _single_bonuses(ground: Ground, name: str, most: int) -> Iterator[Hypothesis]:
    for place in range(most):

        def without(activity: Activity, place: int = place) -> Activity:
            kept = tuple(bonus for number, bonus in enumerate(activity.sole.bonuses) if number != place)
            return activity.with_entries(lambda entry: replace(entry, bonuses=kept))

        yield Hypothesis(
            CauseKind.BONUS_NOT_APPLIED,
            f"activities/{name}/bonuses/{place}",
            f"does not give bonus {place + 1} of `{name}`",
            _of_activity(name, without),
            concerned=ground.with_activities((name,)),
        )


def _of_activity(name: str | None, change: Callable[[Activity], Activity]) -> SettingChange:
    return lambda ours: with_activities(
        ours, lambda activity: change(activity) if name in (None, activity.id) else activity
    )


def assumption_causes(ground: Ground) -> Iterator[Hypothesis]:
    """The other assumptions about values that the log does not carry."""
    assessed = [
        activity.id for _, activity in ground.program.activities if isinstance(activity.sole.points, Assessed)
    ]
    for assume in Assume:
        if assessed and assume is not ground.setting.assume:
            yield Hypothesis(
                CauseKind.ASSUMED,
                f"assume/{assume}",
                f"{_ASSUMED[assume]} for assessed values that the log does not carry",
                _assuming(assume),
                concerned=ground.with_activities(assessed),
            )


def _assuming(assume: Assume) -> SettingChange:
    return lambda ours: replace(ours, assume=assume)
