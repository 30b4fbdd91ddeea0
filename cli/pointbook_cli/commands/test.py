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
from pointbook_cli.options import choice_option, program_argument, workers_option
from pointbook_cli.reporters.coverage import coverage_text
from pointbook_cli.reporters.escaping import json_text
from pointbook_cli.reporters.findings.github import findings_github
from pointbook_cli.reporters.findings.junit import Test, scenarios_junit
from pointbook_cli.reporters.findings.sarif import findings_sarif
from pointbook_cli.reporters.findings.text import findings_text, printable
from pointbook_cli.reporters.painting import TESTS
from pointbook_cli.terminal import say
from pointbook_cli.usage.known_words import SCENARIO

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pointbook.loading import Loaded, ReadDocument
    from pointbook.model.program import Program

_FULL = "full"


@click.command(epilog="Example: pointbook test rules/dataminer-devops")
@program_argument
@click.option(
    "--only", metavar="TEXT", type=SCENARIO, help="Run only scenarios whose file name or title contains this."
)
@click.option(
    "--coverage", "is_covering", is_flag=True, help="Say which elements of the rules they do not exercise."
)
@click.option(
    "--fail-under",
    type=click.IntRange(0, 100),
    metavar="PERCENT",
    help="With --coverage: exit code 1 if a smaller part of the elements is exercised.",
)
@click.option(
    "--mutate", "mutates", is_flag=True, help="Say which edits of the rules no scenario would notice."
)
@click.option("--accept", "accepts", is_flag=True, help="With --mutate: write scenarios that do notice them.")
@workers_option
@choice_option(
    "--format",
    "output_format",
    choices=("full", "github", "sarif", "junit"),
    about="`full`: each scenario, and what fails with its line; `github`: annotations of a pull request;"
    " `sarif`: for code scanning; `junit`: for CI servers.",
)
def command(  # noqa: PLR0913 - each is an option
    *,
    program_folder: str,
    only: str | None,
    is_covering: bool,
    fail_under: int | None,
    mutates: bool,
    accepts: bool,
    workers: int,
    output_format: str,
) -> int:
    """Run the scenarios of a program: members, what they do, and what must come of it.

    Exit code 1 if a scenario fails or cannot be run, if less is exercised than --fail-under wants, or if
    no scenario notices an edit that --mutate tries, 3 if the program cannot be read or there is no
    scenario to run (1 with --mutate: nothing notices any edit).
    """
    if fail_under is not None and not is_covering:
        raise click.UsageError(f"--fail-under needs --coverage; try `--coverage --fail-under {fail_under}`")
    if accepts and not mutates:
        raise click.UsageError("--accept needs --mutate; try `--mutate --accept`")
    if mutates and output_format != _FULL:
        raise click.UsageError("--mutate prints text; leave out --format")
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
    program = loaded.usable() if is_covering else None
    if not scenarios and not mutates:
        return _without_scenarios(loaded, program if only is None else None, only, fail_under)
    exercised = Exercised()
    failed = _failed(loaded, scenarios, exercised if is_covering else None, output_format)
    is_short = program is not None and _is_short(program, exercised, fail_under, err=output_format != _FULL)
    if failed or not mutates:
        return 1 if failed or is_short else 0
    from pointbook_cli.mutating import mutated  # noqa: PLC0415 - it brings much along

    code = mutated(loaded, scenarios, Path(program_folder), workers=workers, accepts=accepts)
    return 1 if is_short else code


def _failed(
    loaded: Loaded, scenarios: Sequence[ReadDocument], exercised: Exercised | None, output_format: str
) -> int:
    """How many scenarios fail, which are shown; what the others exercise is added where that is asked.

    Raises:
        RulesError: The program has errors.
    """
    tests: list[Test] = []
    texts = dict(loaded.documents.texts)
    for scenario in scenarios:
        runnable, findings = scenario_from(scenario, loaded)
        if runnable is None and not findings:
            loaded.usable()
        if runnable is not None:
            watched = Watched()
            findings = differences(runnable, watched)
            if exercised is not None and not findings:
                exercised.add(runnable, watched)
        title = runnable.title if runnable is not None else "cannot be run"
        texts[scenario.file] = scenario.text
        tests.append(Test(scenario.file, title, findings))
        if output_format == _FULL:
            say(_told(tests[-1], texts), TESTS, nl=False)
    failed = sum(bool(test.findings) for test in tests)
    if output_format != _FULL:
        say(_text(tests, texts, output_format), nl=False)
    say(f"{len(tests) - failed} passed, {failed} failed", TESTS, err=output_format != _FULL)
    return failed


def _is_short(program: Program, exercised: Exercised, fail_under: int | None, *, err: bool = False) -> bool:
    """Whether less is exercised than is wanted; what is lacking is shown."""
    coverage = coverage_of(program, exercised.identities)
    say(coverage_text(coverage), TESTS, err=err)
    return fail_under is not None and (coverage.percent < fail_under or coverage.exercised == 0)


def _without_scenarios(
    loaded: Loaded, covered: Program | None, only: str | None, fail_under: int | None
) -> int:
    """Exit code 1 where a percent is wanted of the program as a whole: of nothing it is 0.

    Raises:
        InputError: None is wanted.
    """
    if covered is not None and _is_short(covered, Exercised(), fail_under):
        return 1
    where = f"{loaded.documents.name}/scenarios"
    hint = "give another text to --only"
    if only is None:
        hint = "write one there, as the rule author's guide shows; or have some made: add `--mutate --accept`"
    raise InputError(where, "there is no scenario to run", hint)


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
