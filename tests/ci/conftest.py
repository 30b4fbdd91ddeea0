from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

sys.path[:0] = [str(Path(__file__).parent)]  # test folders are not packages; these share modules
from repositories import Origin, origin_in  # noqa: E402 - found by the line above
from warm_command import client_in  # noqa: E402 - found by the line above

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def commands() -> Iterator[Path]:
    """A folder with the commands that an installed Pointbook has."""
    with tempfile.TemporaryDirectory() as name:
        folder, path = Path(name), f"{name}/socket"
        server = subprocess.Popen(
            [sys.executable, str(Path(__file__).parent / "warm_command.py"), path],
            stdout=subprocess.PIPE,
        )
        try:
            assert server.stdout is not None
            assert server.stdout.readline() == b"ready\n"
            client_in(folder, path)
            (folder / "pointbook-checks").symlink_to(ROOT / "ci/pointbook-checks")
            yield folder
        finally:
            server.kill()
            server.communicate()


@pytest.fixture
def origin(tmp_path: Path) -> Origin:
    """A repository on a server, with the program `rules/club` and a log."""
    return origin_in(tmp_path / "origin")
