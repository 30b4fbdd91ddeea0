"""Findings as values that JSON has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pointbook.diagnostics import Finding, Span


def findings_json(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """One object per finding, in the order given."""
    return [
        {
            **span_json(finding.span),
            "severity": finding.severity.value,
            "code": finding.code,
            "message": finding.message,
            "hint": finding.hint,
            "related": [
                {**span_json(related.span), "message": related.message} for related in finding.related
            ],
        }
        for finding in findings
    ]


def span_json(span: Span) -> dict[str, Any]:
    """A place."""
    return {"file": span.file, "line": span.line, "column": span.column, "length": span.length}
