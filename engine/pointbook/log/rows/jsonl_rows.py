"""Lines of JSON as rows: one object a line, numbers kept exactly as they are written."""

from __future__ import annotations

import json
import re
from itertools import repeat
from typing import TYPE_CHECKING, Any

from pointbook.diagnostics import InputError
from pointbook.log.columns import IGNORED
from pointbook.log.faults import quoted
from pointbook.log.rows.header import strayed, the_other_kind
from pointbook.log.rows.jq import key_of, way_to
from pointbook.model.exports import OUR_ROWS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pointbook.log.columns import Columns
    from pointbook.log.records import Row

_LINE_ENDS = "\r\n"
_MOST_KEYS = 1000
_WHITE_SPACE = " \t\r\n"
_TEXT_ONLY = frozenset((str,))
_SURROGATE = re.compile("[\ud800-\udfff]")
_OPENS_LIST_OF_OBJECTS = re.compile(r"\[\s*(\{.*)?")
_ADVICE = (
    ("Expecting property name", "names stand in double quotation marks, and no comma follows the last value"),
    ("Illegal trailing comma", "no comma follows the last value"),
    ("Extra data", "each line holds one object; begin a new line after it"),
    (
        "Expecting ',' delimiter",
        "a comma is missing here, or a quotation mark in the text before is not escaped",
    ),
    ("Unterminated string", "a text is not closed on its line; write a line break as \\n"),
    ("Invalid control character", "write tabs and the like as escapes, such as \\t"),
    ("Invalid \\escape", "write a backslash as \\\\"),
    ("Expecting value", "texts stand in double quotation marks"),
)


class _NotARowError(ValueError):
    """The line is valid JSON, or nearly, but no row; the message says why."""


class _Object(list[tuple[str, Any]]):
    """The pairs of a JSON object, in which equal names are still there."""


def jsonl_rows(file: str, lines: Iterator[str], skipped: int, columns: Columns) -> Iterator[Row]:
    """The rows of a JSON Lines file.

    Args:
        file: The name that rows carry.
        lines: The file's lines with their line ends, from the first that is not blank.
        skipped: Blank lines before that.
        columns: The names there may be.

    Raises:
        InputError: The first line shows that it is no JSON Lines file of this kind.
    """
    decoder = json.JSONDecoder(
        object_pairs_hook=_Object, parse_int=str, parse_float=str, parse_constant=_refuse_constant
    )
    columns_in_order = columns.known
    keys = _Keys(columns)
    for number, line in enumerate(lines, skipped + 1):
        raw = line.rstrip(_LINE_ENDS)
        text = raw.strip(_WHITE_SPACE)
        if not text:
            continue
        if number == skipped + 1:
            _refuse_other_formats(f"{file}:{number}", text, columns)
        try:
            pairs = _pairs(decoder, text)
            if number == skipped + 1 and columns.is_the_other_kind([name for name, _ in pairs]):
                raise the_other_kind(f"{file}:{number}", columns)
            cells = _cells(pairs, keys, escapes="\\u" in text)
        except _NotARowError as problem:
            yield file, number, raw, None, str(problem)
        else:
            yield file, number, raw, tuple(map(cells.get, columns_in_order, repeat(""))), ""
    keys.refuse_strayed(file)


class _Keys:
    """The keys of objects as columns of ours."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self.known = frozenset(columns.known)
        self.are_ours = columns.form is OUR_ROWS
        self._strayed = dict(columns.wanted)
        self._others: set[str] = set()
        self._within: dict[str, str] = {}

    def renamed(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        """The values under our names, without those that are passed over.

        Raises:
            _NotARowError: Two keys are one column of ours.
        """
        for name in self._strayed.keys() & values.keys():
            del self._strayed[name]
        if self._strayed and len(self._others) < _MOST_KEYS:
            self._others |= values.keys()
            for name, value in values.items():
                if isinstance(value, _Object):
                    self._within |= _ways(value, name, way_to("", name))
        found: dict[str, Any] = {}
        for name, value in values.items():
            ours = self._columns.ours(name)
            if ours in found:
                other = self._columns.theirs(ours)
                raise _NotARowError(f"{quoted(other)} and {quoted(ours)} are both {ours} by log.yaml")
            if ours != IGNORED:
                found[ours] = value
        return found

    def theirs(self, name: str) -> str:
        """What the file calls a column of ours."""
        return self._columns.theirs(name)

    def unknown(self, name: str) -> str:
        """What to say about a key that is not known."""
        return self._columns.unknown(name)

    def refuse_strayed(self, file: str) -> None:
        """Refuse keys that log.yaml names and no row has had, if there were rows.

        Raises:
            InputError: There are such.
        """
        if nested := {name: self._within[name] for name in self._strayed if name in self._within}:
            name, way = next(iter(nested.items()))
            message = f"{quoted(name)}, which {self._strayed[name]} names, lies within an object, at {way}"
            parts = ", ".join(f"{key_of(name)}: {way}" for name, way in nested.items())
            hint = (
                f"write plain values in place of objects, as `jq -c '{{{parts}, ...}}'` does with the other"
            )
            raise InputError(file, message, f"{hint} keys for the dots; `pointbook adopt` prints all of it")
        if self._strayed and self._others:
            problems = strayed(self._strayed.items(), sorted(self._others), self._columns)
            messages, hints = zip(*problems, strict=True)
            raise InputError(file, "; ".join(messages), "; ".join(dict.fromkeys(hints)))


def _ways(value: _Object, above: str, way: str) -> dict[str, str]:
    """The ways to what lies in objects within, by names that tell the way."""
    found: dict[str, str] = {}
    for key, inner in value:
        name, here = f"{above}_{key}", way_to(way, key)
        found |= _ways(inner, name, here) if isinstance(inner, _Object) else {name: here}
    return found


def _refuse_other_formats(where: str, text: str, columns: Columns) -> None:
    if "\0" in text:
        hint = "if it is UTF-16, save it as UTF-8"
        raise InputError(where, "it contains NUL characters, so it is UTF-16 or no text at all", hint)
    if _OPENS_LIST_OF_OBJECTS.fullmatch(text):
        hint = "write one object a line, without brackets and commas around them; `jq -c '.[]'` does it"
        raise InputError(where, "this looks like one JSON list, not like JSON Lines", hint)
    if text == "{":
        hint = "write each object on one line; `jq -c .` does it"
        raise InputError(where, "an object goes on over several lines, so this is not JSON Lines", hint)
    if not text.startswith(("{", "[")) and all(columns.theirs(name) in text for name in columns.required):
        raise InputError(where, "this looks like CSV, not like JSON Lines", "give its name the ending `.csv`")


def _pairs(decoder: json.JSONDecoder, text: str) -> _Object:
    try:
        value, end = decoder.raw_decode(text)
    except json.JSONDecodeError as error:
        raise _NotARowError(_not_json(error.msg, error.pos)) from None
    except RecursionError:
        raise _NotARowError("its values are nested too deeply; a row holds plain values only") from None
    if end != len(text):
        raise _NotARowError(_not_json("Extra data", end))
    if not isinstance(value, _Object):
        raise _NotARowError("it is not an object: a row is written as {...}, with a value by each name")
    return value


def _not_json(problem: str, position: int) -> str:
    advice = next((f"; {advice}" for beginning, advice in _ADVICE if problem.startswith(beginning)), "")
    return f"it is not valid JSON: {problem.removesuffix(' at')} at character {position + 1}{advice}"


def _cells(pairs: _Object, keys: _Keys, *, escapes: bool) -> Mapping[str, str]:
    values: Mapping[str, Any] = dict(pairs)
    if len(values) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _NotARowError(f"it gives {quoted(twice)} twice; keep one of them")
    if not keys.are_ours:
        values = keys.renamed(values)
    if not keys.known.issuperset(values):
        raise _NotARowError(keys.unknown(next(name for name in values if name not in keys.known)))
    if escapes or not _TEXT_ONLY.issuperset(map(type, values.values())):
        return {name: _text_of(keys.theirs(name), value) for name, value in values.items()}
    return values


def _text_of(name: str, value: Any) -> str:
    """The text of a value; numbers are texts already."""
    if isinstance(value, str):
        if "\0" in value or _SURROGATE.search(value):
            raise _NotARowError(f"the value of {quoted(name)} contains an escaped character that no text has")
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return ""
    if isinstance(value, _Object) and len(value) == 1:
        key, way = value[0][0], way_to("", name)
        alone = f"write its {quoted(key)} alone, as `jq -c '{way} |= {way_to('', key)}'` does"
        raise _NotARowError(f"the value of {quoted(name)} is an object; {alone}")
    kind = "an object" if isinstance(value, _Object) else "a list"
    raise _NotARowError(f"the value of {quoted(name)} is {kind}; write a text, a number, true or false")


def _refuse_constant(name: str) -> Any:
    raise _NotARowError(f"{name} is not a number; leave the value out if there is none")
