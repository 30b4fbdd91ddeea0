"""Semantic changes as text for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.changes.directions import Direction
from pointbook.model.wording import quantity
from pointbook_cli.reporters.escaping import printable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pointbook.changes.against import Difference, VersionDifference
    from pointbook.changes.change import Change

SIGNS = {Direction.FAVOURABLE: "+", Direction.ADVERSE: "-", Direction.MIXED: "~", Direction.NEUTRAL: " "}
_ORDER = (Direction.ADVERSE, Direction.MIXED, Direction.FAVOURABLE, Direction.NEUTRAL)


def difference_text(difference: Difference) -> str:
    """What changes, the adverse first, each with the place where it was written."""
    lines = [printable(f"{difference.old_name} → {difference.new_name}")]
    if difference.program_changed:
        lines += ["", "~ program.yaml says something else; that is not part of any version"]
    for version in difference.versions:
        lines += ["", _headline(version)]
        for change in ordered(version.changes):
            lines.append(f"{SIGNS[change.direction]} {change.direction:10} {printable(change.sentence)}")
            lines.append(f"    {change.code}; {printable(change.reason)}")
            lines.append(f"    {printable(str(change.old.span))} → {printable(str(change.new.span))}")
    lines += ["", counted(change for version in difference.versions for change in version.changes)]
    return "\n".join(lines)


def ordered(changes: Iterable[Change]) -> list[Change]:
    """Changes with those that matter most to members first."""
    return sorted(changes, key=lambda change: _ORDER.index(change.direction))


def counted(changes: Iterable[Change]) -> str:
    """How many changes of each direction there are, in words."""
    directions = [change.direction for change in changes]
    if not directions:
        return "no change in meaning"
    counts = ", ".join(f"{directions.count(kind):,} {kind}" for kind in _ORDER if kind in directions)
    return f"{quantity(len(directions), 'change')}: {counts}"


def _headline(version: VersionDifference) -> str:
    old, new = ("" if side is None else side.id for side in (version.old, version.new))
    if version.status == "vanished":
        return printable(f"~ version {old} vanished")
    if version.status == "appeared":
        after = f", compared with {old}" if old else "; it follows no other"
        return printable(f"version {new} appeared{after}")
    return printable(f"version {new}" if old == new else f"version {old} → {new}")
