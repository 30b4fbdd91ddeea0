"""Exports of programs that cannot be run here, written as these write them."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

from corpus_truth import COLUMNS, EVENTS, MEMBERS, rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date

    from corpus_truth import TrueEvent

BY_HAND: dict[str, tuple[str, Callable[[], bytes]]] = {}
"""By file: the program and what was chosen in it, and what makes its bytes."""


def _as(name: str, program: str) -> Callable[[Callable[[], bytes]], Callable[[], bytes]]:
    def noted(make: Callable[[], bytes]) -> Callable[[], bytes]:
        BY_HAND[name] = program, make
        return make

    return noted


def table(
    body: Iterable[Sequence[str]],
    *,
    header: Sequence[str] | None = COLUMNS,
    delimiter: str = ",",
    end: str = "\r\n",
    quoting: int = csv.QUOTE_MINIMAL,
) -> str:
    """Rows as CSV."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator=end, quoting=quoting)
    writer.writerows([*([header] if header else []), *body])
    return text.getvalue()


def _us(one: TrueEvent) -> str:
    at = one.local
    return f"{at.month}/{at.day}/{at.year} {at.hour}:{at:%M}"


def _us_day(day: date) -> str:
    return f"{day.month}/{day.day}/{day.year}"


def _german(one: TrueEvent) -> str:
    return f"{one.local:%d.%m.%Y %H:%M}"


def _german_day(day: date) -> str:
    return f"{day:%d.%m.%Y}"


def _french(one: TrueEvent) -> str:
    return f"{one.local:%d/%m/%Y %H:%M}"


def _french_day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


IN_CAPITALS = ("FALSE", "TRUE")


@_as("excel-us.csv", "Excel 365, en-US: `CSV (Comma delimited)`, which is Windows-1252")
def _() -> bytes:
    return table(rows(_us, _us_day, truth=IN_CAPITALS)).encode("cp1252")


@_as("excel-us-utf8.csv", "Excel 365, en-US: `CSV UTF-8`")
def _() -> bytes:
    return table(rows(_us, _us_day, truth=IN_CAPITALS)).encode("utf-8-sig")


@_as("excel-de.csv", "Excel 365, de-DE: `CSV (Trennzeichen-getrennt)`")
def _() -> bytes:
    body = rows(_german, _german_day, truth=("FALSCH", "WAHR"), point=",")
    return table(body, delimiter=";").encode("cp1252")


@_as("excel-de-utf8.csv", "Excel 365, de-DE: `CSV UTF-8`")
def _() -> bytes:
    body = rows(_german, _german_day, truth=("FALSCH", "WAHR"), point=",")
    return table(body, delimiter=";").encode("utf-8-sig")


@_as("excel-fr-utf8.csv", "Excel 365, fr-FR: `CSV UTF-8`")
def _() -> bytes:
    body = rows(_french, _french_day, truth=("FAUX", "VRAI"), point=",")
    return table(body, delimiter=";").encode("utf-8-sig")


@_as("excel-unicode.txt", "Excel 365, en-US: `Unicode Text`, which is UTF-16 with tabs")
def _() -> bytes:
    return b"\xff\xfe" + table(rows(_us, _us_day, truth=IN_CAPITALS), delimiter="\t").encode("utf-16-le")


@_as("excel-sep.csv", "a line `sep=;` above the header, so that Excel parts the cells there")
def _() -> bytes:
    return ("sep=;\r\n" + table(rows(lambda one: f"{one.local:%Y-%m-%d %H:%M}"), delimiter=";")).encode()


@_as("excel-general.csv", "Excel 365, en-US: `CSV UTF-8` of a sheet whose times are formatted as `General`")
def _() -> bytes:
    def number(one: TrueEvent) -> str:
        days = (one.local - type(one.local)(1899, 12, 30)).total_seconds() / 86400
        return f"{days:.9f}".rstrip("0").rstrip(".")

    return table(rows(number, truth=IN_CAPITALS)).encode("utf-8-sig")


@_as("excel-long-ids.csv", "Excel 365, en-US: `CSV UTF-8` after it read ids of 16 digits as numbers")
def _() -> bytes:
    body = rows(_us, _us_day, truth=IN_CAPITALS)
    for row in body:
        row[0] = "1.23457E+15"
    return table(body).encode("utf-8-sig")


@_as(
    "excel-empty-rows.csv",
    "Excel 365, en-US: `CSV UTF-8` of a sheet with cleared rows and columns beside the table",
)
def _() -> bytes:
    body = [[*row, "", ""] for row in rows(_us, _us_day, truth=IN_CAPITALS)]
    nothing = [""] * len(body[0])
    return table([*body[:4], nothing, *body[4:], nothing, nothing], header=[*COLUMNS, "", ""]).encode(
        "utf-8-sig"
    )


@_as("excel-mac.csv", "Excel for Mac of former days: `CSV (Macintosh)`, lines that end in CR")
def _() -> bytes:
    return table(rows(_us, _us_day, truth=IN_CAPITALS)).replace("\r\n", "\r").encode("mac_roman")


@_as("google-sheets.csv", "Google Sheets, locale United States: Download, `Comma Separated Values`")
def _() -> bytes:
    def when(one: TrueEvent) -> str:
        return f"{_us(one)}:{one.local:%S}"

    return table(rows(when, _us_day, truth=IN_CAPITALS)).removesuffix("\r\n").encode()


@_as("google-form.csv", "Google Forms, locale United Kingdom: answers in Sheets, downloaded")
def _() -> bytes:
    header = (
        "Timestamp",
        "Email address",
        "What did you do?",
        "Which topic?",
        "How many minutes did it take?",
    )
    body = [
        (
            f"{one.local:%d/%m/%Y %H:%M:%S}",
            f"{one.member}@example.org",
            one.action,
            one.topic,
            str(one.minutes or ""),
        )
        for one in EVENTS
    ]
    return table(body, header=header).removesuffix("\r\n").encode()


@_as("numbers.csv", "Apple Numbers 14, en-GB: Export To, CSV, `Include table names`")
def _() -> bytes:
    body = rows(lambda one: f"{one.local:%d/%m/%Y, %H:%M}", _french_day, truth=IN_CAPITALS)
    return ("Table 1\r\n" + table(body, delimiter=";")).encode()


@_as("bigquery.csv", "BigQuery: Save results, CSV")
def _() -> bytes:
    body = rows(lambda one: f"{one.at} UTC")
    return table(body, end="\n").encode()


@_as("bigquery.json", "BigQuery: bq extract --destination_format NEWLINE_DELIMITED_JSON")
def _() -> bytes:
    lines = []
    for row in rows(lambda one: f"{one.at} UTC"):
        values: dict[str, object] = {name: text for name, text in zip(COLUMNS, row, strict=True) if text}
        lines.append(
            json.dumps(values | {"done": row[7] == "true"}, ensure_ascii=False, separators=(",", ":")) + "\n"
        )
    return "".join(lines).encode()


def _server_time(one: TrueEvent) -> str:
    return f"{one.at:%Y-%m-%d %H:%M:%S}.{one.at.microsecond:06}0 +00:00"


@_as(
    "sqlserver.csv",
    "SQL Server Management Studio 20: results to grid, `Save Results As`, with column headers",
)
def _() -> bytes:
    return table(rows(_server_time, nothing="NULL", truth=("0", "1"))).encode("utf-8-sig")


@_as(
    "sqlserver-no-header.csv",
    "SQL Server Management Studio 20: `Save Results As`, as it is unless told otherwise",
)
def _() -> bytes:
    return table(rows(_server_time, nothing="NULL", truth=("0", "1")), header=None).encode("utf-8-sig")


@_as("snowflake.csv", "Snowflake: Download results as CSV, TIMESTAMP_TZ")
def _() -> bytes:
    body = rows(lambda one: f"{one.at:%Y-%m-%d %H:%M:%S}.{one.at.microsecond // 1000:03} +0000")
    return table(body, header=[name.upper() for name in COLUMNS], end="\n").encode()


@_as("snowflake-unload.csv", "Snowflake: COPY INTO @stage FILE_FORMAT = (TYPE = CSV) HEADER = TRUE")
def _() -> bytes:
    body = rows(lambda one: f"{one.at:%Y-%m-%d %H:%M:%S}.{one.at.microsecond // 1000:03} Z", nothing="\\N")
    return table(body, header=[name.upper() for name in COLUMNS], end="\n").encode()


@_as("oracle.csv", "Oracle SQL Developer 23: Export, csv, NLS_LANGUAGE American")
def _() -> bytes:
    def when(one: TrueEvent) -> str:
        return f"{one.at:%d-%b-%y %I.%M.%S}.{one.at.microsecond:06}000 {one.at:%p} GMT".upper()

    body = rows(when, lambda day: f"{day:%d-%b-%y}".upper(), truth=("0", "1"))
    header = [name.upper() for name in COLUMNS]
    return table(body, header=header, quoting=csv.QUOTE_ALL).encode()


@_as("webhook.jsonl", "what a webhook was sent, a line each: objects within objects")
def _() -> bytes:
    lines = [
        json.dumps(
            {
                "id": f"evt_{one.id}",
                "object": "event",
                "type": one.action,
                "created": _unix(one),
                "data": {
                    "user": {"id": one.member, "plan": "free"},
                    "topic": one.topic,
                    "minutes": one.minutes,
                },
                "livemode": True,
            },
            ensure_ascii=False,
        )
        for one in EVENTS
    ]
    return "".join(f"{line}\n" for line in lines).encode()


def _unix(one: TrueEvent) -> int:
    return int((one.at - type(one.at)(1970, 1, 1)).total_seconds())


@_as("mongoexport.json", "mongoexport 100.9, extended JSON")
def _() -> bytes:
    lines = []
    for one in EVENTS:
        at = f"{one.at:%Y-%m-%dT%H:%M:%S}.{one.at.microsecond // 1000:03}".removesuffix(".000") + "Z"
        value = {
            "_id": {"$oid": f"65e5a1b2c3d4e5f6a7b8{one.id}"},
            "user_id": one.member,
            "action": one.action,
            "created_at": {"$date": at},
            "topic": one.topic,
            "minutes": one.minutes,
            "done": one.done,
        }
        lines.append(json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n")
    return "".join(lines).encode()


@_as(
    "mongoexport.csv",
    "mongoexport 100.9 --type csv --fields _id,user_id,action,created_at,topic,minutes,done",
)
def _() -> bytes:
    body = [
        (
            f"ObjectId(65e5a1b2c3d4e5f6a7b8{one.id})",
            one.member,
            one.action,
            f"{one.at:%Y-%m-%dT%H:%M:%S}.{one.at.microsecond // 1000:03}Z",
            one.topic,
            str(one.minutes or ""),
            str(one.done).lower(),
        )
        for one in EVENTS
    ]
    header = ("_id", "user_id", "action", "created_at", "topic", "minutes", "done")
    return table(body, header=header, end="\n").encode()


@_as("discourse.csv", "Discourse: admin, Users, export of what users did, by the Data Explorer plugin")
def _() -> bytes:
    body = [
        (
            one.id,
            one.member,
            one.action.lower().replace(" ", "_"),
            f"{one.at:%Y-%m-%d %H:%M:%S} UTC",
            one.topic,
        )
        for one in EVENTS
    ]
    return table(body, header=("id", "username", "action_type", "created_at", "title"), end="\n").encode()


@_as("khoros.csv", "Khoros Bulk Data API, CSV")
def _() -> bytes:
    body = [
        (str(_unix(one) * 1000 + one.at.microsecond // 1000), f"{one.id}-a", one.member, one.action, "true")
        for one in EVENTS
    ]
    header = ("event.time.ms", "event.id", "user.login", "action.key", "user.registration.status")
    return table(body, header=header, end="\n").encode()


@_as("github-events.jsonl", "GitHub's REST API, events of a repository, by `jq -c '.[]'`")
def _() -> bytes:
    kinds = {"Answered a question": "IssueCommentEvent", "Asked a question": "IssuesEvent"}
    lines = [
        json.dumps(
            {
                "id": f"3600{one.id}",
                "type": kinds.get(one.action, "WatchEvent"),
                "actor": {"id": sum(map(ord, one.member)), "login": one.member},
                "repo": {"id": 9, "name": "club/club"},
                "payload": {"action": "created", "issue": {"number": one.minutes or 1, "labels": []}},
                "public": True,
                "created_at": f"{one.at:%Y-%m-%dT%H:%M:%SZ}",
            },
            separators=(",", ":"),
        )
        for one in EVENTS
    ]
    return "".join(f"{line}\n" for line in lines).encode()


@_as("members-excel-de.csv", "Excel 365, de-DE: `CSV UTF-8` of the members")
def _() -> bytes:
    body = [(one, one.title(), _german_day(day)) for one, day in MEMBERS.items()]
    return table(body, header=("Mitgliedsnummer", "Vorname", "Beitrittsdatum"), delimiter=";").encode(
        "utf-8-sig"
    )


@_as("members-google-sheets.csv", "Google Sheets, locale United States: Download, of the members")
def _() -> bytes:
    body = [(one, f"{one}@example.org", _us_day(day)) for one, day in MEMBERS.items()]
    return table(body, header=("Member ID", "Email", "Joined")).removesuffix("\r\n").encode()


@_as("members-discourse.csv", "Discourse: admin, Users, Export: its list of users")
def _() -> bytes:
    body = [
        (str(place), one, "", f"{day} 09:30:00 UTC") for place, (one, day) in enumerate(MEMBERS.items(), 40)
    ]
    return table(body, header=("id", "username", "title", "created_at"), end="\n").encode()
