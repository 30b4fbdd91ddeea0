"""What the author wrote wrongly is found where it was written, with either parser."""

from __future__ import annotations

import pytest
import yaml

from pointbook.source import yaml_reader
from pointbook.source.yaml_reader import read_yaml

LINES = ("activities:", "  review:", "    title: Write", "    points: 25", "    source: {section: Reviews}")
"""What was meant; each case writes one line of it differently."""

CASES = {
    "too little indentation": (4, "  points: 25", 3, "indented by 2, those around it by 4", "indent it by 4"),
    "odd indentation": (4, "   points: 25", 4, "is indented by 3, unlike any line above", "by 2 or 4 spaces"),
    "too much indentation": (
        4,
        "      points: 25",
        7,
        "is indented by 6, below one that is",
        "indent it by 4",
    ),
    "no-break spaces before": (
        4,
        "\u00a0\u00a0\u00a0\u00a0points: 25",
        1,
        "no-break space (U+00A0)",
        "ordinary",
    ),
    "no-break space behind": (4, "    points:\u00a025", 12, "no-break space (U+00A0)", "an ordinary space"),
    "ideographic space": (4, "    points:\u300025", 12, "ideographic space (U+3000)", "an ordinary space"),
    "full-width colon": (
        4,
        "    points\uff1a25",
        11,
        "fullwidth colon (U+FF1A) ends no key",
        "`:` and a space",
    ),
    "no space": (4, "    points:25", 11, "no space follows the colon", "write `points: 25`"),
    "equals sign": (4, "    points = 25", 12, "`=` ends no key", "write `points: 25`"),
    "semicolon": (4, "    points; 25", 11, "`;` ends no key", "write `points: 25`"),
    "second colon": (
        3,
        "    title: Write: now",
        17,
        "mapping values are not allowed",
        "quote the text if it",
    ),
    "second colon in braces": (
        5,
        "    source: {section: A: B}",
        24,
        "",
        "quote the text if it contains a colon",
    ),
    "quotation mark": (3, "    title: 'it's'", 15, "text follows this quotation mark", "write it twice"),
}


@pytest.mark.parametrize("parser", ["libyaml", "python"])
@pytest.mark.parametrize("case", CASES)
def test_a_slip_is_found_in_its_own_line(case: str, parser: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if parser == "python":
        monkeypatch.setattr(yaml_reader, "_Loader", yaml.SafeLoader)
    line, written, column, message, hint = CASES[case]
    lines = [*LINES[: line - 1], written, *LINES[line:]]
    document, [finding] = read_yaml("f.yaml", "\n".join(lines).encode())
    assert document is None
    assert (finding.code, finding.span.line, finding.span.column) == ("yaml-syntax", line, column)
    assert message in finding.message
    assert hint in finding.hint


def test_what_was_meant_is_read() -> None:
    document, findings = read_yaml("f.yaml", "\n".join(LINES).encode())
    assert document is not None
    assert not findings
