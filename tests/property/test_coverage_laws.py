"""What scenarios exercise, on random programs and logs."""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pointbook.model.tables import (
    HISTORY,
    LEDGER,
    history_row,
    ledger_row,
    names_of,
    standings_columns,
    standings_row,
)
from pointbook.scenarios import Scenario
from pointbook.scenarios.coverage import Exercised, Watched, coverage_of
from pointbook.scenarios.running import differences, interpreted

sys.path.insert(0, str(Path(__file__).parent))  # test folders are not packages
from strategies import Case, Plain, cases, node_of, pooled_rules

if TYPE_CHECKING:
    import random
    from datetime import date

    from pointbook.scenarios.coverage.elements import Identity

SLOW = [HealthCheck.too_slow]
laws = settings(max_examples=30, deadline=None, derandomize=True, database=None, suppress_health_check=SLOW)


def some_of(row: dict[str, Any], dice: random.Random, *kept: str) -> Plain:
    """A few of a row's columns; `kept` are among them."""
    return {key: value for key, value in row.items() if key in kept or dice.random() < 0.3}


def document_of(case: Case, dice: random.Random) -> Plain:
    """A scenario that expects some of what comes of the case."""
    program, log = case.rules.ready, case.log

    def on(day: date) -> Any:
        return interpreted(program, log, day, case.version, case.assume)

    whole = on(case.as_of)
    events: list[Plain] = []
    for row in case.event_rows:
        event: Plain = dict(row.cells or {})
        (entry, *_) = whole.entries.get(event["event_id"], (None,))
        if entry is None:
            event["expect"] = {"after_as_of": True}
        elif dice.random() < 0.5:
            columns = names_of(LEDGER)[3:]
            row_cells = dict(zip(names_of(LEDGER), ledger_row(entry), strict=True))
            expected = some_of({key: row_cells[key] for key in columns}, dice)
            if expected:
                event["expect"] = expected
        events.append(event)
    members = {str(row.cells["member_id"]): dict(row.cells) for row in case.member_rows if row.cells}
    standings, columns = [], names_of(standings_columns(program))
    for member_id in members:
        for day in (case.as_of, case.as_of - timedelta(dice.randrange(500))):
            standing = on(day).standings.get(member_id)
            if standing is not None:
                cells: Plain = dict(zip(columns, standings_row(standing), strict=True))
                cells["benefits"] = list(standing.benefits)
                standings.append(some_of(cells, dice, "member_id", "as_of"))
    history = {
        member_id: [
            dict(zip(names_of(HISTORY)[1:], history_row(change)[1:], strict=True)) for change in changes
        ]
        for member_id, changes in whole.history.items()
        if dice.random() < 0.3
    }
    for member in members.values():
        del member["member_id"]
    return {
        "title": "Random",
        "members": members,
        "events": events,
        "standings": standings,
        "history": history,
    }


def exercised(case: Case, document: Plain) -> frozenset[Identity]:
    """What a scenario, which must pass, exercises of the case's rules."""
    scenario = Scenario(
        title="Random",
        program=case.rules.ready,
        version=case.version,
        is_pinned=True,
        assume=case.assume,
        as_of=case.as_of,
        document=node_of(document, "random.yaml"),
    )
    watched = Watched()
    assert differences(scenario, watched) == ()
    found = Exercised()
    found.add(scenario, watched)
    return frozenset(found.identities)


@laws
@given(case=cases(pooled_rules()), dice=st.randoms(use_true_random=False))
def test_more_expectations_and_more_scenarios_never_exercise_less(case: Case, dice: random.Random) -> None:
    program, document = case.rules.ready, document_of(case, dice)
    whole = exercised(case, document)
    events = [{key: part for key, part in row.items() if key != "expect"} for row in document["events"]]
    events_only = exercised(case, {**document, "standings": [], "history": {}})
    others_only = exercised(case, {**document, "events": events})
    assert events_only | others_only == whole
    percents = [coverage_of(program, found).percent for found in (frozenset(), events_only, whole)]
    assert 0 == percents[0] <= percents[1] <= percents[2] <= 100
    everything = coverage_of(program, {element.identity for element in coverage_of(program, whole).elements})
    assert (everything.percent, everything.lacking) == (100, ())
    lacking = len(coverage_of(program, whole).lacking)
    assert len(whole) == len(everything.elements) - lacking  # what a scenario exercises are elements
