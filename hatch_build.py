"""Builds the interpreter with mypyc where `POINTBOOK_COMPILE=1` asks for it; else the wheel is pure Python.

    POINTBOOK_COMPILE=1 pip install .

The sources go into the wheel all the same: Python takes the extension modules beside them first. mypy,
setuptools and a C compiler are needed only where compiling is asked for.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOM = "engine/pointbook/interpret"
VARIABLE = "POINTBOOK_COMPILE"
EDITABLE = (
    f"{VARIABLE}=1 cannot be used with an editable installation: edits of compiled modules would have no"
    " effect; leave out -e, or the variable"
)
NO_COMPILER = (
    f"{VARIABLE}=1 needs a C compiler and the headers of this Python, on Debian and Ubuntu the packages gcc,"
    " libc6-dev and python3-dev; without the variable nothing is compiled, and nothing needed.\nWhat failed: "
)


class CompileHook(BuildHookInterface):  # type: ignore[type-arg]
    """Adds extension modules to the wheel. Where that cannot be, the build ends with a text that says why."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """What compiling needs."""
        return ["mypy>=1.15", "setuptools>=65"] if _is_asked_for() else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile, and name what came of it as the wheel's."""
        if not _is_asked_for():
            return
        if version == "editable":
            sys.exit(EDITABLE)
        self._scratch = TemporaryDirectory()
        made = Path(self._scratch.name) / "made"
        _compile(Path(self.root) / ROOM, made)
        build_data["force_include"].update(
            {str(path): path.relative_to(made).as_posix() for path in made.rglob("*") if path.is_file()}
        )
        build_data["pure_python"] = False
        build_data["infer_tag"] = True

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Delete what is in the wheel now."""
        del version, build_data, artifact_path
        if _is_asked_for():
            self._scratch.cleanup()


def _is_asked_for() -> bool:
    """Whether to compile. A value that could be meant either way ends the build."""
    value = os.environ.get(VARIABLE, "")
    if value not in {"", "0", "1"}:
        sys.exit(f"{VARIABLE} is {value!r}; expected 1, or 0 or nothing for a package in pure Python")
    return value == "1"


def _compile(room: Path, made: Path) -> None:
    """Write extension modules for every module of `room` below `made`, as they lie in site-packages."""
    from mypyc.build import mypycify  # noqa: PLC0415 - a pure build needs neither
    from setuptools import Distribution, errors  # noqa: PLC0415
    from setuptools.command.build_ext import build_ext  # noqa: PLC0415

    scratch = made.parent
    sources = sorted(map(str, room.glob("*.py")))
    extensions = mypycify(
        [f"--cache-dir={scratch / 'mypy'}", *sources], target_dir=str(scratch / "c"), group_name="pointbook"
    )
    command = build_ext(Distribution({"name": "pointbook", "ext_modules": extensions}))
    command.build_lib, command.build_temp = str(made), str(scratch / "o")
    command.ensure_finalized()
    try:
        command.run()
    except (errors.CCompilerError, errors.ExecError, errors.PlatformError) as failure:
        sys.exit(f"{NO_COMPILER}{failure}")
