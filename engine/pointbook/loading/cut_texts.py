"""Titles and notes that a `#` cuts short: behind a space it begins a comment."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pointbook.diagnostics import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pointbook.source.document import Node

_WORDS = frozenset(("title", "note", "section", "document", "unit", "removed"))
_BEHIND = re.compile(r"\s+(#[^\s#!]\S*)")
_QUOTES = ("'", '"', "|", ">")


def cut_texts(documents: Iterable[Node], texts: Mapping[str, str]) -> Iterator[Finding]:
    """A warning for each plain text that is followed by a `#` with something right behind it.

    Args:
        documents: Of program.yaml and versions.
        texts: The text of each file by its name.
    """
    for document in documents:
        lines = (
            texts.get(document.span.file, "").splitlines() if "#" in texts.get(document.span.file, "") else []
        )
        for path, node in document.walk() if lines else ():
            if path and path[-1] in _WORDS and isinstance(node.content, str):
                line = lines[node.span.line - 1] if node.span.line <= len(lines) else ""
                start = node.span.column - 1
                behind = _BEHIND.match(line, start + node.span.length)
                if behind is not None and not line.startswith(_QUOTES, start):
                    message = f"this text ends before `{behind[1]}`: a `#` behind a space begins a comment"
                    hint = "put the text in quotes; if it is a comment, put a space behind the `#`"
                    yield Finding(node.span, "cut-text", message, hint, Severity.WARNING)
