"""Guardrails as they were: what a loosened one stopped is stopped, until somebody says that it may be looser.

A program is compared with what a commit has, and its guardrails differ too. Judged by the new ones alone a
gate would be green for what nobody has decided, so each that was loosened, removed, or that limits something
else now is judged as it was as well. An approval of that change, or of the broken guardrail, lets it pass.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from pointbook.changes.fingerprints import fingerprint
from pointbook.changes.kinds import Kind
from pointbook.guardrails.approving import approved_changes
from pointbook.guardrails.changes import guardrail_changes
from pointbook.guardrails.judging import Verdict, judged

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from pointbook.changes.change import Change
    from pointbook.comparison.result import ComparisonResult
    from pointbook.guardrails.approval import Approval
    from pointbook.guardrails.guardrail import Guardrail
    from pointbook.guardrails.judging import GuardrailResult, JudgedComparison

_LOOSER = (Kind.GUARDRAIL_LOOSENED, Kind.GUARDRAIL_CHANGED)


class EarlierLimit(NamedTuple):
    """A guardrail as it was, and what became of it."""

    guardrail: Guardrail
    change: Change
    ref: str


def earlier_limits(
    old: Sequence[Guardrail], new: Sequence[Guardrail], files: tuple[str, str], ref: str
) -> tuple[EarlierLimit, ...]:
    """The guardrails of a commit that stopped something which those of now may not stop.

    Args:
        old: As they were.
        new: As they are.
        files: Where the ones and the others are written, or would be.
        ref: The commit.
    """
    known = {rule.id: rule for rule in old}
    return tuple(
        EarlierLimit(known[change.rule_id], change, ref)
        for change in guardrail_changes(old, new, files)
        if change.kind in _LOOSER
    )


def judged_by_earlier(
    comparison: ComparisonResult, limits: Iterable[EarlierLimit]
) -> tuple[GuardrailResult, ...]:
    """What becomes of each, placed where it would be written now."""
    return tuple(
        replace(
            result,
            title=f"{result.title}, as limited at {limit.ref}",
            limited_at=limit.ref,
            span=limit.change.new.span,
        )
        for limit in limits
        for result in judged(comparison, (limit.guardrail,))
    )


def with_loosening_approved(
    judged_: JudgedComparison, limits: Iterable[EarlierLimit], approvals: Iterable[Approval], day: date
) -> JudgedComparison:
    """The same with what may be broken as it was, because somebody has approved that it is looser now.

    What was not checked as it was is left out: it limits nothing any more.
    """
    changes = {limit.guardrail.id: limit.change for limit in limits}
    letting = approved_changes(changes.values(), approvals, day).approvals
    results = []
    for result in judged_.guardrails:
        approval = letting.get(fingerprint(changes[result.id])) if result.limited_at else None
        if approval is None or result.verdict is Verdict.HOLDS:
            results.append(result)
        elif result.verdict is Verdict.BROKEN:
            results.append(replace(result, approval=result.approval or approval))
    return replace(judged_, guardrails=tuple(results))
