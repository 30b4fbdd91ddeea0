"""The files of a new program: small, complete, and commented for somebody who has never seen one.

They lie in `new_program/` as they are written, but for `-template` at the end of their names, so that
no reader takes them for a program, and a few values: `@{id}`, `@{title}`, `@{heading}`, `@{timezone}` and
`@{noon}`, what clocks there show at noon of UTC on 1 June 2025. What is in them is made up; it validates, and
its scenarios try each rule on both sides.
"""

from __future__ import annotations

import re
import unicodedata
from string import Template

from pointbook.log.typed.clock import clock_in
from pointbook.source.files import new_program_texts, schema_text
from pointbook.source.yaml_text import scalar_text
from pointbook.structure.validators import schema

_SCHEMAS = ("program", "version", "patch", "scenario", "guardrails", "approvals")


class _Template(Template):
    delimiter = "@"
    pattern = r"@(?:(?P<escaped>@)|\{(?P<braced>[a-z]+)\}|(?P<named>(?!))|(?P<invalid>))"  # type: ignore[assignment]  # made a pattern by Template itself


def starter_files(program_id: str, title: str, timezone: str) -> dict[str, str]:
    """Every file of a new program: its text by its path in the folder, sorted.

    Args:
        program_id: The program's id.
        title: What people call it.
        timezone: The IANA name of its time zone.

    Raises:
        LookupError: There is no such time zone.
    """
    values = {
        "id": scalar_text(program_id),
        "title": scalar_text(title),
        "timezone": scalar_text(timezone),
        "heading": title,
        "noon": clock_in(timezone).moment("2025-06-01T12:00:00Z")[1].isoformat(),
    }
    texts = {path: _Template(text).substitute(values) for path, text in new_program_texts().items()}
    texts |= {f"schemas/{name}.schema.json": schema_text(name) for name in _SCHEMAS}
    return dict(sorted(texts.items()))


def id_from(name: str) -> str:
    """The id of a program in a folder of this name.

    >>> id_from("Café & books"), id_from("...")
    ('Cafe-books', 'my-program')
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    most: int = schema("program")["$defs"]["id"]["maxLength"]
    return re.sub(r"[^A-Za-z0-9_.]+", "-", plain).strip("-_.")[:most] or "my-program"


def title_from(name: str) -> str:
    """The title of a program in a folder of this name.

    >>> title_from("book-club")
    'Book club'
    """
    words = "".join(
        letter if letter.isprintable() and letter not in "-_." else " " for letter in name
    ).split()
    title = " ".join(words) or "My program"
    return title[0].upper() + title[1:]
