"""What a query of a user's may be on DuckDB: one statement that reads."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pointbook.relational.engines.sessions import EngineError

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb

_ACTING = frozenset(
    (
        *("add_grammar_extension", "remove_grammar_extension", "checkpoint", "force_checkpoint"),
        *("create_external_resource", "register_external_resource", "register_external_resource_type"),
        *("deregister_external_resource", "destroy_external_resource"),
        *("enable_logging", "disable_logging", "truncate_duckdb_logs", "write_log"),
        *("enable_profiling", "disable_profiling", "nextval", "setval"),
        *("query", "json_execute_serialized_sql"),  # whose text is a query that is not seen here
    )
)
"""Functions that do more than read, although a SELECT may call them."""


def refuse_more_than_reading(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    """Refuse a query unless it is one SELECT, of functions that read; the engine's own parser judges.

    Raises:
        EngineError: It is something else.
    """
    [(text,)] = connection.execute("SELECT json_serialize_sql($1)", [sql]).fetchall()
    parsed = json.loads(text)
    if parsed["error"]:
        is_other = parsed["error_type"] == "not implemented"
        message = "only a SELECT can be read" if is_other else str(parsed["error_message"]).splitlines()[0]
        raise EngineError("duckdb", message, "write one SELECT, VALUES or WITH ... SELECT")
    if len(parsed["statements"]) != 1:
        message = "a query is one statement, and this has several"
        raise EngineError("duckdb", message, "leave out what comes after the first `;`")
    acting = sorted(_ACTING.intersection(_functions(parsed["statements"])))
    if acting:
        message = f"the function `{acting[0]}` does more than read"
        raise EngineError("duckdb", message, "leave it out: rows are read, nothing is done")


def _functions(node: Any) -> Iterator[str]:
    """The names of all functions in a parsed query."""
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            if "function_name" in one:
                yield str(one["function_name"]).lower()
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one
