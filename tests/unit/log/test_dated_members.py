"""Several rows of one member, each valid from a day on."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from pointbook.log import read_log

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pointbook.log import Log
    from pointbook.model.log import Member
    from pointbook.model.program import Program

HEADER = "member_id,signed_up_on,valid_from,partner\n"
EVENTS = "event_id,member_id,activity,occurred_at\ne1,anna,course,2024-03-13\n"
FROM_EVER, JANUARY, JUNE = date.min, date(2025, 1, 1), date(2025, 6, 1)


def rejects(log: Log) -> list[tuple[int, str, str, str]]:
    return [(one.line, one.column, one.reason, one.detail) for one in log.member_rejects]


def partner(member: Member, day: str) -> object:
    return member.on(date.fromisoformat(day)).attributes.get("partner")


def test_rows_of_one_member_follow_one_another_in_whatever_order_they_come(
    log_of: Callable[..., Log],
) -> None:
    rows = "anna,2023-01-15,2025-06-01,true\nanna,2023-01-15,,false\nanna,2023-01-15,2025-01-01,\n"
    log = log_of(EVENTS, members=HEADER + rows)
    anna = log.members["anna"]
    assert anna.dated == ((FROM_EVER, {"partner": False}), (JANUARY, {}), (JUNE, {"partner": True}))
    assert anna.attributes == {"partner": False}
    days = ("1990-01-01", "2024-12-31", "2025-01-01", "2025-05-31", "2025-06-01", "2999-12-31")
    assert [partner(anna, day) for day in days] == [False, False, None, None, True, True]
    assert (len(log.members), log.members_read, len(log.member_rejects), log.facts.dated) == (1, 3, 0, 1)
    assert [event.member_id for event in log.events] == ["anna"]


def test_before_the_first_day_nothing_is_known(log_of: Callable[..., Log]) -> None:
    log = log_of(EVENTS, members=f"{HEADER}anna,2023-01-15,2025-06-01,true\n")
    assert log.members["anna"].dated == ((FROM_EVER, {}), (JUNE, {"partner": True}))
    assert log.members["anna"].attributes == {}


def test_without_a_day_nothing_is_dated(log_of: Callable[..., Log]) -> None:
    log = log_of(EVENTS, members=f"{HEADER}anna,2023-01-15, ,true\nben,2023-01-15,,\n")
    assert [(member.dated, dict(member.attributes)) for member in log.members.values()] == [
        ((), {"partner": True}),
        ((), {}),
    ]
    assert log.facts.dated == 0


def test_a_file_without_the_column_reads_as_ever(log_of: Callable[..., Log]) -> None:
    log = log_of(EVENTS)
    assert [member.dated for member in log.members.values()] == [(), ()]
    assert "member.valid_from" not in log.empty


def test_a_row_that_is_there_twice_counts_once(log_of: Callable[..., Log]) -> None:
    rows = "anna,2023-01-15,,false\nanna,2023-01-15,2025-06-01,true\nanna,2023-01-15,2025-06-01,true\n"
    log = log_of(EVENTS, members=HEADER + rows)
    assert rejects(log) == [(4, "member_id", "duplicate", "the same row as members.csv:3")]
    assert log.members["anna"].dated == ((FROM_EVER, {"partner": False}), (JUNE, {"partner": True}))


def test_two_rows_of_one_day_that_differ_make_the_member_unknown(log_of: Callable[..., Log]) -> None:
    rows = "anna,2023-01-15,2025-06-01,true\nanna,2023-01-15,2025-06-01,false\nanna,2023-01-15,,false\n"
    log = log_of(EVENTS, members=f"{HEADER}{rows}ben,2023-01-15,,\n")
    same = "has the same member_id and valid_from, but differs in partner"
    assert rejects(log) == [
        (2, "member_id", "conflicting_duplicate", f"members.csv:3 {same}"),
        (3, "member_id", "conflicting_duplicate", f"members.csv:2 {same}"),
        (4, "member_id", "conflicting_duplicate", "members.csv:2 has the same member_id, and is rejected"),
    ]
    assert list(log.members) == ["ben"]
    assert [(one.reason, one.detail) for one in log.rejects] == [
        ("unknown_member", "there is no member 'anna': its row in members.csv:2 was rejected")
    ]


def test_one_day_written_in_two_ways_is_one_day(log_of: Callable[..., Log]) -> None:
    rows = "anna,2023-01-15,2025-06-01,true\nanna,2023-01-15,2025-06-01 00:00:00,false\n"
    log = log_of(EVENTS, members=HEADER + rows)
    assert [one.reason for one in log.member_rejects] == ["conflicting_duplicate"] * 2
    # An empty text and spaces are both no day.
    log = log_of(EVENTS, members=f"{HEADER}anna,2023-01-15,,true\nanna,2023-01-15,  ,false\n")
    assert [one.reason for one in log.member_rejects] == ["conflicting_duplicate"] * 2


def test_a_member_signs_up_once(log_of: Callable[..., Log]) -> None:
    rows = "anna,2023-01-15,,false\nanna,2023-01-16,2025-06-01,true\nanna,2023-01-15,2025-07-01,false\n"
    log = log_of(EVENTS, members=HEADER + rows)
    differs = "has the same member_id, but differs in signed_up_on"
    assert rejects(log) == [
        (2, "member_id", "conflicting_duplicate", f"members.csv:3 {differs}"),
        (3, "member_id", "conflicting_duplicate", f"members.csv:2 {differs}"),
        (4, "member_id", "conflicting_duplicate", f"members.csv:3 {differs}"),
    ]
    # A day that is written in another way is the same one.
    rows = "anna,2023-01-15,,false\nanna,2023-01-15T00:00,2025-06-01,true\n"
    assert not log_of(EVENTS, members=HEADER + rows).member_rejects


def test_a_faulty_row_puts_the_others_of_its_member_in_doubt(log_of: Callable[..., Log]) -> None:
    rows = "anna,2023-01-15,,false\nanna,2023-01-15,2025-06-01,perhaps\nanna,2023-01-15,2025-07-01,true\n"
    log = log_of(EVENTS, members=HEADER + rows)
    doubt = "members.csv:3 has the same member_id, and is rejected"
    assert [one[:3] for one in rejects(log)] == [
        (2, "member_id", "conflicting_duplicate"),
        (3, "partner", "bad_value"),
        (4, "member_id", "conflicting_duplicate"),
    ]
    assert {log.member_rejects[0].detail, log.member_rejects[2].detail} == {doubt}
    assert not log.members


@pytest.mark.parametrize("text", ["2025-13-01", "03/04/2025", "soon"])
def test_a_day_that_is_none_is_a_bad_value(log_of: Callable[..., Log], text: str) -> None:
    log = log_of(EVENTS, members=f"{HEADER}anna,2023-01-15,{text},true\n")
    assert [one[:3] for one in rejects(log)] == [(2, "valid_from", "bad_value")]


def test_rows_of_several_files_and_kinds_are_of_one_member(
    log_of: Callable[..., Log], program: Program, tmp_path: Path
) -> None:
    log_of(EVENTS, members="member_id,signed_up_on,partner\nanna,2023-01-15,false\n")
    row = '{"member_id": "anna", "signed_up_on": "2023-01-15", "valid_from": %s, "partner": %s}\n'
    (tmp_path / "then.jsonl").write_text(row % ('"2025-06-01"', "true") + row % ("null", "false"))
    log = read_log(program, members=["members.csv", "then.jsonl"], events=["events.csv"])
    assert log.members["anna"].dated == ((FROM_EVER, {"partner": False}), (JUNE, {"partner": True}))
    assert [(one.file, one.line, one.reason) for one in log.member_rejects] == [
        ("then.jsonl", 2, "duplicate")
    ]
