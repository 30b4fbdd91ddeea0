"""Changes of groups, and of which activities are in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.changes.change import Changes, change_of, rule_changes, text_changes
from pointbook.changes.finders.caps import cap_changes
from pointbook.changes.finders.matching import matched_names
from pointbook.changes.kinds import Kind
from pointbook.model.sections import Section

if TYPE_CHECKING:
    from pointbook.changes.subject import Pair, Subject


def group_changes(pair: Pair) -> Changes:
    """Groups added, removed, and their limits."""
    texts = "group of activities added", "group of activities removed"
    return rule_changes(pair.rules(Section.GROUPS), Kind.GROUP_ADDED, texts, str, _changed_group)


def _changed_group(group: Subject) -> Changes:
    yield from cap_changes(group)
    yield from text_changes(group)


def membership_changes(activity: Subject) -> Changes:
    """Groups that an activity joins and leaves, and the order in which it goes through them."""
    subject = activity.at("groups")
    match = matched_names(*subject.values)
    texts = "joins the group {}", "leaves the group {}"
    yield from rule_changes(match.items(subject), Kind.GROUP_JOINED, texts, str, lambda _: ())
    if match.reordered is not None:
        order = ", ".join(subject.values[1][index] for index in match.in_new_order)
        text = f"goes through its groups in another order: {order}"
        yield change_of(subject.ordered(match.reordered), Kind.GROUPS_REORDERED, text)
