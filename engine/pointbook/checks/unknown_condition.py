"""A condition that is named and not declared, or that is part of itself.

**What.** A text where a condition stands is the name of one that the version declares under
`conditions`. A declared condition may name others, but not itself, in however many steps.

**Why.** Nobody could say when it holds.

**Fix.** The name becomes the only known one that it is a slip of.

Failing:

    conditions:
      partner: {attribute: member.partner, is: true}
    activities:
      talk: {points: 100, eligible_if: partnr}

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

from pointbook.checks.reasoning.places import removal_of
from pointbook.diagnostics import Finding, Related
from pointbook.model.conditions import ALWAYS
from pointbook.reasoning.conditions import every_condition_of

if TYPE_CHECKING:
    from pointbook.checks.reasoning.subject import CheckSubject, Findings
    from pointbook.model.program import Version
    from pointbook.model.rules import Path

CODE = "unknown-condition"


def unknown_condition(subject: CheckSubject) -> Findings:
    """A finding for each name of a condition that cannot be replaced by one."""
    for version in subject.program.versions:
        if version.lacks("conditions"):
            continue
        for path, condition in every_condition_of(version):
            name = condition.name
            if name is not None and condition == ALWAYS:
                if name in version.conditions:
                    yield _circle(version, path, name)
                else:
                    yield _undeclared(subject, version, path, name)


def _undeclared(subject: CheckSubject, version: Version, path: Path, name: str) -> Finding:
    place = version.span(*path)
    removal = removal_of(subject, version, ("conditions", name))
    if removal is not None:
        return Finding(
            removal,
            CODE,
            f"the condition `{name}` is removed here, but it is still named",
            "keep the condition, or change what names it in this version too",
            related=(Related(place, "it is named here"),),
        )
    return Finding(
        place,
        CODE,
        f"the condition `{name}` does not exist",
        subject.words.suggestion(name, version.conditions, "write it under `conditions`"),
        fix=subject.words.fix(place, name, version.conditions),
    )


def _circle(version: Version, path: Path, name: str) -> Finding:
    return Finding(
        version.span(*path),
        CODE,
        f"the condition `{name}` is part of itself",
        "write out what is meant here",
        related=(Related(version.span("conditions", name), "it is declared here"),),
    )
