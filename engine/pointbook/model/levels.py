"""Levels: what reaches each, and what a review asks for. Source: docs/meaning.md, "Levels"."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from pointbook.model.amounts import Amount
from pointbook.model.plain_values import IF_GIVEN
from pointbook.model.wording import minimums_text, quantity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pointbook.model.rules import Source

Minimums = tuple[tuple[str, Amount], ...]
"""What is asked for of balances, by id and in the order of ids: all of it."""


def missing_of(wanted: Iterable[Minimums], totals: Mapping[str, Amount]) -> tuple[Minimums, ...]:
    """Of each of these what totals lack, without what they have; none where one is met."""
    lacking = tuple(
        tuple((name, least - totals[name]) for name, least in one if totals[name] < least) for one in wanted
    )
    return () if () in lacking else lacking


def is_met(wanted: Iterable[Minimums], totals: Mapping[str, Amount]) -> bool:
    """Whether totals have all that one of these asks for; of a balance that they lack they have nothing."""
    return any(all(name in totals and totals[name] >= least for name, least in one) for one in wanted)


@dataclass(frozen=True, slots=True)
class Level:
    """A status that a period's points, or totals of several balances, reach.

    Attributes:
        id: Its stable name.
        threshold: Points in one level period that reach it, inclusive; of one with `requires` the least
            that this asks of the level balance, 0 for nothing; of the base level 0.
        requires: What reaches it, where that is not the threshold alone: one of these is enough.
        keep: What a review asks for, where that is not what reaches it: one of these is enough.
        is_base: Whether everyone has it from the sign-up on, and never leaves it.
    """

    id: str
    threshold: Amount
    title: str | None = None
    note: str | None = None
    source: Source | None = None
    requires: tuple[Minimums, ...] = field(default=(), metadata=IF_GIVEN)
    keep: tuple[Minimums, ...] = field(default=(), metadata=IF_GIVEN)
    is_base: bool = field(default=False, metadata=IF_GIVEN)

    @property
    def is_by_threshold(self) -> bool:
        """Whether its threshold says all of it."""
        return not (self.requires or self.keep or self.is_base)

    def reached_with(self, level_balance: str) -> tuple[Minimums, ...]:
        """What reaches it: one of these is enough."""
        return self.requires or (((level_balance, self.threshold),),)

    def kept_with(self, level_balance: str) -> tuple[Minimums, ...]:
        """What a review asks for: one of these is enough."""
        return self.keep or self.reached_with(level_balance)

    @property
    def further_balances(self) -> frozenset[str]:
        """The balances that it names for what reaches or keeps it."""
        return frozenset(name for one in (*self.requires, *self.keep) for name, _ in one)

    @property
    def reaching_key(self) -> str:
        """The key under which it is written what reaches it."""
        return "base" if self.is_base else "requires" if self.requires else "threshold"

    @property
    def words(self) -> str:
        """What reaches it: "15,000 points", "100 nights and 23,000 spend"."""
        if self.is_base:
            return "nothing"
        return minimums_text(self.requires) if self.requires else quantity(self.threshold, "point")

    @property
    def words_to_keep(self) -> str:
        """What a review asks for."""
        return minimums_text(self.keep) if self.keep else self.words


def in_order(levels: Iterable[Level]) -> Mapping[str, Level]:
    """Levels by id, from the lowest: the base level, then as written but by threshold where they have one.

    So one that a patch adds stands where its threshold puts it.
    """
    ordered: list[Level] = []
    for level in levels:
        above = [
            place
            for place, other in enumerate(ordered)
            if level.is_base or not (level.requires or other.requires or other.threshold <= level.threshold)
        ]
        ordered.insert(above[0] if above else len(ordered), level)
    return MappingProxyType({level.id: level for level in ordered})
