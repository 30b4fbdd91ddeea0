"""Exports made by the programs themselves."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from contextlib import contextmanager
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING, Any

from by_hand import table
from corpus_truth import COLUMNS, EVENTS, MEMBERS, rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

Made = dict[str, tuple[str, bytes]]
"""By file: what was typed, and what came of it."""

_NULL_WORD = "\\N"
_KINDS = "text text text {moment} text integer numeric(10,2) boolean date text"


def _run(*command: str, stdin: bytes = b"", env: dict[str, str] | None = None) -> bytes:
    done = subprocess.run(
        command, input=stdin, capture_output=True, check=False, env={**os.environ, **(env or {})}
    )
    if done.returncode:
        raise RuntimeError(f"{command}: {done.stderr.decode()}")
    return done.stdout


def _version(*command: str) -> str:
    return _run(*command).decode().strip().splitlines()[0]


def _in_utc(moment: str = "T") -> list[list[str]]:
    return rows(lambda one: f"{one.at.isoformat(moment)}+00:00", nothing=_NULL_WORD)


def _frame_columns() -> dict[str, list[Any]]:
    return {
        "id": [int(one.id) for one in EVENTS],
        "user_id": [one.member for one in EVENTS],
        "action": [one.action for one in EVENTS],
        "created_at": [one.at.replace(tzinfo=UTC) for one in EVENTS],
        "topic": [one.topic for one in EVENTS],
        "minutes": [one.minutes for one in EVENTS],
        "price": [None if one.price is None else float(one.price) for one in EVENTS],
        "done": [one.done for one in EVENTS],
        "due": [one.due for one in EVENTS],
        "comment": [one.comment or None for one in EVENTS],
    }


def by_pandas(folder: Path) -> Made:
    """CSV, JSON Lines and Parquet by pandas."""
    import pandas as pd  # noqa: PLC0415 - each function needs another program

    frame = pd.DataFrame(_frame_columns())
    name = f"pandas {pd.__version__}: frame."
    frame["created_at"] = frame["created_at"].astype("datetime64[ns, UTC]")
    local = frame.assign(created_at=frame["created_at"].dt.tz_localize(None))
    typed = frame.assign(action=frame["action"].astype("category"), minutes=frame["minutes"].astype("Int64"))
    days = pd.to_datetime(pd.Series(list(MEMBERS.values())))
    members = pd.DataFrame({"user_id": list(MEMBERS), "signup_date": days})
    typed.to_parquet(folder / "pandas.parquet")
    local.assign(action=local["action"].astype("category")).to_parquet(folder / "naive.parquet", index=False)
    return {
        "pandas-index.csv": (name + "to_csv(path)", frame.to_csv().encode()),
        "pandas-na.csv": (
            name + "to_csv(path, index=False, na_rep='NaN')",
            frame.to_csv(index=False, na_rep="NaN").encode(),
        ),
        "pandas.jsonl": (
            name + "to_json(path, orient='records', lines=True)",
            (frame.to_json(orient="records", lines=True) or "").encode(),
        ),
        "pandas-iso.jsonl": (
            name + "to_json(path, orient='records', lines=True, date_format='iso', force_ascii=False)",
            (
                frame.to_json(orient="records", lines=True, date_format="iso", force_ascii=False) or ""
            ).encode(),
        ),
        "pandas-array.json": (
            name + "to_json(path, orient='records')",
            (frame.to_json(orient="records") or "").encode(),
        ),
        "pandas.parquet": (
            name + "to_parquet(path), ns, a category, Int64, its index",
            (folder / "pandas.parquet").read_bytes(),
        ),
        "members-pandas.csv": (
            name + "to_csv(path, index=False) of the members, whose days are timestamps",
            members.to_csv(index=False).encode(),
        ),
        "pandas-naive.parquet": (
            name + "to_parquet(path, index=False), ns without a zone",
            (folder / "naive.parquet").read_bytes(),
        ),
    }


def by_polars(folder: Path) -> Made:
    """CSV, JSON Lines and Parquet by polars."""
    import polars as pl  # noqa: PLC0415 - each function needs another program

    frame = pl.DataFrame(_frame_columns())
    name = f"polars {pl.__version__}: frame."
    frame.with_columns(pl.col("action").cast(pl.Categorical)).write_parquet(folder / "polars.parquet")
    return {
        "polars.csv": (name + "write_csv(path)", (frame.write_csv() or "").encode()),
        "polars.jsonl": (name + "write_ndjson(path)", (frame.write_ndjson() or "").encode()),
        "polars.parquet": (
            name + "write_parquet(path), a categorical",
            (folder / "polars.parquet").read_bytes(),
        ),
    }


def by_duckdb(folder: Path) -> Made:
    """CSV, JSON and Parquet by DuckDB's COPY."""
    import duckdb  # noqa: PLC0415 - each function needs another program

    made: Made = {}
    with duckdb.connect() as session:
        types = ", ".join(
            f"{name} {kind}"
            for name, kind in zip(COLUMNS, _KINDS.format(moment="timestamptz").split(), strict=True)
        )
        session.execute(f"CREATE TABLE events ({types})")
        for row in _in_utc():
            session.execute(
                f"INSERT INTO events VALUES ({', '.join('?' * len(row))})",
                [None if cell == _NULL_WORD else cell for cell in row],
            )
        for name, options in (
            ("duckdb.csv", ""),
            ("duckdb.jsonl", " (FORMAT json)"),
            ("duckdb-array.json", " (FORMAT json, ARRAY true)"),
            ("duckdb.parquet", " (FORMAT parquet)"),
        ):
            session.execute(f"COPY events TO '{folder / name}'{options}")
            typed = f"DuckDB {duckdb.__version__}: COPY events TO '{name}'{options}"
            made[name] = typed, (folder / name).read_bytes()
    return made


def by_postgresql(_: Path) -> Made:
    """What psql writes; needs a server, as `.ci/with-postgres` starts it."""
    server = os.environ["POINTBOOK_POSTGRES"]
    kinds = _KINDS.format(moment="timestamptz").split()
    types = ", ".join(f"{name} {kind}" for name, kind in zip(COLUMNS, kinds, strict=True))
    with tempfile.NamedTemporaryFile("w", suffix=".csv", encoding="utf-8") as file:
        file.write(table(_in_utc(), header=None, end="\n"))
        file.flush()
        create = f"DROP TABLE IF EXISTS events; CREATE TABLE events ({types}); SET TimeZone = 'UTC';"
        copy = rf"\copy events FROM '{file.name}' (FORMAT csv, NULL '\N')"
        _run("psql", server, "-q", "-v", "ON_ERROR_STOP=1", stdin=f"{create}\n{copy}\n".encode())
    members = ", ".join(f"('{one}', '{day} 09:30+00')" for one, day in MEMBERS.items())
    create = "DROP TABLE IF EXISTS users; CREATE TABLE users (id text, created_at timestamptz);"
    _run("psql", server, "-q", stdin=f"{create} INSERT INTO users VALUES {members};".encode())
    made: Made = {}
    name = _version("psql", "--version").replace("psql (PostgreSQL)", "PostgreSQL").partition(" (")[0]
    for file_name, arguments in (
        ("postgres-copy.csv", ("-c", "COPY events TO STDOUT (FORMAT csv, HEADER)")),
        ("postgres-copy.txt", ("-c", "COPY events TO STDOUT")),
        ("postgres-copy.tsv", ("-c", "COPY events TO STDOUT (HEADER)")),
        ("psql.csv", ("--csv", "-c", "SELECT * FROM events")),
        ("psql.txt", ("-c", "SELECT * FROM events")),
        ("members-postgres.csv", ("--csv", "-c", "SELECT * FROM users")),
        ("members-postgres-days.csv", ("--csv", "-c", "SELECT id, created_at::date AS joined FROM users")),
        ("postgres-json.jsonl", ("-At", "-c", "SELECT row_to_json(events) FROM events")),
    ):
        environment = {"PGTZ": "Europe/Berlin" if file_name == "psql.csv" else "UTC"}
        zone = " with PGTZ=Europe/Berlin" if file_name == "psql.csv" else ""
        typed = " ".join(one if one.startswith("-") else f'"{one}"' for one in arguments)
        made[file_name] = (
            f"{name}: psql {typed}{zone}",
            _run("psql", server, "-q", *arguments, env=environment),
        )
    return made


def by_sqlite(_: Path) -> Made:
    """What the sqlite3 shell writes, from a table in which times are texts of UTC, or seconds."""
    body = table(rows(lambda one: one.at.isoformat(" ", "seconds"), truth=("0", "1")), header=None, end="\n")
    with tempfile.NamedTemporaryFile("w", suffix=".csv", encoding="utf-8") as file:
        file.write(body)
        file.flush()
        create = f"CREATE TABLE events ({', '.join(f'{name} TEXT' for name in COLUMNS)});"
        empty = "UPDATE events SET minutes = nullif(minutes, ''), price = nullif(price, ''), due = nullif(due, '');"
        begin = f"{create}\n.mode csv\n.import {file.name} events\n{empty}\n.headers on\n"
        query = "SELECT id, user_id, action, CAST(strftime('%s', created_at) AS INTEGER) AS ts, topic FROM events;"
        version = f"SQLite {_version('sqlite3', '--version').split()[0]}: sqlite3 -header "
        return {
            "sqlite.csv": (
                version + "-csv club.db 'SELECT * FROM events'",
                _run("sqlite3", stdin=f"{begin}SELECT * FROM events;\n".encode()),
            ),
            "sqlite-unix.txt": (
                version + "-list club.db, with times as strftime('%s', ...)",
                _run("sqlite3", stdin=f"{begin}.mode list\n{query}\n".encode()),
            ),
        }


@contextmanager
def _mariadb() -> Iterator[tuple[str, ...]]:
    """A server of its own; what begins a command to it."""
    with tempfile.TemporaryDirectory() as folder:
        data, socket = f"{folder}/data", f"{folder}/socket"
        user = ("--user=root",) if os.geteuid() == 0 else ()
        _run(
            "mariadb-install-db",
            "--no-defaults",
            f"--datadir={data}",
            "--auth-root-authentication-method=normal",
            *user,
        )
        server = subprocess.Popen(
            ("mariadbd", "--no-defaults", f"--datadir={data}", f"--socket={socket}", "--skip-networking", *user,
             f"--pid-file={folder}/pid", "--character-set-server=utf8mb4"),
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            while not Path(socket).exists() and server.poll() is None:
                time.sleep(0.1)
            yield (
                "mariadb",
                "--no-defaults",
                f"--socket={socket}",
                "--default-character-set=utf8mb4",
                "-uroot",
            )
        finally:
            server.terminate()
            server.wait()


def by_mariadb(folder: Path) -> Made:
    """INTO OUTFILE and the client's own output; MySQL writes both alike."""
    kinds = _KINDS.format(moment="datetime(6)").split()
    types = ", ".join(f"{name} {kind}" for name, kind in zip(COLUMNS, kinds, strict=True))
    texts = rows(lambda one: one.at.isoformat(" "), nothing=_NULL_WORD, truth=("0", "1"))
    quoted = (", ".join("NULL" if cell == _NULL_WORD else _sql_text(cell) for cell in row) for row in texts)
    inserts = "".join(f"INSERT INTO events VALUES ({row});" for row in quoted)
    outfile = folder / "outfile.txt"
    with _mariadb() as client:
        create = (
            f"CREATE DATABASE club CHARACTER SET utf8mb4; USE club; CREATE TABLE events ({types});{inserts}"
        )
        _run(*client, stdin=create.encode())
        _run(*client, "club", "-e", f"SELECT * FROM events INTO OUTFILE '{outfile}'")
        members = ", ".join(f"('{one}', '{day}')" for one, day in MEMBERS.items())
        create = "CREATE TABLE users (login varchar(40), registered datetime);"
        _run(*client, "club", stdin=f"{create} INSERT INTO users VALUES {members};".encode())
        version = f"MariaDB {_version(*client, '-N', '-e', 'SELECT version()').partition('-')[0]}"
        return {
            "mysql-outfile.txt": (
                f"{version}: SELECT * FROM events INTO OUTFILE '...'",
                outfile.read_bytes(),
            ),
            "members-mysql-batch.tsv": (
                f"{version}: mariadb --batch -e 'SELECT * FROM users', whose days are of type datetime",
                _run(*client, "club", "--batch", "-e", "SELECT * FROM users"),
            ),
            "mysql-batch.tsv": (
                f"{version}: mariadb --batch -e 'SELECT * FROM events'",
                _run(*client, "club", "--batch", "-e", "SELECT * FROM events"),
            ),
        }


def _sql_text(cell: str) -> str:
    return "'" + cell.replace("\\", "\\\\").replace("'", "''") + "'"


def by_r(folder: Path) -> Made:
    """write.csv and write.csv2 of R."""
    source = folder / "base.csv"
    source.write_text(
        table(rows(lambda one: one.at.isoformat(" ", "seconds"), nothing="NA"), end="\n"), encoding="utf-8"
    )
    script = f"""
events <- read.csv("{source}", encoding = "UTF-8", colClasses = c(id = "character"))
events$created_at <- as.POSIXct(events$created_at, tz = "UTC")
events$due <- as.Date(events$due)
events$done <- events$done == "true"
write.csv(events, "{folder}/r.csv", fileEncoding = "UTF-8")
write.csv2(events, "{folder}/r2.csv", row.names = FALSE, na = "", fileEncoding = "UTF-8")
"""
    _run("Rscript", "-", stdin=script.encode(), env={"LC_ALL": "C.UTF-8"})
    version = "R " + _run("Rscript", "-e", "cat(as.character(getRversion()))").decode()
    return {
        "r-write-csv.csv": (f"{version}: write.csv(events, path)", (folder / "r.csv").read_bytes()),
        "r-write-csv2.csv": (
            f"{version}: write.csv2(events, path, row.names = FALSE, na = '')",
            (folder / "r2.csv").read_bytes(),
        ),
    }


_FORMATS = {
    "us": ("m/d/yyyy h:mm", "m/d/yyyy", "#,##0.00"),
    "de": ("[$-407]dd.mm.yyyy hh:mm", "[$-407]dd.mm.yyyy", "[$-407]#,##0.00"),
}


def _workbook(path: Path, locale: str) -> None:
    """The events as somebody keeps them in a workbook: true times, days and numbers, formatted."""
    import openpyxl  # noqa: PLC0415 - each function needs another program

    when, day, amount = _FORMATS[locale]
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(COLUMNS)
    for one in EVENTS:
        price = None if one.price is None else float(one.price)
        at = one.local.replace(second=0, microsecond=0)
        comment = one.comment or None
        sheet.append(
            [
                int(one.id),
                one.member,
                one.action,
                at,
                one.topic,
                one.minutes,
                price,
                one.done,
                one.due,
                comment,
            ]
        )
        row = sheet.max_row
        sheet.cell(row, 4).number_format = when
        sheet.cell(row, 7).number_format = amount
        sheet.cell(row, 9).number_format = day
    book.save(path)


def by_libreoffice(folder: Path) -> Made:
    """A workbook as LibreOffice saves it, and the workbook itself."""
    version = " ".join(_version("soffice", "--version").split()[:2])
    made: Made = {}
    for locale, separator, charset, language in (("us", 44, 76, 1033), ("de", 59, 1, 1031)):
        book = folder / f"libreoffice-{locale}.xlsx"
        _workbook(book, locale)
        options = f"csv:Text - txt - csv (StarCalc):{separator},34,{charset},1,,{language},false,true,false"
        _run(
            "soffice",
            "--headless",
            "--convert-to",
            options,
            "--outdir",
            str(folder),
            str(book),
            env={"HOME": str(folder)},
        )
        file = folder / f"libreoffice-{locale}.csv"
        made[file.name] = f'{version}: soffice --headless --convert-to "{options}"', file.read_bytes()
    made["workbook.xlsx"] = (
        "openpyxl: a workbook, given as it is",
        (folder / "libreoffice-us.xlsx").read_bytes(),
    )
    return made


def by_gnumeric(folder: Path) -> Made:
    """The same workbook by ssconvert, as batch jobs do it."""
    book, text = folder / "book.xlsx", folder / "gnumeric.csv"
    _workbook(book, "us")
    _run("ssconvert", str(book), str(text), env={"LC_ALL": "C.UTF-8"})
    version = _run("sh", "-c", "ssconvert --version 2>&1").decode().split("'")[1]
    return {"gnumeric.csv": (f"Gnumeric {version}: ssconvert events.xlsx events.csv", text.read_bytes())}


def by_spark(folder: Path) -> Made:
    """CSV and JSON by Spark."""
    import pyspark  # noqa: PLC0415 - each function needs another program
    from pyspark.sql import SparkSession  # noqa: PLC0415 - likewise

    session = (
        SparkSession.builder.master("local[1]")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.ui.enabled", "false")
        .getOrCreate()
    )
    schema = (
        "id string, user_id string, action string, created_at timestamp, topic string, minutes int, price double,"
        " done boolean, due date, comment string"
    )
    columns = _frame_columns() | {"id": [one.id for one in EVENTS]}
    frame = session.createDataFrame(list(zip(*columns.values(), strict=True)), schema).coalesce(1)
    frame.write.csv(f"{folder}/spark-csv", header=True)
    frame.write.json(f"{folder}/spark-json")
    session.stop()
    name = f"Spark {pyspark.__version__}: frame.write."
    return {
        "spark.csv": (name + "csv(path, header=True)", _part(folder / "spark-csv")),
        "spark.jsonl": (name + "json(path)", _part(folder / "spark-json")),
    }


def _part(folder: Path) -> bytes:
    (part,) = folder.glob("part-*")
    return part.read_bytes()


BY_TOOLS: Sequence[Callable[[Path], Made]] = (
    by_pandas,
    by_polars,
    by_duckdb,
    by_postgresql,
    by_sqlite,
    by_mariadb,
    by_r,
    by_libreoffice,
    by_gnumeric,
    by_spark,
)
