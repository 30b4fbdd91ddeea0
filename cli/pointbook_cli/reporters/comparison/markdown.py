"""A comparison as Markdown for a pull request: verdict, headlines, top changes, top members."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.changes.directions import Direction
from pointbook.comparison.figures import percent_text, share_text
from pointbook.comparison.shares.result import by_effect
from pointbook.model.wording import quantity
from pointbook_cli.reporters.changes.markdown import signed
from pointbook_cli.reporters.comparison.wording import (
    cost_text,
    open_note,
    reject_limits,
    reject_range,
    reject_reach,
)
from pointbook_cli.reporters.escaping import markdown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pointbook.comparison.result import ComparisonResult, Headline, MemberDifference
    from pointbook.comparison.shares.result import Share
    from pointbook.guardrails.judging import GuardrailResult, JudgedComparison
    from pointbook.model.ledger import Assume

LARGEST = 60_000
"""Characters; GitHub takes 65,536 in a comment."""

_SECTION = 12_000
_NAMED = 5


def comparison_markdown(judged: JudgedComparison) -> str:
    """The comparison, with long tables cut after what matters most and the rest counted."""
    comparison = judged.comparison
    blocks = [
        _verdict(judged),
        _headlines(comparison.headlines, comparison.quality.assume),
        _changes(comparison),
        _members(comparison),
        _method(comparison),
    ]
    text = "\n\n".join(block for block in blocks if block) + "\n"
    assert len(text) < LARGEST, "the Markdown report is too long for a comment"
    return text


def _verdict(judged: JudgedComparison) -> str:
    comparison, results = judged.comparison, judged.guardrails
    since = "as if each had always been in force"
    if comparison.since is not None:
        since = (
            f"the timeline as it is against {markdown(comparison.new.id)} taking effect on {comparison.since}"
        )
    old, new = markdown(comparison.old_name), markdown(comparison.new_name)
    size = f"{quantity(len(comparison.members), 'member')}, {quantity(comparison.quality.events, 'event')}"
    lines = [
        f"## {markdown(comparison.program_title)}: {old} → {new}",
        "",
        f"{since[:1].upper()}{since[1:]}; {size}, as of {comparison.as_of}.",
    ]
    broken = [result for result in results if result.broken]
    if results:
        count = len(results)
        verdict = "✔ The guardrail holds" if count == 1 else f"✔ All {count} guardrails hold"
        if broken:
            verdict = f"✘ {len(broken)} of {quantity(count, 'guardrail')} broken"
        lines += ["", f"**{verdict}**", ""]
        ordered = sorted(results, key=lambda result: not result.broken)
        lines.append(_cut([_guardrail(result, comparison) for result in ordered], "guardrail"))
    lines += [f"\n> ⚠ {markdown(warning)}" for warning in comparison.warnings]
    return "\n".join(lines)


def _guardrail(result: GuardrailResult, comparison: ComparisonResult) -> str:
    mark = "✘" if result.broken else "✔"
    line = f"- {mark} {markdown(result.title)}: {markdown(result.measured)} ({result.limit})"
    if result.members:
        line += f"; members {_some(result.members)}"
    if result.changes:
        line += f"; by {_some([comparison.changes[index].sentence for index in result.changes])}"
    return line


def _some(items: Sequence[str]) -> str:
    more = f" and {len(items) - _NAMED:,} more" if len(items) > _NAMED else ""
    return ", ".join(map(markdown, items[:_NAMED])) + more


def _headlines(headlines: Sequence[Headline], assume: Assume) -> str:
    lines = [
        "| | old | new | change | if missing values are low, or high | if rejected rows were right |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    for headline in headlines:
        old = "" if headline.old is None else f"{headline.old:,}"
        new = "" if headline.old is None else f"{headline.new:,}"
        sign = "+" if headline.old is not None else ""
        change = f"{headline.change:{sign if headline.change else ''},}"
        if headline.percent is not None and headline.change:
            change += f" ({percent_text(headline.percent, signed=headline.old is not None)})"
        bounds = f"{headline.low:{sign},} or {headline.high:{sign},}" if headline.is_open else ""
        if note := open_note(headline, assume):
            bounds += f"; {note}"
        lines.append(f"| {headline.label} | {old} | {new} | {change} | {bounds} | {reject_range(headline)} |")
    return "\n".join(lines)


def _changes(comparison: ComparisonResult) -> str:
    shares = comparison.attribution.shares
    counting = [
        share for share in shares if comparison.changes[share.index].direction is not Direction.NEUTRAL
    ]
    words = len(shares) - len(counting)
    if not shares:
        return "### Changes\n\nNo change in meaning."
    order = sorted(counting, key=by_effect)
    head = (
        "### Changes by measured effect\n\n| for members | change | points | promotions | demotions | where |"
    )
    rows = [_change(comparison, share) for share in order]
    text = f"{head}\n|---|---|--:|--:|--:|---|\n{_cut(rows, 'change')}" if rows else "### Changes"
    if words:
        text += f"\n\n{quantity(words, 'change')} of words, dates and declarations."
    return text


def _change(comparison: ComparisonResult, share: Share) -> str:
    change = comparison.changes[share.index]
    figures = [share.reason, "", ""]
    if share.has_effect:
        figures = [
            share_text(value) + (f" ± {share_text(error).lstrip('+')}" if error else "")
            for value, error in zip(share.fair, share.errors, strict=True)
        ]
    where = markdown(f"{change.place.file}:{change.place.line}")
    return f"| {' | '.join((signed(change.direction), markdown(change.sentence), *figures, where))} |"


def _members(comparison: ComparisonResult) -> str:
    touched = comparison.ranked
    if not touched:
        return "### Members\n\nNobody's points, levels or benefits differ."
    rows = [_member(member) for member in touched]
    head = (
        "### Members who differ most\n\n| member | points old | new | change | level |\n|---|--:|--:|--:|---|"
    )
    return f"{head}\n{_cut(rows[:50], 'member', len(rows))}"


def _member(member: MemberDifference) -> str:
    old, new = markdown(member.old.level or "none"), markdown(member.new.level or "none")
    move = {-1: f"▼ {old} → {new}", 0: old, 1: f"▲ {old} → {new}"}[member.level_move]
    points = f"{member.old.effects.points:,} | {member.new.effects.points:,} | {member.change:+,}"
    return f"| {markdown(member.name)} | {points} | {move} |"


def _cut(rows: Sequence[str], noun: str, whole: int | None = None) -> str:
    """The first rows that fit a section, and how many are left out."""
    size = shown = 0
    while shown < len(rows) and size + len(rows[shown]) <= _SECTION:
        size += len(rows[shown]) + 1
        shown += 1
    left = (whole or len(rows)) - shown
    more = quantity(left, f"more {noun} is", f"more {noun}s are")
    return "\n".join(rows[:shown]) + (f"\n\n{more} in the other reports." if left else "")


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
    return f"<sub>{' '.join(parts)}</sub>"
