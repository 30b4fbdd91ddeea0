"""What moves a member most who holds the same level on both sides, in a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pointbook.model.wording import quantity

if TYPE_CHECKING:
    from collections.abc import Sequence


class Words(NamedTuple):
    """What sentences about members name, shared by all of them.

    Attributes:
        balances: Titles, in the program's order.
        level_balance: Place of the balance that decides levels.
        changes: What each change is, in a sentence.
    """

    balances: tuple[str, ...] = ()
    level_balance: int = 0
    changes: tuple[str, ...] = ()


def difference_text(
    words: Words,
    changes: Sequence[int],
    first: tuple[int, int] | None,
    moves: Sequence[int],
    benefits: tuple[int, int],
) -> str:
    """What is different, as far as it is; empty where nothing is.

    >>> words = Words(("Stars", "Coins"), 0, ("visit: 40 → 50 points",))
    >>> difference_text(words, (10, -5), (0, 1), (0, 0), (0, 0))
    '+10 points in Stars, mostly by visit: 40 → 50 points; -5 points in Coins'

    Args:
        words: What it names.
        changes: Points more on each balance, in the program's order.
        first: The change that moves the points of the level balance most, and which way; None where that
            is not known.
        moves: Promotions and demotions more.
        benefits: How many are lost, and gained.
    """
    parts = []
    for place, (more, title) in enumerate(zip(changes, words.balances, strict=True)):
        if more:
            part = quantity(more, "point", signed=True) + (f" in {title}" if len(changes) > 1 else "")
            if place == words.level_balance and first is not None and first[1] * more > 0:
                part += f", mostly by {words.changes[first[0]]}"
            parts.append(part)
    if not parts:
        named = zip(moves, ("promotion", "demotion"), strict=True)
        parts = [quantity(more, what, signed=True) for more, what in named if more]
        gone = zip(benefits, ("lost", "gained"), strict=True)
        parts += [f"{quantity(number, 'benefit')} {what}" for number, what in gone if number]
    return "; ".join(parts)
