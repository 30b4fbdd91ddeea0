from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pointbook.evaluating import evaluate
from pointbook.loading import load_program
from pointbook.log import read_log
from pointbook.sample import default_spec, sample_events, sample_members

if TYPE_CHECKING:
    from collections.abc import Callable

    from pointbook.interpret.evaluation import MemberResult
    from pointbook.log import Log
    from pointbook.model.program import Program
    from pointbook.sample import SampleSpec

HERE = Path(__file__).parent
FOLDERS = {
    "shipped": HERE.parents[2] / "rules" / "dataminer-devops",
    "workshop": HERE / "workshop",
    "plain": HERE / "plain",
}


@pytest.fixture(scope="session")
def programs() -> dict[str, Program]:
    return {name: load_program(folder) for name, folder in FOLDERS.items()}


@pytest.fixture(params=list(FOLDERS))
def program(request: pytest.FixtureRequest, programs: dict[str, Program]) -> Program:
    """Each of the programs in turn."""
    return programs[request.param]


@pytest.fixture(scope="session")
def shipped(programs: dict[str, Program]) -> Program:
    return programs["shipped"]


@pytest.fixture(scope="session")
def workshop(programs: dict[str, Program]) -> Program:
    return programs["workshop"]


@pytest.fixture(scope="session")
def read(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Program, SampleSpec], Log]:
    """The sample, written to CSV files and read back as a log."""
    folder = tmp_path_factory.mktemp("sample")
    logs: dict[tuple[str, SampleSpec], Log] = {}

    def log_of(program: Program, spec: SampleSpec) -> Log:
        if (program.id, spec) not in logs:
            for name, rows in (("members", sample_members), ("events", sample_events)):
                with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                    csv.writer(file, lineterminator="\n").writerows(rows(program, spec))
            logs[program.id, spec] = read_log(
                program, members=[folder / "members.csv"], events=[folder / "events.csv"]
            )
        return logs[program.id, spec]

    return log_of


@pytest.fixture(scope="session")
def results(read: Callable[[Program, SampleSpec], Log]) -> Callable[..., list[MemberResult]]:
    """What the sample comes to on its last day, member by member."""
    known: dict[tuple[str, SampleSpec], list[MemberResult]] = {}

    def results_of(program: Program, **wanted: Any) -> list[MemberResult]:
        spec = default_spec(program, **wanted)
        if (program.id, spec) not in known:
            log = read(program, spec)
            known[program.id, spec] = list(evaluate(program, log, as_of=spec.last_day))
        return known[program.id, spec]

    return results_of
