"""The run-operation ``suggest_contract``: what it prints is a properties file that builds as it is.

The demo, ``tiny`` and ``awkward`` are built from suggestions instead of their own YAML, ``awkward`` on PostgreSQL too. Tables of
edge cases (constants, nothing but NULL, one row, no row, texts that are something else, names that are refused) follow.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import awkward_monitor
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml
from conftest import FULL_RANGE, ROOT, Project, Result
from postgres_server import PostgresServer
from scipy.stats import binomtest

MONITORED = {"feature", "score", "prediction", "latency_ms"}
PARTS = ["inferences", "labels", "reference", "weather", "aircraft"]
DEMO = [f"stg_{monitor}__{part}" for monitor in ("flight_delay", "flight_air_time") for part in PARTS]
# One dbt for many suggestions: each is what suggest_contract prints, after a line that says whose it is.
MANY = """{% macro suggest_many(calls) %}
    {%- for call in calls -%}
        {%- do print('=== ' ~ loop.index0) -%}
        {%- do ml_monitor.suggest_contract(**call) -%}
    {%- endfor -%}
{% endmacro %}
"""
Calls = list[dict[str, Any]]


def suggestions(project: Project, calls: Calls, env: dict[str, str | None] | None = None) -> list[str]:
    """What suggest_contract prints for each of the calls; nothing else may be printed."""
    project.write("macros/suggest_many.sql", MANY)
    arguments = json.dumps({"calls": calls}, ensure_ascii=False)
    result = project.dbt("--quiet", "run-operation", "suggest_many", "--args", arguments, env=env, check=0)
    parts = re.split(r"^=== \d+\n", result.output, flags=re.MULTILINE)
    assert parts[0] == "", parts[0]
    assert len(parts) == len(calls) + 1
    return parts[1:]


def model(text: str) -> dict[str, Any]:
    """The one model of a properties file, with its columns by name; anchors are resolved."""
    parsed = yaml.safe_load(text)
    assert set(parsed) == {"anchors", "models"}
    (one,) = parsed["models"]
    return one | {"columns": {column["name"]: column for column in one["columns"]}}


def meta(column: dict[str, Any]) -> dict[str, Any]:
    """What the declaration says of a column."""
    return column.get("config", {}).get("meta", {})


def roles(text: str) -> dict[str, str]:
    """The role of each column that has one."""
    return {name: meta(one)["role"] for name, one in model(text)["columns"].items() if "role" in meta(one)}


def comment(text: str, column: str) -> str:
    """The comment behind the line of a column."""
    (line,) = [line for line in text.splitlines() if line.startswith(f"      - {{name: {column},")]
    return line.split("}  # ")[-1]


def declare(project: Project, folder: str, texts: list[str]) -> None:
    """Put suggestions in the place of the YAML of a folder below models/staging."""
    for path in (project.folder / "models/staging" / folder).glob("_*.yml"):
        if path.name != "_sources.yml":
            path.unlink()
    for text in texts:
        project.write(f"models/staging/{folder}/_{model(text)['name']}.yml", text)


def build(project: Project, monitors: list[str], **options: Any) -> Result:
    """Build staging and, of each monitor, what counts and measures its columns."""
    measured = [f"+{monitor}__data_quality" for monitor in monitors]
    # Not the tests of raw data: they judge the data, not the contract.
    return project.dbt(
        "build", "--exclude", "source:*", "--select", "path:models/staging", *measured, **options
    )


def assert_built(result: Result, monitors: list[str]) -> None:
    """Every staging model and the metrics of these monitors were built, and nothing failed."""
    assert result.exit_code == 0, result.output
    built = result.named("success", "model")
    tables = ["inferences_log", "hourly_profile", "data_quality"]
    assert {f"{monitor}__{table}" for monitor in monitors for table in tables} <= built
    staged = {one["name"] for one in result.manifest["nodes"].values() if one["name"].startswith("stg_")}
    assert staged <= built
    assert all(
        node["config"]["contract"]["enforced"]
        for node in result.manifest["nodes"].values()
        if node["name"] in staged
    )


# The demo


@pytest.fixture(scope="module")
def demo(
    raw: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Project, dict[str, str], dict[str, Any]]:
    """A copy of the demo, its suggestions by model, and the models of its own YAML by name. Nothing is built."""
    project = Project(tmp_path_factory.mktemp("demo") / "project", raw=raw, as_of=FULL_RANGE["as_of"])
    written = {}
    for monitor in ("flight_delay", "flight_air_time"):
        for one in yaml.safe_load(project.read(f"models/staging/{monitor}/_{monitor}.yml"))["models"]:
            written[one["name"]] = one | {"columns": {column["name"]: column for column in one["columns"]}}
    texts = suggestions(project, [{"relation": name} for name in DEMO])
    return project, dict(zip(DEMO, texts, strict=True)), written


def test_the_demo_builds_unedited(demo: tuple[Project, dict[str, str], dict[str, Any]]) -> None:
    project, texts, _ = demo
    for monitor in ("flight_delay", "flight_air_time"):
        declare(project, monitor, [text for name, text in texts.items() if f"_{monitor}__" in name])
    result = build(project, ["flight_delay", "flight_air_time"])
    assert_built(result, ["flight_delay", "flight_air_time"])
    measured = dict(
        project.query(
            "select column_name, max(invalid_rate) from flight_delay__data_quality where window_grain = 'day' group by 1"
        )
    )
    # What nature gives, real data keep: two days in kilometres are no invalid distances.
    assert measured["distance"] == measured["score"] == 0
    assert {rate for rate in measured.values() if rate} == set()


def test_columns_types_and_names_are_those_written_by_hand(
    demo: tuple[Project, dict[str, str], dict[str, Any]],
) -> None:
    _, texts, written = demo
    for name, text in texts.items():
        suggested = model(text)
        assert suggested["name"] == name
        types = {column: one["data_type"] for column, one in suggested["columns"].items()}
        assert types == {column: one["data_type"] for column, one in written[name]["columns"].items()}
        assert suggested["config"]["contract"] == {"enforced": True}


def test_roles_are_those_written_by_hand(demo: tuple[Project, dict[str, str], dict[str, Any]]) -> None:
    _, texts, written = demo
    # What only people know: which columns of the inferences are keys of lookups, and that a weekday is no feature.
    known = {"weather_station", "weather_hour", "tail_number", "weekday"}
    for name, text in texts.items():
        by_hand = {
            column: meta(one)["role"]
            for column, one in written[name]["columns"].items()
            if "role" in meta(one)
        }
        guessed = roles(text)
        if name.endswith("__inferences"):
            by_hand = {column: role for column, role in by_hand.items() if column not in known}
            guessed = {column: role for column, role in guessed.items() if column not in known}
        assert guessed == {column: role for column, role in by_hand.items() if role != "context"}, name


def test_the_tasks_and_the_head(demo: tuple[Project, dict[str, str], dict[str, Any]]) -> None:
    _, texts, _ = demo
    heads = {name: model(text)["config"].get("meta") for name, text in texts.items()}
    expected = {"owner": "team@example.com", "time_zone": "UTC", "label_horizon_hours": 24}
    for monitor, task in {"flight_delay": "binary", "flight_air_time": "regression"}.items():
        assert heads.pop(f"stg_{monitor}__inferences") == {"ml_monitor": {"task": task} | expected}
    assert set(heads.values()) == {None}
    assert "284,900 rows" in texts["stg_flight_delay__inferences"].splitlines()[0]


def test_limits_are_those_of_nature(demo: tuple[Project, dict[str, str], dict[str, Any]], raw: Path) -> None:
    """No range and no list is taken from the sample; the limit of NULLs is Wilson's bound, where there is none."""
    _, texts, _ = demo
    columns = {
        name: meta(one) for name, one in model(texts["stg_flight_air_time__inferences"])["columns"].items()
    }
    frame = pd.read_parquet(raw / "flight_air_time_inferences")
    assert len(frame) > 100_000
    limits = {
        name: {key: declared[key] for key in ("min", "max", "accepted_values") if key in declared}
        for name, declared in columns.items()
    }
    assert {name: limit for name, limit in limits.items() if limit} == {
        "distance": {"min": 0},
        "aircraft_age": {"min": 0},
        "seats": {"min": 0},
        "wind_speed": {"min": 0},
        "latency_ms": {"min": 0},
    }
    for name, declared in columns.items():
        if declared.get("role") not in MONITORED:
            # A limit would not be read.
            assert set(declared) <= {"role", "kind", "inference_column"}, name
        elif frame[name].isna().any():
            assert "max_null_rate" not in declared, name
        else:
            interval = binomtest(0, len(frame)).proportion_ci(0.999, method="wilson")
            assert declared["max_null_rate"] == max(0.001, interval.high) == 0.001, name


def test_the_docs_show_what_is_printed(demo: tuple[Project, dict[str, str], dict[str, Any]]) -> None:
    _, texts, _ = demo
    page = (ROOT / "docs" / "suggest_contract.md").read_text(encoding="utf-8")
    shown = [line for line in page.splitlines() if line.startswith("      - {name:")]
    assert len(shown) > 3
    printed = texts["stg_flight_delay__inferences"].splitlines()
    assert [line for line in shown if line not in printed] == []


def test_a_relation_may_be_a_source_or_a_file(raw: Path, tmp_path: Path) -> None:
    project = Project(tmp_path / "project", raw=raw)
    calls: Calls = [
        {"relation": "flights.weather"},
        {"relation": str(raw / "weather.parquet")},
        {"relation": "aircraft", "name": "stg_churn__plane"},
        {"relation": "flight_delay_inferences_jsonl"},
        {"relation": str(raw / "flight_delay_labels" / "*.parquet"), "name": "stg_churn__labels"},
        {"relation": "flight_air_time_reference", "table": "other"},
        {
            "relation": "flight_air_time_inferences",
            "max_accepted_values": 2,
            "task": "binary",
            "owner": "a: b # {{ c }}",
        },
    ]
    weather, file, aircraft, lines, labels, other, inferences = suggestions(project, calls)
    assert weather.splitlines()[1:] == file.splitlines()[1:]
    assert model(weather)["name"] == "stg_flight_delay__weather"
    assert roles(weather) == {"weather_station": "join_key", "weather_hour": "join_key"}
    assert model(aircraft)["name"] == "stg_churn__plane"
    assert roles(aircraft) == {"tail_number": "join_key"}
    # Times are texts in JSON Lines: they cannot have the role, and the reader is told what to write.
    assert model(lines)["name"] == "stg_flight_delay__inferences"
    assert "event_time" not in roles(lines).values()
    assert "# Missing: no column could be event_time" in lines
    assert model(lines)["columns"]["event_time"]["data_type"] == "string"
    assert "safe_cast" in comment(lines, "event_time")
    assert model(labels)["name"] == "stg_churn__labels"
    assert roles(labels) == {name: name for name in ("prediction_id", "label", "label_time", "ingest_time")}
    assert list(roles(other).values()) == ["join_key"]
    assert "accepted_values" not in inferences.replace("no accepted_values", "")
    head = model(inferences)["config"]["meta"]["ml_monitor"]
    assert head["task"] == "binary"
    assert head["owner"] == "a: b # {{ '{{' }} c }}"


# Other monitors


def test_tiny_builds_unedited(tiny_project: Project) -> None:
    names = [f"stg_tiny__{part}" for part in ["inferences", "labels", "reference", "customer"]]
    texts = suggestions(tiny_project, [{"relation": name} for name in names])
    declare(tiny_project, "tiny", texts)
    assert_built(build(tiny_project, ["tiny"]), ["tiny"])
    # The key of a lookup that has another name in the inferences.
    assert meta(model(texts[3])["columns"]["id"]) == {"role": "join_key", "inference_column": "customer_id"}
    columns = model(texts[0])["columns"]
    assert meta(columns["country"]) == {"role": "feature", "max_null_rate": 0.001}
    assert meta(columns["hits"])["min"] == 0
    assert roles(texts[0])["customer_id"] == "entity_id"
    assert (
        tiny_project.value("select max(invalid_rate) from tiny__data_quality where window_grain = 'day'")
        < 0.01
    )


@pytest.fixture(scope="module")
def awkward(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, list[str]]:
    """The awkward monitor, not built, and its suggestions: inferences, labels, reference."""
    project = awkward_monitor.new_project(
        tmp_path_factory.mktemp("awkward") / "project", awkward_monitor.generate()
    )
    names = [f"stg_awkward__{part}" for part in ["inferences", *awkward_monitor.PARTS]]
    return project, suggestions(project, [{"relation": name} for name in names])


def test_awkward_names_and_values_build_unedited(awkward: tuple[Project, list[str]]) -> None:
    project, texts = awkward
    declare(project, "awkward", texts)
    assert_built(build(project, ["awkward"]), ["awkward"])
    columns = model(texts[0])["columns"]
    # prediction: class; the label speaks for itself; the time of the event has the shortest of names.
    assert roles(texts[0]) == {
        "Id": "prediction_id",
        "at": "event_time",
        "Stored At": "ingest_time",
        "Model": "model_version",
        "select": "feature",
        "a b": "feature",
        "Größe": "feature",
        "CamelCase": "feature",
        "it's: paid": "feature",
        "score": "score",
        "class": "prediction",
    }
    assert roles(texts[1]) == {"Id": "prediction_id", "Label": "label", "when": "label_time"}
    assert all(columns[name]["quote"] for name in ("select", "a b", "Größe", "CamelCase", "Id", "user"))
    assert "quote" not in columns["score"]
    # As dbt read them.
    node = project.dbt("parse", check=0).manifest["nodes"]["model.ml_monitor.stg_awkward__inferences"]
    accepted = node["columns"]["class"]["config"]["meta"]["accepted_values"]
    assert set(accepted) == set(awkward_monitor.CLASSES)


def test_postgres_suggests_the_same(awkward: tuple[Project, list[str]], postgres: PostgresServer) -> None:
    project, texts = awkward
    other = project.copy_to(project.folder.with_name("on_postgres"))
    environment = postgres.new_database("suggested", project.raw)
    names = [f"stg_awkward__{part}" for part in ["inferences", *awkward_monitor.PARTS]]
    calls: Calls = [{"relation": name} for name in names]
    calls.append({"relation": "raw.awkward_labels", "name": "stg_awkward__labels"})
    found = suggestions(other, calls, env=environment)
    assert found[:3] == texts
    assert found[3].splitlines()[1:] == texts[1].splitlines()[1:]
    declare(other, "awkward", found[:3])
    assert_built(build(other, ["awkward"], env=environment), ["awkward"])


# Edge cases

ROWS = 2000
# What YAML or Jinja, through which dbt sends every text of it, might take for its own.
TEXTS = [
    "a\r\nb",
    "c\n",
    "d\n\n",
    "\ttab",
    "{% if x %}",
    "{# y #}",
    "{{ z }}",
    "\\",
    '"',
    "null",
    "1",
    "&a",
    "\x85\x07",
    "}}",
]


def edge_tables() -> dict[str, pa.Table]:
    """Raw tables by name; each is read as a model stg_<name>__inferences."""
    random = np.random.default_rng(11)
    times = pd.Timestamp("2025-02-01") + pd.to_timedelta(np.arange(ROWS) * 60, unit="s")
    index = np.arange(ROWS)

    def stamps(values: pd.DatetimeIndex) -> pa.Array:
        return pa.array(values, type=pa.timestamp("us"))

    edge = {
        "id": pa.array([f"{number:08d}" for number in range(ROWS)]),
        "ts": stamps(times),
        "ingested_at": stamps(times - pd.Timedelta(hours=3)),
        "saved": stamps(times + pd.Timedelta(seconds=5)),
        "probability": pa.array(random.random(ROWS)),
        "constant_number": pa.array(np.full(ROWS, 7.0)),
        "constant_text": pa.array(["x"] * ROWS),
        "no_number": pa.array([None] * ROWS, type=pa.float64()),
        "no_text": pa.array([None] * ROWS, type=pa.string()),
        "not_a_number": pa.array([float("nan"), float("inf")] * (ROWS // 2)),
        "time_text": pa.array([str(time) for time in times]),
        "code": pa.array([f"{number % 7:03d}" for number in range(ROWS)]),
        "price": pa.array(["1,200.50" if number % 2 else "-3" for number in range(ROWS)]),
        "row_number": pa.array(index + 1_000_000),
        "almost": pa.array(np.where(index == 0, 9.0, 3.0)),
        "negative": pa.array(-random.random(ROWS) * 1e-5),
        "huge": pa.array(random.random(ROWS) * 1e99),
        "small_whole": pa.array(random.integers(-4, 5, ROWS), type=pa.int16()),
        "unsigned": pa.array(random.integers(0, 5, ROWS), type=pa.uint32()),
        "amount": pa.array([round(value, 2) for value in random.random(ROWS) * 500]).cast(
            pa.decimal128(10, 2)
        ),
        "single": pa.array(random.random(ROWS), type=pa.float32()),
        "day": pa.array(times.date),
        "zoned": pa.array(times, type=pa.timestamp("us", tz="UTC")),
        "tags": pa.array([["a"]] * ROWS),
        "flag": pa.array(index % 3 == 0),
        "no": pa.array(["no", "yes"] * (ROWS // 2)),
        "class": pa.array([TEXTS[number % len(TEXTS)] for number in range(ROWS)]),
        "ground_truth": pa.array(index % 2),
        "on": pa.array([None if number % 20 else 1.5 + number for number in range(ROWS)]),
        # Of taxis: codes, clocks, amounts, people.
        "vendor_id": pa.array(1 + index % 2),
        "RatecodeID": pa.array((1.0 + index % 6).tolist()),
        "PULocationID": pa.array(1 + index % 265),
        "payment_type": pa.array([None if number % 50 == 0 else 1 + number % 4 for number in range(ROWS)]),
        "pickup_hour": pa.array(5 + index % 16),
        "weekday": pa.array(1 + index % 7),
        "wait_hours": pa.array(index % 40),
        "tip_pct": pa.array((index % 31).astype(float)),
        "discount_share": pa.array(random.random(ROWS) / 5),
        "pickup_latitude": pa.array(40 + random.random(ROWS)),
        "pickup_lon": pa.array(-74 + random.random(ROWS)),
        "fare_per_hour": pa.array(random.random(ROWS) * 90),
        "fare_change": pa.array(random.random(ROWS)),
        "passenger_count": pa.array(index % 2),
        "is_shared": pa.array((index % 3 > 0).astype(int)),
        "trip_distance": pa.array(random.random(ROWS) * 30),
        "gear_ratio": pa.array(random.random(ROWS)),
        "customer_id": pa.array(index % 300),
        "customer_email": pa.array([f"a{number % 90}@example.com" for number in range(ROWS)]),
        "driverName": pa.array([f"name {number % 70}" for number in range(ROWS)]),
        "client_ip": pa.array([f"10.0.0.{number % 80}" for number in range(ROWS)]),
        "comment": pa.array([f"ride {number} was fine" for number in range(ROWS)]),
    }
    healthy = {name: edge[name] for name in ("id", "ts", "probability", "flag")}
    refused = {
        **healthy,
        "ml_score": edge["negative"],
        "window_start": edge["zoned"].cast(pa.timestamp("us")),
        'se"ats': edge["small_whole"],
        "baseline": edge["huge"],
        "seats": edge["small_whole"],
    }
    return {
        "edge": pa.table(edge),
        "single": pa.table(healthy).slice(0, 1),
        "void": pa.table(healthy).slice(0, 0),
        "refused": pa.table(refused),
    }


@pytest.fixture(scope="module")
def edges(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, dict[str, str], Result]:
    """The edge cases: (project, suggestions by monitor, result of the build from them)."""
    project = Project(tmp_path_factory.mktemp("edges") / "project", as_of="2025-02-03 00:00:00")
    tables = edge_tables()
    project.raw.mkdir()
    project.keep_only({})
    for name, table in tables.items():
        pq.write_table(table, project.raw / f"{name}.parquet")
    calls: Calls = [
        {
            "relation": str(project.raw / f"{name}.parquet"),
            "name": f"stg_{name}__inferences",
            "table": "inferences",
        }
        for name in tables
    ]
    texts = dict(zip(tables, suggestions(project, calls), strict=True))
    project.replace(
        "dbt_project.yml", "ml_monitors: {}", f"ml_monitors: {json.dumps({name: [] for name in tables})}"
    )
    for name, text in texts.items():
        # What the comments say of refused names is what the staging SQL has to select.
        aliases = re.findall(r"write in the staging SQL: select (.+?) as (\w+)[;\n]", text)
        renamed = "".join(f", {column} as {alias}" for column, alias in aliases)
        excluded = f" exclude ({', '.join(column for column, _ in aliases)})" if aliases else ""
        project.write(
            f"models/staging/{name}/stg_{name}__inferences.sql",
            f"select *{excluded}{renamed} from read_parquet('{{{{ env_var('ML_RAW_PATH') }}}}/{name}.parquet')\n",
        )
        declare(project, name, [text])
        project.scaffold(name, [])
    return project, texts, build(project, list(tables))


def test_edge_cases_build_unedited(edges: tuple[Project, dict[str, str], Result]) -> None:
    _, texts, result = edges
    assert_built(result, list(texts))


def test_roles_from_data(edges: tuple[Project, dict[str, str], Result]) -> None:
    _, texts, _ = edges
    guessed = roles(texts["edge"])
    monitored = {name for name, role in guessed.items() if role == "feature"}
    assert {name: role for name, role in guessed.items() if role != "feature"} == {
        "id": "prediction_id",
        "ts": "event_time",
        "saved": "ingest_time",
        "probability": "score",
        "class": "prediction",
        "customer_id": "entity_id",
    }
    assert monitored == {
        *(
            "vendor_id",
            "RatecodeID",
            "PULocationID",
            "payment_type",
            "pickup_hour",
            "weekday",
            "wait_hours",
            "tip_pct",
        ),
        *(
            "discount_share",
            "pickup_latitude",
            "pickup_lon",
            "fare_per_hour",
            "fare_change",
            "passenger_count",
        ),
        *("is_shared", "trip_distance", "gear_ratio"),
        *("constant_number", "constant_text", "not_a_number", "code", "price", "almost", "negative", "huge"),
        *("small_whole", "unsigned", "amount", "single", "flag", "no", "on"),
    }
    said = {name: comment(texts["edge"], name) for name in ("ingested_at", "saved", "no_text", "row_number")}
    assert "before the event in 100 % of rows" in said["ingested_at"]
    assert "not before the event in 100 % of rows" in said["saved"]
    assert "no value to tell from" in said["no_text"]
    assert "almost all different, as keys are" in said["row_number"]
    assert "leakage" in comment(texts["edge"], "ground_truth")


def test_texts_that_are_something_else_are_named(edges: tuple[Project, dict[str, str], Result]) -> None:
    _, texts, _ = edges
    columns = model(texts["edge"])["columns"]
    for name in ("id", "code", "price"):
        assert columns[name]["data_type"] == "string"
        assert "numbers as text" in comment(texts["edge"], name), name
    assert "timestamps as text" in comment(texts["edge"], "time_text")
    assert meta(columns["code"]) == {"role": "feature", "max_null_rate": 0.0054}
    assert meta(columns["no"])["accepted_values"] == ["no", "yes"]


def test_values_are_what_dbt_reads(edges: tuple[Project, dict[str, str], Result]) -> None:
    _, _, result = edges
    columns = result.manifest["nodes"]["model.ml_monitor.stg_edge__inferences"]["columns"]
    assert sorted(columns["class"]["config"]["meta"]["accepted_values"]) == sorted(TEXTS)


def test_limits_of_edge_cases(edges: tuple[Project, dict[str, str], Result]) -> None:
    _, texts, _ = edges
    columns = {name: meta(one) for name, one in model(texts["edge"])["columns"].items()}
    assert "2,000 NaN or infinite" in comment(texts["edge"], "not_a_number")
    limits = {
        name: (one.get("min"), one.get("max"), one.get("accepted_values"))
        for name, one in columns.items()
        if name != "class" and {"min", "max", "accepted_values"} & set(one)
    }
    assert limits == {
        "probability": (0, 1, None),
        "pickup_hour": (0, 23, None),
        "weekday": (1, 7, None),
        "wait_hours": (0, None, None),
        "tip_pct": (0, 100, None),
        "discount_share": (0, 1, None),
        "pickup_latitude": (-90, 90, None),
        "pickup_lon": (-180, 180, None),
        "fare_per_hour": (0, None, None),
        "trip_distance": (0, None, None),
        "amount": (0, None, None),
        # A count that was 0 or 1 so far is no flag.
        "passenger_count": (0, None, None),
        "is_shared": (None, None, [0, 1]),
        "no": (None, None, ["no", "yes"]),
    }
    coded = {name for name, one in columns.items() if one.get("kind") == "categorical"}
    assert coded == {"vendor_id", "RatecodeID", "PULocationID", "payment_type", "is_shared"}
    assert {name for name, one in columns.items() if one.get("personal")} == {
        "customer_email",
        "driverName",
        "client_ip",
    }
    assert "role" not in columns["comment"]
    assert "a text of many values" in comment(texts["edge"], "comment")
    wilson = binomtest(0, ROWS).proportion_ci(0.999, method="wilson").high
    assert 0 <= columns["negative"]["max_null_rate"] / wilson - 1 < 0.02
    # NULLs that come and go are compared with the baseline, and a limit would be that of this sample.
    assert not [
        name for name in ("on", "no_number", "no_text", "payment_type") if "max_null_rate" in columns[name]
    ]


def test_few_rows_have_no_limits(edges: tuple[Project, dict[str, str], Result]) -> None:
    _, texts, _ = edges
    assert "# Fewer than 100 rows: no accepted_values or max_null_rate." in texts["single"]
    assert "single.parquet: 1 row." in texts["single"]
    assert (
        "# No rows: roles are guessed by names and types, and there are no accepted_values" in texts["void"]
    )
    for name in ("single", "void"):
        columns = model(texts[name])["columns"]
        assert meta(columns["probability"]) == {"role": "score", "min": 0, "max": 1}
        assert roles(texts[name])["id"] == "prediction_id"
        assert roles(texts[name])["ts"] == "event_time"
        assert "max_null_rate" not in texts[name].split("columns:")[1]


def test_refused_names_come_with_the_alias(edges: tuple[Project, dict[str, str], Result]) -> None:
    _, texts, _ = edges
    columns = model(texts["refused"])["columns"]
    assert {"my_ml_score", "window_start", "seats", "baseline", "seats_2"} <= set(columns)
    assert 'select "se""ats" as seats_2;' in comment(texts["refused"], "seats_2")
    assert "refused" not in comment(texts["refused"], "seats")
    assert 'select "ml_score" as my_ml_score' in comment(texts["refused"], "my_ml_score")
    assert "a name that ml_monitor keeps for itself" in comment(texts["refused"], "my_ml_score")


def test_a_wide_table_is_measured_in_parts(tmp_path: Path) -> None:
    project = Project(tmp_path / "project")
    project.keep_only({})
    project.raw.mkdir()
    numbers = pa.table({f"f{number}": pa.array(np.arange(ROWS) * number / 7) for number in range(120)})
    pq.write_table(numbers, project.raw / "wide.parquet")
    (text,) = suggestions(project, [{"relation": str(project.raw / "wide.parquet"), "table": "inferences"}])
    columns = model(text)["columns"]
    assert model(text)["name"] == "stg_wide__inferences"
    assert list(columns) == numbers.column_names
    for number in (1, 49, 50, 51, 119):
        greatest = re.search(r"; 0 to (\S+);", comment(text, f"f{number}"))
        assert greatest, number
        assert float(greatest[1]) == pytest.approx((ROWS - 1) * number / 7, rel=1e-5), number
    for role in ("prediction_id", "event_time", "score or prediction"):
        assert f"# Missing: no column could be {role}" in text


def test_the_scaffold_may_come_first(tmp_path: Path) -> None:
    """dbt parses nothing while a model refers to one that is not there, so the scaffold writes a file in its place."""
    project = Project(tmp_path / "project")
    project.keep_only({"early": ["labels", "reference"]})
    project.raw.mkdir()
    pq.write_table(edge_tables()["single"], project.raw / "early.parquet")
    project.scaffold("early", ["labels", "reference"])
    staging = project.folder / "models/staging/early"
    assert {path.stem for path in staging.iterdir()} == {
        f"stg_early__{part}" for part in ("inferences", "labels", "reference")
    }
    mine = f"select * from read_parquet('{project.raw}/early.parquet')\n"
    project.write("models/staging/early/stg_early__inferences.sql", mine)
    (text,) = suggestions(project, [{"relation": "stg_early__inferences"}])
    assert roles(text)["probability"] == "score"
    result = project.dbt("compile", "--select", "stg_early__labels")
    assert result.exit_code != 0
    assert "stg_early__labels.sql is not written yet" in result.output
    project.scaffold("early", ["labels", "reference"])
    assert project.read("models/staging/early/stg_early__inferences.sql") == mine


# What is refused


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (
            {
                "relation": "",
                "name": "weather",
                "table": "features",
                "max_accepted_values": -1,
                "task": "ranking",
                "owner": 5,
            },
            [
                "suggest_contract has 6 wrong arguments; nothing was read",
                "found:   weather\n  ",
                "allowed: stg_<monitor>__<table>",
                "allowed: inferences, labels, reference, other",
                "allowed: a whole number, 0 or more",
                "allowed: binary, multiclass, regression",
                "allowed: who acts on a failed gate",
                "dbt run-operation suggest_contract --args '{relation: flights.weather, table: other}'",
            ],
        ),
        (
            {"relation": "flights.wether"},
            [
                "relation flights.wether",
                "no model, seed, source table or relation of that name",
                "stg_flight_delay__inferences",
                "flights.weather",
            ],
        ),
        (
            {"relation": "ml_policy_rules"},
            ["a seed that is not built yet: dbt seed --select ml_policy_rules"],
        ),
        ({"relation": "data/none/*.parquet"}, ["relation data/none/*.parquet", "no such file", "write:"]),
    ],
    ids=["arguments", "relation", "seed", "file"],
)
def test_a_wrong_call_says_what_is_allowed(
    bare_demo: Project, arguments: dict[str, Any], expected: list[str]
) -> None:
    result = bare_demo.dbt("run-operation", "suggest_contract", "--args", json.dumps(arguments))
    assert result.exit_code != 0
    assert [text for text in expected if text not in result.output] == [], result.output


@pytest.fixture(scope="module")
def bare_demo(raw: Path, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The demo, for calls that read nothing."""
    return Project(tmp_path_factory.mktemp("bare_demo") / "project", raw=raw)
