"""What is said where the command is not typed as it must be."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import click

from pointbook.diagnostics import suggestion
from pointbook_cli.reporters.escaping import printable
from pointbook_cli.terminal import columns

if TYPE_CHECKING:
    from collections.abc import Sequence

TYPED = "pointbook.typed"
"""Key of the words behind the command's name, in a context's `meta`."""

_WANTS = {
    "PROGRAM": "the folder with program.yaml and versions/",
    "VERSION": "a version's id, `latest`, `published` or `draft`",
    "MEMBER": "a member's id",
    "EVENTS": "the export: a file, a folder or a pattern; `-` is standard input",
    "DIR": "a folder",
    "SHELL": "bash, zsh or fish",
}
"""What each argument wants, by what it is called; options say it in their help."""


def message_lines(error: click.ClickException) -> Sequence[str]:
    """What is said of it, line by line; nothing in them steers a terminal or makes up a line."""
    if isinstance(error, click.MissingParameter) and error.ctx is not None and error.param is not None:
        return _of_missing(error.ctx, error.param)
    if isinstance(error, click.NoSuchOption) and error.ctx is not None:
        return (printable(_of_unknown_option(error.option_name, error.ctx)),)
    return (printable(error.format_message()),)


def _of_missing(ctx: click.Context, first: click.Parameter) -> list[str]:
    """Everything that is missing, with what it wants. What was given is read before that is found.

    What was found missing first may be required by other options alone.
    """
    missing = [
        one
        for one in ctx.command.params
        if (one.required or one is first) and not ctx.params.get(one.name or "")
    ]
    named = [_named(one, ctx) for one in missing]
    width = max(map(len, named))
    wants = [
        textwrap.fill(
            _wanted(one, ctx),
            columns(),
            initial_indent=f"  {name:{width}}  ",
            subsequent_indent=" " * (width + 4),
            break_on_hyphens=False,
        )
        for name, one in zip(named, missing, strict=True)
    ]
    what = " and ".join(filter(None, (", ".join(named[:-1]), named[-1])))
    return [f"{what} {'is' if len(named) == 1 else 'are'} missing:", *wants]


def _named(parameter: click.Parameter, ctx: click.Context) -> str:
    metavar = parameter.make_metavar(ctx)
    return f"{parameter.opts[0]} {metavar}" if isinstance(parameter, click.Option) else metavar


def _wanted(parameter: click.Parameter, ctx: click.Context) -> str:
    if isinstance(parameter, click.Option):
        first = (parameter.help or "").partition(". ")[0].partition(";")[0].removesuffix(".")
        return f"{first[:1].lower()}{first[1:]}"
    return _WANTS.get(parameter.make_metavar(ctx), "")


def _of_unknown_option(name: str, ctx: click.Context) -> str:
    """That there is no such option; of one with one hyphen click knows the first letter only."""
    if not name.startswith("--"):
        words = ctx.meta.get(TYPED, ())
        name = next((word for word in words if word.startswith(name)), name)
    options = [one for one in ctx.command.get_params(ctx) if isinstance(one, click.Option)]
    known = {option.lstrip("-"): option for one in options for option in one.opts if option.startswith("--")}
    hint = suggestion(name.lstrip("-").partition("=")[0], known)
    for word, option in known.items():
        hint = hint.replace(f"`{word}`", f"`{option}`")
    return f"there is no option `{name}`; {hint}"
