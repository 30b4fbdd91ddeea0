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
        *above, last = change.old.path
        if change.kind is Kind.REPLACEMENT_CHANGED:
            continue  # it says how versions belong together, and nothing of a version by itself
        if change.old.value is ABSENT:
            _insert(_at(draft, change.old.path), change.new.path[-1], change.new.value)
        elif change.new.value is ABSENT:
            del _at(draft, above)[last]
        elif change.kind is Kind.ACTIVITY_REPLACED:
            activities = _at(draft, above)
            del activities[last]
            activities[change.new.path[-1]] = change.new.value
        else:
            _at(draft, above)[last] = change.new.value
    replaced = {
        str(change.new.path[-1]): str(change.old.path[-1])
        for change in changes
        if change.kind is Kind.ACTIVITY_REPLACED
    }
    version = version_from_draft(draft, old)
    return replace(version, replaces=MappingProxyType({**old.replaces, **replaced}))


def _turn(change: Change) -> tuple[bool, int]:
    """What comes is put where it belongs, one by one, when what goes is gone."""
    place = change.new.path[-1]
    is_new = change.old.value is ABSENT
    return is_new, place if is_new and isinstance(place, int) else 0


def _at(draft: Draft, path: Iterable[str | int]) -> Draft:
    """The part of the draft at a path, opened down to there."""
    for step in path:
        draft[step] = opened(draft[step])
        draft = draft[step]
    return draft


def _insert(parent: Draft, key: str | int, value: object) -> None:
    if isinstance(key, str):
        parent[key] = value
        return
    entries = list(parent.items())
    entries.insert(key, (("added", key), value))
    parent.clear()
    parent.update(entries)
