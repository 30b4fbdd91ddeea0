"""`pointbook adopt`: what the columns of exports as people make them are, with drafts that evaluate."""

from __future__ import annotations

import csv
import json
import random
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from club_shell import Shell

from pointbook.adoption import adopted
from pointbook.loading import load

if TYPE_CHECKING:
    from collections.abc import Callable

EXPORTS = Path(__file__).parent / "exports"

# By file: what each of our columns is called there; the form of times; what becomes of the others.
GUESSES = {
    "stackoverflow.csv": (
        "event_id=Id member_id=OwnerUserId activity=PostTypeId occurred_at=CreationDate points=Score",
        "None",
        "ParentId=reference LastActivityDate=ignore Tags=attribute Body=ignore",
    ),
    "discourse.csv": (
        "event_id=id member_id=user_id activity=action_type occurred_at=created_at",
        "None",
        "target_topic_id=reference target_post_id=reference acting_user_id=reference updated_at=ignore",
    ),
    "khoros.tsv": (
        (
            "event_id=Event_ID member_id=User_Login activity=Event_Type occurred_at=Event_Time"
            " points=Kudos_Weight"
        ),
        "None",
        "Board=attribute",
    ),
    "salesforce.csv": (
        "event_id=Activity_ID member_id=Contact_ID activity=Type occurred_at=Date points=Points_Earned",
        "month_first",
        "Subject=ignore Status=ignore",
    ),
    "shop.csv": (
        "event_id=Name member_id=Email activity=Financial_Status occurred_at=Created_at",
        "None",
        (
            "Paid_at=ignore Fulfillment_Status=attribute Currency=ignore Total=attribute Lineitem_name=ignore"
            " Discount_Code=attribute"
        ),
    ),
    "moodle.csv": (
        "member_id=User_full_name activity=Event_name occurred_at=Time",
        "day_first month_first",
        "Event_context=ignore Component=attribute Description=ignore Origin=ignore IP_address=attribute",
    ),
    "excel-de.csv": (
        "event_id=Buchungsnr. member_id=Mitglied activity=Aktivität occurred_at=Datum points=Punkte",
        "day_first",
        "Betrag=ignore Bemerkung=ignore",
    ),
    "undecided.csv": (
        "event_id=TransactionID member_id=Customer_ID activity=Action occurred_at=Date points=Points",
        "day_first month_first",
        "",
    ),
    "copy.txt": (
        "event_id=column_1 member_id=column_2 activity=column_3 occurred_at=column_4",
        "None",
        "column_5=attribute",
    ),
    "bigquery.csv": (
        "event_id=event_id member_id=user_pseudo_id activity=event_name occurred_at=event_timestamp",
        "None",
        "platform=attribute engagement_time_msec=attribute",
    ),
    "webhook.jsonl": (
        "event_id=id member_id=user_id activity=type occurred_at=created",
        "unix_milliseconds",
        "user_name=ignore data_length=attribute data_is_public=attribute data_tags=ignore",
    ),
    "pipe.csv": (
        "event_id=ref member_id=student activity=activity occurred_at=day_time",
        "spreadsheet_days",
        "minutes=attribute",
    ),
    "ours.csv": (
        "event_id=event_id member_id=member_id activity=activity occurred_at=occurred_at points=points",
        "None",
        "",
    ),
}
MEMBERS = {
    "discourse.csv": ("discourse-users.csv", "member_id=id signed_up_on=created_at"),
    "excel-de.csv": ("excel-de-mitglieder.csv", "member_id=Mitgliedsnummer signed_up_on=Beitrittsdatum"),
    "ours.csv": ("ours-members.csv", "member_id=member_id signed_up_on=signed_up_on"),
}


@pytest.fixture
def here(tmp_path: Path) -> Shell:
    for path in EXPORTS.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    return Shell(tmp_path)


def named(pairs: object) -> str:
    return " ".join(f"{one}={other.replace(' ', '_')}" for one, other in pairs)


@pytest.mark.parametrize("file", GUESSES)
def test_each_column_is_taken_for_what_it_is(file: str) -> None:
    roles, forms, others = GUESSES[file]
    members, of_members = MEMBERS.get(file, (None, ""))
    found = adopted(EXPORTS / file, EXPORTS / members if members else None)
    guesses = found.events.guesses
    assert named((role, guess.column.name) for role, guess in guesses.items()) == roles
    assert " ".join(map(str, guesses["occurred_at"].column.times.forms)) == forms
    uses = ((one.column.name.replace(" ", "_"), one.use) for one in found.events.further)
    assert named(uses) == others
    if found.members is not None:
        assert named((role, guess.column.name) for role, guess in found.members.guesses.items()) == of_members


def test_every_export_is_looked_at() -> None:
    assert {path.name for path in EXPORTS.iterdir()} == {*GUESSES, *(file for file, _ in MEMBERS.values())}


def members_from(folder: Path, file: str, column: str) -> str:
    """A members' file for whoever is in an export, as somebody would make one."""
    text = (folder / file).read_text(encoding="utf-8-sig")
    delimiter = "\t" if file.endswith(".tsv") else ","
    ids = sorted({row[column] for row in csv.DictReader(text.splitlines(), delimiter=delimiter)})
    (folder / "members.csv").write_text(
        "member_id,signed_up_on\n" + "".join(f"{one},2023-01-01\n" for one in ids)
    )
    return "members.csv"


@pytest.mark.parametrize(
    ("file", "member", "rows", "first"),
    [
        # The first row of each export, written by hand from the file.
        ("stackoverflow.csv", "OwnerUserId", 40, ("7000", "100", "1", "2024-01-03T09:00:00")),
        (
            "salesforce.csv",
            "Contact ID",
            24,
            ("00T000000000000", "003000000000000", "call", "2024-01-03T09:00:00"),
        ),
        # 09:00 at +01:00 is 08:00 in UTC.
        ("shop.csv", "Email", 24, ("#1001", "ann@example.com", "paid", "2024-01-03T08:00:00")),
        (
            "bigquery.csv",
            "user_pseudo_id",
            20,
            ("000000000-aa", "1000.0", "page_view", "2024-01-03T09:00:00"),
        ),
        ("discourse.csv", "", 30, ("1", "20", "like", "2024-01-03T09:00:00")),
        ("excel-de.csv", "", 20, ("8000", "M-001", "vortrag.gehalten", "2024-01-03T09:00:00")),
        ("ours.csv", "", 10, ("e0", "m0", "talk.given", "2024-01-03T09:00:00")),
    ],
)
def test_the_drafts_evaluate_at_once(
    here: Shell, file: str, member: str, rows: int, first: tuple[str, ...]
) -> None:
    members = members_from(here.folder, file, member) if member else MEMBERS[file][0]
    adopting = ("adopt", file, "--members", members, "--out", "club", "--draft-rules")
    assert here.run(*adopting).code == 0
    done = here.run("validate", "club")
    assert done.code == 0, done.out
    log = ("--events", file, "--members", members)
    done = here.run("evaluate", "club", *log, "--out", "results", "--backend", "python")
    assert done.code == 0, done.out + done.err
    ledger = list(csv.reader((here.folder / "results/ledger.csv").read_text().splitlines()))[1:]
    assert len(ledger) == rows
    assert first in {tuple(row[:4]) for row in ledger}


def test_what_is_undecided_is_said_and_stands_as_two_alternatives(here: Shell) -> None:
    members = members_from(here.folder, "undecided.csv", "Customer ID")
    done = here.run("adopt", "undecided.csv", "--members", members, "--out", "club", "--draft-rules")
    assert "'Date': day or month first?" in done.out
    text = (here.folder / "club/log.yaml").read_text()
    assert "\n  times:" not in text
    log = ("--events", "undecided.csv", "--members", members, "--out", "results", "--backend", "python")
    assert here.run("evaluate", "club", *log).code == 1
    for form, day in (("day_first", "2024-06-02"), ("month_first", "2024-02-06")):
        alternative = f"  # times: {{form: {form}}}"
        assert alternative in text
        here.write("club/log.yaml", text.replace(alternative, alternative.replace("# ", "")))
        done = here.run("evaluate", "club", *log)
        assert done.code == 0, done.out + done.err
        ledger = (here.folder / "results/ledger.csv").read_text()
        assert re.search(rf"^T00001,C1,review,{day}T00:00:00", ledger, re.MULTILINE)


def test_the_report_and_the_drafts_say_why(here: Shell) -> None:
    done = here.run(
        "adopt", "excel-de.csv", "--members", "excel-de-mitglieder.csv", "--out", "club", "--draft-rules"
    )
    assert (done.code, done.err) == (0, "")
    assert max(map(len, done.out.split("\nnext:")[0].splitlines())) <= 80
    for said in (
        "excel-de.csv: 20 rows of 7 columns, separated by ';', header in line 1",
        "100% of them are in the members' file",
        "7 'Vortrag gehalten'",
        "with the day first, as '13.01.2024 14:22' shows",
        "'-' is taken for no value: 10 cells of 'Bemerkung'",
        "numbers with a decimal comma",
        "the times carry no offset",
    ):
        assert said in " ".join(done.out.split())
    log = (here.folder / "club/log.yaml").read_text(encoding="utf-8")
    for line in (
        "    Buchungsnr.: event_id  # no value comes twice in 20 rows; its name says so",
        "    Größe Überprüft: grosse.uberpruft  # 6 rows",
        "    - \"-\"  # 10 cells of 'Bemerkung'",
    ):
        assert line.replace("Größe Überprüft:", '"Größe Überprüft":') in log.splitlines()
    version = (here.folder / "club/versions/2024-01-01.yaml").read_text(encoding="utf-8")
    assert "effective_from: 2024-01-01  # decide: the first event is of 2024-01-03" in version
    assert (
        "    points: 0  # decide\n    # points: {range: [0, 15]}  # or as the log's column 'Punkte' says"
        in version
    )


def test_the_order_of_the_rows_decides_nothing(here: Shell) -> None:
    head, *rows = (here.folder / "discourse.csv").read_text().splitlines()
    for place, order in (("a", 1), ("b", 2)):
        random.Random(order).shuffle(rows)  # noqa: S311 - the same order each time
        here.write(f"{place}/discourse.csv", "\n".join((head, *rows)) + "\n")
        (here.folder / place / "users.csv").write_bytes((here.folder / "discourse-users.csv").read_bytes())
    found = []
    for place in ("a", "b"):
        inside = Shell(here.folder / place)
        done = inside.run(
            "adopt", "discourse.csv", "--members", "users.csv", "--out", "club", "--draft-rules"
        )
        files = {
            path: (inside.folder / "club" / path).read_text()
            for path in ("log.yaml", "versions/2024-01-01.yaml")
        }
        found.append((done.out, files))
    assert found[0] == found[1]


def test_without_rules_only_the_log_is_drafted_and_attributes_are_passed_over(here: Shell) -> None:
    done = here.run("adopt", "bigquery.csv", "--out", "club")
    assert done.code == 0
    assert sorted(path.name for path in (here.folder / "club").iterdir()) == ["log.yaml"]
    text = (here.folder / "club/log.yaml").read_text()
    assert "    - platform  # an attribute, once rules declare it: 2 different texts in 20 values" in text
    assert "--draft-rules" in done.out


@pytest.mark.parametrize("there", ["log.yaml", "program.yaml", "versions/2024-01-01.yaml", "versions"])
def test_nothing_is_overwritten(here: Shell, there: str) -> None:
    path = here.write(f"club/{there}", "mine")
    done = here.run("adopt", "ours.csv", "--out", "club", "--draft-rules")
    assert done.code == 2
    assert f"club/{there} is there already, and nothing is overwritten" in " ".join(done.err.split())
    assert path.read_text() == "mine"
    assert [one for one in (here.folder / "club").rglob("*") if one.is_file()] == [path]


def test_log_yaml_can_be_drafted_beside_a_program_that_is_there(here: Shell) -> None:
    here.run("init", "club")
    done = here.run("adopt", "bigquery.csv", "--out", "club")
    assert done.code == 0
    assert (here.folder / "club/log.yaml").is_file()
    assert here.run("validate", "club").code == 0


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "the file is empty"),
        (b"\n \n\n", "the file is empty"),
        (b"id,user,type,date\n", "there is a header, but no row"),
        (b";;;\n;;;\n", "the file is empty"),
        (bytes(range(256)), "is not UTF-8 text"),
        (b"a,b\n1,\0\n", "it contains NUL characters"),
        ("id,user\n1,2\n".encode("utf-16"), "UTF-16"),
        (b"PK\x03\x04", "an Excel workbook or a zip archive"),
        (b'[{"id": 1}]', "this looks like one JSON list, not like JSON Lines"),
        (b'a,b\n"1,2\n', "the quotation mark opened in line 2 is never closed"),
    ],
)
def test_what_cannot_be_read_is_told_and_nothing_is_written(here: Shell, data: bytes, said: str) -> None:
    here.write("export", data)
    done = here.run("adopt", "export", "--out", "club", "--draft-rules")
    assert done.code == 3
    assert said in done.err
    assert not (here.folder / "club").exists()


EVIL = "\x1b[31m\x9b2J\r\nFORGED: =cmd|' /C calc'!A0\u202e"


def test_hostile_texts_neither_steer_the_terminal_nor_break_the_drafts(here: Shell) -> None:
    names = ("id", "user\x1b[31m", "type: {x} #", "date", EVIL.replace("\r\n", " "))
    header = ",".join(f'"{name}"' for name in names) + "\n"
    rows = "".join(
        f'{i},=u{i % 3},"{EVIL}{i % 2}",2024-01-{i + 1:02},- [a: &b{"x" * 2_000}{i % 2}\n' for i in range(20)
    )
    here.write("export.csv", header + rows)
    done = here.run("adopt", "export.csv", "--out", "club", "--draft-rules")
    assert done.code == 0, done.err
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x80-\x9f\u202e]", done.out)
    assert "FORGED" not in [line.strip()[:6] for line in done.out.splitlines()]
    assert [one for one in load(here.folder / "club").findings if one.severity == "error"] == []
    members = "member_id,signed_up_on\n=u0,2023-01-01\n=u1,2023-01-01\n=u2,2023-01-01\n"
    here.write("members.csv", members)
    done = here.run(
        "evaluate",
        "club",
        "--events",
        "export.csv",
        "--members",
        "members.csv",
        "--out",
        "r",
        "--backend",
        "python",
    )
    assert done.code == 0, done.out + done.err


def rows_of(shell: Shell, name: str, rows: list[str], header: str = "id,user,type,date") -> str:
    shell.write(name, "\n".join((header, *rows)) + "\n")
    return name


PLAIN = [f"{1000 + i},u{i % 4},{['like', 'post'][i % 2]},2024-01-{i + 1:02}" for i in range(28)]


def test_what_does_not_fit_is_counted_with_its_lines(here: Shell) -> None:
    rows = [
        *PLAIN,
        PLAIN[0],
        "1001,u1,post,2024-02-01",
        "2000,u9,like,soon",
        "2001,,like,2024-01-02",
        "2002,u1,like",
    ]
    rows_of(here, "export.csv", rows)
    here.write(
        "members.csv", "member_id,signed_up_on\nU1 ,2023-01-01\nu0,2023-01-01\nu2,2023-01-02\nu3,2023-01-03\n"
    )
    out = " ".join(here.run("adopt", "export.csv", "--members", "members.csv", "--out", "club").out.split())
    # Lines: 28 rows from line 2 on, so the first of the others is line 30.
    for said in (
        "1 id comes more than once, in rows that are the same, of which one counts: '1000'",
        "1 id comes more than once, in rows that differ: '1001'",
        "1 row with a time of another form: line 32: 'soon'",
        "1 row without `member_id`: line 33",
        "1 row that cannot be read: line 34: it has 3 cells, the header has 4",
        # u1 has rows 2, 6, ... of 28, 7 of them, and the one that differs; u9 has one.
        (
            "9 rows are of 2 members that members.csv does not have: 'u1', 'u9'; there is 'U1 ': it differs"
            " from 'u1' in letter case and spaces"
        ),
    ):
        assert said in out


@pytest.mark.parametrize(
    ("events", "members", "said"),
    [
        # The two files swapped.
        ("discourse-users.csv", "discourse.csv", "The two files the other way round, it seems"),
        # A title above the header; no header at all; another delimiter.
        ("khoros.tsv", None, "delete lines 1 to 3"),
        ("copy.txt", None, "write this line above the first, tabs for its spaces: column_1 column_2"),
        ("pipe.csv", None, "commas, semicolons or tabs in place of '|'"),
        # No id: which columns are one together, and how to make one of them.
        ("moodle.csv", None, 'md5(concat_ws(\'|\', "User full name", "Event name", Time))'),
        # Objects in objects.
        ("webhook.jsonl", None, "user_id: .user.id"),
        # No members: what they need, and what the export knows of them.
        ("undecided.csv", None, "with the columns member_id and signed_up_on"),
        ("bigquery.csv", None, "nobody signed up after their first event, which is of: '1000.0' 2024-01-03"),
    ],
)
def test_what_is_needed_is_said_with_how_to_come_by_it(
    here: Shell, events: str, members: str | None, said: str
) -> None:
    options = ("--members", members) if members else ()
    done = here.run("adopt", events, *options, "--out", "club")
    assert done.code == 0
    assert said in " ".join(done.out.split())


def without_lines_above(text: str) -> str:
    return "\n".join(text.splitlines()[3:]) + "\n"


def with_a_header(text: str) -> str:
    return "\t".join(f"column_{place}" for place in range(1, 6)) + "\n" + text


def with_commas(text: str) -> str:
    return text.replace("|", ",")


def flattened(text: str) -> str:
    """As the command with jq does it that is shown."""
    rows = [json.loads(line) for line in text.splitlines()]
    flat = [
        {
            **{key: value for key, value in row.items() if not isinstance(value, dict)},
            **{
                f"{key}_{inner}": one
                for key, value in row.items()
                if isinstance(value, dict)
                for inner, one in value.items()
            },
        }
        for row in rows
    ]
    return "".join(f"{json.dumps(row)}\n" for row in flat)


@pytest.mark.parametrize(
    ("file", "mended", "members", "activity"),
    [
        ("khoros.tsv", without_lines_above, "anna bert cleo dora", "kudos.given"),
        ("copy.txt", with_a_header, "40 41 42 43", "login"),
        ("pipe.csv", with_commas, "s0 s1 s2", "lesson.done"),
        ("webhook.jsonl", flattened, "u0 u1 u2 u3", "message.posted"),
    ],
)
def test_once_that_is_done_the_drafts_evaluate(
    here: Shell, file: str, mended: Callable[[str], str], members: str, activity: str
) -> None:
    assert here.run("adopt", file, "--out", "club", "--draft-rules").code == 0
    here.write(file, mended((here.folder / file).read_text(encoding="utf-8")))
    here.write(
        "members.csv",
        "member_id,signed_up_on\n" + "".join(f"{one},2023-01-01\n" for one in members.split()),
    )
    log = ("--events", file, "--members", "members.csv", "--out", "results", "--backend", "python")
    done = here.run("evaluate", "club", *log)
    assert done.code == 0, done.out + done.err
    assert f",{activity}," in (here.folder / "results/ledger.csv").read_text().splitlines()[1]


def test_ids_that_a_spreadsheet_shortened_are_told(here: Shell) -> None:
    rows_of(
        here,
        "export.csv",
        [row.replace("100", "1.23457E+15", 1) if i < 1 else row for i, row in enumerate(PLAIN)],
    )
    out = " ".join(here.run("adopt", "export.csv", "--out", "club").out.split())
    assert "it looks like a number that a spreadsheet shortened" in out


def test_spellings_of_one_activity_are_one_and_that_is_asked(here: Shell) -> None:
    rows = [
        row.replace(",post,", ",Like ,").replace(",like,", ",Like,") if i < 6 else row
        for i, row in enumerate(PLAIN)
    ]
    rows_of(here, "export.csv", rows)
    out = " ".join(here.run("adopt", "export.csv", "--out", "club", "--draft-rules").out.split())
    assert (
        "activity 'Like' becomes `like`; it differs from 'like' only in letter case; is it the same?" in out
    )
    log = (here.folder / "club/log.yaml").read_text()
    assert '    "Like ": like  # 3 rows; decide: it differs' in log.replace("Like : like", '"Like ": like')


def test_standard_input_is_read_once_and_looked_at_twice(here: Shell) -> None:
    data = (here.folder / "salesforce.csv").read_bytes()
    done = here.run("adopt", "-", "--out", "club", stdin=data)
    assert done.code == 0, done.err
    assert "<stdin>: 24 rows of 7 columns" in done.out


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("missing.csv", "--out", "club"), "there is no such file"),
        (("ours.csv",), "Error: --out DIR is missing:"),
        (("ours.csv", "--out", "club", "--timezone", "Europe/Brusels"), "did you mean `Europe/Brussels`?"),
        (("-", "--members", "-", "--out", "club"), "can be read only once"),
        (("ours.csv", "--out", "ours.csv"), "ours.csv"),
    ],
)
def test_wrong_usage_is_told(here: Shell, options: tuple[str, ...], said: str) -> None:
    done = here.run("adopt", *options)
    assert done.code in (2, 3)
    assert said in done.err
    assert not (here.folder / "club").exists()


def test_of_many_values_a_part_is_kept_and_that_is_said(here: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pointbook.adoption.profiles._LEAST_KEPT", 20)
    monkeypatch.setattr("pointbook.adoption.profiles._MOST_KEPT", 20)
    rows_of(
        here,
        "export.csv",
        [f"{i},u{i % 4},{['like', 'post'][i % 2]},2024-01-{i % 28 + 1:02}" for i in range(400)],
    )
    out = " ".join(here.run("adopt", "export.csv", "--out", "club").out.split())
    assert "of these columns not all values are kept, and figures are about so: 'id', 'date'" in out
    assert re.search(r"id event_id no value comes twice in 400 rows \(judged by \d+ values, 1 in \d+\)", out)


def test_a_program_that_is_there_says_what_the_words_and_columns_are(here: Shell) -> None:
    here.run("init", "club")
    rows = [
        f"{1000 + i},u{i % 4},{['Meeting attended', 'article.written', 'help given', 'Walk'][i % 4]},"
        f"2025-01-{i + 1:02},{'free' if i == 0 else i * 10},x{i}"
        for i in range(28)
    ]
    rows_of(here, "export.csv", rows, "id,user,type,date,Words,remark")
    done = here.run("adopt", "export.csv", "--out", "club")
    assert done.code == 0, done.err
    text = (here.folder / "club/log.yaml").read_text()
    for line in (
        "    Meeting attended: meeting.attended  # 7 rows; the title of `meeting.attended`",
        "  #   Walk: walk  # 7 rows; the rules have no such activity",
        "    Words: words",
    ):
        assert line in text
    assert "article.written" not in text.split("activities:")[1]  # it has its own id
    assert "    - remark" in text
    assert "    - Words" not in text
    assert here.run("validate", "club").code == 0


def test_of_several_files_the_first_is_looked_at_and_that_is_said(here: Shell) -> None:
    for name in ("a", "b", "c"):
        rows_of(here, f"log/{name}.csv", PLAIN)
    for source in ("log", "log/*.csv"):
        out = " ".join(here.run("adopt", source, "--out", f"club-{len(source)}").out.split())
        assert "log/a.csv: 28 rows" in out
        assert "2 further files were not looked at, the first of them log/b.csv" in out


NARROW = [row.replace(",", ";") for row in PLAIN]


@pytest.mark.parametrize(
    ("lines", "columns", "said"),
    [
        # As Excel reads it, a title in padded rows, a total; delimiters at the ends of lines.
        (["sep=;", "id;user;type;date", *NARROW], "id user type date", "delete line 1."),
        (
            ["Report of May;;;", ";;;", "id;user;type;date", *NARROW, "Total;28;;"],
            "id user type date",
            "delete lines 1 to 2.",
        ),
        (["id;user;type;date;", *(f"{row};" for row in NARROW)], "id user type date", ""),
        (
            ["id;user;type;date", *(f"{row};" for row in NARROW)],
            "id user type date",
            "1 more ';' at the end of the header",
        ),
        # Row numbers without a name, with a cell in the header and without; a name that comes twice.
        (
            [";id;user;type;date", *(f"{i};{row}" for i, row in enumerate(NARROW))],
            "column_1 id user type date",
            "the draft calls those without one `column_1`",
        ),
        (
            ["id;user;type;date", *(f"{i};{row}" for i, row in enumerate(NARROW))],
            "column_1 id user type date",
            "the draft calls those without one `column_1`",
        ),
        (
            ["id;user;type;date;date", *(f"{row};2024-02-01" for row in NARROW)],
            "id user type date date_(5)",
            "one column of each name; twice there: 'date'",
        ),
        (["\ufeffid;user;type;date", *NARROW], "id user type date", ""),
    ],
)
def test_a_header_is_found_in_whatever_shape(here: Shell, lines: list[str], columns: str, said: str) -> None:
    here.write("export.csv", "\r\n".join(lines) + "\r\n")
    found = adopted(here.folder / "export.csv", None).events
    assert [name.replace(" ", "_") for name in found.export.names] == columns.split()
    roles = {str(role): guess.column.name for role, guess in found.guesses.items()}
    assert roles == {"event_id": "id", "member_id": "user", "activity": "type", "occurred_at": "date"}
    out = " ".join(here.run("adopt", "export.csv", "--out", "club").out.split())
    assert said in out
    assert said or "In export.csv" not in out


@pytest.mark.parametrize(
    "header",
    [
        "id,user,kennel,date,größe",  # no activity, so that one stands for all
        f"id,user,type,date,{'x' * 2_000}",  # a name that log.yaml cannot have
        "id,user,type,date,points_",  # nearly one of ours
    ],
)
def test_drafts_hold_whatever_the_columns_are_called(here: Shell, header: str) -> None:
    rows = [f"{1000 + i},u{i % 4},{i * 7},2024-01-{i + 1:02},{i % 5}" for i in range(28)]
    rows_of(here, "export.csv", rows, header)
    assert here.run("adopt", "export.csv", "--out", "club", "--draft-rules").code == 0
    done = here.run("validate", "club")
    assert done.code == 0, done.out


def test_long_texts_are_no_activities(here: Shell) -> None:
    rows_of(here, "export.csv", [row.replace("post", "p" * 300) for row in PLAIN])
    done = here.run("adopt", "export.csv", "--out", "club", "--draft-rules")
    assert "A column `activity`, which says what was done" in done.out


def drafts(here: Shell, header: str, rows: list[str]) -> tuple[str, str]:
    """What adopt says of an export, and the draft of log.yaml; `evaluate` takes the drafts."""
    here.write("own.csv", "\n".join([header, *rows]) + "\n")
    here.write("people.csv", "member_id,signed_up_on\nada,2023-01-31\nbob,2024-02-29\n")
    log = ("own.csv", "--members", "people.csv")
    assert here.run("adopt", *log, "--out", "club", "--draft-rules").code == 0
    said = here.run("evaluate", "club", "--events", *log, "--out", "results", "--backend", "python")
    assert said.code in {0, 1}, said.err
    here.run("validate", "club")
    return here.run("adopt", *log, "--out", "again").out, (here.folder / "club/log.yaml").read_text()


def test_a_column_called_activity_is_it_whatever_it_holds(here: Shell) -> None:
    # 300 different texts, one of them long, beside a column of few.
    texts = ["x" * 300, *(f"act {number}" for number in range(299))]
    rows = [f"{number},ada,{text},2024-05-01,{number % 2}" for number, text in enumerate(texts)]
    said, log = drafts(here, "id,user,activity,when,kind", rows)
    assert "'activity' has 300 different texts, of which 256 are drafted" in " ".join(said.split())
    assert "activity: activity" in log
    assert log.count("# 1 row\n") == 256


@pytest.mark.parametrize(
    ("points", "row", "said"),
    [
        (["10.0", "", "5.0"], "points: points", "'10.0' is not a whole number: write 10"),
        (['"1,250"', "3", ""], "points: points", "'1,250' is not a whole number"),
        (["1.5", "3", ""], "points: points_2", "'points' is not taken for `points`, which are whole numbers"),
        (["10 pts", "3 pts", ""], "- points", "not so '10 pts', '3 pts'"),
    ],
    ids=["pandas", "thousands", "fractions", "with a unit"],
)
def test_points_that_are_no_whole_numbers_are_said(
    here: Shell, points: list[str], row: str, said: str
) -> None:
    rows = [f"{number},ada,talk,2024-05-0{number},{text}" for number, text in enumerate(points, 1)]
    found, log = drafts(here, "event_id,user_id,action,timestamp,points", rows)
    assert f"    {row}" in log
    assert said in " ".join(found.split())


@pytest.mark.parametrize(
    "header",
    [
        "Identifiant;Adhérent;Action;Horodatage",
        "Identificador;Cliente;Actividad;Fecha y hora",
        "Riferimento;Utente;Azione;Data e ora",
        "Referentie;Deelnemer;Actie;Tijdstip",
        "Belegnummer;Mitglied;Aktion;Zeitpunkt",
    ],
)
def test_headers_in_other_languages_are_understood(here: Shell, header: str) -> None:
    rows = ["A-1;ada;talk;2024-05-01 10:00", "A-2;bob;talk;2024-05-01 11:00", "A-3;ada;talk;2024-05-02 10:00"]
    _, log = drafts(here, header, rows)
    names = header.split(";")
    for name, ours in zip(names, ("event_id", "member_id", "activity", "occurred_at"), strict=True):
        assert re.search(rf'^    "?{name}"?: {ours}\b', log, re.MULTILINE)


def test_ids_of_deliveries_that_were_tried_again_are_ids(here: Shell) -> None:
    rows = [f"{one},ada,talk,2024-05-0{one}T10:00:00Z" for one in (1, 2, 3, 3, 4)]
    said, log = drafts(here, "id,user,action,at", rows)
    assert "    id: event_id  # 1 value comes more than once; its name says so" in log
    assert "1 id comes more than once, in rows that are the same, of which one counts: '3'" in " ".join(
        said.split()
    )


def test_a_time_that_cannot_be_read_is_no_id(here: Shell) -> None:
    rows = [f"u{number % 2},open,17145576000000{number:02}" for number in range(8)]
    here.write("ga.csv", "\n".join(["user_id,event_name,event_timestamp", *rows]) + "\n")
    done = here.run("adopt", "ga.csv", "--out", "club")
    assert "A column `event_id`, different in each row" in done.out
    assert "event_id:" not in (here.folder / "club/log.yaml").read_text().replace("# ...: event_id", "")


def test_rows_of_members_that_follow_one_another_are_told_by_their_day(here: Shell) -> None:
    here.write(
        "history.csv",
        "Kunde,Beitritt,Gültig ab,Partner\n"
        "C1,2023-01-15,,false\nC1,2023-01-15,2024-02-01,true\nC2,2023-02-15,2024-01-01,true\n",
    )
    here.write(
        "log.csv",
        "event_id,member_id,activity,occurred_at\n"
        + "".join(f"e{number},C{number % 2 + 1},talk,2024-01-0{number}\n" for number in range(1, 7)),
    )
    done = here.run("adopt", "log.csv", "--members", "history.csv", "--out", "club", "--draft-rules")
    assert done.code == 0, done.err
    text = (here.folder / "club/log.yaml").read_text(encoding="utf-8")
    found = re.findall(r"^    (\S.*?): (\w+)", text.partition("\nmembers:")[2], re.MULTILINE)
    assert found == [("Kunde", "member_id"), ("Beitritt", "signed_up_on"), ('"Gültig ab"', "valid_from")]
    log = ("--events", "log.csv", "--members", "history.csv", "--out", "results", "--backend", "python")
    done = here.run("evaluate", "club", *log)
    assert done.code == 0, done.out + done.err
