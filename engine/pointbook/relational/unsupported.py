"""What the plan has not, each with the reason. Nothing is ever approximated."""

from __future__ import annotations

from typing import NamedTuple

from pointbook.diagnostics import InputError


class Lack(NamedTuple):
    """What is said of rules or a log that only the interpreter can evaluate, and what to do instead."""

    message: str
    hint: str


CAPS_IN_A_CIRCLE = Lack(
    "these caps come before one another in different orders",
    "list groups and caps in one order everywhere, or evaluate with `--backend python`",
)
"""Refused before any work: one activity meets cap G before H, another H before G.

Each cap's usage depends on the other's, event by event: no order of passes over the log settles it.
"""
BEYOND_64_BITS = Lack(
    "an amount or a total of this log goes beyond 64 bits",
    "correct the amounts, or evaluate with `--backend python`, which has no limit",
)
"""Refused when an engine meets it and stops with an overflow error: more than 9.2 × 10^18 points."""


class UnsupportedRulesError(InputError):
    """The rules hold a construct that only the interpreter can evaluate; raised before any work."""

    def __init__(self, lack: Lack, where: str) -> None:
        """Say what it is, and where."""
        super().__init__("the rules", f"{lack.message}: {where}", lack.hint)
