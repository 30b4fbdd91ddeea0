"""`pointbook sql`: one golden file for each dialect, and the query run on DuckDB."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("ibis", reason="the extra `duckdb` is not installed")

from click.testing import CliRunner
from relational_evaluators import relational_tables

from pointbook.loading import load
from pointbook.log import RawRow, accepted_log
from pointbook.relational import evaluate_relational
from pointbook.relational.duckdb_session import DuckDBSession
from pointbook_cli.commands.sql import DIALECTS, command

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = Path(__file__).parent
RULES = HERE.parent.parent / "rules" / "dataminer-devops"
AS_OF = date(2025, 12, 31)


def script(*arguments: str) -> str:
    result = CliRunner().invoke(
        command, [str(RULES), "--as-of", "2025-12-31", *arguments], catch_exceptions=False
    )
    assert result.exit_code == 0, result.output
    return result.output


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_sql_of_a_dialect_is_as_reviewed(dialect: str, golden: Callable[[Path, str], None]) -> None:
    golden(HERE / "sql" / f"ledger.{dialect}.sql", script("2024-03-13", "--dialect", dialect))


@pytest.mark.parametrize("result", ["ledger", "standings", "history"])
def test_the_printed_query_gives_what_the_evaluator_gives(result: str) -> None:
    program = load(RULES).program
    assert program is not None
    members = [RawRow("members", 2, "2", {"member_id": "ann", "signed_up_on": "2023-02-01"})]
    rows = [
        {
            "event_id": f"e{number}",
            "member_id": "ann",
            "activity": activity,
            "occurred_at": f"2024-{month:02}-05",
        }
        for number, (activity, month) in enumerate(
            (("feedback", 3), ("feedback", 3), ("feedback", 3), ("docs.typo", 4))
        )
    ]
    log = accepted_log(
        program, members, [RawRow("events", row, str(row), cells) for row, cells in enumerate(rows, 2)]
    )
    session = DuckDBSession()
    evaluation = evaluate_relational(program, log, as_of=AS_OF, session=session)
    wanted = relational_tables(evaluation)[result]
    found = session.rows(script("--result", result)).read_all().to_pylist()
    assert [tuple(map(str, row.values())) for row in found] == [tuple(map(_plain, row)) for row in wanted]


def _plain(value: object) -> str:
    return str(value).replace("T00:00:00", " 00:00:00")
