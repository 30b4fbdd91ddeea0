"""Limits on what a new version may do to members, and whether a finished comparison keeps them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from pointbook.comparison.result import ranked
from pointbook.guardrails.figures import Figure, Measured
from pointbook.guardrails.guardrail import limit_text
from pointbook.guardrails.measuring import measured
from pointbook.guardrails.unchecked import reason_not_checked
from pointbook.model.wording import quantity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pointbook.comparison.result import ComparisonResult
    from pointbook.diagnostics import Finding, Span
    from pointbook.guardrails.approval import Approval
    from pointbook.guardrails.guardrail import Guardrail


class Verdict(StrEnum):
    """What a guardrail comes to. Only one that was looked at can hold."""

    HOLDS = "holds"
    BROKEN = "broken"
    NOT_CHECKED = "not checked"


@dataclass(frozen=True, slots=True)
class GuardrailResult:
    """What became of one guardrail.

    Attributes:
        limit: What is allowed, in words.
        measured: What is, in words; empty where nothing was measured.
        reason: Why it was not checked; else empty.
        approval: Who lets the breach pass; None where nobody does.
        members: Names of the members in breach, those who lose most first.
        changes: Indexes of the changes that cause it.
        span: Where it is written.
        figure: What is, in numbers.
        limited_at: The commit that limits it so, where its guardrails are judged as well; empty for those of
            now.
    """

    id: str
    title: str
    verdict: Verdict
    limit: str
    measured: str
    members: tuple[str, ...]
    changes: tuple[int, ...]
    span: Span
    figure: Figure = field(default_factory=Figure)
    reason: str = ""
    approval: Approval | None = None
    limited_at: str = ""

    @property
    def broken(self) -> bool:
        """Whether it is broken, and nobody lets that pass."""
        return self.verdict is Verdict.BROKEN and self.approval is None

    @property
    def passes(self) -> bool:
        """Whether it holds, or somebody lets it pass that it does not."""
        return self.verdict is Verdict.HOLDS or self.approval is not None


@dataclass(frozen=True, slots=True)
class JudgedComparison:
    """What reports are made of: a comparison, and what became of the guardrails, in their order.

    Attributes:
        findings: What is wrong with approvals: they expired, were outgrown, or fit nothing.
        required: Whether there must be guardrails.
    """

    comparison: ComparisonResult
    guardrails: tuple[GuardrailResult, ...] = ()
    findings: tuple[Finding, ...] = ()
    required: bool = False

    @property
    def broken(self) -> bool:
        """Whether a guardrail is broken, and nobody lets that pass."""
        return any(result.broken for result in self.guardrails)

    @property
    def verdict(self) -> Verdict:
        """The worst of all; what nothing limits was not checked."""
        if self.broken:
            return Verdict.BROKEN
        unchecked = any(result.verdict is Verdict.NOT_CHECKED for result in self.guardrails)
        return Verdict.NOT_CHECKED if unchecked or not self.guardrails else Verdict.HOLDS

    @property
    def passes(self) -> bool:
        """Whether a gate lets it through."""
        limited = bool(self.guardrails) or not self.required
        return limited and not self.findings and all(result.passes for result in self.guardrails)

    @property
    def sentence(self) -> str:
        """What became of all of them, in one line."""
        if not self.guardrails:
            asked = ", and `--require guardrails` asks for it" if self.required else ""
            return f"Nothing was limited: the program has no guardrails.yaml{asked}."
        return f"{_verdict_text(self.guardrails)}{_approval_text(self)}."


def _verdict_text(results: Sequence[GuardrailResult]) -> str:
    count = quantity(len(results), "guardrail")
    broken = sum(result.broken for result in results)
    unchecked = [result for result in results if result.verdict is Verdict.NOT_CHECKED]
    if broken:
        others = f"; {_were(len(unchecked))} not checked" if unchecked else ""
        return f"{broken:,} of {count} {'is' if broken == 1 else 'are'} broken{others}"
    if unchecked:
        reasons = {result.reason for result in unchecked}
        why = f": {reasons.pop()}" if len(reasons) == 1 else ""
        return f"{len(unchecked):,} of {count} {_were(len(unchecked)).partition(' ')[2]} not checked{why}"
    approved = sum(result.approval is not None for result in results)
    if approved:
        kept = len(results) - approved
        return f"{kept:,} of {count} {'holds' if kept == 1 else 'hold'}"
    return "The guardrail holds" if len(results) == 1 else f"All {len(results):,} guardrails hold"


def _approval_text(judged_: JudgedComparison) -> str:
    approved = sum(result.approval is not None for result in judged_.guardrails)
    text = f"; {approved:,} {'is' if approved == 1 else 'are'} broken and approved" if approved else ""
    if judged_.findings:
        text += f"; {quantity(len(judged_.findings), 'approval is', 'approvals are')} out of date"
    return text


def _were(number: int) -> str:
    return f"{number:,} {'was' if number == 1 else 'were'}"


def judged(comparison: ComparisonResult, guardrails: Sequence[Guardrail]) -> tuple[GuardrailResult, ...]:
    """What became of each guardrail, in their order."""
    return tuple(_result(guardrail, comparison) for guardrail in guardrails)


def _result(guardrail: Guardrail, comparison: ComparisonResult) -> GuardrailResult:
    if reason := reason_not_checked(guardrail, comparison):
        found, verdict = Measured(Figure(), False, ""), Verdict.NOT_CHECKED
    else:
        found = measured(guardrail, comparison)
        verdict = Verdict.BROKEN if found.broken else Verdict.HOLDS
    worst = ranked(found.members) if found.broken else []
    return GuardrailResult(
        id=guardrail.id,
        title=guardrail.title,
        verdict=verdict,
        limit=limit_text(guardrail),
        measured=found.text,
        members=tuple(member.name for member in worst),
        changes=found.changes if found.broken else (),
        span=guardrail.span,
        figure=found.figure,
        reason=reason,
    )
