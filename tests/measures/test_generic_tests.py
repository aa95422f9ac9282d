"""The generic tests on tables that no pipeline made, used as a few lines of YAML.

One project holds one model per situation and every test; ``outcomes`` runs them all at once.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml
from conftest import Project, Result
from oracle import categorical_psi, numeric_psi

AS_OF = "2025-03-01 12:00:00"
RANDOM = np.random.default_rng(20250302)
LATEST = pd.Timestamp(AS_OF) - pd.Timedelta(minutes=30)
ROWS = 2000


def scores(count: int, shift: float) -> pd.DataFrame:
    """Rows of a scoring table: a number with some nulls, a category, a key, and two clocks of two days."""
    minutes = np.linspace(0, 48 * 60, count)
    frame = pd.DataFrame(
        {
            "id": np.arange(count),
            "age": (40 + 10 * (RANDOM.standard_normal(count) + shift)).round(2),
            "plan": RANDOM.choice(["basic", "plus", "pro"], count, p=[0.5, 0.3, 0.2]),
            "customer_id": RANDOM.integers(0, 500, count),
            "scored_at": LATEST - pd.to_timedelta(minutes.round(2), unit="m"),
        }
    )
    frame.loc[frame.index % 25 == 0, "age"] = np.nan
    late = np.where(frame.index % 50 == 0, 120, 1)
    frame["logged_at"] = frame["scored_at"] + pd.to_timedelta(late, unit="m")
    return frame


TRAINING = scores(5000, 0.0)
HEALTHY = scores(ROWS, 0.0)
SLIGHT = scores(ROWS, 0.3)
BROKEN = scores(ROWS, 1.0)
BROKEN["plan"] = RANDOM.choice(["basic", "plus", "pro", "free"], ROWS, p=[0.2, 0.2, 0.2, 0.4])
BROKEN.loc[BROKEN.index % 3 == 0, "age"] = np.nan
BROKEN["logged_at"] += pd.to_timedelta(np.where(BROKEN.index % 4 == 0, 600, 0), unit="m")
HOLE = (BROKEN["scored_at"] > LATEST - pd.Timedelta(hours=20)) | (
    BROKEN["scored_at"] < LATEST - pd.Timedelta(hours=30)
)
BROKEN = BROKEN[HOLE]
CUSTOMERS = pd.DataFrame({"customer": np.arange(500)})
FEWER_CUSTOMERS = pd.concat([CUSTOMERS.head(300), CUSTOMERS.head(40)], ignore_index=True)
FRAMES = {
    "training": TRAINING,
    "healthy": HEALTHY,
    "slight": SLIGHT,
    "broken": BROKEN,
    "nobody": HEALTHY.head(0),
    "few": HEALTHY.head(40),
    "customers": CUSTOMERS,
    "fewer_customers": FEWER_CUSTOMERS,
}

# Test, model, column, arguments, and the status it must have.
Case = tuple[str, str, str | None, dict[str, Any], str]
AGES = {"reference": "ref('training')"}
PLANS = AGES | {"kind": "categorical"}
CLOCKS = {"ingest_column": "logged_at"}
KEYS = {"keys": {"customer_id": "customer"}}
CUSTOMER = {"to": "ref('customers')"} | KEYS
FEWER = {"to": "ref('fewer_customers')"} | KEYS
CASES: dict[str, Case] = {
    "psi_pass": ("psi", "healthy", "age", AGES, "pass"),
    "psi_warn": ("psi", "slight", "age", AGES, "warn"),
    "psi_fail": ("psi", "broken", "age", AGES, "fail"),
    "psi_category_pass": ("psi", "healthy", "plan", PLANS, "pass"),
    "psi_category_fail": ("psi", "broken", "plan", PLANS, "fail"),
    "psi_own_limits": ("psi", "broken", "age", AGES | {"warn": None, "fail": 50}, "pass"),
    "psi_warn_only": ("psi", "broken", "age", AGES | {"warn": 0.1, "fail": None}, "warn"),
    "psi_other_column": ("psi", "training", "age", AGES | {"reference_column": "id", "min_rows": 1}, "fail"),
    "psi_empty": ("psi", "nobody", "age", AGES, "fail"),
    "psi_few": ("psi", "few", "age", AGES, "warn"),
    "null_rate_pass": ("null_rate", "healthy", "age", {"warn": 0.05, "fail": 0.2}, "pass"),
    "null_rate_warn": ("null_rate", "healthy", "age", {"warn": 0.03, "fail": 0.2}, "warn"),
    "null_rate_fail": ("null_rate", "broken", "age", {"warn": 0.05, "fail": 0.2}, "fail"),
    "null_rate_at_limit": ("null_rate", "healthy", "age", {"fail": 0.04}, "pass"),
    "null_rate_zero": ("null_rate", "healthy", "plan", {"fail": 0}, "pass"),
    "null_rate_zero_fails": ("null_rate", "healthy", "age", {"fail": 0}, "fail"),
    "null_rate_empty": ("null_rate", "nobody", "age", {"fail": 0.2}, "fail"),
    "freshness_pass": (
        "freshness",
        "healthy",
        "scored_at",
        CLOCKS
        | {
            "fail": {
                "event_age_minutes": 60,
                "ingest_age_minutes": 60,
                "ingest_lag_p95_minutes": 30,
                "late_share": 0.05,
                "longest_gap_hours": 1,
            }
        },
        "pass",
    ),
    "freshness_warn": ("freshness", "healthy", "scored_at", {"warn": {"event_age_minutes": 20}}, "warn"),
    "freshness_fail": (
        "freshness",
        "broken",
        "scored_at",
        CLOCKS
        | {"warn": {"ingest_lag_p95_minutes": 60}, "fail": {"late_share": 0.1, "longest_gap_hours": 6}},
        "fail",
    ),
    "freshness_empty": ("freshness", "nobody", "scored_at", {"fail": {"event_age_minutes": 60}}, "fail"),
    "join_pass": (
        "join_cardinality",
        "healthy",
        None,
        CUSTOMER | {"fail": {"match_rate": 1, "fan_out": 1, "duplicate_right_rows": 0, "null_key_rows": 0}},
        "pass",
    ),
    "join_warn": ("join_cardinality", "healthy", None, FEWER | {"warn": {"match_rate": 0.9}}, "warn"),
    "join_fail": (
        "join_cardinality",
        "healthy",
        None,
        FEWER | {"warn": {"match_rate": 0.9}, "fail": {"fan_out": 1, "duplicate_right_rows": 10}},
        "fail",
    ),
    "join_left_duplicates": (
        "join_cardinality",
        "healthy",
        None,
        CUSTOMER | {"fail": {"duplicate_left_rows": 0}},
        "fail",
    ),
    "join_empty": ("join_cardinality", "nobody", None, CUSTOMER | {"fail": {"match_rate": 0.5}}, "fail"),
}


def model_yaml(cases: dict[str, Case]) -> str:
    """The YAML a user would write for these cases."""
    models: dict[str, dict[str, Any]] = {}
    for name, (test, model, column, arguments, _) in cases.items():
        entry = models.setdefault(model, {"name": model, "columns": {}, "data_tests": []})
        used = {f"ml_monitor.{test}": {"name": name, "arguments": arguments}}
        if column:
            entry["columns"].setdefault(column, {"name": column, "data_tests": []})["data_tests"].append(used)
        else:
            entry["data_tests"].append(used)
    listed = [model | {"columns": list(model["columns"].values())} for model in models.values()]
    return yaml.safe_dump({"models": listed})


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project with the tables and no monitor."""
    project = Project(tmp_path_factory.mktemp("generic") / "project", as_of=AS_OF)
    project.keep_only({})
    project.raw.mkdir()
    for name, frame in FRAMES.items():
        path = project.raw / f"{name}.parquet"
        times = frame.select_dtypes("datetime").columns
        frame.astype(dict.fromkeys(times, "datetime64[us]")).to_parquet(path, index=False)
        project.write(f"models/{name}.sql", f"select * from read_parquet('{path}')\n")
    project.write("models/_models.yml", model_yaml(CASES))
    return project


@pytest.fixture(scope="module")
def outcomes(project: Project) -> Result:
    """The result of dbt build with every case; failures are stored as tables."""
    return project.dbt("build", "--store-failures", check=1)


def stored(project: Project, name: str) -> pd.DataFrame:
    """The rows a test found."""
    return project.frame(f"select * from main_dbt_test__audit.{name}")


@pytest.mark.parametrize("name", CASES)
def test_status(outcomes: Result, name: str) -> None:
    assert outcomes.errors == {}
    assert outcomes.statuses[name] == CASES[name][-1], outcomes.message(name)


def test_one_test_warns_and_fails(outcomes: Result, project: Project) -> None:
    rows = stored(project, "freshness_fail").set_index("metric")
    assert rows["status"].to_dict() == {
        "ingest_lag_p95_minutes": "warn",
        "late_share": "fail",
        "longest_gap_hours": "fail",
    }
    rows = stored(project, "join_fail").set_index("metric")
    assert rows["status"].to_dict() == {
        "match_rate": "warn",
        "fan_out": "fail",
        "duplicate_right_rows": "fail",
    }
    assert stored(project, "psi_pass").empty


@pytest.mark.parametrize(
    ("name", "frame", "threshold"), [("psi_warn", SLIGHT, 0.05), ("psi_fail", BROKEN, 0.2)]
)
def test_psi_numbers(
    outcomes: Result, project: Project, name: str, frame: pd.DataFrame, threshold: float
) -> None:
    (row,) = stored(project, name).itertuples()
    expected = numeric_psi(TRAINING["age"], frame["age"])
    assert row.value == pytest.approx(expected.excess, abs=1e-9)
    assert row.value > expected.noise
    assert row.threshold == threshold
    n = (expected.current_rows, expected.reference_rows)
    assert (
        row.message == f"{CASES[name][1]}.age: psi {row.value:.4f} is above {threshold} (n {n[0]} / {n[1]})"
    )


def test_categorical_psi_numbers(outcomes: Result, project: Project) -> None:
    (row,) = stored(project, "psi_category_fail").itertuples()
    expected = categorical_psi(TRAINING["plan"], BROKEN["plan"])
    assert row.value == pytest.approx(expected.excess, abs=1e-9)


def test_null_rate_numbers(outcomes: Result, project: Project) -> None:
    (row,) = stored(project, "null_rate_fail").itertuples()
    nulls = BROKEN["age"].isna()
    assert row.value == nulls.mean()
    assert row.message == (
        f"broken.age: null_rate {nulls.mean():.4f} is above 0.2 ({nulls.sum()} of {len(nulls)} rows)"
    )


def test_freshness_numbers(outcomes: Result, project: Project) -> None:
    values = stored(project, "freshness_fail").set_index("metric")["value"]
    lag = (BROKEN["logged_at"] - BROKEN["scored_at"]).dt.total_seconds() / 60
    p95 = np.quantile(lag, 0.95, method="inverted_cdf")
    assert values["ingest_lag_p95_minutes"] == pytest.approx(p95, abs=1e-9)
    assert values["late_share"] == pytest.approx((lag > 60).mean(), abs=1e-12)
    hours = np.sort(BROKEN["scored_at"].dt.floor("h").unique())
    gap = (np.diff(hours) / np.timedelta64(1, "h")).max() - 1
    assert values["longest_gap_hours"] == gap >= 8
    (age,) = stored(project, "freshness_warn").itertuples()
    assert age.value == pytest.approx(30, abs=1e-9)


def test_join_numbers(outcomes: Result, project: Project) -> None:
    values = stored(project, "join_fail").set_index("metric")["value"]
    joined = HEALTHY.merge(FEWER_CUSTOMERS, left_on="customer_id", right_on="customer", how="left")
    matched = HEALTHY["customer_id"].isin(FEWER_CUSTOMERS["customer"])
    assert values["match_rate"] == pytest.approx(matched.mean(), abs=1e-12)
    assert values["fan_out"] == pytest.approx(len(joined) / len(HEALTHY), abs=1e-12)
    assert values["duplicate_right_rows"] == 40
    (left,) = stored(project, "join_left_duplicates").itertuples()
    assert left.value == HEALTHY["customer_id"].duplicated().sum()


@pytest.mark.parametrize("name", ["psi_empty", "null_rate_empty", "freshness_empty", "join_empty"])
def test_an_empty_table_fails_and_says_so(outcomes: Result, project: Project, name: str) -> None:
    (row,) = stored(project, name).itertuples()
    assert row.status == "fail"
    assert pd.isna(row.value)
    assert "could not be computed: no rows with a value" in row.message


def test_too_few_rows_warn_and_say_so(outcomes: Result, project: Project) -> None:
    (row,) = stored(project, "psi_few").itertuples()
    few = int(HEALTHY.head(40)["age"].notna().sum())
    assert (row.status, row.message) == (
        "warn",
        f"few.age: psi not evaluated: {few} rows, needs 500 (n {few} / {TRAINING['age'].notna().sum()})",
    )


def test_the_summary_prints_the_messages(outcomes: Result) -> None:
    assert re.search(
        r"ml_monitor  FAIL  psi_fail\n  broken\.age: psi \d\.\d{4} is above 0\.2", outcomes.output
    )
    assert re.search(
        r"ml_monitor  WARN  psi_warn\n  slight\.age: psi 0\.\d{4} is above 0\.05", outcomes.output
    )


def test_a_dry_run_on_empty_tables_passes(project: Project, outcomes: Result) -> None:
    result = project.dbt("build", "--empty")
    assert result.exit_code == 0, result.output
    assert set(CASES) <= result.named("pass", "test")


MISTAKES: dict[str, tuple[Case, list[str]]] = {
    "no_limit": (
        ("null_rate", "healthy", "age", {}, "error"),
        ["no limit is given", "Allowed: warn, fail", "- ml_monitor.null_rate:", "arguments: {fail: 0.2}"],
    ),
    "unknown_limit": (
        ("freshness", "healthy", "scored_at", {"fail": {"event_age_hours": 2}}, "error"),
        [
            "unknown limit event_age_hours",
            "Allowed with these arguments: event_age_minutes, ingest_age_minutes, ingest_lag_p95_minutes, late_share, "
            "longest_gap_hours",
            "arguments: {fail: {event_age_minutes: 1}}",
        ],
    ),
    "unknown_kind": (
        ("psi", "healthy", "age", AGES | {"kind": "text"}, "error"),
        ["kind is 'text'", "allowed: numeric, categorical", "Write kind: categorical"],
    ),
}
ABSENT: dict[str, Case] = {
    "absent_psi": ("psi", "healthy", "aeg", AGES, "error"),
    "absent_null_rate": ("null_rate", "healthy", "aeg", {"fail": 0.5}, "error"),
    "absent_freshness": ("freshness", "healthy", "scored", {"fail": {"event_age_minutes": 60}}, "error"),
    "absent_key": (
        "join_cardinality",
        "healthy",
        None,
        {"to": "ref('customers')", "keys": {"client_id": "customer"}, "fail": {"match_rate": 0.5}},
        "error",
    ),
    "lag_without_ingest": (
        "freshness",
        "healthy",
        "scored_at",
        {"fail": {"ingest_lag_p95_minutes": 60}},
        "fail",
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_raises_with_what_to_write(project: Project, outcomes: Result, name: str) -> None:
    case, texts = MISTAKES[name]
    project.write("models/_models.yml", model_yaml({name: case}))
    result = project.dbt("parse")
    assert result.exit_code == 2
    assert f"Compilation Error in test {name} (models/_models.yml)" in result.output
    for text in texts:
        assert text in result.output


def test_what_is_not_there_never_passes(project: Project, outcomes: Result) -> None:
    project.write("models/_models.yml", model_yaml(ABSENT))
    result = project.dbt("build", check=1)
    found = {name: result.statuses[name] for name in ABSENT}
    assert found == {name: case[-1] for name, case in ABSENT.items()}
