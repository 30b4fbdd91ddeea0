"""`evaluate --update` on random histories of a log: every night the bytes of a full run, in Parquet."""

from __future__ import annotations

import json
import os
import tempfile
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

import pytest

pytest.importorskip("duckdb", reason="the extra `duckdb` is not installed")

from differential_rulesets import Case, as_yaml, cases
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from nightly_logs import NightlyLog
from this_process import run_here

from pointbook_cli.commands import evaluate
from pointbook_cli.evaluation.updating import updated

RESULTS = ("ledger", "standings", "history", "rejects", "seen")
EXAMPLES = int(os.environ.get("POINTBOOK_EXAMPLES", "4"))
NIGHTS = 6
AS_OF_SHARE, DATED_SHARE, RULES_SHARE = 0.8, 0.3, 0.05
WAYS = ((), (), (), ("--via", "fold"))
SEEN_TO_HAPPEN = Counter[str]()

pytestmark = pytest.mark.xdist_group("histories")  # what happened is counted in one process


@pytest.fixture(autouse=True)
def _however_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where most members are to be evaluated: these logs have few."""
    monkeypatch.setattr(updated, "_MOST_OF_ALL", 0)


def evaluated(folder: Path, out: str, log: list[str], *options: str) -> tuple[dict[str, Any], str]:
    """The results as bytes, the summary but for how it was evaluated, and stderr, of one run."""
    arguments = ("evaluate", "rules", *log, "--out", out, "--output-format", "parquet", *options)
    code, _, err = run_here(arguments, folder)
    assert code in {0, 1}, err.decode()
    found: dict[str, Any] = {name: (folder / out / f"{name}.parquet").read_bytes() for name in RESULTS}
    found["summary"] = json.loads((folder / out / "summary.json").read_bytes())
    found["evaluated"] = found["summary"].pop("evaluated")
    return found, err.decode()


def assert_same(one: dict[str, Any], other: dict[str, Any], of: str) -> None:
    for name in (*RESULTS, "summary"):
        assert one[name] == other[name], (name, of)


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=EXAMPLES == 4,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.generate,),  # a history takes seconds; the seed says enough
)
@given(case=cases(), seed=st.integers(0, 1 << 30))
def test_nightly_updates_equal_full_runs_on_random_histories(case: Case, seed: int) -> None:
    random = Random(seed)  # noqa: S311 - no secret
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        program = case.written_to(folder / "rules")
        assume(program is not None)
        log = NightlyLog(random, case.as_of, dated=random.random() < DATED_SHARE)
        log.begin(random.choice((2, 5, 9)), random.choice((0, 10, 40)))
        ways = ["begin"]
        write = random.choice((log.write, log.write_typed, log.write_typed))
        for _ in range(NIGHTS):
            options = write(folder)
            if random.random() < AS_OF_SHARE:
                options += ["--as-of", log.as_of.isoformat()]
            options += ["--assume", case.assume]
            with patch.object(evaluate, "load_program", return_value=program):  # some rules make no sense
                update, err = evaluated(folder, "updated", options, "--update", *random.choice(WAYS))
                full, _ = evaluated(folder, "full", options, "--via", "fold")
            assert_same(update, full, f"{ways} {err} {as_yaml(case.program)}")
            SEEN_TO_HAPPEN["update" if "update" in update["evaluated"] else "full"] += 1
            ways = log.night()
            if random.random() < RULES_SHARE:
                ways.append("rules")
                case.versions[0]["title"] += "!"
                program = case.written_to(folder / "rules")


def test_both_updates_and_full_runs_have_been_seen() -> None:
    assert SEEN_TO_HAPPEN["update"] > SEEN_TO_HAPPEN["full"] > 0
