"""The events that every export of the corpus holds: what a reader of it must come to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Callable

TIMEZONE = "Europe/Berlin"
"""Of the program, and of the spreadsheets: its clocks are an hour ahead of UTC, two from 31 March to 27 October."""


@dataclass(frozen=True)
class TrueEvent:
    """One event.

    Attributes:
        at: In UTC, without time zone information.
        comment: A text of several lines, which most exports have in quotation marks.
    """

    id: str
    member: str
    action: str
    at: datetime
    topic: str
    minutes: int | None
    price: Decimal | None
    done: bool
    due: date | None
    comment: str

    @property
    def local(self) -> datetime:
        """When it was by the clocks of the program, without time zone information."""
        return self.at.replace(tzinfo=ZoneInfo("UTC")).astimezone(ZoneInfo(TIMEZONE)).replace(tzinfo=None)


COLUMNS = ("id", "user_id", "action", "created_at", "topic", "minutes", "price", "done", "due", "comment")
ANSWERED, ASKED, WATCHED = "Answered a question", "Asked a question", "Watched a video"
SIZE, LOGS = 'Größe, "XL"', "Logs; and more"


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)


# fmt: off
EVENTS = (
    TrueEvent("7001", "anna", ANSWERED, _at("2024-03-04 09:30"), SIZE, 15, Decimal("12.5"), True, date(2024, 3, 31), ""),
    TrueEvent("7002", "bjorn", ASKED, _at("2024-03-04 10:05:12.345678"), LOGS, None, None, False, None, "Thanks!\nIt works"),
    TrueEvent("7003", "anna", WATCHED, _at("2024-03-13 23:30"), "Intro", 45, Decimal("1234.5"), True, date(2024, 4, 1), ""),
    TrueEvent("7004", "carla", ANSWERED, _at("2024-03-31 01:30"), SIZE, 20, Decimal("8.25"), False, None, "C:\\logs"),
    TrueEvent("7005", "bjorn", WATCHED, _at("2024-10-26 00:30"), "Intro", 45, None, True, date(2024, 12, 24), ""),
    TrueEvent("7006", "dmitri", ANSWERED, _at("2024-12-31 23:15"), LOGS, 5, Decimal("0.75"), True, None, "- as ever -"),
    TrueEvent("7007", "carla", ASKED, _at("2024-02-29 00:00"), "Intro", None, Decimal(99), False, date(2024, 2, 29), ""),
    TrueEvent("7008", "anna", WATCHED, _at("2024-11-05 08:45"), LOGS, 60, Decimal("3.5"), True, None, ""),
)
# fmt: on
MEMBERS = {
    "anna": date(2023, 1, 15),
    "bjorn": date(2023, 5, 4),
    "carla": date(2024, 2, 29),
    "dmitri": date(2023, 12, 31),
}


def rows(
    when: Callable[[TrueEvent], str],
    day: Callable[[date], str] = date.isoformat,
    *,
    nothing: str = "",
    truth: tuple[str, str] = ("false", "true"),
    point: str = ".",
) -> list[list[str]]:
    """The texts of the events as a program writes them.

    Args:
        when: How it writes their time.
        day: How it writes a date.
        nothing: What it writes for no value.
        truth: How it writes false and true.
        point: What it writes before a fraction.
    """

    def of(value: object) -> str:
        return nothing if value is None else str(value)

    return [
        [
            one.id,
            one.member,
            one.action,
            when(one),
            one.topic,
            of(one.minutes),
            of(one.price).replace(".", point),
            truth[one.done],
            nothing if one.due is None else day(one.due),
            one.comment,
        ]
        for one in EVENTS
    ]
