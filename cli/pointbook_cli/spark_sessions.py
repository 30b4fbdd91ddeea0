"""Sessions of Spark: of this process, of a cluster, of a server of Connect, or one that is there already."""

from __future__ import annotations

import logging
import os
import socket
import sys
import time
import warnings
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pyspark.sql import SparkSession

from pointbook.diagnostics import InputError
from pointbook.relational.engines.sessions import first_line
from pointbook.relational.engines.spark_errors import meaning_of, spark_watched
from pointbook.relational.engines.spark_session import SparkEngine

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LOCAL = "local"
"""The address of a Spark inside this process; with how many threads is said when it starts."""
CONNECT = "sc://"
_SECONDS_TO_ANSWER = 15
_SECONDS_FOR_EXECUTORS = 60
_RETRIES = 6
"""So often a server of Connect that is gone is asked again, for two minutes at most; Spark's own are ten."""
_SUBMITTED = "PYSPARK_GATEWAY_PORT"
"""`spark-submit` names by it the Spark that it has begun for this process."""
_LOGGERS = ("SQLQueryContextLogger", "DataFrameQueryContextLogger")
_PYTHON = "spark.pyspark.python"
_CHECKPOINTS = "spark.checkpoint.dir"


@contextmanager
def spark_session_on(
    shown: str, address: str, settings: Mapping[str, str], workers: int
) -> Iterator[SparkEngine]:
    """A session; one that was there before is as it was at the end, and any other is stopped.

    Args:
        shown: The backend, as messages name it.
        address: What Spark calls its master, `LOCAL`, or the URL of a server of Connect.
        settings: Those that were asked for.
        workers: How many threads a Spark in this process has.

    Raises:
        InputError: It cannot be reached, does not start, or cannot be set so.
    """
    there = _session_there()
    with spark_watched(), _without_its_own_lines():
        if there is not None:
            with _borrowed(there, shown, address, settings) as spark:
                yield SparkEngine(spark, keeps_checkpoints=_checkpoints_of(spark) is not None)
            return
        if address.startswith(CONNECT):
            spark = _connected(shown, address, settings)
        else:
            spark = _begun(shown, address, settings, workers)
        try:
            folder = _checkpoints_of(spark)
            yield SparkEngine(spark, is_own=True, keeps_checkpoints=folder is not None)
            if folder is not None:
                _delete(spark, folder)
        finally:
            with suppress(Exception):  # a Spark that is gone need not be stopped
                spark.stop()


@contextmanager
def _without_its_own_lines() -> Iterator[None]:
    """What Python's side of Spark writes of errors, which we say in a line, and of versions of pandas."""
    loggers = [logging.getLogger(name) for name in _LOGGERS]
    were = [logger.disabled for logger in loggers]
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", module=r"pyspark\.")
            for logger in loggers:
                logger.disabled = True
            yield
    finally:
        for logger, was in zip(loggers, were, strict=True):
            logger.disabled = was


def _session_there() -> SparkSession | None:
    """The session that this process works in already, such as a notebook's."""
    with suppress(Exception):  # one that was stopped
        return SparkSession.getActiveSession()
    return None


@contextmanager
def _borrowed(
    there: SparkSession, shown: str, address: str, settings: Mapping[str, str]
) -> Iterator[SparkSession]:
    """A session beside one that is there: with its settings, views and tables, of which it changes none.

    Raises:
        InputError: It works elsewhere, or has begun without the settings.
    """
    own: Any = there
    if not hasattr(own, "_jsparkSession"):  # a session of Connect
        spark = own.cloneSession()
    else:
        master = own.sparkContext.master
        if address not in {LOCAL, master}:
            _refuse_unreachable(shown, address)
            hint = "use `--backend spark`, which takes it, or a process of its own"
            raise InputError(shown, f"this process has a Spark already, on {master}", hint)
        spark = own.__class__(own.sparkContext, own._jsparkSession.cloneSession())  # noqa: SLF001 - nothing public does it
    _set(spark, shown, settings)
    try:
        yield spark
    finally:
        if hasattr(own, "_jsparkSession"):  # making tables of rows makes a session the active one
            SparkSession._activeSession = there  # noqa: SLF001 - as above
            with suppress(Exception):  # it may be gone
                own._jvm.SparkSession.setActiveSession(own._jsparkSession)  # noqa: SLF001 - as above


def _set(spark: SparkSession, shown: str, settings: Mapping[str, str]) -> None:
    """Give a session of a Spark that has begun its settings.

    Raises:
        InputError: One of them can no longer be set.
    """
    for name, value in settings.items():
        if spark.conf.isModifiable(name):
            spark.conf.set(name, value)
        elif spark.conf.get(name, None) != value:
            hint = "give it where that Spark begins, such as to `spark-submit --conf`"
            raise InputError(shown, f"`{name}` cannot be set once Spark has begun", hint)


def _begun(shown: str, address: str, settings: Mapping[str, str], workers: int) -> SparkSession:
    is_submitted, is_here = _SUBMITTED in os.environ, address == LOCAL
    builder = SparkSession.builder
    defaults: dict[str, str] = {}
    if not is_submitted:  # which has its own, from whoever runs the cluster
        defaults = {
            "spark.ui.showConsoleProgress": "false",
            "spark.driver.maxResultSize": "0",  # results travel whole
            "spark.app.name": "pointbook",
        }
    if not is_here:
        _refuse_unreachable(shown, address)
        builder = builder.master(address)
    elif not is_submitted:
        builder = builder.master(f"local[{workers}]")
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")  # or it looks for the machine's own name
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # which has this package
        defaults |= {"spark.ui.enabled": "false", "spark.sql.shuffle.partitions": str(2 * workers)}
    if not is_submitted and _PYTHON in settings:  # which only `spark-submit` makes of it
        os.environ["PYSPARK_PYTHON"] = settings[_PYTHON]
    for name, value in {**defaults, **settings}.items():
        builder = builder.config(name, value)
    try:
        spark = builder.getOrCreate()
    except Exception as error:  # Java's are of a library of Spark's own
        raise _unbegun(shown, settings, error) from error
    if not is_submitted:
        spark.sparkContext.setLogLevel("ERROR")
    if not is_here and spark.conf.get("spark.dynamicAllocation.enabled", "false") != "true":
        try:
            _wait_for_executors(spark, shown)
        except BaseException:
            spark.stop()
            raise
    return spark


def _unbegun(shown: str, settings: Mapping[str, str], error: Exception) -> InputError:
    """Why there is no Spark."""
    java = getattr(error, "java_exception", None)
    reason = first_line(error) if java is None else str(java.toString())
    known = meaning_of(error)
    if known is not None and "JAVA_GATEWAY" not in reason:
        return InputError(shown, f"Spark does not start: {known.message}", known.hint)
    hint = "install Java 17 or newer, and check JAVA_HOME"
    if java is not None or "JAVA_GATEWAY" not in reason or settings:
        hint = (
            "check the settings given by `--spark-conf`" if settings else "look into Spark's own lines above"
        )
    return InputError(shown, f"Spark does not start: {reason}", hint)


def _wait_for_executors(spark: SparkSession, shown: str) -> None:
    """A cluster that has no room would let the work wait without a word."""
    tracker = spark.sparkContext._jsc.sc().statusTracker()  # noqa: SLF001 - Python's own has no executors
    until = time.monotonic() + _SECONDS_FOR_EXECUTORS
    while len(tracker.getExecutorInfos()) < 2:  # noqa: PLR2004 - the driver is among them
        if time.monotonic() > until:
            memory = spark.sparkContext.getConf().get("spark.executor.memory", "1g")
            message = f"no executor has come within {_SECONDS_FOR_EXECUTORS} seconds"
            hint = (
                f"each asks for {memory} of memory: see on the master's page what is free, ask for less by"
                " `--spark-conf spark.executor.memory=...`, or wait for other applications to end"
            )
            raise InputError(shown, message, hint)
        time.sleep(0.1)


def _connected(shown: str, url: str, settings: Mapping[str, str]) -> SparkSession:
    """A session of a server of Spark Connect.

    Raises:
        InputError: There is no such server, or nothing here to reach it by.
    """
    missing = [name for name in ("grpc", "grpc_status", "google.protobuf") if not _is_there(name)]
    if missing:
        hint = "install what Spark Connect needs: pip install 'pyspark[connect]'"
        raise InputError(shown, f"the module `{missing[0]}` is not installed", hint)
    from pyspark.sql.connect.client.retries import DefaultPolicy  # noqa: PLC0415 - only Connect needs it

    _refuse_unreachable(shown, url)
    try:
        _refuse_other_server(shown, url)
        spark = SparkSession.builder.remote(url).create()
        spark.client.set_retry_policies([DefaultPolicy(max_retries=_RETRIES)])
        _set(spark, shown, settings)
    except InputError:
        raise
    except Exception as error:  # of libraries that are not here without it
        message = f"Spark Connect cannot be used: {first_line(error)}"
        hint = "check the URL, sc://HOST:PORT, the settings, and that server and pyspark have one version"
        raise InputError(shown, message, hint) from error
    return spark


def _refuse_other_server(shown: str, url: str) -> None:
    """Spark itself would wait for minutes for a server that speaks otherwise."""
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")  # its lines say what the error says
    import grpc  # noqa: PLC0415 - only Connect needs it
    from pyspark.sql.connect.client import DefaultChannelBuilder  # noqa: PLC0415 - likewise

    with DefaultChannelBuilder(url).toChannel() as channel:
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


def _refuse_unreachable(shown: str, address: str) -> None:
    """Spark itself would ask an absent server for minutes."""
    try:
        place = urlsplit(address.partition(",")[0])
        default = 15002 if address.startswith(CONNECT) else 7077
        socket.create_connection((place.hostname or "", place.port or default), _SECONDS_TO_ANSWER).close()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        hint = "check the URL: spark://host:port, or use `--backend spark` for one in this process"
        raise InputError(shown, f"the server cannot be reached: {reason}", hint) from error


def _checkpoints_of(spark: SparkSession) -> str | None:
    """The folder that executors share for what must not be lost, None for none."""
    context = getattr(spark, "_sc", None)
    if context is None:
        return spark.conf.get(_CHECKPOINTS, None)
    found: str | None = context.getCheckpointDir()
    return found


def _delete(spark: SparkSession, folder: str) -> None:
    """What is left in a folder for checkpoints; Spark itself leaves it."""
    context: Any = getattr(spark, "_sc", None)
    if context is None:
        return
    with suppress(Exception):  # it is no result
        path = context._jvm.org.apache.hadoop.fs.Path(folder)  # noqa: SLF001 - Python has no file systems of Hadoop
        path.getFileSystem(context._jsc.hadoopConfiguration()).delete(path, True)  # noqa: SLF001 - Java's own
