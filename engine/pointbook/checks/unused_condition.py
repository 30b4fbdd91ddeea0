"""A condition that is declared and never named (a warning).

**What.** Each of `conditions` is named by a rule of the same version, or by another condition.

**Why.** What it is to decide is decided without it: a rule was meant to name it, or it is left over.

**Fix.** None: only you know which rule it was meant for.

Failing:

    conditions:
      partner: {attribute: member.partner, is: true}
    activities:
      talk: {points: 100}

    # program.yaml
    member_attributes: {partner: {type: boolean}}

Fixed:

    conditions:
      partner: {attribute: member.partner, is: true}
    activities:
      talk: {points: 100, eligible_if: partner}

    # program.yaml
    member_attributes: {partner: {type: boolean}}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.checks.reasoning.places import in_version
from pointbook.diagnostics import Finding, Severity
from pointbook.model.conditions import names_in
from pointbook.reasoning.conditions import conditions_of, shared_conditions_of

if TYPE_CHECKING:
    from pointbook.checks.reasoning.subject import CheckSubject, Findings

CODE = "unused-condition"


def unused_condition(subject: CheckSubject) -> Findings:
    """A finding for each declared condition that nothing names; not while rules are left out."""
    for version in subject.program.versions:
        if version.incomplete:
            continue
        own = [pair for activity in version.activities.values() for pair in conditions_of(activity)]
        used = {name for _, one in (*shared_conditions_of(version), *own) for name in names_in(one)}
        for name in version.conditions:
            if name not in used:
                place = version.span("conditions", name)
                message = f"no rule names the condition `{name}`{in_version(version, place)}"
                hint = "delete it, or name it in the rule it was meant for, such as `eligible_if`"
                yield Finding(place, CODE, message, hint, Severity.WARNING)
