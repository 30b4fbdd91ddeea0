"""Findings as workflow commands, which GitHub shows beside the lines of a pull request."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from pointbook.diagnostics import Severity
from pointbook_cli.reporters.findings.text import printable
from pointbook_cli.reporters.repository_paths import placed_from_root

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pointbook.diagnostics import Finding

SHOWN = 10
"""Annotations of each kind that GitHub shows for one step; the log of the step has all of them."""
_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY = {**_DATA, **str.maketrans({":": "%3A", ",": "%2C"})}
"""What separates commands, and besides, what separates the properties of one."""


def findings_github(findings: Iterable[Finding]) -> str:
    """One command for each finding, errors first, so that warnings do not crowd them out."""
    ordered = sorted(findings, key=lambda finding: finding.severity is not Severity.ERROR)
    return "".join(f"{command_of(finding, finding.severity)}\n" for finding in ordered)


def hidden_text(findings: Iterable[Finding]) -> str:
    """A line on how many findings GitHub does not show beside their lines; empty where it shows all."""
    counts = Counter(finding.severity for finding in findings)
    parts = [
        f"{counts[severity] - SHOWN} of {counts[severity]} {severity}s"
        for severity in Severity
        if counts[severity] > SHOWN
    ]
    if not parts:
        return ""
    return f"GitHub shows {SHOWN} of each kind beside their lines; not shown there: {', '.join(parts)}\n"


def command_of(finding: Finding, level: str) -> str:
    """The command that shows a finding: of level `error`, `warning` or `notice`."""
    finding = placed_from_root(finding)
    span = finding.span
    properties = {
        "file": printable(span.file),
        "line": span.line,
        "endLine": span.line,
        "col": span.column,
        "endColumn": span.column + span.length - 1,
        "title": finding.code,
    }
    given = ",".join(f"{key}={str(value).translate(_PROPERTY)}" for key, value in properties.items())
    lines = [
        f"{finding.message}; {finding.hint}",
        *(f"{related.span}: {related.message}" for related in finding.related),
    ]
    message = "\n".join(printable(line) for line in lines)
    return f"::{level} {given}::{message.translate(_DATA)}"
