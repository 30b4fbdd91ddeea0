"""Samples of a program in which one event gives in several balances, spends, and counts by whole steps."""

from __future__ import annotations

import csv
import io
from collections import Counter
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pointbook.loading import load_program
from pointbook.model.ledger import LevelCause, Outcome
from pointbook.sample import default_spec, sample_events, sample_members

if TYPE_CHECKING:
    from collections.abc import Callable

    from pointbook.interpret.evaluation import MemberResult
    from pointbook.model.ledger import Entry
    from pointbook.model.program import Program

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def hotel() -> Program:
    return load_program(HERE / "hotel")


@pytest.fixture(scope="session")
def entries(hotel: Program, results: Callable[..., list[MemberResult]]) -> list[Entry]:
    return [entry for result in results(hotel, members=100, mistakes=0) for entry in result.entries]


@pytest.mark.parametrize("name", ["members", "events"])
def test_the_sample_is_the_one_kept_here(
    hotel: Program, name: str, golden: Callable[[Path, str], None]
) -> None:
    spec = default_spec(hotel, members=5, events=80, mistakes=150)
    text = io.StringIO()
    rows = {"members": sample_members, "events": sample_events}[name]
    csv.writer(text, lineterminator="\n").writerows(rows(hotel, spec))
    golden(HERE / "golden" / f"hotel-{name}.csv", text.getvalue())


def test_spends_are_mostly_covered_and_some_are_refused(entries: list[Entry]) -> None:
    for activity in ("award", "transfer"):
        outcomes = Counter(
            entry.outcome for entry in entries if entry.activity == activity and entry.balance == "points"
        )
        assert {*outcomes} == {Outcome.AWARDED, Outcome.INSUFFICIENT_BALANCE}
        assert 0 < outcomes[Outcome.INSUFFICIENT_BALANCE] < outcomes[Outcome.AWARDED] / 8, activity


def test_assessed_spends_are_mostly_covered(entries: list[Entry]) -> None:
    outcomes = Counter(entry.outcome for entry in entries if entry.activity == "gift")
    assert outcomes[Outcome.AWARDED] > 20
    assert outcomes[Outcome.INSUFFICIENT_BALANCE] < outcomes[Outcome.AWARDED] / 8


def test_a_balance_is_spent_from_as_soon_as_there_is_enough_in_it(entries: list[Entry]) -> None:
    members = {entry.member_id for entry in entries}
    spenders = {entry.member_id for entry in entries if entry.balance == "points" and entry.awarded < 0}
    assert len(spenders) > len(members) / 2


def test_events_of_several_entries_reach_every_level(
    hotel: Program, results: Callable[..., list[MemberResult]]
) -> None:
    changes = [one for result in results(hotel, members=100, mistakes=0) for one in result.history]
    reached = Counter(one.to_level for one in changes if one.cause is LevelCause.REACHED)
    assert {*reached} == {*hotel.versions[0].levels}
    assert min(reached.values()) > 10
    held = Counter(result.standing.level for result in results(hotel, members=100, mistakes=0))
    assert min(held[name] for name in hotel.versions[0].levels) > 2


def test_quantities_of_whole_steps_come_to_something(entries: list[Entry]) -> None:
    """One night counts for each three: of 1, 2, 3 ... nights a sample has those that come to some."""
    requested = Counter(entry.requested for entry in entries if entry.activity == "apartment")
    assert requested.total() - requested[0] > requested.total() / 2
    assert len(requested) > 2


def test_an_entry_with_a_condition_is_there_for_some_events_only(entries: list[Entry]) -> None:
    own = Counter(entry.balance for entry in entries if entry.activity == "meeting")
    assert 0 < own["nights"] < own["points"]


def test_a_sample_lasts_until_the_newest_version_has_been_in_force_for_a_year(hotel: Program) -> None:
    spec = default_spec(hotel, members=20, mistakes=0)
    assert (spec.first_day, spec.last_day) == (date(2024, 1, 1), date(2030, 1, 1))
    days = [row[3][:10] for row in sample_events(hotel, spec) if row[2] == "gift"]
    assert len(days) > 5
    assert min(days) >= "2029-01-01"
