"""A time zone that is an abbreviation or a fixed offset, where a place is meant (a warning).

**What.** `timezone` in program.yaml should be a place, such as `Europe/Brussels`; `UTC` may be meant.

**Why.** `EST` and `Etc/GMT+5` know no summer time, so that for half of the year days, months and membership
years begin an hour off; `CET` follows the clocks of no country in particular.

**Fix.** None: only you know the place.

Failing:

    # program.yaml
    timezone: EST

Fixed:

    # program.yaml
    timezone: America/New_York
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pointbook.diagnostics import Finding, Severity

if TYPE_CHECKING:
    from pointbook.checks.reasoning.subject import CheckSubject, Findings

CODE = "timezone-of-no-place"
_FIXED = re.compile(r"EST|MST|HST|GMT[-+]?0?|(?:Etc/)GMT[-+]?[0-9]{0,2}|Etc/Greenwich|Greenwich")
_ABBREVIATION = re.compile(r"CET|EET|MET|WET|EST5EDT|CST6CDT|MST7MDT|PST8PDT")
_EXAMPLES = {
    **dict.fromkeys(("EST", "EST5EDT"), "America/New_York"),
    **dict.fromkeys(("MST", "MST7MDT"), "America/Denver"),
    **dict.fromkeys(("GMT", "WET", "Greenwich"), "Europe/London"),
    "CST6CDT": "America/Chicago",
    "PST8PDT": "America/Los_Angeles",
    "HST": "Pacific/Honolulu",
    "EET": "Europe/Helsinki",
}


def timezone_of_no_place(subject: CheckSubject) -> Findings:
    """A finding where the program's time zone is no place."""
    zone = subject.program.timezone
    what = "a fixed offset: it knows no summer time" if _FIXED.fullmatch(zone) else ""
    if _ABBREVIATION.fullmatch(zone):
        what = "an abbreviation: its clocks are those of no place"
    if what:
        example = _EXAMPLES.get(zone, "Europe/Brussels")
        hint = f"write the place whose clocks count, such as `{example}`"
        place = subject.program.span("timezone")
        yield Finding(place, CODE, f"the time zone `{zone}` is {what}", hint, Severity.WARNING)
