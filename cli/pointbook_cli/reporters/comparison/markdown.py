"""A comparison as Markdown for a pull request: the answer on at most two screens, the rest folded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.changes.directions import Direction
from pointbook.comparison.figures import percent_text, rounded, share_text
from pointbook.guardrails.judging import Verdict
from pointbook.model.wording import quantity
from pointbook_cli.reporters.changes.markdown import signed
from pointbook_cli.reporters.comparison.spreads import spread_title
from pointbook_cli.reporters.comparison.tallies import change_effects, level_counts, people_text
from pointbook_cli.reporters.comparison.wording import (
    approval_text,
    cost_text,
    level_move_text,
    open_note,
    question_text,
    reject_limits,
    reject_range,
    reject_reach,
    stake_text,
    version_name,
)
from pointbook_cli.reporters.escaping import markdown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pointbook.comparison.result import ComparisonResult, Headline, MemberDifference
    from pointbook.guardrails.judging import GuardrailResult, JudgedComparison
    from pointbook.model.ledger import Assume
    from pointbook_cli.reporters.comparison.tallies import ChangeEffect

LARGEST = 60_000
"""Characters; GitHub takes 65,536 in a comment."""

_SECTION = 3_000
_LONG_SECTION = 9_000
_NAMED = 5
_GAPS = 4
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
        _changes(effects),
        _members(comparison),
    ]
    folded = [
        _folded("All guardrails", _rails(judged, 0) if len(judged.guardrails) > _RAILS else ""),
        _folded("From level to level", _matrix(comparison)),
        _folded("Gains and losses by level", _spreads(comparison)),
        _folded("Every balance", _balances(comparison)),
        _folded(
            "All figures, and how far the data could move them",
            _headlines(comparison.headlines, comparison.quality.assume),
        ),
        _folded("All changes, with exact shares", _exact(comparison, effects)),
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
    gaps = [f"- {markdown(warning)}" for warning in comparison.warnings]
    gaps += [
        f"- {markdown(gap.sentence)} {markdown(stake_text(gap))}".rstrip() for gap in comparison.unanswered
    ]
    parts = []
    if gaps:
        rest = f"{len(gaps) - _GAPS:,} more, about fewer events each"
        parts.append("\n".join(["**What the log cannot answer**", "", *gaps[:_GAPS]]))
        parts.append(_folded(rest, _cut(gaps[_GAPS:], "gap")))
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
    return _cut(rows[: most or None], "guardrail", len(rows))


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
        f"| {markdown(line.title)} | {line.old:,} | {line.new:,} | {_signed(line.new - line.old)} |"
        for line in reversed(level_counts(comparison))
    ]
    head = "| level | old rules | new rules | difference |\n|---|--:|--:|--:|"
    return f"{head}\n{_cut(rows[:_LEVELS], 'level', len(rows))}"


def _matrix(comparison: ComparisonResult) -> str:
    counts = level_counts(comparison)
    rows = [f"| old ↓ new → | {' | '.join(markdown(line.title) for line in counts)} | all |"]
    rows.append(f"|---|{'--:|' * (len(counts) + 1)}")
    for row, before in enumerate(counts):
        cells = []
        for column, after in enumerate(counts):
            count = comparison.matrix.get((before.level, after.level), 0)
            sign = "" if not count or row == column else "▼ " if row > column else "▲ "
            cells.append(f"{sign}{count:,}")
        rows.append(f"| {markdown(before.title)} | {' | '.join(cells)} | {before.old:,} |")
    whole = " | ".join(f"{line.new:,}" for line in counts)
    rows.append(f"| **all** | {whole} | {len(comparison.members):,} |")
    return _cut(rows, "line") if comparison.members else ""


def _spreads(comparison: ComparisonResult) -> str:
    rows = [
        f"| {markdown(spread_title(spread.level, comparison))} | {spread.members:,} | {_signed(spread.least)}"
        f" | {_signed(spread.lower_quartile)} | {_signed(spread.median)} | {_signed(spread.upper_quartile)}"
        f" | {_signed(spread.most)}"
        f" | {'' if spread.top_tenth is None else percent_text(spread.top_tenth * 100)} |"
        for spread in comparison.distribution
    ]
    head = (
        f"{markdown(comparison.balance_title)} over the whole log, by the level held under the old rules."
        "\n\n| level | members | least | lower quartile | median | upper quartile | most"
        " | share of the top tenth |\n|---|--:|--:|--:|--:|--:|--:|--:|"
    )
    return f"{head}\n{_cut(rows, 'level')}" if rows else ""


def _balances(comparison: ComparisonResult) -> str:
    rows = [
        f"| {markdown(one.title)}{', decides levels' * one.decides_levels} | {one.old:,} | {one.new:,}"
        f" | {_signed(one.new - one.old)} | {one.losing:,} | {one.gaining:,} | {one.most_lost:,}"
        f" | {one.most_gained:,} |"
        for one in comparison.balances
    ]
    head = (
        "| balance | old rules | new rules | difference | members with fewer | with more | largest loss"
        " | largest gain |\n|---|--:|--:|--:|--:|--:|--:|--:|"
    )
    return f"{head}\n{_cut(rows, 'balance')}"


def _headlines(headlines: Sequence[Headline], assume: Assume) -> str:
    possible = "if missing values are low, or high | if rejected rows were right"
    lines = [f"| | old rules | new rules | difference | {possible} |", "|---|--:|--:|--:|--:|--:|"]
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


def _changes(effects: Sequence[ChangeEffect]) -> str:
    rows = [
        f"| {markdown(effect.change.sentence)} | {markdown(people_text(effect) or effect.share.reason)}"
        f" | {_signed(rounded(effect.share.points)) if effect.share.has_effect else ''}"
        f" | {signed(effect.change.direction)} |"
        for effect in effects
    ]
    if not rows:
        return "Nothing changes but words."
    head = "| change | moves members | points | for members |\n|---|---|--:|---|"
    return f"{head}\n{_cut(rows[:_CHANGES], 'change', len(rows))}"


def _exact(comparison: ComparisonResult, effects: Sequence[ChangeEffect]) -> str:
    words = sum(change.direction is Direction.NEUTRAL for change in comparison.changes)
    rows = [_exact_row(effect) for effect in effects]
    head = "| change | points | promotions | demotions | where |\n|---|--:|--:|--:|---|"
    parts = [f"{head}\n{_cut(rows, 'change', most=_LONG_SECTION)}"] if rows else []
    if words:
        parts.append(f"{quantity(words, 'change')} of words, dates and declarations.")
    return "\n\n".join(parts)


def _exact_row(effect: ChangeEffect) -> str:
    figures = [effect.share.reason, "", ""]
    if effect.share.has_effect:
        figures = [
            share_text(value) + (f" ± {share_text(error).lstrip('+')}" if error else "")
            for value, error in zip(effect.share.fair, effect.share.errors, strict=True)
        ]
    where = markdown(f"{effect.change.place.file}:{effect.change.place.line}")
    return f"| {' | '.join((markdown(effect.change.sentence), *figures, where))} |"


def _members(comparison: ComparisonResult) -> str:
    if not comparison.ranked:
        return "Nobody's points, levels or benefits differ."
    rows = [
        f"| {markdown(member.name)} | {markdown(level_move_text(member, comparison))}"
        f" | {_signed(member.change)} | {markdown(member.sentence)} |"
        for member in comparison.ranked[:_MEMBERS]
    ]
    head = "| most affected | level | points | what decides |\n|---|---|--:|---|"
    return f"{head}\n{_cut(rows, 'member', len(comparison.ranked), _LONG_SECTION)}"


def _all_members(comparison: ComparisonResult) -> str:
    if len(comparison.ranked) <= _MEMBERS:
        return ""
    rows = [_member(member, comparison) for member in comparison.ranked[:_MOST_MEMBERS]]
    head = "| member | points old | new | difference | level |\n|---|--:|--:|--:|---|"
    return f"{head}\n{_cut(rows, 'member', len(comparison.ranked), _LONG_SECTION)}"


def _member(member: MemberDifference, comparison: ComparisonResult) -> str:
    points = f"{member.old.effects.points:,} | {member.new.effects.points:,} | {_signed(member.change)}"
    return f"| {markdown(member.name)} | {points} | {markdown(level_move_text(member, comparison))} |"


def _signed(number: int) -> str:
    return f"{number:+,}" if number else "0"


def _cut(rows: Sequence[str], noun: str, whole: int | None = None, most: int = _SECTION) -> str:
    """The first rows that fit a section, and how many are left out."""
    size = shown = 0
    while shown < len(rows) and size + len(rows[shown]) <= most:
        size += len(rows[shown]) + 1
        shown += 1
    left = (whole or len(rows)) - shown
    more = quantity(left, f"more {noun} is", f"more {noun}s are")
    return "\n".join(rows[:shown]) + (f"\n\n{more} below or in the other reports." if left else "")


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
