"""A server that wants passwords: a wrong one is refused, never called a server that cannot be reached."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import psycopg
import pytest

from conftest import missing
from pointbook.diagnostics import InputError
from pointbook_cli.backends import backend_from, session_on

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

REFUSED = 'the server refuses the connection: password authentication failed for user "{}"'
CHECK = "check user and password in the URL, where `@` is written `%40`, in PGPASSWORD, and in ~/.pgpass"


class Server(NamedTuple):
    """A server with the user `owner` and the password `geheim`."""

    folder: Path
    port: int

    def url(self, user: str, database: str = "postgres") -> str:
        """A URL of it."""
        return f"postgresql://{user}@127.0.0.1:{self.port}/{database}"


@pytest.fixture(scope="module")
def scram() -> Iterator[Server]:
    with tempfile.TemporaryDirectory(
        prefix="scram-"
    ) as folder:  # one of pytest's only its own user may enter
        yield from _served(Path(folder))


def _served(folder: Path) -> Iterator[Server]:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        missing("PostgreSQL's own programs are not installed")
    as_postgres: tuple[str, ...] = ()
    if os.geteuid() == 0:  # as which the server refuses to run
        as_postgres = ("runuser", "-u", "postgres", "--")
        shutil.chown(folder, "postgres")
    (folder / "password").write_text("geheim\n")
    (folder / "password").chmod(0o644)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    data, programs = folder / "data", found[-1].parent

    def done(*command: str | Path) -> None:
        subprocess.run([*as_postgres, *map(str, command)], check=True, cwd=folder, stdout=subprocess.DEVNULL)

    made = ("-A", "scram-sha-256", "--pwfile", folder / "password", "-U", "owner", "--encoding=UTF8")
    done(programs / "initdb", "-D", data, *made, "--locale=C.UTF-8")
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
    done(programs / "pg_ctl", "-D", data, "-l", folder / "log", "-w", "-o", options, "start")
    try:
        yield Server(folder, port)
    finally:
        done(programs / "pg_ctl", "-D", data, "-m", "immediate", "stop")


@contextmanager
def _with(monkeypatch: pytest.MonkeyPatch, settings: Mapping[str, str]) -> Iterator[None]:
    with monkeypatch.context() as patched:
        for name in ("PGPASSWORD", "PGPASSFILE", "PGSERVICE", "PGSERVICEFILE", "PGUSER"):
            patched.delenv(name, raising=False)
        for name, value in settings.items():
            patched.setenv(name, value)
        yield


def _told(server: Server, url: str) -> tuple[str, str]:
    """What is said of a connection that is not made, in which no password stands."""
    with pytest.raises(InputError) as error:
        _connected(server, url)
    assert "wrong" not in f"{error.value.where} {error.value.message} {error.value.hint}"
    return error.value.message, error.value.hint


def _connected(server: Server, url: str) -> str:
    backend = backend_from(url)
    options = {"memory_limit": None, "workers": 1, "spill": server.folder / "spill", "writes_tables": False}
    with session_on(backend, **options) as session:  # type: ignore[arg-type]  # options of several types
        rows = session.rows("SELECT current_user AS name").read_all().to_pylist()
    return str(rows[0]["name"])


@pytest.mark.parametrize("user", ["owner:wrong", "nobody:wrong", "owner:wr%40ng"])
def test_a_wrong_password_is_refused(scram: Server, monkeypatch: pytest.MonkeyPatch, user: str) -> None:
    with _with(monkeypatch, {}):
        assert _told(scram, scram.url(user)) == (REFUSED.format(user.partition(":")[0]), CHECK)


def test_wherever_a_password_is_written(scram: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    place = ("127.0.0.1", str(scram.port), "*", "owner")
    for name, password in (("pass", "geheim"), ("bad", "wrong")):
        (scram.folder / name).write_text(":".join((*place, password)) + "\n")
        (scram.folder / name).chmod(0o600)
        service = {
            "host": place[0],
            "port": place[1],
            "user": "owner",
            "password": password,
            "dbname": "postgres",
        }
        with (scram.folder / "services").open("a") as services:
            services.write(f"[{name}]\n" + "".join(f"{key}={value}\n" for key, value in service.items()))
    services_file = str(scram.folder / "services")
    for url, settings in (
        (scram.url("owner:geheim"), {}),
        (scram.url("owner"), {"PGPASSWORD": "geheim"}),
        (scram.url("owner"), {"PGPASSFILE": str(scram.folder / "pass")}),
        ("postgresql://?service=pass", {"PGSERVICEFILE": services_file}),
        ("postgresql://", {"PGSERVICEFILE": services_file, "PGSERVICE": "pass"}),
    ):
        with _with(monkeypatch, settings):
            assert _connected(scram, url) == "owner", url
    bad_file = str(scram.folder / "bad")
    for url, settings, hint in (
        (scram.url("owner"), {"PGPASSWORD": "wrong"}, CHECK),
        (scram.url("owner"), {"PGPASSFILE": bad_file}, f"check the password in {bad_file}"),
        ("postgresql://?service=bad", {"PGSERVICEFILE": services_file}, CHECK),
        (f"postgresql://owner:wrong@127.0.0.1:{scram.port},127.0.0.1:1/postgres", {}, CHECK),
        (f"postgresql://owner:wrong@/postgres?host={scram.folder}&port={scram.port}", {}, CHECK),
    ):
        with _with(monkeypatch, settings):
            assert _told(scram, url) == (REFUSED.format("owner"), hint), url


def test_no_password_at_all_is_told_with_where_to_write_it(
    scram: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    with _with(monkeypatch, {"PGPASSFILE": str(scram.folder / "none")}):
        message, hint = _told(scram, scram.url("owner"))
    assert message == "the server refuses the connection: fe_sendauth: no password supplied"
    assert "PGPASSWORD" in hint


def test_a_refusal_in_a_language_that_is_not_known_is_still_one(
    scram: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pointbook.relational.engines.postgres_errors import refusal  # noqa: PLC0415 - needs the extra

    with _with(monkeypatch, {}), pytest.raises(psycopg.OperationalError) as error:
        psycopg.connect(scram.url("owner:wrong"))
    said = 'connection failed: connection to server at "127.0.0.1", port 1 failed: ВАЖНО:  нет'
    told = refusal(psycopg.OperationalError(said, pgconn=error.value.pgconn))
    assert told.message.startswith("the server refuses the connection: ")
