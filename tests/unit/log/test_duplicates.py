from __future__ import annotations

HEADER = "event_id,member_id,activity,occurred_at,points\n"
E1 = "e1,anna,course,2024-03-13,50\n"


def outcome(log) -> list[tuple[str, int, str, str]]:
    return [(reject.file, reject.line, reject.reason, reject.detail) for reject in log.rejects]


def test_the_same_row_again_is_a_duplicate_of_the_first(log_of):
    log = log_of(f"{HEADER}{E1}{E1}{E1}")
    assert [event.event_id for event in log.events] == ["e1"]
    assert outcome(log) == [
        ("events.csv", 3, "duplicate", "the same row as events.csv:2"),
        ("events.csv", 4, "duplicate", "the same row as events.csv:2"),
    ]
    assert [reject.column for reject in log.rejects] == ["event_id", "event_id"]
    assert log.rejects[0].raw == "e1,anna,course,2024-03-13,50"


def test_quotation_marks_and_the_format_do_not_make_rows_different(log_of):
    json = '{"points": 50, "occurred_at": "2024-03-13", "activity": "course",'
    json += ' "member_id": "anna", "event_id": "e1"}'
    log = log_of({"a.csv": f'{HEADER}"e1","anna",course,2024-03-13,50\n', "b.jsonl": json})
    assert len(log.events) == 1
    assert outcome(log) == [("b.jsonl", 1, "duplicate", "the same row as a.csv:2")]


def test_rows_of_different_content_with_one_id_are_all_rejected(log_of):
    log = log_of(f"{HEADER}{E1}e1,anna,course,2024-03-13,60\n{E1}e2,ben,course,2024-03-13,\n")
    assert [event.event_id for event in log.events] == ["e2"]
    assert outcome(log) == [
        (
            "events.csv",
            2,
            "conflicting_duplicate",
            "events.csv:3 has the same event_id, but differs in points",
        ),
        (
            "events.csv",
            3,
            "conflicting_duplicate",
            "events.csv:2 has the same event_id, but differs in points",
        ),
        (
            "events.csv",
            4,
            "conflicting_duplicate",
            "events.csv:3 has the same event_id, but differs in points",
        ),
    ]


def test_texts_are_compared_not_what_they_mean(log_of):
    log = log_of(f"{HEADER}{E1}e1,anna,course,2024-03-13T00:00,050\n")
    assert [reject.detail for reject in log.rejects] == [
        "events.csv:3 has the same event_id, but differs in occurred_at, points",
        "events.csv:2 has the same event_id, but differs in occurred_at, points",
    ]


def test_a_faulty_row_keeps_its_own_fault_and_still_conflicts(log_of):
    log = log_of(f"{HEADER}{E1}e1,anna,course,never,50\n")
    assert [(reject.line, reject.reason) for reject in log.rejects] == [
        (2, "conflicting_duplicate"),
        (3, "bad_value"),
    ]
    assert log.events == []


def test_the_same_faulty_row_twice_has_the_same_fault_twice(log_of):
    log = log_of(f"{HEADER}e1,anna,course,never,\ne1,anna,course,never,\n")
    assert [reject.reason for reject in log.rejects] == ["bad_value", "bad_value"]


def test_rows_without_an_id_are_not_compared(log_of):
    log = log_of(f"{HEADER},anna,course,2024-03-13,\n,anna,course,2024-03-13,\n")
    assert [reject.reason for reject in log.rejects] == ["missing_value", "missing_value"]


def test_ids_that_differ_in_a_space_are_different(log_of):
    log = log_of(f"{HEADER}{E1} e1,anna,course,2024-03-13,50\n")
    assert [event.event_id for event in log.events] == [" e1", "e1"]


def test_the_same_member_twice_counts_once(log_of):
    members = "member_id,signed_up_on\nanna,2023-01-15\nanna,2023-01-15\n"
    log = log_of(HEADER + E1, members=members)
    assert (len(log.events), log.members_read) == (1, 2)
    assert [(reject.line, reject.column, reject.reason, reject.detail) for reject in log.member_rejects] == [
        (3, "member_id", "duplicate", "the same row as members.csv:2")
    ]


def test_a_member_with_two_sign_up_dates_is_unknown(log_of):
    members = "member_id,signed_up_on\nanna,2023-01-15\nanna,2023-01-16\n"
    log = log_of(HEADER + E1, members=members)
    assert dict(log.members) == {}
    assert [(reject.line, reject.reason, reject.detail) for reject in log.member_rejects] == [
        (2, "conflicting_duplicate", "members.csv:3 has the same member_id, but differs in signed_up_on"),
        (3, "conflicting_duplicate", "members.csv:2 has the same member_id, but differs in signed_up_on"),
    ]
    assert outcome(log) == [
        (
            "events.csv",
            2,
            "unknown_member",
            "there is no member 'anna': its row in members.csv:2 was rejected",
        )
    ]
