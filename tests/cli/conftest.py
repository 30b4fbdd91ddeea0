from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # test folders are not packages; these share a module

from club_shell import ROOT, Shell, club_in


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """A folder with the program `club/`, members.csv and events.csv."""
    return club_in(tmp_path)


@pytest.fixture(scope="session")
def repository() -> Shell:
    """The repository itself; nothing is written to it."""
    return Shell(ROOT)
