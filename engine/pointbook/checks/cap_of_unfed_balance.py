"""A cap on points of a balance that none of its events feeds.

**What.** The `balance` of a cap is one that an event of its activity, or of an activity in its group, can
feed. What an event spends is limited by no cap.

**Why.** Such a cap limits nothing, while the rules read as if it did.

**Fix.** None: the balance may be wrong, or the cap.

Failing:

    activities:
      linkedin.post:
        points: 50
        caps: [{points: 100, per: week, balance: credits}]

    # program.yaml
    balances:
      club_points: {resets: membership_year}
      credits: {resets: never}

Fixed:

    activities:
      linkedin.post:
        points: 50
        caps: [{points: 100, per: week, balance: club_points}]

    # program.yaml
    balances:
      club_points: {resets: membership_year}
      credits: {resets: never}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.checks.reasoning.places import in_version
from pointbook.diagnostics import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pointbook.checks.reasoning.subject import CheckSubject, Findings
    from pointbook.model.program import Version
    from pointbook.model.rules import Cap, Path

CODE = "cap-of-unfed-balance"


def cap_of_unfed_balance(subject: CheckSubject) -> Findings:
    """A finding for each balance of a cap that is there, but not fed by what the cap limits."""
    for version in subject.program.versions:
        for name, path, caps, fed in _owners(version):
            for index, cap in enumerate(caps):
                if cap.balance is None or cap.balance in fed or cap.balance not in subject.program.balances:
                    continue
                place = version.span(*path, "caps", index, "balance")
                hint = subject.words.suggestion(cap.balance, sorted(fed), "delete this cap")
                yield Finding(
                    place,
                    CODE,
                    f"a cap of {name} limits `{cap.balance}`, which none of its events feeds"
                    f"{in_version(version, place)}",
                    hint,
                )


def _owners(version: Version) -> Iterator[tuple[str, Path, tuple[Cap, ...], set[str]]]:
    """What has caps, with the balances that its events feed; no group that may have further activities."""
    for activity in version.activities.values():
        path: Path = ("activities", activity.id)
        yield f"activity `{activity.id}`", path, activity.caps, {*activity.fed}
        for entry in activity.entries:
            name = f"entry `{entry.balance}` of activity `{activity.id}`"
            yield name, (*path, *entry.path), entry.caps, {entry.balance}
    for group in version.groups.values():
        if not version.lacks("activities"):
            fed = {balance for activity in version.activities_in(group.id) for balance in activity.fed}
            yield f"group `{group.id}`", ("groups", group.id), group.caps, fed
