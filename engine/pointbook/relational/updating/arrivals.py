"""Whose rows can differ where rows only come, and each says when it came."""

# Queries are put together from names made here; no value of a log is in one but as a literal.
# ruff: noqa: S608

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.relational.engines.sessions import compute, number_from
from pointbook.relational.inputs.engine_words import WORDS
from pointbook.relational.inputs.loaded_rows import LOADED
from pointbook.relational.updating.changes import SEEN
from pointbook.relational.updating.digests import DIGESTS

if TYPE_CHECKING:
    from datetime import date

    from pointbook.relational.engines.sessions import Session

ARRIVED = "pointbook_arrived"
"""Members whose rows may be others: `member_id`."""
_NEW_IDS = "pointbook_new_ids"


def put_arrived(session: Session, condition: str, ledger: str, last: date, as_of: date) -> int:
    """Put the members into a session whose events may be others than the run before saw; counts new rows.

    These are the members of new rows; who had an event of the same id, which is in doubt now; who has an
    event that counts since; and who was no member. All other members have the events that they had.

    Args:
        session: Has the log, `LOADED` and `SEEN`.
        condition: What holds for new rows of `LOADED`, as SQL.
        ledger: The ledger of the run before.
        last: The as-of date before.
        as_of: The as-of date.
    """
    compute(
        session, _NEW_IDS, f"SELECT event_id, COUNT(*) AS rows_n FROM {LOADED} WHERE {condition} GROUP BY 1"
    )
    is_new = f"event_id IN (SELECT event_id FROM {_NEW_IDS} WHERE event_id IS NOT NULL)"
    day = f"CAST({WORDS[session.dialect.name].named('local')} AS DATE)"
    is_due = f"{day} > CAST('{last}' AS DATE) AND {day} <= CAST('{as_of}' AS DATE)"
    compute(
        session,
        ARRIVED,
        f"SELECT member_id FROM events WHERE {is_new} OR ({is_due})"
        f" UNION SELECT member_id FROM {ledger} WHERE {is_new}"
        f" UNION SELECT member_id FROM members AS m"
        f" WHERE NOT EXISTS (SELECT 1 FROM {SEEN} AS s WHERE s.member_id = m.member_id)",
    )
    return number_from(session, f"SELECT COALESCE(SUM(rows_n), 0) AS number FROM {_NEW_IDS}")


def events_of_digests(session: Session) -> int:
    """How many events members have by their digests."""
    return number_from(session, f"SELECT COALESCE(SUM(events), 0) AS number FROM {DIGESTS}")
