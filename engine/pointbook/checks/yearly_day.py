"""Days after a birthday or anniversary that is a date of years ago (a warning).

**What.** `within` counts from the very date that `after` names. A member's attribute called after a day that
comes back each year, such as `member.birthday`, is a date of long ago.

**Why.** The condition never holds, for nobody, and no event is rejected for it.

**Fix.** None: the date that is meant is another one.

Failing:

    # program.yaml
    member_attributes: {birthday: {type: date}}

    # versions/2024.yaml
    id: "2024"
    effective_from: 2024-01-01
    activities:
      visit:
        points: 10
        bonuses:
          - {points: 50, if: {attribute: occurred_on, within: {days: 7, after: member.birthday}}}

Fixed:

    # program.yaml
    member_attributes: {joined_on: {type: date}}

    # versions/2024.yaml
    id: "2024"
    effective_from: 2024-01-01
    activities:
      visit:
        points: 10
        bonuses:
          - {points: 50, if: {attribute: occurred_on, within: {days: 7, after: member.joined_on}}}
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pointbook.diagnostics import Finding, Severity
from pointbook.model.attributes import MEMBER_PREFIX
from pointbook.reasoning.conditions import attribute_uses

if TYPE_CHECKING:
    from pointbook.checks.reasoning.subject import CheckSubject, Findings

CODE = "yearly-day"
_YEARLY = re.compile(r"birth|b_?day|anniversar|jubilee|name_?day", re.IGNORECASE)


def yearly_day(subject: CheckSubject) -> Findings:
    """A finding for each `after` that names a yearly day of the member."""
    for version in subject.program.versions:
        for activity in version.activities.values():
            for use in attribute_uses(activity):
                name = use.name.removeprefix(MEMBER_PREFIX)
                if use.path[-1] == "after" and name != use.name and _YEARLY.search(name):
                    yield Finding(
                        version.span(*use.path),
                        CODE,
                        f"`within` counts from the date `{use.name}` itself, which does not come back each"
                        " year",
                        "name the day of the year that is meant, as an attribute of the event, such as"
                        f" `{name}_this_year`",
                        Severity.WARNING,
                    )
