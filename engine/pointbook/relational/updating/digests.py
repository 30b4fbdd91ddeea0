"""A digest of each member's clean rows, by the engine: equal where nothing of the member's has changed.

It is made of the relations `events` and `members` of a session, so of rows as they count: that an event's id
came to be another member's, that a row is gone or was corrected, that an unknown member is known now shows
in the digests of all members concerned, and needs no rule of its own.

A digest is the hash of the member's own row, the number of the member's events up to the as-of date, and the
sum of the hashes of these. A sum knows no order. Hashes have 64 bits, mixed over all columns of a row, and
sums are exact, so that rows cannot cancel each other; a digest is compared with one other only, that of the
same member the time before. So a change is overlooked with a probability of 1 to 2^64, if nobody chose the
rows for that; who could, would only keep figures as they stand, until the next full run. Hashes are the
engine's own, which may differ from engine to engine, and from one of its releases to the next: then all
members differ, and are evaluated.
"""

# Queries are put together from names of columns; no value of a log is in one.
# ruff: noqa: S608

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pointbook.relational.engines.sessions import compute
from pointbook.relational.inputs.engine_words import WORDS
from pointbook.relational.rulebook.columns import DATED, input_columns

if TYPE_CHECKING:
    from datetime import date

    from pointbook.model.program import Program
    from pointbook.relational.engines.sessions import Session

DIGESTS = "pointbook_digests"
"""The relation with `member_id`, `digest`, and how many `events` each has, `after_as_of` among them.

No table of a user is called so.
"""


class Arrived(NamedTuple):
    """Relations by which only some members are looked at.

    Attributes:
        members: Those whose events may be others: `member_id`.
        events: All of their events, and all events of others after the as-of date.
        seen: What the run before has seen, from which the digests of all others are taken.
    """

    members: str
    events: str
    seen: str


def put_digests(session: Session, program: Program, as_of: date, *, arrived: Arrived | None = None) -> None:
    """Put the digests of a session's members into it, as the relation `DIGESTS`.

    Args:
        session: Has `events` and `members`.
        program: Whose log it is.
        as_of: The last day that counts; later events are not part of a digest.
        arrived: Whose events may be others than the run before has seen; None where all are looked at.
    """
    words, columns = WORDS[session.dialect.name], input_columns(program)
    text, named = words.text, words.named
    dated = DATED in session.rows("SELECT * FROM members LIMIT 0").schema.names
    member = [named(name) for name in columns.members if name != "member_id"]
    member.append(
        named(DATED) if dated else f"CAST(NULL AS {text})"
    )  # so that one who is dated changes no other
    event = [named(name) for name in columns.events if name != "member_id"]
    members = f"SELECT member_id, {words.row_hash.format(', '.join(member))} AS own FROM members"
    counts = f"CAST({named('local')} AS DATE) <= CAST('{as_of}' AS DATE)"
    row_hash = f"CASE WHEN {counts} THEN {words.row_hash.format(', '.join(event))} END"
    place = "events" if arrived is None else arrived.events
    events = (
        f"SELECT member_id, COUNT(*) AS events, COUNT(h) AS counted, SUM(h) AS total"
        f" FROM (SELECT member_id, {row_hash} AS h FROM {place}) AS hashed GROUP BY member_id"
    )
    digest = " || ':' || ".join(
        f"CAST({value} AS {text})" for value in ("m.own", "COALESCE(e.counted, 0)", "COALESCE(e.total, 0)")
    )
    values = {
        "digest": digest,
        "events": "COALESCE(e.events, 0)",
        "after_as_of": "COALESCE(e.events - e.counted, 0)",
    }
    rows = f"({members}) AS m LEFT JOIN ({events}) AS e ON e.member_id = m.member_id"
    if arrived is not None:
        later = f"SELECT member_id, COUNT(*) AS number FROM {place} WHERE NOT {counts} GROUP BY member_id"
        counted = "CAST(split_part(s.digest, ':', 2) AS BIGINT)"
        own = f"CAST(m.own AS {text}) || substr(s.digest, position(':' IN s.digest))"
        values = {
            "digest": f"CASE WHEN a.member_id IS NULL THEN {own} ELSE {digest} END",
            "events": f"CASE WHEN a.member_id IS NULL THEN {counted} + COALESCE(l.number, 0)"
            " ELSE COALESCE(e.events, 0) END",
            "after_as_of": "COALESCE(l.number, 0)",
        }
        others = {"a": arrived.members, "s": arrived.seen, "l": f"({later})"}
        rows += "".join(
            f" LEFT JOIN {found} AS {name} ON {name}.member_id = m.member_id"
            for name, found in others.items()
        )
    compute(session, DIGESTS, f"SELECT m.member_id, {words.selected(values)} FROM {rows}")
