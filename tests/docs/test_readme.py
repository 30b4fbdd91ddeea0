"""What the README shows is what happens, and it stays short."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = re.compile(r"<!-- program -->\n```yaml\n(.*?)```", re.DOTALL)
MOST_WORDS = 900
PICTURE = ROOT / "docs/images/report.png"
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu")
LARGEST_PICTURE = 250_000


def test_it_is_short(page):
    assert len(page("README.md").text.split()) <= MOST_WORDS


def test_the_slips_are_found_as_shown(page, ran, tmp_path: Path):
    readme = page("README.md")
    folder = tmp_path / "rules" / "my-program"
    (folder / "versions").mkdir(parents=True)
    guide = (ROOT / "rules" / "README.md").read_text(encoding="utf-8")
    (folder / "program.yaml").write_text(PROGRAM.findall(guide)[0], encoding="utf-8")
    (folder / "versions" / "2025-01-01.yaml").write_text(readme.block("slips"), encoding="utf-8")

    result = ran("pointbook validate rules/my-program", tmp_path)

    assert result.returncode == 1
    readme.shows("validate", result.stdout)


def test_a_changed_threshold_moves_members_as_shown(page, ran, checkout: Path):
    readme = page("README.md")
    (checkout / "stricter.yaml").write_text(readme.block("stricter.yaml"), encoding="utf-8")

    result = ran(readme.command("compare"), checkout)

    assert result.returncode == 1, result.stderr
    lines = result.stdout.splitlines(keepends=True)
    broken = next(index for index, line in enumerate(lines) if line.startswith("BROKEN"))
    most = next(index for index, line in enumerate(lines) if line.startswith("Most affected"))
    shown = [lines[:4], lines[broken - 1 : broken + 3], lines[most : most + 3]]
    readme.shows("compare", "…\n".join(["".join(part) for part in shown] + [""]))
    assert (checkout / "report.html").is_file()


def test_the_picture_is_small(request: pytest.FixtureRequest, page, ran, checkout: Path):
    """With --update-golden it is taken anew, where `CHROMIUM` names the browser to take it with."""
    chromium = os.environ.get("CHROMIUM")
    if chromium and request.config.getoption("--update-golden"):
        sync_api = pytest.importorskip("playwright.sync_api")
        (checkout / "stricter.yaml").write_text(page("README.md").block("stricter.yaml"), encoding="utf-8")
        ran(page("README.md").command("compare"), checkout)
        with sync_api.sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
            window = browser.new_page(viewport={"width": 1100, "height": 1040})
            window.goto((checkout / "report.html").as_uri())
            window.screenshot(path=PICTURE)
            browser.close()

    assert PICTURE.stat().st_size <= LARGEST_PICTURE
