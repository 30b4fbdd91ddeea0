"""Caps are called the same in every command."""

from __future__ import annotations

import pytest

from pointbook.model.rules import Cap
from pointbook.model.windows import CapKind, Per


@pytest.mark.parametrize(
    ("cap", "text"),
    [
        (Cap(CapKind.POINTS, 1000, Per.CALENDAR_QUARTER), "1,000 points per calendar quarter"),
        (Cap(CapKind.TIMES, 1, Per.LIFETIME), "1 time in a lifetime"),
    ],
)
def test_a_cap_in_words(cap: Cap, text: str) -> None:
    assert cap.words == text
