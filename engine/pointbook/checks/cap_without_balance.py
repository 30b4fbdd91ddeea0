"""A points cap that does not say of which of several balances.

**What.** Where the events that a cap limits feed several balances, a cap on points names one of them as
`balance`. A cap on times needs none: it counts events.

**Why.** A point of one balance is not worth a point of another; credits would use up the room that
was meant for level points.

**Fix.** None: only you know what is to be limited.

Failing:

    groups:
      social:
        caps: [{points: 100, per: week}]
    activities:
      linkedin.post: {points: 50, groups: [social]}
      credits.earned: {balance: credits, points: {range: [1, 100]}, groups: [social]}

    # program.yaml
    balances:
      club_points: {resets: membership_year}
      credits: {resets: never}

Fixed:

    groups:
      social:
        caps: [{points: 100, per: week, balance: club_points}]
    activities:
      linkedin.post: {points: 50, groups: [social]}
      credits.earned: {balance: credits, points: {range: [1, 100]}, groups: [social]}

    # program.yaml
    balances:
      club_points: {resets: membership_year}
      credits: {resets: never}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.checks.reasoning.places import in_version
from pointbook.diagnostics import Finding, Related
from pointbook.model.windows import CapKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pointbook.checks.reasoning.subject import CheckSubject, Findings
    from pointbook.model.activities import Activity
    from pointbook.model.program import Version
    from pointbook.model.rules import Cap, Path

CODE = "cap-without-balance"


def cap_without_balance(subject: CheckSubject) -> Findings:
    """A finding for each points cap that could be of several balances."""
    known = subject.program.balances
    for version in subject.program.versions:
        owners: list[tuple[str, Path, tuple[Cap, ...], Iterable[Activity]]] = [
            (f"activity `{one.id}`", ("activities", one.id), one.caps, (one,))
            for one in version.activities.values()
        ]
        owners += [
            (f"group `{one.id}`", ("groups", one.id), one.caps, version.activities_in(one.id))
            for one in version.groups.values()
            if one.caps
        ]
        for name, path, caps, limited in owners:
            fed: dict[str, Path] = {}
            for activity in limited:
                for entry in activity.entries:
                    if entry.balance in known and not entry.is_spend:
                        fed.setdefault(entry.balance, ("activities", activity.id, *entry.at("points")))
            for index, cap in enumerate(caps):
                if cap.kind is CapKind.POINTS and cap.balance is None and len(fed) > 1:
                    yield _finding(version, name, (*path, "caps", index, "points"), fed)


def _finding(version: Version, name: str, path: Path, fed: dict[str, Path]) -> Finding:
    place = version.span(*path)
    balances = " and ".join(f"`{balance}`" for balance in fed)
    return Finding(
        place,
        CODE,
        f"a cap of {name} does not say of which balance: its events feed {balances}"
        f"{in_version(version, place)}",
        f"add the one that is meant, such as `balance: {next(iter(fed))}`; write a cap for each, if all are",
        related=tuple(Related(version.span(*where), f"feeds `{balance}`") for balance, where in fed.items()),
    )
