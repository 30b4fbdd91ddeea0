"""A version as a nested draft that can be edited by path, and back.

A draft is made from the fields of the model's records, so a new field or record is in it without
an edit here. It has what a version promises, but neither its name nor how it was written. Lists are
mappings by index, so that an edit of one item does not move the others. An activity's entries are by balance,
below `spends` and `earns`, also the one in the short form. A rule's source that names
the version's own document is kept without it, so that a new page is one change and not one per rule.
What is not edited is not taken apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from pointbook.changes.redefining import redefined, relevelled
from pointbook.model.activities import Activity, EntryRule
from pointbook.model.conditions import All, AnyOf, Comparison, Not
from pointbook.model.levels import in_order
from pointbook.model.plain_values import NEVER_PLAIN
from pointbook.model.points.forms import Assessed, Fixed
from pointbook.model.points.rates import AssessedPerUnit
from pointbook.model.rules import Source

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pointbook.model.levels import Level
    from pointbook.model.program import Version

CHANGE_AS_ONE = Fixed | Assessed | AssessedPerUnit | Comparison | All | AnyOf | Not | Source
"""Records no part of which changes on its own."""

NAMES = frozenset(("id", "based_on", "removes", "replaces", "incomplete"))
"""Fields that name a rule or say how a version was written; so do all that are left out of comparisons."""

TEXTS = ("title", "note", "source")

_ENTRIES = {"spends": True, "earns": False}
"""Where a draft has the entries of an activity, and whether those spend."""


class Draft(dict[Any, Any]):
    """The values of a record, mapping or list by field, key or index; they can be drafts themselves."""

    def __init__(self, form: type, entries: Mapping[Any, Any]) -> None:
        """Of a record of the class `form`, of a `Mapping`, or of a `tuple`, which is a list."""
        super().__init__(entries)
        self.form = form


def draft_of(version: Version, *, page_moves: bool) -> Draft:
    """The version as a draft; `page_moves` if its own source is to change, which rules' sources follow."""
    draft = _with_relative_sources(version, version.source) if page_moves else opened(version)
    assert isinstance(draft, Draft)
    draft["source"] = version.source
    return draft


def opened(value: Any) -> Any:
    """A record, mapping or list as a draft whose own values are not drafts yet; any other value as it is."""
    if isinstance(value, Draft):
        return value
    if isinstance(value, Mapping):
        return Draft(Mapping, value)
    if isinstance(value, tuple):
        return Draft(tuple, dict(enumerate(value)))
    if not is_dataclass(value) or isinstance(value, CHANGE_AS_ONE):
        return value
    form: Any = type(value)
    draft = Draft(form, {name: getattr(value, name) for name in _fields(form)[0]})
    if isinstance(value, Activity):
        entries = draft.pop("entries")
        for key, is_spend in _ENTRIES.items():
            here = {entry.balance: entry for entry in entries if entry.is_spend is is_spend}
            draft[key] = Draft(Mapping, here)
    return draft


def _with_relative_sources(value: Any, page: Source | None) -> Any:
    """The value as drafts down to its last part, in which sources do not name the page's document."""
    if isinstance(value, Source):
        same = page is not None and value.document == page.document
        return Source("", value.section) if same else value
    draft = opened(value)
    if isinstance(draft, Draft):
        for key, item in draft.items():
            draft[key] = _with_relative_sources(item, page)
    return draft


def texts_of(record: object, page: Source | None) -> dict[str, Any]:
    """Title, note and source of a record of the model, as far as its kind has them."""
    return {key: _with_relative_sources(getattr(record, key), page) for key in TEXTS if hasattr(record, key)}


def version_from_draft(draft: Draft, like: Version) -> Version:
    """The version that the draft describes, with the name of `like`.

    What refers to something that the draft lacks has no effect: an activity's group that is not
    there limits nothing, a benefit whose level is not there belongs to no level, and an activity without
    entries is none.
    """
    version: Version = _built(draft, draft["source"], like.id)
    benefits = {
        key: benefit if benefit.from_level in version.levels else replace(benefit, from_level=None)
        for key, benefit in version.benefits.items()
    }
    activities = {
        key: activity
        if version.groups.keys() >= set(activity.groups)
        else replace(activity, groups=tuple(group for group in activity.groups if group in version.groups))
        for key, activity in version.activities.items()
        if activity.entries
    }
    changed = replace(
        version,
        levels=in_order(_in_place(version.levels.values())),
        benefits=MappingProxyType(benefits),
        activities=MappingProxyType(activities),
    )
    return redefined(relevelled(changed, changed.levels), changed.conditions)


def _in_place(levels: Iterable[Level]) -> list[Level]:
    """Levels in the order of their thresholds; as they are where one has no threshold alone."""
    known = list(levels)
    if any(level.requires for level in known):
        return known
    return sorted(known, key=lambda level: (level.threshold, level.id))


@cache
def _fields(record: Any) -> tuple[tuple[str, ...], bool]:
    """The fields that say what a rule is, and whether its key in a mapping is also its id."""
    derived = record is EntryRule  # has fields that no rule writes, and that belong to what it is
    names = [one.name for one in fields(record) if one.compare or (derived and one.metadata == NEVER_PLAIN)]
    return tuple(name for name in names if name not in NAMES), "id" in names


def _built(part: Any, page: Source | None, key: str) -> Any:
    if isinstance(part, Source):
        return part if part.document or page is None else Source(page.document, part.section)
    if not isinstance(part, Draft):
        return part
    if part.form is tuple:
        return tuple(_built(item, page, key) for item in part.values())
    built = {name: _built(item, page, name) for name, item in part.items()}
    if part.form is Mapping:
        return MappingProxyType(built)
    if part.form is Activity:
        built["entries"] = tuple(entry for name in _ENTRIES for entry in built.pop(name).values())
    return part.form(**built, **({"id": key} if _fields(part.form)[1] else {}))
