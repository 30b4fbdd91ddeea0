"""A Spark that this process works in already: it is taken, left as it was, and its catalogues are read."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("ibis", reason="the extra `duckdb` is not installed")
pytest.importorskip("pyspark", reason="the extra `spark` is not installed")

import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.errors import AnalysisException, PySparkRuntimeError, PythonException
from pyspark.logger import PySparkLogger
from pyspark.sql import SparkSession

from pointbook.relational.engines.sessions import EngineError, TableRows
from pointbook.relational.engines.spark_errors import meaning_of
from pointbook.relational.engines.spark_session import SparkEngine
from pointbook.relational.engines.spark_tables import to_make, try_a_table
from pointbook_cli.main import exit_code_of

if TYPE_CHECKING:
    from pathlib import Path

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


def test_what_spark_writes_of_errors_is_silent_only_while_a_run_works(
    spark_session: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _evaluate("--via", "fold", events="table:absent") == 3
    assert "SQLQueryContextLogger" not in capsys.readouterr().err
    logger = PySparkLogger.getLogger("SQLQueryContextLogger")
    assert isinstance(logger, PySparkLogger)
    assert not logger.disabled
    with pytest.raises(AnalysisException):
        spark_session.sql("SELECT * FROM absent").collect()


@pytest.mark.parametrize("way", ["plan", "fold"])
@pytest.mark.parametrize("setting", [None, "spark.sql.parser.escapedStringLiterals"])
def test_words_of_log_yaml_are_what_they_are_whatever_signs_are_in_them(
    shell: Shell, spark_session: Any, capsys: pytest.CaptureFixture[str], way: str, setting: str | None
) -> None:
    """Spark would put its settings in the place of some, and read a backslash in two ways."""
    (shell.folder / "club/log.yaml").write_text(
        "events:\n  activities: {'${spark.app.name}': gift, 'a\\b''s': gift}\n", encoding="utf-8"
    )
    spark_session.createDataFrame(
        [("e1", "ann", "${spark.app.name}", "2024-02-01"), ("e2", "ann", "a\\b's", "2024-02-01")],
        "event_id string, member_id string, activity string, day string",
    ).selectExpr(
        "event_id", "member_id", "activity", "CAST(day AS DATE) AS occurred_at"
    ).createOrReplaceTempView("signs")
    before = {} if setting is None else {setting: spark_session.conf.get(setting)}
    try:
        for name in before:
            spark_session.conf.set(name, "true")
        assert _evaluate("--via", way, events="table:signs") == 0, capsys.readouterr().err
    finally:
        for name, value in before.items():
            spark_session.conf.set(name, value)
        spark_session.catalog.dropTempView("signs")
    assert (shell.folder / "out/ledger.csv").read_text().count(",gift,") == 2


def test_times_that_a_table_keeps_as_text_are_refused_in_another_zone(
    spark_session: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    spark_session.conf.set("spark.sql.session.timeZone", "Europe/Brussels")
    spark_session.sql(
        "CREATE TABLE texts USING csv AS SELECT 'e1' AS event_id, 'ann' AS member_id, 'gift' AS activity,"
        " TIMESTAMP_LTZ'2024-02-01 00:30:00' AS occurred_at"
    )
    clock = "to_utc_timestamp(CAST(occurred_at AS STRING), 'Europe/Brussels') AS occurred_at"
    try:
        assert _evaluate("--via", "fold", events="table:texts") == 3
        said = capsys.readouterr().err
        assert (
            "`occurred_at` is kept as text, in which times without a zone are those of Europe/Brussels"
            in said
        )
        columns = "event_id, member_id, activity"
        query = f"query:SELECT {columns}, {clock} FROM texts"  # noqa: S608 - of this test
        assert _evaluate("--via", "fold", events=query) == 3
        spark_session.conf.set("spark.sql.session.timeZone", "UTC")
        assert _evaluate("--via", "fold", events="table:texts") == 0, capsys.readouterr().err
    finally:
        spark_session.conf.set("spark.sql.session.timeZone", "UTC")
        spark_session.sql("DROP TABLE texts")


@pytest.mark.parametrize("name", ["out plain", "out#1", "out%20x", "out[1]", "o:t", "oü*{a,b}"])
def test_any_name_of_a_folder_is_one_for_executors(
    shell: Shell, spark_session: Any, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    spark_session.sql(ROWS).createOrReplaceTempView("events")
    log = ("--events", "table:events", "--members", "members.csv", "--backend", "spark", "--via", "fold")
    try:
        code = exit_code_of(["evaluate", "club", *log, "--output-format", "parquet-folder", "--out", name])
    finally:
        spark_session.catalog.dropTempView("events")
    assert code == 0, capsys.readouterr().err
    assert pq.read_table(shell.folder / name / "ledger.parquet").num_rows == 2
    assert [path.name for path in shell.folder.iterdir() if path.name.startswith("o")] == [name]


@pytest.mark.parametrize(
    "wrong", ["CAST('2025-02-30' AS DATE)", "DATE'2024-02-01' + CAST(1 / (id - 1) AS INT)"]
)
@pytest.mark.parametrize("way", ["plan", "fold"])
def test_a_query_that_comes_to_an_error_is_told(
    capsys: pytest.CaptureFixture[str], wrong: str, way: str
) -> None:
    columns = (
        f"CAST(id AS STRING) AS event_id, 'ann' AS member_id, 'gift' AS activity, {wrong} AS occurred_at"
    )
    query = f"query:SELECT {columns} FROM range(3)"  # noqa: S608 - of this test
    assert _evaluate("--via", way, events=query) == 3
    said = capsys.readouterr().err
    assert "what is read comes to an error: [" in said, said
    assert "correct the query or the view, or the rows that it reads" in said


def test_columns_that_cut_or_pad_texts_are_other_columns(spark_session: Any) -> None:
    texts = pa.schema([("one", pa.string()), ("two", pa.string())])
    spark_session.sql("CREATE TABLE cut (one VARCHAR(4), two CHAR(20)) USING parquet")
    try:
        with pytest.raises(EngineError, match=r"varchar\(4\)"):
            to_make(spark_session, {"cut": texts}, replace=False)
        assert to_make(spark_session, {"cut": texts}, replace=True) == {"cut"}
    finally:
        spark_session.sql("DROP TABLE cut")


def test_an_external_table_is_not_dropped_while_its_files_stay(spark_session: Any, tmp_path: Path) -> None:
    spark_session.sql(f"CREATE TABLE outside (x INT) USING parquet LOCATION '{tmp_path}/outside'")
    try:
        with pytest.raises(EngineError, match="`outside` is an external table with other columns"):
            to_make(spark_session, {"outside": pa.schema([("one", pa.string())])}, replace=True)
    finally:
        spark_session.sql("DROP TABLE outside")


def test_the_session_that_was_there_sees_what_tables_have_become(spark_session: Any) -> None:
    copy = spark_session.__class__(
        spark_session.sparkContext,
        spark_session._jsparkSession.cloneSession(),  # noqa: SLF001 - as sessions are taken
    )
    engine = SparkEngine(copy, origin=spark_session)
    numbers = pa.schema([("number", pa.int64())])
    try:
        for many in (1, 2):
            rows = f"SELECT id AS number FROM range({many})"  # noqa: S608 - of this test
            engine.write_tables({"seen": TableRows(numbers, rows)}, replace=False)
            assert spark_session.table("seen").count() == many
    finally:
        spark_session.sql("DROP TABLE seen")


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
