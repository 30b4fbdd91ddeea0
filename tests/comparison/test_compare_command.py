"""`pointbook compare`: reports, guardrails, escaping, exit codes."""

from __future__ import annotations

import csv
import json
import re
import subprocess
from errno import ENOSPC
from pathlib import Path

import jsonschema
import pytest

from pointbook.structure.validators import schema
from pointbook_cli.evaluation.comparison_ways import LogToCompare
from pointbook_cli.main import exit_code_of
from pointbook_cli.output_files import OutputFolder

GOLDEN = Path(__file__).parent / "golden"
LOG = ("--events", "events.csv", "--members", "members.csv")


def test_the_reports_are_as_they_were(run, club, golden):
    done = run("compare", "club", "2024", "2025", *LOG, "--show-ids", "--out", "r.md", "--out", "r.json")
    assert done.returncode == 1, done.stderr
    golden(GOLDEN / "club.md", (club / "r.md").read_text())
    golden(
        GOLDEN / "club.json",
        re.sub(r'"engine_version": "[^"]*"', '"engine_version": "x"', (club / "r.json").read_text()),
    )
    golden(GOLDEN / "club.txt", done.stdout)


def test_json_fits_its_schema(run, club):
    run("compare", "club", "2024", "2025", *LOG, "--out", "r.json")
    jsonschema.validate(json.loads((club / "r.json").read_text()), schema("comparison"))


def test_a_broken_guardrail_names_members_and_changes(run):
    done = run("compare", "club", "2024", "2025", *LOG, "--show-ids")
    assert done.returncode == 1
    assert "BROKEN Nobody drops: 1 of 2 members (at most 0) [club/guardrails.yaml:2:3]" in done.stdout
    assert "members: ann" in done.stdout
    assert "by: Silver: threshold 300 → 350" in done.stdout
    assert "BROKEN Fair notice: adverse changes, and no day on which they were announced" in done.stdout


def test_members_are_pseudonymous_unless_ids_may_be_shown(run, club):
    done = run(
        "compare",
        "club",
        "2024",
        "2025",
        *LOG,
        "--out",
        "r.html",
        "--out",
        "r.csv",
        "--out",
        "r.md",
        "--out",
        "r.json",
    )
    written = [(club / f"r.{ending}").read_text() for ending in ("html", "csv", "md", "json")]
    for text in (done.stdout, *written):
        assert not re.search(r"\bann\b", text)


def test_without_guardrails_that_break_the_exit_code_is_0(run, club):
    (club / "club/guardrails.yaml").unlink()
    assert run("compare", "club", "2024", "2025", *LOG).returncode == 0
    assert run("compare", "club", "2024", "2024", *LOG).returncode == 0


def test_from_a_day_on(run):
    done = run("compare", "club", "2024", "2025", *LOG, "--from", "2024-03-01", "--show-ids")
    assert "one in which the new version takes effect on 2024-03-01" in done.stdout
    wrong = run("compare", "club", "2025", "2024", *LOG, "--from", "2024-03-01")
    assert (wrong.returncode, "version" in wrong.stderr) == (2, True)


def test_an_edited_file_and_a_commit_are_compared_with_the_program(run, club):
    for arguments in (
        ("init", "-q"),
        ("add", "."),
        ("-c", "user.name=t", "-c", "user.email=t@e.org", "commit", "-qm", "x"),
    ):
        subprocess.run(("git", *arguments), cwd=club, check=True, capture_output=True)
    path = club / "club/versions/2024.yaml"
    before = path.read_text()
    path.write_text(before.replace("range: [10, 90]", "range: [10, 50]"))
    done = run(
        "compare", "club", "HEAD:club/versions/2024.yaml", "2024", *LOG, "--show-ids", "--out", "r.json"
    )
    result = json.loads((club / "r.json").read_text())
    # ann: 90, 90 and 80 of 10..90 are 50, 50 and 45 of 10..50.
    members = result["members"]
    ann = members["name"].index("ann")
    assert (members["points_old"][ann], members["points_new"][ann]) == (80 + 260, 80 + 145), done.stderr


@pytest.mark.parametrize(
    "evil", ["<script>alert(1)</script>", '=HYPERLINK("http://x")', "@SUM(1)", "a|b`c`", "'\"><b>"]
)
def test_ids_titles_and_notes_cannot_break_out(run, club, evil):
    quoted = '"' + evil.replace('"', '""') + '"'
    (club / "members.csv").write_text(f"member_id,signed_up_on\n{quoted},2024-01-10\n")
    (club / "events.csv").write_text(
        f"event_id,member_id,activity,occurred_at,points\n{quoted},{quoted},visit,2024-02-01,\n"
    )
    path = club / "club/versions/2025.yaml"
    path.write_text(
        path.read_text().replace(
            "{points: 50}", f"{{points: 50, title: {json.dumps(evil)}, note: {json.dumps(evil)}}}"
        )
    )
    done = run(
        "compare",
        "club",
        "2024",
        "2025",
        *LOG,
        "--show-ids",
        "--out",
        "r.html",
        "--out",
        "r.md",
        "--out",
        "r.csv",
    )
    assert done.returncode in (0, 1), done.stderr
    page, text = (club / "r.html").read_text(), (club / "r.md").read_text()
    assert page.count("<script>") == page.count("</script>") == 1
    assert "<b>" + evil not in page
    for raw in ("<script>", "@SUM", "`c`", "<b>"):
        assert raw not in text.replace("`none`", "")
    for row in csv.reader((club / "r.csv").read_text().splitlines()):
        assert not row[0].startswith(("=", "+", "-", "@"))


@pytest.mark.parametrize(
    ("members", "events"),
    [
        ("member_id,signed_up_on\nann,2024-01-10\n", "event_id,member_id,activity,occurred_at,points\n"),
        ("member_id,signed_up_on\n", "event_id,member_id,activity,occurred_at,points\n"),
    ],
    ids=["one member without events", "an empty log"],
)
def test_little_or_nothing_gives_a_sensible_page(run, club, members, events):
    (club / "members.csv").write_text(members)
    (club / "events.csv").write_text(events)
    outs = [part for ending in ("html", "md", "json", "csv") for part in ("--out", f"r.{ending}")]
    done = run("compare", "club", "2024", "2025", *LOG, "--as-of", "2025-01-01", *outs)
    assert done.returncode in (0, 1), done.stderr
    assert "No change has an effect" in (club / "r.html").read_text()


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("2024", "2025", *LOG, "--out", "r.pdf"), 2, "no report of that kind"),
        (("2024", "2042", *LOG), 2, "did you mean"),
        (("2024", "2025", "--events", "none.csv", "--members", "members.csv"), 3, "no such file"),
        (("2024", "2025", *LOG, "--guardrails", "none.yaml"), 3, "no such file"),
    ],
)
def test_bad_input_is_named_and_has_its_exit_code(run, arguments, code, words):
    done = run("compare", "club", *arguments)
    assert done.returncode == code, done.stderr
    assert words in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("guardrails: {a: {measure: members_losing_levels, at_most: 0}}", "unknown-value"),
        ("guardrails: {a: {measure: notice_days, at_most: 0}}", "missing-key"),
        ("guardrails: {a: {measure: members_losing_level, at_most: 0, atleast: 3}}", "unknown-key"),
        ("guardrails: {a: {measure: members_losing_level, at_most: 0, at_most_percent: 3}}", "wrong-form"),
        ("guardrails: {a: {measure: level_share, at_most_percent: 3, level: glod}}", "unknown-level"),
        ("guardrails: {a: {measure: level_share, at_most_percent: 3, at_least: 1}}", "wrong-form"),
        ("guardrails: ]", "yaml-syntax"),
    ],
)
def test_faulty_guardrails_are_found_with_their_place(run, club, text, code):
    (club / "club/guardrails.yaml").write_text(text)
    done = run("compare", "club", "2024", "2025", *LOG)
    assert done.returncode == 3
    assert re.search(rf"club/guardrails\.yaml:1:\d+: error\[{code}\]", done.stderr), done.stderr


def test_two_runs_give_the_same_bytes(run, club):
    for name in ("a", "b"):
        run(
            "compare",
            "club",
            "2024",
            "2025",
            *LOG,
            "--out",
            f"{name}.json",
            "--out",
            f"{name}.md",
            "--out",
            f"{name}.csv",
        )
    for ending in ("json", "md", "csv"):
        assert (club / f"a.{ending}").read_bytes() == (club / f"b.{ending}").read_bytes()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((*LOG, "--out", "events.csv"), "events.csv is read, and would be replaced by a report"),
        ((*LOG, "--out", "club/../members.csv"), "members.csv is read, and would be replaced"),
        (("--events", "ev*.csv", *LOG[2:], "--out", "events.csv"), "events.csv is read"),
        ((*LOG, "--out", "r.md", "--out", "./r.md"), "r.md is named twice"),
    ],
)
def test_a_report_replaces_neither_the_log_nor_another_report(run, club, arguments, words):
    before = {name: (club / name).read_text() for name in LOG[1::2]}
    done = run("compare", "club", "2024", "2025", *arguments)
    assert (done.returncode, words in done.stderr) == (2, True), done.stderr
    assert {name: (club / name).read_text() for name in LOG[1::2]} == before
    assert not (club / "r.md").exists()


@pytest.mark.parametrize("report", ["club/r.md", "club/new/r.md", "club/versions/r.md"])
def test_reports_do_not_lie_among_rules(run, club, report):
    done = run("compare", "club", "2024", "2025", *LOG, "--out", report)
    assert done.returncode == 2
    folder = report.removesuffix("/r.md")
    assert f"{folder} belongs to a program; name a folder outside of it" in done.stderr
    assert not (club / report).exists()
    assert not (club / "club/new").exists()


def test_a_report_that_cannot_be_written_is_told_before_the_work(club, monkeypatch, capsys):
    def compared(*_):
        pytest.fail("the log was compared first")

    monkeypatch.chdir(club)
    monkeypatch.setattr(LogToCompare, "compared", compared)
    (club / "taken").write_text("a file")
    code = exit_code_of(["compare", "club", "2024", "2025", *LOG, "--out", "r.md", "--out", "taken/r.csv"])
    assert code == 2
    assert "taken: file exists; name a folder that can be written to" in capsys.readouterr().err
    assert not [path for path in club.iterdir() if "r.md" in path.name]


def test_a_new_version_cannot_take_effect_before_there_are_rules(run):
    done = run("compare", "club", "2024", "2025", *LOG, "--from", "2023-12-31")
    assert done.returncode == 2
    assert "--from: on 2023-12-31 no version is in force yet; give a later day" in done.stderr


def test_more_causes_than_are_named_are_counted(run, club):
    new = club / "club/versions/2025.yaml"
    titles = "".join(f"  talk{number}: {{points: -{number + 1}}}\n" for number in range(6))
    new.write_text(new.read_text() + titles)
    done = run("compare", "club", "2024", "2025", *LOG)
    # Silver's threshold, the range of reviews and six deductions are adverse: five are named.
    text = done.stdout[done.stdout.index("Fair notice") :].partition("\n\n")[0]
    assert text.count("       by: ") == 5
    assert text.endswith("       and 3 more changes")


def test_events_of_other_balances_say_which_one_they_go_to(run, club):
    program = club / "club/program.yaml"
    program.write_text(
        program.read_text().replace(
            "membership_year}\n", "membership_year}\n  coins: {title: Club coins, resets: never}\n"
        )
    )
    old = club / "club/versions/2024.yaml"
    old.write_text(old.read_text() + "  tip:\n    points: 7\n    balance: coins\n")
    new = club / "club/versions/2025.yaml"
    new.write_text(new.read_text() + "  tip: {points: 9}\n")
    events = club / "events.csv"
    events.write_text(events.read_text() + "e10,ann,tip,2024-04-05,\n")
    run("compare", "club", "2024", "2025", *LOG, "--out", "r.html")
    page = (club / "r.html").read_text()
    row = next(line for line in page.splitlines() if "<td>tip" in line)
    assert "<td>7 <small>Club coins</small><td>7<td>9 <small>Club coins</small><td>9" in row
    assert page.count("<small>Club coins</small>") == 2


def test_a_report_takes_the_place_of_a_link_that_leads_to_itself(run, club):
    for name in ("r.md", "r.html"):
        (club / name).symlink_to(name)
    done = run("compare", "club", "2024", "2025", *LOG, "--out", "r.md", "--out", "r.html")
    assert done.stderr.endswith("written to r.md\nwritten to r.html\n")
    assert all((club / name).is_file() for name in ("r.md", "r.html"))


def test_reports_are_moved_into_place_as_one_set(monkeypatch, club):
    """What ends the second report, after all were written, leaves the first where it was, too."""
    monkeypatch.chdir(club)
    close = OutputFolder.close

    def fails(self):
        close(self)
        if (self._hidden / "new-r.json").exists():
            raise OSError(ENOSPC, "disk full")

    monkeypatch.setattr(OutputFolder, "close", fails)
    assert exit_code_of(["compare", "club", "2024", "2025", *LOG, "--out", "r.json", "--out", "a.md"]) == 2
    assert not [path for path in club.iterdir() if path.suffix in (".json", ".md", ".tmp")]
