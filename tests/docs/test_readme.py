"""What the README shows is what happens: its outputs, its Python, its table of commands."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from pointbook_cli.main import COMMANDS

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "README.md"
BLOCK = re.compile(r"(<!-- (\w+) -->\n```\w+\n)(.*?)(```)", re.DOTALL)
PROGRAM = re.compile(r"<!-- program -->\n```yaml\n(.*?)```", re.DOTALL)
FOR_DEVELOPERS = {"bench", "dev"}
COMMAND = re.compile(r"^pointbook .*$", re.MULTILINE)


def block(name: str) -> str:
    return next(
        text for _, found, text, _ in BLOCK.findall(README.read_text(encoding="utf-8")) if found == name
    )


def ran(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    arguments = [sys.executable, "-m", "pointbook_cli", *shlex.split(command)[1:]]
    return subprocess.run(
        arguments, cwd=folder, capture_output=True, text=True, check=False, encoding="utf-8"
    )


def compared(request: pytest.FixtureRequest, name: str, text: str) -> None:
    """Asserts that the README's block `name` is `text`; with --update-golden writes it first."""
    if request.config.getoption("--update-golden"):
        readme = README.read_text(encoding="utf-8")
        README.write_text(
            BLOCK.sub(lambda match: match[1] + text + match[4] if match[2] == name else match[0], readme),
            encoding="utf-8",
        )
    assert block(name) == text


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "rules").symlink_to(ROOT / "rules")
    return tmp_path


def test_the_slips_are_found_as_shown(request: pytest.FixtureRequest, tmp_path: Path):
    folder = tmp_path / "rules" / "my-program"
    (folder / "versions").mkdir(parents=True)
    guide = (ROOT / "rules" / "README.md").read_text(encoding="utf-8")
    (folder / "program.yaml").write_text(PROGRAM.findall(guide)[0], encoding="utf-8")
    (folder / "versions" / "2025-01-01.yaml").write_text(block("slips"), encoding="utf-8")

    result = ran("pointbook validate rules/my-program", tmp_path)

    assert result.returncode == 1
    compared(request, "validate", result.stdout)


def test_the_log_is_evaluated_as_shown(request: pytest.FixtureRequest, checkout: Path):
    command = next(
        line for line in COMMAND.findall(README.read_text(encoding="utf-8")) if " evaluate " in line
    )

    result = ran(command, checkout)

    assert result.returncode == 1
    # The README shows what comes of `pip install -e .`; with the extra, DuckDB is the default.
    compared(request, "evaluate", result.stdout.replace("evaluated by duckdb", "evaluated by python"))
    written = {path.name for path in (checkout / "results").iterdir()}
    assert written == {"ledger.csv", "standings.csv", "history.csv", "rejects.csv", "summary.json"}


def command_in_readme(name: str) -> str:
    """The first line of the README that is this command."""
    return next(
        line for line in COMMAND.findall(README.read_text(encoding="utf-8")) if line.split()[1] == name
    )


def test_the_changes_are_as_shown(request: pytest.FixtureRequest, checkout: Path):
    result = ran(command_in_readme("diff"), checkout)

    assert result.returncode == 0, result.stderr
    lines = result.stdout.splitlines(keepends=True)
    compared(request, "diff", "".join([*lines[:9], "…\n", lines[-1]]))


def test_the_comparison_is_as_shown(request: pytest.FixtureRequest, checkout: Path):
    result = ran(command_in_readme("compare"), checkout)

    assert result.returncode == 1, result.stderr
    lines = result.stdout.splitlines(keepends=True)
    broken = next(index for index, line in enumerate(lines) if line.startswith("BROKEN"))
    compared(request, "compare", "".join([*lines[:9], "…\n", *lines[broken : broken + 4], "…\n"]))
    assert (checkout / "impact.html").stat().st_size < 300_000
    assert len((checkout / "impact.csv").read_text(encoding="utf-8").splitlines()) == 201


def test_the_member_is_explained(checkout: Path):
    command = next(
        line for line in COMMAND.findall(README.read_text(encoding="utf-8")) if " explain " in line
    )

    result = ran(command, checkout)

    assert result.returncode == 0, result.stderr
    assert "What is needed:" in result.stdout


def test_the_python_example_runs_in_ten_lines(checkout: Path):
    example = block("python")

    result = subprocess.run(
        [sys.executable, "-c", example], cwd=checkout, capture_output=True, text=True, check=False
    )

    assert result.returncode == 0, result.stderr
    assert len(result.stdout.splitlines()) == 201
    assert len(example.splitlines()) <= 10


def test_every_command_is_in_the_table():
    listed = re.findall(r"^\| `pointbook (\w+)", README.read_text(encoding="utf-8"), re.MULTILINE)

    assert sorted(listed) == sorted(COMMANDS)


def test_every_dependency_is_named_with_its_reason():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [
        names for extra, names in project["optional-dependencies"].items() if extra not in FOR_DEVELOPERS
    ]
    declared = {
        re.split(r"[^\w-]", name, maxsplit=1)[0]
        for names in (project["dependencies"], *extras)
        for name in names
    }

    section = README.read_text(encoding="utf-8").partition("## Dependencies")[2].partition("\n## ")[0]
    listed = re.findall(r"^\| ([a-z0-9-]+) \| ", section, re.MULTILINE)

    assert sorted(declared) == sorted(name for name in listed if name != "library")
