"""Changes of groups of activities, and of which activities are in them."""

from __future__ import annotations

from pointbook.changes.caps import cap_changes
from pointbook.changes.change import Changes, change_of, text_changes
from pointbook.changes.kinds import Kind
from pointbook.changes.matching import matched_names
from pointbook.changes.subject import ABSENT, Pair, Subject
from pointbook.model.sections import Section


def group_changes(pair: Pair) -> Changes:
    """Groups added, removed, and their limits."""
    for subject in pair.rules(Section.GROUPS):
        if subject.values[0] is ABSENT:
            yield change_of(subject, Kind.GROUP_ADDED, "group of activities added")
        elif subject.values[1] is ABSENT:
            yield change_of(subject, Kind.GROUP_REMOVED, "group of activities removed")
        else:
            yield from cap_changes(subject)
            yield from text_changes(subject)


def membership_changes(activity: Subject) -> Changes:
    """Groups that an activity joins and leaves, and the order in which it goes through them."""
    subject = activity.at("groups")
    match = matched_names(*subject.values)
    for name, index in match.removed:
        yield change_of(subject.item(name, index, None), Kind.GROUP_LEFT, f"leaves the group {name}")
    for name, index in match.added:
        yield change_of(subject.item(name, None, index), Kind.GROUP_JOINED, f"joins the group {name}")
    if match.reordered is not None:
        order = ", ".join(subject.values[1][index] for index in match.in_new_order)
        text = f"goes through its groups in another order: {order}"
        yield change_of(subject.ordered(match.reordered), Kind.GROUPS_REORDERED, text)
