"""Changes applied to a version, all of them or any of them.

    changes = changes_between(old, new)
    applied(changes, old)                 # means what `new` means

Any subset can be applied, because no two changes touch the same value and none lies inside
another. What a subset leaves dangling has no effect; `version_from_draft` says how.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.changes.draft import Draft, draft_of, opened, version_from_draft
from pointbook.changes.subject import ABSENT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pointbook.changes.change import Change
    from pointbook.model.program import Version
    from pointbook.model.rules import Path


def applied(changes: Iterable[Change], old: Version) -> Version:
    """`old` with the changes, which were found from it to some other version.

    Raises:
        KeyError: A change is about something that `old` does not have.
    """
    changes = tuple(changes)
    draft = draft_of(old, page_moves=any(change.old.path == ("source",) for change in changes))
    additions: list[Change] = []
    orders: list[Change] = []
    removals: list[Change] = []
    for change in changes:
        if change.kind.reorders:
            orders.append(change)
        elif change.old.value is ABSENT:
            additions.append(change)
        elif change.new.value is ABSENT:
            removals.append(change)
        else:
            _at(draft, change.old.path[:-1])[change.old.path[-1]] = change.new.value
    for change in removals:
        del _at(draft, change.old.path[:-1])[change.old.path[-1]]
    for change in orders:
        _reorder(_at(draft, change.old.path), change.old.value, change.new.value)
    for change in sorted(additions, key=_position):
        _insert(draft, change)
    return version_from_draft(draft, old)


def _at(draft: Draft, path: Path) -> Draft:
    """The part of the draft at a path, opened down to there."""
    for step in path:
        draft[step] = opened(draft[step])
        draft = draft[step]
    return draft


def _reorder(items: Draft, old: tuple[int, ...], new: tuple[int, ...]) -> None:
    """Put the items at `old`, in that order, in the order `new`; others keep their places."""
    places = set(old)
    following = iter(key for key in new if key in items)
    order = [next(following) if key in places else key for key in items]
    entries = [(key, items[key]) for key in order]
    items.clear()
    items.update(entries)


def _position(change: Change) -> int:
    last = change.new.path[-1]
    return last if isinstance(last, int) else 0


def _insert(draft: Draft, change: Change) -> None:
    parent, key = _at(draft, change.old.path), change.new.path[-1]
    if isinstance(key, str):
        parent[key] = change.new.value
        return
    entries = list(parent.items())
    entries.insert(min(key, len(entries)), (("added", key), change.new.value))
    parent.clear()
    parent.update(entries)
