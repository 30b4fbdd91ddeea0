"""How a log was evaluated: what ran where. Every way gives the same results."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Way(StrEnum):
    """What computes the results."""

    PLAN = "plan"
    """The rules as a plan over tables, run by an engine."""
    FOLD = "fold"
    """The interpreter, member by member: the definition."""


class Evaluated(NamedTuple):
    """How a log was evaluated, as the summary says it; fields are the keys of `evaluated` there.

    Attributes:
        backend: As it was typed, without passwords.
        way: What computed the results.
        workers: How many processes (fold) or threads (plan) of this machine worked, None where a server or
            a cluster did the work.
        compiled: Whether the interpreter was compiled, None for the plan, which has none.
    """

    backend: str
    way: Way
    workers: int | None
    compiled: bool | None
