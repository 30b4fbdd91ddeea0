"""`adopt` on each export: every column is found, and once what it asks for is done its drafts evaluate."""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from corpus_reading import EXPORTS, put_members
from corpus_readings import READINGS
from this_process import run_here

from pointbook.adoption import adopted
from pointbook.adoption.json_objects import flat_texts
from pointbook.diagnostics import InputError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

OURS = "event_id=id member_id=user_id activity=action occurred_at=created_at"
BY_PLACE = "event_id=column_1 member_id=column_2 activity=column_3 occurred_at=column_4"
ALL = "topic=text minutes=integer price=decimal done=boolean due=date comment=ignore"
FLOATS = ALL.replace("minutes=integer", "minutes=decimal")  # numbers beside cells without one
NUMBERED = ALL.replace("done=boolean", "done=integer")
WORDS = ALL.replace("done=boolean", "done=text")
LOCAL = WORDS.replace("price=decimal", "price=ignore")
CAPITALS = OURS.replace("id=id", "id=ID").replace("user_id", "USER_ID").replace("=action", "=ACTION")
NAMELESS = "column_5=text column_6=integer column_7=decimal column_8={} column_9=date column_10=ignore"

# By file: which column each of ours is; the form of times; words for nothing; what the others are.
FOUND = {
    "bigquery.csv": (OURS, "None", "", ALL),
    "bigquery.json": (OURS, "None", "", ALL),
    "discourse.csv": (
        "event_id=id member_id=username activity=action_type occurred_at=created_at",
        "None",
        "",
        "title=text",
    ),
    "duckdb.csv": (OURS, "None", "", ALL),
    "duckdb.jsonl": (OURS, "None", "", ALL),
    "excel-de-utf8.csv": (OURS, "day_first", "", LOCAL),
    "excel-empty-rows.csv": (OURS, "month_first", "", ALL),
    "excel-fr-utf8.csv": (OURS, "day_first", "", LOCAL),
    "excel-general.csv": (OURS, "spreadsheet_days", "", ALL),
    "excel-long-ids.csv": (OURS.partition(" ")[2], "month_first", "", f"id=ignore {ALL}"),
    "excel-sep.csv": (OURS, "None", "", ALL),
    "excel-us-utf8.csv": (OURS, "month_first", "", ALL),
    "github-events.jsonl": (
        "event_id=id member_id=actor_login activity=type occurred_at=created_at",
        "None",
        "",
        (
            "actor_id=reference repo_id=ignore repo_name=ignore payload_action=ignore"
            " payload_issue_number=reference payload_issue_labels=ignore public=ignore"
        ),
    ),
    "gnumeric.csv": (OURS, "year_first", "", ALL),
    "google-form.csv": (
        "member_id=Email_address activity=What_did_you_do? occurred_at=Timestamp",
        "day_first",
        "",
        "Which_topic?=text How_many_minutes_did_it_take?=integer",
    ),
    "google-sheets.csv": (OURS, "month_first", "", ALL),
    "khoros.csv": (
        "event_id=event.id member_id=user.login activity=action.key occurred_at=event.time.ms",
        "unix_milliseconds",
        "",
        "user.registration.status=ignore",
    ),
    "libreoffice-us.csv": (OURS, "month_first", "", ALL),
    "mongoexport.csv": (OURS.replace("=id", "=_id"), "None", "", "topic=text minutes=integer done=boolean"),
    "mongoexport.json": (
        "event_id=_id_$oid member_id=user_id activity=action occurred_at=created_at_$date",
        "None",
        "",
        "topic=text minutes=integer done=boolean",
    ),
    "mysql-batch.tsv": (OURS, "None", "NULL", NUMBERED),
    "mysql-outfile.txt": (BY_PLACE, "None", "\\N", NAMELESS.format("integer")),
    "numbers.csv": (OURS, "day_first", "", ALL),
    "oracle.csv": (
        CAPITALS.rpartition(" ")[0],
        "",
        "",
        "CREATED_AT=ignore TOPIC=text MINUTES=integer PRICE=decimal DONE=integer DUE=ignore COMMENT=ignore",
    ),
    "pandas-index.csv": (OURS, "None", "", f"column_1=ignore {FLOATS}"),
    "pandas-iso.jsonl": (OURS, "None", "", FLOATS),
    "pandas-na.csv": (OURS, "None", "NaN", FLOATS),
    "pandas.jsonl": (OURS, "unix_milliseconds", "", FLOATS),
    "polars.csv": (OURS, "None", "", ALL),
    "polars.jsonl": (OURS, "None", "", ALL),
    "postgres-copy.csv": (OURS, "None", "", WORDS),
    "postgres-copy.tsv": (OURS, "None", "\\N", WORDS),
    "postgres-copy.txt": (BY_PLACE, "None", "\\N", NAMELESS.format("text")),
    "postgres-json.jsonl": (OURS, "None", "", ALL),
    "psql.csv": (OURS, "None", "", WORDS),
    "r-write-csv.csv": (OURS, "None", "NA", f"column_1=ignore {ALL}"),
    "r-write-csv2.csv": (OURS, "None", "", ALL.replace("price=decimal", "price=ignore")),
    "snowflake-unload.csv": (
        CAPITALS.replace("created_at", "CREATED_AT"),
        "None",
        "\\N",
        "TOPIC=text MINUTES=integer PRICE=decimal DONE=boolean DUE=date COMMENT=ignore",
    ),
    "snowflake.csv": (
        CAPITALS.replace("created_at", "CREATED_AT"),
        "None",
        "",
        "TOPIC=text MINUTES=integer PRICE=decimal DONE=boolean DUE=date COMMENT=ignore",
    ),
    "spark.csv": (OURS, "None", "", ALL),
    "spark.jsonl": (OURS, "None", "", ALL),
    "sqlite-unix.txt": (OURS.replace("created_at", "ts"), "unix_seconds", "", "topic=text"),
    "sqlite.csv": (OURS, "None", "", NUMBERED),
    "sqlserver-no-header.csv": (BY_PLACE, "None", "NULL", NAMELESS.format("integer")),
    "sqlserver.csv": (OURS, "None", "NULL", NUMBERED),
    "webhook.jsonl": (
        "event_id=id member_id=data_user_id activity=type occurred_at=created",
        "unix_seconds",
        "",
        "object=ignore data_user_plan=ignore data_topic=text data_minutes=integer livemode=ignore",
    ),
}
REFUSED = {
    "duckdb-array.json": ": this looks like one JSON list, not like JSON Lines",
    "excel-de.csv": ":2: byte 0xf6 is not UTF-8 text",
    "excel-mac.csv": ":2: byte 0x9a is not UTF-8 text",
    "excel-unicode.txt": ": this looks like text in UTF-16, not like CSV or JSON Lines",
    "excel-us.csv": ":2: byte 0xf6 is not UTF-8 text",
    "libreoffice-de.csv": ":2: byte 0xf6 is not UTF-8 text",
    "pandas-array.json": ": this looks like one JSON list, not like JSON Lines",
    "psql.txt": ": this is a table as a database's shell prints it for people",
    "workbook.xlsx": ": this looks like an Excel workbook or a zip archive, not like CSV or JSON Lines",
}


def named(pairs: object) -> str:
    return " ".join(f"{one}={other.replace(' ', '_')}" for one, other in pairs)


@pytest.mark.parametrize("file", FOUND)
def test_each_column_is_taken_for_what_it_is(file: str) -> None:
    sheet = adopted(EXPORTS / file, None).events
    times = sheet.guesses["occurred_at"].column.times.forms if "occurred_at" in sheet.guesses else ()
    assert (
        named((role, guess.column.name) for role, guess in sheet.guesses.items()),
        " ".join(map(str, times)),
        " ".join(sheet.words_for_nothing),
        " ".join(
            f"{one.column.name.replace(' ', '_')}={one.type if one.use == 'attribute' else one.use}"
            for one in sheet.further
        ),
    ) == FOUND[file]


@pytest.mark.parametrize("file", REFUSED)
def test_what_is_no_text_of_rows_is_refused(file: str) -> None:
    with pytest.raises(InputError) as refused:
        adopted(EXPORTS / file, None)
    assert f"{refused.value.where}: {refused.value.message}".endswith(f"/{file}{REFUSED[file]}")


def test_every_export_is_looked_at() -> None:
    assert {*FOUND, *REFUSED} == {*READINGS}


def without_first_line(text: str) -> str:
    return text.partition("\n")[2]


def with_header(between: str) -> Callable[[str], str]:
    return lambda text: between.join(f"column_{place}" for place in range(1, 11)) + f"\n{text}"


def with_ids(text: str) -> str:
    """A column `event_id`, different in each row, before the others."""
    lines = text.removeprefix("\ufeff").splitlines()
    return "".join(
        f"{'event_id' if not number else f'n{number}'},{line}\n" for number, line in enumerate(lines)
    )


# What `adopt` says is needed of an export itself, and what does it.
NEEDED: dict[str, tuple[str, Callable[[str], str]]] = {
    "excel-sep.csv": ("In excel-sep.csv, nothing above the header: delete line 1.", without_first_line),
    "google-form.csv": ("A column `event_id`, different in each row", with_ids),
    "mysql-outfile.txt": (
        "In mysql-outfile.txt, a header: write this line above the first, tabs for its spaces: column_1 column_2",
        with_header("\t"),
    ),
    "numbers.csv": ("In numbers.csv, nothing above the header: delete line 1.", without_first_line),
    "pandas-index.csv": (
        "In pandas-index.csv, a name for each column; the draft calls those without one `column_1`.",
        lambda text: f"column_1{text}",
    ),
    "postgres-copy.txt": (
        "In postgres-copy.txt, a header: write this line above the first, tabs for its spaces: column_1 column_2",
        with_header("\t"),
    ),
    "r-write-csv.csv": (
        "In r-write-csv.csv, a name for each column; the draft calls those without one `column_1`.",
        lambda text: text.replace('""', "column_1", 1),
    ),
    "sqlite-unix.txt": (
        "In sqlite-unix.txt, commas, semicolons or tabs in place of '|' between cells.",
        lambda text: text.replace("|", "\t").replace('"', ""),
    ),
    "sqlserver-no-header.csv": (
        "In sqlserver-no-header.csv, a header: write this line above the first, ',' for its spaces: column_1 column_2",
        lambda text: with_header(",")(text.removeprefix("\ufeff")),
    ),
}
# Of these the export itself must be made again; it is said why.
MADE_AGAIN = {
    "excel-long-ids.csv": "1 id of 'id' such as '1.23457E+15': it looks like a number that a spreadsheet shortened;"
    " export the column as text.",
    "oracle.csv": "The name of 'CREATED_AT' says when, but '04-MAR-24 09.30.00.000000000 AM GMT' is not a time: write"
    " the year with four digits, then month and day: YYYY-MM-DD, then the time of day.",
}
# Rows that are rejected even so: quotation marks of Spark, and a line end of MySQL, behind a backslash.
ROWS = {"spark.csv": (8, 6, 2), "mysql-outfile.txt": (9, 8, 1)}
FLATTENED = ("github-events.jsonl", "mongoexport.json", "webhook.jsonl")


@pytest.mark.parametrize("file", FOUND)
def test_once_what_is_needed_is_done_the_drafts_evaluate(file: str, tmp_path: Path) -> None:
    shutil.copy(EXPORTS / file, tmp_path / file)
    code, out, err = run_here(["adopt", file, "--out", "club", "--draft-rules"], tmp_path)
    assert (code, err) == (0, b"")
    said = " ".join(out.decode().split())
    if file in MADE_AGAIN:
        assert MADE_AGAIN[file] in said
        return
    needed, done = NEEDED.get(file, ("", str))
    assert needed in said
    assert needed or file in FLATTENED or f"In {file}, " not in said
    text = (tmp_path / file).read_text(encoding="utf-8")
    (tmp_path / file).write_text(done(text), encoding="utf-8")
    if file in FLATTENED:
        flatten(next(line for line in out.decode().splitlines() if line.startswith("  jq ")), tmp_path)
    put_members(tmp_path, "{}@example.org" if file == "google-form.csv" else "{}")
    evaluate = out.decode().rstrip().rpartition("\n")[2].split()
    code, out, err = run_here([*evaluate[1:], "--backend", "python"], tmp_path)
    read, ledger, rejects = ROWS.get(file, (8, 8, 0))
    assert f"rows read {read} = ledger {ledger} + rejects {rejects} + after as-of 0" in out.decode(), (
        err.decode()
    )
    assert code == int(rejects > 0)


def flatten(command: str, folder: Path) -> None:
    """Do what a command of jq does, by itself where it is installed."""
    if shutil.which("jq"):
        subprocess.run(command, shell=True, cwd=folder, check=True)  # noqa: S602 - as it is to be typed
        return
    *_, source, _, flat = shlex.split(command)
    lines = (folder / source).read_text(encoding="utf-8").splitlines()
    texts = (json.dumps(flat_texts(line)[0]) + "\n" for line in lines)
    (folder / flat).write_text("".join(texts), encoding="utf-8")
