from __future__ import annotations

import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"(<!-- ([\w. ]+) -->\n```\w+\n)(.*?)(```)", re.DOTALL)


@dataclass(frozen=True)
class Page:
    """A page of the documentation, whose blocks of code have names in a comment above them."""

    path: Path
    update: bool

    @property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    def block(self, name: str) -> str:
        return next(text for _, found, text, _ in BLOCK.findall(self.text) if found == name)

    def command(self, name: str) -> str:
        """The page's first line that calls this subcommand."""
        return next(line for line in self.text.splitlines() if line.split()[:2] == ["pointbook", name])

    def shows(self, name: str, text: str) -> None:
        """Asserts that the block `name` is `text`; with --update-golden writes it first."""
        if self.update:
            written = BLOCK.sub(
                lambda match: match[1] + text + match[4] if match[2] == name else match[0], self.text
            )
            self.path.write_text(written, encoding="utf-8")
        assert self.block(name) == text


@pytest.fixture
def page(request: pytest.FixtureRequest) -> Callable[[str], Page]:
    update = request.config.getoption("--update-golden")
    return lambda name: Page(ROOT / name, update)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "rules").symlink_to(ROOT / "rules")
    return tmp_path


@pytest.fixture
def ran() -> Callable[[str, Path], subprocess.CompletedProcess[str]]:
    def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
        arguments = [sys.executable, "-m", "pointbook_cli", *shlex.split(command)[1:]]
        return subprocess.run(
            arguments, cwd=folder, capture_output=True, text=True, check=False, encoding="utf-8"
        )

    return run
