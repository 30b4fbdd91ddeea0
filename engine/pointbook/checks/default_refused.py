"""A default that its own rule refuses.

**What.** The `default` of an attribute has the attribute's type. What looks it up in a table finds it
there, what counts it finds a number of 0 or more, and what shares among so many at least 1.

**Why.** It stands for every value that the log does not give: each such event would be worth nothing, for
a reason that is in the rules and not in the log.

**Fix.** A default of another type becomes the only one of the right type that it can be.

Failing:

    activities:
      stay.booked:
        attributes: {nights: {type: integer, default: "1"}}
        points: {per: {attribute: nights, points: 10}}

Fixed:

    activities:
      stay.booked:
        attributes: {nights: {type: integer, default: 1}}
        points: {per: {attribute: nights, points: 10}}
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from pointbook.checks.reasoning.places import declaration_of
from pointbook.diagnostics import Finding
from pointbook.model.wording import written
from pointbook.reasoning.attribute_values import fits, value_text, what_to_write
from pointbook.structure.meant_values import value_fix

if TYPE_CHECKING:
    from pointbook.checks.reasoning.subject import CheckSubject, Findings
    from pointbook.diagnostics import Span
    from pointbook.model.activities import Activity
    from pointbook.model.attributes import Attribute
    from pointbook.model.program import Version

CODE = "default-refused"


def default_refused(subject: CheckSubject) -> Findings:
    """A finding for each default that cannot be what the rules take it for."""
    program = subject.program
    for name, attribute in program.member_attributes.items():
        if attribute.default is not None and not fits(attribute.default, attribute.type):
            yield _of_type(program.span("member_attributes", name, "default"), attribute, name)
    for version in program.versions:
        for name, attribute in version.attributes.items():
            if attribute.default is not None and not fits(attribute.default, attribute.type):
                yield _of_type(version.span("attributes", name, "default"), attribute, name)
        for activity in version.activities.values():
            yield from _of_activity(version, activity)


def _of_activity(version: Version, activity: Activity) -> Findings:
    for name, attribute in activity.attributes.items():
        if attribute.default is None:
            continue
        place = version.span(*declaration_of(version, activity, name), "default")
        if not fits(attribute.default, attribute.type):
            yield _of_type(place, attribute, name)
            continue
        reason = _refused(activity, name, attribute.default)
        if reason:
            message = f"the default of `{name}` is {written(attribute.default)}, {reason}"
            yield Finding(place, CODE, message, "write a default that the rule takes, or delete it")


def _of_type(place: Span, attribute: Attribute, name: str) -> Finding:
    value = attribute.default
    message = f"`{name}` is of type {attribute.type} and cannot be {value_text(value)} by default"
    hint = what_to_write(value, attribute.type)
    return Finding(place, CODE, message, hint, fix=value_fix(place, value, attribute.type))


def _refused(activity: Activity, name: str, value: object) -> str:
    """Why a rule of the activity has no amount for the value; empty where it has one."""
    for need in activity.needs:
        if need.name != name:
            continue
        if need.listed and need.is_listed_only and written(value) not in need.listed:
            return f"which the table of activity `{activity.id}` does not list"
        if need.worth and isinstance(value, (int, Decimal)) and value < 0:
            return f"which activity `{activity.id}` cannot count: a quantity is 0 or more"
        if need.path[-1] == "split_among" and isinstance(value, int) and value < 1:
            return f"and the points of activity `{activity.id}` cannot be shared among so many"
    return ""
