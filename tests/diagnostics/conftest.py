"""The cases: one folder for each code, named `code` or `code.variant`, with a program that has it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pointbook.loading import Loaded, load
from pointbook.source.yaml_reader import MAX_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable

CASES = Path(__file__).parent / "cases"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "case" in metafunc.fixturenames:
        cases = sorted(folder for folder in CASES.iterdir() if folder.is_dir())
        metafunc.parametrize("case", cases, ids=[folder.name for folder in cases])


@pytest.fixture
def cases() -> Path:
    return CASES


@pytest.fixture
def loaded_case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], Loaded]:
    """Loads a case from inside a copy of its folder, so that file names are relative to it."""

    def loaded(case: Path) -> Loaded:
        copy = shutil.copytree(case, tmp_path / case.name)
        if case.name == "file-too-large":
            version = copy / "versions" / "2024-01-01.yaml"
            version.write_text(version.read_text() + "#" * MAX_BYTES)
        monkeypatch.chdir(copy)
        return load(".")

    return loaded
