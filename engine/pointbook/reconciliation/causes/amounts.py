"""That system gives other amounts: no bonuses, no conditions, whole amounts to each, other assumptions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from pointbook.model.ledger import Assume
from pointbook.reconciliation.hypothesis import CauseKind, Hypothesis
from pointbook.reconciliation.setting import with_activities

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pointbook.model.activities import Activity, EntryRule
    from pointbook.model.rules import Path
    from pointbook.reconciliation.ground import Ground
    from pointbook.reconciliation.hypothesis import SettingChange

    Changed = Callable[[EntryRule], EntryRule]


class _Part(NamedTuple):
    """A part of an entry that a system may not apply.

    Attributes:
        key: Under which it stands.
        of_one: What a system does that does not apply it to one activity, or to one of its balances.
        of_all: The same to none.
        has_it: Whether an entry has it.
        without: The entry without it.
    """

    kind: CauseKind
    key: str
    of_one: str
    of_all: str
    has_it: Callable[[EntryRule], bool]
    without: Changed


_PARTS = (
    _Part(
        CauseKind.BONUS_NOT_APPLIED,
        "bonuses",
        "gives no bonus for {}",
        "gives no bonuses",
        lambda entry: bool(entry.bonuses),
        lambda entry: replace(entry, bonuses=()),
    ),
    _Part(
        CauseKind.CONDITION_NOT_APPLIED,
        "if",
        "does not ask the condition of {}",
        "asks no conditions of single balances",
        lambda entry: entry.condition is not None,
        lambda entry: replace(entry, condition=None),
    ),
    _Part(
        CauseKind.SHARES_NOT_APPLIED,
        "split_among",
        "gives the whole points of {} to each who shares them",
        "gives whole points to each who shares them",
        lambda entry: entry.split_among is not None,
        lambda entry: replace(entry, split_among=None),
    ),
)
_ASSUMED = {
    Assume.NONE: "gives nothing",
    Assume.LOW: "gives the least",
    Assume.MID: "gives the middle",
    Assume.HIGH: "gives the most",
}


def amount_causes(ground: Ground) -> Iterator[Hypothesis]:
    """Each bonus, condition and sharing, of one activity or of one of its balances, and of all."""
    activities = ground.activities()
    for part in _PARTS:
        having = {
            name: dict.fromkeys(entry.path for rule in rules for entry in rule.entries if part.has_it(entry))
            for name, rules in activities.items()
        }
        having = {name: paths for name, paths in having.items() if paths}
        for name, paths in having.items():
            yield from _of_entries(ground, part, name, list(paths))
        if len(having) > 1:
            without = _of_activity(None, _with_entries(part.without))
            yield Hypothesis(part.kind, f"activities/*/{part.key}", part.of_all, without)
        if part.kind is CauseKind.CONDITION_NOT_APPLIED:
            yield from _eligibility(ground)


def _of_entries(ground: Ground, part: _Part, name: str, paths: Sequence[Path]) -> Iterator[Hypothesis]:
    """The part of one activity, and of each of its entries where several have it."""
    concerned = ground.with_activities((name,))
    for path in paths:
        most = max(
            len(entry.bonuses)
            for rule in ground.activities()[name]
            for entry in rule.entries
            if entry.path == path
        )
        if part.kind is CauseKind.BONUS_NOT_APPLIED and most > 1:
            yield from _single_bonuses(ground, name, path, most)
    for path in [(), *paths] if len(paths) > 1 else [paths[0]]:
        yield Hypothesis(
            part.kind,
            "/".join(("activities", name, *map(str, path), part.key)),
            part.of_one.format(_named(name, path)),
            _of_activity(name, _with_entries(part.without, path or None)),
            concerned=concerned,
        )


def _named(name: str, path: Path) -> str:
    return f"`{path[-1]}` of `{name}`" if path else f"`{name}`"


def _with_entries(change: Changed, path: Path | None = None) -> Callable[[Activity], Activity]:
    """The change of an activity that changes its entries; only the one that is written there, if given."""
    return lambda activity: activity.with_entries(
        lambda entry: change(entry) if path is None or entry.path == path else entry
    )


def _eligibility(ground: Ground) -> Iterator[Hypothesis]:
    kind = CauseKind.CONDITION_NOT_APPLIED
    names = [
        name
        for name, rules in ground.activities().items()
        if any(rule.eligible_if is not None for rule in rules)
    ]
    for name in names:
        yield Hypothesis(
            kind,
            f"activities/{name}/eligible_if",
            f"does not ask the condition of `{name}`",
            _of_activity(name, _eligible),
            concerned=ground.with_activities((name,)),
        )
    if len(names) > 1:
        yield Hypothesis(
            kind, "activities/*/eligible_if", "asks no conditions", _of_activity(None, _eligible)
        )


def _eligible(activity: Activity) -> Activity:
    return replace(activity, eligible_if=None)


def _single_bonuses(ground: Ground, name: str, path: Path, most: int) -> Iterator[Hypothesis]:
    for place in range(most):

        def without(entry: EntryRule, place: int = place) -> EntryRule:
            kept = tuple(bonus for number, bonus in enumerate(entry.bonuses) if number != place)
            return replace(entry, bonuses=kept)

        yield Hypothesis(
            CauseKind.BONUS_NOT_APPLIED,
            "/".join(("activities", name, *map(str, path), "bonuses", str(place))),
            f"does not give bonus {place + 1} of {_named(name, path)}",
            _of_activity(name, _with_entries(without, path)),
            concerned=ground.with_activities((name,)),
        )


def _of_activity(name: str | None, change: Callable[[Activity], Activity]) -> SettingChange:
    return lambda ours: with_activities(
        ours, lambda activity: change(activity) if name in (None, activity.id) else activity
    )


def assumption_causes(ground: Ground) -> Iterator[Hypothesis]:
    """The other assumptions about values that the log does not carry."""
    assessed = [activity.id for _, activity in ground.program.activities if activity.assessed is not None]
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
