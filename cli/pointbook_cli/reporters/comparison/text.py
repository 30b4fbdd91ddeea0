"""A comparison in a few lines for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.model.wording import quantity
from pointbook_cli.reporters.comparison.wording import reject_reach
from pointbook_cli.reporters.escaping import printable

if TYPE_CHECKING:
    from pointbook.guardrails.judging import JudgedComparison

_NAMED = 5


def comparison_text(judged: JudgedComparison) -> str:
    """Headlines, then every guardrail with what breaks it."""
    comparison = judged.comparison
    question = "as if each had always been in force"
    if comparison.since is not None:
        question = f"the new one takes effect on {comparison.since}"
    size = f"{quantity(len(comparison.members), 'member')}, {quantity(comparison.quality.events, 'event')}"
    lines = [
        printable(f"{comparison.program_id}: {comparison.old_name} → {comparison.new_name}, {question}"),
        f"{size}, as of {comparison.as_of}",
        "",
    ]
    lines += [f"  {headline.label}: {headline.sentence}" for headline in comparison.headlines]
    if reach := reject_reach(comparison.quality):
        lines += ["", printable(f"rejected: {reach}; reports say how far they could move points")]
    lines += [f"warning: {printable(warning)}" for warning in comparison.warnings]
    if judged.guardrails:
        lines.append("")
    for result in judged.guardrails:
        mark = "BROKEN" if result.broken else "ok"
        lines.append(
            printable(f"{mark:6} {result.title}: {result.measured} ({result.limit}) [{result.span}]")
        )
        if result.members:
            more = f" and {len(result.members) - _NAMED:,} more" if len(result.members) > _NAMED else ""
            lines.append(printable(f"       members: {', '.join(result.members[:_NAMED])}{more}"))
        lines += [
            printable(f"       by: {comparison.changes[index].sentence}") for index in result.changes[:_NAMED]
        ]
        if len(result.changes) > _NAMED:
            lines.append(f"       and {quantity(len(result.changes) - _NAMED, 'more change')}")
    return "\n".join(lines)
