from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
DBT = ROOT / "build/dbt/bin/dbt"
sys.path[:0] = [str(HERE), str(HERE.parent / "cli")]  # test folders are not packages; these share modules

if TYPE_CHECKING:
    from collections.abc import Iterator

    from warehouses import Warehouse


def missing(reason: str) -> None:
    """Skip with a reason; in CI, where everything must be there, fail."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(params=["duckdb", "postgres"])
def warehouse(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Warehouse]:
    """An empty warehouse that dbt builds in."""
    if not DBT.exists():
        missing(f"there is no {DBT.relative_to(ROOT)}: run `just dbt`")
    from warehouses import DuckDBFile, PostgreSQLSchema  # noqa: PLC0415 - need extras

    if request.param == "duckdb":
        yield DuckDBFile(tmp_path)
        return
    url = os.environ.get("POINTBOOK_POSTGRES")
    if url is None:
        missing("POINTBOOK_POSTGRES does not name a server")
    parts: Any = urlsplit(str(url))
    with PostgreSQLSchema(tmp_path, str(url), parts) as schema:
        yield schema
