"""Numbers, values and conditions in sentences, the same in every command.

Caps, windows, forms of points and sources have their words in their own records.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, assert_never

from pointbook.diagnostics import KnownWords
from pointbook.model.conditions import All, AnyOf, Comparison, Not

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pointbook.model.amounts import Amount
    from pointbook.model.conditions import Condition

_LEAST_OF_A_RANGE = 3
"""Fewer versions are named one by one."""


def quantity(number: Amount, one: str, many: str = "", *, signed: bool = False) -> str:
    """A number and what it counts.

    >>> quantity(1, "point"), quantity(-1, "point"), quantity(1200, "day"), quantity(1, "day", signed=True)
    ('1 point', '-1 point', '1,200 days', '+1 day')
    >>> quantity(0, "entry", "entries")
    '0 entries'
    """
    return f"{number:{'+' if signed else ''},} {one if abs(number) == 1 else many or f'{one}s'}"


def minimums_text(
    alternatives: Sequence[Sequence[tuple[str, Amount]]], called: Mapping[str, str] | None = None
) -> str:
    """What is asked for of balances, by their ids or by what they are called.

    >>> minimums_text([(("nights", 100), ("spend", 23000)), (("nights", 200),)])
    '100 nights and 23,000 spend, or 200 nights'
    """
    joined = [
        " and ".join(f"{least:,} {name if called is None else called[name]}" for name, least in one)
        for one in alternatives
    ]
    return (", or " if any(len(one) > 1 for one in alternatives) else " or ").join(joined)


def written(value: object) -> str:
    """A text, number, truth or date as people type it.

    >>> written(True), written(5), written("silver")
    ('true', '5', 'silver')
    """
    return str(value).lower() if isinstance(value, bool) else str(value)


def version_ranges(ids: Iterable[str], every: Sequence[str], mark: str = "") -> str:
    """Versions in words: one or two by their ids, more as ranges where they follow one another.

    Args:
        ids: Ids of the versions.
        every: Ids of all there are, in order.
        mark: What goes around an id.

    >>> every = ["2020", "2021", "2022", "2023", "2024"]
    >>> version_ranges(["2021"], every), version_ranges(["2020", "2024"], every)
    ('2021', '2020 and 2024')
    >>> version_ranges(["2020", "2021", "2022", "2024"], every, "`")
    'versions `2020` to `2022` and `2024`'
    >>> version_ranges(["2022", "2023", "2024"], every)
    'versions from 2022 on'
    """
    places = sorted(every.index(one) for one in ids)
    runs = [[place for _, place in run] for _, run in groupby(enumerate(places), lambda one: one[1] - one[0])]
    parts: list[str] = []
    for run in runs:
        names = [f"{mark}{every[place]}{mark}" for place in run]
        if len(run) < _LEAST_OF_A_RANGE:
            parts += names
        elif run[-1] == len(every) - 1:
            parts.append(f"from {names[0]} on")
        else:
            parts.append(f"{names[0]} to {names[-1]}")
    if len(places) >= _LEAST_OF_A_RANGE:
        parts[0] = f"versions {parts[0]}"
    return " and ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))


def suggested_version(name: str, every: Sequence[str], words: Sequence[str] = ()) -> str:
    """A hint for the id of a version that there is not: the nearest, else which there are.

    Args:
        name: The id.
        every: Ids of all there are, in order.
        words: Words that can stand for one.

    >>> suggested_version("x", ["2020", "2021", "2022", "2023"], ["latest"])
    'known: `latest`, and the versions `2020` to `2023`'
    """
    known = KnownWords((*words, *every))
    match = known.closest(name)
    if match is not None or len(every) <= _LEAST_OF_A_RANGE:
        return known.hint(match)
    shown = "".join(f"`{word}`, " for word in words)
    return f"known: {shown}{'and ' if words else ''}the versions `{every[0]}` to `{every[-1]}`"


def condition_text(condition: Condition) -> str:
    """A condition: "hours at least 2 and member.age at least 18"; one with a name after that."""
    text = _unnamed_text(condition)
    return text if condition.name is None else f"{condition.name} ({text})" if text else condition.name


def _unnamed_text(condition: Condition) -> str:
    match condition:
        case All(parts):
            return " and ".join(_inner(part) for part in parts) if parts else "always"
        case AnyOf(parts):
            return " or ".join(_inner(part) for part in parts)
        case Not(part):
            return f"not ({condition_text(part)})"
        case Comparison():
            return _comparison_text(condition)
    assert_never(condition)


def _inner(condition: Condition) -> str:
    text = condition_text(condition)
    return (
        f"({text})"
        if condition.name is None and isinstance(condition, (All, AnyOf)) and len(condition.parts) > 1
        else text
    )


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
