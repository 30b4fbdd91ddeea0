"""The words that a program, its log and the engine know, for shells to complete.

Nothing here fails: of what cannot be read nothing is known. Nothing reads more of a log than its beginning.
"""

from __future__ import annotations

import re
from contextlib import suppress
from functools import wraps
from itertools import chain
from pathlib import Path, PurePosixPath
from time import monotonic
from typing import TYPE_CHECKING

import click

from pointbook_cli.usage.words import TextType

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

_LONGEST = 1.0
"""Seconds of reading a log after which what was found is enough."""
_MOST_MEMBERS = 200
_LARGEST_PARQUET = 20_000_000
"""Bytes: of Parquet more than its beginning is read."""
_ID = re.compile(rb"""^(?:id|"id"): *(?:"([^"\n]*)"|'([^'\n]*)'|([^\s#"'\[\]{}&*!|>,]+))""", re.MULTILINE)


class TypedLine:
    """The words of a command but that which is completed.

    Click does not read those before an option whose value is yet to come, nor those behind the cursor.

    Attributes:
        words: They, behind the command's own name.
    """

    def __init__(self, words: Sequence[str]) -> None:
        self.words = words

    def given(self, option: str) -> Iterator[str]:
        """Every value of an option."""
        for at, word in enumerate(self.words):
            if word == option:
                yield from self.words[at + 1 : at + 2]
            elif word.startswith(f"{option}="):
                yield word.partition("=")[2]

    def first(self, options: Iterable[str]) -> str:
        """The first word that is an argument; `options` are those that take a value."""
        before = ("", *self.words)
        return next(
            word
            for word, last in zip(self.words, before, strict=False)
            if not word.startswith("-") and last not in options
        )


def _as_far_as_known(
    words: Callable[[click.Context, str], Iterable[str]],
) -> Callable[[click.Context, str], list[str]]:
    """What cannot be read is not known."""

    @wraps(words)
    def known(ctx: click.Context, incomplete: str) -> list[str]:
        found: list[str] = []
        with suppress(Exception):  # nothing that is wrong is said while somebody types
            found.extend(words(ctx, incomplete))
        return found

    return known


def _line(ctx: click.Context) -> TypedLine:
    line = ctx.find_object(TypedLine)
    assert line is not None, "what shells ask with has one"
    return line


def _program_folder(ctx: click.Context) -> Path:
    options = [one for one in ctx.command.params if isinstance(one, click.Option) and not one.is_flag]
    return Path(_line(ctx).first({name for option in options for name in option.opts}))


@_as_far_as_known
def _versions(ctx: click.Context, incomplete: str) -> Iterator[str]:
    """The ids of versions, from their lines, so that rules with errors have them too; then what means one."""
    from pointbook.loading.documents import VERSIONS_FOLDER, yaml_files  # noqa: PLC0415 - few completions need it
    from pointbook.model.program import MEANINGS  # noqa: PLC0415 - as above
    from pointbook.source.files import Folder  # noqa: PLC0415 - as above

    del incomplete
    folder = Folder(_program_folder(ctx))
    yield from sorted(
        _id_in(folder.read(path)) or PurePosixPath(path).stem
        for path in yaml_files(folder, VERSIONS_FOLDER)[0]
    )
    yield from MEANINGS


def _id_in(data: bytes) -> str:
    match = _ID.search(data)
    return b"".join(filter(None, match.groups())).decode("utf-8", "replace") if match else ""


@_as_far_as_known
def _members(ctx: click.Context, incomplete: str) -> Iterator[str]:
    """The ids of members at the beginning of the log that is named."""
    from pointbook.loading import load_program  # noqa: PLC0415 - few completions need it
    from pointbook.log.columns import member_columns  # noqa: PLC0415 - as above
    from pointbook.log.reading import blocks_of  # noqa: PLC0415 - as above

    until = monotonic() + _LONGEST
    columns = member_columns(load_program(_program_folder(ctx)))
    found: set[str] = set()
    for path in chain.from_iterable(map(_quickly_read, _line(ctx).given("--members"))):
        for block in blocks_of([path], columns):
            for name in block.columns[0]:  # the first column is a row's unique name
                if name.startswith(incomplete) and name not in found:
                    found.add(name)
                    yield name
            if len(found) >= _MOST_MEMBERS or monotonic() > until:
                return


def _quickly_read(source: str) -> Iterator[Path | str]:
    """The files of a source that can be read in part, and again."""
    from pointbook.log.reading import is_parquet, is_table  # noqa: PLC0415 - few completions need it
    from pointbook.source.files import can_be_read_once, data_files  # noqa: PLC0415 - as above

    if is_table(source) or can_be_read_once(source):
        return
    for path in data_files(source):
        if not can_be_read_once(path) and not (
            is_parquet(path) and Path(path).stat().st_size > _LARGEST_PARQUET
        ):
            yield path


@_as_far_as_known
def _scenarios(ctx: click.Context, incomplete: str) -> Iterator[str]:
    """The names of files of scenarios, without their endings."""
    from pointbook.loading.documents import SCENARIOS_FOLDER, yaml_files  # noqa: PLC0415 - few completions need it
    from pointbook.source.files import Folder  # noqa: PLC0415 - as above

    del incomplete
    for path in yaml_files(Folder(_program_folder(ctx)), SCENARIOS_FOLDER)[0]:
        yield PurePosixPath(path).stem


@_as_far_as_known
def _balances(ctx: click.Context, incomplete: str) -> Iterable[str]:
    """The ids of balances."""
    from pointbook.loading import load_program  # noqa: PLC0415 - few completions need it

    del incomplete
    return load_program(_program_folder(ctx)).balances


@_as_far_as_known
def _codes(ctx: click.Context, incomplete: str) -> list[str]:
    """The codes of findings and of changes."""
    from pointbook.catalogue.findings import finding_rules  # noqa: PLC0415 - few completions need it
    from pointbook.changes.kinds import Kind  # noqa: PLC0415 - as above

    del ctx, incomplete
    return [*(rule.code for rule in finding_rules()), *(kind.code for kind in Kind)]


@_as_far_as_known
def _timezones(ctx: click.Context, incomplete: str) -> tuple[str, ...]:
    """The names of time zones."""
    from pointbook.source.files import timezone_names  # noqa: PLC0415 - few completions need it

    del ctx, incomplete
    return timezone_names()


VERSION = TextType("version", _versions)
OPERAND = TextType("operand", _versions, is_file=True)
MEMBER = TextType("member", _members)
SCENARIO = TextType("scenario", _scenarios)
BALANCE = TextType("balance", _balances)
CODE = TextType("code", _codes)
TIMEZONE = TextType("timezone", _timezones)
