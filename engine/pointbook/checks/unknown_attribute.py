"""An attribute of the event that the activity does not declare.

**What.** Conditions, `per`, `by` and `split_among` may name only attributes that the activity
declares under `attributes`; conditions may also name `occurred_on`, `level` and the member's attributes.
Conditions of the version and of groups name what some activity declares; for those that do not declare
it, it is not known. Those of benefits name `level` and the member's attributes only.

**Why.** The log is read by what is declared. A misspelt name would never have a value, so a bonus
would never be given, or every event would come out as `missing_attribute`.

**Fix.** The name becomes the only known one that it is a slip of.

Failing:

    activities:
      training.attended:
        attributes:
          days: {type: integer}
        points: {per: {attribute: day, points: 250}}

Fixed:

    activities:
      training.attended:
        attributes:
          days: {type: integer}
        points: {per: {attribute: days, points: 250}}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.checks.reasoning.places import removal_of
from pointbook.diagnostics import Finding, Related
from pointbook.model.attributes import LEVEL, MEMBER_PREFIX, OCCURRED_ON
from pointbook.reasoning.conditions import AttributeUse, attribute_uses, shared_conditions_of, uses_in

if TYPE_CHECKING:
    from pointbook.checks.reasoning.subject import CheckSubject, Findings
    from pointbook.model.activities import Activity
    from pointbook.model.program import Version

CODE = "unknown-attribute"
_ALWAYS_KNOWN = (OCCURRED_ON, LEVEL)
_TOTAL = (
    "conditions do not see totals: let a level have it as `threshold` or `requires`, and ask for the level,"
    " such as `{attribute: level, at_least: gold}`"
)


def unknown_attribute(subject: CheckSubject) -> Findings:
    """A finding for each use of an attribute that its activity does not declare."""
    for version, activity in subject.program.activities:
        for use in attribute_uses(activity):
            is_known = use.name in activity.attributes or use.name in _ALWAYS_KNOWN
            if not is_known and not use.name.startswith(MEMBER_PREFIX):
                yield _finding(subject, version, activity, use)
    for version in subject.program.versions:
        yield from _shared(subject, version)


def _shared(subject: CheckSubject, version: Version) -> Findings:
    """Of conditions that are of no single activity; declared ones count as what names them."""
    declared = {name for activity in version.activities.values() for name in activity.attributes}
    if version.lacks("activities", "attributes"):
        return
    declared |= version.attributes.keys()
    for path, condition in shared_conditions_of(version):
        is_benefits = path[0] == "benefits"
        known = [LEVEL] if is_benefits else [*_ALWAYS_KNOWN, *sorted(declared)]
        for use in uses_in(condition, path):
            if use.name.startswith(MEMBER_PREFIX) or use.name in known:
                continue
            place = version.span(*use.path)
            message = f"no activity declares an attribute `{use.name}`"
            if is_benefits:
                message = f"benefits ask for `level` and members' attributes only, not for `{use.name}`"
            hint = subject.words.suggestion(
                use.name, known, _TOTAL if use.name in {"total", "points"} else "declare it in an activity"
            )
            yield Finding(place, CODE, message, hint, fix=subject.words.fix(place, use.name, known))


def _finding(subject: CheckSubject, version: Version, activity: Activity, use: AttributeUse) -> Finding:
    place = version.span(*use.path)
    removal = removal_of(subject, version, ("activities", activity.id, "attributes", use.name))
    if removal is not None:
        return Finding(
            removal,
            CODE,
            f"the attribute `{use.name}` is removed here, but activity `{activity.id}` still uses it",
            "keep the attribute, or change what uses it in this version too",
            related=(Related(place, "it is used here"),),
        )
    return Finding(
        place,
        CODE,
        f"activity `{activity.id}` declares no attribute `{use.name}`",
        _hint(subject, version, activity, use),
        fix=subject.words.fix(place, use.name, _known(version, activity, use)),
    )


def _known(version: Version, activity: Activity, use: AttributeUse) -> list[str]:
    names = [*{**version.attributes, **activity.attributes}]
    return [*names, *_ALWAYS_KNOWN] if use.in_condition else names


def _hint(subject: CheckSubject, version: Version, activity: Activity, use: AttributeUse) -> str:
    if use.in_condition and (use.name in {"total", "points"} or use.name in subject.program.balances):
        return _TOTAL
    match = subject.words.closest(use.name, _known(version, activity, use))
    if match is not None:
        return f"did you mean `{match}`?"
    if use.in_condition and use.name in subject.program.member_attributes:
        return f"members have an attribute of that name; to ask for it, write `{MEMBER_PREFIX}{use.name}`"
    return f"declare it in the activity, such as `attributes: {{{use.name}: {{type: {use.likely_type}}}}}`"
