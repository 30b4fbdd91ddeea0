"""Changes of activities."""

from __future__ import annotations

from pointbook.changes.amounts import amount_changes
from pointbook.changes.bonuses import bonus_changes
from pointbook.changes.caps import cap_changes
from pointbook.changes.change import Changes, change_of, text_changes
from pointbook.changes.groups import membership_changes
from pointbook.changes.kinds import Kind, kind_by_presence, kind_by_relation
from pointbook.changes.subject import ABSENT, Pair, Subject
from pointbook.model.sections import Section
from pointbook.model.wording import condition_text


def activity_changes(pair: Pair) -> Changes:
    """Activities added, removed and changed."""
    for subject in pair.rules(Section.ACTIVITIES):
        old, new = subject.values
        if old is ABSENT:
            text = f"activity added, {new.points.words}"
            yield change_of(subject, Kind.ACTIVITY_ADDED, text)
        elif new is ABSENT:
            text = f"activity removed, was {old.points.words}"
            yield change_of(subject, Kind.ACTIVITY_REMOVED, text)
        else:
            for part in PARTS:
                yield from part(subject)


def _balance_changes(activity: Subject) -> Changes:
    subject = activity.at("balance")
    if subject.differs:
        text = f"feeds {subject.values[0]} → {subject.values[1]}"
        yield change_of(subject, Kind.BALANCE_CHANGED, text)


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


def _split_changes(activity: Subject) -> Changes:
    subject = activity.at("split_among")
    before, after = subject.values
    if before == after:
        return
    text = f"points shared among {before} → {after}"
    if before is None:
        text = f"points shared among {after}"
    elif after is None:
        text = f"points no longer shared among {before}"
    kind = kind_by_presence(subject.values, Kind.SPLIT_ADDED, Kind.SPLIT_REMOVED, Kind.SPLIT_CHANGED)
    yield change_of(subject, kind, text)


def _attribute_changes(activity: Subject) -> Changes:
    attributes = activity.at("attributes")
    for name in sorted({*attributes.values[0], *attributes.values[1]}):
        subject = attributes.at(name)
        before, after = subject.values
        if before is ABSENT:
            yield change_of(subject, Kind.ATTRIBUTE_ADDED, f"the log carries the attribute {name}")
        elif after is ABSENT:
            text = f"the log no longer carries the attribute {name}"
            yield change_of(subject, Kind.ATTRIBUTE_REMOVED, text)
        else:
            if before.type is not after.type:
                text = f"attribute {name} is {before.type} → {after.type}"
                yield change_of(subject.at("type"), Kind.ATTRIBUTE_TYPE_CHANGED, text)
            yield from text_changes(subject)


PARTS = (
    amount_changes,
    _balance_changes,
    _eligibility_changes,
    bonus_changes,
    _split_changes,
    cap_changes,
    membership_changes,
    _attribute_changes,
    text_changes,
)
"""What is compared of an activity, in the order in which changes are listed."""
