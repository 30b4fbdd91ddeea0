"""Logs that lie elsewhere are told with the command that brings them here."""

from __future__ import annotations

import pytest

from pointbook.diagnostics import InputError
from pointbook.log import read_log

ELSEWHERE = "this file lies on another machine, which is not read from"
PIPED = "; or pipe it in, with `-` as its name: `{} | pointbook ...`"


def refusal(program, source) -> InputError:
    with pytest.raises(InputError) as error:
        read_log(program, members=[], events=[source])
    return error.value


@pytest.mark.parametrize(
    ("source", "command", "piped"),
    [
        ("s3://club/e.csv", "aws s3 cp s3://club/e.csv .", "aws s3 cp s3://club/e.csv -"),
        ("s3a://club/e.csv.gz", "aws s3 cp s3://club/e.csv.gz .", "aws s3 cp s3://club/e.csv.gz -"),
        ("s3://club/e.parquet", "aws s3 cp s3://club/e.parquet .", ""),
        ("s3://club/day=1/", "aws s3 cp --recursive s3://club/day=1/ day=1", ""),
        ("s3://club/*.csv", "aws s3 cp --recursive s3://club/ . --exclude '*' --include '*.csv'", ""),
        ("S3://club/e f.csv", "aws s3 cp 's3://club/e f.csv' .", "aws s3 cp 's3://club/e f.csv' -"),
        ("gs://club/e.csv", "gcloud storage cp gs://club/e.csv .", "gcloud storage cat gs://club/e.csv"),
        (
            "abfss://c@a.dfs.core.windows.net/e.csv",
            "hadoop fs -get abfss://c@a.dfs.core.windows.net/e.csv .",
            "",
        ),
        (
            "wasbs://c@a.blob.core.windows.net/e.csv",
            "hadoop fs -get wasbs://c@a.blob.core.windows.net/e.csv .",
            "",
        ),
        ("hdfs://n:8020/e.csv", "hdfs dfs -get hdfs://n:8020/e.csv .", "hdfs dfs -cat hdfs://n:8020/e.csv"),
        ("hdfs:///log/*.csv", "hdfs dfs -get 'hdfs:///log/*.csv' .", ""),
        ("dbfs:/log/e.csv", "databricks fs cp dbfs:/log/e.csv .", ""),
        ("https://x.org/e.csv", "curl -fLO https://x.org/e.csv", "curl -fL https://x.org/e.csv"),
        ("sftp://x.org/e.csv", "curl -fO sftp://x.org/e.csv", ""),
    ],
)
def test_a_file_elsewhere_is_told_with_the_command_that_copies_it(program, source, command, piped):
    error = refusal(program, source)
    assert (error.where, error.message) == (source, ELSEWHERE)
    assert error.hint == f"copy it here first: `{command}`{PIPED.format(piped) if piped else ''}"


@pytest.mark.parametrize(
    ("source", "path"),
    [
        ("file:///log/e.csv", "/log/e.csv"),
        ("file://localhost/e.csv", "/e.csv"),
        ("file:/e f.csv", "'/e f.csv'"),
    ],
)
def test_an_address_of_a_file_here_is_told_with_its_path(program, source, path):
    error = refusal(program, source)
    assert (error.message, error.hint) == ("files are named by their paths alone", f"write {path}")


@pytest.mark.parametrize(
    "source",
    ["postgresql://ann:secret@host/club", "duckdb://club.db", "odd://x", "md:club", "jdbc:oracle:thin:@h"],
)
def test_an_address_of_a_database_is_told_with_how_its_tables_are_named(program, source):
    error = refusal(program, source)
    assert error.where == source.replace("secret", "***")
    assert error.message == "this is no file, but an address of something else"
    assert error.hint == (
        "name a database with --backend, and what lies in it as `table:NAME`; of a file, name a copy here"
    )


def test_a_path_that_looks_like_an_address_is_a_file_where_there_is_one(log_of, tmp_path):
    (tmp_path / "s3:").mkdir()
    log = log_of("event_id,member_id,activity,occurred_at\n", name="s3://events.csv")
    assert log.events_read == 0


@pytest.mark.parametrize("source", ["e:f.csv", "c:/log/e.csv", "C:\\e.csv", "a/b:/c.csv", "12:/e.csv"])
def test_names_with_colons_are_names(program, source):
    assert refusal(program, source).message == "there is no such file"
