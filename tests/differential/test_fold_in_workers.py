"""The interpreter in this process, and the fold by 1, 2 and 5 workers over any form of a log: the same lines.

Workers are folds of their own that get bytes, as a process does, but no processes: these are begun by
`tests/cli/test_workers.py`. PostgreSQL and Spark have `test_fold_on_servers.py`.
"""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("ibis", reason="the extra `duckdb` is not installed")

from dealt_pieces import WHOLE, cut_at_every_member, dealt, sources
from differential_rulesets import Case, cases
from fold_lines import interpreted_lines
from hypothesis import HealthCheck, assume, given, settings
from test_conformance_relational import CASES, case_name, loaded
from test_random_rulesets import EXAMPLES

from pointbook.folding.stream import Folding
from pointbook.loading import load_program
from pointbook.log import RawRow, accepted_log
from pointbook.model.ledger import Assume
from pointbook.relational.engines.duckdb_session import DuckDBSession
from pointbook.scenarios import scenario_from
from pointbook.scenarios.reading import scenario_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from club_shell import Shell

DEALT = ((1, 3), (2, 1), (5, 2))
"""So many workers, and so many events and members of a piece at most."""


@pytest.fixture(scope="module")
def session() -> Iterator[DuckDBSession]:
    opened = DuckDBSession(threads=1)
    yield opened
    opened.connection.close()


def check(
    folding: Folding,
    rows: dict[str, Sequence[RawRow]],
    folder: Path,
    session: DuckDBSession,
) -> None:
    """Assert that every source of the rows, cut and dealt in every way, comes to the interpreter's lines."""
    log = accepted_log(folding.program, rows["members"], rows["events"])
    wanted = interpreted_lines(folding, log)
    for source in sources(folding, rows, log, folder, session):
        for workers, size in DEALT:
            found = dealt(source, source.pieces(size), workers)
            assert found == wanted, f"{source.name}: {workers} workers, pieces of {size}"
        found = dealt(source, cut_at_every_member(source.pieces(WHOLE)), 2)
        assert found == wanted, f"{source.name}: a piece for each member"


@pytest.mark.parametrize("path", CASES, ids=case_name)
def test_workers_agree_with_the_case(path: Path, tmp_path: Path, session: DuckDBSession) -> None:
    scenario, _ = scenario_from(scenario_file(path), loaded(path.parent.parent))
    assert scenario is not None
    as_of = scenario.as_of or date(2024, 12, 31)
    folding = Folding(scenario.program, as_of, scenario.version, scenario.assume)
    check(folding, {"members": scenario.members, "events": scenario.events}, tmp_path, session)


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=EXAMPLES == 15,
    suppress_health_check=list(HealthCheck),
)
@given(cases())
def test_workers_agree_on_random_rules_and_logs(session: DuckDBSession, case: Case) -> None:
    with tempfile.TemporaryDirectory() as folder:
        program = case.written_to(Path(folder))
        assume(program is not None)
        assert program is not None
        folding = Folding(program, case.as_of, None, Assume(case.assume))
        check(folding, case.rows(), Path(folder), session)


def _rows(name: str, columns: str, *lines: str) -> list[RawRow]:
    cells = [dict(zip(columns.split(","), line.split(","), strict=True)) for line in lines]
    return [RawRow(name, number, str(number), row) for number, row in enumerate(cells, start=2)]


def _check_club(
    shell: Shell,
    session: DuckDBSession,
    as_of: date,
    members: list[tuple[str, str]],
    events: Sequence[tuple[str, ...]],
) -> None:
    """The club's rules: members with their sign-up; events with their member and time, which are visits."""
    folding = Folding(load_program(shell.folder / "club"), as_of, None, Assume.NONE)
    rows = {
        "members": _rows("members", "member_id,signed_up_on", *map(",".join, members)),
        "events": _rows(
            "events",
            "event_id,member_id,occurred_at,activity,days",
            *(",".join((*one, "visit", "")[:5]) for one in events),
        ),
    }
    log = accepted_log(folding.program, *rows.values())
    assert not log.rejects
    assert not log.member_rejects
    check(folding, rows, shell.folder, session)


def test_ids_that_other_orders_than_code_points_would_mix_up(shell: Shell, session: DuckDBSession) -> None:
    ids = [
        "a",
        "B",
        "b",
        "A",
        "\u00e9",
        "e",
        "z",
        "e\u0301",
        "\U0001f600",
        "\uffff",
        "\ufb01",
        'q"',
        "q'",
        "q",
        "q\\",
        "10",
        "9",
    ]
    events = [(f"{member}{number}", member, f"2024-0{number}-05") for number in (3, 2, 1) for member in ids]
    events += [(f"{event}!", "\uffff", "2024-05-05T10:00Z") for event in ids]
    _check_club(shell, session, date(2024, 12, 31), [(one, "2024-01-01") for one in reversed(ids)], events)


def test_a_midnight_that_comes_twice_can_lie_between_two_pieces(shell: Shell, session: DuckDBSession) -> None:
    """In S\u00e3o Paulo clocks went back from 18 February 2018, 00:00, to 17 February, 23:00."""
    shell.edit("club/program.yaml", "Europe/Brussels", "America/Sao_Paulo")
    shell.edit("club/versions/2024.yaml", "effective_from: 2024-01-01", "effective_from: 2017-01-01")
    shell.edit("club/versions/2024.yaml", "per: calendar_month", "per: day")
    times = ["01:30", "01:59:59.999999", "02:00", "02:30", "02:59:59", "03:00", "03:30"]
    events = [(f"e{number}", "ann", f"2018-02-18T{time}Z") for number, time in enumerate(times)]
    events += [("skipped", "ann", "2018-11-04T00:00"), ("after", "ann", "2018-11-04T03:00Z")]
    events += [("one", "bob", "2018-02-17T23:30"), ("two", "bob", "2018-02-18T00:00")]
    for as_of in (date(2018, 2, 17), date(2018, 2, 18), date(2019, 3, 1)):
        _check_club(shell, session, as_of, [("ann", "2017-02-18"), ("bob", "2018-02-18")], events)


def test_members_and_events_after_the_last_day_lie_in_pieces_of_their_own(
    shell: Shell, session: DuckDBSession
) -> None:
    members = [
        ("ann", "2024-01-01"),
        ("bob", "2024-09-01"),
        ("cid", "2024-06-30"),
        ("dan", "2024-07-01"),
        ("eve", "2025-01-01"),
    ]
    events = [
        (f"{member}-{month}", member, f"2024-{month:02}-15T12:00")
        for member, _ in members[:4]
        for month in range(1, 13)
    ]
    events += [("last", "ann", "2024-06-30T23:59:59.999999"), ("first", "ann", "2024-07-01T00:00")]
    _check_club(shell, session, date(2024, 6, 30), members, events)


def test_amounts_beyond_64_bits_across_pieces(shell: Shell, session: DuckDBSession) -> None:
    """Amounts that a column can hold, and a total that none can, of a member between two others."""
    shell.edit("club/versions/2024.yaml", "days, points: 30", "days, points: 1000000000")
    members = [("ann", "2024-01-01"), ("bob", "2024-01-01"), ("cid", "2024-01-01")]
    events = [("a", "ann", "2024-01-05"), ("c", "cid", "2024-01-05")]
    large = [(f"b{month}", "bob", f"2024-{month:02}-15", "course", "5000000000") for month in range(1, 6)]
    _check_club(shell, session, date(2024, 12, 31), members, [*events, *large])
