"""Where tables of PostgreSQL lie, by the names that users give."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

from pointbook.relational.engines.sessions import EngineError, quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    Ask = Callable[[str, Sequence[object]], Sequence[tuple[Any, ...]]]
    """The rows of a query, with what `$1` and so on stand for."""

_MOST_BYTES = 63
"""Of a name; PostgreSQL cuts off the rest, and would mean another."""

TEMPORARY = (
    "SELECT relname, CASE relkind WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END FROM pg_class"
    " WHERE relnamespace = pg_my_temp_schema() AND relkind IN ('r', 'v')"
)
"""Temporary relations, and whether each is a table or a view: what an earlier session has left."""


class Place(NamedTuple):
    """Where a table lies."""

    schema: str
    table: str

    def __str__(self) -> str:
        """As messages name it."""
        return ".".join(self)

    @property
    def sql(self) -> str:
        """As SQL."""
        return quoted(".".join(self))


def place_of(ask: Ask, name: str) -> Place:
    """Where a table of that name lies; a name may begin with a schema and a dot.

    Raises:
        EngineError: There is no schema for it, or its name is too long.
    """
    schema, _, table = name.rpartition(".")
    if not schema:
        [(current,)] = ask("SELECT current_schema()", ())
        if current is None:
            hint = "give one before the names of tables: `--table-prefix club.pointbook_`"
            raise EngineError("postgresql", "`search_path` names no schema that exists", hint)
        schema = str(current)
    for part in (schema, table):
        if len(part.encode()) > _MOST_BYTES:
            message = f"the name `{part}` is longer than the {_MOST_BYTES} bytes that PostgreSQL knows"
            raise EngineError("postgresql", message, "give a shorter `--table-prefix`")
    return Place(schema, table)


def lock_keys(places: Collection[Place]) -> Sequence[int]:
    """What runs that write to the same tables have in common, in the order in which they must take it."""
    digests = (sha256(f"pointbook {place}".encode()).digest() for place in sorted(places))
    return [int.from_bytes(digest[:8], "big", signed=True) for digest in digests]
