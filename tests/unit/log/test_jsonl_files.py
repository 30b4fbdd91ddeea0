from __future__ import annotations

from decimal import Decimal

import pytest


def row(**values: str) -> str:
    plain = {"event_id": '"e1"', "member_id": '"anna"', "activity": '"course"', "occurred_at": '"2024-03-13"'}
    pairs = ", ".join(f'"{name}": {value}' for name, value in {**plain, **values}.items())
    return f"{{{pairs}}}\n"


def test_one_object_a_line_is_one_event(log_of):
    log = log_of(row() + row(event_id='"e2"', points="50"), name="events.jsonl")
    assert [(event.event_id, event.points) for event in log.events] == [("e1", None), ("e2", 50)]
    assert log.events_read == 2


@pytest.mark.parametrize("name", ["events.jsonl", "events.ndjson", "events.json", "events", "events.log"])
def test_json_lines_are_recognised_by_name_or_content(log_of, name):
    assert len(log_of(row(), name=name).events) == 1


def test_numbers_are_kept_exactly_as_they_are_written(log_of):
    text = row(hours="2.50", points='"50"') + row(
        event_id="12345678901234567890", hours="999999999999999.000001"
    )
    log = log_of(text, name="e.jsonl")
    assert [(event.event_id, str(event.attributes["hours"])) for event in log.events] == [
        ("12345678901234567890", "999999999999999.000001"),
        ("e1", "2.50"),
    ]


def test_true_false_and_null_are_read(log_of):
    log = log_of(row(remote="true", kind="null", points='""'), name="e.jsonl")
    assert (log.events[0].attributes, log.events[0].points) == ({"remote": True}, None)


def test_members_are_read_from_json_lines_too(log_of):
    members = '\n{"member_id": "anna", "signed_up_on": "2023-01-15", "partner": false}\n\n'
    log = log_of(row(), name="e.jsonl", members=members, members_name="members.jsonl")
    assert log.members["anna"].attributes == {"partner": False}


def test_blank_lines_are_no_rows(log_of):
    log = log_of(f"\n{row()}\n \t\r\n5\n", name="e.jsonl")
    assert (log.events_read, [reject.line for reject in log.rejects]) == (2, [5])


def test_the_raw_text_is_the_line_as_it_stands(log_of):
    (reject,) = log_of(f"{row()}  [1] \r\n", name="e.jsonl").rejects
    assert (reject.raw, reject.line) == ("  [1] ", 2)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('{"event_id": "e1"', "not valid JSON: Expecting ',' delimiter at character 18"),
        ("{'event_id': 'e1'}", "names stand in double quotation marks"),
        ('{"event_id": "e1",}', "no comma follows the last value"),
        ('{"event_id": "e1"} {"event_id": "e2"}', "each line holds one object"),
        ('{"event_id": "e\t1"}', "write tabs and the like as escapes"),
        ('{"event_id": "e1', "a text is not closed on its line"),
        ('{"event_id": e1}', "texts stand in double quotation marks"),
        ("[]", "it is not an object"),
        ("5", "it is not an object"),
        ('"x"', "it is not an object"),
        ('{"event_id": ["e1"]}', "the value of 'event_id' is a list"),
        ('{"event_id": {"a": 1}}', "the value of 'event_id' is an object"),
        ('{"event_id": "e1", "points": 1, "event_id": "e1"}', "it gives 'event_id' twice"),
        ('{"points": null, "points": 5}', "it gives 'points' twice"),
        ('{"points": NaN}', "NaN is not a number"),
        ('{"points": -Infinity}', "-Infinity is not a number"),
        (
            '{"pionts": 5}',
            "nor an attribute that the rules declare; did you mean `points`?",
        ),
        ('{"event_id": "\\ud83d"}', "the value of 'event_id' contains an escaped character that no text has"),
        (
            '{"event_id": "a\\u0000b"}',
            "the value of 'event_id' contains an escaped character that no text has",
        ),
        ("[" * 100_000, "nested too deeply"),
        ('{"a":' * 100_000, "nested too deeply"),
    ],
)
def test_what_is_no_row_is_rejected_with_the_reason(log_of, line, words):
    log = log_of(row() + line + "\n" + row(event_id='"e2"'), name="e.jsonl")
    (reject,) = log.rejects
    assert (reject.line, reject.column, reject.event_id, reject.reason) == (2, "", "", "unreadable_row")
    assert words in reject.detail
    assert [event.event_id for event in log.events] == ["e1", "e2"]


def test_escaped_letters_are_letters(log_of):
    log = log_of(row(kind='"\\u00e9 \\ud83d\\ude00"'), name="e.jsonl")
    assert log.events[0].attributes == {"kind": "é 😀"}


def test_the_order_of_keys_does_not_make_two_rows_different(log_of):
    log = log_of(row(points="5", kind='"x"') + row(kind='"x"', points="5"), name="e.jsonl")
    assert [(reject.line, reject.reason) for reject in log.rejects] == [(2, "duplicate")]


def test_decimals_are_never_floats(log_of):
    log = log_of(row(hours="0.1"), name="e.jsonl")
    assert log.events[0].attributes["hours"] == Decimal("0.1")
