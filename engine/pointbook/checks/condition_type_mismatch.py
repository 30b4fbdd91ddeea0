"""A value or an operator that does not fit the type of its attribute.

**What.** Conditions compare an attribute with values of its type: numbers with numbers, `true` or
`false` with booleans, days that exist with dates. `at_least` and `at_most` need numbers or dates,
`within` needs two dates. `per` needs a number, `split_among` an integer, and `by` a text, integer or
boolean whose values are the table's keys.

**Why.** Such a condition never holds, or such a table is never hit, and nobody is told.

**Fix.** Quotation marks go from a number and come around a text, `yes` and `no` become `true` and `false`,
and a date is written as YYYY-MM-DD, where the value can be only one.

Failing:

    activities:
      training.attended:
        attributes:
          days: {type: integer}
          online: {type: boolean}
        points: {per: {attribute: days, points: 250}}
        eligible_if: {attribute: online, is: "no"}

Fixed:

    activities:
      training.attended:
        attributes:
          days: {type: integer}
          online: {type: boolean}
        points: {per: {attribute: days, points: 250}}
        eligible_if: {attribute: online, is: false}
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pointbook.checks.reasoning.places import declaration_of
from pointbook.diagnostics import Finding, Related
from pointbook.lower.conditions import attribute_types
from pointbook.model.attributes import LEVEL, MEMBER_PREFIX, OCCURRED_ON, AttributeType
from pointbook.model.conditions import Comparison
from pointbook.reasoning.attribute_values import (
    ORDERED,
    fits,
    key_fits,
    value_text,
    what_to_write,
)
from pointbook.reasoning.conditions import comparisons_of, conditions_under, shared_conditions_of
from pointbook.structure.meant_values import value_fix

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pointbook.checks.reasoning.subject import CheckSubject, Findings
    from pointbook.model.activities import Activity
    from pointbook.model.points.form import Need
    from pointbook.model.program import Version
    from pointbook.model.rules import Path
    from pointbook.source.document import Node

    Types = Mapping[str, AttributeType]

CODE = "condition-type-mismatch"


@dataclass(frozen=True, slots=True)
class _Fault:
    """A use of an attribute that its type does not allow.

    Attributes:
        path: Where it is written, from the top of the version.
        name: The attribute, with `member.` for one of the member's.
        problem: What cannot be done with it, following "is of type x and".
        hint: What to type instead.
        value: The value that does not fit, where it is one.
        typed: How that is typed.
    """

    path: Path
    name: str
    problem: str
    hint: str
    value: object = None
    typed: str = ""


def condition_type_mismatch(subject: CheckSubject) -> Findings:
    """A finding for each value, operator and quantity that does not fit the type it meets."""
    for version, activity, faults in _everywhere(subject):
        types = _types(subject, version, activity)
        for fault in faults:
            place = version.span(*fault.path)
            yield Finding(
                place,
                CODE,
                f"`{fault.name}` is of type {types[fault.name]} and {fault.problem}",
                fault.hint,
                related=_declared(subject, version, activity, fault.name),
                fix=value_fix(place, fault.value, types[fault.name], fault.typed),
            )


def _everywhere(subject: CheckSubject) -> Iterator[tuple[Version, Activity | None, Iterator[_Fault]]]:
    """The faults of each activity, and of the conditions that are of none, with the version."""
    for version in subject.program.versions:
        document = subject.document_of(version)
        written = None if document is None else document.resolved
        for activity in version.activities.values():
            types = _types(subject, version, activity)
            yield version, activity, _faults(comparisons_of(activity), activity, types, written)
        shared = [
            (path, part)
            for top, condition in shared_conditions_of(version)
            for path, part in conditions_under(condition, top)
            if isinstance(part, Comparison)
        ]
        yield version, None, _faults(iter(shared), None, _types(subject, version, None), written)


def _types(subject: CheckSubject, version: Version, activity: Activity | None) -> Types:
    """Of what the activity declares; of what any does, where a condition is of none."""
    rules = version.activities.values() if activity is None else (activity,)
    declared = {name: attribute for rule in rules for name, attribute in rule.attributes.items()}
    return attribute_types(declared, subject.program.member_attributes)


def _faults(
    comparisons: Iterator[tuple[Path, Comparison]],
    activity: Activity | None,
    types: Types,
    written: Node | None,
) -> Iterator[_Fault]:
    for path, comparison in comparisons:
        kind = types.get(comparison.attribute)
        if kind is not None and comparison.attribute != LEVEL:  # unknown-level looks at these
            yield from _operators(comparison, path, kind)
            yield from _values(comparison, path, kind, written)
        if comparison.within is not None:
            yield from _not_a_date(comparison.attribute, (*path, "within"), types)
            yield from _not_a_date(comparison.within.after, (*path, "within", "after"), types)
    if activity is not None:
        for need in activity.needs:
            yield from _needed(need, ("activities", activity.id), types)


def _operators(comparison: Comparison, path: Path, kind: AttributeType) -> Iterator[_Fault]:
    if kind in ORDERED:
        return
    for operator in ("at_least", "at_most"):
        if getattr(comparison, operator) is not None:
            problem = f"has no order, so `{operator}` cannot be asked of it"
            yield _Fault((*path, operator), comparison.attribute, problem, "use `is` or `in` instead")


def _values(
    comparison: Comparison, path: Path, kind: AttributeType, written: Node | None
) -> Iterator[_Fault]:
    compared: list[tuple[Path, object]] = [((*path, "is"), comparison.equals)]
    compared += [((*path, "in", index), value) for index, value in enumerate(comparison.among or ())]
    if kind in ORDERED:
        compared += [((*path, "at_least"), comparison.at_least), ((*path, "at_most"), comparison.at_most)]
    for place, value in compared:
        if value is not None and not fits(value, kind):
            problem = f"cannot be compared with {value_text(value)}"
            node = None if written is None else written.at(place)
            typed = "" if node is None else node.typed
            hint = what_to_write(value, kind, typed)
            yield _Fault(place, comparison.attribute, problem, hint, value, typed)


def _not_a_date(name: str, path: Path, types: Types) -> Iterator[_Fault]:
    if types.get(name, AttributeType.DATE) is not AttributeType.DATE:
        hint = f"`within` compares two days; name a date attribute, or `{OCCURRED_ON}`"
        yield _Fault(path, name, "cannot be so many days from another", hint)


def _needed(need: Need, path: Path, types: Types) -> Iterator[_Fault]:
    """What the points are found by, or shared among, and cannot be."""
    kind = types.get(need.name)
    if kind is not None and kind not in need.types:
        yield _Fault((*path, *need.path), need.name, f"cannot {need.purpose}", need.hint)
    elif kind is not None:
        for key in need.listed:
            if not key_fits(key, kind):
                place = (*path, *need.path[:-1], "values", key)
                problem = f'never has the value "{key}" of the table'
                # Keys are texts, with quotation marks or without.
                hint = what_to_write(key, kind).removesuffix(", without quotation marks")
                yield _Fault(place, need.name, problem, hint)


def _declared(
    subject: CheckSubject, version: Version, activity: Activity | None, name: str
) -> tuple[Related, ...]:
    """Where the attribute's type is written; nowhere for those that every event has."""
    if name in {OCCURRED_ON, LEVEL}:
        return ()
    if name.startswith(MEMBER_PREFIX):
        place = subject.program.span("member_attributes", name.removeprefix(MEMBER_PREFIX), "type")
        return (Related(place, "its type is declared here"),)
    rules = version.activities.values() if activity is None else (activity,)
    owner = next((rule for rule in rules if name in rule.attributes), None)
    path = ("attributes", name) if owner is None else declaration_of(version, owner, name)
    place = version.span(*path, "type")
    return (Related(place, "its type is declared here"),)
