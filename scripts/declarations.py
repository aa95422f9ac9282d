"""Write what docs and editors say of declarations from the tables that the validator reads.

    python scripts/declarations.py [--write]

The tables are the macros ``monitor_parts``, ``monitor_keys``, ``column_roles`` and ``column_keys`` of macros/config. From them
come the tables of docs/declarations.md, between the comments ``<!-- table NAME -->`` and ``<!-- end -->``, and
docs/schema/ml_monitor.schema.json, the JSON Schema of the YAML of staging models. Without ``--write`` nothing is written, and
the exit status is 1 if a file is not what would be written.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jinja2

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "declarations.md"
SCHEMA = ROOT / "docs" / "schema" / "ml_monitor.schema.json"
OFTEN = {"required": "once, required", "once": "once", "some": "one or more", "any": "any number"}
# The page says below its table what these are.
MONITORED = "monitored columns of the inferences (feature, score, prediction, latency_ms)"
# Elements of lists and values of dicts, which the validator checks by code.
COLUMN = {"type": "string"}
ELEMENTS: dict[str, dict[str, Any]] = {
    "segments": {"anyOf": [COLUMN, {"type": "array", "items": COLUMN, "minItems": 2, "uniqueItems": True}]},
    "relations": {"type": "array", "items": COLUMN, "minItems": 2, "maxItems": 2},
    "shares": {"type": "number", "exclusiveMinimum": 0, "maximum": 1},
    "when": {
        "type": "array",
        "items": {"enum": ["performance", "drift_with_impact", "age"]},
        "minItems": 1,
        "uniqueItems": True,
    },
    "golden_periods": {"type": "array", "items": {"type": "string"}, "minItems": 2, "maxItems": 2},
}
# dbt renders every text of its YAML, so a number or boolean may be written as an expression.
EXPRESSION = {"$ref": "#/$defs/expression"}

Key = dict[str, Any]
Schema = dict[str, Any]


class Returned(Exception):
    """Carries what a macro returns."""


class Macros:
    """The macros of macros/config that need nothing of dbt; each is a method."""

    def __init__(self) -> None:
        self._environment = jinja2.Environment(extensions=["jinja2.ext.do"])
        self._environment.globals |= {"return": self._return, "ml_monitor": self}
        self._modules: dict[Path, Any] = {}
        self._files = {
            name: path
            for path in sorted((ROOT / "macros" / "config").glob("*.sql"))
            for name in re.findall(r"{% macro (\w+)\(", path.read_text(encoding="utf-8"))
        }

    @staticmethod
    def _return(value: Any) -> None:
        raise Returned(value)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name not in self._files:
            raise AttributeError(name)
        path = self._files[name]
        if path not in self._modules:
            text = path.read_text(encoding="utf-8")
            self._modules[path] = self._environment.from_string(text).module
        macro = getattr(self._modules[path], name)

        def call(*args: Any) -> Any:
            try:
                return str(macro(*args))
            except Returned as returned:
                return returned.args[0]

        return call


MACROS = Macros()


# The page


def code(text: str) -> str:
    """A text as Markdown writes code."""
    return f"`{text}`"


def allowed(key: Key) -> str:
    """What a key allows, in Markdown."""
    if key.get("choices"):
        text = ", ".join(code(choice) for choice in key["choices"])
        text = f"a list of {text}" if key["type"] == "list" else text
        return f"{text}, each once" if key.get("unique") else text
    return str(MACROS.allowed_text(key))


def need(one: dict[str, Any]) -> str:
    """What a key needs, in Markdown."""
    if "beside" in one:
        other, element = one["beside"]
        return f"only with {code(element)} in {code(other)}"
    if "task" in one:
        return f"only with {code('task: ' + one['task'])}"
    if "part" in one:
        return f"needs the part {code(one['part'])}"
    return f"needs a {'numeric ' if one.get('kind') == 'numeric' else ''}column with role {code(one['role'])}"


def default(key: Key) -> str:
    """The default of a key, in Markdown."""
    if key.get("required"):
        return "required"
    value = key.get("default_text", key.get("default"))
    if value in (None, [], {}):
        return "none"
    if "default_text" in key:
        return str(value)
    return code(", ".join(value) if isinstance(value, list) else json.dumps(value).strip('"'))


def table(head: list[str], rows: list[list[str]]) -> str:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)


def keys_table(keys: list[Key]) -> str:
    """The table of keys that have a default."""
    rows = [
        [
            code(key["key"]),
            "; ".join([allowed(key), *(need(one) for one in key.get("needs", []))]),
            default(key),
            key["meaning"],
        ]
        for key in keys
    ]
    return table(["key", "allowed", "default", "meaning"], rows)


def fields_of(name: str) -> list[Key]:
    """The keys of the dicts below a key of a monitor."""
    return next(key["fields"] for key in MACROS.monitor_keys() if key["key"] == name)


def page_tables() -> dict[str, str]:
    """The tables of the page, by name."""
    parts = [["(always)", "`stg_<m>__inferences`", "the inference log, one row per write"]]
    parts += [
        [
            code(part["part"]),
            code(f"stg_<m>__{part['part']}") if part["is_staged"] else "none: columns of the inferences",
            part["gives"],
        ]
        for part in MACROS.monitor_parts()
    ]
    parts += [["any other name", "`stg_<m>__<name>`", "a lookup that features are joined from: its keys"]]
    places = MACROS.described_tables()
    roles = [
        [
            code(role["role"]),
            *(OFTEN.get(role["tables"].get(place, ""), "") for place in places),
            role["meaning"],
        ]
        for role in MACROS.column_roles()
    ]
    columns = [
        [
            code(key["key"]),
            "a role of the table" if key["key"] == "role" else allowed(key),
            key.get("on", "every column").replace(MONITORED, "monitored columns"),
            key["meaning"],
        ]
        for key in MACROS.column_keys()
    ]
    return {
        "parts": table(["part", "staging model", "gives"], parts),
        "monitor_keys": keys_table(MACROS.monitor_keys()),
        "rule_keys": keys_table(fields_of("rules")),
        "objective_keys": keys_table(fields_of("objectives")),
        "retraining_keys": keys_table(fields_of("retraining")),
        "column_roles": table(["role", *places, "meaning"], roles),
        "column_keys": table(["key", "allowed", "on", "meaning"], columns),
    }


def page_text(before: str) -> str:
    """The page with its tables made anew; the text around them stays."""
    tables = page_tables()
    pattern = re.compile(r"(<!-- table (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
    found = [name for _, name, _ in pattern.findall(before)]
    assert sorted(found) == sorted(tables), f"{PAGE} has the tables {found}, and not {sorted(tables)}"
    return pattern.sub(lambda match: f"{match[1]}\n{tables[match[2]]}\n\n{match[3]}", before)


# The schema


def plain(markdown: str) -> str:
    """A text without the links and code marks of Markdown."""
    return re.sub(r"\[([^][]*)\]\([^)]*\)", r"\1", markdown).replace("`", "")


def or_expression(schema: Schema) -> Schema:
    """What may also be written as an expression of Jinja."""
    return {"anyOf": [schema, EXPRESSION]}


def value_schema(key: Key) -> Schema:
    """The schema of what stands under a key."""
    kind, choices = key["type"], key.get("choices")
    if kind in ("number", "whole"):
        ranges = {"min": "minimum", "max": "maximum", "above": "exclusiveMinimum"}
        schema: Schema = {"type": "integer" if kind == "whole" else "number"}
        return or_expression(schema | {ranges[name]: key[name] for name in ranges if name in key})
    if kind == "boolean":
        return or_expression({"type": "boolean"})
    if kind == "date":
        return or_expression({"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"})
    if kind == "value":
        return {"type": ["string", "number", "boolean"]}
    if kind == "list":
        items = ELEMENTS.get(key["key"], {"enum": choices} if choices else {})
        schema = {"type": "array", "items": object_schema(key["fields"]) if "fields" in key else items}
        schema |= {"uniqueItems": True} if key.get("unique") else {}
        return schema | ({"minItems": 1} if key.get("filled") else {})
    if kind == "dict":
        if "fields" in key:
            return object_schema(key["fields"])
        return {"type": "object", "additionalProperties": ELEMENTS[key["key"]]}
    return or_expression({"enum": choices}) if choices else {"type": "string", "minLength": 1}


def described(key: Key) -> Schema:
    """The schema of a key, with its meaning for people."""
    words = plain(f"{key['meaning'][0].upper()}{key['meaning'][1:]}. Allowed: {allowed(key)}.")
    if "default" in key or "default_text" in key:
        words += f" Default: {plain(default(key))}."
    return {"description": words} | value_schema(key)


def object_schema(keys: list[Key]) -> Schema:
    """The schema of a dict with these keys and no others."""
    required = [key["key"] for key in keys if key.get("required")]
    schema: Schema = {"type": "object", "additionalProperties": False}
    schema |= {"required": required} if required else {}
    return schema | {"properties": {key["key"]: described(key) for key in keys}}


def meta_of_columns(place: str) -> Schema:
    """The schema of the meta of the columns of a table: its roles, and the keys that have an effect there."""
    roles = list(MACROS.roles_of(place))
    keys = [key for key in MACROS.column_keys() if place in key.get("roles", {place: None})]
    keys = [key | {"choices": roles} if key["key"] == "role" else key for key in keys]
    schema = object_schema(keys)
    if "attribution" in roles:
        schema["if"] = {"properties": {"role": {"const": "attribution"}}, "required": ["role"]}
        schema["then"] = {"required": ["of"]}
    return schema


def model_schema(place: str, names: str) -> Schema:
    """The schema of the staging model of a table: where its name fits, what its meta may hold."""
    meta = {"properties": {"meta": {"$ref": f"#/$defs/{place}_column"}}}
    settings = {"$ref": "#/$defs/monitor"} if place == "inferences" else False
    return {
        "if": {"properties": {"name": {"pattern": f"^stg_[a-z0-9_]+__{names}$"}}, "required": ["name"]},
        "then": {
            "properties": {
                "config": {"properties": {"meta": {"properties": {"ml_monitor": settings}}}},
                "columns": {"type": "array", "items": {"properties": {"config": meta} | meta["properties"]}},
            }
        },
    }


def schema() -> Schema:
    """The JSON Schema of the YAML of staging models."""
    places = MACROS.described_tables()
    named = [place for place in places if place != "lookup"]
    names = {place: place for place in named} | {"lookup": f"(?!({'|'.join(named)})$)[a-z0-9_]+"}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Staging models of ml_monitor",
        "description": "Written by scripts/declarations.py; docs/declarations.md has the same in words.",
        "type": "object",
        "properties": {
            "models": {
                "type": "array",
                "items": {"allOf": [model_schema(place, names[place]) for place in places]},
            }
        },
        "$defs": {
            "expression": {"type": "string", "pattern": "\\{[{%]"},
            "monitor": object_schema(MACROS.monitor_keys()),
        }
        | {f"{place}_column": meta_of_columns(place) for place in places},
    }


def schema_text() -> str:
    """The schema as its file has it."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def files() -> dict[Path, str]:
    """What the files should hold."""
    return {PAGE: page_text(PAGE.read_text(encoding="utf-8")), SCHEMA: schema_text()}


def main() -> int:
    """Compare, or write with --write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--write", action="store_true", help="write the files that differ")
    write = parser.parse_args().write
    differ = [
        path
        for path, text in files().items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    for path in differ:
        if write:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(files()[path], encoding="utf-8")
        print(f"{'wrote' if write else 'differs:'} {path.relative_to(ROOT)}")
    return 1 if differ and not write else 0


if __name__ == "__main__":
    sys.exit(main())
