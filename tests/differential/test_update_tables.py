"""`evaluate --update` on random histories of a log: every night the rows of a full run, in tables."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest

pytest.importorskip("duckdb", reason="the extra `duckdb` is not installed")

import duckdb
from differential_rulesets import Case, cases
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from nightly_logs import NightlyLog
from this_process import run_here

from pointbook_cli.commands import evaluate
from pointbook_cli.evaluation.updating import updated

if TYPE_CHECKING:
    from collections.abc import Callable

    Rows = Callable[[str], list[tuple[Any, ...]]]

TABLES = ("ledger", "standings", "history", "rejects", "seen")
EXAMPLES = int(os.environ.get("POINTBOOK_EXAMPLES", "2"))
NIGHTS = 5


@pytest.fixture(autouse=True)
def _however_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where most members are to be evaluated: these logs have few."""
    monkeypatch.setattr(updated, "_MOST_OF_ALL", 0)


def _evaluated(folder: Path, url: str, prefix: str, *options: str) -> dict[str, Any]:
    """The summary of a run that writes tables."""
    to = ("--backend", url, "--output-format", "table", "--table-prefix", prefix, "--out", prefix)
    code, _, err = run_here(("evaluate", "rules", *to, *options), folder)
    assert code in {0, 1}, err.decode()
    found: dict[str, Any] = json.loads((folder / prefix / "summary.json").read_bytes())
    return found


def _live_through(case: Case, seed: int, url: str, rows: Rows) -> None:
    """Some nights of a history, of which every one is updated, and evaluated as a whole."""
    random = Random(seed)  # noqa: S311 - no secret
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        program = case.written_to(folder / "rules")
        assume(program is not None)
        log = NightlyLog(random, case.as_of)
        log.begin(random.choice((2, 5, 9)), random.choice((10, 40)))
        ways = ["begin"]
        for _ in range(NIGHTS):
            options = [*log.write(folder), "--as-of", log.as_of.isoformat(), "--assume", case.assume]
            with patch.object(evaluate, "load_program", return_value=program):
                own = _evaluated(folder, url, "own_", *options, "--update")
                full = _evaluated(folder, url, "full_", *options, "--via", "fold")
            for table in TABLES:
                found = [
                    sorted(rows(f"SELECT * FROM {prefix}_{table}"), key=repr)  # noqa: S608 - of this test
                    for prefix in ("own", "full")
                ]
                assert found[0] == found[1], (table, ways, seed)
            newest = "SELECT kind, as_of FROM own_runs ORDER BY finished_at DESC LIMIT 1"
            is_update = "update" in own["evaluated"]
            assert rows(newest) == [("update" if is_update else "full", log.as_of)]
            assert own | {"evaluated": None} == full | {"evaluated": None}, (ways, seed)
            ways = log.night()


HISTORIES = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=EXAMPLES == 2,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.generate,),  # a history takes seconds; the seed says enough
)


@HISTORIES
@given(case=cases(), seed=st.integers(0, 1 << 30))
def test_nightly_updates_of_tables_in_duckdb_equal_full_runs(
    tmp_path_factory: pytest.TempPathFactory, case: Case, seed: int
) -> None:
    file = tmp_path_factory.mktemp("duckdb") / "results.duckdb"

    def rows(query: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(file)) as connection:
            return connection.execute(query).fetchall()

    _live_through(case, seed, f"duckdb://{file}", rows)


@HISTORIES
@given(case=cases(), seed=st.integers(0, 1 << 30))
def test_nightly_updates_of_tables_in_postgresql_equal_full_runs(
    server: tuple[str, Any], case: Case, seed: int
) -> None:
    url, connection = server
    for table in (*TABLES, "runs"):
        for prefix in ("own", "full"):
            connection.execute(f"DROP TABLE IF EXISTS {prefix}_{table}")
    _live_through(case, seed, url, lambda query: connection.execute(query).fetchall())
