"""Tables of PostgreSQL that results are written to: what must be so before anything is computed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pointbook.relational.engines.dialects import DIALECTS
from pointbook.relational.engines.sessions import EngineError
from pointbook.relational.engines.table_columns import (
    differences,
    no_schema,
    no_table,
    refuse_dependent_views,
    refuse_other_columns,
    types_by_name,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    import pyarrow as pa

    from pointbook.relational.engines.postgres_places import Ask, Place

_KINDS: Mapping[str, str] = {
    "v": "view",
    "m": "materialized view",
    "f": "foreign table",
    "p": "partitioned table",
    "S": "sequence",
    "i": "index",
    "I": "index",
    "c": "composite type",
}
_FACTS = """
SELECT c.oid, c.relkind, pg_has_role(c.relowner, 'USAGE') OR pg_has_role(n.nspowner, 'USAGE'),
  row_security_active(c.oid),
  ARRAY(SELECT one FROM unnest($3::text[]) one WHERE NOT has_table_privilege(c.oid, one))
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = $2
"""
_COLUMNS = """
SELECT attname, format_type(atttypid, atttypmod)
  || CASE WHEN attgenerated <> '' OR attidentity = 'a' THEN ' generated' ELSE '' END
FROM pg_attribute WHERE attrelid = $1 AND attnum > 0 AND NOT attisdropped ORDER BY attnum
"""
_VIEWS = """
SELECT DISTINCT c.oid::regclass::text FROM pg_depend d
JOIN pg_rewrite r ON r.oid = d.objid JOIN pg_class c ON c.oid = r.ev_class
WHERE d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass
  AND d.refobjid = $1 AND c.oid <> $1 ORDER BY 1
"""
_REFERRING = """
SELECT DISTINCT conrelid::regclass::text FROM pg_constraint WHERE contype = 'f' AND confrelid = $1 ORDER BY 1
"""
_CHANGING = """
SELECT 'trigger', tgname FROM pg_trigger
WHERE tgrelid = $1 AND NOT tgisinternal AND tgenabled <> 'D' AND tgtype & 3 = 3
UNION ALL SELECT 'rule', rulename FROM pg_rewrite WHERE ev_class = $1 AND ev_enabled <> 'D'
ORDER BY 1, 2
"""
"""Triggers that act before a row is written, and rules."""
_PUBLISHED = """
SELECT p.pubname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_publication_tables t ON t.schemaname = n.nspname AND t.tablename = c.relname
JOIN pg_publication p ON p.pubname = t.pubname
WHERE c.oid = $1 AND (p.pubdelete OR p.pubupdate AND $2) AND c.relreplident NOT IN ('f', 'i')
  AND NOT (c.relreplident = 'd' AND EXISTS (SELECT FROM pg_index WHERE indrelid = c.oid AND indisprimary))
ORDER BY 1
"""
"""Publications that tell which rows go, of a table that does not say by what its rows are known."""


class _Table(NamedTuple):
    """What is known of a table that stands.

    Attributes:
        oid: Its number.
        lacking: Rights that this account would need.
        is_owned: Whether this account may drop it.
    """

    oid: int
    lacking: Sequence[str]
    is_owned: bool


def to_make(
    ask: Ask,
    tables: Mapping[Place, pa.Schema],
    *,
    replace: bool,
    merges: bool,
    adds: Collection[Place],
) -> frozenset[Place]:
    """Which of the tables are to be made: they are not there, or have other columns, which may be replaced.

    Args:
        ask: Asks the server.
        tables: The columns that each should have.
        replace: Whether tables with other columns may be dropped.
        merges: Whether rows that stay are changed.
        adds: Tables of which no row is deleted.

    Raises:
        EngineError: A table cannot be written, and why.
    """
    standing: dict[Place, _Table] = {}
    for place in tables:
        _refuse_schema(ask, place.schema)
        changes = () if place in adds else ("UPDATE", "DELETE") if merges else ("DELETE",)
        if (table := _standing(ask, place, ("SELECT", "INSERT", *changes))) is not None:
            standing[place] = table
    others = {}
    for place, table in standing.items():
        stand: dict[str, str] = dict(ask(_COLUMNS, (table.oid,)))
        if found := differences(stand, types_by_name(DIALECTS["postgres"], tables[place])):
            others[place] = found
    views = {str(place): [view for (view,) in ask(_VIEWS, (standing[place].oid,))] for place in others}
    if not replace:
        refuse_other_columns("postgresql", {str(place): found for place, found in others.items()}, views)
    refuse_dependent_views("postgresql", views)
    made = frozenset(place for place in tables if place not in standing or place in others)
    _refuse_foreign_keys(ask, {place: one for place, one in standing.items() if place not in adds})
    _refuse_what_changes_rows(ask, {place: one for place, one in standing.items() if place not in made})
    replaced = {place: one for place, one in standing.items() if place not in made and place not in adds}
    _refuse_publications(ask, replaced, merges=merges)
    _refuse_lacking(
        ask,
        rights={place: one.lacking for place, one in standing.items() if place not in made},
        schemas=sorted({place.schema for place in tables}),
        making_in=frozenset(place.schema for place in made),
        owned=[place for place in others if not standing[place].is_owned],
    )
    return made


def _refuse_schema(ask: Ask, schema: str) -> None:
    if not ask("SELECT 1 FROM pg_namespace WHERE nspname = $1", (schema,)):
        raise no_schema("postgresql", schema)


def _standing(ask: Ask, place: Place, rights: Sequence[str]) -> _Table | None:
    """The table that lies there; None where the name is free."""
    found = ask(_FACTS, (*place, list(rights)))
    if not found:
        return None
    [(oid, kind, is_owned, is_filtered, lacking)] = found
    if kind != "r":
        raise no_table("postgresql", str(place), _KINDS.get(kind, "relation of another kind"))
    if is_filtered:
        message = f"row security hides rows of `{place}` from this account, which could not replace them"
        hint = "write as its owner, or as a role with BYPASSRLS"
        raise EngineError("postgresql", message, hint)
    return _Table(oid, lacking, is_owned)


def _refuse_foreign_keys(ask: Ask, tables: Mapping[Place, _Table]) -> None:
    """Rows that others refer to cannot be deleted, or the others would go with them."""
    for place, table in tables.items():
        referring = [f"`{name}`" for (name,) in ask(_REFERRING, (table.oid,)) if name != str(place)]
        if referring:
            message = f"foreign keys of {', '.join(referring)} refer to `{place}`, whose rows are replaced"
            raise EngineError("postgresql", message, "drop these foreign keys")


def _refuse_what_changes_rows(ask: Ask, tables: Mapping[Place, _Table]) -> None:
    """What stands would not be what was written, and nothing would say so."""
    for place, table in tables.items():
        for kind, name in ask(_CHANGING, (table.oid,)):
            message = f"`{place}` has the {kind} `{name}`, by which rows may become others, or none"
            hint = "drop it; a trigger may act AFTER, or once for each statement"
            raise EngineError("postgresql", message, hint)


def _refuse_publications(ask: Ask, tables: Mapping[Place, _Table], *, merges: bool) -> None:
    """No row can be deleted that is published so."""
    for place, table in tables.items():
        for (name,) in ask(_PUBLISHED, (table.oid, merges))[:1]:
            message = f"the publication `{name}` has `{place}`, of which no row can be deleted"
            shown = ".".join(_shown(ask, part) for part in place)
            raise EngineError("postgresql", message, f"ask for: ALTER TABLE {shown} REPLICA IDENTITY FULL")


def _refuse_lacking(
    ask: Ask,
    *,
    rights: Mapping[Place, Sequence[str]],
    schemas: Sequence[str],
    making_in: Collection[str],
    owned: Sequence[Place],
) -> None:
    """Refuse what this account has no right to, with what gives it.

    Args:
        ask: Asks the server.
        rights: Rights that it lacks, by table.
        schemas: Where tables lie.
        making_in: Schemas in which some are to be made.
        owned: Tables to be dropped that are not its own.
    """
    [(account,)] = ask("SELECT quote_ident(current_user)", ())
    lacks, grants = [], []
    for schema in schemas:
        missing = [
            right
            for right in (("USAGE", "CREATE") if schema in making_in else ("USAGE",))
            if ask("SELECT NOT has_schema_privilege($1, $2)", (schema, right)) == [(True,)]
        ]
        if missing:
            lacks.append(f"{_joined(missing)} in the schema `{schema}`")
            grants.append(f"GRANT {', '.join(missing)} ON SCHEMA {_shown(ask, schema)} TO {account}")
    for place, missing_here in rights.items():
        if missing_here:
            lacks.append(f"{_joined(missing_here)} on `{place}`")
            shown = ".".join(_shown(ask, part) for part in place)
            grants.append(f"GRANT {', '.join(missing_here)} ON {shown} TO {account}")
    if lacks:
        message = f"this account, `{account}`, has no right to {'; to '.join(lacks)}"
        raise EngineError("postgresql", message, f"ask their owner for: {'; '.join(grants)}")
    if owned:
        message = f"`{owned[0]}` is not this account's own, so that it cannot be dropped"
        raise EngineError("postgresql", message, "have its owner drop it, or run this as its owner")


def _joined(rights: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(rights[:-1]), rights[-1])))


def _shown(ask: Ask, name: str) -> str:
    [(shown,)] = ask("SELECT quote_ident($1)", (name,))
    return str(shown)


_CREATING = """
SELECT pg_is_in_recovery(), current_setting('transaction_read_only') = 'on',
  NOT has_database_privilege(current_database(), 'TEMPORARY'),
  quote_ident(current_database()), quote_ident(current_user)
"""


def no_tables_here(ask: Ask) -> EngineError | None:
    """Why nothing can be created in this database; None where it can."""
    [(is_replica, is_read_only, is_refused, database, account)] = ask(_CREATING, ())
    if is_replica:
        message = "this server is a replica, in which nothing can be written"
        hint = "name its primary with `--backend`, or write files, `--output-format parquet`"
    elif is_read_only:
        message = f"this account, `{account}`, may create no tables there: its transactions are read-only"
        hint = (
            f"ask for: ALTER ROLE {account} SET default_transaction_read_only = off;"
            " or write files, `--output-format parquet`"
        )
    elif is_refused:
        message = f"this account, `{account}`, may create no temporary tables there, which the work needs"
        hint = (
            f"ask for: GRANT TEMPORARY ON DATABASE {database} TO {account};"
            " or write files, `--output-format parquet`"
        )
    else:
        return None
    return EngineError("postgresql", message, hint)
