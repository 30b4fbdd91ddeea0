"""A declared attribute that no rule uses (a warning).

**What.** Each attribute that an activity declares should be named in its points, bonuses,
`eligible_if` or `split_among`; each member attribute in a condition of some version.

**Why.** The log has to carry it for nothing. Mostly a condition was forgotten, or its last use was
deleted.

Failing:

    activities:
      kata.completed:
        attributes:
          released_on: {type: date}
        points: 75

Fixed:

    activities:
      kata.completed:
        attributes:
          released_on: {type: date}
        points: 75
        bonuses:
          - points: 75
            if: {attribute: occurred_on, within: {days: 7, after: released_on}}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.checks.condition_walk import attribute_uses
from pointbook.checks.places import in_version
from pointbook.diagnostics import Finding, Severity
from pointbook.model.rules import MEMBER_PREFIX

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pointbook.checks.subject import Subject
    from pointbook.model.rules import Version

CODE = "unused-attribute"


def unused_attribute(subject: Subject) -> Iterator[Finding]:
    """A finding for each attribute that is declared and never named."""
    for version in subject.program.versions:
        yield from _of_events(version)
    yield from _of_members(subject)


def _of_events(version: Version) -> Iterator[Finding]:
    for activity in version.activities.values():
        used = {use.name for use in attribute_uses(activity)}
        for name in activity.attributes:
            if name not in used:
                place = version.span("activities", activity.id, "attributes", name)
                where = in_version(version, place)
                message = f"no rule of activity `{activity.id}` uses its attribute `{name}`{where}"
                yield Finding(
                    place,
                    CODE,
                    message,
                    "delete it, or name it in the rule it was meant for",
                    Severity.WARNING,
                )


def _of_members(subject: Subject) -> Iterator[Finding]:
    """Attributes of members; nothing is said while rules are left out that might use them."""
    versions = subject.program.versions
    if not subject.has_every_version or any(version.incomplete for version in versions):
        return
    used = {
        use.name
        for version in versions
        for activity in version.activities.values()
        for use in attribute_uses(activity)
    }
    for name in subject.program.member_attributes:
        if f"{MEMBER_PREFIX}{name}" not in used:
            place = subject.program.span("member_attributes", name)
            message = f"no condition of any version uses the member attribute `{name}`"
            hint = f"delete it, or name it in a condition as `{MEMBER_PREFIX}{name}`"
            yield Finding(place, CODE, message, hint, Severity.WARNING)
