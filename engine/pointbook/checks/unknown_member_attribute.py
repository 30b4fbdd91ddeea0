"""An attribute of the member that program.yaml does not declare.

**What.** A condition that names `member.X` needs `X` under `member_attributes` in program.yaml.

**Why.** The members file is read by what is declared there. An undeclared attribute has no value
for anyone, so nobody would ever be eligible.

**Fix.** The name becomes the only known one that it is a slip of.

Failing:

    activities:
      partner.referral:
        eligible_if: {attribute: member.partnr, is: true}
        points: 100

    # program.yaml
    member_attributes:
      partner: {type: boolean}

Fixed:

    activities:
      partner.referral:
        eligible_if: {attribute: member.partner, is: true}
        points: 100

    # program.yaml
    member_attributes:
      partner: {type: boolean}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.diagnostics import Finding
from pointbook.model.attributes import MEMBER_PREFIX
from pointbook.reasoning.conditions import AttributeUse, attribute_uses, shared_conditions_of, uses_in

if TYPE_CHECKING:
    from pointbook.checks.reasoning.subject import CheckSubject, Findings
    from pointbook.model.activities import Activity
    from pointbook.model.program import Version

CODE = "unknown-member-attribute"


def unknown_member_attribute(subject: CheckSubject) -> Findings:
    """A finding for each use of a member attribute that the program does not declare."""
    declared = subject.program.member_attributes
    uses: list[tuple[Version, Activity | None, AttributeUse]] = [
        (version, one, use) for version, one in subject.program.activities for use in attribute_uses(one)
    ]
    for version in subject.program.versions:
        for path, condition in shared_conditions_of(version):
            uses += [(version, None, use) for use in uses_in(condition, path)]
    for version, activity, use in uses:
        name = use.name.removeprefix(MEMBER_PREFIX)
        if use.name.startswith(MEMBER_PREFIX) and name not in declared:
            message = f"program.yaml declares no member attribute `{name}`"
            place = version.span(*use.path)
            fix = subject.words.fix(place, name, declared, MEMBER_PREFIX)
            yield Finding(place, CODE, message, _hint(subject, activity, use), fix=fix)


def _hint(subject: CheckSubject, activity: Activity | None, use: AttributeUse) -> str:
    name = use.name.removeprefix(MEMBER_PREFIX)
    match = subject.words.closest(name, subject.program.member_attributes)
    if match is not None:
        return f"did you mean `{MEMBER_PREFIX}{match}`?"
    if activity is not None and name in activity.attributes:
        return f"the activity declares `{name}`; to ask for it, write it without `{MEMBER_PREFIX}`"
    return f"declare it in program.yaml, such as `member_attributes: {{{name}: {{type: {use.likely_type}}}}}`"
