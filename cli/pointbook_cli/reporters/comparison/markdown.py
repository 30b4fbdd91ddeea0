"""A comparison as Markdown for a pull request: the answer on at most two screens, the rest folded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.comparison.figures import share_text
from pointbook.guardrails.judging import Verdict
from pointbook.model.wording import quantity
from pointbook_cli.reporters.changes.markdown import signed
from pointbook_cli.reporters.comparison.markdown_tables import (
    LONG_SECTION,
    balance_table,
    change_table,
    cut,
    headline_table,
    matrix_table,
    signed_number,
    spread_table,
)
from pointbook_cli.reporters.comparison.tallies import change_effects, leading_text, level_counts, people_text
from pointbook_cli.reporters.comparison.wording import (
    GAPS,
    approval_text,
    cost_text,
    gap_texts,
    level_move_text,
    question_text,
    reject_limits,
    reject_reach,
    version_name,
)
from pointbook_cli.reporters.escaping import markdown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pointbook.comparison.result import ComparisonResult, MemberDifference
    from pointbook.guardrails.judging import GuardrailResult, JudgedComparison
    from pointbook_cli.reporters.comparison.tallies import ChangeEffect

LARGEST = 60_000
"""Characters; GitHub takes 65,536 in a comment."""

_NAMED = 5
_RAILS = 6
_LEVELS = 8
_CHANGES = 5
_MEMBERS = 8
_MOST_MEMBERS = 50
"""How much stands open, and how many members are listed at all."""

_MARKS = {Verdict.HOLDS: "✔", Verdict.BROKEN: "✘", Verdict.NOT_CHECKED: "○"}


def comparison_markdown(judged: JudgedComparison) -> str:
    """The comparison, with long tables cut after what matters most and the rest counted."""
    comparison = judged.comparison
    effects = change_effects(comparison)
    opened = [
        _answer(comparison),
        _unanswered(comparison),
        _verdict(judged),
        _levels(comparison),
        _changes(comparison, effects),
        _members(comparison),
    ]
    folded = [
        _folded("All guardrails", _rails(judged, 0) if len(judged.guardrails) > _RAILS else ""),
        _folded("From level to level", matrix_table(comparison)),
        _folded("Gains and losses by level", spread_table(comparison)),
        _folded("Every balance", balance_table(comparison)),
        _folded(
            "All figures, and how far the data could move them",
            headline_table(comparison.headlines, comparison.quality.assume),
        ),
        _folded("All changes, with exact shares", change_table(comparison, effects)),
        _folded(
            quantity(len(comparison.ranked), "member differs", "members differ"),
            _all_members(comparison),
        ),
        _folded("The log and the method", _method(comparison)),
    ]
    text = "\n\n".join(block for block in opened if block) + "\n"
    for block in folded:
        if block and len(text) + len(block) < LARGEST:
            text += f"\n{block}\n"
    assert len(text) < LARGEST, "the Markdown report is too long for a comment"
    return text


def _folded(title: str, text: str) -> str:
    return f"<details><summary>{markdown(title)}</summary>\n\n{text}\n\n</details>" if text else ""


def _answer(comparison: ComparisonResult) -> str:
    old = version_name(comparison.old, comparison.old_name)
    new = version_name(comparison.new, comparison.new_name)
    size = f"{quantity(len(comparison.members), 'member')}, {quantity(comparison.quality.events, 'event')}"
    return (
        f"## {markdown(comparison.program_title)}: {markdown(old)} → {markdown(new)}\n\n"
        f"**{markdown(comparison.summary)}**\n\n"
        f"{markdown(question_text(comparison))} {size}, as of {comparison.as_of}."
    )


def _unanswered(comparison: ComparisonResult) -> str:
    gaps = [f"- {markdown(text)}" for text in gap_texts(comparison.warnings, comparison.unanswered)]
    parts = []
    if gaps:
        rest = f"{len(gaps) - GAPS:,} more, about fewer events each"
        parts.append("\n".join(["**What the log cannot answer**", "", *gaps[:GAPS]]))
        parts.append(_folded(rest, cut(gaps[GAPS:], "gap")))
    if comparison.assumptions:
        parts.append("**Assumed:** " + markdown(" ".join(comparison.assumptions)))
    return "\n\n".join(part for part in parts if part)


def _verdict(judged: JudgedComparison) -> str:
    mark = _MARKS[judged.verdict]
    stale = "".join(f"\n- ✘ {markdown(f'{one.span}: {one.message}; {one.hint}')}" for one in judged.findings)
    return f"**{mark} {markdown(judged.sentence)}**\n\n{_rails(judged, _RAILS)}{stale}".rstrip()


def _rails(judged: JudgedComparison, most: int) -> str:
    """Guardrails, those first that are broken, then those not checked; all of them for 0."""
    ordered = sorted(judged.guardrails, key=lambda result: (not result.broken, result.passes))
    rows = [_guardrail(result, judged.comparison) for result in ordered]
    return cut(rows[: most or None], "guardrail", len(rows))


def _guardrail(result: GuardrailResult, comparison: ComparisonResult) -> str:
    found = markdown(result.reason or result.measured)
    line = f"- {_MARKS[result.verdict]} {result.verdict}: {markdown(result.title)}: {found} ({result.limit})"
    if result.approval is not None:
        line += f"; {markdown(approval_text(result))}"
    if result.members:
        line += f"; members {_some(result.members)}"
    if result.changes:
        line += f"; by {_some([comparison.changes[index].sentence for index in result.changes])}"
    return line


def _some(items: Sequence[str]) -> str:
    more = f" and {len(items) - _NAMED:,} more" if len(items) > _NAMED else ""
    return ", ".join(map(markdown, items[:_NAMED])) + more


def _levels(comparison: ComparisonResult) -> str:
    if not comparison.members:
        return f"There is no member who has signed up by {comparison.as_of}."
    rows = [
        f"| {markdown(line.title)} | {line.old:,} | {line.new:,} | {signed_number(line.new - line.old)} |"
        for line in reversed(level_counts(comparison))
    ]
    head = "| level | old rules | new rules | difference |\n|---|--:|--:|--:|"
    return f"{head}\n{cut(rows[:_LEVELS], 'level', len(rows))}"


def _changes(comparison: ComparisonResult, effects: Sequence[ChangeEffect]) -> str:
    rows = [
        f"| {markdown(effect.change.sentence)} | {markdown(_moved(comparison, effect))}"
        f" | {share_text(effect.share.points) if effect.share.has_effect else ''}"
        f" | {signed(effect.change.direction)} |"
        for effect in effects
    ]
    if not rows:
        return "Nothing changes but words."
    head = "| change | moves members | points | for members |\n|---|---|--:|---|"
    return f"{head}\n{cut(rows[:_CHANGES], 'change', len(rows))}"


def _moved(comparison: ComparisonResult, effect: ChangeEffect) -> str:
    """Whom a change moves, and what the first sentence names it for; why it moves nobody."""
    parts = (people_text(effect) or effect.share.reason, leading_text(comparison, effect))
    return "; ".join(filter(None, parts))


def _members(comparison: ComparisonResult) -> str:
    if not comparison.ranked:
        return "Nobody's points, levels or benefits differ."
    rows = [
        f"| {markdown(member.name)} | {markdown(level_move_text(member, comparison))}"
        f" | {signed_number(member.change)} | {markdown(member.sentence)} |"
        for member in comparison.ranked[:_MEMBERS]
    ]
    head = "| most affected | level | points | what decides |\n|---|---|--:|---|"
    return f"{head}\n{cut(rows, 'member', len(comparison.ranked), LONG_SECTION)}"


def _all_members(comparison: ComparisonResult) -> str:
    if len(comparison.ranked) <= _MEMBERS:
        return ""
    rows = [_member(member, comparison) for member in comparison.ranked[:_MOST_MEMBERS]]
    head = "| member | points old | new | difference | level |\n|---|--:|--:|--:|---|"
    return f"{head}\n{cut(rows, 'member', len(comparison.ranked), LONG_SECTION)}"


def _member(member: MemberDifference, comparison: ComparisonResult) -> str:
    points = f"{member.old.effects.points:,} | {member.new.effects.points:,} | {signed_number(member.change)}"
    return f"| {markdown(member.name)} | {points} | {markdown(level_move_text(member, comparison))} |"


def _method(comparison: ComparisonResult) -> str:
    attribution, quality = comparison.attribution, comparison.quality
    rejected = sum(quality.rejects.values())
    parts = [
        f"Events read {quality.events_read:,}, evaluated {quality.events:,}, rejected {rejected:,}.",
        f"Members with missing assessed values: {quality.open_members:,}, taken as `{quality.assume}`.",
    ]
    if reach := reject_reach(quality):
        limits = reject_limits(quality)
        parts.append(f"Rejected: {markdown(reach)}{markdown(f'; {limits}') if limits else ''}.")
    if attribution.method == "exact":
        parts.append("Fair shares are exact Shapley values.")
    elif attribution.method == "sampled":
        parts.append(
            f"Fair shares of {quantity(attribution.sampled_members, 'member')} are averages over"
            f" {attribution.permutations} random orders; the others are exact."
        )
    if attribution.method != "none":
        parts.append(cost_text(attribution))
    parts.append(f"Digests: {comparison.old.sha256[:12] or 'none'} → {comparison.new.sha256[:12] or 'none'}.")
    return " ".join(parts)
