"""No bytes make reading a log raise anything but an InputError, and no row is ever lost."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pointbook.diagnostics import InputError
from pointbook.log import read_log
from pointbook.model.activities import Activity
from pointbook.model.attributes import Attribute, AttributeType
from pointbook.model.points.forms import Fixed
from pointbook.model.program import Balance, Program, Version
from pointbook.model.rules import LifeCycle
from pointbook.model.windows import Resets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pointbook.log import Log

REASONS = {
    "unreadable_row",
    "missing_value",
    "bad_value",
    "unknown_member",
    "duplicate",
    "conflicting_duplicate",
}
EVENT_COLUMNS = ("event_id", "member_id", "activity", "occurred_at", "points", "hours", "on", "kind")
MEMBER_COLUMNS = ("member_id", "signed_up_on", "partner")
PROGRAM = Program(
    id="p",
    timezone="Europe/Brussels",
    balances={"points": Balance("points", Resets.NEVER)},
    level_balance="points",
    member_attributes={"partner": Attribute(AttributeType.BOOLEAN)},
    versions=(
        Version(
            "v",
            date(2022, 1, 1),
            {},
            {
                "course": Activity.short(
                    "course",
                    "points",
                    Fixed(50),
                    attributes={
                        "hours": Attribute(AttributeType.DECIMAL),
                        "on": Attribute(AttributeType.DATE),
                        "kind": Attribute(AttributeType.TEXT),
                    },
                )
            },
            {},
            {},
            LifeCycle(),
        ),
    ),
)

# Few texts, so that rows repeat, conflict and belong to known members; any text, so that none is safe.
ANY_TEXT = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=8)
CELLS = {
    "event_id": st.sampled_from(["e1", "e2", "e3", "é", ""]) | ANY_TEXT,
    "member_id": st.sampled_from(["anna", "ben", " anna", "Ben", ""]) | ANY_TEXT,
    "activity": st.sampled_from(["course", "", 'a,"b";\n']) | ANY_TEXT,
    "occurred_at": st.sampled_from(
        [
            "2024-03-13",
            "2024-03-31T02:30",
            "2024-10-27 02:30:00.5",
            "2024-03-13T10:00Z",
            "2024-02-30",
            "13/03/2024",
            "",
        ]
    )
    | ANY_TEXT,
    "signed_up_on": st.sampled_from(["2023-01-15", "2024-02-29", "15/01/2023", ""]) | ANY_TEXT,
    "points": st.sampled_from(["", "5", "05", "5.0", "1,000"]) | ANY_TEXT,
    "hours": st.sampled_from(["", "2.5", "2,5"]) | ANY_TEXT,
    "on": st.sampled_from(["", "2024-03-13", "2024-13-01"]) | ANY_TEXT,
    "kind": ANY_TEXT,
    "partner": st.sampled_from(["", "true", "no"]) | ANY_TEXT,
}


def rows_of(columns: Iterable[str]) -> st.SearchStrategy[list[dict[str, str]]]:
    return st.lists(st.fixed_dictionaries({name: CELLS[name] for name in columns}), max_size=8)


def as_csv(rows: list[dict[str, str]], columns: tuple[str, ...], delimiter: str, quoting: int) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, delimiter=delimiter, quoting=quoting)  # type: ignore[arg-type]
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def as_json_lines(rows: list[dict[str, str]]) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def mutated(content: bytes) -> st.SearchStrategy[bytes]:
    """`content` with a stretch of it replaced by other bytes."""
    pieces = st.sampled_from(
        [
            *(b"", b'"', b'""', b"\n", b"\r", b",", b";", b"\t", b"\0", b"\xff", b"{", b"}", b"[", b":"),
            *(b"\\u", b"\\ud800", b"NaN", b"1e999", b"\xef\xbb\xbf", b"\xe2\x80\xa8", b"event_id"),
        ]
    )
    places = st.tuples(st.integers(0, len(content)), st.integers(0, 6))
    return st.builds(
        lambda place, piece: content[: place[0]] + piece + content[place[0] + place[1] :],
        places,
        pieces | st.binary(max_size=6),
    )


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Log]:
    folder = tmp_path_factory.mktemp("log")

    def log_of(members: bytes, events: bytes, ending: str) -> Log:
        paths = (folder / f"members{ending}", folder / f"events{ending}")
        for path, content in zip(paths, (members, events), strict=True):
            path.write_bytes(content)
        return read_log(PROGRAM, members=[paths[0]], events=[paths[1]])

    return log_of


def check(log: Log) -> None:
    """What holds of every log."""
    assert log.events_read == len(log.events) + len(log.rejects)
    assert log.members_read == len(log.members) + len(log.member_rejects)
    assert log.events == sorted(log.events)
    assert len({event.event_id for event in log.events}) == len(log.events)
    assert all(event.member_id in log.members for event in log.events)
    for rejects in (log.rejects, log.member_rejects):
        places = [(reject.line, reject.column) for reject in rejects]
        assert places == sorted(places)
        for reject in rejects:
            assert reject.reason in REASONS
            assert reject.detail
            "".join(map(str, reject)).encode()  # can be written as UTF-8


FUZZ = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
MEMBERS = as_csv([{"member_id": "anna", "signed_up_on": "2023-01-15", "partner": ""}], MEMBER_COLUMNS, ",", 0)
EVENT_HEADER = (",".join(EVENT_COLUMNS) + "\n").encode()


@FUZZ
@given(
    members=st.binary(max_size=200),
    events=st.binary(max_size=200),
    ending=st.sampled_from(["", ".csv", ".jsonl"]),
)
@example(members=b"member_id,signed_up_on\n", events=b"\xed\xa0\x80", ending="")
def test_any_bytes_are_read_or_refused_with_an_input_error(members, events, ending, read):
    for files in ((members, events), (MEMBERS, events)):
        try:
            check(read(*files, ending))
        except InputError as error:
            f"{error.where} {error.message} {error.hint}".encode()


@FUZZ
@given(events=st.binary(max_size=200))
def test_any_bytes_under_a_good_header_are_read_or_refused(events, read):
    try:
        check(read(MEMBERS, EVENT_HEADER + events, ".csv"))
    except InputError:
        with pytest.raises(UnicodeDecodeError):
            events.decode()


@FUZZ
@given(text=st.text(alphabet='"\n\r,;x{}[]:\\\t 0', max_size=80), ending=st.sampled_from([".csv", ".jsonl"]))
def test_any_punctuation_is_rows_or_rejects(text, ending, read):
    good = b'{"member_id": "anna", "signed_up_on": "2023-01-15"}\n'
    if ending == ".csv":
        check(read(MEMBERS, EVENT_HEADER + text.encode(), ending))
    else:
        check(read(good, b"5\n" + text.encode(), ending))


@FUZZ
@given(data=st.data(), json_lines=st.booleans())
def test_a_damaged_file_is_read_or_refused_with_an_input_error(data, json_lines, read):
    members = data.draw(rows_of(MEMBER_COLUMNS))
    events = data.draw(rows_of(EVENT_COLUMNS))
    if json_lines:
        contents = as_json_lines(members), as_json_lines(events)
    else:
        delimiter = data.draw(st.sampled_from([",", ";", "\t"]))
        contents = as_csv(members, MEMBER_COLUMNS, delimiter, 0), as_csv(events, EVENT_COLUMNS, delimiter, 0)
    contents = tuple(data.draw(mutated(content)) for content in contents)
    try:
        check(read(*contents, ".jsonl" if json_lines else ".csv"))
    except InputError as error:
        f"{error.where} {error.message} {error.hint}".encode()


@FUZZ
@given(
    members=rows_of(MEMBER_COLUMNS),
    events=rows_of(EVENT_COLUMNS),
    delimiter=st.sampled_from([",", ";", "\t"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_every_row_of_a_valid_file_is_counted_and_the_format_does_not_matter(
    members, events, delimiter, quoting, read
):
    # Rows of delimiters only are empty lines.
    members, events = (
        [row for row in rows if any(map(str.strip, row.values()))] for rows in (members, events)
    )
    contents = (
        as_csv(members, MEMBER_COLUMNS, delimiter, quoting),
        as_csv(events, EVENT_COLUMNS, delimiter, quoting),
    )
    log = read(*contents, ".csv")
    check(log)
    assert (log.members_read, log.events_read) == (len(members), len(events))
    assert not any(reject.reason == "unreadable_row" for reject in (*log.rejects, *log.member_rejects))
    if members and events:  # a JSON Lines file without rows is empty
        other = read(as_json_lines(members), as_json_lines(events), ".jsonl")
        assert (other.members, other.events) == (log.members, log.events)
        reasons = [[(r.event_id, r.column, r.reason) for r in each.rejects] for each in (log, other)]
        assert reasons[0] == reasons[1]


@FUZZ
@given(events=rows_of(EVENT_COLUMNS), seed=st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_change_which_are_accepted(events, seed, read):
    shuffled = list(events)
    seed.shuffle(shuffled)
    logs = [read(MEMBERS, as_csv(rows, EVENT_COLUMNS, ",", 0), ".csv") for rows in (events, shuffled)]
    assert logs[0].events == logs[1].events
    assert sorted(r.reason for r in logs[0].rejects) == sorted(r.reason for r in logs[1].rejects)
