"""Builds the interpreter with mypyc where `POINTBOOK_COMPILE=1` asks for it; else the wheel is pure Python.

    POINTBOOK_COMPILE=1 pip install .

The sources go into the wheel all the same: Python takes the extension modules beside them first. mypy,
setuptools and a C compiler are needed only where compiling is asked for.
"""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOM = "engine/pointbook/interpret"
IS_ASKED_FOR = os.environ.get("POINTBOOK_COMPILE", "0") not in ("", "0")


class CompileHook(BuildHookInterface):  # type: ignore[type-arg]
    """Adds extension modules to the wheel."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """What compiling needs."""
        return ["mypy>=1.15", "setuptools>=65"] if IS_ASKED_FOR else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile, and name what came of it as the wheel's.

        Raises:
            ValueError: The installation is editable, and an edit of a source would have no effect.
        """
        if not IS_ASKED_FOR:
            return
        if version == "editable":
            raise ValueError(
                "POINTBOOK_COMPILE=1 cannot be used with an editable installation: edits of compiled modules"
                " would have no effect; leave out -e, or the variable"
            )
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
        if IS_ASKED_FOR:
            self._scratch.cleanup()


def _compile(room: Path, made: Path) -> None:
    """Write extension modules for every module of `room` below `made`, as they lie in site-packages."""
    from mypyc.build import mypycify  # noqa: PLC0415 - a pure build needs neither
    from setuptools import Distribution  # noqa: PLC0415
    from setuptools.command.build_ext import build_ext  # noqa: PLC0415

    scratch = made.parent
    sources = sorted(map(str, room.glob("*.py")))
    extensions = mypycify(
        [f"--cache-dir={scratch / 'mypy'}", *sources], target_dir=str(scratch / "c"), group_name="pointbook"
    )
    command = build_ext(Distribution({"name": "pointbook", "ext_modules": extensions}))
    command.build_lib, command.build_temp = str(made), str(scratch / "o")
    command.ensure_finalized()
    command.run()
