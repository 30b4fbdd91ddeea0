"""The schema of a version that changes another, made from that of a complete version.

In a merge patch every key is optional and `null` removes. Lists are replaced whole, so inside them
nothing changes.
"""

from __future__ import annotations

import copy
from typing import Any

_HEADER = ("id", "effective_from", "title", "announced_on", "source", "note", "removes")
_PATCHED_DEFS = ("level", "benefit", "life_cycle", "group", "activity", "points_form", "attribute", "source")
_GIVEN = {"not": {"type": "null"}}
_BETWEEN_KEYS = ("required", "minProperties", "maxProperties", "if", "then", "else", "x-message", "x-hint")


def patch_schema_from(version_schema: dict[str, Any]) -> dict[str, Any]:
    """The patch schema; `version_schema` is left as it is."""
    schema = copy.deepcopy(version_schema)
    schema["$id"] = schema["$id"].replace("version.", "patch.")
    schema["title"] = "Pointbook version that changes another"
    schema["description"] = (
        "A version written as what it changes: merged into the version it is based on "
        "(JSON Merge Patch, RFC 7396). Mappings merge, `null` removes, anything else replaces."
    )
    schema["required"] = ["id", "effective_from", "based_on"]
    header = {key: schema["properties"].pop(key) for key in _HEADER}
    based_on = {
        "$ref": "#/$defs/id",
        "description": (
            "The version that this one changes. Its title, dates, source, note and removals are not"
            " taken over."
        ),
    }
    rules = {key: _nullable(_loose(value)) for key, value in schema["properties"].items()}
    schema["properties"] = {**header, "based_on": based_on, **rules}
    for name in _PATCHED_DEFS:
        complete = schema["$defs"][name]
        patched = _loose(complete)
        patched["properties"] = {
            key: _nullable(_loose(value)) for key, value in complete["properties"].items()
        }
        schema["$defs"][f"{name}_change"] = patched
    for inline in ("per", "by"):
        form = schema["$defs"]["points_form_change"]["properties"][inline]["then"]
        form["properties"] = {key: _nullable(value) for key, value in form["properties"].items()}
    values = schema["$defs"]["points_form_change"]["properties"]["by"]["then"]["properties"]["values"]["then"]
    values["additionalProperties"] = _nullable(values["additionalProperties"])
    values.pop("minProperties", None)
    schema["$defs"]["condition_change"] = _condition_change(schema["$defs"])
    _point_to_changes(schema["properties"])
    for name in (*_PATCHED_DEFS, "condition"):
        _point_to_changes(schema["$defs"][f"{name}_change"])
    schema["$defs"]["points_rule_change"] = {
        **schema["$defs"]["points_rule"],
        "then": {"$ref": "#/$defs/points_form_change"},
    }
    _describe(schema, schema["$defs"])
    return schema


def _condition_change(definitions: dict[str, Any]) -> dict[str, Any]:
    """A condition of any form with keys removed and added, so that its form can change."""
    junctions = definitions["condition"]
    forms = (junctions["then"], junctions["else"]["then"], junctions["else"]["else"]["then"])
    keys = {
        key: value
        for form in (*forms, definitions["comparison"])
        for key, value in form["properties"].items()
    }
    change = {
        "type": "object",
        "description": junctions["description"],
        "additionalProperties": False,
        "properties": {key: _nullable(_loose(value)) for key, value in keys.items()},
    }
    within = change["properties"]["within"]["then"]
    within["properties"] = {key: _nullable(value) for key, value in within["properties"].items()}
    return change


def _loose(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema of a mapping without what it demands of several keys together."""
    loose = {key: copy.deepcopy(value) for key, value in schema.items() if key not in _BETWEEN_KEYS}
    if "additionalProperties" in loose and isinstance(loose["additionalProperties"], dict):
        loose["additionalProperties"] = _nullable(loose["additionalProperties"])
    return loose


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    """The same, or `null`; an error inside is still the inner schema's own."""
    inner = {key: value for key, value in schema.items() if key != "description"}
    described = {"description": schema["description"]} if "description" in schema else {}
    return {**described, "if": dict(_GIVEN), "then": inner}


def _describe(schema: Any, definitions: dict[str, Any]) -> None:
    """Gives what may be `null` the description of what it refers to, which editors would not look up."""
    for part in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():
        _describe(part, definitions)
    if isinstance(schema, dict) and "description" not in schema and schema.get("if") == _GIVEN:
        name = str(schema["then"].get("$ref", "")).removeprefix("#/$defs/")
        if "description" in definitions.get(name, ()):
            schema["description"] = definitions[name]["description"]


def _point_to_changes(schema: Any) -> None:
    """Redirects references to the patched definitions, but not inside lists."""
    if not isinstance(schema, dict):
        return
    for key, value in schema.items():
        if key == "$ref" and value.removeprefix("#/$defs/") in (*_PATCHED_DEFS, "points_rule", "condition"):
            schema[key] = f"{value}_change"
        elif key not in ("items", "description"):
            _point_to_changes(value)
