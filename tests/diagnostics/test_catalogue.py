"""Every code has a text: its failing example fails, its fixed one does not, and it says what --fix does."""

from __future__ import annotations

import ast
import re
import textwrap
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import pointbook
import pointbook_cli
from pointbook.catalogue.changes import change_rule, usual_direction
from pointbook.catalogue.findings import Area, FindingRule, finding_rules
from pointbook.changes.kinds import Kind
from pointbook.diagnostics import Severity
from pointbook.loading import load
from pointbook.mending import mended_files
from pointbook.scenarios import scenario_files, scenario_from
from pointbook.scenarios.running import differences
from pointbook.source.files import catalogue_texts
from pointbook.validation import validated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pointbook.diagnostics import Finding

PROGRAM = """\
id: demo
title: Demo
timezone: Europe/Brussels
level_balance: club_points
balances:
  club_points: {resets: membership_year}
"""
VERSION = """\
id: "1"
effective_from: 2024-01-01
source: {document: Program page}
levels:
  member: {threshold: 100, source: {section: Levels}}
activities:
  answer.given: {points: 10, source: {section: Questions}}
life_cycle: {demotion: to_earned, leap_day: feb_28, source: {section: Levels}}
"""
LOCKED = """\
program:
  timezone: Europe/Brussels
  level_balance: club_points
  balances:
    club_points: {resets: membership_year}
"""
RULES = {rule.code: rule for rule in finding_rules()}
SHOWN = [pytest.param(rule, id=rule.code) for rule in RULES.values() if rule.failing]
WITHOUT_AN_EXAMPLE = {
    "file-too-large",
    "not-utf-8",
    "late-notice",  # found by `publish`
    "survivor-unused",  # found by `test --mutate`
    # Found by `diff` and `compare`, with a log or a commit.
    *("approval-expired", "approval-unused", "approval-outgrown", "no-guardrails", "unanswered"),
    *("guardrail-broken", "guardrail-not-checked", "guardrail-approved"),
}


@cache
def _modules() -> list[tuple[Path, ast.Module]]:
    """Every module that makes findings."""
    folders = [Path(package.__file__).parent for package in (pointbook, pointbook_cli)]
    files = [file for folder in folders for file in sorted(folder.rglob("*.py"))]
    texts = {file: file.read_text(encoding="utf-8") for file in files}
    return [(file, ast.parse(text)) for file, text in texts.items() if "Finding(" in text or "CODE =" in text]


def _constants(module: ast.Module) -> dict[str, str]:
    """Texts that names of the module stand for."""
    found: dict[str, str] = {}
    for node in module.body:
        if isinstance(node, ast.Assign):
            (target,) = node.targets
            both = isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple)
            pairs = zip(target.elts, node.value.elts, strict=True) if both else [(target, node.value)]
            found |= {
                name.id: value.value
                for name, value in pairs
                if isinstance(name, ast.Name) and isinstance(value, ast.Constant)
            }
    return found


def _codes() -> Iterator[str]:
    """The code of every finding that is made anywhere."""
    for _, module in _modules():
        constants = _constants(module)
        yield from (value for name, value in constants.items() if name == "CODE")
        for node in ast.walk(module):
            if not isinstance(node, ast.Call) or len(node.args) < 2:
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            code = node.args[1]
            if name in {"Finding", "_add", "_stop"}:
                if isinstance(code, ast.Constant):
                    yield code.value
                elif isinstance(code, ast.Name) and code.id in constants:
                    yield constants[code.id]
                elif isinstance(code, ast.JoinedStr):
                    assert ast.unparse(code) == "f'unknown-{key}'"  # of a level or a balance


def test_every_code_is_listed_once() -> None:
    listed = [code for area in Area for code in area.codes]
    assert len(listed) == len(set(listed))
    assert set(listed) == set(_codes())
    assert not {kind.code for kind in Kind} & set(listed)


def test_every_text_is_that_of_a_code() -> None:
    written = {name.removesuffix(".md") for name in catalogue_texts() if name.endswith(".md")}
    assert written == {rule.code for rule in RULES.values() if rule.area is not Area.CHECKS}


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_a_text_says_what_why_and_what_fix_does(rule: FindingRule) -> None:
    assert rule.title.endswith(".")
    for part in (rule.what, rule.why, rule.fix):
        assert part.endswith((".", "?"))
    assert bool(rule.failing) is bool(rule.fixed) is (rule.code not in WITHOUT_AN_EXAMPLE)


@pytest.mark.parametrize("rule", SHOWN)
def test_an_example_fails_with_its_code_and_the_fixed_one_does_not(
    rule: FindingRule, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    failing = _found(tmp_path / "failing", rule.failing)
    of_code = [finding for finding in failing if finding.code == rule.code]
    assert of_code
    assert {finding.severity.value for finding in of_code} == {rule.severity}
    if rule.area is not Area.CHECKS:
        assert {found.code for found in failing if found.severity is Severity.ERROR} <= {rule.code}
    assert any(finding.fix for finding in of_code) is (rule.can_be_fixed and rule.code not in NEEDS_MORE)
    fixed = _found(tmp_path / "fixed", rule.fixed)
    assert rule.code not in {finding.code for finding in fixed}
    assert [finding for finding in fixed if finding.severity is Severity.ERROR] == []


NEEDS_MORE = {"missing-key"}
"""Their example is of the plain case, in which only the writer knows."""


def test_no_code_without_a_fix_is_given_one_anywhere() -> None:
    """`fix=` stands in calls for codes whose texts say that they have one."""
    for file, module in _modules():
        constants = _constants(module)
        for node in ast.walk(module):
            if isinstance(node, ast.Call) and any(keyword.arg == "fix" for keyword in node.keywords):
                code = node.args[1] if len(node.args) > 1 else None
                named = (
                    code.value if isinstance(code, ast.Constant) else constants.get(getattr(code, "id", ""))
                )
                assert named is None or RULES[named].can_be_fixed, file


MENDED = [rule for rule in SHOWN if rule.values[0].can_be_fixed and rule.values[0].code not in NEEDS_MORE]


@pytest.mark.parametrize("rule", MENDED)
def test_fix_turns_the_failing_example_into_the_fixed_one(
    rule: FindingRule, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    findings = _found(tmp_path / "failing", rule.failing)
    mended = mended_files([tmp_path / "failing"])
    assert rule.code in {finding.code for finding in findings}
    assert rule.code not in {finding.code for finding in mended.report.findings}
    for file in mended.files:
        file.path.write_bytes(file.after)
    _write(tmp_path / "fixed", rule.fixed)
    texts = [
        {
            path.relative_to(folder).as_posix(): path.read_text()
            for path in folder.rglob("*")
            if path.is_file()
        }
        for folder in (tmp_path / "failing", tmp_path / "fixed")
    ]
    assert texts[0] == texts[1]


@pytest.mark.parametrize("kind", Kind, ids=lambda kind: kind.code)
def test_the_example_of_a_kind_of_change_is_one(kind: Kind) -> None:
    rule = change_rule(kind)
    assert rule.change.kind is kind
    assert rule.change.direction is usual_direction(kind)
    assert str(rule.before) != str(rule.after)  # in another order, too


def _write(folder: Path, example: str) -> None:
    """The example's files, what they leave out taken from a small program; unnamed lines are a version's."""
    given: dict[str, list[str]] = {"versions/1.yaml": []}
    current = "versions/1.yaml"
    for line in textwrap.dedent(example).splitlines():
        if re.fullmatch(r"# \S+\.(yaml|yml|txt|lock)", line):
            current = line.removeprefix("# ")
            given[current] = []
        else:
            given[current].append(line)
    versions = [name for name in given if re.fullmatch("versions/.*", name)]
    if len(versions) > 1 and not given["versions/1.yaml"]:
        del given["versions/1.yaml"]
    for name, lines in {"program.yaml": [], **given}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_filled(name, "\n".join(lines)), encoding="utf-8")


def _filled(name: str, text: str) -> str:
    defaults = {"program.yaml": PROGRAM, "versions.lock": LOCKED}
    default = defaults.get(name, VERSION if re.fullmatch(r"versions/.*\.yaml", name) else "")
    if re.search(r"^based_on:", text, re.MULTILINE):
        default = ""
    written = set(re.findall(r"^([a-z_]+):", text, re.MULTILINE))
    blocks = re.findall(r"^([a-z_]+):(.*\n(?: .*\n)*)", default, re.MULTILINE)
    rest = (f"{key}:{block}" for key, block in blocks if key not in written)
    return "\n".join((text.strip("\n"), "".join(rest))).strip("\n") + "\n"


def _found(folder: Path, example: str) -> tuple[Finding, ...]:
    """What `validate` and `test` find."""
    _write(folder, example)
    findings = validated([folder]).findings
    if any(finding.severity is Severity.ERROR for finding in findings):
        return findings
    loaded = load(folder)
    scenarios = (scenario_from(file, loaded)[0] for file in scenario_files(folder))
    return (*findings, *(found for one in scenarios if one is not None for found in differences(one)))
