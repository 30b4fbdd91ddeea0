"""One rule with several values in turn: what each would do to members, in a line of its own.

Each value is a comparison of the version as it is with the same version that has the value instead, judged
like any other. Days of notice are not judged, and no approvals are looked at: nobody has announced or
approved a value that is only tried.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from pointbook.guardrails.guardrail import Measure
from pointbook.guardrails.judging import JudgedComparison, judged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from pointbook.comparison.question import Question
    from pointbook.comparison.result import ComparisonResult
    from pointbook.comparison.summaries import BalanceSummary, Unanswered
    from pointbook.guardrails.guardrail import Guardrail
    from pointbook.guardrails.judging import GuardrailResult


_NOTHING_JUDGED = "Nothing was limited: days of notice are not judged where a value is only tried."


class TriedValue(NamedTuple):
    """What one value does.

    Attributes:
        value: As it was typed.
        is_now: Whether the version has it already.
        rising: Members holding a higher level.
        falling: Members holding a lower level.
        balances: Points of each balance, in the program's order.
        guardrails: What became of each guardrail.
        judgement: What became of all of them, in a sentence.
        passes: Whether a gate lets it through.
    """

    value: str
    is_now: bool
    rising: int
    falling: int
    balances: tuple[BalanceSummary, ...]
    guardrails: tuple[GuardrailResult, ...]
    judgement: str
    passes: bool


class TriedValues(NamedTuple):
    """Values tried at one place.

    Attributes:
        program_id: Of the program.
        version: Id of the version.
        address: What the place is called.
        as_of: The last day that counts, written.
        asked: How each was compared, in words.
        assumptions: How the question was put, where that takes something for granted.
        warnings: What the reader must know before believing the figures.
        unanswered: What the log cannot answer, about most events first.
        members: How many members were compared.
        events: How many events were.
        rows: One for each value, in the order in which they were typed.
    """

    program_id: str
    version: str
    address: str
    as_of: str
    asked: str
    assumptions: tuple[str, ...]
    warnings: tuple[str, ...]
    unanswered: tuple[Unanswered, ...]
    members: int
    events: int
    rows: tuple[TriedValue, ...]


def tried(
    address: str,
    questions: Iterable[tuple[str, bool, Question]],
    compared: Callable[[Question], ComparisonResult],
    limits: Iterable[Guardrail],
    *,
    required: bool = False,
) -> TriedValues:
    """What each value does.

    Args:
        address: What the place is called.
        questions: For each value, at least one: as it was typed, whether it is there now, and the question.
        compared: What a question comes to; changes of one value have no shares to split.
        limits: The guardrails.
        required: Whether there must be some; days of notice are some.
    """
    limits = tuple(limits)
    judging = [limit for limit in limits if limit.measure is not Measure.NOTICE_DAYS]
    rows, gaps = [], []
    assumptions: tuple[str, ...] = ()
    comparison: ComparisonResult
    for value, is_now, question in questions:
        comparison = compared(question)
        # That a version is compared with itself goes without saying where it is marked.
        assumptions = assumptions or (() if is_now else comparison.assumptions)
        gaps.append((value, comparison.unanswered))
        row = _row(value, comparison, judging, is_now=is_now, required=required and not limits)
        rows.append(row if judging or not limits else row._replace(judgement=_NOTHING_JUDGED))
    return TriedValues(
        program_id=comparison.program_id,
        version=comparison.old.id,
        address=address,
        as_of=comparison.as_of.isoformat(),
        asked=comparison.asked,
        assumptions=assumptions,
        warnings=comparison.warnings,
        unanswered=_unanswered(gaps),
        members=len(comparison.members),
        events=comparison.quality.events,
        rows=tuple(rows),
    )


def _unanswered(gaps: Sequence[tuple[str, tuple[Unanswered, ...]]]) -> tuple[Unanswered, ...]:
    """What the log cannot answer of all values, or of some, which are then named."""
    values: dict[Unanswered, list[str]] = {}
    for value, found in gaps:
        for gap in found:
            values.setdefault(gap, []).append(value)
    told = [
        gap if len(own) == len(gaps) else replace(gap, sentence=f"With {', '.join(own)}: {gap.sentence}")
        for gap, own in values.items()
    ]
    return tuple(sorted(told, key=lambda gap: -gap.events))


def _row(
    value: str, comparison: ComparisonResult, limits: list[Guardrail], *, is_now: bool, required: bool
) -> TriedValue:
    result = JudgedComparison(comparison, judged(comparison, limits), required=required)
    moves = [member.level_move for member in comparison.members]
    return TriedValue(
        value=value,
        is_now=is_now,
        rising=moves.count(1),
        falling=moves.count(-1),
        balances=comparison.balances,
        guardrails=result.guardrails,
        judgement=result.sentence,
        passes=result.passes,
    )
