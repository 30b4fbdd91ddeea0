"""Drafts of a program and of its first version: each activity that was seen, worth nothing yet."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from pointbook.adoption.drafting import remark, with_reason
from pointbook.adoption.further import Use
from pointbook.adoption.guesses import Role
from pointbook.model.attributes import AttributeType
from pointbook.model.wording import quantity
from pointbook.source.yaml_text import scalar_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pointbook.adoption.facts import RowFacts
    from pointbook.adoption.further import FurtherColumn
    from pointbook.adoption.sheets import Sheet

_NOTHING_KNOWN = date(2000, 1, 1)
_DRAFTED = "Drafted by `pointbook adopt`; what says decide is yours."


def program_draft(program_id: str, title: str, timezone: str, members: Sheet | None) -> str:
    """The text of `program.yaml`."""
    lines = [
        *remark(f"What never changes with a version of the rules. {_DRAFTED}"),
        f"id: {scalar_text(program_id)}",
        f"title: {scalar_text(title)}  # decide: made from the folder's name",
        f"timezone: {scalar_text(timezone)}  # decide: where days, months and years are counted",
        "balances:",
        "  points: {title: Points, resets: membership_year}  # decide: or calendar_year, or never",
        "level_balance: points",
        *(_attributes(members.further, indent=0, key="member_attributes") if members is not None else ()),
        f"source: {{document: {scalar_text(f'Draft of {title}')}}}  # decide: where members can read it",
    ]
    return "\n".join(lines) + "\n"


def first_day(facts: RowFacts) -> date:
    """The first of January of the year of the first event."""
    return date(facts.first.year, 1, 1) if facts.first is not None else _NOTHING_KNOWN


def version_draft(events: Sheet, facts: RowFacts, ids: Mapping[str, tuple[str, str]]) -> str:
    """The text of the version."""
    day = first_day(facts)
    seen = f"the first event is of {facts.first.date()}" if facts.first else "no time could be read"
    source = scalar_text(f"Draft from {events.export.short_name}")
    lines = [
        *remark(f"The first version, with every activity that the log has. {_DRAFTED}"),
        f"id: {day}",
        f"effective_from: {day}  # decide: {seen}",
        f"source: {{document: {source}, section: Draft}}  # decide: where members can read it",
        "",
        *remark(
            "From the lowest to the highest, such as silver: {title: Silver, threshold: 500}. Nothing gives"
            " points yet, so that only 0 can be reached."
        ),
        "levels:",
        "  member: {title: Member, threshold: 0, source: {section: Levels}}  # decide",
        "",
        "life_cycle:",
        "  demotion: to_earned  # decide: or one_level",
        "  leap_day: feb_28  # decide: or mar_1",
        "  source: {section: Levels}",
        "",
        "activities:",
        *_activities(events, facts, ids),
    ]
    return "\n".join(lines) + "\n"


def _activities(events: Sheet, facts: RowFacts, ids: Mapping[str, tuple[str, str]]) -> Iterator[str]:
    if not ids:
        yield from with_reason(
            "  activity:", "decide: no column looks like the activity, so this one stands for all"
        )
        yield "    title: Activity"
        yield "    points: 0  # decide"
        yield from _attributes(events.further, indent=4, key="attributes")
        yield "    source: {section: Activities}"
    values: dict[str, list[str]] = {}
    for value, (made, _) in ids.items():
        values.setdefault(made, []).append(value)
    # What no row of these has must be declared too, as log.yaml lets it be read.
    seen_rows = [facts.filled[value] for value in ids]
    left = [one for one in events.further if not any(row[one.column.place] for row in seen_rows)]
    for made, of_it in values.items():
        rows = sum(facts.of_activity[value] for value in of_it)
        yield from with_reason(f"  {scalar_text(made)}:", quantity(rows, "row"))
        yield f"    title: {scalar_text(of_it[0].strip() or made)}"
        yield "    points: 0  # decide"
        yield from _points(events)
        seen = [
            one for one in events.further if any(facts.filled[value][one.column.place] for value in of_it)
        ]
        yield from _attributes([*seen, *left], indent=4, key="attributes")
        left = []
        yield "    source: {section: Activities}"


def _points(events: Sheet) -> Iterator[str]:
    if Role.POINTS not in events.guesses:
        return
    column = events.guesses[Role.POINTS].column
    if column.filled and column.type is AttributeType.INTEGER:
        least, most = column.extent()
        yield from with_reason(
            f"    # points: {{range: [{least}, {most}]}}", f"or as the log's column {column.name!r} says"
        )


def _attributes(further: Sequence[FurtherColumn], *, indent: int, key: str) -> Iterator[str]:
    """Those of the columns that are attributes."""
    found = [one for one in further if one.use is Use.ATTRIBUTE]
    if found:
        yield f"{' ' * indent}{key}:"
    for one in found:
        title = scalar_text(one.column.name)
        line = f"{' ' * (indent + 2)}{one.name}: {{type: {one.type}, title: {title}}}"
        yield from with_reason(line, f"or {one.alternative}" if one.alternative else one.evidence)
