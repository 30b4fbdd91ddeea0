"""What nearly every row of a log has wrong, which is then most likely one mistake and not many."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from pointbook.log.faults import RejectReason

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pointbook.log import LogFacts

_LEAST_ROWS = 3
_NEARLY_EVERY = 20
"""Nearly every row: all but one in so many."""


def common_faults(facts: LogFacts) -> Iterator[str]:
    """For members, and for events, the fault that (nearly) every row has, with the question it raises."""
    of_members = "members", facts.member_rejects, facts.members_read
    of_events = "events", facts.rejects, facts.events_read
    for kind, rejects, read in (of_members, of_events):
        if read < _LEAST_ROWS or not rejects:
            continue
        (reason, column), number = max(rejects.kinds.items(), key=lambda one: (one[1], one[0]))
        if _NEARLY_EVERY * (read - number) <= read:
            every = "every" if number == read else "nearly every"
            yield f"{every} row of {kind} {_asked(RejectReason(reason), column)}"


def _asked(reason: RejectReason, column: str) -> str:
    match reason:
        case RejectReason.UNREADABLE_ROW:
            return "is unreadable: is the file what the ending of its name says, and is its header right?"
        case RejectReason.MISSING_VALUE:
            return f"has no `{column}`: is that column filled?"
        case RejectReason.BAD_VALUE:
            return f"has a value in `{column}` that cannot be read: is this the right column?"
        case RejectReason.UNKNOWN_MEMBER:
            return "names an unknown member: is this the right members file?"
        case RejectReason.DUPLICATE:
            return "is there already: was a file given twice?"
        case RejectReason.CONFLICTING_DUPLICATE:
            return f"has the `{column}` of another row that differs: does the column name each row?"
    assert_never(reason)
