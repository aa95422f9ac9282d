"""Performance: every measure beside scikit-learn, its interval, its change since the baseline, and what the gate says of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import tiny_monitor
from conftest import POLICIES, ROOT, Project, Result
from scipy.stats import binomtest, chi2
from sklearn import metrics as skl

DAY = pd.Timedelta(days=1)
START, END = tiny_monitor.START, tiny_monitor.END
# The last day whose labels have had their 24 hours.
FAULTY = tiny_monitor.LAST_DAY - DAY
SELECTED = FAULTY - DAY
GRAINS = {"day": 1, "7_days": 7, "28_days": 28}
Z = 3.290526731491926
MONITORS = ["fraud", "margins", "classes", "minutes", "few"]
KINDS = {"classes": ("multiclass", "string"), "minutes": ("regression", "*double")}
CALLS = {
    "versions": "compare_versions('margins', 'v1', 'v2')",
    "versions_by_country": "compare_versions('margins', 'v1', 'v2', {'from': '2025-01-10', 'until': '2025-01-20'}, 'country')",
    "versions_of_minutes": "compare_versions('minutes', 'v1', 'v2')",
    "delays": "performance_by_delay('fraud', {'from': '2025-01-10'})",
    "thresholds": "performance_by_threshold('fraud', {'until': '2025-02-01'}, {'false_positive': 1, 'false_negative': 20.5})",
    "exact": "exact_ranking('fraud', {'from': '2025-01-10'})",
    "moved": "compare_performance('minutes', {'from': '2025-02-01'}, {'until': '2025-01-15'}, 'mae', 'country')",
    "moved_versions": "compare_performance('margins', {'model_version': 'v2'}, {'model_version': 'v1'}, 'precision', 'country')",
}
# Measures that other tests look at.
OTHERS = {
    "fraud": {"expected_calibration_error", "label_selection_bias"},
    "few": {"expected_calibration_error", "label_selection_bias"},
    "margins": {"label_selection_bias"},
    # A probability for each class is not logged; these say so.
    "classes": {"auc", "log_loss", "top_2_accuracy", "top_3_accuracy"},
    "minutes": {"median_absolute_error", "absolute_error_p90", "absolute_error_p99"},
}
OF_LABELS = ["label_coverage", "orphan_label_rate", "conflicting_label_rate", "early_label_rate"]
TOTALS = "model_version = '__all__' and segment_name = '__all__'"


def binary_frames(rows_per_day: int, seed: int, share: float, sharpness: float) -> tiny_monitor.Frames:
    """Rows whose score is the probability of their label, of which so many are positive."""
    frames = tiny_monitor.generate(rows_per_day=rows_per_day, seed=seed)
    random = np.random.default_rng(seed)
    for name in ("inferences", "reference"):
        frame = frames[name]
        margin = np.log(share / (1 - share)) + sharpness * random.standard_normal(len(frame))
        frame["score"] = (1 / (1 + np.exp(-margin))).round(6)
        frame["prediction"] = (frame["score"] >= 0.25).astype("int32")
    frames["reference"]["label"] = np.int32(0)
    score = frames["inferences"].set_index("prediction_id")["score"]
    labels = frames["labels"]
    drawn = random.random(len(labels)) < labels["prediction_id"].map(score).to_numpy()
    labels["label"] = drawn.astype("int32")
    return frames


def day_of_labels(frames: tiny_monitor.Frames) -> pd.Series:
    """The day of the prediction of each label."""
    times = frames["inferences"].set_index("prediction_id")["event_time"]
    return frames["labels"]["prediction_id"].map(times).dt.floor("D")


def frames_of(name: str) -> tiny_monitor.Frames:
    """A monitor of each kind, of which all but margins and classes get worse at their end."""
    random = np.random.default_rng(3)
    if name == "fraud":
        frames = binary_frames(2000, 5, 0.04, 1.6)
        rows = frames["inferences"]
        # A feature is lost: half of the scores of a day are those of others.
        lost = rows.index[(rows["event_time"].dt.floor("D") == FAULTY) & (rows["score"] > 0.1)]
        rows.loc[lost, "score"] = 0.02
        # On the last day, whose labels are still to come, half of the scores are just above the threshold.
        rows.loc[rows.index[tiny_monitor.on(rows)][::2], "score"] = 0.3
        rows["prediction"] = (rows["score"] >= 0.25).astype("int32")
        return frames
    if name == "margins":
        frames = binary_frames(600, 6, 0.3, 1.5)
        for table in ("inferences", "reference"):
            score = frames[table]["score"].clip(1e-6, 1 - 1e-6)
            frames[table]["score"] = np.log(score / (1 - score)).round(4)
        # Every second row is of another version, of which a fifth of the predictions are wrong on purpose.
        rows = frames["inferences"]
        rows.loc[rows.index[1::2], "model_version"] = "v2"
        flipped = rows.index[1::10]
        rows.loc[flipped, "prediction"] = 1 - rows.loc[flipped, "prediction"]
        # Half of the positive predictions of one country are those of another; one has hardly any rows.
        is_moved = (rows["country"] == "fr") & (rows["prediction"] == 1) & (random.random(len(rows)) < 0.5)
        rows.loc[is_moved, "country"] = "de"
        rows.loc[rows.index[::900], "country"] = "mc"
        # On a day low scores get a label more often than high ones.
        labels = frames["labels"]
        scores = labels["prediction_id"].map(rows.set_index("prediction_id")["score"])
        is_lost = (day_of_labels(frames) == SELECTED) & (scores > 0) & (random.random(len(labels)) < 0.4)
        frames["labels"] = labels[~is_lost].reset_index(drop=True)
        # One class only on a day.
        frames["labels"].loc[day_of_labels(frames) == START + 3 * DAY, "label"] = 0
        return frames
    if name == "few":
        frames = binary_frames(50, 7, 0.3, 4.0)
        wrong = (day_of_labels(frames) > FAULTY - 5 * DAY) & (random.random(len(frames["labels"])) < 0.3)
        frames["labels"].loc[wrong, "label"] = 1 - frames["labels"].loc[wrong, "label"]
        return frames
    frames = tiny_monitor.generate(rows_per_day=600, seed=8)
    rows, labels, reference = frames["inferences"], frames["labels"], frames["reference"]
    if name == "classes":
        for frame in (rows, reference):
            frame["prediction"] = random.choice(["a", "b", "c"], len(frame), p=[0.6, 0.3, 0.1])
        reference["label"] = "a"
        predicted = labels["prediction_id"].map(rows.set_index("prediction_id")["prediction"])
        # One class that is never predicted, and on the last day one that nobody has seen.
        labels["label"] = predicted.where(
            random.random(len(labels)) < 0.8, random.choice(["a", "b", "d"], len(labels))
        )
        labels.loc[labels.index[day_of_labels(frames) == FAULTY][:3], "label"] = "new"
        return frames
    for frame in (rows, reference):
        frame["prediction"] = (20 + 20 * random.standard_normal(len(frame))).round(3)
    reference["label"] = 0.0
    predicted = labels["prediction_id"].map(rows.set_index("prediction_id")["prediction"])
    faulty = day_of_labels(frames) == FAULTY
    labels["label"] = (predicted + np.where(faulty, 12, 5) * random.standard_normal(len(labels))).round(3)
    labels.loc[labels.index[::50], "label"] = 0.0
    labels.loc[labels.index[::97], "label"] = float("nan")
    labels.loc[labels.index[::301], "label"] = float("inf")
    rows.loc[rows.index[::211], "prediction"] = float("nan")
    return frames


@pytest.fixture(scope="module")
def frames() -> dict[str, tiny_monitor.Frames]:
    """The raw tables of the five monitors."""
    return {name: frames_of(name) for name in MONITORS}


def with_bad_labels(labels: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """The labels of a monitor, and on one day such that no join explains: of unknown predictions, corrected, too early."""
    own = labels[labels["label_time"].dt.floor("D") == FAULTY]
    unknown = own.sample(400, random_state=1).assign(
        prediction_id=lambda frame: "other " + frame["prediction_id"]
    )
    minute = pd.Timedelta(minutes=1)
    replaced = own.sample(400, random_state=2)
    replaced = replaced.assign(
        label=1 - replaced["label"],
        label_time=replaced["label_time"] - minute,
        ingest_time=replaced["ingest_time"] - minute,
    )
    labels = labels.copy()
    times = labels["prediction_id"].map(rows.set_index("prediction_id")["event_time"])
    early = labels.index[times.dt.floor("D") == FAULTY][::4]
    labels.loc[early, "label_time"] = times[early] - 11 * minute
    return pd.concat([labels, unknown, replaced], ignore_index=True)


@pytest.fixture(scope="module")
def built(
    frames: dict[str, tiny_monitor.Frames], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Project, Result]:
    """The monitors, built once."""
    raw = {
        name: {table: frame for table, frame in tables.items() if table != "customer"}
        for name, tables in frames.items()
    }
    raw["margins"]["labels"] = with_bad_labels(raw["margins"]["labels"], raw["margins"]["inferences"])
    project = tiny_monitor.new_project(tmp_path_factory.mktemp("performance") / "project", raw)
    for name in MONITORS:
        file = f"models/staging/{name}/_{name}.yml"
        if name in KINDS:
            task, kind = KINDS[name]
            project.replace(file, "task: binary", f"task: {task}")
            project.replace(file, "prediction, data_type: int", f"prediction, data_type: {kind}")
            project.replace(file, "label, data_type: int", f"label, data_type: {kind}")
        elif name == "margins":
            project.replace(file, "role: score, min: 0, max: 1", "role: score")
            project.replace(
                file, "segments: [country]", "segments: [country]\n          protected: [country]"
            )
        project.replace(file, ", config: {meta: {role: join_key}}}", "}")
    project.replace(
        "models/staging/minutes/_minutes.yml",
        "task: regression",
        "task: regression\n          error_tolerance: 6",
    )
    for name, call in CALLS.items():
        sql = f"{{{{ config(materialized='table') }}}}\n{{{{ ml_monitor.{call} }}}}\n"
        project.write(f"models/consumers/{name}.sql", sql)
    matrix = (ROOT / "analyses/confusion_matrix.sql").read_text(encoding="utf-8")
    named = matrix.replace(
        "{% set given = var('ml_analysis', {}) %}", "{% set given = {'monitor': 'classes'} %}"
    )
    project.write("models/consumers/confusion_matrix.sql", named.replace("order by label, prediction", ""))
    # A day of this monitor has fewer rows without a label than the default asks for.
    project.append(POLICIES, "selection,margins,label_selection_psi,day,none,__all__,*,,,0.1,,50,\n")
    result = project.dbt("build", "--exclude-resource-type", "unit_test", check=1)
    return project, result


def labelled(frames: tiny_monitor.Frames) -> pd.DataFrame:
    """Predictions with their label, known by the end."""
    labels = frames["labels"]
    columns = ["prediction_id", "event_time", "model_version", "country", "score", "prediction"]
    rows = frames["inferences"][columns].merge(
        labels.loc[labels["ingest_time"] < END, ["prediction_id", "label"]], on="prediction_id"
    )
    return rows.assign(day=rows["event_time"].dt.floor("D"))


def binary_values(rows: pd.DataFrame, is_probability: bool) -> dict[str, float]:
    """What scikit-learn says of a window of a binary monitor."""
    y, p, score = rows["label"], rows["prediction"], rows["score"]
    negatives = y == 0
    values = {
        "accuracy": skl.accuracy_score(y, p),
        "precision": skl.precision_score(y, p) if p.any() else np.nan,
        "recall": skl.recall_score(y, p) if y.any() else np.nan,
        "specificity": (p[negatives] == 0).mean(),
        "false_positive_rate": (p[negatives] == 1).mean(),
        "f1": skl.f1_score(y, p) if y.any() or p.any() else np.nan,
        "balanced_accuracy": skl.balanced_accuracy_score(y, p) if y.any() else np.nan,
        "mcc": skl.matthews_corrcoef(y, p) if y.any() and p.any() else np.nan,
        "auc": skl.roc_auc_score(y, score) if y.any() else np.nan,
        "average_precision": skl.average_precision_score(y, score) if y.any() else np.nan,
    }
    if not is_probability:
        return values
    names = ["brier_score", "log_loss", "calibration_slope", "calibration_intercept"]
    slope, intercept = np.polyfit(score, y, 1)
    numbers = [skl.brier_score_loss(y, score), skl.log_loss(y, score, labels=[0, 1]), slope, intercept]
    return values | dict(zip(names, numbers, strict=True))


def regression_values(rows: pd.DataFrame) -> dict[str, float]:
    """The same of a regression, over the rows whose error is known."""
    rows = rows[np.isfinite(rows["label"]) & np.isfinite(rows["prediction"])]
    y, p = rows["label"], rows["prediction"]
    positive = (y >= 0) & (p >= 0)
    return {
        "mae": skl.mean_absolute_error(y, p),
        "rmse": skl.root_mean_squared_error(y, p),
        "bias": (p - y).mean(),
        "error_sd": (p - y).std(ddof=0),
        "r2": skl.r2_score(y, p),
        "mape": skl.mean_absolute_percentage_error(y[y != 0], p[y != 0]),
        "wape": (p - y).abs().sum() / y.abs().sum(),
        "rmsle": skl.root_mean_squared_log_error(y[positive], p[positive]),
        "largest_error": (p - y).abs().max(),
        "within_tolerance": ((p - y).abs() <= 6).mean(),
    }


def multiclass_values(rows: pd.DataFrame) -> dict[str, float]:
    """The same of a multiclass monitor."""
    y, p = rows["label"], rows["prediction"]
    values = {"accuracy": skl.accuracy_score(y, p)}
    values["balanced_accuracy"] = skl.recall_score(y, p, labels=sorted(set(y)), average="macro")
    for average in ("macro", "weighted"):
        scores = skl.precision_recall_fscore_support(y, p, average=average, zero_division=0)
        values |= {
            f"{average}_precision": scores[0],
            f"{average}_recall": scores[1],
            f"{average}_f1": scores[2],
        }
    del values["weighted_recall"]
    return values


@pytest.mark.parametrize("segment", [None, "fr"])
@pytest.mark.parametrize("name", MONITORS)
def test_every_measure_is_that_of_scikit_learn(
    frames: dict[str, tiny_monitor.Frames], built: tuple[Project, Result], name: str, segment: str | None
) -> None:
    where = (
        f"segment_value = '{segment or '__all__'}' and model_version = '__all__' and compared_segment is null"
    )
    found = built[0].frame(f"select * from {name}__performance_metrics where {where}")
    # The groups of a protected column are compared over 28 days.
    of_segment = {"day", "baseline"} | ({"28_days"} if name == "margins" else set())
    assert set(found["window_grain"]) == (of_segment if segment else {*GRAINS, "baseline"})
    rows = labelled(frames[name])
    rows = rows[rows["country"] == segment] if segment else rows
    compared = 0
    for (grain, start), window in found.groupby(["window_grain", "window_start"]):
        own = rows[(rows["day"] >= start) & (rows["day"] < window["window_end"].iloc[0])]
        if own.empty:
            continue
        expected = (
            multiclass_values(own)
            if name == "classes"
            else regression_values(own)
            if name == "minutes"
            else binary_values(own, name != "margins")
        )
        if name not in KINDS:
            all_rows = frames[name]["inferences"]
            is_own = all_rows["event_time"].between(start, window["window_end"].iloc[0], inclusive="left")
            is_own &= (all_rows["country"] == segment) if segment else True
            if grain == "baseline" or is_own.any():
                expected["selection_rate"] = (all_rows.loc[is_own, "prediction"] == 1).mean()
        values = window.set_index("metric_name")["value"]
        assert set(values.index) == {*OF_LABELS, *expected} | OTHERS[name]
        for metric, value in expected.items():
            if segment and metric in ("auc", "average_precision"):
                assert pd.isna(values[metric]), metric
                continue
            tolerance = {"auc": 5e-3, "average_precision": 0.05}.get(metric, 1e-9)
            if metric == "auc" and own["label"].any():
                # Of a few rows a handful of pairs are ties by their cells that are none by themselves.
                tolerance = max(tolerance, 10 / (own["label"].sum() * (own["label"] == 0).sum()))
            assert values[metric] == pytest.approx(value, abs=tolerance, rel=1e-9, nan_ok=True), (
                grain,
                start,
                metric,
            )
            compared += 1
    assert compared > 200
    if name == "classes":
        others = found[found["metric_name"].isin(OTHERS[name])]
        assert others["value"].isna().all()
        assert set(others["reason"]) == {"no_class_scores"}


def test_intervals_are_those_of_their_names(
    frames: dict[str, tiny_monitor.Frames], built: tuple[Project, Result]
) -> None:
    found = built[0].frame(
        f"select * from fraud__performance_metrics where {TOTALS} and window_grain = 'day' order by window_start"
    )
    rows = labelled(frames["fraud"])
    for day, window in found.groupby("window_start"):
        own, line = rows[rows["day"] == day], window.set_index("metric_name")
        hits, positives = (own["label"] & own["prediction"]).sum(), own["label"].sum()
        if pd.notna(line.loc["recall", "value_low"]):
            wilson = binomtest(int(hits), int(positives)).proportion_ci(0.999, method="wilson")
            assert line.loc["recall", ["value_low", "value_high"]].tolist() == pytest.approx([*wilson])
        assert line.loc["recall", "sample_rows"] == positives
        # DeLong from the ranks of single rows.
        scores = own["score"].to_numpy()
        below = own["label"].to_numpy() == 1
        order = scores[:, None] > scores[None, :]
        placed = order + 0.5 * (scores[:, None] == scores[None, :])
        of_positives = placed[below][:, ~below].mean(axis=1)
        of_negatives = placed[below][:, ~below].mean(axis=0)
        error = np.sqrt(
            of_positives.var(ddof=1) / len(of_positives) + of_negatives.var(ddof=1) / len(of_negatives)
        )
        area = line.loc["auc", "value"]
        logit = np.log(area / (1 - area)) + np.array([-1, 1]) * Z * error / (area * (1 - area))
        assert line.loc["auc", ["value_low", "value_high"]].tolist() == pytest.approx(
            (1 / (1 + np.exp(-logit))).tolist(), rel=0.01
        )
        precision = line.loc["average_precision"]
        exact = skl.average_precision_score(own["label"], own["score"])
        assert precision["value_low"] < exact < precision["value_high"]
    assert set(found["interval_name"]) == {"Wilson", "normal", "DeLong", "none"}
    assert found.loc[found["interval_name"] == "none", ["value_low", "value_high"]].isna().all(axis=None)


def test_a_model_without_skill_has_the_naive_value(
    frames: dict[str, tiny_monitor.Frames], built: tuple[Project, Result]
) -> None:
    project, _ = built
    median = project.value("select center from minutes__grid where column_name = 'prediction'")
    for name in ("fraud", "classes", "minutes"):
        found = project.frame(
            f"select * from {name}__performance_metrics where {TOTALS} and window_grain = 'day' order by window_start"
        )
        rows = labelled(frames[name])
        for day, window in found.groupby("window_start"):
            own = rows[rows["day"] == day]
            naive, y, p = window.set_index("metric_name")["naive_value"], own["label"], own["prediction"]
            if name == "minutes":
                is_known = np.isfinite(y) & np.isfinite(p)
                expected = {
                    "mae": (y - median).abs()[is_known].mean(),
                    "rmse": y[is_known].std(ddof=0),
                    "bias": 0,
                }
            elif name == "classes":
                expected = {"accuracy": y.value_counts(normalize=True).max()}
            else:
                share = y.mean()
                expected = {
                    "accuracy": max(share, 1 - share),
                    "precision": share,
                    "recall": p.mean(),
                    "auc": 0.5,
                    "brier_score": share * (1 - share),
                    "log_loss": skl.log_loss(y, np.full(len(y), share), labels=[0, 1]),
                }
            assert naive[[*expected]].to_dict() == pytest.approx(expected)


def test_average_precision_is_between_the_bounds_of_its_cells(
    frames: dict[str, tiny_monitor.Frames], built: tuple[Project, Result]
) -> None:
    columns = "average_precision_from, average_precision, average_precision_to"
    found = built[0].query(
        f"select window_start, {columns} from fraud__performance where {TOTALS} and window_grain = 'day'"
    )
    rows = labelled(frames["fraud"])
    for day, low, value, high in found:
        own = rows[rows["day"] == day]
        assert low <= skl.average_precision_score(own["label"], own["score"]) <= high
        assert low <= value <= high
        # Half of the rows of the last day are in one cell, where any order is possible.
        assert high - low < 0.1 or day == tiny_monitor.LAST_DAY


@pytest.mark.parametrize(
    ("name", "metric"), [("fraud", "recall"), ("minutes", "mae"), ("classes", "accuracy")]
)
def test_a_change_is_beyond_sampling_and_beyond_the_variation_of_days(
    frames: dict[str, tiny_monitor.Frames], built: tuple[Project, Result], name: str, metric: str
) -> None:
    found = built[0].frame(
        f"select * from {name}__performance_metrics where {TOTALS} and metric_name = '{metric}'"
    )
    days = found[found["window_grain"] == "day"].set_index("window_start").sort_index()
    base = found[found["window_grain"] == "baseline"].iloc[0]
    rows, values = days["sample_rows"].iloc[:28].astype(float), days["value"].iloc[:28]
    assert base["sample_rows"] == rows.sum()
    assert base["value"] == pytest.approx((rows * values).sum() / rows.sum())
    row_variance = ((base["value_high"] - base["value_low"]) / (2 * Z)) ** 2 * rows.sum()
    excess = (rows * (values - base["value"]) ** 2).sum() - 27 * row_variance
    between = max(0.0, excess / (rows.sum() - (rows**2).sum() / rows.sum()))
    for day in (FAULTY, START + 30 * DAY, START + 4 * DAY):
        line = days.loc[day]
        without = base["value"]
        if day < START + 28 * DAY:
            without = (base["value"] * rows.sum() - line["value"] * line["sample_rows"]) / (
                rows.sum() - line["sample_rows"]
            )
        assert line["baseline_value"] == pytest.approx(without)
        assert line["baseline_variation"] == pytest.approx(np.sqrt(between), abs=1e-9)
        assert line["change"] == pytest.approx(line["value"] - without)
        below = np.sqrt(
            (line["value"] - line["value_low"]) ** 2
            + (base["value_high"] - base["value"]) ** 2
            + 16 * between
        )
        above = np.sqrt(
            (line["value_high"] - line["value"]) ** 2
            + (base["value"] - base["value_low"]) ** 2
            + 16 * between
        )
        assert line["change_low"] == pytest.approx(line["change"] - below)
        assert line["change_high"] == pytest.approx(line["change"] + above)
        assert line["ratio"] == pytest.approx(line["value"] / without)
        assert line["ratio_high"] == pytest.approx(1 + line["change_high"] / without)


def test_the_estimate_is_what_the_bins_of_the_baseline_expect(
    frames: dict[str, tiny_monitor.Frames], built: tuple[Project, Result]
) -> None:
    project, _ = built
    names = ", ".join(f"edge_{number:02d}" for number in range(20))
    edges = np.array(project.query(f"select {names} from fraud__grid where column_name = 'score'")[0])
    rows = frames["fraud"]["inferences"][["prediction_id", "event_time", "score", "prediction"]].copy()
    score = rows["score"].to_numpy()
    rows["bin"] = np.searchsorted(edges, score, side="left")
    on_edge = np.isin(score, edges)
    rows.loc[on_edge, "bin"] = np.searchsorted(edges, score[on_edge], side="left")
    rows["day"] = rows["event_time"].dt.floor("D")
    known = rows.merge(labelled(frames["fraud"])[["prediction_id", "label"]], on="prediction_id")
    known = known[known["day"] < START + 28 * DAY]
    counts = known.groupby(["prediction", "bin"])["label"].agg(["sum", "size"])
    rates: dict[tuple[int, int], float] = {}
    for predicted in (0, 1):
        own = counts.loc[predicted].sort_index()
        near = own.rolling(5, center=True, min_periods=1).sum()
        for place, (number, line) in enumerate(own.iterrows()):
            pooled = line if line["size"] >= 50 else near.iloc[place]
            rates[predicted, int(number)] = pooled["sum"] / pooled["size"] if pooled["size"] >= 50 else np.nan
    rows["expected"] = [rates.get(key, np.nan) for key in zip(rows["prediction"], rows["bin"], strict=True)]
    found = project.frame(
        f"select * from fraud__performance_metrics where {TOTALS} and window_grain = 'day' order by window_start"
    )
    for day in (tiny_monitor.LAST_DAY, FAULTY, START):
        own = rows[(rows["day"] == day) & rows["expected"].notna()]
        line = found[found["window_start"] == day].set_index("metric_name")["estimated_value"]
        called, hits, positives = own["prediction"] == 1, own["expected"], own["expected"].sum()
        right = hits[called].sum() + (1 - hits[~called]).sum()
        expected = {
            "accuracy": right / len(own),
            "precision": hits[called].sum() / called.sum() if called.any() else np.nan,
            "recall": hits[called].sum() / positives,
            "specificity": (1 - hits[~called]).sum() / (len(own) - positives),
        }
        for metric, value in expected.items():
            assert line[metric] == pytest.approx(value, nan_ok=True), (day, metric)
        assert pd.isna(line["auc"])
    # Before its labels come, the last day has an estimate and no value that is judged; afterwards the labels judge.
    verdicts = project.query(
        f"""select distinct reason from fraud__checks
        where metric = 'estimated_accuracy_change' and window_grain = 'day' and window_start <= timestamp '{FAULTY}'"""
    )
    assert verdicts == [("covered_by_labels",)]
    last = project.query(
        f"""select status from margins__checks where metric = 'estimated_accuracy_change' and window_grain = 'day'
        and window_start = timestamp '{tiny_monitor.LAST_DAY}'"""
    )
    assert last == [("pass",)]


def test_the_gate_fails_for_what_became_worse_and_for_nothing_else(built: tuple[Project, Result]) -> None:
    project, result = built
    assert {gate for gate in result.failing_tests if gate.endswith("_performance")} == {
        "fraud__gate_performance",
        "minutes__gate_performance",
    }
    columns = "metric, window_grain, window_start, status"
    found = {
        name: set(
            project.query(
                f"select {columns} from {name}__checks where category = 'performance' and status in ('warn', 'fail')"
            )
        )
        for name in MONITORS
    }
    faulty = FAULTY.to_pydatetime()
    assert ("recall_ratio", "day", faulty, "fail") in found["fraud"]
    assert ("auc_change", "day", faulty, "fail") in found["fraud"]
    assert found["minutes"] == {("mae_ratio", "day", faulty, "fail")}
    assert found["classes"] == set()
    # Only the day of the baseline that has no positives, which warns at most.
    one_class = (START + 3 * DAY).to_pydatetime()
    of_groups = {line for line in found["margins"] if line[0] == "demographic_parity_ratio"}
    assert found["margins"] - of_groups == {
        ("precision_ratio", "day", one_class, "warn"),
        ("label_selection_psi", "day", SELECTED.to_pydatetime(), "warn"),
    }
    unlabelled = ("estimated_accuracy_change", "day", tiny_monitor.LAST_DAY.to_pydatetime(), "warn")
    assert unlabelled in found["fraud"]
    of_estimates = (
        "select message from fraud__gate where metric = 'estimated_accuracy_change' and status = 'warn'"
    )
    assert project.value(of_estimates).startswith("fraud performance: estimated accuracy change -")
    # Fifty rows a day are judged by the last seven days, too; two thousand are not.
    assert {line[0] for line in found["few"]} >= {"accuracy_change"}
    of_week = (
        "select count(*) from {}__checks where metric = 'accuracy_change' and window_grain = '7_days' and {}"
    )
    judged = "(status in ('warn', 'fail') or reason = 'found_in_shorter_window')"
    assert project.value(of_week.format("few", judged)) > 0
    assert project.value(of_week.format("fraud", "1 = 1")) == 0
    # Nothing before it became worse.
    assert min(line[2] for line in found["fraud"]) == faulty
    assert "  MAE ratio 2." in result.output
    of_errors = "select message from minutes__gate where metric = 'mae_ratio' and status = 'fail'"
    assert "; MAE " in project.value(of_errors)


def test_what_cannot_be_known_is_not_evaluated(built: tuple[Project, Result]) -> None:
    project, _ = built
    one_class = START + 3 * DAY
    line = project.query(
        f"""select metric_name, value, reason from margins__performance_metrics
        where {TOTALS} and window_grain = 'day' and window_start = timestamp '{one_class}'
        and metric_name in ('auc', 'recall', 'average_precision') order by 1"""
    )
    assert line == [("auc", None, None), ("average_precision", None, None), ("recall", None, None)]
    verdicts = project.query(
        f"""select metric, status, reason from margins__checks
        where window_grain = 'day' and window_start = timestamp '{one_class}' and metric in ('auc_change', 'recall_ratio')
        order by 1"""
    )
    assert verdicts == [
        ("auc_change", "not_evaluated", "undefined"),
        ("recall_ratio", "not_evaluated", "undefined"),
    ]
    immature = f"""select distinct status, reason from fraud__checks
        where metric = 'accuracy_change' and window_start = timestamp '{tiny_monitor.LAST_DAY}'"""
    assert project.query(immature) == [("not_evaluated", "immature_labels")]
    # Few positives a day have no interval of AUC.
    reasons = """select distinct reason from few__performance_metrics
        where metric_name = 'auc' and window_grain = 'day' and is_mature"""
    assert ("insufficient_sample",) in project.query(reasons)


def test_groups_of_which_nobody_is_selected_have_no_ratio(built: tuple[Project, Result]) -> None:
    columns = ["window_grain", "window_start", "window_end", "model_version", "segment_name", "segment_value"]
    columns += ["baseline_since", "is_mature", "label_maturity", "is_in_baseline", "estimated_rows"]
    row = "'28_days', timestamp '2025-01-01', timestamp '2025-01-29', '__all__', 'country', '{}', "
    row += "null, true, 'mature', false, null"
    rows = [
        f"({row.format(group)}, '{metric}', 'Wilson', null, {rows}, {value}, {value}, {value} + 0.1, null, null, null)"
        for group, metric, rows, value in (
            ("de", "selection_rate", 100, 0.0),
            ("fr", "selection_rate", 200, 0.0),
            ("de", "recall", 40, 0.5),
            ("fr", "recall", 10, 0.7),
            ("de", "false_positive_rate", 60, 0.1),
            ("fr", "false_positive_rate", 190, 0.2),
        )
    ]
    measured = ["metric", "interval_name", "naive_value", "sample_rows", "value", "value_low", "value_high"]
    measured += ["estimated_value", "estimated_low", "estimated_high"]
    names = ", ".join(columns + measured)
    sql = (
        f"{{{{ config(materialized='table') }}}}\nwith given as (select * from (values {', '.join(rows)}) as v ({names})),\n"
        f"{{{{ ml_monitor.fairness_values(ml_monitor.monitor_spec('margins'), 'given', {columns}) }}}}\n"
        "final as (select * from measured where segment_value = '__groups__') select * from final\n"
    )
    project = built[0]
    project.write("models/consumers/groups.sql", sql)
    project.dbt("run", "--select", "groups", check=0)
    found = {
        line[0]: line[1:]
        for line in project.query("select metric, value, value_low, value_high, compared_groups from groups")
    }
    assert found["demographic_parity_ratio"][:3] == (None, None, None)
    assert found["demographic_parity_difference"][0] == 0
    # Two measures are compared; of recall only one group has 30 rows.
    assert found["equalized_odds_difference"][:3] == (None, None, None)
    assert found["equal_opportunity_difference"][0] is None
    assert found["equal_opportunity_difference"][3] == "; too few rows: fr"
    assert found["predictive_equality_difference"][0] == pytest.approx(0.1)


def test_labels_that_are_missing_by_the_score_are_found(built: tuple[Project, Result]) -> None:
    project, _ = built
    values = project.frame(
        f"""select window_start, label_selection_psi, label_selection_noise from margins__performance
        where window_grain = 'day' and {TOTALS}"""
    ).set_index("window_start")
    slots = project.frame(
        """select date_trunc('day', window_start) as day, score_slot, sum(labelled_count) as labelled,
            sum(row_count - labelled_count) as unlabelled from margins__hourly_outcomes
        where segment_name = '__all__' and label <> '__none__' group by all"""
    )
    for day, own in slots.groupby("day"):
        counts = own[["labelled", "unlabelled"]].astype(float)
        shares = (counts + 0.5) / (counts.sum() + 0.5 * len(own))
        difference = shares["labelled"] - shares["unlabelled"]
        psi = (difference * np.log(shares["labelled"] / shares["unlabelled"])).sum()
        expectation = (len(own) - 1) * (1 / counts.sum()).sum()
        noise = chi2.ppf(0.9995, len(own) - 1) * (1 / counts.sum()).sum() - expectation
        assert values.loc[day].tolist() == pytest.approx([psi - expectation, noise])
    beyond = values["label_selection_psi"] > values["label_selection_noise"]
    assert values.index[beyond & (values.index <= FAULTY)].tolist() == [SELECTED]
    reason = f"""select distinct reason from margins__checks
        where metric = 'label_selection_psi' and window_grain = 'day' and window_start < timestamp '{SELECTED}'"""
    assert set(project.query(reason)) <= {("nearly_all_labelled",), ("insufficient_sample",)}


def test_protected_groups_are_compared_and_small_ones_are_named(
    frames: dict[str, tiny_monitor.Frames], built: tuple[Project, Result]
) -> None:
    project, _ = built
    columns = "metric_name, value, value_low, value_high, sample_rows, compared_groups, reason"
    found = project.frame(
        f"""select window_start, window_end, {columns} from margins__performance_metrics
        where {TOTALS} and compared_segment = 'country' and window_grain = '28_days' order by window_start"""
    )
    known, rows = labelled(frames["margins"]), frames["margins"]["inferences"]
    names = ["selection_rate", "recall", "false_positive_rate", "precision"]
    for start, window in found.groupby("window_start"):
        end, lines = window["window_end"].iloc[0], window.set_index("metric_name")
        groups = {}
        for country, all_rows in rows[rows["event_time"].between(start, end, inclusive="left")].groupby(
            "country"
        ):
            own = known[
                known["event_time"].between(start, end, inclusive="left") & (known["country"] == country)
            ]
            called, hit = own["prediction"] == 1, own["label"] == 1
            groups[country] = {
                "selection_rate": (all_rows["prediction"] == 1).agg(["mean", "size"]),
                "recall": called[hit].agg(["mean", "size"]),
                "false_positive_rate": called[~hit].agg(["mean", "size"]),
                "precision": hit[called].agg(["mean", "size"]),
            }
        spread, ends = {}, {}
        for name in names:
            large = {
                country: group[name]["mean"] for country, group in groups.items() if group[name]["size"] >= 30
            }
            ends[name] = min(large, key=large.get), max(large, key=large.get)
            spread[name] = max(large.values()) - min(large.values())
        low, high = (groups[country]["selection_rate"]["mean"] for country in ends["selection_rate"])
        expected = {
            "demographic_parity_ratio": low / high,
            "demographic_parity_difference": high - low,
            "equalized_odds_difference": max(spread["recall"], spread["false_positive_rate"]),
            "equal_opportunity_difference": spread["recall"],
            "predictive_equality_difference": spread["false_positive_rate"],
            "predictive_parity_difference": spread["precision"],
        }
        assert lines["value"].to_dict() == pytest.approx(expected)
        assert lines.loc["demographic_parity_ratio", "compared_groups"].endswith("; too few rows: mc")
        assert ((lines["value_low"] < lines["value"]) & (lines["value"] < lines["value_high"])).all()
    ratio = found[found["metric_name"] == "demographic_parity_ratio"].iloc[-1]
    sizes = np.array([groups[country]["selection_rate"]["size"] for country in ends["selection_rate"]])
    rates = np.array([low, high])
    error = np.sqrt(((1 - rates) / (rates * sizes)).sum())
    assert [ratio["value_low"], ratio["value_high"]] == pytest.approx(
        [low / high * np.exp(-Z * error), low / high * np.exp(Z * error)]
    )
    assert ratio["sample_rows"] == sizes.min()
    checks = "select subject, status, message from margins__checks where metric = 'demographic_parity_ratio'"
    for subject, status, message in project.query(checks):
        assert (subject, status) == ("country", "warn")
        assert message.startswith("margins performance: country demographic parity ratio 0.")
        assert "; lowest fr " in message
    assert project.query(
        "select count(*) from few__performance_metrics where compared_segment is not null"
    ) == [(0,)]


def test_labels_that_the_join_does_not_explain_are_counted_and_fail_the_quality_gate(
    frames: dict[str, tiny_monitor.Frames], built: tuple[Project, Result]
) -> None:
    project, result = built
    rows = frames["margins"]["inferences"]
    labels = with_bad_labels(frames["margins"]["labels"], rows)
    labels = labels[labels["ingest_time"] < END]
    times = labels["prediction_id"].map(rows.set_index("prediction_id")["event_time"])
    labels = labels.assign(
        event_time=times,
        is_orphan=times.isna(),
        is_early=labels["label_time"] < times - pd.Timedelta(minutes=10),
    ).sort_values("ingest_time")
    labels["is_replaced"] = labels.duplicated("prediction_id", keep="last")
    for grain, days in GRAINS.items():
        found = project.frame(
            f"select * from margins__performance where window_grain = '{grain}' and {TOTALS} order by window_start"
        ).set_index("window_start")
        assert len(found) == tiny_monitor.DAYS - days + 1
        for start, line in found.iterrows():
            end = start + days * DAY
            # On the first day of the log labels of predictions from before it may come.
            own = labels[labels["label_time"].between(max(start, START + DAY), end, inclusive="left")]
            if days == 1 and start == START:
                assert pd.isna(line["label_rows"])
                continue
            assert line["label_rows"] == len(own)
            assert line["orphan_label_rows"] == own["is_orphan"].sum()
            assert line["conflicting_label_rows"] == own["is_replaced"].sum()
            of_predictions = labels[labels["event_time"].between(start, end, inclusive="left")]
            assert line["early_label_rows"] == of_predictions["is_early"].sum()
    bad = project.query(
        """select metric, window_start, status from margins__checks
        where metric like '%\\_label\\_rate%' escape '\\' and window_grain = 'day' and status in ('warn', 'fail') order by 1"""
    )
    day = FAULTY.to_pydatetime()
    assert bad == [
        ("conflicting_label_rate_change", day, "fail"),
        ("early_label_rate", day, "fail"),
        ("orphan_label_rate_change", day, "fail"),
    ]
    assert "margins__gate_quality" in result.failing_tests
    assert "  share of labels before their prediction" in result.output


def test_how_far_the_labels_of_a_window_are(
    frames: dict[str, tiny_monitor.Frames], built: tuple[Project, Result], tmp_path: Path
) -> None:
    project = built[0].copy_to(tmp_path / "project")
    rows = labelled(frames["few"]).merge(
        frames["few"]["labels"][["prediction_id", "ingest_time"]], on="prediction_id"
    )
    hours = (rows["ingest_time"] - rows["event_time"]) / pd.Timedelta(hours=1)
    rows["delay"] = [next(limit for limit in (1, 6, 24, 72) if value <= limit) for value in hours]
    count = (
        frames["few"]["inferences"].groupby(frames["few"]["inferences"]["event_time"].dt.floor("D")).size()
    )
    first = rows[rows["day"] < START + 28 * DAY]
    unlabelled = count[count.index < START + 28 * DAY].sum() - len(first)
    for age, as_of in ((0, END), (6, END + pd.Timedelta(hours=7)), (24, END + DAY)):
        if age:
            project.dbt("run", "-s", "few__performance", env={"ML_AS_OF": str(as_of)}, check=0)
        found = project.frame(
            f"select * from few__performance where window_grain = 'day' and {TOTALS} order by window_start"
        ).set_index("window_start")
        last, before = found.loc[tiny_monitor.LAST_DAY], found.loc[FAULTY]
        coming = (first["delay"] > age).sum()
        coverage = (rows["day"] == tiny_monitor.LAST_DAY).sum() / count[tiny_monitor.LAST_DAY]
        expected = coverage + (1 - coverage) * coming / (coming + unlabelled)
        assert last["label_age_hours"] == age
        assert before["label_age_hours"] == 24
        assert before["label_maturity"] == "mature"
        assert pd.isna(before["expected_label_coverage"])
        if age == 24:
            assert last["label_maturity"] == "mature"
            assert last["is_mature"]
        else:
            assert last["expected_label_coverage"] == pytest.approx(expected)
            assert last["label_maturity"] == ("maturing" if coverage >= expected / 2 else "immature")
        for share in (50, 95):
            delays = rows.loc[rows["day"] == FAULTY, "delay"].sort_values().tolist()
            assert (
                before[f"label_delay_p{share}_hours"] == delays[int(np.ceil(share / 100 * len(delays))) - 1]
            )


def test_a_change_is_split_into_mix_and_within(
    frames: dict[str, tiny_monitor.Frames], built: tuple[Project, Result]
) -> None:
    minutes = labelled(frames["minutes"])
    minutes = minutes[np.isfinite(minutes["label"]) & np.isfinite(minutes["prediction"])]
    minutes = minutes.assign(value=(minutes["label"] - minutes["prediction"]).abs())
    called = labelled(frames["margins"]).query("prediction == 1").assign(value=lambda rows: rows["label"])
    for name, now, before in (
        ("moved", minutes[minutes["day"] >= "2025-02-01"], minutes[minutes["day"] < "2025-01-15"]),
        ("moved_versions", called[called["model_version"] == "v2"], called[called["model_version"] == "v1"]),
    ):
        found = built[0].frame(f"select * from {name}").set_index("segment_value").sort_index()
        middle = (now["value"].mean() + before["value"].mean()) / 2
        for country, line in found.iterrows():
            p, q = (side.loc[side["country"] == country, "value"] for side in (now, before))
            w, v = len(p) / len(now), len(q) / len(before)
            assert (line["current_rows"], line["reference_rows"]) == (len(p), len(q))
            assert line["difference"] == pytest.approx(p.mean() - q.mean(), nan_ok=True)
            # Without rows on one side all of the change is mix.
            after, first = (own.mean() if len(own) else other.mean() for own, other in ((p, q), (q, p)))
            assert line["mix"] == pytest.approx((w - v) * ((after + first) / 2 - middle), abs=1e-12)
            assert line["within"] == pytest.approx((w + v) / 2 * (after - first))
        assert found["contribution"].sum() == pytest.approx(now["value"].mean() - before["value"].mean())


def test_performance_by_delay_and_exact_ranking_are_those_of_rows(
    frames: dict[str, tiny_monitor.Frames], built: tuple[Project, Result]
) -> None:
    rows = labelled(frames["fraud"])
    rows = rows[rows["day"] >= "2025-01-10"].merge(
        frames["fraud"]["labels"][["prediction_id", "ingest_time"]], on="prediction_id"
    )
    hours = (rows["ingest_time"] - rows["event_time"]) / pd.Timedelta(hours=1)
    # Early labels of predictions whose others are still to come are left out.
    ended = rows["event_time"].dt.floor("h") + pd.Timedelta(hours=1)
    is_mature = ended + DAY <= END
    delays = pd.cut(hours, [0, 1, 6, 24], labels=[1, 6, 24]).astype(int)
    found = built[0].frame("select * from delays")
    assert sorted(set(found["label_delay_hours"])) == [1, 6, 24]
    for delay, lines in found.groupby("label_delay_hours"):
        own, values = rows[is_mature & (delays == delay)], lines.set_index("metric_name")["value"]
        assert set(lines["labelled_rows"]) == {len(own)}
        assert lines["arrived_share"].iloc[0] == pytest.approx((delays[is_mature] <= delay).mean())
        for metric, value in binary_values(own, True).items():
            if metric in values:
                assert values[metric] == pytest.approx(value), (delay, metric)
        assert "recall" in values
    exact = built[0].frame("select * from exact").set_index("window_start")
    assert len(exact) == rows["day"].nunique()
    for day, own in rows.groupby("day"):
        assert exact.loc[day, "auc"] == pytest.approx(skl.roc_auc_score(own["label"], own["score"]))
        assert exact.loc[day, "average_precision"] == pytest.approx(
            skl.average_precision_score(own["label"], own["score"])
        )


def test_other_thresholds_are_exact_at_the_edges_of_the_score(
    frames: dict[str, tiny_monitor.Frames], built: tuple[Project, Result]
) -> None:
    found = built[0].frame("select * from thresholds order by threshold")
    assert len(found) >= 15
    rows = labelled(frames["fraud"])
    rows = rows[rows["day"] < "2025-02-01"]
    all_scores = frames["fraud"]["inferences"].query("event_time < '2025-02-01'")["score"]
    for line in found.itertuples():
        called, y = rows["score"] >= line.threshold, rows["label"]
        assert line.labelled_rows == len(rows)
        assert line.selection_rate == pytest.approx((all_scores >= line.threshold).mean())
        assert line.precision == pytest.approx(
            skl.precision_score(y, called, zero_division=np.nan), nan_ok=True
        )
        assert line.recall == pytest.approx(skl.recall_score(y, called))
        assert line.f1 == pytest.approx(skl.f1_score(y, called))
        assert line.accuracy == pytest.approx((called == y).mean())
        assert line.false_positive_rate == pytest.approx(called[y == 0].mean())
        assert line.recall_low < line.recall < line.recall_high or line.recall in (0, 1)
        cost = (called & (y == 0)).sum() + 20.5 * (~called & (y == 1)).sum()
        assert line.cost == pytest.approx(cost / len(rows))


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (
            "performance_by_threshold('fraud', {}, {'missed': 3})",
            "costs: found missed: 3; allowed: numbers of true_positive, false_positive",
        ),
        (
            "exact_ranking('minutes')",
            "found task regression; allowed: a binary monitor with a column of role score",
        ),
        (
            "compare_performance('margins', {}, 'serving', 'f1', 'country')",
            "metric: found f1; allowed: label_coverage, accuracy, precision, recall",
        ),
        (
            "compare_performance('margins', {}, 'serving', 'recall', 'region')",
            "segment: found region; allowed: country",
        ),
    ],
)
def test_what_cannot_be_compared_is_said(
    built: tuple[Project, Result], tmp_path: Path, call: str, said: str
) -> None:
    project = built[0].copy_to(tmp_path / "project")
    refused = project.dbt("compile", "--inline", f"{{{{ ml_monitor.{call} }}}}")
    assert refused.exit_code != 0
    assert said in refused.output


@pytest.mark.parametrize("by_country", [False, True])
def test_two_versions_are_compared_side_by_side(
    frames: dict[str, tiny_monitor.Frames], built: tuple[Project, Result], by_country: bool
) -> None:
    rows = labelled(frames["margins"])
    if by_country:
        rows = rows[(rows["day"] >= "2025-01-10") & (rows["day"] < "2025-01-20")]
    found = built[0].frame(f"select * from versions{'_by_country' if by_country else ''}")
    found = found[found["segment_value"] != "mc"]
    assert set(found["segment_value"]) == (set(tiny_monitor.COUNTRIES) if by_country else {"__all__"})
    for line in found[found["metric_name"] == "accuracy"].itertuples():
        own = rows[rows["country"] == line.segment_value] if by_country else rows
        right = (own["label"] == own["prediction"]).groupby(own["model_version"]).agg(["sum", "size"])
        bounds = {
            version: binomtest(int(right.loc[version, "sum"]), int(right.loc[version, "size"])).proportion_ci(
                0.999, method="wilson"
            )
            for version in ("v1", "v2")
        }
        share = right["sum"] / right["size"]
        assert [line.value_a, line.value_b] == pytest.approx([share["v1"], share["v2"]])
        assert [line.rows_a, line.rows_b] == right["size"].tolist()
        low = line.difference - np.hypot(share["v2"] - bounds["v2"].low, bounds["v1"].high - share["v1"])
        assert line.difference_low == pytest.approx(low)
        expected = "a is better" if line.difference_high < 0 else "not shown"
        assert line.verdict == expected
        assert by_country or line.verdict == "a is better"
    lower = found[found["is_better"] == "lower"]
    assert set(lower["metric_name"]) == {"false_positive_rate"}
    assert set(lower["verdict"]) <= {"a is better", "not shown"}


def test_the_confusion_matrix_is_that_of_scikit_learn(
    frames: dict[str, tiny_monitor.Frames], built: tuple[Project, Result]
) -> None:
    rows = labelled(frames["classes"])
    names = sorted({*rows["label"], *rows["prediction"]})
    found = built[0].frame("select * from confusion_matrix")
    matrix = found.pivot_table(index="label", columns="prediction", values="row_count", fill_value=0)
    matrix = matrix.reindex(index=names, columns=names, fill_value=0)
    assert (matrix.to_numpy() == skl.confusion_matrix(rows["label"], rows["prediction"], labels=names)).all()
    right = found[found["label"] == found["prediction"]].set_index("label")
    recall = skl.recall_score(rows["label"], rows["prediction"], labels=["a", "b"], average=None)
    precision = skl.precision_score(rows["label"], rows["prediction"], labels=["a", "b"], average=None)
    assert right.loc[["a", "b"], "share_of_label"].tolist() == pytest.approx(recall.tolist())
    assert right.loc[["a", "b"], "share_of_prediction"].tolist() == pytest.approx(precision.tolist())


def test_a_version_that_is_not_there_has_no_value(built: tuple[Project, Result]) -> None:
    found = built[0].query(
        "select distinct value_b, verdict from versions_of_minutes where is_better is not null"
    )
    assert found == [(None, "too few rows")]


def test_a_key_that_a_period_does_not_have_is_refused(built: tuple[Project, Result], tmp_path: Path) -> None:
    project = built[0].copy_to(tmp_path / "project")
    call = "ml_monitor.compare_versions('margins', 'v1', 'v2', {'segment': {'country': 'de'}})"
    refused = project.dbt("compile", "--inline", f"{{{{ {call} }}}}")
    assert refused.exit_code != 0
    assert "margins: period.segment: unknown key; allowed: from, until" in refused.output


def test_the_view_answers_a_query_with_a_limit(built: tuple[Project, Result]) -> None:
    """DuckDB 2 never came back from `limit` on the CTEs of the view until they were inlined."""
    assert len(built[0].query("select * from fraud__performance_metrics limit 10")) == 10


def test_a_label_that_comes_late_changes_its_windows_and_a_rebuild_finds_the_same(
    frames: dict[str, tiny_monitor.Frames], built: tuple[Project, Result], tmp_path: Path
) -> None:
    project = built[0].copy_to(tmp_path / "project")
    labels = frames["few"]["labels"].copy()
    # Labels of a day of the baseline are corrected after the end.
    corrected = labels[day_of_labels(frames["few"]) == START + 5 * DAY].copy()
    corrected["label"] = 1 - corrected["label"]
    corrected[["label_time", "ingest_time"]] = END - pd.Timedelta(hours=1)
    late = dict(frames["few"], labels=pd.concat([labels, corrected], ignore_index=True))
    del late["customer"]
    tiny_monitor.write_frames(project.raw / "few", late)
    selected = ("--select", "+few__performance_metrics")
    before = project.frame(f"select * from few__performance_metrics where {TOTALS}")
    project.dbt("run", *selected, check=0)
    select = "select * from few__performance_metrics order by performance_metric_id"
    after = project.frame(select)
    changed = before.merge(after, on="performance_metric_id")
    is_changed = ~np.isclose(
        changed["value_x"].astype(float), changed["value_y"].astype(float), equal_nan=True
    )
    # Corrections count on the day of their own time, too.
    of_performance = ~changed["metric_name_x"].isin(OF_LABELS[1:])
    touched = changed.loc[
        is_changed & of_performance & (changed["window_grain_x"] == "day"), "window_start_x"
    ]
    assert set(touched) == {START + 5 * DAY}
    assert set(changed.loc[is_changed, "window_grain_x"]) == {*GRAINS, "baseline"}
    project.dbt("run", *selected, "--full-refresh", check=0)
    pd.testing.assert_frame_equal(project.frame(select), after, rtol=1e-12)
