"""Finished text on a terminal: the same characters, in lines that fit."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pointbook_cli.reporters import painting
from pointbook_cli.reporters.painting import MESSAGES, STYLES, Look
from pointbook_cli.reporters.screen import on_screen
from pointbook_cli.reporters.wrapping import wrapped

LOOKS = {name: look for name, look in vars(painting).items() if isinstance(look, Look)}
OURS = re.compile(r"\x1b\[\d+m")
PIECES = (
    *(
        "a.yaml:3:5: error[bad-name]: ",
        "  = b.yaml:1:1: ",
        "  help: ",
        "7 | ",
        "  | ^^^",
        "ok     ",
        "+ favourable ",
    ),
    *(
        "  1,000  awarded: ",
        "  2024-01-10  none → Gold (reached): ",
        "- ",
        "10 %",
        "Über",
        "word",
        " ",
        "  ",
        "\n",
    ),
    *("2 changes: 1 adverse, 1 mixed", "x" * 50, "[a.yaml:3:5]", "(a.yaml:3)", "(", "["),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join), st.sampled_from(sorted(LOOKS)))
def test_a_look_changes_no_character(text: str, name: str) -> None:
    assert OURS.sub("", on_screen(text, LOOKS[name], width=None, has_colour=True, has_links=True)) == text
    plain = on_screen(text, LOOKS[name], width=60, has_colour=False, has_links=False)
    assert OURS.sub("", on_screen(text, LOOKS[name], width=60, has_colour=True, has_links=False)) == plain


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join), st.integers(20, 90))
@example(f"  help: {'x' * 50}", 20)
def test_lines_fit_unless_a_word_does_not(text: str, width: int) -> None:
    """Lines of files, with a bar after their number, are left as they are but for their marks."""
    look = Look(tuple(pattern for pattern in MESSAGES.patterns if "whole" not in pattern))
    shown = on_screen(text, look, width=width, has_colour=False, has_links=False)
    assert "".join(shown.split()) == "".join(text.split()) or "…" in shown
    for line in shown.split("\n"):
        words = line.strip().removeprefix("help: ").replace(" %", "")  # what hangs begins beside its word
        assert len(line) <= max(width, 40) or " " not in words


@pytest.mark.parametrize("look", LOOKS)
def test_every_style_is_known(look: str) -> None:
    groups = {
        name.rstrip("0123456789") for one in LOOKS[look].patterns for name in re.compile(one).groupindex
    }
    assert groups <= {*STYLES, "place", "hang", "whole"}


def test_a_long_line_of_a_file_is_cut_around_what_is_marked() -> None:
    source = f"{'a' * 40} here {'b' * 40}"
    text = f"1 | {source}\n  | {' ' * 41}^^^^"
    shown = on_screen(text, MESSAGES, width=44, has_colour=False, has_links=False)
    assert shown == f"1 | …{'a' * 18} here {'b' * 14}…\n  | {' ' * 20}^^^^"


def test_a_number_stays_with_its_percent_sign() -> None:
    text = f"{'a' * 36} 10 % of all"
    assert wrapped(text, 40) == f"{'a' * 36}\n  10 % of all"
