"""Changes of limits, on activities and on groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.changes.change import Changes, change_of, text_changes
from pointbook.changes.kinds import Kind
from pointbook.changes.matching import matched_caps
from pointbook.model.windows import lies_inside
from pointbook.model.wording import cap_text, counted_text

if TYPE_CHECKING:
    from pointbook.changes.subject import Subject
    from pointbook.model.windows import Per


def cap_changes(owner: Subject) -> Changes:
    """Caps added, removed, changed and reordered on one activity or group."""
    subject = owner.at("caps")
    old, new = subject.values
    match = matched_caps(old, new)
    for name, index in match.removed:
        text = f"limit removed, was at most {cap_text(old[index])}"
        yield change_of(subject.item(name, index, None), Kind.CAP_REMOVED, text)
    for name, index in match.added:
        text = f"limit added, at most {cap_text(new[index])}"
        yield change_of(subject.item(name, None, index), Kind.CAP_ADDED, text)
    for name, one, other in match.same:
        yield from _changed_cap(subject.item(name, one, other))
    if match.reordered is not None:
        order = "; ".join(f"at most {cap_text(new[index])}" for index in match.in_new_order)
        text = f"limits in another order: {order}"
        yield change_of(subject.ordered(match.reordered), Kind.CAPS_REORDERED, text)


def _changed_cap(subject: Subject) -> Changes:
    old, new = subject.values
    if old.limit != new.limit:
        kind = Kind.CAP_RAISED if new.limit > old.limit else Kind.CAP_LOWERED
        text = f"limit {old.limit:,} → {counted_text(new.limit, new.kind)} {new.per.window.words}"
        written = ((*subject.old, old.kind.value), (*subject.new, new.kind.value))
        yield change_of(subject.at("limit"), kind, text, written)
    if old.per is not new.per:
        text = f"limit {old.per.window.words} → {new.per.window.words}"
        yield change_of(subject.at("per"), _window_kind(old.per, new.per), text)
    yield from text_changes(subject)


def _window_kind(old: Per, new: Per) -> Kind:
    if lies_inside(old, new):
        return Kind.CAP_WINDOW_WIDENED
    return Kind.CAP_WINDOW_NARROWED if lies_inside(new, old) else Kind.CAP_WINDOW_CHANGED
