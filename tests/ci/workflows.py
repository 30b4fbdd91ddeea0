"""Runs the steps of GitHub's action and of GitLab's job as their runners do, with what those provide."""

from __future__ import annotations

import glob
import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
EXPRESSION = re.compile(r"\$\{\{ (.*?) \}\}")


@dataclass
class Run:
    """What a run left.

    Attributes:
        code: 0 if no step failed.
        log: What the steps printed.
        summary: The summary of the run on GitHub; on GitLab that of the report.
        files: What is kept of the run, by its path within the report.
        commands: The workflow commands that GitHub's runner found in the log, as `kind file`.
    """

    code: int = 0
    log: str = ""
    summary: str = ""
    files: dict[str, str] = field(default_factory=dict)
    commands: list[str] = field(default_factory=list)

    @property
    def first_line(self) -> str:
        return self.summary.partition("\n")[0]


def environment(commands: Path) -> dict[str, str]:
    """What a runner starts with; nothing of the machine's own CI."""
    ours = ("GITHUB_", "CI_", "POINTBOOK_", "GITLAB_", "GIT_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {**kept, "PATH": f"{commands}:{os.environ['PATH']}", "CI": "true"}


def bash(script: str, folder: Path, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
        cwd=folder,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        encoding="utf-8",
        timeout=120,
    )


def run_action(  # noqa: PLR0913, PLR0917 - what a runner provides
    repository: Path,
    commands: Path,
    temporary: Path,
    inputs: dict[str, str],
    env: dict[str, str] | None = None,
    event: dict[str, Any] | None = None,
) -> Run:
    """The steps of action.yml in a checkout. The step that installs gets what the tests have."""
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    assert inputs.keys() <= action["inputs"].keys()
    given = {name: inputs.get(name, about.get("default", "")) for name, about in action["inputs"].items()}
    context: dict[str, Any] = {
        "inputs": given,
        "steps": {},
        "github": {"action_path": str(ROOT), "event": {"repository": {"default_branch": "main"}}},
    }
    context["github"]["event"].update(event or {})
    temporary.mkdir()
    base = {
        "GITHUB_ACTIONS": "true",
        "GITHUB_EVENT_NAME": "pull_request",
        "GITHUB_BASE_REF": "main",
        "GITHUB_REF_NAME": "1/merge",
        "RUNNER_TEMP": str(temporary),
        **(env or {}),
    }
    run = Run()
    for number, step in enumerate(action["runs"]["steps"]):
        if not _is_run(step.get("if", "success()"), context, failed=run.code != 0):
            continue
        outputs = context["steps"].setdefault(step.get("id", f"step{number}"), {"outputs": {}})["outputs"]
        if "uses" in step:
            given_with = {key: str(substituted(str(value), context)) for key, value in step["with"].items()}
            _use(step["uses"], given_with, outputs, run)
            continue
        assert "${{" not in step["run"], "what others wrote would become a part of the script"
        if "pip" in step["run"]:
            (temporary / "pointbook").mkdir()
            (temporary / "pointbook/bin").symlink_to(commands)
            continue
        files = {name: temporary / f"{name}{number}" for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
        for path in files.values():
            path.touch()
        own = {name: substituted(str(value), context) for name, value in step["env"].items()}
        named = {name: str(path) for name, path in files.items()}
        done = bash(step["run"], repository, {**environment(commands), **base, **own, **named})
        run.code = run.code or done.returncode
        run.log += done.stdout
        run.summary += files["GITHUB_STEP_SUMMARY"].read_text(encoding="utf-8")
        lines = files["GITHUB_OUTPUT"].read_text(encoding="utf-8").splitlines()
        outputs.update(line.split("=", 1) for line in lines)
    run.commands = workflow_commands(run.log)
    return run


def workflow_commands(log: str) -> list[str]:
    """Those that are no part of what others wrote: the runner stops between a token and the next."""
    found, token = [], None
    for line in log.splitlines():
        if token is not None:
            token = None if line == f"::{token}::" else token
        elif line.startswith("::stop-commands::"):
            token = line.removeprefix("::stop-commands::")
        elif line.startswith("::"):
            kind, _, rest = line.removeprefix("::").partition(" file=")
            found.append(f"{kind} {rest.partition(',')[0]}")
    return found


def substituted(text: str, context: dict[str, Any]) -> str:
    """The text with the values of its expressions."""
    return EXPRESSION.sub(lambda match: _value(match[1], context), text)


def _value(expression: str, context: dict[str, Any]) -> str:
    for path in expression.split(" || "):
        found: Any = context
        for name in path.split("."):
            found = found.get(name, {})
        if found:
            return str(found)
    return ""


def _is_run(condition: str, context: dict[str, Any], *, failed: bool) -> bool:
    parts = condition.split(" && ")
    if not {"always()", "success()"} & set(parts):
        parts.append("success()")
    known = {"always()": True, "success()": not failed}
    return all(known[part] if part in known else bool(_value(part, context)) for part in parts)


def _use(name: str, given: dict[str, str], outputs: dict[str, str], run: Run) -> None:
    assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", name), "a tag can be moved"
    match name.partition("@")[0]:
        case "actions/setup-python":
            outputs["python-path"] = sys.executable
        case "actions/upload-artifact":
            assert given["name"]
            run.files = _texts(Path(given["path"]))
        case other:
            raise AssertionError(other)


def run_gitlab(
    repository: Path,
    commands: Path,
    temporary: Path,
    variables: dict[str, str],
) -> Run:
    """The job of ci/gitlab.yml in a checkout."""
    [job] = yaml.safe_load((ROOT / "ci/gitlab.yml").read_text(encoding="utf-8")).values()
    given = {name: str(value) for name, value in job["variables"].items()} | variables
    lines = [*job["before_script"], *job["script"]]
    script = "\n".join(line for line in lines if not line.startswith("python -m venv") and "pip" not in line)
    (temporary / "bin").parent.mkdir()
    (temporary / "bin").symlink_to(commands)
    script = script.replace("/tmp/pointbook", str(temporary))  # noqa: S108 - of a container there
    done = bash(script, repository, {**environment(commands), "GITLAB_CI": "true", **given})
    kept = job["artifacts"]
    run = Run(done.returncode, done.stdout)
    if run.code == 0 or kept["when"] == "always":
        [folder] = kept["paths"]
        run.files = _texts(repository / folder)
        run.summary = run.files["summary.md"]
        assert glob.glob(str(repository / kept["reports"]["junit"]))  # noqa: PTH207 - as GitLab has patterns
    return run


def _texts(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
