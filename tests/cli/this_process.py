"""The command `pointbook` in this process, which saves a test the start of Python and all imports."""

from __future__ import annotations

import io
import sys
from contextlib import chdir
from typing import TYPE_CHECKING
from unittest.mock import patch

from pointbook_cli.main import exit_code_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def run_here(arguments: Sequence[str], folder: Path, stdin: bytes = b"") -> tuple[int, bytes, bytes]:
    """Exit code, standard output and standard error of the command, run in `folder`."""
    given = io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8")
    out, err = (
        io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors="backslashreplace", write_through=True)
        for _ in range(2)
    )
    with (
        chdir(folder),
        patch.object(sys, "argv", ["pointbook", *arguments]),
        patch.object(sys, "stdin", given),
        patch.object(sys, "stdout", out),
        patch.object(sys, "stderr", err),
    ):
        try:
            code = exit_code_of(list(arguments))
        except SystemExit as stopped:
            code = stopped.code if isinstance(stopped.code, int) else 1
        for stream in (out, err):
            stream.flush()
    found = [stream.buffer.getvalue() for stream in (out, err)]  # type: ignore[attr-defined]  # bytes in memory
    return code, found[0], found[1]
