"""A comparison in a few lines for a terminal: what a report says first, and where the rest is."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from pointbook.guardrails.judging import Verdict
from pointbook.model.wording import quantity
from pointbook_cli.reporters.comparison.tallies import level_counts
from pointbook_cli.reporters.comparison.wording import (
    approval_text,
    gap_lines,
    level_move_text,
    question_text,
    version_name,
)
from pointbook_cli.reporters.escaping import printable
from pointbook_cli.reporters.findings.text import findings_concise

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pointbook.comparison.result import ComparisonResult
    from pointbook.guardrails.judging import GuardrailResult, JudgedComparison

_NAMED = 5
_MEMBERS = 10


def comparison_text(judged: JudgedComparison) -> str:
    """The answer in a sentence, what the log cannot answer, the verdict, levels, and who is most affected.

    That nothing was limited is said first.
    """
    comparison = judged.comparison
    old = version_name(comparison.old, comparison.old_name)
    new = version_name(comparison.new, comparison.new_name)
    size = f"{quantity(len(comparison.members), 'member')}, {quantity(comparison.quality.events, 'event')}"
    blocks = [
        [] if judged.guardrails else [judged.sentence],
        [
            f"{comparison.program_title}: {old} → {new}",
            f"{question_text(comparison)} {size}, as of {comparison.as_of}.",
        ],
        [comparison.summary],
        list(_unanswered(comparison)),
        list(_verdict(judged)),
        list(_levels(comparison)),
        list(_members(comparison)),
    ]
    return "\n\n".join("\n".join(map(printable, block)) for block in blocks if block)


def _unanswered(comparison: ComparisonResult) -> Iterator[str]:
    yield from gap_lines(comparison.warnings, comparison.unanswered)
    if comparison.assumptions:
        yield "Assumed:"
        yield from (f"  - {sentence}" for sentence in comparison.assumptions)


def _verdict(judged: JudgedComparison) -> Iterator[str]:
    if judged.guardrails:
        yield judged.sentence
    for result in judged.guardrails:
        yield from _guardrail(result, judged.comparison)
    yield from findings_concise(judged.findings).splitlines()


def _guardrail(result: GuardrailResult, comparison: ComparisonResult) -> Iterator[str]:
    found = result.reason or result.measured
    yield f"{_mark(result):6} {result.title}: {found} ({result.limit}) [{result.span}]"
    if result.approval is not None:
        yield f"       {approval_text(result)} [{result.approval.span}]"
    if result.members:
        more = f" and {len(result.members) - _NAMED:,} more" if len(result.members) > _NAMED else ""
        yield f"       members: {', '.join(result.members[:_NAMED])}{more}"
    for index in result.changes[:_NAMED]:
        yield f"       by: {comparison.changes[index].sentence}"
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


def _levels(comparison: ComparisonResult) -> Iterator[str]:
    if not comparison.members:
        return
    counts = level_counts(comparison)
    width = max(len(line.title) for line in counts)
    yield "Members by level:"
    for line in reversed(counts):
        change = f"{line.new - line.old:+,}" if line.new != line.old else "as many"
        yield f"  {line.title:{width}}  {line.old:>7,} → {line.new:,} ({change})"


def _members(comparison: ComparisonResult) -> Iterator[str]:
    differing = comparison.ranked
    if not differing:
        yield "Nobody's points, levels or benefits differ."
        return
    yield "Most affected:"
    for member in differing[:_MEMBERS]:
        yield f"  {member.name}: {level_move_text(member, comparison)}; {member.sentence}"
    if len(differing) > _MEMBERS:
        more = quantity(len(differing) - _MEMBERS, "more member differs", "more members differ")
        yield f"  {more}: `--out report.html` lists them, `--out members.csv` has everybody"
