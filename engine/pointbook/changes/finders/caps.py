"""Changes of limits, on activities and on groups."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING

from pointbook.changes.change import Changes, change_of, rule_changes, text_changes
from pointbook.changes.finders.matching import matched_caps
from pointbook.changes.kinds import Kind
from pointbook.model.windows import lies_inside

if TYPE_CHECKING:
    from pointbook.changes.subject import Subject
    from pointbook.model.windows import Per


def cap_changes(owner: Subject) -> Changes:
    """Caps added, removed and changed on one activity, entry or group. Their order is no matter."""
    subject = owner.at("caps")
    items = matched_caps(*subject.values).items(subject)
    texts = "limit added, at most {}", "limit removed, was at most {}"
    return rule_changes(items, Kind.CAP_ADDED, texts, attrgetter("words"), _changed_cap)


def _changed_cap(subject: Subject) -> Changes:
    old, new = subject.values
    if old.limit != new.limit:
        kind = Kind.CAP_RAISED if new.limit > old.limit else Kind.CAP_LOWERED
        text = f"limit {old.limit:,} → {new.kind.counted(new.limit)} {new.per.window.words}"
        written = ((*subject.old, old.kind.value), (*subject.new, new.kind.value))
        yield change_of(subject.at("limit"), kind, text, written)
    if old.per is not new.per:
        text = f"limit {old.per.window.words} → {new.per.window.words}"
        yield change_of(subject.at("per"), _window_kind(old.per, new.per), text)
    balance = subject.at("balance")
    if balance.differs:
        text = "limits {} → {}".format(*(name or "what it feeds" for name in balance.values))
        yield change_of(balance, Kind.CAP_BALANCE_CHANGED, text)
    yield from text_changes(subject)


def _window_kind(old: Per, new: Per) -> Kind:
    if lies_inside(old, new):
        return Kind.CAP_WINDOW_WIDENED
    return Kind.CAP_WINDOW_NARROWED if lies_inside(new, old) else Kind.CAP_WINDOW_CHANGED
