"""Changes applied to a version, all of them or any of them.

    changes = changes_between(old, new)
    applied(changes, old)                 # means what `new` means

Any subset can be applied, because no two changes touch the same value and none lies inside
another. What a subset leaves dangling has no effect; `version_from_draft` says how.
"""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from pointbook.changes.draft import Draft, draft_of, opened, version_from_draft
from pointbook.changes.kinds import Kind
from pointbook.changes.subject import ABSENT
from pointbook.model.activities import Activity, EntryRule
from pointbook.model.points.forms import Fixed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pointbook.changes.change import Change
    from pointbook.model.program import Version


def applied(changes: Iterable[Change], old: Version) -> Version:
    """`old` with the changes, which were found from it to some other version.

    Raises:
        KeyError: A change is about something that `old` does not have.
    """
    changes = tuple(changes)
    draft = draft_of(old, page_moves=any(change.old.path == ("source",) for change in changes))
    for change in sorted(changes, key=_turn):
        _apply(change, draft)
    replaced = {
        str(change.new.path[-1]): str(change.old.path[-1])
        for change in changes
        if change.kind is Kind.ACTIVITY_REPLACED
    }
    version = version_from_draft(draft, old)
    activities = {key: _with_an_entry(rule, old) for key, rule in version.activities.items()}
    return replace(
        version,
        activities=MappingProxyType(activities),
        replaces=MappingProxyType({**old.replaces, **replaced}),
    )


def _with_an_entry(rule: Activity, old: Version) -> Activity:
    """The activity; one of which a subset takes every entry gives nothing, where the first one gave some."""
    if rule.entries or rule.id not in old.activities:
        return rule
    first = old.activities[rule.id].entries[0]
    nothing = EntryRule(first.balance, Fixed(0), path=first.path, attributes=rule.attributes)
    return replace(rule, entries=(nothing,))


def _apply(change: Change, draft: Draft) -> None:
    if change.kind is Kind.REPLACEMENT_CHANGED:
        return  # it says how versions belong together, and nothing of a version by itself
    if change.old.value is ABSENT:
        _insert(_at(draft, change.old.path), change.new.path[-1], change.new.value, change.new.turn)
        return
    parent = _at(draft, change.old.path[:-1])
    last: str | int = change.old.path[-1]
    parent = _short_entry(parent) if _is_of_short_form(parent, last) else parent
    if change.new.value is ABSENT:
        del parent[last]
    elif change.kind is Kind.ACTIVITY_REPLACED:
        del parent[last]
        parent[change.new.path[-1]] = change.new.value
    elif change.kind is Kind.BALANCE_CHANGED:
        parent["balance"] = change.new.value
        _renamed(_at(draft, (*change.old.path[:-1], "earns")), change.old.value, change.new.value)
    elif change.kind in {Kind.ENTRIES_REORDERED, Kind.LEVELS_REORDERED}:
        _reorder(parent[last], change.new.value)
    elif last in parent and isinstance(parent[last], (EntryRule, Draft)) and _is_spend(parent[last]):
        _at(draft, change.old.path)["points"] = change.new.value
    else:
        parent[last] = change.new.value


def _turn(change: Change) -> tuple[bool, int]:
    """What comes is put where it belongs, one by one, when what goes is gone and the others are in order."""
    place = change.new.path[-1]
    is_new = change.old.value is ABSENT
    return is_new, (place if isinstance(place, int) else change.new.turn) if is_new else 0


def _at(draft: Draft, path: Iterable[str | int]) -> Draft:
    """The part of the draft at a path of a document, opened down to there."""
    for step in path:
        if _is_of_short_form(draft, step):
            draft = _short_entry(draft)
        elif draft.form is EntryRule and draft["is_spend"]:
            draft = _opened_in(draft, "points")  # a spend is written as its points alone
        draft = _opened_in(draft, step)
    return draft


def _opened_in(draft: Draft, key: str | int) -> Draft:
    draft[key] = opened(draft[key])
    part: Draft = draft[key]
    return part


def _is_of_short_form(draft: Draft, step: str | int) -> bool:
    """Whether a part of an activity is one of its entry, in the short form."""
    return draft.form is Activity and step in {"balance", "points", "bonuses", "split_among"}


def _short_entry(activity: Draft) -> Draft:
    earns = _opened_in(activity, "earns")
    entries = (_opened_in(earns, key) for key in earns)
    return next(entry for entry in entries if not entry["path"])  # () is a draft where all is opened


def _is_spend(entry: EntryRule | Draft) -> bool:
    found = entry.get("is_spend", False) if isinstance(entry, Draft) else entry.is_spend
    return bool(found)


def _renamed(parent: Draft, old: str, new: str) -> None:
    items = [(new if key == old else key, value) for key, value in parent.items()]
    parent.clear()
    parent.update(items)


def _reorder(parent: Draft, order: tuple[str, ...]) -> None:
    """Put the parts that are in the order where these are now, one after the other."""
    known = iter([key for key in order if key in parent])
    items = [(name := next(known) if key in order else key, parent[name]) for key in parent]
    parent.clear()
    parent.update(items)


def _insert(parent: Draft, key: str | int, value: object, turn: int) -> None:
    if isinstance(key, str) and not isinstance(value, EntryRule):
        parent[key] = value
        return
    entries = list(parent.items())
    entries.insert(*((turn, (key, value)) if isinstance(key, str) else (key, (("added", key), value))))
    parent.clear()
    parent.update(entries)
