"""`pointbook test`: a program's scenarios."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pointbook.diagnostics import InputError, RulesError
from pointbook.loading import SCENARIOS_FOLDER, load, misnamed
from pointbook.scenarios import scenario_files, scenario_from
from pointbook.scenarios.coverage import Exercised, Watched, coverage_of
from pointbook.scenarios.running import differences
from pointbook.source.files import Folder
from pointbook_cli.options import program_argument
from pointbook_cli.reporters.coverage import coverage_text
from pointbook_cli.reporters.findings.text import findings_text, printable
from pointbook_cli.terminal import say

if TYPE_CHECKING:
    from pointbook.loading import Loaded
    from pointbook.model.program import Program


@click.command(epilog="Example: pointbook test rules/dataminer-devops")
@program_argument
@click.option("--only", metavar="TEXT", help="Run only scenarios whose file name or title contains this.")
@click.option(
    "--coverage", "is_covering", is_flag=True, help="Say which elements of the rules they do not exercise."
)
@click.option(
    "--fail-under",
    type=click.IntRange(0, 100),
    metavar="PERCENT",
    help="With --coverage: exit code 1 if a smaller part of the elements is exercised.",
)
def command(program_folder: str, only: str | None, is_covering: bool, fail_under: int | None) -> int:
    """Run the scenarios of a program: members, what they do, and what must come of it.

    Exit code 1 if a scenario fails or cannot be run, or if less is exercised than --fail-under wants,
    3 if the program cannot be read or there is no scenario to run.
    """
    if fail_under is not None and not is_covering:
        raise click.UsageError(f"--fail-under needs --coverage; try `--coverage --fail-under {fail_under}`")
    loaded = load(program_folder)
    if wrong := misnamed(Folder(Path(program_folder)), SCENARIOS_FOLDER):
        raise RulesError(wrong)
    scenarios = [
        file
        for file in scenario_files(program_folder)
        if only is None or _matches(only, file.file, file.text)
    ]
    program = loaded.usable() if is_covering else None
    if not scenarios:
        return _without_scenarios(loaded, program if only is None else None, only, fail_under)
    failed, exercised = 0, Exercised()
    for scenario in scenarios:
        runnable, findings = scenario_from(scenario, loaded)
        if runnable is None and not findings:
            loaded.usable()
        if runnable is not None:
            watched = Watched()
            findings = differences(runnable, watched)
            if is_covering and not findings:
                exercised.add(runnable, watched)
        title = runnable.title if runnable is not None else "cannot be run"
        say(f"{'FAILED' if findings else 'ok':6} {printable(f'{scenario.file}: {title}')}")
        if findings:
            failed += 1
            say(findings_text(findings, {**loaded.documents.texts, scenario.file: scenario.text}))
    say(f"{len(scenarios) - failed} passed, {failed} failed")
    is_short = program is not None and _shown_percent(program, exercised) < (fail_under or 0)
    return 1 if failed or is_short else 0


def _shown_percent(program: Program, exercised: Exercised) -> int:
    """The percent that is exercised, which is shown with what is lacking."""
    coverage = coverage_of(program, exercised.identities)
    say(coverage_text(coverage))
    return coverage.percent


def _without_scenarios(
    loaded: Loaded, covered: Program | None, only: str | None, fail_under: int | None
) -> int:
    """Exit code 1 where a percent is wanted of the program as a whole: of nothing it is 0.

    Raises:
        InputError: None is wanted.
    """
    if covered is not None:
        _shown_percent(covered, Exercised())
        if fail_under is not None:
            return 1
    where = f"{loaded.documents.name}/scenarios"
    hint = "add one; the rule author's guide shows how" if only is None else "give another text to --only"
    raise InputError(where, "there is no scenario to run", hint)


def _matches(only: str, file: str, text: str) -> bool:
    title = next((line for line in text.splitlines() if line.startswith("title:")), "")
    return only.casefold() in file.casefold() or only.casefold() in title.casefold()
