"""What scenarios say of the entries of an event: by balance, or of all of them."""

from __future__ import annotations

import pytest

from pointbook.loading import ProgramDocuments, loaded_from
from pointbook.loading.documents import document_from
from pointbook.mutation.drafts import scenario_document
from pointbook.scenarios import scenario_from
from pointbook.scenarios.running import differences

PROGRAM = """\
id: inn
title: Inn
timezone: UTC
level_balance: nights
balances: {nights: {resets: never}, points: {resets: never}, stars: {resets: never}}
"""
VERSION = """\
id: one
effective_from: 2024-01-01
attributes: {nights: {type: integer}}
levels: {gold: {threshold: 5}}
life_cycle: {demotion: to_earned, leap_day: feb_28}
activities:
  stay:
    earns:
      nights: {points: {per: {attribute: nights}}}
      points: {points: {per: {attribute: nights, points: 100}}}
      stars: {points: {same_as: nights}, if: {attribute: level, at_least: gold}}
  call: {points: 3, balance: points}
"""
HEAD = "title: T\nmembers: {ann: {signed_up_on: 2024-01-10}}\nevents:\n"
STAY = "  - {activity: stay, occurred_at: 2024-02-01, nights: 2, expect: {EXPECT}}\n"


def found(expect: str, event: str = STAY) -> list[tuple[str, str, str]]:
    """Place, message and hint of each finding: 2 nights and 200 points come of the stay, and no star."""
    documents = [document_from(name, text.encode()) for name, text in (("p", PROGRAM), ("v", VERSION))]
    nodes = tuple((one.file, one.node) for one in documents[1:] if one.node is not None)
    loaded = loaded_from(ProgramDocuments("inn", documents[0].node, nodes, (), {}))
    assert loaded.program is not None, loaded.findings
    document = scenario_document("s", HEAD + event.replace("EXPECT", expect))
    scenario, findings = scenario_from(document, loaded)
    findings = findings if scenario is None else differences(scenario)
    return [(str(one.span), one.message, one.hint) for one in findings]


@pytest.mark.parametrize(
    "expect",
    [
        "entries: {nights: {awarded: 2, level: none}, points: {awarded: 200, total: 200}, stars: null}",
        "outcome: awarded, entries: {nights: {total: 2}}",
        "outcome: awarded",
    ],
)
def test_expectations_that_hold_have_no_findings(expect: str) -> None:
    assert found(expect) == []


def test_the_entry_of_an_event_of_one_may_be_named_too() -> None:
    call = "  - {activity: call, occurred_at: 2024-02-01, expect: {EXPECT}}\n"
    assert found("entries: {points: {awarded: 3}, nights: null}", call) == []
    [(_, message, hint)] = found("entries: {nights: {awarded: 3}}", call)
    assert message == "event event-001: there is no entry in `nights`"
    assert hint == "its outcome is awarded, by version `one`; write `nights: null` for none"


BECAME = "it has 2 nights (awarded), 200 points (awarded)"


def test_a_value_of_one_entry_is_pointed_at() -> None:
    [finding] = found("entries: {points: {awarded: 150}}")
    assert finding == ("s:4:95", "event event-001, points: `awarded` is 200, not 150", BECAME)


def test_an_entry_that_is_not_there_or_must_not_be() -> None:
    [(place, message, hint)] = found("entries: {stars: {awarded: 2}}")
    assert (place, message) == ("s:4:77", "event event-001: there is no entry in `stars`")
    assert hint == f"{BECAME}; write `stars: null` for none"
    [(_, message, hint)] = found("entries: {points: null}")
    assert (message, hint) == ("event event-001: there is an entry in `points`", BECAME)


def test_what_differs_between_entries_is_told_with_what_to_write() -> None:
    [(place, message, hint)] = found("awarded: 2")
    assert place == "s:4:76"
    assert message == (
        "event event-001 has 2 entries, and `awarded` is not the same in all: 2 in `nights`, 200 in `points`"
    )
    assert hint == (
        "say which is meant, under `entries`: `entries: {nights: {awarded: 2}, points: {awarded: 200}}`"
    )


def test_what_is_the_same_in_all_entries_is_compared_once() -> None:
    [(_, message, hint)] = found("outcome: capped")
    assert (message, hint) == ("event event-001: `outcome` is awarded, not capped", BECAME)


def test_a_misspelt_balance_is_found_before_anything_runs() -> None:
    [(place, message, hint)] = found("entries: {nihgts: {awarded: 2}}")
    assert (place, message) == ("s:4:77", "`nihgts` is not a key of `entries`, which are by balance")
    assert hint == "did you mean `nights`?"


def test_a_misspelt_column_of_an_entry_is_found_too() -> None:
    [(_, message, hint)] = found("entries: {nights: {award: 2}}")
    assert (message, hint) == (
        "`award` is not a key of `nights` of `entries` of `expect` of event 1",
        "did you mean `awarded`?",
    )


def test_a_rejected_event_has_no_entries() -> None:
    [finding, *_] = found("entries: {nights: {awarded: 2}}", STAY.replace("2024-02-01", "2024-02-31"))
    assert finding[1] == "event event-001 has no entries"
    assert finding[2].startswith("rejected as bad_value")
