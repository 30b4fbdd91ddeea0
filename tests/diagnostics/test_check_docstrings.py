"""What a check's docstring shows as failing fails, and what it shows as fixed does not."""

from __future__ import annotations

import sys
import textwrap
from typing import TYPE_CHECKING

import pytest

from pointbook.checks import CHECKS
from pointbook.diagnostics import Severity
from pointbook.loading import LOCK_FILE, LOG_FILE, ProgramDocuments, ReadDocument, loaded_from
from pointbook.source.document import Node
from pointbook.source.yaml_reader import read_yaml

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import ModuleType

    from pointbook.diagnostics import Finding

PROGRAM = """
id: demo
title: Demo
timezone: Europe/Brussels
level_balance: club_points
balances:
  club_points: {resets: membership_year}
"""
VERSION = """
id: "1"
effective_from: 2024-01-01
source: {document: Program page}
levels:
  member: {threshold: 100, source: {section: Levels}}
activities:
  answer.given: {points: 10, source: {section: Questions}}
life_cycle: {demotion: to_earned, leap_day: feb_28, source: {section: Levels}}
"""
LOCK = """
program:
  timezone: Europe/Brussels
  level_balance: club_points
  balances:
    club_points: {resets: membership_year}
"""
MODULES = [sys.modules[check.__module__] for check in CHECKS]


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.CODE)
def test_a_docstring_shows_a_failing_and_a_fixed_program(module: ModuleType):
    assert module.CODE in _codes(_findings(_example(module, "Failing")))
    fixed = _findings(_example(module, "Fixed"))
    assert module.CODE not in _codes(fixed)
    assert [finding for finding in fixed if finding.severity is Severity.ERROR] == []


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.CODE)
def test_a_docstring_says_what_and_why(module: ModuleType):
    title, _, rest = module.__doc__.partition("\n\n")
    assert "\n" not in title
    assert title.endswith(".")
    assert rest.startswith("**What.** ")
    assert "\n\n**Why.** " in rest


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.CODE)
def test_a_title_says_which_findings_are_warnings(module: ModuleType):
    severities = {
        finding.severity for finding in _findings(_example(module, "Failing")) if finding.code == module.CODE
    }
    assert ("(a warning)" in module.__doc__.partition("\n")[0]) is (severities == {Severity.WARNING})


def _example(module: ModuleType, name: str) -> Mapping[str, str]:
    """The example's files by name; lines before the first name are of the version."""
    _, _, text = module.__doc__.partition(f"\n{name}:\n\n")
    lines = text.partition("\nFixed:\n")[0]
    files: dict[str, list[str]] = {"versions/1.yaml": []}
    current = "versions/1.yaml"
    for line in textwrap.dedent(lines).splitlines():
        if line.startswith("# ") and line.endswith((".yaml", ".lock")):
            current = line.removeprefix("# ")
            files[current] = []
        files[current].append(line)
    given = {file: "\n".join(lines) for file, lines in files.items() if any(lines)}
    if not any(file.startswith("versions/") for file in given):
        given["versions/1.yaml"] = ""
    return given


def _findings(files: Mapping[str, str]) -> tuple[Finding, ...]:
    program = _filled("program.yaml", files.get("program.yaml", ""), PROGRAM)
    versions = [
        (file, _filled(file, text, VERSION)) for file, text in files.items() if file.startswith("versions/")
    ]
    lock = None
    if LOCK_FILE in files:
        node = _filled(LOCK_FILE, files[LOCK_FILE], LOCK)
        lock = ReadDocument(LOCK_FILE, node, (), files[LOCK_FILE])
    log = None
    if LOG_FILE in files:
        node, _ = read_yaml(LOG_FILE, files[LOG_FILE].encode())
        log = ReadDocument(LOG_FILE, node, (), files[LOG_FILE])
    documents = ProgramDocuments("demo", program, tuple(versions), (), {}, lock, log)
    return loaded_from(documents, locked=True).findings


def _filled(file: str, text: str, default: str) -> Node:
    """The document with what it leaves out taken from the default; a patch leaves out what it likes."""
    node, findings = read_yaml(file, text.encode())
    assert not [finding for finding in findings if finding.code != "empty-file"]
    base, _ = read_yaml(f"default/{file}", default.encode())
    assert base is not None
    if node is None:
        return base
    if node.get("based_on") is not None:
        return node
    return Node({**base.content, **node.content}, node.span, {**base.keys, **node.keys})


def _codes(findings: tuple[Finding, ...]) -> set[str]:
    return {finding.code for finding in findings}
