"""A pattern of names, such as `log/*.csv`, in whose place a shell has put the files themselves."""

from __future__ import annotations

import glob
import os
import shlex
from itertools import takewhile
from pathlib import PurePath
from typing import TYPE_CHECKING, NamedTuple

import click

from pointbook.source.endings import CSV, JSON_LINES, PARQUET, ending_of
from pointbook_cli.usage.words import SourceType

if TYPE_CHECKING:
    from collections.abc import Sequence

_MOST_NAMED = 4
_ENDINGS = (*CSV, *JSON_LINES, *PARQUET)


class _Files(NamedTuple):
    """Files that follow one another.

    Attributes:
        option: What the first of them was given to; None for an argument.
        names: As they were typed.
    """

    option: click.Option | None
    names: Sequence[str]


def refuse_expanded_pattern(command: click.Command, words: Sequence[str], ctx: click.Context) -> None:
    """Refuse files that follow the one that an option takes, and that nothing else can take.

    Args:
        command: The command that is called.
        words: What it is called with.
        ctx: Of that command.

    Raises:
        click.UsageError: There are such files; it says what to type instead.
    """
    arguments = [one for one in command.params if isinstance(one, click.Argument)]
    if any(argument.nargs != 1 for argument in arguments):
        return
    positional, runs = _read(command, words)
    programs = [at for at, one in enumerate(arguments) if one.name == "program_folder"]
    for files in runs:
        takes = files.option or next(filter(_takes_sources, arguments), None)
        if takes is None:
            continue  # which options are missing says more
        is_program = any(positional[at : at + 1] == [files.names[-1]] for at in programs)
        if len(positional) > len(arguments) or (is_program and files.option is not None):
            raise click.UsageError(_said(takes, files.names), ctx)


def _read(command: click.Command, words: Sequence[str]) -> tuple[list[str], list[_Files]]:
    """The words that go to arguments; and files of data of one kind that stand together."""
    options = {
        name: one
        for one in command.params
        if isinstance(one, click.Option) and not one.is_flag
        for name in one.opts
    }
    positional: list[str] = []
    runs: list[_Files] = []
    at = 0
    while at < len(words):
        option = options.get(words[at])
        joined = options.get(words[at].partition("=")[0]) if "=" in words[at] else None
        first = words[at].partition("=")[2] if joined else words[at]
        if option is not None:
            at += 1
            first = words[at] if at < len(words) else ""
        elif joined is None and not _is_option(words[at]):
            positional.append(words[at])
        at += 1
        if (option or joined) is None and _is_option(first):
            continue
        more = _alike(first, words[at:])
        positional += more
        at += len(more)
        if more:
            runs.append(_Files(option or joined, (first, *more)))
    return positional, runs


def _is_option(word: str) -> bool:
    return word.startswith("-") and word != "-"


def _alike(first: str, words: Sequence[str]) -> list[str]:
    """The words up to the first that is no file like this one; none if this is no file of data."""
    ending = ending_of(first)
    if ending not in _ENDINGS or not os.path.isfile(first):  # noqa: PTH113 - that of paths can fail
        return []
    return list(
        takewhile(
            lambda word: ending_of(word) == ending and os.path.isfile(word),  # noqa: PTH113 - as above
            words,
        )
    )


def _said(takes: click.Parameter, names: Sequence[str]) -> str:
    is_option = isinstance(takes, click.Option)
    typed = f"{takes.opts[0]} " if is_option else ""
    taker = f"`{takes.opts[0]}`" if is_option else takes.human_readable_name
    said = f"{taker} takes one name at a time, and {len(names)} files are there"
    if not _takes_sources(takes):
        return f"{said}; name one of them"
    if (pattern := _pattern_of(names)) is not None:
        quoted = shlex.quote(pattern)  # which has a star, so that it comes to stand in quotation marks
        told = "the shell has put in place of a pattern; write the pattern in quotation marks"
        return f"{said}, which {told}: {typed}{quoted}"
    if is_option:
        each = " ".join(f"{typed}{shlex.quote(name)}" for name in names[:_MOST_NAMED])
        return f"{said}; give the option before each: {each}{' ...' if len(names) > _MOST_NAMED else ''}"
    return f"{said}; name one of them, their folder, or a pattern in quotation marks"


def _takes_sources(parameter: click.Parameter) -> bool:
    return isinstance(parameter.type, SourceType)


def _pattern_of(names: Sequence[str]) -> str | None:
    """A pattern that these files fit, and no others."""
    parts = [PurePath(name).parts for name in names]
    if len({len(one) for one in parts}) != 1:
        return None
    columns = list(zip(*parts, strict=True))
    wanted = sorted(map(os.path.normpath, names))
    for head in (False, True):
        pattern = os.path.join(*(_of_all(column, head=head) for column in columns))  # noqa: PTH118 - no path
        if sorted(map(os.path.normpath, glob.glob(pattern))) == wanted:  # noqa: PTH207 - as a shell has it
            return pattern
    return None


def _of_all(texts: Sequence[str], *, head: bool) -> str:
    """A pattern that these names fit: their ending, or with `head` all that they begin and end with."""
    if len(set(texts)) == 1:
        return texts[0]
    begin = _shared_beginning(texts) if head else ""
    end = _shared_beginning([text[len(begin) :][::-1] for text in texts])[::-1]
    return f"{begin}*{end if head else PurePath(f'a{end}').suffix}"


def _shared_beginning(texts: Sequence[str]) -> str:
    alike = takewhile(lambda letters: len(set(letters)) == 1, zip(*texts, strict=False))
    return "".join(letters[0] for letters in alike)
