"""`pointbook schema`: the JSON Schemas."""

from __future__ import annotations

import click

from pointbook.structure.validators import SCHEMAS, schema
from pointbook_cli.reporters.escaping import json_text
from pointbook_cli.terminal import say


@click.command(epilog="Example: pointbook schema version > version.schema.json")
@click.argument("name", metavar="NAME", type=click.Choice(SCHEMAS))
def command(name: str) -> None:
    """Print a JSON Schema (2020-12).

    NAME is one of what people write: `program`, `version`, `patch` (a version that changes another),
    `scenario`, `guardrails`, `approvals`, `survivors`, `event` (a row of the log) or `member`. Editors that
    know YAML schemas check and complete rules with it. Or it is what commands write: `lock` (`publish`), or
    as JSON `changes` (`diff`) or `comparison` (`compare`).
    """
    say(json_text(schema(name)))
