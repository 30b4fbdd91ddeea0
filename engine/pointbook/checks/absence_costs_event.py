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
_ASKED_BY = {
    "bonuses": ("a bonus", "the bonus asks for it here"),
    "if": ("the `if` of an entry", "it is asked for here"),
}


def absence_costs_event(subject: CheckSubject) -> Findings:
    """A finding for each boolean that only bonuses ask for and that has no default."""
    for version, activity in subject.program.activities:
        uses = attribute_uses(activity)
        needed = {use.name for use in uses if use.part not in _ASKED_BY and use.needs_value}
        guarded = {use.name for use in uses if not use.needs_value}
        seen: set[str] = set()
        for use in uses:
            attribute = activity.attributes.get(use.name)
            if attribute is None or attribute.type is not AttributeType.BOOLEAN or use.name in seen:
                continue
            if attribute.default is not None or use.name in needed | guarded or use.part not in _ASKED_BY:
                continue
            seen.add(use.name)
            place = version.span(*declaration_of(version, activity, use.name))
            asked_by, asks = _ASKED_BY[use.part]
            worth = "is worth nothing at all" if len(activity.entries) == 1 else "has an entry without points"
            message = (
                f"without a value of `{use.name}`, which only {asked_by} asks for, an event of activity"
                f" `{activity.id}` {worth}"
            )
            hint = "if no value means no, write `default: false` beside its type"
            related = (Related(version.span(*use.path), asks),)
            yield Finding(place, CODE, message, hint, Severity.WARNING, related=related)
