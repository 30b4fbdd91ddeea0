"""Why a row is not used, and how its texts and its place are shown in messages."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

_LONGEST = 60


class RejectReason(StrEnum):
    """The reject reasons. Source: docs/meaning.md, "Not counted, never lost"."""

    UNREADABLE_ROW = "unreadable_row"
    MISSING_VALUE = "missing_value"
    BAD_VALUE = "bad_value"
    UNKNOWN_MEMBER = "unknown_member"
    DUPLICATE = "duplicate"
    CONFLICTING_DUPLICATE = "conflicting_duplicate"


class Fault(NamedTuple):
    """What is wrong with one row.

    Attributes:
        column: Name of the column at fault, empty where it is the whole row.
        reason: Its kind.
        detail: What is wrong, and what to write instead, in words.
    """

    column: str
    reason: RejectReason
    detail: str


def quoted(text: str) -> str:
    """`text` in quotation marks on one line, cut where it is long, invisible characters spelled out."""
    return repr(text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "...")


def place(file: str, line: int) -> str:
    """Where a row stands; a row of a table has no line."""
    return f"{file}:{line}" if line else file
