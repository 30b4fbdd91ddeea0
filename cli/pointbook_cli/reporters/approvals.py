"""What reports say of an approval."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pointbook.model.plain_values import plain
from pointbook_cli.reporters.findings.json_values import span_json

if TYPE_CHECKING:
    from pointbook.guardrails.approval import Approval


def approval_text(approval: Approval) -> str:
    """Who lets something pass, until when, why, and where that is written."""
    return f"by {approval.by} until {approval.until}: {approval.reason} [{approval.span}]"


def approval_json(approval: Approval) -> dict[str, Any]:
    """The same as a value that JSON has, with all that it is about."""
    return {**plain(approval, "span", "version_span"), "place": span_json(approval.span)}
