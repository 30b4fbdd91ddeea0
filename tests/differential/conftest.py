from __future__ import annotations

import os
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

HERE = Path(__file__).parent
# Test folders are not packages; these share modules.
sys.path[:0] = [str(HERE), *(str(HERE.parent / folder) for folder in ("cli", "unit/folding"))]

from club_shell import ROOT, Shell, club_in  # noqa: E402 - found by the line above

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pointbook.scenarios.running import Evaluator


def missing(reason: str) -> None:
    """Skip with a reason; in CI, where everything must be there, fail."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Spark's driver leaves sockets to the garbage collector, which meets them during any test.

    One worker has all tests of Spark: it takes much memory.
    """
    for item in items:
        if "spark_session" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("spark"))
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.filterwarnings("ignore:.*socket.socket.*"))
            item.add_marker(pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"))


@pytest.fixture(scope="session")
def postgres() -> Iterator[Evaluator]:
    """The plan on the PostgreSQL server that POINTBOOK_POSTGRES names."""
    url = os.environ.get("POINTBOOK_POSTGRES")
    if url is None:
        missing("POINTBOOK_POSTGRES does not name a server, such as postgresql://user:password@127.0.0.1/db")
        return
    if find_spec("psycopg") is None:
        missing("the extra `postgres` is not installed")
    import psycopg  # noqa: PLC0415 - an extra
    from relational_evaluators import evaluated_by  # noqa: PLC0415 - needs an extra

    from pointbook.relational.engines.postgres_session import PostgresSession  # noqa: PLC0415 - needs an extra

    with psycopg.connect(url, autocommit=True) as connection:
        yield evaluated_by(lambda: PostgresSession(connection))


@pytest.fixture
def server() -> Iterator[tuple[str, Any]]:
    """The URL of a PostgreSQL server with an empty schema of our own, and a connection to it."""
    url = os.environ.get("POINTBOOK_POSTGRES")
    if url is None:
        missing("POINTBOOK_POSTGRES does not name a server")
    import psycopg  # noqa: PLC0415 - an extra

    schema = f"test_{os.getpid()}"
    with psycopg.connect(str(url), autocommit=True) as connection:
        connection.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE")
        connection.execute(f"CREATE SCHEMA {schema}")
        connection.execute(f"SET search_path = {schema}")
        joint = "&" if "?" in str(url) else "?"
        yield f"{url}{joint}options=-csearch_path%3D{schema}", connection
        connection.execute(f"DROP SCHEMA {schema} CASCADE")


@pytest.fixture
def postgres_session() -> Iterator[Any]:
    url = os.environ.get("POINTBOOK_POSTGRES")
    if url is None:
        missing("POINTBOOK_POSTGRES does not name a server")
    import psycopg  # noqa: PLC0415 - an extra

    from pointbook.relational.engines.postgres_session import PostgresSession  # noqa: PLC0415 - an extra

    with psycopg.connect(str(url), autocommit=True) as connection:
        yield PostgresSession(connection)


SPARK_FOR_SMALL_LOGS = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.driver.host": "127.0.0.1",
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.adaptive.enabled": "false",
    # Cases have a handful of rows: compiling a query costs more than running it.
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
}


@pytest.fixture(scope="session")
def spark_session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """One local Spark for all tests, which no command that finds it stops."""
    if find_spec("pyspark") is None:
        missing("the extra `spark` is not installed")
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        missing("Spark needs Java")
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")  # or it looks for the machine's own name
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # which has this package
    from pyspark.sql import SparkSession  # noqa: PLC0415 - an extra

    builder = SparkSession.builder.master("local[2]")
    builder = builder.config("spark.sql.warehouse.dir", str(tmp_path_factory.mktemp("warehouse")))
    for name, value in SPARK_FOR_SMALL_LOGS.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SparkSession, "stop", lambda _: None)
        yield session
    session.stop()


@pytest.fixture(scope="session")
def spark(spark_session: Any) -> Evaluator:
    """The plan on a local Spark."""
    from relational_evaluators import evaluated_by  # noqa: PLC0415 - needs an extra

    from pointbook.relational.engines.spark_session import SparkEngine  # noqa: PLC0415 - needs an extra

    return evaluated_by(lambda: SparkEngine(spark_session))


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """A folder with the program `club/`, members.csv and events.csv."""
    return club_in(tmp_path)


@pytest.fixture(scope="session")
def repository() -> Shell:
    """The repository itself; nothing is written to it."""
    return Shell(ROOT)
