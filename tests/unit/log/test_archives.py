"""Files packed with gzip: read as what is in them, wherever files of a log are read."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import random
import sys
import tarfile
import tracemalloc
import zipfile
import zlib

import pytest

from pointbook.diagnostics import InputError
from pointbook.log import read_log
from pointbook.log.rows.text_blocks import text_blocks
from pointbook.source.archives import unpacked_file
from pointbook.source.counted import bytes_told, size_of

HEADER = "event_id,member_id,activity,occurred_at\n"
ROWS = HEADER + "e1,anna,course,2024-03-13\ne2,nobody,course,2024-03-14\ne3,ben,course,2024-03-15\n"
OBJECTS = (
    '{"event_id": "e1", "member_id": "anna", "activity": "course", "occurred_at": "2024-03-13"}\n'
    '{"event_id": "e2", "member_id": "nobody", "activity": "course", "occurred_at": "2024-03-14"}\n'
)
DICE = random.Random(19)  # noqa: S311 - the same rows on each run
LONG = HEADER + "".join(
    f"e{DICE.randrange(10**12)},anna,course,2024-{DICE.randrange(1, 13):02}-13\n" for _ in range(5_000)
)


def packed(text: str) -> bytes:
    return gzip.compress(text.encode(), mtime=0)


def refusal(log_of, content, **names) -> InputError:
    with pytest.raises(InputError) as error:
        log_of(content, **names)
    return error.value


def facts(log):
    return [event.event_id for event in log.events], [(one.line, one.reason, one.raw) for one in log.rejects]


@pytest.mark.parametrize("name", ["events.csv.gz", "events.gz", "events.CSV.GZ", "events.csv", "events"])
def test_what_is_packed_is_told_by_the_content_not_by_the_name(log_of, name):
    log = log_of(packed(ROWS), name=name)
    assert facts(log) == facts(log_of(ROWS))
    assert [reject.file for reject in log.rejects] == [name]
    assert [reject.line for reject in log.rejects] == [3]


@pytest.mark.parametrize("name", ["events.jsonl.gz", "events.ndjson.gzip", "events.json.gz", "events.gz"])
def test_json_lines_likewise(log_of, name):
    assert facts(log_of(packed(OBJECTS), name=name)) == facts(log_of(OBJECTS, name="events.jsonl"))


def test_what_only_its_name_calls_packed_is_read_as_it_is(log_of):
    assert facts(log_of(ROWS, name="events.csv.gz")) == facts(log_of(ROWS))


def test_members_likewise(log_of):
    members = packed("member_id,signed_up_on\nanna,2023-01-15\nben,2023-02-01\n")
    assert list(log_of(ROWS, members=members, members_name="members.csv.gz").members) == ["anna", "ben"]


def test_several_archives_one_after_the_other_are_one_file(log_of):
    first, second = ROWS[: ROWS.index("e2")], ROWS[ROWS.index("e2") :]
    for between in (b"", packed("")):
        log = log_of(packed(first) + between + packed(second), name="events.csv.gz")
        assert facts(log) == facts(log_of(ROWS))


def test_nothing_in_an_archive_is_an_empty_file(log_of):
    for content in (packed(""), b""):
        assert refusal(log_of, content, name="events.csv.gz").message == "the file is empty"


def test_folders_and_patterns_have_archives(program, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "members.csv").write_text("member_id,signed_up_on\nanna,2023-01-15\n")
    (tmp_path / "in/day=1").mkdir(parents=True)
    (tmp_path / "in/day=1/a.csv.gz").write_bytes(packed(HEADER + "e1,anna,course,2024-03-13\n"))
    (tmp_path / "in/b.jsonl.gz").write_bytes(packed(OBJECTS.replace("e1", "e3")))
    for source in ("in", "in/**/*.gz"):
        log = read_log(program, members=["members.csv"], events=[source])
        assert [event.event_id for event in log.events] == ["e1", "e3"]
        assert [(reject.file, reject.line) for reject in log.rejects] == [("in/b.jsonl.gz", 2)]


def _as_stdin(monkeypatch, content: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", type("Stdin", (), {"buffer": io.BufferedReader(io.BytesIO(content))})())


def test_standard_input_is_read_as_what_is_in_it_and_stays_open(program, log_of, monkeypatch):
    log_of(ROWS)
    _as_stdin(monkeypatch, packed(ROWS))
    log = read_log(program, members=["members.csv"], events=["-"])
    assert facts(log) == facts(log_of(ROWS))
    assert not sys.stdin.buffer.closed


def test_an_archive_that_was_cut_off_is_told_with_the_line_that_was_reached(log_of):
    cut = packed(LONG)[:-1000]
    read = zlib.decompressobj(31).decompress(cut).count(b"\n")
    error = refusal(log_of, cut, name="events.csv.gz")
    assert error.where == f"events.csv.gz:{read + 1}"
    assert error.message == "the gzip archive ends too early: its end is missing"
    assert error.hint == "copy it again, whole; `gzip -t` checks it"


@pytest.mark.parametrize("cut", [*range(4, 20), -1, -8])
def test_wherever_it_was_cut_off(log_of, cut):
    error = refusal(log_of, packed(ROWS)[:cut], name="events.csv.gz")
    assert error.message == "the gzip archive ends too early: its end is missing"
    assert error.where == ("events.csv.gz:5" if cut < 0 else error.where)


def test_a_damaged_archive_is_told(log_of):
    sound = packed(LONG)
    middle, check = len(sound) // 2, len(sound) - 8
    for place in (middle, check):
        damaged = bytearray(sound)
        damaged[place : place + 4] = b"\xff\xff\xff\xff"
        error = refusal(log_of, bytes(damaged), name="events.csv.gz")
        assert error.where.startswith("events.csv.gz:")
        assert error.message == "the gzip archive is damaged"
        assert error.hint == "copy or export it again; `gzip -t` checks it"


def test_what_stands_after_an_archive_is_not_passed_over(log_of):
    error = refusal(log_of, packed(ROWS) + ROWS.encode(), name="events.csv.gz")
    assert error.message == "after the end of the gzip archive stands what is none"
    assert log_of(packed(ROWS) + bytes(512), name="events.csv.gz").events_read == 3  # as on tapes


def test_a_name_that_promises_an_archive_is_not_called_windows_1252(log_of):
    error = refusal(log_of, b"\x1f\x9b" + packed(ROWS), name="events.csv.gz")
    assert error.message == "byte 0x9b is not UTF-8 text"
    assert (
        error.hint == "by its name it is an archive, but it does not begin like one: copy or export it again"
    )


def test_text_that_is_not_utf_8_is_told_with_its_line_inside(log_of):
    content = gzip.compress(ROWS.encode().replace(b"nobody", b"caf\xe9"))
    error = refusal(log_of, content, name="events.csv.gz")
    assert (error.where, error.message) == ("events.csv.gz:3", "byte 0xe9 is not UTF-8 text")
    assert "Windows-1252" in error.hint


def test_little_is_in_memory_however_much_is_in_the_archive(tmp_path):
    path = tmp_path / "events.csv.gz"
    path.write_bytes(gzip.compress(b"e1,anna,course,2024-03-13\n" * 1_000_000))
    assert path.stat().st_size < 200_000
    tracemalloc.start()
    try:
        with unpacked_file(path) as stream:
            assert sum(map(len, text_blocks("events.csv.gz", stream))) == 26_000_000
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()


def test_progress_is_told_in_bytes_of_the_archive(log_of):
    log_of(packed(LONG), name="events.csv.gz")
    read: list[int] = []
    with bytes_told(read.append):
        log_of(packed(LONG), name="events.csv.gz")
    assert sum(read) == size_of(["events.csv.gz", "members.csv"])


def _zip(text: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("events.csv", text)
    return held.getvalue()


def _tar(text: str, mode: str) -> bytes:
    held, data = io.BytesIO(), text.encode()
    with tarfile.open(fileobj=held, mode=mode) as archive:
        entry = tarfile.TarInfo("events.csv")
        entry.size = len(data)
        archive.addfile(entry, io.BytesIO(data))
    return held.getvalue()


UNPACKED_BY = {
    "a b.csv.xz": (lzma.compress(ROWS.encode()), "an xz archive", "xz -dk 'a b.csv.xz'"),
    "e.csv.bz2": (bz2.compress(ROWS.encode()), "a bzip2 archive", "bunzip2 -k e.csv.bz2"),
    "e.zip": (_zip(ROWS), "an Excel workbook or a zip archive", "unzip e.zip"),
    "e.tar": (_tar(ROWS, "w"), "a tar archive", "tar -xf e.tar"),
    "e.7z": (b"7z\xbc\xaf\x27\x1c\0\4", "a 7-Zip archive", "7z x e.7z"),
    "e.rar": (b"Rar!\x1a\x07\x01\0", "a RAR archive", "unrar x e.rar"),
    "e.csv.lz4": (b"\x04\x22\x4d\x18d@", "an LZ4 archive", "lz4 -d e.csv.lz4"),
    "e.csv.Z": (b"\x1f\x9d\x90", "an archive of `compress`", "gzip -dk e.csv.Z"),
}


@pytest.mark.parametrize("name", UNPACKED_BY)
def test_other_archives_are_told_with_the_command_that_unpacks_them(log_of, name):
    content, what, command = UNPACKED_BY[name]
    error = refusal(log_of, content, name=name)
    assert error.message == f"this looks like {what}, not like CSV or JSON Lines"
    assert f"`{command}`" in error.hint


def test_a_packed_archive_of_files_is_told_with_the_command_that_unpacks_it(log_of):
    error = refusal(log_of, _tar(ROWS, "w:gz"), name="e.tar.gz")
    assert error.message == "in the gzip archive is a tar archive, not a file"
    assert error.hint == "unpack it first: `tar -xf e.tar.gz`"


@pytest.mark.parametrize("name", ["events.parquet.gz", "events.gz", "events.parquet", "events.csv"])
def test_packed_parquet_is_refused_with_the_command_that_unpacks_it(log_of, name):
    error = refusal(log_of, gzip.compress(b"PAR1" + bytes(50) + b"PAR1"), name=name)
    assert (
        error.message == "in the gzip archive is what looks like a Parquet file, not like CSV or JSON Lines"
    )
    assert error.hint == f"unpack it first: `gunzip -k {name}`; Parquet packs its columns itself"


def test_an_archive_in_an_archive_is_told(log_of):
    error = refusal(log_of, gzip.compress(packed(ROWS)), name="events.csv.gz")
    assert (
        error.message == "in the gzip archive is what looks like a gzip archive, not like CSV or JSON Lines"
    )
    assert error.hint == "unpack it first: `gunzip -k events.csv.gz`"


def test_zstd_without_what_reads_it_is_told_with_what_to_install(log_of, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    error = refusal(log_of, b"\x28\xb5\x2f\xfd\x24\x00\x01\x00\x00", name="events.csv.zst")
    assert error.message == "zstd archives are read with pyarrow, which is not installed"
    assert error.hint == (
        "run `.venv/bin/pip install -e '.[duckdb]'` in the clone of Pointbook,"
        " or unpack the file with `zstd -d`"
    )
