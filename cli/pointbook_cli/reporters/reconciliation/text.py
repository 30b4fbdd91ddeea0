"""A reconciliation for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.log.faults import place
from pointbook.reconciliation.result import RowState, stakes_of
from pointbook_cli.reporters.escaping import printable
from pointbook_cli.reporters.reconciliation.wording import (
    MOST_LISTED,
    counts,
    difference_text,
    evidence,
    setting_text,
    stakes_text,
    state_text,
    unexplained_text,
    verdict,
    whose,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pointbook.reconciliation.result import Cause, ComparedRow, Reconciliation

_EXAMPLES = 3


def reconciliation_text(found: Reconciliation) -> str:
    """What is equal, what differs and why, most likely; what nothing explains."""
    return "\n".join(map(printable, _lines(found))) + "\n"


def _lines(found: Reconciliation) -> Iterator[str]:
    yield f"{found.file} against {found.program}"
    yield setting_text(found)
    yield ""
    numbered = counts(found)
    width = max(len(f"{number:,}") for number, _ in numbered)
    yield from (f"  {number:>{width},}  {text}" for number, text in numbered)
    likely = [(number, cause) for number, cause in enumerate(found.causes) if cause.is_likely]
    possible = [(number, cause) for number, cause in enumerate(found.causes) if not cause.is_likely]
    yield from _causes(found, "Likely causes. That system ...", likely)
    yield from _causes(found, "Possible, but perhaps chance. That system ...", possible)
    left = found.of_cause(None)
    if left:
        yield from _listed(f"Unexplained: {unexplained_text(found, left)}", left)
    for state in (RowState.NOT_IN_MEMBERS, RowState.NOT_IN_FILE):
        rows = found.in_state(state)
        if rows:
            yield from _listed(f"{state_text(state, '').capitalize()}: {stakes_text(stakes_of(rows))}", rows)
    if found.rejects:
        rejected = "Rejected rows of the file, which are not compared:"
        yield from ("", rejected)
        lines = (f"{place(one.file, one.line)}: {one.reason}: {one.detail}" for one in found.rejects)
        yield from _cut(lines, "FILE.json")
    yield from ("", verdict(found))


def _causes(found: Reconciliation, heading: str, causes: Sequence[tuple[int, Cause]]) -> Iterator[str]:
    if causes:
        yield from ("", heading)
    for number, cause in causes:
        yield f"  {number + 1}. {cause.words}"
        yield from (f"     {text}" for text in evidence(cause))
        yield from (f"     or: {other}" for other in cause.alternatives)
        for row in found.of_cause(number)[:_EXAMPLES]:
            yield f"     {_row(row)}"


def _listed(heading: str, rows: Sequence[ComparedRow]) -> Iterator[str]:
    yield from ("", heading)
    yield from _cut(map(_row, sorted(rows, key=lambda row: not row.counts)))


def _row(row: ComparedRow) -> str:
    note = f" ({row.note})" if row.note else ""
    return f"{whose(row)}: {difference_text(row)}{note}"


def _cut(lines: Iterable[str], where: str = "FILE.csv") -> Iterator[str]:
    every = list(lines)
    yield from (f"  {line}" for line in every[:MOST_LISTED])
    if len(every) > MOST_LISTED:
        yield f"  and {len(every) - MOST_LISTED:,} more, all with --out {where}"
