"""Who is to be evaluated anew, and the log narrowed to them."""

# Queries are put together from names made here and from conditions; no value of a log is in one.
# ruff: noqa: S608

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pyarrow as pa

from pointbook.relational.engines.sessions import compute, number_from
from pointbook.relational.updating.digests import DIGESTS, SEEN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pointbook.relational.engines.sessions import Session

CHANGED = "pointbook_changed"
"""Who is to be evaluated anew, or is gone: `member_id`."""
SEEN_ANEW = "pointbook_seen_anew"
"""Members of whom something else is seen than before, though it may make no difference: `member_id`."""
_IGNORED = "pointbook_ignored"


class Changes(NamedTuple):
    """Whom a run evaluates anew.

    Attributes:
        other_rows: Members whose rows differ from what the run before has seen; of new ones, all do.
        due: Others whose day brings something.
        gone: Members who are in the log no longer.
        events: How many events the members have who are to be evaluated.
    """

    other_rows: int
    due: int
    gone: int
    events: int

    @property
    def members(self) -> int:
        """How many are evaluated anew."""
        return self.other_rows + self.due


def put_changes(session: Session, condition: str) -> Changes:
    """Put those who are to be evaluated anew into a session, as the relation `CHANGED`.

    Args:
        session: Has the log, the digests of its members, and `SEEN`.
        condition: What holds for members whose day brings something, as SQL over `members`.
    """
    compute(
        session,
        CHANGED,
        "SELECT COALESCE(d.member_id, s.member_id) AS member_id, d.member_id IS NULL AS is_gone,"
        " d.digest IS DISTINCT FROM s.digest AS has_other_rows, COALESCE(d.events, 0) AS events"
        f" FROM {DIGESTS} AS d FULL JOIN {SEEN} AS s ON s.member_id = d.member_id"
        f" LEFT JOIN (SELECT member_id FROM members WHERE {condition}) AS due ON due.member_id = d.member_id"
        " WHERE d.digest IS DISTINCT FROM s.digest OR due.member_id IS NOT NULL",
    )
    numbers = (
        "SELECT COUNT(CASE WHEN has_other_rows AND NOT is_gone THEN 1 END) AS other_rows,"
        " COUNT(CASE WHEN NOT has_other_rows THEN 1 END) AS due,"
        f" COUNT(CASE WHEN is_gone THEN 1 END) AS gone, COALESCE(SUM(events), 0) AS events FROM {CHANGED}"
    )
    return Changes(*(int(column[0].as_py()) for column in session.rows(numbers).read_all().columns))


def put_seen_anew(session: Session) -> None:
    """Put those into a session, as `SEEN_ANEW`, of whom something else was seen, or who were evaluated."""
    compute(
        session,
        SEEN_ANEW,
        f"SELECT d.member_id FROM {DIGESTS} AS d JOIN {SEEN} AS s ON s.member_id = d.member_id"
        f" WHERE d.rows_digest IS DISTINCT FROM s.rows_digest UNION SELECT member_id FROM {CHANGED}",
    )


def events_after(session: Session) -> int:
    """How many events lie after the last day that counts, by the digests."""
    return number_from(session, f"SELECT COALESCE(SUM(after_as_of), 0) AS number FROM {DIGESTS}")


def narrow(session: Session) -> None:
    """Have `events` and `members` of a session be those of the members in `CHANGED` alone, from now on."""
    parts = {name: f"pointbook_changed_{name}" for name in ("events", "members")}
    for name, part in parts.items():
        compute(session, part, f"SELECT * FROM {name} WHERE member_id IN (SELECT member_id FROM {CHANGED})")
    for name, part in parts.items():
        session.drop(name)
        session.view(name, f"SELECT * FROM {part}")


def unchanged(relation: str) -> str:
    """The rows of a relation that are of no member in `CHANGED`, as what stands after FROM."""
    of_member = f"SELECT 1 FROM {CHANGED} AS c WHERE c.member_id = r.member_id"
    return f"(SELECT * FROM {relation} AS r WHERE NOT EXISTS ({of_member})) AS r"


def changed_members(session: Session) -> pa.Table:
    """The ids in `CHANGED`."""
    return session.rows(f"SELECT member_id FROM {CHANGED}").read_all()


def seen_sql(session: Session, ignored: Mapping[str, int], *, updates: bool) -> str:
    """What this run has seen of each member, in the order of ids, as a query with the columns of `SEEN`.

    Args:
        session: Has the digests; of an update `SEEN` and `CHANGED` too.
        ignored: How many events of a member carry points that nothing uses, of those who were evaluated.
        updates: Whether these were those of `CHANGED` only.
    """
    members = pa.array(list(ignored), pa.string()), pa.array(list(ignored.values()), pa.int64())
    session.put(_IGNORED, pa.table(dict(zip(("member_id", "points_ignored"), members, strict=True))))
    known = f"SELECT member_id, points_ignored FROM {_IGNORED}"
    if updates:
        known += f" UNION ALL SELECT member_id, points_ignored FROM {unchanged(SEEN)}"
    collation = session.dialect.collation
    order = f" COLLATE {collation}" if collation else ""
    return (
        "SELECT d.member_id, d.digest, d.rows_digest,"
        " CAST(COALESCE(i.points_ignored, 0) AS BIGINT) AS points_ignored"
        f" FROM {DIGESTS} AS d LEFT JOIN ({known}) AS i ON i.member_id = d.member_id"
        f" ORDER BY d.member_id{order}"
    )
