"""The package that `pointbook sql --dbt` writes, built by dbt: its results are those of `evaluate`.

Run by `just dbt`, which installs dbt in an environment of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from logs import Log, guild, shipped

if TYPE_CHECKING:
    from pathlib import Path

    from warehouses import Warehouse

RESULTS = ("ledger", "standings", "history")


@pytest.fixture(params=["shipped", "guild"])
def log(request: pytest.FixtureRequest, tmp_path: Path) -> Log:
    return shipped() if request.param == "shipped" else guild(tmp_path)


def test_the_package_gives_what_evaluate_gives(warehouse: Warehouse, log: Log) -> None:
    """Rows that are not clean are among them; so are all reasons that SQL can tell."""
    any_case = f"text COLLATE {warehouse.any_case}"
    texts = {name: any_case for name, kind in log.events.items() if kind == "text"}
    log._replace(events=log.events | texts).load(warehouse)
    warehouse.write_package(log.program)
    for as_of in log.as_of:
        code, said = warehouse.dbt("build", "--vars", f"{{as_of: {as_of}}}")
        assert code == 0, said
        assert "deprecat" not in said.lower().replace("this version of dbt is deprecated", ""), said
        wanted = warehouse.evaluated(log.program, as_of)
        for result in RESULTS:
            found = warehouse.rows(f"SELECT * FROM pointbook_{result}")  # noqa: S608 - one of ours
            assert in_order(found) == in_order(wanted[result]), result
        rejects = warehouse.rows('SELECT source, event_id, "column", reason FROM pointbook_rejects')
        assert in_order(rejects) == in_order(_short(wanted["rejects"]))
    reasons = {row[3] for row in rejects}
    assert reasons >= {"missing_value", "bad_value", "unknown_member", "duplicate", "conflicting_duplicate"}
    assert len(wanted["ledger"]) > 500


@pytest.mark.parametrize("warehouse", ["duckdb"], indirect=True)  # the same macros and tests everywhere
def test_dbt_refuses_what_the_package_is_not_for(warehouse: Warehouse) -> None:
    """A build without its day, a day that is none, a type that is not read, a column that is not there."""
    log = shipped()._replace(
        event_rows=[("e1", "m1", "visit", "2024-01-01", 1, 1, None)], member_rows=[("m1", "2024-01-01")]
    )
    log.load(warehouse)
    warehouse.write_package(log.program)
    code, said = warehouse.dbt("build")
    assert code == 1
    assert "say which day is the last that counts, as in --vars '{as_of: 2026-01-31}'" in said
    code, said = warehouse.dbt("build", "--vars", "{as_of: yesterday}")
    assert code == 1
    assert "say which day is the last that counts" in said
    warehouse.load("typed", log.events | {"points": "text"}, log.event_rows)
    code, said = warehouse.dbt("build", "--vars", "{as_of: 2024-01-31, pointbook_events: typed}")
    assert code == 1
    assert "column points is of type text; cast it in a view to integer or decimal" in said
    assert "and name that by the variable pointbook_events or pointbook_members" in said
    code, said = warehouse.dbt("build", "--vars", "{as_of: 2024-01-31, pointbook_events: members}")
    assert code == 1
    assert "there is no column event_id, only member_id, signed_up_on" in said
    warehouse.dialect = {"duckdb": "postgres", "postgres": "duckdb"}[warehouse.dialect]
    warehouse.write_package(log.program)
    code, said = warehouse.dbt("build", "--vars", "{as_of: 2024-01-31}")
    assert code == 1
    assert "write it anew with `pointbook sql PROGRAM --dialect DIALECT --dbt DIR`" in said


@pytest.mark.parametrize("warehouse", ["duckdb"], indirect=True)  # the same macros and tests everywhere
def test_an_optional_column_that_is_called_otherwise_is_not_passed_over_in_silence(
    warehouse: Warehouse,
) -> None:
    log = shipped()._replace(
        event_rows=[("e1", "m1", "visit", "2024-01-01", 1, 1, None)], member_rows=[("m1", "2024-01-01")]
    )
    log.load(warehouse)
    warehouse.write_package(log.program)
    build = ("build", "--vars", "{as_of: 2024-01-31}")
    warehouse.run('ALTER TABLE events RENAME points TO "Points"')
    code, said = warehouse.dbt(*build)
    assert code == 1
    said = " ".join(said.split())
    assert "there is no column points in " in said
    assert "but Points; have a view call it points, and name that by the variable pointbook_events" in said
    warehouse.run('ALTER TABLE events RENAME "Points" TO point', "ALTER TABLE events ADD loaded_at TIMESTAMP")
    code, said = warehouse.dbt(*build)
    said = " ".join(said.split())
    assert code == 0
    assert "has no column points, so that there is nothing in it; passed over: point, loaded_at" in said
    warehouse.run("ALTER TABLE events RENAME point TO points")
    code, said = warehouse.dbt(*build)
    assert (code, "passed over" in said) == (0, False)


@pytest.mark.parametrize("warehouse", ["duckdb"], indirect=True)  # the same macros and tests everywhere
def test_rows_that_go_astray_fail_a_test_of_the_package(warehouse: Warehouse) -> None:
    """Were an event lost between the source and the ledger, the build would be red."""
    log = shipped()
    log = log._replace(event_rows=log.event_rows[:20])
    log.load(warehouse)
    warehouse.write_package(log.program)
    assert warehouse.dbt("build", "--vars", "{as_of: 2025-12-31}")[0] == 0
    warehouse.run(
        "DELETE FROM pointbook_ledger WHERE event_id = (SELECT MIN(event_id) FROM pointbook_ledger)"
    )
    code, said = warehouse.dbt("test", "--vars", "{as_of: 2025-12-31}")
    assert code == 1
    assert "pointbook_events_are_accounted_for" in said
    assert "ERROR=1" in said


def in_order(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return sorted(rows, key=lambda row: [(cell is None, str(cell)) for cell in row])


def _short(rejects: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """The source's kind, the event's id, the column and the reason."""
    return [(row[0].removeprefix("table:"), row[3] or None, row[2], row[4]) for row in rejects]
