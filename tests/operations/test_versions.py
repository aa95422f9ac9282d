"""Which version may serve, and which may replace another one; policies tried before they are merged; windows that come again."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import tiny_monitor
from conftest import Project, Result
from tiny_monitor import START

END = START + pd.Timedelta(days=10)
WEEKLY = """{{ ml_monitor.recurring_windows(
    '2025-01-01 02:00:00', '2025-01-01 06:00:00', every_days=7, until='2025-01-30 00:00:00', reason='backup'
) }}
"""
REGISTRY = """monitor,model_version,approved_by,approved_at,retired_at
tiny,v1,anna,2020-01-01 00:00:00,{retired}
*,v2,anna,2020-01-01 00:00:00,
"""

TRIED = (
    "{'metric': 'late_share', 'window_grain': 'hour', 'warn_above': -1, 'fail_above': 1.0, 'min_sample': 1}"
)
CALLS = {
    "promoted": "promotion_checks('tiny', 'v2', 'v1', margin=0.1)",
    "strict": "promotion_checks('tiny', 'v2', 'v1', margin=0.001)",
    "few_rows": "promotion_checks('tiny', 'v2', 'v1', margin=0.1, min_rows=1000000)",
    "backtest": f"backtest_policy('tiny', {TRIED})",
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Two versions that serve side by side; v2 is as good as v1, but in Italy, where it is worse."""
    frames = tiny_monitor.generate(days=10, rows_per_day=2000)
    rows = frames["inferences"]
    random = np.random.default_rng(3)
    rows["model_version"] = random.choice(["v1", "v2"], len(rows))
    labels = frames["labels"].set_index("prediction_id")["label"].reindex(rows["prediction_id"]).to_numpy()
    worse = (
        (rows["model_version"] == "v2") & (rows["country"] == "it") & (random.random(len(rows)) < 0.5)
    ).to_numpy()
    rows["prediction"] = np.where(
        worse & ~np.isnan(labels), 1 - np.nan_to_num(labels), rows["prediction"]
    ).astype("int32")
    built = tiny_monitor.new_project(tmp_path_factory.mktemp("versions"), {"tiny": frames}, fleet=True)
    built.as_of = str(END)
    built.write("seeds/model_registry.csv", REGISTRY.format(retired=""))
    built.write("models/weekly.sql", WEEKLY)
    built.append("dbt_project.yml", "  ml_model_registry: model_registry\n  ml_maintenance_windows: weekly\n")
    for name, call in CALLS.items():
        built.write(f"analyses/{name}.sql", f"{{{{ ml_monitor.{call} }}}}")
    built.dbt("build", "--exclude-resource-type", "test", "unit_test", check=0)
    built.dbt("compile", "--select", *CALLS, check=0)
    return built


def shown(project: Project, name: str) -> pd.DataFrame:
    """What one of CALLS returns."""
    return project.frame(
        (project.folder / f"target/compiled/ml_monitor/analyses/{name}.sql").read_text("utf-8")
    )


def gate(project: Project, registry: str) -> Result:
    project.write("seeds/model_registry.csv", registry)
    return project.dbt("build", "--full-refresh", "--select", "model_registry", "tiny__gate")


def failures(project: Project) -> list[str]:
    """What the contract gate found."""
    of_gate = "from tiny__gate where category = 'contract' and status = 'fail'"
    return [message for (message,) in project.query(f"select message {of_gate}")]


def test_only_approved_versions_may_serve(project: Project) -> None:
    assert "tiny__gate_contract" not in gate(project, REGISTRY.format(retired="")).failing_tests
    retired = END - pd.Timedelta(hours=20)
    result = gate(project, REGISTRY.format(retired=retired))
    assert "tiny__gate_contract" in result.failing_tests
    (message,) = failures(project)
    assert (
        f"without approval: retired at {str(retired)[:16]}; add or change its row in model_registry"
        in message
    )
    assert "version v2" not in result.output
    unknown = "\n".join(REGISTRY.format(retired="").splitlines()[:2]) + "\n"
    result = gate(project, unknown)
    (message,) = failures(project)
    assert "contract: version v2 served " in message
    assert "without approval: the registry does not have it" in message
    served = project.value(
        "select sum(current_rows) from tiny__hourly_volume where window_grain = 'hour' and segment_name = '__all__' "
        f"and model_version = 'v2' and window_start > timestamp '{END - pd.Timedelta(hours=48)}'"
    )
    assert f"version v2 served {served} predictions" in result.said


def test_a_version_that_is_worse_in_one_country_is_not_promoted(project: Project) -> None:
    checks = shown(project, "promoted")
    verdicts = checks.set_index(["criterion", "segment_value"])["status"]
    assert verdicts["non_inferior", "__all__"] == verdicts["calibration", "__all__"] == "pass"
    segments = verdicts["segment"]
    assert set(segments[segments == "fail"].index) == {"it"}
    assert (segments.drop("it") == "pass").all()
    # A smaller margin than the loss in all countries together is a failure of its own.
    strict = shown(project, "strict").set_index("criterion")
    assert strict.loc["non_inferior", "status"] == "fail"
    few = shown(project, "few_rows")
    assert set(few.loc[few["criterion"] == "segment", "status"]) == {"not_evaluated"}
    for metric, accuracy in checks[checks["criterion"] == "non_inferior"][
        ["metric_name", "candidate_value"]
    ].to_numpy():
        rows = project.frame(
            "select i.prediction, l.label from tiny__inferences as i join tiny__labels as l using (prediction_id) "
            "where i.model_version = 'v2'"
        )
        assert metric == "accuracy"
        assert accuracy == pytest.approx((rows["prediction"] == rows["label"]).mean(), abs=1e-9)


def test_promotion_is_a_gate(project: Project) -> None:
    arguments = "monitor: tiny, candidate: v2, current: v1, margin: 0.1"
    for name, more, status in [("strict", "", "fail"), ("lenient", ", segment_margin: 0.9", "pass")]:
        test = f"ml_monitor.promotion: {{name: {name}_promotion, arguments: {{{arguments}{more}}}}}"
        yaml = f"models:\n  - {{name: promoted_{name}, data_tests: [{{{test}}}]}}\n"
        project.write(f"models/promoted_{name}.yml", yaml)
        project.write(f"models/promoted_{name}.sql", "select * from {{ ref('tiny__performance') }}\n")
        result = project.dbt("build", "--select", f"promoted_{name}")
        assert result.statuses[f"{name}_promotion"] == status, result.output
        assert ("tiny: v2 against v1: segment country it fails (accuracy 0." in result.said) == (
            status == "fail"
        )


def test_a_policy_is_tried_before_it_is_merged(project: Project) -> None:
    rows = shown(project, "backtest")
    found = rows.set_index(["limits", "days"])
    checks = project.frame("select * from ml_checks where metric = 'late_share' and window_grain = 'hour'")
    judged = int((checks["status"] != "not_evaluated").sum())
    for days in (30, 90):
        now = found.loc[("now", days)]
        assert now["judged_windows"] == judged
        assert now["warnings"] == (checks["status"] == "warn").sum()
        proposed = found.loc[("proposed", days)]
        # Every window is above -1, none is above 1.
        assert (proposed["judged_windows"], proposed["warnings"], proposed["failures"]) == (judged, judged, 0)
        assert len(proposed["found_on"].split(", ")) == 10
    call = "ml_monitor.backtest_policy('tiny', {'metric': 'psii'})"
    done = project.dbt("compile", "--inline", f"{{{{ {call} }}}}")
    assert "metric: found psii; allowed: " in done.output
    assert "no limit; allowed: numbers for warn_below, fail_below, warn_above, fail_above" in done.output


def test_a_maintenance_window_comes_again_and_silences_its_hours(project: Project) -> None:
    starts = project.frame("select starts_at, ends_at from weekly order by starts_at")
    expected = pd.date_range("2025-01-01 02:00:00", "2025-01-29 02:00:00", freq="7D")
    assert starts["starts_at"].tolist() == expected.tolist()
    assert ((starts["ends_at"] - starts["starts_at"]) == pd.Timedelta(hours=4)).all()
    hours = project.query(
        "select distinct window_start from ml_checks where window_grain = 'hour' and reason = 'maintenance' order by 1"
    )
    covered = [
        start + pd.Timedelta(hours=hour)
        for start in expected
        for hour in range(4)
        if END - pd.Timedelta(days=10) <= start < END
    ]
    assert [hour for (hour,) in hours] == covered
    wrong = "{{ ml_monitor.recurring_windows('2025-01-01', '2025-13-01', every_days=0, until='2026-01-01') }}"
    done = project.dbt("compile", "--inline", wrong)
    assert "ends_at: found 2025-13-01; allowed: a time in UTC" in done.output
    assert "every_days: found 0; allowed: a whole number, 1 or more" in done.output
