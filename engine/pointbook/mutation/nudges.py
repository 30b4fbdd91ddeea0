"""What a value is nudged to."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from pointbook.model.wording import written
from pointbook.structure.date_text import DateError, date_from

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pointbook.diagnostics import Span


class Nudge(NamedTuple):
    """Another value for a place.

    Attributes:
        content: What stands there, as documents have it; None to leave it out.
        now: What that is, in words.
        was: What was there, in words; empty for a single value, which is written as it is.
        keys: For a mapping, where each of its keys stands.
    """

    content: Any
    now: str
    was: str = ""
    keys: Mapping[str, Span] | None = None


LEFT_OUT = Nudge(None, "left out", "as written")
LEFT_AS_IT_IS = Nudge(None, "left as it is", "removed")


def nudged_number(number: object) -> Iterator[Nudge]:
    """One less and one more, in the last place that is written; none for what is no number."""
    if isinstance(number, bool) or not isinstance(number, int | Decimal):
        return
    step = 1 if isinstance(number, int) else last_place(number)
    for near in (number - step, number + step):
        yield Nudge(near, f"{near:,}", f"{number:,}")


def last_place(number: Decimal) -> Decimal:
    """One in the last place that is written: 0.01 for 2.50."""
    return Decimal(1).scaleb(int(number.as_tuple().exponent))


def nudged_day(day: object) -> Iterator[Nudge]:
    """The day before and the day after; none for what is no date."""
    if not isinstance(day, str):
        return
    try:
        known = date_from(day)
        near = [known + timedelta(days) for days in (-1, 1)]
    except (DateError, OverflowError):
        return
    yield from (Nudge(one.isoformat(), one.isoformat()) for one in near)


def next_of(word: str, words: Sequence[str]) -> Nudge:
    """The next of several words, for the last one the word before it."""
    index = words.index(word) if word in words else 0
    near = words[index + 1] if index + 1 < len(words) else words[index - 1]
    return Nudge(near, near)


def other_of(value: Any, known: Sequence[Any]) -> Iterator[Nudge]:
    """Another value of an attribute: one that the rules name somewhere, or one near it."""
    if isinstance(value, bool):
        yield Nudge(not value, written(not value))
        return
    near = [*nudged_day(value), *nudged_number(value)]
    others = [one for one in known if one != value and type(one) is type(value)]
    if near:
        yield from near
    elif others:
        yield Nudge(others[0], written(others[0]))
    else:
        yield Nudge(f"not-{value}", f"not-{value}")
