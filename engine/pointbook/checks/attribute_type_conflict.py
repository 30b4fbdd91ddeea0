"""One attribute name with two types.

**What.** An attribute of events has the same type in every activity and every version of a program.

**Why.** The log has one column of that name, and whether a row of it can be read must not depend on
the activity or on the version in force.

**Fix.** None: only you know which of the types is meant.

Failing:

    activities:
      training.attended:
        attributes: {days: {type: integer}}
        points: {per: {attribute: days, points: 250}}
      event.staffed:
        attributes: {days: {type: decimal}}
        points: {per: {attribute: days, points: 100}}

Fixed:

    activities:
      training.attended:
        attributes: {days: {type: decimal}}
        points: {per: {attribute: days, points: 250}}
      event.staffed:
        attributes: {days: {type: decimal}}
        points: {per: {attribute: days, points: 100}}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.checks.reasoning.places import declaration_of
from pointbook.diagnostics import Finding, Related

if TYPE_CHECKING:
    from pointbook.checks.reasoning.subject import CheckSubject, Findings
    from pointbook.diagnostics import Span
    from pointbook.model.attributes import AttributeType

CODE = "attribute-type-conflict"


def attribute_type_conflict(subject: CheckSubject) -> Findings:
    """A finding for each place that gives a name another type than the first that declares it."""
    first: dict[str, tuple[AttributeType, Span]] = {}
    for version, activity in subject.program.activities:
        for name, attribute in activity.attributes.items():
            place = version.span(*declaration_of(version, activity, name), "type")
            known, known_place = first.setdefault(name, (attribute.type, place))
            if known is attribute.type:
                continue
            yield Finding(
                place,
                CODE,
                f"the attribute `{name}` is {attribute.type} here and {known} elsewhere",
                f"write `type: {known}` here too, or give this attribute another name",
                related=(Related(known_place, f"`{name}` is {known} here"),),
            )
