"""scripts/new_monitor.py where ml_monitor is a package, on public data of four fields: from tables to a verdict, unedited."""

from __future__ import annotations

import contextlib
import io
import re
import shutil
from pathlib import Path
from typing import Any

import duckdb
import new_monitor
import pandas as pd
import psycopg2
import public_data
import pytest
import yaml
from conftest import ROOT, Project, Result
from postgres_server import PostgresServer

NEXT_DAY = public_data.END + pd.Timedelta(days=1)
COMMANDS = {
    "cancer": ["--inferences", "Clinic Data.order", "--labels", "clinic data.USER", "--owner", "ops: x"],
    "wine": ["--inferences", "lab.scores", "--labels", "lab.assessments", "--reference", "lab.training"],
    "diabetes": ["--inferences", "patients scored", "--labels", "progression"],
    "flights": ["--inferences", "flights.scored", "--time-zone", "America/New_York"],
}
PROJECT = """# What people wrote here stays.
name: stranger  # a comment
version: 1.0.0
config-version: 2
profile: ml_monitor
flags: {send_anonymous_usage_stats: false}
models:
  ml_monitor:
    # Nobody reads the views over all monitors in this test.
    fleet: {+enabled: false}
"""
NEVER_NULL = {"max_null_rate": 0.001}
NUMBER: dict[str, Any] = {"role": "feature"}
CODE = NUMBER | {"kind": "categorical"}
CLASSES = {"role": "prediction", "kind": "categorical"}
SCORE = {"role": "score", "min": 0, "max": 1}
# The declaration of every column of the inferences, but for max_null_rate.
EXPECTED: dict[str, dict[str, dict[str, Any]]] = {
    "cancer": {
        "Case ID": {"role": "prediction_id"},
        "Scored At": {"role": "event_time"},
        "user": {"personal": True},
        "E-Mail": {"personal": True},
        "vendor id": CODE,
        "Ward Code": CODE,
        "Insured": CODE | {"accepted_values": [0, 1]},
        "mean radius": NUMBER | {"min": 0},
        "mean texture": NUMBER,
        "mean area": NUMBER | {"min": 0},
        "mean smoothness": NUMBER,
        "worst concavity": NUMBER,
        "Malignant Probability": SCORE,
        "Predicted Malignant": CLASSES | {"accepted_values": [0, 1]},
    },
    "wine": {
        "sample_id": {"role": "prediction_id"},
        "analysed_at": {"role": "event_time"},
        "remark": {},
        "alcohol": NUMBER,
        "malic_acid": NUMBER,
        "color_intensity": NUMBER,
        "od280/od315_of_diluted_wines": NUMBER,
        "proline": NUMBER,
        "confidence": SCORE,
        "predicted_cultivar": CLASSES | {"accepted_values": [0, 1, 2]},
    },
    "diabetes": {
        "id": {"role": "prediction_id"},
        "created_at": {"role": "event_time"},
        "stored_at": {"role": "ingest_time"},
        "patient_id": {"role": "entity_id"},
        "age": NUMBER | {"min": 0},
        "sex": CODE,
        "bmi": NUMBER,
        "bp": NUMBER,
        "s1": NUMBER,
        "s5": NUMBER,
        "visit_hour": NUMBER | {"min": 0, "max": 23},
        "adherence_pct": NUMBER | {"min": 0, "max": 100},
        "predicted_progression": {"role": "prediction"},
    },
    "flights": {
        "flight_id": {"role": "prediction_id"},
        "scored_at": {"role": "event_time"},
        "carrier": NUMBER,
        "origin": NUMBER,
        "dest": NUMBER,
        "tailnum": {},
        "hour": NUMBER | {"min": 0, "max": 23},
        "distance": NUMBER | {"min": 0},
        "late_probability": SCORE,
    },
}
SETTINGS = {
    "cancer": {
        "task": "binary",
        "owner": "ops: x",
        "time_zone": "UTC",
        "label_horizon_hours": 72,
        "segments": ["vendor id", "Ward Code"],
    },
    "wine": {
        "task": "multiclass",
        "owner": "team@example.com",
        "time_zone": "UTC",
        "label_horizon_hours": 24,
    },
    "diabetes": {
        "task": "regression",
        "owner": "team@example.com",
        "time_zone": "UTC",
        "label_horizon_hours": 48,
    },
    "flights": {
        "task": "binary",
        "owner": "team@example.com",
        "time_zone": "America/New_York",
        "label_horizon_hours": 24,
        "segments": ["carrier", "origin"],
    },
}


def load(database: Path, tables: public_data.Tables) -> None:
    """Add rows to tables, which are made if they are not there."""
    with duckdb.connect(str(database)) as connection:
        connection.execute("set TimeZone = 'UTC'")
        for (schema, table), frame in tables.items():
            name = f'"{schema}"."{table}"'
            connection.register("frame", frame)
            connection.execute(f'create schema if not exists "{schema}"')
            connection.execute(f"create table if not exists {name} as select * from frame limit 0")
            connection.execute(f"insert into {name} select * from frame")
            connection.unregister("frame")


class Stranger(Project):
    """A dbt project that has ml_monitor as a package, and nothing else."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.raw, self.database = folder, folder / "raw", folder / "test.duckdb"
        self.as_of = str(public_data.END)
        folder.mkdir(parents=True)
        shutil.copytree(ROOT / "profiles", folder / "profiles")
        self.write("dbt_project.yml", PROJECT)
        self.write("packages.yml", yaml.safe_dump({"packages": [{"local": str(ROOT)}]}))

    def new_monitor(
        self, *args: str, env: dict[str, str | None] | None = None, printed: io.StringIO | None = None
    ) -> str:
        """Run the script here and return what it prints; dbt runs as for all tests, in a fork."""

        def run_dbt(command: list[str], folder: Path) -> tuple[int, str]:
            assert folder == self.folder
            dbt = self.start_dbt(*command, env=env)
            dbt.wait()
            return dbt.returncode, dbt.output

        arguments = new_monitor.arguments([*args, "--project-dir", str(self.folder)])
        printed = printed or io.StringIO()
        with contextlib.redirect_stdout(printed):
            assert new_monitor.run(arguments, run_dbt) == 0
        return printed.getvalue()

    def refusal(self, *args: str) -> str:
        """What the script says when it refuses, and writes nothing."""
        before = sorted(path for path in self.folder.glob("models/**/*"))
        with pytest.raises(new_monitor.NewMonitorError) as refused:
            self.new_monitor(*args)
        assert sorted(path for path in self.folder.glob("models/**/*")) == before
        return str(refused.value)

    def staging(self, monitor: str) -> dict[str, dict[str, Any]]:
        """The staging models as the YAML declares them, by their part."""
        declared = yaml.safe_load(self.read(f"models/staging/{monitor}/_{monitor}.yml"))["models"]
        return {model["name"].partition("__")[2]: model for model in declared}


def declarations(model: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What a staging model declares of its columns."""
    return {column["name"]: column.get("config", {"meta": {}})["meta"] for column in model["columns"]}


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> tuple[Stranger, dict[str, str], Result]:
    """A project with four monitors that new_monitor.py wrote: (project, what it printed by monitor, result of dbt build)."""
    project = Stranger(tmp_path_factory.mktemp("stranger") / "project")
    for make in (public_data.cancer, public_data.wine, public_data.diabetes, public_data.flights):
        load(project.database, make())
    project.dbt("deps", check=0)
    # The file cannot be edited safely: it says which lines to write, and they are written.
    project.append("dbt_project.yml", "vars: {ml_monitors: {}}\n")
    flights = io.StringIO()
    with pytest.raises(new_monitor.NewMonitorError) as refused:
        project.new_monitor("flights", *COMMANDS["flights"], printed=flights)
    assert project.read("dbt_project.yml") == PROJECT + "vars: {ml_monitors: {}}\n"
    said, _, lines = str(refused.value).partition("\n\n")
    assert "cannot be edited safely" in said
    project.write("dbt_project.yml", f"{PROJECT}\n{lines}\n")
    printed = {"flights": flights.getvalue()}
    printed |= {name: project.new_monitor(name, *COMMANDS[name]) for name in ("cancer", "wine", "diabetes")}
    # Three are enough to build: the time of tests is short.
    return project, printed, project.dbt("build", "--select", "+tag:cancer", "+tag:wine", "+tag:diabetes")


def test_the_project_builds_unedited_and_its_verdict_is_right(
    stranger: tuple[Stranger, dict[str, str], Result],
) -> None:
    project, _, result = stranger
    assert result.exit_code == 0, result.output
    assert result.failing_tests == set()
    for name in ("cancer", "diabetes"):
        assert f"{name}: all gates pass" in result.output
    # Fifty rows a day are judged by 28 days of them, and labels are known.
    assert project.value("select count(*) from wine__performance where accuracy is not null") > 0
    recall = "select max(recall) from cancer__performance where window_grain = '28_days' and segment_name = '__all__'"
    assert project.value(recall) > 0.8


def test_roles_types_and_limits_are_right(stranger: tuple[Stranger, dict[str, str], Result]) -> None:
    project, _, _ = stranger
    for name, expected in EXPECTED.items():
        staged = project.staging(name)
        found = declarations(staged["inferences"])
        limits = {column: meta.pop("max_null_rate", 1) for column, meta in found.items()}
        assert found == expected, name
        judged = [column for column, meta in found.items() if meta.get("role") in ("feature", "score")]
        assert max(limits[column] for column in judged) <= (0.006 if name == "wine" else 0.001)
        assert staged["inferences"]["config"]["meta"]["ml_monitor"] == SETTINGS[name]
    labels = {name: declarations(project.staging(name)["labels"]) for name in ("cancer", "wine", "diabetes")}
    assert [list(columns) for columns in labels.values()] == [
        ["Case ID", "Malignant", "Confirmed At"],
        ["sample_id", "cultivar", "assessed_at"],
        ["id", "progression", "measured_at"],
    ]
    roles = [{"role": role} for role in ("prediction_id", "label", "label_time")]
    assert all(list(columns.values()) == roles for columns in labels.values())
    assert declarations(project.staging("wine")["reference"])["cultivar"] == {"role": "label"}


def test_times_are_in_utc_and_outcomes_are_numbers(stranger: tuple[Stranger, dict[str, str], Result]) -> None:
    project, _, _ = stranger
    differing = """
        select count(*) from {staged} as s full join {table} as r using ({key})
        where s.{moment} is distinct from cast(r.{moment} as timestamptz) at time zone 'UTC'"""
    of_cancer = {"key": '"Case ID"', "moment": '"Scored At"', "table": '"Clinic Data"."order"'}
    of_wine = {"key": "sample_id", "moment": "analysed_at", "table": "lab.scores"}
    assert project.value(differing.format(staged="stg_cancer__inferences", **of_cancer)) == 0
    assert project.value(differing.format(staged="stg_wine__inferences", **of_wine)) == 0
    outcomes = project.query(
        'select distinct r."Malignant", s."Malignant" from stg_cancer__labels as s '
        'join "Clinic Data"."user" as r using ("Case ID")'
    )
    assert sorted(outcomes) == [("no", 0), ("yes", 1)]


def test_what_it_prints(stranger: tuple[Stranger, dict[str, str], Result]) -> None:
    _, printed, _ = stranger
    for name, expected in EXPECTED.items():
        lines = printed[name].splitlines()
        for column in expected:
            assert len([line for line in lines if line.startswith(f"  {column}  ")]) >= 1, (name, column)
    assert "Clinic Data.order -> stg_cancer__inferences: 13,200 rows, task binary" in printed["cancer"]
    assert re.search(r"  user +context \(personal: true\) +named like personal data", printed["cancer"])
    assert "was no and yes: 1 is positive" in printed["cancer"]
    assert (
        "330 rows a day on 40 days, 2013-01-01 to 2013-02-09; drift is judged in windows of 7 days"
        in printed["cancer"]
    )
    assert "50 rows a day" in printed["wine"]
    assert "windows of 28 days" in printed["wine"]
    assert "created_at has no zone and is taken for UTC" in printed["diabetes"]
    assert "a text of many values" in printed["flights"]
    assert (
        "labels: 100 % belong to a prediction, and 99 % of them came within 30 hours" in printed["diabetes"]
    )
    assert "Replace owner: team@example.com" in printed["wine"]
    assert "Replace owner" not in printed["cancer"]


def test_dbt_project_keeps_what_people_wrote(stranger: tuple[Stranger, dict[str, str], Result]) -> None:
    project, _, _ = stranger
    text = project.read("dbt_project.yml")
    assert text.startswith(PROJECT)
    entries = "    flights: []\n    cancer: [labels]\n    wine: [labels, reference]\n    diabetes: [labels]\n"
    assert text.removeprefix(PROJECT) == f"\nvars:\n  ml_monitors:\n{entries}"


def test_a_shifted_column_and_dropped_values_are_found(
    stranger: tuple[Stranger, dict[str, str], Result], tmp_path: Path
) -> None:
    """The next day the radius comes in inches and two in five patients have no BMI; nothing else has changed."""
    project = stranger[0].copy_to(tmp_path / "broken")
    project.as_of = str(NEXT_DAY)
    clinic, patients = ("Clinic Data", "order"), ("main", "patients scored")
    cancer = public_data.cancer(days=1, start=public_data.END, seed=11)
    cancer[clinic]["mean radius"] /= 2.54
    diabetes = public_data.diabetes(days=1, start=public_data.END, seed=13)
    diabetes[patients].loc[::5, "bmi"] = None
    diabetes[patients].loc[1::5, "bmi"] = None
    load(project.database, {clinic: cancer[clinic], patients: diabetes[patients]})
    result = project.dbt("build", "--select", "+cancer__gate", "+diabetes__gate", check=1)
    assert result.failing_tests == {"cancer__gate_drift", "diabetes__gate_quality"}
    failures = re.findall(r"^    \d{4}-\d\d-\d\d .*", result.output, re.MULTILINE)
    assert all("mean radius" in line or "bmi" in line for line in failures), failures
    assert any("  mean radius PSI" in line for line in failures), failures
    assert any("  bmi null rate 40" in line for line in failures), failures


# What it refuses


def test_all_faults_at_once_and_what_to_pass(stranger: tuple[Stranger, dict[str, str], Result]) -> None:
    project = stranger[0]
    said = project.refusal("risk", "--inferences", "lab.scorez", "--labels", "nowhere.at_all")
    assert "2 faults; nothing was written" in said
    assert (
        "found:   no model, seed, source table or relation of that name; schema lab has assessments, scores, training"
        in said
    )
    assert "--inferences lab.scores\n" in said
    assert "there is no table in a schema nowhere" in said
    said = project.refusal(
        "risk", "--inferences", "lab.training", "--role", "evnt_time=alcohol", "--role", "score=alc"
    )
    for expected in (
        "5 faults; nothing was written",
        "1. --role evnt_time=alcohol\n   found:   no role evnt_time",
        "--role event_time=alcohol",
        "2. --role score=alc\n   found:   no column alc",
        "lab.training: no column could be prediction_id",
        "lab.training: no column could be event_time",
        "a timestamp, a date or a text of times; by name such as event_time, scored_at",
        "lab.training: no column could be score or prediction",
        "alcohol (double), malic_acid (double)",
        "--role inferences.prediction_id=cultivar",
        "--role inferences.score=alcohol",
    ):
        assert expected in said, said
    said = project.refusal("Risk", "--inferences", "x", "--lookup", "weather", "--role", "score")
    assert said.splitlines() == [
        "--lookup weather: write --lookup NAME=TABLE, such as --lookup weather=raw.weather",
        "--role score: write --role ROLE=COLUMN, such as --role event_time=inferred_at",
        "Risk: allowed are lower-case letters, digits and single underscores between them",
    ]
    said = project.refusal("risk", "--inferences", "lab.scores", "--labels", "progression")
    assert "no label belongs to a prediction" in said


def test_nothing_is_overwritten_without_force(
    stranger: tuple[Stranger, dict[str, str], Result], tmp_path: Path
) -> None:
    project = stranger[0].copy_to(tmp_path / "again")
    file = "models/staging/flights/_flights.yml"
    mine = project.read(file).replace("team@example.com", "me@example.com")
    project.write(file, mine)
    said = project.refusal("flights", *COMMANDS["flights"])
    assert f"{file}: differs" in said.replace(f"{project.folder}/", "")
    assert "--force" in said
    assert project.read(file) == mine
    written = project.read("dbt_project.yml")
    given = ["--force", "--role", "entity_id=tailnum", "--role", "context=hour"]
    printed = project.new_monitor("flights", *COMMANDS["flights"], *given)
    assert re.search(r"  tailnum +entity_id +as you said", printed)
    found = declarations(project.staging("flights")["inferences"])
    assert found["tailnum"] == {"role": "entity_id"}
    assert found["hour"] == {}
    assert project.read("dbt_project.yml") == written


def test_staging_that_is_elsewhere_is_named(tmp_path: Path) -> None:
    own, other = tmp_path / "staging" / "risk" / "_risk.yml", tmp_path / "old" / "_models.yml"
    select = tmp_path / "old" / "stg_risk__labels.sql"
    for path, text in {
        own: "",
        other: "models:\n  - name: stg_risk__inferences\n",
        select: "select 1",
    }.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    tables = [{"name": f"stg_risk__{part}", "sql": "select 1"} for part in ("inferences", "labels")]
    assert new_monitor.declared_elsewhere(tmp_path, {own: ""}, {"tables": tables}) == [
        f"{other}: declares stg_risk__inferences already; remove it there",
        f"{select}: is stg_risk__labels already; remove it, or pass it as the table",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name: shop  # mine\n", "name: shop  # mine\n\nvars:\n  ml_monitors:\n    churn: [labels]\n"),
        (
            "name: shop\nvars:\n  # mine\n  x: 1\n\nmodels: {}\n",
            "name: shop\nvars:\n  # mine\n  x: 1\n  ml_monitors:\n    churn: [labels]\n\nmodels: {}\n",
        ),
        (
            "name: shop\nvars:\n  shop:\n    ml_monitors:\n      risk: []  # mine\n  y: 2\n",
            "name: shop\nvars:\n  shop:\n    ml_monitors:\n      risk: []  # mine\n      churn: [labels]\n  y: 2\n",
        ),
        (
            "name: shop\nvars:\n  ml_monitors:\n    churn: [x]  # mine\n",
            "name: shop\nvars:\n  ml_monitors:\n    churn: [labels]  # mine\n",
        ),
        ("name: shop\nvars: {ml_monitors: {risk: []}}\n", None),
        ("name: shop\nvars:\n", None),
        ("name: shop\nvars: {a: 1\n", None),
    ],
    ids=["no vars", "vars", "of the project", "other parts", "flow style", "empty", "no YAML"],
)
def test_edits_of_dbt_project(text: str, expected: str | None) -> None:
    assert new_monitor.with_monitors(text, {"churn": ["labels"]}) == expected


# Another engine


def test_postgres_gives_the_same(
    stranger: tuple[Stranger, dict[str, str], Result], tmp_path: Path, postgres: PostgresServer
) -> None:
    on_duckdb = stranger[0]
    project = Stranger(tmp_path / "on_postgres")
    environment = postgres.new_database("stranger")
    tables = public_data.cancer() | public_data.wine()
    connection = psycopg2.connect(host="127.0.0.1", port=postgres.port, user="postgres", dbname="stranger")
    types = {"f": "double precision", "i": "bigint", "M": "timestamp with time zone"}
    with connection, connection.cursor() as cursor:
        for (schema, table), frame in tables.items():
            cursor.execute(f'create schema if not exists "{schema}"')
            columns = ", ".join(f'"{name}" {types.get(frame[name].dtype.kind, "text")}' for name in frame)
            cursor.execute(f'create table "{schema}"."{table}" ({columns})')
            cursor.copy_expert(
                f'copy "{schema}"."{table}" from stdin (format csv)',
                io.StringIO(frame.to_csv(index=False, header=False)),
            )
    connection.close()
    project.dbt("deps", env=environment, check=0)
    for name in ("cancer", "wine"):
        project.new_monitor(name, *COMMANDS[name], env=environment)
        for file in (
            f"models/staging/{name}/_{name}.yml",
            f"models/staging/{name}/stg_{name}__inferences.sql",
        ):
            assert project.read(file) == on_duckdb.read(file)
    result = project.dbt("build", env=environment)
    assert result.exit_code == 0, result.output
    assert "cancer: all gates pass" in result.output
