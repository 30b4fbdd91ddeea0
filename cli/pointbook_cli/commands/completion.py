"""`pointbook completion`: what makes a shell complete the command."""

from __future__ import annotations

import click

from pointbook_cli.terminal import say
from pointbook_cli.usage.shells import SHELLS, script
from pointbook_cli.usage.words import ChoiceType


@click.command(epilog="Example: pointbook completion bash")
@click.argument("shell", metavar="SHELL", type=ChoiceType(tuple(SHELLS)))
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """Print what makes bash, zsh or fish complete commands, options, versions, members and files.

    \b
    A line of its own, in ~/.bashrc, ~/.zshrc or ~/.config/fish/config.fish:
      eval "$(pointbook completion bash)"
      eval "$(pointbook completion zsh)"
      pointbook completion fish | source

    Versions and scenarios are those of the PROGRAM that is typed, members those at the beginning of the
    files of --members. Of rules or files that cannot be read nothing is completed, and nothing is said.
    """  # noqa: D301 - click keeps the lines of a paragraph that begins with this character
    say(script(ctx.find_root().command, shell), nl=False)
