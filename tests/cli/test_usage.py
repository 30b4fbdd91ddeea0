"""What is typed wrong, or most likely not as it was meant, and what is said of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from club_shell import Shell

MEMBERS = ("--members", "members.csv")
LOG = ("--events", "events.csv", *MEMBERS)
OUT = ("--out", "out", "--backend", "python")
HEADER = "event_id,member_id,activity,occurred_at\n"


@pytest.fixture
def parts(shell: Shell) -> Shell:
    """The program with its events in two files of a folder."""
    (shell.folder / "log").mkdir()
    for name, event in (("a", "e1"), ("b", "e2")):
        (shell.folder / f"log/{name}.csv").write_text(f"{HEADER}{event},ann,visit,2024-02-0{event[1]}\n")
    return shell


PATTERN = (
    "`--events` takes one name at a time, and 2 files are there, which the shell has put in place of a"
    " pattern; write the pattern in quotation marks: --events 'log/*.csv'"
)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("evaluate", "club", "--events", "log/a.csv", "log/b.csv", *MEMBERS, "--out", "out"), PATTERN),
        (("evaluate", "--events", "log/a.csv", "log/b.csv", *MEMBERS, "--out", "out", "club"), PATTERN),
        (("evaluate", "--events", "log/a.csv", "log/b.csv", *MEMBERS, "--out", "out"), PATTERN),
        (("evaluate", "club", "--events=log/a.csv", "log/b.csv"), PATTERN),
        (("compare", "club", "2024", "2025", "--events", "log/a.csv", "log/b.csv", *MEMBERS), PATTERN),
        (
            ("adopt", "log/a.csv", "log/b.csv", "--out", "new"),
            "write the pattern in quotation marks: 'log/*.csv'",
        ),
        # No pattern means just these two.
        (
            ("explain", "club", "ann", "--events", "events.csv", "log/b.csv", *MEMBERS),
            "give the option before each: --events events.csv --events log/b.csv",
        ),
        (
            ("evaluate", "club", "events.csv", "members.csv"),
            "--events F, --members F and --out DIR are missing",
        ),
        # These are not files of a log: they stand there for some other reason.
        (("show", "club", "2024", "2025"), "Got unexpected extra argument (2025)"),
        (("diff", "club", "2024", "2025", "club/versions/2024.yaml"), "Got unexpected extra argument (club/"),
    ],
)
def test_files_in_place_of_a_pattern_are_told_from_other_arguments(
    parts: Shell, arguments: tuple[str, ...], said: str
) -> None:
    done = parts.run(*arguments)
    assert (done.code, done.out) == (2, "")
    assert said in done.err


def test_a_narrower_pattern_is_named_where_a_folder_has_more(parts: Shell) -> None:
    (parts.folder / "log/members.csv").write_text("member_id,signed_up_on\n")
    for name in ("2024-q1", "2024-q2"):
        (parts.folder / f"log/ev-{name}.csv").write_text(HEADER)
    done = parts.run("evaluate", "club", "--events", "log/ev-2024-q1.csv", "log/ev-2024-q2.csv")
    assert "--events 'log/ev-2024-q*.csv'" in done.err


def test_arguments_that_follow_a_file_are_no_pattern(parts: Shell) -> None:
    done = parts.run("adopt", "--members", "members.csv", "events.csv", "--out", "new")
    assert done.code == 0, done.err
    done = parts.run("compare", "club", "--events", "events.csv", *MEMBERS, "2024", "2025")
    assert "what each change causes" in done.err or "compared in" in done.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("evaluate", "club", *LOG, "--out", "resluts/2024"),
        ("sample", "club", "--out", "resluts/2024"),
        ("adopt", "events.csv", "--out", "resluts/2024"),
        ("compare", "club", "2024", "2025", *LOG, "--out", "resluts/2024/impact.html"),
        ("reconcile", "club", *LOG, "--published", "members.csv", "--out", "resluts/2024/a.csv"),
    ],
)
def test_one_folder_is_made_at_most(shell: Shell, arguments: tuple[str, ...]) -> None:
    (shell.folder / "results").mkdir()
    done = shell.run(*arguments)
    assert (done.code, done.out) == (2, "")
    said = "resluts/2024: there is no folder `resluts` to make one in; did you mean `results`?"
    assert f"Invalid value for --out: {said}" in done.err
    assert not (shell.folder / "resluts").exists()


def test_a_folder_that_another_report_makes_is_there(shell: Shell) -> None:
    outs = ("--out", "new/inner/a.csv", "--out", "new/b.md")
    done = shell.run("compare", "club", "2024", "2025", *LOG, *outs)
    assert done.code == 0, done.err
    assert (shell.folder / "new/inner/a.csv").is_file()
    assert shell.run("evaluate", "club", *LOG, "--out", "new/results", "--backend", "python").code == 0


def test_a_version_held_against_itself_is_remarked_on(shell: Shell) -> None:
    same = "note: OLD and NEW are the same, `2025`, so nothing can differ\n"
    diff = shell.run("diff", "club", "2025", "latest", "--fail-on", "any")
    assert (diff.code, diff.err) == (0, same)
    assert shell.run("compare", "club", "2025", "2025", *LOG).err.startswith(same)
    shell.write("copy.yaml", (shell.folder / "club/versions/2025.yaml").read_text())
    assert "nothing can differ" in shell.run("diff", "club", "2025", "copy.yaml").err
    assert shell.run("diff", "club", "2024", "2025").err == ""


def test_from_the_newer_version_to_the_older_is_remarked_on(shell: Shell) -> None:
    note = (
        "note: OLD, `2025` of 2025-01-01, takes effect after NEW, `2024` of 2024-01-01:"
        " what is told is what going back would change\n"
    )
    assert shell.run("diff", "club", "2025", "2024").err == note
    assert shell.run("compare", "club", "2025", "2024", *LOG).err.startswith(note)


def test_many_versions_are_a_range(shell: Shell) -> None:
    for year in range(2026, 2031):
        shell.write(
            f"club/versions/{year}.yaml",
            f'id: "{year}"\nbased_on: "{year - 1}"\neffective_from: {year}-01-01\n'
            f"source: {{document: Club rules}}\nlevels: {{silver: {{threshold: {year}}}}}\n",
        )
    assert (
        "there is no version `x`; known: `latest`, `published`, `draft`, and the versions `2024` to `2030`"
        in (shell.run("show", "club", "x").err)
    )
    assert (
        "not one draft: versions from `2024` on are not published" in shell.run("show", "club", "draft").err
    )
    shell.edit("club/versions/2028.yaml", "levels:", "activities: {gift: null}\nlevels:")
    shell.write("late.csv", f"{HEADER}e1,ann,gift,2029-02-01\n")
    done = shell.run("evaluate", "club", "--events", "late.csv", *MEMBERS, *OUT)
    assert "1 gift: only in versions 2024 to 2027\n" in done.out


@pytest.mark.parametrize(
    ("sources", "said"),
    [
        (("log/a.csv", "log/a.csv"), "`log/a.csv` is given twice"),
        (("log", "./log/a.csv"), "`log/a.csv` is given twice, by `log` and `./log/a.csv`"),
        (("log/*.csv", "log"), "`log/a.csv` is given twice, by `log/*.csv` and `log`"),
        (("log/a.csv", "linked.csv"), "`log/a.csv` and `linked.csv` are one file"),
        (("log", "copied (1).csv"), "`log/a.csv` and `copied (1).csv` have the same content"),
    ],
)
@pytest.mark.parametrize("command", ["evaluate", "explain", "compare"])
def test_a_file_that_is_given_twice_is_named(
    parts: Shell, sources: tuple[str, ...], said: str, command: str
) -> None:
    folder = parts.folder
    (folder / "linked.csv").symlink_to("log/a.csv")
    (folder / "copied (1).csv").write_bytes((folder / "log/a.csv").read_bytes())
    operands = {
        "evaluate": ("--out", "out", "--backend", "python"),
        "explain": ("ann",),
        "compare": ("2024", "2025"),
    }[command]
    events = [word for source in sources for word in ("--events", source)]
    done = parts.run(command, "club", *operands, *events, *MEMBERS)
    assert f"warning: {said}\n" in done.err
    assert done.err.count("given twice") + done.err.count("same content") + done.err.count("one file") <= 2
    assert "  help: name each once, and leave copies out: now their rows come twice\n" in done.err


def test_files_that_are_only_alike_are_not_taken_for_copies(parts: Shell) -> None:
    for name in ("c", "d"):  # days without events
        (parts.folder / f"log/{name}.csv").write_text(HEADER)
    done = parts.run("evaluate", "club", "--events", "log", *MEMBERS, *OUT)
    assert (done.code, done.err) == (0, "written to out/\n")


def test_what_programs_leave_in_a_folder_is_passed_over(parts: Shell) -> None:
    left = [
        ".~lock.a.csv#",
        "~$a.xlsx",
        ".DS_Store",
        "Thumbs.db",
        "desktop.ini",
        "a.csv~",
        "#a.csv#",
        "._a.csv",
    ]
    (parts.folder / "log/__MACOSX").mkdir()
    for name in (*left, "__MACOSX/._a.csv"):
        (parts.folder / "log" / name).write_text("no rows")
    for source in ("log", "log/*"):
        done = parts.run("evaluate", "club", "--events", source, *MEMBERS, *OUT)
        assert (done.code, "rows read 2 = ledger 2" in done.out) == (0, True), done.err
    (parts.folder / "log/half.csv.part").write_text("")
    done = parts.run("evaluate", "club", "--events", "log", *MEMBERS, *OUT)
    assert (done.code, "log/half.csv.part is neither Parquet nor CSV" in done.err) == (3, True)
    (parts.folder / "log/half.csv.part").rename(parts.folder / "log/nothing.csv")
    done = parts.run("evaluate", "club", "--events", "log", *MEMBERS, *OUT)
    assert (done.code, "log/nothing.csv: the file is empty" in done.err) == (3, True)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("explain", "club", "an", *LOG), "there is no member `an`; did you mean `ann`?"),
        (("explain", "club", "ann", *LOG, "--event", "E-01"), "there is no event `E-01`; did you mean `e1`?"),
        (("explain", "club", "ann", *LOG, "--event", "5"), "there is no event `5`; did you mean `e5`?"),
    ],
)
def test_ids_are_suggested_by_edit_and_by_number(shell: Shell, arguments: tuple[str, ...], said: str) -> None:
    done = shell.run(*arguments)
    assert (done.code, said in done.err) == (2, True), done.err
