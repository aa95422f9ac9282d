"""Label-free proxies of the score: entropy, share near the threshold and decision rate, worked out again from the raw scores."""

from __future__ import annotations

from collections import Counter
from math import floor, log
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import tiny_monitor
from compare import differences
from conftest import ROOT, Project
from oracle import Psi, category_counts, edges_of, min_detectable, numeric_counts, psi_of_counts

YAML = "models/staging/tiny/_tiny.yml"
SETTINGS = "          label_horizon_hours: 24\n"
DECLARED = f"""{SETTINGS}          proxies: [decision, score_entropy, near_threshold]
          near_threshold_margin: 0.1
          positive_threshold: 0.4
"""
DAY = pd.Timedelta(days=1)
BASELINE = [tiny_monitor.START + day * DAY for day in range(28)]
PROXIES = ["__score_entropy__", "__near_threshold__", "__decision__"]


@pytest.fixture(scope="module")
def frames() -> tiny_monitor.Frames:
    """Scores that huddle around the threshold on the last day; some are missing, sure, or on a limit."""
    generated = tiny_monitor.generate(rows_per_day=600, seed=13)
    del generated["labels"]
    rows = generated["inferences"]
    last = rows["event_time"] >= tiny_monitor.LAST_DAY
    rows.loc[last, "score"] = (0.25 + 0.5 * rows.loc[last, "score"]).round(6)
    for offset, score in enumerate([None, 0.0, 1.0, 0.3, 0.5, 0.4]):
        rows.loc[rows.index[offset::40], "score"] = score
    return generated


@pytest.fixture(scope="module")
def built(frames: tiny_monitor.Frames, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The monitor with every proxy and the analysis, built in two runs."""
    project = tiny_monitor.new_project(tmp_path_factory.mktemp("proxies") / "project", {"tiny": frames})
    project.replace(YAML, SETTINGS, DECLARED)
    analysis = (ROOT / "analyses/label_free_proxies.sql").read_text("utf-8")
    project.write("models/consumers/label_free_proxies.sql", analysis)
    kinds = ["--resource-type", "model", "--resource-type", "seed"]
    project.dbt("build", *kinds, env={"ML_AS_OF": str(tiny_monitor.END - 2 * DAY)}, check=0)
    project.dbt("build", "--exclude-resource-type", "unit_test", check=0)
    return project


def entropy(score: float) -> float:
    """Binary entropy in bits, to nine decimals."""
    if np.isnan(score):
        return np.nan
    if score in (0, 1):
        return 0.0
    bits = -(score * log(score) + (1 - score) * log(1 - score)) / log(2)
    return floor(1e9 * bits + 0.5) / 1e9


def proxies_of(frames: tiny_monitor.Frames, margin: float = 0.1) -> pd.DataFrame:
    """The proxies of each row, with its day and country."""
    rows = frames["inferences"]
    score = rows["score"].astype("float64")
    found = pd.DataFrame({"day": rows["event_time"].dt.floor("D"), "country": rows["country"]})
    found["__score_entropy__"] = score.map(entropy)
    for name, holds in {
        "__near_threshold__": (score - 0.4).abs() <= margin,
        "__decision__": score >= 0.4,
    }.items():
        found[name] = np.where(score.isna(), None, np.where(holds, "yes", "no"))
    return found


def expected_drift(raw: pd.DataFrame, proxy: str, early: pd.Series) -> dict[pd.Timestamp, Psi]:
    """PSI of each day against the baseline without it; the edges are those of the early entropies."""
    edges = np.unique(edges_of(early, 19))
    counts = {
        day: numeric_counts(values, edges) if proxy == "__score_entropy__" else category_counts(values)
        for day, values in raw.groupby("day")[proxy]
    }
    expected = {}
    for day, current in counts.items():
        reference: Counter = Counter()
        for other in BASELINE:
            if other != day:
                reference.update(counts[other])
        expected[day] = psi_of_counts(reference, current, own=current if day in BASELINE else None)
    return expected


@pytest.mark.parametrize("segment", [None, "de"])
@pytest.mark.parametrize("proxy", PROXIES)
def test_each_day_is_what_the_raw_scores_say(
    frames: tiny_monitor.Frames, built: Project, proxy: str, segment: str | None
) -> None:
    everything = proxies_of(frames)
    raw = everything[everything["country"] == segment] if segment else everything
    early = everything.loc[everything["day"].isin(BASELINE), "__score_entropy__"]
    expected = expected_drift(raw, proxy, early)
    found = built.frame(
        f"""select * from tiny__drift
        where column_name = '{proxy}' and window_grain = 'day' and segment_value = '{segment or "__all__"}'"""
    ).set_index("window_start")
    assert set(found["model_version"]) == {"v1"}
    assert set(found["column_role"]) == {"proxy"}
    assert len(found) == len(expected) == tiny_monitor.DAYS
    baseline_variation = max(0.0, float(np.mean([expected[day].excess for day in BASELINE])))
    for day, row in found.iterrows():
        psi = expected[day]
        assert (row["reference_rows"], row["current_rows"], row["bin_count"]) == (
            psi.reference_rows,
            psi.current_rows,
            psi.bin_count,
        )
        assert row["psi"] == pytest.approx(psi.psi, rel=1e-9)
        assert row["min_detectable"] == pytest.approx(min_detectable(psi, baseline_variation, 28), rel=1e-6)
        if proxy == "__score_entropy__":
            assert row["current_mean"] == pytest.approx(raw.loc[raw["day"] == day, proxy].mean(), rel=1e-9)
            assert row["null_share"] == pytest.approx(raw.loc[raw["day"] == day, proxy].isna().mean())


def test_the_analysis_shows_them_beside_the_baseline(frames: tiny_monitor.Frames, built: Project) -> None:
    raw = proxies_of(frames)
    for name in PROXIES[1:]:
        raw[name] = raw[name].map({"yes": 1.0, "no": 0.0})
    found = built.frame("select * from label_free_proxies")
    names = dict(zip(PROXIES, ["mean entropy", "share near the threshold", "decision rate"], strict=True))
    assert len(found) == 3 * tiny_monitor.DAYS
    for proxy, name in names.items():
        for row in found[found["proxy"] == name].itertuples():
            baseline = raw["day"].isin(set(BASELINE) - {row.window_start})
            current = raw["day"] == row.window_start
            assert row.current_value == pytest.approx(raw.loc[current, proxy].mean(), rel=1e-9)
            assert row.baseline_value == pytest.approx(raw.loc[baseline, proxy].mean(), rel=1e-9)
    (last,) = found[
        (found["proxy"] == names["__near_threshold__"]) & (found["window_start"] == tiny_monitor.LAST_DAY)
    ].itertuples()
    assert last.is_drift_detected
    assert last.current_value > last.baseline_value + 0.1


def test_another_spread_of_scores_warns_and_never_fails(built: Project) -> None:
    checks = built.frame("select * from tiny__checks where metric = 'proxy_psi' and window_grain = 'day'")
    assert set(checks["subject"]) == set(PROXIES)
    last = checks[checks["window_start"] == tiny_monitor.LAST_DAY].set_index("subject")
    assert set(last["status"]) == {"warn"}
    assert set(checks.loc[checks["window_start"] < tiny_monitor.LAST_DAY, "status"]) == {"pass"}
    message = last.loc["__near_threshold__", "message"]
    assert "tiny drift: __near_threshold__ PSI" in message
    assert "share of no fell from" in message
    # A missing score is one finding, of the score; its proxies have rates that nothing judges.
    judged = built.query("select distinct metric, subject from tiny__checks")
    assert {metric for metric, subject in judged if subject in PROXIES} == {"proxy_psi"}
    rates = built.frame(
        """select null_rate from tiny__data_quality
        where column_name = '__decision__' and window_grain = 'day' and segment_name = '__all__'"""
    )
    assert rates["null_rate"].max() == pytest.approx(15 / 600)


def test_runs_add_up_and_another_margin_counts_anew(
    frames: tiny_monitor.Frames, built: Project, tmp_path: Path
) -> None:
    whole = built.copy_to(tmp_path / "whole")
    selected = ["--select", "+tiny__drift", "+tiny__data_quality"]
    whole.dbt("run", *selected, "--full-refresh", check=0)
    for table in ("hourly_profile", "grid", "drift", "data_quality"):
        assert differences(built, whole, f"tiny__{table}") == []
    whole.replace(YAML, "near_threshold_margin: 0.1", "near_threshold_margin: 0.2")
    whole.dbt("run", *selected, check=0)
    counted = whole.value(
        """select sum(row_count) from tiny__hourly_profile
        where column_name = '__near_threshold__' and category = 'yes' and segment_name = '__all__'"""
    )
    assert counted == (proxies_of(frames, 0.2)["__near_threshold__"] == "yes").sum()


WRONG = {
    "multi": (
        "task: multiclass\n          proxies: [decision]",
        "",
        [
            "multi__inferences.config.meta.ml_monitor.proxies",
            "proxies of a multiclass task",
            "allowed: task: binary",
        ],
    ),
    "unknown": (
        "task: binary\n          proxies: [entropy, decision, decision]",
        "",
        [
            "found:   ['entropy', 'decision', 'decision']",
            "allowed: a list of score_entropy, near_threshold, decision, each once",
        ],
    ),
    "margin": (
        "task: binary\n          proxies: [decision]\n          near_threshold_margin: 0.1",
        "",
        ["near_threshold_margin without near_threshold in proxies", "near_threshold_margin: 0.05"],
    ),
    "lone_margin": (
        "task: binary\n          near_threshold_margin: 0",
        "",
        ["found:   0\n", "allowed: a number above 0"],
    ),
    "scoreless": (
        "task: binary\n          proxies: [score_entropy]",
        "role: score, min: 0, max: 1",
        ["proxies without a column with role score that is a number", "role: score, min: 0, max: 1"],
    ),
}


def test_what_cannot_be_computed_is_refused(tmp_path: Path) -> None:
    small = tiny_monitor.generate(days=1, rows_per_day=10)
    small = {"inferences": small["inferences"]}
    project = tiny_monitor.new_project(tmp_path / "project", dict.fromkeys(WRONG, small))
    for name, (settings, score, _) in WRONG.items():
        project.replace(f"models/staging/{name}/_{name}.yml", "task: binary", settings)
        if score:
            project.replace(f"models/staging/{name}/_{name}.yml", score, "role: context")
    output = project.dbt("run-operation", "validate_declarations", check=1).output
    assert "6 faults in the declarations" in output
    for name, (_, _, texts) in WRONG.items():
        for text in texts:
            assert text in output, (name, text, output)
