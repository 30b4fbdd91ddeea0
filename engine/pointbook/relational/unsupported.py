"""What the plan has not, each with the reason, in one table. Nothing is ever approximated."""

from __future__ import annotations

from typing import NamedTuple

from pointbook.diagnostics import InputError


class Lack(NamedTuple):
    """A construct that only the interpreter can evaluate.

    Attributes:
        construct: The construct.
        reason: Why the plan has it not.
        message: What is said of rules or a log with it.
        hint: What to do instead.
    """

    construct: str
    reason: str
    message: str
    hint: str


CAPS_IN_A_CIRCLE = Lack(
    "caps in a circle: one activity meets cap G before H, another H before G",
    "each cap's usage depends on the other's, event by event: no order of passes over the log settles it",
    "these caps come before one another in different orders",
    "list groups and caps in one order everywhere, or evaluate with `--backend python`",
)
BEYOND_64_BITS = Lack(
    "amounts or totals beyond 64 bits, 9.2 × 10^18 points",
    "engines stop with an overflow error",
    "an amount or a total of this log goes beyond 64 bits",
    "correct the amounts, or evaluate with `--backend python`, which has no limit",
)
LACKS = (CAPS_IN_A_CIRCLE, BEYOND_64_BITS)
"""All that is refused: the first before any work, the second when an engine meets it."""


class UnsupportedRulesError(InputError):
    """The rules hold a construct that only the interpreter can evaluate; raised before any work."""

    def __init__(self, lack: Lack, where: str) -> None:
        """Say what it is, and where."""
        super().__init__("the rules", f"{lack.message}: {where}", lack.hint)
