"""What is said of a faulty `guardrails.yaml` or `approvals.yaml`: a folder for each code."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pointbook.validation import validated
from pointbook_cli.reporters.findings.text import findings_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from pointbook.validation import Report

CASES = sorted(
    folder
    for kind in ("guardrails", "approvals")
    for folder in (Path(__file__).parent / kind).iterdir()
    if folder.is_dir()
)
LIMITS = """\
guardrails:
  few-lose-points: {measure: members_losing_points, at_most: 0}
  fair-notice: {measure: notice_days, at_least: 30}
"""
PROGRAM = """\
id: demo
title: Demo
timezone: Europe/Brussels
level_balance: stars
balances:
  stars: {resets: membership_year}
"""
VERSION = """\
id: "1"
effective_from: 2024-01-01
source: {document: Program page}
levels:
  silver: {threshold: 100, source: {section: Levels}}
  gold: {threshold: 500, source: {section: Levels}}
activities:
  answer.given: {points: 10, source: {section: Questions}}
life_cycle: {demotion: to_earned, leap_day: feb_28, source: {section: Levels}}
"""


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program without faults, from inside its folder."""
    (tmp_path / "versions").mkdir()
    (tmp_path / "program.yaml").write_text(PROGRAM)
    (tmp_path / "versions" / "1.yaml").write_text(VERSION)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def report_on(program: Path, case: Path) -> Report:
    (program / "guardrails.yaml").write_text(LIMITS)
    shutil.copy(case / f"{case.parent.name}.yaml", program)
    if case.name.endswith(".not-of-a-broken-version"):
        version = program / "versions" / "1.yaml"
        version.write_text(VERSION.replace("threshold: 500", "thresold: 500"))
    return validated([Path()])


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: f"{folder.parent.name}-{folder.name}")
def test_the_findings_read_as_expected(
    program: Path, folder: Path, golden: Callable[[Path, str], None]
) -> None:
    report = report_on(program, folder)
    golden(folder / "expected.txt", findings_text(report.findings, report.texts))


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: f"{folder.parent.name}-{folder.name}")
def test_the_findings_have_the_code_of_their_folder_and_say_what_to_do(program: Path, folder: Path) -> None:
    code, _, variant = folder.name.partition(".")
    found = [
        finding for finding in report_on(program, folder).findings if finding.span.file != "versions/1.yaml"
    ]
    assert {finding.code for finding in found} == (set() if variant else {code})
    assert all(len(finding.hint) > len("write x") for finding in found)


def test_guardrails_are_checked_in_the_same_run_as_the_rules(program: Path) -> None:
    (program / "versions" / "1.yaml").write_text(VERSION.replace("points: 10", "point: 10"))
    (program / "guardrails.yaml").write_text("guardrails: {a: {measure: notice_days, atleast: 30}}\n")
    report = validated([Path()])
    assert [str(finding.span) for finding in report.findings if finding.code == "unknown-key"] == [
        "guardrails.yaml:1:40",
        "versions/1.yaml:8:18",
    ]
    assert report.files == ("guardrails.yaml", "program.yaml", "versions/1.yaml")


def test_guardrails_can_be_checked_alone(program: Path) -> None:
    (program / "versions" / "1.yaml").write_text(VERSION.replace("source: {document: Program page}\n", ""))
    (program / "guardrails.yaml").write_text("guardrails: {a: {measure: notice_day, at_least: 30}}\n")
    report = validated([Path("guardrails.yaml")])
    assert [finding.code for finding in report.findings] == ["unknown-value"]
    assert report.files == ("guardrails.yaml",)


@pytest.mark.parametrize("name", ["guardrails.yml", "Guardrail.yaml", "guard-rails.yaml"])
def test_a_file_that_may_be_meant_as_guardrails_is_not_passed_over_in_silence(
    program: Path, name: str
) -> None:
    (program / name).write_text("guardrails: {}\n")
    (program / "readme.yaml").write_text("a: 1\n")
    findings = validated([Path()]).findings
    assert [(str(finding.span.file), finding.code) for finding in findings] == [(name, "misnamed")]
    assert findings[0].hint == "rename it to `guardrails.yaml`"


def test_validating_loads_neither_an_evaluator_nor_the_reader_of_logs(program: Path) -> None:
    """Starting is most of what it takes, and editors and CI jobs start it often."""
    (program / "guardrails.yaml").write_text("guardrails: {a: {measure: notice_days, at_least: 30}}\n")
    code = (
        "import sys; from pointbook_cli.main import exit_code_of; code = exit_code_of(['validate', '.'])\n"
        "heavy = ('interpret', 'relational', 'log', 'comparison.comparing', 'comparison.result')\n"
        "print(code, [name for name in heavy if f'pointbook.{name}' in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout == "0 []\n", done.stderr
