"""Tables of a comparison as Markdown, each no longer than a section of a comment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.changes.directions import Direction
from pointbook.comparison.figures import percent_text, share_text
from pointbook.model.wording import quantity
from pointbook_cli.reporters.comparison.spreads import spread_title, still_text
from pointbook_cli.reporters.comparison.tallies import level_counts
from pointbook_cli.reporters.comparison.wording import open_note, reject_range
from pointbook_cli.reporters.escaping import markdown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pointbook.comparison.result import ComparisonResult, Headline
    from pointbook.model.ledger import Assume
    from pointbook_cli.reporters.comparison.tallies import ChangeEffect

_SECTION = 3_000
LONG_SECTION = 9_000
"""Characters of a section, and of one of what matters most."""


def matrix_table(comparison: ComparisonResult) -> str:
    """Members by level under the old rules and under the new; empty without members."""
    counts = level_counts(comparison)
    rows = [f"| old ↓ new → | {' | '.join(markdown(line.title) for line in counts)} | all |"]
    rows.append(f"|---|{'--:|' * (len(counts) + 1)}")
    for before in counts:
        cells = []
        for after in counts:
            cell = before.level, after.now
            sign = {-1: "▼ ", 0: "", 1: "▲ "}[comparison.level_moves.get(cell, 0)]
            cells.append(f"{sign}{comparison.matrix.get(cell, 0):,}")
        rows.append(f"| {markdown(before.title)} | {' | '.join(cells)} | {before.old:,} |")
    whole = " | ".join(f"{line.new:,}" for line in counts)
    rows.append(f"| **all** | {whole} | {len(comparison.members):,} |")
    return cut(rows, "line") if comparison.members else ""


def spread_table(comparison: ComparisonResult) -> str:
    """How gains and losses are spread, by level; empty without members, or where nobody's points move."""
    rows = []
    if still_text(comparison):
        return ""
    for spread in comparison.distribution:
        quartiles = (spread.least, spread.lower_quartile, spread.median, spread.upper_quartile, spread.most)
        part = "" if spread.top_tenth is None else percent_text(spread.top_tenth * 100)
        cells = (f"{spread.members:,}", *map(signed_number, quartiles), part)
        rows.append(f"| {markdown(spread_title(spread.level, comparison))} | {' | '.join(cells)} |")
    head = (
        f"{markdown(comparison.balance_title)} over the whole log, by the level held under the old rules."
        "\n\n| level | members | least | lower quartile | median | upper quartile | most"
        " | share of the top tenth |\n|---|--:|--:|--:|--:|--:|--:|--:|"
    )
    return f"{head}\n{cut(rows, 'level')}" if rows else ""


def balance_table(comparison: ComparisonResult) -> str:
    """What becomes of each balance."""
    rows = [
        f"| {markdown(one.title)}{', decides levels' * one.decides_levels} | {one.old:,} | {one.new:,}"
        f" | {signed_number(one.new - one.old)} | {one.losing:,} | {one.gaining:,} | {one.most_lost:,}"
        f" | {one.most_gained:,} |"
        for one in comparison.balances
    ]
    head = (
        "| balance | old rules | new rules | difference | members with fewer | with more | largest loss"
        " | largest gain |\n|---|--:|--:|--:|--:|--:|--:|--:|"
    )
    return f"{head}\n{cut(rows, 'balance')}"


def headline_table(headlines: Sequence[Headline], assume: Assume) -> str:
    """The figures of the whole, and how far the data could move them."""
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


def change_table(comparison: ComparisonResult, effects: Sequence[ChangeEffect]) -> str:
    """Each change with its exact shares; how many change only words."""
    words = sum(change.direction is Direction.NEUTRAL for change in comparison.changes)
    rows = [_change_row(effect) for effect in effects]
    head = "| change | points | promotions | demotions | where |\n|---|--:|--:|--:|---|"
    parts = [f"{head}\n{cut(rows, 'change', most=LONG_SECTION)}"] if rows else []
    if words:
        parts.append(f"{quantity(words, 'change')} of words, dates and declarations.")
    return "\n\n".join(parts)


def _change_row(effect: ChangeEffect) -> str:
    figures = [effect.share.reason, "", ""]
    if effect.share.has_effect:
        figures = [
            share_text(value) + (f" ± {share_text(error).lstrip('+')}" if error else "")
            for value, error in zip(effect.share.fair, effect.share.errors, strict=True)
        ]
    where = markdown(f"{effect.change.place.file}:{effect.change.place.line}")
    return f"| {' | '.join((markdown(effect.change.sentence), *figures, where))} |"


def signed_number(number: int) -> str:
    """A difference, with its sign unless it is nothing."""
    return f"{number:+,}" if number else "0"


def cut(rows: Sequence[str], noun: str, whole: int | None = None, most: int = _SECTION) -> str:
    """The first rows that fit a section, and how many are left out."""
    size = shown = 0
    while shown < len(rows) and size + len(rows[shown]) <= most:
        size += len(rows[shown]) + 1
        shown += 1
    left = (whole or len(rows)) - shown
    more = quantity(left, f"more {noun} is", f"more {noun}s are")
    return "\n".join(rows[:shown]) + (f"\n\n{more} below or in the other reports." if left else "")
