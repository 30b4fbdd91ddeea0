"""Whose rows can differ where rows only come, and each says when it came."""

# Queries are put together from names made here; no value of a log is in one but as a literal.
# ruff: noqa: S608

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.relational.engines.sessions import compute, number_from
from pointbook.relational.inputs.engine_words import WORDS
from pointbook.relational.inputs.events_in_place import ROWS, SETTLED
from pointbook.relational.inputs.loaded_rows import LOADED
from pointbook.relational.updating.changes import SEEN
from pointbook.relational.updating.digests import DIGESTS, Arrived

if TYPE_CHECKING:
    from datetime import date

    from pointbook.relational.engines.sessions import Session

ARRIVED = "pointbook_arrived"
"""Members whose events may be others: `member_id`."""
ARRIVED_EVENTS = "pointbook_arrived_events"
"""All of their events, and of other members those after the as-of date; with the columns of `events`."""
BY_ARRIVAL = Arrived(ARRIVED, ARRIVED_EVENTS, SEEN)
_NEW_IDS = "pointbook_new_ids"


def put_arrived(session: Session, condition: str, ledger: str, last: date, as_of: date) -> int:
    """Put the members into a session whose events may be others than the run before saw; counts new rows.

    These are the members of new rows; who had an event of the same id, which is in doubt now; who has an
    event that counts since, or nearly; and who was no member. All others have the events that they had.

    Args:
        session: Has the log in place, `LOADED` and `SEEN`.
        condition: What holds for new rows of `LOADED`, as SQL.
        ledger: The ledger of the run before.
        last: The as-of date before.
        as_of: The as-of date.
    """
    words = WORDS[session.dialect.name]
    ids = f"SELECT event_id, COUNT(*) AS number FROM {LOADED} WHERE {condition} GROUP BY event_id"
    compute(session, _NEW_IDS, ids)
    is_new = f"event_id IN (SELECT event_id FROM {_NEW_IDS} WHERE event_id IS NOT NULL)"
    day = f"CAST({words.named('local')} AS DATE)"
    is_later = f"{day} > CAST('{last}' AS DATE)"
    # A local day begins at most so long before that of UTC.
    may_be_later = f"moment >= CAST('{last} 08:00:00' AS {words.local})"
    or_due, or_nearly = (f" OR {is_later}", f" OR {may_be_later}") if as_of > last else ("", "")
    compute(
        session,
        ARRIVED,
        f"SELECT member_id FROM {ROWS} WHERE {is_new}{or_nearly}"
        f" UNION SELECT member_id FROM {SETTLED} WHERE {is_new}{or_due}"
        f" UNION SELECT member_id FROM {ledger} WHERE {is_new}"
        f" UNION SELECT member_id FROM members AS m"
        f" WHERE NOT EXISTS (SELECT 1 FROM {SEEN} AS s WHERE s.member_id = m.member_id)",
    )
    compute(
        session,
        ARRIVED_EVENTS,
        "SELECT * FROM events"
        f" WHERE member_id IN (SELECT member_id FROM {ARRIVED} WHERE member_id IS NOT NULL)"
        f" OR {day} > CAST('{as_of}' AS DATE)",
    )
    return number_from(session, f"SELECT COALESCE(SUM(number), 0) AS number FROM {_NEW_IDS}")


def events_of_digests(session: Session) -> int:
    """How many events members have by their digests."""
    return number_from(session, f"SELECT COALESCE(SUM(events), 0) AS number FROM {DIGESTS}")
