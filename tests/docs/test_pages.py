"""What the pages of docs/ show is what happens, and their tables are those of the code."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from pointbook.log.faults import RejectReason
from pointbook.model.ledger import Outcome
from pointbook.model.tables import HISTORY, LEDGER, REJECTS, STANDINGS, names_of
from pointbook.model.windows import Per
from pointbook_cli.main import COMMANDS

ROOT = Path(__file__).resolve().parents[2]
FOR_DEVELOPERS = {"dev", "bench"}


def section(text: str, heading: str) -> str:
    """What stands under a heading of the second level, up to the next one."""
    return re.split(rf"^## {re.escape(heading)}$", text, flags=re.MULTILINE)[1].partition("\n## ")[0]


def first_cells(text: str) -> list[str]:
    """Every name in the first column of tables."""
    rows = re.findall(r"^\| (`[^|]*) \|", text, re.MULTILINE)
    return [name for row in rows for name in re.findall(r"`([^`]+)`", row)]


def test_the_changes_are_as_shown(page, ran, checkout: Path):
    result = ran(page("docs/compare.md").command("diff"), checkout)

    assert result.returncode == 0, result.stderr
    lines = result.stdout.splitlines(keepends=True)
    page("docs/compare.md").shows("diff", "".join([*lines[:10], "…\n", lines[-1]]))


def test_the_comparison_is_as_shown(page, ran, checkout: Path):
    result = ran(page("docs/compare.md").command("compare"), checkout)

    assert result.returncode == 1, result.stderr
    lines = result.stdout.splitlines(keepends=True)
    broken = next(index for index, line in enumerate(lines) if line.startswith("BROKEN"))
    levels = lines.index("Members by level:\n")
    shown = [lines[:7], lines[broken - 1 : broken + 4], lines[levels : levels + 8]]
    page("docs/compare.md").shows("compare", "…\n".join(["".join(part) for part in shown] + [""]))
    assert (checkout / "impact.html").stat().st_size < 350_000
    assert len((checkout / "impact.csv").read_text(encoding="utf-8").splitlines()) == 201


def test_the_reconciliation_is_as_shown(page, ran, checkout: Path):
    shown = page("docs/reconcile.md")
    assert ran(shown.command("evaluate"), checkout).returncode == 1  # rows of the log are rejected

    result = ran(shown.command("reconcile"), checkout)

    assert result.returncode == 1, result.stderr
    shown.shows("reconcile", result.stdout)


def test_the_values_in_turn_are_as_shown(page, ran, checkout: Path):
    shown = page("docs/compare.md")
    command = next(
        line for line in shown.text.splitlines() if line.startswith("pointbook") and "--set" in line
    )
    result = ran(command, checkout)

    assert result.returncode == 0, result.stderr
    shown.shows("set", result.stdout)


def test_the_log_is_evaluated_as_shown(page, ran, checkout: Path):
    result = ran(page("docs/meaning.md").command("evaluate"), checkout)

    assert result.returncode == 1
    # The page shows what comes of `pip install -e .`; with the extra, DuckDB is the default.
    shown = "evaluated by the fold on python with 1 worker"
    lines = re.sub(r"evaluated by the .*", shown, result.stdout).splitlines(keepends=True)
    outcomes = next(index for index, line in enumerate(lines) if line.startswith("activities that"))
    page("docs/meaning.md").shows("evaluate", "".join([*lines[:outcomes], "…\n"]))
    written = {path.name for path in (checkout / "results").iterdir()}
    assert written == {"ledger.csv", "standings.csv", "history.csv", "rejects.csv", "summary.json"}


def test_the_coverage_is_as_shown(page, ran, checkout: Path):
    shown = page("rules/README.md")
    result = ran(next(line for line in shown.text.splitlines() if line.endswith(" --coverage")), checkout)

    assert result.returncode == 0, result.stderr
    lines = result.stdout.splitlines(keepends=True)
    shown.shows("coverage", "".join([*lines[:11], "…\n", lines[-1]]))


def test_the_member_is_explained(page, ran, checkout: Path):
    result = ran(page("docs/meaning.md").command("explain"), checkout)

    assert result.returncode == 0, result.stderr
    assert "What is needed:" in result.stdout
    page("docs/meaning.md").shows("explain", result.stdout)


def test_the_python_example_runs_in_ten_lines(page, checkout: Path):
    example = page("docs/architecture.md").block("python")

    result = subprocess.run(
        [sys.executable, "-c", example], cwd=checkout, capture_output=True, text=True, check=False
    )

    assert result.returncode == 0, result.stderr
    assert len(result.stdout.splitlines()) == 201
    assert len(example.splitlines()) <= 10


@pytest.mark.parametrize(
    ("heading", "names"),
    [
        ("Caps", [per.value for per in Per]),
        (
            "Not counted, never lost",
            [*(outcome.value for outcome in Outcome), *(r.value for r in RejectReason)],
        ),
    ],
)
def test_the_meaning_lists_every_name(page, heading: str, names: list[str]):
    assert first_cells(section(page("docs/meaning.md").text, heading)) == names


def test_the_meaning_lists_every_column_in_its_order(page):
    rows = re.findall(
        r"^\| `(\w+)` \| (.*?)(?:, then .*)? \|$",
        section(page("docs/meaning.md").text, "Result files"),
        re.MULTILINE,
    )

    columns = {name: tuple(re.findall(r"`(\w+)`", text)) for name, text in rows}

    tables = {"ledger": LEDGER, "standings": STANDINGS, "history": HISTORY, "rejects": REJECTS}
    assert columns == {name: names_of(table) for name, table in tables.items()}


def test_an_export_is_adopted_as_the_guide_shows(page, ran, tmp_path: Path):
    guide = page("rules/README.md")
    (tmp_path / "export.csv").write_text(guide.block("export events"), encoding="utf-8")
    (tmp_path / "users.csv").write_text(guide.block("export members"), encoding="utf-8")

    result = ran(guide.command("adopt"), tmp_path)

    guide.shows("adopt", result.stdout)
    guide.shows("adopt log", (tmp_path / "club/log.yaml").read_text(encoding="utf-8"))
    evaluated = ran(result.stdout.splitlines()[-1].strip(), tmp_path)
    assert (result.returncode, evaluated.returncode) == (0, 0), result.stderr + evaluated.stderr


def test_every_command_is_in_the_table(page):
    listed = re.findall(r"^\| `pointbook (\w+)", page("docs/meaning.md").text, re.MULTILINE)

    assert sorted(listed) == sorted(COMMANDS)


def test_every_dependency_is_named_with_its_reason(page):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [
        names for extra, names in project["optional-dependencies"].items() if extra not in FOR_DEVELOPERS
    ]
    declared = {
        re.split(r"[^\w-]", name, maxsplit=1)[0]
        for names in (project["dependencies"], *extras)
        for name in names
    }

    listed = re.findall(
        r"^\| ([a-z0-9-]+) \| ", section(page("docs/architecture.md").text, "Dependencies"), re.MULTILINE
    )

    assert sorted(declared) == sorted(name for name in listed if name != "library")
