"""That system does not apply a cap, or applies it otherwise."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from pointbook.model.ledger import Outcome, by_event
from pointbook.model.windows import Per
from pointbook.reconciliation.hypothesis import CauseKind, Concerned, Hypothesis
from pointbook.reconciliation.setting import with_activities, with_versions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pointbook.model.activities import Activity, EntryRule
    from pointbook.model.log import Event, Member
    from pointbook.model.program import Version
    from pointbook.model.rules import Cap
    from pointbook.reconciliation.ground import Ground
    from pointbook.reconciliation.hypothesis import SettingChange
    from pointbook.reconciliation.setting import Setting

    CapsChange = Callable[[str, str, Cap], Cap | None]

_ENTRY, _ACTIVITY, _GROUP = "entry", "activity", "group"
_Key = tuple[str, str, str, Per, str | None]
"""Whose cap: the scope and the owner; of what: the kind, the window, and the balance that it names."""
_OTHER_YEAR = {
    Per.MEMBERSHIP_YEAR: Per.CALENDAR_YEAR,
    Per.CALENDAR_YEAR: Per.MEMBERSHIP_YEAR,
}
_MOST_DROPPED = 256


def cap_causes(ground: Ground) -> Iterator[Hypothesis]:
    """Each cap, all of an activity or group, all of a kind; then caps that cut otherwise."""
    known = _caps(ground)
    kind = CauseKind.CAP_NOT_APPLIED
    for (scope, owner, *_), cap in known.items():
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
    for scope, nouns in ((_GROUP, "groups"), (_ACTIVITY, "single activities"), (_ENTRY, "single balances")):
        if len(scopes) > 1 and scope in scopes:
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
    for (scope, owner, _, per, _), cap in _caps(ground).items():
        other = _OTHER_YEAR.get(per)
        if other is not None:
            changed = replace(cap, per=other)
            words = f"takes the cap of {cap.words} of {_owner(scope, owner)} as one {other.window.words}"
            setting = _without(_same(scope, owner, cap), other)
            subject = f"{_section(scope)}/{owner}/caps/{changed.name}"
            yield Hypothesis(kind, subject, words, setting, concerned=_concerned(ground, scope, owner))


def _caps(ground: Ground) -> dict[_Key, Cap]:
    """Every cap of any version, as the latest version has it."""
    found: dict[_Key, Cap] = {}
    for version in ground.program.versions:
        activities = sorted(version.activities.items())
        owners = [(_ACTIVITY, name, activity.caps) for name, activity in activities]
        owners += [
            (_ENTRY, _entry_owner(name, entry), entry.caps)
            for name, activity in activities
            for entry in activity.entries
        ]
        owners += [(_GROUP, name, group.caps) for name, group in sorted(version.groups.items())]
        found |= {_key(scope, owner, cap): cap for scope, owner, caps in owners for cap in caps}
    return found


def _key(scope: str, owner: str, cap: Cap) -> _Key:
    return scope, owner, cap.kind, cap.per, cap.balance


def _entry_owner(activity: str, entry: EntryRule) -> str:
    """Where the entry is written, from the activities down."""
    return "/".join((activity, *map(str, entry.path)))


def _owner(scope: str, owner: str) -> str:
    if scope == _ENTRY:
        activity, *_, balance = owner.split("/")
        return f"`{balance}` of `{activity}`"
    return f"the group `{owner}`" if scope == _GROUP else f"`{owner}`"


def _section(scope: str) -> str:
    return "groups" if scope == _GROUP else "activities"


def _concerned(ground: Ground, scope: str, owner: str) -> Concerned:
    if scope != _GROUP:
        return ground.with_activities(owner.split("/")[:1])
    return ground.with_activities(
        activity.id for _, activity in ground.program.activities if owner in activity.groups
    )


def _same(scope: str, owner: str, cap: Cap) -> CapsChange:
    """Takes the cap away in every version."""
    key = _key(scope, owner, cap)
    return lambda of, who, found: None if _key(of, who, found) == key else found


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
        def of_activity(activity: Activity) -> Activity:
            changed = activity.with_entries(
                lambda entry: replace(entry, caps=caps(_ENTRY, _entry_owner(activity.id, entry), entry.caps))
            )
            return replace(changed, caps=caps(_ACTIVITY, activity.id, activity.caps))

        return with_versions(with_activities(ours, of_activity), of_groups)

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
                    for place, own in enumerate(by_event(entries, len(events)))
                    if any(entry.outcome is Outcome.REDUCED and entry.requested > 0 for entry in own)
                ),
                None,
            )
            if cut is None:
                break
            events = [*events[:cut], *events[cut + 1 :]]
        return events

    return kept
