"""The service of docs/service.md, as it stands there: whatever comes when, it agrees with a whole log."""

from __future__ import annotations

import csv
import io
import json
import random
import re
import sys
import threading
from contextlib import nullcontext, suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import pointbook
from pointbook.log import RawRow, accepted_log
from pointbook.model import wording
from pointbook.model.tables import (
    HISTORY,
    LEDGER,
    history_row,
    ledger_row,
    names_of,
    standings_columns,
    standings_row,
)

sys.path.insert(0, str(Path(__file__).parents[1] / "property"))  # test folders are not packages
from strategies import Case, cases, loaded_of, pooled_rules, program_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pointbook.interpret import MemberResult
    from pointbook.model.program import Program

    Plain = dict[str, Any]
    Cells = dict[str, str]

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/service.md").read_text(encoding="utf-8")
EXAMPLES = ROOT / "rules/dataminer-devops/examples"
TODAY = date(2026, 10, 31)


def block(name: str) -> str:
    return re.findall(rf"<!-- {name} -->\n```python\n(.*?)```", PAGE, re.DOTALL)[0]


ON_PAGE: dict[str, Any] = {}
exec(compile(block("service"), "docs/service.md", "exec"), ON_PAGE)  # noqa: S102 - what the page says is what is tested


class Service(ON_PAGE["Service"]):  # type: ignore[misc]
    """The page's, which counts its rebuilds."""

    def __init__(self, path: Path | str, program: Program) -> None:
        super().__init__(path, program)
        self.rebuilds = 0

    def _rebuild(self, member_id: str) -> None:
        self.rebuilds += 1
        super()._rebuild(member_id)

    def with_rules(self, program: Program) -> Service:
        """The service started anew, with other rules, over the same store."""
        other = Service(":memory:", program)
        other.db = self.db
        other.sql = self.sql
        return other

    def rows(self, table: str) -> list[tuple[Any, ...]]:
        rows = self.sql(f"SELECT * FROM {table} ORDER BY member_id, rowid").fetchall()  # noqa: S608
        assumed = names_of(LEDGER).index("assumed")
        if table != "ledger":
            return rows
        return [(*row[:assumed], bool(row[assumed]), *row[assumed + 1 :]) for row in rows]

    def rejects(self) -> dict[str, str]:
        return dict(self.sql("SELECT event_id, reject FROM events WHERE reject IS NOT NULL"))

    def from_scratch(self, as_of: date) -> list[MemberResult]:
        """What all rows that were received come to at once."""

        def rows(table: str) -> list[RawRow]:
            found = self.sql(f"SELECT row FROM {table}").fetchall()  # noqa: S608
            return [RawRow(table, number, row, json.loads(row)) for number, (row,) in enumerate(found)]

        log = accepted_log(self.program, rows("members"), rows("events"))
        rejects = {json.loads(reject.raw)["event_id"]: reject for reject in log.rejects}
        assert self.rejects().keys() == rejects.keys()
        for event_id, reason in self.rejects().items():
            reject = rejects[event_id]
            # Of an unknown member, the detail names others that are alike.
            assert reject.member_id not in log.members or reason == f"{reject.reason}: {reject.detail}"
        return list(pointbook.evaluate(self.program, log, as_of=as_of))

    def agrees(self, as_of: date) -> None:
        """Asserts that the store holds what a whole log comes to on the day up to which time has passed."""
        results = self.from_scratch(as_of)
        assert self.rows("ledger") == [ledger_row(entry) for own in results for entry in own.entries]
        assert self.rows("history") == [history_row(change) for own in results for change in own.history]
        for result in results:
            assert self.standing(result.member.id, as_of) == result.standing


PROGRAM: Plain = {
    "id": "club",
    "title": "Club",
    "timezone": "Europe/Brussels",
    "level_balance": "points",
    "balances": {
        "points": {"title": "Points", "resets": "membership_year"},
        "coins": {"title": "Coins", "resets": "never", "floor": 0},
    },
    "member_attributes": {"partner": {"type": "boolean"}},
}
BALANCES: Plain = PROGRAM["balances"]
UNRESET: Plain = {"title": "For ever", "resets": "never"}
V1: Plain = {
    "title": "Rules",
    "source": {"document": "A page"},
    "id": "v1",
    "effective_from": "2024-01-01",
    "levels": {"silver": {"title": "Silver", "threshold": 60}, "gold": {"title": "Gold", "threshold": 200}},
    "life_cycle": {"demotion": "one_level", "leap_day": "feb_28"},
    "activities": {
        "post": {"title": "Post", "points": 40, "caps": [{"points": 100, "per": "calendar_month"}]},
        "quiz": {"title": "Quiz", "points": {"range": [0, 4]}},
        "met": {"title": "Met", "points": 25, "eligible_if": {"attribute": "member.partner", "is": True}},
    },
}
WIDER: Plain = {**V1["activities"], "quiz": {"title": "Quiz", "points": {"range": [0, 10]}}}
V2: Plain = {**V1, "id": "v2", "effective_from": "2024-07-01", "activities": WIDER}
LEVELS: Plain = {"bronze": {"title": "Bronze", "threshold": 10}, "gold": {"title": "Gold", "threshold": 120}}
V3: Plain = {**V1, "id": "v3", "effective_from": "2025-01-01", "levels": LEVELS}
ANN = {"member_id": "ann", "signed_up_on": "2024-02-29", "partner": "false"}


def program(*versions: Plain, **changed: Any) -> Program:
    return program_of(loaded_of({**PROGRAM, **changed}, versions))


def event(event_id: str, occurred_at: str, activity: str = "post", **cells: str) -> Cells:
    return {
        "event_id": event_id,
        "member_id": "ann",
        "activity": activity,
        "occurred_at": occurred_at,
        **cells,
    }


@pytest.fixture
def service() -> Service:
    started = Service(":memory:", program(V1, V2))
    started.member(ANN)
    started.rebuilds = 0
    return started


def test_the_page_is_run_from_first_to_last(page, ran, checkout: Path, monkeypatch, capsys):
    monkeypatch.chdir(checkout)
    names = dict(ON_PAGE)

    exec(block("use"), names)  # noqa: S102
    page("docs/service.md").shows("output", capsys.readouterr().out)
    exec(block("export"), names)  # noqa: S102
    names["service"].pass_time(date(2024, 6, 1))
    result = ran(page("docs/service.md").command("evaluate"), checkout)

    assert result.returncode == 0, result.stderr
    assert len((checkout / "check/ledger.csv").read_text(encoding="utf-8").splitlines()) == 2


@pytest.mark.parametrize("late", [0.03, 1.0])
def test_the_example_log_comes_to_the_same_bytes_in_whatever_order_it_arrives(
    page, ran, checkout: Path, monkeypatch, late: float
):
    monkeypatch.chdir(checkout)
    rules = pointbook.load_program("rules/dataminer-devops")
    service = Service("club.db", rules)
    with (EXAMPLES / "members.csv").open(encoding="utf-8", newline="") as file:
        members = list(csv.DictReader(file))[:2]
    ids = {member["member_id"] for member in members}
    with (EXAMPLES / "events.csv").open(encoding="utf-8", newline="") as file:
        events = [row for row in csv.DictReader(file) if row["member_id"] in ids and None not in row]
    dice = random.Random(7)  # noqa: S311 - not for secrets
    events.sort(key=lambda row: "9" if dice.random() < late else row["occurred_at"])
    if late == 1:  # each event is late, and each late event has its member's log folded again
        dice.shuffle(events)
        del events[150:]
    for member in members:
        service.member(member)
    days = (date(2025, 3, 1), date(2026, 3, 1))

    service.rebuilds = 0
    refused = 0
    for number, row in enumerate(events):
        if number in (len(events) // 2, len(events) * 9 // 10):
            service.pass_time(days[number > len(events) // 2])
        try:
            service.event(row)
        except ValueError:
            refused += 1
    service.pass_time(TODAY)
    exec(block("export"), {"service": service})  # noqa: S102
    command = page("docs/service.md").command("evaluate").replace("2024-06-01", str(TODAY))
    result = ran(command, checkout)

    assert result.returncode == (1 if service.rejects() else 0), result.stderr
    assert service.rejects()
    assert service.rebuilds <= len(events)
    standings = [standings_row(service.standing(member_id, TODAY)) for member_id in sorted(ids)]
    for name, columns, rows in (
        ("ledger", LEDGER, service.rows("ledger")),
        ("history", HISTORY, service.rows("history")),
        ("standings", standings_columns(rules), standings),
    ):
        assert csv_bytes(names_of(columns), rows) == (checkout / f"check/{name}.csv").read_bytes(), name


def csv_bytes(names: Iterable[str], rows: Iterable[Iterable[Any]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(
        [names, *(["" if cell is None else wording.written(cell) for cell in row] for row in rows)]
    )
    return text.getvalue().encode()


def test_what_is_in_order_is_never_rebuilt(service: Service):
    for number, day in enumerate(("2024-03-01", "2024-03-01", "2024-07-01", "2025-02-28", "2025-03-01")):
        service.event(event(f"e{number}", day))
    service.pass_time(date(2026, 3, 1))

    assert service.rebuilds == 0
    service.agrees(date(2026, 3, 1))


def test_an_event_of_several_entries_is_stored_whole():
    activities = {
        "found": {
            "title": "Found",
            "earns": {"points": {"points": 60}, "coins": {"points": {"same_as": "points"}}},
        },
        "swapped": {"title": "Swapped", "spends": {"coins": 50}, "earns": {"points": {"points": 200}}},
    }
    service = Service(":memory:", program({**V1, "activities": {**V1["activities"], **activities}}))
    service.member(ANN)
    service.rebuilds = 0
    for number, activity in enumerate(("found", "swapped", "swapped"), start=1):
        service.event(event(f"e{number}", f"2024-03-0{number}", activity))

    assert service.rebuilds == 0
    assert len(service.rows("ledger")) == 6
    assert [row[3] for row in service.rows("history")] == ["silver", "gold"]
    service.agrees(date(2024, 3, 3))


def test_an_event_counts_once_however_often_it_is_delivered(service: Service):
    for _ in range(3):
        service.event(event("e1", "2024-03-01", points=""))
        service.event(event("e1", "2024-03-01"))

    assert [row[0] for row in service.rows("ledger")] == ["e1"]
    with pytest.raises(ValueError, match=r"e1 is there already"):
        service.event(event("e1", "2024-03-02"))
    service.agrees(date(2024, 3, 1))


@pytest.mark.parametrize("day", ["2024-03-01", "2024-02-29T00:00"])
def test_what_fails_leaves_nothing_behind(service: Service, monkeypatch, day: str):
    service.event(event("e1", "2024-02-29T12:00"))
    before = [service.rows(table) for table in ("members", "events", "ledger", "history")]
    monkeypatch.setitem(service.event.__func__.__globals__, "history_row", None)

    with pytest.raises(TypeError):
        service.event(event("e2", day))

    assert [service.rows(table) for table in ("members", "events", "ledger", "history")] == before


def test_two_writers_lose_nothing(tmp_path: Path):
    rules = program(V1, V2)
    Service(tmp_path / "club.db", rules).member(ANN)

    def write(letter: str) -> None:
        own = Service(tmp_path / "club.db", rules)
        for number in range(40):
            own.event(event(f"{letter}{number:02}", f"2024-{3 + number % 6:02}-{1 + number // 6:02}"))
        own.db.close()

    writers = [threading.Thread(target=write, args=(letter,)) for letter in "abc"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    service = Service(tmp_path / "club.db", rules)
    service.pass_time(date(2025, 1, 1))
    assert len(service.rows("ledger")) == 120
    service.agrees(date(2025, 1, 1))
    service.db.close()


def test_a_row_that_a_log_would_reject_stays_with_its_reason(service: Service):
    service.event(event("e1", "2024-02-30"))
    service.event(event("e2", "2024-03-01", mood="good"))
    service.event(event("e3", "2024-03-01"))

    assert {row_id: reason.partition(":")[0] for row_id, reason in service.rejects().items()} == {
        "e1": "bad_value",
        "e2": "unreadable_row",
    }
    service.agrees(date(2024, 3, 1))


def test_the_events_of_an_unknown_member_count_once_the_member_is_there():
    service = Service(":memory:", program(V1))
    service.event(event("e1", "2024-03-01"))
    assert service.rejects()["e1"].startswith("unknown_member")
    assert service.rows("ledger") == []
    with pytest.raises(ValueError, match="ann is unknown"):
        service.standing("ann", TODAY)

    service.member(ANN)

    assert (service.rejects(), len(service.rows("ledger"))) == ({}, 1)
    service.agrees(date(2024, 3, 1))


def test_a_late_event_changes_what_later_ones_were_awarded_and_the_level(service: Service):
    for number, day in enumerate(("2024-03-10", "2024-03-11", "2024-03-12", "2024-03-13")):
        service.event(event(f"e{number}", day))
    awarded = names_of(LEDGER).index("awarded")
    assert [row[awarded] for row in service.rows("ledger")] == [40, 40, 20, 0]

    service.event(event("late", "2024-03-02"))

    assert service.rebuilds == 1
    assert [row[awarded] for row in service.rows("ledger")] == [40, 40, 20, 0, 0]
    assert [row[0] for row in service.rows("ledger")] == ["late", "e0", "e1", "e2", "e3"]
    assert [row[1] for row in service.rows("history")] == ["2024-03-10"], "and silver is reached sooner"
    service.agrees(date(2024, 3, 13))


def test_an_event_of_the_evening_before_the_nightly_job_is_late(service: Service):
    service.event(event("e1", "2024-03-01"))
    service.pass_time(date(2025, 2, 28))  # a new membership year; the interpreter itself would not notice

    service.event(event("e2", "2025-02-27T23:59"))

    assert service.rebuilds == 1
    period, total = (names_of(LEDGER).index(name) for name in ("period", "total"))
    assert [(row[period], row[total]) for row in service.rows("ledger")] == [(1, 40), (1, 80)]
    service.agrees(date(2025, 2, 28))


def test_events_before_the_sign_up_may_arrive_in_any_order():
    service = Service(":memory:", program(V1, V2))
    service.member({**ANN, "signed_up_on": "2024-09-01"})
    service.event(event("e1", "2024-08-01"))
    service.event(event("e2", "2024-03-01"))

    assert [row[4] for row in service.rows("ledger")] == ["v1", "v2"]
    service.agrees(date(2024, 9, 1))


def test_of_a_changed_member_all_events_count_anew(service: Service):
    service.event(event("e1", "2024-03-01", "met"))
    assert service.standing("ann", date(2024, 3, 1)).points == 0

    service.member({**ANN, "partner": "true"})

    assert service.standing("ann", date(2024, 3, 1)).points == 25
    service.agrees(date(2024, 3, 1))
    with pytest.raises(ValueError, match="bad_value: 'soon'"):
        service.member({**ANN, "signed_up_on": "soon"})
    service.agrees(date(2024, 3, 1))


def test_an_event_of_a_day_to_come_takes_the_state_there(service: Service):
    service.event(event("e1", "2034-03-01"))
    service.event(event("e2", "2024-03-01"))

    assert service.rebuilds == 1
    assert service.standing("ann", date(2024, 3, 1)).as_of == date(2034, 3, 1)


AHEAD: dict[str, tuple[Plain, ...]] = {
    "added": (V1, V2, V3),
    "withdrawn": (V1,),
    "changed": (V1, {**V2, "activities": V1["activities"], "levels": LEVELS}),
    "moved, still ahead": (V1, {**V2, "effective_from": "2024-05-02"}),
    "another before it": (V1, {**V3, "effective_from": "2024-06-01"}, V2),
}
LEAPING = {**V1, "life_cycle": {"demotion": "to_earned", "leap_day": "mar_1"}}
NOT_AHEAD: dict[str, tuple[tuple[Plain, ...], Plain]] = {
    "corrected": ((LEAPING, V2), {}),
    "gone": (({**V2, "effective_from": "2024-03-01"},), {}),
    "moved into the past": ((V1, {**V2, "effective_from": "2024-05-01"}), {}),
    "moved out of the past": (({**V1, "effective_from": "2024-04-01"}, V2), {}),
    "added in the past": ((V1, {**V3, "effective_from": "2024-04-01"}, V2), {}),
    "added before all": (({**V3, "effective_from": "2023-01-01"}, V1, V2), {}),
    "another reset": ((V1, V2), {"balances": {**BALANCES, "points": UNRESET}}),
    "another start": ((V1, V2), {"balances": {**BALANCES, "points": {**BALANCES["points"], "start": 5}}}),
    "a balance more": ((V1, V2), {"balances": {**BALANCES, "stars": UNRESET}}),
    "another time zone": ((V1, V2), {"timezone": "America/New_York"}),
}


def at_the_first_of_may(*versions: Plain) -> Service:
    service = Service(":memory:", program(*versions))
    service.member(ANN)
    for number, day in enumerate(("2024-03-01", "2024-03-01", "2024-03-31T23:30:00Z", "2024-04-30")):
        service.event(event(f"e{number}", day))
    service.event(event("e8", "2024-05-01", "quiz", points="3"))
    return service


@pytest.mark.parametrize("then", AHEAD)
def test_a_version_that_lies_ahead_leaves_states_as_they_are(then: str):
    service = at_the_first_of_may(V1, V2).with_rules(program(*AHEAD[then]))

    service.agrees(date(2024, 5, 1))
    newest = date(2025, 1, 1)
    assert service.standing("ann", newest) == service.from_scratch(newest)[0].standing
    service.event(event("e9", "2024-07-01", "quiz", points="3"))
    service.pass_time(date(2025, 2, 28))

    assert service.rebuilds == 0
    service.agrees(date(2025, 2, 28))


@pytest.mark.parametrize("then", NOT_AHEAD)
def test_whatever_was_in_force_already_rebuilds(then: str):
    versions, changed = NOT_AHEAD[then]
    service = at_the_first_of_may(V1, V2).with_rules(program(*versions, **changed))

    service.pass_time(date(2025, 2, 28))

    assert service.rebuilds == 1
    service.agrees(date(2025, 2, 28))


def test_a_version_of_today_rebuilds_who_had_an_event_today():
    today = {**V2, "effective_from": "2024-05-01"}
    service = at_the_first_of_may(V1).with_rules(program(V1, today))

    service.event(event("e9", "2024-05-01", "quiz", points="9"))

    assert service.rebuilds == 1
    assert [row[4] for row in service.rows("ledger")][-2:] == ["v2", "v2"]
    service.agrees(date(2024, 5, 1))


def test_the_first_version_matters_before_its_time():
    later = {"effective_from": "2030-01-01"}
    service = Service(":memory:", program({**V1, **later}))
    service.member(ANN)
    service.event(event("e1", "2025-02-28"))
    period = names_of(LEDGER).index("period")
    assert service.rows("ledger")[0][period] == 2

    service = service.with_rules(program({**LEAPING, **later}))
    service.pass_time(date(2025, 2, 28))

    assert service.rebuilds == 1
    assert service.rows("ledger")[0][period] == 1
    service.agrees(date(2025, 2, 28))


def test_new_columns_rebuild_because_rejected_rows_may_now_be_good(service: Service):
    service.event(event("e1", "2024-03-01", mood="good"))
    assert service.rejects()["e1"].startswith("unreadable_row")
    post = {**V1["activities"]["post"], "attributes": {"mood": {"type": "text"}}}
    asks = {**V3, "activities": {**WIDER, "post": post}}

    service = service.with_rules(program(V1, V2, asks))
    service.pass_time(date(2024, 3, 2))

    assert (service.rejects(), len(service.rows("ledger"))) == ({}, 1)
    service.agrees(date(2024, 3, 2))


def test_another_release_of_pointbook_rebuilds(service: Service, monkeypatch):
    service.event(event("e1", "2024-03-01"))
    monkeypatch.setattr(pointbook, "__version__", "99")

    service.pass_time(date(2024, 3, 2))

    assert service.rebuilds == 1


def without_replaces(rule: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in rule.items() if key != "replaces"}


def variant_of(case: Case, dice: random.Random) -> Program:
    """The case's program, often with one version rewritten, one left out, or both.

    What an activity replaces may then be in no version any more, so nothing replaces anything.
    """
    versions = [
        {
            **version,
            "activities": {name: without_replaces(rule) for name, rule in version["activities"].items()},
        }
        for version in case.rules.complete
    ]
    if dice.random() < 0.5:
        number = dice.randrange(len(versions))
        names = {name: versions[number][name] for name in ("id", "effective_from")}
        versions[number] = {**dice.choice(versions), **names}
    if dice.random() < 0.5:
        versions.remove(dice.choice(versions))
    return program_of(loaded_of(case.rules.program, tuple(versions)))


@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(cases(pooled_rules(least=2), faulty=True, fixed=False), st.randoms(use_true_random=False))
def test_random_rules_that_change_between_random_events(case: Case, dice: random.Random) -> None:
    service = Service(":memory:", variant_of(case, dice))
    events = [dict(row.cells or {}) for row in case.event_rows if row.cells and "event_id" in row.cells]
    if dice.random() < 0.7:
        events.sort(key=lambda cells: cells["occurred_at"])
    else:
        dice.shuffle(events)
    changes = {dice.randrange(len(events) + 1) for _ in range(2)}
    for member in case.member_rows:
        service.member(dict(member.cells or {}))
    for number, cells in enumerate(events):
        if number in changes:
            service = service.with_rules(variant_of(case, dice))
        if dice.random() < 0.1:
            service.pass_time(date(dice.randint(2018, 2022), dice.randint(1, 12), dice.choice((1, 28))))
        known = service.sql("SELECT 1 FROM events WHERE event_id = ?", [cells["event_id"]]).fetchone()
        with nullcontext() if known is None else suppress(ValueError):
            service.event(cells)

    as_of = date.fromisoformat(service.sql("SELECT max(until) FROM members").fetchone()[0])
    service.pass_time(as_of)
    service.agrees(as_of)
