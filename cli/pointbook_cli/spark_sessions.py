"""Sessions of Spark: of this process, of a cluster, of a server of Connect, or one that is there already."""

from __future__ import annotations

import os
import sys
import time
import warnings
from contextlib import contextmanager, nullcontext, suppress
from typing import TYPE_CHECKING, Any

from pyspark.logger import PySparkLogger
from pyspark.sql import SparkSession

from pointbook.diagnostics import InputError
from pointbook.relational.engines.sessions import first_line
from pointbook.relational.engines.spark_connect import (
    CONNECT,
    cloned,
    connected,
    is_of_connect,
    is_on,
    refuse_unreachable,
    server_of,
)
from pointbook.relational.engines.spark_errors import meaning_of, spark_watched
from pointbook.relational.engines.spark_session import SparkEngine
from pointbook_cli.undisturbed import undisturbed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LOCAL = "local"
"""The address of a Spark inside this process; with how many threads is said when it starts."""
_SECONDS_FOR_EXECUTORS = 60
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
                keeps = _checkpoints_of(spark) is not None
                yield SparkEngine(spark, keeps_checkpoints=keeps, origin=there)
            return
        if address.startswith(CONNECT):
            spark = connected(shown, address)
        else:
            spark = _begun(shown, address, settings, workers)
        try:
            if address.startswith(CONNECT):
                _set(spark, shown, settings)
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
    loggers = [PySparkLogger.getLogger(name) for name in _LOGGERS]  # which makes them, if nobody has yet
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
        there: Any = SparkSession.getActiveSession()
        return None if is_of_connect(there) and there.is_stopped else there
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
    if is_of_connect(there):
        if address != LOCAL and not is_on(there, address):
            raise _on_another(shown, server_of(there))
        with cloned(there) as spark:
            _set(spark, shown, settings)
            yield spark
        return
    master = own.sparkContext.master
    if address not in {LOCAL, master}:
        refuse_unreachable(shown, address)
        raise _on_another(shown, master)
    spark = own.__class__(own.sparkContext, own._jsparkSession.cloneSession())  # noqa: SLF001 - nothing public does it
    _set(spark, shown, settings)
    try:
        yield spark
    finally:
        # Making tables of rows makes a session the active one.
        SparkSession._activeSession = there  # noqa: SLF001 - as above
        with suppress(Exception):  # it may be gone
            own._jvm.SparkSession.setActiveSession(own._jsparkSession)  # noqa: SLF001 - as above


def _on_another(shown: str, server: str) -> InputError:
    hint = "use `--backend spark`, which takes it, or a process of its own"
    return InputError(shown, f"this process has a Spark already, on {server}", hint)


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
        refuse_unreachable(shown, address)
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
        # A signal while Java starts would leave it behind; a cluster may not answer for minutes.
        with undisturbed() if is_here else nullcontext():
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
