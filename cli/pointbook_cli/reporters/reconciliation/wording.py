"""What several reports of a reconciliation say."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, assert_never

from pointbook.model.ledger import Assume
from pointbook.model.wording import quantity
from pointbook.reconciliation.published import LEVEL
from pointbook.reconciliation.result import RowState, stakes_of

if TYPE_CHECKING:
    from pointbook.reconciliation.published import Figures
    from pointbook.reconciliation.result import Cause, ComparedRow, Reconciliation, Stakes

MOST_LISTED = 20
"""Rows of a kind that are shown; all are in CSV and JSON."""


def setting_text(found: Reconciliation) -> str:
    """By what ours were evaluated."""
    rules = (
        "the version in force on each date"
        if found.version is None
        else f"version {found.version} throughout"
    )
    assumed = "" if found.assume is Assume.NONE else f"; missing values are taken as {found.assume}"
    return f"as of {found.as_of}, by {rules}{assumed}; `points` are of `{found.balance}`"


def state_text(state: RowState, tolerance: str) -> str:
    """How rows compare, after their number."""
    match state:
        case RowState.EQUAL:
            return "equal"
        case RowState.WITHIN_TOLERANCE:
            return f"differ, but by no more than {tolerance}"
        case RowState.DIFFERS:
            return "differ"
        case RowState.NOT_IN_MEMBERS:
            return "in the file, not in members"
        case RowState.NOT_IN_FILE:
            return "in members, not in the file"
    assert_never(state)


def counts(found: Reconciliation) -> list[tuple[int, str]]:
    """How many rows compare how, and what is at stake; then how many could not be used."""
    lines = []
    for state in RowState:
        rows = found.in_state(state)
        if rows or state is RowState.EQUAL:
            stakes = "" if state is RowState.EQUAL else f": {stakes_text(stakes_of(rows))}"
            lines.append((len(rows), f"{state_text(state, found.tolerance.text)}{stakes}"))
    for number, what in (
        (len(found.rejects), "of the file"),
        (found.events_rejected, "of events"),
        (found.members_rejected, "of members"),
    ):
        if number:
            noun = "row" if number == 1 else "rows"
            lines.append((number, f"rejected {noun} {what}, not counted as differences"))
    return lines


def stakes_text(stakes: Stakes) -> str:
    """What rows amount to: "3 members, 120 points (net +80), 1 level"."""
    parts = [quantity(stakes.members, "member")]
    if stakes.points:
        net = "" if abs(stakes.net) == stakes.points and stakes.rows == 1 else f" (net {stakes.net:+,})"
        parts.append(f"{quantity(stakes.points, 'point')}{net}")
    if stakes.levels:
        parts.append(quantity(stakes.levels, "level"))
    return ", ".join(parts)


def evidence(cause: Cause) -> list[str]:
    """What speaks for a cause, and against it."""
    texts = [f"gives exactly what is shown of {stakes_text(cause.stakes)}"]
    if cause.looked_at:
        equal = quantity(cause.looked_at, "equal row")
        broken = f"{cause.broken:,} of {equal} would differ" if cause.broken else f"changes none of {equal}"
        texts.append(broken)
    return texts


def difference_text(row: ComparedRow) -> str:
    """The figures of a row that differ, there and here."""
    parts = []
    for name in _names(row):
        there, here = _figure(row.published, name), _figure(row.ours, name)
        if there != here:
            parts.append(f"{name} {there} there, {here} here")
    return "; ".join(parts)


def _names(row: ComparedRow) -> list[str]:
    names = {*row.published, *row.ours}
    return sorted(names, key=lambda name: (name == LEVEL, name))


def _figure(figures: Figures, name: str) -> str:
    if name not in figures:
        return "nothing"
    value = figures[name]
    return f"{value:,}" if isinstance(value, int) else value or "no level"


def unexplained_text(found: Reconciliation, rows: tuple[ComparedRow, ...]) -> str:
    """What nothing explains; and where many differ by the same amount, that."""
    text = f"{stakes_text(stakes_of(rows))}; {quantity(found.tried, 'cause')} tried"
    amounts = Counter(row.differences for row in rows if len([*filter(None, row.differences)]) == 1)
    if amounts:
        differences, times = min(amounts.items(), key=lambda counted: (-counted[1], counted[0]))
        if times > 1:
            text += f"; {times:,} rows by the same {sum(differences):+,}"
    return text


def whose(row: ComparedRow) -> str:
    """The member, and the period if there is one."""
    return f"{row.member_id} in period {row.period}" if row.period else row.member_id


def verdict(found: Reconciliation) -> str:
    """The sentence that decides."""
    beyond = sum(row.counts for row in found.rows)
    if not beyond:
        what = "Nothing" if not found.rejects else "Nothing of what could be compared"
        return (
            f"{what} differs{' beyond the tolerance' if found.in_state(RowState.WITHIN_TOLERANCE) else ''}."
        )
    rows = quantity(beyond, "row")
    return f"{rows} {'differs' if beyond == 1 else 'differ'} beyond the tolerance of {found.tolerance.text}."
