"""A declared attribute that no rule uses (a warning).

**What.** Each attribute that an activity or the version declares should be named in its points, bonuses,
`eligible_if` or `split_among`; each member attribute in a condition of some version.

**Why.** The log has to carry it for nothing. Mostly a condition was forgotten, or its last use was
deleted.

**Fix.** None: mostly a rule was to use it.

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

from pointbook.checks.reasoning.places import declaration_of, in_version
from pointbook.diagnostics import Finding, Severity
from pointbook.model.attributes import LEVEL, MEMBER_PREFIX, OCCURRED_ON
from pointbook.model.conditions import attributes_in
from pointbook.model.eligibility import eligibility_of
from pointbook.reasoning.conditions import attribute_uses, shared_conditions_of

if TYPE_CHECKING:
    from pointbook.checks.reasoning.subject import CheckSubject, Findings
    from pointbook.model.program import Version

CODE = "unused-attribute"


def unused_attribute(subject: CheckSubject) -> Findings:
    """A finding for each attribute that is declared and never named."""
    of_members = {f"{MEMBER_PREFIX}{name}" for name in subject.program.member_attributes}
    for version in subject.program.versions:
        yield from _of_events(version, {OCCURRED_ON, *of_members})
        yield from _of_versions(version)
    yield from _of_members(subject)


def _of_events(version: Version, known: set[str]) -> Findings:
    """Attributes of events; not of an activity that uses an unknown name, which may mean one of them."""
    for activity in version.activities.values():
        used = {use.name for use in attribute_uses(activity)} - {LEVEL}
        used |= {
            name
            for _, condition in eligibility_of(version, activity)
            for name in attributes_in(condition)
            if name in activity.attributes
        }
        if not used <= known | activity.attributes.keys():
            continue
        for name in activity.attributes:
            if name not in used:
                place = version.span(*declaration_of(version, activity, name))
                where = in_version(version, place)
                message = f"no rule of activity `{activity.id}` uses its attribute `{name}`{where}"
                hint = "delete it, or name it in the rule it was meant for"
                yield Finding(place, CODE, message, hint, Severity.WARNING)


def _of_versions(version: Version) -> Findings:
    """Attributes that a version declares for all activities; not of one that is not whole."""
    if version.incomplete:
        return
    named = {use.name for activity in version.activities.values() for use in attribute_uses(activity)}
    named |= {name for _, condition in shared_conditions_of(version) for name in attributes_in(condition)}
    for name in version.attributes:
        if name not in named:
            place = version.span("attributes", name)
            message = f"no activity of the version uses its attribute `{name}`{in_version(version, place)}"
            hint = "delete it, or name it in the rule it was meant for"
            yield Finding(place, CODE, message, hint, Severity.WARNING)


def _of_members(subject: CheckSubject) -> Findings:
    """Attributes of members; not while rules are left out, or use unknown names, that may mean one."""
    versions = subject.program.versions
    declared = subject.program.member_attributes
    uses = [use.name for _, activity in subject.program.activities for use in attribute_uses(activity)]
    for version in versions:
        for _, condition in shared_conditions_of(version):
            uses += attributes_in(condition)
    used = {name.removeprefix(MEMBER_PREFIX) for name in uses if name.startswith(MEMBER_PREFIX)}
    is_whole = subject.has_every_version and not any(version.incomplete for version in versions)
    if not is_whole or not used <= declared.keys():
        return
    for name in declared:
        if name not in used:
            place = subject.program.span("member_attributes", name)
            message = f"no condition of any version uses the member attribute `{name}`"
            hint = f"delete it, or name it in a condition as `{MEMBER_PREFIX}{name}`"
            yield Finding(place, CODE, message, hint, Severity.WARNING)
