"""The old rules with any subset of the changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.changes.applying import applied
from pointbook.changes.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pointbook.changes.change import Change
    from pointbook.comparison.question import Question, Run
    from pointbook.model.ledger import Assume
    from pointbook.model.log import Member


class Subsets:
    """The old rules with any subset of the changes, each made ready once."""

    def __init__(
        self, question: Question, changes: Sequence[Change], assume: Assume, members: Mapping[str, Member]
    ) -> None:
        """For subsets of `changes`, which lead from the old version of the question to the new one."""
        self._question, self._changes, self._assume, self._members = question, changes, assume, members
        # Activities can join a group only where it is; by itself it limits nobody.
        self._given = [change for change in changes if change.kind is Kind.GROUP_ADDED]
        self._runs: dict[int, Run] = {}

    def run(self, mask: int) -> Run:
        """The side that has the changes of a mask, in which `1 << index` stands for a change."""
        if mask not in self._runs:
            chosen = [change for index, change in enumerate(self._changes) if mask >> index & 1]
            version = applied([*self._given, *chosen], self._question.old)
            self._runs[mask] = self._question.run(version, self._assume, self._members)
        return self._runs[mask]
