"""The lock has what pyproject.toml asks for; `just lock` renews it."""

from __future__ import annotations

import sys
import tomllib
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
EXTRAS = PROJECT["project"]["optional-dependencies"]
LOCKS = {"tests.txt": ("dev",), "engines.txt": tuple(EXTRAS)}
"""What each file locks besides the project's own requirements: extras."""
PYTHONS = ("3.11.0", "3.12.0", "3.13.0")


def requirements_in(file: str) -> list[Requirement]:
    lines = (ROOT / "locks" / file).read_text(encoding="utf-8").splitlines()
    return [Requirement(line.partition("#")[0]) for line in lines if line.partition("#")[0].strip()]


def locked(file: str, python: str) -> dict[str, str]:
    """The version of each package, under a release of Python on Linux."""
    environment = {
        "python_full_version": python,
        "python_version": python.rpartition(".")[0],
        "sys_platform": "linux",
        "platform_python_implementation": "CPython",
        "implementation_name": "cpython",
    }
    versions: dict[str, str] = {}
    for requirement in requirements_in(file):
        (pin,) = requirement.specifier
        assert pin.operator == "==", requirement
        if requirement.marker is None or requirement.marker.evaluate(environment):
            name = canonicalize_name(requirement.name)
            assert name not in versions, f"{name} has two versions under Python {python}"
            versions[name] = pin.version
    return versions


def declared(extras: tuple[str, ...]) -> Iterator[Requirement]:
    texts = [*PROJECT["project"]["dependencies"], *PROJECT["build-system"]["requires"]]
    for text in (*texts, *(text for extra in extras for text in EXTRAS[extra])):
        requirement = Requirement(text)
        if requirement.name == PROJECT["project"]["name"]:
            assert requirement.extras <= set(extras)
        else:
            yield requirement


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("file", LOCKS)
def test_the_lock_satisfies_what_pyproject_declares(file: str, python: str) -> None:
    versions = locked(file, python)
    unsatisfied = [
        str(requirement)
        for requirement in [*declared(LOCKS[file]), *requirements_in("tests.in")]
        if not requirement.specifier.contains(versions.get(canonicalize_name(requirement.name), "0"))
    ]
    assert not unsatisfied, "run `just lock`"


@pytest.mark.parametrize("python", PYTHONS)
def test_both_locks_agree(python: str) -> None:
    assert locked("tests.txt", python).items() <= locked("engines.txt", python).items()


@pytest.mark.parametrize("file", LOCKS)
def test_the_lock_has_what_its_packages_need(file: str) -> None:
    """Of those that are installed here in the locked version."""
    versions = locked(file, f"{sys.version_info.major}.{sys.version_info.minor}.0")
    missing = [
        f"{one.name} needs {need}"
        for one in metadata.distributions()
        if versions.get(canonicalize_name(one.name)) == one.version
        for need in map(Requirement, one.requires or ())
        if need.marker is None or need.marker.evaluate({"extra": ""})
        if not need.specifier.contains(versions.get(canonicalize_name(need.name), "0"), prereleases=True)
    ]
    assert not missing, "run `just lock`"


@pytest.mark.parametrize("python", PYTHONS)
def test_the_lock_of_dbt_satisfies_what_its_list_asks_for(python: str) -> None:
    versions = locked("dbt.txt", python)
    for requirement in requirements_in("dbt.in"):
        assert requirement.specifier.contains(versions[canonicalize_name(requirement.name)]), (
            "run `just lock`"
        )


@pytest.mark.parametrize("file", [*LOCKS, "dbt.txt"])
def test_the_lock_names_no_package_index(file: str) -> None:
    text = (ROOT / "locks" / file).read_text(encoding="utf-8")
    assert "://" not in text
    assert "\n-" not in text, "no options such as another index"
