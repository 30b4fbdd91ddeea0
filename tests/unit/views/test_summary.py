from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from itertools import count
from types import SimpleNamespace
from typing import Any

import pytest

from pointbook.log import Rejects
from pointbook.model.exports import OURS
from pointbook.model.ledger import Assume, Entry, Outcome
from pointbook.model.log import Reject
from pointbook.model.rules import LifeCycle
from pointbook.model.tally import Tally
from pointbook.views.evaluated import Evaluated, Way
from pointbook.views.summary import _unknown_activities, summary_of

_numbers = count()


def _result(*outcomes: Outcome, later: int = 0, level: str | None = None) -> Any:
    day = datetime(2024, 1, 1)  # noqa: DTZ001 - local
    entries = [
        Entry(f"e{next(_numbers)}", "m", "visit", day, "v", "points", 0, 0, outcome) for outcome in outcomes
    ]
    return SimpleNamespace(entries=entries, after_as_of=later, standing=SimpleNamespace(level=level))


def _log(read: int, rejects: tuple[Reject, ...] = ()) -> Any:
    return SimpleNamespace(
        events_read=read,
        rejects=Rejects(rejects),
        member_rejects=Rejects(),
        latest=(),
        members=1,
        members_read=1,
        blank=0,
    )


def _program() -> Any:
    levels = {
        "low": SimpleNamespace(id="low", threshold=10, requires=()),
        "high": SimpleNamespace(id="high", threshold=90, requires=()),
    }
    version = SimpleNamespace(
        id="v",
        effective_from=date(2024, 1, 1),
        sha256="0" * 64,
        levels=levels,
        activities=("visits",),
        life_cycle=LifeCycle(),
    )
    return SimpleNamespace(id="club", sha256="1" * 64, versions=(version,), exports=OURS)


def _add(tally: Tally, result: Any) -> None:
    tally.add(result.entries, result.standing, result.after_as_of)


def _summary(tally: Tally, log: Any) -> dict[str, Any]:
    return summary_of(
        tally,
        _program(),
        log,
        as_of=date(2024, 3, 1),
        as_of_given=False,
        version=None,
        assume=Assume.NONE,
        evaluated=Evaluated("python", Way.FOLD, workers=1, compiled=False),
    )


def test_rows_read_are_the_ledger_the_rejects_and_later_ones() -> None:
    tally = Tally()
    _add(tally, _result(Outcome.AWARDED, Outcome.CAPPED, later=3, level="high"))
    _add(tally, _result(Outcome.NO_SUCH_ACTIVITY, level="low"))
    summary = _summary(tally, _log(7, rejects=(Reject("e.csv", 2, "points", "e", "bad_value", "", ""),)))
    counts = summary["counts"]
    assert (counts["ledger"], counts["rejects"], counts["after_as_of"]) == (3, 1, 3)
    assert (counts["awarded"], counts["capped"], counts["reduced"]) == (1, 1, 0)
    assert summary["unknown_activities"] == {
        "visit": {"events": 1, "in_versions": [], "did_you_mean": "visits"}
    }
    assert list(summary["levels"].items()) == [("", 0), ("low", 1), ("high", 1)]
    assert summary["as_of_source"] == "last sign-up"


def test_an_event_of_several_entries_is_one_row_read_and_each_entry_has_its_outcome() -> None:
    tally = Tally()
    result = _result(Outcome.AWARDED, Outcome.CAPPED, Outcome.AWARDED)
    result.entries[1] = result.entries[1]._replace(event_id=result.entries[0].event_id, balance="coins")
    _add(tally, result)
    counts = _summary(tally, _log(2))["counts"]
    assert (counts["events_in_ledger"], counts["ledger"]) == (2, 3)
    assert (counts["awarded"], counts["capped"]) == (2, 1)


@pytest.mark.parametrize("read", [2, 4])
def test_a_row_that_got_lost_or_came_from_nowhere_is_an_error(read: int) -> None:
    tally = Tally()
    _add(tally, _result(Outcome.AWARDED, Outcome.CAPPED, Outcome.UNVALUED))
    with pytest.raises(AssertionError, match="rows were lost"):
        _summary(tally, _log(read))


def test_every_outcome_is_counted_even_where_there_is_none() -> None:
    counts = _summary(Tally(), _log(0))["counts"]
    assert {outcome.value for outcome in Outcome} <= set(counts)
    assert set(counts.values()) == {0, 1}  # one member was read


def test_of_many_unknown_activities_the_same_are_looked_up_whatever_their_order() -> None:
    names = [f"visit{number}" for number in range(150)]
    forth, back = (
        Tally(Counter({Outcome.NO_SUCH_ACTIVITY: 150}), 150, unknown_activities=Counter(order))
        for order in (names, names[::-1])
    )
    assert _summary(forth, _log(150)) == _summary(back, _log(150))


def test_an_unknown_activity_is_told_in_what_it_differs_from_the_one_that_was_meant() -> None:
    activities = {
        "review.written": SimpleNamespace(title="Write a review"),
        "visit": SimpleNamespace(title=None),
    }
    program = SimpleNamespace(versions=(SimpleNamespace(id="v", activities=activities),), exports=OURS)
    names = ("Review.Written", "review.written\u00a0", "write a review ", "vsit", "other")
    found = _unknown_activities(Tally(unknown_activities=Counter(names)), program)
    assert {name: {**about, "events": 1} for name, about in found.items()} == {
        "Review.Written": _meant("review.written", differs_in="letter case"),
        "review.written\u00a0": _meant("review.written", differs_in="spaces around it"),
        "write a review ": _meant("review.written", is_its_title=True),
        "vsit": _meant("visit"),
        "other": _meant(None),
    }


def _meant(activity: str | None, **more: Any) -> dict[str, Any]:
    return {"events": 1, "in_versions": [], "did_you_mean": activity, **more}
