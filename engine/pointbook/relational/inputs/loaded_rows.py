"""The column that says when rows of events came, which is no column of a log."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from pointbook.diagnostics import InputError, suggestion
from pointbook.log import ValueKind
from pointbook.log.faults import quoted
from pointbook.relational.inputs.engine_words import column_type

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pointbook.log.columns import Columns

_TIME = r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?"
_NUMBER = r"-?[0-9]+(\.[0-9]+)?"
MARKS = {
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
    if column_type(types[loaded_at], dialect).kind not in MARKS:
        message = f"the column {quoted(loaded_at)}, which `--loaded-at` names, is of type {types[loaded_at]}"
        hint = "name a timestamp of when a row came, or a number that grows"
        if column_type(types[loaded_at], dialect).kind in {ValueKind.SINGLE, ValueKind.DOUBLE}:
            hint += ", as an integer or a decimal, whose text is exact"
        raise InputError(name, message, hint)
    if columns.ours(loaded_at) in columns.known:
        return columns
    return replace(columns, form=replace(columns.form, ignore=columns.form.ignore | {loaded_at}))
