"""One rule with several values in turn: what each would do to members, in a line of its own.

Each value is a comparison of the version as it is with the same version that has the value instead, judged
like any other. Days of notice are not judged: nobody has announced a value that is only tried.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pointbook.comparison.comparing import compare
from pointbook.guardrails.judging import JudgedComparison, Measure, judged

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pointbook.comparison.question import Question
    from pointbook.comparison.result import BalanceSummary
    from pointbook.comparison.terms import Options
    from pointbook.guardrails.judging import Guardrail
    from pointbook.log import Log


class TriedValue(NamedTuple):
    """What one value does.

    Attributes:
        value: As it was typed.
        is_now: Whether the version has it already.
        rising: Members holding a higher level.
        falling: Members holding a lower level.
        balances: Points of each balance, in the program's order.
        verdict: What became of all guardrails, in a sentence.
        passes: Whether none is broken or was not checked.
    """

    value: str
    is_now: bool
    rising: int
    falling: int
    balances: tuple[BalanceSummary, ...]
    verdict: str
    passes: bool


class TriedValues(NamedTuple):
    """A table of values tried at one place.

    Attributes:
        title: Of the program.
        version: Id of the version.
        address: What the place is called.
        question: How each was compared, in words.
        assumptions: How the question is put, where the answer depends on it.
        members: How many members were compared.
        rows: One for each value.
    """

    title: str
    version: str
    address: str
    question: str
    assumptions: tuple[str, ...]
    members: int
    rows: tuple[TriedValue, ...]
