"""A comparison in a few lines for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from pointbook.guardrails.judging import Verdict
from pointbook.model.wording import quantity
from pointbook_cli.reporters.comparison.wording import reject_reach
from pointbook_cli.reporters.escaping import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pointbook.comparison.result import ComparisonResult
    from pointbook.guardrails.judging import GuardrailResult, JudgedComparison

_NAMED = 5


def comparison_text(judged: JudgedComparison) -> str:
    """Headlines, then every guardrail with what breaks it. That nothing was limited is said first."""
    comparison = judged.comparison
    question = "as if each had always been in force"
    if comparison.since is not None:
        question = f"the new one takes effect on {comparison.since}"
    size = f"{quantity(len(comparison.members), 'member')}, {quantity(comparison.quality.events, 'event')}"
    lines = [
        *([] if judged.guardrails else [judged.sentence]),
        printable(f"{comparison.program_id}: {comparison.old_name} → {comparison.new_name}, {question}"),
        f"{size}, as of {comparison.as_of}",
        "",
    ]
    lines += [f"  {headline.label}: {headline.sentence}" for headline in comparison.headlines]
    if reach := reject_reach(comparison.quality):
        lines += ["", printable(f"rejected: {reach}; reports say how far they could move points")]
    lines += [f"warning: {printable(warning)}" for warning in comparison.warnings]
    if judged.guardrails:
        lines += ["", printable(judged.sentence)]
    lines += [line for result in judged.guardrails for line in _guardrail(result, comparison)]
    return "\n".join(lines)


def _guardrail(result: GuardrailResult, comparison: ComparisonResult) -> Iterator[str]:
    found = result.reason or result.measured
    yield printable(f"{_mark(result):6} {result.title}: {found} ({result.limit}) [{result.span}]")
    if (approval := result.approval) is not None:
        yield printable(
            f"       by {approval.by} until {approval.until}: {approval.reason} [{approval.span}]"
        )
    if result.members:
        more = f" and {len(result.members) - _NAMED:,} more" if len(result.members) > _NAMED else ""
        yield printable(f"       members: {', '.join(result.members[:_NAMED])}{more}")
    for index in result.changes[:_NAMED]:
        yield printable(f"       by: {comparison.changes[index].sentence}")
    if len(result.changes) > _NAMED:
        yield f"       and {quantity(len(result.changes) - _NAMED, 'more change')}"


def _mark(result: GuardrailResult) -> str:
    match result.verdict:
        case Verdict.HOLDS:
            return "ok"
        case Verdict.BROKEN:
            return "BROKEN" if result.approval is None else "APPROVED"
        case Verdict.NOT_CHECKED:
            return "NOT CHECKED"
        case _:
            assert_never(result.verdict)
