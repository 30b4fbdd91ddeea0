"""Shapley values: by their definition, and fast, exact or averaged over some random orders.

A set of players is a bit mask: bit 0 stands for the first player. A game is its value for each mask.
Shares are whole numbers over one denominator, which sum exactly to what all players bring together.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from itertools import combinations
from math import factorial
from typing import TYPE_CHECKING, NamedTuple

from pointbook.model.amounts import exact

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from random import Random


def shares_by_definition(players: Collection[int], value: Callable[[int], int]) -> dict[int, Fraction]:
    """Each player's Shapley value, straight from its definition: to be read, and to be tested against.

    Of the n! orders in which n players can join, a!(n-a-1)! let a player join when just the members of
    one set of a others are there. The share is what the player adds, averaged over all orders.

    Alone, 0 brings 10 and 1 brings 20; together they bring 50. In one order 0 adds 10, in the other 30:

    >>> shares_by_definition([0, 1], {0b00: 0, 0b01: 10, 0b10: 20, 0b11: 50}.__getitem__)
    {0: Fraction(20, 1), 1: Fraction(30, 1)}

    Args:
        players: Numbers of the players.
        value: What a set of players brings; `1 << number` is a player's bit in it.
    """
    count = len(players)
    shares = {}
    for player in players:
        added = 0
        for size in range(count):
            orders = factorial(size) * factorial(count - size - 1)
            for others in combinations([other for other in players if other != player], size):
                before = sum(1 << other for other in others)
                added += orders * (value(before | 1 << player) - value(before))
        shares[player] = Fraction(added, factorial(count))
    return shares


class Split(NamedTuple):
    """What each player brings, in the order of players.

    Attributes:
        numerators: Over `denominator`.
        squares: Of a sample, sums of squares of what the player added; empty where nothing is sampled.
    """

    numerators: list[int]
    denominator: int
    squares: list[int]


def exact_split(values: Sequence[int]) -> Split:
    """Shapley values: what each player adds, averaged over all orders in which they could come.

    >>> exact_split([0, 10, 20, 50])  # alone they bring 10 and 20, together 50
    Split(numerators=[40, 60], denominator=2, squares=[])

    Args:
        values: Of each mask, from that of nobody to that of all.
    """
    values = [*map(exact, values)]
    weights, count = _weights(len(values))
    nobody = values[0]
    if values.count(nobody) == len(values):
        return Split([0] * count, factorial(count), [])
    sums, taken = [0] * count, 0
    for value, (gain, loss, members) in zip(values, weights, strict=True):
        if value != nobody:
            more = value - nobody
            taken += more * loss
            for player in members:
                sums[player] += more * gain
    return Split([total - taken for total in sums], factorial(count), [])


@cache
def _weights(size: int) -> tuple[list[tuple[int, int, list[int]]], int]:
    """For each mask, how its value counts for its members, what all lose by it, and the members.

    A player's share is the sum of a!(n-a-1)! (v(A + player) - v(A)) over sets A of a others. A mask of
    k players is `A + player` for its members, and A for the others; to count the latter for all and
    give it back to the members is the same.

    Of two players, one's set counts 0!1! = 1 for its member; both lose 1!0! = 1 by it, which its member
    is given back:

    >>> _weights(4)[0][1]
    (2, 1, [0])
    """
    count = size.bit_length() - 1
    found = []
    for mask in range(size):
        members = [player for player in range(count) if mask >> player & 1]
        inside = len(members)
        loss = factorial(inside) * factorial(count - inside - 1) if inside < count else 0
        gain = factorial(inside - 1) * factorial(count - inside) if inside else 0
        found.append((gain + loss, loss, members))
    return found, count


def sampled_split(
    players: Sequence[int],
    value: Callable[[int], Sequence[int]],
    figures: int,
    orders: int,
    random: Random,
) -> list[Split]:
    """What players add on average over random orders, for each of several figures.

    Args:
        players: Numbers of the players; `1 << number` is a player's bit in a mask.
        value: The figures of a mask.
        figures: How many figures.
        orders: How many random orders.
        random: Says which.
    """
    count = len(players)
    found = [Split([0] * count, orders, [0] * count) for _ in range(figures)]
    for _ in range(orders):
        mask, before = 0, value(0)
        for position in random.sample(range(count), count):
            mask |= 1 << players[position]
            after = value(mask)
            for split, one, other in zip(found, map(exact, before), map(exact, after), strict=True):
                split.numerators[position] += other - one
                split.squares[position] += (other - one) ** 2
            before = after
    return found
