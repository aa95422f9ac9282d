"""docs/declarations.md and the JSON Schema are what the validator's tables say; the schema takes and refuses what it should."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import declarations
import jsonschema
import pytest
import tiny_monitor
import yaml
from conftest import ROOT, Project
from test_declarations import MISTAKES

DEMO = ["flight_delay", "flight_air_time"]
Staging = dict[str, Any]


@pytest.fixture(scope="module")
def schema() -> jsonschema.protocols.Validator:
    """The committed schema."""
    text = yaml.safe_load(declarations.SCHEMA.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(text)
    return jsonschema.Draft202012Validator(text)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A monitor with every part that has a staging model; dbt is never run."""
    frames = tiny_monitor.with_truth(tiny_monitor.generate(days=1, rows_per_day=24))
    return tiny_monitor.new_project(tmp_path_factory.mktemp("page") / "project", {"tiny": frames})


def staging(path: Path) -> Staging:
    """A YAML file as an editor reads it, which knows no dates."""

    class Loader(yaml.SafeLoader):
        """Its dates are texts."""

    Loader.add_constructor("tag:yaml.org,2002:timestamp", yaml.SafeLoader.construct_yaml_str)
    return yaml.load(path.read_text(encoding="utf-8"), Loader)


@pytest.mark.parametrize("path", declarations.files(), ids=lambda path: path.name)
def test_the_file_is_what_the_tables_say(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == declarations.files()[path], (
        "run: python scripts/declarations.py --write"
    )


@pytest.mark.parametrize("monitor", DEMO)
def test_the_demo_is_valid(schema: jsonschema.protocols.Validator, monitor: str) -> None:
    path = ROOT / "models" / "staging" / monitor / f"_{monitor}.yml"
    assert len(staging(path)["models"]) == 5
    schema.validate(staging(path))


def test_what_the_scaffold_writes_is_valid(schema: jsonschema.protocols.Validator, tiny: Project) -> None:
    """And the staging YAML of a monitor with every part."""
    written = [*tiny.folder.glob("models/monitors/*/*.yml"), *tiny.folder.glob("models/staging/*/*.yml")]
    written += [*ROOT.glob("models/monitors/*/_*__monitor.yml"), ROOT / "models/fleet/_fleet.yml"]
    assert len(written) >= 5
    for path in written:
        schema.validate(staging(path))


def inferences(declared: Staging) -> dict[str, Any]:
    """The first model, that of the inferences."""
    return declared["models"][0]


def setting(name: str, value: Any) -> Callable[[Staging], None]:
    """An edit of a setting of the monitor."""
    return lambda declared: inferences(declared)["config"]["meta"]["ml_monitor"].update({name: value})


def key(name: str, value: Any, column: str = "hits") -> Callable[[Staging], None]:
    """An edit of a key of a column of the inferences."""

    def edit(declared: Staging) -> None:
        columns = {one["name"]: one for one in inferences(declared)["columns"]}
        columns[column]["config"]["meta"][name] = value

    return edit


def of_labels(name: str, value: Any) -> Callable[[Staging], None]:
    """An edit of a key of the label."""
    return lambda declared: declared["models"][1]["columns"][1]["config"]["meta"].update({name: value})


REFUSED = {
    "a text for a number": setting("label_horizon_hours", "a day"),
    "a number below its range": setting("min_sample", 0),
    "a fraction for a whole number": setting("min_sample", 2.5),
    "an unknown task": setting("task", "classification"),
    "no owner": lambda declared: inferences(declared)["config"]["meta"]["ml_monitor"].pop("owner"),
    "an unknown setting": setting("label_horizon_days", 1),
    "an unknown window": setting("drift_windows", ["hour", "fortnight"]),
    "an unknown weight": setting("quality_weights", {"accuracy": 1}),
    "a rule without a condition": setting("rules", [{"name": "paid"}]),
    "a pair of three": setting("relations", [["amount", "hits", "score"]]),
    "a period without an end": setting("golden_periods", {"june": ["2013-06-01"]}),
    "an unknown role": key("role", "fature"),
    "a role of another table": key("role", "label_time"),
    "an unknown key": key("minimum", 0),
    "a text for a boolean": key("hard", "yes"),
    "an empty key": key("min", None),
    "an attribution of nothing": key("role", "attribution"),
    "a key without effect on labels": of_labels("min", 0),
    "settings on a part": lambda declared: declared["models"][1].update(
        config={"meta": {"ml_monitor": {"time_zone": "UTC"}}}
    ),
}
TAKEN = {
    "an expression": setting("late_after_minutes", "{{ var('late_after_minutes', 60) }}"),
    "a crossed segment": setting("segments", ["country", ["country", "hits"]]),
    "a period": setting("golden_periods", {"june": ["2013-06-01", "2013-07-01"]}),
    "a switched boolean": key("exact_distinct", True),
    "the kind of a label": of_labels("kind", "categorical"),
}


@pytest.mark.parametrize("name", [*REFUSED, *TAKEN])
def test_the_schema_refuses_what_is_wrong_and_nothing_else(
    schema: jsonschema.protocols.Validator, tiny: Project, name: str
) -> None:
    declared = copy.deepcopy(staging(tiny.folder / "models/staging/tiny/_tiny.yml"))
    schema.validate(declared)
    (REFUSED | TAKEN)[name](declared)
    assert schema.is_valid(declared) == (name in TAKEN)


def test_every_example_of_a_message_is_valid(schema: jsonschema.protocols.Validator) -> None:
    """What a message tells people to write is what the schema takes."""
    macros = declarations.MACROS
    settings = {"task": "binary", "owner": "team@example.com"}
    for one in macros.monitor_keys():
        written = yaml.safe_load(f"{one['key']}: {one['example']}")
        monitor = {"name": "stg_m__inferences", "config": {"meta": {"ml_monitor": settings | written}}}
        schema.validate({"models": [monitor]})
    for one in macros.column_keys()[1:]:
        (table, roles), *_ = one["roles"].items()
        meta = {"role": (roles or ["feature"])[0]} | yaml.safe_load(f"{one['key']}: {one['example']}")
        column = {"name": "c", "config": {"meta": meta}}
        name = f"stg_m__{'customer' if table == 'lookup' else table}"
        schema.validate({"models": [{"name": name, "columns": [column]}]})
    for role in macros.column_roles():
        for table in role["tables"]:
            column = yaml.safe_load(macros.example_of_role(role["role"]))
            if set(column[0]["config"]["meta"]) == {"role"}:
                schema.validate({"models": [{"name": f"stg_m__{table}", "columns": column}]})


def test_the_page_explains_every_key_and_role_once() -> None:
    tables = declarations.page_tables()
    for name in ("monitor_keys", "column_keys", "column_roles"):
        listed = [line.split("`")[1] for line in tables[name].splitlines()[2:]]
        macro = getattr(declarations.MACROS, name)()
        assert listed == [one.get("key") or one["role"] for one in macro]
        assert all(one["meaning"] for one in macro)


def test_mistakes_that_one_key_shows_are_refused_by_the_schema_too(
    schema: jsonschema.protocols.Validator, tmp_path: Path
) -> None:
    """The validator's own list of mistakes: what stands in one key of one table, the editor marks as well."""
    shown = [
        "unknown role",
        "unknown key of a column",
        "unknown key of the monitor",
        "a limit that is no number",
    ]
    shown += ["an unknown task", "no owner", "a unit of the training set", "settings on a part"]
    project = tiny_monitor.new_project(tmp_path / "project")
    path = project.folder / "models/staging/tiny/_tiny.yml"
    before = path.read_text(encoding="utf-8")
    for name in shown:
        MISTAKES[name].edit(project)
        assert not schema.is_valid(staging(path)), name
        path.write_text(before, encoding="utf-8")
    assert schema.is_valid(staging(path))
