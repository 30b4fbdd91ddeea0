"""What PostgreSQL says when something goes wrong, with what to do about it."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

import psycopg

from pointbook.diagnostics import InputError
from pointbook.relational.engines.sessions import (
    OTHER_TABLES,
    EngineError,
    beyond_64_bits,
    first_line,
    no_query,
    no_tables,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_SETTING = "`?options=-c%20{}%3D0` at the end of the URL, or ask whoever runs the server"
_FOREIGN = "a foreign table is read, and what it reads is not to be had: ask whoever made it"
_HINTS: Mapping[str, str] = {
    "57014": "where a limit of time stopped it, lift that: " + _SETTING.format("statement_timeout"),
    "25P03": "lift the limit: " + _SETTING.format("idle_in_transaction_session_timeout"),
    "25P04": "lift the limit: " + _SETTING.format("transaction_timeout"),
    "57P05": "lift the limit: " + _SETTING.format("idle_session_timeout"),
    "53400": "have whoever runs the server lift that limit for this account",
    "25006": "this account, or a query, may only read: leave out what writes",
    "40001": "a replica had to go on with what came from its primary: run it again, or on the primary",
    "55P03": "another run may be writing to these tables: run it again when that has ended",
    "42501": "ask for the right, or use another account",
    "42P01": "if somebody has just dropped or renamed it, run it again; else correct what names it",
    "22021": "a text of the database is not what its encoding says: correct it there",
    "22": "a view or a query that is read comes to this: correct it, or the rows that it reads",
    "08P01": "a query takes no parameters: write values where it has `$1`",
    "08": _FOREIGN,
    "HV": _FOREIGN,
    "58P01": _FOREIGN,
    "2F003": _FOREIGN,
    "P0": "a trigger, a view or a function of the database refuses this: ask whoever made it",
}
"""What to do, by SQLSTATE, or by its class."""
_REFUSING = {
    "23": f"drop the constraint by which the table refuses these rows, or {OTHER_TABLES}",
    "P0": f"drop the trigger by which the database refuses this, or {OTHER_TABLES}",
}
"""What to do about tables that cannot be written, by the class of SQLSTATE."""
_LOOK = "run it again; if it is stopped again, look into the server's log, or ask whoever runs it"
_PREFIX = re.compile(
    r"^(- host: .*?, hostaddr: .*?: )?(connection (failed|is bad): )?(connection to server .*? failed: )?"
)
_FATAL = re.compile(r"^FATAL: +")
_FROM_FILE = re.compile(r'^password retrieved from file "(.*)"')


class Refusal(NamedTuple):
    """Why there is no connection.

    Attributes:
        message: What is wrong.
        hint: What to do about it.
    """

    message: str
    hint: str


_OLDEST, _OF_A_MAJOR_VERSION = 140_000, 10_000
_REFUSALS: tuple[tuple[str, str], ...] = (
    (
        "password authentication failed",
        "check user and password in the URL, where `@` is written `%40`, in PGPASSWORD, and in ~/.pgpass",
    ),
    (
        "no password supplied",
        "write it into PGPASSWORD, or into ~/.pgpass, which nobody else may read (`chmod 600`)",
    ),
    (r'^role "', "check the user in the URL: postgresql://user@host/database"),
    (r'^database "', "check the database in the URL: postgresql://user@host/database"),
    (
        "pg_hba.conf",
        "ask whoever runs the server to let this user in from here; some only do with `?sslmode=require`",
    ),
    (
        "does not support SSL",
        "leave out `sslmode` and PGSSLMODE, or ask whoever runs the server to encrypt connections",
    ),
    (
        "certificate",
        "name the file that has the certificate of who signed the server's: `?sslrootcert=FILE`",
    ),
    ("permission denied for database", "ask whoever runs the server for the right to connect"),
    ("too many|connection slots", "try again when others have left"),
    ("starting up|shutting down|recovery", "try again in a while"),
    ("configuration parameter|value for parameter", "check `options` in the URL, and PGOPTIONS"),
    (r"hot standby|session is (not )?read-only", "check `target_session_attrs` in the URL"),
)
"""What to do, by what the server's message has; a server with messages of another language has none of it."""


def refuse_old_server(shown: str, version: int) -> None:
    """Refuse a server that has not all functions which digests of rows need.

    Args:
        shown: What the server is called in messages.
        version: As PostgreSQL counts: 150018 is 15.18.

    Raises:
        InputError: It is too old.
    """
    if version < _OLDEST:
        found, oldest = (number // _OF_A_MAJOR_VERSION for number in (version, _OLDEST))
        hint = "use `pointbook sql --dialect postgres` there, or export the log, and evaluate the files"
        raise InputError(shown, f"the server is PostgreSQL {found}; {oldest} or newer is needed", hint)


def refusal(error: psycopg.Error) -> Refusal:
    """Why there is no connection, in words."""
    # Lines that go on are indented; of several addresses, the one that answered says most, else the last.
    whole = [line for line in str(error).splitlines() if line.strip() and not line[0].isspace()]
    lines = [_PREFIX.sub("", line.strip()) for line in whole]
    files = [match[1] for match in map(_FROM_FILE.match, lines) if match]
    lines = [line for line in lines if not _FROM_FILE.match(line)]
    answers = [line for line in lines if _FATAL.match(line) or _hint_for(line, _REFUSALS)]
    reason = (answers or lines or [type(error).__name__])[-1]
    if isinstance(error, psycopg.ProgrammingError):
        return Refusal(f"the URL cannot be used: {reason}", "write postgresql://user@host:port/database")
    service = re.search(r"(definition of service|service file) .*", reason)
    if service is not None:
        hint = "check the name, and the file that has it: PGSERVICEFILE, or ~/.pg_service.conf"
        return Refusal(f"the URL cannot be used: {service[0]}", hint)
    host = re.search(r"failed to resolve host '(?:.*@)?(.*?)'", reason)
    if host is not None:
        hint = "check host and network; in a password of the URL, `@` and `/` are written `%40` and `%2F`"
        return Refusal(f"the server cannot be reached: there is no host '{host[1]}'", hint)
    said = _FATAL.sub("", reason)
    if hint := _hint_for(said, _REFUSALS):
        if files and "password" in said:
            hint = f"check the password in {files[0]}"
        return Refusal(f"the server refuses the connection: {said}", hint)
    if answers or files or _was_asked_for_a_password(error):
        hint = "check user, password and database in the URL: postgresql://user:password@host:port/database"
        return Refusal(f"the server refuses the connection: {said}", hint)
    hint = "check host and port in the URL, postgresql://user@host:port/database, and that the server runs"
    return Refusal(f"the server cannot be reached: {reason}", hint)


def _hint_for(said: str, hints: tuple[tuple[str, str], ...]) -> str:
    said = _FATAL.sub("", said)
    return next((hint for pattern, hint in hints if re.search(pattern, said)), "")


def _was_asked_for_a_password(error: psycopg.Error) -> bool:
    """Whether the server came to ask for one, in whatever language it then said no."""
    return error.pgconn is not None and (error.pgconn.used_password or error.pgconn.needs_password)


_OF_THE_DATABASE = (
    psycopg.errors.ReadOnlySqlTransaction,
    psycopg.errors.InsufficientPrivilege,
    psycopg.errors.UndefinedTable,  # since it was checked
    psycopg.errors.RaiseException,
    psycopg.errors.CharacterNotInRepertoire,
    psycopg.errors.UntranslatableCharacter,
)
"""What no statement of ours is to blame for."""


@contextmanager
def server_watched() -> Iterator[None]:
    """Say clearly that the server has ended a connection or a query, or that a number is too large.

    A statement that is wrong in itself is left to whoever made it.
    """
    try:
        yield
    except psycopg.errors.NumericValueOutOfRange as error:
        raise beyond_64_bits("postgresql") from error
    except (psycopg.OperationalError, *_OF_THE_DATABASE) as error:
        raise _stopped(error) from error


@contextmanager
def query_watched() -> Iterator[None]:
    """Say clearly whatever goes wrong: the query reads what a user has made."""
    try:
        yield
    except psycopg.Error as error:
        raise _stopped(error) from error


def query_refused(error: psycopg.Error | EngineError) -> EngineError:
    """What is said of a user's query that cannot be run, or reads what is not there."""
    cause = error.__cause__ if isinstance(error, EngineError) else error
    if isinstance(error, EngineError) and not isinstance(cause, psycopg.errors.UndefinedTable):
        return error
    assert isinstance(cause, psycopg.Error), "it is why the query could not be run"
    return no_query("postgresql", cause)


def _stopped(error: psycopg.Error) -> EngineError:
    state = error.sqlstate or ""
    hint = _HINTS.get(state) or _HINTS.get(state[:2]) or _own_hint(error) or _LOOK
    return EngineError("postgresql", f"the server has stopped this: {first_line(error)}", hint)


def _own_hint(error: psycopg.Error) -> str:
    """What the server says of what to do, as a part of a line."""
    said = " ".join((error.diag.message_hint or "").split()).rstrip(".")
    return f"{said[:1].lower()}{said[1:]}"


def tables_refused(error: psycopg.Error) -> EngineError:
    """What is said of tables that cannot be written."""
    hint = _REFUSING.get((error.sqlstate or "")[:2]) or _own_hint(error) or OTHER_TABLES
    found = no_tables("postgresql", error, hint)
    detail = error.diag.message_detail
    return EngineError(found.where, f"{found.message} ({detail})", hint) if detail else found
