"""`pointbook adopt`: an unknown export, and drafts for it."""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pointbook.adoption import DRAFTS, adopted
from pointbook.adoption.advice import flat_name, flattening
from pointbook.authoring.starter import id_from, title_from
from pointbook.loading import PROGRAM_FILE, load_program
from pointbook.log.reading import refuse_table_or_query
from pointbook.source.files import shown_name
from pointbook_cli.new_files import refuse_what_is_there
from pointbook_cli.options import known_timezone, refuse_standard_input_twice, timezone_option
from pointbook_cli.output_files import output_folder
from pointbook_cli.output_paths import refuse_missing_folders
from pointbook_cli.progress import stage
from pointbook_cli.reporters.adoption import adoption_text
from pointbook_cli.reporters.escaping import printable
from pointbook_cli.reporters.painting import ADOPTION, NEXT
from pointbook_cli.terminal import say
from pointbook_cli.usage.words import SOURCE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pointbook.adoption import Adoption


@click.command(
    epilog="Example: pointbook adopt export.csv --members users.csv --out my-program --draft-rules"
)
@click.argument("events", metavar="EVENTS", type=SOURCE)
@click.option("--members", metavar="F", type=SOURCE, help="The export of members, if there is one.")
@click.option(
    "--out",
    required=True,
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="The program's folder, with rules or not yet; it is made if it is not there.",
)
@click.option(
    "--draft-rules",
    is_flag=True,
    help="Draft a program and its first version too: each activity, worth 0 points.",
)
@timezone_option
def command(events: str, members: str | None, out: Path, timezone: str, *, draft_rules: bool) -> None:
    """Look at an unknown export, say what each column probably is and why, and draft log.yaml for it.

    EVENTS and the members' file are CSV with any delimiter, JSON Lines or Parquet, with any columns; `-` is
    standard input. Every guess is a line with its evidence, here and in the drafts; nothing is overwritten.
    """
    timezone = known_timezone(timezone)
    if members is not None:
        refuse_standard_input_twice((members,), (events,))
    for source in filter(None, (events, members)):
        refuse_table_or_query(source)
    refuse_missing_folders(out)
    refuse_what_is_there(out, DRAFTS if draft_rules else DRAFTS[:1], "--out")  # not after a long look
    has_program = os.path.exists(out / PROGRAM_FILE)  # noqa: PTH110 - that of paths can fail
    program = load_program(out) if has_program and not draft_rules else None
    with stage("looking at rows") as looking:
        adoption = adopted(events, members, looking.advance)
    name = Path(os.path.abspath(out)).name  # noqa: PTH100 - `..` is not looked up, so that links keep their names
    if draft_rules:
        files = adoption.files_with_rules(id_from(name), title_from(name), timezone)
    else:
        files = adoption.files_for(program)
    refuse_what_is_there(out, list(files), "--out")
    with output_folder(out) as output:
        for path, text in files.items():
            output.file(path).write(text)
    say(adoption_text(adoption), ADOPTION)
    shown = printable(shown_name(out))
    has_rules = draft_rules or has_program
    following = _next_commands(adoption, out, events, members, has_rules=has_rules)
    for line in ("", f"written to {shown}:", *files, "", "next:", *following):
        say(line if not line or line.endswith(":") else f"  {printable(line)}", NEXT)


def _next_commands(
    adoption: Adoption, out: Path, events: str, members: str | None, *, has_rules: bool
) -> Iterator[str]:
    """What to type next."""
    if adoption.events.export.nested:
        yield flattening(adoption.events.export)
        events = flat_name(adoption.events.export)
    if members is not None and adoption.members is not None and adoption.members.export.nested:
        yield flattening(adoption.members.export)
        members = flat_name(adoption.members.export)
    program = shlex.quote(f"./{out}" if str(out).startswith("-") else str(out))
    if not has_rules:
        yield "put log.yaml beside a program.yaml; or use --draft-rules and another --out"
        return
    yield f"pointbook validate {program}"
    log = f"--events {shlex.quote(events)} --members {shlex.quote(members or 'members.csv')}"
    yield f"pointbook evaluate {program} {log} --out results"
