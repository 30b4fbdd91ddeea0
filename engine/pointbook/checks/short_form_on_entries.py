"""A patch in short form on an activity of several entries.

**What.** A version that changes another writes `points`, `bonuses`, `split_among` or `balance` directly on
an activity only where that has one entry, without an `if` or caps of its own, and spends nothing. Of any
other it says under `earns` or `spends` which balance is meant.

**Why.** Nothing says which of the entries the line is about.

**Fix.** None: only you know which entry is meant.

Failing:

    # program.yaml
    balances:
      club_points: {resets: membership_year}
      nights: {resets: never}

    # versions/2024.yaml
    id: "2024"
    effective_from: 2024-01-01
    activities:
      stay: {earns: {club_points: {points: 10}, nights: {points: 1}}}

    # versions/2025.yaml
    id: "2025"
    based_on: "2024"
    effective_from: 2025-01-01
    activities: {stay: {points: 20}}

Fixed:

    # program.yaml
    balances:
      club_points: {resets: membership_year}
      nights: {resets: never}

    # versions/2024.yaml
    id: "2024"
    effective_from: 2024-01-01
    activities:
      stay: {earns: {club_points: {points: 10}, nights: {points: 1}}}

    # versions/2025.yaml
    id: "2025"
    based_on: "2024"
    effective_from: 2025-01-01
    activities: {stay: {earns: {club_points: {points: 20}}}}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.diagnostics import Finding, Related
from pointbook.lower.entry_forms import SHORT, activities_of, is_long, sole_entry

if TYPE_CHECKING:
    from pointbook.checks.reasoning.subject import CheckSubject, Findings
    from pointbook.lower.resolution import VersionDocument
    from pointbook.source.document import Node

CODE = "short-form-on-entries"


def short_form_on_entries(subject: CheckSubject) -> Findings:
    """A finding for each activity that a patch changes without saying which of its entries."""
    for document in subject.documents:
        if document.base is None:
            continue
        bases = activities_of(document.base)
        for name, change in activities_of(document.written).items():
            base = bases.get(name)
            short = [key for key in SHORT if change.get(key) is not None]
            if base is None or not short or change.get("earns") is not None:
                continue
            if is_long(base) and sole_entry(base) is None:
                yield _finding(document, name, base, short)


def _finding(document: VersionDocument, name: str, base: Node, short: list[str]) -> Finding:
    path = ("activities", name)
    earns = [*base.entries("earns")]
    spends = base.get("spends")
    spent = [f"`{balance}` (spent)" for balance in (spends.content if spends and spends.is_mapping else ())]
    entries = ", ".join([*(f"`{balance}`" for balance in earns), *spent])
    what = f"has {entries} under `earns`" if len(earns) + len(spent) == 1 else f"has the entries {entries}"
    key = next((one for one in short if one != "balance"), "points")
    return Finding(
        document.written.key_span((*path, short[0])),
        CODE,
        f"activity `{name}` of version `{document.based_on}` {what}, and `{short[0]}` does not say which is"
        " changed",
        f"write it below its balance, such as `earns: {{{earns[0]}: {{{key}: ...}}}}`",
        related=(Related(base.key_span(("earns",)), "they are here"),),
    )
