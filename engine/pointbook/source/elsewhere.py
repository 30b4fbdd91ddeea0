"""Logs that lie where files are not read from: other machines, databases, tables with a log of their own."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

from pointbook.diagnostics import InputError

if TYPE_CHECKING:
    from pathlib import Path

_TABLES = (
    ("_delta_log", "*.json", "Delta", "delta_scan"),
    ("metadata", "*.metadata.json", "Iceberg", "iceberg_scan"),
    (".hoodie", "hoodie.properties", "Hudi", ""),
)
"""Formats of tables: the folder of a table's own log, what is in it, the name, and DuckDB's reader."""


def refuse_table(folder: Path, shown: str) -> None:
    """Refuse the folder of a table: deleted and changed rows still lie in its Parquet files.

    Raises:
        InputError: It is one.
    """
    for log, pattern, name, reader in _TABLES:
        try:
            is_table = any((folder / log).glob(pattern))
        except OSError:  # a folder that may not be read says nothing
            continue
        if is_table:
            hint = "export the rows that count first, with Spark"
            if reader:
                hint += f", or with DuckDB: COPY (FROM {reader}('{shown}')) TO 'events.parquet'"
            message = f"this is a {name} table, whose files still hold rows that were deleted or changed"
            raise InputError(shown, message, hint)


_ADDRESS = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):/(/?)\S")
_OF_A_DATABASE = re.compile(r"(?:jdbc|odbc|md|motherduck):\S", re.IGNORECASE)
"""Addresses of databases that are written without slashes."""
_COPIED_BY = {
    "s3": "aws s3 cp {} .",
    "s3a": "aws s3 cp {} .",
    "s3n": "aws s3 cp {} .",
    "gs": "gcloud storage cp {} .",
    "gcs": "gcloud storage cp {} .",
    "r2": "rclone copy {} .",
    "abfs": "hadoop fs -get {} .",
    "abfss": "hadoop fs -get {} .",
    "adl": "hadoop fs -get {} .",
    "wasb": "hadoop fs -get {} .",
    "wasbs": "hadoop fs -get {} .",
    "az": "azcopy copy {} .",
    "hdfs": "hdfs dfs -get {} .",
    "viewfs": "hdfs dfs -get {} .",
    "webhdfs": "hdfs dfs -get {} .",
    "dbfs": "databricks fs cp {} .",
    "http": "curl -fLO {}",
    "https": "curl -fLO {}",
    "ftp": "curl -fO {}",
    "ftps": "curl -fO {}",
    "sftp": "curl -fO {}",
    "scp": "scp {} .",
}
"""What brings a file here, by the scheme of its address."""

_STREAMED_BY = {
    "s3": "aws s3 cp {} -",
    "s3a": "aws s3 cp {} -",
    "s3n": "aws s3 cp {} -",
    "gs": "gcloud storage cat {}",
    "gcs": "gcloud storage cat {}",
    "hdfs": "hdfs dfs -cat {}",
    "http": "curl -fL {}",
    "https": "curl -fL {}",
}
_TYPED_AS = {"s3a": "s3", "s3n": "s3", "gcs": "gs"}
"""How the command's own addresses begin, where others write them otherwise."""


def refuse_address(source: str) -> None:
    """Refuse what is no file of this machine, but an address of one, or of a database.

    Raises:
        InputError: It is one.
    """
    match = _ADDRESS.match(source)
    scheme = match[1].lower() if match is not None else ""
    is_address = match is not None and (match[2] or scheme in _COPIED_BY or scheme == "file")
    if _OF_A_DATABASE.match(source):
        is_address, scheme = True, "database"
    if not is_address or len(scheme) == 1:  # which would be a drive of Windows
        return
    if scheme == "file":
        path = re.sub(r"^file:(//(localhost)?(?=/))?", "", source, flags=re.IGNORECASE)
        raise InputError(source, "files are named by their paths alone", f"write {shlex.quote(path)}")
    if scheme not in _COPIED_BY:
        message = "this is no file, but an address of something else"
        hint = (
            "name a database with --backend, and what lies in it as `table:NAME`; of a file, name a copy here"
        )
        raise InputError(without_password(source), message, hint)
    address = _TYPED_AS.get(scheme, scheme) + source[len(scheme) :]
    hint = f"copy it here first: `{_copying(scheme, address)}`"
    if scheme in _STREAMED_BY and not re.search(r"[*?\[]|/$|[.](parquet|pq)$", source):
        streamed = _STREAMED_BY[scheme].format(shlex.quote(address))
        hint += f"; or pipe it in, with `-` as its name: `{streamed} | pointbook ...`"
    message = "this file lies on another machine, which is not read from"
    raise InputError(without_password(source), message, hint)


def _copying(scheme: str, address: str) -> str:
    """The command that copies a file, a folder, or what a pattern fits."""
    copied_by = _COPIED_BY[scheme]
    if not copied_by.startswith("aws"):  # whose own command knows no patterns
        return copied_by.format(shlex.quote(address))
    folder, _, name = address.rpartition("/")
    if not name:
        return f"aws s3 cp --recursive {shlex.quote(address)} {shlex.quote(folder.rpartition('/')[2])}"
    if re.search(r"[*?\[]", name):
        return f"aws s3 cp --recursive {shlex.quote(folder)}/ . --exclude '*' --include {shlex.quote(name)}"
    return copied_by.format(shlex.quote(address))


_NO_SCHEME = re.compile(r"((?:^|=)(?!query:|table:|postgres(?:ql)?:)[\w.+-]+):(?!//)[^@\s]+@(?=[\w.-]+[:/])")
_SECRET_SETTING = re.compile(
    r"((?:--spark-conf=)?spark\.[^=]*(?:secret|password|token|access[._]?key)[^=]*=).*",
    re.IGNORECASE | re.DOTALL,
)


def without_password(word: str) -> str:
    """A URL, or a setting of Spark, that can be shown, also behind the option's name and `=`."""
    shown = re.sub(r"((?:^|=)[\w+.:-]+://[^:/?#@]*):.*@", r"\1:***@", word)
    shown = re.sub(r"(\bsc://.*?;token=)[^;]*", r"\1***", shown)
    shown = re.sub(r"(\w*(?:password|passwd|pwd)=)[^&]*", r"\1***", shown, flags=re.IGNORECASE)
    shown = re.sub(r"((?:^|=)postgres(?:ql)?:[^:/?#@ ]+):[^/@ ]+@", r"\1:***@", shown)  # without `//`
    shown = _NO_SCHEME.sub(r"\1:***@", shown)
    setting = _SECRET_SETTING.fullmatch(shown)
    return shown if setting is None else f"{setting[1]}***"
