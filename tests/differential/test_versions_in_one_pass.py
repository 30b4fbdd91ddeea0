"""Versions evaluated in one pass share what they have in common, and nothing else.

Each case has two versions, and what each of them awards for the same events if it had always been in
force. The first is in force until 2024, the second from then on.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest

pytest.importorskip("ibis", reason="the extra `duckdb` is not installed")

from differential_rulesets import Case
from relational_evaluators import interpreted_tables, relational_tables, rows_of

from pointbook.model.ledger import Assume
from pointbook.relational import RelationalEvaluation, evaluate_relational
from pointbook.relational.plan import plan_of

if TYPE_CHECKING:
    from pathlib import Path

MONTHLY = {"caps": [{"points": 100, "per": "calendar_month"}]}
ONCE_A_YEAR = {"caps": [{"times": 1, "per": "membership_year"}]}


@dataclass(frozen=True)
class Pair:
    """Two versions' activities, events, and points awarded by each version, event by event."""

    activities: tuple[dict[str, Any], dict[str, Any]]
    events: tuple[tuple[str, str, str], ...]  # day, activity, and what `_cells` reads
    awarded: tuple[list[int], list[int]]
    leap_days: tuple[str, str] = ("feb_28", "feb_28")


PAIRS = {
    "the same caps, other points elsewhere": Pair(
        (
            {"post": {"points": 60} | MONTHLY, "talk": {"points": 5}},
            {"post": {"points": 60} | MONTHLY, "talk": {"points": 7}},
        ),
        (
            ("2023-03-01", "post", ""),
            ("2023-03-02", "post", ""),
            ("2023-03-03", "talk", ""),
            ("2024-03-01", "post", ""),
        ),
        ([60, 40, 5, 60], [60, 40, 7, 60]),
    ),
    "the same cap, other points under it": Pair(
        ({"post": {"points": 60} | MONTHLY}, {"post": {"points": 70} | MONTHLY}),
        (("2023-03-01", "post", ""), ("2023-03-02", "post", ""), ("2024-03-01", "post", "")),
        ([60, 40, 60], [70, 30, 70]),
    ),
    "the same points, another limit": Pair(
        (
            {"post": {"points": 60} | MONTHLY},
            {"post": {"points": 60, "caps": [{"points": 90, "per": "calendar_month"}]}},
        ),
        (("2023-03-01", "post", ""), ("2023-03-02", "post", "")),
        ([60, 40], [60, 30]),
    ),
    "the same cap, another table of amounts": Pair(
        tuple(
            {
                "bug": {
                    "attributes": {"severity": {"type": "text"}},
                    "points": {"by": {"attribute": "severity", "values": {"low": 10, "high": high}}},
                }
                | MONTHLY
            }
            for high in (80, 90)
        ),  # type: ignore[arg-type] - two of them
        (("2023-03-01", "bug", "high"), ("2023-03-02", "bug", "low"), ("2023-03-03", "bug", "high")),
        ([80, 10, 10], [90, 10, 0]),
    ),
    "a cap that only the second has, on a range that moved": Pair(
        ({"talk": {"points": {"range": [10, 20]}}}, {"talk": {"points": {"range": [30, 50]}} | ONCE_A_YEAR}),
        # What a version's own range values stands; under another's it keeps its place within the range.
        (
            ("2023-03-01", "talk", "15"),
            ("2023-03-02", "talk", "20"),
            ("2024-06-01", "talk", "30"),
            ("2025-02-01", "talk", "40"),
        ),
        ([15, 20, 10, 15], [40, 0, 30, 0]),
    ),
    "membership years that begin on other days": Pair(
        ({"post": {"points": 60} | ONCE_A_YEAR}, {"post": {"points": 60} | ONCE_A_YEAR}),
        (("2023-02-27", "post", ""), ("2023-02-28", "post", ""), ("2023-03-01", "post", "")),
        ([60, 60, 0], [60, 0, 60]),
        leap_days=("feb_28", "mar_1"),
    ),
    "a balance with a floor, spent from in the second alone": Pair(
        (
            {"gift": {"balance": "credits", "points": 60} | MONTHLY},
            {
                "gift": {"balance": "credits", "points": 60} | MONTHLY,
                "spend": {"balance": "credits", "points": -80},
            },
        ),
        (
            ("2023-03-01", "gift", ""),
            ("2023-03-02", "spend", ""),
            ("2023-03-03", "gift", ""),
            ("2023-03-04", "gift", ""),
        ),
        ([60, 0, 40, 0], [60, -60, 40, 0]),
    ),
    "nothing but points for each unit, and an activity that nobody knows": Pair(
        tuple(
            {
                "buy": {
                    "attributes": {"count": {"type": "integer"}},
                    "points": {"per": {"attribute": "count", "points": points}},
                }
            }
            for points in (1_000_000, 2_000_000)
        ),  # type: ignore[arg-type] - two of them
        (("2023-03-01", "buy", "count=3"), ("2023-03-02", "juggling", "count=100000000000000")),
        ([3_000_000, 0], [6_000_000, 0]),
    ),
    "nothing but one amount, with bonuses beyond 32 bits": Pair(
        tuple(
            {
                "post": {
                    "points": 1_000_000_000,
                    "bonuses": [{"points": 1_000_000_000, "if": {"attribute": "count", "at_least": 1}}]
                    * bonuses,
                    "attributes": {"count": {"type": "integer"}},
                }
            }
            for bonuses in (2, 3)
        ),  # type: ignore[arg-type] - two of them
        (("2023-03-01", "post", "count=1"), ("2023-03-02", "post", "count=0")),
        ([3_000_000_000, 1_000_000_000], [4_000_000_000, 1_000_000_000]),
    ),
    "a floor that one period meets under both": Pair(
        (
            {"gift": {"balance": "credits", "points": 60}, "spend": {"balance": "credits", "points": -80}},
            {"gift": {"balance": "credits", "points": 70}, "spend": {"balance": "credits", "points": -100}},
        ),
        (
            ("2023-03-01", "gift", ""),
            ("2023-12-31", "spend", ""),
            ("2024-01-01", "gift", ""),
            ("2024-01-02", "gift", ""),
            ("2024-01-03", "spend", ""),
            ("2025-03-01", "spend", ""),
        ),
        ([60, -60, 60, 60, -80, -40], [70, -70, 70, 70, -100, -40]),
    ),
    "one activity, of no balance that levels have": Pair(
        ({"gift": {"balance": "credits", "points": 60}}, {"gift": {"balance": "credits", "points": 60}}),
        (("2023-03-01", "gift", ""), ("2023-03-02", "juggling", ""), ("2024-03-03", "gift", "")),
        ([60, 0, 60], [60, 0, 60]),
    ),
}


def _cells(value: str) -> dict[str, str]:
    """What an event of a pair carries besides: points, a severity, or `name=value`."""
    name, _, cell = value.rpartition("=")
    if not cell:
        return {}
    return {name or ("points" if cell.isdigit() else "severity"): cell}


@pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS)
def test_versions_share_what_they_have_in_common_and_nothing_else(pair: Pair, tmp_path: Path) -> None:
    case = Case(
        program={
            "id": "club",
            "title": "Club",
            "timezone": "Europe/Brussels",
            "level_balance": "score",
            "balances": {
                "score": {"title": "Score", "resets": "membership_year"},
                "credits": {"title": "Credits", "resets": "never", "floor": 0},
            },
        },
        versions=[
            {
                "id": id_,
                "effective_from": id_,
                "levels": {"top": {"title": "Top", "threshold": 100}},
                "life_cycle": {"demotion": "to_earned", "leap_day": leap_day},
                "activities": {name: {"title": name} | rule for name, rule in activities.items()},
            }
            for id_, activities, leap_day in zip(
                ("2020-01-01", "2024-01-01"), pair.activities, pair.leap_days, strict=True
            )
        ],
        members=[{"member_id": "ann", "signed_up_on": "2020-02-29"}],
        events=[
            {"event_id": f"e{number}", "member_id": "ann", "activity": activity, "occurred_at": day}
            | _cells(value)
            for number, (day, activity, value) in enumerate(pair.events)
        ],
        as_of=date(2025, 6, 1),
        assume="none",
    )
    program = case.written_to(tmp_path)
    assert program is not None
    log = case.log(program)
    versions = ("2020-01-01", "2024-01-01", None)
    evaluation = evaluate_relational(program, log, as_of=case.as_of, versions=versions)
    alone = RelationalEvaluation(
        plan_of(program, as_of=case.as_of, versions=versions, assume=Assume.NONE, results=("standings",)),
        evaluate_relational(program, log, as_of=case.as_of).session,
    )
    for number, version in enumerate(versions):
        tables = relational_tables(evaluation, number)
        if version is not None:
            awarded = evaluation.ledger(number).read_all()["awarded"]
            assert awarded.to_pylist() == pair.awarded[number], version
            assert awarded.type == pa.int64()
        wanted = interpreted_tables(program, log, as_of=case.as_of, version=version, assume="none")
        assert tables == wanted
        assert rows_of(alone.standings(number)) == wanted["standings"]
