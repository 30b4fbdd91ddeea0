"""What the build hook does for each value of POINTBOOK_COMPILE; `just compiled` really compiles."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
INTERFACE = "hatchling.builders.hooks.plugin.interface"


class OnlyRoot:
    """In place of hatchling's interface: building needs hatchling, and tests do not."""

    root = str(ROOT)


@pytest.fixture
def module(monkeypatch: pytest.MonkeyPatch) -> Any:
    interface: Any = ModuleType(INTERFACE)
    interface.BuildHookInterface = OnlyRoot
    monkeypatch.setitem(sys.modules, INTERFACE, interface)
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert spec is not None
    assert spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


def compiled_as(room: Path, made: Path) -> None:
    """In place of the compiler: a file for the room, one for the group."""
    (made / "pointbook" / room.name).mkdir(parents=True)
    (made / "pointbook" / room.name / "state.so").touch()
    (made / "pointbook__mypyc.so").touch()


@pytest.mark.parametrize("value", [None, "", "0"])
@pytest.mark.parametrize("version", ["standard", "editable"])
def test_without_the_variable_the_wheel_is_pure_python(
    module: Any, monkeypatch: pytest.MonkeyPatch, value: str | None, version: str
) -> None:
    monkeypatch.delenv("POINTBOOK_COMPILE", raising=False)
    if value is not None:
        monkeypatch.setenv("POINTBOOK_COMPILE", value)
    hook, build_data = module.CompileHook(), {"force_include": {}}

    assert hook.dependencies() == []
    hook.initialize(version, build_data)
    hook.finalize(version, build_data, "")

    assert build_data == {"force_include": {}}


def test_with_it_the_wheel_has_what_was_compiled(module: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POINTBOOK_COMPILE", "1")
    monkeypatch.setattr(module, "_compile", compiled_as)
    hook, build_data = module.CompileHook(), {"force_include": {}}

    assert [name.partition(">")[0] for name in hook.dependencies()] == ["mypy", "setuptools"]
    hook.initialize("standard", build_data)

    included = build_data.pop("force_include")
    assert sorted(included.values()) == ["pointbook/interpret/state.so", "pointbook__mypyc.so"]
    assert all(Path(path).is_file() for path in included)
    assert build_data == {"pure_python": False, "infer_tag": True}
    hook.finalize("standard", build_data, "")
    assert not any(Path(path).exists() for path in included)


def test_an_editable_installation_is_not_compiled(module: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POINTBOOK_COMPILE", "1")
    with pytest.raises(SystemExit, match="leave out -e, or the variable"):
        module.CompileHook().initialize("editable", {"force_include": {}})


@pytest.mark.parametrize("value", ["no", "false", "yes", "2"])
def test_a_value_that_could_be_meant_either_way_ends_the_build(
    module: Any, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("POINTBOOK_COMPILE", value)
    with pytest.raises(SystemExit, match=f"POINTBOOK_COMPILE is '{value}'; expected 1, or 0"):
        module.CompileHook().dependencies()
