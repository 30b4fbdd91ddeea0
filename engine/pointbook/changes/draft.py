"""A version as a nested draft that can be edited by path, and back.

A draft has what a version promises, but neither its name (`id`) nor how it was written
(`based_on`, positions, digest). Lists are mappings by index, so that an edit of one item does not
move the others. A rule's source that names the version's own document is kept without it, so that
a new page is one change and not one per rule.
"""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from pointbook.model.rules import (
    Activity,
    Assessed,
    Attribute,
    Benefit,
    Bonus,
    Cap,
    Group,
    Level,
    LifeCycle,
    PerUnit,
    Source,
    Table,
    Version,
)
from pointbook.reasoning.conditions import canonical_condition

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pointbook.model.rules import Points

Draft = dict[Any, Any]

TEXTS = ("title", "note", "source")
HEADER = ("effective_from", "announced_on", *TEXTS)


def draft_of(version: Version) -> Draft:
    """The version as a draft."""
    page = version.source
    return {
        **{key: getattr(version, key) for key in HEADER},
        "levels": {key: _fields(level, page, "threshold") for key, level in version.levels.items()},
        "benefits": {key: _fields(benefit, page, "from_level") for key, benefit in version.benefits.items()},
        "life_cycle": _fields(version.life_cycle, page, "demotion", "leap_day"),
        "groups": {key: group_draft(group, page) for key, group in version.groups.items()},
        "activities": {key: activity_draft(activity, page) for key, activity in version.activities.items()},
    }


def part_draft(value: object, page: Source | None) -> Any:  # noqa: PLR0911 - one return per kind reads best
    """A record of the model as the part of a draft that it is; any other value as it is."""
    match value:
        case Level():
            return _fields(value, page, "threshold")
        case Benefit():
            return _fields(value, page, "from_level")
        case Group():
            return group_draft(value, page)
        case Activity():
            return activity_draft(value, page)
        case Cap():
            return _fields(value, page, "kind", "limit", "per")
        case Bonus():
            return _fields(value, page, "points", "condition")
        case Attribute():
            return _fields(value, page, "type")
        case Assessed() | PerUnit() | Table():
            return points_draft(value)
    return value


def activity_draft(activity: Activity, page: Source | None) -> Draft:
    """An activity as part of a draft."""
    return {
        **_fields(activity, page, "balance", "eligible_if", "split_among"),
        "points": points_draft(activity.points),
        "attributes": {name: part_draft(attribute, page) for name, attribute in activity.attributes.items()},
        "bonuses": {index: part_draft(bonus, page) for index, bonus in enumerate(activity.bonuses)},
        "caps": {index: part_draft(cap, page) for index, cap in enumerate(activity.caps)},
        "groups": dict(enumerate(activity.groups)),
    }


def group_draft(group: Group, page: Source | None) -> Draft:
    """A group as part of a draft."""
    return {
        **_fields(group, page),
        "caps": {index: part_draft(cap, page) for index, cap in enumerate(group.caps)},
    }


def points_draft(points: Points) -> Any:
    """A points rule as part of a draft: a mapping where parts of it change on their own."""
    match points:
        case Assessed():
            return replace(points, open_ended=False)
        case PerUnit():
            return {"points": points.points, "attribute": points.attribute, "unit": points.unit}
        case Table():
            return {"attribute": points.attribute, "values": dict(points.values)}
    return points


def texts_of(record: object, page: Source | None) -> Draft:
    """Title, note and source of a record of the model, as far as its kind has them."""
    texts = {key: getattr(record, key) for key in TEXTS if hasattr(record, key)}
    if "source" in texts:
        texts["source"] = _relative(texts["source"], page)
    return texts


def _relative(source: Source | None, page: Source | None) -> Source | None:
    """The source without its document where that is the page's."""
    if source is not None and page is not None and source.document == page.document:
        return Source("", source.section)
    return source


def version_from_draft(draft: Draft, like: Version) -> Version:
    """The version that the draft describes, with the name of `like`.

    What refers to something that the draft lacks has no effect: an activity's group that is not
    there limits nothing, and a benefit whose level is not there belongs to no level.
    """
    page = draft["source"]
    levels = sorted(draft["levels"].items(), key=lambda item: (item[1]["threshold"], item[0]))
    groups = draft["groups"]
    return Version(
        id=like.id,
        **{key: draft[key] for key in HEADER},
        levels=MappingProxyType(
            {key: Level(id=key, threshold=part["threshold"], **_texts(part, page)) for key, part in levels}
        ),
        activities=MappingProxyType(
            {key: _activity(key, part, page, groups) for key, part in draft["activities"].items()}
        ),
        groups=MappingProxyType(
            {key: Group(id=key, caps=_caps(part, page), **_texts(part, page)) for key, part in groups.items()}
        ),
        benefits=MappingProxyType(
            {
                key: Benefit(
                    id=key,
                    from_level=part["from_level"] if part["from_level"] in draft["levels"] else None,
                    **_texts(part, page),
                )
                for key, part in draft["benefits"].items()
            }
        ),
        life_cycle=LifeCycle(
            demotion=draft["life_cycle"]["demotion"],
            leap_day=draft["life_cycle"]["leap_day"],
            note=draft["life_cycle"]["note"],
            source=_absolute(draft["life_cycle"]["source"], page),
        ),
    )


def rules_of(version: Version) -> Version:
    """The version's rules in one form: equal for two versions exactly if they mean the same.

    Left out are the name, what the version was written as a patch of, and where; the order of
    bonuses and of the parts of conditions is set, and `up_to` is written as the range it is.
    """
    bare = version_from_draft(draft_of(version), version)
    activities = {
        key: replace(
            activity,
            eligible_if=None if activity.eligible_if is None else canonical_condition(activity.eligible_if),
            bonuses=tuple(
                sorted(
                    (
                        replace(bonus, condition=canonical_condition(bonus.condition))
                        for bonus in activity.bonuses
                    ),
                    key=repr,
                )
            ),
        )
        for key, activity in bare.activities.items()
    }
    return replace(bare, id="", activities=MappingProxyType(activities))


def _fields(record: object, page: Source | None, *names: str) -> Draft:
    return {**{name: getattr(record, name) for name in names}, **texts_of(record, page)}


def _absolute(source: Source | None, page: Source | None) -> Source | None:
    if source is None or source.document or page is None:
        return source
    return Source(page.document, source.section)


def _texts(part: Draft, page: Source | None) -> dict[str, Any]:
    return {"title": part["title"], "note": part["note"], "source": _absolute(part["source"], page)}


def _caps(part: Draft, page: Source | None) -> tuple[Cap, ...]:
    return tuple(
        Cap(kind=cap["kind"], limit=cap["limit"], per=cap["per"], **_texts(cap, page))
        for cap in part["caps"].values()
    )


def _points(part: Any) -> Points:
    if not isinstance(part, dict):
        points: Points = part
        return points
    if "values" in part:
        return Table(part["attribute"], MappingProxyType(dict(part["values"])))
    return PerUnit(part["points"], part["attribute"], part["unit"])


def _activity(activity_id: str, part: Draft, page: Source | None, groups: Mapping[str, Any]) -> Activity:
    return Activity(
        id=activity_id,
        balance=part["balance"],
        points=_points(part["points"]),
        attributes=MappingProxyType(
            {name: Attribute(**attribute) for name, attribute in part["attributes"].items()}
        ),
        eligible_if=part["eligible_if"],
        bonuses=tuple(
            Bonus(points=bonus["points"], condition=bonus["condition"], **_texts(bonus, page))
            for bonus in part["bonuses"].values()
        ),
        split_among=part["split_among"],
        caps=_caps(part, page),
        groups=tuple(group for group in part["groups"].values() if group in groups),
        **_texts(part, page),
    )
