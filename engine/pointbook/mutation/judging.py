"""What the scenarios make of each slip."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, Self

from pointbook.folding.processes import Task, in_order, pool
from pointbook.loading import loaded_from
from pointbook.mutation.accepting import scenario_for
from pointbook.mutation.cases import case_for
from pointbook.mutation.edits import edits_of
from pointbook.mutation.meaning import means_the_same
from pointbook.mutation.noticing import is_noticed, with_slip

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pointbook.loading import Loaded, ProgramDocuments, ReadDocument
    from pointbook.mutation.cases import Case
    from pointbook.mutation.edits import Edit


class Fate(StrEnum):
    """What became of a slip.

    Attributes:
        words: After how many: "3 refused by the checks".
    """

    words: str

    NOTICED = "noticed", "noticed by a scenario"
    REFUSED = "refused", "refused by the checks"
    IDLE = "idle", "that change nothing"
    SURVIVES = "survives", "that no scenario notices"

    def __new__(cls, value: str, words: str = "") -> Self:
        """The word, with what it means."""
        fate = str.__new__(cls, value)
        fate._value_, fate.words = value, words
        return fate


class Judged(NamedTuple):
    """What became of one slip.

    Attributes:
        fate: What became of it.
        case: For one that survives, what would notice it; None where nothing was found.
        scenario: That as YAML; empty where nothing was found.
    """

    fate: Fate
    case: Case | None = None
    scenario: str = ""


@dataclass(frozen=True, slots=True)
class Judge:
    """The program and its scenarios, ready to be tried with slips.

    Attributes:
        loaded: The program as it is.
        scenarios: Its scenarios, all of which pass.
        edits: The slips.
    """

    loaded: Loaded
    scenarios: tuple[ReadDocument, ...]
    edits: tuple[Edit, ...]

    @classmethod
    def of(cls, documents: ProgramDocuments, scenarios: tuple[ReadDocument, ...]) -> Judge:
        """The judge of a program that has no errors, and whose scenarios pass."""
        loaded = loaded_from(replace(documents, findings=()))
        return cls(loaded, scenarios, edits_of(loaded))

    def __call__(self, index: int) -> Judged:
        """What becomes of the slip with this place among all."""
        edit = self.edits[index]
        mutant = with_slip(edit, self.loaded)
        if mutant.program is None:
            return Judged(Fate.REFUSED)
        if any(is_noticed(scenario, mutant) for scenario in self._concerned(edit)):
            return Judged(Fate.NOTICED)
        if means_the_same(self.loaded.usable(), mutant.program):
            return Judged(Fate.IDLE)
        case = case_for(edit, self.loaded, mutant)
        scenario = case and scenario_for(case, edit, self.loaded, mutant)
        return Judged(Fate.SURVIVES, case, scenario) if scenario else Judged(Fate.SURVIVES)

    def _concerned(self, edit: Edit) -> Iterator[ReadDocument]:
        """The scenarios that could notice a slip, those that name the rule before the others."""
        naming = [scenario for scenario in self.scenarios if _names(scenario, edit.rule)]
        yield from naming
        # Who does not do it sees nothing of it, unless another name stands for it.
        if edit.activity is None or any(version.replaces for version in self.loaded.usable().versions):
            yield from (scenario for scenario in self.scenarios if scenario not in naming)


def _names(scenario: ReadDocument, rule: str) -> bool:
    return scenario.node is not None and any(
        rule == node.content or rule in node.keys for _, node in scenario.node.walk()
    )


def judged(judge: Judge, workers: int) -> Iterator[Judged]:
    """What becomes of every slip, in their order.

    Args:
        judge: Of the program.
        workers: How many processes do it; 1 for this one.

    Raises:
        WorkerDiedError: A worker was killed, or its memory ran out.
    """
    indexes: Sequence[int] = range(len(judge.edits))
    if workers == 1 or len(indexes) < workers:
        yield from map(judge, indexes)
        return
    prepare = partial(Judge.of, judge.loaded.documents, judge.scenarios)
    with pool(workers, __name__) as processes:
        yield from in_order(prepare, map(Task, indexes), processes)
