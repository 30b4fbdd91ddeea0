"""The order of the results' rows, which is that of the members' ids, then of their time."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

ORDERS: Mapping[str, tuple[str, ...]] = {
    "ledger": ("account", "place"),
    "standings": ("account",),
    "history": ("account", "date", "place"),
}
"""Columns that each result is sorted by; accounts are numbered by member id."""
