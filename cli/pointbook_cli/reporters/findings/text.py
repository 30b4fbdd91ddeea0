"""Findings as text for people: one block each with the line it points at, or one line each."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from pointbook.diagnostics import Severity
from pointbook.model.wording import quantity
from pointbook_cli.reporters import escaping

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from pointbook.diagnostics import Finding, Span

_WIDEST = 160


def findings_text(findings: Iterable[Finding], texts: Mapping[str, str]) -> str:
    """Each finding with its source line, a marker, related places and a hint.

    Args:
        findings: In the order to show.
        texts: Text of each file by its name; a finding in another file is shown without its line.
    """

    @cache
    def lines_of(file: str) -> list[str]:
        return texts.get(file, "").splitlines()

    return "\n".join(_block(finding, lines_of) for finding in findings)


def findings_concise(findings: Iterable[Finding]) -> str:
    """Each finding in one line: place, severity, code, message, hint."""
    return "".join(
        f"{printable(str(finding.span))}: {finding.severity}[{finding.code}]: {printable(finding.message)};"
        f" {printable(finding.hint)}\n"
        for finding in findings
    )


def counted(findings: Iterable[Finding]) -> str:
    """How many errors and warnings there are, in words."""
    severities = [finding.severity for finding in findings]
    errors, warnings = severities.count(Severity.ERROR), severities.count(Severity.WARNING)
    return f"{quantity(errors, 'error')}, {quantity(warnings, 'warning')}"


def _block(finding: Finding, lines_of: Callable[[str], list[str]]) -> str:
    lines = [
        f"{printable(str(finding.span))}: {finding.severity}[{finding.code}]: {printable(finding.message)}"
    ]
    width = len(str(max([finding.span.line, *(related.span.line for related in finding.related)])))
    lines += _frame(finding.span, lines_of(finding.span.file), width, "^")
    for related in finding.related:
        lines.append(f"{' ' * width} = {printable(f'{related.span}: {related.message}')}")
        lines += _frame(related.span, lines_of(related.span.file), width, "-")
    lines.append(f"{' ' * width} help: {printable(finding.hint)}")
    return "\n".join(lines) + "\n"


def _frame(span: Span, source: list[str], width: int, marker: str) -> list[str]:
    if span.line > len(source) or not source[span.line - 1].strip():
        return []
    text = source[span.line - 1]
    start = span.column - 1
    cut = max(0, start - _WIDEST // 2) if len(text) > _WIDEST else 0
    shown = text[cut : cut + _WIDEST]
    before = printable(shown[: start - cut])
    marked = printable(shown[start - cut : start - cut + span.length])
    return [
        f"{' ' * width} |",
        f"{span.line:>{width}} | {printable(shown)}",
        f"{' ' * width} | {' ' * _columns(before)}{marker * max(1, _columns(marked))}",
    ]


def _columns(text: str) -> int:
    """How many columns a terminal gives `text`."""
    return sum(
        0 if unicodedata.combining(character) else 2 if unicodedata.east_asian_width(character) in "WF" else 1
        for character in text
    )


def printable(text: str) -> str:
    """`text` with control characters shown, so that a file cannot steer the terminal; a tab is a space."""
    return escaping.printable(text.replace("\t", " "))
