from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # test folders are not packages; these share modules

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pointbook.scenarios.running import Evaluator


def missing(reason: str) -> None:
    """Skip with a reason; in CI, where everything must be there, fail."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Evaluator]:
    """The plan on the PostgreSQL server that POINTBOOK_POSTGRES names."""
    url = os.environ.get("POINTBOOK_POSTGRES")
    if url is None:
        missing("POINTBOOK_POSTGRES does not name a server, such as postgresql://user:password@127.0.0.1/db")
        return
    psycopg = pytest.importorskip("psycopg", reason="the extra `postgres` is not installed")
    from relational_evaluators import evaluated_by  # noqa: PLC0415 - needs an extra

    from pointbook.relational.postgres_session import PostgresSession  # noqa: PLC0415 - needs an extra

    with psycopg.connect(url, autocommit=True) as connection:
        yield evaluated_by(lambda: PostgresSession(connection))


@pytest.fixture(scope="session")
def spark() -> Iterator[Evaluator]:
    """The plan on a local Spark."""
    sql = pytest.importorskip("pyspark.sql", reason="the extra `spark` is not installed")
    from relational_evaluators import evaluated_by  # noqa: PLC0415 - needs an extra

    from pointbook.relational.spark_session import SparkEngine  # noqa: PLC0415 - needs an extra

    builder = sql.SparkSession.builder.master("local[2]")
    for name, value in {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.shuffle.partitions": "1",
        "spark.sql.adaptive.enabled": "false",
        "spark.driver.host": "127.0.0.1",
    }.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    yield evaluated_by(lambda: SparkEngine(session))
    session.stop()
