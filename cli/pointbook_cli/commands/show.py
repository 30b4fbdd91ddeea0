"""`pointbook show`: a version as it is in force."""

from __future__ import annotations

import click

from pointbook.loading import load
from pointbook.views.resolved import resolved_yaml
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
    shown = version_id(loaded.usable(), version, "VERSION")
    documents = {version.document.id: version.document for version in loaded.versions}
    say(resolved_yaml(documents[shown]), nl=False)
