"""Files that are written where nothing is yet."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pointbook.source.files import shown_name
from pointbook_cli.hidden_folder import settle_abandoned
from pointbook_cli.reporters.escaping import printable

if TYPE_CHECKING:
    from collections.abc import Sequence


def refuse_what_is_there(folder: Path, paths: Sequence[str], parameter: str) -> None:
    """Refuse to write over anything, once what a killed run had begun to move is in place.

    Args:
        folder: Where to write.
        paths: What to write in it.
        parameter: How the folder was given.

    Raises:
        click.BadParameter: Something of it is there.
    """
    if folder.is_dir():
        settle_abandoned(folder)
    for path in paths:
        *above, place = reversed((folder / path, *(folder / part for part in Path(path).parents[:-1])))
        found = [one for one in above if os.path.lexists(one) and not one.is_dir()]
        if found or os.path.lexists(place):
            there = printable(shown_name((found or [place])[0]))
            message = (
                f"{there} is there already, and nothing is overwritten; name a folder that is new or empty"
            )
            raise click.BadParameter(message, param_hint=parameter)
