"""Events that stay in Parquet files or tables: what an engine makes of them, against figures by hand."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa
import pytest
from input_logs import INPUTS, as_put, as_read
from pyarrow import parquet

from pointbook.diagnostics import InputError
from pointbook.log import spilling
from pointbook.relational.engines.duckdb_session import DuckDBSession
from pointbook.relational.inputs import doubtful_rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from input_logs import Known

    Put = Callable[..., Known]

MEMBERS = "member_id,signed_up_on,partner\nanna,2023-01-15,true\nben,2023-02-01,\nzed,yesterday,\n"


def at(*parts: int) -> datetime:
    return datetime(*parts)  # noqa: DTZ001 - a local time


def rows(count: int, **columns: Any) -> pa.Table:
    """So many courses of anna's, with some columns replaced or added."""
    ordinary = {
        "event_id": [f"e{number}" for number in range(1, count + 1)],
        "member_id": ["anna"] * count,
        "activity": ["course"] * count,
        "occurred_at": pa.array([at(2024, 3, 13, 14, 5)] * count, pa.timestamp("us")),
    }
    return pa.table(ordinary | columns)


@pytest.fixture
def session() -> DuckDBSession:
    return DuckDBSession()


@pytest.fixture
def put(session: DuckDBSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Put:
    """Puts files of rows into the engine, and makes sure that the reader reads the same log."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "members.csv").write_text(MEMBERS)

    def log_of(*sources: str, **files: pa.Table) -> Known:
        for name, table in files.items():
            parquet.write_table(table, f"{name}.parquet", row_group_size=2)
        names = sources or tuple(f"{name}.parquet" for name in files)
        log = as_put(INPUTS, ["members.csv"], names, session)
        assert log == as_read(INPUTS, ["members.csv"], names)
        return log

    return log_of


def read_by_python(session: DuckDBSession) -> int:
    """How many of the accepted events the reader had to read, the others having stayed in place."""
    found: int = session.rows("SELECT COUNT(*) AS n FROM settled_events").read_all().column(0)[0].as_py()
    return found


def rejects(log: Known) -> list[tuple[str, int, str, str]]:
    return [(reject.file, reject.line, reject.column, reject.reason) for reject in log.facts.rejects]


@pytest.mark.parametrize(
    ("column", "good"), [("points", 50.0), ("hours", 2.0), ("kind", ""), ("released_on", math.nan)]
)
def test_what_is_good_about_one_value_excuses_no_other(put: Put, column: str, good: float | str) -> None:
    log = put(a=rows(3, event_id=["", None, "e3"], **{column: [good] * 3}))
    assert rejects(log) == [
        ("a.parquet", 1, "event_id", "missing_value"),
        ("a.parquet", 2, "event_id", "missing_value"),
    ]
    assert [row["event_id"] for row in log.events] == ["e3"]


def test_clean_rows_stay_where_they_are(put: Put, session: DuckDBSession) -> None:
    log = put(a=rows(3, points=[50, None, -7], hours=[2.5, math.nan, 0.1], kind=["talk", "", None]))
    assert read_by_python(session) == 0
    assert [row["points"] for row in log.events] == [50, None, -7]
    assert [str(row["a1_hours"]) for row in log.events] == ["2.500000", "None", "0.100000"]
    assert [row["a2_kind"] for row in log.events] == ["talk", None, None]
    assert {row["at"] for row in log.events} == {at(2024, 3, 13, 13, 5)}


def test_a_day_with_a_change_of_clocks_is_left_to_the_reader(put: Put, session: DuckDBSession) -> None:
    times = [at(2024, 3, 31, 1, 59), at(2024, 3, 31, 2, 30), at(2024, 10, 27, 2, 30), at(2024, 4, 1)]
    log = put(a=rows(4, occurred_at=pa.array(times, pa.timestamp("us"))))
    assert read_by_python(session) == 3
    assert {row["event_id"]: (row["at"], row["local"]) for row in log.events} == {
        "e1": (at(2024, 3, 31, 0, 59), at(2024, 3, 31, 1, 59)),
        "e2": (at(2024, 3, 31, 1, 30), at(2024, 3, 31, 3, 30)),  # skipped: moved forward by the gap
        "e3": (at(2024, 10, 27, 0, 30), at(2024, 10, 27, 2, 30)),  # twice: the first of the two
        "e4": (at(2024, 3, 31, 22, 0), at(2024, 4, 1)),
    }


def test_moments_of_the_world_are_shown_in_the_programs_time(put: Put, session: DuckDBSession) -> None:
    times = [datetime(2024, 3, 13, 23, 30, tzinfo=UTC), datetime(2024, 10, 27, 1, 30, tzinfo=UTC)]
    log = put(a=rows(2, occurred_at=pa.array(times, pa.timestamp("us", "America/New_York"))))
    assert read_by_python(session) == 1
    assert [(row["at"], row["local"]) for row in log.events] == [
        (at(2024, 3, 13, 23, 30), at(2024, 3, 14, 0, 30)),
        (at(2024, 10, 27, 1, 30), at(2024, 10, 27, 2, 30)),
    ]


def test_texts_are_read_in_place_where_they_are_written_as_told(put: Put, session: DuckDBSession) -> None:
    times = ["2024-03-13", "2024-03-13T14:05:00Z", "2024-03-13 14:05:00.5+01:00", " 2024-03-13T14:05 "]
    log = put(
        a=rows(4, occurred_at=times, points=["50", "", "-5", "+5"], remote=["true", "FALSE", None, "True"])
    )
    assert read_by_python(session) == 1  # white space around a time, and a plus sign
    assert [(row["event_id"], row["local"], row["points"]) for row in log.events] == [
        ("e1", at(2024, 3, 13), 50),
        ("e4", at(2024, 3, 13, 14, 5), 5),
        ("e3", at(2024, 3, 13, 14, 5, 0, 500000), -5),
        ("e2", at(2024, 3, 13, 15, 5), None),
    ]


def test_nanoseconds_count_only_where_they_are_whole_microseconds(put: Put) -> None:
    nanos = pa.array([1_710_338_700_000_001_000, 1_710_338_700_000_000_001], pa.timestamp("ns"))
    log = put(
        a=rows(2, occurred_at=nanos),
        b=rows(2, event_id=["f1", "f2"], occurred_at=nanos.cast(pa.timestamp("ns", "UTC"))),
    )
    assert [row["event_id"] for row in log.events] == ["e1", "f1"]
    assert rejects(log) == [
        ("a.parquet", 2, "occurred_at", "bad_value"),
        ("b.parquet", 2, "occurred_at", "bad_value"),
    ]


def test_an_id_that_comes_again_in_another_file_is_found(put: Put) -> None:
    log = put(a=rows(3), b=rows(2, event_id=["e1", "e2"], activity=["course", "walk"]))
    assert [row["event_id"] for row in log.events] == ["e1", "e3"]
    assert rejects(log) == [
        ("a.parquet", 2, "event_id", "conflicting_duplicate"),
        ("b.parquet", 1, "event_id", "duplicate"),
        ("b.parquet", 2, "event_id", "conflicting_duplicate"),
    ]
    assert log.facts.rejects[1].detail == "the same row as a.parquet:1"


def test_an_id_as_number_and_as_text_is_the_same_id(put: Put) -> None:
    log = put(a=rows(1, event_id=["7"]), b=rows(2, event_id=pa.array([7, 8], pa.int32())))
    assert rejects(log) == [("b.parquet", 1, "event_id", "duplicate")]


def test_a_clean_row_falls_with_a_bad_one_of_the_same_id(put: Put) -> None:
    log = put(a=rows(3, event_id=["e1", "e1", "e2"], points=[5.0, 5.5, 1.0]))
    assert [row["event_id"] for row in log.events] == ["e2"]
    assert rejects(log) == [
        ("a.parquet", 1, "event_id", "conflicting_duplicate"),
        ("a.parquet", 2, "points", "bad_value"),
    ]


def test_rows_without_an_id_are_no_duplicates_of_each_other(put: Put) -> None:
    log = put(a=rows(4, event_id=[None, "", None, "e"]))
    assert [reason for _, _, _, reason in rejects(log)] == ["missing_value"] * 3


def test_columns_are_without_values_where_every_row_is_without_them(put: Put) -> None:
    nothing = {"event_id": [""], "member_id": [""], "activity": [""], "occurred_at": [""]}
    assert {"event_id", "member_id", "activity", "occurred_at", "hours"} <= put(
        a=rows(1, **nothing)
    ).facts.empty
    assert {"event_id", "member_id", "activity", "occurred_at"}.isdisjoint(put(a=rows(1)).facts.empty)
    assert "released_on" in put(a=rows(1, member_id=[""], released_on=[""])).facts.empty
    assert "released_on" in put(a=rows(1, released_on=[""])).facts.empty
    assert "released_on" not in put(a=rows(1, released_on=["2024-01-01"])).facts.empty


def test_a_row_that_cannot_be_read_leaves_others_of_its_id_alone(put: Put) -> None:
    log = put(a=rows(3, event_id=["e1", "e1", "e\0"], kind=["a\0", "b", "c"]))
    assert [row["a2_kind"] for row in log.events] == ["b"]
    assert [reason for _, _, _, reason in rejects(log)] == ["unreadable_row"] * 2


def test_unknown_members_are_explained_as_ever(put: Put) -> None:
    log = put(a=rows(4, member_id=["Anna", "zed", "bem", None]))
    assert [reject.detail for reject in log.facts.rejects] == [
        "there is no member 'Anna', but there is 'anna': the two differ in letter case",
        "there is no member 'zed': its row in members.csv:4 was rejected",
        "there is no member 'bem'; the closest is 'ben'",
        "it has no member_id",
    ]


def test_the_latest_events_are_known_even_after_a_lonely_slip_of_the_year(put: Put) -> None:
    times = [at(2024, 1, 1), at(2062, 1, 1), at(2024, 1, 2), at(2024, 1, 2)]
    log = put(a=rows(4, occurred_at=pa.array(times, pa.timestamp("us"))))
    assert log.facts.latest == (("e2", at(2062, 1, 1)), ("e3", at(2024, 1, 2)))


def test_the_latest_event_is_not_one_that_was_rejected(put: Put) -> None:
    times = [at(2024, 1, 1), at(2062, 1, 1), at(2024, 1, 2)]
    log = put(a=rows(3, occurred_at=pa.array(times, pa.timestamp("us")), points=[1.0, 1.5, 1.0]))
    assert log.facts.latest == (("e3", at(2024, 1, 2)), ("e1", at(2024, 1, 1)))


def test_the_wide_edges_of_time_are_refused_like_other_years(put: Put) -> None:
    micros = pa.array([2**62, -(2**62), 2**63 - 1, 0], pa.timestamp("us"))
    days = pa.array([2**31 - 1, -(2**31) + 1, 0, 18_000], pa.date32())
    log = put(a=rows(4, occurred_at=micros), b=rows(4, event_id=["f1", "f2", "f3", "f4"], released_on=days))
    assert [row["event_id"] for row in log.events] == ["e4", "f3", "f4"]


def test_what_the_engine_cannot_read_at_all_is_read_all_the_same(put: Put) -> None:
    """A time in milliseconds that has no place in microseconds."""
    log = put(a=rows(2, occurred_at=pa.array([2**62, 0], pa.timestamp("ms"))))
    assert [row["event_id"] for row in log.events] == ["e2"]


def test_columns_of_types_that_the_engine_widens_are_read_by_python(put: Put) -> None:
    log = put(a=rows(2, hours=pa.array([2, 3], pa.decimal256(50, 2))))
    assert [str(row["a1_hours"]) for row in log.events] == ["2.000000", "3.000000"]


def test_a_file_named_twice_is_all_duplicates(put: Put) -> None:
    put(a=rows(2))
    log = put("a.parquet", "a.parquet")
    assert rejects(log) == [
        ("a.parquet", 1, "event_id", "duplicate"),
        ("a.parquet", 2, "event_id", "duplicate"),
    ]


def test_folders_and_patterns_stay_in_place_too(put: Put, session: DuckDBSession) -> None:
    for name in ("in/kind=x/it's[1].parquet", "in/b.parquet"):
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        parquet.write_table(rows(1, event_id=[name], points=[50]), name)
    for source in ("in", "in/**"):
        log = put(source)
        assert read_by_python(session) == 0
        assert [(row["event_id"], row["a2_kind"]) for row in log.events] == [
            ("in/b.parquet", None),
            ("in/kind=x/it's[1].parquet", None),
        ]


def test_files_with_different_columns_are_one_log(put: Put, session: DuckDBSession) -> None:
    log = put(a=rows(1, points=[50]), b=rows(1, event_id=["f"], points=["60"]), c=rows(1, event_id=["g"]))
    assert read_by_python(session) == 0
    assert [row["points"] for row in log.events] == [50, 60, None]


def test_parquet_and_csv_are_one_log(put: Put) -> None:
    Path("b.csv").write_text("event_id,member_id,activity,occurred_at\ne2,ben,course,2024-01-01\n")
    parquet.write_table(rows(2), "a.parquet")
    assert rejects(put("a.parquet", "b.csv")) == [
        ("a.parquet", 2, "event_id", "conflicting_duplicate"),
        ("b.csv", 2, "event_id", "conflicting_duplicate"),
    ]


def test_a_log_without_rows_is_empty(put: Put) -> None:
    log = put(a=rows(2).slice(0, 0))
    assert (log.events, log.facts.events_read, log.facts.latest) == ([], 0, ())


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (rows(1, poinst=[1]), "column 'poinst' is not known"),
        (rows(1).drop_columns(["activity"]), "required column 'activity' is missing"),
        (
            rows(1, kind=[["a"]]),
            "the column 'kind' is of type list<element: string>, which a row cannot have",
        ),
        (
            rows(1, kind=pa.array([b"\xe9"]).view(pa.string())),
            "the column 'kind' holds text that is not UTF-8",
        ),
    ],
)
def test_columns_are_refused_as_by_the_reader(put: Put, table: pa.Table, message: str) -> None:
    with pytest.raises(InputError) as error:
        put(a=table)
    assert (error.value.where, error.value.message) == ("a.parquet", message)


def test_a_damaged_file_is_refused(put: Put) -> None:
    put(a=rows(2))
    Path("a.parquet").write_bytes(Path("a.parquet").read_bytes()[:-20])
    with pytest.raises(InputError, match="this is no Parquet file, or a damaged one"):
        put("a.parquet")


def test_a_folder_without_files_is_refused(put: Put) -> None:
    Path("in").mkdir()
    with pytest.raises(InputError, match="there is no file in this folder"):
        put("in")


def test_tables_whose_names_an_evaluation_uses_itself_are_read(tmp_path: Path) -> None:
    with duckdb.connect(tmp_path / "log.duckdb") as connection:
        connection.register("given", rows(2, points=[50, 60]))
        connection.execute("CREATE TABLE events AS FROM given")
        connection.execute(
            "CREATE TABLE members AS SELECT 'anna' AS member_id, DATE '2023-01-15' AS signed_up_on"
        )
        session = DuckDBSession(connection=connection)
        for source in ("table:events", "query:WITH e AS (SELECT * FROM events) SELECT * FROM e;"):
            log = as_put(INPUTS, ["table:members"], [source], session)
            assert [row["points"] for row in log.events] == [50, 60]
            assert log.members == [
                {"member_id": "anna", "signed_up_on": date(2023, 1, 15), "m0_partner": None}
            ]


def test_rejects_of_a_table_have_no_line_and_come_in_the_order_of_their_texts(session: DuckDBSession) -> None:
    connection = session.connection
    connection.register("given", rows(4, event_id=["b", "a", "c", "a"], points=[2.5, 1.0, 1.5, 2.0]))
    connection.execute("CREATE SCHEMA lake")
    connection.execute("CREATE TABLE lake.things AS FROM given")
    connection.execute("CREATE TABLE people AS SELECT 'anna' AS member_id, '2023-01-15' AS signed_up_on")
    log = as_put(INPUTS, ["table:people"], ["table:lake.things"], session)
    assert [(*reject[:4], reject.reason) for reject in log.facts.rejects] == [
        ("table:lake.things", 0, "event_id", "a", "conflicting_duplicate"),
        ("table:lake.things", 0, "event_id", "a", "conflicting_duplicate"),
        ("table:lake.things", 0, "points", "b", "bad_value"),
        ("table:lake.things", 0, "points", "c", "bad_value"),
    ]
    assert log.facts.rejects[0].detail == ("table:lake.things has the same event_id, but differs in points")


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("table:nothing", "Catalog Error: Table with name nothing does not exist!"),
        (
            "query:SELECT 1 AS one",
            "required columns 'event_id', 'member_id', 'activity' and 'occurred_at' are missing",
        ),
    ],
)
def test_a_table_that_cannot_be_used_is_named(
    put: Put, session: DuckDBSession, source: str, message: str
) -> None:
    put(a=rows(1))
    with pytest.raises(InputError) as error:
        as_put(INPUTS, ["members.csv"], [source], session)
    assert error.value.where == source
    assert error.value.message.startswith(message)


def test_cells_that_are_too_long_are_rejected_in_place_as_by_the_reader(put: Put) -> None:
    kinds = ["x" * 1_000_000, "x" * 1_000_001, "fine"]
    log = put(a=rows(3, event_id=["e1", "y" * 1_000_001, "e3"], kind=kinds))
    assert rejects(log) == [("a.parquet", 2, "", "unreadable_row")]
    assert log.facts.events == 2


def test_a_log_of_many_rejects_is_the_same_however_little_memory_there_is(
    put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spilling, "MOST_IN_MEMORY", 800)
    monkeypatch.setattr(doubtful_rows, "_FEW", 2)
    ids, members = ["e1", "e2", "e3", "e1", "", "e4"], [*["anna"] * 5, "x"]
    log = put(
        a=rows(6, event_id=ids, points=[1, 2, 3, 4, 5, 6]),
        b=rows(6, event_id=ids),  # of another shape: its rows stand between those of the other two
        c=rows(6, event_id=["e5", "e4", "e6", "e6", "e7", "e8"], points=[9] * 6, member_id=members),
    )
    assert [row["event_id"] for row in log.events] == ["e5", "e6", "e7"]
    assert log.facts.events == 3
    assert log.facts.rejects.reasons == {
        "conflicting_duplicate": 11,
        "missing_value": 2,
        "duplicate": 1,
        "unknown_member": 1,
    }
