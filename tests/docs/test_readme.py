"""What the README shows is what happens, and it stays short."""

from __future__ import annotations

import os
import re
import shlex
import shutil
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


def walk(page) -> list[str]:
    """The commands by which the README changes a threshold and publishes that, in its order."""
    section = (
        page("README.md").text.partition("\n## A threshold, changed and published\n")[2].partition("\n## ")[0]
    )
    return [line for line in section.splitlines() if line.startswith("pointbook ")]


@pytest.fixture
def proposal(tmp_path: Path) -> Path:
    """The folder in which the README has its reader stand: `cp -r rules proposal`."""
    for name in ("rules", "proposal"):
        shutil.copytree(ROOT / "rules", tmp_path / name)
    return tmp_path


def test_a_threshold_is_changed_and_published_by_four_commands_as_shown(page, ran, proposal: Path):
    readme = page("README.md")
    begun = _texts(proposal / "proposal")
    commands = walk(page)

    results = [ran(command, proposal) for command in commands]

    assert [shlex.split(command)[1] for command in commands] == ["new", "diff", "compare", "publish"]
    assert [result.returncode for result in results] == [0, 0, 1, 0], [result.stderr for result in results]
    new, diff, compare, publish = (result.stdout.splitlines(keepends=True) for result in results)
    readme.shows("new", "".join(new))
    readme.shows("diff", "".join([*diff[3:4], "…\n", *diff[-1:]]))
    broken = next(index for index, line in enumerate(compare) if line.startswith("BROKEN"))
    most = next(index for index, line in enumerate(compare) if line.startswith("Most affected"))
    shown = [compare[:4], compare[broken - 1 : broken + 2], compare[most : most + 2]]
    readme.shows("compare", "…\n".join(["".join(part) for part in shown] + [""]))
    readme.shows("publish", "".join(publish))

    # What the walk wrote: a version, and what the lock says of it; all of it is right.
    now = _texts(proposal / "proposal")
    assert b"threshold: 25000" in now.pop("dataminer-devops/versions/2027-01-01.yaml")
    lock = "dataminer-devops/versions.lock"
    assert now[lock].startswith(begun[lock])
    assert now == {**begun, lock: now[lock]}
    assert (proposal / "report.html").is_file()
    assert _texts(proposal / "rules") == begun
    for check in ("validate --fail-on warning", "test"):
        checked = ran(f"pointbook {check} proposal/dataminer-devops", proposal)
        assert checked.returncode == 0, checked.stdout + checked.stderr


def _texts(folder: Path) -> dict[str, bytes]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def test_the_picture_is_small(request: pytest.FixtureRequest, page, ran, proposal: Path):
    """With --update-golden it is taken anew, where `CHROMIUM` names the browser to take it with."""
    chromium = os.environ.get("CHROMIUM")
    if chromium and request.config.getoption("--update-golden"):
        sync_api = pytest.importorskip("playwright.sync_api")
        for command in walk(page)[:3]:
            ran(command, proposal)
        with sync_api.sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
            window = browser.new_page(viewport={"width": 1100, "height": 1040})
            window.goto((proposal / "report.html").as_uri())
            window.screenshot(path=PICTURE)
            browser.close()

    assert PICTURE.stat().st_size <= LARGEST_PICTURE
