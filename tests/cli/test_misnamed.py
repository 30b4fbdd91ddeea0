"""Files and folders of a program under nearly the right name: no gate passes over them."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Shell


def _renamed(shell: Shell, old: str, new: str) -> None:
    (shell.folder / "club" / old).rename(shell.folder / "club" / new)


def _errors(out: str) -> list[str]:
    return [line for line in out.splitlines() if ": error[" in line]


@pytest.mark.parametrize(
    "name",
    [
        "program.yml",
        "Program.yaml",
        "programs.yaml",
        "program.yaml.txt",
        "PROGRAM.YML",
        "progam.yaml",
        "programme.yaml",
        "program.yalm",
        "program",
        "program.json",
        "program copy.yaml",
        "program.yaml.bak",
    ],
)
def test_a_misnamed_program_file_is_an_error_with_the_right_name(shell: Shell, name: str) -> None:
    _renamed(shell, "program.yaml", name)
    said = (
        f"club/{name}:1:1: error[misnamed]: the file `{name}` is not read; what is read is called"
        " `program.yaml`; rename it to `program.yaml`\n"
    )
    for path in ("club", "."):
        done = shell.run("validate", path, "--format", "concise")
        assert (done.code, done.out) == (1, said)
        assert done.err == "0 files checked: 1 error, 0 warnings\n"
    for command in (("show", "club", "2024"), ("test", "club")):
        done = shell.run(*command)
        assert done.code == 3
        assert done.err.startswith(said)
    assert shell.evaluate().code == 3


def test_a_misnamed_program_beside_a_sound_one_is_not_passed_over(shell: Shell) -> None:
    shutil.copytree(shell.folder / "club", shell.folder / "rules/eu/club")
    shutil.copytree(shell.folder / "club", shell.folder / "rules/us")
    (shell.folder / "rules/us/program.yaml").rename(shell.folder / "rules/us/program.yml")
    done = shell.run("validate", "rules", "--format", "concise")
    assert done.code == 1
    assert [line.partition(":")[0] for line in _errors(done.out)] == ["rules/us/program.yml"]
    assert done.err.startswith("4 files checked: 1 error")


def test_versions_without_a_program_are_not_passed_over(shell: Shell) -> None:
    shutil.copytree(shell.folder / "club/versions", shell.folder / "other/versions")
    done = shell.run("validate", ".", "--format", "concise")
    assert done.code == 1
    [error] = _errors(done.out)
    assert error == (
        "other/versions:1:1: error[no-program]: these versions are not read: there is no program.yaml beside"
        " this folder; add program.yaml, or move the versions to the program that they belong to"
    )


def test_a_program_in_a_folder_of_folders_is_checked(shell: Shell) -> None:
    shutil.copytree(shell.folder / "club", shell.folder / "rules/eu/west/club")
    shell.edit("rules/eu/west/club/versions/2025.yaml", "threshold: 250", "treshold: 250")
    done = shell.run("validate", "rules", "--format", "concise")
    assert done.code == 1
    assert "rules/eu/west/club/versions/2025.yaml:6:12: error[unknown-key]" in done.out


def test_a_folder_that_links_to_itself_is_searched_once(shell: Shell) -> None:
    (shell.folder / "club/again").symlink_to(shell.folder, target_is_directory=True)
    assert shell.run("validate", ".").err == shell.run("validate", "club").err


@pytest.mark.parametrize("name", ["version", "Versions", "verions", "VERSION"])
def test_a_misnamed_folder_of_versions_is_an_error(shell: Shell, name: str) -> None:
    _renamed(shell, "versions", name)
    shell.edit(f"club/{name}/2025.yaml", "threshold: 250", "treshold: 250")
    done = shell.run("validate", "club", "--format", "concise")
    assert done.code == 1
    assert done.out == (
        f"club/{name}:1:1: error[misnamed]: the folder `{name}/` is not read; what is read is called"
        " `versions/`; rename it to `versions/`\n"
    )
    assert shell.evaluate().code == 3
    assert not (shell.folder / "out").exists()


def test_a_second_folder_of_versions_is_an_error(shell: Shell) -> None:
    shell.write("club/version/2026.yml", 'id: "2026"\nbased_on: "2025"\neffective_from: 2026-01-01\n')
    done = shell.run("validate", "club", "--format", "concise")
    assert done.code == 1
    [error] = _errors(done.out)
    assert error == (
        "club/version:1:1: error[misnamed]: the folder `version/` is not read; what is read is called"
        " `versions/`; move its files to `versions/`, which is there too, or out of the program's folder"
    )


def test_versions_in_one_file_are_an_error(shell: Shell) -> None:
    shell.write("club/versions.yaml", "2026: {}\n")
    [error] = _errors(shell.run("validate", "club", "--format", "concise").out)
    assert error == (
        "club/versions.yaml:1:1: error[misnamed]: the file `versions.yaml` is not read; what is read is"
        " called `versions/`; give each of the versions a file of its own in `versions/`"
    )


@pytest.mark.parametrize("name", ["scenario", "Scenarios", "szenarios"])
def test_a_misnamed_folder_of_scenarios_is_an_error_and_matters_to_test_alone(
    shell: Shell, name: str
) -> None:
    _renamed(shell, "scenarios", name)
    said = (
        f"club/{name}:1:1: error[misnamed]: the folder `{name}/` is not read; what is read is called"
        " `scenarios/`; rename it to `scenarios/`"
    )
    done = shell.run("validate", "club", "--format", "concise")
    assert (done.code, _errors(done.out)) == (1, [said])
    done = shell.run("test", "club")
    assert done.code == 3
    assert done.err.startswith(said)
    assert shell.evaluate().code == 0


@pytest.mark.parametrize("name", ["2026.yaml.txt", "2026.yalm", "2026.ymll", "2026.yaml "])
def test_a_version_with_a_wrong_ending_is_an_error(shell: Shell, name: str) -> None:
    shell.write(f"club/versions/{name}", 'id: "2026"\nbased_on: "2025"\neffective_from: 2026-01-01\n')
    said = (
        f"club/versions/{name}:1:1: error[misnamed]: this file is not read, because its name does not end"
        " with .yaml; rename it to `2026.yaml`, or move it elsewhere"
    )
    for path in ("club", f"club/versions/{name}"):
        done = shell.run("validate", path, "--format", "concise")
        assert (done.code, _errors(done.out)) == (1, [said])
    assert shell.evaluate().code == 3


def test_a_scenario_with_a_wrong_ending_is_an_error(shell: Shell) -> None:
    shell.write("club/scenarios/more.yaml.txt", "title: More\n")
    assert len(_errors(shell.run("validate", "club", "--format", "concise").out)) == 1
    assert shell.run("test", "club").code == 3


@pytest.mark.parametrize("name", ["guardrails.yml", "Guardrail.yaml", "guard-rails.yaml", "approval.yaml"])
def test_misnamed_limits_are_an_error(shell: Shell, name: str) -> None:
    shell.write(f"club/{name}", "guardrails: {}\n")
    done = shell.run("validate", f"club/{name}", "--format", "concise")
    assert done.code == 1
    right = "approvals.yaml" if name.startswith("a") else "guardrails.yaml"
    assert done.out == (
        f"club/{name}:1:1: error[misnamed]: the file `{name}` is not read; what is read is called `{right}`;"
        f" rename it to `{right}`\n"
    )


@pytest.mark.parametrize(
    "name",
    [
        "README.md",
        "program.md",
        "versions.md",
        "progress.yaml",
        "mkdocs.yml",
        "program.yaml.bak",
        "program.yaml~",
        "program-of-2019.yaml",
        ".program.yaml.swp",
        "examples/events.yaml",
        "versions-of-2019/2019.yaml",
        "version/notes.md",
        "permissions/a.yaml",
        "versions/.#2025.yaml",
        "versions/._2025.yaml",
        "versions/.2025.yaml",
        "versions/#2025.yaml#",
        "versions/2025.yaml~",
        "versions/.2025.yaml.swp",
        "versions/~$2025.yaml",
        "versions/version.schema.json",
        "versions/Thumbs.db",
        "scenarios/._visits.yaml",
    ],
)
def test_what_nobody_takes_for_rules_is_no_error(shell: Shell, name: str) -> None:
    before = shell.run("validate", "club")
    shell.write(f"club/{name}", "a: 1\n")
    after = shell.run("validate", "club")
    assert (after.code, after.out, after.err) == (before.code, before.out, before.err)


def test_a_copy_put_aside_in_the_folder_of_versions_is_a_warning(shell: Shell) -> None:
    shell.write("club/versions/2025.yaml.bak", "a: 1\n")
    done = shell.run("validate", "club", "--format", "concise")
    assert done.code == 0
    assert "club/versions/2025.yaml.bak:1:1: warning[unread-file]: this file is not read" in done.out


def test_a_link_that_an_editor_makes_while_a_version_is_edited_stops_nothing(shell: Shell) -> None:
    (shell.folder / "club/versions/.#2024.yaml").symlink_to("user@host.123:456")
    assert shell.run("validate", "club").code == 0
    assert shell.run("show", "club", "latest").code == 0


@pytest.mark.parametrize("name", ["guardrails.yaml", "approvals.yaml", "survivors.yaml", "versions.lock"])
def test_a_folder_in_the_place_of_a_file_is_an_error(shell: Shell, name: str) -> None:
    (shell.folder / "club" / name).mkdir()
    done = shell.run("validate", "club", "--format", "concise")
    assert (done.code, _errors(done.out)) == (
        1,
        [
            (
                f"club/{name}:1:1: error[misnamed]: `{name}` is a folder, of which nothing is read; it must"
                " be a file; restore the file with git, or move the folder elsewhere"
            )
        ],
    )


def test_no_command_passes_over_a_lock_that_is_a_folder(shell: Shell) -> None:
    (shell.folder / "club/versions.lock").mkdir()
    assert shell.run("test", "club").code == 3
    assert shell.evaluate().code == 3
