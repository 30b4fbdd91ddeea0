"""Spark Connect: a session of a server elsewhere, which knows less than one of Java's."""

from __future__ import annotations

import os
import socket
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pyspark.sql import SparkSession

from pointbook.diagnostics import InputError
from pointbook.relational.engines.sessions import first_line

if TYPE_CHECKING:
    from collections.abc import Iterator

CONNECT = "sc://"
"""How URLs of its servers begin."""
_SECONDS_TO_ANSWER = 15
_RETRIES = 6
"""So often a server that is gone is asked again, for two minutes at most; Spark itself does it for ten."""


def is_of_connect(session: SparkSession | None) -> bool:
    """Whether a session is one of Connect."""
    return session is not None and not hasattr(session, "_jsparkSession")


def server_of(session: Any) -> str:
    """Host and port of the server of a session of Connect."""
    return str(session.client._builder.endpoint)  # noqa: SLF001 - nothing public has the port


def is_on(session: Any, address: str) -> bool:
    """Whether the session is on the server that an address names."""
    return address.startswith(CONNECT) and ":".join(map(str, _place(address))) == server_of(session)


@contextmanager
def cloned(session: Any) -> Iterator[SparkSession]:
    """A copy of a session: the active one, in which Connect looks for whatever it has computed itself."""
    from pyspark.sql.connect.session import SparkSession as ConnectSession  # noqa: PLC0415 - only Connect has it

    own, active = session.cloneSession(), ConnectSession._active_session  # noqa: SLF001 - nothing public sets it
    before = getattr(active, "session", None)
    active.session = own
    try:
        yield own
    finally:
        active.session = before
        with suppress(Exception):  # the server forgets it by itself, some time later
            own.client.release_session()


def connected(shown: str, url: str) -> SparkSession:
    """A session of a server of Spark Connect.

    Raises:
        InputError: There is no such server, or nothing here to reach it by.
    """
    missing = [name for name in ("grpc", "grpc_status", "google.protobuf") if not _is_there(name)]
    if missing:
        hint = "install what Spark Connect needs: pip install 'pyspark[connect]'"
        raise InputError(shown, f"the module `{missing[0]}` is not installed", hint)
    from pyspark.sql.connect.client.retries import DefaultPolicy  # noqa: PLC0415 - only Connect needs it

    refuse_unreachable(shown, url)
    try:
        _refuse_other_server(shown, url)
        spark = SparkSession.builder.remote(url).create()
        spark.client.set_retry_policies([DefaultPolicy(max_retries=_RETRIES)])
    except InputError:
        raise
    except Exception as error:  # of libraries that are not here without it
        message = f"Spark Connect cannot be used: {first_line(error)}"
        hint = "check the URL, sc://HOST:PORT, and that server and pyspark have one version"
        raise InputError(shown, message, hint) from error
    return spark


def _refuse_other_server(shown: str, url: str) -> None:
    """Spark itself would wait for minutes for a server that speaks otherwise."""
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")  # its lines say what the error says
    from pyspark.sql.connect.client import core as client  # noqa: PLC0415 - only Connect has it

    core: Any = client  # which has pyspark's grpc
    grpc = core.grpc
    with core.DefaultChannelBuilder(url).toChannel() as channel:
        try:
            grpc.channel_ready_future(channel).result(_SECONDS_TO_ANSWER)
        except grpc.FutureTimeoutError as error:
            message = "a server is there, but does not answer as one of Spark Connect"
            hint = (
                "check the URL: sc://HOST:PORT, or sc://HOST:PORT/;use_ssl=true where it wants TLS;"
                " with `token=` TLS is taken in any case"
            )
            raise InputError(shown, message, hint) from error


def _is_there(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:
        return False


def _place(address: str) -> tuple[str, int]:
    """Host and port of a server, the first of several."""
    place = urlsplit(address.partition(",")[0])
    return place.hostname or "", place.port or (15002 if address.startswith(CONNECT) else 7077)


def refuse_unreachable(shown: str, address: str) -> None:
    """Spark itself would ask an absent server for minutes."""
    try:
        socket.create_connection(_place(address), _SECONDS_TO_ANSWER).close()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        hint = "check the URL: spark://host:port, or use `--backend spark` for one in this process"
        raise InputError(shown, f"the server cannot be reached: {reason}", hint) from error
