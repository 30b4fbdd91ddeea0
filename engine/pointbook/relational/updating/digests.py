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

from typing import TYPE_CHECKING

from pointbook.relational.engines.sessions import compute, number_from
from pointbook.relational.inputs.engine_words import WORDS
from pointbook.relational.inputs.sources import SOURCES
from pointbook.relational.rulebook.columns import DATED, input_columns

if TYPE_CHECKING:
    from datetime import date

    from pointbook.model.program import Program
    from pointbook.relational.engines.sessions import Session

DIGESTS = "pointbook_digests"
"""The relation with `member_id`, `digest`, `rows_digest`, and numbers of `events` and of those `after_as_of`.

No table of a user is called so.
"""
SEEN = "pointbook_seen_before"
"""What the run before has seen: `member_id`, `digest`, `rows_digest`, `points_ignored`.

Names of tables of results end otherwise than this one and the others here, whatever their prefix is.
"""
NEEDED = "pointbook_needed"
"""Members of whom all rows were read, where not all rows were: `member_id`."""
REJECTED = "pointbook_rejected_before"
"""What the run before has rejected: `event_id`, `reason`."""


def has_dated_members(session: Session) -> bool:
    """Whether rows of a session's `members` say that others of theirs are valid from later days."""
    return DATED in session.rows("SELECT * FROM members LIMIT 0").schema.names


def own_digest(session: Session, program: Program) -> str:
    """The hash of a member's own row, as SQL over a session's `members`."""
    words, columns = WORDS[session.dialect.name], input_columns(program)
    member = [words.named(name) for name in columns.members if name != "member_id"]
    # One who is dated changes no other.
    member.append(words.named(DATED) if has_dated_members(session) else f"CAST(NULL AS {words.text})")
    return words.row_hash.format(", ".join(member))


def rows_digest(dialect: str) -> str:
    """The digest of some rows of `SOURCES`, as SQL."""
    text = WORDS[dialect].text
    return f"CAST(COUNT(*) AS {text}) || ':' || CAST(SUM(row_hash) AS {text})"


def seen_digest(dialect: str, relation: str) -> str:
    """A query for a digest of all that `relation` has, whose columns are those of `SEEN`, as a text."""
    words = WORDS[dialect]
    row = words.row_hash.format("member_id, digest, rows_digest, points_ignored")
    return f"SELECT CAST(COALESCE(SUM({row}), 0) AS {words.text}) AS digest FROM {relation} AS s"


def put_digests(session: Session, program: Program, as_of: date, *, few: bool = False) -> None:
    """Put the digests of a session's members into it, as the relation `DIGESTS`.

    Args:
        session: Has `events`, `members` and `SOURCES`.
        program: Whose log it is.
        as_of: The last day that counts; later events are not part of a digest.
        few: Whether rows of the members in `NEEDED` were read alone; of all others it has what `SEEN` has.
    """
    words, columns = WORDS[session.dialect.name], input_columns(program)
    text, named = words.text, words.named
    own = own_digest(session, program)
    event = [named(name) for name in columns.events if name != "member_id"]
    counts = f"CAST({named('local')} AS DATE) <= CAST('{as_of}' AS DATE)"
    row_hash = f"CASE WHEN {counts} THEN {words.row_hash.format(', '.join(event))} END"
    events = (
        f"SELECT member_id, COUNT(*) AS events, COUNT(h) AS counted, SUM(h) AS total"
        f" FROM (SELECT member_id, {row_hash} AS h FROM events) AS hashed GROUP BY member_id"
    )
    digest = " || ':' || ".join(
        f"CAST({value} AS {text})" for value in ("m.own", "COALESCE(e.counted, 0)", "COALESCE(e.total, 0)")
    )
    values = {
        "digest": digest,
        "rows_digest": "r.rows_digest",
        "events": "COALESCE(e.events, 0)",
        "after_as_of": "COALESCE(e.events - e.counted, 0)",
    }
    in_sources = rows_digest(session.dialect.name)
    in_sources = f"SELECT member_id, {in_sources} AS rows_digest FROM {SOURCES} GROUP BY member_id"
    others = {"e": f"({events})", "r": f"({in_sources})"}
    if few:
        others |= {"n": NEEDED, "s": SEEN}
        counted = "CAST(split_part(s.digest, ':', 2) AS BIGINT)"
        of_others = {
            "digest": f"CAST(m.own AS {text}) || substr(s.digest, position(':' IN s.digest))",
            "rows_digest": "s.rows_digest",
            "events": f"{counted} + {values['after_as_of']}",
            "after_as_of": values["after_as_of"],
        }
        values = {
            name: f"CASE WHEN n.member_id IS NULL THEN {of_others[name]} ELSE {value} END"
            for name, value in values.items()
        }
    rows = f"(SELECT member_id, {own} AS own FROM members) AS m"
    rows += "".join(
        f" LEFT JOIN {found} AS {name} ON {name}.member_id = m.member_id" for name, found in others.items()
    )
    compute(session, DIGESTS, f"SELECT m.member_id, {words.selected(values)} FROM {rows}")


def events_of_digests(session: Session) -> int:
    """How many events members have by their digests."""
    return number_from(session, f"SELECT COALESCE(SUM(events), 0) AS number FROM {DIGESTS}")
