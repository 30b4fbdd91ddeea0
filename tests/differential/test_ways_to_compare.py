"""However a log is read and by however many processes it is compared, every report has the same bytes."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess

import duckdb
import pytest
from click.testing import CliRunner
from club_shell import ROOT

from pointbook.loading import load_program
from pointbook.sample import default_spec, sample_events, sample_members
from pointbook_cli.backends import backend_from
from pointbook_cli.commands.compare import command
from pointbook_cli.evaluation import comparison_ways
from pointbook_cli.evaluation.comparison_ways import log_to_compare

RULES = ROOT / "rules" / "dataminer-devops"
KINDS = ("html", "md", "json", "csv")


@pytest.fixture
def sampled(tmp_path, monkeypatch):
    """A folder with the shipped rules without guardrails and lock, and a log with rows that are rejected."""
    passed_over = shutil.ignore_patterns("guardrails.yaml", "versions.lock")
    shutil.copytree(RULES, tmp_path / "rules", ignore=passed_over)
    program = load_program(RULES)
    spec = default_spec(program, members=40, events=1500, seed=3)
    for name, rows in (("members", sample_members(program, spec)), ("events", sample_events(program, spec))):
        with (tmp_path / f"{name}.csv").open("w", newline="", encoding="utf-8") as stream:
            csv.writer(stream, lineterminator="\n").writerows(rows)
    with (tmp_path / "events.csv").open("a", encoding="utf-8") as stream:
        # The last one repeats an id with another activity, so that neither row counts.
        rows = "x1,m-00001,qa.vote_cast,2025-02-30,", "x2,nobody,qa.vote_cast,2025-02-03,"
        stream.write("".join(f"{row}{',' * (rows[0].count(',') - row.count(','))}\n" for row in rows))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def reports(folder, *options, old="2023-10-10", new="2024-03-13", events="events.csv"):
    """Each report's bytes, and what the terminal shows; the page without the command that made it."""
    outs = [part for kind in KINDS for part in ("--out", f"impact.{kind}")]
    log = ("--members", "members.csv", "--events", events)
    done = CliRunner().invoke(command, ["rules", old, new, *log, *outs, *options], standalone_mode=False)
    assert done.exception is None, done.output
    found = {kind: (folder / f"impact.{kind}").read_bytes() for kind in KINDS}
    return {**found, "shown": done.stdout}


def small_pieces(monkeypatch, size):
    """Pieces so small that members go on from one to the next, and a process for each worker."""
    monkeypatch.setattr(comparison_ways, "EVENTS_OF_A_PIECE", size)
    monkeypatch.setattr(comparison_ways, "LEAST_EVENTS_OF_A_WORKER", 1)


@pytest.mark.parametrize("question", [(), ("--from", "2024-03-13"), ("--no-attribution", "--show-ids")])
def test_every_way_gives_the_same_bytes(sampled, monkeypatch, question):
    here = ("--backend", "python", "--workers", "1")
    whole = reports(sampled, *here, *question)
    assert json.loads(whole["json"])["quality"]["rejects"]
    for size in (64, 7):
        small_pieces(monkeypatch, size)
        assert reports(sampled, *here, *question) == whole
    ways = [("python", 2), ("duckdb", 1), ("duckdb", 2)]
    for backend, workers in ways if not question else ways[-1:]:
        assert reports(sampled, "--backend", backend, "--workers", str(workers), *question) == whole


def test_what_the_log_lacks_is_said_alike_by_every_way(sampled):
    """No event has a release day, so that no kata gets its bonus: it is said, wherever the log lies."""
    text = (sampled / "events.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    for row in rows:
        row["released_on"] = ""
    with (sampled / "events.csv").open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    good = "SELECT * FROM read_csv('events.csv', all_varchar = true) WHERE event_id NOT LIKE 'x%'"
    duckdb.sql(f"COPY ({good}) TO 'events.parquet' (FORMAT parquet)")
    facts = []
    for backend in ("python", "duckdb"):
        log = log_to_compare(
            load_program("rules"), ("members.csv",), ("events.parquet",), backend_from(backend), 1
        )
        with log as read:
            facts.append(read.facts)
    assert facts[0] == facts[1]
    assert "released_on" in facts[0].empty
    assert "days" not in facts[0].empty
    one, two = (reports(sampled, "--backend", name, events="events.parquet") for name in ("python", "duckdb"))
    assert one == two


def test_repeated_events_and_values_in_turn_are_compared_by_every_number_of_workers(sampled, monkeypatch):
    small_pieces(monkeypatch, 64)
    one, two = (reports(sampled, "--replay", "1", "--workers", workers) for workers in "12")
    assert one == two
    options = ["rules", "2023-10-10", "--set", "levels/catalyst/threshold=15000,25000"]
    log = ["--members", "members.csv", "--events", "events.csv"]
    tables = {
        CliRunner().invoke(command, [*options, *log, "--workers", workers], standalone_mode=False).stdout
        for workers in "12"
    }
    assert len(tables) == 1
    assert "15000" in tables.pop()


def test_where_each_side_reads_the_log_for_itself_any_number_of_workers_comes_to_the_same(
    sampled, monkeypatch
):
    program = sampled / "rules/program.yaml"
    there = program.read_text(encoding="utf-8") + "member_attributes: {tier: {type: text}}\n"
    program.write_text(there, encoding="utf-8")
    for arguments in (["init", "-q"], ["add", "rules"], ["commit", "-qm", "first"]):
        who = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
        subprocess.run(["git", *who, *arguments], cwd=sampled, check=True)
    here = there.replace("Europe/Brussels", "Asia/Tokyo").replace("type: text", "type: integer")
    program.write_text(here, encoding="utf-8")
    header, *rows = (sampled / "members.csv").read_text(encoding="utf-8").splitlines()
    tiers = [f"{row},{'gold' if number % 9 == 0 else number}" for number, row in enumerate(rows)]
    (sampled / "members.csv").write_text("\n".join([f"{header},tier", *tiers, ""]), encoding="utf-8")
    log = ["--members", "members.csv", "--events", "events.csv", "--show-ids"]
    found = {}
    for size, workers in ((1 << 16, 1), (64, 1), (7, 2)):
        small_pieces(monkeypatch, size)
        for replay in ("0", "1"):
            asked = ["rules", "--against", "HEAD", *(["--replay", replay] if replay == "1" else ())]
            options = [*asked, *log, "--workers", str(workers), "--format", "json"]
            done = CliRunner().invoke(command, options, standalone_mode=False)
            assert done.exception is None, done.output
            assert found.setdefault(replay, done.stdout) == done.stdout
    report = json.loads(found["0"])
    told = [one["sentence"] for one in report["unanswered"] if one["code"] == "rejected-rows"]
    assert any("5 of 40 rows of members (12.5 %)" in sentence for sentence in told), told
    # Other balances are compared wherever the log lies.
    program.write_text(there.replace("level_balance: devops_points", "level_balance: dojo_credits"))
    asked = ["rules", "--against", "HEAD", *log, "--format", "json", "--backend"]
    ways = [
        CliRunner().invoke(command, [*asked, name], standalone_mode=False).stdout
        for name in ("python", "duckdb")
    ]
    assert ways[0] == ways[1]
    assert json.loads(ways[0])["balances"][1]["decides_levels"] is True


def test_repeats_are_made_here_and_not_in_an_engine(sampled):
    del sampled
    arguments = ["rules", "2023-10-10", "2024-03-13", "--members", "members.csv", "--events", "events.csv"]
    done = CliRunner().invoke(command, [*arguments, "--replay", "1", "--backend", "duckdb"])
    assert done.exit_code == 2
    assert "leave out `--backend duckdb`" in done.output


@pytest.mark.parametrize("rights", ["", "%20-cdefault_transaction_read_only%3Don"])
def test_postgresql_gives_the_same_reports_and_its_password_is_in_none(sampled, server, rights, monkeypatch):
    whole = reports(sampled, "--backend", "python")
    url = f"{server[0]}{rights}"
    assert ":secret@" in url
    monkeypatch.setattr("sys.argv", ["pointbook", "compare", f"--backend={url}"])
    found = reports(sampled, "--backend", url)
    assert b"secret" not in found["html"]
    assert b"--backend=postgresql://pointbook:***@" in found["html"]
    assert {**found, "html": None} == {**whole, "html": None}


@pytest.mark.usefixtures("spark_session")
def test_spark_gives_the_same_reports(sampled):
    assert reports(sampled, "--backend", "spark") == reports(sampled, "--backend", "python")
