"""What explain says of an event that gives in several balances, or takes from them.

Figures are by hand: a stay of 4 nights for 399.50 at Gold gives 4 nights, and 10 points for each of the
399.50, which are 3,995, and 25 % of them, 998.75: 4,993.75, rounded half-up to 4,994.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

import pointbook
from pointbook.model.ledger import LevelCause
from pointbook.views.explanation import Selection, narrowed
from pointbook_cli.reporters.explanation import explanation_markdown, explanation_text
from pointbook_cli.reporters.explanation_json import explanation_json

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pointbook.log import Log
    from pointbook.views.explanation import ExplainedEvent, Explanation

    Told = Callable[..., Explanation]

PROGRAM = """\
id: hotel
title: Hotel
timezone: UTC
level_balance: nights
balances:
  nights: {title: Elite nights, resets: calendar_year, start: 0}
  points: {title: Points, resets: never, floor: -100}
  spend: {title: Yearly spend, resets: calendar_year}
  miles: {title: Miles, resets: never}
member_attributes: {enrolled: {type: boolean, default: true}}
"""
VERSION = """\
id: v1
effective_from: 2024-01-01
source: {document: Terms}
life_cycle: {demotion: to_earned, leap_day: feb_28}
eligible_if: {attribute: member.enrolled, is: true}
attributes:
  nights: {type: integer}
  usd: {type: decimal}
  amount: {type: integer}
levels:
  silver: {title: Silver, threshold: 10}
  gold: {title: Gold, threshold: 25}
groups:
  houses: {title: Houses, caps: [{points: 6, per: calendar_year, balance: nights}]}
activities:
  stay:
    title: Stay
    caps: [{times: 2, per: day}]
    earns:
      nights: {points: {per: {attribute: nights}}}
      points:
        points: {per: {attribute: usd, points: 10}}
        bonuses:
          - {title: Elite bonus, percent: {by: {attribute: level, values: {none: 0, silver: 10, gold: 25}}}}
        caps: [{points: 6000, per: day}]
      spend: {points: {per: {attribute: usd}}, if: {attribute: usd, present: true}}
  house:
    title: House
    groups: [houses]
    caps: [{points: 500, per: lifetime, balance: points}]
    earns:
      nights: {points: {per: {attribute: nights}}}
      points: {points: {per: {attribute: nights, points: 100}}}
      miles: {points: {same_as: points}}
  lounge:
    title: Lounge
    earns:
      points: {points: 50, if: {attribute: level, at_least: gold}}
      miles: {points: {same_as: points}}
  award:
    title: Award night
    spends: {points: {by: {attribute: size, values: {small: 1000, large: 4000}}}}
    attributes: {size: {type: text}}
    earns: {nights: {points: 1}}
  transfer:
    title: Transfer
    spends: {points: {per: {attribute: amount}}}
    earns: {miles: {points: {same_as: points}}}
  fine: {balance: miles, points: -5}
  swap:
    title: Swap
    spends: {points: {per: {attribute: amount}}, miles: 10}
    earns: {nights: {points: 1}}
"""


@pytest.fixture
def log_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[Log, Explanation]]:
    """Explains the member `ann`, who signed up on 2024-01-01, from events in the order of their ids."""
    monkeypatch.chdir(tmp_path)

    def explained(
        *events: dict[str, Any], program: str = PROGRAM, version: str = VERSION, enrolled: str = "true,"
    ) -> tuple[Log, Explanation]:
        (tmp_path / "hotel" / "versions").mkdir(parents=True)
        (tmp_path / "hotel" / "program.yaml").write_text(program, encoding="utf-8")
        (tmp_path / "hotel" / "versions" / "v1.yaml").write_text(version, encoding="utf-8")
        (tmp_path / "members.csv").write_text(
            f"member_id,signed_up_on,enrolled,valid_from\nann,2024-01-01,{enrolled}\n", encoding="utf-8"
        )
        rows = [
            {"event_id": f"e{number}", "member_id": "ann", "occurred_at": f"2024-02-{number:02}", **event}
            for number, event in enumerate(events, 1)
        ]
        (tmp_path / "events.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
        rules = pointbook.load_program("hotel")
        log = pointbook.read_log(
            rules, members=[tmp_path / "members.csv"], events=[tmp_path / "events.jsonl"]
        )
        assert not [*log.rejects], [*log.rejects]
        return log, pointbook.explain(rules, log, pointbook.evaluate(rules, log), "ann")

    return explained


@pytest.fixture
def told(log_of: Callable[..., tuple[Log, Explanation]]) -> Told:
    return lambda *events, **options: log_of(*events, **options)[1]


def stay(nights: int, usd: float | None, **others: Any) -> dict[str, Any]:
    return {"activity": "stay", "nights": nights, **({} if usd is None else {"usd": usd}), **others}


def entries_of(event: ExplainedEvent) -> dict[str, tuple[str, ...]]:
    """What is said of each entry, by balance, in order; with what it comes to first."""
    return {
        one.entry.balance: (
            f"{one.entry.awarded:+,} {one.entry.outcome}",
            *(step.text for step in one.own_reasons),
        )
        for one in event.entries
    }


def shared(event: ExplainedEvent) -> list[str]:
    return [step.text for step in event.reasons]


def text_of(explanation: Explanation) -> str:
    return explanation_text(explanation, width=80, has_sums=False, is_listed=True)


# What each entry comes to


def test_base_percents_and_rounding_are_told_apart_for_each_entry(told: Told) -> None:
    event = told(stay(25, 1), stay(4, 399.5)).events[1]
    assert entries_of(event) == {
        "nights": ("+4 awarded", "1 × 4 nights = 4"),
        "points": (
            "+4,994 awarded",
            "10 × 399.5 usd = 3,995",
            "+25 % of 3,995 = +998.75 Elite bonus",
            "together, rounded to 4,994",
            "at most 6,000 Points per day: 6,000 left, nothing is cut",
        ),
        "spend": ("+400 awarded", "1 × 399.5 usd = 400, rounded half-up"),
    }
    assert shared(event) == ["at most 2 times per day: 2 left, nothing is cut"]


def test_each_entry_names_its_own_rule(told: Told) -> None:
    event = told(stay(1, 10)).events[0]
    lines = dict(enumerate(VERSION.split("\n"), 1))
    places = {one.entry.balance: one.rule for one in event.entries}
    assert all(lines[span.line].strip().startswith(f"{name}:") for name, span in places.items() if span)
    percent = event.entries[1].own_reasons[1]
    assert percent.span is not None
    assert "Elite bonus" in lines[percent.span.line]
    cap = event.entries[1].own_reasons[-1]
    assert cap.span is not None
    assert "6000" in lines[cap.span.line]


def test_the_level_is_that_before_the_event_for_all_its_entries(told: Told) -> None:
    """The first entry reaches Gold; the percentage is still that of no level, in what is said too."""
    event = told(stay(30, 100)).events[0]
    assert entries_of(event)["points"][:3] == (
        "+1,000 awarded",
        "10 × 100 usd = 1,000",
        "+0 % of 1,000 = +0 Elite bonus",
    )
    assert event.entries[0].entry.level == "gold"


def test_the_level_before_is_that_after_an_earlier_event_of_the_day(told: Told) -> None:
    first, second = told(stay(10, 1), stay(20, 100, occurred_at="2024-02-01T08:00:00")).events
    assert "+0 % of 10 = +0 Elite bonus" in entries_of(first)["points"]
    assert "+10 % of 1,000 = +100 Elite bonus" in entries_of(second)["points"]


def test_a_level_that_a_new_period_reaches_by_itself_is_held_before_the_events_of_its_day(told: Told) -> None:
    """From 2025 on each year begins with 10 nights, which are Silver, after no level was carried over."""
    program = PROGRAM.replace("start: 0", "start: 10")
    version = VERSION.replace("threshold: 25", "threshold: 2500")
    explanation = told(stay(1, 1, occurred_at="2025-01-01T08:00:00"), program=program, version=version)
    assert "+10 % of 10 = +1 Elite bonus" in entries_of(explanation.events[0])["points"]
    kinds = [
        item.change.cause if hasattr(item, "change") else item.entry.event_id for item in explanation.timeline
    ]
    assert kinds == [LevelCause.REACHED, LevelCause.KEPT, "e1"]


def test_what_is_missing_for_one_entry_is_told_of_that_entry(told: Told) -> None:
    event = told(stay(3, None)).events[0]
    assert entries_of(event)["points"] == (
        "+0 missing_attribute",
        "the log does not carry `usd`, which the rule needs",
    )
    assert entries_of(event)["nights"][0] == "+3 awarded"
    assert "no Yearly spend: `usd is given` is asked for, and the event has none" in shared(event)


# Limits


def test_limits_of_entry_activity_and_group_are_told_of_what_they_limit(told: Told) -> None:
    """7 nights: 6 of the year's for houses are left, and 500 of the points of a life."""
    event = told({"activity": "house", "nights": 7}).events[0]
    assert entries_of(event) == {
        "nights": (
            "+6 reduced",
            "1 × 7 nights = 7",
            (
                "at most 6 Elite nights per calendar year together with others of Houses: 6 left,"
                " so 6 of 7 count; it begins anew on 2025-01-01"
            ),
        ),
        "points": (
            "+500 reduced",
            "100 × 7 nights = 700",
            "at most 500 Points in a lifetime: 500 left, so 500 of 700 count",
        ),
        "miles": ("+500 awarded", "the same as Points: 500"),
    }


def test_a_limit_of_an_entry_cuts_that_entry_alone(told: Told) -> None:
    event = told(stay(1, 599), stay(2, 599, occurred_at="2024-02-01T08:00:00")).events[1]
    found = entries_of(event)
    assert found["points"][-1] == (
        "at most 6,000 Points per day: 10 left, so 10 of 5,990 count; it begins anew on 2024-02-02"
    )
    assert found["points"][0] == "+10 reduced"
    assert found["nights"][0] == "+2 awarded"


def test_a_limit_of_times_takes_every_entry(told: Told) -> None:
    day = {"occurred_at": "2024-02-01"}
    event = told(*(stay(1, 10, **day) for _ in range(3))).events[2]
    last = {name: texts[-1] for name, texts in entries_of(event).items()}
    told_of = "at most 2 times per day: 0 left, so 0 of {} count; it begins anew on 2024-02-02"
    assert last == {
        "nights": told_of.format(1),
        "points": "at most 2 times per day: 0 left, so 0 of 100 count; it begins anew on 2024-02-02",
        "spend": told_of.format(10),
    }


# Copies, and entries that are not there


def test_a_copy_says_that_what_it_copies_came_to_nothing(told: Told) -> None:
    events = told(*({"activity": "house", "nights": 5} for _ in range(2))).events
    assert entries_of(events[1])["miles"] == ("+0 capped", "the same as Points, which came to nothing")


def test_entries_that_are_not_there_are_told_with_their_reason(told: Told) -> None:
    events = told({"activity": "lounge"}, stay(25, 1), {"activity": "lounge"}).events
    refused = "`level at least gold` is asked for, and the level held just before is none"
    assert not events[0].has_several
    assert shared(events[0]) == [f"no Points: {refused}", "no Miles: it is the same as Points"]
    assert entries_of(events[0])["points"][0] == "+0 not_eligible"
    assert entries_of(events[2])["miles"] == ("+50 awarded", "the same as Points: 50")


def test_why_an_event_is_not_eligible_is_told_once(told: Told) -> None:
    event = told(stay(1, 10), enrolled="false,").events[0]
    assert shared(event) == [
        (
            "does not meet the condition for every activity: `member.enrolled is true` is asked for, and the"
            " member has `false`"
        )
    ]
    assert {name: texts[1:] for name, texts in entries_of(event).items()} == {
        "nights": (),
        "points": (),
        "spend": (),
    }


def test_what_is_said_of_a_member_is_as_it_is_on_the_day(told: Told) -> None:
    """Enrolled from 2 February on, so that the event of the day before is not eligible."""
    dated = "false,\nann,2024-01-01,true,2024-02-02"
    first, second = told(stay(1, 10), stay(1, 10), enrolled=dated).events
    assert shared(first)[0].endswith("`member.enrolled is true` is asked for, and the member has `false`")
    assert entries_of(second)["nights"][0] == "+1 awarded"


# Spends


def test_what_is_spent_is_told_as_it_is_written_and_taken(told: Told) -> None:
    event = told(stay(1, 500), {"activity": "transfer", "amount": 4000}).events[1]
    assert entries_of(event) == {
        "points": ("-4,000 awarded", "1 × 4000 amount = 4,000"),
        "miles": ("+4,000 awarded", "the same as what was taken of Points: 4,000"),
    }


def test_a_spend_that_is_not_covered_says_what_is_there_and_what_is_missing(told: Told) -> None:
    """The balance may fall to -100: of 410, 510 can be spent."""
    event = told(stay(1, 41), {"activity": "award", "size": "small"}).events[1]
    assert entries_of(event) == {
        "points": (
            "+0 insufficient_balance",
            "1,000 for `size` small",
            "takes 1,000 Points; 510 are there down to the floor of -100: 490 are missing",
        ),
        "nights": (
            "+0 insufficient_balance",
            "1 every time",
            "nothing counts: what it takes of Points is not all there",
        ),
    }


def test_a_balance_that_owes_is_told_as_it_stands(told: Told) -> None:
    """Without a floor a deduction can take miles to -5; a spend of 10 needs 10 above 0."""
    event = told({"activity": "fine"}, {"activity": "swap", "amount": 1}).events[1]
    assert entries_of(event)["miles"][-1] == "takes 10 Miles; the balance stands at -5: 15 are missing"


def test_of_several_spends_each_says_whether_it_would_be_there(told: Told) -> None:
    event = told(stay(1, 41), {"activity": "swap", "amount": 300}).events[1]
    found = {name: texts[-1] for name, texts in entries_of(event).items()}
    assert found == {
        "points": "nothing counts: what it takes of Miles is not all there",
        "miles": "takes 10 Miles; 0 are there down to the floor of 0: 10 are missing",
        "nights": "nothing counts: what it takes of Miles is not all there",
    }


def test_a_spend_whose_amount_is_not_known_says_so(told: Told) -> None:
    event = told(stay(1, 500), {"activity": "award"}).events[1]
    assert entries_of(event) == {
        "points": ("+0 missing_attribute", "the log does not carry `size`, which the rule needs"),
        "nights": (
            "+0 insufficient_balance",
            "1 every time",
            "nothing counts: what it takes of Points is not known",
        ),
    }


# Sums, filters, formats


def test_sums_are_those_of_each_balance(told: Told) -> None:
    """Points: 410 of the stay, then a transfer of 300, and one that is refused."""
    explanation = told(
        stay(1, 41), {"activity": "transfer", "amount": 300}, {"activity": "transfer", "amount": 300}
    )
    sums = {
        period.balance: (
            period.total,
            [(one.activity, one.events, one.awarded) for one in period.activities],
        )
        for period in explanation.periods
    }
    assert sums == {
        "nights": (1, [("stay", 1, 1)]),
        "points": (110, [("stay", 1, 410), ("transfer", 2, -300)]),
        "spend": (41, [("stay", 1, 41)]),
        "miles": (300, [("transfer", 2, 300)]),
    }
    refused = explanation.periods[1].activities[1].unclear
    assert [[step.gist for step in one.reasons] for one in refused] == [["not all is there that it takes"]]


def test_only_asks_for_entries(log_of: Callable[..., tuple[Log, Explanation]]) -> None:
    log, explanation = log_of(stay(3, None), stay(1, 10))
    found = narrowed(explanation, Selection(only=("missing_attribute",)), log)
    (event,) = found.events
    assert [(one.entry.event_id, one.entry.balance) for one in event.entries] == [("e1", "points")]
    assert "Stay [e1]: 1 of 2 entries, level none" in text_of(found)
    assert "1 event: Points +0" in text_of(found)
    assert explanation_json(found)["timeline"][0]["entries"][0]["balance"] == "points"


def test_an_event_is_asked_for_with_all_its_entries(log_of: Callable[..., tuple[Log, Explanation]]) -> None:
    log, explanation = log_of(stay(1, 10), stay(2, 20))
    (event,) = narrowed(explanation, Selection(event_ids=("e2",)), log).events
    assert [one.entry.awarded for one in event.entries] == [2, 200, 20]


def test_the_text_has_the_entries_below_their_event(told: Told) -> None:
    text = text_of(told(stay(25, 1), stay(4, 399.5), {"activity": "award", "size": "large"}))
    assert max(map(len, text.split("\n"))) <= 80
    assert text.endswith("""\
2024-02-02 00:00  Stay [e2]: 3 entries, level Gold
    +4, Elite nights 29
        1 × 4 nights = 4  (hotel/versions/v1.yaml:20)
    +4,994, Points 5,004
        10 × 399.5 usd = 3,995  (hotel/versions/v1.yaml:22)
        +25 % of 3,995 = +998.75 Elite bonus  (hotel/versions/v1.yaml:24)
        together, rounded to 4,994
        at most 6,000 Points per day: 6,000 left, nothing is cut
        (hotel/versions/v1.yaml:25)
    +400, Yearly spend 401
        1 × 399.5 usd = 400, rounded half-up  (hotel/versions/v1.yaml:26)
    at most 2 times per day: 2 left, nothing is cut  (hotel/versions/v1.yaml:18)
2024-02-03 00:00  Award night [e3]: 2 entries, level Gold
    -4,000, Points 1,004
        4,000 for `size` large  (hotel/versions/v1.yaml:42)
    +1, Elite nights 30
        1 every time  (hotel/versions/v1.yaml:44)

3 events: Elite nights +30, Points +1,004, Yearly spend +401
""")


def test_markdown_has_the_entries_below_their_event(told: Told) -> None:
    """Of 410, and 100 that the floor allows, 1,000 lack 490."""
    page = explanation_markdown(
        told(stay(1, 41), {"activity": "award", "size": "small"}), has_sums=True, is_listed=True
    )
    event = page[page.index("- 2024-02-02") :]
    assert event.startswith("""\
- 2024-02-02 00:00 **Award night** (e2): 2 entries, level none
  - +0 (insufficient&#95;balance), Points 410
    - 1,000 for &#96;size&#96; small (hotel/versions/v1.yaml:42)
    - takes 1,000 Points; 510 are there down to the floor of -100: 490 are missing
  - +0 (insufficient&#95;balance), Elite nights 1
    - 1 every time (hotel/versions/v1.yaml:44)
    - nothing counts: what it takes of Points is not all there
""")


def test_an_event_of_several_entries_has_them_in_json(told: Told) -> None:
    event = explanation_json(told(stay(4, 10)))["timeline"][0]
    assert [*event] == [
        "kind",
        "event_id",
        "member_id",
        "activity",
        "occurred_at",
        "version",
        "title",
        "rule",
        "reasons",
        "entries",
    ]
    assert [(one["balance"], one["requested"], one["total"]) for one in event["entries"]] == [
        ("nights", 4, 4),
        ("points", 100, 100),
        ("spend", 10, 10),
    ]
    assert [*event["entries"][0]] == [
        "balance",
        "requested",
        "awarded",
        "outcome",
        "assumed",
        "period",
        "total",
        "level",
        "rule",
        "reasons",
        "caps",
    ]


def test_amounts_are_called_by_their_balances(told: Told) -> None:
    explanation = told(stay(12, 10))
    text = explanation_text(explanation, width=200, has_sums=True, is_listed=False)
    assert "As of 2024-02-01: 12 Elite nights in period 2024" in text
    assert "to reach Gold: 13 more Elite nights before 2025-01-01" in text
    assert "Period 2024 of Elite nights, 2024-01-01 to 2024-12-31: 12\n" in text
    assert "Points, never reset: 100\n" in text
