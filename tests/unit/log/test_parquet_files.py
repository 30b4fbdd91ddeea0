from __future__ import annotations

import io
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from pointbook.diagnostics import InputError

pa = pytest.importorskip("pyarrow", reason="pyarrow is not installed")
parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed")


def at(*parts: int) -> datetime:
    return datetime(*parts)  # noqa: DTZ001 - a local time


def file_of(**columns) -> bytes:
    stream = io.BytesIO()
    parquet.write_table(pa.table(columns), stream)
    return stream.getvalue()


def events_of(count: int = 1, **columns) -> bytes:
    """A file of so many courses of anna's, with some columns replaced or added."""
    ordinary = {
        "event_id": [f"e{number}" for number in range(1, count + 1)],
        "member_id": ["anna"] * count,
        "activity": ["course"] * count,
        "occurred_at": pa.array([at(2024, 3, 13, 14, 5)] * count, pa.timestamp("us")),
    }
    return file_of(**ordinary | columns)


def refusal(log_of, content, **names) -> InputError:
    with pytest.raises(InputError) as error:
        log_of(content, **names)
    return error.value


def test_typed_rows_are_events(log_of):
    log = log_of(
        events_of(
            points=[50],
            days=[2],
            hours=[Decimal("2.50")],
            released_on=[date(2024, 2, 29)],
            remote=[True],
            kind=pa.array(["talk"]).dictionary_encode(),
        ),
        name="events.parquet",
    )
    (event,) = log.events
    assert (event.event_id, event.points) == ("e1", 50)
    assert (event.local, event.at) == (at(2024, 3, 13, 14, 5), at(2024, 3, 13, 13, 5))
    assert dict(event.attributes) == {
        "days": 2,
        "hours": Decimal("2.5"),
        "released_on": date(2024, 2, 29),
        "remote": True,
        "kind": "talk",
    }


def test_numbers_with_gaps_as_pandas_writes_them_are_whole_numbers(log_of):
    log = log_of(
        events_of(3, points=[50.0, float("nan"), -0.0], days=[None, 2.0, 3.0]), name="events.parquet"
    )
    assert [event.points for event in log.events] == [50, None, 0]
    assert [event.attributes.get("days") for event in log.events] == [None, 2, 3]


def test_days_as_pandas_writes_them_are_dates(log_of):
    midnight = pa.array([at(2024, 2, 29)], pa.timestamp("ns"))
    log = log_of(events_of(occurred_at=midnight, released_on=midnight), name="events.parquet")
    assert log.events[0].local == at(2024, 2, 29)
    assert log.events[0].attributes["released_on"] == date(2024, 2, 29)


@pytest.mark.parametrize(
    ("values", "arrow_type", "text"),
    [
        ([2**53], "float64", "9007199254740992"),
        ([1e22], "float64", "10000000000000000000000"),
        ([0.000001], "float64", "0.000001"),
        ([2.5], "float64", "2.5"),
        ([0.1], "float32", "0.1"),
        ([float("-inf")], "float64", "-inf"),
        ([float("nan")], "float64", ""),
        ([None], "null", ""),
        ([Decimal("50.00")], "decimal128(10, 2)", "50"),
        ([Decimal("0E-8")], "decimal128(12, 8)", "0"),
        ([Decimal("0.00000012")], "decimal128(12, 8)", "0.00000012"),
        ([2**64 - 1], "uint64", "18446744073709551615"),
        ([False], "bool", "false"),
        ([date(1, 1, 1)], "date32", "0001-01-01"),
        ([at(2024, 3, 13, 14, 5, 0, 500000)], "timestamp[us]", "2024-03-13T14:05:00.500000"),
        ([1_710_338_700_000_000_001], "timestamp[ns]", "2024-03-13T14:05:00.000000001"),
        ([1_710_338_700_000_001_000], "timestamp[ns]", "2024-03-13T14:05:00.000001"),
        ([at(2024, 3, 13).replace(tzinfo=UTC)], "instant", "2024-03-13T00:00:00+00:00"),
        ([2**62], "timestamp[us]", "after the year 9999"),
        ([-(2**62)], "timestamp[us]", "before the year 1"),
    ],
)
def test_a_typed_value_is_read_as_if_it_had_been_written_into_csv(log_of, values, arrow_type, text):
    special = {
        "instant": pa.timestamp("us", "Europe/Brussels"),
        "timestamp[us]": pa.timestamp("us"),
        "timestamp[ns]": pa.timestamp("ns"),
    }
    kinds = {"decimal128(10, 2)": pa.decimal128(10, 2), "decimal128(12, 8)": pa.decimal128(12, 8)} | special
    found = pa.array(
        values,
        kinds[arrow_type] if arrow_type in kinds else getattr(pa, _FACTORY.get(arrow_type, arrow_type))(),
    )
    log = log_of(events_of(member_id=["nobody"], kind=found), name="events.parquet")
    assert json.loads(log.rejects[0].raw)["kind"] == text


_FACTORY = {"bool": "bool_"}


def test_ids_may_be_numbers_or_uuids(log_of):
    uuids = pa.ExtensionArray.from_storage(pa.uuid(), pa.array([UUID(int=5).bytes], pa.binary(16)))
    members = file_of(member_id=[7], signed_up_on=[date(2023, 1, 15)], partner=[True])
    log = log_of(
        events_of(event_id=uuids, member_id=[7]),
        name="events.parquet",
        members=members,
        members_name="m.parquet",
    )
    assert log.events[0].event_id == "00000000-0000-0000-0000-000000000005"
    assert log.members["7"].attributes == {"partner": True}


def test_a_reject_names_file_row_and_column_and_can_be_found_again(log_of):
    content = events_of(3, points=pa.array([50, None, 10**15]), kind=["", None, "é"])
    (reject,) = log_of(content, name="events.parquet").rejects
    assert (reject.file, reject.line, reject.column, reject.reason) == (
        "events.parquet",
        3,
        "points",
        "bad_value",
    )
    assert reject.detail == "'1000000000000000' is not a whole number: at most 15 digits are read"
    assert reject.raw == (
        '{"event_id":"e3","member_id":"anna","activity":"course","occurred_at":"2024-03-13T14:05:00",'
        '"points":"1000000000000000","kind":"é"}'
    )


def test_the_row_of_a_reject_reads_back_as_json_lines(log_of):
    content = events_of(2, points=[5.5, 50.0])
    (reject,) = log_of(content, name="events.parquet").rejects
    (again,) = log_of(reject.raw + "\n", name="events.jsonl").rejects
    assert (again.reason, again.column, again.detail, again.raw) == (
        reject.reason,
        reject.column,
        reject.detail,
        reject.raw,
    )


def test_rows_are_numbered_across_row_groups(log_of):
    table = parquet.read_table(io.BytesIO(events_of(7, points=[1, 2, 3, 4, 5, 6, 7.5])))
    stream = io.BytesIO()
    parquet.write_table(table, stream, row_group_size=2)
    assert [reject.line for reject in log_of(stream.getvalue(), name="events.parquet").rejects] == [7]


def test_a_text_with_a_nul_character_is_no_row(log_of):
    (reject,) = log_of(events_of(kind=["a\0b"]), name="events.parquet").rejects
    assert (reject.reason, reject.detail) == ("unreadable_row", "it contains a NUL character (code 0)")
    assert reject.raw.endswith('"kind":"a\\u0000b"}')


def test_a_row_again_is_a_duplicate_across_files_of_any_format(log_of):
    csv = "event_id,member_id,activity,occurred_at\ne1,anna,course,2024-03-13T14:05:00\n"
    (reject,) = log_of({"a.csv": csv, "b.parquet": events_of()}).rejects
    assert (reject.file, reject.reason, reject.detail) == (
        "b.parquet",
        "duplicate",
        "the same row as a.csv:2",
    )


def test_a_file_without_rows_is_an_empty_log(log_of):
    log = log_of(events_of(0, event_id=pa.array([], pa.string())), name="events.parquet")
    assert (log.events, log.rejects, log.events_read) == ([], (), 0)


def test_parquet_is_recognised_without_an_ending(log_of):
    assert log_of(events_of(), name="events").events_read == 1


def test_the_columns_are_checked_like_a_header(log_of):
    error = refusal(log_of, events_of(2, poinst=[1, 2]), name="events.pq")
    assert (error.where, error.message) == ("events.pq", "column 'poinst' is not known")
    assert "did you mean `points`?" in error.hint


def test_a_missing_column_is_named(log_of):
    error = refusal(
        log_of, file_of(event_id=["e1"], member_id=["anna"], activity=["course"]), name="events.pq"
    )
    assert error.message == "required column 'occurred_at' is missing"


def test_members_in_the_place_of_events_are_recognised(log_of):
    error = refusal(
        log_of, file_of(member_id=["anna"], signed_up_on=[date(2023, 1, 1)]), name="events.parquet"
    )
    assert error.message == "this looks like the members file, but it was given as events"


@pytest.mark.parametrize(
    ("values", "type_name"),
    [
        (pa.array([["a"]]), "list<element: string>"),
        (pa.array([b"a"]), "binary"),
        (pa.array([{"a": 1}]), "struct<a: int64>"),
    ],
)
def test_a_column_without_texts_is_refused_with_its_type(log_of, values, type_name):
    error = refusal(log_of, events_of(kind=values), name="events.parquet")
    assert error.message == f"the column 'kind' is of type {type_name}, which a row cannot have"


@pytest.mark.parametrize("content", [b"", b"PAR1", b"PAR1 and more", b"event_id,member_id\n"])
def test_what_is_no_parquet_file_is_refused(log_of, content):
    error = refusal(log_of, content, name="events.parquet")
    assert error.where == "events.parquet"
    assert error.message in {"the file is empty", "this is no Parquet file, or a damaged one"}


def test_a_file_that_is_damaged_within_is_refused(log_of):
    content = bytearray(events_of(1000, kind=[f"{number * 7919}" for number in range(1000)]))
    content[40:4000] = b"\xff" * 3960
    error = refusal(log_of, bytes(content), name="events.parquet")
    assert error.message == "this Parquet file is damaged: its rows cannot be read"


def test_text_that_is_not_utf_8_is_refused_with_its_column(log_of):
    latin = pa.array([b"caf\xe9"]).view(pa.string())
    error = refusal(log_of, events_of(kind=latin), name="events.parquet")
    assert error.message == "the column 'kind' holds text that is not UTF-8"


def test_without_pyarrow_it_is_said_what_to_install(log_of, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    error = refusal(log_of, b"PAR1", name="events.parquet")
    assert error.hint == "run `.venv/bin/pip install -e '.[duckdb]'` in the clone of Pointbook"


def test_a_table_is_not_read_from_files(log_of, program):
    from pointbook.log import read_log  # noqa: PLC0415 - only here

    log_of(events_of(), name="events.parquet")
    with pytest.raises(InputError, match="read by the database"):
        read_log(program, members=["members.csv"], events=["table:events"])


def test_a_cell_of_more_than_a_million_characters_makes_a_row_that_cannot_be_read(log_of):
    kinds = ["x" * 1_000_000, "x" * 1_000_001, "é" * 1_000_000]
    log = log_of(events_of(3, kind=kinds), name="events.parquet")
    assert [(reject.line, reject.reason, reject.detail) for reject in log.rejects] == [
        (2, "unreadable_row", "a cell has more than 1,000,000 characters")
    ]
    assert json.loads(log.rejects[0].raw)["kind"] == "x" * 57 + "..."
    assert [len(event.attributes["kind"]) for event in log.events] == [1_000_000] * 2


def test_a_long_text_that_many_rows_share_is_once_in_memory(log_of):
    kinds = pa.array(["x" * 2_000_000, "fine"] * 20).dictionary_encode()
    log = log_of(events_of(40, kind=kinds), name="events.parquet")
    assert [reject.line for reject in log.rejects] == list(range(1, 40, 2))
    assert {event.attributes["kind"] for event in log.events} == {"fine"}


def test_a_file_of_absurdly_long_texts_is_refused_before_it_is_read(log_of):
    with pytest.raises(InputError, match=r"the column 'kind' has 70 MB of text in 2 rows, which no log has"):
        log_of(events_of(2, kind=["x" * 70_000_000, "fine"]), name="events.parquet")
