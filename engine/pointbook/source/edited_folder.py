"""A folder with one file as it is in an editor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pointbook.source.files import Folder


@dataclass(frozen=True, slots=True)
class EditedFolder:
    """A folder in which one file has another text, such as one that an editor has not saved yet.

    Attributes:
        folder: The folder as it is.
        file: Where in it the file belongs; it may not be there.
        data: The file's bytes.
    """

    folder: Folder
    file: str
    data: bytes

    def shown(self, path: str = "") -> str:
        """How a file in it is called in positions."""
        return self.folder.shown(path)

    def entries(self, folder: str) -> dict[str, bool]:
        """By the name of what lies directly in `folder`: whether that is a folder."""
        entries = self.folder.entries(folder)
        first, slash, rest = self.file.partition("/")
        if not folder:
            entries[first] = bool(slash)
        elif folder == first:
            entries[rest] = False
        return dict(sorted(entries.items()))

    def read(self, path: str) -> bytes:
        """A file's bytes."""
        return self.data if path == self.file else self.folder.read(path)
