"""A time zone that there is not.

**What.** `timezone` in program.yaml, and below `times` in log.yaml, must be the IANA name of a time zone,
spelt exactly.

**Why.** It decides on which day, and so in which month and membership year, an event falls.

**Fix.** The name becomes the only known one that it is a slip of.

Failing:

    # program.yaml
    timezone: Europe/Brusels

Fixed:

    # program.yaml
    timezone: Europe/Brussels
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.checks.reasoning.exports import forms_in
from pointbook.diagnostics import Finding, closest
from pointbook.slips import slip_fix
from pointbook.source import files

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pointbook.checks.reasoning.subject import CheckSubject, Findings

CODE = "unknown-timezone"


def unknown_timezone(subject: CheckSubject) -> Findings:
    """A finding for each time zone, the program's and those of its exports, that is not an IANA name."""
    zones = [(subject.program.timezone, subject.program.span("timezone"))]
    of_exports = (node.at(("times", "timezone")) for _, node, _ in forms_in(subject))
    zones += [(node.content, node.span) for node in of_exports if node is not None]
    names = files.timezone_names()
    for name, place in zones:
        if name not in names:
            fix = slip_fix(place, name, names)
            yield Finding(place, CODE, f"there is no time zone `{name}`", hint_for(name, names), fix=fix)


def hint_for(name: str, names: Sequence[str]) -> str:
    """What to write in place of `name`: the one of `names` that is meant, else what a name looks like."""
    example = "a region and a city, such as `Europe/Brussels` or `America/New_York`"
    if any(character in "+-:0123456789" for character in name):
        return f"an offset does not know when the clocks change; write {example}"
    wanted = name.strip().replace(" ", "_")
    cities = {zone.rpartition("/")[2]: zone for zone in names}
    match = closest(wanted, names) or cities.get(closest(wanted.rpartition("/")[2], cities) or "")
    return f"did you mean `{match}`?" if match is not None else f"write an IANA name: {example}"
