"""Relations between columns: every number again from the raw rows, a broken relation that no column shows, runs in steps."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import tiny_monitor
from compare import differences
from conftest import Project, Result
from oracle import Psi, center_and_scale, edges_of, psi_of_counts
from results import failing_gates
from scipy.stats import norm
from tiny_monitor import END, LAST_DAY, START, Frames

DAY, HOUR = pd.Timedelta(days=1), pd.Timedelta(hours=1)
YAML = "models/staging/tiny/_tiny.yml"
TABLES = ["tiny__hourly_relations", "tiny__relations"]
DECLARED = "          label_horizon_hours: 24\n"
RETENTION = 10
# The second pair has the score first, which ml_monitor turns; hits is constant.
META = f"""          relations: [[amount, temp], [score, amount], [hits, amount]]
          hourly_retention_days: {RETENTION}
"""
PAIRS = [("amount", "temp"), ("amount", "score"), ("hits", "amount")]
EMPTY_DAY = START + 30 * DAY
THIRDS = ["low", "middle", "high"]
# Relations without their tests of columns, which other suites run.
SELECTED = [
    "--select",
    "+tiny__gate",
    "tiny__history",
    "tiny__metrics",
    "ml_relations",
    "--exclude",
    "test_type:unit",
]
SELECTED += [f"test_name:{name}" for name in ("unique", "not_null", "accepted_values")]
STEP = ["build", "--resource-type", "model", "seed", "--select", "+tiny__relations", "+tiny__history"]


def related() -> Frames:
    """Columns that belong together, but on the last day, when temp is shuffled; some values are no numbers."""
    frames = tiny_monitor.generate()
    random = np.random.default_rng(5)
    for table in ("inferences", "reference"):
        rows = frames[table]
        count = len(rows)
        z = (rows["amount"] - 100) / 15
        # The relation moves a little from day to day, as relations do.
        strength = 0.7 + 0.03 * np.sin(np.arange(count) // tiny_monitor.ROWS_PER_DAY)
        rows["temp"] = (
            70 + 4 * (strength * z + np.sqrt(1 - strength**2) * random.standard_normal(count))
        ).round(3)
        # Far out: more than 4 interquartile ranges from the median.
        rows.loc[random.random(count) < 0.003, "temp"] = 200
        rows["score"] = (1 / (1 + np.exp(1 - 0.8 * z - random.standard_normal(count)))).round(6)
        rows["prediction"] = (rows["score"] >= 0.5).astype("int32")
        rows["hits"] = np.int32(3)
    rows = frames["inferences"]
    odd = random.random(len(rows))
    rows.loc[odd < 0.01, "temp"] = np.nan
    rows.loc[odd > 0.998, "amount"] = np.inf
    rows.loc[(odd > 0.5) & (odd < 0.505), "score"] = np.nan
    last = rows["event_time"] >= LAST_DAY
    rows.loc[last, "temp"] = random.permutation(rows.loc[last, "temp"])
    # Rows that come days late, also to days that are folded by then.
    late = (odd > 0.7) & (odd < 0.71)
    rows.loc[late, "ingest_time"] += 12 * DAY
    rows = rows[rows["event_time"].dt.floor("D") != EMPTY_DAY]
    return {"inferences": rows.reset_index(drop=True), "reference": frames["reference"]}


@pytest.fixture(scope="module")
def frames() -> Frames:
    """The raw tables. Read only."""
    return related()


@pytest.fixture(scope="module")
def whole(frames: Frames, tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, Result]:
    """The monitor, built in one run."""
    project = tiny_monitor.new_project(
        tmp_path_factory.mktemp("whole") / "project", {"tiny": frames}, ["relations"], fleet=True
    )
    project.replace(YAML, DECLARED, DECLARED + META)
    return project, project.dbt("build", *SELECTED)


class Oracle:
    """The current rows with both values of a pair finite, their clipped standardised values, and in which third they lie."""

    def __init__(self, frames: Frames, column_a: str, column_b: str) -> None:
        rows = frames["inferences"]
        rows = rows[rows["ingest_time"] <= END]
        rows = rows[np.isfinite(rows[column_a]) & np.isfinite(rows[column_b])]
        self.day = rows["event_time"].dt.floor("D")
        self.hour = rows["event_time"].dt.floor("h")
        self.output = rows[column_b]
        self.z, self.raw_z, self.third = {}, {}, {}
        for side, column in (("a", column_a), ("b", column_b)):
            reference = frames["reference"][column]
            center, scale = center_and_scale(reference)
            steps, low, high = (19, 6, 13) if column == "score" else (10, 3, 7)
            edges = edges_of(reference, steps)
            self.raw_z[side] = (rows[column] - center) / scale
            self.z[side] = self.raw_z[side].clip(-4, 4)
            self.third[side] = (rows[column] > edges[low]).astype(int) + (rows[column] > edges[high])
        self.in_baseline = self.day < START + 28 * DAY

    def correlation(self, inside: pd.Series) -> float | None:
        """By numpy; None for a constant column."""
        a, b = self.z["a"][inside], self.z["b"][inside]
        return None if a.std() == 0 or b.std() == 0 else float(np.corrcoef(a, b)[0, 1])

    def change(self, day: pd.Timestamp) -> tuple[float, float]:
        """Distance of Fisher's z from the rest of the baseline, and its variance from sampling."""
        inside = self.day == day
        others = self.in_baseline & ~inside
        distance = abs(np.arctanh(self.correlation(inside)) - np.arctanh(self.correlation(others)))
        return float(distance), 1 / (inside.sum() - 3) + 1 / (others.sum() - 3)

    def joint(self, inside: pd.Series) -> Counter:
        """Rows by cell."""
        return Counter((3 * self.third["a"][inside] + self.third["b"][inside]).tolist())

    def joint_psi(self, day: pd.Timestamp) -> Psi:
        """PSI of the nine cells."""
        inside = self.day == day
        own = self.joint(inside & self.in_baseline)
        return psi_of_counts(self.joint(self.in_baseline & ~inside), self.joint(inside), own=own)

    def baseline_days(self) -> pd.DatetimeIndex:
        """The days of the baseline."""
        return pd.date_range(START, periods=28)


def close(value: float | None) -> object:
    """Equal to 1e-9 of 1."""
    return pytest.approx(value, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize(("column_a", "column_b"), PAIRS[:2])
def test_each_day_against_its_baseline(
    frames: Frames, whole: tuple[Project, Result], column_a: str, column_b: str
) -> None:
    project, _ = whole
    oracle = Oracle(frames, column_a, column_b)
    found = project.frame(
        f"select * from tiny__relations where column_a = '{column_a}' and column_b = '{column_b}'"
    ).set_index("window_start")
    assert len(found) == tiny_monitor.DAYS
    moves = [oracle.change(day) for day in oracle.baseline_days()]
    baseline_variation = np.sqrt(max(0, np.mean([distance**2 - variance for distance, variance in moves])))
    joint_baseline_variation = max(
        0, np.mean([oracle.joint_psi(day).excess for day in oracle.baseline_days()])
    )
    if column_b == "temp":
        assert baseline_variation > 0.01
    for day in (START, START + 17 * DAY, LAST_DAY - DAY, LAST_DAY):
        row, inside = found.loc[day], oracle.day == day
        others = oracle.in_baseline & ~inside
        assert (row["current_rows"], row["reference_rows"]) == (inside.sum(), others.sum())
        assert row["model_version"] == ("v1" if column_b == "score" else "__all__")
        assert (row["is_in_baseline"], row["baseline_windows"]) == (day < START + 28 * DAY, 28)
        assert row["current_correlation"] == close(oracle.correlation(inside))
        assert row["reference_correlation"] == close(oracle.correlation(others))
        distance, variance = oracle.change(day)
        assert row["correlation_change"] == close(distance)
        assert row["correlation_noise"] == close(norm.ppf(0.9995) * np.sqrt(variance))
        assert row["correlation_baseline_variation"] == close(baseline_variation)
        chance = 2 * np.sqrt(2 / 28) * (1 / inside.sum() + 1 / others.sum())
        beyond = baseline_variation**2 + max(0, baseline_variation**2 - chance)
        detectable = norm.ppf(0.9995) * np.sqrt(variance) + 4 * np.sqrt(beyond)
        assert row["correlation_min_detectable"] == close(detectable)
        assert row["is_correlation_changed"] == (distance > detectable)
        expected = oracle.joint_psi(day)
        assert row["joint_bin_count"] == expected.bin_count
        assert row["joint_psi"] == close(expected.psi)
        assert row["joint_psi_excess"] == close(expected.excess)
        assert row["joint_baseline_variation"] == close(joint_baseline_variation)


def test_the_output_given_a_feature(frames: Frames, whole: tuple[Project, Result]) -> None:
    project, _ = whole
    oracle = Oracle(frames, "amount", "score")
    names = [f"{side}_output_mean_{third}" for side in ("current", "reference") for third in THIRDS]
    row = project.frame(
        f"""select {", ".join(names)} from tiny__relations
        where column_b = 'score' and window_start = timestamp '{LAST_DAY}'"""
    ).iloc[0]
    for side, inside in (("current", oracle.day == LAST_DAY), ("reference", oracle.in_baseline)):
        means = oracle.output[inside].groupby(oracle.third["a"][inside]).mean()
        assert [row[f"{side}_output_mean_{third}"] for third in THIRDS] == close(means.tolist())
    assert row["current_output_mean_low"] < row["current_output_mean_high"] - 0.2
    others = f"select count(*) from tiny__relations where column_b <> 'score' and coalesce({', '.join(names)}) is not null"
    assert project.value(others) == 0


@pytest.mark.parametrize(("column_a", "column_b"), PAIRS)
def test_sums_of_the_rollup(
    frames: Frames, whole: tuple[Project, Result], column_a: str, column_b: str
) -> None:
    project, _ = whole
    oracle = Oracle(frames, column_a, column_b)
    grouped = {
        "row_count": pd.Series(1, index=oracle.day.index),
        "z_sum_a": oracle.z["a"],
        "z_sum_b": oracle.z["b"],
        "z_squared_sum_a": oracle.z["a"] ** 2,
        "z_squared_sum_b": oracle.z["b"] ** 2,
        "z_product_sum": oracle.z["a"] * oracle.z["b"],
    }
    for number, a in enumerate(THIRDS):
        for other, b in enumerate(THIRDS):
            inside = (oracle.third["a"] == number) & (oracle.third["b"] == other)
            grouped[f"{a}_{b}_count"] = inside.astype(int)
        if column_b == "score":
            grouped[f"output_{a}_z_sum"] = oracle.raw_z["b"].where(oracle.third["a"] == number, 0)
    folded_until = END - RETENTION * DAY
    window = oracle.hour.where(oracle.hour >= folded_until, oracle.day)
    expected = pd.DataFrame(grouped).groupby(window).sum()
    found = project.frame(
        f"""select * from tiny__hourly_relations
        where column_a = '{column_a}' and column_b = '{column_b}' order by window_start"""
    ).set_index("window_start")
    assert set(found.loc[found.index < folded_until, "window_grain"]) == {"day"}
    assert set(found.loc[found.index >= folded_until, "window_grain"]) == {"hour"}
    assert found.index.tolist() == expected.index.tolist()
    for name in grouped:
        assert found[name].to_numpy() == pytest.approx(expected[name].to_numpy(), rel=1e-9, abs=1e-8), name


def test_a_broken_relation_warns_where_no_column_shows_it(whole: tuple[Project, Result]) -> None:
    project, result = whole
    assert result.errors == {}
    assert failing_gates(result, "tiny") == set()
    assert result.statuses["tiny__gate_drift"] == "warn"
    checks = project.frame(
        f"""select metric, subject, status, reason, message from tiny__checks
        where window_start = timestamp '{LAST_DAY}' and window_grain = 'day' and category = 'drift' and baseline = 'serving'"""
    )
    (warning,) = checks[checks["status"] == "warn"].itertuples()
    assert (warning.metric, warning.subject) == ("correlation_change", "amount * temp")
    assert warning.message.startswith("tiny drift: amount * temp correlation change 0.7")
    assert "correlation 0.0" in warning.message
    assert ", was 0.6" in warning.message
    silent = checks[checks["metric"].isin(["psi", "output_psi"])]
    assert {"amount", "temp", "score"} <= set(silent["subject"])
    assert set(silent.loc[silent["subject"].isin(["amount", "temp", "score"]), "status"]) == {"pass"}
    found = checks[checks["metric"] == "correlation_change"].set_index("subject")
    assert found.loc["amount * score", "status"] == "pass"
    constant = found.loc["hits * amount"]
    assert (constant["status"], constant["reason"]) == ("not_evaluated", "undefined")
    # Only a policy of one's own judges the joint table; its value is there.
    values = dict(
        project.query(
            f"select subject, value from tiny__metrics where metric = 'joint_psi' and window_start = timestamp '{LAST_DAY}'"
        )
    )
    assert values["amount * temp"] > 0.2
    assert abs(values["amount * score"]) < 0.02


def test_days_before_the_last_are_quiet_and_a_day_without_rows_is_not_evaluated(
    whole: tuple[Project, Result],
) -> None:
    project, _ = whole
    found = project.frame(
        f"""select * from tiny__checks
        where metric = 'correlation_change' and subject <> 'hits * amount' and window_start < timestamp '{LAST_DAY}'"""
    )
    empty = found["window_start"] == EMPTY_DAY
    assert set(found.loc[~empty, "status"]) == {"pass"}
    assert sorted(found.loc[empty, "subject"]) == ["amount * score", "amount * temp"]
    assert set(found.loc[empty, "reason"]) == {"insufficient_sample"}
    fleet = project.value("select count(*) from ml_relations")
    assert fleet == project.value("select count(*) from tiny__relations") == 3 * tiny_monitor.DAYS


def test_runs_in_steps_end_like_one_run(
    frames: Frames, whole: tuple[Project, Result], tmp_path: Path
) -> None:
    """Late rows, folded days and a changed declaration included; a run with nothing new writes nothing."""
    project = tiny_monitor.new_project(tmp_path / "project", {"tiny": frames}, ["relations"])
    first = "          relations: [[amount, temp], [temp, hits]]\n          hourly_retention_days: 10\n"
    project.replace(YAML, DECLARED, DECLARED + first)
    for as_of in (START + 20 * DAY, START + 29 * DAY + 7 * HOUR, END):
        if as_of == END:
            project.replace(YAML, first, META)
        project.as_of = str(as_of)
        project.dbt(*STEP, check=0)
    for table in TABLES:
        assert differences(project, whole[0], table) == []
    last = "select run_case, rebuilt_tables from tiny__history where record = 'run' order by recorded_at desc limit 1"
    assert project.query(last) == [("changed_declaration", "hourly_relations")]
    kept = [project.query(f"select min(rowid), max(rowid), count(*) from {table}") for table in TABLES]
    project.dbt(*STEP, check=0)
    assert project.query(last) == [("nothing_new", None)]
    assert kept == [
        project.query(f"select min(rowid), max(rowid), count(*) from {table}") for table in TABLES
    ]

    # Without declared pairs those of the most important columns, and no row of the others.
    project.replace(YAML, META, "          hourly_retention_days: 10\n")
    project.replace(
        YAML, "{name: temp, data_type: *double, config: {meta: {role: feature",
        "{name: temp, data_type: *double, config: {meta: {role: feature, importance: 0.5",
    )  # fmt: skip
    project.dbt(*STEP, check=0)
    expected = set(combinations(["temp", "amount", "hits", "score"], 2))
    for table in TABLES:
        found = project.query(f"select distinct column_a, column_b from {table} where column_a <> '__rows__'")
        assert set(found) == expected


FAULTS = {
    "relations[0]": ("found:   country (feature, categorical, string)", "allowed: numeric features"),
    "relations[1]": ("found:   weight", "allowed: numeric features"),
    "relations[2]": ("found:   amount twice", "allowed: two different columns"),
    "relations[3]": ("found:   latency_ms (latency_ms, numeric, double)", "amount, temp, hits, score"),
    "relations[5]": ("found:   the pair of relations[4] again", "allowed: each pair once, in either order"),
    "relations[6]": ("found:   ['amount']", "allowed: a pair of two columns"),
}


def test_every_fault_is_listed_at_once(tmp_path: Path) -> None:
    frames = {
        name: {"inferences": tiny_monitor.generate(days=1, rows_per_day=24)["inferences"]}
        for name in ("tiny", "many", "lone", "few")
    }
    project = tiny_monitor.new_project(tmp_path / "project", frames, ["relations"])
    project.replace("dbt_project.yml", '"lone": ["relations"]', '"lone": []')
    project.remove("models/monitors/lone")
    project.scaffold("lone", [])
    wrong = """          relations:
            - [amount, country]
            - [weight, amount]
            - [amount, amount]
            - [latency_ms, amount]
            - [amount, temp]
            - [temp, amount]
            - [amount]
"""
    project.replace(YAML, DECLARED, DECLARED + wrong)
    many = f"          relations: [{', '.join(['[amount, temp, hits]'] * 21)}]\n"
    project.replace("models/staging/many/_many.yml", DECLARED, DECLARED + many)
    lone = "models/staging/lone/_lone.yml"
    project.replace(lone, DECLARED, DECLARED + "          relations: amount\n")
    for role in (
        "feature, min: 0, max: 1000",
        "feature, min: 0, max: 50, default_value: 7",
        "score, min: 0, max: 1",
    ):
        project.replace("models/staging/few/_few.yml", f"role: {role}", "role: context")
    result = project.dbt("run-operation", "validate_declarations")
    assert result.exit_code != 0
    output = "\n".join(line.strip() for line in result.output.splitlines())
    assert f"ml_monitor: {len(FAULTS) + 22 + 2 + 1} faults in the declarations" in output
    blocks = output.split("\n\n")
    for key, (found, allowed) in FAULTS.items():
        assert any(
            f"stg_tiny__inferences.config.meta.ml_monitor.{key}\n" in block
            and found in block
            and allowed in block
            for block in blocks
        ), key
    assert "found:   21 pairs\nallowed: at most 20\n" in output
    assert "found:   relations without the part relations, which reads it" in output
    assert "ml_monitors:\nlone: [relations]" in output
    assert "found:   amount\nallowed: a list of pairs of columns; leave the key out" in output
    assert "relations: [[amount, temp]]" in output
    assert "found:   1 numeric features and outputs\nallowed: two or more, for the part relations" in output
