"""The one walk over conditions: those of an activity, the attributes it names, and one form for all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, assert_never

from pointbook.model.attributes import AttributeType
from pointbook.model.conditions import ALWAYS, All, AnyOf, Comparison, Not
from pointbook.reasoning.attribute_values import fits, is_date

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pointbook.model.activities import Activity, EntryRule
    from pointbook.model.conditions import Condition
    from pointbook.model.program import Version
    from pointbook.model.rules import Path

_LOOKED_AT: Path = ("eligible_if", "if", "points", "bonuses", "split_among")


@dataclass(frozen=True, slots=True)
class AttributeUse:
    """A place where a rule names an attribute.

    Attributes:
        name: As written, with `member.` for one of the member's.
        path: Where it is written, from the top of the version.
        in_condition: Whether it is in a condition, where the member's attributes can be named too.
        needs_value: Whether nothing can be decided without it; not where only its presence counts.
        likely_type: The type that an attribute used so would have.
        part: The key of the activity or entry that it is under: `eligible_if`, `if`, `points` and so on.
    """

    name: str
    path: Path
    in_condition: bool
    needs_value: bool
    likely_type: AttributeType
    part: str = ""


def conditions_of(activity: Activity) -> Iterator[tuple[Path, Condition]]:
    """The conditions of an activity, of its entries and of their bonuses, each with its path."""
    path: Path = ("activities", activity.id)
    if activity.eligible_if is not None:
        yield (*path, "eligible_if"), activity.eligible_if
    for entry in activity.entries:
        yield from _conditions_of_entry(entry, path)


def _conditions_of_entry(entry: EntryRule, path: Path) -> Iterator[tuple[Path, Condition]]:
    if entry.condition is not None:
        yield (*path, *entry.at("if")), entry.condition
    for index, bonus in enumerate(entry.bonuses):
        yield (*path, *entry.at("bonuses", index, "if")), bonus.condition


def shared_conditions_of(version: Version) -> Iterator[tuple[Path, Condition]]:
    """The conditions of a version that are of no single activity, each with its path."""
    if version.eligible_if is not None:
        yield ("eligible_if",), version.eligible_if
    for name, condition in version.conditions.items():
        yield ("conditions", name), condition
    for group in version.groups.values():
        if group.eligible_if is not None:
            yield ("groups", group.id, "eligible_if"), group.eligible_if
    for benefit in version.benefits.values():
        if benefit.condition is not None:
            yield ("benefits", benefit.id, "if"), benefit.condition


def eligibility_conditions_of(version: Version) -> Iterator[tuple[Path, Condition]]:
    """What a version and its groups ask for, each with its path."""
    return (pair for pair in shared_conditions_of(version) if pair[0][-1] == "eligible_if")


def every_condition_of(version: Version) -> Iterator[tuple[Path, Condition]]:
    """All conditions of a version and every one inside them, each with its path."""
    own = (pair for activity in version.activities.values() for pair in conditions_of(activity))
    for path, condition in (*shared_conditions_of(version), *own):
        yield from conditions_under(condition, path)


def conditions_under(condition: Condition, path: Path) -> Iterator[tuple[Path, Condition]]:
    """The condition itself and every one inside it, each with its path; of a declared one where it stands."""
    if condition.name is not None and condition != ALWAYS:
        path = ("conditions", condition.name)
    yield path, condition
    match condition:
        case All(parts):
            for index, part in enumerate(parts):
                yield from conditions_under(part, (*path, "all", index))
        case AnyOf(parts):
            for index, part in enumerate(parts):
                yield from conditions_under(part, (*path, "any", index))
        case Not(part):
            yield from conditions_under(part, (*path, "not"))
        case Comparison():
            pass
        case _:
            assert_never(condition)


def comparisons_of(activity: Activity) -> Iterator[tuple[Path, Comparison]]:
    """Every comparison of an activity, however deep, each with its path."""
    for path, condition in conditions_of(activity):
        for part_path, part in conditions_under(condition, path):
            if isinstance(part, Comparison):
                yield part_path, part


def attribute_uses(activity: Activity) -> list[AttributeUse]:
    """Every place where the activity names an attribute, in the order in which a valuation looks at them."""
    top = ("activities", activity.id)
    uses: list[AttributeUse] = []
    if activity.eligible_if is not None:
        own = uses_in(activity.eligible_if, (*top, "eligible_if"))
        uses += [replace(use, part="eligible_if") for use in own]
    for entry in activity.entries:
        skipped = len(entry.path)
        found = [
            AttributeUse(
                need.name, (*top, *need.path), False, True, need.types[0], _part_at(need.path[skipped:])
            )
            for need in entry.needs
        ]
        for path, condition in _conditions_of_entry(entry, top):
            part = _part_at(path[len(top) + skipped :])
            found += [replace(use, part=part) for use in uses_in(condition, path)]
        uses += sorted(found, key=lambda use: _LOOKED_AT.index(use.part))
    return uses


def _part_at(steps: Path) -> str:
    """The part of an entry that the steps lead to; those of a spend begin inside of its points."""
    return str(steps[0]) if steps and steps[0] in _LOOKED_AT else "points"


def uses_in(condition: Condition, path: Path) -> Iterator[AttributeUse]:
    """Every place where a condition names an attribute."""
    for place, part in conditions_under(condition, path):
        if isinstance(part, Comparison):
            likely = _likely_type(part)
            yield AttributeUse(part.attribute, (*place, "attribute"), True, part.needs_value, likely)
            if part.within is not None:
                after = (*place, "within", "after")
                yield AttributeUse(part.within.after, after, True, True, AttributeType.DATE)


def _likely_type(comparison: Comparison) -> AttributeType:
    """The type of the first value that the attribute is compared with."""
    if comparison.within is not None:
        return AttributeType.DATE
    values = (comparison.equals, *(comparison.among or ()), comparison.at_least, comparison.at_most)
    value = next((value for value in values if value is not None), None)
    if isinstance(value, str) and is_date(value):
        return AttributeType.DATE
    return next((kind for kind in AttributeType if fits(value, kind)), AttributeType.TEXT)


def canonical_condition(condition: Condition) -> Condition:
    """The condition with its parts and value lists sorted, each part once."""
    match condition:
        case All() | AnyOf():
            parts = {repr(part): part for part in map(canonical_condition, condition.parts)}
            if len(parts) == 1:
                return next(iter(parts.values()))
            return type(condition)(tuple(parts[key] for key in sorted(parts)))
        case Not():
            return Not(canonical_condition(condition.part))
        case Comparison():
            values = {repr(value): value for value in condition.among or ()}
            if not values:
                return condition
            return replace(condition, among=tuple(values[key] for key in sorted(values)))
    assert_never(condition)
