"""Values that readers may stumble over, and small changes of documents, tables and bytes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Sequence

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_Dumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
ODD_TEXTS = (
    *(
        "",
        " ",
        "null",
        "~",
        "true",
        "no",
        "-",
        "?",
        ":",
        "#",
        "*a",
        "&a b",
        "!!int x",
        "<<",
        "|",
        ">",
        "%",
        "@",
    ),
    *("0", "-0", "-1", "007", "0x", "0x" + "f" * 5000, "0o", "9" * 400, "1e400", "1e-400", "1_000", "1,000"),
    *(".5", "5.", "0.1", ".inf", "nan", "1/3", "2.50", "12:30", "1:1:1", "9223372036854775808"),
    *(
        "2024-02-30",
        "2024-13-01",
        "0000-00-00",
        "9999-12-31",
        "10000-01-01",
        "2024-02-29",
        "2024-03-13T25:00",
    ),
    *("2024-03-31T02:30", "2024-10-27T02:30:00+99:00", "2024-03-13T10:00Z", "20240313", "12/31/2024"),
    *("a\nb", "a\r\nb", "a\tb", "a\u2028b", "a\x85b", "\ufeffa", "\u202eabc", "é", "e\u0301", "😀", "\ud7ff"),
    *(
        "a\x1b[31mb",
        "a\x07",
        "\x7f",
        "a" * 300,
        "x" * 20_000,
        "'",
        '"',
        '""',
        "\\",
        "\\u0000",
        "{",
        "[",
        "}]",
    ),
    *("{{ x }}", "'; DROP TABLE x; --", "=1+1", "../../etc/passwd", "/", "-", "--help", "a/b", "a.b", "a b"),
    *(
        "id",
        "points",
        "levels",
        "gold",
        "__proto__",
        "None",
        "member_id",
        "event_id",
        "Etc/GMT+12",
        "Europe/Brussels",
    ),
)
ODD_VALUES: tuple[Any, ...] = (
    *(
        None,
        True,
        False,
        0,
        -1,
        1,
        2**31,
        2**63,
        -(2**63) - 1,
        10**30,
        0.1,
        -0.0,
        1e300,
        float("inf"),
        float("nan"),
    ),
    *([], {}, [None], [[]], {"": None}, {"a": {"a": {"a": {}}}}, [[[[[[1]]]]]], [1] * 300),
    *({f"k{number}": number for number in range(200)}, "x", "", "2024-02-30", "a\nb"),
)


def odd_text(dice: random.Random) -> str:
    """A text that is out of the ordinary."""
    return dice.choice(ODD_TEXTS)


def yaml_changed(dice: random.Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """A YAML file after some changes of its values, its lines, or its bytes."""
    kind = dice.random()
    if kind < 0.6:
        try:
            document, other = (yaml.load(text, _Loader) for text in (data, dice.choice(others)))  # noqa: S506 - a safe one
            for _ in range(dice.randint(1, 3)):
                document = _tree_changed(dice, document, other)
            text = yaml.dump(document, Dumper=_Dumper, allow_unicode=True, sort_keys=False)
        except (yaml.YAMLError, RecursionError, ValueError):  # some seeds are no YAML at all
            return bytes_changed(dice, data)
        return text.encode("utf-8", "replace")
    if kind < 0.9:
        return _lines_changed(dice, data)
    return bytes_changed(dice, data)


def _places(document: Any) -> list[tuple[Any, Any]]:
    """Every container with the key of a value in it."""
    found: list[tuple[Any, Any]] = []
    waiting = [document]
    while waiting:
        node = waiting.pop()
        keys: Any = node if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ()
        for key in keys:
            found.append((node, key))
            waiting.append(node[key])
    return found


def _tree_changed(dice: random.Random, document: Any, other: Any) -> Any:  # noqa: C901, PLR0912 - one way after another
    places = _places(document)
    if not places:
        return dice.choice((document, other, *ODD_VALUES))
    container, key = dice.choice(places)
    match dice.randrange(9):
        case 0:
            container[key] = dice.choice(ODD_VALUES)
        case 1:
            container[key] = odd_text(dice)
        case 2:
            del container[key]
        case 3:
            strange = _places(other)
            if strange:
                place, name = dice.choice(strange)
                container[key] = place[name]
        case 4:
            place, name = dice.choice(places)
            container[key] = json.loads(json.dumps(place[name], default=str))
        case 5 if isinstance(container, dict):
            container[odd_text(dice)] = container.pop(key)
        case 6 if isinstance(container, dict) and isinstance(key, str) and key:
            spot = dice.randrange(len(key))
            container[key[:spot] + key[spot + 1 :]] = container.pop(key)
        case 7:
            container[key] = [container[key]] if dice.random() < 0.5 else {"a": container[key]}
        case _:
            value = container[key]
            if isinstance(value, (int, float)):
                container[key] = value * dice.choice((-1, 0, 2, 10**20)) + dice.choice((-1, 0, 1))
            elif isinstance(value, list):
                container[key] = value * dice.choice((0, 2, 50))
    return document


def _lines_changed(dice: random.Random, data: bytes) -> bytes:
    lines = data.decode("utf-8", "replace").split("\n")
    for _ in range(dice.randint(1, 3)):
        at = dice.randrange(len(lines))
        name, colon, _ = lines[at].partition(":")
        changes: tuple[Callable[[], Any], ...] = (
            lambda at=at: lines.pop(at) if len(lines) > 1 else None,
            lambda at=at: lines.insert(at, lines[at]),
            lambda at=at: lines.insert(at, dice.choice(lines)),
            lambda at=at: lines.__setitem__(at, " " * dice.randint(1, 3) + lines[at]),
            lambda at=at: lines.__setitem__(at, lines[at].removeprefix("  ")),
            lambda at=at, name=name, colon=colon: lines.__setitem__(at, f"{name}{colon} {odd_text(dice)}"),
            lambda at=at: lines.__setitem__(
                at, lines[at] + dice.choice((" &a", " *a", "\t", " #", "]", "{", "'"))
            ),
        )
        dice.choice(changes)()
    return "\n".join(lines).encode("utf-8", "surrogatepass")


def bytes_changed(dice: random.Random, data: bytes) -> bytes:
    """Bytes flipped, cut, repeated or put in."""
    changed = bytearray(data)
    for _ in range(dice.randint(1, 4)):
        at = dice.randrange(len(changed) + 1)
        match dice.randrange(5):
            case 0 if at < len(changed):
                changed[at] ^= 1 << dice.randrange(8)
            case 1:
                del changed[at : at + dice.choice((1, 4, 100))]
            case 2:
                changed[at:at] = changed[at : at + dice.choice((1, 10, 1000))]
            case 3:
                changed[at:at] = dice.randbytes(dice.randint(1, 4))
            case _:
                changed[at:at] = odd_text(dice).encode("utf-8", "replace")
    return bytes(changed[:2_000_000])
