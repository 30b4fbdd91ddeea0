"""What Spark says when something goes wrong, with what to do about it."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from pointbook.relational.engines.sessions import EngineError, beyond_64_bits

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pyspark.errors import ArithmeticException
    from pyspark.sql import DataFrame

_LIBRARIES = ("pyspark", "py4j", "grpc")
_INSTALL = "install it there, or send it along with `spark.submit.pyFiles`"
_MEMORY = (
    "give more: `--spark-conf spark.executor.memory=4g`, `spark.executor.memoryOverhead` for their Python,"
    " `spark.driver.memory` for this process; or make parts smaller by more `spark.sql.shuffle.partitions`"
)
_LOST = (
    "run it again; so that it goes on without an executor that is lost, give a folder that all of them share:"
    " `--spark-conf spark.checkpoint.dir=...`; where it comes again, give them more memory"
)
_ENDED = (
    "look into Spark's log, and whether the driver's memory ran out (`spark.driver.memory`); run it again"
)


class _Meaning(NamedTuple):
    """What a text of Spark's means.

    Attributes:
        pattern: Is found in it.
        message: What is said of it; `{}` stands for what the pattern's group holds.
        hint: What to do about it.
    """

    pattern: str
    message: str
    hint: str


_OF_WHAT_IS_READ = _Meaning(
    r"\[((?:CAST_INVALID_INPUT|CANNOT_PARSE_\w+|INVALID_DATETIME_\w+|\w*DIVIDED?_BY_ZERO|INVALID_ARRAY_INDEX\w*"
    r"|MALFORMED_\w+|FAILED_READ_FILE[.\w]*|USER_RAISED_EXCEPTION)\][^\n]*)",
    "what is read comes to an error: [{}",
    "correct the query or the view, or the rows that it reads",
)
_HAS_ENDED = _Meaning(
    r"SparkContext was shut down|stopped SparkContext|Answer from Java side is empty"
    r"|Error while receiving|StatusCode\.UNAVAILABLE|^(?:Py4JNetwork|Connection\w*)Error",
    "Spark has ended",
    _ENDED,
)

_MEANINGS: tuple[_Meaning, ...] = (
    _Meaning(r"No module named '(\w+)", "its executors have no Python package `{}`", _INSTALL),
    _Meaning(
        r"PYTHON_VERSION_MISMATCH.*?version: (\S+) than",
        "its executors run Python {}, and this process another version",
        "name one that is everywhere the same: PYSPARK_PYTHON, or `--spark-conf spark.pyspark.python=...`",
    ),
    _Meaning(
        r'Cannot run program "([^"]*)"',
        "its executors cannot run `{}`",
        "name a Python that every machine has: PYSPARK_PYTHON, or `--spark-conf spark.pyspark.python=...`",
    ),
    _Meaning(
        r"(spark\.driver\.maxResultSize)",
        "the results are larger than `{}` lets them be",
        "give `--spark-conf spark.driver.maxResultSize=0`, or let executors write: `--output-format"
        " parquet-folder` or `table`",
    ),
    _Meaning(
        r"OutOfMemoryError|UNABLE_TO_ACQUIRE_MEMORY|[Ee]xit (?:code|status):? 52\b|memory limits",
        "its memory ran out",
        _MEMORY,
    ),
    _Meaning(
        r"No space left on device",
        "a disk is full there",
        "free some space, or name other folders: `--spark-conf spark.local.dir=...`",
    ),
    _Meaning(
        r"Master removed our application|[Mm]asters are unresponsive|Application has been killed",
        "the cluster has ended this application",
        "look into the log of its master and workers; run it again",
    ),
    _HAS_ENDED,
    _Meaning(
        r"CHECKPOINT_RDD_BLOCK_ID_NOT_FOUND|ExecutorLostFailure|[Ee]xecutor lost"
        r"|FetchFailed|Could not get block|BlockNotFound|BLOCK_NOT_FOUND|Failed to get broadcast",
        "an executor was lost, and with it what it had computed",
        _LOST,
    ),
    _Meaning(
        r"(?:AccessControlException|Permission denied)[:\s]*([^\n]*)",
        "it may not do that: {}",
        "ask for the right, or name another place",
    ),
    _OF_WHAT_IS_READ,
    _Meaning(
        r"Job aborted due to stage failure: ([^\n]*)",
        "the work failed there: {}",
        "look into Spark's log of this application for the cause; run it again",
    ),
)
"""The first that is found counts."""


def end_of(error: Exception) -> EngineError | None:
    """That Spark has ended, where an error says so."""
    return _meaning_of(error, (_HAS_ENDED,))


def meaning_of(error: Exception) -> EngineError | None:
    """What went wrong, where it is the engine's or its operator's; None where it may be our own mistake."""
    return _meaning_of(error, _MEANINGS)


def of_arithmetic(error: ArithmeticException) -> Exception:
    """What an error of numbers means: that an amount is too large, or a mistake in what is read."""
    return _meaning_of(error, (_OF_WHAT_IS_READ,)) or beyond_64_bits("spark")


def refuse_times_in_text(rows: DataFrame, zone: str) -> None:
    """Refuse times that a table keeps as text: where that names no zone, it means the session's, as it was.

    Args:
        rows: What is read, in a session whose zone is UTC.
        zone: The zone that the session had before.

    Raises:
        EngineError: There are such times.
    """
    times = [field.name for field in rows.schema if field.dataType.typeName() == "timestamp"]
    plan = getattr(rows, "_jdf", None)  # a session of Connect tells no plan
    if times and plan is not None:
        read = str(plan.queryExecution().analyzed().toString())
        if re.search(r"^\W*Relation .*\] (csv|json)$", read, re.MULTILINE) and " View (" not in f" {read}":
            message = f"`{times[0]}` is kept as text, in which times without a zone are those of {zone}"
            hint = f"read it by a view that says so: `to_utc_timestamp(CAST({times[0]} AS STRING), '{zone}')`"
            hint += ", or as TIMESTAMP_NTZ; or begin the session in UTC"
            raise EngineError("spark", message, hint)


def _meaning_of(error: Exception, meanings: Sequence[_Meaning]) -> EngineError | None:
    if type(error).__module__.partition(".")[0] not in _LIBRARIES and not isinstance(error, ConnectionError):
        return None
    text = f"{type(error).__name__}: {_text(error)}"
    for meaning in meanings:
        found = re.search(meaning.pattern, text, re.DOTALL)
        if found is not None:
            said = meaning.message.format(*(" ".join((group or "").split()) for group in found.groups()))
            return EngineError("spark", said, meaning.hint)
    return None


def _text(error: Exception) -> str:
    try:
        return str(error)
    except Exception:  # noqa: BLE001 - the text is Java's, which may have ended
        return "Py4JNetworkError"


@contextmanager
def spark_watched() -> Iterator[None]:
    """Say clearly that Spark cannot go on; a mistake of ours stays what it is."""
    try:
        yield
    except Exception as error:
        meaning = meaning_of(error)
        if meaning is None:
            raise
        raise meaning from error
