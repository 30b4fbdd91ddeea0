"""Changes of conditions that are of no single activity: of the version, of groups, and declared ones.

Each is one change, whatever it reaches. What it does is what the differences do, together, that it makes
to activities and benefits one after the other.
"""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from pointbook.changes.change import Changes, change_of
from pointbook.changes.choosing import kind_by_relation
from pointbook.changes.directions import Judgement, together
from pointbook.changes.finders.activities import activity_changes
from pointbook.changes.finders.benefits import benefit_changes
from pointbook.changes.kinds import Kind
from pointbook.changes.redefining import as_asked, redefined
from pointbook.changes.subject import Pair, Subject
from pointbook.model.conditions import with_declared
from pointbook.model.sections import Section
from pointbook.model.wording import condition_text
from pointbook.reasoning.implication import ConditionRelation, relation

if TYPE_CHECKING:
    from pointbook.changes.change import Change
    from pointbook.model.program import Version

_KINDS = (Kind.ELIGIBILITY_WIDENED, Kind.ELIGIBILITY_NARROWED, Kind.ELIGIBILITY_CHANGED)
_SHOWN = 5


def condition_changes(pair: Pair) -> Changes:
    """What the version and its groups ask for; the pair's declared conditions are the same."""
    version = Subject(pair, Section.VERSION, "", "Every activity", "version", (), (), (pair.old, pair.new))
    subject = version.at("eligible_if")
    yield from _eligibility(subject, replace(pair.old, eligible_if=pair.new.eligible_if))
    for group in pair.rules(Section.GROUPS):
        key = group.rule_id
        if key in pair.old.groups and key in pair.new.groups:
            changed = replace(pair.old.groups[key], eligible_if=pair.new.groups[key].eligible_if)
            groups = MappingProxyType({**pair.old.groups, key: changed})
            yield from _eligibility(group.at("eligible_if"), replace(pair.old, groups=groups))


def redefinition_changes(pair: Pair) -> Changes:
    """Conditions that both versions declare, differently, and that something names in the old one."""
    for name in sorted(pair.old.conditions.keys() & pair.new.conditions.keys()):
        others = {key: one for key, one in pair.new.conditions.items() if key != name}
        before, after = with_declared(pair.old.conditions[name], others), pair.new.conditions[name]
        if relation(before, after) is ConditionRelation.SAME:
            continue
        parts = _parts(pair, pair.old, redefined(pair.old, {name: after}))
        if not parts:
            continue
        path = ("conditions", name)
        subject = Subject(
            pair, Section.VERSION, "", f"Condition {name}", f"conditions/{name}", path, path, (before, after)
        )
        reached = [*dict.fromkeys(change.rule_id for change in parts)]
        more = f" and {len(reached) - _SHOWN} more" if len(reached) > _SHOWN else ""
        sentence = (
            f"{condition_text(before)} → {condition_text(after)}, for {', '.join(reached[:_SHOWN])}{more}"
        )
        yield _judged(change_of(subject, Kind.CONDITION_REDEFINED, sentence), parts)


def _eligibility(subject: Subject, changed: Version) -> Changes:
    before, after = subject.values
    if before is None and after is None:
        return
    if before is None:
        kind, sentence = Kind.ELIGIBILITY_ADDED, f"counts only if {condition_text(after)}"
    elif after is None:
        kind = Kind.ELIGIBILITY_REMOVED
        sentence = f"no longer counts only if {condition_text(before)}"
    else:
        found = kind_by_relation(subject.values, *_KINDS)
        if found is None:
            return
        kind, sentence = found, f"counts if {condition_text(before)} → if {condition_text(after)}"
    pair = subject.pair
    yield _judged(change_of(subject, kind, sentence), _parts(pair, pair.old, changed))


def _parts(pair: Pair, old: Version, new: Version) -> list[Change]:
    """The differences that activities and benefits have by it, one activity after the other."""
    now, goal = as_asked(old), as_asked(new)
    found: list[Change] = []
    for key in sorted(now.activities):
        if now.activities[key] != goal.activities[key]:
            activities = MappingProxyType({**now.activities, key: goal.activities[key]})
            after = replace(now, activities=activities)
            found += activity_changes(replace(pair, old=now, new=after))
            now = after
    found += benefit_changes(replace(pair, old=now, new=replace(now, benefits=goal.benefits)))
    return [change for change in found if not change.kind.is_words]


def _judged(change: Change, parts: list[Change]) -> Change:
    direction = together(part.direction for part in parts)
    reasons = dict.fromkeys(part.reason for part in parts)
    reason = "; ".join(reasons) or "no activity and no benefit is reached by it"
    return replace(change, **Judgement(direction, reason)._asdict())
