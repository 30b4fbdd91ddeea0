"""How values of rules are called in sentences about changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.model.cap_wording import counted_text
from pointbook.model.quantities import quantity
from pointbook.model.rules import All, AnyOf, Assessed, Fixed, Not, PerUnit

if TYPE_CHECKING:
    from pointbook.model.rules import Cap, Comparison, Condition, Points, Source


def points_text(points: Points) -> str:
    """A points rule in words."""
    match points:
        case Fixed():
            return quantity(points.points, "point")
        case Assessed():
            return range_text(points)
        case PerUnit():
            return f"{points.points:,} per {points.unit or points.attribute}"
    return (
        "by "
        + points.attribute
        + ": "
        + ", ".join(f"{key} {value:,}" for key, value in points.values.items())
    )


def range_text(points: Assessed) -> str:
    """An assessed range in words."""
    return f"{points.minimum:,} to {points.maximum:,} (assessed)"


def cap_text(cap: Cap) -> str:
    """A cap in words."""
    return f"at most {counted_text(cap.limit, cap.kind)} per {window_text(cap.per)}"


def cap_name(cap: Cap) -> str:
    """What a cap counts: its name in addresses."""
    return f"{cap.kind} per {cap.per}"


def window_text(per: str) -> str:
    """A window in words."""
    return per.replace("_", " ")


def source_text(source: Source | None, page: Source | None) -> str:
    """A source in words; `page` stands in for a document that it takes over."""
    if source is None:
        return "none"
    document = source.document or (page.document if page is not None else "")
    return " § ".join(part for part in (document, source.section) if part)


def condition_text(condition: Condition) -> str:
    """A condition in words."""
    match condition:
        case All():
            return " and ".join(_inner(part) for part in condition.parts)
        case AnyOf():
            return " or ".join(_inner(part) for part in condition.parts)
        case Not():
            return f"not ({condition_text(condition.part)})"
    return _comparison_text(condition)


def _inner(condition: Condition) -> str:
    text = condition_text(condition)
    return f"({text})" if isinstance(condition, (All, AnyOf)) and len(condition.parts) > 1 else text


def _comparison_text(comparison: Comparison) -> str:
    tests = []
    if comparison.present is not None:
        tests.append("is given" if comparison.present else "is not given")
    if comparison.equals is not None:
        tests.append(f"is {_value(comparison.equals)}")
    if comparison.among is not None:
        tests.append("is one of " + ", ".join(map(_value, comparison.among)))
    if comparison.at_least is not None:
        tests.append(f"at least {_value(comparison.at_least)}")
    if comparison.at_most is not None:
        tests.append(f"at most {_value(comparison.at_most)}")
    if comparison.within is not None:
        tests.append(f"within {quantity(comparison.within.days, 'day')} after {comparison.within.after}")
    return f"{comparison.attribute} {' and '.join(tests)}"


def _value(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
