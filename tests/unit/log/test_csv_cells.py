from __future__ import annotations

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pointbook.log.rows.csv_cells import MalformedRowError, cells_of

LINES = st.lists(st.text(alphabet='a ,;"', max_size=12), min_size=1, max_size=4)


def cells(text: str, delimiter: str = ",") -> list[str]:
    lines = iter(text.splitlines(keepends=True))
    return cells_of(next(lines), delimiter, lines, 1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a,b,c\n", ["a", "b", "c"]),
        (",,\n", ["", "", ""]),
        ('"a","b","c"\r\n', ["a", "b", "c"]),
        ('"a,1","",b\n', ["a,1", "", "b"]),
        ('a,"he said ""no""",c', ["a", 'he said "no"', "c"]),
        ('a,5" disk,c', ["a", '5" disk', "c"]),
        ('a,"two\r\nlines",c\n', ["a", "two\r\nlines", "c"]),
        ('"one\n\nthree","four\nfive"\n', ["one\n\nthree", "four\nfive"]),
        ('""', [""]),
        ('"",""', ["", ""]),
        ('""""', ['"']),
    ],
)
def test_a_row_is_split_into_its_cells(text, expected):
    assert cells(text) == expected


@given(lines=LINES, delimiter=st.sampled_from(",;"))
def test_rows_are_read_as_pythons_strict_reader_reads_them(lines, delimiter):
    text = "\n".join(lines) + "\n"
    try:
        expected = next(csv.reader(text.splitlines(keepends=True), delimiter=delimiter, strict=True)) or [""]
    except csv.Error:
        with pytest.raises(MalformedRowError):
            cells(text, delimiter)
    else:
        assert cells(text, delimiter) == expected


@given(
    row=st.lists(st.text(alphabet='a,"\n\r', max_size=8), min_size=2, max_size=5),
    quoting=st.sampled_from([0, 1]),
)
def test_what_pythons_writer_writes_comes_back(row, quoting, tmp_path_factory):
    path = tmp_path_factory.getbasetemp() / "row.csv"
    with path.open("w", newline="") as file:
        csv.writer(file, quoting=quoting).writerow(row)
    with path.open(newline="") as file:
        assert cells_of(file.readline(), ",", iter(file), 1) == row


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('a,"b', "the quotation mark opened in line 1 is never closed"),
        ('a,"b\nc', "the quotation mark opened in line 1 is never closed"),
        ('"a\nb","c\n', "the quotation mark opened in line 2 is never closed"),
        ('a,"b"c\n', "text follows a closing quotation mark"),
        ('a,"b\nc"d\n', "the quotation mark opened in line 1 is closed in line 2, where text follows it"),
    ],
)
def test_wrong_quotation_marks_are_named_with_their_lines(text, words):
    with pytest.raises(MalformedRowError) as error:
        cells(text)
    assert words in str(error.value)
