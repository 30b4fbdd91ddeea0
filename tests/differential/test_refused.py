"""What the relational evaluator cannot do, it says, with what to do instead; no figure is wrong."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("ibis", reason="the extra `duckdb` is not installed")


from relational_evaluators import interpreted_tables, relational_tables

from pointbook.diagnostics import InputError
from pointbook.loading import load_program
from pointbook.log import RawRow, accepted_log
from pointbook.model.ledger import Assume
from pointbook.relational import UnsupportedError, evaluate_relational
from pointbook.relational.plan import plan_of

if TYPE_CHECKING:
    from pathlib import Path

    from pointbook.log import Log
    from pointbook.model.program import Program

AS_OF = date(2024, 12, 31)


def rules(folder: Path, activities: str) -> Program:
    (folder / "versions").mkdir()
    (folder / "program.yaml").write_text(
        "id: club\ntitle: Club\ntimezone: UTC\nlevel_balance: score\nbalances: {score: {resets: never}}\n"
    )
    (folder / "versions" / "v1.yaml").write_text(
        "id: v1\neffective_from: 2024-01-01\nlevels: {top: {threshold: 5}}\n"
        f"life_cycle: {{demotion: to_earned, leap_day: feb_28}}\n{activities}"
    )
    return load_program(folder)


def log_of(program: Program, units: list[str]) -> Log:
    members = [RawRow("members", 2, "2", {"member_id": "ann", "signed_up_on": "2024-01-01"})]
    events = [
        {"event_id": f"e{day}", "member_id": "ann", "activity": "work", "occurred_at": f"2024-02-{day:02}"}
        | {"hours": hours}
        for day, hours in enumerate(units, 1)
    ]
    rows = [RawRow("events", line, str(line), cells) for line, cells in enumerate(events, 2)]
    return accepted_log(program, members, rows)


def test_caps_whose_windows_overlap_are_refused_before_any_work(tmp_path: Path) -> None:
    program = rules(
        tmp_path,
        "activities:\n"
        "  walk: {points: 5, caps: [{points: 50, per: calendar_month}, {times: 6, per: week}]}\n",
    )
    with pytest.raises(UnsupportedError) as refused:
        plan_of(program, as_of=AS_OF, versions=(None,), assume=Assume.NONE)
    assert "times per week of activity walk, points per calendar month of activity walk" in str(refused.value)
    assert "whose windows overlap" in str(refused.value)


def test_a_total_just_within_64_bits_is_exact(tmp_path: Path) -> None:
    program = rules(tmp_path, PER_HOUR)
    # 9,223,372,036 hours and 0.854775 hours at 1,000,000,000 points each.
    log = log_of(program, ["9223372036", "0.854775"])
    wanted = interpreted_tables(program, log, as_of=AS_OF, version=None, assume="none")
    found = relational_tables(evaluate_relational(program, log, as_of=AS_OF))
    assert found == wanted
    assert found["standings"][0][5] == 9_223_372_036_854_775_000


PER_HOUR = """\
activities:
  work:
    points: {per: {unit: hour, attribute: hours, points: 1000000000}}
    attributes: {hours: {type: decimal}}
"""


@pytest.mark.parametrize(
    "units",
    [
        ["999999999999999"],  # one event asks for 10^24 - 10^9 points
        ["9223372037"],  # one event asks for more than 9,223,372,036,854,775,807 points
        ["5000000000", "5000000000"],  # the sum of two is 10^19
    ],
)
def test_points_beyond_64_bits_are_refused_and_never_wrong(tmp_path: Path, units: list[str]) -> None:
    program = rules(tmp_path, PER_HOUR)
    log = log_of(program, units)
    with pytest.raises(InputError, match="beyond 64 bits") as refused:
        relational_tables(evaluate_relational(program, log, as_of=AS_OF))
    assert "takes the fold" in str(refused.value)
    standings = interpreted_tables(program, log, as_of=AS_OF, version=None, assume="none")["standings"]
    assert standings[0][5] == sum(int(one) for one in units) * 1_000_000_000
