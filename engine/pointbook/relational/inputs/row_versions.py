"""Rows of a table of PostgreSQL, known by the transactions that wrote them.

A row bears the number of the transaction that wrote it (`xmin`), and a row that is changed becomes another
one, written by another transaction. Once all transactions before some number are over, rows that bear a
smaller one can only become fewer. So where they are as many as they were, each of them is what it was; all
others have come since. That takes a look at numbers, which costs a tenth of hashing rows.

It holds for tables of the ordinary kind that nobody else's rules add rows to or hide rows of, as long as
columns and their types are what they were; of others nothing is known. Numbers begin anew after 2^32: what
was known a quarter of that ago is known no longer. Results of which a next run is to take this for granted
must lie in the same database, so that a database set back to an earlier time has them set back, too.
Source: PostgreSQL's documentation, "System Columns" and "Transaction ID and Snapshot Information Functions".
"""

# Queries are put together from names, which are quoted, and numbers; no value of a log is in one.
# ruff: noqa: S608

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from pointbook.log.records import TableRead
from pointbook.relational.engines.sessions import EngineError, literal, number_from, sqlstate_of
from pointbook.relational.inputs.reading_digests import digest_as_read

if TYPE_CHECKING:
    from collections.abc import Collection

    from pointbook.log.columns import Columns
    from pointbook.relational.engines.sessions import Session

WRITTEN_BY = "pointbook_written_by"
"""The column with the number of the transaction that has written a row."""
_LACKING = ("42", "0A")
"""Classes of states of errors: it is a view, or the account or the server has not all that is asked for."""
_LONGEST_KNOWN = 1 << 30
"""So many transactions later a number may be another transaction's: ages are told apart up to 2^31."""
_PLACE = """
SELECT concat_ws(' ', (SELECT system_identifier FROM pg_control_system()),
  substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8),
  (SELECT oid FROM pg_database WHERE datname = current_database()), c.oid,
  (SELECT string_agg(concat_ws(' ', quote_ident(a.attname), a.atttypid, a.atttypmod, a.attcollation), ', '
    ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = v.oid AND a.attnum > 0),
  (SELECT string_agg(concat_ws(' ', a.attnum, quote_literal(a.attmissingval::text)), ', ' ORDER BY a.attnum)
    FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)) AS place
FROM pg_class v JOIN pg_class c ON c.oid IN (
    SELECT d.refobjid FROM pg_rewrite r
    JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid
    WHERE r.ev_class = v.oid AND d.refclassid = 'pg_class'::regclass AND d.refobjid <> v.oid)
WHERE v.relnamespace = pg_my_temp_schema() AND v.relname = {0} AND c.relkind = 'r' AND c.relpersistence <> 't'
  AND c.relam = (SELECT oid FROM pg_am WHERE amname = 'heap')
  AND NOT row_security_active(c.oid)
  AND NOT EXISTS (SELECT FROM pg_inherits WHERE inhparent = c.oid)
  AND NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attgenerated NOT IN ('', 's'))
  AND NOT EXISTS (SELECT FROM pg_attribute a LEFT JOIN pg_type t ON t.oid = a.atttypid
    AND t.typnamespace = 'pg_catalog'::regnamespace AND t.typname IN ({1})
    WHERE a.attrelid = v.oid AND a.attname IN ({2}) AND t.oid IS NULL)
"""
"""Where a view's table is, and what the view takes from it; nothing where its rows are not known so.

Names of columns are the view's own, which stay what they were when it was made, as what it reads does.
"""
_TYPES = (
    *("text", "varchar", "bpchar", "uuid", "bool", "date", "timestamp", "timestamptz"),
    *("int2", "int4", "int8", "numeric", "float4", "float8"),
)
"""Types whose values are written as they lie there, whatever else the database has."""
_OLDEST = "pg_snapshot_xmin(pg_current_snapshot())"
_ROWS = f"""
SELECT CAST({_OLDEST} AS TEXT) AS oldest, CAST(pg_snapshot_xmax(pg_current_snapshot()) AS TEXT) AS next,
  COUNT(*) AS n, COUNT(CASE WHEN age({WRITTEN_BY}) > (SELECT age({_OLDEST}::xid)) THEN 1 END) AS known
FROM {{}}
"""


def rows_known(  # noqa: PLR0913, PLR0917 - which table, and what of it is read
    session: Session, view: str, name: str, table: str, columns: Columns, wanted: Collection[str]
) -> TableRead | None:
    """The rows that a table has now, if they can be known by their transactions; None where they cannot.

    Args:
        session: PostgreSQL; it gets a view, so that the table is this one whatever is called so later.
        view: What that is called.
        name: What the table is called in messages.
        table: What stands after FROM.
        columns: The columns it may have.
        wanted: The names of those that are read.

    Raises:
        EngineError: The server has stopped this.
    """
    types, names = (", ".join(map(literal, texts)) for texts in (_TYPES, wanted))
    rows = f"SELECT *, xmin AS {WRITTEN_BY} FROM {table}"
    try:
        if [name for name, _ in session.columns(rows)].count(WRITTEN_BY) > 1:
            return None
        session.view(view, rows)
        places = session.rows(_PLACE.format(literal(view), types, names)).read_all()
        if not places.num_rows:
            return None
        [row] = session.rows(_ROWS.format(view)).read_all().to_pylist()
    except EngineError as error:
        if sqlstate_of(error)[:2] not in _LACKING:
            raise
        return None
    oldest = int(row["oldest"])
    if row["n"] != row["known"] or int(row["next"]) - oldest > _LONGEST_KNOWN:
        return None  # some were written while an older transaction went on, which may go on for long
    digest = digest_as_read(places.column(0)[0].as_py(), columns)
    return TableRead(name, digest, oldest, row["n"], partial(_written_before, session, view))


def rows_sql(view: str, read: TableRead) -> str:
    """A query for the rows of the view of a table that are known, with all its columns and `WRITTEN_BY`."""
    return f"SELECT * FROM {view} WHERE {_is_before(read.oldest)}"


def is_still_known(now: TableRead, oldest: int) -> bool:
    """Whether an earlier run's `oldest` can still be told from the transactions that came since."""
    return 0 <= now.oldest - oldest < _LONGEST_KNOWN


def came_since(oldest: int) -> str:
    """Whether a row of `rows_sql` was written by a transaction, or by one after it, as SQL."""
    return f"NOT {_is_before(oldest)}"


def _written_before(session: Session, view: str, transaction: int) -> int:
    return number_from(session, f"SELECT COUNT(*) AS n FROM {view} WHERE {_is_before(transaction)}")


def _is_before(transaction: int) -> str:
    return f"age({WRITTEN_BY}) > age('{transaction % (1 << 32)}'::xid)"
