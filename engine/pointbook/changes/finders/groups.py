"""Changes of groups, and of which activities are in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.changes.change import Changes, rule_changes, text_changes
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
    """Groups that an activity joins and leaves. Their order is no matter."""
    subject = activity.at("groups")
    items = matched_names(*subject.values).items(subject)
    texts = "joins the group {}", "leaves the group {}"
    return rule_changes(items, Kind.GROUP_JOINED, texts, str, lambda _: ())
