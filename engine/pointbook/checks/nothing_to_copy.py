"""A `same_as` that names no entry which an event takes before it.

**What.** `same_as` stands in an entry of `earns`, and names another balance that the same activity spends,
or feeds further up in the file. A spend says itself what it takes.

**Why.** What an event gives is found from the top down, what it spends first. Of an entry that is not there,
or comes later, nothing is known that could be copied.

**Fix.** The name becomes the only one of an entry above that it is a slip of.

Failing:

    activities:
      stay:
        earns:
          club_points: {points: 10}
          credits: {points: {same_as: club_pionts}}

    # program.yaml
    balances:
      club_points: {resets: membership_year}
      credits: {resets: never}

Fixed:

    activities:
      stay:
        earns:
          club_points: {points: 10}
          credits: {points: {same_as: club_points}}

    # program.yaml
    balances:
      club_points: {resets: membership_year}
      credits: {resets: never}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.diagnostics import Finding, Related
from pointbook.model.points.lookup import Table

if TYPE_CHECKING:
    from pointbook.checks.reasoning.subject import CheckSubject, Findings
    from pointbook.model.activities import Activity, EntryRule
    from pointbook.model.points.forms import Points
    from pointbook.model.program import Version
    from pointbook.model.rules import Path

CODE = "nothing-to-copy"


def nothing_to_copy(subject: CheckSubject) -> Findings:
    """A finding for each copy of what is not there, or not yet."""
    for version, activity in subject.program.activities:
        for entry in activity.entries:
            name = entry.points.copies
            if name is None:
                continue
            path = ("activities", activity.id, *entry.at("points", *_steps(entry.points)))
            if entry.is_spend:
                yield Finding(
                    version.span(*path),
                    CODE,
                    f"what activity `{activity.id}` spends cannot be the same as what another entry gives",
                    "write what it costs, such as `{per: {attribute: NAME}}`; an entry of `earns` can be"
                    f" `same_as: {entry.balance}`",
                )
            elif activity.copied_by(entry) is None:
                yield _finding(subject, version, activity, entry, path)


def _finding(
    subject: CheckSubject, version: Version, activity: Activity, entry: EntryRule, path: Path
) -> Finding:
    name, place = entry.points.copies or "", version.span(*path)
    if name == entry.balance:
        message = f"activity `{activity.id}` gives as much of `{name}` as of `{name}` itself"
        return Finding(place, CODE, message, "name the balance of another entry, or write the points")
    later = next((one for one in activity.entries if one.balance == name), None)
    if later is not None:
        return Finding(
            place,
            CODE,
            f"activity `{activity.id}` copies what it gives of `{name}`, which is found after it",
            f"move `{entry.balance}` below `{name}`",
            related=(Related(version.span("activities", activity.id, *later.path), f"`{name}` is here"),),
        )
    known = [one.balance for one in activity.entries if one is not entry]
    return Finding(
        place,
        CODE,
        f"activity `{activity.id}` copies what it gives of `{name}`, and gives nothing of that",
        subject.words.suggestion(name, known, "write the points, or an entry of that balance above"),
        fix=subject.words.fix(place, name, known),
    )


def _steps(points: Points) -> tuple[str, ...]:
    """Where the name stands, from the points down."""
    if isinstance(points, Table) and points.otherwise is not None:
        return ("by", "else", *_steps(points.otherwise))
    return ("same_as",)
