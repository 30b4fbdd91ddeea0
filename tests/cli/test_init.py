"""`pointbook init`: a small program that validates, tests and compares; nothing is overwritten."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from club_shell import Shell

from pointbook.authoring.starter import starter_files
from pointbook.loading import load
from pointbook_cli.hidden_folder import MOVING
from pointbook_cli.output_files import OutputFolder

LOG = ("--events", "book-club/examples/events.csv", "--members", "book-club/examples/members.csv")
SCHEMA_LINE = re.compile(r"# yaml-language-server: \$schema=(\S+)")


@pytest.fixture
def empty(tmp_path: Path) -> Shell:
    return Shell(tmp_path)


def texts(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_it_says_what_it_wrote_and_what_to_type_next_and_that_works(empty: Shell) -> None:
    done = empty.run("init", "book-club")
    assert (done.code, done.err) == (0, "")
    head, *lines = done.out.splitlines()
    until = lines.index("")
    assert head == "written to book-club:"
    assert [line.strip() for line in lines[:until]] == sorted(texts(empty.folder / "book-club"))
    assert lines[until + 1] == "next:"
    following = [line.split() for line in lines[until + 2 :]]
    assert [words[:2] for words in following] == [
        ["pointbook", name] for name in ("validate", "test", "compare")
    ]
    for _, *arguments in following:
        finished = empty.run(*arguments)
        assert finished.code == 0, finished.out + finished.err


ANNOUNCED = ("--announced-on", "2026-11-28")
"""`new` takes today if nothing is said, which will be after the version's first day."""
COMMANDS = {
    "validate": ("validate", "book-club", "--fail-on", "warning"),
    "test": ("test", "book-club", "--coverage", "--fail-under", "100"),
    "mutate": ("test", "book-club", "--mutate", "--workers", "1"),
    "diff": ("diff", "book-club", "2025-01-01", "2026-01-01"),
    "compare": ("compare", "book-club", "2025-01-01", "2026-01-01", *LOG, "--require", "guardrails"),
    "evaluate": ("evaluate", "book-club", *LOG, "--out", "results", "--backend", "python"),
    "explain": ("explain", "book-club", "ada", *LOG),
    "show": ("show", "book-club", "latest"),
    "publish": ("publish", "book-club", "2026-01-01"),
    "new": ("new", "book-club", "2027-01-01", "--set", "levels/gold/threshold=380", *ANNOUNCED),
    "diff drafts": ("diff", "book-club", "published", "draft"),
}


def test_every_command_runs_on_it_at_once(empty: Shell) -> None:
    empty.run("init", "book-club")
    done = {name: empty.run(*arguments) for name, arguments in COMMANDS.items()}
    assert {name: each.out + each.err for name, each in done.items() if each.code} == {}
    assert "All 3 guardrails hold." in done["compare"].out
    assert done["mutate"].out.endswith(" 0 that no scenario notices\n")
    # Not a row of the log is lost, and both versions are tried by it.
    summary = (empty.folder / "results/summary.json").read_text(encoding="utf-8")
    assert '"rejects": 0' in summary
    ledger = (empty.folder / "results/ledger.csv").read_text(encoding="utf-8")
    assert {"2025-01-01", "2026-01-01"} <= set(ledger.replace("\n", ",").split(","))
    # What `publish` and `new` wrote leaves everything as right as it was.
    for arguments in (COMMANDS["validate"], ("test", "book-club")):
        assert empty.run(*arguments).code == 0


def test_what_members_of_its_log_get_is_what_its_rules_say(empty: Shell) -> None:
    """By hand: two articles of one month, 40 + 55, are 95 under the first version and 80 under the second."""
    empty.run("init", "book-club")
    compared = empty.run(*COMMANDS["compare"]).out
    assert "5 of 12 gain, 1 loses points; 1 rises, none falls" in compared
    assert "-15 points, mostly by Article written: limit 95 → 80 points per calendar month" in compared


def test_every_file_of_it_names_a_schema_that_is_there_and_has_comments(empty: Shell) -> None:
    empty.run("init", "book-club")
    documents = sorted((empty.folder / "book-club").rglob("*.yaml"))
    for path in documents:
        first, *rest = path.read_text(encoding="utf-8").splitlines()
        match = SCHEMA_LINE.fullmatch(first)
        assert match is not None, path
        assert (path.parent / match[1]).is_file()
        assert any("# " in line for line in rest), path
    assert len(documents) >= 10
    empty.run(*COMMANDS["new"])
    draft = (empty.folder / "book-club/versions/2027-01-01.yaml").read_text(encoding="utf-8")
    assert draft.startswith("# yaml-language-server: $schema=../schemas/patch.schema.json\n")


def test_the_second_version_can_be_deleted_as_the_guide_says(empty: Shell) -> None:
    guide = (Path(__file__).parents[2] / "rules/README.md").read_text(encoding="utf-8")
    begin = guide.partition("\n## Begin\n")[2].partition("\n## ")[0]
    deleted = ["versions/2026-01-01.yaml", "scenarios/second-version.yaml"]
    assert " and ".join(f"`{name}`" for name in deleted) in begin
    empty.run("init", "book-club")
    for name in deleted:
        (empty.folder / "book-club" / name).unlink()
    commands = re.findall(r"`pointbook ((?:validate|test|sample|new) [^`]*)`", begin)
    assert [command.split()[0] for command in commands] == ["new", "sample", "validate", "test"]
    for command in commands[1:]:
        done = empty.run(*command.split())
        assert done.code == 0, done.out + done.err
    log = ("--events", "log/events.csv", "--members", "log/members.csv")
    assert empty.run("evaluate", "book-club", *log, "--out", "results", "--backend", "python").code == 0


def test_its_readme_has_ten_lines_and_what_it_says_works(empty: Shell) -> None:
    empty.run("init", "book-club")
    here = Shell(empty.folder / "book-club")
    readme = (here.folder / "README.md").read_text(encoding="utf-8")
    assert readme.count("\n") == 10
    commands = re.findall(r"`pointbook ([^`]+)`", readme)
    assert [command.split()[0] for command in commands] == ["validate", "test", "new", "publish"]
    for command in commands:
        on_that_day = ANNOUNCED if command.startswith("new") else ()
        assert here.run(*command.split(), *on_that_day).code == 0, command


def test_the_same_command_writes_the_same_bytes(empty: Shell) -> None:
    for place in ("a", "b"):
        (empty.folder / place).mkdir()
        assert Shell(empty.folder / place).run("init", "book-club").code == 0
    assert texts(empty.folder / "a") == texts(empty.folder / "b")
    written = texts(empty.folder / "a/book-club")
    # All that changes with the name and the time zone.
    other = starter_files("other", "Other", "Asia/Tokyo")
    assert {path for path in written if written[path] != other[path]} == {
        "README.md",
        "program.yaml",
        "scenarios/first-day.yaml",
    }
    assert "expect: {occurred_at: 2025-06-01T21:00:00, total: 40}" in other["scenarios/first-day.yaml"]


@pytest.mark.parametrize(
    ("folder", "options", "program_id", "title"),
    [
        ("book-club", (), "book-club", "Book club"),
        ("a/Café & Books_2", (), "Cafe-Books_2", "Café & Books 2"),
        ("2025", (), "2025", "2025"),
        ("yes", (), "yes", "Yes"),
        ("...", (), "my-program", "My program"),
        ("日本", (), "my-program", "日本"),
        ("x" * 200, (), "x" * 100, "X" + "x" * 199),
        ("-x", (), "x", "X"),
        ("club", ("--title", 'A "B": {c} # d @{id} $e'), "club", 'A "B": {c} # d @{id} $e'),
        ("club", ("--title", "no"), "club", "no"),
        ("club", ("--title", " Ours "), "club", "Ours"),
    ],
)
def test_id_and_title_come_from_the_folder_or_as_they_are_given(
    empty: Shell, folder: str, options: tuple[str, ...], program_id: str, title: str
) -> None:
    done = empty.run("init", *options, "--timezone", "Europe/Brussels", "--", folder)
    assert done.code == 0, done.err
    loaded = load(empty.folder / folder)
    assert loaded.findings == ()
    program = loaded.usable()
    assert (program.id, program.title, program.timezone) == (program_id, title, "Europe/Brussels")
    readme = (empty.folder / folder / "README.md").read_text(encoding="utf-8")
    assert readme.startswith(f"# {title}\n")


def test_the_current_folder_has_a_name_too(empty: Shell) -> None:
    folder = empty.folder / "book-club"
    folder.mkdir()
    done = Shell(folder).run("init", ".")
    assert done.code == 0
    assert load(folder).usable().id == "book-club"
    assert "pointbook validate ." in done.out


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--timezone", "Europe/Brusels"), "did you mean `Europe/Brussels`?"),
        (("--timezone", "brussels"), "did you mean `Europe/Brussels`?"),
        (("--timezone", "UTC+1"), "an offset does not know when the clocks change"),
        (("--timezone", ""), "write an IANA name"),
        (("--title", " "), "is no title; write one line of text"),
        (("--title", "a\nb"), "is no title; write one line of text"),
        (("--titel", "A"), "--title"),
    ],
)
def test_a_wrong_option_is_told_what_to_write(empty: Shell, options: tuple[str, ...], said: str) -> None:
    done = empty.run("init", "club", *options)
    assert done.code == 2
    assert said in done.err
    assert list(empty.folder.iterdir()) == []


@pytest.mark.parametrize(
    "there",
    ["program.yaml", "README.md", "scenarios/help.yaml", "versions", "schemas/patch.schema.json/x"],
)
def test_nothing_is_written_where_something_of_it_is_there(empty: Shell, there: str) -> None:
    path = empty.write(f"club/{there}", "mine")
    before = texts(empty.folder)
    done = empty.run("init", "club")
    assert done.code == 2
    named = "club/schemas/patch.schema.json" if there.endswith("/x") else f"club/{there}"
    assert f"{named} is there already, and nothing is overwritten" in done.err
    assert texts(empty.folder) == before
    assert path.read_text(encoding="utf-8") == "mine"


def test_a_link_to_nowhere_is_there_too(empty: Shell) -> None:
    (empty.folder / "club").mkdir()
    (empty.folder / "club/program.yaml").symlink_to("nowhere")
    assert empty.run("init", "club").code == 2
    assert not (empty.folder / "club/nowhere").exists()


def test_other_files_stay_beside_it(empty: Shell) -> None:
    for name in ("notes.txt", ".git/config", "examples/mine.csv"):
        empty.write(f"club/{name}", "mine")
    assert empty.run("init", "club").code == 0
    found = texts(empty.folder / "club")
    assert [found.pop(name) for name in ("notes.txt", ".git/config", "examples/mine.csv")] == ["mine"] * 3
    assert found == starter_files("club", "Club", "UTC")


@pytest.mark.parametrize("place", ["file", "file/below"])
def test_a_file_in_place_of_the_folder_is_named(empty: Shell, place: str) -> None:
    empty.write("file", "mine")
    done = empty.run("init", place)
    assert done.code == 2
    assert "Invalid value for DIR" in done.err
    assert texts(empty.folder) == {"file": "mine"}


def killed(folder: Path, moved: int) -> None:
    """What a run leaves that is killed when it has moved so many of the files into place; None yet for -1."""
    output = OutputFolder(folder)
    for path, text in starter_files("club", "Club", "UTC").items():
        output.file(path).write(text)
    output.close()
    if moved >= 0:
        hidden = output._hidden.rename(folder / MOVING)  # noqa: SLF001 - as `commit` does
        for path in sorted(hidden.glob("new-*"))[:moved]:
            path.replace(folder / path.name.removeprefix("new-"))
    output.unlock()


@pytest.mark.parametrize("moved", [-1, 0, 1, 3, 7])
def test_after_a_kill_it_can_be_run_again(empty: Shell, moved: int) -> None:
    """Where its files had begun to move, the next run moves the rest, and finds them there already."""
    folder = empty.folder / "club"
    killed(folder, moved)
    done = empty.run("init", "club")
    assert done.code == (0 if moved < 0 else 2), done.err
    assert texts(folder) == starter_files("club", "Club", "UTC")
