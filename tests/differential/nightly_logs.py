"""A log that changes from night to night, in every way in which logs do."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
from differential_rulesets import (
    ACTIVITIES,
    ATTRIBUTES,
    DAYS,
    MEMBER_ATTRIBUTES,
    TIMES,
    VALUES,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from random import Random

    Row = dict[str, str]

NAMES = ("a", "B", "é", "a-1", "Z", "ann", "bob", "Éva", "x,y", "'q'", "m 1", "zz")
EVENT_COLUMNS = ("event_id", "member_id", "activity", "occurred_at", "points", *ATTRIBUTES)
MEMBER_COLUMNS = ("member_id", "signed_up_on", "valid_from", *MEMBER_ATTRIBUTES)
SIGN_UPS = ("2019-01-01", "2020-02-29", "2020-02-29", "2022-06-15", *DAYS[:10])


@dataclass
class NightlyLog:
    """A log, and the last day that counts.

    Attributes:
        random: Decides everything.
        as_of: The last day that counts.
        dated: Whether attributes of members may be dated.
        only_comes: Whether rows of events only come, and none is changed or goes.
    """

    random: Random
    as_of: date
    dated: bool = False
    only_comes: bool = False
    members: list[Row] = field(default_factory=list)
    events: list[Row] = field(default_factory=list)
    number: int = 0

    def begin(self, members: int, events: int) -> None:
        """The first night."""
        for _ in range(members):
            self.new_member()
        for _ in range(events):
            self.arrival()

    def night(self) -> list[str]:
        """Change the log, in few ways or none; returns how."""
        ways: list[Callable[[], None]] = [
            *(self.arrival, self.late_row, self.correction, self.conflict, self.repeat, self.deletion),
            *(self.reuse_of_an_id, self.unknown_member, self.new_member, self.vanished_member),
            *(self.moved_sign_up, self.other_attributes, self.bad_row),
        ]
        if self.dated:
            ways.append(self.dated_row)
        if self.only_comes:
            ways = [way for way in ways if way not in {self.correction, self.deletion}]
        chosen = [self.random.choice(ways) for _ in range(self.random.choice((0, 1, 1, 1, 2, 4)))]
        for way in chosen:
            way()
        self.random.shuffle(self.events)
        self.random.shuffle(self.members)
        self.next_day()
        return [way.__name__ for way in chosen]

    def next_day(self) -> None:
        """The as-of date stays, moves on by days, or over a day on which something happens; rarely back."""
        later = [day for day in map(date.fromisoformat, DAYS) if day > self.as_of]
        match self.random.randrange(10):
            case 0 | 1 | 2:
                pass
            case 3 | 4 | 5:
                self.as_of += timedelta(1)
            case 6:
                self.as_of += timedelta(self.random.choice((2, 30, 40, 200)))
            case 7 | 8 if later:
                self.as_of = later[0] + timedelta(self.random.choice((-1, 0, 0, 1)))
            case _:
                self.as_of -= timedelta(self.random.choice((0, 0, 1)))

    def arrival(self) -> None:
        self._add(self._day(self.as_of - timedelta(self.random.choice((0, 0, 1, 2, -1, -3)))))

    def late_row(self) -> None:
        self._add(self._day(date.fromisoformat(self.random.choice(DAYS))))

    def correction(self) -> None:
        if self.events:
            row = self.random.choice(self.events)
            name = self.random.choice(("activity", "occurred_at", "points", *ATTRIBUTES))
            row[name] = self._event()[name]

    def conflict(self) -> None:
        if self.events:
            self.events.append({**self.random.choice(self.events), "activity": self._event()["activity"]})

    def repeat(self) -> None:
        if self.events:
            self.events.append(dict(self.random.choice(self.events)))

    def deletion(self) -> None:
        if self.events:
            self.events.remove(self.random.choice(self.events))

    def reuse_of_an_id(self) -> None:
        if self.events:
            row = self._event() | {"event_id": self.random.choice(self.events)["event_id"]}
            self.events.append(row)

    def unknown_member(self) -> None:
        self.events.append(self._event() | {"member_id": self.random.choice((*NAMES, "nobody", ""))})

    def new_member(self) -> None:
        if free := sorted(set(NAMES) - {row["member_id"] for row in self.members}):
            day = self.random.choice(
                (*SIGN_UPS, self.as_of.isoformat(), (self.as_of + timedelta(1)).isoformat())
            )
            own = {"member_id": self.random.choice(free), "signed_up_on": day, "valid_from": ""}
            self.members.append(own | self._attributes())

    def vanished_member(self) -> None:
        if self.members:
            self.members.remove(self.random.choice(self.members))

    def moved_sign_up(self) -> None:
        if self.members:
            self.random.choice(self.members)["signed_up_on"] = self.random.choice(SIGN_UPS)

    def other_attributes(self) -> None:
        if self.members:
            self.random.choice(self.members).update(self._attributes())

    def dated_row(self) -> None:
        if self.members:
            day = self.as_of + timedelta(self.random.choice((-200, 0, 1, 1, 2, 5)))
            row = self.random.choice(self.members) | {"valid_from": day.isoformat()} | self._attributes()
            self.members.append(row)

    def bad_row(self) -> None:
        self.events.append(self._event() | {"occurred_at": "yesterday"})

    def _add(self, moment: str) -> None:
        self.events.append(self._event() | {"occurred_at": moment})

    def _day(self, day: date) -> str:
        return day.isoformat() + self.random.choice(TIMES)

    def _event(self) -> Row:
        pick = self.random.choice
        self.number += 1
        own = {
            "event_id": f"{pick(('e', 'E', 'é'))}{self.number}",
            "member_id": pick([row["member_id"] for row in self.members] or ["nobody"]),
            "activity": pick((*ACTIVITIES, *ACTIVITIES, "renamed", "unknown")),
            "occurred_at": self._day(date.fromisoformat(pick(DAYS))),
            "points": pick(("", "", "-5", "0", "1", "5", "10", "17", "40")),
        }
        return own | {name: pick((*VALUES[kind], "")) for name, kind in ATTRIBUTES.items()}

    def _attributes(self) -> Row:
        return {name: self.random.choice((*VALUES[kind], "")) for name, kind in MEMBER_ATTRIBUTES.items()}

    def write(self, folder: Path) -> list[str]:
        """Write the log as CSV; returns the options that name it."""
        found = []
        for name, columns, rows in (
            ("events", EVENT_COLUMNS, self.events),
            ("members", MEMBER_COLUMNS, self.members),
        ):
            path = folder / f"{name}.csv"
            with path.open("w", newline="", encoding="utf-8") as stream:
                writer = csv.DictWriter(stream, columns, lineterminator="\n")
                writer.writeheader()
                writer.writerows(rows)
            found += [f"--{name}", str(path)]
        return found

    def write_typed(self, folder: Path) -> list[str]:
        """The same with events in Parquet, whose times are times; what is none is nothing there."""
        columns = {name: [row[name] or None for row in self.events] for name in EVENT_COLUMNS}
        times = pa.array([moment_of(row) for row in self.events], pa.timestamp("us"))
        arrays = {name: pa.array(texts, pa.string()) for name, texts in columns.items()}
        pq.write_table(pa.table({**arrays, "occurred_at": times}), folder / "events.parquet")
        return ["--events", str(folder / "events.parquet"), *self.write(folder)[2:]]


def moment_of(row: Row) -> datetime | None:
    """When an event was, as its text has it without the zone; None for what is no time."""
    try:
        return datetime.fromisoformat(row["occurred_at"]).replace(tzinfo=None)
    except ValueError:
        return None
