"""`pointbook test`: a program's scenarios."""

from __future__ import annotations

from pathlib import Path

import click

from pointbook.diagnostics import InputError, RulesError
from pointbook.loading import SCENARIOS_FOLDER, load, misnamed
from pointbook.scenarios import scenario_files, scenario_from
from pointbook.scenarios.running import differences
from pointbook.source.files import Folder
from pointbook_cli.options import program_argument, workers_option
from pointbook_cli.reporters.findings.text import findings_text, printable
from pointbook_cli.terminal import say


@click.command(epilog="Example: pointbook test rules/dataminer-devops")
@program_argument
@click.option("--only", metavar="TEXT", help="Run only scenarios whose file name or title contains this.")
@click.option(
    "--mutate", "mutates", is_flag=True, help="Say which edits of the rules no scenario would notice."
)
@click.option("--accept", "accepts", is_flag=True, help="With --mutate: write scenarios that do notice them.")
@workers_option
def command(program_folder: str, only: str | None, mutates: bool, accepts: bool, workers: int) -> int:
    """Run the scenarios of a program: members, what they do, and what must come of it.

    Exit code 1 if a scenario fails or cannot be run, or if none notices an edit that --mutate tries,
    3 if the program cannot be read or there is no scenario to run.
    """
    if accepts and not mutates:
        raise click.UsageError("--accept needs --mutate; try `--mutate --accept`")
    if mutates and only is not None:
        raise click.UsageError("--mutate asks what all scenarios together notice; leave out --only")
    loaded = load(program_folder)
    if wrong := misnamed(Folder(Path(program_folder)), SCENARIOS_FOLDER):
        raise RulesError(wrong)
    scenarios = [
        file
        for file in scenario_files(program_folder)
        if only is None or _matches(only, file.file, file.text)
    ]
    if not scenarios and not mutates:
        where = f"{loaded.documents.name}/scenarios"
        hint = "add one; the rule author's guide shows how" if only is None else "give another text to --only"
        raise InputError(where, "there is no scenario to run", hint)
    failed = 0
    for scenario in scenarios:
        runnable, findings = scenario_from(scenario, loaded)
        if runnable is None and not findings:
            loaded.usable()
        if runnable is not None:
            findings = differences(runnable)
        title = runnable.title if runnable is not None else "cannot be run"
        say(f"{'FAILED' if findings else 'ok':6} {printable(f'{scenario.file}: {title}')}")
        if findings:
            failed += 1
            say(findings_text(findings, {**loaded.documents.texts, scenario.file: scenario.text}))
    say(f"{len(scenarios) - failed} passed, {failed} failed")
    if mutates and not failed:
        from pointbook_cli.mutating import mutated  # noqa: PLC0415 - it brings much along

        return mutated(loaded, scenarios, Path(program_folder), workers=workers, accepts=accepts)
    return 1 if failed else 0


def _matches(only: str, file: str, text: str) -> bool:
    title = next((line for line in text.splitlines() if line.startswith("title:")), "")
    return only.casefold() in file.casefold() or only.casefold() in title.casefold()
