"""What the stages of reading a log hand over: rows as texts, then the log itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pointbook.model.log import Event, Member, Reject

Texts = tuple[str, ...]
"""A row's texts in the order of `Columns.known`, empty where there is none."""

Row = tuple[str, int, str, Texts | None, str]
"""A `RawRow` with its texts in order. A plain tuple, because a log has millions of them, and each
lives only until its event is made."""


class RawRow(NamedTuple):
    """One row as it stands in a file, before any of its texts means anything.

    Attributes:
        file: The file, as the user named it.
        line: Line on which the row begins, from 1.
        raw: The row's text, line breaks inside it included, without its final line end.
        cells: Text by column name, empty cells left out; None where the row cannot be read.
        problem: Why it cannot be read, empty where it can.
    """

    file: str
    line: int
    raw: str
    cells: Mapping[str, str] | None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Log:
    """What was read, and what could not be used.

    Attributes:
        members: Accepted members by id, sorted by it.
        events: Accepted events, sorted by member, then the order in which they count.
        rejects: Rows of events that could not be used, in the order of the files.
        member_rejects: Rows of members that could not be used, in the order of the files.
        events_read: Rows of events read: `len(events) + len(rejects)`.
        members_read: Rows of members read: `len(members) + len(member_rejects)`.
    """

    members: Mapping[str, Member]
    events: list[Event]
    rejects: tuple[Reject, ...]
    member_rejects: tuple[Reject, ...]
    events_read: int
    members_read: int
