"""Paths as machines that look at a repository need them, wherever in it the command runs."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pointbook.diagnostics import Finding


def from_root(file: str) -> str:
    """The path of a file relative to the root of the git repository that it lies in, with forward slashes.

    As it is, where there is no such folder, as for a file of a commit, or no repository around it.
    """
    path = Path(file)
    if not os.path.isdir(path.parent):  # noqa: PTH112 - that of paths can fail
        return file
    whole = Path(os.path.realpath(path))  # that of paths fails for a link that leads to itself
    for folder in whole.parents:
        if (folder / ".git").exists():
            return whole.relative_to(folder).as_posix()
    return file


def placed_from_root(finding: Finding) -> Finding:
    """The finding with all its places named from there."""
    places = [
        replace(related, span=replace(related.span, file=from_root(related.span.file)))
        for related in finding.related
    ]
    span = replace(finding.span, file=from_root(finding.span.file))
    return replace(finding, span=span, related=tuple(places))
