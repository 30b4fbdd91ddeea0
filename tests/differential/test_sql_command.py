"""`pointbook sql`: one golden file for each dialect, and the query run on DuckDB and PostgreSQL."""

from __future__ import annotations

import csv
import json
import os
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2
import pytest

pytest.importorskip("ibis", reason="the extra `duckdb` is not installed")

from relational_evaluators import interpreted_tables

from conftest import missing
from pointbook.loading import load_program
from pointbook.log import read_log
from pointbook.model.tables import rows_of
from pointbook.relational.engines.duckdb_session import DuckDBSession
from pointbook.relational.inputs.log_in_session import put_log
from pointbook_cli.commands.sql import DIALECTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from club_shell import Shell

    from pointbook.relational.engines.sessions import Session

HERE = Path(__file__).parent
AS_OF = date(2025, 12, 31)
RESULTS = ("ledger", "standings", "history")


def _script(shell: Shell, *arguments: str) -> str:
    done = shell.run("sql", "club", "--as-of", AS_OF.isoformat(), *arguments)
    assert done.code == 0, done.err
    return done.out


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_sql_of_a_dialect_is_as_reviewed(
    shell: Shell, dialect: str, golden: Callable[[Path, str], None]
) -> None:
    golden(HERE / "sql" / f"ledger.{dialect}.sql", _script(shell, "--dialect", dialect))


@pytest.fixture(params=["duckdb", "postgres"])
def session(request: pytest.FixtureRequest) -> Iterator[Session]:
    """An engine that can run what is printed for its dialect."""
    if request.param == "duckdb":
        yield DuckDBSession()
        return
    url = os.environ.get("POINTBOOK_POSTGRES")
    if url is None:
        missing("POINTBOOK_POSTGRES does not name a server")
    import psycopg  # noqa: PLC0415 - an extra

    from pointbook.relational.engines.postgres_session import PostgresSession  # noqa: PLC0415 - an extra

    with psycopg.connect(str(url), autocommit=True) as connection:
        yield PostgresSession(connection)


@pytest.mark.parametrize("version", [None, "2025"])
def test_the_printed_query_gives_what_the_interpreter_gives(
    shell: Shell, session: Session, version: str | None
) -> None:
    """The club's log, and events that meet caps, have no value, and name no activity."""
    with (shell.folder / "events.csv").open("a", encoding="utf-8") as stream:
        stream.write(
            "e6,ann,visit,2024-02-05,,\ne7,ann,visit,2024-02-06,,\ne8,bob,review,2024-05-01,,\n"
            "e9,bob,vissit,2024-05-01,,\ne10,bob,course,2025-02-28,,9\ne11,bob,visit,2024-01-01,,\n"
        )
    program = load_program(shell.folder / "club")
    paths: dict[str, Any] = {name: [shell.folder / f"{name}.csv"] for name in ("members", "events")}
    log = read_log(program, **paths)
    wanted = interpreted_tables(program, log, as_of=AS_OF, version=version, assume="none")
    put_log(session, program, **paths)
    dialect = session.dialect.name
    for result in RESULTS:
        words = (*((version,) if version else ()), "--dialect", dialect, "--result", result)
        found = [row for rows in rows_of(session.rows(_script(shell, *words))) for row in rows]
        assert found == wanted[result], result
    assert {row[8] for row in wanted["ledger"]} == {
        *("awarded", "capped", "unvalued", "no_such_activity", "before_sign_up"),
    }


def test_a_constant_says_the_same_wherever_the_query_stands(shell: Shell, session: Session) -> None:
    """Indented, or as a model of dbt, which reads templates: with none in it, the text stays as it is."""
    kinds = ["two\n  lines", "a\r\nb", "{{ target.schema }}", "{% if x %}", "{# note #}", "{{{", "it's"]
    kinds += ["\x1b[31mred", "\x9b2J", "left\u202e", "a\u2028b", "a\u00a0b", "é"]
    shell.edit(
        "club/versions/2024.yaml",
        "  gift:\n",
        "  talk:\n    attributes: {kind: {type: text}}\n    points: {by: {attribute: kind, values: "
        + json.dumps({kind: number for number, kind in enumerate(kinds, start=1)})
        + "}}\n    eligible_if: {attribute: kind, in: "
        + json.dumps([*kinds, "none"])
        + "}\n  gift:\n",
    )
    with (shell.folder / "events.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(("event_id", "member_id", "activity", "occurred_at", "kind"))
        writer.writerows(
            (f"e{number}", "ann", "talk", "2024-02-01", kind) for number, kind in enumerate(kinds)
        )
    program = load_program(shell.folder / "club")
    put_log(session, program, members=[shell.folder / "members.csv"], events=[shell.folder / "events.csv"])
    script = _script(shell, "--dialect", session.dialect.name)
    model = jinja2.Template(script, keep_trailing_newline=True).render()
    assert model == script
    assert all(line.isprintable() for line in script.split("\n"))
    found = [row for rows in rows_of(session.rows(script)) for row in rows]
    assert [row[7] for row in sorted(found, key=lambda row: int(row[0][1:]))] == [*range(1, 14)]


def test_the_query_says_which_tables_it_reads_and_what_each_step_is(shell: Shell) -> None:
    script = _script(shell, "--dialect", "duckdb")
    first, _ = script.split("\n", 1)
    assert first == "-- club: ledger, each event by its version. The as-of date is `as_of`, below."
    assert "-- - no event_id and no member_id of `members` comes twice: a second row counts twice\n" in script
    assert "-- Reads `events` (" in script
    steps = [line for line in script.splitlines() if line.endswith(" AS (") and line.startswith('"')]
    lines = script.splitlines()
    assert len(steps) > 5
    assert all(lines[lines.index(step) - 1].startswith("-- ") for step in steps)


@pytest.mark.parametrize("result", RESULTS)
def test_the_as_of_date_stands_in_one_place(shell: Shell, result: str) -> None:
    one, other = (
        shell.run("sql", "club", "--as-of", day, "--result", result).out.splitlines()
        for day in ("2025-12-31", "2024-10-30")
    )
    differing = [pair for pair in zip(one, other, strict=True) if pair[0] != pair[1]]
    assert [line.strip() for line in differing[0]] == [
        f"SELECT CAST('{day}' AS DATE) AS \"day\"" for day in ("2025-12-31", "2024-10-30")
    ]
    assert len(differing) == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--dialect", "oracle", "--as-of", "2025-01-01"), "there is no `oracle`; known: "),
        (("--dialect", "duckdb"), "Error: --as-of DATE is missing:"),
        (("2026", "--as-of", "2025-01-01"), "there is no version `2026`; did you mean `2025`?"),
    ],
)
def test_wrong_usage_exits_with_2(shell: Shell, arguments: tuple[str, ...], words: str) -> None:
    done = shell.run("sql", "club", *arguments)
    assert done.code == 2
    assert words in done.err
    assert not done.out
