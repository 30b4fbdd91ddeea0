"""Events that come to a total, exactly."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pointbook.mutation.story import Story

    Option = tuple[int, Story, tuple[int, int] | None, bool]
    """An amount, the story of one event that is worth it, between which amounts it may be worth any, and
    whether no limit stands in its way."""

    Part = tuple[Story, int | None]
    """A story of one event, and the points that are assessed, if they are."""


def totals_of(total: int, options: Sequence[Option], most: int) -> Iterator[list[Part]]:
    """Ways to come to a total, each with as few kinds of events as there need be.

    Args:
        total: What the events are to come to.
        options: What there is.
        most: Of how many events a way consists at most.
    """
    # Without limits before with, large amounts before small.
    ordered = sorted(options, key=lambda option: (not option[3], option[2] is None, -option[0]))
    for index in range(len(ordered)):
        parts = _parts(total, ordered[index:], most)
        if parts:
            yield parts
            if ordered[index][3]:
                return


def _parts(total: int, options: Sequence[Option], most: int) -> list[Part] | None:
    """One way that begins with the first of the options; None where there is none."""
    amount, story, ends, _ = options[0]
    low, high = ends or (amount, amount)
    if total <= 0:
        return None
    most_of_it, rest = divmod(total, high)
    times = int(most_of_it) + (rest > 0 if ends else 0)
    if not 0 < times <= most:
        return None
    if ends:
        is_enough = times * low <= total
        return [(story, points) for points in _shared_out(total, times, low, high)] if is_enough else None
    whole: list[Part] = [(story, None)] * times
    rest = total - times * amount
    more: list[Part] | None = [] if rest == 0 else None
    same_member = [option for option in options[1:] if option[1].member == story.member]
    while same_member and more is None:
        more = _parts(rest, same_member, most - times)
        same_member = same_member[1:]
    return None if more is None else [*whole, *more]


def _shared_out(total: int, times: int, low: int, high: int) -> list[int]:
    """A total as amounts between two bounds, the highest as often as it can be."""
    amounts = []
    for left in range(times - 1, -1, -1):
        amounts.append(min(high, total - left * low))
        total -= amounts[-1]
    return amounts
