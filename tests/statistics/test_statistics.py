"""The macros of macros/statistics, and those that need no pipeline, against numpy and scipy on raw values.

One small project holds a model per question; ``built`` builds them all.
"""

from __future__ import annotations

import csv
from math import inf, nan
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import ROOT, Project
from oracle import (
    Psi,
    categorical_psi,
    cells,
    center_and_scale,
    edges_of,
    is_beyond_chance,
    numeric_counts,
    numeric_psi,
    psi_of_counts,
    slots,
)
from scipy.stats import binom, binomtest, chi2

AS_OF = "2025-03-01 12:00:00"
RANDOM = np.random.default_rng(20250301)

# Numbers that a column of money has: ties, spikes and a long tail.
REFERENCE = np.round(np.exp(RANDOM.normal(3, 1, 4001)), 1)
REFERENCE[:400] = 20.0
EDGES = np.unique(edges_of(REFERENCE))
SCORE_EDGES = np.unique(edges_of(RANDOM.beta(2, 5, 3000), 19))
REPEATED_EDGES = edges_of(np.concatenate([np.zeros(600), RANDOM.exponential(1, 400)]))


def awkward_values(edges: np.ndarray) -> np.ndarray:
    """Values on, just below and just above every edge, random ones, and every extreme."""
    near = [edges, np.nextafter(edges, -inf), np.nextafter(edges, inf), (edges[1:] + edges[:-1]) / 2]
    tails = [sign * 10.0 ** RANDOM.uniform(-300, 300, 200) for sign in (-1, 1)]
    special = [nan, inf, -inf, 1e300, -1e300, 1e100, -1e100, np.nextafter(1e100, inf), 0.0, -0.0, 5e-324]
    spread = RANDOM.uniform(edges[0] - 1, edges[-1] + 1, 3000)
    return np.concatenate([*near, *tails, special, spread])


PSI_CASES: dict[str, tuple[np.ndarray, np.ndarray]] = {
    "the same distribution": (RANDOM.normal(0, 1, 5000), RANDOM.normal(0, 1, 2000)),
    "a shift": (RANDOM.normal(0, 1, 5000), RANDOM.normal(0.5, 1, 2000)),
    "ties and spikes": (REFERENCE, np.round(np.exp(RANDOM.normal(3.1, 1, 1500)), 1)),
    "few rows": (RANDOM.normal(0, 1, 5000), RANDOM.normal(0, 1, 40)),
    "a small reference": (RANDOM.normal(0, 1, 120), RANDOM.normal(0, 1, 3000)),
    "far outside": (RANDOM.normal(0, 1, 5000), RANDOM.normal(50, 1, 500)),
    "nulls and infinities beside": (
        np.concatenate([RANDOM.normal(0, 1, 3000), [nan, inf, -inf]]),
        np.concatenate([RANDOM.normal(0, 1, 1000), [nan] * 500, [inf] * 20]),
    ),
    "zero or one": ((RANDOM.random(4000) < 0.2).astype(float), (RANDOM.random(1000) < 0.3).astype(float)),
    "an emptied bin": (np.arange(1000.0), np.array([x for x in np.arange(1000.0) if not 300 < x < 400])),
    "a constant that stays": (np.full(1000, 3.0), np.full(800, 3.0)),
    "a constant that changes": (np.full(1000, 3.0), np.full(800, 4.0)),
    "one row against many": (RANDOM.normal(0, 1, 5000), np.array([0.0])),
    "many rows against one": (np.array([0.0]), RANDOM.normal(0, 1, 500)),
    "nothing but nulls": (RANDOM.normal(0, 1, 500), np.full(300, nan)),
}
LETTERS = np.array(list("abcdefgh"))
CATEGORY_CASES: dict[str, tuple[list[str | None], list[str | None]]] = {
    "the same shares": (
        RANDOM.choice(LETTERS, 3000, p=[0.4, 0.2, 0.1, 0.1, 0.1, 0.05, 0.04, 0.01]).tolist(),
        RANDOM.choice(LETTERS, 1000, p=[0.4, 0.2, 0.1, 0.1, 0.1, 0.05, 0.04, 0.01]).tolist(),
    ),
    "one value grows": (
        RANDOM.choice(LETTERS[:3], 3000, p=[0.6, 0.3, 0.1]).tolist(),
        RANDOM.choice(LETTERS[:3], 1000, p=[0.4, 0.3, 0.3]).tolist(),
    ),
    "unseen values": (["a"] * 600 + ["b"] * 400, ["a"] * 300 + ["b"] * 200 + ["new", "newer"] * 50),
    "unseen values only": (["a"] * 600 + ["b"] * 400, ["x"] * 100),
    "a lost value": (["a"] * 600 + ["b"] * 400, ["a"] * 500),
    "equal smallest bins": (["a"] * 500 + ["b"] * 200 + ["c"] * 200 + ["d"] * 10, ["a"] * 90 + ["d"] * 10),
    "nulls beside": (["a", "b", None] * 500, ["a", "b", None, None] * 200),
    "many rare values": (
        [f"v{number % 400}" for number in range(4000)],
        [f"v{number % 380}" for number in range(2000)],
    ),
}

FIRST_EVENT = pd.Timestamp("2025-02-27 00:10:00")


def freshness_rows() -> pd.DataFrame:
    """Events of two days with a hole of five hours and two late rows among 40."""
    hours = [0, 1, 2, 3, 4, 10, 11, 12, 13, 14, 20, 21, 22, 23, 24, 25, 26, 27, 28, 56]
    events = [FIRST_EVENT + pd.Timedelta(hours=h, minutes=m) for h in hours for m in (0, 30)]
    seconds = RANDOM.integers(30, 1800, len(events))
    seconds[[4, 9]] = [3660, 36_000]
    frame = pd.DataFrame({"event_time": events})
    return frame.assign(ingest_time=frame["event_time"] + pd.to_timedelta(seconds, unit="s"))


FRESHNESS = freshness_rows()
LEFT = pd.DataFrame({"k1": RANDOM.integers(0, 60, 400), "k2": RANDOM.choice(["x", "y", None], 400)})
RIGHT = pd.DataFrame({"a": np.repeat(np.arange(40), 2), "b": ["x", "y"] * 40})
RIGHT = pd.concat([RIGHT, RIGHT.head(7), pd.DataFrame({"a": [1, 1], "b": [None, None]})], ignore_index=True)


def table(project: Project, name: str, frame: pd.DataFrame) -> str:
    """Write a frame as Parquet, NaN of numbers as NaN and not as NULL; returns the SQL to read it."""
    path = project.raw / f"{name}.parquet"
    path.parent.mkdir(exist_ok=True)
    arrays = {}
    for column, values in frame.items():
        is_float = values.dtype.kind == "f"
        array = pa.array(values.to_numpy(), from_pandas=not is_float)
        arrays[column] = array.cast(pa.timestamp("us")) if pa.types.is_timestamp(array.type) else array
    pq.write_table(pa.table(arrays), path)
    return f"(select * from read_parquet('{path}'))"


def grid_sql(edges: np.ndarray, count: int) -> str:
    """A one-row grid with these edges, padded with Infinity."""
    padded = [*edges, *[inf] * (20 - len(edges))]
    assert len(edges) <= count
    texts = [f"cast('{edge!r}' as double) as edge_{k:02d}" for k, edge in enumerate(map(float, padded))]
    return "select " + ", ".join(texts)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project without monitors and a model for each question, built."""
    project = Project(tmp_path_factory.mktemp("statistics") / "project", as_of=AS_OF)
    project.keep_only({})

    def model(name: str, sql: str) -> None:
        project.write(f"models/{name}.sql", sql + "\n")

    for name, edges, count in [
        ("plain", EDGES, 11),
        ("score", SCORE_EDGES, 20),
        ("repeated", REPEATED_EDGES, 11),
    ]:
        values = pd.DataFrame({"x": awkward_values(edges)})
        values["row_number"] = np.arange(len(values))
        source = table(project, f"values_{name}", values)
        resolution = 2048 if count == 20 else 1024
        center, scale = center_and_scale(edges)
        model(
            f"placed_{name}",
            f"""{{{{ config(materialized='table') }}}}
            with values_in as (
                select *, {{{{ ml_monitor.standardised('x', '{center!r}', '{scale!r}') }}}} as z
                from (select row_number, case when row_number % 97 <> 96 then x end as x from {source})
            )
            select row_number, x, z,
                {{{{ ml_monitor.numeric_slot('x', 'g', {count}) }}}} as slot,
                {{{{ ml_monitor.numeric_cell('z', {resolution}) }}}} as cell
            from values_in cross join ({grid_sql(edges, count)}) as g""",
        )

    counts = [
        (0, 1),
        (1, 1),
        (0, 20),
        (20, 20),
        (1, 20),
        (3, 500),
        (499, 500),
        (250, 500),
        (7, 10**6),
        (0, 0),
    ]
    rows = ", ".join(f"({k}, {n})" for k, n in counts)
    model(
        "wilson",
        f"""select k, n, {{{{ ml_monitor.wilson('k', 'n', 'low') }}}} as low,
        {{{{ ml_monitor.wilson('k', 'n', 'high') }}}} as high from (values {rows}) as t (k, n)""",
    )

    for kind, cases in [("numeric", PSI_CASES), ("categorical", CATEGORY_CASES)]:
        parts = []
        for number, (reference, current) in enumerate(cases.values()):
            r = table(project, f"{kind}_{number}_reference", pd.DataFrame({"x": reference}))
            c = table(project, f"{kind}_{number}_current", pd.DataFrame({"x": current}))
            call = f'ml_monitor.psi("{c}", "{r}", "x", kind="{kind}")'
            parts.append(
                f"select {number} as number, case_{number}.* from ({{{{ {call} }}}}) as case_{number}"
            )
        model(f"psi_{kind}", "\nunion all\n".join(parts))

    samples = [
        REFERENCE,
        RANDOM.normal(0, 1, 997),
        np.full(50, 7.0),
        np.array([3.0]),
        RANDOM.integers(0, 3, 500),
    ]
    frames = [
        pd.DataFrame({"column_name": f"c{number}", "steps": 10, "value": sample.astype(float)})
        for number, sample in enumerate(samples)
    ]
    source = table(project, "edge_values", pd.concat(frames))
    model(
        "edges",
        f"with finite as {source}, {{{{ ml_monitor.edges_from_values('finite') }}}}"
        " last_cte as (select 1) select * from edges",
    )

    fresh = table(project, "freshness", FRESHNESS)
    model("fresh", f"{{{{ ml_monitor.freshness(\"{fresh}\", 'event_time', 'ingest_time', 60) }}}}")
    model("fresh_without_ingest", f"{{{{ ml_monitor.freshness(\"{fresh}\", 'event_time') }}}}")
    left, right = table(project, "left_side", LEFT), table(project, "right_side", RIGHT)
    model(
        "joined", f"{{{{ ml_monitor.join_cardinality(\"{left}\", \"{right}\", {{'k1': 'a', 'k2': 'b'}}) }}}}"
    )
    model("nulls", f"{{{{ ml_monitor.null_rate(\"{left}\", 'k2') }}}}")
    model("no_nulls", f"{{{{ ml_monitor.null_rate(\"(select * from {left} where k1 > 1000)\", 'k2') }}}}")
    project.dbt("build", check=0)
    return project


@pytest.mark.parametrize(("name", "edges"), [("plain", EDGES), ("score", SCORE_EDGES)])
def test_slots_are_exact(built: Project, name: str, edges: np.ndarray) -> None:
    placed = built.frame(f"select * from placed_{name} where x is not null order by row_number")
    assert len(placed) > 3000
    expected = slots(placed["x"].to_numpy(), edges)
    np.testing.assert_array_equal(placed["slot"].to_numpy(), expected)
    assert {-4, -3, -2, 0, 2 * len(edges)} <= set(expected)
    assert set(range(2 * len(edges) + 1)) <= set(expected)


def test_null_has_a_slot_of_its_own(built: Project) -> None:
    for name in ("plain", "score", "repeated"):
        assert built.query(f"select distinct slot, cell, z from placed_{name} where x is null") == [
            (-1, 0, None)
        ]


def test_repeated_edges_keep_below_on_and_above_apart(built: Project) -> None:
    placed = built.frame("select * from placed_repeated where x is not null and slot >= 0")
    expected = slots(placed["x"].to_numpy(), np.unique(REPEATED_EDGES))
    assert len(np.unique(REPEATED_EDGES)) < 8
    pairs = set(zip(expected.tolist(), placed["slot"].tolist(), strict=True))
    assert len(pairs) == len({slot for _, slot in pairs}) == len({position for position, _ in pairs})
    assert sorted(pairs) == sorted(pairs, key=lambda pair: pair[1])


@pytest.mark.parametrize(("name", "resolution"), [("plain", 1024), ("score", 2048), ("repeated", 1024)])
def test_cells_are_exact(built: Project, name: str, resolution: int) -> None:
    placed = built.frame(f"select * from placed_{name} where z is not null order by row_number")
    np.testing.assert_array_equal(placed["cell"].to_numpy(), cells(placed["z"].to_numpy(), resolution))
    assert placed["z"].abs().max() == 1e15
    # About 32 cells per e-fold in the tails at resolution 1024.
    tail = cells(np.exp(np.arange(5.0, 30.0)), resolution)
    assert np.all(np.diff(tail) > 31 * resolution / 1024)


def test_standardised_values_are_clipped_and_never_infinite(built: Project) -> None:
    center, scale = center_and_scale(EDGES)
    placed = built.frame("select * from placed_plain where x is not null order by row_number")
    x, z = placed["x"].to_numpy(), placed["z"].to_numpy()
    expected = np.clip((x - center) / scale, -1e15, 1e15)
    expected[~(np.abs(x) <= 1e100)] = nan
    np.testing.assert_array_equal(z, expected)


def test_wilson_is_that_of_scipy(built: Project) -> None:
    rows = built.query("select k, n, low, high from wilson")
    assert len(rows) == 10
    for k, n, low, high in rows:
        if n == 0:
            assert (low, high) == (None, None)
            continue
        interval = binomtest(k, n).proportion_ci(confidence_level=0.999, method="wilson")
        assert low == pytest.approx(interval.low, abs=1e-12)
        assert high == pytest.approx(interval.high, abs=1e-12)


def test_the_chi_square_seed_is_that_of_scipy() -> None:
    with (ROOT / "seeds" / "ml_chi_square_quantiles.csv").open(newline="") as file:
        rows = [(int(row["degrees_of_freedom"]), float(row["quantile_9995"])) for row in csv.DictReader(file)]
    degrees = [degree for degree, _ in rows]
    assert degrees == list(range(1, len(rows) + 1))
    assert len(rows) >= 120
    for degree, quantile in rows:
        assert quantile == pytest.approx(chi2.ppf(0.9995, degree), rel=1e-6)


def psi_row(project: Project, kind: str, number: int) -> tuple | None:
    """The row of one case, or none if the macro returned none."""
    rows = project.query(
        f"""select reference_rows, current_rows, bin_count, psi, psi_excess, psi_noise
        from psi_{kind} where number = {number}"""
    )
    assert len(rows) <= 1
    return rows[0] if rows else None


def assert_psi(found: tuple, expected: Psi) -> None:
    """The row of the macro is that of the oracle: counts exactly, statistics to 1e-9."""
    assert found[:3] == (expected.reference_rows, expected.current_rows, expected.bin_count)
    if expected.psi is None:
        assert found[3:] == (None, None, None)
    else:
        assert found[3] == pytest.approx(expected.psi, abs=1e-9)
        assert found[4] == pytest.approx(expected.excess, abs=1e-9)
        assert found[5] == pytest.approx(expected.noise, rel=1e-6)


@pytest.mark.parametrize("case", [name for name in PSI_CASES if name != "nothing but nulls"])
def test_numeric_psi_is_that_of_numpy_on_raw_values(built: Project, case: str) -> None:
    expected = numeric_psi(*PSI_CASES[case])
    assert_psi(psi_row(built, "numeric", list(PSI_CASES).index(case)), expected)


@pytest.mark.parametrize("case", CATEGORY_CASES)
def test_categorical_psi_is_that_of_numpy_on_raw_values(built: Project, case: str) -> None:
    reference, current = (pd.Series(side, dtype="object") for side in CATEGORY_CASES[case])
    assert_psi(
        psi_row(built, "categorical", list(CATEGORY_CASES).index(case)), categorical_psi(reference, current)
    )


def test_what_the_cases_show(built: Project) -> None:
    def numeric(case: str) -> tuple:
        return psi_row(built, "numeric", list(PSI_CASES).index(case))

    # Traps of other tools: an empty bin counts, joint bins do not hide an outlier, no rows are no zero.
    assert numeric("an emptied bin")[4] > 0.2
    assert numeric("far outside")[3] > 5
    assert numeric("nothing but nulls") is None
    assert numeric("a constant that stays")[3] is None
    assert numeric("one row against many")[:3] == (5000, 1, 0)
    assert numeric("the same distribution")[4] < numeric("the same distribution")[5]
    shift = numeric("a shift")
    assert 0.2 < shift[4] < 0.3
    assert shift[4] > shift[5]
    unseen = psi_row(built, "categorical", list(CATEGORY_CASES).index("unseen values only"))
    assert unseen[3] > 3


def test_psi_is_symmetric_in_what_it_calls_noise() -> None:
    """The oracle itself: without drift the excess is 0 on average and beyond the noise once in 2,000."""
    random = np.random.default_rng(1)
    reference = random.normal(0, 1, 20_000)
    edges = edges_of(reference)
    counts = numeric_counts(reference, edges)
    results = [psi_of_counts(counts, numeric_counts(random.normal(0, 1, 1000), edges)) for _ in range(400)]
    excess = np.array([one.excess for one in results])
    assert abs(excess.mean()) < 0.001
    assert sum(one.excess > one.noise for one in results) <= 2


def test_edges_are_the_inverted_cdf_quantiles_of_numpy(built: Project) -> None:
    values = pd.read_parquet(built.raw / "edge_values.parquet")
    for column, group in values.groupby("column_name"):
        (row,) = built.query(
            f"select * exclude (column_name, row_count) from edges where column_name = '{column}'"
        )
        expected = edges_of(group["value"])
        assert list(row[:11]) == expected.tolist()
        assert set(row[11:]) == {None}
        exact = np.quantile(group["value"], np.arange(11) / 10, method="inverted_cdf")
        np.testing.assert_array_equal(expected, exact)


def test_freshness_is_that_of_pandas(built: Project) -> None:
    (row,) = built.frame("select * from fresh").itertuples()
    as_of = pd.Timestamp(AS_OF)
    lag = (FRESHNESS["ingest_time"] - FRESHNESS["event_time"]).dt.total_seconds() / 60
    assert row.row_count == len(FRESHNESS) == 40
    age = (as_of - FRESHNESS["event_time"].max()).total_seconds() / 60
    assert row.event_age_minutes == pytest.approx(age, abs=1e-9)
    ingest_age = (as_of - FRESHNESS["ingest_time"].max()).total_seconds() / 60
    assert row.ingest_age_minutes == pytest.approx(ingest_age, abs=1e-9)
    assert row.ingest_lag_p95_minutes == pytest.approx(lag.quantile(0.95, interpolation="lower"), abs=1e-9)
    assert row.late_share == (lag > 60).mean() == 2 / 40
    # Hours 29 to 55 of the two days are empty.
    assert row.longest_gap_hours == 27
    (without,) = built.frame("select * from fresh_without_ingest").itertuples()
    assert without.event_age_minutes == row.event_age_minutes
    assert np.isnan([without.ingest_age_minutes, without.ingest_lag_p95_minutes, without.late_share]).all()


def test_join_cardinality_is_that_of_pandas(built: Project) -> None:
    (row,) = built.frame("select * from joined").itertuples()
    keyed = RIGHT.dropna()
    joined = LEFT.reset_index().merge(keyed, left_on=["k1", "k2"], right_on=["a", "b"], how="left")
    matched = joined.dropna(subset=["a"])["index"].nunique()
    assert row.rows_before == len(LEFT)
    assert row.rows_after == len(joined) > len(LEFT)
    assert row.matched_rows == matched
    assert row.null_key_rows == LEFT.isna().any(axis=1).sum() > 0
    assert row.duplicate_left_rows == LEFT.dropna().duplicated().sum()
    assert row.duplicate_right_rows == keyed.duplicated().sum() == 7
    assert row.match_rate == matched / len(LEFT)
    assert row.fan_out == len(joined) / len(LEFT)


def test_null_rate_is_that_of_pandas(built: Project) -> None:
    assert built.query("select * from nulls") == [(400, LEFT["k2"].isna().sum(), LEFT["k2"].isna().mean())]
    assert built.query("select * from no_nulls") == [(0, 0, None)]


def test_the_suite_reads_the_repository_it_tests() -> None:
    assert (Path(__file__).parents[2] / "macros" / "statistics" / "distances_from_counts.sql").is_file()


@pytest.mark.parametrize("r", [0, 1, 20, 130])
@pytest.mark.parametrize(("n", "m"), [(50, 1400), (600, 16800), (1000, 1000)])
def test_a_count_is_beyond_chance_only_if_the_exact_test_says_so(r: int, n: int, m: int) -> None:
    found = [is_beyond_chance(x, r, n, m) for x in range(1, n + 1)]
    exact = [binom.sf(x - 1, x + r, n / (n + m)) < np.exp(-15) for x in range(1, n + 1)]
    # The bound is not sharp: it asks for a few rows more, for none without rows in the reference.
    assert all(e for f, e in zip(found, exact, strict=True) if f)
    assert 0 <= sum(exact) - sum(found) <= (0 if r == 0 else 10)
    assert found == sorted(found)
