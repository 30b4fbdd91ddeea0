"""Changes of limits, on activities and on groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.changes.change import ABSENT, Direction
from pointbook.changes.matching import matched_caps
from pointbook.changes.pair import Subject, Verdict
from pointbook.model.windows import lies_inside
from pointbook.model.wording import cap_text, counted_text
from pointbook.reasoning.awards import never_positive
from pointbook.reasoning.displacement import can_displace, chain_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pointbook.changes.change import Change
    from pointbook.changes.pair import Pair
    from pointbook.model.program import Version
    from pointbook.model.rules import Activity, Cap, Group

_TOGETHER = "a later limit sees more than before and may be used up sooner"
_NOBODY = Verdict(Direction.NEUTRAL, "no activity goes through this limit")
_DEDUCTIONS = Verdict(Direction.NEUTRAL, "deductions pass all limits")


def cap_changes(
    pair: Pair, subject: Subject, old: Activity | Group, new: Activity | Group
) -> Iterator[Change]:
    """Caps added, removed, changed and reordered on one activity or group."""
    match = matched_caps(old.caps, new.caps)
    base = Subject(f"{subject.address}/caps", subject.title, (*subject.old, "caps"), (*subject.new, "caps"))
    for name, index in match.removed:
        verdict = _more_room(pair, old, new, "the limit is gone")
        part = _item(base, name, index, index)
        text = f"limit removed, was at most {cap_text(old.caps[index])}"
        yield pair.change(part, "cap-removed", text, verdict, (old.caps[index], ABSENT))
    for name, index in match.added:
        verdict = _more_room(pair, old, new, "there is one more limit").when(holds=False)
        part = _item(base, name, index, index)
        text = f"limit added, at most {cap_text(new.caps[index])}"
        yield pair.change(part, "cap-added", text, verdict, (ABSENT, new.caps[index]))
    for name, one, other in match.same:
        yield from _changed_cap(
            pair, _item(base, name, one, other), (old, new), (old.caps[one], new.caps[other])
        )
    if match.reordered is not None:
        places = sorted(other for _, _, other in match.same)
        order = [f"at most {cap_text(new.caps[place])}" for place in places]
        reason = "each limit sees what the one before lets through, so it depends on each event"
        part = Subject(f"{base.address}/order", base.title, base.old, base.new)
        text = f"limits in another order: {'; '.join(order)}"
        yield pair.change(part, "caps-reordered", text, Verdict(Direction.MIXED, reason), match.reordered)


def _item(base: Subject, name: str, one: int, other: int) -> Subject:
    return Subject(f"{base.address}/{name}", base.title, (*base.old, one), (*base.new, other))


def _changed_cap(
    pair: Pair, subject: Subject, owners: tuple[Activity | Group, Activity | Group], caps: tuple[Cap, Cap]
) -> Iterator[Change]:
    old, new = caps
    if old.limit != new.limit:
        raised = new.limit > old.limit
        verdict = _more_room(pair, *owners, f"the limit is {'higher' if raised else 'lower'}").when(raised)
        places = ((*subject.old, old.kind.value), (*subject.new, new.kind.value))
        text = f"limit {old.limit:,} → {counted_text(new.limit, new.kind)} {new.per.window.words}"
        code = "cap-raised" if raised else "cap-lowered"
        yield pair.change(subject.at("limit"), code, text, verdict, (old.limit, new.limit), places)
    if old.per is not new.per:
        if lies_inside(old.per, new.per):
            code = "cap-window-widened"
            verdict = _more_room(pair, *owners, "the same limit must last for longer").when(holds=False)
        elif lies_inside(new.per, old.per):
            code = "cap-window-narrowed"
            verdict = _more_room(pair, *owners, "the same limit is there again sooner")
        else:
            code = "cap-window-changed"
            verdict = Verdict(Direction.MIXED, "neither window lies inside the other")
        text = f"limit {old.per.window.words} → {new.per.window.words}"
        yield pair.change(subject.at("per"), code, text, verdict, (old.per, new.per))
    yield from pair.texts(subject, old, new)


def _more_room(pair: Pair, old: Activity | Group, new: Activity | Group, reason: str) -> Verdict:
    """The verdict on a limit of one activity or group letting more through."""
    users = [*_users(pair.old, old), *_users(pair.new, new)]
    if not users:
        return _NOBODY
    if all(never_positive(activity) for _, activity in users):
        return _DEDUCTIONS
    for version, activity in users:
        stages = chain_of(activity, version)
        own = [
            index
            for index, stage in enumerate(stages)
            if stage.owner == old.id and stage.cap in _caps(old, new)
        ]
        first = min(own, default=len(stages))
        # The limit itself may be any of its owner's: it is the last of them that all others see.
        if can_displace(stages[first:], same_events=False) and len(stages) > first + 1:
            return Verdict(Direction.MIXED, _TOGETHER)
    return Verdict(Direction.FAVOURABLE, reason)


def _caps(old: Activity | Group, new: Activity | Group) -> Sequence[Cap]:
    return (*old.caps, *new.caps)


def _users(version: Version, owner: Activity | Group) -> list[tuple[Version, Activity]]:
    """The activities of the version that go through the owner's caps."""
    if owner.id in version.activities and version.activities[owner.id] is owner:
        return [(version, version.activities[owner.id])]
    return [(version, activity) for activity in version.activities.values() if owner.id in activity.groups]
