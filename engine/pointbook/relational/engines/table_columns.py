"""Tables that stand in a database: what their columns are called there, and whether results fit in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from pointbook.relational.engines.sessions import EngineError, quoted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pointbook.relational.engines.dialects import Dialect

_TYPES: Mapping[str, Mapping[str, str]] = {
    "duckdb": {
        "string": "VARCHAR",
        "int64": "BIGINT",
        "bool": "BOOLEAN",
        "date32[day]": "DATE",
        "timestamp[us]": "TIMESTAMP",
        "decimal": "DECIMAL",
    },
    "postgres": {
        "string": "text",
        "int16": "smallint",
        "int32": "integer",
        "int64": "bigint",
        "bool": "boolean",
        "date32[day]": "date",
        "timestamp[us]": "timestamp without time zone",
        "decimal": "numeric",
    },
    "spark": {
        "string": "string",
        "int64": "bigint",
        "bool": "boolean",
        "date32[day]": "date",
        "timestamp[us]": "timestamp_ntz",
        "decimal": "decimal",
    },
}
"""What engines call types of Arrow's where they tell a table's columns; it is SQL for them, too."""
_OTHER_NAMES = "name other tables with `--table-prefix`"


def type_name(dialect: Dialect, kind: pa.DataType) -> str:
    """What an engine calls a type of Arrow's."""
    names = _TYPES[dialect.name]
    if pa.types.is_decimal(kind):
        return f"{names['decimal']}({kind.precision},{kind.scale})"
    return names[str(kind)]


def types_by_name(dialect: Dialect, columns: pa.Schema) -> dict[str, str]:
    """The type of each column, as an engine calls it."""
    return {field.name: type_name(dialect, field.type) for field in columns}


def columns_sql(dialect: Dialect, columns: pa.Schema) -> str:
    """The columns of a table to be made, as SQL."""
    return ", ".join(f"{quoted(name)} {kind}" for name, kind in types_by_name(dialect, columns).items())


def differences(stand: Mapping[str, str], wanted: Mapping[str, str]) -> list[str]:
    """What differs between the columns of a table and those that it should have, types by names.

    The order of columns makes no difference: rows are added by the names of columns.
    """
    found = [
        f"`{name}` is {stand[name]} and would be {kind}"
        if name in stand
        else f"`{name}` is missing and would be {kind}"
        for name, kind in wanted.items()
        if stand.get(name) != kind
    ]
    return found + [
        f"`{name}` is {kind} and would be gone" for name, kind in stand.items() if name not in wanted
    ]


def no_table(engine: str, place: str, kind: str) -> EngineError:
    """What is said of a name that stands for something else than a table, which `kind` names."""
    article = "an" if kind[0] in "aeiou" else "a"
    return EngineError(engine, f"`{place}` is {article} {kind}, and results are tables", _OTHER_NAMES)


def no_schema(engine: str, schema: str) -> EngineError:
    """What is said of tables in a schema that does not exist."""
    hint = f"make it: CREATE SCHEMA {schema}; or {_OTHER_NAMES}"
    return EngineError(engine, f"there is no schema `{schema}` for the tables of results", hint)


def refuse_other_columns(
    engine: str, others: Mapping[str, Sequence[str]], views: Mapping[str, Sequence[str]]
) -> None:
    """Refuse tables that have other columns than results.

    Args:
        engine: What the message begins with.
        others: What differs, by the place of the table.
        views: Views that depend on it, likewise; places without any may be left out.

    Raises:
        EngineError: There is one.
    """
    if not others:
        return
    message = "; ".join(
        f"the table `{place}` has other columns than the results: {', '.join(found)}"
        for place, found in others.items()
    )
    which = "this table and makes it" if len(others) == 1 else "these tables and makes them"
    hint = f"`--replace` drops {which} anew: rows, grants, comments and indexes go"
    if dependent := [view for place in others for view in views.get(place, ())]:
        hint += f", and {_views(dependent)} must be dropped before"
    raise EngineError(engine, message, f"{hint}; or {_OTHER_NAMES}")


def refuse_dependent_views(engine: str, views: Mapping[str, Sequence[str]]) -> None:
    """Refuse to drop tables that views depend on.

    Raises:
        EngineError: One is there.
    """
    for place, dependent in views.items():
        if dependent:
            one = len(dependent) == 1
            verb = "depends" if one else "depend"
            message = f"the table `{place}` cannot be made anew: {_views(dependent)} {verb} on it"
            hint = f"drop {'it' if one else 'them'} and make {'it' if one else 'them'} again afterwards"
            raise EngineError(engine, message, f"{hint}; or {_OTHER_NAMES}")


def _views(names: Sequence[str]) -> str:
    return f"the view{'s' * (len(names) > 1)} {', '.join(f'`{name}`' for name in names)}"
