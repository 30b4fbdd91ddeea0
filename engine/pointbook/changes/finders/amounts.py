"""Changes of how the points of an entry are found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, assert_never

from pointbook.changes.change import Change, Changes, change_of
from pointbook.changes.choosing import kind_by_presence
from pointbook.changes.entries import points_of
from pointbook.changes.kinds import Kind
from pointbook.changes.subject import ABSENT, Subject
from pointbook.model.points.forms import Assessed, Fixed, Points, SameAs
from pointbook.model.points.lookup import Table, gains_between
from pointbook.model.points.rates import AssessedPerUnit, PerUnit
from pointbook.model.wording import quantity

if TYPE_CHECKING:
    from pointbook.model.amounts import Amount


def amount_changes(entry: Subject) -> Changes:
    """Changes of the points rule."""
    subject = points_of(entry)
    before: Points = subject.values[0]
    after: Points = subject.values[1]
    if before == after:
        return
    if type(before) is not type(after) or _looks_up_otherwise(before, after):
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
        case AssessedPerUnit():
            yield _assessed_rate_change(subject)
        case Table():
            yield from _table_changes(subject)
        case SameAs():
            yield change_of(subject, Kind.AMOUNT_FORM_CHANGED, f"{before.words} → {after.words}")
        case _:
            assert_never(before)


def _looks_up_otherwise(before: Points, after: Points) -> bool:
    """Whether tables are by another number of attributes, so that nothing of one is in the other."""
    if not (isinstance(before, Table) and isinstance(after, Table)):
        return False
    return len(before.attributes) != len(after.attributes)


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


def _assessed_rate_change(subject: Subject) -> Change:
    """One change, for a total that people assess is found by all that stands there together."""
    before, after = subject.values
    text = f"{before.words} → {after.words}"
    if (before.attribute, before.every) != (after.attribute, after.every):
        return change_of(subject, Kind.RATE_ATTRIBUTE_CHANGED, text)
    if (before.minimum, before.maximum) != (after.minimum, after.maximum):
        return _range_change(subject)
    return change_of(subject, Kind.UNIT_CHANGED, text)


def _rate_changes(subject: Subject) -> Changes:
    before, after = subject.values
    if before.points != after.points:
        text = f"{before.words} → {after.words}"
        yield change_of(subject.at("points"), _rate_kind(before, after), text, subject.paths("per", "points"))
    if before.attribute != after.attribute:
        text = f"counted by {before.attribute} → {after.attribute}"
        written = subject.paths("per", "attribute")
        yield change_of(subject.at("attribute"), Kind.RATE_ATTRIBUTE_CHANGED, text, written)
    every = subject.at("every")
    if every.differs:
        texts = ["each unit" if step is None else f"every {step:,}" for step in every.values]
        kind = Kind.RATE_STEP_CHANGED
        if None not in every.values:
            kind = Kind.RATE_STEP_RAISED if after.every > before.every else Kind.RATE_STEP_LOWERED
        yield change_of(every, kind, f"for {texts[0]} → for {texts[1]}", subject.paths("per", "every"))
    unit = subject.at("unit")
    if unit.differs:
        kind = kind_by_presence(unit.values, Kind.UNIT_ADDED, Kind.UNIT_REMOVED, Kind.UNIT_CHANGED)
        text = f"unit called {before.unit or 'nothing'} → {after.unit or 'nothing'}"
        yield change_of(unit, kind, text, subject.paths("per", "unit"))


def _rate_kind(before: PerUnit, after: PerUnit) -> Kind:
    """Higher or lower where it is so for every event; of tables, where the same values are listed."""
    gains = gains_between(before.points, after.points)
    if gains is not None and min(gains) >= 0:
        return Kind.RATE_RAISED
    return Kind.RATE_LOWERED if gains is not None and max(gains) <= 0 else Kind.RATE_TABLE_CHANGED


def _table_changes(subject: Subject) -> Changes:
    before, after = subject.values
    if before.attributes != after.attributes:
        text = f"looked up by {' and '.join(before.attributes)} → {' and '.join(after.attributes)}"
        name = "attribute" if len(before.attributes) == 1 else "attributes"
        attributes = subject.item(name, "attributes", "attributes")
        yield change_of(attributes, Kind.TABLE_ATTRIBUTE_CHANGED, text, subject.paths("by", name))
    yield from _value_changes(subject.at("values"), subject, ())
    otherwise = subject.item("else", "otherwise", "otherwise")
    if otherwise.differs:
        kind = kind_by_presence(
            otherwise.values, Kind.TABLE_ELSE_ADDED, Kind.TABLE_ELSE_REMOVED, Kind.TABLE_ELSE_CHANGED
        )
        texts = ["nothing" if form is None else form.words for form in otherwise.values]
        text = f"for values that are not listed {texts[0]} → {texts[1]}"
        yield change_of(otherwise, kind, text, subject.paths("by", "else"))


def _value_changes(values: Subject, table: Subject, above: tuple[str, ...]) -> Changes:
    """Changes of what is listed, however deep; `above` are the values of the attributes before."""
    keys = {key for side in values.values if isinstance(side, Mapping) for key in side}
    for key in sorted(keys):
        value = values.at(key)
        if not value.differs:
            continue
        if any(isinstance(side, Mapping) for side in value.values):
            yield from _value_changes(value, table, (*above, key))
            continue
        was, becomes = value.values
        if was is ABSENT:
            kind = Kind.TABLE_VALUE_ADDED
        elif becomes is ABSENT:
            kind = Kind.TABLE_VALUE_REMOVED
        else:
            kind = Kind.TABLE_VALUE_RAISED if becomes > was else Kind.TABLE_VALUE_LOWERED
        named = " ".join((*above, key))
        text = f"`{named}` {_amount(was)} → {_amount(becomes)}"
        yield change_of(value, kind, text, table.paths("by", "values", *above, key))


def _amount(points: Amount | object) -> str:
    return "not listed" if points is ABSENT else quantity(points, "point")  # type: ignore[arg-type]  # a number, then
