"""That system has other levels: thresholds of another version, another demotion, the earned level."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from pointbook.model.amounts import in_results
from pointbook.model.rules import Demotion, LeapDay
from pointbook.reconciliation.hypothesis import CauseKind, Hypothesis
from pointbook.reconciliation.setting import LevelShown, with_versions

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pointbook.model.levels import Level
    from pointbook.model.program import Version
    from pointbook.model.rules import Benefit, LifeCycle
    from pointbook.reconciliation.ground import Ground
    from pointbook.reconciliation.hypothesis import SettingChange

_DEMOTIONS = {
    Demotion.TO_EARNED: "lets members fall to the level that they earned, by any number of levels",
    Demotion.ONE_LEVEL: "lets members fall by one level at a time",
}
_LEAP_DAYS = {LeapDay.FEB_28: "28 February", LeapDay.MAR_1: "1 March"}


def level_causes(ground: Ground) -> Iterator[Hypothesis]:
    """Thresholds of one version, other demotions and leap days, and the level that points alone reach."""
    versions = _books(ground)
    ladders: list[Version] = []
    for version in ground.program.versions:
        if all(_thresholds(version) != _thresholds(known) for known in ladders):
            ladders.append(version)
    for version in ladders:
        if any(_thresholds(version) != _thresholds(used) for used in versions):
            words = f"goes by the thresholds of version `{version.id}` on all days"
            subject = f"versions/{version.id}/levels"
            yield Hypothesis(CauseKind.THRESHOLDS, subject, words, _with_levels(version.levels))
    for demotion, words in _DEMOTIONS.items():
        if any(version.life_cycle.demotion is not demotion for version in versions):
            setting = _with_life_cycle(demotion=demotion)
            yield Hypothesis(CauseKind.DEMOTION, f"life_cycle/demotion/{demotion}", words, setting)
    yield Hypothesis(
        CauseKind.EARNED_LEVEL,
        "level/earned",
        "shows the level that the period's points alone reach, not the one held",
        lambda ours: replace(ours, level=LevelShown.EARNED),
    )
    for leap_day, words in _LEAP_DAYS.items():
        if any(version.life_cycle.leap_day is not leap_day for version in versions):
            yield Hypothesis(
                CauseKind.LEAP_DAY,
                f"life_cycle/leap_day/{leap_day}",
                f"takes {words} for 29 February in common years",
                _with_life_cycle(leap_day=leap_day),
            )


def _books(ground: Ground) -> tuple[Version, ...]:
    """The versions that can be in force."""
    return tuple(book.version for book in ground.evaluator.interpreter.timeline.books)


def _thresholds(version: Version) -> list[tuple[str, int]]:
    return [(name, in_results(level.threshold)) for name, level in version.levels.items()]


def _with_levels(levels: Mapping[str, Level]) -> SettingChange:
    """Benefits go, since they may name other levels."""
    none: Mapping[str, Benefit] = MappingProxyType({})
    return lambda ours: with_versions(ours, lambda version: replace(version, levels=levels, benefits=none))


def _with_life_cycle(*, demotion: Demotion | None = None, leap_day: LeapDay | None = None) -> SettingChange:
    def changed(found: LifeCycle) -> LifeCycle:
        return replace(found, demotion=demotion or found.demotion, leap_day=leap_day or found.leap_day)

    return lambda ours: with_versions(
        ours, lambda version: replace(version, life_cycle=changed(version.life_cycle))
    )
