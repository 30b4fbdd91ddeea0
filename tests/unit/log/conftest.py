"""A small program, and logs of it read from files that a test writes."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from pointbook.log import read_log
from pointbook.model.activities import Activity
from pointbook.model.attributes import Attribute, AttributeType
from pointbook.model.points.forms import Fixed
from pointbook.model.program import Balance, Program, Version
from pointbook.model.rules import LifeCycle
from pointbook.model.windows import Resets

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pointbook.log import Log

MEMBERS = "member_id,signed_up_on,partner\nanna,2023-01-15,true\nben,2023-02-01,\n"


@pytest.fixture(scope="session")
def program() -> Program:
    """Event attributes days, hours, released_on, remote and kind; member attribute partner."""
    attributes = {
        "days": Attribute(AttributeType.INTEGER),
        "hours": Attribute(AttributeType.DECIMAL),
        "released_on": Attribute(AttributeType.DATE),
        "remote": Attribute(AttributeType.BOOLEAN),
        "kind": Attribute(AttributeType.TEXT),
    }
    course = Activity.short("course", "points", Fixed(50), attributes=attributes)
    version = Version("2022", date(2022, 11, 24), {}, {"course": course}, {}, {}, LifeCycle())
    return Program(
        id="devops",
        timezone="Europe/Brussels",
        balances={"points": Balance("points", Resets.MEMBERSHIP_YEAR)},
        level_balance="points",
        member_attributes={"partner": Attribute(AttributeType.BOOLEAN)},
        versions=(version,),
    )


@pytest.fixture
def log_of(program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Log]:
    """Reads texts or bytes as files, whose names tell their format."""
    monkeypatch.chdir(tmp_path)

    def read(
        events: str | bytes | dict[str, str],
        *,
        members: str | bytes = MEMBERS,
        name: str = "events.csv",
        members_name: str = "members.csv",
    ) -> Log:
        every = events if isinstance(events, dict) else {name: events}
        for file, content in {members_name: members, **every}.items():
            (tmp_path / file).write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_log(program, members=[members_name], events=list(every))

    return read
