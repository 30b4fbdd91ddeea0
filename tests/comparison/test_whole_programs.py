"""`pointbook diff --against` and `--with`: everything that can change an outcome is a change."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import jsonschema
import pytest

from pointbook.structure.validators import schema

sys.path.insert(0, str(Path(__file__).parent))
from command import git, pointbook


@pytest.fixture
def edit(repository):
    """Writes a file of the program with one text in place of another."""

    def edited(name, old, new):
        path = repository / "club" / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    return edited


@pytest.fixture
def changes(run):
    """Code and direction of each change since the commit `main`, and what the gate says."""

    def found(*arguments):
        done = run(
            "diff", "club", *(arguments or ("--against", "main")), "--format", "json", "--fail-on", "adverse"
        )
        assert done.stdout, done.stderr
        result = json.loads(done.stdout)
        jsonschema.validate(result, schema("changes"))
        listed = [
            *result["program"],
            *(change for version in result["versions"] for change in version["changes"]),
            *result["guardrails"],
        ]
        return {change["code"]: change["direction"] for change in listed}, done.returncode

    return found


EDITS = {
    "the time zone": ("program.yaml", "Europe/Brussels", "Asia/Tokyo", "timezone-changed", "mixed"),
    "resets": ("program.yaml", "membership_year", "calendar_year", "resets-changed", "mixed"),
    "a start": (
        "program.yaml",
        "membership_year}",
        "membership_year, start: -5}",
        "start-lowered",
        "adverse",
    ),
    "a higher start": ("program.yaml", "year}", "year, start: 5}", "start-raised", "favourable"),
    "a floor under what is never taken": (
        "program.yaml",
        "year}",
        "year, floor: 0}",
        "floor-added",
        "neutral",
    ),
    "a further balance": (
        "program.yaml",
        "balances:\n",
        "balances:\n  coins: {resets: never}\n",
        "balance-added",
        "favourable",
    ),
    "an attribute of members": (
        "program.yaml",
        "source:",
        "member_attributes: {age: {type: integer}}\nsource:",
        "member-attribute-added",
        "mixed",
    ),
    "a guardrail loosened": ("guardrails.yaml", "at_most: 0", "at_most: 9", "guardrail-loosened", "adverse"),
    "a guardrail tightened": (
        "guardrails.yaml",
        "at_least: 30",
        "at_least: 60",
        "guardrail-tightened",
        "favourable",
    ),
    "a guardrail of another kind": (
        "guardrails.yaml",
        "members_losing_level",
        "members_losing_points",
        "guardrail-changed",
        "mixed",
    ),
    "a guardrail gone": (
        "guardrails.yaml",
        "  notice: {title: Fair notice, measure: notice_days, at_least: 30}\n",
        "",
        "guardrail-loosened",
        "adverse",
    ),
}


@pytest.mark.parametrize("case", EDITS.values(), ids=EDITS.keys())
def test_an_edit_beside_the_versions_is_a_change(edit, changes, case):
    *texts, code, direction = case
    edit(*texts)
    found, exit_code = changes()
    assert found == {code: direction}
    assert exit_code == (1 if direction in ("adverse", "mixed") else 0)


def test_a_version_that_is_gone_does_what_all_its_differences_undo(repository, changes, run):
    (repository / "club/versions/2025.yaml").unlink()
    found, exit_code = changes()
    assert exit_code == 1
    assert found["version-removed"] == "mixed"
    assert found["threshold-lowered"] == "favourable"
    assert "no change in meaning" not in run("diff", "club", "--against", "main").stdout


def test_a_version_that_is_renamed_is_compared_with_what_it_was(edit, changes, repository):
    edit("versions/2025.yaml", 'id: "2025"', "id: better")
    (repository / "club/versions/2025.yaml").rename(repository / "club/versions/better.yaml")
    assert changes() == ({"version-renamed": "neutral"}, 0)
    edit("versions/better.yaml", "points: 50", "points: 5")
    assert changes() == ({"version-renamed": "neutral", "amount-lowered": "adverse"}, 1)


RENAMED = """\
title: Club
id: club
timezone: Europe/Brussels
level_balance: points
balances:
  points: {resets: membership_year}
  coins: {resets: never, title: Coins}
"""


@pytest.fixture
def with_coins(repository, edit):
    """A program in which visits give coins, and a guardrail on them."""
    (repository / "club/program.yaml").write_text(RENAMED)
    edit("versions/2024.yaml", "points: 40", "points: 40\n    balance: coins")
    edit("guardrails.yaml", "guardrails:\n", "guardrails:\n  c: {" + LOSING + "coins}\n")
    git(repository, "commit", "-am", "coins")


LOSING = "measure: members_losing_points, at_most: 0, balance: "


@pytest.mark.usefixtures("with_coins")
def test_a_balance_that_is_renamed_is_one_change_and_hides_no_other(edit, changes):
    edit("program.yaml", "coins:", "stars:")
    edit("versions/2024.yaml", "balance: coins", "balance: stars")
    edit("guardrails.yaml", "balance: coins", "balance: stars")
    assert changes() == ({"balance-renamed": "neutral"}, 0)
    edit("versions/2024.yaml", "points: 40", "points: 39")
    edit("program.yaml", "title: Coins", "title: Stars")
    assert changes() == (
        {"balance-renamed": "neutral", "amount-lowered": "adverse", "title-changed": "neutral"},
        1,
    )


@pytest.mark.usefixtures("with_coins")
@pytest.mark.parametrize(
    "other", ["resets: never, start: 5", "resets: never, floor: 0", "resets: calendar_year"]
)
def test_a_balance_that_differs_in_more_than_its_id_is_another_one(edit, changes, other):
    edit("program.yaml", "coins: {resets: never", f"stars: {{{other}")
    edit("versions/2024.yaml", "balance: coins", "balance: stars")
    edit("guardrails.yaml", "balance: coins", "balance: stars")
    found, code = changes()
    assert found.keys() >= {"balance-added", "balance-removed", "balance-changed"}
    assert code == 1


@pytest.mark.usefixtures("with_coins")
def test_of_two_balances_the_one_that_is_fed_alike_is_meant(edit, changes):
    two = "  a: {resets: never}\n  coin: {resets: never}\n"
    edit("program.yaml", "  coins: {resets: never, title: Coins}\n", two)
    edit("versions/2024.yaml", "balance: coins", "balance: a")
    edit("guardrails.yaml", "balance: coins", "balance: a")
    found = {"balance-renamed": "neutral", "title-removed": "neutral", "balance-added": "favourable"}
    assert changes() == (found, 0)


def test_where_two_balances_could_be_meant_none_is(repository, edit, changes):
    (repository / "club/program.yaml").write_text(RENAMED)
    git(repository, "commit", "-am", "coins that nothing gives")
    two = "".join(f"  {name}: {{resets: never, title: Coins}}\n" for name in "ab")
    edit("program.yaml", "  coins: {resets: never, title: Coins}\n", two)
    assert changes() == ({"balance-added": "favourable", "balance-removed": "adverse"}, 1)


MOVES = [
    ("visit: {points: 50}", "2024-12-01", "favourable"),
    ("visit: {points: 50}", "2025-02-01", "adverse"),
    ("visit: {points: 30}", "2024-12-01", "adverse"),
    ("visit: {points: 30}", "2025-02-01", "favourable"),
    ("visit: {title: A visit}", "2025-02-01", "neutral"),
    ("review: {points: {range: [20, 90]}}", "2024-12-01", "mixed"),
    ("visit: {points: 50}", "2023-12-01", "mixed"),
]


@pytest.mark.parametrize("case", MOVES)
def test_a_day_that_moves_does_what_the_differences_between_neighbours_do(repository, edit, changes, case):
    rule, day, direction = case
    path = repository / "club/versions/2025.yaml"
    path.write_text(
        f'id: "2025"\nbased_on: "2024"\neffective_from: 2025-01-01\nactivities:\n  {rule}\n', encoding="utf-8"
    )
    git(repository, "commit", "-am", "simpler")
    edit("versions/2025.yaml", "2025-01-01", day)
    assert changes() == ({"effective-date-changed": direction}, int(direction in ("adverse", "mixed")))


def test_guardrails_that_are_deleted_are_loosened(repository, changes):
    (repository / "club/guardrails.yaml").unlink()
    assert changes() == ({"guardrail-loosened": "adverse"}, 1)


def test_a_program_is_found_where_its_folder_has_moved(repository, run, edit):
    edit("versions/2024.yaml", "points: 40", "points: 4")
    (repository / "rules").mkdir()
    shutil.move(repository / "club", repository / "rules/club")
    done = run("diff", "rules/club", "--against", "main", "--fail-on", "adverse")
    assert "Visit: 40 → 4 points" in done.stdout
    assert "main:club/versions/2024.yaml" in done.stdout
    assert done.returncode == 1


def test_a_program_that_the_commit_does_not_have_cannot_be_compared(repository, run, edit):
    edit("program.yaml", "id: club", "id: circle")
    (repository / "club").rename(repository / "circle")
    done = run("diff", "circle", "--against", "main", "--fail-on", "adverse")
    assert "main has no program `circle`, so nothing can be compared" in done.stdout
    assert done.returncode == 1


def test_another_folder_can_be_the_newer_side(repository, edit, changes):
    shutil.copytree(repository / "club", repository / "after")
    edit("program.yaml", "membership_year}", "membership_year, start: 5}")
    assert changes("--with", "after") == ({"start-lowered": "adverse"}, 1)


def test_only_one_way_to_name_what_is_compared(run):
    for arguments in (("2024", "2025", "--with", "club"), ("--with", "club", "--against", "main")):
        done = run("diff", "club", *arguments)
        assert (done.returncode, "either name OLD and NEW, or give --against" in done.stderr) == (2, True)


def test_a_file_with_the_id_of_a_version_leaves_those_based_on_it_as_they_are(run, club):
    text = (club / "club/versions/2024.yaml").read_text(encoding="utf-8")
    other = text.replace("review:", "report:").replace("points: 40", "points: 30")
    (club / "draft.yaml").write_text(other, encoding="utf-8")
    done = run("diff", "club", "draft.yaml", "2024", "--format", "json")
    assert done.returncode == 0, done.stderr
    done = run("diff", "club", "draft.yaml", "2025")
    assert done.returncode == 0, done.stderr
    assert "Visit: 30 → 50 points" in done.stdout


def test_words_are_counted_and_listed_on_demand(run, edit):
    edit("versions/2024.yaml", "title: Visit", "title: A visit")
    told = run("diff", "club", "--against", "main").stdout
    assert "2 changes of words and sources; --all lists them\nno change in meaning\n" in told
    assert "“Visit” → “A visit”" in run("diff", "club", "--against", "main", "--all").stdout
    assert run("diff", "club", "--against", "main", "--fail-on", "any").returncode == 1


@pytest.mark.parametrize(("gate", "code"), [("adverse", 1), ("mixed", 1), ("adverse-only", 0), ("any", 1)])
def test_what_cannot_be_told_is_stopped_like_what_is_adverse(edit, run, gate, code):
    edit("program.yaml", "Europe/Brussels", "Asia/Tokyo")
    assert run("diff", "club", "--against", "main", "--fail-on", gate).returncode == code


def test_an_activity_that_is_added_is_told_as_a_whole(run, club):
    (club / "draft.yaml").write_text(
        'id: d\nbased_on: "2024"\neffective_from: 2026-01-01\n'
        "groups: {events: {caps: [{points: 500, per: calendar_year}]}}\n"
        "activities:\n  talk:\n    title: Talk\n    points: 75\n    attributes: {people: {type: integer},"
        " online: {type: boolean}}\n    eligible_if: {attribute: online, is: false}\n"
        "    bonuses: [{points: 25, if: {attribute: people, at_least: 9}}]\n    split_among: people\n"
        "    caps: [{times: 2, per: day}]\n    groups: [events]\n",
        encoding="utf-8",
    )
    told = run("diff", "club", "2024", "draft.yaml").stdout
    assert (
        "Talk: activity added, 75 points, +25 points if people at least 9, shared among people, only" in told
    )
    assert (
        "only if online is false, at most 2 times per day, with others of events at most 500 points" in told
    )


def test_annotations_point_at_the_line_from_the_root_of_the_repository(repository, edit):
    edit("versions/2024.yaml", "points: 40", "points: 30")
    edit("versions/2024.yaml", "title: Review", "title: A review")
    edit("guardrails.yaml", "at_most: 0", "at_most: 9")
    inside = repository / "club"
    done = pointbook("diff", ".", "--against", "main", "--format", "github", folder=inside)
    visit, guardrail = done.stdout.splitlines()
    assert visit.startswith("::warning file=club/versions/2024.yaml,line=13,endLine=13,col=13,endColumn=14,")
    assert visit.endswith("::Visit: 40 → 30 points; adverse: the amount is lower for every event")
    assert guardrail.startswith("::warning file=club/guardrails.yaml,line=2,endLine=2,col=3,")
    assert "Nobody drops: members_losing_level at most 0 → members_losing_level at most 9" in guardrail
    log = json.loads(pointbook("diff", ".", "--against", "main", "--format", "sarif", folder=inside).stdout)
    [scan] = log["runs"]
    assert [result["ruleId"] for result in scan["results"]] == ["amount-lowered", "guardrail-loosened"]
    places = [result["locations"][0]["physicalLocation"] for result in scan["results"]]
    assert places[0]["artifactLocation"]["uri"] == "club/versions/2024.yaml"
    assert {rule["id"] for rule in scan["tool"]["driver"]["rules"]} == {
        "amount-lowered",
        "guardrail-loosened",
    }


def test_a_condition_on_an_attribute_of_another_type_is_mixed(repository, run):
    # What was a text becomes a number: neither condition can be told to hold where the other one does.
    path = repository / "club/versions/2024.yaml"
    rule = "points: 40\n    attributes: {room: {type: %s}}\n    eligible_if: {attribute: room, %s}"
    path.write_text(path.read_text().replace("points: 40", rule % ("text", 'in: ["1", hall]')))
    git(repository, "commit", "-qam", "rooms")
    path.write_text(path.read_text().replace("type: text", "type: integer"))
    path.write_text(path.read_text().replace('in: ["1", hall]', "at_least: 1"))
    done = run("diff", "club", "--against", "HEAD", "--fail-on", "adverse-only")
    assert (done.returncode, "mixed" in done.stdout, "condition-changed" in done.stdout) == (0, True, True)
