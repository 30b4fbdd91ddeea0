"""Programs, and tables with rows that are clean and rows that are not."""

from __future__ import annotations

import csv
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from warehouses import Warehouse

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "rules/dataminer-devops"
_GUILD = ROOT / "tests/cli/guild"
_EVERY = 7
"""Each row of the shipped log with so many between is taken, so that a test takes seconds."""

_DATE, _NUMBER = r"(?!....-02-3)\d{4}-\d\d-\d\d", r"(\d{1,9})?"
_FORMS = [re.compile(form) for form in (rf"{_DATE}(T[\d:.]+)?", _NUMBER, _NUMBER, f"({_DATE})?")]
"""What typed columns can hold; the shipped log also has slips, such as days written otherwise."""

Row = tuple[object, ...]


class Log(NamedTuple):
    """A program, and what its tables hold.

    Attributes:
        program: The program folder.
        as_of: Two last days.
        events: Columns of events, with their types.
        event_rows: Their rows.
        members: Columns of members, with their types.
        member_rows: Their rows.
    """

    program: Path
    as_of: tuple[str, str]
    events: Mapping[str, str]
    event_rows: Sequence[Row]
    members: Mapping[str, str]
    member_rows: Sequence[Row]

    def load(self, warehouse: Warehouse) -> None:
        """Put the tables there."""
        warehouse.load("events", self.events, self.event_rows)
        warehouse.load("members", self.members, self.member_rows)


def shipped() -> Log:
    """The shipped program with its example log, of which times are local, and rows that are not clean."""
    examples = SHIPPED / "examples"
    events = [
        (*row[:4], *(text or None for text in row[4:]))
        for row in _rows(examples / "events.csv")[::_EVERY]
        if len(row) == len(_FORMS) + 3
        and all(form.fullmatch(text) for form, text in zip(_FORMS, row[3:], strict=True))
    ]
    members = [tuple(row) for row in _rows(examples / "members.csv")]
    day = "2024-04-01 10:00:00"
    one, two, three = events[10], events[11], events[12]
    unclean: list[Row] = [
        *(one, one),  # three of a kind: one stays
        (*two[:4], 5, None, None),  # another of the same id, with other points
        (three[0], "m-9999", *three[2:]),  # another of the same id, of nobody
        ("u1", "m-0001", "", day, None, None, None),
        ("u2", "m-0001", None, day, None, None, None),
        ("u3", None, "feedback", None, None, None, None),
        (None, "m-0001", "feedback", day, None, None, None),
        ("", "m-0001", "feedback", day, None, None, None),
        (None,) * 7,
        ("u4", "m-9999", "feedback", day, None, None, None),
        ("u5", "M-0001", "feedback", day, None, None, None),
        ("u6", "m-0001", "feedback", "3024-04-01 10:00:00", None, None, None),
        ("u7", "m-9999", "feedback", "infinity", 1.5, None, "3500-01-01"),
        ("u8", "m-0001", "qa.answer", day, 20.5, None, None),
        ("u9", "m-0001", "qa.answer", day, 12345678901234567890, None, "3500-01-01"),
        ("u10", "m-0001", "kata.completed", day, None, None, "1899-12-31"),
        ("u11", "m-0001", "training.attended", day, None, 1_000_000_000_000_000, None),
        # Two of a kind with nobody's id, or that are faulty anyway, keep the faults of their own.
        *[("u12", "m-9999", "feedback", day, None, None, None)] * 2,
        ("u13", "m-0001", "feedback", day, None, None, None),
        ("u13", "m-0001", "", day, None, None, None),
        # Of rows whose member was rejected, and one that is his again after that.
        *[(f"u14-{number}", f"x-{number}", "feedback", day, None, None, None) for number in range(6)],
        # Clocks: a time that occurs twice, one that is skipped, and the ends of the years that are read.
        ("c1", "m-0001", "feedback", "2024-10-27 02:30:00", None, None, None),
        ("c2", "m-0001", "feedback", "2024-03-31 02:30:00.25", None, None, None),
        ("c3", "m-0001", "feedback", "2024-03-31 03:10:00", None, None, None),
        ("c4", "m-0001", "feedback", "1900-01-01 00:00:00", None, None, None),
        ("c5", "m-0001", "feedback", "2999-12-31 23:59:59.999999", None, None, None),
        ("c6", "m-0001", " feedback", day, None, None, None),
        # What is on the as-of day, and after it.
        ("c7", "m-0001", "qa.answer", "2024-06-30 23:59:59", 20, None, None),
        ("c8", "m-0001", "qa.answer", "2024-07-01 00:00:00", 20.00, None, None),
        # Ids and names that a collation takes for others.
        ("C1", "m-0001", "feedback", day, None, None, None),
        ("c9", "m-0001", "Feedback", day, None, None, None),
    ]
    unclean_members: list[Row] = [
        *[("x-0", "2023-01-01")] * 2,
        ("x-1", "2023-01-01"),
        ("x-1", "2023-01-02"),
        ("x-2", None),
        ("x-3", "3500-01-01"),
        (None, "2023-01-01"),
        (None, None),
        ("x-4", "2024-09-01"),  # signs up after the first as-of day
    ]
    return Log(
        SHIPPED,
        ("2024-06-30", "2025-12-31"),
        {
            **dict.fromkeys(("event_id", "member_id", "activity"), "text"),
            "occurred_at": "timestamp",
            "points": "numeric(22, 2)",
            "days": "bigint",
            "released_on": "date",
        },
        [*events, *unclean],
        {"member_id": "text", "signed_up_on": "date"},
        [*members, *unclean_members],
    )


_LOG_YAML = """\
events:
  columns: {"Event No": event_id, user: member_id}
  activities: {"A visit": visit}
  ignore: [session]
  reference: ["Post id"]
  empty: ["NULL", "it's {{ nothing }}"]
members:
  columns: {joined: signed_up_on}
"""
_DECIMALS = """\
  lift:
    attributes: {weight: {type: decimal}, indoors: {type: boolean}}
    eligible_if: {all: [{attribute: weight, at_least: 2.5}, {attribute: indoors, is: true}]}
    points: 13
"""


def guild(folder: Path) -> Log:
    """A program with attributes of every type, of members too, several balances, and a log.yaml.

    Its log has times with a time zone, ids that are numbers, and more columns than it needs.
    """
    program = folder / "guild"
    shutil.copytree(_GUILD, program)
    text = (program / "program.yaml").read_text(encoding="utf-8")
    (program / "program.yaml").write_text(
        text.replace("Europe/Brussels", "America/New_York"), encoding="utf-8"
    )
    (program / "log.yaml").write_text(_LOG_YAML, encoding="utf-8")
    first = program / "versions/2024.yaml"
    first.write_text(first.read_text(encoding="utf-8") + _DECIMALS, encoding="utf-8")
    events = {
        "Event No": "bigint",
        "user": "varchar(20)",
        "activity": "text",
        "occurred_at": "timestamptz",
        "points": "integer",
        "days": "smallint",
        "size": "text",
        "hours": "integer",
        "room": "text",
        "released_on": "timestamp",
        "people": "integer",
        "weight": "numeric",
        "indoors": "boolean",
        "Post id": "text",
        "session": "text",
    }
    rows = []
    number = 0

    def add(user: str | None, activity: str | None, at: str | None, **attributes: object) -> None:
        nonlocal number
        number += 1
        given = {"Event No": number, "user": user, "activity": activity, "occurred_at": at, "session": "s"}
        given |= {
            name.replace("_", " ") if name == "Post_id" else name: one for name, one in attributes.items()
        }
        rows.append(tuple(given.get(name) for name in events))

    for month in range(1, 13):
        for year in (2024, 2025):
            at = f"{year}-{month:02}-{month + 3:02} 0{month % 6}:30:00+00"
            for user in ("ann", "Bob", "çem"):
                add(user, "A visit", at, Post_id=f"p{month}")
                add(user, "chat", at)
                add(user, "earn", at)
                add(user, "spend", at, points=-month)
                add(user, "talk", at, points=month * 7)
                add(user, "course", at, days=month % 3 or None)
                add(user, "bug", at, size=("low", "high", "NULL", "")[month % 4])
                add(user, "meet", at, hours=month % 4, room="it's {{ nothing }}" if month % 2 else "hall")
                add(user, "write", at, released_on=f"{year}-{month:02}-01 00:00:00")
                add(user, "team", at, people=month % 5)
                add(user, "lift", at, weight=f"{month / 2}", indoors=bool(month % 3) if month % 5 else None)
    at = "2024-05-05 12:00:00+00"
    add("NULL", "visit", at)
    add("ann", "it's {{ nothing }}", at)
    add("ann", "lift", at, weight="2.1234567")
    add("ann", "lift", at, weight="2.500000000", indoors=True)
    add("ann", "write", at, released_on="2024-05-01 00:00:01")
    add("ann", "team", at, people=0)
    add("ann", "visit", "2024-11-03 05:30:00+00")
    add("ann", "visit", "2024-11-03 06:30:00+00")
    add("ann", "visit", "1900-01-01 01:00:00+00")  # the day before in New York
    add("dan", "visit", at)
    add("eve", "visit", at)
    rows.append(rows[5])
    return Log(
        program,
        ("2024-11-03", "2026-01-01"),
        events,
        rows,
        {"member_id": "text", "joined": "timestamp", "partner": "boolean"},
        [
            ("ann", "2023-02-28", True),
            ("Bob", "2024-02-29", False),
            ("çem", "2022-12-31", None),
            ("dan", "2022-12-31 08:00:00", True),
            ("eve", "2022-12-31", True),
            ("eve", "2022-12-31", None),
        ],
    )


def _rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))[1:]
