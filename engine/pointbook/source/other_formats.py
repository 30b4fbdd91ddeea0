"""Formats of files that no log is read from, told by their first bytes, with the way to one that is."""

from __future__ import annotations

import re
import shlex

PARQUET, TAR = "a Parquet file", "a tar archive"
_AS_TEXT = "export it as CSV (UTF-8) or JSON Lines"
_IN_EXCEL = "in Excel, save it as `CSV UTF-8`"
_UNPACK, _ARCHIVE = "unpack it first: `{} {{file}}`", "unpack an archive: `{} {{file}}`"

UNPACKERS = {
    ".zip": "unzip",
    ".xz": "xz -dk",
    ".bz2": "bunzip2 -k",
    ".7z": "7z x",
    ".rar": "unrar x",
    ".lz4": "lz4 -d",
    ".tar": "tar -xf",
    ".tgz": "tar -xf",
    ".z": "gzip -dk",
}
"""What unpacks archives that are not read as what is in them, by the ending of their names."""

_FORMATS = tuple(
    (re.compile(beginning, re.DOTALL), what, hint)
    for beginning, what, hint in (
        (
            rb"PK\x03\x04.*application/vnd\.oasis\.opendocument\.spreadsheet",
            "a spreadsheet of LibreOffice",
            "in LibreOffice, save it as `Text CSV`, with the character set Unicode (UTF-8)",
        ),
        (
            rb"PK\x03\x04.*\.iwa",
            "a spreadsheet of Numbers",
            "in Numbers, export it as CSV, with the encoding Unicode (UTF-8)",
        ),
        (rb"PK\x03\x04.*(\[Content_Types\]\.xml|xl/)", "an Excel workbook or a zip archive", _IN_EXCEL),
        (rb"PK\x03\x04", "an Excel workbook or a zip archive", f"{_IN_EXCEL}; {_ARCHIVE.format('unzip')}"),
        (rb"\xd0\xcf\x11\xe0", "an old Excel workbook", _IN_EXCEL),
        (rb"\xfd7zXZ\0", "an xz archive", _UNPACK.format("xz -dk")),
        (rb"BZh[1-9]\x31\x41\x59\x26\x53\x59", "a bzip2 archive", _UNPACK.format("bunzip2 -k")),
        (rb"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", _UNPACK.format("7z x")),
        (rb"Rar!\x1a\x07", "a RAR archive", _UNPACK.format("unrar x")),
        (rb"\x04\x22\x4d\x18", "an LZ4 archive", _UNPACK.format("lz4 -d")),
        (rb"\x1f\x9d", "an archive of `compress`", _UNPACK.format("gzip -dk")),
        (rb"\x1f\x8b", "a gzip archive", "unpack it first, for example with `gunzip`"),
        (rb"\x28\xb5\x2f\xfd", "a zstd archive", "unpack it first, for example with `zstd -d`"),
        (rb".{257}ustar", TAR, _UNPACK.format("tar -xf")),
        (rb"PAR1", PARQUET, "read it from a file whose name ends in `.parquet`"),
        (rb"ORC", "an ORC file", "write it as Parquet, for example with Spark"),
        (rb"ARROW1", "an Arrow file (Feather)", "write it as Parquet, for example with pandas"),
        (rb"Obj\x01", "an Avro file", "write it as Parquet, for example with Spark"),
        (
            rb"SQLite format 3\0",
            "an SQLite database",
            "export its tables as CSV: `sqlite3 -header -csv {file} 'SELECT * FROM events' > events.csv`",
        ),
        (
            rb".{8}DUCK",
            "a DuckDB database",
            "name it as the backend, and the table: `--backend duckdb://{file} --events table:NAME`",
        ),
        (rb"%PDF", "a PDF document", _AS_TEXT),
        (rb"\xff\xfe|\xfe\xff", "text in UTF-16", "save it as UTF-8; in Excel, choose `CSV UTF-8`"),
        (
            rb"\s*(?i:<!doctype|<html|<\?xml)",
            "a web page or XML",
            "look at it in a browser: it may be a log-in page that was saved in place of the file",
        ),
    )
)


def other_format(name: str, data: bytes) -> tuple[str, str] | None:
    """What a file is, and how to make of it what can be read; None where its beginning shows nothing of it.

    Args:
        name: The file's name, for commands to copy.
        data: Its first bytes: some thousand, or all.
    """
    for beginning, what, hint in _FORMATS:
        if beginning.match(data):
            return what, hint.format(file=shlex.quote(name))
    return None
