"""That system takes another version, or takes versions up on other days."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING

from pointbook.model.wording import quantity
from pointbook.reconciliation.ground import DAYS_NEARBY
from pointbook.reconciliation.hypothesis import ANYBODY, CauseKind, Concerned, Hypothesis

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pointbook.model.activities import Activity
    from pointbook.model.program import Version
    from pointbook.model.rules import Cap, Group
    from pointbook.reconciliation.ground import Ground
    from pointbook.reconciliation.hypothesis import SettingChange
    from pointbook.reconciliation.setting import Setting

_A_DAY = timedelta(days=1)
_NEAR = (1, -1, 7, -7)
"""Days later than a version's date that are tried first."""


def version_causes(ground: Ground) -> Iterator[Hypothesis]:
    """Each version as if always in force; never the later one; its date on other days."""
    setting, versions = ground.setting, ground.program.versions
    kind = CauseKind.ANOTHER_VERSION
    if setting.version is not None:
        words = "takes each event by the version in force on its date"
        yield Hypothesis(kind, "versions", words, lambda ours: replace(ours, version=None))
    for version in versions:
        if version.id != setting.version and len(versions) > 1:
            words = f"takes version `{version.id}` on all days"
            yield Hypothesis(kind, f"versions/{version.id}", words, _fixed(version.id))
    if setting.version is not None:
        return
    for place, version in enumerate(versions):
        if place:
            words = f"has not taken up version `{version.id}` of {version.effective_from}"
            concerned = _concerned(versions, place, version.effective_from, date.max)
            subject = f"versions/{version.id}/never"
            yield Hypothesis(kind, subject, words, _left_out(version.id), concerned=concerned)
            yield from _other_dates(ground, place, are_near=True)
        elif ground.first_day < version.effective_from:
            words = f"counts events before the first version, by `{version.id}`"
            concerned = Concerned(last=version.effective_from)
            kind_of_date = CauseKind.VERSION_DATE
            earliest = _dated(version.id, date(version.effective_from.year - 100, 1, 1))
            yield Hypothesis(kind_of_date, f"versions/{version.id}", words, earliest, concerned=concerned)


def _fixed(version_id: str) -> SettingChange:
    return lambda ours: replace(ours, version=version_id)


def _left_out(version_id: str) -> SettingChange:
    def setting(ours: Setting) -> Setting:
        kept = tuple(version for version in ours.program.versions if version.id != version_id)
        return replace(ours, program=replace(ours.program, versions=kept))

    return setting


def _dated(version_id: str, day: date) -> SettingChange:
    def setting(ours: Setting) -> Setting:
        versions = (
            replace(version, effective_from=day) if version.id == version_id else version
            for version in ours.program.versions
        )
        in_order = tuple(sorted(versions, key=lambda version: version.effective_from))
        return replace(ours, program=replace(ours.program, versions=in_order))

    return setting


def far_date_causes(ground: Ground) -> Iterator[Hypothesis]:
    """Dates of versions that are months away; of what explains as much, they are the least likely."""
    if ground.setting.version is None:
        for place in range(1, len(ground.program.versions)):
            yield from _other_dates(ground, place, are_near=False)


def _other_dates(ground: Ground, place: int, *, are_near: bool) -> Iterator[Hypothesis]:
    """The version's date on other days, between the dates of its neighbours."""
    version = ground.program.versions[place]
    own = version.effective_from
    days = [own + days * _A_DAY for days in _NEAR]
    days += [] if version.announced_on is None else [version.announced_on]
    days += [own.replace(day=1), *ground.months()]
    days.sort(key=lambda day: (abs(day - own), day))
    for day in dict.fromkeys(days):
        if are_near is (abs(day - own).days <= DAYS_NEARBY):
            yield from _on(ground, place, day, is_coarse=True)


def _on(ground: Ground, place: int, day: date, *, is_coarse: bool) -> Iterator[Hypothesis]:
    """The version taken up on a day, where that lies between its neighbours' dates."""
    versions = ground.program.versions
    version = versions[place]
    own = version.effective_from
    first = versions[place - 1].effective_from
    last = versions[place + 1].effective_from if place + 1 < len(versions) else ground.last_day + _A_DAY
    if day == own or not first < day < last:
        return
    since = "earlier" if day < own else "later"
    distance = quantity(abs((day - own).days), "day")
    words = f"took version `{version.id}` up on {day}, {distance} {since}"
    start, end = sorted((day, own))

    def nearby() -> Iterator[Hypothesis]:
        for further in range(1, DAYS_NEARBY + 1):
            for near in (day - further * _A_DAY, day + further * _A_DAY):
                yield from _on(ground, place, near, is_coarse=False)

    yield Hypothesis(
        CauseKind.VERSION_DATE,
        f"versions/{version.id}/effective_from",
        words,
        _dated(version.id, day),
        concerned=_concerned(versions, place, start, end - _A_DAY),
        family=f"date of {version.id}",
        nearby=nearby if is_coarse else None,
    )


def _concerned(versions: tuple[Version, ...], place: int, first: date, last: date) -> Concerned:
    """Whom it can matter to: those with events on the days between, or all where levels differ."""
    before, after = versions[place - 1], versions[place]
    if before.levels != after.levels or before.life_cycle != after.life_cycle:
        return ANYBODY
    return Concerned(first=first, last=last)


def rule_causes(ground: Ground) -> Iterator[Hypothesis]:
    """One activity or group as another version has it; one that a version took out."""
    if ground.setting.version is not None:
        return
    kind = CauseKind.RULE_OF_ANOTHER_VERSION
    for name in ground.activities():
        having = [version for version in ground.program.versions if name in version.activities]
        rules = _different([(version, _rule(version.activities[name])) for version in having])
        concerned = ground.with_activities((name,))
        for version in rules if len(rules) > 1 else []:
            words = f"takes `{name}` as version `{version.id}` has it on all days"
            setting = _activity_throughout(name, version.activities[name], add=False)
            yield Hypothesis(kind, f"activities/{name}@{version.id}", words, setting, concerned=concerned)
        last = having[-1]
        if last is not ground.program.versions[-1]:
            words = f"still counts `{name}`, which version `{last.id}` was the last to have"
            setting = _activity_throughout(name, last.activities[name], add=True)
            yield Hypothesis(kind, f"activities/{name}", words, setting, concerned=concerned)
    for name in sorted({name for version in ground.program.versions for name in version.groups}):
        having = [version for version in ground.program.versions if name in version.groups]
        rules = _different([(version, version.groups[name].caps) for version in having])
        for version in rules if len(rules) > 1 else []:
            words = f"takes the caps of the group `{name}` as version `{version.id}` has them on all days"
            yield Hypothesis(
                kind, f"groups/{name}@{version.id}", words, _group_throughout(name, version.groups[name])
            )


def _rule(activity: Activity) -> object:
    """What of an activity decides figures."""
    entries = [
        (
            entry.balance,
            entry.points,
            entry.split_among,
            entry.condition,
            entry.is_spend,
            _limits(entry.caps),
            [(bonus.points, bonus.percent, bonus.condition) for bonus in entry.bonuses],
        )
        for entry in activity.entries
    ]
    return entries, activity.eligible_if, activity.groups, _limits(activity.caps)


def _limits(caps: Iterable[Cap]) -> object:
    return [(cap.kind, cap.limit, cap.per, cap.balance) for cap in caps]


def _different(rules: list[tuple[Version, object]]) -> list[Version]:
    """The first version of each rule."""
    found: list[tuple[Version, object]] = []
    for version, rule in rules:
        if all(rule != known for _, known in found):
            found.append((version, rule))
    return [version for version, _ in found]


def _activity_throughout(name: str, rule: Activity, *, add: bool) -> SettingChange:
    def setting(ours: Setting) -> Setting:
        versions, seen = [], False
        for version in ours.program.versions:
            seen = seen or name in version.activities
            is_other = seen and add is not (name in version.activities)
            versions.append(_with_activity(version, name, rule) if is_other else version)
        return replace(ours, program=replace(ours.program, versions=tuple(versions)))

    return setting


def _with_activity(version: Version, name: str, rule: Activity) -> Version:
    return replace(version, activities=MappingProxyType({**version.activities, name: rule}))


def _group_throughout(name: str, group: Group) -> SettingChange:
    def setting(ours: Setting) -> Setting:
        versions = tuple(
            replace(version, groups=MappingProxyType({**version.groups, name: group}))
            if name in version.groups
            else version
            for version in ours.program.versions
        )
        return replace(ours, program=replace(ours.program, versions=versions))

    return setting
