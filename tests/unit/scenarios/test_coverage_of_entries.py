"""Which elements of entries, spends, requirements and defaults one expectation exercises, and no other."""

from __future__ import annotations

import pytest

from pointbook.loading import ProgramDocuments, loaded_from
from pointbook.loading.documents import document_from
from pointbook.mutation.drafts import scenario_document
from pointbook.scenarios import scenario_from
from pointbook.scenarios.coverage import Exercised, Watched, coverage_of
from pointbook.scenarios.running import differences

PROGRAM = """\
id: inn
title: Inn
timezone: UTC
level_balance: nights
balances:
  nights: {resets: never}
  points: {resets: never}
  stars: {resets: never}
  coins: {resets: never}
member_attributes: {partner: {type: boolean, default: false}}
"""
VERSION = """\
id: one
effective_from: 2024-01-01
attributes: {nights: {type: integer}, class: {type: text, default: second}}
levels:
  guest: {base: true}
  gold: {requires: {nights: 3, points: 100}}
  king: {requires: [{nights: 20}, {points: 900}]}
benefits: {lounge: {from_level: gold, if: {attribute: member.partner, is: true}}}
activities:
  stay:
    earns:
      nights: {points: {per: {attribute: nights}}, caps: [{points: 9, per: day}]}
      points: {points: {per: {attribute: nights, points: 10, every: 2}}}
      stars: {points: {same_as: nights}, if: {attribute: class, is: first}}
    caps: [{points: 950, per: calendar_year, balance: points}]
  gift: {points: 100, balance: points}
  moved:
    spends: {points: 30, stars: 2}
    earns: {coins: {points: 5}}
"""
STAY = "an event of `stay` that counts in"
PARTNER = "an event of a member without `partner`, which is then False"
SECOND = "an event without `class`, which is then second"
FIRST_CLASS = "an event of `stay` for which class is first"
DAY = "an event that this version values on its day"
EVENTS = """\
title: T
members: {ann: {signed_up_on: 2024-01-10}}
events:
"""


def exercised(scenario: str, *, members: str = "") -> set[str]:
    """What is lacking without the scenario, which passes, and not with it."""
    documents = [document_from(name, text.encode()) for name, text in (("p", PROGRAM), ("v", VERSION))]
    nodes = tuple((one.file, one.node) for one in documents[1:] if one.node is not None)
    loaded = loaded_from(ProgramDocuments("inn", documents[0].node, nodes, (), {}))
    assert loaded.program is not None, loaded.findings
    text = EVENTS.replace("{ann: {signed_up_on: 2024-01-10}}", members) if members else EVENTS
    runnable, findings = scenario_from(scenario_document("s", text + scenario), loaded)
    assert runnable is not None, findings
    watched, found = Watched(), Exercised()
    assert differences(runnable, watched) == ()
    found.add(runnable, watched)
    without, with_it = (
        {one.lacking for one in coverage_of(loaded.program, identities).lacking}
        for identities in (frozenset[()](), frozenset(found.identities))
    )
    prefixes = ("no scenario has ", "no scenario looks at ")
    return {text.removeprefix(prefixes[0]).removeprefix(prefixes[1]) for text in without - with_it}


def stay(expect: str, *, nights: int = 2, more: str = "", day: str = "2024-02-01") -> str:
    return f"  - {{activity: stay, occurred_at: {day}, nights: {nights}{more}, expect: {{{expect}}}}}\n"


@pytest.mark.parametrize(
    ("expect", "more", "wanted"),
    [
        ("entries: {nights: {awarded: 2}}", "", {f"{STAY} `nights`: 1 per nights"}),
        ("entries: {points: {awarded: 10}}", "", {f"{STAY} `points`: 10 for every 2 nights"}),
        ("entries: {stars: null}", "", {f"{FIRST_CLASS} does not hold"}),
        (
            "entries: {stars: {awarded: 2}}",
            ", class: first",
            {f"{STAY} `stars`: the same as nights", f"{FIRST_CLASS} holds"},
        ),
        (
            "outcome: awarded",
            "",
            {f"{STAY} `nights`: 1 per nights", f"{STAY} `points`: 10 for every 2 nights"},
        ),
    ],
)
def test_an_expectation_of_one_entry_looks_at_that_one(expect: str, more: str, wanted: set[str]) -> None:
    own = set() if more else {SECOND}
    found = exercised(stay(expect, more=more)) - {DAY}
    assert found == wanted | own


def test_whole_steps_need_something_that_is_left_over() -> None:
    left = f"{STAY} `points` with some `nights` left over after whole 2"
    assert left in exercised(stay("entries: {points: {awarded: 10}}", nights=3))
    assert left not in exercised(stay("entries: {nights: {awarded: 3}}", nights=3))


def test_a_cap_of_an_entry_and_one_of_a_balance_cut_the_entry_that_is_looked_at() -> None:
    of_entry = "an event cut by this cap (9 points per day)"
    of_balance = "an event cut by this cap (950 points of points per calendar year)"
    scenario = stay("entries: {nights: {awarded: 9}}", nights=200)  # 1,000 points are cut to 950
    assert of_entry in exercised(scenario)
    assert of_balance not in exercised(scenario)
    assert of_balance in exercised(stay("entries: {points: {awarded: 950}}", nights=200))


TAKEN = "an event of `moved` that takes from"
REFUSED = "an event of `moved` that is refused because `{}` does not cover it"
GIFT = "  - {activity: gift, occurred_at: 2024-02-01}\n"
MOVED = "  - {activity: moved, occurred_at: 2024-02-03, expect: {EXPECT}}\n"


def test_a_spend_is_taken_or_refused_by_the_balance_that_lacks() -> None:
    first = stay("entries: {stars: {awarded: 2}}", more=", class: first")
    taken = exercised(first + GIFT + MOVED.replace("EXPECT", "entries: {stars: {awarded: -2}}"))
    assert {one for one in taken if "`moved`" in one} == {f"{TAKEN} `stars`: 2 points"}
    # 100 points are enough; there are no stars.
    refused = exercised(GIFT + MOVED.replace("EXPECT", "entries: {coins: {outcome: insufficient_balance}}"))
    assert {one for one in refused if "`moved`" in one} == {REFUSED.format("stars")}
    refused = exercised(MOVED.replace("EXPECT", "awarded: 0, outcome: insufficient_balance"))
    assert {one for one in refused if "`moved`" in one} == {REFUSED.format("stars"), REFUSED.format("points")}


def test_a_total_in_a_standing_looks_at_the_entries_of_its_balance_and_at_those_that_are_not_there() -> None:
    standing = "standings:\n  - {as_of: 2024-02-01, stars: 0}\n"
    found = exercised(stay("", more="").replace(", expect: {}", "") + standing)
    assert found == {f"{FIRST_CLASS} does not hold", SECOND}


MISSES = "a member who misses `gold` by"


@pytest.mark.parametrize(
    ("events", "wanted"),
    [
        # 2 nights and 110 points; 4 and 20; 2 and 10.
        (GIFT + stay("entries: {nights: {level: guest}}"), {f"{MISSES} 3 nights alone"}),
        (stay("entries: {nights: {level: guest}}", nights=4), {f"{MISSES} 100 points alone"}),
        (stay("entries: {nights: {level: guest}}"), set()),
    ],
)
def test_a_minimum_is_missed_alone(events: str, wanted: set[str]) -> None:
    found = exercised(events)
    assert {one for one in found if one.startswith(MISSES)} == wanted
    assert "a member who misses `gold` (3 nights and 100 points) and holds `guest`" in found


def test_a_level_is_reached_in_one_of_its_ways() -> None:
    whole = "a member who reaches `king` (20 nights or 900 points)"
    found = exercised(
        stay("entries: {points: {level: king}}", nights=180)  # 9 nights, 900 points
    )
    reached = {one for one in found if "reaches `king`" in one}
    assert reached == {whole, "a member who reaches `king` by 900 points"}


def test_a_benefit_is_had_and_lacked_by_members_of_its_level() -> None:
    asked = "the benefits of a member of its level for whom member.partner is true"
    events = (
        "  - {activity: gift, occurred_at: 2024-02-01}\n"
        "  - {activity: stay, occurred_at: 2024-02-01, nights: 3}\n"
        "standings:\n  - {as_of: 2024-02-01, benefits: BENEFITS}\n"
    )
    assert f"{asked} does not hold" in exercised(events.replace("BENEFITS", "[]"))
    partner = "{ann: {signed_up_on: 2024-01-10, partner: true}}"
    assert f"{asked} holds" in exercised(events.replace("BENEFITS", "[lounge]"), members=partner)
