"""`pointbook schema`: the JSON Schemas, and what makes editors use them."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import click

from pointbook.diagnostics import InputError
from pointbook.source import files
from pointbook.structure.validators import SCHEMAS, schema
from pointbook_cli.output_files import WRITTEN, output_files
from pointbook_cli.reporters.escaping import json_text, printable
from pointbook_cli.terminal import say
from pointbook_cli.usage.words import ChoiceType

_SETTINGS = Path(".vscode/settings.json")


@click.command(epilog="Example: pointbook schema --all .")
@click.argument("name", metavar="[NAME]", type=ChoiceType(SCHEMAS), required=False)
@click.option(
    "--all",
    "folder",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Write every schema to this folder, the one that you open in your editor, and settings for VS Code.",
)
def command(name: str | None, folder: Path | None) -> None:
    """Print a JSON Schema (2020-12), or write all of them.

    NAME is one of what people write: `program`, `version` (a file of versions/: a `complete` version, or as a
    `patch` what it changes of another), `scenario`, `guardrails`, `approvals`, `survivors`, `event` (a row of
    the log) or `member`. Editors that know YAML schemas check and complete rules with it. Or it is what
    commands write: `lock` (`publish`), or as JSON `changes` (`diff`) or `comparison` (`compare`).

    Settings that are there already are left as they are: it prints what to add to them.
    """
    if (name is None) is (folder is None):
        raise click.UsageError(f"name one schema ({', '.join(SCHEMAS)}), or write all of them with --all DIR")
    if folder is None:
        assert name is not None
        say(json_text(schema(name)))
    else:
        _write_all(folder)


def _write_all(folder: Path) -> None:
    """Write every schema, then settings where there are none: these are of use only with all the schemas."""
    _refuse_to_replace(folder)
    settings, place = _settings(), folder / _SETTINGS
    is_there = os.path.lexists(place)
    _write({_place(folder, name): schema(name) for name in SCHEMAS})
    if not is_there:
        try:
            _write({place: settings})
        except BaseException as error:
            error.add_note(WRITTEN)  # the schemas are
            raise
    elif not _has(place, settings):
        say(f"\n{printable(str(place))} is left as it is; add to it:\n\n{json_text(settings)}")


def _write(values: dict[Path, dict[str, Any]]) -> None:
    """Write values as JSON, all of them or none, and print the names of the files."""
    try:
        with output_files(list(values)) as written:
            for file, value in zip(written, values.values(), strict=True):
                file.write(f"{json_text(value)}\n")
    except click.BadParameter as error:
        error.param_hint = "--all"
        raise
    for path in values:
        say(printable(str(path)))


def _place(folder: Path, name: str) -> Path:
    return folder / f"{name}.schema.json"


def _refuse_to_replace(folder: Path) -> None:
    """Refuse where a file with the name of a schema is something else."""
    others = [
        path.name
        for name in SCHEMAS
        for path in (_place(folder, name),)
        if os.path.lexists(path) and _read(path).get("$id") != schema(name)["$id"]
    ]
    if others:
        message = f"{folder} has {' and '.join(others)} of someone else's; move it, or name another folder"
        raise click.BadParameter(message, param_hint="--all")


def _settings() -> dict[str, Any]:
    """What VS Code needs to know: which schema is for which files, wherever in the folder these are."""
    of_files = {f"./{_place(Path(), name)}": schema(name).get("x-files") for name in SCHEMAS}
    return {"yaml.schemas": {path: names for path, names in of_files.items() if names}}


def _has(place: Path, settings: dict[str, Any]) -> bool:
    """Whether the settings that are there have all of these already."""
    there = _read(place)
    return all(
        isinstance(there.get(key), dict) and value.items() <= there[key].items()
        for key, value in settings.items()
    )


def _read(path: Path) -> dict[str, Any]:
    """A file of JSON; empty where it is anything else, such as JSON with comments."""
    try:
        found = json.loads(files.bytes_of(path))
    except (InputError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
