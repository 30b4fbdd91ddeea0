"""`evaluate --update`: who is evaluated anew, when everybody is, and what is said of it."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("duckdb", reason="the extra `duckdb` is not installed")

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from input_logs import INPUTS

from pointbook.loading import load_program
from pointbook.model.rules import LeapDay, anniversary
from pointbook.relational.engines.duckdb_session import DuckDBSession
from pointbook.relational.inputs.log_in_session import put_log
from pointbook.relational.updating.digests import DIGESTS, put_digests
from pointbook.relational.updating.whose_day import whose_day
from pointbook_cli.evaluation.updating import merged_files as updating

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from club_shell import Finished, Shell

FILES = ("ledger", "standings", "history", "rejects", "seen")
DAY = "2025-01-20"
MEMBERS = (
    "member_id,signed_up_on\nann,2024-01-10\nbob,2024-02-29\ncid,2024-03-04\ndan,2024-06-01\neve,2024-07-01\n"
)


@pytest.fixture
def club(shell: Shell) -> Shell:
    """Five members, and results of a run as of `DAY`."""
    (shell.folder / "members.csv").write_text(MEMBERS)
    done = _run(shell, "--as-of", DAY)
    assert done.code == 0, done.err
    return shell


def _run(shell: Shell, *options: str, out: str = "out") -> Finished:
    log = ("--events", "events.csv", "--members", "members.csv")
    return shell.run("evaluate", "club", *log, "--out", out, "--output-format", "parquet", *options)


def _update(club: Shell, *options: str) -> tuple[Finished, dict[str, Any]]:
    """An update, which must come to what a full run does."""
    done = _run(club, "--update", *options)
    assert done.code in {0, 1}, done.err
    assert _run(club, *options, out="full").code == done.code
    for name in FILES:
        own, full = (club.folder / out / f"{name}.parquet" for out in ("out", "full"))
        assert own.read_bytes() == full.read_bytes(), name
    own, full = (json.loads((club.folder / out / "summary.json").read_text()) for out in ("out", "full"))
    evaluated: dict[str, Any] = own.pop("evaluated")
    del full["evaluated"]
    assert own == full
    return done, evaluated


def _numbers(evaluated: dict[str, Any]) -> tuple[int, ...]:
    return tuple(evaluated["update"].values())


def _add(club: Shell, *rows: str) -> None:
    with (club.folder / "events.csv").open("a") as stream:
        stream.writelines(f"{row}\n" for row in rows)


def test_only_members_with_other_rows_are_evaluated(club: Shell) -> None:
    _add(club, "e6,ann,visit,2025-01-15,,")
    done, evaluated = _update(club, "--as-of", DAY)
    assert _numbers(evaluated) == (1, 1, 0, 0)
    assert "1 of 5 members evaluated anew: 1 with other rows, 0 whose day brings something\n" in done.out


def test_nothing_is_evaluated_where_nothing_has_changed(club: Shell) -> None:
    before = {path.name: path.read_bytes() for path in (club.folder / "out").glob("*.parquet")}
    _, evaluated = _update(club, "--as-of", DAY)
    assert _numbers(evaluated) == (0, 0, 0, 0)
    assert {path.name: path.read_bytes() for path in (club.folder / "out").glob("*.parquet")} == before


def test_a_row_that_reuses_the_id_of_an_event_takes_it_from_its_owner(club: Shell) -> None:
    _add(club, "e3,eve,visit,2024-08-01,,")  # e3 is bob's: both rows are rejected now
    _, evaluated = _update(club, "--as-of", DAY)
    assert _numbers(evaluated) == (1, 1, 0, 0)
    rows = pq.read_table(club.folder / "out/standings.parquet").to_pylist()
    assert {row["member_id"]: row["points"] for row in rows}["bob"] == 0


def test_members_who_come_go_or_are_known_at_last_are_found(club: Shell) -> None:
    _add(club, "e6,fay,visit,2025-01-15,,")
    done, evaluated = _update(club, "--as-of", DAY)
    assert done.code == 1  # nobody knows fay
    assert _numbers(evaluated) == (0, 0, 0, 0)
    (club.folder / "members.csv").write_text(MEMBERS.replace("dan,2024-06-01\n", "") + "fay,2024-12-24\n")
    done, evaluated = _update(club, "--as-of", DAY)
    assert _numbers(evaluated) == (1, 1, 0, 1)
    assert (
        "1 of 5 members evaluated anew: 1 with other rows, 0 whose day brings something; 1 member gone"
        in done.out
    )


def test_an_anniversary_is_a_day_that_brings_something(club: Shell) -> None:
    """The second year of bob, who signed up on 29 February, begins on 28 February 2025."""
    _, evaluated = _update(club, "--as-of", "2025-02-27")
    assert _numbers(evaluated) == (0, 0, 0, 0)
    _, evaluated = _update(club, "--as-of", "2025-02-28")
    assert _numbers(evaluated) == (1, 0, 1, 0)
    standings = pq.read_table(club.folder / "out/standings.parquet").to_pylist()
    assert {row["as_of"] for row in standings} == {date(2025, 2, 28)}
    assert {row["member_id"]: row["period"] for row in standings}["bob"] == 2


def test_an_event_counts_from_its_day_on(club: Shell) -> None:
    _add(club, "e6,eve,visit,2025-01-22,,")
    _, evaluated = _update(club, "--as-of", DAY)
    assert _numbers(evaluated) == (0, 0, 0, 0)
    _, evaluated = _update(club, "--as-of", "2025-01-22")
    assert _numbers(evaluated) == (1, 1, 0, 0)


@pytest.mark.parametrize("via", ["plan", "fold"])
def test_either_way_comes_to_the_same(club: Shell, via: str) -> None:
    _add(club, "e6,ann,visit,2025-01-15,,", "e7,ann,review,2025-01-16,20,", "e8,bob,gift,2025-01-17,3,")
    _, evaluated = _update(club, "--as-of", DAY, "--via", via)
    assert (evaluated["way"], *_numbers(evaluated)) == (via, 2, 2, 0, 0)
    summary = json.loads((club.folder / "out/summary.json").read_text())
    assert summary["counts"]["points_ignored"] == 1  # a gift is 5, whatever the log says
    _add(club, "e9,ann,visit,2025-01-18,,")
    _update(club, "--as-of", DAY, "--via", via)  # bob's is counted still


def test_everybody_is_evaluated_where_that_cannot_be_told_or_costs_no_more(club: Shell) -> None:
    def why(*options: str) -> str:
        done, evaluated = _update(club, *options)
        assert "update" not in evaluated
        [line] = [line for line in done.err.splitlines() if line.startswith("all members")]
        return line.removeprefix("all members are evaluated, because ")

    day = ("--as-of", DAY)
    assert why("--as-of", "2025-01-19") == "the last run was as of 2025-01-20, which is later than 2025-01-19"
    assert why(*day, "--assume", "low") == "the last run had --assume none"
    assert why(*day) == "the last run had --assume low"
    assert why(*day, "--version", "2024") == "the last run had no --version"
    assert why(*day) == "the last run had --version 2024"
    club.edit("club/versions/2024.yaml", "points: 40", "points: 41")
    assert why(*day) == "versions are not what they were in the last run"
    club.edit("club/program.yaml", "Reading Club", "Readers")
    assert why(*day) == "program.yaml is not what it was in the last run"
    (club.folder / "out/seen.parquet").unlink()
    assert why(*day) == "out has no seen.parquet of an earlier run"
    (club.folder / "out/summary.json").write_text("{}")
    assert why(*day) == "the last run left no summary that can be read"
    ledger = pq.read_table(club.folder / "out/ledger.parquet")
    pq.write_table(ledger.slice(1), club.folder / "out/ledger.parquet")
    assert why(*day) == "what stands as ledger is not what the last run has written"
    (club.folder / "out/history.parquet").write_text("?")
    assert why(*day) == "history.parquet cannot be read"
    _add(club, *(f"f{number},{name},gift,2025-01-15,," for number, name in enumerate(("ann", "bob", "cid"))))
    assert why(*day) == "3 of 5 members may differ"
    summary = json.loads((club.folder / "out/summary.json").read_text())
    (club.folder / "out/summary.json").write_text(json.dumps(summary | {"engine_version": "0.0.1"}))
    assert why(*day) == "the last run was by version 0.0.1"


def _edit_summary(key: str, value: object) -> Callable[[Path], None]:
    def edit(out: Path) -> None:
        summary = json.loads((out / "summary.json").read_text())
        (out / "summary.json").write_text(json.dumps({**summary, key: value}))

    return edit


def _flip_bytes(name: str) -> Callable[[Path], None]:
    def flip(out: Path) -> None:
        data = bytearray((out / name).read_bytes())
        data[4:100] = bytes(byte ^ 0xFF for byte in data[4:100])
        (out / name).write_bytes(data)

    return flip


def _other_points(out: Path) -> None:
    standings = pq.read_table(out / "standings.parquet")
    place = standings.schema.get_field_index("points")
    points = pa.array([1] * len(standings), standings.schema.field(place).type)
    pq.write_table(standings.set_column(place, "points", points), out / "standings.parquet")


def _numbers_for_digests(out: Path) -> None:
    seen = pq.read_table(out / "seen.parquet")
    metadata = seen.schema.metadata
    seen = seen.set_column(1, "digest", pa.array([1] * len(seen))).replace_schema_metadata(metadata)
    pq.write_table(seen, out / "seen.parquet")


@pytest.mark.parametrize(
    ("edit", "reason"),
    [
        (_edit_summary("as_of", "yesterday"), "the last run left no summary that can be read"),
        (_edit_summary("as_of", "2025-01-19"), "what stands as summary is not what the last run has written"),
        (_edit_summary("levels", [1]), "the last run left no summary that can be read"),
        (_edit_summary("evaluated", {"backend": None}), "the last run left no summary that can be read"),
        (_flip_bytes("seen.parquet"), "seen.parquet cannot be read"),
        (_flip_bytes("ledger.parquet"), "what stands as ledger is not what the last run has written"),
        (_other_points, "what stands as standings is not what the last run has written"),
        (_numbers_for_digests, "what stands as seen has other columns"),
    ],
)
def test_results_that_were_damaged_or_edited_are_written_anew(
    club: Shell, edit: Callable[[Path], None], reason: str
) -> None:
    edit(club.folder / "out")
    assert f"all members are evaluated, because {reason}" in _update(club, "--as-of", DAY)[0].err


def test_what_another_run_has_seen_is_not_taken_for_the_last_ones(club: Shell) -> None:
    """As many members and rows, but e1 is worth 90 in what stands, and 40 in what was seen."""
    seen = (club.folder / "out/seen.parquet").read_bytes()
    events = (club.folder / "events.csv").read_bytes()
    (club.folder / "events.csv").write_bytes(
        events.replace(b"e1,ann,visit,2024-02-01,,", b"e1,ann,course,2024-02-01,,3")
    )
    assert _run(club, "--as-of", DAY).code == 0
    (club.folder / "events.csv").write_bytes(events)
    (club.folder / "out/seen.parquet").write_bytes(seen)
    assert "is not what the last run has written" in _update(club, "--as-of", DAY)[0].err


def test_references_in_another_order_are_another_ledger(club: Shell) -> None:
    rows = "event_id,member_id,activity,occurred_at,points,days,shop,till\ne1,ann,visit,2024-02-01,,,x,y\n"
    (club.folder / "events.csv").write_text(rows)
    (club.folder / "club/log.yaml").write_text("events: {reference: [shop, till]}\n")
    assert _run(club, "--as-of", DAY).code == 0
    (club.folder / "club/log.yaml").write_text("events: {reference: [till, shop]}\n")
    assert "ledger has other columns" in _update(club, "--as-of", DAY)[0].err


def test_a_version_that_takes_effect_concerns_everybody(shell: Shell) -> None:
    assert _run(shell, "--as-of", "2024-12-31").code == 0
    done, _ = _update(shell, "--as-of", "2025-01-01")
    assert "because version 2025 takes effect on 2025-01-01\n" in done.err


def test_full_starts_over(club: Shell) -> None:
    done = _run(club, "--update", "--full", "--as-of", DAY)
    assert "evaluated anew" not in done.out
    assert "all members" not in done.err


def test_without_as_of_it_is_said_that_quiet_days_bring_nothing(club: Shell) -> None:
    assert (
        '--update without --as-of goes as far as the last event; with `--as-of "$(date +%F)"`'
        in _run(club, "--update").err
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            ("--output-format", "csv"),
            "results of `csv` are not read again; use it with `--output-format",
        ),
        (("--backend", "python"), "python keeps no digests of members; use it with `--backend duckdb`"),
    ],
)
def test_what_cannot_be_updated_is_refused(club: Shell, options: tuple[str, ...], message: str) -> None:
    done = _run(club, "--update", *options)
    assert done.code == 2
    assert message in " ".join(done.err.split())


def test_results_of_another_form_leave_nothing_to_update(club: Shell) -> None:
    assert _run(club, "--output-format", "csv").code == 0
    assert not (club.folder / "out/seen.parquet").exists()


def test_too_many_rejects_leave_what_stands(club: Shell) -> None:
    before = {path.name: path.read_bytes() for path in (club.folder / "out").iterdir()}
    _add(club, "e6,nobody,visit,2025-01-15,,", "e7,ann,visit,2025-01-15,,")
    done = _run(club, "--update", "--as-of", DAY, "--max-rejected", "0")
    assert done.code == 1
    assert {path.name: path.read_bytes() for path in (club.folder / "out").iterdir()} == before


def test_an_update_of_results_that_another_run_has_replaced_meanwhile_writes_nothing(
    club: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other run saw a later row, which an update by what was there before would take away."""
    merge = updating.write_merged

    def meanwhile(*arguments: Any) -> Any:
        monkeypatch.setattr(updating, "write_merged", merge)
        _add(club, "e7,bob,visit,2025-01-16,,")
        assert _run(club, "--update", "--as-of", DAY).code == 0
        return merge(*arguments)

    monkeypatch.setattr(updating, "write_merged", meanwhile)
    _add(club, "e6,ann,visit,2025-01-15,,")
    done = _run(club, "--update", "--as-of", DAY)
    assert done.code == 3
    assert "out/seen.parquet: this file was changed meanwhile, so nothing was written\n" in done.err
    assert "run it again" in done.err
    _, evaluated = _update(club, "--as-of", DAY)
    assert _numbers(evaluated) == (0, 0, 0, 0)


@pytest.mark.parametrize("leap_day", list(LeapDay))
def test_whose_day_it_is_misses_no_anniversary(leap_day: LeapDay) -> None:
    """Of every day of four years as the day of sign-up, over spans of 1 to 40 days."""
    days = [date(2023, 1, 1) + timedelta(number) for number in range(4 * 365 + 1)]
    session = DuckDBSession()
    session.put("members", pa.table({"signed_up_on": days}))
    for begin in (
        date(2025, 2, 26),
        date(2025, 2, 27),
        date(2025, 2, 28),
        date(2028, 2, 27),
        date(2027, 12, 20),
    ):
        for span in (1, 2, 3, 40):
            end = begin + timedelta(span)
            everybody, condition = whose_day(INPUTS, begin, end, dated=False)
            assert not everybody
            query = f"SELECT signed_up_on FROM members WHERE {condition} AND signed_up_on <= '{end}'"  # noqa: S608 - fixed
            found = {day for (day,) in session.values(query)}
            wanted = {
                day
                for day in days
                for number in range(7)
                if begin < anniversary(day, number, lambda _: leap_day) <= end
            }
            assert wanted <= found
            assert len(found) <= len(wanted) + 4  # and hardly anybody else: those of a 29 February


def test_a_digest_tells_every_column_of_every_row_apart(shell: Shell) -> None:
    """Also two events that exchange their contents, and a value that moves to another column."""
    program = load_program(shell.folder / "club")
    bodies = [
        "e1,ann,visit,2024-02-01,,\ne2,ann,gift,2024-02-02,,",
        "e1,ann,gift,2024-02-01,,\ne2,ann,visit,2024-02-02,,",
        "e1,ann,visit,2024-02-02,,\ne2,ann,gift,2024-02-01,,",
        "e1,ann,visit,2024-02-01,,\ne3,ann,gift,2024-02-02,,",
        "e1,ann,visit,2024-02-01,3,\ne2,ann,gift,2024-02-02,,",
        "e1,ann,visit,2024-02-01,,3\ne2,ann,gift,2024-02-02,,",
        "e1,ann,visit,2024-02-01,,\ne2,ann,gift,2024-02-02,3,",
        "e1,ann,visit,2024-02-01,,\ne2,ann,gift,2024-02-02,,3",
        "e1,ann,visit,2024-02-01,,",
        "e1,ann,visit,2024-02-01,,\ne2,ann,gift,2024-02-02,,\ne3,ann,gift,2024-02-02,,",
    ]

    def digest(body: str) -> str:
        (shell.folder / "events.csv").write_text(
            f"event_id,member_id,activity,occurred_at,points,days\n{body}\n"
        )
        session = DuckDBSession()
        files = {name: [shell.folder / f"{name}.csv"] for name in ("members", "events")}
        put_log(session, program, **files)
        put_digests(session, program, date(2024, 12, 31))
        [(found,)] = session.values(f"SELECT digest FROM {DIGESTS} WHERE member_id = 'ann'")  # noqa: S608 - fixed
        return str(found)

    assert len({digest(body) for body in bodies}) == len(bodies)
    lines = bodies[0].splitlines()
    assert digest(bodies[0]) == digest("\n".join(reversed(lines)))


def _log_in(connection: Any) -> tuple[str, ...]:
    """Nine members with a visit each in tables, and the options that name them."""
    for statement in (
        "CREATE TABLE members (member_id TEXT, signed_up_on DATE)",
        "INSERT INTO members SELECT 'm' || n, '2024-01-10' FROM generate_series(1, 9) AS n",
        "CREATE TABLE events (event_id TEXT, member_id TEXT, activity TEXT, occurred_at DATE, days INTEGER)",
        "INSERT INTO events SELECT 'e' || n, 'm' || n, 'visit', '2024-02-01' FROM generate_series(1, 9) AS n",
    ):
        connection.execute(statement)
    return (
        "evaluate",
        "club",
        "--events",
        "table:events",
        "--members",
        "table:members",
        "--as-of",
        "2024-04-01",
    )


def test_tables_read_in_place_are_updated_in_postgresql(shell: Shell, server: tuple[str, Any]) -> None:
    url, connection = server
    run = (*_log_in(connection), "--backend", url, "--output-format", "table", "--out", "out")
    assert shell.run(*run).code == 0
    connection.execute("INSERT INTO events VALUES ('e2', 'm3', 'gift', '2024-02-05', 3)")  # m2's id
    connection.execute("DELETE FROM events WHERE event_id = 'e5'")
    done = shell.run(*run, "--update", "--max-rejected", "2")
    assert done.code == 0, done.err
    assert "2 of 9 members evaluated anew: 2 with other rows, 0 whose day brings something" in done.out
    points = connection.execute("SELECT member_id, points FROM pointbook_standings ORDER BY 1").fetchall()
    assert points == [(f"m{n}", 0 if n in {2, 5} else 40) for n in range(1, 10)]


@pytest.mark.parametrize("rights", ["", "%20-cdefault_transaction_read_only%3Don"])
def test_parquet_is_updated_from_postgresql_also_for_an_account_that_may_only_read(
    shell: Shell, server: tuple[str, Any], rights: str
) -> None:
    url, connection = server
    run = (*_log_in(connection), "--backend", f"{url}{rights}", "--output-format", "parquet", "--out")
    assert shell.run(*run, "out").code == 0
    connection.execute("INSERT INTO events VALUES ('e10', 'm3', 'visit', '2024-02-05')")
    done = shell.run(*run, "out", "--update")
    assert done.code == 0, done.err
    assert "1 of 9 members evaluated anew" in done.out
    assert shell.run(*run, "full").code == 0
    for name in FILES:
        own, full = (shell.folder / out / f"{name}.parquet" for out in ("out", "full"))
        assert own.read_bytes() == full.read_bytes(), name


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # Sums of hashes that are not mixed, or that fold 64 bits into 32, would not tell these apart.
        ("SET points = 100 - points WHERE activity = 'review'", ""),
        ("SET occurred_at = '2024-07-15 07:32:36' WHERE event_id = 1", ""),
        ("SET event_id = 4294967296 WHERE event_id = 1", "SET event_id = 1 WHERE event_id = 4294967296"),
    ],
    ids=["values that two rows exchange", "a time with the same 32 bits", "a number with the same 32 bits"],
)
def test_no_change_of_a_row_is_overlooked_in_postgresql(
    shell: Shell, server: tuple[str, Any], one: str, other: str
) -> None:
    url, connection = server
    for statement in (
        "CREATE TABLE members (member_id TEXT, signed_up_on DATE)",
        "INSERT INTO members SELECT 'm' || n, '2024-01-10' FROM generate_series(1, 40) AS n",
        (
            "CREATE TABLE events"
            " (event_id BIGINT, member_id TEXT, activity TEXT, occurred_at TIMESTAMP, points BIGINT)"
        ),
        "INSERT INTO events VALUES (1, 'm1', 'visit', '2024-06-10 07:38:19')",
        (
            "INSERT INTO events SELECT 10 * n + k, 'm' || n, 'review', date '2024-05-01' + k, 10 + 80 * k"
            " FROM generate_series(1, 8) AS n, generate_series(0, 1) AS k"
        ),
    ):
        connection.execute(statement)
    log = ("--events", "table:events", "--members", "table:members", "--as-of", "2024-09-01")
    run = ("evaluate", "club", *log, "--backend", url, "--output-format", "table")
    assert shell.run(*run, "--out", "own").code == 0
    for change in filter(None, (one, other)):
        connection.execute(f"UPDATE events {change}".encode())
        done = shell.run(*run, "--out", "own", "--update")
        assert done.code == 0
        assert "members evaluated anew" in done.out
        assert shell.run(*run, "--out", "full", "--table-prefix", "full_").code == 0
        for name in ("ledger", "standings", "history", "rejects", "seen"):
            own, full = (
                connection.execute(f"TABLE {prefix}_{name}", prepare=False).fetchall()
                for prefix in ("pointbook", "full")
            )
            assert sorted(own, key=repr) == sorted(full, key=repr), name
        number = 8 if "review" in change else 1
        assert f"{number} of 40 members evaluated anew: {number} with other rows" in done.out


def test_letters_that_a_column_takes_for_one_another_are_told_apart(shell: Shell) -> None:
    place = shell.folder / "club.db"
    with duckdb.connect(place) as connection:
        connection.execute(
            "CREATE TABLE events (event_id VARCHAR COLLATE NOCASE, member_id VARCHAR COLLATE NOCASE,"
            " activity VARCHAR, occurred_at TIMESTAMP)"
        )
        connection.execute(
            "INSERT INTO events SELECT 'e' || n, 'm' || n, 'visit', TIMESTAMP '2024-02-01' FROM range(9) r(n)"
        )
        connection.execute("INSERT INTO events VALUES ('e9', 'M8', 'visit', '2024-02-02')")
    (shell.folder / "members.csv").write_text(
        "member_id,signed_up_on\n" + "".join(f"m{n},2024-01-10\n" for n in range(9))
    )
    log = (
        "--events",
        "table:events",
        "--members",
        "members.csv",
        "--as-of",
        "2024-09-01",
        "--max-rejected",
        "1",
    )
    run = (
        "evaluate",
        "club",
        *log,
        "--backend",
        f"duckdb://{place}",
        "--output-format",
        "table",
        "--out",
        "o",
    )
    done = shell.run(*run)
    assert "unknown_member 1" in done.out  # nobody is called M8
    with duckdb.connect(place) as connection:
        connection.execute("UPDATE events SET event_id = 'E2' WHERE event_id = 'e2'")
    assert "1 of 9 members evaluated anew: 1 with other rows" in shell.run(*run, "--update").out
    with duckdb.connect(place) as connection:
        ids = connection.execute("SELECT event_id FROM pointbook_ledger ORDER BY 1").fetchall()
    assert ("E2",) in ids
    assert ("e2",) not in ids


def test_letters_that_a_collation_of_postgresql_takes_for_one_another_are_told_apart(
    shell: Shell, server: tuple[str, Any]
) -> None:
    url, connection = server
    rows = [(f"e{n}", f"m{n}", "visit", f"2024-02-{n + 1:02}") for n in range(9)]
    rows += [("E1", "m1", "visit", "2024-03-01"), ("e9", "M8", "visit", "2024-03-02")]
    rows += [("e10", "m2", "Visit", "2024-03-03")]
    kind = "TEXT COLLATE no_case"
    for statement in (
        "CREATE COLLATION no_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false)",
        f"CREATE TABLE events (event_id {kind}, member_id {kind}, activity {kind}, occurred_at DATE)",
        f"CREATE TABLE members (member_id {kind}, signed_up_on DATE)",
        "INSERT INTO members SELECT 'm' || n, '2024-01-10' FROM generate_series(0, 8) AS n",
    ):
        connection.execute(statement.encode())
    for row in rows:
        connection.execute("INSERT INTO events VALUES (%s, %s, %s, %s)", row)
    (shell.folder / "events.csv").write_text(
        "event_id,member_id,activity,occurred_at\n" + "".join(f"{','.join(row)}\n" for row in rows)
    )
    (shell.folder / "members.csv").write_text(
        "member_id,signed_up_on\n" + "".join(f"m{n},2024-01-10\n" for n in range(9))
    )
    options = ("--as-of", "2024-09-01", "--max-rejected", "1")
    files = ("--events", "events.csv", "--members", "members.csv", "--output-format", "jsonl")
    done = shell.run("evaluate", "club", *files, *options, "--out", "files")
    assert ("unknown_member 1" in done.out, "did you mean `visit`?" in done.out) == (True, True)
    tables = ("--events", "table:events", "--members", "table:members", "--backend", url)
    for via in ("plan", "fold"):
        form = ("--output-format", "jsonl", "--via", via)
        done = shell.run("evaluate", "club", *tables, *options, *form, "--out", via)
        assert done.code == 0, done.err
        for name in ("ledger", "standings", "history"):
            own, of_files = (shell.folder / out / f"{name}.jsonl" for out in (via, "files"))
            assert own.read_bytes() == of_files.read_bytes(), name
    run = ("evaluate", "club", *tables, *options, "--output-format", "table", "--out", "o")
    assert shell.run(*run).code == 0
    connection.execute("UPDATE events SET event_id = 'E2' WHERE event_id = 'e2'")
    assert "1 of 9 members evaluated anew: 1 with other rows" in shell.run(*run, "--update").out
    ledger = connection.execute("SELECT event_id FROM pointbook_ledger", prepare=False).fetchall()
    assert {("E1",), ("e1",), ("E2",)} < set(ledger)
    assert ("e2",) not in ledger
