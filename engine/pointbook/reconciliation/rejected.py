"""Rows of the log that we reject, as the events that another system may have made of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pointbook.diagnostics import InputError
from pointbook.log.acceptance import event_from
from pointbook.log.columns import event_columns
from pointbook.log.faults import RejectReason
from pointbook.log.reading import blocks_of, is_table
from pointbook.source.files import STDIN

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pointbook.log import Log
    from pointbook.log.blocks import ReadableRow
    from pointbook.model.log import Event, Reject
    from pointbook.model.program import Program

_TWICE = (RejectReason.DUPLICATE, RejectReason.CONFLICTING_DUPLICATE)
_MOST = 100_000
"""Rejected rows that are read again."""


class RejectedEvent(NamedTuple):
    """What a rejected row would be.

    Attributes:
        event: Under an id of its own.
        reason: Why we reject the row.
        first_id: The event id of the row.
        number: Which of the rows with that id it is, from 0.
        last: Whether it is the last one of them.
    """

    event: Event
    reason: str
    first_id: str
    number: int
    last: bool


RejectedEvents = dict[str, list[RejectedEvent]]
"""By member, in the order of the files."""


def rejected_events(program: Program, log: Log, sources: Sequence[str]) -> RejectedEvents:
    """The events that rejected rows of known members would be, read again from their files.

    Args:
        program: Whose log it is.
        log: As it was read.
        sources: The files of events. Standard input and tables are not read again.
    """
    wanted = {(reject.file, reject.line): reject for reject in _readable(log)}
    if not wanted or len(wanted) > _MOST or any(map(_is_gone, sources)):
        return {}
    found: list[tuple[str, str, Event]] = []
    columns = event_columns(program)
    try:
        for block in blocks_of(sources, columns):
            if any(file == block.file for file, _ in wanted):
                for row in block.rows(range(len(block.columns[0]))):
                    reject = wanted.get((row.file, row.line))
                    event = None if reject is None else _event(program, log, reject, row, columns.known)
                    if reject is not None and event is not None:
                        found.append((reject.reason, reject.event_id, event))
    except InputError:  # a pipe, or gone meanwhile: nothing is made of it
        return {}
    by_id: dict[str, list[tuple[str, Event]]] = {}
    for reason, event_id, event in found:
        by_id.setdefault(event_id, []).append((reason, event))
    events: RejectedEvents = {}
    for event_id, same in by_id.items():
        for number, (reason, event) in enumerate(same):
            last = number == len(same) - 1
            events.setdefault(event.member_id, []).append(
                RejectedEvent(event, reason, event_id, number, last)
            )
    return events


def _readable(log: Log) -> Iterator[Reject]:
    reasons = (*_TWICE, RejectReason.BAD_VALUE)
    return (reject for reject in log.rejects if reject.reason in reasons and reject.member_id in log.members)


def _is_gone(source: str) -> bool:
    return source == STDIN or is_table(source)


def _event(
    program: Program, log: Log, reject: Reject, row: ReadableRow, names: Sequence[str]
) -> Event | None:
    """The event of a row; without the text that cannot be read, if it can be without; else None."""
    cells = {name: text for name, text in zip(names, row.texts, strict=True) if text}
    cells["event_id"] = f"{reject.event_id} (line {row.line})"
    if reject.reason not in _TWICE:
        cells.pop(reject.column, None)
    try:
        return event_from(program, log.members[reject.member_id], cells)
    except ValueError:
        return None
