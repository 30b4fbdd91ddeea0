"""The checks in the order in which they run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.checks.thresholds_not_ascending import thresholds_not_ascending
from pointbook.diagnostics import sorted_findings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pointbook.checks.subject import Subject
    from pointbook.diagnostics import Finding

    Check = Callable[[Subject], Iterable[Finding]]

CHECKS: tuple[Check, ...] = (
    thresholds_not_ascending,
)


def check_findings(subject: Subject) -> tuple[Finding, ...]:
    """What every check finds, sorted."""
    return sorted_findings(finding for check in CHECKS for finding in check(subject))
