"""What to do about YAML that cannot be read, by what the parser says of it."""

from __future__ import annotations

_NO_TABS = "indent with spaces; YAML does not allow tabs"
_OTHERWISE = "check the indentation and quotation marks here"
_COLON = "quote the text if it contains a colon followed by a space"
_HINTS = (
    ("mapping values are not allowed", _COLON),
    ("expected <block end>", "check the indentation: this line is not aligned with those above it"),
    ("could not find expected ':'", "a key needs a colon and a space after it"),
    ("expected ',' or", "a `[` or `{` above is not closed"),
    ("quoted scalar", "a quotation mark is not closed"),
    ("cannot start any token", "quote the text; this character has a meaning of its own in YAML"),
    ("undefined alias", "write the value out; aliases are not allowed"),
)
"""By a part of the parser's words."""


def syntax_hint(problem: str, line: str, column: int) -> str:
    """A hint for what the parser calls `problem`, by the line and the column (from 1) where it stopped."""
    indentation = line[: len(line) - len(line.lstrip())]
    if "\t" in indentation or line[column - 1 : column] == "\t":
        return _NO_TABS
    if line[column - 1 : column] == ":" and "expected ','" in problem:  # inside brackets
        return _COLON
    return next((hint for words, hint in _HINTS if words in problem), _OTHERWISE)
