"""Every failure of docs/failures.md, injected: one monitor, one fault a day, and that day fails the named check and no other.

The monitor declares all that a monitor can. Its days are healthy but for one fault each, from day 40 on, with a healthy day
between; findings are those of checks whose window ends on the fault's day.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import tiny_monitor
from conftest import POLICIES, ROOT, Project

NAME = "shop"
OWNER = "shop-ml@example.com"
START = pd.Timestamp("2025-01-06")
FIRST_FAULT = 40
ROWS_PER_DAY = 1200
HOUR = pd.Timedelta(hours=1)
COUNTRIES = ["de", "fr", "it", "nl"]
CITIES = ["Berlin", "Paris", "Rome", "Utrecht", "Lyon", "Turin"]
ALL = "__rows__"
# Stands for NaN in the Parquet file, since pandas has no NaN beside NULL.
NAN = -987654.0

STAGING = f"""
anchors:
  - &double "{{{{ 'double precision' if target.type in ('postgres', 'redshift') else 'double' }}}}"

models:
  - name: stg_shop__inferences
    description: One row per write of the scoring service.
    config:
      contract: {{enforced: true}}
      meta:
        ml_monitor:
          task: binary
          owner: {OWNER}
          segments: [country]
          late_after_minutes: 60
          replay_after_minutes: 60
          rules:
            - {{name: ended_after_started, condition: ended_at >= started_at}}
            - {{name: paid_at_most_amount, condition: paid <= amount, hard: true}}
    columns:
      - {{name: prediction_id, data_type: string, config: {{meta: {{role: prediction_id}}}}}}
      - {{name: event_time, data_type: timestamp, config: {{meta: {{role: event_time}}}}}}
      - {{name: ingest_time, data_type: timestamp, config: {{meta: {{role: ingest_time}}}}}}
      - {{name: model_version, data_type: string, config: {{meta: {{role: model_version}}}}}}
      - {{name: amount, data_type: *double, config: {{meta: {{role: feature, unit: euro, max_null_rate: 0.05}}}}}}
      - {{name: paid, data_type: *double, config: {{meta: {{role: context, unit: euro}}}}}}
      - {{name: distance, data_type: *double, config: {{meta: {{role: feature, unit: miles}}}}}}
      - {{name: speed, data_type: *double, config: {{meta: {{role: feature}}}}}}
      - {{name: refunds, data_type: int, config: {{meta: {{role: feature, default_value: 7}}}}}}
      - {{name: discount, data_type: *double, config: {{meta: {{role: feature, min: 0, max: 1}}}}}}
      - {{name: country, data_type: string, config: {{meta: {{role: feature, accepted_values: [de, fr, it, nl]}}}}}}
      - {{name: city, data_type: string, config: {{meta: {{role: feature}}}}}}
      - {{name: store, data_type: string, config: {{meta: {{role: feature}}}}}}
      - {{name: zip, data_type: string, config: {{meta: {{role: feature, pattern: '^[0-9]{{5}}$'}}}}}}
      - {{name: code, data_type: string, config: {{meta: {{role: context, pattern: '^[A-Z]{{2}}[0-9]{{3}}$', hard: true}}}}}}
      - {{name: device, data_type: string, config: {{meta: {{role: feature, exact_distinct: true}}}}}}
      - {{name: started_at, data_type: timestamp, config: {{meta: {{role: context}}}}}}
      - {{name: ended_at, data_type: timestamp, config: {{meta: {{role: context}}}}}}
      - {{name: features_at, data_type: timestamp, config: {{meta: {{role: feature_time}}}}}}
      - {{name: customer_id, data_type: int, config: {{meta: {{role: join_key}}}}}}
      - {{name: score, data_type: *double, config: {{meta: {{role: score, min: 0, max: 1}}}}}}
      - {{name: latency_ms, data_type: *double, config: {{meta: {{role: latency_ms}}}}}}
      - {{name: status, data_type: string, config: {{meta: {{role: status}}}}}}

  - name: stg_shop__customer
    description: Keys of the customers.
    config: {{contract: {{enforced: true}}}}
    columns:
      - {{name: id, data_type: int, config: {{meta: {{role: join_key, inference_column: customer_id}}}}}}
"""

# Limits that need a person to know the column; the rest are the defaults of seeds/ml_policy_rules.csv. The first lines exempt
# from PSI the columns whose faults are no drift, so that each fault has one cause and one finding.
OWN_POLICIES = """\
{exempt}
shop-clipped,shop,clipped_rate,day,none,__all__,discount,,,,0.2,500,
shop-outside,shop,outside_reference_rate,day,none,__all__,speed,,,,0.05,500,
shop-unseen-rate,shop,unseen_rate,day,none,__all__,store,,,,0.5,500,
shop-spike,shop,spike_share_change,day,serving,__all__,distance,,,,0.1,500,
shop-sparse,shop,nonzero_rate,day,none,__all__,refunds,,0.02,,,500,
shop-top,shop,top_value_share,day,none,__all__,store,,,,0.9,500,
shop-p99,shop,p99,day,none,__all__,latency_ms,,,,500,500,
shop-distinct,shop,distinct_count,day,none,__all__,device,,20,,,500,
shop-exact,shop,exact_duplicate_rate,hour,none,__all__,*,,,,0.05,20,
shop-conflicting,shop,conflicting_duplicate_rate,hour,none,__all__,*,,,,0.05,20,
shop-replay,shop,replay_rate,hour,none,__all__,*,,,,0.05,20,
shop-missing-hours,shop,missing_hours,day,none,__all__,*,,,,2,0,
"""
EXEMPT = ["amount", "speed", "refunds", "discount", "country", "store", "zip", "device"]


def share(rows: pd.Series, part: float) -> pd.Series:
    """A part of the marked rows, spread evenly."""
    return rows & (np.floor(rows.cumsum() * part) > np.floor((rows.cumsum() - 1) * part))


def set_column(column: str, value: object, part: float) -> Callable[[pd.DataFrame, pd.Series], None]:
    """A fault that overwrites a part of a column."""

    def fault(rows: pd.DataFrame, day: pd.Series) -> None:
        rows.loc[share(day, part), column] = value

    return fault


def map_column(
    column: str, change: Callable[[pd.Series], pd.Series]
) -> Callable[[pd.DataFrame, pd.Series], None]:
    """A fault that recomputes a column."""

    def fault(rows: pd.DataFrame, day: pd.Series) -> None:
        rows.loc[day, column] = change(rows.loc[day, column])

    return fault


def spike(rows: pd.DataFrame, day: pd.Series) -> None:
    """30 % of the distances are one value: the median of the days that the grid is made of."""
    early = rows.loc[rows["event_time"] < START + pd.Timedelta(days=28), "distance"]
    rows.loc[share(day, 0.3), "distance"] = np.quantile(early, 0.5, method="inverted_cdf")


def hours(rows: pd.DataFrame, day: pd.Series, first: int = 9, last: int = 13) -> pd.Series:
    """The rows of some hours of the day."""
    return day & rows["event_time"].dt.hour.between(first, last - 1)


def move(
    column: str, by: pd.Timedelta, first: int = 9, last: int = 13
) -> Callable[[pd.DataFrame, pd.Series], None]:
    """A fault that moves a time for four hours."""

    def fault(rows: pd.DataFrame, day: pd.Series) -> None:
        rows.loc[hours(rows, day, first, last), column] += by

    return fault


def copied(
    change: dict[str, object], later: pd.Timedelta
) -> Callable[[pd.DataFrame, pd.Series], pd.DataFrame]:
    """A fault that writes 30 % of four hours twice."""

    def fault(rows: pd.DataFrame, day: pd.Series) -> pd.DataFrame:
        copies = rows[share(hours(rows, day), 0.3)].copy()
        copies["ingest_time"] += later
        for column, value in change.items():
            copies[column] = value
        return pd.concat([rows, copies], ignore_index=True)

    return fault


def without(
    keep: Callable[[pd.DataFrame], pd.Series],
) -> Callable[[pd.DataFrame, pd.Series], pd.DataFrame]:
    """A fault that loses rows of the day."""

    def fault(rows: pd.DataFrame, day: pd.Series) -> pd.DataFrame:
        return rows[~day | keep(rows)].reset_index(drop=True)

    return fault


@dataclass
class Failure:
    """A fault, the gate it fails, and the failing checks as metric -> subject."""

    category: str
    checks: dict[tuple[str, str], str]
    fault: Callable[[pd.DataFrame, pd.Series], pd.DataFrame | None]
    warnings: set[tuple[str, str]] = field(default_factory=set)


FAILURES: dict[str, Failure] = {
    # Completeness
    "nulls": Failure(
        "quality",
        {
            ("null_rate", "amount"): "300 of 1200 rows",
            ("null_share_change", "amount"): "share 25.00 %, was 0.00 %",
        },
        set_column("amount", None, 0.25),
    ),
    "nan": Failure("quality", {("nan_rate", "speed"): "840 of 1200 rows"}, set_column("speed", NAN, 0.7)),
    "infinity": Failure(
        "quality", {("infinite_rate", "speed"): "120 of 1200 rows"}, set_column("speed", np.inf, 0.1)
    ),
    "empty_text": Failure(
        "quality", {("empty_rate", "store"): "480 of 1200 rows"}, set_column("store", "", 0.4)
    ),
    "default_value": Failure(
        "drift", {("default_share_change", "refunds"): r"share 30\.\d+ %"}, set_column("refunds", 7, 0.3)
    ),
    "zero_surge": Failure(
        "drift",
        {
            ("zero_share_change", "distance"): r"share 30\.\d+ %, was 0\.\d+ %",
            ("psi", "distance"): "share of .* from",
        },
        set_column("distance", 0.0, 0.3),
    ),
    "sparse_feature_silent": Failure(
        "quality",
        {("nonzero_rate", "refunds"): "0 of 1200 rows"},
        set_column("refunds", 0, 1),
        {("zero_share_change", "refunds")},
    ),
    "one_value": Failure(
        "quality", {("top_value_share", "store"): r"100\.0 % is above 90 %"}, set_column("store", "north", 1)
    ),
    "spike": Failure(
        "drift",
        {("spike_share_change", "distance"): r"share 3\d\.\d+ %", ("psi", "distance"): "share of .* from"},
        spike,
    ),
    "few_distinct": Failure(
        "quality", {("distinct_count", "device"): "1.000 is below 20"}, set_column("device", "d1", 1)
    ),
    "outside_reference": Failure(
        "quality",
        {("outside_reference_rate", "speed"): r"12\d of 1200 rows"},
        set_column("speed", 1e6, 0.1),
    ),
    "unknown_values": Failure(
        "drift",
        {("psi", "city"): r"share of other values \(mostly Atlantis\) rose from 0\.0 % to 20\.\d %"},
        set_column("city", "Atlantis", 0.2),
    ),
    "missing_hours": Failure(
        "freshness",
        {
            ("missing_hours", ALL): "4.000 h is above 2 h",
            ("late_hours", ALL): "lateness of the source 4.000 h is above 3 h",
        },
        without(lambda rows: ~rows["event_time"].dt.hour.between(9, 12)),
        {("seasonal_volume_ratio", ALL), ("late_hours", ALL)},
    ),
    "few_rows": Failure(
        "volume",
        {("volume_ratio", ALL): r"\d+ rows, expected 1\d\d\d"},
        without(lambda rows: pd.Series(np.arange(len(rows)) % 3 == 0, index=rows.index)),
    ),
    "few_rows_for_an_hour": Failure(
        "volume",
        {},
        without(lambda rows: ~rows["event_time"].dt.hour.eq(12) | (np.arange(len(rows)) % 8 == 0)),
        {("seasonal_volume_ratio", ALL)},
    ),
    # Validity
    "out_of_range": Failure(
        "quality", {("invalid_rate", "discount"): "120 of 1200 rows"}, set_column("discount", 1.5, 0.1)
    ),
    "unaccepted_value": Failure(
        "quality", {("invalid_rate", "country"): "240 of 1200 rows"}, set_column("country", "xx", 0.2)
    ),
    "bad_pattern": Failure(
        "quality", {("invalid_rate", "zip"): "120 of 1200 rows"}, set_column("zip", "1x345", 0.1)
    ),
    "clipped": Failure(
        "quality", {("clipped_rate", "discount"): "480 of 1200 rows"}, set_column("discount", 1.0, 0.4)
    ),
    "numbers_as_text": Failure(
        "contract", {("numeric_text_rate", "store"): "36 of 1200 rows"}, set_column("store", "1,234.5", 0.03)
    ),
    "slow": Failure(
        "quality",
        {("p99", "latency_ms"): "is above 500", ("latency_p95_ratio", ALL): "is above 3"},
        map_column("latency_ms", lambda x: x * 10),
        {("latency_p99_ratio", ALL)},
    ),
    "end_before_start": Failure(
        "quality",
        {("rule_violation_rate", "ended_after_started"): "120 of 1200 rows"},
        set_column("ended_at", START, 0.1),
    ),
    # Quarantine
    "hard_pattern": Failure(
        "contract", {("quarantine_rate", ALL): "see shop__quarantine"}, set_column("code", "nonsense", 0.2)
    ),
    "hard_rule": Failure(
        "contract", {("quarantine_rate", ALL): "see shop__quarantine"}, set_column("paid", 1e9, 0.2)
    ),
    "events_of_1970": Failure(
        "contract",
        {("quarantine_rate", ALL): "see shop__quarantine"},
        set_column("event_time", pd.Timestamp("1970-01-01"), 0.1),
    ),
    "no_key": Failure(
        "contract", {("quarantine_rate", ALL): "see shop__quarantine"}, set_column("prediction_id", None, 0.1)
    ),
    # Uniqueness
    "written_twice": Failure(
        "quality",
        {
            ("duplicate_rate", ALL): "(\\d+) of \\d+ rows, \\1 of them exact copies",
            ("exact_duplicate_rate", ALL): "rows",
        },
        copied({}, pd.Timedelta(seconds=30)),
    ),
    "conflicting_copies": Failure(
        "quality",
        {
            ("duplicate_rate", ALL): "rows, 0 of them exact copies",
            ("conflicting_duplicate_rate", ALL): "rows",
        },
        copied({"latency_ms": 1.0}, pd.Timedelta(seconds=30)),
    ),
    "replayed": Failure(
        "quality",
        {
            ("duplicate_rate", ALL): "exact copies",
            ("exact_duplicate_rate", ALL): "rows",
            ("replay_rate", ALL): "rows",
        },
        copied({}, 5 * HOUR),
    ),
    # Joins
    "lost_partners": Failure(
        "quality",
        {("join_match_rate", "customer"): "rows found a partner"},
        set_column("customer_id", 123456, 0.9),
    ),
    "multiplied_rows": Failure(
        "quality", {("join_fan_out", "customer"): "rows become"}, set_column("customer_id", 9999, 0.1)
    ),
    "lost_segment": Failure(
        "volume",
        {("lost_segment_share", ALL): "no rows of country nl"},
        without(lambda rows: rows["country"] != "nl"),
    ),
    # Leakage
    "feature_from_the_future": Failure(
        "quality",
        {("late_feature_rate", "features_at"): "120 of 1200 rows"},
        set_column("features_at", pd.Timestamp("2026-01-01"), 0.1),
    ),
    # Timeliness
    "late_file": Failure(
        "freshness",
        {("late_share", ALL): r"of \d+ rows\)"},
        move("ingest_time", pd.Timedelta(minutes=137)),
        {("ingest_lag_p95_minutes", ALL)},
    ),
    "zone_behind": Failure(
        "freshness",
        {("late_share", ALL): r"off by 5\.0 hours: a time zone\?"},
        move("ingest_time", 5 * HOUR),
        {("ingest_lag_p95_minutes", ALL)},
    ),
    "zone_ahead": Failure(
        "contract",
        {("quarantine_rate", ALL): r"off by 5\.0 hours: a time zone\?"},
        move("event_time", 5 * HOUR, 9, 11),
        # Of the hour after, the few rows that were ingested in it.
        {("seasonal_volume_ratio", ALL), ("quarantine_rate", ALL), ("late_hours", ALL)},
    ),
    # Units and errors
    "kilometres": Failure(
        "drift",
        {("psi", "distance"): "looks like miles to kilometres"},
        map_column("distance", lambda x: x * 1.609344),
    ),
    "cents": Failure(
        "drift", {("psi", "distance"): "looks like x 100"}, map_column("distance", lambda x: x * 100)
    ),
    "errors": Failure("quality", {("error_rate", ALL): "is above"}, set_column("status", "timeout", 0.5)),
}
DAYS = FIRST_FAULT + 2 * len(FAILURES)


def day_of(name: str) -> pd.Timestamp:
    """The day of a fault."""
    return START + pd.Timedelta(days=FIRST_FAULT + 2 * list(FAILURES).index(name))


def generate() -> dict[str, pd.DataFrame]:
    """Healthy rows, with each fault on its day."""
    random = np.random.default_rng(11)
    count = DAYS * ROWS_PER_DAY
    seconds = np.repeat(np.arange(DAYS) * 86400, ROWS_PER_DAY) + np.tile(
        np.linspace(0, 86300, ROWS_PER_DAY), DAYS
    )
    event_time = START + pd.to_timedelta((seconds * 1e6).astype("int64"), unit="us")
    score = random.beta(2, 5, count).round(6)
    amount = (100 + 15 * random.standard_normal(count)).round(3)
    rows = pd.DataFrame(
        {
            "prediction_id": [f"p{number:07d}" for number in range(count)],
            "event_time": event_time.astype("datetime64[us]"),
            "ingest_time": (event_time + pd.Timedelta(seconds=40)).astype("datetime64[us]"),
            "model_version": "v1",
            "amount": amount,
            "paid": (amount * random.random(count)).round(3),
            "distance": np.exp(random.normal(2, 0.2, count)).round(3),
            "speed": (60 + 9 * random.standard_normal(count)).round(3),
            "refunds": np.where(random.random(count) < 0.9, 0, random.poisson(2, count) + 1).astype("int32"),
            "discount": random.uniform(0.01, 0.99, count).round(4),
            "country": random.choice(COUNTRIES, count, p=[0.4, 0.3, 0.2, 0.1]),
            "city": random.choice(CITIES, count),
            "store": random.choice(["north", "south"], count),
            "zip": [f"{number:05d}" for number in random.integers(10000, 10050, count)],
            "code": [f"AB{number:03d}" for number in random.integers(0, 1000, count)],
            "device": [f"d{number}" for number in random.integers(0, 300, count)],
            "started_at": (event_time - HOUR).astype("datetime64[us]"),
            "ended_at": (event_time - HOUR / 2).astype("datetime64[us]"),
            "features_at": (event_time - HOUR / 60).astype("datetime64[us]"),
            "customer_id": random.integers(1, 301, count).astype("int32"),
            "score": score,
            "latency_ms": (20 * np.exp(0.5 * random.standard_normal(count))).round(3),
            "status": "ok",
        }
    )
    for name, failure in FAILURES.items():
        first = day_of(name)
        # Faults move times: the day is that of the healthy row, by its number.
        day = pd.Series(
            rows["event_time"].between(first, first + 24 * HOUR, inclusive="left"), index=rows.index
        )
        changed = failure.fault(rows, day)
        rows = rows if changed is None else changed
    customers = pd.DataFrame({"id": [*range(1, 301), 9999, 9999]}, dtype="int32")
    return {"inferences": rows, "customer": customers}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The monitor, built once up to the end of its data, every window judged."""
    project = Project(tmp_path_factory.mktemp("shop") / "project", as_of=str(START + pd.Timedelta(days=DAYS)))
    project.keep_only({NAME: ["customer"]})
    frames = generate()
    tiny_monitor.write_frames(project.raw / NAME, frames)
    project.write(f"models/staging/{NAME}/_{NAME}.yml", STAGING.lstrip())
    nan = f"case when speed = {NAN} then cast('NaN' as double) else speed end as speed"
    select = ",\n    ".join(nan if column == "speed" else column for column in frames["inferences"].columns)
    path = "read_parquet('{{ env_var('ML_RAW_PATH') }}/shop/%s.parquet')"
    project.write(
        f"models/staging/{NAME}/stg_{NAME}__inferences.sql",
        f"select\n    {select}\nfrom {path % 'inferences'}\n",
    )
    project.write(f"models/staging/{NAME}/stg_{NAME}__customer.sql", f"select id\nfrom {path % 'customer'}\n")
    project.scaffold(NAME, ["customer"])
    exempt = "\n".join(
        f"shop-no-{metric}-{column},shop,{metric},day,serving,__all__,{column},,,,,500,"
        for column in EXEMPT
        for metric in ("psi",)
    )
    project.append(POLICIES, OWN_POLICIES.format(exempt=exempt))
    result = project.dbt("build", vars={"ml_gate_lookback_hours": 24 * DAYS})
    assert result.errors == {}
    return project


@pytest.fixture(scope="module")
def findings(shop: Project) -> pd.DataFrame:
    """All failing and warning checks of hours and days, with the day their window belongs to."""
    frame = shop.frame(
        "select * from shop__checks where status in ('warn', 'fail') and window_grain in ('hour', 'day')"
    )
    frame["day"] = (frame["window_end"] - pd.Timedelta(microseconds=1)).dt.floor("D")
    return frame


def of_day(findings: pd.DataFrame, day: pd.Timestamp, status: str) -> set[tuple[str, str]]:
    """Metric and subject of the findings of a day."""
    rows = findings[(findings["day"] == day) & (findings["status"] == status)]
    return set(zip(rows["metric"], rows["subject"], strict=True))


@pytest.mark.parametrize("name", FAILURES)
def test_a_failure_fails_its_gate_and_no_other(findings: pd.DataFrame, name: str) -> None:
    failure, day = FAILURES[name], day_of(name)
    assert of_day(findings, day, "fail") == set(failure.checks)
    assert of_day(findings, day, "warn") == failure.warnings
    failing = findings[(findings["day"] == day) & (findings["status"] == "fail")]
    assert set(failing["category"]) == ({failure.category} if failure.checks else set())
    for (metric, subject), pattern in failure.checks.items():
        mine = failing[(failing["metric"] == metric) & (failing["subject"] == subject)]
        assert any(re.search(pattern, message) for message in mine["message"]), mine["message"].tolist()


def test_healthy_days_have_no_findings(findings: pd.DataFrame) -> None:
    broken = {day_of(name) for name in FAILURES}
    healthy = findings[~findings["day"].isin(broken)]
    assert healthy[["day", "metric", "subject", "status", "value"]].values.tolist() == []


def test_rows_queries_return_the_rows_that_were_counted(shop: Project, findings: pd.DataFrame) -> None:
    """`n of m rows` in a message is the number of rows that the query returns."""
    counted = findings[
        findings["rows_query"].notna() & findings["message"].str.contains(r"; \d+ of \d+ rows")
    ]
    assert set(counted["metric"]) >= {
        *("null_rate", "nan_rate", "infinite_rate", "empty_rate", "invalid_rate", "clipped_rate"),
        *("numeric_text_rate", "outside_reference_rate", "rule_violation_rate", "late_feature_rate"),
        *("duplicate_rate", "exact_duplicate_rate", "conflicting_duplicate_rate", "replay_rate"),
        *("quarantine_rate", "late_share", "join_match_rate"),
    }
    for row in counted.drop_duplicates(["metric", "subject", "day"]).itertuples():
        part, whole = map(int, re.search(r"; (\d+) of (\d+) rows", row.message).groups())
        # These two say how many are well, and the query returns the others.
        expected = whole - part if row.metric in ("join_match_rate", "nonzero_rate") else part
        assert len(shop.query(row.rows_query)) == expected, row.rows_query


def test_rows_queries_of_shares_return_the_share(shop: Project, findings: pd.DataFrame) -> None:
    shares = findings[
        findings["metric"].isin(["zero_share_change", "default_share_change", "null_share_change"])
    ]
    assert set(shares["metric"]) == {"zero_share_change", "default_share_change", "null_share_change"}
    for row in shares.itertuples():
        share_of_rows = float(re.search(r"share ([\d.]+) %", row.message).group(1)) / 100
        assert len(shop.query(row.rows_query)) / row.sample_size == pytest.approx(share_of_rows, abs=1e-4)


def test_checks_that_find_rows_have_a_query(findings: pd.DataFrame) -> None:
    without_rows = {
        *(
            "volume_ratio",
            "seasonal_volume_ratio",
            "missing_hours",
            "late_hours",
            "lost_segment_share",
            "p99",
            "latency_p95_ratio",
            "latency_p99_ratio",
        ),
        "distinct_count",
    }
    assert set(findings.loc[findings["rows_query"].isna(), "metric"]) == without_rows


def test_quarantine_keeps_reason_raw_values_and_when_it_was_seen(shop: Project) -> None:
    frame = shop.frame("select * from shop__quarantine")
    reasons = frame.groupby("ml_quarantine_reason").size().to_dict()
    assert set(reasons) == {
        *("invalid:code", "rule:paid_at_most_amount", "event_too_old", "missing_prediction_id"),
        "event_after_ingest",
    }
    assert set(frame.loc[frame["ml_quarantine_reason"] == "invalid:code", "code"]) == {"nonsense"}
    assert (frame.loc[frame["ml_quarantine_reason"] == "event_too_old", "event_time"].dt.year == 1970).all()
    known = frame[frame["prediction_id"].notna()]
    assert (known["ml_first_seen"] == known["ingest_time"]).all()
    assert (known["ml_last_seen"] == known["ingest_time"]).all()


def test_a_mended_staging_is_replayed(shop: Project, tmp_path: Path) -> None:
    """Rows in quarantine for a fault that staging now mends count again after replay_quarantine; nothing else is read."""
    project = shop.copy_to(tmp_path / "project")
    project.raw = shop.raw
    project.replace(
        f"models/staging/{NAME}/stg_{NAME}__inferences.sql",
        "    code,",
        "    case when code = 'nonsense' then 'AB000' else code end as code,",
    )
    build = ("run", "-s", "shop__inferences_log", "stg_shop__inferences")
    project.dbt(*build)
    count = "select count(*) from shop__inferences_log where ml_quarantine_reason = 'invalid:code'"
    assert project.value(count) == shop.value(count) > 0
    project.dbt("run-operation", "replay_quarantine", "--args", "{monitor: shop, reason: 'invalid:code'}")
    project.dbt(*build)
    assert project.value(count) == 0
    states = "select ml_row_state, count(*) from shop__inferences_log group by all"
    before, after = dict(shop.query(states)), dict(project.query(states))
    assert (
        after["current"] - before["current"]
        == shop.value(count)
        == before["quarantined"] - after["quarantined"]
    )
    result = project.dbt(
        "run-operation", "replay_quarantine", "--args", "{monitor: shop, reason: oops}", check=None
    )
    assert result.exit_code != 0
    assert "there are: event_after_ingest" in result.output


def test_the_page_of_failures_lists_every_case() -> None:
    """docs/failures.md has one row per case: its name, gate and metrics."""
    page = (ROOT / "docs" / "failures.md").read_text(encoding="utf-8")
    rows = {
        cells[1].strip().strip("`"): cells
        for cells in (line.split("|") for line in page.splitlines() if line.startswith("| `"))
    }
    for name, failure in FAILURES.items():
        assert name in rows, f"{name} is not in docs/failures.md"
        assert failure.category in rows[name][3]
        for metric, _ in set(failure.checks) | failure.warnings:
            assert f"`{metric}`" in rows[name][4], (name, metric)
