from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

HEADER = "event_id,member_id,activity,occurred_at,points,days,hours,released_on,remote,kind\n"


def only_reject(log):
    assert log.events == []
    (reject,) = log.rejects
    return reject


def test_every_type_of_attribute_is_read(log_of):
    log = log_of(f"{HEADER}e1,anna,course,2024-03-13,, 3 ,2.5, 2024-01-31 ,TRUE, free text \n")
    assert log.events[0].attributes == {
        "days": 3,
        "hours": Decimal("2.5"),
        "released_on": date(2024, 1, 31),
        "remote": True,
        "kind": " free text ",
    }


def test_empty_cells_are_absent(log_of):
    log = log_of(f"{HEADER}e1,anna,course,2024-03-13,,,,,,\n")
    assert (log.events[0].points, dict(log.events[0].attributes)) == (None, {})


def test_cells_of_white_space_are_absent_except_in_plain_text(log_of):
    log = log_of(f"{HEADER}e1,anna,course,2024-03-13, , ,\t, , , \n")
    assert (log.events[0].points, dict(log.events[0].attributes)) == (None, {"kind": " "})


def test_missing_values_are_all_named_and_the_first_is_the_column(log_of):
    reject = only_reject(log_of(f"{HEADER}e1,,course, ,,,,,,\n"))
    assert (reject.column, reject.reason, reject.event_id) == ("member_id", "missing_value", "e1")
    assert reject.detail == "it has no member_id and no occurred_at"


def test_a_missing_value_comes_before_a_bad_one(log_of):
    assert only_reject(log_of(f"{HEADER}e1,anna,,never,x,,,,,\n")).reason == "missing_value"


def test_bad_values_are_all_named_in_the_order_time_points_attributes_by_name(log_of):
    reject = only_reject(log_of(f"{HEADER}e1,anna,course,2024-02-30,50.0,,,,maybe,\n"))
    assert (reject.column, reject.reason) == ("occurred_at", "bad_value")
    assert reject.detail == (
        "2024-02-30 is not a date: February 2024 has 29 days; "
        "also points: '50.0' is not a whole number: write 50; "
        "also remote: 'maybe' is neither true nor false: write true or false"
    )


def test_a_bad_attribute_is_named_by_its_column(log_of):
    reject = only_reject(log_of(f'{HEADER}e1,anna,course,2024-03-13,,,"2,5",31/01/2024,,\n'))
    assert reject.column == "hours"
    assert reject.detail == (
        "'2,5' is not a number: write 2.5, with a point; "
        "also released_on: '31/01/2024' is not a date: write the day as 2024-01-31; or say in log.yaml"
        " `times: {form: day_first}`"
    )


def test_an_attribute_is_checked_whatever_the_activity(log_of):
    assert only_reject(log_of(f"{HEADER}e1,anna,of_no_version,2024-03-13,,three,,,,\n")).column == "days"


def test_a_bad_value_comes_before_an_unknown_member(log_of):
    assert only_reject(log_of(f"{HEADER}e1,carol,course,2024-03-13,many,,,,,\n")).reason == "bad_value"


def test_an_event_of_an_unknown_activity_is_accepted(log_of):
    assert log_of(f"{HEADER}e1,anna,of_no_version,2024-03-13,,,,,,\n").events[0].activity == "of_no_version"


@pytest.mark.parametrize(
    ("member", "words"),
    [
        ("Anna", "there is no member 'Anna', but there is 'anna': the two differ in letter case"),
        (" anna", "there is no member ' anna', but there is 'anna': the two differ in spaces around it"),
        ("BEN ", "there is no member 'BEN ', but there is 'ben': the two differ in letter case and spaces"),
        ("annna", "there is no member 'annna'; the closest is 'anna'"),
        ("zoltan", "there is no member 'zoltan'"),
    ],
)
def test_an_unknown_member_is_explained(log_of, member, words):
    reject = only_reject(log_of(f"{HEADER}e1,{member},course,2024-03-13,,,,,,\n"))
    assert (reject.column, reject.reason, reject.detail) == ("member_id", "unknown_member", words)
    assert (reject.event_id, reject.member_id) == ("e1", member)


def test_a_member_whose_own_row_was_rejected_is_unknown_for_that_reason(log_of):
    members = "member_id,signed_up_on\nanna,2023-02-30\n"
    log = log_of(f"{HEADER}e1,anna,course,2024-03-13,,,,,,\n", members=members)
    assert only_reject(log).detail == "there is no member 'anna': its row in members.csv:2 was rejected"


def test_without_any_member_that_is_said(log_of):
    log = log_of(f"{HEADER}e1,anna,course,2024-03-13,,,,,,\n", members="member_id,signed_up_on\n")
    assert only_reject(log).detail == "there is no member 'anna': no member was accepted"


def test_only_the_first_few_unknown_members_get_a_guess(log_of):
    rows = "".join(f"e{number:02},anna{number:02},course,2024-03-13,,,,,,\n" for number in range(12))
    log = log_of(HEADER + rows)
    assert ["closest" in reject.detail for reject in log.rejects] == [True] * 10 + [False] * 2


def test_bad_rows_of_members_are_rejected_with_their_own_reasons(log_of):
    members = (
        "member_id,signed_up_on,partner\n"
        "anna,2023-01-15,true\n"
        ",2023-01-15,\n"
        "carol,,\n"
        "dora,15/01/2023,perhaps\n"
        "erik,2023-01-15\n"
    )
    log = log_of(HEADER, members=members)
    assert list(log.members) == ["anna"]
    assert (log.members_read, log.members["anna"].signed_up_on) == (5, date(2023, 1, 15))
    assert [
        (reject.line, reject.column, reject.reason, reject.event_id) for reject in log.member_rejects
    ] == [
        (3, "member_id", "missing_value", ""),
        (4, "signed_up_on", "missing_value", ""),
        (5, "signed_up_on", "bad_value", ""),
        (6, "", "unreadable_row", ""),
    ]
    assert log.member_rejects[2].detail == (
        "'15/01/2023' is not a date: write the day as 2023-01-15; or say in log.yaml"
        " `times: {form: day_first}`; also partner: 'perhaps' is neither true nor false: write true or false"
    )


def test_every_row_is_counted_once(log_of):
    log = log_of(f"{HEADER}e1,anna,course,2024-03-13,,,,,,\nbad\ne2,anna,course,never,,,,,,\n")
    assert (log.events_read, len(log.events), len(log.rejects)) == (3, 1, 2)
