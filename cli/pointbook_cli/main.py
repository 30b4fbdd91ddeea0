"""The command `pointbook`: finds the subcommand, and turns what goes wrong into exit codes.

0 clean, 1 findings, 2 wrong usage, 3 rules or data cannot be read, 4 internal error.
"""

from __future__ import annotations

import contextlib
import errno
import gc
import importlib
import io
import os
import shlex
import signal
import sys
from typing import TYPE_CHECKING, NoReturn

import click

from pointbook.version import __version__, is_compiled
from pointbook_cli.progress import working
from pointbook_cli.reporters.escaping import printable
from pointbook_cli.terminal import say
from pointbook_cli.usage.expanded_pattern import refuse_expanded_pattern
from pointbook_cli.usage.slips import TYPED, message_lines

if TYPE_CHECKING:
    from collections.abc import Collection

    from click.shell_completion import CompletionItem

COMMANDS = {
    "validate": "check rules: schema and semantic checks of programs, versions and scenarios",
    "show": "one version as it is in force, with the place each changed value came from",
    "evaluate": "a log under the rules: ledger, standings, history, rejects, summary",
    "explain": "why one member stands where they stand",
    "diff": "what changes in meaning between two versions, and whether it favours members",
    "gitdiff": "the same above the lines that `git diff` shows; git calls it",
    "compare": "what a new version does to real members: who gains, who loses, which change causes it",
    "reconcile": "what another system shows against ours, and the likeliest causes of what differs",
    "test": "run a program's scenarios",
    "adopt": "an unknown export: which column is probably what, and drafts of log.yaml and of rules",
    "init": "a new program, small and complete, to make your own",
    "new": "a draft of a new version: its header, and the values that change",
    "publish": "a version that may no longer change, and those before it",
    "sql": "the rules as a query for a warehouse",
    "rules": "what a code of a finding or of a change means, with an example",
    "schema": "a JSON Schema, for editors and other tools",
    "sample": "a synthetic log for a program, the same for the same seed",
    "demo": "the tour: the shipped program on its example log",
    "completion": "what makes bash, zsh or fish complete all this",
}
"""Each is the function `command` of the module of its name; listed here so that help imports none."""

ASKED_BY_A_SHELL = "_POINTBOOK_COMPLETE"
"""Environment variable by which a shell asks for what can be typed next."""
EXIT_FINDINGS, EXIT_UNREADABLE, EXIT_INTERNAL = 1, 3, 4
EXIT_INTERRUPTED, EXIT_UNREAD = 130, 141  # as shells have it: 128 and the number of the signal
_NOT_WRITABLE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO)


class _Commands(click.Group):
    """Subcommands, imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(COMMANDS)

    def invoke(self, ctx: click.Context) -> object:
        with working(ctx.obj):  # which is over before click says that there was an interrupt
            return super().invoke(ctx)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"pointbook_cli.commands.{cmd_name}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from pointbook.diagnostics import suggestion  # noqa: PLC0415 - only on a mistake

            raise click.UsageError(f"there is no command `{args[0]}`; {suggestion(args[0], COMMANDS)}", ctx)
        name, command, words = super().resolve_command(ctx, args)
        ctx.meta[TYPED] = tuple(words)
        if command is not None and not ctx.resilient_parsing:
            refuse_expanded_pattern(command, words, click.Context(command, ctx, name))
        return name, command, words

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
        """Commands, none of which is imported, and options."""
        from click.shell_completion import CompletionItem  # noqa: PLC0415 - only for a shell that completes

        named = [
            CompletionItem(name, help=about)
            for name, about in COMMANDS.items()
            if name.startswith(incomplete)
        ]
        return [*named, *click.Command.shell_complete(self, ctx, incomplete)]


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(
    __version__,
    prog_name="pointbook",
    message=f"%(prog)s %(version)s ({'compiled' if is_compiled() else 'pure Python'})",
)
def cli() -> None:
    """Rules as data for points programs: validate, evaluate, explain, compare.

    PROGRAM is a folder with program.yaml and versions/. Begin with `pointbook demo`; a program of your own
    begins with `pointbook init`.

    Exit codes: 0 clean, 1 findings, 2 wrong usage, 3 rules or data cannot be read, 4 internal error.
    """


def main() -> NoReturn:
    """Run the command line."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # Files and pipes get UTF-8 on every system; a terminal that lacks a character shows its code.
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="backslashreplace")
    for name in ("SIGTERM", "SIGHUP"):  # Windows has only the first; `nohup` has the second ignored
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, _stopped)
    # A command ends soon, and its records never refer in circles: looking for such takes a tenth of the time.
    gc.disable()
    code = exit_code_of(sys.argv[1:])
    gc.freeze()  # nor are they looked for at the end, which takes longer than many a command
    sys.exit(code)


def _stopped(number: int, _: object) -> NoReturn:
    """Ends the run in the ordinary way, so that unfinished output files are deleted."""
    sys.exit(128 + number)


def exit_code_of(arguments: list[str]) -> int:
    """Run with these arguments and return the exit code; whatever goes wrong is said on stderr."""
    if instruction := os.environ.get(ASKED_BY_A_SHELL):
        from pointbook_cli.usage.shells import completed  # noqa: PLC0415 - only for a shell that completes

        sys.stdout.write(completed(cli, instruction))
        return 0
    try:
        try:
            named = next(iter(arguments), None)
            result = cli.main(arguments, prog_name="pointbook", standalone_mode=False, obj=named)
            if sys.stdout is not None:
                sys.stdout.flush()
        except Exception as error:  # noqa: BLE001 - the last line of defence; what it cannot name is ours
            return _reported(error)
    except (BrokenPipeError, SystemExit) as error:
        if isinstance(error, SystemExit) and error.code != EXIT_FINDINGS:
            raise
        # The reader of our output is gone (which click takes for findings).
        _abandon_output()
        return EXIT_UNREAD
    except Exception as error:  # noqa: BLE001 - nothing that goes wrong while reporting may hide that something did
        with contextlib.suppress(Exception):
            say(
                f"internal error in pointbook {__version__}: what went wrong cannot be told, because of"
                f" {error!r}; please report it",
                err=True,
            )
        _abandon_output()
        return EXIT_INTERNAL
    return result if isinstance(result, int) else 0


def _where_to_look(faulty: Collection[str]) -> str | None:
    """The command that shows errors in their lines; for a draft outside a program there is none."""
    from pathlib import Path  # noqa: PLC0415 - only on failure

    at_hand = [name for name in sorted(faulty) if os.path.exists(name)]  # noqa: PTH110 - that of paths can fail
    folders = (folder for name in at_hand for folder in (Path(name), *Path(name).parents[:2]))
    if any(os.path.exists(folder / "program.yaml") for folder in folders):  # noqa: PTH110 - as above
        named = (f"./{name}" if name.startswith("-") else name for name in at_hand)  # no option
        return f"`pointbook validate {shlex.join(named)}` shows each in its line"
    first = min(faulty)
    if at_hand or ":" not in first:
        return None
    return f"`git show {shlex.quote(first)}` prints the file as it is there"


def _abandon_output() -> None:
    """Lets nothing more be written, so that Python does not complain once more while it shuts down."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):
            stream.flush()
        with contextlib.suppress(Exception):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _reported(error: Exception) -> int:
    """Says on stderr what went wrong, and returns the exit code.

    Raises:
        BrokenPipeError: Nobody reads that.
    """
    if isinstance(error, BrokenPipeError):
        raise error
    if isinstance(error, click.exceptions.NoArgsIsHelpError):  # whose message is the help, in lines of ours
        say(error.format_message(), err=True)
        return error.exit_code
    if isinstance(error, click.ClickException):
        shown = "\n".join(message_lines(error))
        error.format_message = lambda: shown  # type: ignore[method-assign]  # names can be anything
        told = io.StringIO()
        error.show(told)
        say(told.getvalue(), err=True, nl=False)
        return error.exit_code
    if isinstance(error, click.exceptions.Abort):
        from pointbook_cli.output_files import WRITTEN  # noqa: PLC0415 - only on an interrupt

        cause = error.__cause__ or error.__context__
        written = cause is not None and WRITTEN in getattr(cause, "__notes__", ())
        say(f"stopped; {WRITTEN if written else 'nothing was written'}", err=True)
        return EXIT_INTERRUPTED
    from pointbook.diagnostics import InputError, RulesError  # noqa: PLC0415 - only on failure

    if isinstance(error, InputError):
        where, message, hint = map(printable, (error.where, error.message, error.hint))
        say(f"error: {where}: {message}\n  help: {hint}", err=True)
        return EXIT_UNREADABLE
    if isinstance(error, RulesError):
        from pointbook_cli.reporters.findings.text import counted, findings_concise  # noqa: PLC0415 - only on failure

        say(findings_concise(error.errors), err=True, nl=False)
        say(f"error: the rules cannot be used: {counted(error.findings)}", err=True)
        if help_text := _where_to_look({finding.span.file for finding in error.errors}):
            say(f"  help: {printable(help_text)}", err=True)
        return EXIT_UNREADABLE
    _say_failure(error)
    return EXIT_INTERNAL


def _say_failure(error: Exception) -> None:
    """Says on stderr what failed without the input's being wrong."""
    from pointbook.folding.processes import WorkerDiedError, WorkerFailedError  # noqa: PLC0415 - only on failure

    if isinstance(error, OSError) and error.errno in _NOT_WRITABLE:
        reason = (error.strerror or "the disk is full").lower()
        say(f"error: the output cannot be written: {printable(reason)}", err=True)
        return
    if isinstance(error, WorkerDiedError):
        hint = "memory may have run short: use fewer `--workers`, or a smaller `--memory-limit`"
        say(f"error: {printable(str(error))}\n  help: {hint}", err=True)
        return
    import textwrap  # noqa: PLC0415 - only on failure
    import traceback  # noqa: PLC0415 - only on failure

    if isinstance(error, WorkerFailedError):  # its message has the worker's own lines, which say where it was
        lines = str(error).rstrip()
    else:
        lines = "".join(traceback.format_exception(error)).rstrip()
    say(textwrap.indent(lines, "  "), err=True)  # a message of several lines makes up none of ours
    say(f"internal error in pointbook {__version__}: please report it with the lines above", err=True)
