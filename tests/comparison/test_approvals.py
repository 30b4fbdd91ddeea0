"""approvals.yaml lets one change or one broken guardrail pass, until a day; what is out of date is an error.

From 2024 to 2025 of `club` a visit comes to 50 stars instead of 40, a review is of 10 to 50 instead of 10 to
90, and silver takes 350 instead of 300. ann loses stars and her level, one of two members.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from pathlib import Path

import jsonschema
import pytest
from command import git

from pointbook.structure.validators import schema
from pointbook_cli import options
from pointbook_cli.main import exit_code_of

LOG = ("--events", "events.csv", "--members", "members.csv", "--show-ids")
GIVEN = "by: Ann, reason: Agreed by the board., until: 2026-11-30"
LIMITS = """\
guardrails:
  points: {measure: members_losing_points, at_most_percent: 0}
  notice: {measure: notice_days, at_least: 30}
"""


@pytest.fixture
def folder(club, monkeypatch):
    monkeypatch.chdir(club)
    (club / "club/guardrails.yaml").write_text(LIMITS)
    return club


@pytest.fixture
def pointbook(folder, capsys):  # noqa: ARG001 - in which it runs
    """Runs a command in this process; exit code, standard output, standard error."""

    def found(*arguments):
        code = exit_code_of([*arguments, "--on", "2026-11-28"])
        return code, *capsys.readouterr()

    return found


@pytest.fixture
def compared(pointbook):
    return lambda *arguments: pointbook("compare", "club", "2024", "2025", *LOG, *arguments)


def approve(folder, *entries):
    lines = "".join(f"  {key}: {{{entry}}}\n" for key, entry in zip("abcdef", entries, strict=False))
    (folder / "club/approvals.yaml").write_text(f"approvals:\n{lines}")


def change_of(pointbook, address):
    """A change from 2024 to 2025 as the JSON of diff has it."""
    done = json.loads(pointbook("diff", "club", "2024", "2025", "--format", "json")[1])
    return next(one for one in done["versions"][0]["changes"] if one["address"] == address)


# Changes


def test_a_fingerprint_is_made_of_code_address_and_values_alone(pointbook, folder):
    change = change_of(pointbook, "levels/silver/threshold")
    whole = '["threshold-raised","levels/silver/threshold",300,350]'
    digest = hashlib.sha256(whole.encode()).hexdigest()
    assert change["fingerprint"] == f"c-{digest[:12]}"
    path = folder / "club/versions/2025.yaml"
    path.write_text(f"# moved down\n\n{path.read_text()}")
    assert change_of(pointbook, "levels/silver/threshold")["fingerprint"] == change["fingerprint"]
    path.write_text(path.read_text().replace("threshold: 350", "threshold: 351"))
    assert change_of(pointbook, "levels/silver/threshold")["fingerprint"] != change["fingerprint"]


def test_no_two_changes_have_the_same_fingerprint(pointbook):
    done = json.loads(pointbook("diff", "club", "2024", "2025", "--format", "json")[1])
    names = [change["fingerprint"] for change in done["versions"][0]["changes"]]
    assert len(set(names)) == len(names) > 2


def test_approved_changes_are_not_stopped(pointbook, folder):
    silver = change_of(pointbook, "levels/silver/threshold")["fingerprint"]
    review = change_of(pointbook, "activities/review/points")["fingerprint"]
    approve(folder, f"change: {silver}, address: levels/silver/threshold, {GIVEN}")
    assert pointbook("diff", "club", "2024", "2025", "--fail-on", "adverse")[0] == 1
    approve(
        folder,
        f"change: {silver}, address: levels/silver/threshold, {GIVEN}",
        f"change: {review}, address: activities/review/points, {GIVEN}",
    )
    code, said, error = pointbook("diff", "club", "2024", "2025", "--fail-on", "adverse")
    assert (code, error) == (0, "")
    assert f"    change {silver}\n" in said
    assert "    approved by Ann until 2026-11-30: Agreed by the board. [club/approvals.yaml:2:3]\n" in said
    # Nobody has approved that visits give more, which only `any` stops.
    assert pointbook("diff", "club", "2024", "2025", "--fail-on", "any")[0] == 1


def test_approved_changes_are_listed_in_json_and_markdown(pointbook, folder):
    silver = change_of(pointbook, "levels/silver/threshold")["fingerprint"]
    approve(
        folder,
        f"change: {silver}, address: levels/silver/threshold, {GIVEN}",
        f"change: c-000000000000, address: levels/gold, {GIVEN}",
    )
    values = json.loads(pointbook("diff", "club", "2024", "2025", "--format", "json")[1])
    jsonschema.validate(values, schema("changes"))
    assert [(one["id"], one["by"], one["fingerprint"]) for one in values["approved"]] == [
        ("a", "Ann", silver)
    ]
    assert [one["code"] for one in values["findings"]] == ["approval-unused"]
    text = pointbook("diff", "club", "2024", "2025", "--format", "markdown")[1]
    assert (
        "### Approved\n\n- Silver: threshold 300 → 350: by Ann until 2026-11-30: Agreed by the board" in text
    )


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (
            "change: c-000000000000, address: levels/gold/threshold, " + GIVEN,
            (
                "club/approvals.yaml:2:3: error[approval-unused]: approval `a` fits nothing: no change"
                " has the"
                " fingerprint c-000000000000; delete it\n"
            ),
        ),
        (
            "change: SILVER, address: levels/silver/threshold, by: Ann, reason: Agreed., until: 2026-11-27",
            (
                "club/approvals.yaml:2:3: error[approval-expired]: approval `a` by Ann ended on"
                " 2026-11-27, and it is"
                " 2026-11-28; delete it, or have it given anew\n"
            ),
        ),
        (
            "change: c-000000000000, address: levels/silver/threshold, " + GIVEN,
            (
                "club/approvals.yaml:2:3: error[approval-outgrown]: approval `a` was given for change"
                " c-000000000000"
                " at levels/silver/threshold; what changes there now is SILVER, Silver: threshold 300 →"
                " 350; have it"
                " given anew, with `change: SILVER`, or undo the change\n"
            ),
        ),
    ],
    ids=["unused", "expired", "outgrown"],
)
def test_an_approval_of_a_change_that_is_out_of_date_is_an_error(pointbook, folder, entry, said):
    silver = change_of(pointbook, "levels/silver/threshold")["fingerprint"]
    approve(folder, entry.replace("SILVER", silver))
    code, _, error = pointbook("diff", "club", "2024", "2025", "--fail-on", "adverse-only")
    assert (code, error) == (1, said.replace("SILVER", silver))
    # Without --fail-on there is no gate.
    assert pointbook("diff", "club", "2024", "2025")[::2] == (0, "")


def test_an_approval_that_is_out_of_date_is_an_error_even_where_nothing_is_stopped(pointbook, folder):
    approve(folder, f"change: c-000000000000, address: levels/gold/threshold, {GIVEN}")
    (folder / "same.yaml").write_text((folder / "club/versions/2024.yaml").read_text())
    assert pointbook("diff", "club", "2024", "same.yaml", "--fail-on", "adverse")[0] == 1


def test_an_approval_that_names_another_place_than_its_change_lets_nothing_pass(pointbook, folder):
    # Whoever agreed to it read that gold changes.
    silver = change_of(pointbook, "levels/silver/threshold")["fingerprint"]
    review = change_of(pointbook, "activities/review/points")["fingerprint"]
    approve(
        folder,
        f"change: {silver}, address: levels/gold/threshold, {GIVEN}",
        f"change: {review}, address: activities/review/points, {GIVEN}",
    )
    code, _, error = pointbook("diff", "club", "2024", "2025", "--fail-on", "adverse")
    assert code == 1
    assert f"says levels/gold/threshold, but {silver} is at levels/silver/threshold" in error


def test_the_same_change_is_approved_once(pointbook, folder):
    silver = change_of(pointbook, "levels/silver/threshold")["fingerprint"]
    entry = f"change: {silver}, address: levels/silver/threshold, {GIVEN}"
    approve(folder, entry, entry)
    code, _, error = pointbook("diff", "club", "2024", "2025", "--fail-on", "adverse-only")
    assert (code, "approval `b` lets pass what `a` lets pass already" in error) == (1, True)


# Guardrails


def test_broken_guardrails_that_are_approved_pass(compared, folder):
    approve(
        folder,
        f"guardrail: points, version: '2025', at_most_percent: 50, {GIVEN}",
        f"guardrail: notice, at_least: 0, {GIVEN}",
    )
    code, said, _ = compared("--out", "r.json")
    assert code == 0
    assert "0 of 2 guardrails hold; 2 are broken and approved.\n" in said
    assert "APPROVED points: 1 of 2 members, 50 % (at most 0 %) [club/guardrails.yaml:2:3]\n" in said
    assert (
        "       approved: at most 50 %, by Ann until 2026-11-30: Agreed by the board."
        " [club/approvals.yaml:2:3]\n" in said
    )
    values = json.loads(Path("r.json").read_text())
    jsonschema.validate(values, schema("comparison"))
    points = values["guardrails"][0]
    assert (points["verdict"], points["broken"], points["approval"]["by"]) == ("broken", False, "Ann")
    assert (values["verdict"], values["passes"]) == ("holds", True)


def test_one_approval_does_not_stand_for_another(compared, folder):
    approve(folder, f"guardrail: points, at_most: 1, {GIVEN}")
    code, said, _ = compared()
    assert code == 1
    assert "1 of 2 guardrails is broken; 1 is broken and approved.\n" in said


def test_an_approval_for_another_version_lets_nothing_pass_here(compared, folder):
    approve(folder, f"guardrail: points, version: '2024', at_most: 1, {GIVEN}")
    code, said, _ = compared()
    assert (code, "2 of 2 guardrails are broken.\n" in said, "approval" in said) == (1, True, False)


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (
            "guardrail: points, at_most_percent: 49.9, " + GIVEN,
            (
                "error[approval-outgrown]: approval `a` lets guardrail `points` come to at most 49.9 %;"
                " now it comes to"
                " 1 of 2 members, 50 %; have it given anew, with `at_most_percent: 50.00`, or change less"
            ),
        ),
        (
            "guardrail: notice, at_least: 1, " + GIVEN,
            (
                "error[approval-outgrown]: approval `a` lets guardrail `notice` come to at least 1 day;"
                " now it comes to"
                " adverse changes, and no day on which they were announced; have it given anew, with"
                " `at_least: 0`,"
                " or change less"
            ),
        ),
        (
            "guardrail: points, at_most: 1, by: Ann, reason: Agreed., until: 2026-11-27",
            (
                "error[approval-expired]: approval `a` by Ann ended on 2026-11-27, and it is"
                " 2026-11-28; delete it, or"
                " have it given anew"
            ),
        ),
        (
            "guardrail: holds, at_most: 1, " + GIVEN,
            (
                "error[approval-unused]: approval `a` fits nothing: guardrail `holds` holds (0 of 0"
                " members); delete it"
            ),
        ),
        (
            "guardrail: unchecked, at_most_percent: 100, " + GIVEN,
            (
                "error[approval-unused]: approval `a` can let nothing pass: guardrail `unchecked` was"
                " not checked, and"
                " only what was looked at can be approved; compare with a log that can answer; version"
                " 2025 has no"
                " level `gold`"
            ),
        ),
        (
            "guardrail: point, at_most: 1, " + GIVEN,
            "error[approval-unused]: approval `a` fits nothing: there is no guardrail `point`; delete it",
        ),
    ],
    ids=["outgrown", "no notice", "expired", "holds", "not checked", "no such guardrail"],
)
def test_an_approval_of_a_guardrail_that_is_out_of_date_is_an_error(compared, folder, entry, said):
    draft = folder / "club/versions/2026.yaml"
    draft.write_text(
        'id: "2026"\nbased_on: "2024"\neffective_from: 2026-01-01\nsource: {document: Club rules}\n'
        "levels: {gold: {title: Gold, threshold: 900}}\n"
    )
    with (folder / "club/guardrails.yaml").open("a") as limits:
        limits.write(
            "  holds: {measure: members_losing_benefits, at_most: 9}\n"
            "  unchecked: {measure: level_share, level: gold, at_most_percent: 50}\n"
        )
    approve(folder, entry)
    code, out, _ = compared()
    assert code == 1
    assert f"club/approvals.yaml:2:3: {said.replace('0 of 0', '1 of 2')}\n" in out
    assert "; 1 approval is out of date." in out


def test_an_approval_that_is_out_of_date_is_an_error_even_where_all_guardrails_hold(compared, folder):
    (folder / "club/guardrails.yaml").write_text(
        LIMITS.replace("percent: 0", "percent: 50").partition("  notice")[0]
    )
    assert compared()[0] == 0
    approve(folder, f"guardrail: points, at_most: 1, {GIVEN}")
    code, said, _ = compared("--out", "r.md", "--out", "r.html")
    assert code == 1
    assert "The guardrail holds; 1 approval is out of date.\n" in said
    for report in ("r.md", "r.html"):
        assert "fits nothing: guardrail" in Path(report).read_text()


# The file, and the day


@pytest.mark.parametrize(
    "name", ["approvals.yml", "approval.yaml", "Approvals.yaml", "config/approvals.yaml"]
)
@pytest.mark.parametrize("command", ["compare", "diff"])
def test_a_misnamed_file_is_an_error(pointbook, folder, name, command):
    path = folder / "club" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("approvals: {}\n")
    log = LOG if command == "compare" else ()
    code, _, error = pointbook(command, "club", "2024", "2025", *log)
    assert (code, "approvals.yaml" in error) == (3, True)


def test_a_file_with_an_error_is_not_read(compared, folder):
    approve(folder, "guardrail: points, by: Ann, reason: Agreed., until: 2026-11-30")
    code, _, error = compared()
    assert (code, "needs `at_most`, `at_most_percent` or `at_least`" in error) == (3, True)


def test_the_last_day_of_an_approval_counts(compared, folder):
    approve(folder, f"guardrail: points, at_most: 1, {GIVEN.replace('30', '28')}")
    assert "1 is broken and approved" in compared()[1]


def test_the_day_is_that_of_the_machine_in_the_programs_time_zone(folder, monkeypatch, capsys):
    from datetime import UTC, datetime  # noqa: PLC0415 - replaced below

    class Clock(datetime):
        @classmethod
        def now(cls, tz=None):  # it is 2026-12-01 in Brussels already
            return datetime(2026, 11, 30, 23, 30, tzinfo=UTC).astimezone(tz)

    monkeypatch.setattr(options, "datetime", Clock)
    approve(folder, f"guardrail: points, at_most: 1, {GIVEN}")
    assert exit_code_of(["compare", "club", "2024", "2025", *LOG]) == 1
    assert re.search("ended on 2026-11-30, and it is 2026-12-01", capsys.readouterr().out)


# What changes in the two files


@pytest.fixture
def moved(pointbook, folder):
    """Changes of guardrails.yaml and approvals.yaml against a copy of the program, after edits."""

    def found(**texts):
        for side in ("old", "new"):
            other = folder / side
            shutil.copytree(folder / "club", other)
            for name, pair in texts.items():
                (other / f"{name}.yaml").write_text(pair[side == "new"])
        done = pointbook("diff", "old", "--with", "new", "--format", "json")
        assert done[0] == 0, done
        values = json.loads(done[1])
        jsonschema.validate(values, schema("changes"))
        return [
            (change["code"], change["direction"], change["sentence"])
            for change in (*values["guardrails"], *values["approvals"])
        ]

    return found


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("balance: stars, at_most: 1", "at_most: 1", "tightened"),
        ("at_most: 1", "balance: stars, at_most: 1", "loosened"),
        ("at_most: 1", "balance: stars, at_most: 2", "loosened"),
        ("at_most: 1", "balance: stars, at_most: 0", "changed"),
        ("at_most: 1", "at_most_percent: 1", "changed"),
        ("at_most: 1", "at_most: 2", "loosened"),
        ("at_most: 2", "at_most: 1", "tightened"),
    ],
)
def test_a_guardrail_is_loosened_by_a_higher_limit_or_by_looking_at_less(moved, old, new, code):
    texts = [f"guardrails: {{a: {{measure: members_losing_points, {limit}}}}}\n" for limit in (old, new)]
    ((found, direction, _),) = moved(guardrails=texts)
    assert found == f"guardrail-{code}"
    assert direction == {"loosened": "adverse", "tightened": "favourable", "changed": "mixed"}[code]


def test_fewer_days_of_notice_are_looser(moved):
    texts = [f"guardrails: {{a: {{measure: notice_days, at_least: {days}}}}}\n" for days in (30, 29)]
    assert [one[:2] for one in moved(guardrails=texts)] == [("guardrail-loosened", "adverse")]


def test_approvals_that_come_and_go_are_said(moved):
    texts = [
        f"approvals:\n  both: {{guardrail: points, at_most: {limit}, {GIVEN}}}\n"
        f"  {name}: {{change: c-000000000000, address: levels/gold, {GIVEN}}}\n"
        for limit, name in ((1, "gone"), (2, "new"))
    ]
    given = "by Ann until 2026-11-30: Agreed by the board."
    assert moved(approvals=texts) == [
        (
            "approval-changed",
            "neutral",
            f"both: guardrail points at most 1, {given} → guardrail points at most 2, {given}",
        ),
        (
            "approval-removed",
            "neutral",
            f"gone: approval removed, was change c-000000000000 at levels/gold, {given}",
        ),
        ("approval-added", "neutral", f"new: approval added, change c-000000000000 at levels/gold, {given}"),
    ]


# Guardrails that were loosened since a commit


@pytest.fixture
def against(folder, pointbook):
    """Runs `compare club --against main`, where silver takes 350 stars in 2024 since: ann loses it."""
    (folder / "club/guardrails.yaml").write_text(
        "guardrails:\n"
        "  levels: {title: Nobody drops, measure: members_losing_level, at_most: 0}\n"
        "  rows: {measure: rejected_rows, at_most: 2}\n"
    )
    git(folder, "init")
    git(folder, "add", ".")
    git(folder, "commit", "-m", "first")
    path = folder / "club/versions/2024.yaml"
    path.write_text(path.read_text().replace("threshold: 300", "threshold: 350"))
    return lambda *arguments: pointbook("compare", "club", "--against", "main", *LOG, *arguments)


def loosen(folder, old, new):
    path = folder / "club/guardrails.yaml"
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))


AS_IT_WAS = "BROKEN Nobody drops, as limited at main: 1 of 2 members (at most 0)"


def test_a_loosened_guardrail_is_judged_as_it_was_as_well(folder, against):
    assert against()[0] == 1
    loosen(folder, "members_losing_level, at_most: 0", "members_losing_level, at_most: 1")
    code, text, _ = against()
    assert (code, AS_IT_WAS in text) == (1, True), text
    assert "ok     Nobody drops: 1 of 2 members (at most 1)" in text
    assert "1 of 3 guardrails is broken" in text
    report = json.loads(against("--format", "json")[1])
    jsonschema.validate(report, schema("comparison"))
    assert [(rail["id"], rail["limited_at"], rail["verdict"]) for rail in report["guardrails"]] == [
        ("levels", "", "holds"),
        ("rows", "", "holds"),
        ("levels", "main", "broken"),
    ]
    # It is shown where it was loosened, which is what a reviewer can change.
    assert report["guardrails"][2]["place"]["file"] == "club/guardrails.yaml"
    assert "file=club/guardrails.yaml,line=2" in against("--format", "github")[1]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("  levels: {title: Nobody drops, measure: members_losing_level, at_most: 0}\n", ""),
        ("members_losing_level, at_most: 0", "level_share, level: silver, at_most_percent: 100"),
        ("levels: {", "drops: {"),
    ],
    ids=["removed", "another measure", "renamed"],
)
def test_what_a_guardrail_stopped_is_stopped_wherever_it_went(folder, against, old, new):
    loosen(folder, old, new)
    code, text, _ = against()
    assert (code, AS_IT_WAS in text) == (1, True), text


def test_without_a_file_the_guardrails_of_the_commit_are_there(folder, against):
    (folder / "club/guardrails.yaml").unlink()
    code, text, _ = against("--require", "guardrails")
    assert (code, AS_IT_WAS in text, "Nothing was limited" in text) == (1, True, False), text
    git(folder, "rm", "-q", "--cached", "club/guardrails.yaml")
    git(folder, "commit", "-m", "none")
    code, text, _ = against()
    assert (code, "Nothing was limited" in text) == (0, True), text


def test_a_tightened_guardrail_is_judged_as_it_is_alone(folder, against):
    loosen(folder, "rejected_rows, at_most: 2", "rejected_rows, at_most: 1")
    code, text, _ = against()
    assert (code, "as limited at" in text) == (1, False), text


def test_a_loosened_guardrail_passes_by_an_approval_of_that(folder, pointbook, against):
    loosen(folder, "members_losing_level, at_most: 0", "members_losing_level, at_most: 1")
    difference = json.loads(pointbook("diff", "club", "--against", "main", "--format", "json")[1])
    change = difference["guardrails"][0]
    named = f"change: {change['fingerprint']}, address: {change['address']}"
    approve(folder, f"{named}, {GIVEN}")
    code, text, _ = against()
    assert code == 0, text
    assert "APPROVED Nobody drops, as limited at main" in text
    assert "approved: it may be looser now, by Ann until 2026-11-30: Agreed by the board." in text
    jsonschema.validate(json.loads(against("--format", "json")[1]), schema("comparison"))
    for kind in ("markdown", "html", "github", "sarif"):
        assert "Agreed by the board" in against("--format", kind)[1], kind
    approve(folder, f"{named}, {GIVEN}".replace("2026-11-30", "2026-11-27"))
    assert against()[0] == 1


def test_an_approval_of_a_broken_guardrail_is_for_it_as_it_was_too(folder, against):
    loosen(folder, "members_losing_level, at_most: 0", "members_losing_level, at_most: 1")
    approve(folder, f"guardrail: levels, at_most: 1, {GIVEN}")
    code, text, _ = against()
    assert (code, "APPROVED Nobody drops, as limited at main" in text) == (0, True), text
    assert "ok     Nobody drops: 1 of 2 members" in text


def test_another_file_is_looked_up_in_the_commit(folder, against):
    limits = folder / "limits.yaml"
    limits.write_text("guardrails: {a: {measure: members_losing_level, at_most: 1}}\n")
    code, text, _ = against("--guardrails", "limits.yaml")
    assert (code, "as limited at" in text) == (0, False), text
    limits.write_text("guardrails: {a: {measure: members_losing_level, at_most: 0}}\n")
    git(folder, "add", "limits.yaml")
    git(folder, "commit", "-m", "limits")
    limits.write_text("guardrails: {a: {measure: members_losing_level, at_most: 1}}\n")
    code, text, _ = against("--guardrails", "limits.yaml")
    assert (code, "BROKEN a, as limited at main: 1 of 2 members (at most 0)" in text) == (1, True), text
    outside = folder.parent / "outside.yaml"
    outside.write_text("guardrails: {a: {measure: members_losing_level, at_most: 1}}\n")
    assert "as limited at" not in against("--guardrails", str(outside))[1]


def test_a_renamed_balance_is_the_same_to_a_guardrail_as_it_was(folder, against):
    path = folder / "club/guardrails.yaml"
    path.write_text("guardrails: {a: {measure: members_losing_points, balance: stars, at_most: 0}}\n")
    git(folder, "checkout", "-q", "main", "--", "club/versions")
    git(folder, "commit", "-qam", "stars")
    program = folder / "club/program.yaml"
    program.write_text(program.read_text().replace("stars", "points"))
    loosen(folder, "balance: stars, at_most: 0", "balance: points, at_most: 2")
    version = folder / "club/versions/2024.yaml"
    version.write_text(version.read_text().replace("points: 40", "points: 30"))
    code, text, _ = against()
    assert (code, "BROKEN a, as limited at main: 2 of 2 members (at most 0)" in text) == (1, True), text


def test_an_approval_for_a_version_that_there_is_not_is_told_at_once(compared, folder, capsys):
    """Until it ends, nobody would see that it lets nothing pass."""
    approve(folder, f'guardrail: points, version: "2o25", at_most_percent: 50, {GIVEN}')
    place = "club/approvals.yaml:2:35: error[unknown-version]: this approval is for version `2o25`"
    code, out, _ = compared()
    assert (code, f"{place}, which there is not" in out) == (1, True), out
    assert "which there is not; did you mean `2025`?" in out
    assert exit_code_of(["validate", "club"]) == 1
    assert place in capsys.readouterr().out
    approve(folder, f'guardrail: points, version: "2024", at_most_percent: 50, {GIVEN}')
    assert "unknown-version" not in compared()[1]


def test_an_approval_for_a_draft_that_is_compared_is_for_a_version(pointbook, folder):
    draft = (folder / "club/versions/2025.yaml").read_text().replace('"2025"', '"draft"')
    (folder / "draft.yaml").write_text(draft.replace("2025-01-01", "2025-06-01"))
    approve(folder, f"guardrail: points, version: draft, at_most_percent: 50, {GIVEN}")
    _, out, _ = pointbook("compare", "club", "2024", "draft.yaml", *LOG)
    assert "APPROVED points" in out
    assert "unknown-version" not in out


def test_the_page_says_what_to_do_about_an_approval_and_where(compared, folder):
    approve(folder, f"guardrail: notice, at_least: 3, {GIVEN.replace('2026-11-30', '2026-11-27')}")
    compared("--out", "r.html", "--out", "r.md")
    message = "ended on 2026-11-27, and it is 2026-11-28"
    page = (folder / "r.html").read_text()
    assert f"{message}: delete it, or have it given anew" in page
    assert "club/approvals.yaml:2:3" in page
    assert f"{message}; delete it, or have it given anew" in (folder / "r.md").read_text()
