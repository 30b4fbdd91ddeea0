from __future__ import annotations

import io
import sys

import pytest

from pointbook.diagnostics import InputError
from pointbook.log import read_log

HEADER = "event_id,member_id,activity,occurred_at,points\n"


def refusal(log_of, content, **names) -> InputError:
    with pytest.raises(InputError) as error:
        log_of(content, **names)
    return error.value


@pytest.mark.parametrize(
    ("content", "message", "hint"),
    [
        (b"PK\x03\x04rest", "this looks like an Excel workbook or a zip archive", "save it as `CSV UTF-8`"),
        (b"\xd0\xcf\x11\xe0rest", "this looks like an old Excel workbook", "save it as `CSV UTF-8`"),
        (b"\x1f\x8brest", "this looks like a gzip archive", "unpack it first"),
        (b"%PDF-1.7", "this looks like a PDF document", "export it as CSV"),
        (b"<!DOCTYPE html><html>", "this looks like a web page", "log-in page"),
        ("event_id".encode("utf-16"), "this looks like text in UTF-16", "save it as UTF-8"),
    ],
)
@pytest.mark.parametrize("name", ["events.csv", "events.jsonl", "events"])
def test_other_formats_are_called_by_name(log_of, content, message, hint, name):
    error = refusal(log_of, content, name=name)
    assert error.where == name
    assert message in error.message
    assert hint in error.hint


@pytest.mark.parametrize("name", ["events.csv", "events.jsonl"])
def test_a_parquet_file_under_another_name_is_called_by_name(log_of, name):
    error = refusal(log_of, b"PAR1rest", name=name)
    assert (error.where, error.message) == (
        name,
        "this looks like a Parquet file, not like CSV or JSON Lines",
    )
    assert error.hint == "read it from a file whose name ends in `.parquet`"


@pytest.mark.parametrize("name", ["events.csv", "events.jsonl"])
def test_utf_16_without_a_mark_is_recognised(log_of, name):
    error = refusal(log_of, HEADER.encode("utf-16-le"), name=name)
    assert error.message == "it contains NUL characters, so it is UTF-16 or no text at all"


def test_a_byte_that_is_not_utf_8_is_named_with_its_line(log_of):
    error = refusal(log_of, HEADER.encode() + b"e1,anna,course,2024-03-13,\r\ne2,anna,caf\xe9,2024-03-13,\n")
    assert (error.where, error.message) == ("events.csv:3", "byte 0xe9 is not UTF-8 text")
    assert "Windows-1252" in error.hint


def test_a_file_that_ends_inside_a_letter_is_not_utf_8(log_of):
    error = refusal(log_of, HEADER.encode() + b"e1,anna,caf\xc3")
    assert (error.where, error.message) == ("events.csv:2", "byte 0xc3 is not UTF-8 text")


def test_the_line_of_a_bad_byte_is_right_far_down_the_file(log_of):
    rows = b"e1,anna,course,2024-03-13,\r\n" * 50_000
    assert refusal(log_of, HEADER.encode() + rows + b"\xff").where == "events.csv:50002"


@pytest.mark.parametrize("content", ["", "\n\n", " \r\n", "\ufeff"])
@pytest.mark.parametrize("name", ["events.csv", "events.jsonl"])
def test_an_empty_file_is_refused(log_of, content, name):
    error = refusal(log_of, content, name=name)
    assert (error.where, error.message) == (name, "the file is empty")
    assert error.hint.endswith("event_id, member_id, activity, occurred_at")


def test_everything_that_is_wrong_with_a_header_is_said_at_once(log_of):
    error = refusal(log_of, "\nevent_id,member,activity,ocurred_at,points,points,zzz,\n")
    assert error.where == "events.csv:2"
    assert error.message == (
        "required columns 'member_id' and 'occurred_at' are missing; "
        "columns 'member', 'ocurred_at' and 'zzz' are not known; "
        "the column 'points' appears 2 times, at 5 and 6; "
        "no name is given to column 8"
    )
    assert error.hint == (
        "rename 'member' to `member_id`; rename 'ocurred_at' to `occurred_at`; "
        "delete 'zzz', list under `ignore` in log.yaml what is not needed, or declare it in the rules; "
        "known: `activity`, `days`, `event_id`, `hours`, `kind`, `member_id`, `occurred_at`, `points`, "
        "`released_on`, `remote`; keep one of them; "
        "name every column; a delimiter at the header's end also makes one"
    )


def test_a_missing_column_that_none_resembles_is_to_be_added(log_of):
    error = refusal(log_of, "event_id;member_id;activity\n")
    assert error.message == "required column 'occurred_at' is missing"
    assert error.hint == "add `occurred_at`, which every row of events needs"


def test_a_column_in_other_letter_case_is_to_be_renamed(log_of):
    error = refusal(log_of, "event_id,member_id,activity,occurred_at,Points\n")
    assert error.message == "column 'Points' is not known"
    assert error.hint == "'Points': did you mean `points`?"


def test_a_header_with_very_many_unknown_columns_has_a_short_message(log_of):
    error = refusal(log_of, HEADER.strip() + "".join(f",zz{number}" for number in range(30)))
    assert "'zz9' and 20 more are not known" in error.message


def test_a_file_without_header_is_told_from_one_with_a_wrong_header(log_of):
    error = refusal(log_of, "e1,anna,course,2024-03-13,50\n")
    assert error.message == "there is no header: this line already looks like data"
    assert error.hint == "write the names of the columns above it: event_id,member_id,activity,occurred_at"


def test_a_delimiter_that_is_none_is_told(log_of):
    error = refusal(log_of, "event_id|member_id|activity|occurred_at\n")
    assert error.message == "the columns are not separated by a comma, a semicolon or a tab"


def test_a_header_with_an_open_quotation_mark_is_refused(log_of):
    assert refusal(log_of, '"event_id,member_id\n').message == "the header's quotation marks are not closed"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("events.csv", "member_id,signed_up_on,partner\nanna,2023-01-15,\n"),
        ("events.jsonl", '{"member_id": "anna", "signed_up_on": "2023-01-15"}\n'),
    ],
)
def test_members_given_as_events_are_recognised(log_of, name, content):
    error = refusal(log_of, content, name=name)
    assert error.where == f"{name}:1"
    assert error.message == "this looks like the members file, but it was given as events"


def test_events_given_as_members_are_recognised(log_of):
    error = refusal(log_of, HEADER, members=HEADER)
    assert error.where == "members.csv:1"
    assert error.message == "this looks like the events file, but it was given as members"


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("events.csv", '{"event_id": "e1"}', "this looks like JSON, not like CSV"),
        ("events.jsonl", HEADER, "this looks like CSV, not like JSON Lines"),
        ("events.json", '[{"event_id": "e1"}]', "this looks like one JSON list, not like JSON Lines"),
        ("events.json", '[\n{"event_id": "e1"}\n]', "this looks like one JSON list, not like JSON Lines"),
        (
            "events.json",
            '{\n"event_id": "e1"\n}',
            "an object goes on over several lines, so this is not JSON Lines",
        ),
    ],
)
def test_a_name_that_promises_another_format_is_told(log_of, name, content, message):
    assert refusal(log_of, content, name=name).message == message


def test_a_file_that_does_not_exist_is_told(program, tmp_path):
    with pytest.raises(InputError) as error:
        read_log(program, members=[tmp_path / "none.csv"], events=[])
    assert error.value.message == "there is no such file"


def test_standard_input_is_read_and_left_open(program, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "members.csv").write_text("member_id,signed_up_on\nanna,2023-01-15\n", encoding="utf-8")
    stdin = io.TextIOWrapper(io.BytesIO(f"{HEADER}e1,anna,course,2024-03-13,\nbad\n".encode()))
    monkeypatch.setattr(sys, "stdin", stdin)
    log = read_log(program, members=["members.csv"], events=["-"])
    assert [event.event_id for event in log.events] == ["e1"]
    assert [reject.file for reject in log.rejects] == ["<stdin>"]
    assert not stdin.buffer.closed


def test_standard_input_cannot_be_two_files(program):
    with pytest.raises(InputError) as error:
        read_log(program, members=["-"], events=["-"])
    assert error.value.message == "standard input can be read once only"


def test_a_disk_that_fails_while_reading_is_told(program, monkeypatch):
    class Failing(io.RawIOBase):
        def read(self, _size: int = -1) -> bytes:
            raise OSError(5, "Input/output error")

    monkeypatch.setattr(sys, "stdin", type("Stdin", (), {"buffer": Failing()})())
    with pytest.raises(InputError) as error:
        read_log(program, members=["-"], events=[])
    assert error.value.message == "it cannot be read to its end: input/output error"


def test_a_line_without_end_is_refused_before_it_fills_the_memory(program, monkeypatch):
    class Endless(io.RawIOBase):
        def read(self, size: int = -1) -> bytes:
            return b"x" * size

    monkeypatch.setattr(sys, "stdin", type("Stdin", (), {"buffer": Endless()})())
    with pytest.raises(InputError) as error:
        read_log(program, members=["-"], events=[])
    assert (error.value.where, error.value.message) == (
        "<stdin>:1",
        "a line has more than 64,000,000 characters",
    )


ROWS = "e1,anna,course,2024-03-13,\n"


@pytest.mark.parametrize(
    ("above", "words"),
    [
        ("sep=,\n", "the header is line 2; above it stands 'sep=,', which only Excel reads"),
        ('"sep=;"\r\n', "the header is line 2; above it stands '\"sep=;\"', which only Excel reads"),
        ("Export of 13 March,,,\n", "the header is line 2; above it stands 'Export of 13 March,,,'"),
        ("Report\n\nfor all members\n", "the header is line 4; above it stands 'Report'"),
    ],
)
def test_what_stands_above_the_header_is_told_with_the_headers_line(log_of, above, words):
    error = refusal(log_of, above + HEADER + ROWS)
    assert (error.where, error.message) == ("events.csv:1", words)
    assert error.hint.startswith("delete line")


def test_rows_of_separators_only_are_empty_lines(log_of):
    width = HEADER.count(",")
    empty = ["," * width, "," * (width + 4), ", ,", "," * width, f" {',' * width}"]
    log = log_of(HEADER + "\n".join(empty[:3]) + "\n" + ROWS + "\r\n".join(empty[3:]))
    assert (log.events_read, len(log.events), len(log.rejects)) == (1, 1, 0)


def test_columns_at_the_end_without_a_name_must_be_empty(log_of):
    header, row = HEADER.rstrip("\n") + ",,\n", ROWS.rstrip("\n")
    quoted = row.replace("anna", '"anna"')
    log = log_of(f"{header}{row},,\n{quoted.replace('e1', 'e2')},,\n{row.replace('e1', 'e3')},,x\n")
    assert [event.event_id for event in log.events] == ["e1", "e2"]
    [reject] = log.rejects
    width = HEADER.count(",") + 1
    assert (reject.reason, reject.line) == ("unreadable_row", 4)
    assert reject.detail == f"it has a value in column {width + 2}, which has no name"


def test_row_numbers_of_pandas_are_named(log_of):
    error = refusal(log_of, f",{HEADER}0,{ROWS}")
    assert error.message == "no name is given to column 1"
    assert "index=False" in error.hint
