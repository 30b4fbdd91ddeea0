"""Lines of YAML with the reason beside them, or above them where it is long."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from pointbook.source.yaml_text import comment_text

if TYPE_CHECKING:
    from collections.abc import Iterator

_WIDTH = 110


def with_reason(line: str, reason: str) -> Iterator[str]:
    """A line, and why it is so."""
    reason = comment_text(reason)
    if not reason:
        yield line
    elif len(line) + len(reason) + 4 <= _WIDTH:
        yield f"{line}  # {reason}"
    else:
        yield from remark(reason, len(line) - len(line.lstrip()))
        yield line


def remark(text: str, indent: int = 0) -> Iterator[str]:
    """A comment on lines of its own."""
    begin = f"{' ' * indent}# "
    yield from textwrap.wrap(
        comment_text(text),
        _WIDTH,
        initial_indent=begin,
        subsequent_indent=begin,
        break_long_words=False,
        break_on_hyphens=False,
    )
