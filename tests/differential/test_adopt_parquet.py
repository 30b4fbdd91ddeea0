"""`pointbook adopt` on Parquet, whose values are typed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pyarrow as pa
from pyarrow import parquet

from pointbook.adoption import adopted
from pointbook_cli.main import exit_code_of

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_a_parquet_export_is_looked_at_and_its_drafts_evaluate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = datetime(2024, 1, 3, 9, 0, tzinfo=UTC)
    numbers = range(30)
    table = pa.table(
        {
            "id": pa.array(numbers, pa.int64()),
            "user_id": [f"u{one % 3}" for one in numbers],
            "verb": pa.array([("like", "post")[one % 2] for one in numbers]).dictionary_encode(),
            "created": pa.array([at + timedelta(hours=one) for one in numbers], pa.timestamp("us", "UTC")),
            "length": pa.array([None if one % 2 else one * 10 for one in numbers], pa.int32()),
            "tags": [["a"] for _ in numbers],
        }
    )
    parquet.write_table(table.drop(["tags"]), tmp_path / "export.parquet")
    parquet.write_table(table, tmp_path / "nested.parquet")
    users = {"user_id": ["u0", "u1", "u2"], "joined": [date(2023, 1, one) for one in (1, 2, 3)]}
    parquet.write_table(pa.table(users), tmp_path / "users.parquet")
    monkeypatch.chdir(tmp_path)

    found = adopted("nested.parquet", "users.parquet")
    roles = {str(role): guess.column.name for role, guess in found.events.guesses.items()}
    assert roles == {"event_id": "id", "member_id": "user_id", "activity": "verb", "occurred_at": "created"}
    assert found.events.export.passed_over == ("tags",)

    adopting = ["adopt", "export.parquet", "--members", "users.parquet", "--out", "club", "--draft-rules"]
    assert exit_code_of(adopting) == 0
    log = ["--events", "export.parquet", "--members", "users.parquet"]
    for backend in ("python", "duckdb"):
        options = ["--out", backend, "--backend", backend]
        assert exit_code_of(["evaluate", "club", *log, *options]) == 0
    ledgers = [(tmp_path / backend / "ledger.csv").read_text() for backend in ("python", "duckdb")]
    assert ledgers[0] == ledgers[1]
    assert (
        ledgers[0].splitlines()[1].startswith("0,u0,like,2024-01-03T09:00:00,2024-01-01,points,0,0,awarded")
    )
