"""A Spark that this process works in already: it is taken, left as it was, and its catalogues are read."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("ibis", reason="the extra `duckdb` is not installed")
pytest.importorskip("pyspark", reason="the extra `spark` is not installed")

import pyarrow.parquet as pq
from pyspark.errors import PySparkRuntimeError, PythonException
from pyspark.sql import SparkSession

from pointbook.relational.engines.sessions import EngineError
from pointbook.relational.engines.spark_errors import meaning_of
from pointbook.relational.engines.spark_tables import try_a_table
from pointbook_cli.main import exit_code_of

if TYPE_CHECKING:
    from club_shell import Shell

ROWS = (
    "SELECT * FROM VALUES ('e1', 'ann', 'gift', DATE'2024-02-01'), ('e2', 'ann', 'gift', DATE'2024-02-02')"
    " AS q(event_id, member_id, activity, occurred_at)"
)


def _evaluate(*options: str, events: str = "events.csv") -> int:
    log = ("--events", events, "--members", "members.csv", "--out", "out", "--backend", "spark")
    return exit_code_of(["evaluate", "club", *log, *options])


@pytest.fixture(autouse=True)
def _in_the_folder(shell: Shell, spark_session: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert SparkSession.getActiveSession() is spark_session
    monkeypatch.chdir(shell.folder)


def test_a_session_that_is_there_is_left_as_it_was(
    shell: Shell, spark_session: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stopped: list[object] = []
    monkeypatch.setattr(SparkSession, "stop", stopped.append)
    spark_session.conf.set("spark.sql.session.timeZone", "Asia/Tokyo")
    spark_session.sql(ROWS).createOrReplaceTempView("events")  # as ours is called, too
    try:
        names = sorted(row.tableName for row in spark_session.sql("SHOW TABLES").collect())
        options = ("--via", "fold", "--output-format", "parquet-folder")
        code = _evaluate(*options, "--spark-conf", "spark.sql.shuffle.partitions=3", events="table:events")
        assert code == 0, capsys.readouterr().err
        assert "evaluated by the fold on spark with 2 workers" in capsys.readouterr().out
        assert not stopped
        assert SparkSession.getActiveSession() is spark_session
        assert spark_session.conf.get("spark.sql.session.timeZone") == "Asia/Tokyo"
        assert spark_session.conf.get("spark.sql.shuffle.partitions") == "1"
        assert sorted(row.tableName for row in spark_session.sql("SHOW TABLES").collect()) == names
        assert spark_session.table("events").count() == 2
        assert pq.read_table(shell.folder / "out/ledger.parquet").column("event_id").to_pylist() == [
            "e1",
            "e2",
        ]
        assert _evaluate("--via", "fold", "--output-format", "csv", events="table:events") == 0
        assert sorted(path.name for path in (shell.folder / "out").iterdir()) == [
            *("history.csv", "ledger.csv", "rejects.csv", "standings.csv", "summary.json"),
        ]
    finally:
        spark_session.conf.set("spark.sql.session.timeZone", "UTC")
        spark_session.catalog.dropTempView("events")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (
            ("--spark-conf", "spark.executor.memory=9g"),
            "`spark.executor.memory` cannot be set once Spark has",
        ),
    ],
)
def test_what_a_session_that_is_there_cannot_be_made_to_do(
    capsys: pytest.CaptureFixture[str], options: tuple[str, ...], words: str
) -> None:
    assert _evaluate(*options) == 3
    assert words in capsys.readouterr().err


def test_a_session_that_is_there_is_not_left_for_another(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as somebody:
        port = somebody.getsockname()[1]
        assert _evaluate("--backend", f"spark://127.0.0.1:{port}") == 3
    assert "this process has a Spark already, on local[2]" in capsys.readouterr().err


def test_a_table_of_another_catalogue_is_read_by_its_three_names(
    shell: Shell, spark_session: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """A catalogue of its own, as those of Delta and Iceberg are; its reader is a plugin of Spark."""
    where = "spark.sql.catalog.elsewhere"
    url, driver = "jdbc:derby:memory:elsewhere;create=true", "org.apache.derby.iapi.jdbc.AutoloadedDriver"
    java = spark_session.sparkContext._jvm  # noqa: SLF001 - made by Spark, its texts could not be compared
    java.java.lang.System.setProperty("derby.stream.error.file", str(shell.folder / "derby.log"))
    java.java.lang.Class.forName(driver)
    statement = java.java.sql.DriverManager.getConnection(url).createStatement()
    names = ", ".join(f'"{name}" VARCHAR(20)' for name in ("event_id", "member_id", "activity"))
    statement.execute('CREATE SCHEMA "club"')
    statement.execute(f'CREATE TABLE "club"."happened" ({names}, "occurred_at" DATE)')
    statement.execute("""INSERT INTO "club"."happened" VALUES ('e1', 'ann', 'gift', '2024-02-01')""")
    spark_session.conf.set(where, "org.apache.spark.sql.execution.datasources.v2.jdbc.JDBCTableCatalog")
    spark_session.conf.set(f"{where}.url", url)
    spark_session.conf.set(f"{where}.pushDownPredicate", "false")  # Derby has no type of that name
    spark_session.conf.set(f"{where}.driver", driver)
    assert _evaluate("--via", "fold", events="table:elsewhere.club.happened") == 0, capsys.readouterr().err
    assert (shell.folder / "out/ledger.csv").read_text().count(",gift,") == 1
    assert _evaluate(events="table:elsewhere.club.nothing") == 3
    assert "table:elsewhere.club.nothing" in capsys.readouterr().err


def test_making_a_table_is_tried_and_leaves_none(spark_session: Any) -> None:
    try_a_table(spark_session, "pointbook_ledger")
    assert not spark_session.catalog.tableExists("pointbook_ledger__tried")
    with pytest.raises(EngineError, match=r"the tables cannot be written: .*SCHEMA_NOT_FOUND"):
        try_a_table(spark_session, "nowhere.pointbook_ledger")


@pytest.mark.parametrize(
    ("error", "message", "hint"),
    [
        (
            PySparkRuntimeError(
                "Job aborted: [CHECKPOINT_RDD_BLOCK_ID_NOT_FOUND] Checkpoint block rdd_4_1 not"
            ),
            "an executor was lost, and with it what it had computed",
            "spark.checkpoint.dir",
        ),
        (
            PySparkRuntimeError("ExecutorLostFailure ... java.lang.OutOfMemoryError: Java heap space"),
            "its memory ran out",
            "spark.executor.memory",
        ),
        (
            PythonException(
                "[PYTHON_VERSION_MISMATCH] Python in worker has different version: 3.9 than that in driver: 3"
            ),
            "its executors run Python 3.9, and this process another version",
            "PYSPARK_PYTHON",
        ),
        (
            PySparkRuntimeError('Cannot run program "python9": error=2, No such file or directory'),
            "its executors cannot run `python9`",
            "spark.pyspark.python",
        ),
        (
            PySparkRuntimeError(
                "results of 9 tasks (1 GiB) is bigger than spark.driver.maxResultSize (1 GiB)"
            ),
            "the results are larger than `spark.driver.maxResultSize` lets them be",
            "parquet-folder",
        ),
        (
            PySparkRuntimeError(
                "Job aborted: FetchFailed(BlockManagerId(1)): Connection refused: /127.0.0.1:4"
            ),
            "an executor was lost, and with it what it had computed",
            "run it again",
        ),
        (ConnectionRefusedError(111, "Connection refused"), "Spark has ended", "spark.driver.memory"),
        (
            PySparkRuntimeError(
                "Job aborted due to stage failure: Task 0 failed 4 times: disk is odd\nDriver"
            ),
            "the work failed there: Task 0 failed 4 times: disk is odd",
            "Spark's log",
        ),
    ],
)
def test_what_spark_says_is_told_with_what_to_do(error: Exception, message: str, hint: str) -> None:
    found = meaning_of(error)
    assert found is not None
    assert found.message == message
    assert hint in found.hint


@pytest.mark.parametrize(
    "error", [ZeroDivisionError("Job aborted"), PythonException("ValueError: a mistake")]
)
def test_a_mistake_of_our_own_stays_one(error: Exception) -> None:
    assert meaning_of(error) is None
