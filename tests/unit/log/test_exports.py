"""Logs as log.yaml says that they are exported: the same as under our own names."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest
from pyarrow import parquet

from pointbook.diagnostics import InputError
from pointbook.log import read_log
from pointbook.lower.exports import exports_from
from pointbook.model.exports import Source
from pointbook.source.yaml_reader import read_yaml
from pointbook.structure.schema_findings import schema_findings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pointbook.log import Log
    from pointbook.model.program import Program

THEIRS = """
events:
  columns: {id: event_id, user: member_id, type: activity, created_at: occurred_at, score: points}
  activities: {Took a course: course}
  ignore: [session]
  reference: [post_id]
  empty: ["NULL", "-"]
members:
  columns: {uid: member_id, created: signed_up_on}
  empty: ["NULL"]
"""
MEMBERS = "uid,created,partner\nanna,2023-01-15,true\nben,2023-02-01,NULL\n"
EVENTS = """\
id,user,type,created_at,score,session,post_id,days
e1,anna,Took a course,2024-04-03T10:30,-,x,77,3
e2,ben,course,2024-04-03,20,,78,
"""
OURS = """\
event_id,member_id,activity,occurred_at,points,days
e1,anna,course,2024-04-03T10:30,,3
e2,ben,course,2024-04-03,20,
"""
OUR_MEMBERS = "member_id,signed_up_on,partner\nanna,2023-01-15,true\nben,2023-02-01,\n"


def by(program: Program, text: str) -> Program:
    """The program with a log.yaml."""
    node, findings = read_yaml("log.yaml", text.encode())
    assert node is not None
    assert not findings
    assert schema_findings(node, "log") == ()
    return replace(program, exports=exports_from(node))


@pytest.fixture
def read(program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Log]:
    """Reads texts as files by a log.yaml."""
    monkeypatch.chdir(tmp_path)

    def log(
        text: str | None,
        events: str | bytes | dict[str, str],
        members: str = MEMBERS,
        name: str = "events.csv",
    ) -> Log:
        every = events if isinstance(events, dict) else {name: events}
        for file, content in {**every, "members.csv": members}.items():
            path = tmp_path / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        own = program if text is None else by(program, text)
        return read_log(own, members=["members.csv"], events=list(every))

    return log


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def plain(log: Log) -> list[tuple[object, ...]]:
    """The events without references."""
    return [
        (*event[:-1], {name: value for name, value in event.attributes.items() if name != "post_id"})
        for event in log.events
    ]


def moments(log: Log) -> list[datetime]:
    assert not log.rejects, [reject.detail for reject in log.rejects]
    return [event.at for event in sorted(log.events, key=lambda event: event.event_id)]


def test_a_file_under_other_names_is_the_same_as_under_ours(read):
    theirs, ours = read(THEIRS, EVENTS), read(None, OURS, OUR_MEMBERS)
    assert plain(theirs) == plain(ours)
    assert theirs.members == ours.members
    assert not theirs.rejects
    assert not theirs.member_rejects


def test_references_travel_like_texts(read):
    assert [event.attributes["post_id"] for event in read(THEIRS, EVENTS).events] == ["77", "78"]


def test_json_lines_have_the_same_mapping_and_keys_that_are_passed_over_may_hold_anything(read):
    rows = [
        {"id": "e1", "user": "anna", "type": "Took a course", "created_at": "2024-04-03T10:30", "score": "-"},
        {"id": "e2", "user": "ben", "type": "course", "created_at": "2024-04-03", "score": 20},
    ]
    rows[0] |= {"session": {"ip": ["10.0.0.1"]}, "post_id": 77, "days": 3}
    lines = "".join(f"{json.dumps(row)}\n" for row in rows)
    assert plain(read(THEIRS, lines, name="events.jsonl")) == plain(read(None, OURS, OUR_MEMBERS))


def test_a_key_that_no_row_of_json_lines_has_is_refused_at_the_end(read):
    line = {"id": "e1", "usr": "anna", "type": "course", "created_at": "2024-04-03"}
    with pytest.raises(InputError) as refused:
        read(THEIRS, json.dumps(line), name="events.jsonl")
    assert "the column 'user', which log.yaml:3 names, is not there" in refused.value.message
    assert "the column nearest to 'user' is 'usr'" in refused.value.hint


def test_parquet_has_the_same_mapping_and_columns_that_are_passed_over_may_be_of_any_type(read):
    table = pa.table({
        "id": ["e1", "e2"],
        "user": ["anna", "ben"],
        "type": ["Took a course", "course"],
        "created_at": pa.array([at("2024-04-03T10:30"), at("2024-04-03")], pa.timestamp("us")),
        "score": ["-", "20"],
        "session": [{"ip": 1}, {"ip": 2}],
        "post_id": [77, 78],
        "days": [3, None],
    })  # fmt: skip
    sink = io.BytesIO()
    parquet.write_table(table, sink)
    log = read(THEIRS, sink.getvalue(), name="events.parquet")
    assert plain(log) == plain(read(None, OURS, OUR_MEMBERS))


def test_midnight_in_a_typed_column_is_a_time_of_the_export_s_zone_and_a_day_alone_is_the_program_s(read):
    zone = 'events: {times: {timezone: "America/New_York"}}'
    table = pa.table({
        "event_id": ["e1"],
        "member_id": ["anna"],
        "activity": ["course"],
        "occurred_at": pa.array([at("2024-04-03")], pa.timestamp("us")),
    })  # fmt: skip
    sink = io.BytesIO()
    parquet.write_table(table, sink)
    typed = read(zone, sink.getvalue(), OUR_MEMBERS, "events.parquet")
    # Midnight in New York, four hours behind UTC; midnight in Brussels, two hours ahead.
    assert moments(typed) == [at("2024-04-03T04:00")]
    text = "event_id,member_id,activity,occurred_at\ne1,anna,course,2024-04-03\n"
    assert moments(read(zone, text, OUR_MEMBERS)) == [at("2024-04-02T22:00")]


@pytest.mark.parametrize(
    ("form", "text", "moment"),
    [
        ("day_first", "3/4/2024", "2024-04-02T22:00"),
        ("day_first", "03-04-2024 14:05", "2024-04-03T12:05"),
        ("day_first", "3.4.2024 2:05:09 pm", "2024-04-03T12:05:09"),
        ("day_first", "03/04/2024, 12:00 a.m.", "2024-04-02T22:00"),
        ("day_first", "03/04/2024 14:05:09.250 +01:00", "2024-04-03T13:05:09.250"),
        ("day_first", "2024-04-03T14:05Z", "2024-04-03T14:05"),
        ("month_first", "4/3/2024", "2024-04-02T22:00"),
        ("year_first", "2024/4/3", "2024-04-02T22:00"),
        ("year_first", "2024/04/03 12:30:00", "2024-04-03T10:30"),
        ("month_first", "04/03/2024 12:30 PM", "2024-04-03T10:30"),
        ("unix_seconds", "1712140200", "2024-04-03T10:30"),
        ("unix_seconds", "1712140200.25", "2024-04-03T10:30:00.250"),
        ("unix_milliseconds", "1712140200250", "2024-04-03T10:30:00.250"),
        ("spreadsheet_days", "45385", "2024-04-02T22:00"),
        ("spreadsheet_days", "45385.4375", "2024-04-03T08:30"),
        ("spreadsheet_days", "45385,604861111", "2024-04-03T12:31"),
    ],
)
def test_times_are_read_in_the_form_that_log_yaml_names(read, form, text, moment):
    events = f'event_id;member_id;activity;occurred_at\ne1;anna;course;"{text}"\n'
    log = read(f"events: {{times: {{form: {form}}}}}", events, OUR_MEMBERS)
    assert moments(log) == [at(moment)]


@pytest.mark.parametrize(
    ("form", "text", "words"),
    [
        ("day_first", "04/13/2024", "write the day as 2024-04-13 (log.yaml:1 reads the day first)"),
        (
            "day_first",
            "31/02/2024",
            "February 2024 has 29 days ('31/02/2024' is read as '2024-02-31')",
        ),
        ("day_first", "03/04/2024 13:00 pm", "is not a time"),
        (
            "unix_seconds",
            "1712140200000",
            "write 2024-04-03T10:30:00Z (log.yaml:1 reads seconds since 1970)",
        ),
        ("unix_milliseconds", "1712140200", "log.yaml:1 reads milliseconds since 1970"),
        ("spreadsheet_days", "1712140200", "it looks like a Unix time"),
    ],
)
def test_what_is_not_of_that_form_is_refused_and_says_how_it_was_read(read, form, text, words):
    events = f"event_id,member_id,activity,occurred_at\ne1,anna,course,{text}\n"
    (reject,) = read(f"events: {{times: {{form: {form}}}}}", events, OUR_MEMBERS).rejects
    assert reject.reason == "bad_value"
    assert words in reject.detail


def test_without_a_form_a_day_that_could_be_two_is_refused_and_the_message_names_the_form(read):
    (reject,) = read(None, OURS.replace("2024-04-03T10:30", "03/04/2024"), OUR_MEMBERS).rejects
    assert reject.detail.endswith("or say in log.yaml `times: {form: day_first}` or `month_first`")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024-04-03T10:30", "2024-04-03T09:30"),  # London is an hour ahead in summer
        ("2024-01-03 10:30:00.5", "2024-01-03T10:30:00.5"),
        ("2024-04-03T10:30+02:00", "2024-04-03T08:30"),
        ("2024-04-03T10:30Z", "2024-04-03T10:30"),
        ("2024-04-03", "2024-04-02T22:00"),  # a day of the program, which is in Brussels
        ("2024-10-27T01:30", "2024-10-27T00:30"),  # twice: the first
        ("2024-03-31T01:30", "2024-03-31T01:30"),  # skipped: forward by the gap, 02:30 in summer time
    ],
)
def test_local_times_are_those_of_the_export_s_time_zone(read, text, moment):
    events = f"event_id,member_id,activity,occurred_at\ne1,anna,course,{text}\n"
    log = read("events: {times: {timezone: Europe/London}}", events, OUR_MEMBERS)
    assert moments(log) == [at(moment)]


@pytest.mark.parametrize(
    ("form", "text", "day"),
    [
        ("month_first", "1/15/2023", "2023-01-15"),
        ("unix_seconds", "1673823600", "2023-01-16"),  # 23:00 in UTC on the 15th, midnight in Brussels
        ("spreadsheet_days", "44941", "2023-01-15"),
    ],
)
def test_days_of_members_are_read_in_the_form_too_and_are_days_of_the_program(read, form, text, day):
    log = read(
        f"members: {{times: {{form: {form}, timezone: America/New_York}}}}",
        "event_id,member_id,activity,occurred_at\n",
        f"member_id,signed_up_on\nanna,{text}\n",
    )
    assert [member.signed_up_on.isoformat() for member in log.members.values()] == [day]


def test_a_day_with_a_time_that_is_not_midnight_stays_no_day(read):
    form = "members: {times: {form: day_first}}"
    members = "member_id,signed_up_on\nanna,15/01/2023 00:00:00\nben,15/01/2023 10:00:00\n"
    log = read(form, "event_id,member_id,activity,occurred_at\n", members)
    assert list(log.members) == ["anna"]
    assert "write the day without its time" in log.member_rejects[0].detail


def test_a_word_for_nothing_leaves_a_required_column_without_a_value(read):
    (reject,) = read(THEIRS, EVENTS.replace("e2,ben", "e2,NULL")).rejects
    assert (reject.reason, reject.column) == ("missing_value", "user")
    assert reject.detail == (
        "it has no member_id ('user' is read as member_id by log.yaml:3; 'NULL' is read as nothing)"
    )
    assert reject.raw == "e2,NULL,course,2024-04-03,20,,78,"


def test_an_unknown_member_is_told_with_the_file_s_own_column(read):
    (reject,) = read(THEIRS, EVENTS.replace("e2,ben", "e2,bem")).rejects
    assert (reject.reason, reject.column) == ("unknown_member", "user")
    assert reject.detail == (
        "there is no member 'bem'; the closest is 'ben' ('user' is read as member_id by log.yaml:3)"
    )


def test_the_same_event_from_two_kinds_of_files_is_a_duplicate(read):
    text = THEIRS + "sources:\n  - files: ours-*.csv\n    events: {}\n"
    ours = "event_id,member_id,activity,occurred_at,days,post_id\ne1,anna,course,2024-04-03T10:30,3,77\n"
    log = read(text, {"events.csv": EVENTS, "in/ours-1.csv": ours})
    (reject,) = log.rejects
    assert (reject.reason, reject.file, reject.column) == ("duplicate", "in/ours-1.csv", "event_id")
    differing = read(text, {"events.csv": EVENTS, "in/ours-1.csv": ours.replace(",3,", ",4,")})
    assert [(reject.reason, reject.column) for reject in differing.rejects] == [
        ("conflicting_duplicate", "id"),
        ("conflicting_duplicate", "event_id"),
    ]


def test_the_first_pattern_that_fits_a_file_counts_and_stands_in_place_of_the_rest(read):
    text = """
events: {columns: {x: event_id}}
sources:
  - files: in/shop-*.csv
    events: {columns: {receipt: event_id}}
  - files: "*.csv"
    events: {columns: {ticket: event_id}}
"""
    rest = "member_id,activity,occurred_at\n{},anna,course,2024-04-03\n"
    shop, other = f"receipt,{rest.format('s1')}", f"ticket,{rest.format('o1')}"
    log = read(text, {"data/in/shop-1.csv": shop, "shop-2.csv": other}, OUR_MEMBERS)
    assert [event.event_id for event in log.events] == ["o1", "s1"]


def test_standard_input_has_no_name_so_that_no_pattern_fits_it(program, monkeypatch, tmp_path):
    text = (
        'events: {columns: {x: event_id}}\nsources:\n  - files: "*"\n    events: {columns: {y: event_id}}\n'
    )
    monkeypatch.chdir(tmp_path)
    (tmp_path / "members.csv").write_text(OUR_MEMBERS)
    content = b"x,member_id,activity,occurred_at\ne1,anna,course,2024-04-03\n"
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))
    log = read_log(by(program, text), members=["members.csv"], events=["-"])
    assert [event.event_id for event in log.events] == ["e1"]


def test_a_mapping_that_fits_no_column_names_the_nearest_one(read):
    with pytest.raises(InputError) as refused:
        read(THEIRS, EVENTS.replace("id,user", "id,User", 1).replace("post_id", "postid", 1))
    assert refused.value.where == "events.csv:1"
    assert refused.value.message.startswith(
        "the column 'user', which log.yaml:3 names, is not there;"
        " the column 'post_id', which log.yaml:6 names, is not there;"
        " columns 'User' and 'postid' are not known"
    )
    assert (
        "the column nearest to 'user' is 'User'; correct log.yaml:3, or add to `sources`"
        in refused.value.hint
    )


def test_a_column_that_is_there_under_both_names_is_refused(read):
    with pytest.raises(InputError) as refused:
        read(THEIRS, EVENTS.replace("days", "member_id", 1))
    assert (
        "'user' is read as member_id by log.yaml, and there is a column 'member_id'" in refused.value.message
    )
    assert "list `member_id` under `ignore` in log.yaml" in refused.value.hint


def test_our_name_can_be_passed_over_where_another_column_is_it(read):
    text = "events: {columns: {score: points}, ignore: [points]}"
    events = "event_id,member_id,activity,occurred_at,points,score\ne1,anna,course,2024-04-03,1,2\n"
    assert [event.points for event in read(text, events, OUR_MEMBERS).events] == [2]


def test_days_from_which_rows_of_members_are_valid_are_read_as_exported(read):
    text = """
members:
  columns: {uid: member_id, created: signed_up_on, since: valid_from}
  empty: ["NULL"]
  times: {form: day_first}
"""
    members = "uid,created,since,partner\nanna,15/01/2023,NULL,false\nanna,15/01/2023,01/06/2025,true\n"
    dated = read(text, OURS, members).members["anna"].dated
    assert [(day, dict(given)) for day, given in dated] == [
        (date.min, {"partner": False}),
        (date(2025, 6, 1), {"partner": True}),
    ]


@pytest.mark.parametrize(
    ("pattern", "name", "fits"),
    [
        ("shop-*.csv", "in/shop-1.csv.gz", True),
        ("shop-*.csv", "shop-1.csv.ZST", True),
        ("shop-*.csv.gz", "shop-1.csv.gz", True),
        ("shop-*.csv.gz", "shop-1.csv", False),
        ("shop-*.csv", "shop-1.csv.xz", False),
        ("in/*.csv", "log/in/shop-1.csv.zst", True),
        ("shop", "shop.gz", True),
        ("query:SELECT * FROM 'a.csv'", "query:SELECT * FROM 'a.csv'.gz", False),
    ],
)
def test_a_pattern_of_log_yaml_fits_what_is_packed_under_such_a_name(pattern, name, fits):
    assert Source(pattern).fits(name) is fits
