"""What evaluates a log: the interpreter, or an engine that the plan runs on."""

from __future__ import annotations

import os
import re
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import click

from pointbook.diagnostics import InputError, closest, install_hint
from pointbook.source.elsewhere import without_password
from pointbook_cli.spark_settings import settings_by_name
from pointbook_cli.warehouses import refuse_sqlite, way_to

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pointbook.relational.engines.sessions import Session
    from pointbook_cli.spark_settings import Setting

_NAMES = ("python", "duckdb", "spark")
_KINDS = {
    "duckdb": "duckdb",
    "postgresql": "postgresql",
    "postgres": "postgresql",
    "spark": "spark",
    "sc": "spark",
}
"""What is behind a URL, by its scheme; `sc` is Spark Connect's."""

_EXTRAS = {
    "duckdb": ("duckdb", ("duckdb", "ibis", "pyarrow")),
    "postgresql": ("postgres", ("psycopg", "ibis", "pyarrow")),
    "spark": ("spark", ("pyspark", "ibis", "pyarrow")),
}
"""The extra that a kind of backend needs, and its modules."""

_LOCAL_SPARK = "local"
"""The address of a Spark inside this process, or of the one that this process works in."""
_SECONDS_TO_ANSWER = 15


@dataclass(frozen=True, slots=True)
class Backend:
    """What evaluates a log.

    Attributes:
        kind: `python`, `duckdb`, `postgresql` or `spark`.
        shown: As it was typed, without passwords.
        address: A database file, the URL of a server, or what Spark calls its master; empty for what
            runs inside this process.
        settings: Those of Spark that were asked for, by name.
    """

    kind: str
    shown: str
    address: str = ""
    settings: tuple[Setting, ...] = ()

    @property
    def is_here(self) -> bool:
        """Whether it works as part of this process, with as many threads as it is told."""
        return self.kind in {"python", "duckdb"}

    @property
    def has_tables(self) -> bool:
        """Whether tables lie there that can be read, and that results can become."""
        return self.kind == "spark" or bool(self.address)


class BackendType(click.ParamType["Backend"]):
    """A backend: a name or a URL."""

    name = "BACKEND"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Backend:
        """The backend that `value` names."""
        try:
            return backend_from(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)


def backend_from(text: str) -> Backend:
    """The backend that a name or a URL means.

    Raises:
        ValueError: It means none; the message says what would.
    """
    if text in _NAMES:
        return Backend(text, text, _LOCAL_SPARK if text == "spark" else "")
    scheme, separator, rest = text.partition("://")
    shown = without_password(text)
    if (way := way_to(text)) is not None:
        raise ValueError(f"'{shown}' is not a backend; {way}")
    if not separator or scheme not in _KINDS:
        raise ValueError(f"'{shown}' is not a backend; {_hint(text if not separator else scheme)}")
    match _KINDS[scheme]:
        case "duckdb":
            return Backend("duckdb", shown if rest else "duckdb", rest)
        case "spark":
            return Backend("spark", shown, _LOCAL_SPARK if rest in {"", "local"} else text)
        case kind:
            return Backend(kind, shown, text)


def with_settings(backend: Backend | None, settings: tuple[Setting, ...]) -> Backend | None:
    """A backend with settings of Spark.

    Raises:
        click.BadParameter: It is not Spark, or a setting has two values.
    """
    if not settings:
        return backend
    if backend is None or backend.kind != "spark":
        named = "the backend" if backend is None else backend.shown
        message = (
            f"{named} is not Spark; give settings with `--backend spark` or `--backend spark://HOST:PORT`"
        )
        raise click.BadParameter(message, param_hint="--spark-conf")
    return replace(backend, settings=settings_by_name(settings))


def _hint(name: str) -> str:
    match = closest(name, (*_NAMES, *_KINDS))
    if match in _NAMES:
        return f"did you mean `{match}`?"
    if match is not None:
        return "a server is named by its URL, such as `postgresql://user@host/database`"
    return (
        "known: `python`, `duckdb`, `spark`, and the URLs `duckdb://FILE`, `postgresql://...`, `spark://...`"
    )


def default_backend() -> Backend:
    """DuckDB where it is installed, else the interpreter."""
    return Backend("python", "python") if _missing("duckdb") else Backend("duckdb", "duckdb")


def refuse_missing(backend: Backend) -> None:
    """Refuse a backend whose extra is not installed.

    Raises:
        InputError: It is not.
    """
    if backend.kind == "python":
        return
    missing = _missing(backend.kind)
    if missing:
        message = f"the module `{missing[0]}` is not installed"
        hint = install_hint(_EXTRAS[backend.kind][0])
        raise InputError(f"--backend {backend.shown}", message, hint)


def _missing(kind: str) -> list[str]:
    return [module for module in _EXTRAS[kind][1] if find_spec(module) is None]


@contextmanager
def session_on(
    backend: Backend, *, memory_limit: str | None, workers: int, spill: Path, writes_tables: bool
) -> Iterator[Session]:
    """A session on a backend's engine, closed at the end.

    Args:
        backend: Which; not `python`.
        memory_limit: The most memory that DuckDB uses, None for its own limit.
        workers: How many threads an engine in this process has.
        spill: Folder that DuckDB makes where memory is short, and removes.
        writes_tables: Whether tables will be written there.

    Raises:
        InputError: The engine cannot be reached, or does not start.
    """
    match backend.kind:
        case "duckdb":
            opened = _duckdb(backend, memory_limit, workers, spill, writes_tables=writes_tables)
        case "postgresql":
            opened = _postgres(backend, writes_tables=writes_tables)
        case _:
            from pointbook_cli.spark_sessions import spark_session_on  # noqa: PLC0415 - an extra

            opened = spark_session_on(backend.shown, backend.address, dict(backend.settings), workers)
    with opened as session:
        yield session


@contextmanager
def _duckdb(
    backend: Backend, memory_limit: str | None, workers: int, spill: Path, *, writes_tables: bool
) -> Iterator[Session]:
    import duckdb  # noqa: PLC0415 - an extra

    from pointbook.relational.engines.duckdb_session import DuckDBSession  # noqa: PLC0415 - an extra

    file = Path(backend.address)
    is_new = bool(backend.address) and not os.path.exists(file)  # noqa: PTH110 - that of paths can fail
    if is_new and not writes_tables:
        raise InputError(backend.shown, "there is no such file", "check the name and the folder you are in")
    if backend.address and not is_new:
        refuse_sqlite(file, backend.shown)
    try:
        connection = duckdb.connect(
            backend.address or ":memory:", read_only=bool(backend.address) and not writes_tables
        )
    except duckdb.Error as error:
        reason = str(error).strip().splitlines()[0]
        _refuse_damaged(backend, reason, error)
        is_other = "valid DuckDB database" in reason or "Is a directory" in reason
        hint = "name a DuckDB database that no other process has open"
        hint = "name a file that DuckDB has made; it may be damaged" if is_other else hint
        raise InputError(backend.shown, f"it cannot be opened: {reason}", hint) from error
    session = DuckDBSession(
        connection=connection, memory_limit=memory_limit, temporary=spill, threads=workers
    )
    try:
        yield session
    except BaseException as error:
        session.close()
        if is_new:
            file.unlink(missing_ok=True)
            file.with_name(f"{file.name}.wal").unlink(missing_ok=True)
        if backend.address and isinstance(error, duckdb.Error):
            _refuse_damaged(backend, str(error).strip().splitlines()[0], error)
        raise
    session.close()


def _refuse_damaged(backend: Backend, reason: str, error: Exception) -> None:
    """Say that a database is damaged, where DuckDB says so."""
    named = f'"{Path(backend.address).resolve()}"', f'"{backend.address}"'
    is_cut_off = "enough bytes from file" in reason and any(name in reason for name in named)
    if "Corrupt database" in reason or is_cut_off:
        hint = "take a copy of it that is whole, or make it anew"
        raise InputError(backend.shown, f"the database is damaged: {reason}", hint) from error


@contextmanager
def _postgres(backend: Backend, *, writes_tables: bool) -> Iterator[Session]:
    import psycopg  # noqa: PLC0415 - an extra
    from psycopg.conninfo import conninfo_to_dict, make_conninfo  # noqa: PLC0415 - an extra

    from pointbook.relational.engines.postgres_errors import refusal, refuse_old_server  # noqa: PLC0415 - an extra
    from pointbook.relational.engines.postgres_reading import session_in  # noqa: PLC0415 - an extra

    try:
        parts = conninfo_to_dict(backend.address, connect_timeout=_SECONDS_TO_ANSWER)
        connection = psycopg.connect(make_conninfo("", **parts), autocommit=True)
    except psycopg.Error as error:
        why = refusal(error)
        raise InputError(backend.shown, _unsaid(why.message, backend.address), why.hint) from None
    with closing(connection):
        refuse_old_server(backend.shown, connection.info.server_version)
        try:
            yield session_in(connection, writes_tables=writes_tables)
        finally:
            # Else the server drops what was temporary a moment after this process has ended, and tables
            # could not be changed till then. A server that is gone, or may not, need not be asked.
            with suppress(psycopg.Error):
                if connection.info.transaction_status is psycopg.pq.TransactionStatus.IDLE:
                    connection.execute("DISCARD TEMP")


def _unsaid(message: str, url: str) -> str:
    """A message of a driver without the URL's password."""
    secrets = [
        found
        for pattern in (r"^\w+://[^:/?#@]*:(.*)@", r"password=([^&]*)")
        for found in re.findall(pattern, url, re.IGNORECASE)
    ]
    for secret in sorted({*secrets, *map(unquote, secrets)}, key=len, reverse=True):
        message = message.replace(secret, "***") if secret else message
    # Where the password has a sign of URLs, the driver quotes what it takes for something else.
    odd = [secret for secret in secrets if re.search(r"[/?#]", secret)]
    pieces = [piece for secret in odd for piece in re.split(r"[/?#&=@:]", secret) if piece]
    return re.sub(
        r'"([^"]*)"', lambda m: '"***"' if any(piece in m[1] for piece in pieces) else m[0], message
    )
