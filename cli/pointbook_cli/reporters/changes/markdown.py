"""Semantic changes as Markdown, for a pull request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.changes.directions import Direction
from pointbook.changes.fingerprints import fingerprint
from pointbook.guardrails.approving import NONE_APPROVED
from pointbook.model.wording import quantity
from pointbook_cli.reporters.approvals import approval_text
from pointbook_cli.reporters.changes.text import counted, ordered, parts, words_text
from pointbook_cli.reporters.escaping import markdown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pointbook.changes.against import Difference
    from pointbook.changes.change import Change
    from pointbook.guardrails.approving import ApprovedChanges

SIGNS = {Direction.FAVOURABLE: "▲", Direction.ADVERSE: "▼", Direction.MIXED: "◆", Direction.NEUTRAL: "·"}
_LARGEST = 50_000


def difference_markdown(
    difference: Difference, passing: ApprovedChanges = NONE_APPROVED, *, words: bool = False
) -> str:
    """What changes, the adverse first, as a table for each version; words only are counted, not listed."""
    shown = [change for change in difference.changes if words or not change.kind.is_words]
    lines = [
        f"## Rules: {markdown(difference.old_name)} → {markdown(difference.new_name)}",
        "",
        f"{counted(shown)}.",
    ]
    for title, changes in parts(difference):
        listed = [change for change in ordered(changes) if words or not change.kind.is_words]
        if listed:
            lines += ["", f"### {_title(title)}", "", *_table(listed)]
    if others := sum(1 for _ in difference.changes) - len(shown):
        lines += ["", f"{words_text(others)}."]
    approved = [
        f"- {markdown(change.sentence)}: {markdown(approval_text(passing.approvals[name]))}"
        for change in difference.changes
        if (name := fingerprint(change)) in passing.approvals
    ]
    if approved:
        lines += ["", "### Approved", "", *approved]
    return "\n".join(lines) + "\n"


def _title(title: str) -> str:
    return markdown(title if title.endswith(".yaml") else title.capitalize())


def _table(changes: Iterable[Change]) -> Iterator[str]:
    yield "| for members | change | why | address | where |"
    yield "|---|---|---|---|---|"
    rows = [change_row(change) for change in changes]
    size = shown = 0
    while shown < len(rows) and size < _LARGEST:
        size += len(rows[shown])
        shown += 1
    yield from rows[:shown]
    if shown < len(rows):
        yield ""
        yield f"{quantity(len(rows) - shown, 'more change is', 'more changes are')} not shown here."


def signed(direction: Direction) -> str:
    """A direction with its sign."""
    return f"{SIGNS[direction]} {direction}"


def change_row(change: Change) -> str:
    """A change as a row of a table."""
    place = f"{change.place.file}:{change.place.line}"
    words = (change.sentence, change.reason, change.address, place)
    return f"| {' | '.join((signed(change.direction), *map(markdown, words)))} |"
