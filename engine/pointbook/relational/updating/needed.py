"""Which rows of a log an update has to read, by what the run before has seen.

Of a member whose rows are all as they were, nothing can be another but by rows of others: one that has the
id of one of the member's. So all rows of members with other rows are read, of members who had or have an
event of the same id as one of these, and of those of whom the member's own row, the day, or an event of late
may make a difference; and all rows that were rejected, since these are rejected again. What is read is judged
as ever.
"""

# Queries are put together from names made here; no value of a log is in one but as a literal.
# ruff: noqa: S608

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pointbook.log.faults import RejectReason
from pointbook.relational.engines.sessions import compute, literal, number_from
from pointbook.relational.inputs.engine_words import WORDS
from pointbook.relational.inputs.sources import SOURCES, needed, put_sources
from pointbook.relational.updating.digests import NEEDED, REJECTED, SEEN, own_digest, rows_digest

if TYPE_CHECKING:
    from datetime import date

    from pointbook.model.program import Program
    from pointbook.relational.engines.sessions import Session
    from pointbook.relational.inputs.sources import EventsInPlace

_NOW, _NEW, _OTHER = "pointbook_rows_now", "pointbook_new_rows", "pointbook_other_rows"
_OTHER_IDS, _REJECTED_IDS, _IDS = "pointbook_other_ids", "pointbook_rejected_ids", "pointbook_ids"
_FOUND, _OWNERS = "pointbook_rows_with_ids", "pointbook_owners"


class Since(NamedTuple):
    """What a run is compared with.

    Attributes:
        last: The as-of date of the run before.
        due: What holds for members whose day brings something, as SQL over `members`.
        above: Where only rows can be others that came since, what holds for these in `SOURCES`, as SQL.
        number: How many rows there are now, where that is known already.
        had_later: Whether the run before had events after its as-of date, which may count now.
    """

    last: date
    due: str
    above: str | None
    number: int | None = None
    had_later: bool = True


class Needed(NamedTuple):
    """Rows that are to be read.

    Attributes:
        events: Their sources.
        number: How many they are.
        left_out: How many others there are.
        new: How many have come since, where only such can be others.
    """

    events: EventsInPlace
    number: int
    left_out: int
    new: int


def put_needed(session: Session, program: Program, events: EventsInPlace, since: Since) -> Needed:
    """Put into a session, as `NEEDED`, of whom all rows are to be read, and find these.

    Args:
        session: Has `SOURCES`, `members`, `SEEN` and `REJECTED`.
        program: Whose log it is.
        events: All rows.
        since: What the run before was of.
    """
    words = WORDS[session.dialect.name]
    # A local day begins at most so long before that of UTC.
    begins = f"{since.last} 08:00:00"
    is_late = f"COALESCE(moment >= CAST('{begins}' AS {words.local}), TRUE)" if since.had_later else "FALSE"
    if since.above is None:
        every, late = _put_other_rows(session, is_late), f"SELECT member_id FROM {_NOW} WHERE is_late = 1"
    else:
        counted = f"SELECT COUNT(*) AS number FROM {SOURCES}"
        every = number_from(session, counted) if since.number is None else since.number
        late = _put_new_rows(session, since.above, is_late)
    _put_ids(session)
    own = own_digest(session, program)
    seen_own = "split_part(s.digest, ':', 1)"
    compute(
        session,
        NEEDED,
        f"SELECT member_id FROM {_OTHER} WHERE member_id IS NOT NULL"
        f" UNION SELECT member_id FROM ({late}) AS q WHERE member_id IS NOT NULL"
        f" UNION SELECT member_id FROM members WHERE {since.due}"
        f" UNION SELECT m.member_id FROM (SELECT member_id, {own} AS own FROM members) AS m"
        f" LEFT JOIN {SEEN} AS s ON s.member_id = m.member_id"
        f" WHERE s.member_id IS NULL OR CAST(m.own AS {words.text}) <> {seen_own}"
        f" UNION SELECT s.member_id FROM {SEEN} AS s LEFT JOIN members AS m ON m.member_id = s.member_id"
        " WHERE m.member_id IS NULL",
    )
    some, number = needed(session, events, members=NEEDED, ids=_IDS)
    put_sources(session, some)
    if _are_owned_by_others(session):
        compute(session, NEEDED, f"SELECT member_id FROM {_OWNERS}")
        some, number = needed(session, events, members=NEEDED, ids=_IDS)
        put_sources(session, some)
    new = (
        0
        if since.above is None
        else number_from(session, f"SELECT COUNT(*) AS number FROM {_NEW} WHERE is_new")
    )
    return Needed(some, number, every - number, new)


def _put_other_rows(session: Session, is_late: str) -> int:
    """Put those into a session whose rows are not what they were, by a look at all; how many there are."""
    rows = rows_digest(session.dialect.name)
    compute(
        session,
        _NOW,
        f"SELECT member_id, {rows} AS rows_digest, COUNT(*) AS number,"
        f" MAX(CASE WHEN {is_late} THEN 1 ELSE 0 END) AS is_late FROM {SOURCES} GROUP BY member_id",
    )
    compute(
        session,
        _OTHER,
        f"SELECT n.member_id FROM {_NOW} AS n LEFT JOIN {SEEN} AS s ON s.member_id = n.member_id"
        " WHERE n.rows_digest IS DISTINCT FROM s.rows_digest"
        f" UNION SELECT s.member_id FROM {SEEN} AS s LEFT JOIN {_NOW} AS n ON n.member_id = s.member_id"
        " WHERE s.rows_digest IS NOT NULL AND n.member_id IS NULL",
    )
    of_others = (
        f"SELECT DISTINCT r.event_id FROM {SOURCES} AS r LEFT JOIN {_OTHER} AS o ON o.member_id = r.member_id"
    )
    compute(session, _OTHER_IDS, f"{of_others} WHERE o.member_id IS NOT NULL OR r.member_id IS NULL")
    return number_from(session, f"SELECT COALESCE(SUM(number), 0) AS number FROM {_NOW}")


def _put_new_rows(session: Session, above: str, is_late: str) -> str:
    """The same by a look at rows that came since; returns a query for members with rows of late."""
    compute(
        session,
        _NEW,
        f"SELECT member_id, event_id, {above} AS is_new, {is_late} AS is_late FROM {SOURCES}"
        f" WHERE {above} OR {is_late}",
    )
    compute(session, _OTHER, f"SELECT DISTINCT member_id FROM {_NEW} WHERE is_new")
    compute(session, _OTHER_IDS, f"SELECT DISTINCT event_id FROM {_NEW} WHERE is_new")
    return f"SELECT member_id FROM {_NEW} WHERE is_late"


def _put_ids(session: Session) -> None:
    """Put ids into a session of which all rows are to be read: those of other rows, and of what was rejected.

    Of an id that several rows had, one may have gone; then another is good again. So many were there as were
    rejected, and one more where the others were like it.
    """
    alike = literal(RejectReason.DUPLICATE.value)
    compute(
        session,
        _REJECTED_IDS,
        f"SELECT event_id, COUNT(*) + MAX(CASE WHEN reason = {alike} THEN 1 ELSE 0 END) AS number"
        f" FROM {REJECTED} WHERE event_id <> '' GROUP BY event_id",
    )
    compute(
        session,
        _IDS,
        f"SELECT event_id FROM {_OTHER_IDS} WHERE event_id IS NOT NULL"
        f" UNION SELECT event_id FROM {_REJECTED_IDS}",
    )


def _are_owned_by_others(session: Session) -> bool:
    """Whether rows with these ids, which `SOURCES` has, are of members whose other rows it has not.

    Then all members whose rows are to be read are put into the session. They are those of rows whose ids are
    in doubt, or no longer are.
    """
    compute(
        session,
        _FOUND,
        f"SELECT r.event_id, r.member_id FROM {SOURCES} AS r JOIN {_IDS} AS i ON i.event_id = r.event_id",
    )
    compute(
        session,
        _OWNERS,
        f"SELECT member_id FROM {NEEDED} UNION SELECT f.member_id FROM {_FOUND} AS f"
        f" JOIN {_OTHER_IDS} AS o ON o.event_id = f.event_id WHERE f.member_id IS NOT NULL"
        f" UNION SELECT f.member_id FROM {_FOUND} AS f"
        f" JOIN (SELECT event_id, COUNT(*) AS number FROM {_FOUND} GROUP BY event_id) AS n"
        f" ON n.event_id = f.event_id JOIN {_REJECTED_IDS} AS r ON r.event_id = f.event_id"
        " WHERE f.member_id IS NOT NULL AND n.number <> r.number",
    )
    counts = f"(SELECT COUNT(*) FROM {_OWNERS}) - (SELECT COUNT(*) FROM {NEEDED})"
    return number_from(session, f"SELECT {counts} AS number") > 0
