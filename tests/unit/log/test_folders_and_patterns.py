"""Events from several files at once. CSV stands for every format here."""

from __future__ import annotations

import pytest

from pointbook.diagnostics import InputError
from pointbook.log import read_log

HEADER = "event_id,member_id,activity,occurred_at\n"
MEMBERS = "member_id,signed_up_on\nanna,2023-01-15\n"


@pytest.fixture
def read(program, tmp_path, monkeypatch):
    """Reads events from what is named, among files with one event each, called like the file."""
    monkeypatch.chdir(tmp_path)

    def log_from(*sources: str, files: tuple[str, ...]):
        (tmp_path / "members.csv").write_text(MEMBERS)
        for file in files:
            path = tmp_path / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"{HEADER}{file},anna,nothing,2024-03-13\n{file} too,nobody,nothing,2024-03-13\n")
        return read_log(program, members=["members.csv"], events=sources)

    return log_from


def refusal(read, *sources: str, files: tuple[str, ...]) -> InputError:
    with pytest.raises(InputError) as error:
        read(*sources, files=files)
    return error.value


def test_a_folder_is_all_its_files_in_the_order_of_their_paths(read):
    log = read("in", files=("in/b.csv", "in/a/2.csv", "in/a/10.csv"))
    assert [event.event_id for event in log.events] == ["in/a/10.csv", "in/a/2.csv", "in/b.csv"]
    assert [reject.file for reject in log.rejects] == ["in/a/10.csv", "in/a/2.csv", "in/b.csv"]


def test_files_in_folders_called_like_values_are_read_without_those_values(read):
    log = read("in", files=("in/year=2024/a.csv",))
    assert [dict(event.attributes) for event in log.events] == [{}]


def test_notes_of_exporting_programs_are_passed_over(read):
    notes = (
        "in/_SUCCESS",
        "in/.a.csv.crc",
        "in/_temporary/0/b.csv",
        "in/.hidden/c.csv",
        "in/~$a.csv",
        "in/a.csv~",
    )
    assert read("in", files=("in/a.csv", *notes)).events_read == 2


def test_a_file_of_another_kind_in_a_folder_is_not_passed_over(read):
    error = refusal(read, "in", files=("in/a.csv", "in/b.log"))
    assert error.where == "in"
    assert error.message == "in/b.log is neither Parquet nor CSV nor JSON Lines, by its name"
    assert error.hint == (
        "move it elsewhere, or name the files to be read by a pattern, such as `events/*.parquet`"
    )


def test_an_archive_in_a_folder_that_is_not_read_as_what_is_in_it_is_told_with_what_unpacks_it(read):
    error = refusal(read, "in", files=("in/a.csv", "in/b c.csv.xz"))
    assert error.message == "in/b c.csv.xz is neither Parquet nor CSV nor JSON Lines, by its name"
    assert error.hint.startswith("unpack it first: `xz -dk 'in/b c.csv.xz'`; or move it elsewhere")


def test_a_folder_without_files_is_refused(read):
    error = refusal(read, "in", files=("in/_SUCCESS",))
    assert (error.where, error.message) == ("in", "there is no file in this folder")


def test_a_pattern_is_all_files_that_match_in_the_order_of_their_paths(read):
    log = read("in/*.csv", files=("in/b.csv", "in/a.csv", "in/c.txt", "in/d/e.csv"))
    assert [reject.file for reject in log.rejects] == ["in/a.csv", "in/b.csv"]


def test_a_pattern_may_match_folders(read):
    log = read("in/**", files=("in/b.csv", "in/a/c.csv", "in/_SUCCESS"))
    assert [reject.file for reject in log.rejects] == ["in/a/c.csv", "in/b.csv"]


def test_a_pattern_that_matches_nothing_is_refused(read):
    error = refusal(read, "in/*.parquet", files=("in/a.csv",))
    assert (error.where, error.message) == ("in/*.parquet", "no file matches this pattern")


def test_a_file_whose_name_looks_like_a_pattern_is_that_file(read):
    log = read("in/a[1].csv", files=("in/a[1].csv", "in/a1.csv"))
    assert [reject.file for reject in log.rejects] == ["in/a[1].csv"]


def test_sources_are_read_as_named(read):
    log = read("b.csv", "a", files=("a/x.csv", "b.csv"))
    assert [reject.file for reject in log.rejects] == ["b.csv", "a/x.csv"]


def test_a_name_that_is_too_long_is_refused(read):
    assert refusal(read, "x" * 5000, files=()).message == "this name is too long"


TABLES = {
    "Delta": ("in/_delta_log/00000000000000000000.json", "delta_scan"),
    "Iceberg": ("in/metadata/v1.metadata.json", "iceberg_scan"),
    "Hudi": ("in/.hoodie/hoodie.properties", "Spark"),
}


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("source", ["in", "in/*.csv", "in/data/**", "in/data/day=1", "in/data/day=1/a.csv"])
def test_files_of_a_table_are_refused_with_the_way_that_works(read, tmp_path, table, source):
    """Which of their rows count is in the table's own log: deleted ones still lie in the files."""
    log, way = TABLES[table]
    (tmp_path / log).parent.mkdir(parents=True)
    (tmp_path / log).write_text("{}")
    refused = refusal(read, source, files=("in/a.csv", "in/data/day=1/a.csv"))
    assert refused.where == "in"
    assert f"this is a {table} table" in refused.message
    assert way in refused.hint


def test_a_folder_called_metadata_is_no_table_by_its_name(read):
    assert len(read("in", files=("in/metadata/a.csv",)).events) == 1
