"""What options and arguments take, with what a shell completes of it and what is said of a slip."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from pointbook.diagnostics import suggestion

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from click.shell_completion import CompletionItem


class ChoiceType(click.Choice[str]):
    """One of some words; a slip gets the nearest."""

    def get_invalid_choice_message(self, value: Any, ctx: click.Context | None) -> str:
        """What is said of another word."""
        del ctx
        return f"there is no `{value}`; {suggestion(str(value), self.choices)}"


class TextType(click.ParamType[str]):
    """A text, of which a shell completes what is known.

    Args:
        name: What it is.
        known: The words there are, by what is typed already: the context, and the beginning of the word.
        is_file: Whether a file can be meant: where no known word begins so, files are completed.
        is_folder: Whether a folder can be meant.
    """

    def __init__(
        self,
        name: str,
        known: Callable[[click.Context, str], Iterable[str]] | None = None,
        *,
        is_file: bool = False,
        is_folder: bool = False,
    ) -> None:
        self.name = name
        self._known = known
        self._place = "file" if is_file else "dir" if is_folder else None

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The text as it was typed."""
        del param, ctx
        return str(value)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """The known words that begin so, else files or folders."""
        from click.shell_completion import CompletionItem  # noqa: PLC0415 - only for a shell that completes

        del param
        words = self._known(ctx, incomplete) if self._known is not None else ()
        found = [CompletionItem(word) for word in words if word.startswith(incomplete) and word.isprintable()]
        if not found and self._place is not None:
            found.append(CompletionItem(incomplete, type=self._place))
        return found


class SourceType(TextType):
    """A file of a log, a folder of such files, or a pattern of their names."""

    def __init__(self) -> None:
        super().__init__("source", is_file=True)


FILE, FOLDER, SOURCE = TextType("file", is_file=True), TextType("folder", is_folder=True), SourceType()
