"""Of what a member lacks some for a level, on the side that does not have it.

Worked out: Ambassador asks for 100 nights and 23,000 points of spend. In the year to 31 December a member
has 104 nights and 21,500 of spend: what decides is the spend, of which 1,500 are missing.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from pointbook.interpret.evaluation import MemberFold
from pointbook.model.levels import missing_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pointbook.comparison.levels.turning import Turning
    from pointbook.model.amounts import Amount

_DAY = timedelta(days=1)


class Missed(NamedTuple):
    """What is missing.

    Attributes:
        balances: Ids of the balances of which some is missing, in the program's order.
        sentence: How much of each there is, and on which day; empty where nothing is missing.
    """

    balances: tuple[str, ...] = ()
    sentence: str = ""


def missed_by(side: Turning, level: str, closed: date | None, titles: Mapping[str, str]) -> Missed:
    """What a side lacks for a level: of what is asked to keep it when a period closed, or now to reach it.

    Args:
        side: The one that does not have the level.
        level: One that may be unknown there; then nothing is missing.
        closed: The last day of the period at whose end it was lost; None where it was not lost so.
        titles: Of levels.
    """
    program, timeline = side.evaluation.interpreter.program, side.evaluation.interpreter.timeline
    day = closed or side.evaluation.as_of
    version = timeline.version_on(day if closed is None else day + _DAY)
    known = None if version is None else version.levels.get(level)
    totals = _totals(side, day)
    if known is None or totals is None:
        return Missed()
    own = program.level_balance
    missing = missing_of(known.reached_with(own) if closed is None else known.kept_with(own), totals)
    if not missing:
        return Missed()
    balances = program.balances
    ways = [
        " and ".join(
            f"{totals[name]:,} of {totals[name] + more:,} in {balances[name].title or name}"
            for name, more in way
        )
        for way in missing
    ]
    when = f"on {day}" if closed is None else f"when the year to {day} closed"
    return Missed(
        tuple(name for name in balances if any(name in dict(way) for way in missing)),
        f"{titles[level]} lacked points {when} under the {side.name} rules: {' or '.join(ways)}",
    )


def _totals(side: Turning, day: date) -> Mapping[str, Amount] | None:
    """What the member has in each balance at the end of a day, in the program's order."""
    if side.member is None:
        return None
    fold = MemberFold(side.evaluation.interpreter, day, side.member)
    fold.rows(side.events)
    standing = fold.closed()[1]
    if standing is None:
        return None
    program = side.evaluation.interpreter.program
    known = {program.level_balance: standing.points, **standing.balances}
    return {name: known[name] for name in program.balances}
