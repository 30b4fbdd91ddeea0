"""Semantic changes as text for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from pointbook.changes.directions import STOPPED, Direction
from pointbook.changes.fingerprints import fingerprint
from pointbook.changes.timeline import Status
from pointbook.guardrails.approving import NONE_APPROVED
from pointbook.model.wording import quantity
from pointbook_cli.reporters.approvals import approval_text
from pointbook_cli.reporters.escaping import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pointbook.changes.against import Difference
    from pointbook.changes.change import Change
    from pointbook.changes.timeline import VersionDifference
    from pointbook.guardrails.approving import ApprovedChanges

SIGNS = {Direction.FAVOURABLE: "+", Direction.ADVERSE: "-", Direction.MIXED: "~", Direction.NEUTRAL: " "}
_HEADER = "version/"
"""What addresses of what a version says of itself begin with."""
_ORDER = (Direction.ADVERSE, Direction.MIXED, Direction.FAVOURABLE, Direction.NEUTRAL)


def difference_text(
    difference: Difference, passing: ApprovedChanges = NONE_APPROVED, *, words: bool = False
) -> str:
    """What changes, the adverse first, each with its address and the place where it was written.

    Of days of a version that change nothing for members there is one line, unless all is listed.

    Args:
        difference: What differs.
        passing: The changes that may pass.
        words: Whether to list changes of words and sources, too; else they are counted.
    """
    lines = [printable(f"{difference.old_name} → {difference.new_name}")]
    shown: list[Change] = []
    for title, changes in parts(difference):
        listed = [change for change in ordered(changes) if words or not change.kind.is_words]
        shown += listed
        if listed:
            lines += ["", printable(title)]
            lines += [line for change in listed for line in _lines(change, passing, is_whole=words)]
    others = sum(1 for _ in difference.changes) - len(shown)
    lines += ["", *([f"{words_text(others)}; --all lists them"] if others else ()), counted(shown)]
    return "\n".join(lines)


def _lines(change: Change, passing: ApprovedChanges, *, is_whole: bool) -> Iterator[str]:
    head = f"{SIGNS[change.direction]} {change.direction:10} {printable(change.sentence)}"
    if not is_whole and change.direction is Direction.NEUTRAL and change.address.startswith(_HEADER):
        yield f"{head} (at {printable(change.address)})"  # that two versions have different days says enough
        return
    yield head
    yield f"    {change.code} at {printable(change.address)}; {printable(change.reason)}"
    yield f"    {printable(str(change.old.span))} → {printable(str(change.new.span))}"
    if change.direction in STOPPED:
        name = fingerprint(change)
        yield f"    change {name}"
        if name in passing.approvals:
            yield f"    approved {printable(approval_text(passing.approvals[name]))}"


def parts(difference: Difference) -> Iterator[tuple[str, tuple[Change, ...]]]:
    """The changes under headings, those that have any: each version, and the files beside the versions."""
    if difference.program:
        yield "program.yaml", difference.program
    if difference.log:
        yield "log.yaml", difference.log
    for version in difference.versions:
        yield headline(version), version.changes
    if difference.guardrails:
        yield "guardrails.yaml", difference.guardrails
    if difference.approvals:
        yield "approvals.yaml", difference.approvals
    if difference.lock:
        yield "versions.lock", difference.lock


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


def words_text(count: int) -> str:
    """How many changes of words and sources there are."""
    return f"{quantity(count, 'change')} of words and sources"


def headline(version: VersionDifference) -> str:
    """What became of a version."""
    old, new = ("" if side is None else side.id for side in (version.old, version.new))
    match version.status:
        case Status.CHANGED | Status.RENAMED:
            return f"version {new}" if old == new else f"version {old} → {new}"
        case Status.APPEARED:
            after = f", compared with {old}" if old else "; it follows no other"
            return f"version {new} appeared{after}"
        case Status.VANISHED:
            after = f", compared with {new}" if new else "; none is in force instead"
            return f"version {old} vanished{after}"
    assert_never(version.status)
