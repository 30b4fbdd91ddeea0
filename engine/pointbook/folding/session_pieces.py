"""A log that lies in an engine, in pieces: sorted there, streamed from there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.folding.arrow_pieces import arrow_pieces
from pointbook.relational.inputs.engine_words import WORDS
from pointbook.relational.rulebook.columns import DATED, input_columns

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pointbook.folding.arrow_pieces import ArrowPiece
    from pointbook.model.program import Program
    from pointbook.relational.engines.sessions import Session

_TEXTS = ("member_id", "event_id")


def session_pieces(session: Session, program: Program, size: int) -> Iterator[ArrowPiece]:
    """The relations `events` and `members` of a session, cut into pieces of at most `size` of each.

    Members are kept here as a table; events are read as they are needed, and until all are, the session
    cannot be asked for anything else.
    """
    columns = input_columns(program)
    found = session.rows("SELECT * FROM members LIMIT 0").schema.names
    names = [*columns.members, *([DATED] if DATED in found else [])]
    members = session.rows(_sorted(session, "members", names, ("member_id",))).read_all()
    order = ("member_id", "at", "event_id")
    events = session.rows(_sorted(session, "events", columns.events, order))
    return arrow_pieces(members, events, size)


def _sorted(session: Session, name: str, columns: Iterable[str], order: Sequence[str]) -> str:
    """The rows of a relation as a query; texts are ordered by code point everywhere."""
    words, collation = WORDS[session.dialect.name], session.dialect.collation
    keys = (
        f"{words.named(key)} COLLATE {collation}" if collation and key in _TEXTS else words.named(key)
        for key in order
    )
    return f"SELECT {words.named(*columns)} FROM {name} ORDER BY {', '.join(keys)}"  # noqa: S608 - names of columns
