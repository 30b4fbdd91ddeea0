"""The page about warehouses: schedules are read as cron and Airflow read them, commands by the command."""

from __future__ import annotations

import ast
import re
import shlex
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from pointbook_cli.main import COMMANDS

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/warehouse.md").read_text(encoding="utf-8")
CRON = (ROOT / "docs/warehouse/pointbook.cron").read_text(encoding="utf-8")
DAG = (ROOT / "docs/warehouse/pointbook_dag.py").read_text(encoding="utf-8")
FIELDS = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
SETTING = re.compile(r"[A-Z]+=\S+")


def options_of(words: list[str]) -> dict[str, Any]:
    """What the command makes of its words; wrong ones are an error."""
    assert words[0] == "pointbook"
    assert words[1] in COMMANDS
    command = import_module(f"pointbook_cli.commands.{words[1]}").command
    params: dict[str, Any] = command.make_context(words[1], words[2:]).params
    return params


def jobs() -> list[tuple[list[str], str, str]]:
    """The fields of time, the user and the command of each line that has one."""
    lines = [line for line in CRON.splitlines() if line.strip() and not line.startswith("#")]
    found = [line.split(maxsplit=6) for line in lines if not SETTING.fullmatch(line)]
    return [(fields[:5], fields[5], fields[6]) for fields in found]


def numbers(field: str, least: int, most: int) -> set[int]:
    """The numbers that a field of cron means."""
    if field == "*":
        return set(range(least, most + 1))
    found: set[int] = set()
    for part in field.split(","):
        first, _, last = part.partition("-")
        found |= set(range(int(first), int(last or first) + 1))
    assert found <= set(range(least, most + 1))
    return found


def test_cron_runs_it_once_every_night():
    days: list[int] = []
    for fields, user, _ in jobs():
        minute, hour, day, month, weekday = (
            numbers(field, *of) for field, of in zip(fields, FIELDS, strict=True)
        )
        assert (len(minute), len(hour), len(day), len(month), user) == (1, 1, 31, 12, "pointbook")
        days += weekday
    assert sorted(days) == list(range(7))


def test_the_commands_of_cron_are_understood():
    commands = [command for _, _, command in jobs()]
    assert len(commands) == 2
    for command in commands:
        assert not re.search(r"(?<!\\)%", command), "cron ends the command at a `%`"
        shell = command.replace("\\%", "%")
        folder, evaluate = shell.split(" && ")
        assert folder == "cd /srv/club"
        evaluate = evaluate.rpartition(" >> ")[0]
        evaluate = evaluate.replace('"$(date -d yesterday +%F)"', "2026-11-27")
        options = options_of(shlex.split(evaluate))
        assert options["backend"].kind == "postgresql"
        assert options["output_format"] == "table"
        assert options["events"] == ("table:app.events",)
        assert " --update" in evaluate
    assert [" --full" in command for command in commands] == [False, True]


def test_the_dag_of_airflow_is_understood():
    tree = ast.parse(DAG)
    texts = {
        node.targets[0].id: ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    commands = {}
    for call in calls:
        given = {keyword.arg: keyword.value for keyword in call.keywords}
        if "bash_command" in given:
            command = given["bash_command"]
            text = texts[command.id] if isinstance(command, ast.Name) else ast.literal_eval(command)
            commands[ast.literal_eval(given["task_id"])] = re.sub(r"{{[^}]*}}", "2026-11-27", text)
    assert list(commands) == ["validate", "evaluate"]
    options_of(shlex.split(commands["validate"]))
    options = options_of(shlex.split(commands["evaluate"]))
    assert options["output_format"] == "table"
    assert options["run_id"] == str(options["as_of"]) == "2026-11-27"
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported == {"datetime", "airflow.providers.standard.operators.bash", "airflow.sdk"}


@pytest.mark.parametrize("file", re.findall(r"\]\((warehouse/[^)]+)\)", PAGE))
def test_the_files_of_the_page_are_there(file: str):
    assert (ROOT / "docs" / file).is_file()


def test_the_command_on_the_page_is_understood():
    (command,) = re.findall(r"\| (pointbook evaluate .*)$", PAGE, re.MULTILINE)
    assert options_of(shlex.split(command))["events"] == ("-",)
