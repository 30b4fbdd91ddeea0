"""That system does not apply a cap, or applies it otherwise."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from pointbook.model.ledger import Outcome
from pointbook.model.windows import Per
from pointbook.reconciliation.hypothesis import CauseKind, Concerned, Hypothesis
from pointbook.reconciliation.setting import with_activities, with_versions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pointbook.model.log import Event, Member
    from pointbook.model.program import Version
    from pointbook.model.rules import Cap
    from pointbook.reconciliation.ground import Ground
    from pointbook.reconciliation.hypothesis import SettingChange
    from pointbook.reconciliation.setting import Setting

    CapsChange = Callable[[str, str, Cap], Cap | None]

_ACTIVITY, _GROUP = "activity", "group"
_OTHER_YEAR = {
    Per.MEMBERSHIP_YEAR: Per.CALENDAR_YEAR,
    Per.CALENDAR_YEAR: Per.MEMBERSHIP_YEAR,
}
_MOST_DROPPED = 256


def cap_causes(ground: Ground) -> Iterator[Hypothesis]:
    """Each cap, all of an activity or group, all of a kind; then caps that cut otherwise."""
    known = _caps(ground)
    kind = CauseKind.CAP_NOT_APPLIED
    for (scope, owner, _, _), cap in known.items():
        name, concerned = _owner(scope, owner), _concerned(ground, scope, owner)
        words = f"does not apply the cap of {cap.words} of {name}"
        subject = f"{_section(scope)}/{owner}/caps/{cap.name}"
        yield Hypothesis(kind, subject, words, _without(_same(scope, owner, cap)), concerned=concerned)
    owners = [key[:2] for key in known]
    for scope, owner in dict.fromkeys(owners):
        if owners.count((scope, owner)) > 1:
            words = f"applies no cap of {_owner(scope, owner)}"
            of_owner = _without(_all_of(scope, owner))
            concerned = _concerned(ground, scope, owner)
            yield Hypothesis(kind, f"{_section(scope)}/{owner}/caps", words, of_owner, concerned=concerned)
    scopes = {scope for scope, _ in owners}
    for scope, nouns in ((_GROUP, "groups"), (_ACTIVITY, "single activities")):
        if len(scopes) > 1:
            words = f"applies no caps of {nouns}"
            yield Hypothesis(kind, f"{_section(scope)}/*/caps", words, _without(_all_of(scope, None)))
    if len(set(owners)) > 1:
        yield Hypothesis(kind, "caps", "applies no caps at all", _without(lambda *_: None))
    if known:
        yield from _otherwise(ground)


def _otherwise(ground: Ground) -> Iterator[Hypothesis]:
    kind = CauseKind.CAP_OTHERWISE
    yield Hypothesis(
        kind,
        "caps/whole",
        "counts nothing of an event that a cap lets through in part",
        events=_whole_events(ground),
    )
    for (scope, owner, _, per), cap in _caps(ground).items():
        other = _OTHER_YEAR.get(per)
        if other is not None:
            changed = replace(cap, per=other)
            words = f"takes the cap of {cap.words} of {_owner(scope, owner)} as one {other.window.words}"
            setting = _without(_same(scope, owner, cap), other)
            subject = f"{_section(scope)}/{owner}/caps/{changed.name}"
            yield Hypothesis(kind, subject, words, setting, concerned=_concerned(ground, scope, owner))


def _caps(ground: Ground) -> dict[tuple[str, str, str, Per], Cap]:
    """Every cap of any version, as the latest version has it."""
    found: dict[tuple[str, str, str, Per], Cap] = {}
    for version in ground.program.versions:
        owners = [(_ACTIVITY, name, activity.caps) for name, activity in sorted(version.activities.items())]
        owners += [(_GROUP, name, group.caps) for name, group in sorted(version.groups.items())]
        found |= {(scope, owner, cap.kind, cap.per): cap for scope, owner, caps in owners for cap in caps}
    return found


def _owner(scope: str, owner: str) -> str:
    return f"the group `{owner}`" if scope == _GROUP else f"`{owner}`"


def _section(scope: str) -> str:
    return "groups" if scope == _GROUP else "activities"


def _concerned(ground: Ground, scope: str, owner: str) -> Concerned:
    if scope == _ACTIVITY:
        return ground.with_activities((owner,))
    return ground.with_activities(
        activity.id for _, activity in ground.program.activities if owner in activity.groups
    )


def _same(scope: str, owner: str, cap: Cap) -> CapsChange:
    """Takes the cap away in every version."""
    key = scope, owner, cap.kind, cap.per
    return lambda of, who, found: None if (of, who, found.kind, found.per) == key else found


def _all_of(scope: str, owner: str | None) -> CapsChange:
    """Takes all caps of one owner away; of all owners without one."""
    return lambda of, who, found: None if of == scope and owner in (None, who) else found


def _without(change: CapsChange, instead: Per | None = None) -> SettingChange:
    """The change of a setting that takes caps away, or counts them in another window instead."""

    def caps(scope: str, owner: str, found: Sequence[Cap]) -> tuple[Cap, ...]:
        kept = []
        for cap in found:
            if change(scope, owner, cap) is not None:
                kept.append(cap)
            elif instead is not None:
                kept.append(replace(cap, per=instead))
        return tuple(kept)

    def of_groups(version: Version) -> Version:
        groups = {
            name: replace(group, caps=caps(_GROUP, name, group.caps))
            for name, group in version.groups.items()
        }
        return replace(version, groups=MappingProxyType(groups))

    def setting(ours: Setting) -> Setting:
        changed = with_activities(
            ours, lambda activity: replace(activity, caps=caps(_ACTIVITY, activity.id, activity.caps))
        )
        return with_versions(changed, of_groups)

    return setting


def _whole_events(ground: Ground) -> Callable[[Member, Sequence[Event]], Sequence[Event]]:
    """Leaves out each event that a cap cuts to a part, the first one first."""

    def kept(member: Member, events: Sequence[Event]) -> Sequence[Event]:
        interpreter = ground.evaluator.interpreter
        for _ in range(_MOST_DROPPED):
            _, entries = interpreter.folded(interpreter.opened(member)[0], events)
            cut = next(
                (
                    place
                    for place, entry in enumerate(entries)
                    if entry.outcome is Outcome.REDUCED and entry.requested > 0
                ),
                None,
            )
            if cut is None:
                break
            events = [*events[:cut], *events[cut + 1 :]]
        return events

    return kept
