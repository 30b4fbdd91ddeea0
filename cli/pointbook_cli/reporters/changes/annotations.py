"""Semantic changes for what CI services show beside lines: GitHub's annotations, and SARIF."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pointbook.changes.directions import STOPPED
from pointbook.changes.fingerprints import fingerprint
from pointbook.diagnostics import Finding
from pointbook.guardrails.approving import NONE_APPROVED
from pointbook_cli.reporters.changes.text import ordered
from pointbook_cli.reporters.findings.github import command_of
from pointbook_cli.reporters.findings.sarif import sarif_log

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pointbook.changes.against import Difference
    from pointbook.changes.change import Change
    from pointbook.guardrails.approving import ApprovedChanges


def difference_github(difference: Difference, passing: ApprovedChanges = NONE_APPROVED) -> str:
    """One command for each change that is more than words, those that could lower somebody first."""
    commands = (
        command_of(_finding(change), "warning" if _is_stopped(change, passing) else "notice")
        for change in _counting(difference)
    )
    return "".join(f"{command}\n" for command in commands)


def difference_sarif(difference: Difference, passing: ApprovedChanges = NONE_APPROVED) -> dict[str, Any]:
    """The same changes as a SARIF log: warnings, and notes."""
    results = [
        (_finding(change), "warning" if _is_stopped(change, passing) else "note")
        for change in _counting(difference)
    ]
    codes = sorted({finding.code for finding, _ in results})
    rules = [{"id": code, "shortDescription": {"text": f"{code.replace('-', ' ')}."}} for code in codes]
    return sarif_log(results, rules)


def _is_stopped(change: Change, passing: ApprovedChanges) -> bool:
    """Whether it could lower somebody, and nobody lets it pass."""
    return change.direction in STOPPED and fingerprint(change) not in passing.approvals


def _counting(difference: Difference) -> Iterator[Change]:
    return (change for change in ordered(difference.changes) if not change.kind.is_words)


def _finding(change: Change) -> Finding:
    """The change at its new place, which is in a file that is there; of what is gone, where it would be."""
    return Finding(change.new.span, change.code, change.sentence, f"{change.direction}: {change.reason}")
