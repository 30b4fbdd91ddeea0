"""Every kind of change there is, and its mirror."""

from __future__ import annotations

import re
from pathlib import Path

import pointbook.changes
from pointbook.changes.kinds import CODES

FOLDER = Path(pointbook.changes.__file__).parent
OPPOSITES = {
    "added": "removed",
    "raised": "lowered",
    "widened": "narrowed",
    "joined": "left",
    "eased": "tightened",
}


def test_the_mirror_of_a_mirror_is_the_code_itself():
    assert all(CODES[CODES[code]] == code for code in CODES)


def test_adding_has_removing_and_raising_has_lowering():
    both = {**OPPOSITES, **{other: one for one, other in OPPOSITES.items()}}
    for code, mirror in CODES.items():
        stem, _, verb = code.rpartition("-")
        assert mirror == (f"{stem}-{both[verb]}" if verb in both else code)


def test_every_code_in_the_source_is_listed():
    written = set()
    for path in (path for path in FOLDER.glob("*.py") if path.name != "kinds.py"):
        written |= set(
            re.findall(
                r'"([a-z]+(?:-[a-z]+)*-(?:added|removed|raised|lowered|changed|widened'
                r'|narrowed|joined|left|eased|tightened|reordered))"',
                path.read_text("utf-8"),
            )
        )
    assert len(written) > 30
    assert written <= set(CODES)
