"""Balances and activities as sentences name them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Mapping

    from pointbook.model.program import Program

_NAMED = 3


def in_balance(balance: str, program: Program) -> str:
    """In which balance, where there are several."""
    return f" in {program.balances[balance].title or balance}" if len(program.balances) > 1 else ""


def named_activities(events: Counter[str], titles: Mapping[str, str]) -> str:
    """The activities of most events, and how many more there are."""
    order = sorted(events, key=lambda name: (-events[name], name))
    shown = [titles.get(name, f"`{name}`") for name in order[:_NAMED]]
    more = len(order) - len(shown)
    if more:
        return f"{', '.join(shown)} and {more:,} more"
    return " and ".join(part for part in (", ".join(shown[:-1]), shown[-1]) if part)
