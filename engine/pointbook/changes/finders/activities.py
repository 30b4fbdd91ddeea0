"""Changes of activities."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from pointbook.changes.change import Changes, change_of, rule_changes, text_changes
from pointbook.changes.choosing import kind_by_presence, kind_by_relation
from pointbook.changes.directions import Direction, Judgement, together
from pointbook.changes.entries import entries_of
from pointbook.changes.finders.amounts import amount_changes
from pointbook.changes.finders.bonuses import bonus_changes, bonus_text
from pointbook.changes.finders.caps import cap_changes
from pointbook.changes.finders.groups import membership_changes
from pointbook.changes.kinds import Kind
from pointbook.changes.subject import ABSENT
from pointbook.model.sections import Section
from pointbook.model.wording import condition_text, written

if TYPE_CHECKING:
    from collections.abc import Callable

    from pointbook.changes.change import Change
    from pointbook.changes.subject import Pair, Subject
    from pointbook.model.activities import Activity, EntryRule
    from pointbook.model.program import Version


def activity_changes(pair: Pair) -> Changes:
    """Activities added, removed, replaced and changed."""
    texts = "activity added, {}", "activity removed, was {}"
    for activity in pair.rules(Section.ACTIVITIES):
        if activity.rule_id in pair.replaced.values():
            continue
        if activity.rule_id in pair.replaced:
            yield _replaced(pair, activity)
            continue
        yield from _replacement_changes(activity)
        version = pair.old if activity.values[1] is ABSENT else pair.new
        words = partial(_all_of, pair, version)
        yield from rule_changes([activity], Kind.ACTIVITY_ADDED, texts, words, _changed)


def _all_of(pair: Pair, version: Version, rule: Activity) -> str:
    """The whole rule in words: what it gives, to whom, with what, and within which limits."""
    entries = [_entry_text(pair, entry) for entry in rule.spends_first]
    parts = ["; ".join(entries)]
    if rule.eligible_if is not None:
        parts.append(f"only if {condition_text(rule.eligible_if)}")
    parts += [f"at most {cap.words}" for cap in rule.caps]
    for group in rule.groups:
        caps = version.groups[group].caps if group in version.groups else ()
        parts.append(f"with others of {group} at most {' and '.join(cap.words for cap in caps)}")
    return ", ".join(parts)


def _entry_text(pair: Pair, entry: EntryRule) -> str:
    """An entry in words: what it gives or takes, in which balance, and when."""
    parts = [f"{'takes ' if entry.is_spend else ''}{entry.points.words}"]
    if entry.path or not pair.decides_levels(entry.balance):
        parts.append(f"in {entry.balance}")
    if entry.condition is not None:
        parts.append(f"if {condition_text(entry.condition)}")
    parts += [bonus_text(bonus) for bonus in entry.bonuses]
    if entry.split_among is not None:
        parts.append(f"shared among {entry.split_among}")
    parts += [f"at most {cap.words}" for cap in entry.caps]
    return ", ".join(parts)


def _replaced(pair: Pair, activity: Subject) -> Change:
    """One activity in place of another, with everything in which they differ."""
    old_id, new_id = pair.replaced[activity.rule_id], activity.rule_id
    links = [link for one in pair.versions for link in one.replaces.items()]
    before = {new_id}
    for _ in links:
        before |= {earlier for later, earlier in links if later in before}
    subject = activity._replace(
        address=f"{Section.ACTIVITIES}/{new_id if old_id in before else old_id}",
        old=(Section.ACTIVITIES.value, old_id),
        values=(pair.old.activities[old_id], pair.new.activities[new_id]),
    )
    parts = [change for change in _changed(subject) if not change.kind.is_words]
    told = [change.sentence.removeprefix(subject.title).lstrip(":, ") for change in parts]
    sentence = f"{new_id} takes the place of {old_id}"
    sentence += f": {'; '.join(told)}" if told else ", otherwise the same"
    # What the parts do is known here only; the table says what is so of all.
    change = change_of(subject, Kind.ACTIVITY_REPLACED, sentence)
    judgement = _judged_together(subject, parts)
    return replace(change, direction=judgement.direction, reason=judgement.reason)


def _judged_together(subject: Subject, parts: list[Change]) -> Judgement:
    """What all the differences of two rules do, of which one takes the place of the other."""
    if any(rule.caps or any(entry.caps for entry in rule.entries) for rule in subject.values):
        return Judgement(Direction.MIXED, "what is used up of its own limits begins anew under another id")
    direction = together(change.direction for change in parts)
    if direction is Direction.NEUTRAL:
        return Judgement(direction, "the same under another id, by which the log must name it from then on")
    if any(rule.groups for rule in subject.values):
        return Judgement(Direction.MIXED, "it shares limits with other activities")
    reasons = dict.fromkeys(change.reason for change in parts if change.direction is not Direction.NEUTRAL)
    return Judgement(direction, "; ".join(reasons))


def _replacement_changes(activity: Subject) -> Changes:
    """Another activity whose place is taken, in two states of one version; each version has its own."""
    pair = activity.pair
    old, new = (one.replaces.get(activity.rule_id) for one in (pair.old, pair.new))
    if old != new and pair.old.id == pair.new.id and ABSENT not in activity.values:
        text = f"takes the place of {new or 'none'}, was {old or 'none'}"
        subject = activity.at("id")._replace(
            address=f"{activity.address}/replaces",
            old=(*activity.old, "replaces"),
            new=(*activity.new, "replaces"),
            values=(old, new),
        )
        yield change_of(subject, Kind.REPLACEMENT_CHANGED, text)


def _changed(activity: Subject) -> Changes:
    for part in PARTS:
        yield from part(activity)


def _of_entries(part: Callable[[Subject], Changes]) -> Callable[[Subject], Changes]:
    """Changes of each entry that both versions of an activity have."""

    def changes(activity: Subject) -> Changes:
        for entry in entries_of(activity):
            if ABSENT not in entry.values:
                yield from part(entry)

    return changes


def _entry_changes(activity: Subject) -> Changes:
    """Entries that come and go, and in which order the others are."""
    for entry in entries_of(activity):
        kind = Kind.SPEND_ADDED if entry.present.is_spend else Kind.ENTRY_ADDED
        words = partial(_entry_text, activity.pair)
        yield from rule_changes([entry], kind, ("entry added, {}", "entry removed, was {}"), words, _nothing)
    before, after = ({(one.is_spend, one.balance): None for one in rule.entries} for rule in activity.values)
    for key, is_spend in (("spends", True), ("earns", False)):
        was, becomes = (
            tuple(name for spends, name in one if spends is is_spend and (spends, name) in other)
            for one, other in ((before, after), (after, before))
        )
        if was != becomes:
            subject = activity.item(key, None, None)._replace(
                old=(*activity.old, key), new=(*activity.new, key), values=(was, becomes)
            )
            text = f"{key} {', '.join(was)} → {', '.join(becomes)}, in this order"
            yield change_of(subject, Kind.ENTRIES_REORDERED, text)


def _nothing(_: Subject) -> Changes:
    return iter(())


def _balance_changes(entry: Subject) -> Changes:
    subject = entry.at("balance")
    if subject.differs:
        yield change_of(subject, Kind.BALANCE_CHANGED, "feeds {} → {}".format(*subject.values))


def _condition_changes(entry: Subject) -> Changes:
    """When there is such an entry."""
    subject, written = entry.at("condition"), entry.paths("if")
    before, after = subject.values
    if before is None and after is None:
        return
    if before is None:
        text = f"only if {condition_text(after)}"
        yield change_of(subject, Kind.ENTRY_CONDITION_ADDED, text, written)
    elif after is None:
        text = f"in all cases, was only if {condition_text(before)}"
        yield change_of(subject, Kind.ENTRY_CONDITION_REMOVED, text, written)
    elif kind := kind_by_relation(
        subject.values,
        Kind.ENTRY_CONDITION_WIDENED,
        Kind.ENTRY_CONDITION_NARROWED,
        Kind.ENTRY_CONDITION_CHANGED,
    ):
        text = f"if {condition_text(before)} → if {condition_text(after)}"
        yield change_of(subject, kind, text, written)


def _eligibility_changes(activity: Subject) -> Changes:
    subject = activity.at("eligible_if")
    before, after = subject.values
    if before is None and after is None:
        return
    if before is None:
        yield change_of(subject, Kind.CONDITION_ADDED, f"counts only if {condition_text(after)}")
    elif after is None:
        text = f"counts in all cases, was only if {condition_text(before)}"
        yield change_of(subject, Kind.CONDITION_REMOVED, text)
    elif kind := kind_by_relation(
        subject.values, Kind.CONDITION_WIDENED, Kind.CONDITION_NARROWED, Kind.CONDITION_CHANGED
    ):
        yield change_of(subject, kind, f"counts if {condition_text(before)} → if {condition_text(after)}")


def _split_changes(entry: Subject) -> Changes:
    subject = entry.at("split_among")
    before, after = subject.values
    if not subject.differs:
        return
    if before is None:
        yield change_of(subject, Kind.SPLIT_ADDED, f"points shared among {after}")
    elif after is None:
        yield change_of(subject, Kind.SPLIT_REMOVED, f"points no longer shared among {before}")
    else:
        yield change_of(subject, Kind.SPLIT_CHANGED, f"points shared among {before} → {after}")


def _attribute_changes(activity: Subject) -> Changes:
    attributes, rules = activity.at("attributes"), activity.values
    # What the version or a group asks for is a change of theirs.
    shared = {name for version in activity.pair.versions for name in version.attributes}
    shared -= {name for rule in rules for name in rule.named_attributes}
    for name in sorted({*attributes.values[0], *attributes.values[1]} - shared):
        subject = attributes.at(name)
        texts = f"the log carries the attribute {name}", f"the log no longer carries the attribute {name}"
        yield from rule_changes([subject], Kind.ATTRIBUTE_ADDED, texts, str, _changed_attribute)


def _changed_attribute(attribute: Subject) -> Changes:
    subject = attribute.at("type")
    if subject.differs:
        old, new = subject.values
        text = f"attribute {attribute.new[-1]} is {old} → {new}"
        yield change_of(subject, Kind.ATTRIBUTE_TYPE_CHANGED, text)
    default = attribute.at("default")
    if default.differs:
        kind = kind_by_presence(
            default.values, Kind.DEFAULT_ADDED, Kind.DEFAULT_REMOVED, Kind.DEFAULT_CHANGED
        )
        texts = ["not known" if value is None else written(value) for value in default.values]
        yield change_of(
            default, kind, f"attribute {attribute.new[-1]} where it is not given {texts[0]} → {texts[1]}"
        )
    yield from text_changes(attribute)


PARTS = (
    _entry_changes,
    _of_entries(amount_changes),
    _of_entries(_balance_changes),
    _eligibility_changes,
    _of_entries(_condition_changes),
    _of_entries(bonus_changes),
    _of_entries(_split_changes),
    cap_changes,
    _of_entries(cap_changes),
    membership_changes,
    _attribute_changes,
    text_changes,
    _of_entries(text_changes),
)
"""What is compared of an activity, in the order in which changes are listed."""
