"""`pointbook sql --dbt`: its files, what is replaced, what is refused. What dbt makes of them: tests/dbt."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

pytest.importorskip("ibis", reason="the extra `duckdb` is not installed")

from pointbook_cli.commands.sql import DIALECTS

if TYPE_CHECKING:
    from pathlib import Path

    from club_shell import Shell

FILES = {
    *("README.md", "dbt_project.yml", "macros/pointbook.sql", "models/sources.yml", "models/pointbook.yml"),
    *(f"models/staging/stg_pointbook_{kind}.sql" for kind in ("events", "members")),
    *(f"models/judged/pointbook_judged_{kind}.sql" for kind in ("events", "members")),
    *(f"models/pointbook_{result}.sql" for result in ("rejects", "ledger", "standings", "history")),
    *(
        f"tests/pointbook_{name}.sql"
        for name in ("events_are_accounted_for", "members_are_accounted_for", "members_are_known")
    ),
}


def texts_in(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_package_has_the_same_bytes_on_every_run(shell: Shell, dialect: str) -> None:
    written = []
    for _ in range(2):
        done = shell.run("sql", "club", "--dialect", dialect, "--dbt", "new/package")
        assert (done.code, done.out) == (0, "written to new/package/\n"), done.err
        written.append(texts_in(shell.folder / "new/package"))
    assert written[0] == written[1]
    assert set(written[0]) == FILES
    assert all("Written by `pointbook sql --dbt`" in text.split("\n", 1)[0] for text in written[0].values())
    assert "2024-" not in written[0]["models/judged/pointbook_judged_events.sql"]


def test_the_staging_model_has_the_names_that_the_rules_know(shell: Shell) -> None:
    """A newly declared attribute is one more column of it; names of the plan's own are further inside."""
    before, after = (
        _package(shell, change)["models/staging/stg_pointbook_events.sql"] for change in ("", "area")
    )
    assert [line.rsplit(" AS ", 1)[1] for line in before.splitlines() if " AS " in line] == [
        *('"event_id",', '"member_id",', '"activity",', '"occurred_at",', '"points",', '"days"'),
    ]
    assert (
        after.replace(
            '  {{ pointbook_column(columns, "area", "CAST(NULL AS VARCHAR)") }} AS "area",\n', ""
        ).split("\n", 1)[1]
        == before.split("\n", 1)[1]
    )


def _package(shell: Shell, attribute: str) -> dict[str, str]:
    if attribute:
        shell.edit(
            "club/versions/2024.yaml",
            "{type: integer}",
            f"{{type: integer}}\n      {attribute}: {{type: text}}",
        )
    assert shell.run("sql", "club", "--dbt", "package").code == 0
    return texts_in(shell.folder / "package")


def test_only_files_of_a_package_are_replaced(shell: Shell) -> None:
    """Others stay; where one has a name of ours, or lies where no package is, nothing is written."""
    package = shell.folder / "package"
    assert shell.run("sql", "club", "--dbt", "package").code == 0
    (package / "models/mine.sql").write_text("SELECT 1\n", encoding="utf-8")
    assert shell.run("sql", "club", "2025", "--dbt", "package").code == 0
    texts = texts_in(package)
    assert set(texts) == {*FILES, "models/mine.sql"}
    assert "version 2025 as if always in force" in texts["README.md"]
    (package / "README.md").write_text("Mine\n", encoding="utf-8")
    texts = texts_in(package)
    done = shell.run("sql", "club", "--dbt", "package")
    assert done.code == 2
    assert (
        "package/README.md is of someone else's, and is not replaced; name a folder that is new or empty"
        in done.err
    )
    done = shell.run("sql", "club", "--dbt", "club")
    assert done.code == 2
    assert "club/program.yaml is of someone else's" in done.err
    assert texts_in(package) == texts


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--dbt", "new", "--as-of", "2025-01-01"), "the last day that counts is a variable of the package"),
        (("--dbt", "new", "--result", "ledger"), "--result and --dbt exclude each other"),
        (("--dbt", "members.csv"), "members.csv"),
        (("--dbt", "members.csv/new"), "members.csv"),
    ],
)
def test_wrong_usage_exits_with_2(shell: Shell, arguments: tuple[str, ...], words: str) -> None:
    done = shell.run("sql", "club", *arguments)
    assert done.code == 2
    assert words in done.err
    assert not (shell.folder / "new").exists()


@pytest.mark.parametrize(
    ("path", "text", "words"),
    [
        (
            "club/versions/2024.yaml",
            "  silver: {threshold: 300, keep: 200}",
            "cannot evaluate a level with `keep`",
        ),
        ("club/log.yaml", "events:\n  times: {form: day_first}", "times have a form of their own"),
    ],
)
def test_what_no_model_can_say_is_refused(shell: Shell, path: str, text: str, words: str) -> None:
    """As for a query, with the construct and its place."""
    if path.endswith("log.yaml"):
        (shell.folder / path).write_text(f"{text}\n", encoding="utf-8")
    else:
        shell.edit(path, "  silver: {threshold: 300}", text)
    done = shell.run("sql", "club", "--dbt", "new")
    assert done.code == 3
    assert words in done.err
    assert path in done.err
    assert not (shell.folder / "new").exists()


def test_words_of_log_yaml_are_no_templates(shell: Shell) -> None:
    """Names and words of an export can be anything that dbt would take for its own."""
    (shell.folder / "club/log.yaml").write_text(
        'events:\n  columns: {"{{ id }}": event_id}\n  reference: ["{% raw %}"]\n  empty: ["{# no #}"]\n',
        encoding="utf-8",
    )
    assert shell.run("sql", "club", "--dbt", "new").code == 0
    texts = texts_in(shell.folder / "new")
    text = texts["models/staging/stg_pointbook_events.sql"]
    assert 'pointbook_column(columns, "{{ id }}", "")' in text
    assert "('{' || '# no #}')" in text
    assert '{{ "\\"{% raw %}\\"" }}' in text
    assert '"r0_reference" AS {{ "\\"{% raw %}\\"" }}\n' in texts["models/pointbook_ledger.sql"]
    assert "raw" not in texts["models/pointbook.yml"]


def test_no_name_steers_a_terminal(shell: Shell) -> None:
    hostile = "\x1b[31m\x9b2J\r\nFORGED\u202e"
    (shell.folder / hostile).mkdir()
    written = shell.run("sql", "club", "--dbt", f"{hostile}/new")
    (shell.folder / hostile / "new/README.md").write_text("Mine\n", encoding="utf-8")
    refused = shell.run("sql", "club", "--dbt", f"{hostile}/new")
    assert (written.code, refused.code) == (0, 2)
    for text in (written.out, refused.err):
        assert "FORGED" in text
        assert all(line.isprintable() for line in text.split("\n"))
        assert not any(line.startswith("FORGED") for line in text.split("\n"))
