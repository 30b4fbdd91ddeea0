"""Changes of how an activity's points are found."""

from __future__ import annotations

from typing import assert_never

from pointbook.changes.change import Change, Changes, change_of
from pointbook.changes.kinds import Kind, kind_by_presence
from pointbook.changes.subject import ABSENT, Subject
from pointbook.model.points import Assessed, Fixed, PerUnit, Points, Table
from pointbook.model.wording import quantity


def amount_changes(activity: Subject) -> Changes:
    """Changes of the points rule."""
    subject = activity.at("points")
    before: Points = subject.values[0]
    after: Points = subject.values[1]
    if before == after:
        return
    if type(before) is not type(after):
        text = f"{before.words} → {after.words}"
        yield change_of(subject, Kind.AMOUNT_FORM_CHANGED, text)
        return
    match before:
        case Fixed():
            yield _amount_change(subject)
        case Assessed():
            yield _range_change(subject)
        case PerUnit():
            yield from _rate_changes(subject)
        case Table():
            yield from _table_changes(subject)
        case _:
            assert_never(before)


def _amount_change(subject: Subject) -> Change:
    before, after = subject.values
    kind = Kind.AMOUNT_RAISED if after.points > before.points else Kind.AMOUNT_LOWERED
    return change_of(subject, kind, f"{before.points:,} → {quantity(after.points, 'point')}")


def _range_change(subject: Subject) -> Change:
    before, after = subject.values
    if after.minimum >= before.minimum and after.maximum >= before.maximum:
        kind = Kind.RANGE_RAISED
    elif after.minimum <= before.minimum and after.maximum <= before.maximum:
        kind = Kind.RANGE_LOWERED
    else:
        kind = Kind.RANGE_WIDENED if after.maximum > before.maximum else Kind.RANGE_NARROWED
    return change_of(subject, kind, f"{before.words} → {after.words}")


def _rate_changes(subject: Subject) -> Changes:
    before, after = subject.values
    if before.points != after.points:
        kind = Kind.RATE_RAISED if after.points > before.points else Kind.RATE_LOWERED
        text = f"{before.words} → {after.words}"
        yield change_of(subject.at("points"), kind, text, subject.paths("per", "points"))
    if before.attribute != after.attribute:
        text = f"counted by {before.attribute} → {after.attribute}"
        written = subject.paths("per", "attribute")
        yield change_of(subject.at("attribute"), Kind.RATE_ATTRIBUTE_CHANGED, text, written)
    unit = subject.at("unit")
    if unit.differs:
        kind = kind_by_presence(unit.values, Kind.UNIT_ADDED, Kind.UNIT_REMOVED, Kind.UNIT_CHANGED)
        text = f"unit called {before.unit or 'nothing'} → {after.unit or 'nothing'}"
        yield change_of(unit, kind, text, subject.paths("per", "unit"))


def _table_changes(subject: Subject) -> Changes:
    before, after = subject.values
    if before.attribute != after.attribute:
        text = f"looked up by {before.attribute} → {after.attribute}"
        written = subject.paths("by", "attribute")
        yield change_of(subject.at("attribute"), Kind.TABLE_ATTRIBUTE_CHANGED, text, written)
    for key in sorted({*before.values, *after.values}):
        value = subject.at("values").at(key)
        if not value.differs:
            continue
        was, becomes = value.values
        if was is ABSENT:
            kind = Kind.TABLE_VALUE_ADDED
        elif becomes is ABSENT:
            kind = Kind.TABLE_VALUE_REMOVED
        else:
            kind = Kind.TABLE_VALUE_RAISED if becomes > was else Kind.TABLE_VALUE_LOWERED
        text = f"`{key}` {_amount(was)} → {_amount(becomes)}"
        yield change_of(value, kind, text, subject.paths("by", "values", key))


def _amount(points: int | object) -> str:
    return quantity(points, "point") if isinstance(points, int) else "not listed"
