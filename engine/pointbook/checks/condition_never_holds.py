"""A condition that holds for no event.

**What.** The operators of a condition, and the parts of an `all`, must be able to hold together: a
lower bound not above the upper one, a value inside the bounds, no value asked of an attribute that
must be absent.

**Why.** A bonus would never be given, or an activity never count for anyone, and nobody is told.

**Fix.** None: what is meant cannot be told.

Failing:

    activities:
      blog.published:
        attributes:
          words: {type: integer}
        points: 500
        bonuses:
          - points: 250
            if: {attribute: words, at_least: 2000, at_most: 1000}

Fixed:

    activities:
      blog.published:
        attributes:
          words: {type: integer}
        points: 500
        bonuses:
          - points: 250
            if: {attribute: words, at_least: 1000, at_most: 2000}
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pointbook.diagnostics import Finding, Related
from pointbook.model.conditions import All, Comparison
from pointbook.model.wording import written
from pointbook.reasoning.attribute_values import value_text
from pointbook.reasoning.conditions import every_condition_of

if TYPE_CHECKING:
    from pointbook.checks.reasoning.subject import CheckSubject, Findings
    from pointbook.model.conditions import Condition
    from pointbook.model.program import Version
    from pointbook.model.rules import Path

CODE = "condition-never-holds"


def condition_never_holds(subject: CheckSubject) -> Findings:
    """A finding for each condition whose own parts exclude each other."""
    for version in subject.program.versions:
        for path, condition in every_condition_of(version):
            if not (isinstance(condition, Comparison) and condition.order):  # unknown-level looks at these
                yield from _of_condition(version, path, condition)


def _of_condition(version: Version, path: Path, condition: Condition) -> Findings:
    if isinstance(condition, All):
        yield from _different_values(version, path, condition)
    elif isinstance(condition, Comparison):
        finding = (
            _absent_with_value(version, path, condition)
            or _bounds_crossed(version, path, condition)
            or _value_excluded(version, path, condition)
        )
        if finding is not None:
            yield finding


def _absent_with_value(version: Version, path: Path, comparison: Comparison) -> Finding | None:
    if comparison.present is not False or not comparison.needs_value:
        return None
    message = f"`{comparison.attribute}` cannot be absent and have a value at once"
    hint = "delete `present: false`; or use `any`, if either will do"
    return Finding(version.span(*path, "present"), CODE, message, hint)


def _bounds_crossed(version: Version, path: Path, comparison: Comparison) -> Finding | None:
    low, high = comparison.at_least, comparison.at_most
    if not _above(low, high):
        return None
    return Finding(
        version.span(*path, "at_most"),
        CODE,
        f"nothing is at least {written(low)} and at most {written(high)}",
        f"swap them, if both are meant: `at_least: {written(high)}`, `at_most: {written(low)}`",
        related=(Related(version.span(*path, "at_least"), "the lower bound is here"),),
    )


def _value_excluded(version: Version, path: Path, comparison: Comparison) -> Finding | None:
    """Every value that `is` and `in` name is one that another operator excludes."""
    named, key = [comparison.equals], "is"
    if comparison.equals is None:
        named, key = list(comparison.among or ()), "in"
    if not named or any(_allowed(value, comparison) for value in named):
        return None
    values = " or ".join(value_text(value) for value in named)
    return Finding(
        version.span(*path, key),
        CODE,
        f"`{comparison.attribute}` cannot be {values} and meet the rest of the condition",
        f"keep `{key}` and delete what is beside it, or the other way round",
    )


def _allowed(value: Any, comparison: Comparison) -> bool:
    """Whether the other operators may allow the value; true where it cannot be compared."""
    among = comparison.among
    if among is not None and not any(_same(value, other) for other in among):
        return False
    return not _above(comparison.at_least, value) and not _above(value, comparison.at_most)


def _different_values(version: Version, path: Path, condition: All) -> Findings:
    """Parts of an `all` that ask the same attribute for different values."""
    first: dict[str, tuple[int, Any]] = {}
    for index, part in enumerate(condition.parts):
        if not isinstance(part, Comparison) or part.equals is None:
            continue
        earlier, value = first.setdefault(part.attribute, (index, part.equals))
        if _same(value, part.equals):
            continue
        place = version.span(*path, "all", earlier, "is")
        yield Finding(
            version.span(*path, "all", index, "is"),
            CODE,
            f"`{part.attribute}` cannot be {value_text(value)} and {value_text(part.equals)} at once",
            f"if either will do, write one condition with `in: [{written(value)}, {written(part.equals)}]`",
            related=(Related(place, "the other value is asked for here"),),
        )


def _above(one: Any, other: Any) -> bool:
    """Whether the first is the higher of two dates or of two numbers."""
    if isinstance(one, bool) or isinstance(other, bool):
        return False
    both = (one, other)
    numbers = all(isinstance(value, (int, Decimal)) for value in both)
    return (numbers or all(isinstance(value, date) for value in both)) and bool(one > other)


def _same(one: Any, other: Any) -> bool:
    return isinstance(one, bool) is isinstance(other, bool) and bool(one == other)
