"""Makes the exports of this corpus again, by the programs whose exports they are.

    .ci/with-postgres python tests/corpus/make.py [NAME...]

A name is that of a program, such as `pandas` or `hand`; without any, all are run. Needed are the packages pandas,
polars, pyarrow, duckdb, openpyxl and pyspark, and the commands psql, sqlite3, mariadbd, Rscript, soffice and
ssconvert. What was made, by which version, and what was typed is noted in `exports/MADE.md`.
"""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path

from by_hand import BY_HAND
from by_tools import BY_TOOLS

EXPORTS = Path(__file__).parent / "exports"
MADE = EXPORTS / "MADE.md"
_LINE = re.compile(r"\| `(.+?)` \| (.+) \|")
_HEAD = "# How each of these was made\n\n| file | by what, and what was typed |\n|---|---|\n"


def main(names: list[str]) -> None:
    """Makes the exports of these programs, all without a name."""
    EXPORTS.mkdir(exist_ok=True)
    found = _LINE.findall(MADE.read_text(encoding="utf-8")) if MADE.exists() else []
    noted = {file: words for file, words in found if file != "file"}
    if not names or "hand" in names:
        for file, (program, make) in BY_HAND.items():
            (EXPORTS / file).write_bytes(make())
            noted[file] = (
                f"by hand, as {program}" if not program.startswith(("a ", "what")) else f"by hand: {program}"
            )
    for tool in BY_TOOLS:
        if names and tool.__name__.removeprefix("by_") not in names:
            continue
        with tempfile.TemporaryDirectory() as folder:
            Path(folder).chmod(0o777)  # a database's server writes there too
            for file, (typed, text) in tool(Path(folder)).items():
                (EXPORTS / file).write_bytes(text)
                noted[file] = typed.replace("|", "\\|")
    lines = (f"| `{file}` | {words} |\n" for file, words in sorted(noted.items()))
    MADE.write_text(_HEAD + "".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
