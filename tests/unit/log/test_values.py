from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from pointbook.log.typed.values import boolean_from, date_from, decimal_from, integer_from, text_from


@pytest.mark.parametrize(
    ("text", "value"),
    [("50", 50), ("050", 50), ("+5", 5), ("-5", -5), (" 7\t", 7), ("9" * 15, 999_999_999_999_999)],
)
def test_whole_numbers_are_read(text, value):
    assert integer_from(text) == value


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("50.0", "'50.0' is not a whole number: write 50"),
        ("50,00", "write 50"),
        ("1,500", "write its digits only, without a separator or point"),
        ("1 500", "write its digits only, without a separator or point"),
        ("1.000", "it could be 1 or 1000; write the one that is meant"),
        ("12.5", "it has a fraction; round it as the program wants"),
        ("1 500", "without a separator or point: 1500"),
        ("1,234,567", "without a separator or point: 1234567"),
        ("1e3", "write it without an exponent: 1000, if no digit was lost"),
        ("1.23457E+15", "write it without an exponent"),
        ("9" * 16, "at most 15 digits are read"),
        ("\u22125", "write the minus sign as in -5"),
        ("\u0663", "write digits only"),
        ("fifty", "write digits only"),
        ("0x32", "write digits only"),
        ("1_000", "write digits only"),
        ("- 5", "write digits only"),
        ("", "write digits only"),
    ],
)
def test_what_is_no_whole_number_is_refused_with_what_to_write(text, words):
    with pytest.raises(ValueError) as error:
        integer_from(text)
    assert words in str(error.value)


@pytest.mark.parametrize(
    ("text", "value"), [("2.5", "2.5"), ("2", "2"), ("-0.000001", "-0.000001"), (" 2.50 ", "2.50")]
)
def test_decimal_numbers_are_read_exactly(text, value):
    assert str(decimal_from(text)) == str(Decimal(value))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2,5", "'2,5' is not a number: write 2.5, with a point"),
        ("1,000", "write a point before the fraction, and nothing between thousands"),
        ("1.000,50", "write a point before the fraction, and nothing between thousands"),
        (".5", "write digits, then a point and at most 6 digits"),
        ("5.", "write digits, then a point and at most 6 digits"),
        ("0.1234567", "write digits, then a point and at most 6 digits"),
        ("1e-3", "write it without an exponent"),
        ("inf", "write digits, with a point before a fraction"),
        ("NaN", "it stands for no value; leave the cell empty"),
    ],
)
def test_what_is_no_decimal_number_is_refused_with_what_to_write(text, words):
    with pytest.raises(ValueError) as error:
        decimal_from(text)
    assert words in str(error.value)


@pytest.mark.parametrize(("text", "value"), [("true", True), ("TRUE", True), (" False ", False)])
def test_true_and_false_are_read_in_any_case(text, value):
    assert boolean_from(text) is value


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("yes", "write true"),
        ("1", "write true"),
        ("No", "write false"),
        ("0", "write false"),
        ("ja", "write true"),
        ("perhaps", "write true or false"),
        ("None", "it stands for no value; leave the cell empty, or list it under `empty` in log.yaml"),
    ],
)
def test_other_words_are_neither_true_nor_false(text, words):
    with pytest.raises(ValueError) as error:
        boolean_from(text)
    assert str(error.value) == f"{text!r} is neither true nor false: {words}"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2024-02-29", date(2024, 2, 29)),
        (" 1900-01-01 ", date(1900, 1, 1)),
        ("2999-12-31", date(2999, 12, 31)),
        ("2024-02-29 00:00:00", date(2024, 2, 29)),
        ("2024-02-29T00:00", date(2024, 2, 29)),
        ("2024-02-29 00:00:00.0000000", date(2024, 2, 29)),
    ],
)
def test_dates_of_the_years_1900_to_2999_are_read(text, value):
    assert date_from(text) == value


@pytest.mark.parametrize("text", ["2024-02-30", "1899-12-31", "3000-01-01", "24-03-13", ""])
def test_what_is_no_date_is_refused(text):
    with pytest.raises(ValueError):
        date_from(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2024-02-29 13:00:00", "write the day without its time: 2024-02-29"),
        ("2024-02-29 00:00:00+00", "2024-02-29 (which day it is depends on the time zone)"),
        ("2024-02-29 00:00:00 UTC", "2024-02-29 (which day it is depends on the time zone)"),
        ("1713000000", "it looks like a Unix time, on 2024-04-13 in UTC; write the day that is meant"),
        ("45364", "it looks like a spreadsheet's day number, which would be 2024-03-13; format that column"),
        ("3 March 2024", "write the day as 2024-03-03"),
        ("#N/A", "it stands for no value; leave the cell empty"),
        ("soon", "write it as YYYY-MM-DD"),
    ],
)
def test_what_is_no_date_is_refused_with_what_to_write(text, words):
    with pytest.raises(ValueError) as error:
        date_from(text)
    assert words in str(error.value)


def test_white_space_in_plain_text_counts():
    assert text_from("  x ") == "  x "
