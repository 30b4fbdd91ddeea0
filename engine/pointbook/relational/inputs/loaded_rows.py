"""When rows of events came: a column of their source that grows, by which an update finds the new ones."""

# Queries are put together from quoted names; no value of a log is in one.
# ruff: noqa: S608

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from pointbook.diagnostics import InputError, suggestion
from pointbook.log import ValueKind
from pointbook.log.faults import quoted
from pointbook.relational.inputs.engine_words import WORDS, column_type
from pointbook.relational.inputs.sources import SOURCES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pointbook.log.columns import Columns
    from pointbook.relational.engines.sessions import Session

_TIME = r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?"
_NUMBER = r"-?[0-9]+(\.[0-9]+)?"
_MARKS = {
    ValueKind.INTEGER: re.compile(_NUMBER),
    ValueKind.DECIMAL: re.compile(_NUMBER),
    ValueKind.LOCAL: re.compile(_TIME),
    ValueKind.INSTANT: re.compile(_TIME + r"[-+][0-9]{2}(:[0-9]{2}){0,2}"),
}
"""Kinds that such a column can have, and how engines write their values."""


def without_loaded_at(
    name: str, loaded_at: str, found: Sequence[tuple[str, str]], columns: Columns, dialect: str
) -> Columns:
    """The columns of a source in which one says when rows came: it is passed over if it is none of ours.

    Args:
        name: What the source is called.
        loaded_at: The column's name.
        found: The source's columns, and what the engine calls their types.
        columns: The columns there may be.
        dialect: The engine's.

    Raises:
        InputError: It is not there, or nothing that grows.
    """
    types = dict(found)
    if loaded_at not in types:
        message = f"there is no column {quoted(loaded_at)}, which `--loaded-at` names"
        raise InputError(name, message, suggestion(loaded_at, tuple(types)))
    if column_type(types[loaded_at], dialect).kind not in _MARKS:
        message = f"the column {quoted(loaded_at)}, which `--loaded-at` names, is of type {types[loaded_at]}"
        raise InputError(name, message, "name a timestamp of when a row came, or a number that grows")
    if columns.ours(loaded_at) in columns.known:
        return columns
    return replace(columns, form=replace(columns.form, ignore=columns.form.ignore | {loaded_at}))


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
    return None if mark is None else str(mark)


def above(session: Session, mark: str) -> str | None:
    """Whether a row of `SOURCES` came after a mark, as SQL; None where the mark is of another kind."""
    [type_name] = [of for column, of in session.columns(f"SELECT loaded_at FROM {SOURCES}")]
    kind = column_type(type_name, session.dialect.name).kind
    if kind is None or kind not in _MARKS or not _MARKS[kind].fullmatch(mark):
        return None
    return f"loaded_at > CAST({WORDS[session.dialect.name].literal(mark)} AS {type_name})"
