"""A log that lies in an engine, in pieces: sorted there, streamed from there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from pointbook.folding.arrow_pieces import arrow_pieces
from pointbook.relational.rulebook.columns import input_columns

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
    members = session.rows(_sorted(session, "members", columns.members, ("member_id",))).read_all()
    order = ("member_id", "at", "event_id")
    events = session.rows(_sorted(session, "events", columns.events, order))
    return arrow_pieces(members, events, size)


def _sorted(session: Session, name: str, columns: Iterable[str], order: Sequence[str]) -> str:
    """The rows of a relation as a query; texts are ordered by code point everywhere."""
    collation = session.dialect.collation
    ordered: list[exp.Expression] = []
    for column in order:
        key: exp.Expression = exp.column(column, quoted=True)
        if collation and column in _TEXTS:
            key = exp.Collate(this=key, expression=exp.Var(this=collation))
        ordered.append(exp.Ordered(this=key, nulls_first=False))
    query = exp.select(*(exp.column(column, quoted=True) for column in columns)).from_(name)
    return query.order_by(*ordered).sql(dialect=session.dialect.name)
