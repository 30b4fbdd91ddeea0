from __future__ import annotations

import pytest

HEADER = "event_id,member_id,activity,occurred_at,points,kind\n"


def ids(log) -> list[str]:
    return sorted(event.event_id for event in log.events)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_delimiter_and_line_end_gives_the_same_log(log_of, delimiter, end):
    header = "event_id,member_id,activity,occurred_at,points\n"
    text = f"{header}e1,anna,course,2024-03-13,50\ne2,ben,course,2024-03-14,\n"
    log = log_of(text.replace(",", delimiter).replace("\n", end))
    assert [(event.event_id, event.points) for event in log.events] == [("e1", 50), ("e2", None)]
    assert log.events_read == 2


def test_a_byte_order_mark_is_no_part_of_the_first_column(log_of):
    assert ids(log_of(b"\xef\xbb\xbf" + f"{HEADER}e1,anna,course,2024-03-13,,".encode())) == ["e1"]


def test_letters_outside_ascii_are_kept(log_of):
    log = log_of(f"{HEADER}é1,anna,Zürich ☃,2024-03-13,,naïve\n")
    assert (log.events[0].event_id, log.events[0].activity, log.events[0].attributes) == (
        "é1",
        "Zürich ☃",
        {"kind": "naïve"},
    )


def test_columns_may_come_in_any_order_and_with_spaces_around_their_names(log_of):
    log = log_of("kind, occurred_at ,member_id,activity,event_id\nx,2024-03-13,anna,course,e1\n")
    assert (log.events[0].event_id, log.events[0].attributes) == ("e1", {"kind": "x"})


def test_line_breaks_and_quotation_marks_inside_a_quoted_cell_are_kept(log_of):
    log = log_of(f'{HEADER}e1,anna,course,2024-03-13,,"two\r\nlines, ""x"""\ne2,ben,course,2024-03-13,,\n')
    assert log.events[0].attributes == {"kind": 'two\r\nlines, "x"'}
    assert ids(log) == ["e1", "e2"]


def test_rows_after_a_cell_with_line_breaks_have_their_own_line_numbers(log_of):
    log = log_of(f'{HEADER}e1,anna,course,2024-03-13,,"a\nb\nc"\ne2,ben,course,never,,\n')
    assert [(reject.line, reject.event_id) for reject in log.rejects] == [(5, "e2")]


def test_blank_lines_are_no_rows(log_of):
    log = log_of(f"\n  \n{HEADER}\ne1,anna,course,2024-03-13,,\n\n   \nbad\n\n")
    assert (log.events_read, ids(log)) == (2, ["e1"])
    assert [reject.line for reject in log.rejects] == [8]


def test_a_file_with_only_a_header_is_an_empty_log(log_of):
    log = log_of(HEADER.rstrip("\n"))
    assert (log.events, log.rejects, log.events_read) == ([], (), 0)


def test_a_row_with_a_cell_too_many_is_rejected_with_its_raw_text(log_of):
    log = log_of(f"{HEADER}e1,anna,course,2024-03-13,1,000,x\n")
    (reject,) = log.rejects
    assert (reject.file, reject.line, reject.column, reject.event_id) == ("events.csv", 2, "", "")
    assert reject.reason == "unreadable_row"
    assert reject.detail == (
        "it has 7 cells, but the header has 6 columns; put a cell that contains a `,` into quotation marks"
    )
    assert reject.raw == "e1,anna,course,2024-03-13,1,000,x"


def test_a_row_with_a_cell_too_few_is_rejected(log_of):
    (reject,) = log_of(f"{HEADER}e1,anna,course,2024-03-13,5\n").rejects
    assert reject.detail == "it has 5 cells, but the header has 6 columns; an empty cell still needs its `,`"


def test_a_well_quoted_row_of_several_lines_with_a_cell_too_few_is_one_reject(log_of):
    log = log_of(f'{HEADER}e1,anna,"two\nlines"\ne2,ben,course,2024-03-13,,\n')
    assert [(reject.line, reject.raw) for reject in log.rejects] == [(2, 'e1,anna,"two\nlines"')]
    assert ids(log) == ["e2"]


def test_a_quotation_mark_that_is_never_closed_costs_one_row_only(log_of):
    log = log_of(
        f'{HEADER}e1,anna,"course,2024-03-13,,\ne2,ben,course,2024-03-13,,\ne3,ben,course,2024-03-14,,\n'
    )
    (reject,) = log.rejects
    assert (reject.line, reject.raw) == (2, 'e1,anna,"course,2024-03-13,,')
    assert reject.detail == "the quotation mark opened in line 2 is never closed"
    assert (ids(log), log.events_read) == (["e2", "e3"], 3)


def test_a_stray_quotation_mark_that_meets_another_costs_its_own_row_only(log_of):
    log = log_of(
        f'{HEADER}e1,anna,"course,2024-03-13,,\ne2,ben,course,2024-03-13,,\ne3,ben,course,2024-03-14,,"x"\n'
    )
    assert [(reject.line, reject.reason) for reject in log.rejects] == [(2, "unreadable_row")]
    assert "opened in line 2 is closed in line 4" in log.rejects[0].detail
    assert ids(log) == ["e2", "e3"]


def test_a_quotation_mark_that_is_not_closed_within_a_million_characters_costs_one_row_only(log_of):
    rows = "".join(f"e{number},ben,course,2024-03-13,,{'x' * 90}\n" for number in range(12_000))
    log = log_of(f'{HEADER}bad,anna,"course,2024-03-13,,\n{rows}')
    assert [reject.line for reject in log.rejects] == [2]
    assert log.rejects[0].detail.endswith("is never closed within 1,000,000 characters")
    assert len(log.events) == 12_000


def test_cells_have_up_to_a_million_characters(log_of):
    log = log_of(
        f"{HEADER}e1,anna,course,2024-03-13,,{'x' * 1_000_000}\n"
        f"e2,anna,course,2024-03-13,,{'x' * 1_000_001}\n"
        f'e3,anna,course,2024-03-13,,"{"x" * 1_000_001}"\n'
    )
    assert ids(log) == ["e1"]
    assert [reject.detail for reject in log.rejects] == ["a cell has more than 1,000,000 characters"] * 2


def test_a_row_with_a_nul_character_is_rejected(log_of):
    (reject,) = log_of(f"{HEADER}e1,anna,course,2024-03-13,,a\0b\n").rejects
    assert (reject.reason, reject.detail) == ("unreadable_row", "it contains a NUL character (code 0)")


def test_line_ends_that_only_unicode_knows_stand_inside_cells(log_of):
    log = log_of(f"{HEADER}e1,anna,course,2024-03-13,,a\u2028b\x85c\x0bd\n")
    assert log.events[0].attributes == {"kind": "a\u2028b\x85c\x0bd"}


def test_rows_longer_than_the_pieces_in_which_a_file_is_read_are_whole(log_of):
    kinds = ["é" * 300_000, "x" * 262_143, "y" * 262_144, "z"]
    rows = "".join(f"e{n},anna,course,2024-03-13,,{kind}\r\n" for n, kind in enumerate(kinds))
    log = log_of(HEADER + rows)
    assert [event.attributes["kind"] for event in log.events] == kinds


def test_several_files_are_one_log_and_rejects_keep_the_order_given(log_of):
    log = log_of({"b.csv": f"{HEADER}x\ne1,anna,course,2024-03-13,,\n", "a.jsonl": '{"event_id": "e2"}\n'})
    assert ids(log) == ["e1"]
    assert [(reject.file, reject.line) for reject in log.rejects] == [("b.csv", 2), ("a.jsonl", 1)]


@pytest.mark.parametrize(
    "name", ["events.csv", "events.tsv", "events.txt", "events.CSV", "events", "events.log"]
)
def test_csv_is_recognised_by_name_or_content(log_of, name):
    assert ids(log_of(f"{HEADER}e1,anna,course,2024-03-13,,\n", name=name)) == ["e1"]
