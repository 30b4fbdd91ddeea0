"""A comparison for what CI services show beside lines: GitHub's annotations, and SARIF.

A guardrail that does not hold is shown where it is written, and at each change that breaks it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, assert_never

from pointbook.diagnostics import Finding, Related
from pointbook.guardrails.judging import Verdict
from pointbook_cli.reporters.approvals import approval_text
from pointbook_cli.reporters.comparison.wording import stake_text
from pointbook_cli.reporters.findings.github import command_of
from pointbook_cli.reporters.findings.sarif import rules_of, sarif_log

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pointbook.guardrails.judging import GuardrailResult, JudgedComparison


class _Annotation(NamedTuple):
    """What is shown at a line.

    Attributes:
        finding: What is said, and where.
        fails: Whether the exit code is 1 for it.
    """

    finding: Finding
    fails: bool


def comparison_github(judged: JudgedComparison) -> str:
    """One command for each guardrail that does not hold and each change that breaks it; then notices."""
    return "".join(f"{command}\n" for command in _commands(judged))


def comparison_sarif(judged: JudgedComparison) -> dict[str, Any]:
    """The same as a SARIF log: changes that break a guardrail are related places of its result."""
    found = list(_annotations(judged))
    results = [(one.finding, "error" if one.fails else "note") for one in found]
    return sarif_log(results, rules_of({one.finding.code for one in found}))


def _commands(judged: JudgedComparison) -> Iterator[str]:
    for finding, fails in _annotations(judged):
        yield command_of(finding, "error" if fails else "notice")
        if fails:
            for place in finding.related:
                message = f"{place.message}, which breaks {finding.message.partition(':')[0]}"
                yield command_of(Finding(place.span, finding.code, message, finding.hint), "warning")


def _annotations(judged: JudgedComparison) -> Iterator[_Annotation]:
    """What fails first, in the order in which a report tells it."""
    found = [one for result in judged.guardrails for one in _of_guardrail(result, judged)]
    found += [_Annotation(finding, fails=True) for finding in judged.findings]
    new = judged.comparison.new.span("effective_from")
    if judged.required and not judged.guardrails:
        hint = "add guardrails.yaml to the program"
        found.append(
            _Annotation(Finding(new, "no-guardrails", judged.sentence.rstrip("."), hint), fails=True)
        )
    for gap in judged.comparison.unanswered:
        stake = stake_text(gap).strip("()") or "`pointbook evaluate` lists them, each with its reason"
        said = Finding(new, "unanswered", gap.sentence.rstrip("."), stake)
        found.append(_Annotation(said, fails=False))
    yield from sorted(found, key=lambda one: not one.fails)


def _of_guardrail(result: GuardrailResult, judged: JudgedComparison) -> Iterator[_Annotation]:
    title = "" if result.title == result.id else f": {result.title}"
    name = f"guardrail `{result.id}`{title}"
    match result.verdict:
        case Verdict.HOLDS:
            return
        case Verdict.NOT_CHECKED:
            message = f"{name}: not checked, because {result.reason}"
            yield _Annotation(
                Finding(result.span, "guardrail-not-checked", message, result.limit), fails=True
            )
        case Verdict.BROKEN:
            changes = judged.comparison.changes
            related = tuple(
                Related(changes[index].new.span, changes[index].sentence) for index in result.changes
            )
            message = f"{name}: {result.measured}"
            if result.approval is not None:
                said = f"approved {approval_text(result.approval)}"
                found = Finding(result.span, "guardrail-approved", message, said, related=related)
                yield _Annotation(found, fails=False)
                return
            hint = f"allowed: {result.limit}"
            yield _Annotation(
                Finding(result.span, "guardrail-broken", message, hint, related=related), fails=True
            )
        case _:
            assert_never(result.verdict)
