from __future__ import annotations

import json
import os
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "cli")]  # test folders are not packages; these share modules

from language_server import ROOT, SERVER, LanguageServer  # noqa: E402 - found by the line above
from this_process import run_here  # noqa: E402 - the same

if TYPE_CHECKING:
    from collections.abc import Iterator

GUIDE = ROOT / "rules/README.md"


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the guide's recipe was followed."""
    folder = tmp_path_factory.mktemp("opened")
    recipe = GUIDE.read_text(encoding="utf-8").split("<!-- editors -->\n```bash\n")[1].split("```")[0]
    name, *arguments = shlex.split(recipe)
    assert name == "pointbook"
    assert run_here(arguments, folder)[0] == 0
    return folder


@pytest.fixture(scope="session")
def editor(folder: Path) -> Iterator[LanguageServer]:
    """The language server with the settings that the recipe made."""
    if not SERVER.exists():
        reason = "the language server is not installed: `just editor` does that"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)
    settings = json.loads((folder / ".vscode/settings.json").read_text(encoding="utf-8"))
    with LanguageServer(folder, settings) as server:
        yield server
