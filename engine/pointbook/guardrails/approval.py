"""What an approval is: somebody's word that one change, or one broken guardrail, may pass until a day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date
    from fractions import Fraction

    from pointbook.diagnostics import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """An entry of approvals.yaml.

    Attributes:
        id: Its key.
        by: Who gave it.
        reason: Why.
        until: The last day on which it lets anything pass.
        span: Where it is written.
    """

    id: str
    by: str
    reason: str
    until: date
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeApproval(Approval):
    """An approval of one change.

    Attributes:
        fingerprint: The change's, as `pointbook.changes.fingerprints` has it.
        address: Where the change is, as `diff` prints it.
    """

    fingerprint: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardrailApproval(Approval):
    """An approval of one broken guardrail, up to a figure.

    Attributes:
        guardrail: Its id.
        version: The new version that may break it; None for any.
        version_span: Where that is written; where the entry is, if it is not.
        at_most: Highest count let through.
        at_most_percent: Highest percentage let through.
        at_least: Fewest days let through.
    """

    guardrail: str
    version: str | None
    version_span: Span
    at_most: int | None
    at_most_percent: Fraction | None
    at_least: int | None
