"""Where the program that comes with Pointbook lies."""

from __future__ import annotations

from pathlib import Path

from pointbook.diagnostics import InputError
from pointbook.source.files import shown_name

_NAME = "dataminer-devops"


def shipped_program() -> Path:
    """The folder of the shipped program: in an installed wheel beside this file, else in the checkout.

    Raises:
        InputError: It is in neither place.
    """
    here = Path(__file__).resolve()
    for folder in (here.parent / "shipped" / _NAME, here.parents[2] / "rules" / _NAME):
        if folder.is_dir():
            return Path(shown_name(folder))
    raise InputError(_NAME, "the shipped program is missing", "install pointbook again")
