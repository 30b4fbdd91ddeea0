"""An assessed range whose first amount is above its second.

**What.** `range: [lowest, highest]` gives the lower amount first; -100 is lower than -1.

**Why.** No value lies in a range that is upside down, so every event would be `out_of_range`.

**Fix.** None: the amounts may be swapped, or one of them lack a digit.

Failing:

    activities:
      blog.published:
        points: {range: [1000, 500]}

Fixed:

    activities:
      blog.published:
        points: {range: [500, 1000]}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.diagnostics import Finding
from pointbook.structure.number_slips import joined_numbers

if TYPE_CHECKING:
    from pointbook.checks.reasoning.subject import CheckSubject, Findings
    from pointbook.model.program import Version
    from pointbook.model.rules import Path

CODE = "range-upside-down"


def range_upside_down(subject: CheckSubject) -> Findings:
    """A finding for each range whose lowest amount is above its highest."""
    for version, activity in subject.program.activities:
        ranges = (
            (entry.at("points", *steps), low, high)
            for entry in activity.entries
            for steps, low, high in entry.points.ranges
        )
        for steps, minimum, maximum in ranges:
            path = ("activities", activity.id, *steps)
            if minimum <= maximum:
                continue
            yield Finding(
                version.span(*path, 0),
                CODE,
                f"the range of activity `{activity.id}` is upside down: {minimum:,} is above {maximum:,}",
                _split_number(subject, version, path) or f"write `range: [{maximum}, {minimum}]`",
            )


def _split_number(subject: CheckSubject, version: Version, path: Path) -> str:
    """What to write where the two amounts are one number that a comma split, else empty."""
    document = subject.document_of(version)
    if document is None or document.resolved is None:
        return ""
    joined = joined_numbers(document.resolved.at(path))
    return f"if one amount is meant, write `{joined[0]}`, without a comma; a range has two" if joined else ""
