"""The decision to retrain: every case of evidence, over findings and performance that are given."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from fleet_sql import FleetSql

END = pd.Timestamp("2025-06-01")
DECLARED = (
    "retraining: {when: [[performance], [drift_with_impact, age]], sustained_days: 5, max_age_days: 90, "
    "min_labels: 1000, cool_down_days: 10}"
)
FALL = ("performance", "accuracy_change", "__rows__", "fail", 20, 1, None)
DRIFT = ("drift", "psi", "amount", "warn", 15, 2, None)


@pytest.fixture(scope="module")
def views(tmp_path_factory: pytest.TempPathFactory) -> FleetSql:
    return FleetSql(tmp_path_factory.mktemp("retraining"), ["ml_retraining"], DECLARED)


def decide(
    views: FleetSql,
    findings: list[tuple[Any, ...]],
    age: int = 60,
    labels_a_day: int = 50,
    mature_until: int = 3,
) -> dict[str, Any]:
    """The row of the monitor. The numbers of a finding are days ago: when it began, was last seen, and was resolved."""
    names = ["category", "metric", "subject", "status", "began", "seen", "resolved"]
    rows = pd.DataFrame(findings, columns=names)
    ago = {name: END - pd.to_timedelta(pd.to_numeric(rows[name]), unit="D") for name in names[4:]}
    found = rows[names[:4]].assign(
        monitor="tiny",
        segment_name="__all__",
        baseline="serving",
        first_window_start=ago["began"],
        opened_at=ago["began"] + pd.Timedelta(days=1),
        last_seen_at=ago["seen"],
        resolved_at=pd.to_datetime(ago["resolved"]),
    )
    days = pd.date_range(END - pd.Timedelta(days=150), END - pd.Timedelta(days=1))
    performance = []
    for day in days:
        version = "v2" if day >= END - pd.Timedelta(days=age) else "v1"
        for name in (version, "__all__"):
            is_mature = day < END - pd.Timedelta(days=mature_until)
            performance.append([name, day, day + pd.Timedelta(days=1), 100, labels_a_day, is_mature])
    columns = "model_version window_start window_end predicted_rows labelled_rows is_mature"
    views.give(
        ml_incident_findings=found.astype({"category": str, "metric": str, "subject": str, "status": str}),
        ml_performance=pd.DataFrame(performance, columns=columns.split()).assign(
            monitor="tiny", window_grain="day", segment_name="__all__"
        ),
        ml_runs=pd.DataFrame({"monitor": ["tiny"], "as_of": [END]}),
    )
    (row,) = views.frame("select * from ml_retraining").to_dict("records")
    return row


@pytest.mark.parametrize(
    ("findings", "given", "decision", "reason"),
    [
        ([], {}, "keep", "no evidence asks for it"),
        ([FALL], {}, "retrain", "performance fails since 2025-05-12"),
        ([(*FALL[:3], "warn", *FALL[4:])], {}, "keep", "no evidence asks for it"),
        ([(*FALL[:4], 4, 1, None)], {}, "keep", "no evidence asks for it"),
        ([(*FALL[:6], 1)], {}, "keep", "no evidence asks for it"),
        ([("performance", "label_coverage_ratio", *FALL[2:])], {}, "keep", "no evidence asks for it"),
        ([DRIFT], {}, "keep", "virtual drift since 2025-05-17 (amount): performance did not fall"),
        # A fall that is over: the drift had an impact, and the version is old.
        (
            [DRIFT, (*FALL[:3], "warn", 14, 12, 8)],
            {"age": 100},
            "retrain",
            "drift since 2025-05-17 (amount), and performance fell beside it; the version serves for 100 days",
        ),
        (
            [DRIFT, (*FALL[:3], "warn", 14, 12, 8)],
            {},
            "keep",
            "drift since 2025-05-17 (amount), and performance fell beside it",
        ),
        (
            [FALL],
            {"age": 5},
            "wait",
            "waits for labels: 100 mature ones since 2025-05-27, needs 1000; "
            "waits until 2025-06-06, 10 days after the version began; performance fails since 2025-05-12",
        ),
        (
            [FALL],
            {"age": 5, "labels_a_day": 900},
            "wait",
            "waits until 2025-06-06, 10 days after the version began; performance fails since 2025-05-12",
        ),
    ],
)
def test_the_decision_follows_from_the_evidence(
    views: FleetSql, findings: list[tuple[Any, ...]], given: dict[str, int], decision: str, reason: str
) -> None:
    row = decide(views, findings, **given)
    assert (row["decision"], row["reason"]) == (decision, reason)
    # The same evidence, the same answer.
    assert decide(views, findings, **given)["evidence_id"] == row["evidence_id"]


def test_the_data_since_the_change_is_used_where_it_has_labels_enough(views: FleetSql) -> None:
    rich = decide(views, [FALL], labels_a_day=90)
    assert (rich["train_from"], rich["train_labels"]) == (pd.Timestamp("2025-05-12"), 17 * 90)
    poor = decide(views, [FALL], labels_a_day=20)
    assert (poor["train_from"], poor["train_labels"]) == (END - pd.Timedelta(days=150), 147 * 20)
    assert rich["train_until"] == poor["train_until"] == END - pd.Timedelta(days=3)
    assert (rich["model_version"], rich["version_since"]) == ("v2", END - pd.Timedelta(days=60))
    assert rich["evidence_id"] == poor["evidence_id"]
    assert decide(views, [])["evidence_id"] != rich["evidence_id"]
