"""The old rules with any subset of the changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.changes.applying import applied

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pointbook.changes.change import Change
    from pointbook.comparison.question import Question, ReadyRules
    from pointbook.model.ledger import Assume


class Subsets:
    """The old rules with any subset of the changes, each made ready once."""

    def __init__(self, question: Question, changes: Sequence[Change], assume: Assume) -> None:
        """For subsets of `changes`, which lead from the old version of the question to the new one."""
        self._question, self._changes, self._assume = question, changes, assume
        # Activities can join a group only where it is; by itself it limits nobody.
        self._given = [change for change in changes if change.code == "group-added"]
        self._ready: dict[int, ReadyRules] = {}

    def ready(self, mask: int) -> ReadyRules:
        """The rules that have the changes of a mask, in which `1 << index` stands for a change."""
        if mask not in self._ready:
            chosen = [change for index, change in enumerate(self._changes) if mask >> index & 1]
            version = applied([*self._given, *chosen], self._question.old)
            self._ready[mask] = self._question.ready(version, self._assume)
        return self._ready[mask]
