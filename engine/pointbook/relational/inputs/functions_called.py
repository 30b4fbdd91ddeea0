"""What is behind the names that a user gives for a log: functions and views, and rules that hide rows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pointbook.relational.engines.sessions import EngineError, sqlstate_of

if TYPE_CHECKING:
    from pointbook.relational.engines.postgres_session import PostgresSession
    from pointbook.relational.engines.sessions import Session

_NO_RIGHT = "42501"
_FUNCTIONS = """
WITH RECURSIVE parts (oid) AS (
  SELECT oid FROM pg_class WHERE relnamespace = pg_my_temp_schema() AND relname = {}
  UNION SELECT d.refobjid FROM parts JOIN pg_rewrite r ON r.ev_class = parts.oid
  JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid
  WHERE d.refclassid = 'pg_class'::regclass
), uses (class, oid) AS (
  SELECT d.refclassid, d.refobjid FROM parts JOIN pg_rewrite r ON r.ev_class = parts.oid
  JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid
  UNION SELECT d.refclassid, d.refobjid FROM parts JOIN pg_policy p ON p.polrelid = parts.oid
  JOIN pg_depend d ON d.classid = 'pg_policy'::regclass AND d.objid = p.oid
)
SELECT COUNT(*) > 0 AS found FROM uses
JOIN pg_proc f ON f.oid = CASE uses.class WHEN 'pg_proc'::regclass THEN uses.oid
  WHEN 'pg_operator'::regclass THEN (SELECT oprcode::oid FROM pg_operator o WHERE o.oid = uses.oid) END
JOIN pg_language l ON l.oid = f.prolang WHERE l.lanname NOT IN ('internal', 'c')
"""


def calls_a_function(session: Session, view: str) -> bool:
    """Whether what a view of a session reads calls a function that somebody has written in SQL, or the like.

    What such a function reads is looked up whenever it is called, and temporary relations are found first,
    those of an evaluation among them. So its rows have to be taken before there are any. Only PostgreSQL is
    asked, where anything is created; Spark's functions keep what they read.
    """
    if session.dialect.name != "postgres" or not session.stores:
        return False
    found = session.rows(_FUNCTIONS.format(f"'{view}'")).read_all()
    return bool(found.column(0)[0].as_py())


_WRITTEN = (
    "SELECT view_name AS name, sql AS text FROM duckdb_views() WHERE NOT internal"
    " UNION ALL SELECT function_name, macro_definition FROM duckdb_functions()"
    " WHERE NOT internal AND macro_definition IS NOT NULL"
)


def words_behind(session: Session, text: str) -> set[str]:
    """All words of the views and macros of DuckDB that a text names, and that these name, in small letters.

    What is read through them is among the words.
    """
    named, found = _words(text), set[str]()
    written = [
        (row["name"].casefold(), _words(row["text"])) for row in session.rows(_WRITTEN).read_all().to_pylist()
    ]
    while more := {word for name, own in written if name in named | found for word in own} - found:
        found |= more
    return found


def _words(text: str) -> set[str]:
    return {word.casefold() for word in re.findall(r"\w+", text)}


def hides_rows(session: PostgresSession, sql: str) -> bool:
    """Whether row security may hide rows of a query from the account that asks.

    The server is asked by a setting with which it refuses what it would otherwise filter, as `pg_dump` does.
    It knows by whose rights each view and function reads. Of a function whose query is planned when it is
    called it says nothing.
    """
    session.execute("SET row_security = off")
    try:
        is_refused = _may_not_be_read(session, sql)
    finally:
        session.execute("RESET row_security")
    return is_refused and not _may_not_be_read(session, sql)


def _may_not_be_read(session: PostgresSession, sql: str) -> bool:
    """Whether the account has no right to read a query; other errors are told where it is read."""
    try:
        session.columns(sql)
    except EngineError as error:
        return sqlstate_of(error) == _NO_RIGHT
    return False
