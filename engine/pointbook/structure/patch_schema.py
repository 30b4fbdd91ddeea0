"""The schema of a version that changes another, and that of either, made from that of a complete version.

In a merge patch every key is optional and `null` removes. Lists are replaced whole, so inside them
nothing changes. Types and enumerations have `null` among them, because editors complete by these.

What merging needs to know stands as annotations in the schema of a complete version: `x-one-of` lists keys
that exclude one another, of which the written ones replace the others; `x-anew-with` keys with which a
mapping replaces the old one whole, `x-anew-with-another` those that do so where their value is another one;
`x-removable` marks what `removed` can take away.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_HEADER = ("id", "effective_from", "title", "announced_on", "source", "note", "removes")
_BETWEEN_KEYS = ("required", "minProperties", "maxProperties", "if", "then", "else")
_WORDS = ("x-message", "x-hint")
_FOR_MERGING = ("x-one-of", "x-anew-with", "x-anew-with-another", "x-removable", "x-first")
_DEFINITION = "#/$defs/"
_BASED_ON = {
    "title": "Changed version",
    "$ref": "#/$defs/id",
    "description": (
        "The version that this one changes. Its title, dates, source, note and removals are not taken over."
    ),
}


_ABOVE = {
    "title": "Level below",
    "$ref": "#/$defs/id",
    "description": (
        "The level right above which a new one stands; left out, it stands where its threshold puts it."
    ),
}
_REMOVED = {
    "title": "Removed",
    "type": "string",
    "minLength": 1,
    "description": "Why this goes: it is removed, and listed under `removes` with this as the reason.",
    "x-expected": "the reason why it goes, as text",
}
_REMOVED_ALONE = {
    "maxProperties": 1,
    "x-message": "`removed` stands alone: what goes has no other keys",
    "x-hint": "delete the other keys, or `removed`",
}


def patch_schema_from(complete: dict[str, Any]) -> dict[str, Any]:
    """The schema of a version that changes another; that of a complete one is left as it is."""
    header = {key: complete["properties"][key] for key in _HEADER}
    rules = {key: value for key, value in complete["properties"].items() if key not in _HEADER}
    patch = {
        **_of("patch", complete),
        "title": "Pointbook version that changes another",
        "description": (
            "A version written as what it changes: merged into the version it is based on "
            "(JSON Merge Patch, RFC 7396). Mappings merge, `null` removes, anything else replaces."
        ),
        "type": "object",
        "required": ["id", "based_on"],
        **{key: complete[key] for key in ("if", "else")},
        "additionalProperties": False,
        "properties": {
            **header,
            "based_on": _BASED_ON,
            **{key: _removable(value) for key, value in rules.items()},
        },
    }
    definitions = {
        **complete["$defs"],
        **{f"{name}_change": _change(name, complete["$defs"]) for name in complete["$defs"]},
    }
    return {**patch, "$defs": _used(patch, definitions)}


def version_schema_from(complete: dict[str, Any], patch: dict[str, Any]) -> dict[str, Any]:
    """The schema of any file of a version, by whether it has `based_on`; both others are left as they are."""
    parts = {
        name: {key: value for key, value in part.items() if key not in {"$schema", "$id", "$defs"}}
        for name, part in (("complete", complete), ("patch", patch))
    }
    return {
        **_of("version", complete),
        "title": "Pointbook version",
        "description": (
            "A version of a points program's rules: complete, or with `based_on` what it changes of another."
        ),
        "x-files": ["versions/*.yaml", "versions/*.yml"],
        "type": "object",
        "properties": {"based_on": _BASED_ON},
        "if": {"required": ["based_on"]},
        "then": {"$ref": f"{_DEFINITION}patch"},
        "else": {"$ref": f"{_DEFINITION}complete"},
        "$defs": {**parts, **complete["$defs"], **patch["$defs"]},
    }


def _of(name: str, complete: dict[str, Any]) -> dict[str, Any]:
    return {"$schema": complete["$schema"], "$id": complete["$id"].replace("complete.", f"{name}.")}


def _change(name: str, definitions: dict[str, Any]) -> dict[str, Any]:
    """What a patch may have where a complete version has the definition `name`."""
    definition = definitions[name]
    if name == "condition":  # it may take on any other form, so it has the keys of all
        junctions, others = definition["properties"], definitions["comparison"]["properties"]
        whole = {**definition, "additionalProperties": False, "properties": {**junctions, **others}}
        forms = [*([key] for key in junctions), list(others)]
        return {**_removable(whole), "allOf": _exclusive(forms)}
    changed = _removable(definition)
    if "$ref" in definition:  # with a type of its own, which `removed` takes the place of
        removed = {"type": "object", **_REMOVED_ALONE, "properties": {"removed": _REMOVED}}
        is_removed = {"type": "object", "required": ["removed"]}
        return {"if": is_removed, "then": removed, "else": {"$ref": changed["$ref"]}}
    if name == "level":
        changed["properties"] = {**changed["properties"], "above": _ABOVE}
    if definition.get("x-removable"):
        known = {**changed["properties"], "removed": _REMOVED}
        alone = {**_REMOVED_ALONE, "properties": dict.fromkeys(known, True)}
        changed |= {"properties": known, "if": {"required": ["removed"]}, "then": alone}
    return changed


def _removable(schema: dict[str, Any]) -> dict[str, Any]:
    """The same or `null`, without what a mapping demands of several keys together."""
    if "$ref" in schema:
        return {**schema, "$ref": f"{schema['$ref']}_change"}
    is_mapping = "object" in schema.get("type", ())
    dropped = (*_BETWEEN_KEYS, *_WORDS) if is_mapping else _BETWEEN_KEYS
    changed = {key: value for key, value in schema.items() if key not in (*dropped, *_FOR_MERGING)}
    if "x-instead" in changed:
        changed["x-instead"] = {key: hint for key, hint in schema["x-instead"].items() if key != "removed"}
    if "type" in changed:
        types = changed["type"]
        changed["type"] = [*([types] if isinstance(types, str) else types), "null"]
    if "enum" in changed:
        changed["enum"] = [*changed["enum"], None]
    if "const" in changed:
        changed["enum"] = [changed.pop("const"), None]
    if "properties" in changed:
        changed["properties"] = {key: _removable(value) for key, value in changed["properties"].items()}
    if isinstance(changed.get("additionalProperties"), dict):
        changed["additionalProperties"] = _removable(changed["additionalProperties"])
    if exclusive := _exclusive(_known_forms(schema)):
        changed["allOf"] = exclusive
    return changed


def _known_forms(schema: dict[str, Any]) -> list[list[str]]:
    """Of the keys that exclude one another, those that there are already."""
    forms = [[key for key in keys if key in schema["properties"]] for keys in schema.get("x-one-of", ())]
    return [keys for keys in forms if keys]


def _exclusive(forms: list[list[str]]) -> list[dict[str, Any]]:
    """That beside any key no later one is given with which it has no form, so that editors say so at once.

    Checking a program says it of the resolved version, in better words and of other files too.
    """
    keys = list(dict.fromkeys(key for form in forms for key in form))
    excluded = {
        key: [other for other in keys[number:] if not any({key, other} <= set(form) for form in forms)]
        for number, key in enumerate(keys, start=1)
    }
    return [
        {
            "x-for-editors": True,
            "if": {"required": [key], "properties": {key: {"not": {"type": "null"}}}},
            "then": {
                "properties": {
                    other: {
                        "type": "null",
                        "description": f"Not beside `{key}`.",
                        "errorMessage": f"Not beside `{key}`, which takes its place: keep one.",
                    }
                    for other in others
                }
            },
        }
        for key, others in excluded.items()
        if others
    ]


def _used(schema: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    """Those definitions that the schema refers to, in their order."""
    used: set[str] = set()
    waiting = list(_referred_to(schema))
    while waiting:
        name = waiting.pop()
        if name not in used:
            used.add(name)
            waiting += _referred_to(definitions[name])
    return {name: definition for name, definition in definitions.items() if name in used}


def _referred_to(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"].removeprefix(_DEFINITION)
        part = list(part.values())
    if isinstance(part, list):
        for inner in part:
            yield from _referred_to(inner)
