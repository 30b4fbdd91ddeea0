"""A fuzzer for every reader: whatever stands in a file, the command ends in a sentence, and soon."""

from __future__ import annotations

import gzip
import importlib.util
import random
import shutil
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from cases import ROOT, Case, begin_folder, keep, kept, lay_over, take_away
from forked import HUNG, Ended, forked, import_all
from logs import as_csv, as_json_lines, as_parquet, rows_of
from odd import bytes_changed, odd_text, yaml_changed
from rows import Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Maker = Callable[[random.Random], Case]

CORPUS = Path(__file__).parent / "corpus"
FOUND = ROOT / "build/faults"
"""Where inputs go that broke something; once mended they move to the corpus, with a line in its README."""

_CODES = {0, 1, 2, 3}
_SECONDS, _SECONDS_OF_ALL, _SECONDS_A_MEGABYTE = 60, 10, 20
_TIMES, _ALWAYS, _ALWAYS_OF_DUCKDB = 10, 100_000_000, 600_000_000
"""The most memory: so many times the input, and so much in any case; an engine takes threads and buffers."""

_OLD, _NEW = "2023-10-10", "2024-03-13"
_LOG = "--events events.csv --members members.csv"
_EVALUATE = "--out out --as-of 2025-12-31 --workers 1"
_ENGINES = ("python", "python", "duckdb") if importlib.util.find_spec("duckdb") else ("python",)

_OF_RULES = (
    *("validate p", "validate p --format json", "test p", f"show p {_NEW}"),
    *(f"diff p {_OLD} {_NEW}", "diff p --against HEAD", "sql p --as-of 2025-12-31"),
    f"evaluate p {_LOG} {_EVALUATE} --backend python",
    f"explain p m-0001 {_LOG}",
)
_OF_VERDICTS = (
    *("validate p", "validate p --format sarif", f"diff p {_OLD} {_NEW} --fail-on any --on 2026-01-01"),
    *("diff p --against HEAD", f"compare p {_OLD} {_NEW} {_LOG} --on 2026-01-01 --workers 1"),
)


def _documents(*patterns: str) -> list[bytes]:
    return [path.read_bytes() for pattern in patterns for path in sorted(ROOT.glob(pattern))]


_OTHERS = _documents("rules/**/*.yaml", "tests/diagnostics/**/*.yaml", "tests/conformance/**/*.yaml")
_GUARDRAILS = _documents("rules/*/guardrails.yaml", "tests/diagnostics/guardrails/**/*.yaml")
_APPROVALS = _documents("tests/diagnostics/approvals/**/approvals.yaml") or [b"approvals: []\n"]
_LOCKS = _documents("rules/*/versions.lock", "tests/diagnostics/cases/*/versions.lock")
_OF_LOCKS = (
    *("validate p", "show p published", "diff p --against HEAD", f"publish p {_NEW}"),
    f"publish p {_NEW} --amend --reason x",
)


def _yaml(reader: str, place: str, seeds: list[bytes], commands: tuple[str, ...]) -> Maker:
    def made(dice: random.Random) -> Case:
        data = yaml_changed(dice, dice.choice(seeds), _OTHERS)
        return Case(reader, tuple(dice.choice(commands).split(" ")), {place: data})

    return made


def _rules(reader: str, place: str, commands: tuple[str, ...] = _OF_RULES) -> Maker:
    return _yaml(reader, f"p/{place}", [(ROOT / "rules/dataminer-devops" / place).read_bytes()], commands)


def _log(reader: str, ending: str, form: Callable[[random.Random, list[dict[str, str]]], bytes]) -> Maker:
    examples = ROOT / "rules/dataminer-devops/examples"
    rows = {
        name: rows_of((examples / f"{name}.csv").read_text(encoding="utf-8"), 30)
        for name in ("events", "members")
    }

    def made(dice: random.Random) -> Case:
        name = dice.choice(("events", "events", "members"))
        data = form(dice, rows[name])
        log = _LOG.replace(f"{name}.csv", f"x.{ending}")
        engine = dice.choice(_ENGINES)
        command = dice.choice(
            (
                *(f"evaluate p {log} {_EVALUATE} --backend {engine}",) * 4,
                f"evaluate p {log} {_EVALUATE} --backend {engine} --via fold --output-format jsonl",
                f"explain p m-0001 {log}",
                f"compare p {_OLD} {_NEW} {log} --workers 1 --backend {engine}",
                f"adopt {log.split()[1]} --members {log.split()[3]} --out out --draft-rules",
            )
        )
        return Case(reader, tuple(command.split(" ")), {f"x.{ending}": data})

    return made


def _as_archive(dice: random.Random, rows: list[dict[str, str]]) -> bytes:
    """An archive that may be damaged, or go on with another, in which much may be packed into little."""
    text = as_csv(dice, rows)
    if dice.random() < 0.2:
        text = text.replace(dice.choice((b",", b"\n", b"a")), bytes([dice.choice(b"\n,a\0")]) * 100_000, 1)
    data = gzip.compress(text, mtime=0)
    match dice.randrange(4):
        case 0:
            return data
        case 1:
            return data + dice.choice((data, b"\0" * 9, text, data[: len(data) // 2]))
        case 2:
            return data[: dice.randrange(len(data) + 1)]
        case _:
            return bytes_changed(dice, data)


def _published(dice: random.Random) -> Case:
    """What another system shows of the first members."""
    levels = ("", "advocate", "Enabler", "catalyst", "none")
    rows = [
        {
            "member_id": f"m-{number:04}",
            "period": dice.choice(("", "1", "2", "2024-01-01")),
            "points": str(dice.randrange(2_000)),
            "level": dice.choice(levels),
        }
        for number in range(1, 20)
    ]
    ending, form = dice.choice((("csv", as_csv), ("jsonl", as_json_lines)))
    command = f"reconcile p {_LOG} --published x.{ending} --as-of 2025-12-31 --format {{}}"
    kind = dice.choice(("text", "markdown", "json", "csv"))
    return Case("published", tuple(command.format(kind).split(" ")), {f"x.{ending}": form(dice, rows)})


def _reference(dice: random.Random) -> Case:
    """Names of commits and paths in them."""
    references = (
        "HEAD",
        "HEAD~0",
        "HEAD^{tree}",
        "HEAD@{0}",
        "",
        ":0",
        "@",
        "-x",
        "HEAD:",
        "x" * 300,
        "master..",
        "HEAD^2",
    )
    paths = (
        f"p/versions/{_OLD}.yaml",
        "p/program.yaml",
        "p",
        "p/versions",
        "",
        "/",
        "../p",
        "./p//x",
        "events.csv",
    )
    operand = ":".join(
        dice.choice(part) if dice.random() < 0.8 else odd_text(dice) for part in (references, paths)
    )
    operand = (
        bytes_changed(dice, operand.encode()).decode("utf-8", "replace") if dice.random() < 0.2 else operand
    )
    operand = operand.replace("\0", "")  # no argument can have it
    whole = dice.random() < 0.2
    arguments = ("diff", "p", "--against", operand) if whole else ("diff", "p", operand, _NEW)
    return Case("REF path", arguments, {})


READERS: dict[str, Maker] = {
    "version": _rules("version", f"versions/{_NEW}.yaml"),
    "program": _rules("program", "program.yaml"),
    "guardrails": _yaml("guardrails", "p/guardrails.yaml", _GUARDRAILS, _OF_VERDICTS),
    "approvals": _yaml("approvals", "p/approvals.yaml", _APPROVALS, _OF_VERDICTS),
    "lock": _yaml("lock", "p/versions.lock", _LOCKS, _OF_LOCKS),
    "scenario": _rules("scenario", "scenarios/kata-deadline.yaml", ("test p", "validate p")),
    "CSV": _log("CSV", "csv", as_csv),
    "archive": _log("archive", "csv.gz", _as_archive),
    "JSON Lines": _log("JSON Lines", "jsonl", as_json_lines),
    **({"Parquet": _log("Parquet", "parquet", as_parquet)} if importlib.util.find_spec("pyarrow") else {}),
    "published": _published,
    "REF path": _reference,
}


def rows(seconds: float, seed: int) -> Iterator[Row]:
    """One row for each reader; what was kept is tried first."""
    import_all()
    until = time.monotonic() + seconds
    tried: dict[str, int] = defaultdict(int)
    broken: dict[str, list[str]] = defaultdict(list)
    again = [*kept(CORPUS), *kept(FOUND)]
    with tempfile.TemporaryDirectory(prefix="reading-") as name:
        trial = Trial(Path(name))
        for case in again:
            tried["kept ones"] += 1
            broken["kept ones"] += [f"{case.name}: {wrong}" for wrong in trial.faults(case)]
        dice = {reader: random.Random(f"{seed} {reader}") for reader in READERS}
        while time.monotonic() < until:
            for reader, made in READERS.items():
                case = made(dice[reader])
                tried[reader] += 1
                wrong = trial.faults(case)
                if wrong:
                    where = keep(case, FOUND, "\n".join(wrong)).relative_to(ROOT)
                    broken[reader].append(f"{where}: {wrong[0]}")
    for reader in ("kept ones", *READERS):
        yield Row("reading", reader, tried[reader], tuple(broken[reader]))


class Trial:
    """A folder to try cases in."""

    def __init__(self, place: Path) -> None:
        self._begun, self._folder, self._place = place / "begun", place / "folder", place
        self._begun.mkdir()
        begin_folder(self._begun)
        shutil.copytree(self._begun, self._folder)
        self._to_begin_with = 0
        self._to_begin_with = self.run(Case("nothing", ("--version",), {})).memory

    def run(self, case: Case) -> Ended:
        """How the command ends; its memory is what it took besides that of a command that does nothing."""
        lay_over(case, self._folder)
        try:
            ended = forked(
                case.arguments, self._folder, self._place / "printed", self._place / "said", _SECONDS
            )
            return ended._replace(memory=max(0, ended.memory - self._to_begin_with))
        finally:
            take_away(case, self._folder, self._begun)

    def faults(self, case: Case) -> list[str]:
        """What is wrong with how it ends, each in a sentence."""
        return self.wrong(case, self.run(case))

    @staticmethod
    def wrong(case: Case, ended: Ended) -> list[str]:
        """What is wrong with how it ended."""
        found = []
        if ended.code not in _CODES or "Traceback (most" in ended.err or "internal error" in ended.err:
            how = f"did not end within {_SECONDS} s" if ended.code == HUNG else f"exit code {ended.code}"
            found.append(f"{how}: {ended.err[-1500:]}")
        if ended.seconds > _SECONDS_OF_ALL + _SECONDS_A_MEGABYTE * case.size / 1e6:
            found.append(f"{ended.seconds:.0f} s for {case.size:,} bytes")
        always = _ALWAYS_OF_DUCKDB if "duckdb" in case.arguments else _ALWAYS
        if ended.memory > always + _TIMES * case.size:
            found.append(f"{ended.memory:,} bytes of memory for {case.size:,} bytes")
        return found
