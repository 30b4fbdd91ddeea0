"""Findings as values that JSON has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pointbook_cli.reporters.findings.fixes import fix_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pointbook.diagnostics import Finding, Span


def findings_json(
    findings: Iterable[Finding], texts: Mapping[str, str] | None = None
) -> list[dict[str, Any]]:
    """One object per finding, in the order given.

    Args:
        findings: In the order to show.
        texts: Text of each file by its name, where fixes are to be offered.
    """
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
            **({} if texts is None else {"fix": fix_json(finding, texts)}),
        }
        for finding in findings
    ]


def span_json(span: Span) -> dict[str, Any]:
    """A place."""
    return {"file": span.file, "line": span.line, "column": span.column, "length": span.length}
