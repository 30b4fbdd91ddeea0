"""What a fair share is: the definition, to be read and to be tested against."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from math import factorial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection


def shares_by_definition(players: Collection[int], value: Callable[[int], int]) -> dict[int, Fraction]:
    """Each player's Shapley value, straight from its definition, with every subset looked at.

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
