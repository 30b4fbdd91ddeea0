"""Changes of activities and of the groups they belong to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.changes.amounts import amount_changes, more_points
from pointbook.changes.bonuses import bonus_changes
from pointbook.changes.caps import cap_changes
from pointbook.changes.change import ABSENT, Direction
from pointbook.changes.matching import matched_names
from pointbook.changes.pair import NO_EFFECT, Subject, Verdict
from pointbook.model.windows import CapKind
from pointbook.model.wording import condition_text
from pointbook.reasoning.awards import awards_of, never_negative, never_positive
from pointbook.reasoning.displacement import can_displace, chain_of
from pointbook.reasoning.implication import Relation, relation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pointbook.changes.change import Change
    from pointbook.changes.pair import Pair
    from pointbook.model.program import Version
    from pointbook.model.rules import Activity

_DISPLACES = "it shares limits with other activities, which may then let less through in all"
_SPENDS = "it only takes from a balance that decides no level, and spending may be the members' own choice"
_BOTH_SIGNS = "it can give points and take them"


def activity_changes(pair: Pair) -> Iterator[Change]:
    """Activities added, removed and changed."""
    old, new = pair.old.activities, pair.new.activities
    for key in sorted({*old, *new}):
        place = ("activities", key)
        title = (new.get(key) or old[key]).title or key
        subject = Subject(f"activities/{key}", title, place, place)
        if key not in old:
            text = f"activity added, {new[key].points.words}"
            verdict = _counts(pair, pair.new, new[key])
            yield pair.change(subject, "activity-added", text, verdict, (ABSENT, new[key]))
        elif key not in new:
            verdict = _counts(pair, pair.old, old[key], "no longer counts").when(holds=False)
            text = f"activity removed, was {old[key].points.words}"
            yield pair.change(subject, "activity-removed", text, verdict, (old[key], ABSENT))
        else:
            yield from _changed_activity(pair, subject, old[key], new[key])
            yield from pair.texts(subject, old[key], new[key])


def group_changes(pair: Pair) -> Iterator[Change]:
    """Groups added, removed, and their limits."""
    old, new = pair.old.groups, pair.new.groups
    alone = Verdict(Direction.NEUTRAL, "a group limits nobody until an activity joins it")
    for key in sorted({*old, *new}):
        title = (new.get(key) or old[key]).title or key
        subject = Subject(f"groups/{key}", title, ("groups", key), ("groups", key))
        if key not in old:
            yield pair.change(subject, "group-added", "group of activities added", alone, (ABSENT, new[key]))
        elif key not in new:
            yield pair.change(
                subject, "group-removed", "group of activities removed", alone, (old[key], ABSENT)
            )
        else:
            yield from cap_changes(pair, subject, old[key], new[key])
            yield from pair.texts(subject, old[key], new[key])


def _counts(pair: Pair, version: Version, activity: Activity, what: str = "counts") -> Verdict:
    """The verdict on an activity counting that did not."""
    if awards_of(activity).always_zero:
        return Verdict(Direction.NEUTRAL, "it gives nothing")
    if never_positive(activity):
        if pair.level_balance not in {None, activity.balance}:
            return Verdict(Direction.MIXED, _SPENDS)
        return Verdict(Direction.ADVERSE, f"a deduction {what}")
    if not never_negative(activity):
        return Verdict(Direction.MIXED, _BOTH_SIGNS)
    stages = chain_of(activity, version)
    while stages and not stages[0].shared:
        stages = stages[1:]
    if can_displace(stages, same_events=False):
        return Verdict(Direction.MIXED, _DISPLACES)
    return Verdict(Direction.FAVOURABLE, f"an activity that gives points {what}")


def _changed_activity(pair: Pair, subject: Subject, old: Activity, new: Activity) -> Iterator[Change]:
    yield from amount_changes(pair, subject, old, new)
    if old.balance != new.balance:
        yield pair.change(
            subject.at("balance"),
            "balance-changed",
            f"feeds {old.balance} → {new.balance}",
            Verdict(Direction.MIXED, "the points go to another balance; one gains what the other loses"),
            (old.balance, new.balance),
        )
    yield from _eligibility_changes(pair, subject, old, new)
    yield from bonus_changes(pair, subject, old, new)
    yield from _split_changes(pair, subject, old, new)
    yield from cap_changes(pair, subject, old, new)
    yield from _membership_changes(pair, subject, old, new)
    yield from _attribute_changes(pair, subject, old, new)


def _eligibility_changes(pair: Pair, subject: Subject, old: Activity, new: Activity) -> Iterator[Change]:
    before, after = old.eligible_if, new.eligible_if
    subject = subject.at("eligible_if")
    if before is None and after is None:
        return
    if before is None or after is None:
        added = before is None
        verdict = _more_events(pair, old, new, f"{'fewer' if added else 'more'} events count").when(not added)
        condition = condition_text(after) if after is not None else condition_text(before) if before else ""
        text = f"counts only if {condition}" if added else f"counts in all cases, was only if {condition}"
        yield pair.change(
            subject, f"condition-{'added' if added else 'removed'}", text, verdict, (before, after)
        )
        return
    related = relation(before, after)
    if related is Relation.SAME:
        return
    code = "condition-changed"
    verdict = Verdict(Direction.MIXED, "neither condition includes the other")
    if related is not Relation.UNKNOWN:
        wider = related is Relation.WIDER
        code = f"condition-{'widened' if wider else 'narrowed'}"
        verdict = _more_events(pair, old, new, f"{'more' if wider else 'fewer'} events count").when(wider)
    text = f"counts if {condition_text(before)} → if {condition_text(after)}"
    yield pair.change(subject, code, text, verdict, (before, after))


def _more_events(pair: Pair, old: Activity, new: Activity, reason: str) -> Verdict:
    """The verdict on more events of an activity counting."""
    if never_positive(old) and never_positive(new):
        return Verdict(Direction.ADVERSE, reason)
    if not (never_negative(old) and never_negative(new)):
        return Verdict(Direction.MIXED, _BOTH_SIGNS)
    return more_points(pair, old, new, reason, more_events=not _takes_turns(pair, old, new))


def _takes_turns(pair: Pair, old: Activity, new: Activity) -> bool:
    """Whether all events are worth the same and go through one times cap of their own at most."""
    for activity, version in ((old, pair.old), (new, pair.new)):
        awards = awards_of(activity)
        stages = chain_of(activity, version)
        if awards.lowest is None or awards.lowest != awards.highest or activity.split_among is not None:
            return False
        if len(stages) != 1 or stages[0].shared or stages[0].cap.kind is not CapKind.TIMES:
            return False
    return True


def _split_changes(pair: Pair, subject: Subject, old: Activity, new: Activity) -> Iterator[Change]:
    before, after = old.split_among, new.split_among
    if before == after:
        return
    subject = subject.at("split_among")
    if before is not None and after is not None:
        verdict = Verdict(Direction.MIXED, "another number of people shares the points")
        text = f"points shared among {before} → {after}"
        yield pair.change(subject, "split-changed", text, verdict, (before, after))
        return
    added = before is None
    if never_positive(old) and never_positive(new):
        verdict = Verdict(Direction.FAVOURABLE, "deductions are shared").when(added)
    elif never_negative(old) and never_negative(new):
        reason = "the points are shared" if added else "everyone gets all of the points"
        verdict = more_points(pair, old, new, reason).when(not added)
    else:
        verdict = Verdict(Direction.MIXED, _BOTH_SIGNS)
    text = f"points shared among {after}" if added else f"points no longer shared among {before}"
    yield pair.change(subject, f"split-{'added' if added else 'removed'}", text, verdict, (before, after))


def _membership_changes(pair: Pair, subject: Subject, old: Activity, new: Activity) -> Iterator[Change]:
    match = matched_names(old.groups, new.groups)
    base = (*subject.old, "groups"), (*subject.new, "groups")

    def item(name: str, index: int) -> Subject:
        return Subject(
            f"{subject.address}/groups/{name}", subject.title, (*base[0], index), (*base[1], index)
        )

    for name, index in match.removed:
        verdict = _outside(pair, old, new, name, "the group's limits no longer count for it")
        text = f"leaves the group {name}"
        yield pair.change(item(name, index), "group-left", text, verdict, (name, ABSENT))
    for name, index in match.added:
        verdict = _outside(pair, old, new, name, "the group's limits count for it too").when(holds=False)
        text = f"joins the group {name}"
        yield pair.change(item(name, index), "group-joined", text, verdict, (ABSENT, name))
    if match.reordered is not None:
        order = ", ".join(new.groups[other] for _, _, other in sorted(match.same, key=lambda item: item[2]))
        part = Subject(f"{subject.address}/groups/order", subject.title, *base)
        verdict = Verdict(Direction.MIXED, "each group's limits see what the one before lets through")
        text = f"goes through its groups in another order: {order}"
        yield pair.change(part, "groups-reordered", text, verdict, match.reordered)


def _outside(pair: Pair, old: Activity, new: Activity, group: str, reason: str) -> Verdict:
    """The verdict on an activity no longer going through a group's limits."""
    if never_positive(old) and never_positive(new):
        return Verdict(Direction.NEUTRAL, "deductions pass all limits")
    for version, own in ((pair.old, old), (pair.new, new)):
        users = {
            activity.id: activity for activity in version.activities.values() if group in activity.groups
        }
        for activity in {own.id: own, **users}.values():
            stages = chain_of(activity, version)
            first = next((index for index, stage in enumerate(stages) if stage.owner == group), 0)
            if len(stages) > first + 1 and can_displace(stages[first:], same_events=False):
                return Verdict(Direction.MIXED, _DISPLACES)
    return Verdict(Direction.FAVOURABLE, reason)


def _attribute_changes(pair: Pair, subject: Subject, old: Activity, new: Activity) -> Iterator[Change]:
    for name in sorted({*old.attributes, *new.attributes}):
        part = subject.at("attributes", name)
        before, after = old.attributes.get(name), new.attributes.get(name)
        if before is None:
            text = f"the log carries the attribute {name}"
            yield pair.change(part, "attribute-added", text, _DECLARED, (ABSENT, after))
        elif after is None:
            text = f"the log no longer carries the attribute {name}"
            yield pair.change(part, "attribute-removed", text, _DECLARED, (before, ABSENT))
        else:
            if before.type is not after.type:
                text = f"attribute {name} is {before.type} → {after.type}"
                values = (before.type, after.type)
                yield pair.change(part.at("type"), "attribute-type-changed", text, _DECLARED, values)
            yield from pair.texts(part, before, after)


_DECLARED = Verdict(NO_EFFECT.direction, "says what the log carries, not what it is worth")
