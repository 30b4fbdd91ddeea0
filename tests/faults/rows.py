"""What a part of the harness hands back."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable


class Row(NamedTuple):
    """One line of the table.

    Attributes:
        part: The part of the harness.
        what: What was tried.
        tried: How often.
        faults: What broke, each in a sentence.
        of: How many there are to try, where that is known.
        standing_for: How many those stand for, being like them.
    """

    part: str
    what: str
    tried: int
    faults: tuple[str, ...] = ()
    of: int | None = None
    standing_for: int | None = None


def table(rows: Iterable[Row]) -> str:
    """The rows as Markdown."""
    lines = ["| part | what | tried | faults |", "|---|---|---|---|"]
    for row in rows:
        tried = f"{row.tried:,}" if row.of is None else f"{row.tried:,} of {row.of:,}"
        if row.standing_for not in {None, row.of}:
            tried += f", for {row.standing_for:,}"
        lines.append(f"| {row.part} | {row.what} | {tried} | {len(row.faults)} |")
    return "\n".join(lines)
