"""`pointbook show`: a version as it is in force."""

from __future__ import annotations

import click

from pointbook.loading import load
from pointbook.reasoning.unstated import unstated_life_cycles
from pointbook.views.resolved import remarks_on, resolved_yaml
from pointbook_cli.options import program_argument, version_id
from pointbook_cli.terminal import say
from pointbook_cli.usage.known_words import VERSION


@click.command(epilog="Example: pointbook show rules/dataminer-devops 2024-03-13")
@program_argument
@click.argument("version", metavar="VERSION", type=VERSION)
def command(program_folder: str, version: str) -> None:
    """Print one version, by its id or as `latest`, `published` or `draft`, resolved, as YAML.

    A version that changes another is shown whole. Every value that it or a version between took
    from somewhere else than the complete version at the chain's end names the file and line.
    """
    loaded = load(program_folder)
    program = loaded.usable()
    shown = version_id(program, version, "VERSION")
    documents = {version.document.id: version.document for version in loaded.versions}
    known = program.version(shown)
    assert known is not None
    remarks = (*remarks_on(known, program.level_balance), *unstated_life_cycles([known]))
    say(resolved_yaml(documents[shown], remarks), nl=False)
