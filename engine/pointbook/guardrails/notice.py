"""Days of notice before a version is published: judged without a log, from its changes alone."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from pointbook.changes.differences import changes_between
from pointbook.changes.directions import STOPPED
from pointbook.diagnostics import Finding, Related
from pointbook.guardrails.approval import GuardrailApproval
from pointbook.guardrails.figures import Figure
from pointbook.guardrails.guardrail import Measure
from pointbook.model.wording import quantity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from pointbook.changes.change import Change
    from pointbook.guardrails.approval import Approval
    from pointbook.guardrails.guardrail import Guardrail
    from pointbook.model.program import Program, Version


def late_notices(
    program: Program,
    versions: Sequence[Version],
    limits: Sequence[Guardrail],
    approvals: Sequence[Approval],
    day: date,
) -> Iterator[Finding]:
    """A finding for each version that members are told of too late, and that no approval lets pass.

    Args:
        program: The program.
        versions: Those of its versions that are looked at.
        limits: Its guardrails.
        approvals: Its approvals.
        day: The day on which they are looked at; what is in force by then can be announced no sooner.
    """
    for before, version in pairwise(program.versions):
        if version not in versions or version.effective_from <= day:
            continue
        changes = [
            one for one in changes_between(before, version, (program, program)) if one.direction in STOPPED
        ]
        for limit in limits if changes else ():
            figure = _notice(version)
            if limit.measure is not Measure.NOTICE_DAYS or not figure.exceeds(limit):
                continue
            if not any(_passes(one, limit, version, figure, day) for one in approvals):
                yield _finding(version, limit, figure, changes[0])


def _notice(version: Version) -> Figure:
    if version.announced_on is None:
        return Figure(days=0)
    return Figure(days=(version.effective_from - version.announced_on).days)


def _passes(approval: Approval, limit: Guardrail, version: Version, figure: Figure, day: date) -> bool:
    return (
        isinstance(approval, GuardrailApproval)
        and approval.guardrail == limit.id
        and approval.version in {None, version.id}
        and approval.until >= day
        and not figure.exceeds(approval)
    )


def _finding(version: Version, limit: Guardrail, figure: Figure, change: Change) -> Finding:
    told, way_out = "not announced", "write `announced_on`, the day on which members are told; or approve it"
    if version.announced_on is not None:
        told = f"announced {quantity(figure.days or 0, 'day')} before it takes effect"
        way_out = "announce it sooner, let it take effect later, or approve it"
    return Finding(
        version.span("announced_on" if version.announced_on is not None else "effective_from"),
        "late-notice",
        f"version `{version.id}` is {told}; guardrail `{limit.id}` asks for"
        f" {quantity(limit.at_least or 0, 'day')}, for it could lower somebody ({change.sentence})",
        f"{way_out}: `guardrail: {limit.id}` with `at_least: {figure.days}`",
        related=(Related(limit.span, limit.title),),
    )
