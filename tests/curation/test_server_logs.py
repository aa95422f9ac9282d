"""docs/server_logs.md: the staging models on the page read samples in the layouts of the servers, and give what was scored.

Every SQL block of the page is a staging model. All of them are built once on each engine, on tables that a loader would have
filled, and their rows are compared with the predictions that the samples were made from. A monitor of a log that is a sample then
shows what ``sampling_fraction`` changes, and that it changes nothing else.
"""

from __future__ import annotations

import base64
import json
import os
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import tiny_monitor
from conftest import DEMO_POLICIES, ROOT, Project, Result
from postgres_server import PostgresServer

PAGE = ROOT / "docs" / "server_logs.md"
BLOCK = re.compile(r"```sql\n(.*?)```", re.DOTALL)
FILE = re.compile(r"-- (models/\S+)\n(?:-- (DuckDB|PostgreSQL)\n)?")
AS_OF = datetime(2026, 3, 8, 18)
NOON = datetime(2026, 3, 1, 12)
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
# Arguments that are wrong, and what is said of them.
WRONG = {
    "explode": (
        "{{ ml_monitor.explode_batch('x', request_id='id', request='body', response='answer', features={'amount': 'float'},"
        " keep=['batch_fault']) }}",
        [
            "models/wrong_explode.sql: explode_batch",
            "response without outputs",
            "amount is of type float; allowed: string, double, bigint, int, boolean, timestamp",
            "a second column batch_fault",
            "{{ ml_monitor.explode_batch('requests',",
        ],
    ),
    "pair": (
        "{{ ml_monitor.pair_request_response('x', id='id', kind='kind', request='a', response='a', columns=[]) }}",
        [
            "models/wrong_pair.sql: pair_request_response",
            "columns is not a list of names",
            "request and response are both a",
            "columns=['time', 'data']) }}",
        ],
    ),
}


@dataclass
class Table:
    """A table that a loader has filled: its columns as SQL, and its rows."""

    columns: str
    rows: list[tuple[Any, ...]]


@dataclass
class Request:
    """A call of a server: what it was asked, and what it answered; None where the log lost that side."""

    id: str
    at: datetime
    rows: list[dict[str, Any]] | None
    scores: list[float] | None
    fault: str = "ok"
    predictions: list[tuple[Any, ...]] = field(init=False)

    def __post_init__(self) -> None:
        rows, scores = self.rows or [], self.scores or []
        self.predictions = [
            (
                f"{self.id}:{place}",
                self.at,
                *((rows[place] if place < len(rows) else {}).get(name) for name in self.names),
                scores[place] if place < len(scores) else None,
                self.fault,
            )
            for place in range(max(len(rows), len(scores), 1))
        ]

    names: tuple[str, ...] = ("amount", "country")


def amounts(*values: float | None) -> list[dict[str, Any]]:
    """Rows of the features amount and country."""
    return [
        {"amount": value, "country": ["de", 'it\'s \\ "fr"'][place % 2]} for place, value in enumerate(values)
    ]


# Databricks: each layout of a request once, then what the log loses.
LOANS = [
    ("records", [(1200.5, 36, "car"), (80.0, 12, None)], [0.25, 0.75], 200, None),
    ("split", [(1.0, 1, "home"), (2.0, 2, "it's")], [0.125, 1.0], 200, None),
    ("instances", [(3.5, 24, "car")], [0.5], 200, None),
    ("arrays", [(4.0, 24, "car"), (None, None, "home")], [0.5, 0.0], 200, None),
    ("columns", [(5.0, 48, "car"), (6.0, 60, "car"), (7.0, 72, "home")], [0.5, 0.25, 0.125], 200, None),
    ("too large", None, [0.5, 0.25], 200, "request_missing"),
    ("both too large", None, None, 200, "request_missing"),
    ("bad request", [(8.0, 12, "car")], None, 400, "400"),
    ("no answer", [(9.0, 12, "car"), (9.5, 12, "car")], None, 200, "response_missing"),
    ("short answer", [(10.0, 12, "car"), (11.0, 12, "car")], [0.5], 200, "other_length"),
    ("long answer", [(12.0, 12, "car")], [0.5, 0.25], 200, "other_length"),
    ("cut off", None, [0.5], 200, "request_unreadable"),
]
COLUMNS = ["amount", "months", "purpose"]


def loans() -> tuple[Table, list[tuple[Any, ...]]]:
    """The inference table of Databricks AI Gateway, and the rows of its staging model."""
    logged: list[tuple[Any, ...]] = []
    expected: list[tuple[Any, ...]] = []
    for number, (layout, rows, scores, status, fault) in enumerate(LOANS):
        records = [dict(zip(COLUMNS, row, strict=True)) for row in rows or []]
        bodies = {
            "split": {
                "dataframe_split": {
                    "index": [0, 1],
                    "columns": COLUMNS[::-1],
                    "data": [list(row)[::-1] for row in rows or []],
                }
            },
            "instances": {"instances": records},
            "arrays": {"instances": [list(row) for row in rows or []]},
            "columns": {"inputs": {name: [record[name] for record in records] for name in COLUMNS}},
        }
        body = json.dumps(bodies.get(layout, {"dataframe_records": records})) if rows else None
        answer = json.dumps({"predictions": scores}) if scores else None
        if layout == "bad request":
            answer = json.dumps({"error_code": "BAD_REQUEST", "message": "no"})
        if layout == "cut off":
            body = '{"dataframe_records": [{"amount": 13.0, "mon'
        codes = ["MAX_REQUEST_SIZE_EXCEEDED"] if "too large" in layout else []
        at, request = NOON + number * SECOND, f"db-{number}"
        logged.append(
            (at.date(), request, None, at, status, 0.25, 12, body, answer, codes, "loans-3", "me@example.com")
        )
        for place in range(max(len(rows or []), len(scores or []), 1)):
            features = rows[place] if rows and place < len(rows) else (None,) * 3
            score = scores[place] if scores and place < len(scores) else None
            expected.append(
                (f"{request}:{place}", request, at, "loans-3", *features, score, 12, fault or "ok", 0.25)
            )
    # A request of no rows asks nothing.
    empty = ('{"instances": []}', '{"predictions": []}')
    logged.append(
        (NOON.date(), "db-empty", None, NOON, 200, 0.25, 1, *empty, [], "loans-3", "me@example.com")
    )
    columns = """request_date date, databricks_request_id text, client_request_id text, request_time timestamp, status_code int,
        sampling_fraction double precision, execution_duration_ms bigint, request text, response text, logging_error_codes text[],
        served_entity_id text, requester text"""
    return Table(columns, logged), expected


def encoded(text: str) -> str:
    """A text in base64."""
    return base64.b64encode(text.encode()).decode()


def captured(
    event: str, at: datetime, given: tuple[str, str, str], answer: tuple[str, str, str] | None, **more: str
) -> str:
    """A line of SageMaker data capture; sides are content type, encoding and data."""
    sides = {"endpointInput": ("INPUT", given), "endpointOutput": ("OUTPUT", answer)}
    return json.dumps(
        {
            "captureData": {
                name: {"observedContentType": side[0], "mode": mode, "data": side[2], "encoding": side[1]}
                for name, (mode, side) in sides.items()
                if side
            },
            "eventMetadata": {"eventId": event, "inferenceTime": f"{at.isoformat()}Z", **more},
            "eventVersion": "0",
        }
    )


def pricing() -> tuple[Table, list[tuple[Any, ...]]]:
    """SageMaker data capture: CSV, JSON and base64, on both sides."""
    csv, plain = "text/csv", "application/json"
    rows = json.dumps({"instances": [{"area": 51.0, "rooms": 2, "district": 'a "b", c'}]})
    scores = json.dumps({"predictions": [{"score": 410.0, "label": 1}]})
    lines = [
        captured(
            "e0",
            NOON,
            (csv, "CSV", "80.5,3,north\n60,2,south"),
            (f"{csv}; charset=utf-8", "CSV", "700.5\n520\n"),
        ),
        captured("e1", NOON, (csv, "BASE64", encoded("40,1,west\r\n")), (csv, "BASE64", encoded("300.25"))),
        captured("e2", NOON, (plain, "JSON", rows), (plain, "JSON", scores), inferenceId="mine-7"),
        captured("e3", NOON, (plain, "BASE64", encoded(rows)), (csv, "CSV", "400,401")),
        captured("e4", NOON, (csv, "CSV", "90,4,east"), None),
        captured("e5", NOON, (csv, "BASE64", "***"), (csv, "CSV", "1.5")),
    ]
    expected = [
        ("e0:0", "e0", 80.5, 3, "north", 700.5, "ok"),
        ("e0:1", "e0", 60.0, 2, "south", 520.0, "ok"),
        ("e1:0", "e1", 40.0, 1, "west", 300.25, "ok"),
        ("mine-7:0", "mine-7", 51.0, 2, 'a "b", c', 410.0, "ok"),
        ("e3:0", "e3", 51.0, 2, 'a "b", c', 400.0, "ok"),
        ("e4:0", "e4", 90.0, 4, "east", None, "response_missing"),
        ("e5:0", "e5", None, None, None, 1.5, "request_missing"),
    ]
    return Table("line text", [(line,) for line in lines]), [
        (name, request, NOON, *rest, 0.2) for name, request, *rest in expected
    ]


def collected(event: str, kind: str, at: datetime, request: str | None, data: Any, key: str = "data") -> str:
    """A line of the Azure ML data collector."""
    line = {
        "specversion": "1.0",
        "id": event,
        "source": "/subscriptions/1/onlineEndpoints/claims/deployments/blue",
        "type": f"azureml.inference.model_{kind}",
        "datacontenttype": "application/json",
        "time": f"{at.isoformat()}Z",
        key: data,
        "correlationid": request,
        "modelversion": "7",
    }
    return json.dumps({name: value for name, value in line.items() if value is not None})


def claims() -> tuple[Table, list[tuple[Any, ...]]]:
    """The Azure ML data collector: two rows of a request, ids that are used again, and pointers."""

    def row(age: int, amount: float, is_new: bool) -> dict[str, Any]:
        return {"age": age, "amount": amount, "is_new": is_new}

    def score(*scores: float) -> list[dict[str, float]]:
        return [{"score": one} for one in scores]

    pointer = {"url": "https://example.com/blob"}
    late = NOON + timedelta(seconds=30)
    two = collected("i0", "inputs", NOON, "c0", [row(30, 1.5, True), row(40, 2.5, False)])
    lines = [
        collected("o0", "outputs", NOON + SECOND, "c0", score(0.5, 0.25)),
        two,
        two,
        # A client that uses its id again, a pair later.
        collected("i1", "inputs", NOON, "c1", [row(50, 3.5, True)]),
        collected("o1", "outputs", NOON + SECOND, "c1", score(0.125)),
        collected("i2", "inputs", late, "c1", [row(51, 4.5, True)]),
        collected("o2", "outputs", late + SECOND, "c1", score(0.75)),
        # The same, and one answer is lost: nobody knows whose.
        collected("i3", "inputs", NOON, "c2", [row(60, 5.5, False)]),
        collected("i4", "inputs", late, "c2", [row(61, 6.5, False)]),
        collected("o4", "outputs", late + SECOND, "c2", score(0.875)),
        collected("i5", "inputs", NOON, "c3", pointer, "dataref"),
        collected("o5", "outputs", NOON + SECOND, "c3", score(0.375, 0.5)),
        collected("i6", "inputs", NOON, "c4", [row(70, 7.5, False)]),
        collected("o6", "outputs", NOON + SECOND, "c4", pointer),
        collected("o7", "outputs", NOON + SECOND, None, score(0.0625)),
        collected("i8", "inputs", AS_OF - HOUR / 2, "c8", [row(80, 8.5, True)]),
        collected("x", "custom", NOON, "c0", score(1.0)),
    ]
    after, hour_later = NOON + SECOND, NOON + HOUR
    expected = [
        ("c0:0", "c0", NOON, after, "7", 30, 1.5, True, 0.5, "ok"),
        ("c0:1", "c0", NOON, after, "7", 40, 2.5, False, 0.25, "ok"),
        ("c1:0", "c1", NOON, after, "7", 50, 3.5, True, 0.125, "ok"),
        ("c1/2:0", "c1/2", late, late + SECOND, "7", 51, 4.5, True, 0.75, "ok"),
        ("c2:0", "c2", NOON, hour_later, "7", 60, 5.5, False, None, "response_missing"),
        ("c2/2:0", "c2/2", late, late + HOUR, "7", 61, 6.5, False, None, "response_missing"),
        ("c2:0", "c2", late + SECOND, late + SECOND, "7", None, None, None, 0.875, "request_missing"),
        ("c3:0", "c3", NOON, after, "7", None, None, None, 0.375, "request_missing"),
        ("c3:1", "c3", NOON, after, "7", None, None, None, 0.5, "request_missing"),
        ("c4:0", "c4", NOON, after, "7", 70, 7.5, False, None, "response_unreadable"),
        (None, None, after, after, "7", None, None, None, 0.0625, "request_missing"),
    ]
    return Table("line text", [(line,) for line in lines]), expected


# KServe: a batch, a lost answer, an answer without its request, one that may still be answered.
CALLS = [
    Request("k0", NOON, amounts(12.5, None, 3.0), [0.5, 0.25, 0.125]),
    Request("k1", NOON + SECOND, amounts(99.0), None, "response_missing"),
    Request("k2", NOON + 2 * SECOND, None, [0.75], "request_missing"),
    Request("k3", AS_OF - HOUR / 2, amounts(1.0), None, "response_missing"),
]
PREFIX = "org.kubeflow.serving.inference"


def sides(call: Request) -> list[tuple[str, datetime, str]]:
    """The events of a call: kind, time and body."""
    given = json.dumps({"instances": call.rows}, indent=1) if call.rows else None
    answer = json.dumps({"predictions": call.scores}) if call.scores else None
    # An answer comes a second after its request; one alone has the time of the call.
    later = call.at + SECOND if given else call.at
    both = [(f"{PREFIX}.request", call.at, given), (f"{PREFIX}.response", later, answer)]
    return [(kind, at, body) for kind, at, body in both if body]


def served(
    calls: list[Request], recorded: timedelta = timedelta(0), at: datetime | None = None
) -> list[tuple[Any, ...]]:
    """The rows of the staging models of KServe: those known by AS_OF."""
    expected = []
    for call in calls:
        arrived = recorded + (
            call.at + (SECOND if call.rows else 0 * SECOND) if call.scores else call.at + HOUR
        )
        if at:
            arrived = at if call.scores else at + HOUR
        for name, event_time, *rest in call.predictions:
            version = "fraud" if call.rows else None
            if arrived < AS_OF:
                expected.append((name, call.id, at or event_time, arrived, version, *rest))
    return expected


def fraud() -> tuple[Table, list[tuple[Any, ...]]]:
    """The CloudEvents of the KServe logger, some of them delivered twice."""
    delay = timedelta(milliseconds=250)
    rows = [
        (call.id, kind, f"{at.isoformat()}Z", f"{(at + delay).isoformat()}Z", "fraud", body)
        for call in CALLS
        for kind, at, body in sides(call)
    ]
    again = [(*row[:3], f"{(NOON + HOUR).isoformat()}Z", *row[4:]) for row in rows[:3]]
    other = ("k0", f"{PREFIX}.explain", "2026-03-01T12:00:00Z", "2026-03-01T12:00:00Z", "fraud", "{}")
    columns = "id text, type text, time text, recordedtime text, inferenceservicename text, data text"
    return Table(columns, [*again, *rows, other]), served(CALLS, delay)


def records(calls: list[Request]) -> list[dict[str, Any]]:
    """The records of the KServe logger of blobs."""
    return [
        {
            "url": "s3://logs",
            "bytes": encoded(body),
            "contentType": "application/json",
            "reqType": kind,
            "id": call.id,
            "sourceUri": "http://localhost:9081/",
            "inferenceService": "fraud",
            "namespace": "shop",
            "component": "predictor",
            "endpoint": "",
            "metadata": {"host": ["fraud"]},
            "annotations": {},
            "occurrenceTime": f"{at.isoformat()}Z",
        }
        for call in calls
        for kind, at, body in sides(call)
    ]


def fraud_blob() -> tuple[Table, list[tuple[Any, ...]]]:
    """Files of JSON: an object, an array, and an array without records."""
    first, *others = records(CALLS)
    files = [json.dumps(first), json.dumps(others, indent=2), "[]"]
    return Table(
        "file_name text, content text", [(f"{n}.json", text) for n, text in enumerate(files)]
    ), served(CALLS)


def write_parquet(folder: Path) -> list[tuple[Any, ...]]:
    """Files of Parquet, whose time is all that says when; the rows of the staging model."""
    expected = []
    for number, call in enumerate(CALLS[:2]):
        at = NOON + number * HOUR
        rows = [
            {name: json.dumps(value) if isinstance(value, dict) else value for name, value in record.items()}
            for record in records([call])
        ]
        path = folder / "logs" / "kserve" / f"{call.id}-request.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(pa.Table.from_pylist(rows).drop_columns("occurrenceTime"), path)
        seconds = (at - datetime(1970, 1, 1)).total_seconds()
        os.utime(path, (seconds, seconds))
        expected += served([call], at=at)
    return expected


def plain() -> dict[str, tuple[dict[str, Table], list[tuple[Any, ...]]]]:
    """The tables of the examples without a macro, and the rows of their staging models."""
    week = timedelta(days=7)
    orders = [
        ("a", NOON, 20.5, "app", 0.5, 1, NOON + HOUR),
        ("b", NOON, None, "web", 0.25, None, None),
        ("c", NOON, 3.0, "web", 0.125, 0, NOON + 2 * HOUR),
    ]
    offers = [("o1", 1, NOON), ("o2", 2, NOON), ("o3", 3, NOON), ("o4", 1, AS_OF - HOUR), ("o5", 4, NOON)]
    events = [
        (1, "purchase", NOON + HOUR),
        (1, "purchase", NOON + 2 * HOUR),
        (2, "purchase", NOON - HOUR),
        (2, "visit", NOON + HOUR),
        (3, "purchase", NOON + week),
        (4, "purchase", NOON + week - SECOND),
        (1, "purchase", AS_OF + HOUR),
    ]
    scores = [
        ("2026-03-01", NOON.date(), 1, "v1", 5, "basic", 0.5),
        ("2026-03-01", NOON.date(), 2, "v1", 6, "plus", 0.25),
        ("2026-03-02", NOON.date() + timedelta(days=1), 1, "v1", 5, "basic", 0.75),
    ]
    return {
        "stg_orders__inferences": (
            {
                "order_scores": Table(
                    """order_id text, scored_at timestamp, basket_value double precision, channel text, score double precision,
                    was_returned int, returned_at timestamp""",
                    orders,
                )
            },
            [row[:5] for row in orders],
        ),
        "stg_orders__labels": ({}, [(row[0], *row[5:]) for row in orders if row[5] is not None]),
        "stg_offers__labels": (
            {
                "offer_scores": Table("offer_id text, customer_id int, scored_at timestamp", offers),
                "events": Table("customer_id int, event text, happened_at timestamp", events),
            },
            [
                ("o1", 1, NOON + HOUR),
                ("o2", 0, NOON + week),
                ("o3", 0, NOON + week),
                ("o5", 1, NOON + week - SECOND),
            ],
        ),
        "stg_nightly__inferences": (
            {
                "nightly_scores": Table(
                    """run_id text, run_date date, customer_id int, model text, tenure_months int, plan text,
                    score double precision""",
                    scores,
                )
            },
            [
                (f"{run}:{customer}", customer, datetime(day.year, day.month, day.day), *rest)
                for run, day, customer, *rest in scores
            ],
        ),
    }


RIDES = [("r1", NOON, 12.5, "bern", -3.5, 1.25, 640.0), ("r2", NOON, None, "köln", None, None, 31.5)]


def rides(on_postgres: bool) -> tuple[str, list[str]]:
    """The columns of a table with features in a struct, a map, JSON and two arrays, and its rows as SQL."""
    composite, mapping = (
        ("raw.ride_features", "jsonb") if on_postgres else ("struct(distance double)", "map(text, text)")
    )
    columns = f"""ride_id text, scored_at timestamp, features_struct {composite}, features_map {mapping}, features_json text,
        feature_names text[], feature_values double precision[], eta double precision"""
    rows = []
    for ride, at, distance, city, temp, surge, eta in RIDES:
        number = "null" if distance is None else distance
        struct = f"cast(row({number}) as raw.ride_features)" if on_postgres else f"{{'distance': {number}}}"
        cities = f"'{json.dumps({'city': city})}'" if on_postgres else f"map {{'city': '{city}'}}"
        weather = json.dumps({"weather": {"temp": temp}})
        names = ["surge", "seats"] if surge else ["seats"]
        values = [surge, 4.0] if surge else [4.0]
        rows.append(
            f"('{ride}', timestamp '{at}', {struct}, {cities}, '{weather}', array{names}, array{values}, {eta})"
        )
    return columns, rows


SAMPLES = {
    "stg_loans__inferences": ("loans_payload", loans),
    "stg_pricing__inferences": ("captured_lines", pricing),
    "stg_claims__inferences": ("collected_lines", claims),
    "stg_fraud__inferences": ("inference_events", fraud),
    "stg_fraud_blob__inferences": ("logger_files", fraud_blob),
}
ON_DUCKDB = "stg_fraud_parquet__inferences"


def models(engine: str) -> dict[str, str]:
    """The staging models of the page for an engine, by their files."""
    found, instead = {}, None
    for text in BLOCK.findall(PAGE.read_text(encoding="utf-8")):
        named = FILE.match(text)
        if not named:
            assert text.startswith("-- instead of files, elements and events\n"), (
                f"a block without a file:\n{text}"
            )
            instead = text
        elif named[2] in (None, engine):
            found[named[1]] = text
    assert instead
    blob = found["models/staging/fraud_blob/stg_fraud_blob__inferences.sql"]
    start, end = blob.index("-- A file has an object"), blob.index("pairs as (")
    if engine == "DuckDB":
        found[f"models/staging/fraud_parquet/{ON_DUCKDB}.sql"] = blob[:start] + instead + "\n" + blob[end:]
    return found


def tables() -> dict[str, Table]:
    """The tables of all samples but the rides."""
    made = {table: sample()[0] for table, sample in SAMPLES.values()}
    for own, _ in plain().values():
        made |= own
    return made


def new_project(folder: Path, engine: str) -> Project:
    """A project of the models of the page, and two with wrong arguments."""
    project = Project(folder, as_of=str(AS_OF))
    project.keep_only({})
    for path, text in models(engine).items():
        project.write(path, text)
    for name, (call, _) in WRONG.items():
        # While it parses, dbt would stop at the first.
        project.write(f"models/wrong_{name}.sql", f"{{% if execute %}}{call}{{% endif %}}")
    return project


def expected_rows(engine: str) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of each staging model."""
    rows = {model: sample()[1] for model, (_, sample) in SAMPLES.items()}
    rows |= {model: own for model, (_, own) in plain().items()}
    rows["stg_rides__inferences"] = [(*row,) for row in RIDES]
    assert set(rows) | ({ON_DUCKDB} if engine == "DuckDB" else set()) == {
        Path(path).stem for path in models(engine)
    }
    return rows


def in_order(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """The rows in an order of their own."""
    return sorted(rows, key=lambda row: tuple(map(str, row)))


def check(
    result: Result, found: dict[str, list[tuple[Any, ...]]], expected: dict[str, list[tuple[Any, ...]]]
) -> None:
    """Whether the models have the rows that they should, and wrong arguments were refused."""
    for name, (_, texts) in WRONG.items():
        assert all(text in result.output for text in texts), result.output
        assert result.statuses.get(f"wrong_{name}") == "error", result.output
    assert set(result.errors) == {f"wrong_{name}" for name in WRONG}, result.output
    for model, rows in expected.items():
        assert in_order(found[model]) == in_order(rows), model


def test_the_models_of_the_page_read_the_samples_on_duckdb(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = new_project(tmp_path / "project", "DuckDB")
    expected = expected_rows("DuckDB") | {ON_DUCKDB: write_parquet(project.folder)}
    with duckdb.connect(str(project.database)) as connection:
        connection.execute("create schema raw")
        for name, table in tables().items():
            connection.execute(f"create table raw.{name} ({table.columns})")
            marks = ", ".join("?" * len(table.rows[0]))
            connection.executemany(f"insert into raw.{name} values ({marks})", table.rows)
        columns, rows = rides(on_postgres=False)
        connection.execute(f"create table raw.rides ({columns})")
        connection.execute(f"insert into raw.rides values {', '.join(rows)}")
    result = project.dbt("run")
    # The view of the Parquet files has their path as seen from the project.
    monkeypatch.chdir(project.folder)
    check(result, {model: project.query(f"select * from {model}") for model in expected}, expected)


def test_the_models_of_the_page_read_the_samples_on_postgres(
    postgres: PostgresServer, tmp_path: Path
) -> None:
    environment = postgres.new_database("server_logs")
    connection = postgres.connect("server_logs")
    connection.autocommit = True
    expected = expected_rows("PostgreSQL")
    with connection.cursor() as cursor:
        cursor.execute("create schema raw")
        cursor.execute("create type raw.ride_features as (distance double precision)")
        for name, table in tables().items():
            cursor.execute(f"create table raw.{name} ({table.columns})")
            marks = ", ".join(["%s"] * len(table.rows[0]))
            cursor.executemany(f"insert into raw.{name} values ({marks})", table.rows)
        columns, rows = rides(on_postgres=True)
        cursor.execute(f"create table raw.rides ({columns})")
        cursor.execute(f"insert into raw.rides values {', '.join(rows)}")
    result = new_project(tmp_path / "project", "PostgreSQL").dbt("run", env=environment)
    found = {}
    with connection.cursor() as cursor:
        for model in expected:
            cursor.execute(f"select * from {model}")
            found[model] = cursor.fetchall()
    connection.close()
    check(result, found, expected)


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_a_sample_has_more_than_what_goes_well(name: str) -> None:
    """Each sample has a fault that its staging model must show, so that equal rows prove something."""
    statuses = {
        row[-2] if name in ("stg_loans__inferences", "stg_pricing__inferences") else row[-1]
        for row in SAMPLES[name][1]()[1]
    }
    assert "ok" in statuses
    assert len(statuses) > 1


# A log that is a sample: a half of the requests, from CHANGED on a tenth. On the last day the service loses 70 % of them.
CHANGED = tiny_monitor.END - pd.Timedelta(days=3)
ODD_DAY = tiny_monitor.START + pd.Timedelta(days=10)
FRACTION = (
    "      - {name: sampling_fraction, data_type: *double, config: {meta: {role: sampling_fraction}}}\n"
)
INVALID = [0.0, -0.5, 1.5, float("inf")]
UNSAMPLED = 5
POLICIES = "\n".join(
    f"sampled-{metric},*,{metric},day,none,__all__,*,,,0,0.02,20,"
    for metric in ("missing_row_share", "surplus_row_share")
)


@pytest.fixture(scope="module")
def sampled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, pd.DataFrame]:
    """A monitor of the sample, built; and of each day the rows that its log has and the requests that these stand for."""
    random = np.random.default_rng(5)
    whole = tiny_monitor.with_truth(tiny_monitor.generate())
    rows = whole["inferences"].drop(columns="entity")
    rows["sampling_fraction"] = np.where(rows["event_time"] < CHANGED, 0.5, 0.1)
    is_lost = tiny_monitor.on(rows) & (random.random(len(rows)) < 0.7)
    logged = rows[(random.random(len(rows)) < rows["sampling_fraction"]) & ~is_lost].reset_index(drop=True)
    first = logged.index[logged["event_time"] >= ODD_DAY][0]
    logged.loc[first : first + len(INVALID) - 1, "sampling_fraction"] = INVALID
    logged.loc[first + len(INVALID) : first + len(INVALID) + UNSAMPLED - 1, "sampling_fraction"] = None

    project = Project(
        tmp_path_factory.mktemp("sampled") / "project", as_of=str(tiny_monitor.END + pd.Timedelta(hours=2))
    )
    project.keep_only({"sampled": ["counts"]})
    project.append(DEMO_POLICIES, f"{POLICIES}\n")
    tiny_monitor.add_monitor(project, "sampled", {"inferences": logged, "counts": whole["counts"]})
    project.replace(
        "models/staging/sampled/_sampled.yml", "      - {name: score,", f"{FRACTION}      - {{name: score,"
    )
    project.dbt("build", vars={"ml_gate_lookback_hours": 24 * tiny_monitor.DAYS})

    fraction = logged["sampling_fraction"]
    is_valid = fraction.between(0, 1, inclusive="right")
    day = pd.DataFrame(
        {
            "day": logged["event_time"].dt.floor("D"),
            "country": logged["country"],
            "logged": 1,
            "current": (is_valid | fraction.isna()).astype(int),
            "requests": (1 / fraction).where(is_valid, 1.0),
            "requests_of_current": (1 / fraction).where(is_valid, fraction.isna().astype(float)),
        }
    )
    return project, day


def by_day(project: Project, sql: str) -> pd.DataFrame:
    """Rows of a query by their first column, the day."""
    return project.frame(sql).set_index("window_start").sort_index()


def test_a_sample_is_scaled_where_requests_are_counted(sampled: tuple[Project, pd.DataFrame]) -> None:
    project, rows = sampled
    baseline = project.frame(
        "select window_start from sampled__baseline_windows where is_baseline and model_version = '__all__'"
    )["window_start"]
    assert len(baseline) == 28
    for segment, part in [("__all__", rows), ("it", rows[rows["country"] == "it"])]:
        days = part.groupby("day").sum(numeric_only=True)
        found = by_day(
            project,
            f"""select window_start, current_rows, expected_rows, volume_ratio from sampled__window_metrics
            where metric_group = 'volume' and window_grain = 'day' and segment_value = '{segment}'""",
        )
        assert (found["current_rows"] == days["current"]).all()
        mean = days["requests_of_current"][baseline].mean()
        assert np.allclose(found["volume_ratio"], days["requests_of_current"] / mean, rtol=1e-12)
        assert np.allclose(
            found["expected_rows"], mean * days["current"] / days["requests_of_current"], rtol=1e-12
        )
    # A tenth instead of a half is no change of volume.
    days = rows.groupby("day").sum(numeric_only=True)
    assert days["current"][CHANGED] < 0.25 * days["current"][baseline].mean()

    found = by_day(
        project,
        """select window_start, counted_rows, declared_rows, missing_row_share_low, surplus_row_share_low, missing_row_share_high
        from sampled__window_metrics where metric_group = 'reconciliation' and window_grain = 'day'""",
    )
    assert (found["declared_rows"] == tiny_monitor.ROWS_PER_DAY).all()
    assert (found["counted_rows"] == days["requests"].round()).all()
    # Within the bounds of the chance of the sample, but for the day that lost 70 %.
    healthy = found.index < tiny_monitor.LAST_DAY
    assert (found["missing_row_share_low"][healthy] == 0).all()
    assert (found["surplus_row_share_low"] == 0).all()
    lost = found.loc[tiny_monitor.LAST_DAY]
    assert 0.2 < lost["missing_row_share_low"] < 0.7 < lost["missing_row_share_high"]


def test_a_sample_is_judged_by_the_rows_that_were_seen(sampled: tuple[Project, pd.DataFrame]) -> None:
    project, rows = sampled
    checks = project.frame(
        """select metric, window_grain, window_start, status, reason, sample_size, message from sampled__checks
        where segment_name = '__all__' and metric in ('volume_ratio', 'missing_row_share', 'surplus_row_share', 'missing_hours',
            'longest_gap_hours', 'seasonal_volume_ratio')"""
    )
    failed = checks[checks["status"].isin(["warn", "fail"])]
    # The requests of the rows that lost their fraction are missing, since such a row stands for itself.
    assert set(failed["window_start"].dt.floor("D")) == {ODD_DAY, tiny_monitor.LAST_DAY}, failed.to_string()
    days = failed[failed["window_grain"] == "day"].set_index("metric")
    assert dict(days["status"]) == {"volume_ratio": "fail", "missing_row_share": "fail"}
    assert "rows, expected" in days["message"]["volume_ratio"]
    assert "at the sampling fraction of the window" in days["message"]["volume_ratio"]
    assert "rows of a sample, 1000 declared by stg_sampled__counts" in days["message"]["missing_row_share"]

    seen = rows.groupby("day").sum(numeric_only=True)
    expected = (tiny_monitor.ROWS_PER_DAY * seen["logged"] / seen["requests"]).round()
    missing = checks[(checks["metric"] == "missing_row_share") & (checks["window_grain"] == "day")]
    assert (missing.set_index("window_start")["sample_size"].sort_index() == expected).all()
    assert (missing["status"] != "not_evaluated").all()
    # An hour of a tenth has four rows: not enough for a verdict, and none is given.
    hours = checks[checks["metric"].eq("missing_row_share") & checks["window_grain"].eq("hour")]
    small = hours[hours["window_start"].between(CHANGED, tiny_monitor.END, inclusive="left")]
    assert set(small["reason"]) == {"insufficient_sample"}


def test_a_sample_is_scaled_nowhere_else(sampled: tuple[Project, pd.DataFrame]) -> None:
    project, rows = sampled
    days = rows.groupby("day").sum(numeric_only=True)
    for table, column, more in [
        ("data_quality", "row_count", "column_name = 'amount' and segment_name = '__all__'"),
        (
            "drift",
            "current_rows",
            "column_name = 'amount' and segment_name = '__all__' and baseline = 'serving'",
        ),
        ("window_metrics", "current_rows", "metric_group = 'freshness'"),
        ("metrics", "sample_size", "metric = 'error_rate' and segment_name = '__all__'"),
        ("baseline_windows", "row_count", "model_version = '__all__'"),
    ]:
        grain = "" if table == "baseline_windows" else "window_grain = 'day' and "
        found = by_day(
            project, f"select window_start, {column} as found from sampled__{table} where {grain}{more}"
        )["found"]
        assert len(found), table
        assert (found == days["current"].reindex(found.index)).all(), table
    found = by_day(
        project,
        """select window_start, sample_size, value * sample_size as quarantined from sampled__metrics
        where metric = 'quarantine_rate' and segment_name = '__all__' and window_grain = 'hour' and value > 0""",
    )
    assert found["quarantined"].round().sum() == len(INVALID)
    assert found["sample_size"].max() < 40


def test_a_fraction_that_is_none_is_quarantined_and_null_counts_once(
    sampled: tuple[Project, pd.DataFrame],
) -> None:
    project, _ = sampled
    refused = project.query("select ml_quarantine_reason, sampling_fraction from sampled__quarantine")
    assert in_order(refused) == in_order([("invalid_sampling_fraction", value) for value in INVALID])
    assert (
        project.value("select count(*) from sampled__inferences where sampling_fraction is null") == UNSAMPLED
    )
