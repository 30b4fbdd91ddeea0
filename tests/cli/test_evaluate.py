from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from pointbook.version import is_compiled

if TYPE_CHECKING:
    from conftest import Shell

RESULTS = ["history.csv", "ledger.csv", "rejects.csv", "standings.csv", "summary.json"]
LEDGER = """\
event_id,member_id,activity,occurred_at,version,balance,requested,awarded,outcome,assumed,period,total,level
e1,ann,visit,2024-02-01T00:00:00,2024,stars,40,40,awarded,false,1,40,
e2,ann,review,2024-02-03T19:30:00,2024,stars,80,80,awarded,false,1,120,bronze
e5,ann,visit,2025-01-09T00:00:00,2025,stars,40,40,awarded,false,1,160,bronze
e3,bob,course,2024-03-05T00:00:00,2024,stars,90,90,awarded,false,1,90,
e4,bob,gift,2024-03-06T00:00:00,2024,coins,5,5,awarded,false,1,5,
"""
STANDINGS = """\
member_id,as_of,period,period_start,period_end,points,level,earned_level,next_level,points_to_next,points_to_keep,\
benefits,coins
ann,2025-01-09,1,2024-01-10,2025-01-10,160,bronze,bronze,silver,90,0,,0
bob,2025-01-09,1,2024-02-29,2025-02-28,90,,,bronze,10,,,5
"""
HISTORY = """\
member_id,date,from_level,to_level,cause
ann,2024-02-03,,bronze,reached
"""


def _all_bytes(shell: Shell, folder: str = "out") -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (shell.folder / folder).iterdir()}


def test_a_clean_log_exits_with_0_and_writes_the_five_results(shell: Shell) -> None:
    done = shell.evaluate()
    assert done.code == 0
    assert done.out.startswith("club: 2 members, by the version in force on each date\n")
    assert "rows read 5 = ledger 5 + rejects 0 + after as-of 0\n" in done.out
    assert done.err == "written to out/\n"
    files = _all_bytes(shell)
    assert sorted(files) == RESULTS
    assert files["ledger.csv"].decode() == LEDGER
    assert files["standings.csv"].decode() == STANDINGS
    assert files["history.csv"].decode() == HISTORY
    assert files["rejects.csv"].decode() == "file,line,column,event_id,reason,detail,raw\n"


def test_the_summary_names_the_date_the_versions_and_the_counts(shell: Shell) -> None:
    shell.evaluate()
    text = (shell.folder / "out/summary.json").read_text(encoding="utf-8")
    assert text.endswith("}\n")
    summary = json.loads(text)
    assert (summary["as_of"], summary["as_of_source"]) == ("2025-01-09", "last event")
    assert [version["id"] for version in summary["versions"]] == ["2024", "2025"]
    assert all(len(version["sha256"]) == 64 for version in summary["versions"])
    counts = summary["counts"]
    assert (counts["events_read"], counts["ledger"], counts["rejects"], counts["after_as_of"]) == (5, 5, 0, 0)
    assert summary["levels"] == {"": 1, "bronze": 1}


def test_json_lines_hold_the_same_rows_with_typed_values(shell: Shell) -> None:
    assert shell.evaluate("--output-format", "jsonl").code == 0
    assert shell.names("out") == [
        "history.jsonl",
        "ledger.jsonl",
        "rejects.jsonl",
        "standings.jsonl",
        "summary.json",
    ]
    first = (shell.folder / "out/ledger.jsonl").read_text(encoding="utf-8").splitlines()[0]
    assert json.loads(first) == {
        "event_id": "e1",
        "member_id": "ann",
        "activity": "visit",
        "occurred_at": "2024-02-01T00:00:00",
        "version": "2024",
        "balance": "stars",
        "requested": 40,
        "awarded": 40,
        "outcome": "awarded",
        "assumed": False,
        "period": 1,
        "total": 40,
        "level": None,
    }
    assert not (shell.folder / "out/rejects.jsonl").read_bytes()


def test_twice_the_same_gives_the_same_bytes_and_leaves_no_other_file(shell: Shell) -> None:
    shell.evaluate()
    before = _all_bytes(shell)
    shell.write("out/notes.txt", "mine")
    shell.evaluate()
    assert _all_bytes(shell) == {**before, "notes.txt": b"mine"}


def test_the_order_of_rows_and_the_hash_seed_do_not_matter(shell: Shell) -> None:
    shell.evaluate()
    before = _all_bytes(shell)
    header, *rows = (shell.folder / "events.csv").read_text(encoding="utf-8").splitlines()
    shell.write("events.csv", "\n".join([header, *reversed(rows)]) + "\n")
    log = ("--events", "events.csv", "--members", "members.csv", "--out", "out", "--backend", "python")
    shell.run("evaluate", "club", *log, env={"PYTHONHASHSEED": "7"})
    assert _all_bytes(shell) == before


def test_events_come_from_standard_input(shell: Shell) -> None:
    events = (shell.folder / "events.csv").read_bytes()
    done = shell.run(
        "evaluate", "club", "--events", "-", "--members", "members.csv", "--out", "out", stdin=events
    )
    assert done.code == 0
    assert (shell.folder / "out/ledger.csv").read_text(encoding="utf-8") == LEDGER


def test_several_files_are_one_log(shell: Shell) -> None:
    header, *rows = (shell.folder / "events.csv").read_text(encoding="utf-8").splitlines()
    shell.write("first.csv", "\n".join([header, *rows[:2]]))
    shell.write("second.csv", "\n".join([header, *rows[2:]]))
    log = ("--events", "first.csv", "--events", "second.csv", "--members", "members.csv", "--out", "out")
    assert shell.run("evaluate", "club", *log).code == 0
    assert (shell.folder / "out/ledger.csv").read_text(encoding="utf-8") == LEDGER


def test_standard_input_twice_is_wrong_usage(shell: Shell) -> None:
    done = shell.run("evaluate", "club", "--events", "-", "--members", "-", "--out", "out")
    assert done.code == 2
    assert "standard input (`-`) can be read only once" in done.err
    assert not (shell.folder / "out").exists()


def test_rejects_exit_with_1_and_everything_else_is_evaluated(shell: Shell) -> None:
    with (shell.folder / "events.csv").open("a", encoding="utf-8") as stream:
        stream.write("e6,ann,visit,2024-02-30,,\ne7,bobb,visit,2024-05-01,,\n")
    done = shell.evaluate()
    assert done.code == 1
    assert "rows read 7 = ledger 5 + rejects 2 + after as-of 0" in done.out
    assert "rejected rows, all in rejects.csv: bad_value 1, unknown_member 1" in done.out
    assert (shell.folder / "out/ledger.csv").read_text(encoding="utf-8") == LEDGER
    rejects = list(
        csv.DictReader(io.StringIO((shell.folder / "out/rejects.csv").read_text(encoding="utf-8")))
    )
    assert [(row["file"], row["line"], row["column"], row["event_id"], row["reason"]) for row in rejects] == [
        ("events.csv", "7", "occurred_at", "e6", "bad_value"),
        ("events.csv", "8", "member_id", "e7", "unknown_member"),
    ]
    assert rejects[0]["raw"] == "e6,ann,visit,2024-02-30,,"
    assert "February 2024 has 29 days" in rejects[0]["detail"]
    assert "`bob`" in rejects[1]["detail"] or "'bob'" in rejects[1]["detail"]


def test_as_of_leaves_later_events_out_and_counts_them(shell: Shell) -> None:
    done = shell.evaluate("--as-of", "2024-03-05")
    assert done.code == 0
    assert "rows read 5 = ledger 3 + rejects 0 + after as-of 2" in done.out
    assert "as of 2024-03-05 (given)" in done.out


def test_before_the_first_sign_up_nobody_holds_a_level(shell: Shell) -> None:
    done = shell.evaluate("--as-of", "2023-01-01")
    assert done.code == 1
    assert done.out.endswith("levels held: nobody has signed up yet\nnot passed: no event counted\n")


def test_a_fixed_version_values_every_event(shell: Shell) -> None:
    assert shell.evaluate("--version", "2025").code == 0
    rows = csv.DictReader(io.StringIO((shell.folder / "out/ledger.csv").read_text(encoding="utf-8")))
    assert {row["version"] for row in rows} == {"2025"}


def test_assume_gives_a_missing_value_its_middle(shell: Shell) -> None:
    shell.edit("events.csv", "e2,ann,review,2024-02-03T18:30:00Z,80,", "e2,ann,review,2024-02-03T18:30:00Z,,")
    done = shell.evaluate("--assume", "mid")
    assert done.code == 0
    assert "assumed (mid) for 1 event without an assessed value" in done.out
    assert "e2,ann,review,2024-02-03T19:30:00,2024,stars,50,50,awarded,true,1,90,\n" in (
        shell.folder / "out/ledger.csv"
    ).read_text(encoding="utf-8")


def test_a_spreadsheets_csv_reads_like_any_other(shell: Shell) -> None:
    for name in ("events.csv", "members.csv"):
        text = (shell.folder / name).read_text(encoding="utf-8")
        shell.write(name, b"\xef\xbb\xbf" + text.replace(",", ";").replace("\n", "\r\n").encode())
    done = shell.evaluate()
    assert done.code == 0
    assert (shell.folder / "out/ledger.csv").read_text(encoding="utf-8") == LEDGER


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--as-of", "2024-02-30"), "2024-02-30 is not a date: February 2024 has 29 days"),
        (("--as-of", "tomorrow"), '"tomorrow" is not a date; write it as YYYY-MM-DD'),
        (("--version", "v2024"), "there is no version `v2024`; did you mean `2024`?"),
        (("--assume", "most"), "there is no `most`; known: "),
        (("--asof", "2024-01-01"), "there is no option `--asof`; did you mean `--as-of`?"),
    ],
)
def test_wrong_options_exit_with_2_and_say_what_is_right(
    shell: Shell, options: tuple[str, ...], words: str
) -> None:
    done = shell.evaluate(*options)
    assert done.code == 2
    assert words in done.err
    assert not done.out
    assert not (shell.folder / "out").exists()


def test_an_out_that_is_a_file_is_wrong_usage(shell: Shell) -> None:
    shell.write("out", "mine")
    done = shell.evaluate()
    assert done.code == 2
    assert "--out" in done.err
    assert (shell.folder / "out").read_text(encoding="utf-8") == "mine"


def test_an_out_inside_a_file_is_wrong_usage(shell: Shell) -> None:
    done = shell.run(
        "evaluate", "club", "--events", "events.csv", "--members", "members.csv", "--out", "events.csv/x"
    )
    assert done.code == 2
    assert "Traceback" not in done.err


def test_a_folder_in_the_place_of_a_result_is_wrong_usage_and_nothing_is_written(shell: Shell) -> None:
    (shell.folder / "out/standings.csv").mkdir(parents=True)
    done = shell.evaluate()
    assert done.code == 2
    assert "standings.csv" in done.err
    assert "Traceback" not in done.err
    assert shell.names("out") == ["standings.csv"]


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="needs a folder that cannot be written to")  # noqa: PTH112 - for the mark
def test_an_out_that_cannot_be_written_to_is_wrong_usage(shell: Shell) -> None:
    done = shell.run(
        "evaluate", "club", "--events", "events.csv", "--members", "members.csv", "--out", "/proc"
    )
    assert done.code == 2
    assert "--out" in done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("events.csv", "event_id,member_id,activity,ocurred_at\n", "rename 'ocurred_at' to `occurred_at`"),
        ("events.csv", "event_id,member_id,activity,occurred_at,dayz\ne,ann,visit,2024-02-01,\n", "'dayz'"),
        ("events.csv", "", "the file is empty"),
        ("members.csv", "", "the file is empty"),
        ("members.csv", "member_id,signed_up\nann,2024-01-10\n", "signed_up_on"),
        ("events.csv", b"\x89PNG\r\n\x1a\n\x00\x00", "events.csv"),
        ("events.csv", "event_id,member_id\n".encode("utf-16"), "UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_exits_with_3_and_nothing_is_written(
    shell: Shell, name: str, text: str | bytes, words: str
) -> None:
    shell.write(name, text)
    done = shell.evaluate()
    assert done.code == 3
    assert done.err.startswith(f"error: {name}")
    assert words in done.err
    assert "\n  help: " in done.err
    assert not (shell.folder / "out").exists()


@pytest.mark.parametrize("name", ["events.csv", "members.csv"])
def test_a_missing_file_and_a_folder_exit_with_3(shell: Shell, name: str) -> None:
    (shell.folder / name).unlink()
    done = shell.evaluate()
    assert (done.code, done.err) == (
        3,
        f"error: {name}: there is no such file\n  help: check the name and the folder you are in\n",
    )
    (shell.folder / name).mkdir()
    done = shell.evaluate()
    assert done.code == 3
    assert done.err.startswith(f"error: {name}: there is no file in this folder\n  help: name a folder with ")


def test_broken_rules_exit_with_3_and_nothing_is_written(shell: Shell) -> None:
    shell.edit("club/versions/2025.yaml", "threshold: 250", "threshold: -1")
    done = shell.evaluate()
    assert done.code == 3
    assert "club/versions/2025.yaml:6:23: error[" in done.err
    assert not (shell.folder / "out").exists()
    assert not done.out


def test_a_missing_program_exits_with_3(shell: Shell) -> None:
    done = shell.run(
        "evaluate", "clubb", "--events", "events.csv", "--members", "members.csv", "--out", "out"
    )
    assert done.code == 3
    assert done.err.startswith("error: clubb: there is no such folder")


def test_a_log_without_events_stands_at_the_last_sign_up(shell: Shell) -> None:
    shell.write("events.csv", "event_id,member_id,activity,occurred_at\n")
    done = shell.evaluate()
    assert done.code == 1
    assert "as of 2024-02-29 (last sign-up)" in done.out


def test_a_log_without_anything_needs_a_date(shell: Shell) -> None:
    shell.write("events.csv", "event_id,member_id,activity,occurred_at\n")
    shell.write("members.csv", "member_id,signed_up_on\n")
    done = shell.evaluate()
    assert done.code == 3
    assert "give `--as-of DATE`" in done.err
    assert shell.evaluate("--as-of", "2024-06-01").code == 1
    assert (shell.folder / "out/standings.csv").read_text(encoding="utf-8").count("\n") == 1


@pytest.mark.skipif(os.name == "nt", reason="needs POSIX limits")
def test_a_full_disk_leaves_no_file_behind(shell: Shell) -> None:
    rows = "".join(f"x{index},ann,visit,2024-02-01,,\n" for index in range(3000))
    with (shell.folder / "events.csv").open("a", encoding="utf-8") as stream:
        stream.write(rows)
    limited = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000));"
        "from pointbook_cli.main import exit_code_of; sys.exit(exit_code_of(sys.argv[1:]))"
    )
    log = ("--events", "events.csv", "--members", "members.csv", "--out", "out", "--backend", "python")
    done = subprocess.run(
        [sys.executable, "-B", "-c", limited, "evaluate", "club", *log],
        cwd=shell.folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "file too large" in done.stderr.casefold()
    assert not (shell.folder / "out").exists()


STOPPED_MIDWAY = """
import signal, sys, time
import pointbook_cli.commands.evaluate as command
from pointbook_cli.main import main

def slow(*_, **__):
    print("tables are written", file=sys.stderr, flush=True)
    time.sleep(60)

command.summary_of = slow
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it
main()
"""


@pytest.mark.skipif(os.name == "nt", reason="needs POSIX signals")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_run_that_is_stopped_leaves_no_file_behind(shell: Shell, number: signal.Signals, code: int) -> None:
    log = ("--events", "events.csv", "--members", "members.csv", "--out", "out", "--backend", "python")
    with subprocess.Popen(
        [sys.executable, "-c", STOPPED_MIDWAY, "evaluate", "club", *log],
        cwd=shell.folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stderr is not None
        assert running.stderr.readline() == "tables are written\n"
        assert [name for name in shell.names("out") if not name.startswith(".pointbook-")] == []
        assert len(shell.names("out")) == 1
        running.send_signal(number)
        output, error = running.communicate(timeout=100)
    assert running.returncode == code
    assert "Traceback" not in error
    assert not output
    assert not (shell.folder / "out").exists()


def test_results_never_replace_the_log_they_come_from(shell: Shell) -> None:
    log = (shell.folder / "events.csv").read_bytes()
    (shell.folder / "kept").mkdir()
    (shell.folder / "kept/ledger.csv").write_bytes(log)
    done = shell.run(
        "evaluate", "club", "--events", "kept/ledger.csv", "--members", "members.csv", "--out", "kept"
    )
    assert done.code == 2
    assert "kept/ledger.csv is read, and would be replaced by a result" in done.err
    assert (shell.folder / "kept/ledger.csv").read_bytes() == log


def test_results_do_not_lie_among_rules(shell: Shell) -> None:
    done = shell.run(
        "evaluate", "club", "--events", "events.csv", "--members", "members.csv", "--out", "club/versions"
    )
    assert done.code == 2
    assert "club/versions belongs to a program" in done.err


def test_one_event_far_in_the_future_is_doubted_aloud(shell: Shell) -> None:
    shell.write(
        "events.csv",
        "event_id,member_id,activity,occurred_at,points\ne1,ann,visit,2024-02-01,\ne2,ann,visit,2204-02-02,\n",
    )
    done = shell.evaluate()
    assert "as of 2204-02-02" in done.out
    assert "warning: the last event, e2, is of 2204-02-02" in done.err


def test_results_of_another_form_do_not_stay_beside_new_ones(shell: Shell) -> None:
    shell.evaluate()
    shell.write("out/standings.txt", "mine")
    shell.evaluate("--output-format", "jsonl")
    assert shell.names("out") == [
        *("history.jsonl", "ledger.jsonl", "rejects.jsonl", "standings.jsonl"),
        *("standings.txt", "summary.json"),
    ]


def test_a_failed_run_keeps_the_results_of_the_one_before(shell: Shell) -> None:
    shell.evaluate()
    before = _all_bytes(shell)
    shell.write("events.csv", "event_id,member_id\n")
    assert shell.evaluate("--output-format", "jsonl").code == 3
    assert _all_bytes(shell) == before


def test_a_log_that_lies_among_results_of_another_form_is_not_deleted(shell: Shell) -> None:
    (shell.folder / "kept").mkdir()
    shell.write("kept/ledger.jsonl", '{"event_id": "e1"}')
    log = ("--events", "kept/*.jsonl", "--members", "members.csv", "--out", "kept")
    done = shell.run("evaluate", "club", *log)
    assert done.code == 2
    assert "kept/ledger.jsonl is read, and would be replaced by a result" in done.err


def test_the_summary_says_how_the_log_was_evaluated(shell: Shell) -> None:
    done = shell.evaluate("--backend", "python", "--workers", "1")
    assert "evaluated by the fold on python with 1 worker\n" in done.out
    summary = json.loads((shell.folder / "out/summary.json").read_text(encoding="utf-8"))
    assert summary["evaluated"] == {
        "backend": "python",
        "way": "fold",
        "workers": 1,
        "compiled": is_compiled(),
    }


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--backend", "pyton"), "'pyton' is not a backend; did you mean `python`?"),
        (
            ("--backend", "postgres"),
            "a server is named by its URL, such as `postgresql://user@host/database`",
        ),
        (("--backend", "odd://ann:secret@host/db"), "'odd://ann:***@host/db' is not a backend; known:"),
        (("--backend", "ann:secret@host/db"), "'ann:***@host/db' is not a backend; known:"),
        (("--output-format", "table"), "python keeps no tables; name a database with `--backend`"),
        (("--events", "table:events"), "table:events: python has no tables to read"),
        (("--memory-limit", "2GB"), "python has no memory limit; use it with `--backend duckdb`"),
        (("--memory-limit", "much"), "'much' is not a size; write it as 500MB or 4GB"),
        (("--memory-limit", "0GB"), "'0GB' is not a size"),
        (("--table-prefix", 'x"; --'), "cannot begin a table's name"),
        (("--run-id", " "), "' ' is no text to call a run by"),
        (("--run-id", "1\udcff"), "is no text to call a run by; write letters and digits"),
    ],
)
def test_what_a_backend_cannot_do_is_wrong_usage(shell: Shell, options: tuple[str, ...], words: str) -> None:
    done = shell.evaluate(*options)
    assert done.code == 2
    assert words in " ".join(done.err.split())
    assert "secret" not in done.err
    assert not (shell.folder / "out").exists()


WITHOUT_EXTRAS = """
import sys
sys.modules.update(dict.fromkeys(("duckdb", "ibis", "psycopg", "pyarrow", "pyspark")))
import importlib.util
found = importlib.util.find_spec
importlib.util.find_spec = lambda name: None if sys.modules.get(name, 0) is None else found(name)
from pointbook_cli.main import exit_code_of
sys.exit(exit_code_of(sys.argv[1:]))
"""


def _without_extras(shell: Shell, *options: str) -> subprocess.CompletedProcess[str]:
    log = ("--events", "events.csv", "--members", "members.csv", "--out", "out")
    return subprocess.run(
        [sys.executable, "-c", WITHOUT_EXTRAS, "evaluate", "club", *log, *options],
        cwd=shell.folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_without_any_extra_the_interpreter_evaluates(shell: Shell) -> None:
    done = _without_extras(shell)
    assert done.returncode == 0, done.stderr
    assert "evaluated by the fold on python with " in done.stdout


@pytest.mark.parametrize(
    ("options", "module", "extra"),
    [
        (("--backend", "duckdb"), "duckdb", "duckdb"),
        (("--backend", "duckdb://log.db"), "duckdb", "duckdb"),
        (("--backend", "postgresql://ann:secret@127.0.0.1/db"), "psycopg", "postgres"),
        (("--backend", "spark"), "pyspark", "spark"),
        (("--output-format", "parquet"), "pyarrow", "duckdb"),
    ],
)
def test_a_missing_extra_is_named_with_how_to_install_it(
    shell: Shell, options: tuple[str, ...], module: str, extra: str
) -> None:
    done = _without_extras(shell, *options)
    assert done.returncode == 3
    assert f"the module `{module}` is not installed" in done.stderr
    assert f"help: run `.venv/bin/pip install -e '.[{extra}]'` in the clone of Pointbook" in done.stderr
    assert "secret" not in done.stderr
    assert not (shell.folder / "out").exists()
