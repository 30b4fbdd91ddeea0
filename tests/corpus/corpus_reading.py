"""One export read by a program of its own, and what it must come to."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from corpus_readings import Read, Refused, Rejected
from corpus_truth import ANSWERED, ASKED, EVENTS, MEMBERS, WATCHED

from pointbook.diagnostics import InputError, Severity
from pointbook.loading import load
from pointbook.log import read_log

if TYPE_CHECKING:
    from datetime import datetime

HERE = Path(__file__).parent
EXPORTS = HERE / "exports"
ACTIVITIES = {ANSWERED: "qa.answer", ASKED: "qa.ask", WATCHED: "video.watch"}


def put_members(folder: Path, writes: str = "{}") -> None:
    """A file of the members in a folder, who may be written otherwise there."""
    lines = (f"{writes.format(one)},{day}\n" for one, day in MEMBERS.items())
    (folder / "members.csv").write_text("".join(("member_id,signed_up_on\n", *lines)), encoding="utf-8")


def check(file: str, reading: Read | Refused | Rejected, folder: Path) -> None:
    """Read an export in a folder, and hold what comes of it against what must."""
    shutil.copytree(HERE / "club", folder / "club")
    shutil.copy(EXPORTS / file, folder / file)
    (folder / "club/log.yaml").write_text(reading.log.text, encoding="utf-8")
    put_members(folder)
    loaded = load("club")
    assert not [one for one in loaded.findings if one.severity is Severity.ERROR], loaded.findings
    assert loaded.program is not None

    if isinstance(reading, Refused):
        with pytest.raises(InputError) as refused:
            read_log(loaded.program, members=["members.csv"], events=[file])
        error = refused.value
        assert (f"{error.where}: {error.message}", error.hint) == (file + reading.said, reading.hint)
        return
    log = read_log(loaded.program, members=["members.csv"], events=[file])
    if isinstance(reading, Rejected):
        rejects = [f"{one.line} {one.column}: {one.detail}" for one in log.rejects]
        assert (tuple(rejects[: len(reading.first)]), len(rejects)) == (reading.first, reading.number)
        assert len(log.events) == len(EVENTS) - reading.number
        return
    assert not list(log.rejects)
    found = {one.event_id: (one.member_id, one.activity, one.at, dict(one.attributes)) for one in log.events}
    assert found == {
        reading.id.format(one.id): (
            one.member,
            ACTIVITIES[one.action],
            cut(one.at, reading.digits),
            {
                name: escaped(value) if reading.is_escaped else value
                for name in reading.has
                if (value := getattr(one, name)) not in (None, "")
            },
        )
        for one in EVENTS
    }


def escaped(value: object) -> object:
    """A value as `COPY` of PostgreSQL and the client of MySQL write its text."""
    return value.replace("\\", "\\\\").replace("\n", "\\n") if isinstance(value, str) else value


def cut(at: datetime, digits: int) -> datetime:
    """A moment with so many digits of a second; -1 for none of the second either."""
    if digits < 0:
        return at.replace(second=0, microsecond=0)
    unit = 10 ** (6 - digits)
    return at.replace(microsecond=at.microsecond // unit * unit)
