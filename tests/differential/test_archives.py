"""Files packed with gzip and zstd on every backend: the same results as of the files that are in them."""

from __future__ import annotations

import gzip
import struct
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

if TYPE_CHECKING:
    from typing import Any

    from club_shell import Shell

RESULTS = ("ledger.csv", "standings.csv", "history.csv")


def zstd(data: bytes) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, "zstd") as stream:
        stream.write(data)
    written: bytes = sink.getvalue().to_pybytes()
    return written


PACKINGS = {"gz": gzip.compress, "zst": zstd}


def _packed(shell: Shell, packing: str) -> tuple[str, ...]:
    for name in ("events", "members"):
        content = (shell.folder / f"{name}.csv").read_bytes()
        if name == "events":  # a row that is rejected, with its line
            content += b"e99,nobody,course,2024-03-13\n"[: -1 if content.endswith(b"\n") else None]
            (shell.folder / "events.csv").write_bytes(content)
        (shell.folder / f"{name}.csv.{packing}").write_bytes(PACKINGS[packing](content))
    return ("--events", f"events.csv.{packing}", "--members", f"members.csv.{packing}")


def _results(shell: Shell, out: str) -> list[bytes]:
    return [(shell.folder / out / name).read_bytes() for name in RESULTS]


def _rejects(shell: Shell, out: str) -> str:
    return (shell.folder / out / "rejects.csv").read_text()


@pytest.mark.parametrize("packing", PACKINGS)
@pytest.mark.parametrize("backend", [("python",), ("duckdb",), ("duckdb", "--via", "fold")])
def test_archives_are_read_as_what_is_in_them(shell: Shell, packing: str, backend: tuple[str, ...]) -> None:
    log = _packed(shell, packing)
    plain = ("--events", "events.csv", "--members", "members.csv")
    for out, named in (("plain", plain), ("packed", log)):
        done = shell.run("evaluate", "club", *named, "--out", out, "--backend", *backend)
        assert done.code in {0, 1}, done.err
    assert _results(shell, "packed") == _results(shell, "plain")
    assert _rejects(shell, "packed") == _rejects(shell, "plain").replace(
        "events.csv", f"events.csv.{packing}"
    )
    assert f"events.csv.{packing}" in _rejects(shell, "packed")


@pytest.mark.parametrize("packing", PACKINGS)
def test_archives_on_a_server(shell: Shell, server: tuple[str, Any], packing: str) -> None:
    log = _packed(shell, packing)
    for out, named in (("plain", ("--backend", "python")), ("packed", ("--backend", server[0]))):
        done = shell.run("evaluate", "club", *log, "--out", out, *named)
        assert done.code in {0, 1}, done.err
    assert _results(shell, "packed") == _results(shell, "plain")
    assert _rejects(shell, "packed") == _rejects(shell, "plain")


def _explained(shell: Shell, content: bytes) -> tuple[int, str]:
    (shell.folder / "x.csv.zst").write_bytes(content)
    done = shell.run("explain", "club", "ann", "--events", "x.csv.zst", "--members", "members.csv")
    return done.code, done.out + done.err


def test_zstd_frames_one_after_the_other_are_one_file(shell: Shell) -> None:
    events = (shell.folder / "events.csv").read_bytes()
    cut = events.index(b"\n", len(events) // 2)
    skipped = struct.pack("<II", 0x184D2A50, 4) + b"note"
    whole = _explained(shell, zstd(events))
    assert whole[0] == 0, whole[1]
    assert _explained(shell, skipped + zstd(events[:cut]) + zstd(b"") + zstd(events[cut:])) == whole


def test_a_damaged_zstd_archive_ends_in_a_sentence(shell: Shell) -> None:
    rows = b"".join(b"e%d,ann,course,2024-03-13\n" % number for number in range(50_000))
    events = (shell.folder / "events.csv").read_bytes().rstrip(b"\n").split(b"\n")[0] + b"\n" + rows
    sound = zstd(events)
    code, said = _explained(shell, sound[: len(sound) - 40])
    assert code == 3
    assert "the zstd archive ends too early: its end is missing" in said
    line = int(said.partition("x.csv.zst:")[2].partition(":")[0])
    assert 40_000 < line <= 50_001
    code, said = _explained(shell, sound + b"something else")
    assert (code, "after the end of the zstd archive stands what is none" in said) == (3, True)
    damaged = sound[:40] + b"\xff" * 4 + sound[44:]
    code, said = _explained(shell, damaged)
    assert (code, "the zstd archive is damaged" in said) == (3, True)
    code, said = _explained(shell, zstd(b""))
    assert (code, "x.csv.zst: the file is empty" in said) == (3, True)


@pytest.mark.parametrize("backend", ["python", "duckdb"])
def test_packed_parquet_is_refused_with_what_unpacks_it(shell: Shell, backend: str) -> None:
    import pyarrow.parquet as pq  # noqa: PLC0415 - slow

    pq.write_table(pa.table({"event_id": ["e1"]}), shell.folder / "plain.parquet")
    content = (shell.folder / "plain.parquet").read_bytes()
    for name, command in (
        ("e.parquet.gz", "gunzip -k"),
        ("e.parquet.zst", "zstd -d"),
        ("e.parquet", "gunzip -k"),
    ):
        pack = zstd if name.endswith("zst") else gzip.compress
        (shell.folder / name).write_bytes(pack(content))
        done = shell.run(
            *("evaluate", "club", "--events", name, "--members", "members.csv", "--out", "out"),
            *("--backend", backend),
        )
        assert done.code == 3, done.err
        assert f"`{command}" in done.err, done.err


def test_databases_as_files_are_told_with_how_they_are_named(shell: Shell) -> None:
    import sqlite3  # noqa: PLC0415 - as above

    import duckdb  # noqa: PLC0415 - as above

    duckdb.connect(str(shell.folder / "club.duckdb")).execute("CREATE TABLE events (x INTEGER)").close()
    connection = sqlite3.connect(shell.folder / "club.db")
    connection.execute("CREATE TABLE events (x INTEGER)")
    connection.close()
    told = {
        "club.duckdb": "`--backend duckdb://club.duckdb --events table:NAME`",
        "club.db": "`sqlite3 -header -csv club.db 'SELECT * FROM events' > events.csv`",
    }
    for name, hint in told.items():
        done = shell.run("evaluate", "club", "--events", name, "--members", "members.csv", "--out", "out")
        assert (done.code, hint in done.err) == (3, True), done.err
