"""Dates as the log writes them: those of the rules, with white space around them forgiven.

>>> date_from(" 2024-02-29")
datetime.date(2024, 2, 29)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.log.quoting import quoted
from pointbook.structure.date_text import DATE, date_advice, day_of

if TYPE_CHECKING:
    from datetime import date


def date_from(text: str) -> date:
    """The date that `text` writes as YYYY-MM-DD, white space around it aside.

    Raises:
        ValueError: It is not such a date, or not in the years 1900 to 2999; says what to write.
    """
    text = text.strip()
    match = DATE.fullmatch(text)
    if match is None:
        raise ValueError(f"{quoted(text)} is not a date: {date_advice(text) or 'write it as 2024-03-13'}")
    return day_of(text, int(match[1]), int(match[2]), int(match[3]))
