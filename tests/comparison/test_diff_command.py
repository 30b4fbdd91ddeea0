"""`pointbook diff`: sides, formats, exit codes, git."""

from __future__ import annotations

import html
import json
import re
import shlex
import subprocess
from time import perf_counter

import jsonschema
import pytest
from command import git

from pointbook.structure.validators import schema


def test_adverse_changes_come_first_with_both_places(run):
    done = run("diff", "club", "2024", "2025")
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert "Silver: threshold 300 → 350" in lines[3]
    assert lines[3].startswith("- adverse")
    assert "club/versions/2024.yaml:6:38 → club/versions/2025.yaml:6:23" in lines[5]


@pytest.mark.parametrize(
    ("fail_on", "sides", "code"),
    [
        ("adverse", ("2024", "2025"), 1),
        ("mixed", ("2024", "2025"), 1),
        ("any", ("2024", "2024"), 0),
        ("any", ("2024", "club/versions/2025.yaml"), 1),
    ],
)
def test_fail_on_decides_the_exit_code(run, fail_on, sides, code):
    assert run("diff", "club", *sides, "--fail-on", fail_on).returncode == code


def test_a_file_outside_the_program_can_be_either_side(run, club):
    (club / "draft.yaml").write_text(
        'id: d\nbased_on: "2024"\neffective_from: 2026-01-01\nlevels: {gold: {threshold: 900}}\n'
    )
    done = run("diff", "club", "2024", "draft.yaml")
    assert "gold: added as a level at 900 points" in done.stdout
    assert "draft.yaml:4:10" in done.stdout


def test_reformatting_and_reordering_is_no_change(run, club):
    text = (club / "club/versions/2024.yaml").read_text()
    head, visit, review = text.partition("  visit:")[0], text.partition("  visit:")[2], ""
    visit, _, review = visit.partition("  review:")
    other = f"# a comment\n{head}  review:{review}  visit:{visit}".replace("{threshold", "{ threshold")
    (club / "other.yaml").write_text(other)
    assert "no change in meaning" in run("diff", "club", "2024", "other.yaml", "--fail-on", "any").stdout


def test_json_fits_its_schema(run):
    done = run("diff", "club", "2024", "2025", "--format", "json")
    result = json.loads(done.stdout)
    jsonschema.validate(result, schema("changes"))
    codes = {change["code"] for version in result["versions"] for change in version["changes"]}
    assert {"threshold-raised", "amount-raised", "range-lowered", "effective-date-changed"} == codes


def test_text_and_markdown_name_every_address_that_json_has(run):
    result = json.loads(run("diff", "club", "2024", "2025", "--format", "json").stdout)
    changes = [change for version in result["versions"] for change in version["changes"]]
    assert {change["address"] for change in changes} >= {"levels/silver/threshold", "activities/visit/points"}
    text = run("diff", "club", "2024", "2025", "--all").stdout
    table = html.unescape(run("diff", "club", "2024", "2025", "--format", "markdown").stdout)
    for change in changes:
        assert f"    {change['code']} at {change['address']}; {change['reason']}\n" in text
        assert f" | {change['address']} | " in table


def test_the_days_of_a_new_version_take_one_line_each_unless_all_is_listed(run):
    text = run("diff", "club", "2024", "2025").stdout
    day = "  neutral    Version: takes effect on 2024-01-01 → 2025-01-01"
    assert [line for line in text.splitlines() if "effective" in line] == [
        f"{day} (at version/effective_from)"
    ]
    assert (
        f"{day}\n    effective-date-changed at version/effective_from; "
        in run("diff", "club", "2024", "2025", "--all").stdout
    )


def test_markdown_shows_no_markup_of_others(run, club):
    path = club / "club/versions/2025.yaml"
    path.write_text(
        path.read_text().replace(
            "visit: {points: 50}", 'visit: {points: 50, title: "<script>|@all [x](http://y)"}'
        )
    )
    text = run("diff", "club", "2024", "2025", "--format", "markdown").stdout
    assert "<script>" not in text
    assert "@all" not in text
    assert "](http" not in text


def test_a_file_of_a_commit_can_be_either_side(run, repository):
    path = repository / "club/versions/2024.yaml"
    path.write_text(path.read_text().replace("threshold: 300", "threshold: 400"))
    done = run("diff", "club", "main:club/versions/2024.yaml", "2024")
    assert "Silver: threshold 300 → 400" in done.stdout
    assert "main:club/versions/2024.yaml:6:38 → club/versions/2024.yaml:6:38" in done.stdout


def test_a_patch_of_a_commit_is_resolved_in_that_commit(run, repository):
    path = repository / "club/versions/2024.yaml"
    path.write_text(path.read_text().replace("threshold: 100", "threshold: 120"))
    done = run("diff", "club", "main:club/versions/2025.yaml", "2025")
    assert "Bronze: threshold 100 → 120" in done.stdout


def test_against_a_commit_names_changed_new_and_vanished_versions(run, repository):
    versions = repository / "club/versions"
    (versions / "2025.yaml").unlink()
    text = (versions / "2024.yaml").read_text().replace("points: 40", "points: 30")
    (versions / "2024.yaml").write_text(text)
    (versions / "2026.yaml").write_text(
        'id: "2026"\nbased_on: "2024"\neffective_from: 2026-01-01\nsource: {document: Club rules}\n'
        "activities: {review: {points: {range: [20, 90]}}}\n"
    )
    done = run("diff", "club", "--against", "main", "--fail-on", "adverse")
    assert done.returncode == 1
    assert "Visit: 40 → 30 points" in done.stdout
    assert "version 2025 vanished" in done.stdout
    assert "version 2026 appeared, compared with 2024" in done.stdout
    assert not subprocess.run(
        ("git", "status", "--porcelain", "--untracked-files=no", "--", "club/program.yaml"),
        cwd=repository,
        capture_output=True,
        check=True,
    ).stdout


@pytest.mark.usefixtures("repository")
def test_nothing_changed_against_a_commit(run):
    done = run("diff", "club", "--against", "HEAD", "--fail-on", "any")
    assert (done.returncode, "no change in meaning" in done.stdout) == (0, True)


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("2024",), 2, "NEW is missing"),
        ((), 2, "either name OLD and NEW, or give --against"),
        (("2024", "2025", "--against", "main"), 2, "either name OLD and NEW, or give --against"),
        (("2042", "2025"), 2, "did you mean `2025`?"),
        (("2024", "missing.yaml"), 3, "there is no such file"),
        (("2024", "main:nowhere.yaml"), 3, "no such file in that commit"),
        (("2024", "nobranch:club/versions/2024.yaml"), 3, "git knows no such branch"),
        (("--against", "--upload-pack=x"), 3, "cannot be the name of a commit"),
        (("2024", "events.csv"), 3, "error"),
    ],
)
@pytest.mark.usefixtures("repository")
def test_bad_input_is_named_and_has_its_exit_code(run, arguments, code, words):
    done = run("diff", "club", *arguments)
    assert done.returncode == code, done.stderr
    assert words in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", ["program.yaml", "versions/2024.yaml"])
@pytest.mark.parametrize("text", ["- a list\n", "words\n", ""])
def test_rules_of_a_commit_that_are_no_mapping_are_refused(run, repository, name, text):
    path = repository / "club" / name
    before = path.read_text()
    path.write_text(text)
    told = json.loads(run("validate", "club", "--format", "json").stdout)
    git(repository, "commit", "-am", "no mapping")
    path.write_text(before)
    for sides in (("--against", "HEAD"), ("2024", "HEAD:club/versions/2025.yaml")):
        done = run("diff", "club", *sides)
        assert (done.returncode, done.stdout) == (3, "")
        errors = [
            f"HEAD:{finding['file']}:{finding['line']}:{finding['column']}: error[{finding['code']}]"
            for finding in told
            if finding["severity"] == "error"
        ]
        assert errors
        assert [error for error in errors if error not in done.stderr] == []
        assert "prints the file as it is there" in done.stderr
        assert "Traceback" not in done.stderr


def test_the_help_for_rules_with_errors_is_a_command_that_shows_them(run, repository):
    path = repository / "club/versions/2025.yaml"
    path.write_text(path.read_text().replace("threshold:", "treshold:", 1))
    git(repository, "commit", "-am", "misspelt")
    done = run("diff", "club", "2024", "2025")
    assert (done.returncode, "`treshold` is not a key" in done.stderr) == (3, True)
    [command] = re.findall("help: `pointbook (.*)` shows each in its line", done.stderr)
    shown = run(*shlex.split(command)).stdout
    assert "treshold:" in shown
    assert "did you mean `threshold`?" in shown

    draft = path.rename(repository / "draft.yaml")
    git(repository, "checkout", "HEAD~1", "--", "club")
    done = run("diff", "club", "2024", draft.name)
    assert (done.returncode, "draft.yaml:" in done.stderr, "help" in done.stderr) == (3, True, False)

    done = run("diff", "club", "2024", "main:club/versions/2025.yaml")
    assert (done.returncode, "`treshold` is not a key" in done.stderr) == (3, True)
    [command] = re.findall("help: `(git .*)` prints the file as it is there", done.stderr)
    shown = subprocess.run(shlex.split(command), cwd=repository, capture_output=True, text=True, check=True)
    assert "treshold:" in shown.stdout


def test_the_help_for_rules_with_errors_takes_no_folder_for_an_option(run, club):
    path = (club / "club").rename(club / "-my club") / "versions/2025.yaml"
    path.write_text(path.read_text().replace("threshold:", "treshold:", 1))
    done = run("diff", "./-my club", "2024", "2025")
    [command] = re.findall("help: `pointbook (.*)` shows each in its line", done.stderr)
    shown = run(*shlex.split(command))
    assert (shown.returncode, "did you mean `threshold`?" in shown.stdout) == (1, True), shown.stderr


def test_a_diff_of_many_activities_costs_little_more_than_reading_them(run, club):
    for name, points in (("2024", 40), ("2025", 50)):
        activities = "".join(
            f"  a{number}: {{title: Number {number}, points: {points}}}\n" for number in range(2000)
        )
        header = f'id: "{name}"\neffective_from: {name}-01-01\nlevels: {{low: {{threshold: 100}}}}\n'
        life_cycle = "life_cycle: {demotion: to_earned, leap_day: feb_28}\n"
        (club / f"club/versions/{name}.yaml").write_text(f"{header}{life_cycle}activities:\n{activities}")
    begun = perf_counter()
    run("validate", "club")
    read = perf_counter()
    done = run("diff", "club", "2024", "2025")
    # To look at the whole version again for every activity would take a hundred times as long.
    assert perf_counter() - read < 10 * (read - begun)
    assert "2,001 changes: 2,000 favourable, 1 neutral" in done.stdout
