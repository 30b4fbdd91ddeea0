"""How a log was evaluated: what ran where. Every way gives the same results."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, NamedTuple


class Way(StrEnum):
    """What computes the results."""

    PLAN = "plan"
    """The rules as a plan over tables, run by an engine."""
    FOLD = "fold"
    """The interpreter, member by member: the definition."""


class Update(NamedTuple):
    """Who was evaluated anew, where results were updated; fields are keys in the summary.

    Attributes:
        members: How many.
        other_rows: Of these, those whose rows differ from what the run before has seen.
        due: The others, whose day brings something.
        gone: Besides, members who are in the log no longer.
    """

    members: int
    other_rows: int
    due: int
    gone: int


class Evaluated(NamedTuple):
    """How a log was evaluated, as the summary says it; fields are the keys of `evaluated` there.

    Attributes:
        backend: As it was typed, without passwords.
        way: What computed the results.
        workers: How many processes (fold) or threads (plan) of this machine worked, None where a server or
            a cluster did the work.
        compiled: Whether the interpreter was compiled, None for the plan, which has none.
        update: Who was evaluated anew, None where all were; no key then.
    """

    backend: str
    way: Way
    workers: int | None
    compiled: bool | None
    update: Update | None = None

    def keys(self) -> dict[str, Any]:
        """As the summary has it."""
        found = self._asdict()
        del found["update"]
        return found | ({} if self.update is None else {"update": self.update._asdict()})
