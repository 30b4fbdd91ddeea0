"""The commands of docs/large-logs.md do what it says."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("duckdb", reason="the extra `duckdb` is not installed")

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "large-logs.md").read_text(encoding="utf-8")


def commands(block: str) -> list[str]:
    """The lines of a block of the page that call pointbook."""
    lines = PAGE.partition(f"<!-- {block} -->\n```sh\n")[2].partition("```")[0].splitlines()
    return [line for line in lines if line.startswith("pointbook ")]


def ran(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    arguments = [sys.executable, "-m", "pointbook_cli", *shlex.split(command)[1:]]
    return subprocess.run(arguments, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "rules").symlink_to(ROOT / "rules")
    return tmp_path


def test_a_large_log_is_made_and_evaluated(checkout: Path):
    made, evaluated = (ran(command, checkout) for command in commands("large log"))

    assert made.returncode == 0, made.stderr
    assert evaluated.returncode == 1, evaluated.stderr  # the sample has the mistakes of real exports
    assert "evaluated by the plan on duckdb with " in evaluated.stdout
    assert "rows read 100,000 = ledger " in evaluated.stdout
    written = {path.name for path in (checkout / "big" / "results").iterdir()}
    assert written == {
        *(f"{table}.parquet" for table in ("ledger", "standings", "history", "rejects", "seen")),
        "summary.json",
    }
    first, second = (ran(command, checkout) for command in commands("updating results"))
    assert "evaluated anew" not in first.stdout
    assert " of 2,000 members evaluated anew: 0 with other rows, " in second.stdout, second.stderr


def test_the_rules_are_printed_as_a_query(checkout: Path):
    (command,) = commands("sql")

    printed = ran(command, checkout)

    assert printed.returncode == 0, printed.stderr
    assert printed.stdout.startswith("-- dataminer-devops: standings, each event by its version")


def test_a_package_of_dbt_is_written(checkout: Path):
    (command,) = commands("dbt")

    written = ran(command, checkout)

    assert written.stdout == "written to pointbook-dbt/\n", written.stderr
    assert (checkout / "pointbook-dbt" / "dbt_project.yml").is_file()
