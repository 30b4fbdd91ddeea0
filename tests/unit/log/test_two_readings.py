"""Rows that either of two readings of one log rejects, put together while they are read."""

from __future__ import annotations

from pointbook.log.faults import RejectReason
from pointbook.log.records import LogFacts
from pointbook.log.rejects import Rejects
from pointbook.model.log import Reject


def facts(*rows: tuple[str, int], detail: str) -> LogFacts:
    """Of a reading that rejects these rows of events."""
    rejects = Rejects(
        Reject(file, line, "points", "e", RejectReason.BAD_VALUE, detail, "raw") for file, line in rows
    )
    return LogFacts(0, 0, rejects, Rejects(), 9, 0, (), None)


def places(found: LogFacts) -> list[tuple[str, int, str]]:
    return [(reject.file, reject.line, reject.detail) for reject in found.rejects]


def test_rows_of_either_come_in_the_order_of_the_files_and_as_the_first_says() -> None:
    one = facts(("a", 2), ("a", 9), ("d", 4), detail="one")
    other = facts(("a", 3), ("a", 9), ("b", 7), ("c", 5), ("d", 1), detail="other")
    assert places(one.with_reading(other)) == [
        ("a", 2, "one"),
        ("a", 3, "other"),
        ("a", 9, "one"),
        ("b", 7, "other"),
        ("c", 5, "other"),
        ("d", 1, "other"),
        ("d", 4, "one"),
    ]
    assert places(other.with_reading(one))[2] == ("a", 9, "other")


def test_rows_that_one_reading_alone_rejects_are_counted() -> None:
    one = facts(("b", 2), ("b", 9), detail="one")
    other = facts(("a", 2), ("b", 9), ("b", 10), ("c", 1), detail="other")
    assert one.rejected_beside(other) == (1, 0)
    assert other.rejected_beside(one) == (3, 0)
    assert one.rejected_beside(one) == (0, 0)
