"""What approvals let pass, and which of them are out of date.

An approval is for one change or one broken guardrail, up to what was seen when it was given, and until a
day. One that expired, was outgrown, or fits nothing is an error: nobody has decided what it would let pass
next. What was not checked cannot be approved.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from pointbook.changes.fingerprints import fingerprint
from pointbook.diagnostics import Finding, Related, sorted_findings
from pointbook.guardrails.approval import ChangeApproval, GuardrailApproval
from pointbook.guardrails.checking import unknown_version
from pointbook.guardrails.guardrail import limit_text
from pointbook.guardrails.judging import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from pointbook.changes.change import Change
    from pointbook.guardrails.approval import Approval
    from pointbook.guardrails.judging import GuardrailResult, JudgedComparison

UNUSED, EXPIRED, OUTGROWN = "approval-unused", "approval-expired", "approval-outgrown"
_NOTHING_LEFT = "delete it"


class ApprovedChanges(NamedTuple):
    """Which changes may pass.

    Attributes:
        approvals: By fingerprint of the change.
        findings: Approvals that are out of date, sorted.
    """

    approvals: Mapping[str, ChangeApproval]
    findings: tuple[Finding, ...]


NONE_APPROVED = ApprovedChanges({}, ())


def approved_changes(changes: Iterable[Change], approvals: Iterable[Approval], day: date) -> ApprovedChanges:
    """Which of the changes may pass on a day, and which approvals of changes are out of date."""
    known = {fingerprint(change): change for change in changes}
    letting: dict[str, ChangeApproval] = {}
    findings = []
    for approval in approvals:
        if not isinstance(approval, ChangeApproval):
            continue
        if approval.until < day:
            findings.append(_expired(approval, day))
        elif approval.fingerprint not in known:
            there = [name for name, change in known.items() if change.address == approval.address]
            findings.append(_other_change(approval, [(name, known[name]) for name in there]))
        elif known[approval.fingerprint].address != approval.address:
            findings.append(_elsewhere(approval, known[approval.fingerprint]))
        elif approval.fingerprint in letting:
            findings.append(_second(approval, letting[approval.fingerprint]))
        else:
            letting[approval.fingerprint] = approval
    return ApprovedChanges(letting, sorted_findings(findings))


def with_approvals(
    judged: JudgedComparison, approvals: Iterable[Approval], day: date, versions: Iterable[str] = ()
) -> JudgedComparison:
    """The same with what may be broken on a day, and with the approvals that are out of date.

    Args:
        judged: The comparison.
        approvals: All there are.
        day: The day on which they are looked at.
        versions: Ids of the program's versions; an approval for any other but the new one fits nothing.
    """
    named = {judged.comparison.new.id, *versions}
    letting: dict[str, GuardrailApproval] = {}
    findings = []
    for approval in approvals:
        if not isinstance(approval, GuardrailApproval):
            continue
        results = [result for result in judged.guardrails if result.id == approval.guardrail]
        broken = [result for result in results if result.verdict is Verdict.BROKEN]
        over = [result for result in broken if result.figure.exceeds(approval)]
        if approval.until < day:
            findings.append(_expired(approval, day))
        elif approval.version is not None and approval.version not in named:
            findings.append(unknown_version(approval.version, approval.version_span, named))
        elif approval.version not in {None, judged.comparison.new.id}:
            continue
        elif not broken:
            findings.append(_not_broken(approval, results[0] if results else None))
        elif over:
            findings.append(_too_little(approval, over[0]))
        elif approval.guardrail in letting:
            findings.append(_second(approval, letting[approval.guardrail]))
        else:
            letting[approval.guardrail] = approval
    given = tuple(
        replace(result, approval=letting.get(result.id)) if result.verdict is Verdict.BROKEN else result
        for result in judged.guardrails
    )
    return replace(judged, guardrails=given, findings=sorted_findings(findings))


def _expired(approval: Approval, day: date) -> Finding:
    message = f"approval `{approval.id}` by {approval.by} ended on {approval.until}, and it is {day}"
    return Finding(approval.span, EXPIRED, message, "delete it, or have it given anew")


def _second(approval: Approval, first: Approval) -> Finding:
    message = f"approval `{approval.id}` lets pass what `{first.id}` lets pass already"
    related = (Related(first.span, f"`{first.id}` is here"),)
    return Finding(approval.span, UNUSED, message, "keep one of the two", related=related)


def _other_change(approval: ChangeApproval, there: Sequence[tuple[str, Change]]) -> Finding:
    """The change that was approved is not there; another one at its address may be."""
    if not there:
        message = (
            f"approval `{approval.id}` fits nothing: no change has the fingerprint {approval.fingerprint}"
        )
        return Finding(approval.span, UNUSED, message, _NOTHING_LEFT)
    (name, change), *_ = there
    message = (
        f"approval `{approval.id}` was given for change {approval.fingerprint} at {approval.address}; what"
        f" changes there now is {name}, {change.sentence}"
    )
    hint = f"have it given anew, with `change: {name}`, or undo the change"
    return Finding(approval.span, OUTGROWN, message, hint, related=(Related(change.place, change.sentence),))


def _elsewhere(approval: ChangeApproval, change: Change) -> Finding:
    """Who reads the approval takes it to be for another place than the one that its fingerprint is of."""
    message = (
        f"approval `{approval.id}` says {approval.address}, but {approval.fingerprint} is at"
        f" {change.address}: {change.sentence}"
    )
    hint = f"write `address: {change.address}`, if that is what was decided"
    return Finding(approval.span, UNUSED, message, hint, related=(Related(change.place, change.sentence),))


def _not_broken(approval: GuardrailApproval, result: GuardrailResult | None) -> Finding:
    if result is None:
        message = f"approval `{approval.id}` fits nothing: there is no guardrail `{approval.guardrail}`"
        return Finding(approval.span, UNUSED, message, _NOTHING_LEFT)
    related = (Related(result.span, result.title),)
    if result.verdict is Verdict.NOT_CHECKED:
        message = (
            f"approval `{approval.id}` can let nothing pass: guardrail `{result.id}` was not checked, and"
            " only what was looked at can be approved"
        )
        hint = f"compare with a log that can answer; {result.reason}"
        return Finding(approval.span, UNUSED, message, hint, related=related)
    message = f"approval `{approval.id}` fits nothing: guardrail `{result.id}` holds ({result.measured})"
    return Finding(approval.span, UNUSED, message, _NOTHING_LEFT, related=related)


def _too_little(approval: GuardrailApproval, result: GuardrailResult) -> Finding:
    message = (
        f"approval `{approval.id}` lets guardrail `{result.id}` come to {limit_text(approval)}; now it comes"
        f" to {result.measured}"
    )
    hint = f"have it given anew{_enough(approval, result)}, or change less"
    return Finding(approval.span, OUTGROWN, message, hint, related=(Related(result.span, result.title),))


def _enough(approval: GuardrailApproval, result: GuardrailResult) -> str:
    """The limit that would let the guardrail pass, as it is written; of a percentage the next hundredth."""
    figure = result.figure
    if figure.days is not None:
        return f", with `at_least: {figure.days}`"
    if approval.at_most_percent is not None and figure.percent is not None:
        whole, hundredths = divmod(-(-figure.percent * 100 // 1), 100)
        return f", with `at_most_percent: {whole}.{hundredths:02}`"
    return f", with `at_most: {figure.count}`"
