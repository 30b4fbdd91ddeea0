"""A comparison as one HTML file that needs nothing else: no network, no server, no script to be read."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING

import jinja2

from pointbook.changes.directions import Direction
from pointbook.changes.subject import ABSENT
from pointbook.comparison.figures import percent_text, rounded, share_text
from pointbook.comparison.result import BANDS
from pointbook.comparison.traces import ROWS_PER_MEMBER
from pointbook.guardrails.judging import Verdict
from pointbook.model.ledger import LevelCause, Outcome
from pointbook.model.wording import quantity
from pointbook.version import __version__
from pointbook_cli.reporters.changes.markdown import SIGNS
from pointbook_cli.reporters.comparison.charts import MONTHS_HEIGHT, WIDTH, months_chart
from pointbook_cli.reporters.comparison.spreads import spread_rows, still_text
from pointbook_cli.reporters.comparison.tallies import (
    change_effects,
    closings_that_differ,
    further_changes,
    leading_text,
    level_counts,
    points_mood,
    tiles,
)
from pointbook_cli.reporters.comparison.waterfall import waterfalls
from pointbook_cli.reporters.comparison.wording import (
    GAPS,
    approval_text,
    cost_text,
    open_note,
    question_text,
    reject_limits,
    reject_range,
    reject_reach,
    stake_text,
    version_name,
)
from pointbook_cli.reporters.escaping import printable
from pointbook_cli.reporters.templates import template_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from fractions import Fraction

    from pointbook.changes.change import Change, ChangedValue
    from pointbook.comparison.result import ComparisonResult, Headline, MemberDifference
    from pointbook.guardrails.judging import JudgedComparison
    from pointbook_cli.reporters.comparison.tallies import ChangeEffect

ROWS = 400
NEAR_ROWS = 100
CHANGE_ROWS = 200
FLOW_ROWS = 100
NAMES = 10
"""Limits that keep a report under 2 MB whatever the log."""

BAND_TITLES = {
    "down_much": "▼▼ more than 5\u00a0% down",
    "down": "▼ down",
    "unchanged": "= unchanged",
    "up": "▲ up",
    "up_much": "▲▲ more than 5\u00a0% up",
}
VERDICT_MARKS = {Verdict.HOLDS: "✔", Verdict.BROKEN: "✘", Verdict.NOT_CHECKED: "○"}
_LONGEST_LINE = 160
_LONGEST_TEXT = 400


@dataclass(frozen=True, slots=True)
class Line:
    """A line of YAML."""

    place: str
    text: str


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A change with what it does, and the lines that make it."""

    effect: ChangeEffect
    sign: str
    old: Line
    new: Line


@dataclass(frozen=True, slots=True)
class WordsRow:
    """A change of words only, and its lines."""

    change: Change
    old: Line
    new: Line


def comparison_html(
    judged: JudgedComparison, command: str, table: str | None, texts: Mapping[str, str]
) -> str:
    """The report.

    Args:
        judged: What to report.
        command: What was typed; it makes the report again.
        table: Name of the CSV with every member, if one is written.
        texts: Text of the rules' files, by name.
    """
    comparison = judged.comparison
    style, script = template_text("report.css"), template_text("report.js")
    lines = {file: text.splitlines() for file, text in texts.items()}
    changes = change_effects(comparison)
    neutral = [change for change in comparison.changes if change.direction is Direction.NEUTRAL]
    effective = [(effect.change.sentence, effect.share) for effect in changes if any(effect.share.fair)]
    members = _listed(comparison)
    moved = [flow for flow in comparison.activities if flow.old != flow.new]
    counts = level_counts(comparison)
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            c=comparison,
            judged=judged,
            rails=sorted(judged.guardrails, key=lambda result: (not result.broken, result.passes)),
            verdict_marks=VERDICT_MARKS,
            approval=approval_text,
            stake=stake_text,
            old_title=version_name(comparison.old, comparison.old_name),
            new_title=version_name(comparison.new, comparison.new_name),
            question=question_text(comparison),
            command=printable(command),
            table=table,
            version=__version__,
            style=style,
            script=script,
            policy=f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}';"
            " base-uri 'none'; form-action 'none'",
            level_counts=counts,
            tiles=tiles(comparison),
            spreads=spread_rows(comparison),
            still_points=still_text(comparison),
            changes=[_change_row(effect, lines) for effect in changes[:CHANGE_ROWS]],
            more_changes=max(0, len(changes) - CHANGE_ROWS),
            words=[
                WordsRow(change, _line(change.old, lines), _line(change.new, lines))
                for change in neutral[:CHANGE_ROWS]
            ],
            word_count=len(neutral),
            falls=waterfalls(effective) if effective else None,
            months=months_chart(comparison.months),
            moved=[flow for flow in moved if not flow.balance],
            moved_elsewhere=[flow for flow in moved if flow.balance],
            still=[flow for flow in comparison.activities if flow.old == flow.new],
            cuts=sorted(comparison.cuts, key=lambda flow: -abs(flow.new - flow.old)),
            flow_rows=FLOW_ROWS,
            members=members,
            more_members=len(comparison.members) - len(members),
            most_rows=ROWS_PER_MEMBER,
            causes={cause.value: cause.value.replace("_", " ") for cause in LevelCause},
            mood=points_mood,
            leading=lambda effect: leading_text(comparison, effect),
            further=lambda member: further_changes(comparison, member),
            closings=closings_that_differ,
            file_name=f"{comparison.program_id}-members.csv",
            near=_nearest(comparison)[:NEAR_ROWS],
            more_near=max(0, len(comparison.near) - NEAR_ROWS),
            titles=dict(comparison.levels),
            bands=BANDS,
            band_titles=BAND_TITLES,
            outcome_words={outcome.value: outcome.words for outcome in Outcome},
            rejected=sum(comparison.quality.rejects.values()),
            movable=[line for line in comparison.headlines if _is_movable(line)],
            open_note=lambda line: open_note(line, comparison.quality.assume),
            reject_reach=reject_reach(comparison.quality),
            reject_limits=reject_limits(comparison.quality),
            cost=cost_text(comparison.attribution),
            names=NAMES,
            gaps=GAPS,
            width=WIDTH,
            months_height=MONTHS_HEIGHT,
            rank={level: place for place, line in enumerate(counts) for level in (line.level, line.now)},
        )
    )


def _listed(comparison: ComparisonResult) -> list[MemberDifference]:
    """Members to list: those who differ, most affected first, then the others by name."""
    listed = list(comparison.ranked[:ROWS])
    if len(listed) < ROWS:
        differing = {member.name for member in listed}
        others = (member for member in comparison.members if member.name not in differing)
        listed += islice(others, ROWS - len(listed))
    return listed


def _nearest(comparison: ComparisonResult) -> list[MemberDifference]:
    """Members near a threshold, those first who are on another side of one."""
    return sorted(comparison.near, key=lambda member: (not member.level_move, not member.change, member.name))


def _is_movable(line: Headline) -> bool:
    return line.is_open or (line.rejects is not None and bool(reject_range(line)))


def _change_row(effect: ChangeEffect, lines: Mapping[str, Sequence[str]]) -> ChangeRow:
    change = effect.change
    return ChangeRow(effect, SIGNS[change.direction], _line(change.old, lines), _line(change.new, lines))


def _line(side: ChangedValue, lines: Mapping[str, Sequence[str]]) -> Line:
    if side.value is ABSENT:
        return Line("", "")
    file, line = side.span.file, side.span.line
    known = lines.get(file, ())
    text = known[line - 1].strip() if line <= len(known) else ""
    return Line(f"{file}:{line}", printable(text[:_LONGEST_LINE]))


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode()


@cache  # compiling the templates takes longer than filling them
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(template_text),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=True,
    )
    environment.filters["n"] = lambda number: f"{number:,}"
    environment.filters["quantity"] = quantity
    environment.filters["signed"] = lambda number: f"{number:+,}" if number else "0"
    environment.filters["percent"] = _percent
    environment.filters["share"] = share_text
    environment.filters["whole"] = lambda share: f"{rounded(share):+,}" if rounded(share) else "0"
    environment.filters["error"] = lambda error: share_text(error).lstrip("+")
    environment.filters["reject_range"] = reject_range
    environment.filters["shown"] = _shown
    return environment


def _shown(text: object) -> str:
    """Text to read: control characters visible, no longer than a report can bear, `%` kept by its figure."""
    whole = printable(str(text)).replace(" %", "\u00a0%")
    return whole if len(whole) <= _LONGEST_TEXT else f"{whole[:_LONGEST_TEXT]}…"


def _percent(value: Fraction, *, signed: bool = False) -> str:
    return percent_text(value, signed=signed).replace(" %", "\u00a0%")
