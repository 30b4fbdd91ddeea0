"""Why a row is not used."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


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
