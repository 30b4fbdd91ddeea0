"""What schemas say of a document: one plain sentence each, at the right place, with what to type."""

from __future__ import annotations

import calendar
import copy
import re
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from pointbook.source.yaml_reader import read_yaml
from pointbook.structure.date_text import date_from
from pointbook.structure.patch_schema import patch_schema_from
from pointbook.structure.schema_findings import schema_findings
from pointbook.structure.validators import SCHEMAS, schema
from pointbook.structure.wording import described, kind_of

if TYPE_CHECKING:
    from collections.abc import Iterator

VERSION = """\
id: a
effective_from: 2024-01-01
levels: {gold: {threshold: 100}}
life_cycle: {demotion: to_earned, leap_day: feb_28}
activities:
  visit: {points: 5}
"""


def findings(text: str, name: str = "version") -> list[tuple[str, str, str, str]]:
    node, problems = read_yaml("f", text.encode())
    assert not problems
    assert node is not None
    return [
        (f"{found.span.line}:{found.span.column}", found.code, found.message, found.hint)
        for found in schema_findings(node, name)
    ]


def changed(visit: str) -> list[tuple[str, str, str, str]]:
    """Findings of a version whose activity `visit` is this; it stands in line 6."""
    return findings(VERSION.replace("  visit: {points: 5}", f"  visit: {visit}"))


def test_a_version_that_fits_has_no_findings() -> None:
    assert findings(VERSION) == []


@pytest.mark.parametrize(
    ("visit", "place", "code", "message", "hint"),
    [
        (
            "{point: 5}",
            "6:11",
            "unknown-key",
            "`point` is not a key of activity `visit`",
            "did you mean `points`?",
        ),
        ("{points: 5.5}", "6:19", "wrong-type", "must be a whole number", ""),
        ("{points: }", "6:19", "wrong-type", "`points` of activity `visit` has no value", "a whole number"),
        ("{points: 5, title: true}", "6:29", "wrong-type", "must be text", 'if it is a name: "true"'),
        ("{points: 5, groups: a}", "6:30", "wrong-type", "must be a list", "`- ` before each item"),
        ("{points: {range: 10-75}}", "6:27", "wrong-type", "must be a list", "write `range: [10, 75]`"),
        ("5", "6:10", "wrong-type", "activity `visit` must be a mapping", "such as `points:`"),
        (
            "{points: 5, caps: [{points: 1, per: }]}",
            "6:46",
            "unknown-value",
            "`per` of cap 1 of activity `visit` has no value",
            "known: `calendar_month`",
        ),
        (
            "{points: 5, caps: [{points: 1, per: true}]}",
            "6:46",
            "unknown-value",
            "`true` is not a cap window",
            "known: `calendar_month`",
        ),
        ("{points: five}", "6:19", "wrong-type", "must be a whole number", ""),
        (
            "{points: 2000000000}",
            "6:19",
            "out-of-bounds",
            "must be at most 1,000,000,000, not 2,000,000,000",
            "",
        ),
        ("{points: {range: [1]}}", "6:20", "", "", ""),
        (
            "{points: 5, caps: [{points: 5, per: calender_month}]}",
            "6:46",
            "unknown-value",
            "'calender_month' is not a cap window",
            "did you mean `calendar_month`?",
        ),
        ("{points: 5, caps: [{per: day}]}", "6:29", "", "", ""),
        (
            "{points: 5, title: 7}",
            "6:29",
            "wrong-type",
            "must be text, not the number 7",
            'quote it, if it is a name: "7"',
        ),
        (
            "{points: 5, title: ''}",
            "6:22",
            "empty",
            "`title` of activity `visit` is empty",
            "fill it in, or delete the key",
        ),
        ("[5]", "6:10", "wrong-type", "activity `visit` must be a mapping (keys and values), not a list", ""),
        (
            "{points: 5, attributes: {days: {type: int}}}",
            "6:48",
            "unknown-value",
            "'int' is not",
            "did you mean `integer`?",
        ),
    ],
)
def test_a_fault_is_told_once_at_its_place(
    visit: str, place: str, code: str, message: str, hint: str
) -> None:
    [found] = changed(visit)
    assert found[0] == place
    assert found[1] == code or not code
    assert message in found[2]
    assert hint in found[3]
    assert found[3]


def test_a_missing_key_says_what_it_is_for() -> None:
    text = VERSION.replace("effective_from: 2024-01-01\n", "")
    [(place, code, message, hint)] = findings(text)
    assert (place, code, message) == ("1:1", "missing-key", "the version has no `effective_from`")
    assert hint.startswith("add `effective_from:` - the first day on which this version is in force")


def test_a_misspelt_required_key_is_told_once() -> None:
    [(place, code, _, hint)] = findings(VERSION.replace("effective_from", "efective_from"))
    assert (place, code, hint) == ("2:1", "unknown-key", "did you mean `effective_from`?")


def test_an_impossible_date_says_why() -> None:
    [(place, code, message, _)] = findings(VERSION.replace("2024-01-01", "2023-02-29"))
    assert (place, code) == ("2:17", "bad-date")
    assert message == "2023-02-29 is not a date: February 2023 has 28 days"


def test_every_fault_is_told_in_the_order_of_the_file() -> None:
    text = VERSION.replace("threshold: 100", "threshold: -1").replace("feb_28", "feb_29").replace("5", "x")
    assert [(place, code) for place, code, _, _ in findings(text)] == [
        ("3:28", "out-of-bounds"),
        ("4:45", "unknown-value"),
        ("6:19", "wrong-type"),
    ]


@pytest.mark.parametrize("text", ["{}", "[]", "1", "x", "null", "{id: {}}", "{activities: [1], levels: x}"])
@pytest.mark.parametrize("name", SCHEMAS)
def test_any_document_gives_findings_with_hints(text: str, name: str) -> None:
    assert all(message and hint for _, _, message, hint in findings(text, name))
    assert findings(text, name)


def test_a_patch_may_remove_what_a_version_must_have() -> None:
    head = "id: b\nbased_on: a\neffective_from: 2025-01-01\n"
    assert (
        findings(head + "levels: {gold: null}\nactivities: {visit: {caps: null, points: 6}}\n", "patch") == []
    )
    assert findings(head + "groups: null\nbenefits: {lounge: {title: New}}\n", "patch") == []
    [(place, code, _, hint)] = findings(head + "levels: {gold: {treshold: 5}}\n", "patch")
    assert (place, code, hint) == ("4:17", "unknown-key", "did you mean `threshold`?")


def test_a_list_in_a_patch_is_whole_so_nothing_in_it_may_be_left_out() -> None:
    head = "id: b\nbased_on: a\neffective_from: 2025-01-01\n"
    assert findings(head + "activities: {visit: {caps: [{times: 1}]}}\n", "patch")
    assert findings(head + "activities: {visit: {caps: [{times: 1, per: null}]}}\n", "patch")


def test_making_the_patch_schema_leaves_the_version_schema_as_it_is() -> None:
    before = copy.deepcopy(schema("complete"))
    patch_schema_from(schema("complete"))
    assert schema("complete") == before


def test_the_patch_schema_tells_editors_what_each_key_is() -> None:
    patched = patch_schema_from(schema("complete"))
    assert patched["$defs"]["level_change"]["properties"]["threshold"]["description"]
    assert patched["$defs"]["activity_change"]["properties"]["caps"] == {"$ref": "#/$defs/caps_change"}
    assert patched["$defs"]["caps_change"]["description"]


def _parts(part: Any) -> Iterator[dict[str, Any]]:
    if isinstance(part, dict):
        yield part
    for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from _parts(inner)


def test_in_a_patch_null_is_among_the_values_that_editors_offer() -> None:
    definitions = schema("patch")["$defs"]
    assert definitions["life_cycle_change"]["properties"]["leap_day"]["enum"] == ["feb_28", "mar_1", None]
    assert definitions["benefit_change"]["properties"]["level_not_stated"]["enum"] == [True, None]
    assert definitions["level_change"]["properties"]["threshold"]["type"] == ["number", "null"]
    assert None not in definitions["cap"]["properties"]["per"]["enum"]


@pytest.mark.parametrize(
    ("rule", "code", "message", "hint"),
    [
        (
            "life_cycle: {leap_day: feb_29}",
            "unknown-value",
            "'feb_29' is not a value of `leap_day`",
            "did you mean `feb_28`?",
        ),
        (
            "life_cycle: {leap_day: 7}",
            "unknown-value",
            "the number 7 is not a value of `leap_day`",
            "known: `feb_28`, `mar_1`",
        ),
        (
            "levels: {a: {threshold: x}}",
            "wrong-type",
            '`threshold` of level `a` must be a whole number, not the text "x"',
            "write a whole number",
        ),
        (
            "benefits: {a: {level_not_stated: false}}",
            "unknown-value",
            "`level_not_stated` of benefit `a` can only be `true`",
            "write `true`, or delete the line",
        ),
        (
            "activities: {a: {points: {range: 5}}}",
            "wrong-type",
            "`range` of `points` of activity `a` must be a list, not the number 5",
            "write `range: [10, 75]`",
        ),
    ],
)
def test_what_is_wrong_in_a_patch_is_said_without_null(rule: str, code: str, message: str, hint: str) -> None:
    [found] = findings(f"id: b\nbased_on: a\neffective_from: 2025-01-01\n{rule}\n", "patch")
    assert found[1:] == (code, message, hint)


def test_one_schema_is_for_complete_versions_and_for_patches() -> None:
    patch = "id: b\nbased_on: a\neffective_from: 2025-01-01\nlevels: {gold: null}\n"
    assert findings(VERSION) == findings(patch) == []
    assert findings(patch.replace("gold: null", "gold: {treshold: 5}"))[0][1] == "unknown-key"
    assert {found[1] for found in findings("id: b\neffective_from: 2025-01-01\n")} == {"missing-key"}


def test_the_pattern_of_a_date_fits_every_day_there_is_and_no_other() -> None:
    patterns = {
        part["pattern"]
        for name in SCHEMAS
        for part in _parts(schema(name))
        if part.get("format") == "date" and "pattern" in part
    }
    [pattern] = patterns
    days = [(month, day) for month in range(14) for day in range(33)]
    for year in (1899, 1900, 1904, 1999, 2000, 2024, 2025, 2096, 2100, 2400, 2800, 2999, 3000):
        for month, day in days:
            text = f"{year}-{month:02}-{day:02}"
            try:
                is_day = bool(date_from(text))
            except ValueError:
                is_day = False
            assert bool(re.search(pattern, text)) is is_day, text
    assert [year for year in range(1900, 3000) if re.search(pattern, f"{year}-02-29")] == [
        year for year in range(1900, 3000) if calendar.isleap(year)
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2024-02-30", "2024-02-30 is not a date: February 2024 has 29 days"),
        ("2100-02-29", "2100-02-29 is not a date: February 2100 has 28 days"),
        ("2024-13-01", "months go from 01 to 12; if the day was written first, write 2024-01-13"),
        ("2024-13-32", "2024-13-32 is not a date: months go from 01 to 12"),
        ("2024-04-00", "2024-04-00 is not a date: days go from 01"),
        ("1899-12-31", "1899-12-31 is out of range: years go from 1900 to 2999"),
        ("24-1-1", '"24-1-1" is not a date; write it as YYYY-MM-DD'),
        ("31.01.24", "write the year with four digits, then month and day: YYYY-MM-DD"),
        ("31/01/2024", '"31/01/2024" is not a date; write the day as 2024-01-31'),
        ("01/02/2024", "it could be 2024-01-02 or 2024-02-01; write the one that is meant"),
        ("soon", '"soon" is not a date; write it as YYYY-MM-DD'),
        ("2024-01-01 ", "is not a date; write it as YYYY-MM-DD"),
        ("\u0662\u0660\u0662\u0664-01-01", "is not a date; write it as YYYY-MM-DD"),
    ],
)
def test_what_is_no_date_says_why(text: str, words: str) -> None:
    with pytest.raises(ValueError) as caught:
        date_from(text)
    assert words in str(caught.value)


def test_dates_are_read() -> None:
    assert date_from("2024-02-29") == date(2024, 2, 29)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ((), "the version"),
        (("title",), "`title`"),
        (("levels", "gold", "threshold"), "`threshold` of level `gold`"),
        (("activities", "feedback", "caps", 0), "cap 1 of activity `feedback`"),
        (("activities", "x", "bonuses", 1, "if", "all", 2), "condition 3 of `if` of bonus 2 of activity `x`"),
        (("activities", "x", "points", "range", 1), "amount 2 of `points` of activity `x`"),
    ],
)
def test_places_are_called_as_people_call_them(path: tuple[str | int, ...], words: str) -> None:
    assert described(path, "the version") == words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "nothing"),
        (True, "`true`"),
        (5, "the number 5"),
        ("x", 'the text "x"'),
        ("x" * 50, 'the text "' + "x" * 37 + '..."'),
        ({}, "a mapping"),
        ([], "a list"),
    ],
)
def test_values_are_called_by_their_kind(value: Any, words: str) -> None:
    assert kind_of(value) == words


@pytest.mark.parametrize("end", ["\\n", "\\r", "\\u2028"])
@pytest.mark.parametrize(
    ("text", "name", "message"),
    [
        (VERSION.replace("id: a", 'id: "aEND"'), "version", '`id` cannot be the text "aEND"'),
        (VERSION.replace("visit:", '"visitEND":'), "version", "`visitEND` cannot be a name here"),
        (VERSION.replace("{gold:", '{"goldEND":'), "version", "`goldEND` cannot be a name here"),
        (
            VERSION.replace("{points: 5}", '{points: 5, attributes: {"unitsEND": {type: integer}}}'),
            "version",
            "`unitsEND` cannot be a name here",
        ),
        (
            VERSION.replace("2024-01-01", '"2024-01-01END"'),
            "version",
            "2024-01-01END",
        ),
    ],
)
def test_a_name_does_not_end_in_a_line_break(end: str, text: str, name: str, message: str) -> None:
    (found,) = findings(text.replace("END", end), name)
    assert found[1] in ("bad-name", "bad-date")
    assert message.replace("END", end) in found[2]
    assert "\n" not in found[2]


def test_a_fingerprint_does_not_end_in_a_line_break() -> None:
    approval = """\
approvals:
  one: {change: "c-0123456789abEND", address: levels/gold, reason: Meant., by: Ann, until: 2025-01-01}
"""
    assert findings(approval.replace("END", ""), "approvals") == []
    (found,) = findings(approval.replace("END", "\\n"), "approvals")
    assert found[1] == "bad-name"


def test_a_name_of_a_hundred_characters_fits_and_a_longer_one_is_told_its_length() -> None:
    assert findings(VERSION.replace("visit", "v" * 100).replace("id: a", "id: " + "a" * 100)) == []
    (of_id, of_name) = findings(VERSION.replace("visit", "v" * 101).replace("id: a", "id: " + "a" * 101))
    long = "is too long: it has 101 characters"
    assert of_id[1:] == ("bad-name", f"`id` {long}", "use at most 100 characters")
    assert of_name[1:] == ("bad-name", f"the name `{'v' * 40}…` {long}", "use at most 100 characters")
