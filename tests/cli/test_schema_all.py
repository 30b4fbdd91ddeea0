"""Every schema and settings for editors, written where people open their rules."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from pointbook.structure.validators import SCHEMAS, schema

if TYPE_CHECKING:
    from conftest import Shell

SETTINGS = ".vscode/settings.json"
OF_FILES = {
    "./program.schema.json": ["program.yaml"],
    "./version.schema.json": ["versions/*.yaml", "versions/*.yml"],
    "./scenario.schema.json": ["scenarios/*.yaml", "scenarios/*.yml"],
    "./guardrails.schema.json": ["guardrails.yaml"],
    "./approvals.schema.json": ["approvals.yaml"],
    "./survivors.schema.json": ["survivors.yaml"],
}


def test_all_writes_every_schema_and_settings(shell: Shell) -> None:
    done = shell.run("schema", "--all", "rules")
    assert (done.code, done.err) == (0, "")
    written = [f"rules/{name}.schema.json" for name in SCHEMAS]
    assert done.out.splitlines() == [*written, f"rules/{SETTINGS}"]
    assert shell.names("rules") == sorted([".vscode", *(f"{name}.schema.json" for name in SCHEMAS)])
    for name in SCHEMAS:
        text = (shell.folder / f"rules/{name}.schema.json").read_text(encoding="utf-8")
        assert json.loads(text) == schema(name)
        assert text == shell.run("schema", name).out
    settings = json.loads((shell.folder / f"rules/{SETTINGS}").read_text(encoding="utf-8"))
    assert OF_FILES.items() <= settings["yaml.schemas"].items()


def test_validate_says_nothing_of_what_all_writes(shell: Shell) -> None:
    before = shell.run("validate", ".")
    for folder in (".", "club", "club/versions", "club/scenarios"):
        assert shell.run("schema", "--all", folder).code == 0
    after = shell.run("validate", ".")
    assert (after.code, after.out, after.err) == (before.code, before.out, before.err)


@pytest.mark.parametrize(
    "text", ['{"editor.tabSize": 2}\n', "// mine\n{}\n", "", '{"yaml.schemas": 7}', "[]"]
)
def test_settings_that_are_there_are_left_and_what_to_add_is_printed(shell: Shell, text: str) -> None:
    mine = shell.write(SETTINGS, text)
    done = shell.run("schema", "--all", ".")
    assert done.code == 0
    assert mine.read_text(encoding="utf-8") == text
    _, _, to_add = done.out.partition(f"{SETTINGS} is left as it is; add to it:\n\n")
    assert OF_FILES.items() <= json.loads(to_add)["yaml.schemas"].items()


def test_settings_that_have_it_all_need_nothing(shell: Shell) -> None:
    shell.run("schema", "--all", ".")
    made = json.loads((shell.folder / SETTINGS).read_text(encoding="utf-8"))
    shell.write(SETTINGS, json.dumps({"editor.tabSize": 2, **made}))
    done = shell.run("schema", "--all", ".")
    assert (done.code, "add to it" in done.out) == (0, False)


def test_a_later_run_replaces_older_schemas(shell: Shell) -> None:
    old = shell.write("version.schema.json", json.dumps({"$id": schema("version")["$id"]}))
    assert shell.run("schema", "--all", ".").code == 0
    assert json.loads(old.read_text(encoding="utf-8")) == schema("version")


@pytest.mark.parametrize("text", ["{}", "not JSON", '{"$id": "https://example.com/event.schema.json"}'])
def test_a_schema_of_someone_else_is_not_replaced(shell: Shell, text: str) -> None:
    theirs = shell.write("event.schema.json", text)
    done = shell.run("schema", "--all", ".")
    assert done.code == 2
    assert ". has event.schema.json of someone else's; move it, or name another folder" in done.err
    assert theirs.read_text(encoding="utf-8") == text
    assert not (shell.folder / ".vscode").exists()
    assert not (shell.folder / "version.schema.json").exists()


@pytest.mark.parametrize("arguments", [(), ("version", "--all", "rules")])
def test_one_schema_or_all_of_them(shell: Shell, arguments: tuple[str, ...]) -> None:
    done = shell.run("schema", *arguments)
    assert done.code == 2
    assert "name one schema (program, version, " in done.err
    assert not (shell.folder / "rules").exists()


def test_a_file_in_place_of_the_folder_is_wrong_usage(shell: Shell) -> None:
    done = shell.run("schema", "--all", "members.csv")
    assert done.code == 2
    assert "--all: members.csv" in done.err
