"""Why an event does not count: the part of a condition that failed, what is missing, what nearly matched."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from pointbook.evaluating import evaluate
from pointbook.loading import load_program
from pointbook.log import read_log
from pointbook.views.explanation import explain

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pointbook.views.explanation import ExplainedEvent, Explanation

    Texts = Callable[..., list[str]]

PROGRAM = """\
id: club
title: Club
timezone: UTC
balances: {points: {title: Points, resets: never}}
level_balance: points
member_attributes: {partner: {type: boolean}, town: {type: text}}
"""
TOP = """\
id: "{id}"
effective_from: {id}
source: {{document: Rules}}
levels: {{low: {{threshold: 1000}}}}
life_cycle: {{demotion: to_earned, leap_day: feb_28}}
"""
TYPES = {"hours": "integer", "city": "text", "open": "boolean", "held": "date", "guests": "integer"}
ATTRIBUTES = json.dumps({name: {"type": kind} for name, kind in TYPES.items()})


def explained(
    folder: Path, versions: dict[str, str], rows: list[dict[str, Any]], **options: Any
) -> Explanation:
    """The member `ann` of 2024-01-10, who is no partner and whose town is not known."""
    (folder / "versions").mkdir()
    (folder / "program.yaml").write_text(PROGRAM, encoding="utf-8")
    for name, text in versions.items():
        (folder / f"versions/{name}.yaml").write_text(TOP.format(id=name) + text, encoding="utf-8")
    events = [
        {
            "event_id": f"e{number}",
            "member_id": "ann",
            "activity": "visit",
            "occurred_at": "2024-02-01",
            **row,
        }
        for number, row in enumerate(rows, 1)
    ]
    (folder / "events.jsonl").write_text("\n".join(map(json.dumps, events)), encoding="utf-8")
    (folder / "members.csv").write_text(
        "member_id,signed_up_on,partner\nann,2024-01-10,false\n", encoding="utf-8"
    )
    program = load_program(folder)
    log = read_log(program, members=[folder / "members.csv"], events=[folder / "events.jsonl"])
    assert not [*log.rejects], [*log.rejects]
    return explain(program, log, evaluate(program, log, **options), "ann")


@pytest.fixture
def texts(tmp_path: Path) -> Texts:
    """What is said of an event by a rule, written as YAML in brackets."""

    def said(rule: str, **row: Any) -> list[str]:
        version = f"activities: {{visit: {{attributes: {ATTRIBUTES}, {rule}}}}}\n"
        return [step.text for step in explained(tmp_path, {"2024-01-01": version}, [row]).events[0].reasons]

    return said


@pytest.mark.parametrize(
    ("condition", "row", "told"),
    [
        (
            "{attribute: hours, at_least: 2}",
            {"hours": 1},
            "`hours at least 2` is asked for, and the event has `1`",
        ),
        (
            "{all: [{attribute: hours, at_least: 2}, {attribute: open, is: true}]}",
            {"hours": 1, "open": "true"},
            "`hours at least 2` is asked for, and the event has `1`",
        ),
        (
            "{all: [{attribute: hours, at_least: 2}, {attribute: open, is: true}]}",
            {"hours": 1, "open": "false"},
            (
                "`hours at least 2` is asked for, and the event has `1`; `open is true` is asked for, and the"
                " event has `false`"
            ),
        ),
        (  # that the hours are not known decides nothing
            "{all: [{attribute: hours, at_least: 2}, {attribute: open, is: true}]}",
            {"open": "false"},
            "`open is true` is asked for, and the event has `false`",
        ),
        (
            "{any: [{attribute: hours, at_least: 2}, {attribute: member.partner, is: true}]}",
            {"hours": 1},
            (
                "one of 2 would do: `hours at least 2` is asked for, and the event has `1`; `member.partner"
                " is true` is asked for, and the member has `false`"
            ),
        ),
        (
            "{not: {attribute: open, is: true}}",
            {"open": "true"},
            "`not (open is true)` is asked for, and the event has `true`",
        ),
        (
            "{not: {any: [{attribute: open, is: true}, {attribute: hours, at_most: 3}]}}",
            {"open": "true", "hours": 9},
            "`not (open is true)` is asked for, and the event has `true`",
        ),
        (
            "{not: {all: [{attribute: open, is: true}, {attribute: hours, at_most: 3}]}}",
            {"open": "true", "hours": 2},
            (
                "one of 2 would do: `not (open is true)` is asked for, and the event has `true`; `not (hours"
                " at most 3)` is asked for, and the event has `2`"
            ),
        ),
        ("{attribute: held, present: true}", {}, "`held is given` is asked for, and the event has none"),
        (
            "{attribute: occurred_on, within: {days: 3, after: held}}",
            {"held": "2024-01-20"},
            (
                "`occurred_on within 3 days after held` is asked for, and occurred_on is 2024-02-01, held is"
                " 2024-01-20"
            ),
        ),
    ],
)
def test_the_part_of_the_condition_that_failed_is_told(
    texts: Texts, condition: str, row: dict[str, Any], told: str
) -> None:
    assert texts(f"points: 5, eligible_if: {condition}", **row) == [f"does not meet the condition: {told}"]


@pytest.mark.parametrize(
    ("rule", "row", "missing"),
    [
        # Whoever has no partner needs ten guests: only their number can decide.
        (
            (
                "points: 5, eligible_if: {any: [{attribute: member.partner, is: true},"
                " {attribute: guests, at_least: 10}]}"
            ),
            {},
            "`guests`",
        ),
        # The first part is false whatever the city is, so that it does not matter.
        (
            (
                "points: 5, eligible_if: {any: [{all: [{attribute: open, is: true}, {attribute: city, is: X}"
                "]}, {attribute: hours, at_least: 2}]}"
            ),
            {"open": "false"},
            "`hours`",
        ),
        (
            "points: 5, eligible_if: {all: [{attribute: open, is: true}, {attribute: member.town, is: X}]}",
            {},
            "`open`, `member.town`",
        ),
        # A condition that cannot be known decides before the number of hours that the points need.
        (
            "points: {per: {attribute: hours, points: 5}}, eligible_if: {attribute: open, is: true}",
            {},
            "`open`",
        ),
        (
            (
                "points: {per: {attribute: hours, points: 5}},"
                " bonuses: [{points: 1, if: {attribute: open, is: true}}]"
            ),
            {},
            "`hours`, `open`",
        ),
        (
            (
                "points: 5, bonuses: [{points: 1, if: {attribute: open, is: true}},"
                " {points: 2, if: {attribute: occurred_on, within: {days: 3, after: held}}}]"
            ),
            {"open": "true"},
            "`held`",
        ),
        ("points: 5, split_among: guests", {}, "`guests`"),
    ],
)
def test_only_attributes_that_decide_are_missing(
    texts: Texts, rule: str, row: dict[str, Any], missing: str
) -> None:
    assert texts(rule, **row) == [f"the log does not carry {missing}, which the rule needs"]


@pytest.mark.parametrize(
    ("city", "words"),
    [
        ("ghent", "letter case"),
        ("Ghent ", "spaces around it"),
        ("Gh\u00e9nt", "accents"),
        ("\u201cGhent\u201d", "quotation marks"),
        ("Ghent\u00a0", "spaces around it"),
    ],
)
def test_a_text_that_nearly_is_what_a_bonus_asks_for_is_told(texts: Texts, city: str, words: str) -> None:
    told = texts("points: 10, bonuses: [{points: 7, if: {attribute: city, in: [Bruges, Ghent]}}]", city=city)
    assert told == [
        "10 points",
        f"no +7 bonus: `city is one of Bruges, Ghent` is asked for, and the event has `{city}`",
        f"`{city}` is not `Ghent`: the two differ in {words}",
    ]


@pytest.mark.parametrize("city", ["Ghent", "Bruges", "Gent", "Antwerp"])
def test_nothing_is_said_of_texts_that_match_or_differ_in_more(texts: Texts, city: str) -> None:
    told = texts("points: 10, bonuses: [{points: 7, if: {attribute: city, in: [Bruges, Ghent]}}]", city=city)
    assert not [text for text in told if "the two differ" in text]


def test_a_text_that_nearly_is_in_the_table_is_told(texts: Texts) -> None:
    told = texts("points: {by: {attribute: city, values: {Ghent: 5, Bruges: 6}}}", city="GHENT")
    assert told == [
        (
            "`city` is `GHENT`, for which the rule has no points; `GHENT` is not `Ghent`: the two differ in"
            " letter case"
        )
    ]


VISIT, TALK = "visit: {title: A visit, points: 5}", "talk: {title: A talk, points: 9}"
GONE = "removes: {activities: {talk: {note: Talks are paid now.}}}\n"


@pytest.fixture
def one_of(tmp_path: Path) -> Callable[..., ExplainedEvent]:
    """The one event, of `talk`, under several versions."""

    def told(versions: dict[str, str], day: str, activity: str = "talk", **options: Any) -> ExplainedEvent:
        rows = [{"activity": activity, "occurred_at": day}]
        return explained(tmp_path, versions, rows, **options).events[0]

    return told


def test_an_activity_that_a_version_took_out_is_told_with_the_day_and_the_reason(
    one_of: Callable[..., ExplainedEvent],
) -> None:
    versions = {
        "2024-01-01": f"activities: {{{VISIT}, {TALK}}}\n",
        "2024-07-08": f"{GONE}activities: {{{VISIT}}}\n",
        "2024-09-01": f"activities: {{{VISIT}}}\n",
    }
    told = one_of(versions, "2024-10-01").reasons
    text = "counted until 2024-07-08, when version 2024-07-08 took it out: Talks are paid now."
    assert [(step.text, step.gist) for step in told] == [(text, text)]
    assert told[0].span is not None
    assert told[0].span.file.endswith("2024-07-08.yaml")


def test_an_activity_that_comes_back_or_comes_later_is_told_so(
    one_of: Callable[..., ExplainedEvent], tmp_path: Path
) -> None:
    versions = {
        "2024-01-01": f"activities: {{{VISIT}, {TALK}}}\n",
        "2024-07-08": f"{GONE}activities: {{{VISIT}}}\n",
        "2024-09-01": f"activities: {{{VISIT}, {TALK}, tour: {{points: 1}}}}\n",
    }
    assert one_of(versions, "2024-08-01").reasons[0].text == (
        "counted until 2024-07-08, when version 2024-07-08 took it out: Talks are paid now. (it counts again"
        " from 2024-09-01 on)"
    )
    other = tmp_path / "other"
    other.mkdir()
    rows = [{"activity": "tour", "occurred_at": "2024-08-01"}]
    assert explained(other, versions, rows).events[0].reasons[0].text == ("counts only from 2024-09-01 on")


@pytest.mark.parametrize(
    ("activity", "meant"),
    [
        ("vist", "did you mean `visit`?"),
        ("Visit ", "did you mean `visit`? The two differ in letter case and spaces"),
        ("A talk", "did you mean `talk`, whose title is A talk?"),
        ("a TALK", "did you mean `talk`, whose title is A talk?"),
        ("zzzz", "known: `talk`, `visit`"),
    ],
)
def test_an_activity_that_no_version_has_is_a_slip(
    one_of: Callable[..., ExplainedEvent], activity: str, meant: str
) -> None:
    told = one_of({"2024-01-01": f"activities: {{{VISIT}, {TALK}}}\n"}, "2024-02-01", activity)
    assert told.reasons[0].text == f"version 2024-01-01 has no activity `{activity}`; {meant}"


@pytest.mark.parametrize(
    ("activity", "said"),
    [
        ("tlak", "did you mean `talk`, which version 2024-01-01 has and this one does not?"),
        ("vist", "did you mean `visit`?"),
    ],
)
def test_a_slip_of_an_activity_that_another_version_has_is_told_so(
    one_of: Callable[..., ExplainedEvent], activity: str, said: str
) -> None:
    versions = {
        "2024-01-01": f"activities: {{{VISIT}, {TALK}}}\n",
        "2024-07-08": f"{GONE}activities: {{{VISIT}}}\n",
    }
    (told,) = one_of(versions, "2024-10-01", activity).reasons
    assert told.text == f"version 2024-07-08 has no activity `{activity}`; {said}"
