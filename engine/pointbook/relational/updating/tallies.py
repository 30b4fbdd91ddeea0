"""What results that lie in an engine come to in counts, by one pass over each."""

# Queries are put together from names made here; no value of a log is in one.
# ruff: noqa: S608

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from pointbook.model.ledger import Outcome
from pointbook.model.tally import Tally
from pointbook.relational.engines.sessions import literal, number_from
from pointbook.relational.inputs.engine_words import WORDS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from pointbook.model.program import Program
    from pointbook.relational.engines.sessions import Session


def tally_of(session: Session, program: Program, ledger: str, standings: str) -> Tally:
    """The counts of a ledger and standings: all but those of events that are in neither.

    Args:
        session: Where they lie.
        program: The rules.
        ledger: What stands after FROM.
        standings: Likewise.
    """
    tally = Tally()
    unknown = literal(Outcome.NO_SUCH_ACTIVITY.value)
    grouped = (
        f"SELECT outcome, assumed, CASE WHEN outcome = {unknown} THEN activity END AS unknown_activity,"
        f" COUNT(*) AS number FROM {ledger} AS l GROUP BY 1, 2, 3"
    )
    for row in session.rows(grouped).read_all().to_pylist():
        number, outcome = row["number"], Outcome(row["outcome"])
        tally.outcomes[outcome] += number
        tally.assumed += number if row["assumed"] else 0
        if outcome is Outcome.NO_SUCH_ACTIVITY:
            tally.unknown_activities[row["unknown_activity"]] += number
    levels = f"SELECT level, COUNT(*) AS number FROM {standings} AS s GROUP BY 1"
    for row in session.rows(levels).read_all().to_pylist():
        tally.levels[row["level"]] += row["number"]
    tally.events = tally.outcomes.total()
    if any(
        len(activity.entries) > 1 for version in program.versions for activity in version.activities.values()
    ):
        tally.events = number_from(session, f"SELECT COUNT(DISTINCT event_id) FROM {ledger} AS l")
    return tally


def tally_after(before: Mapping[str, Any], were: Tally, are: Tally) -> Tally:
    """The same of results of which some members' rows are replaced.

    Args:
        before: The summary of the results before.
        were: The counts of these members' rows as they were.
        are: Likewise as they are.
    """
    counts = before["counts"]
    return Tally(
        Counter({outcome: counts[outcome.value] for outcome in Outcome}) - were.outcomes + are.outcomes,
        counts["events_in_ledger"] - were.events + are.events,
        Counter({level or None: number for level, number in before["levels"].items()})
        - were.levels
        + are.levels,
        Counter({name: about["events"] for name, about in before["unknown_activities"].items()})
        - were.unknown_activities
        + are.unknown_activities,
        counts["assumed"] - were.assumed + are.assumed,
    )


def events_after(session: Session, day: date) -> int:
    """How many of a session's `events` lie after the last day that counts.

    Counted by themselves, so that a row that an evaluation lost would show.
    """
    named = WORDS[session.dialect.name].named
    later = f"CAST({named('local')} AS DATE) > CAST('{day}' AS DATE)"
    return number_from(session, f"SELECT COUNT(*) AS number FROM events WHERE {later}")
