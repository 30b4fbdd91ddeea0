"""A program's files with one of them as somebody else has it: git, or an editor that has not saved it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from pointbook.diagnostics import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pointbook.loading.documents import Tree


@dataclass(frozen=True, slots=True)
class EditedTree:
    """A tree in which some files are others, or not there (`pointbook.loading.documents.Tree`).

    Attributes:
        tree: The rest.
        side: What positions begin with, such as `a/`.
        files: By path: the bytes of the file, or None where there is none.
    """

    tree: Tree
    side: str
    files: Mapping[str, bytes | None]

    def shown(self, path: str) -> str:
        """How a file or folder is called in positions."""
        return f"{self.side}{self.tree.shown(path)}"

    def entries(self, folder: str) -> dict[str, bool]:
        """By the name of what lies directly in `folder`: whether that is a folder."""
        names = dict(self.tree.entries(folder))
        for path, data in self.files.items():
            inside = PurePosixPath(path)
            if inside.parent == PurePosixPath(folder):
                names.pop(inside.name, None)
                if data is not None:
                    names[inside.name] = False
        return dict(sorted(names.items()))

    def read(self, path: str) -> bytes:
        """A file's bytes."""
        if path not in self.files:
            return self.tree.read(path)
        data = self.files[path]
        if data is None:
            raise InputError(self.shown(path), "there is no such file", "look at the other side")
        return data
