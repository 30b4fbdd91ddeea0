"""Values for attributes that make the rules' conditions hold for some and not for others."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, assert_never

from pointbook.model.attributes import MEMBER_PREFIX, OCCURRED_ON, AttributeType
from pointbook.model.conditions import Comparison
from pointbook.model.wording import written
from pointbook.reasoning.conditions import comparisons_of, conditions_under, shared_conditions_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pointbook.model.program import Program
    from pointbook.sample.dice import Dice

_LAST_ORDINAL = date.max.toordinal()
_RECENT = (0, -1, -1, -2, -3, -5, -8, -13)
_COUNTS = (1, 1, 1, 1, 2, 2, 2, 3, 3, 4, 5)
_EMPTY_PER_MILLE = 300
_HALF = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class Choices:
    """The values an attribute may be given.

    Attributes:
        texts: Values as the log writes them; more likely ones stand in it more than once.
        offsets: For dates, days from the event's day.
        empty: How often it is left empty, per mille.
    """

    texts: tuple[str, ...]
    offsets: tuple[int, ...] = ()
    empty: int = 0

    def text(self, day: int, dice: Dice) -> str:
        """One of the values, for what happens on `day` (an ordinal)."""
        if self.empty and dice.chance(self.empty):
            return ""
        index = dice.below(len(self.texts) + len(self.offsets))
        if index < len(self.texts):
            return self.texts[index]
        return day_text(day + self.offsets[index - len(self.texts)])

    def mean(self) -> Decimal:
        """What numbers come to on average."""
        return sum((Decimal(text) for text in self.texts), Decimal()) / len(self.texts)

    def least(self) -> Decimal:
        """The smallest of numbers."""
        return min(map(Decimal, self.texts))


@dataclass(frozen=True, slots=True)
class Hints:
    """What the conditions of a program say about attributes, member attributes with their prefix.

    Attributes:
        comparisons: Comparisons of each attribute, by its name.
        spans_after: Days of each `within` that is counted from the attribute, by its name.
    """

    comparisons: Mapping[str, Sequence[Comparison]]
    spans_after: Mapping[str, Sequence[int]]

    def needs(self, name: str) -> bool:
        """Whether some condition cannot be decided without the attribute."""
        comparisons = self.comparisons.get(name, ())
        return name in self.spans_after or any(part.needs_value for part in comparisons)


def hints_from(program: Program) -> Hints:
    """What all versions' conditions say about attributes."""
    comparisons: dict[str, list[Comparison]] = defaultdict(list)
    spans_after: dict[str, list[int]] = defaultdict(list)
    found = [comparison for _, activity in program.activities for _, comparison in comparisons_of(activity)]
    for version in program.versions:
        for path, condition in shared_conditions_of(version):
            inside = (part for _, part in conditions_under(condition, path))
            found += [part for part in inside if isinstance(part, Comparison)]
    for comparison in found:
        comparisons[comparison.attribute].append(comparison)
        if comparison.within is not None:
            spans_after[comparison.within.after].append(comparison.within.days)
    return Hints(dict(comparisons), dict(spans_after))


def choices_for(name: str, kind: AttributeType, hints: Hints) -> Choices:
    """Values for the attribute `name`, by its type and by what conditions say about it."""
    comparisons = hints.comparisons.get(name, ())
    empty = _EMPTY_PER_MILLE if comparisons and not hints.needs(name) else 0
    match kind:
        case AttributeType.BOOLEAN:
            return Choices((*_exact_texts(comparisons), "true", "false"), empty=empty)
        case AttributeType.TEXT:
            return Choices(_words(name, comparisons), empty=empty)
        case AttributeType.INTEGER | AttributeType.DECIMAL:
            return replace(quantities(name, kind, _COUNTS[-1], hints), empty=empty)
        case AttributeType.DATE:
            return Choices(_days_named(comparisons), _offsets(name, comparisons, hints), empty)
    assert_never(kind)


def quantities(name: str, kind: AttributeType, most: int, hints: Hints) -> Choices:
    """Numbers above zero for the attribute `name`: up to `most`, and around where conditions turn.

    Small ones come more often; some have a fraction if `kind` allows that.
    """
    sizes = [Decimal(max(1, count * most // _COUNTS[-1])) for count in _COUNTS]
    step = Decimal(1)
    if kind is AttributeType.DECIMAL:
        sizes += [size - _HALF for size in sizes]
        step = _HALF
    bounds = _bounds(hints.comparisons.get(name, ()))
    turns = [Decimal(bound) for bound in bounds if isinstance(bound, int | Decimal)]
    if kind is AttributeType.INTEGER:
        turns = [Decimal(int(turn)) for turn in turns]
    near = [turn + side for turn in turns for side in (-step, 0, step)]
    return Choices(tuple(_text(size) for size in (*sizes, *near) if size > 0))


def _named(comparisons: Sequence[Comparison]) -> Iterator[object]:
    """Values that comparisons name, as often as they do."""
    for comparison in comparisons:
        if comparison.equals is not None:
            yield comparison.equals
        yield from comparison.among or ()


def _bounds(comparisons: Sequence[Comparison]) -> Iterator[object]:
    """Values at which a comparison begins or ceases to hold, each once."""
    values = [
        *_named(comparisons),
        *(comparison.at_least for comparison in comparisons),
        *(comparison.at_most for comparison in comparisons),
    ]
    yield from dict.fromkeys(value for value in values if value is not None)


def _exact_texts(comparisons: Sequence[Comparison]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_text(value) for value in _named(comparisons)))


def _words(name: str, comparisons: Sequence[Comparison]) -> tuple[str, ...]:
    words = _exact_texts(comparisons)
    if words:
        return (*words, *words, "something else")
    return tuple(f"{name.removeprefix(MEMBER_PREFIX)} {number}" for number in range(1, 10))


def _days_named(comparisons: Sequence[Comparison]) -> tuple[str, ...]:
    days = [bound for bound in _bounds(comparisons) if isinstance(bound, date)]
    return tuple(day_text(day.toordinal() + step) for day in days for step in (-1, 0, 1))


def _offsets(name: str, comparisons: Sequence[Comparison], hints: Hints) -> tuple[int, ...]:
    """Days from the event's day, on both sides of where a `within` ceases to hold."""
    before = [-step for span in hints.spans_after.get(name, ()) for step in _around(span)]
    after = [
        step
        for comparison in comparisons
        if comparison.within is not None and comparison.within.after == OCCURRED_ON
        for step in _around(comparison.within.days)
    ]
    return tuple(before + after) or _RECENT


def _around(span: int) -> tuple[int, ...]:
    return (0, span // 4, span // 2, span, span + 1, span + span // 2 + 2)


def _text(value: object) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else written(value)


@lru_cache(maxsize=10_000)
def day_text(day: int) -> str:
    """The day, an ordinal, as the log writes it; beyond the calendar's ends, its first or last."""
    return date.fromordinal(min(max(day, 1), _LAST_ORDINAL)).isoformat()
