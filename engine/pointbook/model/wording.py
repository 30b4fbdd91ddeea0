"""How rules and what they are made of are called in sentences, the same in every command.

Windows and forms of points have their words in their own records.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from pointbook.model.conditions import All, AnyOf, Comparison, Not

if TYPE_CHECKING:
    from pointbook.model.conditions import Condition
    from pointbook.model.rules import Cap, Source
    from pointbook.model.windows import CapKind


def quantity(number: int, one: str, many: str = "", *, signed: bool = False) -> str:
    """A number and what it counts.

    >>> quantity(1, "point"), quantity(-1, "point"), quantity(1200, "day"), quantity(1, "day", signed=True)
    ('1 point', '-1 point', '1,200 days', '+1 day')
    >>> quantity(0, "entry", "entries")
    '0 entries'
    """
    return f"{number:{'+' if signed else ''},} {one if abs(number) == 1 else many or f'{one}s'}"


def written(value: object) -> str:
    """A text, number, truth or date as people type it.

    >>> written(True), written(5), written("silver")
    ('true', '5', 'silver')
    """
    return str(value).lower() if isinstance(value, bool) else str(value)


def counted_text(count: int, kind: CapKind) -> str:
    """An amount of what a cap of that kind counts: "1 point", "3 times"."""
    return quantity(count, kind.nouns[0])


def let_through_text(count: int, kind: CapKind) -> str:
    """What caps leave: "2 points", "2 events"."""
    return quantity(count, kind.nouns[1])


def cap_text(cap: Cap) -> str:
    """A cap: "100 points per calendar month"."""
    return f"{counted_text(cap.limit, cap.kind)} {cap.per.window.words}"


def cap_name(cap: Cap) -> str:
    """What a cap counts, in which window: its name in the addresses of changes."""
    return f"{cap.kind} per {cap.per}"


def source_text(source: Source | None, page: Source | None) -> str:
    """A source; `page` stands in for a document that it takes over."""
    if source is None:
        return "none"
    document = source.document or (page.document if page is not None else "")
    return " § ".join(part for part in (document, source.section) if part)


def condition_text(condition: Condition) -> str:
    """A condition: "hours at least 2 and member.age at least 18"."""
    match condition:
        case All(parts):
            return " and ".join(_inner(part) for part in parts)
        case AnyOf(parts):
            return " or ".join(_inner(part) for part in parts)
        case Not(part):
            return f"not ({condition_text(part)})"
        case Comparison():
            return _comparison_text(condition)
    assert_never(condition)


def _inner(condition: Condition) -> str:
    text = condition_text(condition)
    return f"({text})" if isinstance(condition, (All, AnyOf)) and len(condition.parts) > 1 else text


def _comparison_text(comparison: Comparison) -> str:
    tests = []
    if comparison.present is not None:
        tests.append("is given" if comparison.present else "is not given")
    if comparison.equals is not None:
        tests.append(f"is {written(comparison.equals)}")
    if comparison.among is not None:
        tests.append("is one of " + ", ".join(map(written, comparison.among)))
    if comparison.at_least is not None:
        tests.append(f"at least {written(comparison.at_least)}")
    if comparison.at_most is not None:
        tests.append(f"at most {written(comparison.at_most)}")
    if comparison.within is not None:
        tests.append(f"within {quantity(comparison.within.days, 'day')} after {comparison.within.after}")
    return f"{comparison.attribute} {' and '.join(tests)}"
