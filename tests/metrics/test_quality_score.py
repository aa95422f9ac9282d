"""The quality score: its parts and weights equal pandas, hard rules win, and runs in steps end like one run."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import tiny_monitor
from compare import differences
from conftest import POLICIES, Project, Result
from results import failing_gates
from tiny_monitor import START, Frames

HOUR = pd.Timedelta(hours=1)
DAYS = 4
STAGING = "models/staging/tiny/_tiny.yml"
WEIGHTS = {"freshness": 1, "completeness": 3, "validity": 2, "uniqueness": 0}
EMPTY, ALL_BAD, MOST_BAD, HALF_BAD, BAD_LABELS = 30, 40, 41, 42, 50
TABLE = "ml_quality_score"
SELECTED = ["build", "--select", f"+{TABLE}", "--resource-type", "model", "--resource-type", "seed"]


def faulty() -> Frames:
    """Rows and labels with every fault that the score counts, and hours that break a hard rule."""
    frames = tiny_monitor.generate(days=DAYS, rows_per_day=480)
    frames = {table: frames[table] for table in ("inferences", "labels")}
    random = np.random.default_rng(5)
    rows = frames["inferences"].assign(country=frames["inferences"]["country"].astype(object))
    hour = (rows["event_time"] - START) // HOUR
    some = random.random(len(rows))
    rows.loc[some < 0.05, "country"] = None
    rows.loc[(some > 0.1) & (some < 0.15), "amount"] = np.nan
    rows.loc[(some > 0.2) & (some < 0.25), "amount"] = 2000.0
    rows.loc[(some > 0.3) & (some < 0.33), "country"] = "xx"
    rows.loc[(some > 0.4) & (some < 0.45), "ingest_time"] += 2 * HOUR
    rows.loc[(some > 0.5) & (some < 0.52), "score"] = 7.5
    rows.loc[hour == ALL_BAD, "score"] = 7.5
    for one, more in [(MOST_BAD, 1), (HALF_BAD, 0)]:
        of_hour = rows.index[hour == one]
        rows.loc[of_hour, "score"] = 0.5
        rows.loc[of_hour[: len(of_hour) // 2 + more], "score"] = 7.5
    usable = rows["score"] <= 1
    copies = rows[usable & (some > 0.6) & (some < 0.66) & (hour != HALF_BAD) & (hour != MOST_BAD)]
    copies = copies.assign(ingest_time=lambda frame: frame["ingest_time"] + pd.Timedelta(minutes=2))
    frames["inferences"] = pd.concat([rows, copies], ignore_index=True)
    frames["inferences"] = frames["inferences"][
        ((frames["inferences"]["event_time"] - START) // HOUR) != EMPTY
    ].reset_index(drop=True)

    labels = frames["labels"].astype({"label": "Int32"})
    hour = (labels["label_time"] - START) // HOUR
    some = random.random(len(labels))
    labels.loc[some < 0.04, "label"] = pd.NA
    labels.loc[(some > 0.1) & (some < 0.14), "ingest_time"] += 3 * HOUR
    labels.loc[hour == BAD_LABELS, "label"] = pd.NA
    again = labels[(some > 0.2) & (some < 0.25) & (hour != BAD_LABELS)]
    again = again.assign(label=1 - again["label"], ingest_time=again["ingest_time"] + pd.Timedelta(minutes=1))
    frames["labels"] = pd.concat([labels, again], ignore_index=True)
    return frames


@pytest.fixture(scope="module")
def scored(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, Frames]:
    """The faulty monitor with weights of its own, built once. Read only."""
    frames = faulty()
    project = tiny_monitor.new_project(
        tmp_path_factory.mktemp("scored") / "project", {"tiny": frames}, fleet=True
    )
    declared = ", ".join(f"{part}: {weight}" for part, weight in WEIGHTS.items())
    project.replace(STAGING, "task: binary", f"task: binary\n          quality_weights: {{{declared}}}")
    project.as_of = str(START + pd.Timedelta(days=DAYS, hours=40))
    project.dbt(*SELECTED, check=0)
    return project, frames


def share(part: pd.Series, of: pd.Series) -> pd.Series:
    """1 - part / of; NaN where there is nothing."""
    return 1 - part / of.where(of > 0)


def expected_parts(frames: Frames, dataset: str, hours: pd.DatetimeIndex) -> pd.DataFrame:
    """Counts and parts of the score by hour, from the raw rows."""
    rows = frames[dataset]
    if dataset == "inferences":
        clock, usable, order = "event_time", rows["score"] <= 1, [True]
        missing = rows[["amount", "temp", "hits", "country"]].isna().sum(axis=1)
        wrong = (rows["amount"] > 1000).astype(int) + (rows["country"] == "xx").astype(int)
        checked, expected = 5, 4
    else:
        clock, usable, order = "label_time", rows["label"].notna(), [False]
        missing, wrong = rows["label"].isna().astype(int), 0
        checked, expected = 1, 1
    rows = rows.assign(hour=rows[clock].dt.floor("h"), usable=usable, missing=missing, wrong=wrong)
    rows["late"] = rows["ingest_time"] - rows[clock] > HOUR
    kept = rows[usable].sort_values("ingest_time", ascending=order).drop_duplicates("prediction_id").index
    rows["current"] = rows.index.isin(kept)

    def count(of: pd.Series) -> pd.Series:
        return of.groupby(rows["hour"]).sum().reindex(hours, fill_value=0)

    table = pd.DataFrame({"logged_rows": count(rows["hour"].notna()), "current_rows": count(rows["current"])})
    table["quarantined_rows"] = count(~rows["usable"])
    table["duplicate_rows"] = table["logged_rows"] - table["current_rows"] - table["quarantined_rows"]
    table["late_rows"] = count(rows["late"] & rows["current"])
    table["timed_rows"] = table["current_rows"]
    seen = rows["current"] if dataset == "inferences" else rows["hour"].notna()
    table["missing_values"] = count(rows["missing"].where(seen, 0))
    table["expected_values"] = expected * count(seen)
    table["invalid_values"] = (
        count(rows["wrong"].where(rows["current"], 0)) + checked * table["quarantined_rows"]
    )
    table["checked_values"] = checked * (table["current_rows"] + table["quarantined_rows"])
    table["freshness"] = share(table["late_rows"], table["timed_rows"])
    table["completeness"] = share(table["missing_values"], table["expected_values"])
    table["validity"] = share(table["invalid_values"], table["checked_values"])
    table["uniqueness"] = share(table["duplicate_rows"], table["logged_rows"])
    return table


@pytest.mark.parametrize("dataset", ["inferences", "labels"])
def test_parts_and_score_equal_pandas(scored: tuple[Project, Frames], dataset: str) -> None:
    project, frames = scored
    found = project.frame(f"select * from {TABLE} where dataset = '{dataset}' order by window_start")
    found = found.set_index("window_start")
    table = expected_parts(frames, dataset, found.index)
    for name in table.columns:
        np.testing.assert_allclose(
            found[name].astype("float64"), table[name].astype("float64"), rtol=0, atol=1e-12, err_msg=name
        )
    for part, weight in WEIGHTS.items():
        assert set(found[f"{part}_weight"].round(12)) == {round(weight / sum(WEIGHTS.values()), 12)}
        assert table[part].nunique() > 3, part
    weights = pd.DataFrame({part: table[part].notna() * weight for part, weight in WEIGHTS.items()})
    score = (table[list(WEIGHTS)].fillna(0) * weights).sum(axis=1) / weights.sum(axis=1)
    bad = 2 * table["quarantined_rows"] > table["logged_rows"]
    score = score.mask(bad, 0)
    assert bad.sum() >= 1
    np.testing.assert_allclose(found["quality_score"], score, rtol=0, atol=1e-12)
    assert (found["reason"].notna() == (table["logged_rows"] == 0)).all()


def test_hard_rules_win_and_an_hour_without_rows_has_no_score(scored: tuple[Project, Frames]) -> None:
    project, _ = scored
    rows = project.query(
        f"""select dataset, window_start, quality_score, hard_rule, reason, validity from {TABLE}
        where hard_rule is not null or reason is not null order by all"""
    )
    rules = {
        (dataset, (start - START) // HOUR): (score, rule)
        for dataset, start, score, rule, _, _ in rows
        if rule
    }
    assert rules == {
        ("inferences", ALL_BAD): (0, "all_rows_quarantined"),
        ("inferences", MOST_BAD): (0, "most_rows_quarantined"),
        ("labels", BAD_LABELS): (0, "all_rows_quarantined"),
    }
    empty = {
        (dataset, (start - START) // HOUR) for dataset, start, _, _, reason, _ in rows if reason == "no_rows"
    }
    assert ("inferences", EMPTY) in empty
    assert ("inferences", DAYS * 24) in empty
    assert all(score is None and part is None for _, _, score, rule, _, part in rows if rule is None)


def test_lost_rows_are_a_hard_rule_and_a_changed_weight_builds_again(
    scored: tuple[Project, Frames], tmp_path: Path
) -> None:
    """Rows that staging no longer has stay in the log; the next run sees the difference."""
    original, frames = scored
    project = original.copy_to(tmp_path / "project")
    project.raw = tmp_path / "raw"
    rows = frames["inferences"]
    hour = (rows["ingest_time"] - START) // HOUR
    kept = rows[~((hour == 20) & (rows.index % 2 == 0))]
    assert 0 < len(rows) - len(kept) < (hour == 20).sum()
    new = rows.head(1).assign(prediction_id="new", ingest_time=START + pd.Timedelta(days=DAYS))
    tiny_monitor.write_frames(project.raw / "tiny", frames | {"inferences": pd.concat([kept, new])})
    project.replace(STAGING, "uniqueness: 0", "uniqueness: 4")
    project.dbt(*SELECTED, check=0)
    lost = project.query(
        f"select window_start, quality_score from {TABLE} where hard_rule = 'unreconciled_rows'"
    )
    assert lost == [(START + 20 * HOUR, 0.0)]
    assert project.query(f"select distinct round(uniqueness_weight, 12) from {TABLE}") == [(0.4,)]


def test_runs_in_steps_equal_one_run(scored: tuple[Project, Frames], tmp_path: Path) -> None:
    """Labels come for hours without predictions, and predictions for hours that only labels had made known."""
    once, frames = scored
    steps = once.copy_to(tmp_path / "steps")
    steps.database.unlink()
    rows = frames["inferences"]
    steps.raw = tmp_path / "raw"
    # So that the empty hour is known from its labels before it lies among hours with predictions.
    later = rows[rows["event_time"] >= START + (EMPTY + 2) * HOUR]
    for known, day in [(later, 2), (later, 2.9), (rows, DAYS), (rows, DAYS + 40 / 24)]:
        tiny_monitor.write_frames(steps.raw / "tiny", frames | {"inferences": known})
        steps.as_of = str(START + pd.Timedelta(days=day))
        steps.dbt(*SELECTED, check=0)
    assert differences(steps, once, TABLE) == []
    before = steps.query(f"select count(*), bit_xor(hash(t)) from {TABLE} as t")
    steps.dbt(*SELECTED, check=0)
    assert steps.query(f"select count(*), bit_xor(hash(t)) from {TABLE} as t") == before


@pytest.fixture(scope="module")
def gated(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, Result]:
    """Two faulty monitors without labels, one with a policy for its score."""
    frames = {"inferences": faulty()["inferences"]}
    project = tiny_monitor.new_project(
        tmp_path_factory.mktemp("gated") / "project",
        {"tiny_judged": frames, "tiny_shown": frames},
        fleet=True,
    )
    project.as_of = str(START + pd.Timedelta(hours=ALL_BAD + 1))
    project.append(
        POLICIES, "score,tiny_judged,quality_score,hour,none,__all__,inferences,0.8,0.5,,,10,Ours\n"
    )
    return project, project.dbt("build")


def test_only_a_policy_turns_the_score_into_a_gate(gated: tuple[Project, Result]) -> None:
    project, result = gated
    assert result.errors == {}
    assert result.statuses["ml_policy_rules_are_valid"] == "pass"
    ((message,),) = project.query(
        "select message from ml_gates where metric = 'quality_score' and status = 'fail' and monitor = 'tiny_judged'"
    )
    assert message.startswith("tiny_judged quality: inferences quality score 0 is below 0.5 ")
    assert (
        "freshness undefined, completeness undefined, validity 0.000, uniqueness 1.000; hard rule all_rows_quarantined"
        in message
    )
    assert (
        project.value(
            "select count(*) from ml_checks where metric = 'quality_score' and monitor = 'tiny_shown'"
        )
        == 0
    )
    assert (
        project.value(
            "select count(*) from ml_metrics where metric = 'quality_score' and monitor = 'tiny_shown'"
        )
        > 30
    )
    assert "quality" in failing_gates(result, "tiny_judged")
    assert "quality" not in failing_gates(result, "tiny_shown")
    columns = {name for (name,) in project.query("select column_name from (describe ml_quality_score)")}
    assert {"quality_score", "hard_rule", "freshness", "freshness_weight", "late_rows"} <= columns
    assert "rebuild_key" not in columns
