"""Semantic changes as Markdown, for a pull request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.changes.directions import Direction
from pointbook.model.wording import quantity
from pointbook_cli.reporters.changes.text import counted, ordered
from pointbook_cli.reporters.escaping import markdown

if TYPE_CHECKING:
    from pointbook.changes.against import Difference, VersionDifference
    from pointbook.changes.change import Change

SIGNS = {Direction.FAVOURABLE: "▲", Direction.ADVERSE: "▼", Direction.MIXED: "◆", Direction.NEUTRAL: "·"}
_LARGEST = 50_000


def difference_markdown(difference: Difference) -> str:
    """What changes, the adverse first, as a table for each version; words only are counted, not listed."""
    changes = [change for version in difference.versions for change in version.changes]
    lines = [
        f"## Rules: {markdown(difference.old_name)} → {markdown(difference.new_name)}",
        "",
        f"{counted(changes)}.",
    ]
    if difference.program_changed:
        lines += ["", "◆ `program.yaml` says something else; that is not part of any version."]
    for version in difference.versions:
        lines += ["", *_version(version)]
    return "\n".join(lines) + "\n"


def _version(version: VersionDifference) -> list[str]:
    old = "" if version.old is None else markdown(version.old.id)
    new = "" if version.new is None else markdown(version.new.id)
    if version.status == "vanished":
        return [f"### ◆ Version {old} vanished"]
    title = f"### Version {new}" if old in ("", new) else f"### Version {old} → {new}"
    if version.status == "appeared":
        title += " (appeared)"
    counting = [change for change in ordered(version.changes) if change.direction is not Direction.NEUTRAL]
    words = len(version.changes) - len(counting)
    lines = [title, ""]
    if counting:
        lines += ["| for members | change | why | where |", "|---|---|---|---|"]
        rows = [change_row(change) for change in counting]
        size = shown = 0
        while shown < len(rows) and size < _LARGEST:
            size += len(rows[shown])
            shown += 1
        lines += rows[:shown]
        if shown < len(rows):
            more = quantity(len(rows) - shown, "more change is", "more changes are")
            lines += ["", f"{more} not shown here."]
    if words:
        lines += ["", f"{quantity(words, 'change')} of words, dates and declarations."]
    return lines


def signed(direction: Direction) -> str:
    """A direction with its sign."""
    return f"{SIGNS[direction]} {direction}"


def change_row(change: Change) -> str:
    """A change as a row of a table."""
    cells = (signed(change.direction), markdown(change.sentence), markdown(change.reason))
    return f"| {' | '.join(cells)} | {markdown(f'{change.place.file}:{change.place.line}')} |"
