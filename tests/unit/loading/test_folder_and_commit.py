"""The same content gives the same findings, whether a folder or a commit of git holds it."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from pointbook.diagnostics import InputError, RulesError
from pointbook.loading import load, loaded_from
from pointbook.loading.documents import documents_in
from pointbook.loading.operands import operand, program_at
from pointbook.source.git_objects import git_tree
from pointbook.source.yaml_reader import MAX_BYTES

if TYPE_CHECKING:
    from pathlib import Path

    from pointbook.diagnostics import Finding
    from pointbook.loading import Loaded

    State = dict[str, bytes | str | None]

PROGRAM = """\
id: club
title: Reading Club
timezone: Europe/Brussels
level_balance: stars
balances:
  stars: {resets: membership_year}
source: {document: Club rules}
"""
VERSION = """\
id: "2024"
effective_from: 2024-01-01
source: {document: Club rules}
levels: {bronze: {threshold: 100}}
life_cycle: {demotion: to_earned, leap_day: feb_28}
activities: {visit: {points: 40}}
"""
PATCH = """\
id: "2025"
based_on: "2024"
effective_from: 2025-01-01
levels: {bronze: {threshold: 90}}
"""

SHAPES: dict[str, bytes] = {
    "a list": b"- one\n- two\n",
    "a scalar": b"just words\n",
    "a number": b"  42\n",
    "nothing": b"",
    "a comment": b"# later\n",
    "null": b"null\n",
    "no UTF-8": b"id: caf\xe9\n",
    "UTF-16": "id: x\n".encode("utf-16"),
    "a NUL": b"id: \x00\n",
    "too large": b"id: x\n" + b"#" * MAX_BYTES,
    "too deep": b"id: " + b"[" * 65 + b"]" * 65 + b"\n",
    "not closed": b"id: [1, 2\nlevels: {}\n",
    "a tab": b"id: x\nlevels:\n\tbronze: {threshold: 5}\n",
    "two documents": b"id: x\n---\nid: y\n",
    "a duplicate key": b'id: "2024"\nid: "2024"\neffective_from: 2024-01-01\n',
    "an anchor": b"id: &a x\ntitle: *a\n",
    "an unknown key": b"id: x\nlevls: {}\n",
}
WHOLE: State = {"program.yaml": PROGRAM, "versions/2024.yaml": VERSION, "versions/2025.yaml": PATCH}
STATES: dict[str, State] = {
    "as it should be": {},
    **{f"program.yaml is {name}": {"program.yaml": data} for name, data in SHAPES.items()},
    **{f"a version is {name}": {"versions/2024.yaml": data} for name, data in SHAPES.items()},
    **{f"a patch is {name}": {"versions/2025.yaml": data} for name, data in SHAPES.items()},
    "no versions": {"versions/2024.yaml": None, "versions/2025.yaml": None},
    "no version that is read": {
        "versions/2024.yaml": None,
        "versions/2025.yaml": None,
        "versions/2024.txt": VERSION,
    },
    "CRLF": {"versions/2024.yaml": VERSION.replace("\n", "\r\n").replace("points: 40", "points: many")},
    "a byte-order mark": {"versions/2024.yaml": b"\xef\xbb\xbf" + VERSION.replace("100", "few").encode()},
    "the ending .yml": {"versions/2026.yml": PATCH.replace("2025", "2026").replace("bronze", "gold")},
    "an ending in capitals": {"versions/2026.YAML": PATCH.replace("2025", "2026").replace("90", "ninety")},
    "another ending": {"versions/2026.txt": PATCH, "versions/2026.json": PATCH},
    "what editors leave": {
        "versions/2024.yaml~": VERSION,
        "versions/.2024.yaml.swp": b"\x00",
        "versions/#2024.yaml#": VERSION,
        "versions/.DS_Store": b"\x00",
    },
    "a hidden version": {"versions/.2026.yaml": PATCH.replace("2025", "2026").replace("90", "ninety")},
    "a folder in versions": {"versions/old/2023.yaml": VERSION},
    "a folder named like a version": {"versions/2026.yaml/2026.yaml": PATCH},
    "a scenario that is not read": {"scenarios/one.txt": "title: One\n", "scenarios/old/two.yaml": "[]\n"},
    "a scenario that is a list": {"scenarios/one.yaml": "[]\n"},
    "letters of all kinds in names": {"versions/20 26 \u00e9\u4e2d.yaml": "- [\n", "versions/\u00fc.txt": ""},
    "a version twice": {"versions/2024-b.yaml": VERSION},
    "a missing base": {"versions/2024.yaml": None},
}


LINKS: dict[str, dict[str, str]] = {
    "a version": {"versions/2026.yaml": "../../shared/2026.yaml"},
    "a version that is a list": {"versions/2026.yaml": "../../shared/list.yaml"},
    "a link to a link": {"versions/2026.yaml": "../../shared/again.yaml"},
    "a link with another ending": {"versions/2026.txt": "../../shared/2026.yaml"},
    "a folder": {"versions/2026.yaml": "../../shared"},
    "the folder of versions": {"versions": "../shared/versions"},
}


def _git(folder: Path, *arguments: str) -> None:
    who = ("-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "core.autocrlf=false")
    subprocess.run(("git", *who, *arguments), cwd=folder, check=True, capture_output=True)


def _written(root: Path, state: State) -> None:
    for name, data in {**WHOLE, **state}.items():
        path = root / "club" / name
        if data is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data.encode() if isinstance(data, str) else data)


def _committed(root: Path) -> Loaded:
    _git(root, "init", "--quiet")
    _git(root, "add", "--all", "--force")
    _git(root, "commit", "--quiet", "--message", "state")
    return loaded_from(documents_in(git_tree("HEAD", root).below("club")))


def _told(findings: tuple[Finding, ...]) -> list[tuple[object, ...]]:
    """Findings with names as a folder has them, in the order of these."""
    return sorted(
        (
            (finding.code, finding.severity, finding.message, finding.hint),
            *(
                (place.file.removeprefix("HEAD:"), place.line, place.column, place.length)
                for place in (finding.span, *(related.span for related in finding.related))
            ),
        )
        for finding in findings
    )


def _names(loaded: Loaded) -> dict[str, str]:
    return {name.removeprefix("HEAD:"): text for name, text in loaded.documents.texts.items()}


def _assert_alike(folder: Loaded, commit: Loaded) -> None:
    assert _told(folder.findings) == _told(commit.findings)
    assert _names(folder) == _names(commit)
    assert (folder.program is None) == (commit.program is None)
    assert commit.documents.name == f"HEAD:{folder.documents.name}"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, which the folder of the program and the repository lie in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", STATES)
def test_a_commit_has_the_findings_of_the_folder(root: Path, name: str) -> None:
    _written(root, STATES[name])
    folder = load("club")
    _assert_alike(folder, _committed(root))
    if name == "as it should be":
        assert folder.program is not None
    if " is " in name and not name.startswith(("versions", "a scenario")):
        with pytest.raises(RulesError) as refused:
            program_at(root / "club", "HEAD")
        assert refused.value.errors
    assert (folder.program is None) == any(finding.severity == "error" for finding in folder.findings)


@pytest.mark.skipif(os.name == "nt", reason="needs symbolic links")
@pytest.mark.parametrize("name", LINKS)
def test_links_within_a_commit_are_followed_as_in_a_folder(root: Path, name: str) -> None:
    _written(root, {} if name != "the folder of versions" else dict.fromkeys(list(WHOLE)[1:]))
    shared = root / "shared"
    (shared / "versions").mkdir(parents=True)
    (shared / "versions/2024.yaml").write_text(VERSION.replace("40", "forty"))
    (shared / "2026.yaml").write_text(PATCH.replace("2025", "2026").replace("90", "ninety"))
    (shared / "list.yaml").write_text("- a list\n")
    (shared / "again.yaml").symlink_to("2026.yaml")
    for place, target in LINKS[name].items():
        (root / "club" / place).symlink_to(target)
    folder = load("club")
    assert folder.findings
    _assert_alike(folder, _committed(root))


@pytest.mark.parametrize(
    "files",
    [
        {"versions/2024.yaml": None, "versions/2025.yaml": None, "versions": VERSION},
        {"versions/2026.yaml.txt": PATCH},
        {"version/2026.yaml": PATCH},
        {"program.yml": "id: club\n"},
    ],
)
def test_a_wrong_name_is_an_error_of_the_folder_and_none_of_a_commit(
    root: Path, files: dict[str, str | None]
) -> None:
    """What a commit calls its files can no longer be put right, and would hold up the change that does."""
    _written(root, files)
    assert "misnamed" in {finding.code for finding in load("club").findings}
    assert "misnamed" not in {finding.code for finding in _committed(root).findings}


@pytest.mark.skipif(os.name == "nt", reason="needs symbolic links")
def test_a_link_to_nowhere_is_refused_in_a_folder_and_in_a_commit(root: Path) -> None:
    _written(root, {})
    (root / "club/versions/2026.yaml").symlink_to("nowhere.yaml")
    for read in (load, lambda _: _committed(root)):
        with pytest.raises(InputError, match=r"club/versions/2026\.yaml: there is no such file"):
            read("club")


@pytest.mark.skipif(os.name == "nt", reason="needs symbolic links")
def test_a_link_out_of_the_repository_is_no_file_of_the_commit(root: Path) -> None:
    repository = root / "inside"
    _written(repository, {})
    (root / "outside.yaml").write_text(PATCH.replace("2025", "2026"))
    (repository / "club/versions/2026.yaml").symlink_to("../../../outside.yaml")
    assert load("inside/club").program is not None
    with pytest.raises(InputError, match="there is no such file in that commit"):
        _committed(repository)


def test_a_repository_within_the_repository_is_a_folder(root: Path) -> None:
    _written(root, {"versions/2026.yaml/2026.yaml": PATCH})
    within = root / "club/versions/2026.yaml"
    _git(within, "init", "--quiet")
    _git(within, "add", "--all")
    _git(within, "commit", "--quiet", "--message", "within")
    folder = load("club")
    assert [finding.code for finding in folder.findings if finding.span.file.endswith("2026.yaml")] == [
        "unread-file"
    ]
    _assert_alike(folder, _committed(root))


@pytest.mark.parametrize("name", SHAPES)
def test_a_file_of_a_commit_is_refused_as_the_file_itself_is(root: Path, name: str) -> None:
    _written(root, {})
    drafts = root / "drafts"
    drafts.mkdir()
    (drafts / "draft.yaml").write_bytes(SHAPES[name])
    _committed(root)
    loaded = load("club")
    refused = []
    for side in ("drafts/draft.yaml", "HEAD:drafts/draft.yaml"):
        with pytest.raises((RulesError, InputError)) as error:
            operand(root / "club", loaded, side)
        refused.append(
            _told(error.value.findings) if isinstance(error.value, RulesError) else error.value.message
        )
    assert refused[0] == refused[1]


def test_a_version_of_a_commit_whose_program_is_a_list_is_refused_with_that_finding(root: Path) -> None:
    _written(root, {"program.yaml": "- a list\n"})
    _committed(root)
    _written(root, {})
    loaded = load("club")
    with pytest.raises(RulesError) as refused:
        operand(root / "club", loaded, "HEAD:club/versions/2024.yaml")
    assert [(finding.code, str(finding.span)) for finding in refused.value.errors] == [
        ("wrong-type", "HEAD:club/program.yaml:1:1")
    ]


def test_a_commit_without_the_program_has_none(root: Path) -> None:
    _written(root, {})
    (root / "other").mkdir()
    _committed(root)
    assert program_at(root / "other", "HEAD") is None
    assert program_at(root / "club", "HEAD") is not None
