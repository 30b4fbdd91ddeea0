"""`pointbook test`: a program's scenarios."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pointbook.diagnostics import InputError, RulesError
from pointbook.loading import SCENARIOS_FOLDER, load, misnamed
from pointbook.scenarios import scenario_files, scenario_from
from pointbook.scenarios.running import differences
from pointbook.source.files import Folder
from pointbook_cli.options import choice_option, program_argument
from pointbook_cli.reporters.escaping import json_text
from pointbook_cli.reporters.findings.github import findings_github
from pointbook_cli.reporters.findings.junit import Test, scenarios_junit
from pointbook_cli.reporters.findings.sarif import findings_sarif
from pointbook_cli.reporters.findings.text import findings_text, printable
from pointbook_cli.terminal import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@click.command(epilog="Example: pointbook test rules/dataminer-devops")
@program_argument
@click.option("--only", metavar="TEXT", help="Run only scenarios whose file name or title contains this.")
@choice_option(
    "--format",
    "output_format",
    choices=("full", "github", "sarif", "junit"),
    about="`full`: each scenario, and what fails with its line; `github`: annotations of a pull request;"
    " `sarif`: for code scanning; `junit`: for CI servers.",
)
def command(program_folder: str, only: str | None, output_format: str) -> int:
    """Run the scenarios of a program: members, what they do, and what must come of it.

    Exit code 1 if a scenario fails or cannot be run, 3 if the program cannot be read or there is no
    scenario to run.
    """
    loaded = load(program_folder)
    if wrong := misnamed(Folder(Path(program_folder)), SCENARIOS_FOLDER):
        raise RulesError(wrong)
    scenarios = [
        file
        for file in scenario_files(program_folder)
        if only is None or _matches(only, file.file, file.text)
    ]
    if not scenarios:
        where = f"{loaded.documents.name}/scenarios"
        hint = "add one; the rule author's guide shows how" if only is None else "give another text to --only"
        raise InputError(where, "there is no scenario to run", hint)
    tests: list[Test] = []
    texts = dict(loaded.documents.texts)
    for scenario in scenarios:
        runnable, findings = scenario_from(scenario, loaded)
        if runnable is None and not findings:
            loaded.usable()
        if runnable is not None:
            findings = differences(runnable)
        title = runnable.title if runnable is not None else "cannot be run"
        texts[scenario.file] = scenario.text
        tests.append(Test(scenario.file, title, findings))
        if output_format == "full":
            say(_told(tests[-1], texts), nl=False)
    failed = sum(bool(test.findings) for test in tests)
    if output_format != "full":
        say(_text(tests, texts, output_format), nl=False)
    say(f"{len(tests) - failed} passed, {failed} failed", err=output_format != "full")
    return 1 if failed else 0


def _told(test: Test, texts: Mapping[str, str]) -> str:
    """A scenario, with what fails in its lines."""
    headline = f"{'FAILED' if test.findings else 'ok':6} {printable(f'{test.file}: {test.name}')}\n"
    return headline + (f"{findings_text(test.findings, texts)}\n" if test.findings else "")


def _text(tests: Sequence[Test], texts: Mapping[str, str], output_format: str) -> str:
    """All scenarios in a format for machines."""
    findings = [finding for test in tests for finding in test.findings]
    if output_format == "github":
        return findings_github(findings)
    if output_format == "sarif":
        return f"{json_text(findings_sarif(findings))}\n"
    return scenarios_junit(tests, texts)


def _matches(only: str, file: str, text: str) -> bool:
    title = next((line for line in text.splitlines() if line.startswith("title:")), "")
    return only.casefold() in file.casefold() or only.casefold() in title.casefold()
