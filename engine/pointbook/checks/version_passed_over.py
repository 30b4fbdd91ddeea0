"""A version that changes another one than the one before it in time, without a word (a warning).

**What.** Between a version and the one it is `based_on`, no other should take effect; where that is meant, a
`note` of the version says why.

**Why.** What the versions between have changed is undone. Mostly `based_on` was copied with the file, and the
changes of the last version get lost.

**Fix.** None: only you know which version it changes.

Failing:

    # versions/2024.yaml
    id: "2024"
    effective_from: 2024-01-01
    levels:
      member: {threshold: 500}

    # versions/2025.yaml
    id: "2025"
    based_on: "2024"
    effective_from: 2025-01-01
    levels:
      member: {threshold: 750}

    # versions/2026.yaml
    id: "2026"
    based_on: "2024"
    effective_from: 2026-01-01
    levels:
      member: {title: Member of the guild}

Fixed:

    # versions/2024.yaml
    id: "2024"
    effective_from: 2024-01-01
    levels:
      member: {threshold: 500}

    # versions/2025.yaml
    id: "2025"
    based_on: "2024"
    effective_from: 2025-01-01
    levels:
      member: {threshold: 750}

    # versions/2026.yaml
    id: "2026"
    based_on: "2024"
    effective_from: 2026-01-01
    note: The trial of 2025 is over; what was before it holds again.
    levels:
      member: {title: Member of the guild}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.diagnostics import Finding, Related, Severity

if TYPE_CHECKING:
    from pointbook.checks.reasoning.subject import CheckSubject, Findings
    from pointbook.diagnostics import Span
    from pointbook.model.program import Version

CODE = "version-passed-over"


def version_passed_over(subject: CheckSubject) -> Findings:
    """A finding for each version without a note that others lie between and the one it is based on.

    Says nothing while a version is missing, or has no date, that might lie between two others.
    """
    dated = list(subject.successions)
    for _, version in dated:
        base = subject.program.version(version.based_on or "")
        if base is None or version.note is not None or version.lacks("note"):
            continue
        between = [
            one for _, one in dated if base.effective_from < one.effective_from < version.effective_from
        ]
        document = subject.document_of(version)
        if between and document is not None:
            yield _finding(version, base, between, document.written.content["based_on"].span)


def _finding(version: Version, base: Version, between: list[Version], place: Span) -> Finding:
    names = " and ".join(f"`{one.id}`" for one in between[-2:])
    if len(between) > len(between[-2:]):
        names = f"{len(between)} versions, the last of them `{between[-1].id}`"
    return Finding(
        place,
        CODE,
        f"version `{version.id}` changes `{base.id}` and passes over {names}, which came in between",
        f"write `based_on: {between[-1].id}`; if it is meant, say why in a `note` of the version",
        Severity.WARNING,
        related=(Related(between[-1].span("id"), f"`{between[-1].id}` would end with it"),),
    )
