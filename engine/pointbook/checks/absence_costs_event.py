"""A yes-or-no attribute of a bonus without which the whole event is worth nothing (a warning).

**What.** A boolean attribute that only bonuses ask for has a `default`, or its condition says `present`.

**Why.** A condition about a value that is not given is neither true nor false. So the amount cannot be
found, and the event earns nothing at all: `missing_attribute`. Exports often have a yes only.

**Fix.** None: whether nothing means no is not known.

Failing:

    activities:
      talk.given:
        attributes:
          first: {type: boolean}
        points: 50
        bonuses:
          - {points: 10, if: {attribute: first, is: true}}

Fixed:

    activities:
      talk.given:
        attributes:
          first: {type: boolean, default: false}
        points: 50
        bonuses:
          - {points: 10, if: {attribute: first, is: true}}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.checks.reasoning.places import declaration_of
from pointbook.diagnostics import Finding, Related, Severity
from pointbook.model.attributes import AttributeType
from pointbook.reasoning.conditions import attribute_uses

if TYPE_CHECKING:
    from pointbook.checks.reasoning.subject import CheckSubject, Findings

CODE = "absence-costs-event"


def absence_costs_event(subject: CheckSubject) -> Findings:
    """A finding for each boolean that only bonuses ask for and that has no default."""
    for version, activity in subject.program.activities:
        uses = attribute_uses(activity)
        needed = {use.name for use in uses if use.path[2] != "bonuses" and use.needs_value}
        guarded = {use.name for use in uses if not use.needs_value}
        seen: set[str] = set()
        for use in uses:
            attribute = activity.attributes.get(use.name)
            if attribute is None or attribute.type is not AttributeType.BOOLEAN or use.name in seen:
                continue
            if attribute.default is not None or use.name in needed | guarded or use.path[2] != "bonuses":
                continue
            seen.add(use.name)
            place = version.span(*declaration_of(version, activity, use.name))
            message = (
                f"without a value of `{use.name}`, which only a bonus asks for, an event of activity"
                f" `{activity.id}` is worth nothing at all"
            )
            hint = "if no value means no, write `default: false` beside its type"
            related = (Related(version.span(*use.path), "the bonus asks for it here"),)
            yield Finding(place, CODE, message, hint, Severity.WARNING, related=related)
