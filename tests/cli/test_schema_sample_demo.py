from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import jsonschema
import pytest

from pointbook.loading import load_program
from pointbook.log import read_log
from pointbook.structure.validators import SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Shell

GOLDEN = Path(__file__).parents[1] / "golden"


@pytest.mark.parametrize("name", SCHEMAS)
def test_each_schema_is_a_valid_one_of_2020_12(shell: Shell, name: str) -> None:
    done = shell.run("schema", name)
    assert done.code == 0
    assert not done.err
    schema = json.loads(done.out)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema.Draft202012Validator.check_schema(schema)


def test_an_unknown_schema_is_wrong_usage_that_lists_them(shell: Shell) -> None:
    near, far = (shell.run("schema", name) for name in ("versions", "nothing"))
    assert (near.code, far.code) == (2, 2)
    assert "there is no `versions`; did you mean `version`?" in near.err
    known = "known: `approvals`, `changes`, `comparison`, `complete`, `event`, `guardrails`, `lock`, "
    assert f"there is no `nothing`; {known}" in " ".join(far.err.split())


def test_sample_gives_the_same_bytes_for_the_same_seed(shell: Shell) -> None:
    arguments = ("sample", "club", "--members", "5", "--events", "60", "--to", "2025-12-31")
    first = shell.run(*arguments, "--seed", "4", "--out", "one")
    assert (first.code, first.out) == (0, "one/members.csv\none/events.csv\n")
    shell.run(*arguments, "--seed", "4", "--out", "two", env={"PYTHONHASHSEED": "99"})
    shell.run(*arguments, "--seed", "5", "--out", "three")
    one, two, three = ((shell.folder / name / "events.csv").read_bytes() for name in ("one", "two", "three"))
    assert one == two
    assert one != three
    assert shell.names("one") == ["events.csv", "members.csv"]


def test_a_sample_without_mistakes_is_a_log_without_rejects(shell: Shell) -> None:
    shell.run("sample", "club", "--members", "5", "--events", "60", "--mistakes", "0", "--out", "s")
    program = load_program(shell.folder / "club")
    log = read_log(program, members=[shell.folder / "s/members.csv"], events=[shell.folder / "s/events.csv"])
    assert (len(log.members), log.events_read, log.rejects, log.member_rejects) == (5, 60, (), ())


@pytest.mark.parametrize(
    "options",
    [
        ("--members", "-1"),
        ("--members", "many"),
        ("--from", "2024-02-30"),
        ("--from", "2025-01-01", "--to", "2024-01-01"),
        ("--mistakes", "1001"),
    ],
)
def test_a_sample_that_cannot_be_is_wrong_usage(shell: Shell, options: tuple[str, ...]) -> None:
    done = shell.run("sample", "club", "--out", "s", *options)
    assert done.code == 2, done.err
    assert "Traceback" not in done.err
    assert not (shell.folder / "s").exists()


def test_demo_shows_the_tour(repository: Shell, golden: Callable[[Path, str], None]) -> None:
    done = repository.run("demo")
    assert done.code == 0
    assert not done.err
    golden(GOLDEN / "demo.txt", done.out)


def test_what_demo_says_to_try_next_works(repository: Shell, tmp_path: Path) -> None:
    text = (GOLDEN / "demo.txt").read_text(encoding="utf-8")
    commands = [line.split() for line in text.splitlines() if line.startswith("  pointbook ")]
    assert [command[1] for command in commands] == ["explain", "evaluate", "test"]
    for _, *arguments in commands:
        elsewhere = [str(tmp_path / word) if word == "results" else word for word in arguments]
        done = repository.run(*elsewhere)
        assert done.code == (1 if arguments[0] == "evaluate" else 0), done.err


def test_demo_runs_from_any_folder(shell: Shell) -> None:
    done = shell.run("demo")
    assert done.code == 0
    assert done.out.startswith("DataMiner DevOps Professional Program\n")


def test_the_full_demo_hides_no_event(repository: Shell) -> None:
    done = repository.run("demo", "--full")
    assert done.code == 0
    assert "earlier events" not in done.out


def test_the_module_runs_like_the_command(repository: Shell) -> None:
    script = Path(sys.executable).with_name("pointbook")
    if not script.exists():
        pytest.skip("the console script is not installed beside this Python")
    done = subprocess.run([script, "--version"], capture_output=True, text=True, check=False, timeout=60)
    assert done.stdout == repository.run("--version").out


def test_a_sample_does_not_replace_files_that_are_there(shell: Shell) -> None:
    (shell.folder / "mine").mkdir()
    kept = shell.folder / "mine/members.csv"
    kept.write_text("mine\n", encoding="utf-8")
    refused = shell.run("sample", "club", "--members", "2", "--out", "mine")
    assert refused.code == 2
    assert "mine already has members.csv" in refused.err
    assert kept.read_text(encoding="utf-8") == "mine\n"
    assert shell.run("sample", "club", "--members", "2", "--out", "mine", "--overwrite").code == 0
    assert kept.read_text(encoding="utf-8").startswith("member_id,")


def test_a_sample_can_have_members_whose_attributes_change(shell: Shell) -> None:
    """Members as without the option, and after some of them a row in which a truth is another one."""
    kinds = "{partner: {type: boolean}, town: {type: text}}"
    shell.edit("club/program.yaml", "source:", f"member_attributes: {kinds}\nsource:")
    rows = {}
    for name, options in (("plain", ()), ("dated", ("--dated",))):
        done = shell.run("sample", "club", "--members", "80", "--events", "10", "--out", name, *options)
        assert done.code == 0, done.err
        rows[name] = [
            line.split(",") for line in (shell.folder / name / "members.csv").read_text().splitlines()
        ]
    header, *dated = rows["dated"]
    assert header == ["member_id", "signed_up_on", "valid_from", "partner", "town"]
    assert [[*row[:2], *row[3:]] for row in dated if not row[2]] == rows["plain"][1:]
    own = {row[0]: row for row in dated if not row[2]}
    later = [row for row in dated if row[2]]
    assert 10 < len(later) < 30  # a quarter of 80
    for member, signed_up_on, valid_from, partner, town in later:
        assert valid_from > signed_up_on == own[member][1]
        assert partner == {"true": "false", "false": "true", "": "true"}[own[member][3]]
        assert town == own[member][4]
    log = (
        "--events",
        "dated/events.csv",
        "--members",
        "dated/members.csv",
        "--out",
        "out",
        "--backend",
        "python",
    )
    shell.run("evaluate", "club", *log)
    assert '"member_rejects": 0' in (shell.folder / "out/summary.json").read_text()
