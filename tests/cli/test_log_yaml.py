"""A program whose exports have other names: what each command makes of its log.yaml."""

from __future__ import annotations

import csv
import json
import subprocess
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from club_shell import Shell

LOG = """\
events:
  columns: {id: event_id, who: member_id, what: activity, at: occurred_at, stars: points}
  activities: {"Came by": visit, "Wrote a review": review}
  ignore: [ip]
  reference: [ticket]
  empty: ["NULL"]
members:
  columns: {who: member_id, since: signed_up_on}
  times: {form: day_first}
sources:
  - files: old-*.csv
    events: {}
"""
EVENTS = """\
id,who,what,at,stars,days,ip,ticket
e1,ann,Came by,2024-02-01,NULL,,x,T-1
e2,ann,Wrote a review,2024-02-03T18:30:00Z,80,,x,T-2
e3,bob,course,2024-03-05,,3,x,
e4,bob,gift,2024-03-06,NULL,NULL,x,NULL
"""
OLD = "event_id,member_id,activity,occurred_at,points,days\ne5,ann,visit,2025-01-09,,\n"
MEMBERS = "who,since\nann,10/01/2024\nbob,29/02/2024\n"


@pytest.fixture
def exported(shell: Shell) -> Shell:
    """The club with the same log under other names, and an older file under ours."""
    for name, text in (
        ("club/log.yaml", LOG),
        ("new.csv", EVENTS),
        ("old-1.csv", OLD),
        ("people.csv", MEMBERS),
    ):
        shell.write(name, text)
    return shell


THEIRS = ("--events", "new.csv", "--events", "old-1.csv", "--members", "people.csv")


def test_results_are_those_of_our_own_names_and_references_stand_at_the_end(shell: Shell, exported: Shell):
    (shell.folder / "club/log.yaml").unlink()
    assert shell.evaluate().code == 0
    ours = {path.name: path.read_text() for path in (shell.folder / "out").glob("*.csv")}
    shell.write("club/log.yaml", LOG)
    done = exported.run("evaluate", "club", *THEIRS, "--out", "theirs", "--backend", "python")
    assert done.code == 0, done.err
    theirs = {path.name: path.read_text() for path in (shell.folder / "theirs").glob("*.csv")}
    ledger = [line.rpartition(",") for line in theirs.pop("ledger.csv").splitlines()]
    assert [line for line, _, _ in ledger] == ours.pop("ledger.csv").splitlines()
    assert [ticket for _, _, ticket in ledger] == ["ticket", "T-1", "T-2", "", "", ""]
    assert theirs == ours


def test_the_summary_says_which_mapping_was_used_for_which_files(exported: Shell):
    done = exported.run("evaluate", "club", *THEIRS, "--out", "out", "--backend", "python")
    assert json.loads((exported.folder / "out/summary.json").read_text())["read_by"] == [
        {"kind": "events", "log_yaml": "club/log.yaml:1", "files": ["new.csv"]},
        {"kind": "events", "log_yaml": "club/log.yaml:12", "files": ["old-1.csv"]},
        {"kind": "members", "log_yaml": "club/log.yaml:7", "files": ["people.csv"]},
    ]
    assert "events read by club/log.yaml:1: new.csv\nevents read by club/log.yaml:12: old-1.csv\n" in done.out


def test_a_file_under_our_names_is_refused_where_log_yaml_has_others(exported: Shell):
    log = ("--events", "events.csv", "--members", "people.csv")
    done = exported.run("evaluate", "club", *log, "--out", "out", "--backend", "python")
    assert done.code == 3
    message = (
        "events.csv:1: the columns 'id', 'who', 'what', 'at', 'stars' and 'ticket', which club/log.yaml:2"
    )
    assert message in done.err
    assert "add to `sources` in log.yaml how such files have their events" in done.err


def test_rejects_have_the_file_s_own_column_and_text(exported: Shell):
    exported.edit("new.csv", "e3,bob,course,2024-03-05,,3", "e3,bob,course,05/03/2024,x,3")
    done = exported.run("evaluate", "club", *THEIRS, "--out", "out", "--backend", "python")
    assert done.code == 1
    with (exported.folder / "out/rejects.csv").open(newline="") as file:
        (reject,) = csv.DictReader(file)
    assert (reject["column"], reject["raw"]) == ("at", "e3,bob,course,05/03/2024,x,3,x,")
    assert "'at' is read as occurred_at by club/log.yaml:2" in reject["detail"]


def test_explain_reads_by_it_and_its_json_has_the_references(exported: Shell):
    done = exported.run("explain", "club", "ann", *THEIRS, "--format", "json")
    assert done.code == 0, done.err
    events = [item for item in json.loads(done.out)["timeline"] if item["kind"] == "event"]
    assert [(event["event_id"], event["references"]["ticket"]) for event in events] == [
        ("e1", "T-1"),
        ("e2", "T-2"),
        ("e5", None),
    ]


def test_compare_reads_by_it_and_has_no_references(exported: Shell):
    asked = ("compare", "club", "2024", "2025", "--backend", "python")
    done = exported.run(*asked, *THEIRS, "--out", "theirs.json")
    assert done.code == 0, done.err
    (exported.folder / "club/log.yaml").unlink()
    ours = exported.run(*asked, "--events", "events.csv", "--members", "members.csv", "--out", "ours.json")
    assert ours.code == 0, ours.err
    assert (exported.folder / "theirs.json").read_text() == (exported.folder / "ours.json").read_text()


def test_sample_writes_our_own_columns(exported: Shell):
    done = exported.run("sample", "club", "--members", "2", "--out", "made")
    assert done.code == 0, done.err
    header = (exported.folder / "made/events.csv").read_text().partition("\n")[0]
    assert header == "event_id,member_id,activity,occurred_at,points,days"


def test_scenarios_are_written_in_our_own_names(exported: Shell):
    assert exported.run("test", "club").code == 0
    exported.edit(
        "club/scenarios/visits.yaml", "occurred_at: 2024-02-01", "occurred_at: 2024-02-01, who: ann"
    )
    done = exported.run("test", "club")
    assert done.code == 1
    assert "`who`" in done.out


def test_a_misnamed_log_yaml_stops_an_evaluation(exported: Shell):
    path = exported.folder / "club/log.yaml"
    path.rename(path.with_name("log.yml"))
    done = exported.run("evaluate", "club", *THEIRS, "--out", "out")
    assert done.code == 3
    assert "the file `log.yml` is not read; what is read is called `log.yaml`" in done.err


def test_validate_lists_log_yaml_and_checks_it_alone(exported: Shell):
    assert exported.run("validate", "club/log.yaml").code == 0
    exported.edit("club/log.yaml", '"Came by": visit', '"Came by": vist')
    done = exported.run("validate", "club/log.yaml", "--format", "concise")
    assert done.code == 1
    assert "club/log.yaml:3:27: error[unknown-activity]: no version has an activity `vist`" in done.out
    assert exported.run("validate", "club", "--fix").code == 0
    assert '"Came by": visit' in (exported.folder / "club/log.yaml").read_text()


def git(folder: Path, *arguments: str) -> None:
    who = ("-c", "user.name=Ann", "-c", "user.email=ann@example.org")
    subprocess.run(("git", *who, *arguments), cwd=folder, check=True, capture_output=True)


def test_diff_against_a_commit_tells_how_the_log_is_read_otherwise(exported: Shell):
    git(exported.folder, "init", "-q")
    git(exported.folder, "add", "club")
    git(exported.folder, "commit", "-q", "-m", "first")
    exported.edit("club/log.yaml", '["NULL"]', '["NULL", "-"]')
    exported.edit("club/log.yaml", "[ticket]", "[ticket, desk]")
    exported.edit("club/log.yaml", "form: day_first", "form: month_first")
    done = exported.run("diff", "club", "--against", "HEAD", "--fail-on", "adverse")
    assert done.code == 1
    assert "mixed      log.yaml: events/empty/- added: nothing" in done.out
    assert "neutral    log.yaml: events/reference/desk added: carried into the ledger" in done.out
    assert "mixed      log.yaml: members/times/form day_first → month_first" in done.out
    assert "log-reading-changed at log/members/times/form" in done.out
    found = json.loads(exported.run("diff", "club", "--against", "HEAD", "--format", "json").out)
    assert [change["address"] for change in found["log"]] == [
        "log/events/empty/-",
        "log/events/reference/desk",
        "log/members/times/form",
    ]


def test_compare_against_a_commit_reads_both_sides_by_the_new_log_yaml_and_says_so(exported: Shell):
    path = exported.folder / "club/log.yaml"
    path.unlink()
    git(exported.folder, "init", "-q")
    git(exported.folder, "add", "club")
    git(exported.folder, "commit", "-q", "-m", "first")
    path.write_text(LOG)
    exported.edit("club/versions/2025.yaml", "threshold: 250", "threshold: 110")
    asked = ("compare", "club", "--against", "HEAD", "--out", "report.md", "--backend", "python")
    done = exported.run(*asked, *THEIRS)
    assert done.code == 0, done.err
    assert "log.yaml differs; both sides read the log by the new one." in done.out


def test_an_activity_that_nearly_is_a_word_of_log_yaml_is_told_so(exported: Shell):
    exported.edit("new.csv", "Came by", "came\u00a0by ")
    done = exported.run("evaluate", "club", *THEIRS, "--out", "out", "--backend", "python")
    meant = "did you mean 'Came by', which club/log.yaml:3 reads as `visit`?"
    differ = "he two differ in letter case, spaces and spaces inside"
    assert f"1 'came\\xa0by ': {meant} t{differ}" in done.out
    done = exported.run("explain", "club", "ann", *THEIRS, "--event", "e1")
    assert f"{meant.replace(chr(39), '`')} T{differ}" in " ".join(done.out.split())
