"""The elements of activities: what each entry gives or takes, when, and what limits it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.model.sections import Section
from pointbook.model.wording import quantity
from pointbook.scenarios.coverage.drafts import Draft, of_caps, of_comparisons, of_defaults, of_whole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pointbook.model.activities import Activity, EntryRule
    from pointbook.model.points.lookup import Table
    from pointbook.model.program import Version
    from pointbook.model.rules import Path

    """A rate that counts whole steps only, with where these are written, from the points down."""


def activity_drafts(version: Version) -> Iterator[Draft]:
    """What the elements of a version's activities are made of."""
    for activity in version.activities.values():
        path = (Section.ACTIVITIES, activity.id)
        for entry in activity.entries:
            yield from _entry(activity, entry, path)
        event = f"no scenario has an event of `{activity.id}` that"
        if activity.eligible_if is not None:
            here = (*path, "eligible_if")
            sides = {True: f"{event} is eligible", False: f"{event} is not eligible"}
            yield from of_whole(activity.eligible_if, here, sides)
            yield from of_comparisons(activity.eligible_if, here, f"an event of `{activity.id}`")
        lacking = f"no scenario has an event of `{activity.id}` without"
        yield from of_defaults(activity.attributes, (*path, "attributes"), lacking)
        yield from of_caps(path, activity.caps)
    for new, old in version.replaces.items():
        lacking = f"no scenario with `version: {version.id}` has an event of `{old}`, which this replaces"
        yield Draft((Section.ACTIVITIES, new, "replaces"), lacking)


def _entry(activity: Activity, entry: EntryRule, path: Path) -> Iterator[Draft]:
    event = f"no scenario has an event of `{activity.id}` that"
    counts = f"{event} counts" if activity.is_short else f"{event} counts in `{entry.balance}`"
    here, points = (*path, *entry.path), entry.points
    looked_up = tuple((*path, *entry.at(*need.path)) for need in points.needs)
    found_at = (*path, *entry.at(*points.path_for({})))
    parts = ((*path, "balance"), (*path, "groups"), found_at, *looked_up)
    if entry.is_spend:
        counts = f"{event} takes from `{entry.balance}`"
        refused = f"{event} is refused because `{entry.balance}` does not cover it"
        yield Draft(here, refused, False, parts)
    yield Draft(here, f"{counts}: {points.words}", True, parts)
    for place, outermost in entry.tables:
        for steps, table in outermost.layers:
            yield from _table(table, (*path, *place, *steps), counts, looked_up)
    for place, attribute, step in points.stepped:
        lacking = f"{counts} with some `{attribute}` left over after whole {step:,}"
        yield Draft((*path, *entry.at("points", *place)), lacking, True, looked_up)
    if entry.condition is not None:
        where, whose = (*here, "if"), f"an event of `{activity.id}`"
        asked = f"an entry in `{entry.balance}`"
        sides = {True: f"{event} has {asked}", False: f"{event} has not {asked}"}
        yield from of_whole(entry.condition, where, sides)
        yield from of_comparisons(entry.condition, where, whose)
    for index, bonus in enumerate(entry.bonuses):
        where = (*here, "bonuses", index)
        worth = quantity(bonus.points, "point") if bonus.percent == 0 else bonus.words
        yield Draft(where, f"{counts} with this bonus ({worth})")
        yield from of_whole(bonus.condition, (*where, "if"), {False: f"{counts} without this bonus"})
        yield from of_comparisons(bonus.condition, (*where, "if"), f"an event of `{activity.id}`")
    if entry.split_among is not None:
        yield Draft((*here, "split_among"), f"{counts} and is shared by more than one")
    yield from of_caps(here, entry.caps)


def _table(table: Table, path: Path, counts: str, looked_up: tuple[Path, ...]) -> Iterator[Draft]:
    for keys, _ in table.leaves:
        pairs = zip(table.attributes, keys, strict=False)
        values = " and ".join(f"`{name}` {value}" for name, value in pairs)
        yield Draft((*path, "values", *keys), f"{counts} with {values}", True, looked_up)
    if table.otherwise is not None:
        names = " and ".join(f"`{name}`" for name in table.attributes)
        yield Draft((*path, "else"), f"{counts} with a value of {names} that is not listed", True, looked_up)
