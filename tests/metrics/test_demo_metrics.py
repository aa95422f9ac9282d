"""The metric tables of the demo, worked out again with pandas, numpy and scikit-learn from the raw files.

Counts must be equal; statistics agree to 1e-9 of the scale of their column, the p95 lag to one cell.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
from conftest import FULL_RANGE, Project, Result
from oracle import (
    Psi,
    category_counts,
    center_and_scale,
    edges_of,
    finite,
    min_detectable,
    numeric_counts,
    psi_of_counts,
)
from scipy.stats import binomtest
from sklearn.metrics import (
    accuracy_score,
    f1_score,
    mean_absolute_error,
    precision_score,
    recall_score,
    root_mean_squared_error,
)

Built = tuple[Project, Result]
AS_OF = pd.Timestamp(FULL_RANGE["as_of"])
HOUR, DAY = pd.Timedelta(hours=1), pd.Timedelta(days=1)
LATE_AFTER = pd.Timedelta(minutes=360)
# Days with a fault of several kinds, with much missing, and ordinary ones.
DAYS = ["2013-03-01", "2013-03-15", "2013-05-14", "2013-07-18", "2013-08-06", "2013-11-05", "2013-12-31"]
NUMERIC = ["distance", "sched_hour", "seats", "temp", "humid", "pressure", "visib", "latency_ms"]
CATEGORICAL = ["carrier", "origin", "dest"]


def read(raw: Path, sql: str) -> pd.DataFrame:
    """Result of a query on the raw files; {raw} is their folder."""
    with duckdb.connect() as connection:
        return connection.execute(sql.format(raw=raw)).df()


@pytest.fixture(scope="module")
def log(raw: Path) -> pd.DataFrame:
    """Every raw row of flight_delay with its state and the hour it counts for."""
    rows = read(
        raw,
        """select * replace (event_time::timestamp as event_time, ingest_time::timestamp as ingest_time,
            weather_hour::timestamp as weather_hour)
        from (select * from read_parquet('{raw}/flight_delay_inferences/*.parquet')
            union all by name select * from read_json('{raw}/flight_delay_inferences_jsonl/*.jsonl'))""",
    )
    rows = rows[rows["ingest_time"] < AS_OF].sort_values("ingest_time", kind="stable", ignore_index=True)
    unknown_time = rows["event_time"].isna() | (
        rows["event_time"] > rows["ingest_time"] + pd.Timedelta(minutes=10)
    )
    # Every score was written, so what pandas calls missing was NaN.
    unusable = rows["prediction_id"].isna() | unknown_time | ~rows["score"].between(0, 1)
    usable_rank = rows[~unusable].groupby("prediction_id").cumcount().reindex(rows.index)
    rows["state"] = np.select([unusable, usable_rank == 0], ["quarantined", "current"], "duplicate")
    rows["time"] = rows["event_time"].where(~unknown_time, rows["ingest_time"])
    rows["hour"], rows["day"] = rows["time"].dt.floor("h"), rows["time"].dt.floor("D")
    rows["lag"] = rows["ingest_time"] - rows["event_time"]
    return rows


@pytest.fixture(scope="module")
def current(log: pd.DataFrame) -> pd.DataFrame:
    """The rows that count, one per prediction."""
    return log[log["state"] == "current"].copy()


@pytest.fixture(scope="module")
def reference(raw: Path) -> pd.DataFrame:
    """The training set."""
    return read(raw, "select * from '{raw}/flight_delay_reference.parquet'")


@pytest.fixture(scope="module")
def baseline(log: pd.DataFrame) -> dict[str, list[pd.Timestamp]]:
    """The first 28 clean days of all versions together and of each."""
    result = {}
    for version in ["__all__", "v1", "v2"]:
        rows = log if version == "__all__" else log[log["model_version"] == version]
        faulty = (rows["state"] != "current") | (rows["lag"] > LATE_AFTER)
        days = rows.assign(faulty=faulty, is_current=rows["state"] == "current").groupby("day")
        counts = days.agg(rows=("state", "size"), faulty=("faulty", "sum"), current=("is_current", "sum"))
        clean = counts[(counts["current"] >= 500) & (counts["faulty"] <= 0.05 * counts["rows"])]
        result[version] = list(clean.index[:28])
    return result


def table(built: Built, name: str, where: str) -> pd.DataFrame:
    """Rows of a table of flight_delay."""
    group = name in ("volume", "freshness", "join_cardinality", "quality_score")
    rows = f"ml_{name} where monitor = 'flight_delay' and" if group else f"flight_delay__{name} where"
    return built[0].frame(f"select * from {rows} {where}")


def one_row(frame: pd.DataFrame) -> pd.Series:
    """The only row of a frame."""
    assert len(frame) == 1
    return frame.iloc[0]


def close(found: float, expected: float, scale: float = 1.0) -> bool:
    """Equal to 1e-9 of a scale; missing equals missing."""
    if pd.isna(expected):
        return bool(pd.isna(found))
    return abs(found - expected) <= 1e-9 * max(scale, abs(expected))


# Curation


def test_baseline_days(full_build: Built, baseline: dict[str, list[pd.Timestamp]]) -> None:
    rows = full_build[0].frame(
        """select model_version, window_start from flight_delay__baseline_windows
        where is_baseline order by all"""
    )
    found = {version: list(group["window_start"]) for version, group in rows.groupby("model_version")}
    assert found == baseline
    # The day of the corrupt rows is in August and does not enter the baseline of v2.
    assert len(baseline["v2"]) == 28
    assert min(baseline["v2"]) >= pd.Timestamp("2013-08-01")


def test_states_per_hour(full_build: Built, log: pd.DataFrame) -> None:
    found = table(full_build, "volume", "window_grain = 'hour' and segment_name = '__all__'").set_index(
        "window_start"
    )
    expected = pd.crosstab(log["hour"], log["state"]).reindex(found.index, fill_value=0)
    assert len(found) == (AS_OF - log["hour"].min()) / HOUR
    for state in ["current", "duplicate", "quarantined"]:
        assert found[f"{state}_rows"].tolist() == expected[state].tolist(), state
    rows = expected.sum(axis=1)
    assert found["logged_rows"].tolist() == rows.tolist()
    rate = expected["duplicate"] / rows.where(rows > 0)
    assert found["duplicate_rate"].round(12).equals(rate.round(12).rename("duplicate_rate"))
    assert found["duplicate_rate"].max() > 0.2


def test_volume_ratio_per_day(
    full_build: Built, current: pd.DataFrame, baseline: dict[str, list[pd.Timestamp]]
) -> None:
    found = table(full_build, "volume", "window_grain = 'day' and segment_name = '__all__'").set_index(
        "window_start"
    )
    per_day = current.groupby("day").size()
    expected = per_day[baseline["__all__"]].mean()
    assert np.allclose(found["expected_rows"], expected, rtol=1e-9)
    assert np.allclose(found["volume_ratio"], per_day.reindex(found.index) / expected, rtol=1e-9)


# Quality


@pytest.mark.parametrize("grain", ["hour", "day"])
def test_null_rates(full_build: Built, current: pd.DataFrame, grain: str) -> None:
    found = table(full_build, "data_quality", f"window_grain = '{grain}' and segment_name = '__all__'")
    for column in ["humid", "pressure", "seats", "carrier", "score"]:
        mine = found[found["column_name"] == column].set_index("window_start").sort_index()
        rows = current.groupby(grain)[column].agg(["size", "count"]).reindex(mine.index, fill_value=0)
        assert mine["row_count"].tolist() == rows["size"].tolist()
        assert mine["null_count"].tolist() == (rows["size"] - rows["count"]).tolist()
        rate = (1 - rows["count"] / rows["size"].where(rows["size"] > 0)).to_numpy()
        np.testing.assert_allclose(mine["null_rate"].to_numpy(), rate, rtol=0, atol=1e-12)
        one = mine[mine["row_count"] > 0].iloc[7]
        interval = binomtest(int(one["null_count"]), int(one["row_count"])).proportion_ci(0.999, "wilson")
        assert close(one["null_rate_low"], interval.low)
        assert close(one["null_rate_high"], interval.high)


def test_null_rates_of_segments(full_build: Built, current: pd.DataFrame) -> None:
    found = table(full_build, "data_quality", "segment_name = 'origin' and column_name = 'pressure'")
    expected = current.groupby(["day", "origin"])["pressure"].agg(["size", "count"])
    keyed = found.set_index(["window_start", "segment_value"]).sort_index()
    assert set(found["window_grain"]) == {"day"}
    assert keyed["row_count"].tolist() == expected["size"].tolist()
    assert keyed["null_count"].tolist() == (expected["size"] - expected["count"]).tolist()


# Freshness


def test_late_share_and_ages(full_build: Built, current: pd.DataFrame) -> None:
    found = table(full_build, "freshness", "window_grain = 'hour'").set_index("window_start").sort_index()
    hours = current.assign(late=current["lag"] > LATE_AFTER).groupby("hour")
    rows = hours["late"].agg(["size", "sum"]).reindex(found.index, fill_value=0)
    share = (rows["sum"] / rows["size"].where(rows["size"] > 0)).to_numpy(dtype=float)
    np.testing.assert_allclose(found["late_share"].to_numpy(), share, atol=1e-12)
    assert found["late_rows"].sum() == rows["sum"].sum() > 100
    for kind in ["event", "ingest"]:
        newest = hours[f"{kind}_time"].max().reindex(found.index).cummax()
        newest = newest.ffill()
        age = ((found.index + HOUR).to_series(index=found.index) - newest).dt.total_seconds() / 60
        expected = age.clip(lower=0).to_numpy()
        np.testing.assert_allclose(found[f"{kind}_age_minutes"].to_numpy(), expected, atol=1e-6)
    assert found["event_age_minutes"].max() > 300


def test_longest_gap(full_build: Built, current: pd.DataFrame) -> None:
    found = table(full_build, "freshness", "window_grain = 'day'").set_index("window_start").sort_index()
    hours = pd.date_range(current["hour"].min(), AS_OF - HOUR, freq="h")
    filled = pd.Series(hours.isin(current["hour"].unique()), index=hours)
    run, runs = 0, []
    for is_filled in filled:
        # At an hour with rows: the run that ended there; at an empty hour: the run so far.
        runs.append(run if is_filled else run + 1)
        run = 0 if is_filled else run + 1
    expected = pd.Series(runs, index=hours).groupby(hours.floor("D")).max().reindex(found.index)
    assert found["longest_gap_hours"].tolist() == expected.tolist()
    assert expected.max() >= 5


def test_p95_lag_is_within_a_cell(full_build: Built, current: pd.DataFrame) -> None:
    for grain in ["hour", "day"]:
        found = table(full_build, "freshness", f"window_grain = '{grain}'").set_index("window_start")
        minutes = current["lag"].dt.total_seconds() / 60
        exact = minutes.groupby(current[grain]).agg(lambda lag: np.quantile(lag, 0.95, method="inverted_cdf"))
        mine = found["ingest_lag_p95_minutes"].reindex(exact.index)
        assert mine.notna().all()
        # A cell is 1/32 of (1 + z) wide, and z is in minutes.
        assert ((mine - exact).abs() / (1 + exact)).max() < 0.032
    assert exact.max() > 1700


# Joins


@pytest.mark.parametrize("grain", ["hour", "day"])
def test_joins(full_build: Built, raw: Path, current: pd.DataFrame, grain: str) -> None:
    lookups = {
        "weather": read(raw, "select weather_station, weather_hour from '{raw}/weather.parquet'"),
        "aircraft": read(raw, "select tail_number from '{raw}/aircraft.parquet'"),
        "labels": read(
            raw,
            f"""select prediction_id from read_parquet('{{raw}}/flight_delay_labels/*.parquet')
            where ingest_time < '{AS_OF}'""",
        ),
    }
    for name, lookup in lookups.items():
        keys = list(lookup.columns)
        partners = lookup.dropna().groupby(keys).size().rename("partners").reset_index()
        joined = current[[*keys, grain]].merge(partners, on=keys, how="left")
        joined["null_key"] = joined[keys].isna().any(axis=1)
        joined["after"] = joined["partners"].fillna(1)
        joined["matched"] = joined["partners"].notna()
        sums = joined.groupby(grain).agg(
            rows_before=("after", "size"),
            rows_after=("after", "sum"),
            matched_rows=("matched", "sum"),
            null_key_rows=("null_key", "sum"),
        )
        found = table(
            full_build, "join_cardinality", f"window_grain = '{grain}' and join_name = '{name}'"
        ).set_index("window_start")
        found = found.sort_index()
        sums = sums.reindex(found.index, fill_value=0)
        for column in sums.columns:
            assert found[column].tolist() == sums[column].astype(int).tolist(), (name, column)
        before = sums["rows_before"].where(sums["rows_before"] > 0)
        np.testing.assert_allclose(found["match_rate"], sums["matched_rows"] / before, atol=1e-12)
        np.testing.assert_allclose(found["fan_out"], sums["rows_after"] / before, atol=1e-12)


# Performance


@pytest.fixture(scope="module")
def outcomes(raw: Path, current: pd.DataFrame) -> pd.DataFrame:
    """The predictions of flight_delay with the labels known at the end."""
    labels = read(
        raw,
        f"""select prediction_id, label from read_parquet('{{raw}}/flight_delay_labels/*.parquet')
        where ingest_time < '{AS_OF}'""",
    )
    assert labels["prediction_id"].is_unique
    return current.merge(labels, on="prediction_id", how="left")


def test_label_coverage(full_build: Built, outcomes: pd.DataFrame) -> None:
    found = table(
        full_build,
        "performance",
        "model_version = '__all__' and segment_name = '__all__' and window_grain = 'day'",
    ).set_index("window_start")
    found = found.sort_index()
    days = outcomes.groupby("day")["label"].agg(["size", "count"]).reindex(found.index, fill_value=0)
    assert found["predicted_rows"].tolist() == days["size"].tolist()
    assert found["labelled_rows"].tolist() == days["count"].tolist()
    np.testing.assert_allclose(found["label_coverage"], days["count"] / days["size"], atol=1e-12)
    mature = [start + DAY + DAY <= AS_OF for start in found.index]
    assert found["is_mature"].tolist() == mature
    assert mature[-1] is False


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize(
    ("version", "segment"), [("__all__", "__all__"), ("__all__", "EWR"), ("own", "__all__")]
)
def test_classification_scores(
    full_build: Built, outcomes: pd.DataFrame, day: str, version: str, segment: str
) -> None:
    rows = outcomes[(outcomes["day"] == pd.Timestamp(day)) & outcomes["label"].notna()]
    if version == "own":
        version = rows["model_version"].mode()[0]
        rows = rows[rows["model_version"] == version]
    if segment != "__all__":
        rows = rows[rows["origin"] == segment]
    name = "origin" if segment != "__all__" else "__all__"
    found = one_row(
        table(
            full_build,
            "performance",
            f"""window_start = '{day}' and model_version = '{version}' and segment_name = '{name}'
            and segment_value = '{segment}' and window_grain = 'day'""",
        )
    )
    label, prediction = rows["label"].astype(int), rows["prediction"].astype(int)
    assert found["labelled_rows"] == len(rows) > 100
    assert close(found["accuracy"], accuracy_score(label, prediction))
    assert close(found["precision_score"], precision_score(label, prediction))
    assert close(found["recall"], recall_score(label, prediction))
    assert close(found["f1"], f1_score(label, prediction))
    assert pd.isna(found["mae"])
    assert pd.isna(found["rmse"])


def test_regression_errors(full_build: Built, raw: Path) -> None:
    rows = read(
        raw,
        f"""select date_trunc('day', i.event_time) as day, i.origin, i.prediction, l.label
        from read_parquet('{{raw}}/flight_air_time_inferences/*.parquet') as i
        inner join read_parquet('{{raw}}/flight_air_time_labels/*.parquet') as l using (prediction_id)
        where i.ingest_time < '{AS_OF}' and l.ingest_time < '{AS_OF}'""",
    )
    found = full_build[0].frame(
        """select * from flight_air_time__performance
        where segment_name = '__all__' and model_version = '__all__' and window_grain = 'day'"""
    )
    found = found.set_index("window_start")
    for day, group in rows.groupby("day"):
        one = found.loc[day]
        assert one["labelled_rows"] == len(group)
        assert close(one["mae"], mean_absolute_error(group["label"], group["prediction"]))
        assert close(one["rmse"], root_mean_squared_error(group["label"], group["prediction"]))
        assert close(one["bias"], (group["prediction"] - group["label"]).mean(), one["mae"])
        assert pd.isna(one["accuracy"])
    assert len(found) == rows["day"].nunique() == 306


# The grid


def test_grid_edges_are_the_quantiles_of_the_training_set(full_build: Built, reference: pd.DataFrame) -> None:
    grid = full_build[0].frame("select * from flight_delay__grid").set_index("column_name")
    for column in [*NUMERIC[:-1], "score"]:
        steps = 19 if column == "score" else 10
        values = reference[column].dropna()
        edges = np.quantile(values, np.arange(steps + 1) / steps, method="inverted_cdf")
        row = grid.loc[column]
        assert row["grid_source"] == "training"
        assert row["row_count"] == len(values)
        assert [row[f"edge_{k:02d}"] for k in range(steps + 1)] == edges.tolist()
        assert all(row[f"edge_{k:02d}"] == np.inf for k in range(steps + 1, 20))
        assert (row["center"], row["scale"]) == center_and_scale(values)
    assert set(grid.loc[["latency_ms", "__ingest_lag_minutes__"], "grid_source"]) == {"fixed"}


@pytest.mark.parametrize("column", ["distance", "humid", "carrier"])
def test_histograms_count_the_rows_of_each_bin(
    full_build: Built,
    current: pd.DataFrame,
    reference: pd.DataFrame,
    baseline: dict[str, list[pd.Timestamp]],
    column: str,
) -> None:
    """In natural units: a range holds what lies between its edges, a value what equals it."""
    day = pd.Timestamp("2013-11-05")
    bins = full_build[0].frame(
        f"select * from ml_histograms where monitor = 'flight_delay' and column_name = '{column}' and segment_name = '__all__' "
        f"and window_start = timestamp '{day}' order by bin"
    )
    sides = {
        "row_count": current[current["day"] == day][column],
        "baseline_rows": current[current["day"].isin(baseline["__all__"])][column],
        "reference_rows": reference[column],
    }
    known = set(bins.loc[bins["bin_kind"] == "category", "bin_label"])
    for side, values in sides.items():
        assert bins[side].sum() == len(values)
        for row in bins.itertuples():
            if row.bin_kind == "null":
                expected = values.isna().sum()
            elif row.bin_kind == "category":
                expected = (values == row.bin_label).sum()
            elif row.bin_kind == "other":
                expected = (values.notna() & ~values.isin(known)).sum()
            elif row.bin_kind == "value":
                expected = (values == row.bin_low).sum()
            else:
                low, high = (
                    edge if pd.notna(edge) else far
                    for edge, far in ((row.bin_low, -np.inf), (row.bin_high, np.inf))
                )
                expected = ((values > low) & (values < high)).sum()
            assert getattr(row, side) == expected, (side, row.bin_label)


# Drift


class Oracle:
    """Counts of one column by day, for PSI of any day against any days."""

    def __init__(self, rows: pd.DataFrame, column: str, edges: np.ndarray | None, known: set[str]) -> None:
        self.column, self.edges, self.known = column, edges, known
        self.values = {day: group[column] for day, group in rows.groupby("day")}
        self.counts = {day: self.count(values) for day, values in self.values.items()}

    def count(self, values: pd.Series) -> Counter:
        """Values by bin: slot, or category with 0 for what the training set does not have."""
        if self.edges is not None:
            return numeric_counts(values, self.edges)
        counts = category_counts(values)
        pooled = sum(count for name, count in counts.items() if name not in self.known)
        kept = {name: count for name, count in counts.items() if name in self.known}
        return Counter(kept | ({"0": pooled} if pooled else {}))

    def total(self, days: list[pd.Timestamp]) -> Counter:
        """Counts of several days."""
        return sum((self.counts.get(day, Counter()) for day in days), Counter())

    def psi(self, day: pd.Timestamp, days: list[pd.Timestamp]) -> Psi:
        """PSI of a day against other days, itself left out."""
        others = self.total([other for other in days if other != day])
        own = self.counts[day] if day in days else None
        return psi_of_counts(others, self.counts[day], frozenset({"0"}), own)

    def baseline_variation(self, days: list[pd.Timestamp]) -> float:
        """Mean leave-one-out excess of the baseline's days, never below 0."""
        excesses = [one.excess for one in (self.psi(day, days) for day in days if day in self.counts)]
        return max(0.0, float(np.mean([excess for excess in excesses if excess is not None])))


CASES = [(column, "__all__", "__all__") for column in [*NUMERIC, *CATEGORICAL]]
CASES += [("score", "v1", "__all__"), ("score", "v2", "__all__"), ("prediction", "v2", "__all__")]
CASES += [("distance", "__all__", "EWR"), ("humid", "__all__", "LGA"), ("carrier", "__all__", "JFK")]


@pytest.mark.parametrize(("column", "version", "segment"), CASES)
def test_drift_from_the_serving_baseline(
    full_build: Built,
    current: pd.DataFrame,
    reference: pd.DataFrame,
    baseline: dict[str, list[pd.Timestamp]],
    column: str,
    version: str,
    segment: str,
) -> None:
    rows = current if version == "__all__" else current[current["model_version"] == version]
    rows = rows if segment == "__all__" else rows[rows["origin"] == segment]
    is_numeric = column not in [*CATEGORICAL, "prediction"]
    edges = None
    if column == "latency_ms":
        edges = 2.0 ** np.arange(-2, 9)
    elif is_numeric:
        edges = np.unique(edges_of(reference[column], 19 if column == "score" else 10))
    known = set(reference[column].dropna().astype(str)) if column in reference else set()
    oracle = Oracle(rows, column, edges, known)
    days = baseline[version]
    baseline_variation = oracle.baseline_variation(days)

    name = "origin" if segment != "__all__" else "__all__"
    found = table(
        full_build,
        "drift",
        f"""baseline = 'serving' and column_name = '{column}' and model_version = '{version}' and window_grain = 'day'
        and segment_name = '{name}' and segment_value = '{segment}'""",
    ).set_index("window_start")
    assert (found["baseline_variation"].iloc[0], 28) == (
        pytest.approx(baseline_variation, rel=1e-9, abs=1e-12),
        found["baseline_windows"].iloc[0],
    )
    tested = [pd.Timestamp(day) for day in DAYS if pd.Timestamp(day) in oracle.counts]
    assert len(tested) >= 3
    for day in tested:
        row, expected = found.loc[day], oracle.psi(day, days)
        counts = (row["reference_rows"], row["current_rows"], row["bin_count"])
        if expected.current_rows == 0:
            # Nothing was there to compare.
            assert counts == (expected.reference_rows, 0, 0)
            assert pd.isna(row["psi"])
            assert row["psi_reason"] == "insufficient_sample"
            continue
        assert counts == (expected.reference_rows, expected.current_rows, expected.bin_count), day
        assert row["is_in_baseline"] == (day in days)
        assert close(row["psi"], expected.psi)
        assert close(row["psi_excess"], expected.excess)
        # The quantile comes from the seed, which has ten digits.
        assert row["psi_noise"] == pytest.approx(expected.noise, rel=1e-6)
        least = min_detectable(expected, baseline_variation, int(row["baseline_windows"]))
        assert row["min_detectable"] == pytest.approx(least, rel=1e-6)
        assert row["is_drift_detected"] == (expected.excess > least)
        if is_numeric:
            assert_moments(row, oracle, days, day, segment)


def assert_moments(
    row: pd.Series, oracle: Oracle, days: list[pd.Timestamp], day: pd.Timestamp, segment: str
) -> None:
    """Means, spread and the window-mean chart of a day are those of numpy."""
    values = finite(oracle.values[day])
    others = finite(
        pd.concat([oracle.values[other] for other in days if other != day and other in oracle.values])
    )
    scale = others.std()
    assert close(row["current_mean"], values.mean(), scale)
    assert close(row["reference_mean"], others.mean(), scale)
    assert close(row["reference_sd"], scale, scale)
    assert close(row["mean_shift"], (values.mean() - others.mean()) / scale)
    if segment != "__all__":
        assert pd.isna(row["mean_shift_sd"])
        return
    means = {other: finite(v).mean() for other, v in oracle.values.items() if len(finite(v)) > 0}
    before = [
        mean
        for other, mean in means.items()
        if day - 28 * DAY <= other < day and len(finite(oracle.values[other])) >= 30
    ]
    if not before:
        assert pd.isna(row["mean_shift_sd"])
        return
    low, center, high = np.quantile(before, [0.25, 0.5, 0.75], method="inverted_cdf")
    between = np.std([means[other] for other in days if other in means], ddof=1)
    spread = max((high - low) / 1.349, between, values.std() / np.sqrt(len(values)))
    assert row["chart_windows"] == len(before)
    assert close(row["chart_center"], center, scale)
    assert close(row["chart_scale"], spread, scale)
    assert row["mean_shift_sd"] == pytest.approx((values.mean() - center) / spread, rel=1e-8, abs=1e-9)


@pytest.mark.parametrize("column", ["distance", "temp", "pressure", "carrier", "seats"])
def test_drift_from_the_training_set(
    full_build: Built, current: pd.DataFrame, reference: pd.DataFrame, column: str
) -> None:
    found = table(
        full_build,
        "drift",
        f"window_grain = 'month' and column_name = '{column}' and segment_name = '__all__'",
    ).set_index("window_start")
    months = current["time"].dt.to_period("M").dt.to_timestamp()
    is_numeric = column not in CATEGORICAL
    edges = np.unique(edges_of(reference[column])) if is_numeric else None
    assert set(found.index) == set(months)
    for month, rows in current.groupby(months):
        if is_numeric:
            sides = [numeric_counts(values, edges) for values in (reference[column], rows[column])]
        else:
            sides = [category_counts(values) for values in (reference[column], rows[column])]
        unseen = frozenset(set(sides[1]) - set(sides[0]))
        expected = psi_of_counts(*sides, pooled=frozenset() if is_numeric else unseen)
        row = found.loc[month]
        assert (row["reference_rows"], row["current_rows"]) == (
            expected.reference_rows,
            expected.current_rows,
        )
        assert row["bin_count"] == expected.bin_count
        assert close(row["psi"], expected.psi)
        assert close(row["psi_excess"], expected.excess)
        assert row["baseline_variation"] == 0


def test_the_season_as_the_issue_states_it(full_build: Built) -> None:
    rows = full_build[0].query(
        """select column_name, month(window_start), psi from flight_delay__drift
        where baseline = 'training' and window_grain = 'month' and segment_name = '__all__'"""
    )
    psi = {(column, month): value for column, month, value in rows}
    assert psi["temp", 3] == pytest.approx(1.4, abs=0.1)
    # Three days of it are in Celsius.
    assert 8 < psi["temp", 7] < 13
    assert psi["pressure", 3] > 0.8
    for column in ["distance", "sched_hour", "seats", "aircraft_age"]:
        assert psi[column, 3] < 0.05
    # Two days of November are in kilometres, and even so:
    assert max(psi[column, month] for column in ["distance", "sched_hour"] for month in range(3, 13)) < 0.05


def test_shares_beside_psi(
    full_build: Built, current: pd.DataFrame, baseline: dict[str, list[pd.Timestamp]]
) -> None:
    found = table(
        full_build,
        "drift",
        "baseline = 'serving' and column_name = 'wind_speed' and segment_name = '__all__' and window_grain = 'day'",
    ).set_index("window_start")
    days = current.groupby("day")["wind_speed"]
    for name, share in [
        ("null", days.apply(lambda v: v.isna().mean())),
        ("zero", days.apply(lambda v: (v == 0).mean())),
    ]:
        usual = share[baseline["__all__"]].mean()
        angles = np.arcsin(np.sqrt(share[baseline["__all__"]]))
        for day in DAYS:
            row = found.loc[pd.Timestamp(day)]
            change = share[pd.Timestamp(day)] - usual
            assert close(row[f"{name}_share"], share[pd.Timestamp(day)])
            assert close(row[f"{name}_share_change"], change)
            # What is still noise: five standard deviations of the angle from its mean, on the side of the change.
            reach = 5 * max(angles.std(), 0.5 / np.sqrt(row["row_count"]))
            high = np.sin(min(np.pi / 2, angles.mean() + reach)) ** 2 - usual
            low = usual - np.sin(max(0, angles.mean() - reach)) ** 2
            assert close(row[f"{name}_share_noise"], high if change >= 0 else low)
    assert found["zero_share_change"].abs().max() > 0.2
    beyond = found["zero_share_change"].abs() > found["zero_share_noise"]
    assert 0 < beyond.sum() < 10


def test_calm_air_is_rarely_a_finding(full_build: Built) -> None:
    """The share of calm air rises from little by itself; on the share and not on its angle 38 days would warn."""
    found = table(full_build, "checks", "metric = 'zero_share_change' and subject = 'wind_speed'")
    assert 0 < found["status"].isin(["warn", "fail"]).sum() < 10
