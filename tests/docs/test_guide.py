"""Examples of the rule author's guide and of the meaning are right; the catalogue is that of the command."""

from __future__ import annotations

import importlib
import re
from datetime import date
from itertools import groupby
from pathlib import Path

import pytest

from pointbook.authoring.publishing import published
from pointbook.catalogue.findings import finding_rules
from pointbook.diagnostics import Finding, Severity
from pointbook.guardrails.guardrail import Measure
from pointbook.loading import load
from pointbook.mutation.judging import Judge
from pointbook.scenarios import scenario_files, scenario_from
from pointbook.scenarios.running import differences
from pointbook.validation import validated
from pointbook_cli.reporters.edits import survivor_text

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "rules" / "README.md"
PAGES = (GUIDE, ROOT / "docs" / "meaning.md")
BLOCK = re.compile(
    r"<!-- (program|version|patch|fragment|scenario|guardrails|approvals|survivors|lock) -->\n"
    r"```yaml\n(.*?)```",
    re.DOTALL,
)
CATALOGUE = re.compile(r"(<!-- catalogue: .*? -->\n)(.*?)(<!-- end of catalogue -->)", re.DOTALL)
EXAMPLES = [
    pytest.param(page, kind, text, id=f"{page.name}-{number}")
    for page in PAGES
    for number, (kind, text) in enumerate(BLOCK.findall(page.read_text(encoding="utf-8")))
    if kind != "lock"
]


def of_kind(page: Path, kind: str) -> list[str]:
    return [text for found, text in BLOCK.findall(page.read_text(encoding="utf-8")) if found == kind]


def program_with(folder: Path, page: Path, kind: str, text: str) -> Path:
    """A program of the page's own program and version, with one more example in it."""
    (folder / "versions").mkdir()
    (folder / "scenarios").mkdir()
    (folder / "program.yaml").write_text(of_kind(page, "program")[0], encoding="utf-8")
    (folder / "versions" / "base.yaml").write_text(of_kind(page, "version")[0], encoding="utf-8")
    header = "id: example\neffective_from: 2026-01-01\nbased_on: 2025-01-01\nsource: {document: Guide}\n"
    if kind == "fragment":
        (folder / "versions" / "example.yaml").write_text(header + text, encoding="utf-8")
    elif kind == "patch":
        (folder / "versions" / "example.yaml").write_text(text, encoding="utf-8")
    elif kind == "scenario":
        (folder / "scenarios" / "example.yaml").write_text(text, encoding="utf-8")
    elif kind == "survivors":
        (folder / "survivors.yaml").write_text(text, encoding="utf-8")
    elif kind in {"guardrails", "approvals"}:
        (folder / "versions" / "example.yaml").write_text(of_kind(page, "patch")[0], encoding="utf-8")
        (folder / f"{kind}.yaml").write_text(text, encoding="utf-8")
    return folder


def test_the_lock_is_what_publishing_the_version_writes(tmp_path: Path):
    (shown,) = of_kind(GUIDE, "lock")
    loaded = load(program_with(tmp_path, GUIDE, "version", ""))
    assert published(loaded, loaded.usable().versions, date(2024, 11, 15)) == shown


def errors(findings: tuple[Finding, ...]) -> list[str]:
    return [f"{found.span}: {found.message}" for found in findings if found.severity is Severity.ERROR]


@pytest.mark.parametrize(("page", "kind", "text"), EXAMPLES)
def test_every_example_is_valid_and_every_scenario_holds(tmp_path: Path, page: Path, kind: str, text: str):
    loaded = load(program_with(tmp_path, page, kind, text))

    assert errors(loaded.findings) == []
    assert errors(validated([tmp_path]).findings) == []
    for file in scenario_files(tmp_path):
        scenario, findings = scenario_from(file, loaded)
        assert errors(findings) == []
        assert scenario is not None
        assert errors(differences(scenario)) == []


def test_the_guide_names_every_key_of_the_language():
    text = GUIDE.read_text(encoding="utf-8")
    schema = importlib.import_module("pointbook.structure.validators").schema
    keys = {
        key
        for name in ("program", "version", "scenario", "guardrails", "approvals", "survivors", "lock")
        for part in (schema(name), *schema(name)["$defs"].values())
        for key in part.get("properties", {})
    }

    missing = sorted(key for key in keys if not re.search(rf"\b{key}\b", text))

    assert missing == []


def test_the_guide_shows_every_measure_of_a_guardrail():
    example = of_kind(GUIDE, "guardrails")[0]

    shown = re.findall(r"measure: (\w+)", example)
    explained = re.findall(r"^\| `(\w+)` \| ", GUIDE.read_text(encoding="utf-8"), re.MULTILINE)

    assert sorted(shown) == sorted(Measure)
    assert [name for name in explained if name in set(Measure)] == shown


def test_the_recipe_for_editors_leaves_nothing_to_say_to_validate(ran, tmp_path: Path):
    """What editors make of it is tested in tests/editor."""
    program = tmp_path / "rules/my-program"
    program.mkdir(parents=True)
    program_with(program, GUIDE, "version", "")
    text = GUIDE.read_text(encoding="utf-8")
    recipe = text.split("<!-- editors -->\n```bash\n")[1].split("```")[0]
    line = text.split("<!-- first line -->\n```yaml\n")[1].split("```")[0]
    before = validated([tmp_path])

    done = ran(recipe, tmp_path)

    base = program / "versions/base.yaml"
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, ".vscode/settings.json")
    assert (base.parent / line.split("=")[1].strip()).resolve() == tmp_path / "version.schema.json"
    base.write_text(line + base.read_text(encoding="utf-8"), encoding="utf-8")
    after = validated([tmp_path])
    assert len(after.findings) == len(before.findings)
    assert after.files == before.files


def test_the_guide_shows_an_edit_as_the_command_does(tmp_path: Path, request: pytest.FixtureRequest):
    shown = re.compile(r"(<!-- noticed by none -->\n```text\n)(.*?)(```\n)", re.DOTALL)
    loaded = load(program_with(tmp_path, GUIDE, "scenario", of_kind(GUIDE, "scenario")[0]))
    judge = Judge.of(loaded.documents, scenario_files(tmp_path))
    number = next(at for at, edit in enumerate(judge.edits) if edit.address == "life_cycle/leap_day")
    words = survivor_text(judge.edits[number], judge(number)).replace(tmp_path.as_posix(), "rules/my-program")
    words = words.replace("versions/base.yaml", "versions/2025-01-01.yaml")
    text = GUIDE.read_text(encoding="utf-8")
    if request.config.getoption("--update-golden"):
        text = shown.sub(lambda match: match[1] + words + match[3], text)
        GUIDE.write_text(text, encoding="utf-8")

    found = shown.search(text)

    assert found is not None
    assert found[2] == words


def catalogue() -> str:
    parts = []
    for area, rules in groupby(finding_rules(), key=lambda rule: rule.area):
        rows = [f"**{area.heading}**", "", "| code | finds | `--fix` |", "|---|---|---|"]
        for rule in rules:
            severity = "" if rule.severity == "error" else f" (a {rule.severity})"
            title = f"{rule.title.removesuffix('.')}{severity}."
            rows.append(f"| `{rule.code}` | {title} | {'mends it' if rule.can_be_fixed else ''} |")
        parts.append("\n".join(rows) + "\n")
    return "\n".join(parts)


def test_the_catalogue_is_that_of_the_command_rules(request: pytest.FixtureRequest):
    text = GUIDE.read_text(encoding="utf-8")
    if request.config.getoption("--update-golden"):
        text = CATALOGUE.sub(lambda match: match[1] + "\n" + catalogue() + "\n" + match[3], text)
        GUIDE.write_text(text, encoding="utf-8")

    found = CATALOGUE.search(text)

    assert found is not None
    assert found[2].strip() == catalogue().strip()
