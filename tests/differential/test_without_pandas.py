"""No process of the command imports pandas, whether it is installed or not."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("ibis", reason="the extra `duckdb` is not installed")

RULES = Path(__file__).resolve().parents[2] / "rules" / "dataminer-devops"
COMMAND = [sys.executable, "-m", "pointbook_cli"]


@pytest.mark.parametrize("way", ["fold", "plan"])
def test_arrow_does_not_import_pandas(tmp_path, way):
    log, traps = tmp_path / "log", tmp_path / "traps"
    traps.mkdir()
    (traps / "pandas.py").write_text("raise SystemExit('pandas was imported')\n", encoding="utf-8")
    size = ["--members", "20", "--events", "100", "--mistakes", "0"]
    subprocess.run([*COMMAND, "sample", str(RULES), "--out", str(log), *size], check=True)
    sources = ["--members", str(log / "members.csv"), "--events", str(log / "events.csv")]
    options = ["--out", str(tmp_path / "out"), "--output-format", "parquet", "--via", way]
    subprocess.run(
        [*COMMAND, "evaluate", str(RULES), *sources, *options],
        check=True,
        env={**os.environ, "PYTHONPATH": str(traps)},
    )
