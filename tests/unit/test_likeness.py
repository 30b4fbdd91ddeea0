from __future__ import annotations

import tracemalloc

import pytest

from pointbook.diagnostics import KnownWords
from pointbook.likeness import Lookalikes, difference, spreadsheet_damage

KNOWN = Lookalikes(
    ["review.written", "0012", "12", "Ann@Example.org", "Ghent", "Heist-op-den-Berg", "Caf\u00e9 No\u00ebl"]
)


@pytest.mark.parametrize(
    ("name", "meant", "words"),
    [
        ("Review.Written", ["review.written"], "letter case"),
        ("review.written ", ["review.written"], "spaces around it"),
        ("\u00a0review.written", ["review.written"], "spaces around it"),
        ("review\u200b.written", ["review.written"], "an invisible character (U+200B)"),
        ("\ufeffreview.written", ["review.written"], "an invisible character (U+FEFF)"),
        ("\u201creview.written\u201d", ["review.written"], "quotation marks"),
        ("Ann@example.org ", ["Ann@Example.org"], "letter case and spaces"),
        ("Cafe Noel", ["Caf\u00e9 No\u00ebl"], "accents"),
        ("Cafe\u0301 Noe\u0308l", ["Caf\u00e9 No\u00ebl"], "accents"),  # the same to the eye
        ("Caf\u00e9  No\u00ebl", ["Caf\u00e9 No\u00ebl"], "spaces inside"),
        ("CAFE NOEL\t", ["Caf\u00e9 No\u00ebl"], "letter case, spaces and accents"),
        ("12.0", ["0012", "12"], "zeros that a spreadsheet adds or drops"),
        ('="0012"', ["0012", "12"], "quotation marks"),
        ("'012", ["0012", "12"], "quotation marks and zeros"),
        (
            "rev\u00adiew\u2060.written ",
            ["review.written"],
            "invisible characters (U+00AD, U+2060) and spaces",
        ),
        ("\uff52\uff45view.written", ["review.written"], "full-width characters"),
        ("Heist\u2013op\u2011den\u2212Berg", ["Heist-op-den-Berg"], "dashes"),
        ("heist\u2014op-den-berg", ["Heist-op-den-Berg"], "letter case and dashes"),
        ("Gent", [], ""),
        ("review written", [], ""),
    ],
)
def test_a_name_is_found_by_what_is_left_without_what_nobody_sees(name, meant, words):
    assert KNOWN.of(name) == (meant, words)


def test_names_that_differ_in_more_are_not_alike():
    assert (difference("ghent", "Gent"), difference("a", "a")) == ("", "")


@pytest.mark.parametrize("name", ["1.23457E+15", "1,2E+15", "1e15", "2E+5"])
def test_a_number_that_a_spreadsheet_shortened_is_recognised(name):
    assert spreadsheet_damage(name).endswith("spreadsheet shortened; export the column as text")


def test_a_number_of_which_a_spreadsheet_kept_15_digits_is_recognised():
    assert "kept 15 digits" in spreadsheet_damage("1234567890123450")
    assert not spreadsheet_damage("123456789012340")  # fifteen digits are whole


@pytest.mark.parametrize("name", ["", "e15", "12.0", "1E", "E+15", "ab1e5", "15e-3"])
def test_other_ids_are_unharmed(name):
    assert not spreadsheet_damage(name)


def test_a_word_that_nobody_types_takes_no_memory():
    tracemalloc.start()
    try:
        assert KnownWords(["," * 100_000, "m-0001"]).closest("m-001") == "m-0001"
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()
