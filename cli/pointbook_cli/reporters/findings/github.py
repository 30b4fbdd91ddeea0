"""Findings as workflow commands, which GitHub shows beside the lines of a pull request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.diagnostics import Severity
from pointbook_cli.reporters.findings.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pointbook.diagnostics import Finding

SHOWN = 10
"""Annotations of each kind that GitHub shows for one step; the log of the step has all of them."""


def findings_github(findings: Iterable[Finding]) -> str:
    """One command for each finding, errors first, so that warnings do not crowd them out."""
    ordered = sorted(findings, key=lambda finding: finding.severity is not Severity.ERROR)
    return "".join(f"{_command(finding)}\n" for finding in ordered)


def hidden_text(findings: Iterable[Finding]) -> str:
    """A line on how many findings GitHub does not show beside their lines; empty where it shows all."""
    severities = [finding.severity for finding in findings]
    parts = [
        f"{severities.count(severity) - SHOWN} of {severities.count(severity)} {severity}s"
        for severity in Severity
        if severities.count(severity) > SHOWN
    ]
    if not parts:
        return ""
    return f"GitHub shows {SHOWN} of each kind beside their lines; not shown there: {', '.join(parts)}\n"


def _command(finding: Finding) -> str:
    span = finding.span
    properties = {
        "file": span.file,
        "line": span.line,
        "endLine": span.line,
        "col": span.column,
        "endColumn": span.column + span.length - 1,
        "title": finding.code,
    }
    given = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items())
    lines = [
        f"{finding.message}; {finding.hint}",
        *(f"{related.span}: {related.message}" for related in finding.related),
    ]
    message = "\n".join(printable(line) for line in lines)
    return f"::{finding.severity} {given}::{_data(message)}"


def _data(text: str) -> str:
    """The text of a command; `%` first, which the others bring in."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """A value among a command's properties, where `:` and `,` separate."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")
