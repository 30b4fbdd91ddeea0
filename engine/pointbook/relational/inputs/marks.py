"""How far rows of events have come, by the column that says when they did."""

# Queries are put together from names made here; no value of a log is in one but as a literal.
# ruff: noqa: S608

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.diagnostics import InputError
from pointbook.log.faults import quoted
from pointbook.relational.inputs.engine_words import WORDS, column_type
from pointbook.relational.inputs.loaded_rows import MARKS
from pointbook.relational.inputs.sources import SOURCES

if TYPE_CHECKING:
    from pointbook.relational.engines.sessions import Session


def mark_of_rows(session: Session, name: str, loaded_at: str) -> str | None:
    """The greatest time, or number, at which a row of `SOURCES` came; None without rows.

    Raises:
        InputError: A row does not say when it came.
    """
    words = WORDS[session.dialect.name]
    counts = f"COUNT(*) - COUNT(loaded_at) AS without, CAST(MAX(loaded_at) AS {words.text}) AS mark"
    without, mark = (
        column[0].as_py() for column in session.rows(f"SELECT {counts} FROM {SOURCES}").read_all().columns
    )
    if without:
        rows = "1 row does" if without == 1 else f"{without:,} rows do"
        message = f"{rows} not say when {'it' if without == 1 else 'they'} came: {quoted(loaded_at)} is NULL"
        raise InputError(name, message, "fill the column, or evaluate without `--loaded-at`")
    if mark is not None and not _can_be_compared(session, str(mark)):
        message = f"the last row came at {mark}, by {quoted(loaded_at)}: none can come after it"
        raise InputError(name, message, "correct that row, or evaluate without `--loaded-at`")
    return None if mark is None else str(mark)


def above(session: Session, mark: str) -> str | None:
    """Whether a row of `SOURCES` came after a mark, as SQL; None where the mark is of another kind."""
    if not _can_be_compared(session, mark):
        return None
    return f"loaded_at > CAST({WORDS[session.dialect.name].literal(mark)} AS {_type_of_marks(session)})"


def _can_be_compared(session: Session, mark: str) -> bool:
    kind = column_type(_type_of_marks(session), session.dialect.name).kind
    return kind in MARKS and MARKS[kind].fullmatch(mark) is not None


def _type_of_marks(session: Session) -> str:
    [type_name] = [of for _, of in session.columns(f"SELECT loaded_at FROM {SOURCES}")]
    return type_name
