"""Two caps of the same kind and window on one activity or group.

**What.** An activity or group has at most one cap on points and one on times for each window.

**Why.** Usage belongs to the kind and the window, so the two would share it, and only the lower
could matter. Mostly one of the windows was meant to be another.

**Fix.** None: mostly one of the windows was to be another.

Failing:

    activities:
      feedback:
        points: 50
        caps:
          - {points: 100, per: calendar_month}
          - {points: 600, per: calendar_month}

Fixed:

    activities:
      feedback:
        points: 50
        caps:
          - {points: 100, per: calendar_month}
          - {points: 600, per: calendar_year}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.diagnostics import Finding, Related

if TYPE_CHECKING:
    from pointbook.checks.reasoning.subject import CheckSubject, Findings
    from pointbook.model.program import Version
    from pointbook.model.rules import Cap, Path
    from pointbook.model.windows import CapKind, Per

CODE = "duplicate-cap"


def duplicate_cap(subject: CheckSubject) -> Findings:
    """A finding for each cap of a kind and window that an earlier cap of the same rule has."""
    for version in subject.program.versions:
        for activity in version.activities.values():
            name, path = f"activity `{activity.id}`", ("activities", activity.id)
            yield from _among(version, name, path, activity.caps)
            for entry in activity.entries:
                whose = f"entry `{entry.balance}` of {name}"
                yield from _among(version, whose, (*path, *entry.path), entry.caps)
        for group in version.groups.values():
            yield from _among(version, f"group `{group.id}`", ("groups", group.id), group.caps)


def _among(version: Version, name: str, path: Path, caps: tuple[Cap, ...]) -> Findings:
    first: dict[tuple[CapKind, Per, str | None], int] = {}
    for index, cap in enumerate(caps):
        earlier = first.setdefault((cap.kind, cap.per, cap.balance), index)
        if earlier == index:
            continue
        place = version.span(*path, "caps", earlier, cap.kind)
        yield Finding(
            version.span(*path, "caps", index, cap.kind),
            CODE,
            f"{name} has a cap on {cap.kind} {cap.per.window.words} already",
            f"keep the one of {min(caps[earlier].limit, cap.limit):,}; or give this one another window",
            related=(Related(place, "the other cap is here"),),
        )
