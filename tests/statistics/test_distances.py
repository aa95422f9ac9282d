"""The distances beside PSI, tails, exact distances of numbers and comparisons of two periods, against scipy and numpy.

Two projects: one without monitors whose models put many cases and drawn examples into a query each, and ``tiny`` with six
days made for comparing.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import tiny_monitor
from conftest import ROOT, Project, Result
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from oracle import (
    Psi,
    categorical_psi,
    category_counts,
    cells,
    center_and_scale,
    edges_of,
    finite,
    numeric_counts,
    numeric_psi,
    other_distances,
    psi_of_counts,
    slots,
)
from postgres_server import PostgresServer
from scipy.special import erfc, kolmogorov
from scipy.stats import chi2, false_discovery_control, ks_2samp, wasserstein_distance
from test_statistics import CATEGORY_CASES, PSI_CASES, REFERENCE, table

DISTANCES = ["psi_p_value", "js_distance", "hellinger", "tv", "linf", "chi2", "cramers_v"]
BOUNDED = ["js_distance", "hellinger", "tv", "linf", "cramers_v"]
RANDOM = np.random.default_rng(20251122)
NAN, INF = float("nan"), float("inf")

# Numbers

EPOCHS = 1.7e9 + RANDOM.integers(0, 86_400, 3000).astype(float)
NUMBER_CASES: dict[str, tuple[np.ndarray, np.ndarray]] = PSI_CASES | {
    "seconds since 1970": (EPOCHS, EPOCHS[:900] + 600),
    "many decades": (10 ** RANDOM.uniform(-6, 6, 2000), 10 ** RANDOM.uniform(-6, 6, 1500)),
    "one row each": (np.array([2.0]), np.array([5.0])),
    "one and the same row": (np.array([2.0]), np.array([2.0])),
    "no current rows": (REFERENCE, np.array([])),
    "no reference": (np.array([]), REFERENCE),
    "no numbers at all": (np.array([NAN, INF]), np.array([NAN])),
}

# Tails

TAIL_ARGUMENTS = [0.0, 1e-12, 1e-3, 0.1, 0.5, *np.arange(1.0, 40.0, 1.7), *np.geomspace(40, 4000, 25)]
ERFC_ARGUMENTS = [0.0, 1e-15, *np.linspace(1e-4, 4, 300), *np.linspace(4, 26, 100)]
KOLMOGOROV_ARGUMENTS = [0.0, 1e-9, *np.linspace(0.001, 3, 400), 1.1799999, 1.18, 5.0, 20.0, 1000.0]

# Drawn tables of counts: hundreds of them in one query each.

count = st.one_of(st.integers(0, 12), st.integers(0, 200), st.integers(0, 20_000))
any_table = st.lists(st.tuples(st.booleans(), count, count), min_size=1, max_size=12)
# Nothing of these is pooled, whichever side is the reference.
large_table = st.lists(
    st.tuples(st.just(False), st.integers(500, 20_000), st.integers(500, 20_000)), min_size=2, max_size=10
)


def drawn(strategy: st.SearchStrategy, examples: int) -> list[list[tuple[bool, int, int]]]:
    """So many tables of a strategy, the same ones each time."""
    found = []

    @settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def collect(example: list[tuple[bool, int, int]]) -> None:
        found.append(example)

    collect()
    assert len(found) >= examples / 2
    return found


ANY = drawn(any_table, 200)
LARGE = drawn(large_table, 150)


def rows_of(example: int, variant: str, bins: list[tuple[bool, int, int]]) -> list[dict]:
    """A table of counts as rows."""
    return [
        {
            "example": example,
            "variant": variant,
            "bin": number,
            "is_pooled": is_pooled,
            "reference_count": reference,
            "current_count": current,
        }
        for number, (is_pooled, reference, current) in enumerate(bins)
    ]


def example_rows() -> pd.DataFrame:
    """Every drawn table as it is, and changed in ways whose effect is known. ``example`` of large ones begins at 1000."""
    rows = []
    for number, bins in [*enumerate(ANY), *enumerate(LARGE, 1000)]:
        plain = rows_of(number, "plain", bins)
        rows += plain
        rows += rows_of(number, "identity", [(pooled, r, r) for pooled, r, _ in bins])
        rows += rows_of(number, "swapped", [(pooled, c, r) for pooled, r, c in bins])
        shuffled = [plain[k] | {"variant": "shuffled"} for k in RANDOM.permutation(len(plain))]
        rows += shuffled
        for one in plain:
            # What two hours and a later one counted.
            first = int(RANDOM.integers(0, one["current_count"] + 1))
            split = [first, 0, one["current_count"] - first]
            rows += [
                one
                | {
                    "variant": "hours",
                    "reference_count": one["reference_count"] if hour == 1 else 0,
                    "current_count": part,
                }
                for hour, part in enumerate(split)
            ]
        if number >= 1000:
            largest = max(range(len(bins)), key=lambda k: bins[k][1])
            emptied = [(pooled, r, 0 if k == largest else c) for k, (pooled, r, c) in enumerate(bins)]
            rows += rows_of(number, "emptied", emptied)
    return pd.DataFrame(rows)


EXAMPLES = example_rows()
EMPTIED_TESTS = """
models:
  - name: emptied_rows
    columns:
      - name: x
        data_tests:
          - ml_monitor.psi: {name: psi_of_emptied, arguments: {reference: ref('full_rows')}}
  - name: kept_rows
    columns:
      - name: x
        data_tests:
          - ml_monitor.psi: {name: psi_of_kept, arguments: {reference: ref('full_rows')}}
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, Result]:
    """A project without monitors and a model for each question, and what its build said."""
    project = Project(tmp_path_factory.mktemp("distances") / "project", as_of="2025-03-01 12:00:00")
    project.keep_only({})

    def model(name: str, sql: str) -> None:
        project.write(f"models/{name}.sql", "{{ config(materialized='table') }}\n" + sql + "\n")

    def sides(kind: str, number: int, reference: object, current: object) -> tuple[str, str]:
        return tuple(
            table(project, f"{kind}_{number}_{side}", pd.DataFrame({"x": values}))
            for side, values in [("reference", reference), ("current", current)]
        )

    for kind, cases in [
        ("numeric", PSI_CASES),
        ("categorical", CATEGORY_CASES),
        ("numbers", NUMBER_CASES),
    ]:
        parts = []
        for number, (reference, current) in enumerate(cases.values()):
            r, c = sides(kind, number, reference, current)
            call = f'ml_monitor.psi("{c}", "{r}", "x", kind="{kind}")'
            if kind == "numbers":
                call = f'ml_monitor.numeric_distances("{c}", "{r}", "x")'
            parts.append(f"select {number} as number, c_{number}.* from ({{{{ {call} }}}}) as c_{number}")
        model(f"of_{kind}", "\nunion all\n".join(parts))

    def arguments(name: str, values: list[float]) -> str:
        return table(project, f"arguments_{name}", pd.DataFrame({"x": np.array(values, dtype=float)}))

    seed = "{{ ref('ml_chi_square_quantiles') }}"
    model(
        "tails",
        f"""with arguments_in as (
            select x, degrees_of_freedom as k, 'grid' as origin
            from {arguments("tail", TAIL_ARGUMENTS)} as t cross join {seed} where degrees_of_freedom <= 120
            union all
            select quantile_9995, degrees_of_freedom, 'seed' from {seed}
            union all
            select 400, 301, 'beyond the seed'
            union all
            select 1, 0, 'no degrees'
            union all
            select null, 3, 'no statistic'
        ),
        {{{{ ml_monitor.chi_square_terms('terms') }}}}
        halves as (
            select origin, x, k, {{{{ ml_monitor.least_of([700, ml_monitor.greatest_of(['1e-300', 'x / 2'])]) }}}} as h
            from arguments_in
            where x is not null and k between 1 and (select max(degrees_of_freedom) from terms)
        ),
        final as (
            select origin, x, k, {{{{ ml_monitor.chi_square_tail('h', 'k', 'degrees_of_freedom', 'log_gamma') }}}} as p_value
            from halves cross join terms
            group by origin, x, k
        )
        select * from final""",
    )
    for name, macro, values in [
        ("erfcs", "erfc", ERFC_ARGUMENTS),
        ("kolmogorovs", "kolmogorov_tail", KOLMOGOROV_ARGUMENTS),
    ]:
        source = arguments(macro, values)
        model(name, f"select x, {{{{ ml_monitor.{macro}('x') }}}} as value from {source} as t")
    hours = pd.DataFrame(
        {"window_start": pd.date_range("2025-02-01", "2025-03-20", freq="h").astype("datetime64[us]")}
    )
    ends = "\"cast('2025-03-18 13:00:00' as timestamp)\", \"cast('2025-03-18 15:00:00' as timestamp)\""
    condition = f"{{{{ ml_monitor.is_in_weeks_before({ends}, 'America/New_York') }}}}"
    model(
        "seasonal_hours", f"select window_start from {table(project, 'hours', hours)} as h where {condition}"
    )
    model(
        "no_number",
        "select {{ ml_monitor.kolmogorov_tail('x') }} as value from (select {{ ml_monitor.float64('null') }} as x) as t",
    )

    examples = table(project, "examples", EXAMPLES)
    summed = f"""summed as (
            select example, variant, bin, is_pooled,
                sum(reference_count) as reference_count, sum(current_count) as current_count
            from {examples} as e group by example, variant, bin, is_pooled
        )"""
    keys = "['example', 'variant']"
    model(
        "examples_by_bin",
        f"""with {summed}, {{{{ ml_monitor.distances_from_counts('summed', {keys}) }}}}
        final as (select * from psi_values)
        select * from final""",
    )
    model(
        "examples_in_order",
        f"""with {summed},
        {{{{ ml_monitor.cumulative_distances('summed', {keys}, 'bin', 'bin', 'distances') }}}}
        final as (select * from distances)
        select * from final""",
    )

    values = np.arange(2000.0)
    for name, rows in [
        ("full_rows", values),
        ("emptied_rows", values[(values < 600) | (values >= 800)]),
        ("kept_rows", values[::2]),
    ]:
        model(name, f"select * from {table(project, name, pd.DataFrame({'x': rows}))} as t")
    project.write("models/_emptied.yml", EMPTIED_TESTS)
    result = project.dbt("build", check=1)
    assert not result.errors
    return project, result


def the_row(project: Project, model: str, number: int) -> dict | None:
    """The row of a case, NULL as None; none if the macro returned none."""
    rows = project.frame(f"select * from {model} where number = {number}").to_dict("records")
    assert len(rows) <= 1
    return {name: None if pd.isna(value) else value for name, value in rows[0].items()} if rows else None


def assert_close(
    found: float | None, expected: float | None, absolute: float = 1e-9, relative: float = 1e-9
) -> None:
    """Both NULL, or equal within either tolerance."""
    if expected is None:
        assert found is None
    else:
        assert found == pytest.approx(expected, abs=absolute, rel=relative)


# Distances over bins

CASES = [("numeric", name) for name in PSI_CASES if name != "nothing but nulls"]
CASES += [("categorical", name) for name in CATEGORY_CASES]


def expected_of(kind: str, case: str) -> Psi:
    """What the oracle makes of a case."""
    if kind == "numeric":
        return numeric_psi(*PSI_CASES[case])
    return categorical_psi(*(pd.Series(side, dtype="object") for side in CATEGORY_CASES[case]))


@pytest.mark.parametrize(("kind", "case"), CASES)
def test_distances_over_bins_are_those_of_scipy(built: tuple[Project, Result], kind: str, case: str) -> None:
    cases = PSI_CASES if kind == "numeric" else CATEGORY_CASES
    found = the_row(built[0], f"of_{kind}", list(cases).index(case))
    expected = expected_of(kind, case)
    assert found["bin_count"] == expected.bin_count == len(expected.kept)
    assert_close(found["psi"], expected.psi)
    for name, value in other_distances(expected).items():
        assert_close(found[name], value)


def test_the_cases_reach_both_ends_of_the_distances(built: tuple[Project, Result]) -> None:
    found = pd.concat([built[0].frame(f"select * from of_{kind}") for kind in ("numeric", "categorical")])
    assert found["psi"].isna().any()
    for name in BOUNDED:
        assert found[name].min() < 0.05, name
        assert found[name].max() > 0.6, name
    assert found["psi_p_value"].min() < 1e-12
    assert found["psi_p_value"].max() > 0.1


# Tails


def test_chi_square_survival_is_that_of_scipy(built: tuple[Project, Result]) -> None:
    found = built[0].frame("select * from tails where origin = 'grid'")
    assert len(found) == 120 * len(TAIL_ARGUMENTS) > 5000
    expected = chi2.sf(found["x"], found["k"])
    np.testing.assert_allclose(found["p_value"], expected, rtol=0, atol=1e-9)
    # Far out it is right in relation, too, up to where x / 2 is held at 700.
    far = (expected < 1e-6) & (found["x"] < 1400)
    assert far.sum() > 500
    np.testing.assert_allclose(found["p_value"][far], expected[far], rtol=1e-9)


def test_the_quantiles_of_the_seed_leave_five_in_ten_thousand(built: tuple[Project, Result]) -> None:
    found = built[0].frame("select * from tails where origin = 'seed' order by k")
    assert len(found) == 300
    np.testing.assert_allclose(found["p_value"], 0.0005, rtol=1e-6)
    np.testing.assert_allclose(found["x"], chi2.ppf(0.9995, found["k"]), rtol=1e-6)


def test_what_has_no_statistic_or_no_quantile_has_no_p_value(built: tuple[Project, Result]) -> None:
    assert built[0].query("select k from tails where origin not in ('grid', 'seed')") == []


def test_erfc_is_that_of_scipy(built: tuple[Project, Result]) -> None:
    found = built[0].frame("select * from erfcs")
    assert len(found) == len(ERFC_ARGUMENTS)
    np.testing.assert_allclose(found["value"], erfc(found["x"]), rtol=1e-10)


def test_kolmogorov_tail_is_that_of_scipy(built: tuple[Project, Result]) -> None:
    found = built[0].frame("select * from kolmogorovs")
    assert len(found) == len(KOLMOGOROV_ARGUMENTS)
    np.testing.assert_allclose(found["value"], kolmogorov(found["x"]), rtol=0, atol=1e-9)
    assert built[0].value("select value from no_number") is None


# Numbers


@pytest.mark.parametrize("case", NUMBER_CASES)
def test_distances_of_numbers_are_those_of_scipy(built: tuple[Project, Result], case: str) -> None:
    reference, current = (finite(side) for side in NUMBER_CASES[case])
    found = the_row(built[0], "of_numbers", list(NUMBER_CASES).index(case))
    if len(reference) == len(current) == 0:
        assert found is None
        return
    assert (found["reference_rows"], found["current_rows"]) == (len(reference), len(current))
    names = ["ks", "ks_p_value", "wasserstein", "wasserstein_norm", "mean_shift"]
    if len(reference) == 0 or len(current) == 0:
        assert [found[name] for name in names] == [None] * 5
        return
    ks = ks_2samp(current, reference).statistic
    sd = reference.std()
    distance = wasserstein_distance(reference, current)
    weight = len(reference) * len(current) / (len(reference) + len(current))
    assert_close(found["ks"], ks, absolute=1e-15)
    assert_close(found["ks_p_value"], kolmogorov(ks * np.sqrt(weight)))
    assert_close(found["wasserstein"], distance, absolute=1e-12)
    assert_close(found["wasserstein_norm"], distance / sd if sd > 0 else None, absolute=1e-12)
    shift = (current.mean() - reference.mean()) / sd if sd > 0 else None
    assert_close(found["mean_shift"], shift, absolute=1e-9 if "1970" in case else 1e-12)


def test_constants_and_single_rows_have_a_distance(built: tuple[Project, Result]) -> None:
    def numbers(case: str) -> dict:
        return the_row(built[0], "of_numbers", list(NUMBER_CASES).index(case))

    stays, changes = numbers("a constant that stays"), numbers("a constant that changes")
    assert (stays["ks"], stays["ks_p_value"], stays["wasserstein"], stays["mean_shift"]) == (0, 1, 0, None)
    assert (changes["ks"], changes["wasserstein"], changes["wasserstein_norm"]) == (1, 1, None)
    assert changes["ks_p_value"] < 1e-100
    assert numbers("one row each")["wasserstein"] == 3
    assert numbers("one and the same row")["ks"] == 0


# Properties of drawn tables


@pytest.fixture(scope="module")
def by_bin(built: tuple[Project, Result]) -> dict[str, pd.DataFrame]:
    """Distances over bins of each variant, by example."""
    found = built[0].frame("select * from examples_by_bin").set_index("example").sort_index()
    return dict(tuple(found.groupby("variant")))


@pytest.fixture(scope="module")
def in_order(built: tuple[Project, Result]) -> dict[str, pd.DataFrame]:
    """Distances of places in order of each variant, by example."""
    found = built[0].frame("select * from examples_in_order").set_index("example").sort_index()
    return dict(tuple(found.groupby("variant")))


def assert_same(left: pd.DataFrame, right: pd.DataFrame, columns: list[str]) -> None:
    """The same examples with the same values of these columns, to 1e-9; NULL equals NULL."""
    assert list(left.index) == list(right.index)
    np.testing.assert_allclose(
        left[columns].astype(float), right[columns].astype(float), rtol=1e-9, atol=1e-9
    )


def test_drawn_tables_are_those_of_the_oracle(by_bin: dict[str, pd.DataFrame]) -> None:
    found = by_bin["plain"]
    counts = {"no row": 0, "too few bins": 0, "merged": 0, "defined": 0}
    for number, bins in [*enumerate(ANY), *enumerate(LARGE, 1000)]:
        pooled = frozenset(k for k, one in enumerate(bins) if one[0])
        reference = Counter({k: r for k, (_, r, _) in enumerate(bins)})
        current = Counter({k: c for k, (_, _, c) in enumerate(bins)})
        if not sum(reference.values()) or not sum(current.values()):
            assert number not in found.index
            counts["no row"] += 1
            continue
        expected = psi_of_counts(reference, current, pooled)
        row = found.loc[number]
        assert row["bin_count"] == expected.bin_count
        if expected.psi is None:
            assert row[["psi", *DISTANCES]].isna().all()
            counts["too few bins"] += 1
            continue
        counts["defined"] += 1
        counts["merged"] += len(expected.kept) < len(bins)
        wanted = {"psi": expected.psi, "psi_excess": expected.excess} | other_distances(expected)
        for name, value in wanted.items():
            assert row[name] == pytest.approx(value, abs=1e-9, rel=1e-9), (number, name)
        assert row["psi_noise"] == pytest.approx(expected.noise, rel=1e-6)
    assert min(counts.values()) >= 5, counts
    assert counts["defined"] > 150


def test_identity_is_zero(by_bin: dict[str, pd.DataFrame], in_order: dict[str, pd.DataFrame]) -> None:
    found = by_bin["identity"]
    found = found[found["psi"].notna()]
    assert len(found) > 150
    # A root of what rounding leaves of 0 is up to 1e-8.
    assert (found[["psi", "chi2", "tv", "linf", "hellinger", "cramers_v"]].abs() < 1e-12).all(axis=None)
    assert (found["js_distance"] < 1e-7).all()
    np.testing.assert_allclose(found["psi_p_value"], 1, atol=1e-9)
    ordered = in_order["identity"]
    ordered = ordered[ordered["ks"].notna()]
    assert len(ordered) > 150
    assert (ordered[["ks", "wasserstein"]] == 0).all(axis=None)
    assert (ordered["ks_p_value"] == 1).all()


def test_an_exchange_of_sides_changes_no_symmetric_distance(
    by_bin: dict[str, pd.DataFrame], in_order: dict[str, pd.DataFrame]
) -> None:
    large = [by_bin[variant].loc[1000:] for variant in ("plain", "swapped")]
    assert len(large[0]) == len(LARGE)
    assert (large[0]["bin_count"] == [len(bins) for bins in LARGE]).all()
    assert_same(large[0], large[1], ["psi", *DISTANCES])
    assert_same(in_order["plain"], in_order["swapped"], ["ks", "ks_p_value", "wasserstein"])
    # Pooling looks at the reference, so with small counts the sides matter.
    small = [by_bin[variant].loc[:999] for variant in ("plain", "swapped")]
    assert (small[0]["bin_count"] != small[1]["bin_count"]).sum() > 10


def test_distances_stay_within_their_bounds(
    by_bin: dict[str, pd.DataFrame], in_order: dict[str, pd.DataFrame]
) -> None:
    found = pd.concat(by_bin.values())
    found = found[found["psi"].notna()]
    assert len(found) > 1000
    assert found[[*BOUNDED, "psi_p_value"]].min().min() >= 0
    assert found[[*BOUNDED, "psi_p_value"]].max().max() <= 1 + 1e-12
    assert (found[["psi", "chi2"]] >= 0).all(axis=None)
    # What is known of them among each other.
    assert (found["linf"] <= found["tv"] + 1e-12).all()
    assert (found["hellinger"] ** 2 <= found["tv"] + 1e-12).all()
    assert (found["tv"] <= np.sqrt(2) * found["hellinger"] + 1e-12).all()
    ordered = pd.concat(in_order.values())
    ordered = ordered[ordered["ks"].notna()]
    assert ordered["ks"].between(0, 1 + 1e-12).all()
    assert ordered["ks_p_value"].between(0, 1).all()
    assert (ordered["wasserstein"] >= 0).all()
    assert ordered["ks"].max() > 0.99


def test_the_order_of_rows_does_not_matter(
    by_bin: dict[str, pd.DataFrame], in_order: dict[str, pd.DataFrame]
) -> None:
    assert not EXAMPLES[EXAMPLES["variant"] == "shuffled"]["bin"].is_monotonic_increasing
    assert_same(by_bin["plain"], by_bin["shuffled"], ["bin_count", "psi", *DISTANCES])
    assert_same(in_order["plain"], in_order["shuffled"], ["ks", "wasserstein"])


def test_counts_of_hours_add_up(by_bin: dict[str, pd.DataFrame], in_order: dict[str, pd.DataFrame]) -> None:
    hours = EXAMPLES[EXAMPLES["variant"] == "hours"]
    assert len(hours) == 3 * len(EXAMPLES[EXAMPLES["variant"] == "plain"])
    columns = ["reference_rows", "current_rows", "bin_count", "psi", "psi_excess", "psi_noise", *DISTANCES]
    assert_same(by_bin["plain"], by_bin["hours"], columns)
    assert_same(in_order["plain"], in_order["hours"], ["ks", "ks_p_value", "wasserstein"])


def test_the_distances_rank_changes_as_psi_does(by_bin: dict[str, pd.DataFrame]) -> None:
    found = by_bin["plain"].loc[1000:]
    ranks = found[["psi", *BOUNDED]].rank().corr()["psi"]
    assert ranks.drop("linf").min() > 0.95, ranks
    # It sees one bin only.
    assert ranks["linf"] > 0.5, ranks


def test_an_emptied_bin_raises_psi(by_bin: dict[str, pd.DataFrame]) -> None:
    found = by_bin["emptied"]
    assert len(found) == len(LARGE)
    assert (found["psi"] > 0.2).all()
    assert (found["psi_excess"] > found["psi_noise"]).all()
    assert (found["psi"] - by_bin["identity"].loc[1000:]["psi"] > 0.2).all()


def test_an_emptied_bin_fails_the_generic_test(built: tuple[Project, Result]) -> None:
    _, result = built
    assert result.statuses["psi_of_emptied"] == "fail"
    assert result.statuses["psi_of_kept"] == "pass"
    assert result.failing_tests == {"psi_of_emptied"}


def postgres_frame(server: PostgresServer, database: str, name: str) -> pd.DataFrame:
    """A table of a database of the server."""
    connection = server.connect(database)
    with connection, connection.cursor() as cursor:
        cursor.execute(f"select * from {name}")
        rows = pd.DataFrame(cursor.fetchall(), columns=[column.name for column in cursor.description])
    connection.close()
    return rows


def assert_same_tables(
    duckdb: Project, server: PostgresServer, database: str, keys: dict[str, list[str]]
) -> None:
    """Both databases have the same rows in these tables; numbers to 1e-9. Arguments: keys (table -> columns of a row's key)."""
    for name, key in keys.items():
        one, other = (
            frame.sort_values(key, ignore_index=True)
            for frame in (duckdb.frame(f"select * from {name}"), postgres_frame(server, database, name))
        )
        assert list(one.columns) == list(other.columns)
        for column in one:
            if pd.api.types.is_numeric_dtype(one[column]):
                values = (frame[column].astype(float) for frame in (one, other))
                np.testing.assert_allclose(*values, rtol=1e-9, atol=1e-9, err_msg=f"{name}.{column}")
            else:
                texts = (frame[column].fillna("").astype(str).tolist() for frame in (one, other))
                assert next(texts) == next(texts), f"{name}.{column}"


def test_postgres_gives_the_same_distances(
    built: tuple[Project, Result], postgres: PostgresServer, tmp_path: Path
) -> None:
    on_duckdb, result = built
    project = on_duckdb.copy_to(tmp_path / "project")
    for path in (project.folder / "models").glob("*.sql"):
        text = re.sub(r"read_parquet\(.*?/(\w+)\.parquet'\)", r"raw.\1", path.read_text("utf-8"))
        path.write_text(text, encoding="utf-8")
    again = project.dbt("build", env=postgres.new_database("distances", project.raw), check=1)
    assert again.errors == {}, again.errors
    assert again.statuses == result.statuses
    keys = {f"of_{kind}": ["number"] for kind in ("numeric", "categorical", "numbers")}
    keys |= {f"examples_{how}": ["example", "variant"] for how in ("by_bin", "in_order")}
    keys |= {
        "seasonal_hours": ["window_start"],
        "tails": ["origin", "k", "x"],
        "erfcs": ["x"],
        "kolmogorovs": ["x"],
        "no_number": ["value"],
    }
    assert_same_tables(on_duckdb, postgres, "distances", keys)


# Two periods of a monitor

DAY, HOUR = pd.Timedelta(days=1), pd.Timedelta(hours=1)
MOVED, MIXED_BEFORE, MIXED, CHANGED, GONE = (tiny_monitor.START + k * DAY for k in (28, 29, 30, 31, 32))
SHARES = {
    MIXED_BEFORE: {"de": 400, "fr": 300, "it": 200, "nl": 100},
    MIXED: {"de": 200, "fr": 300, "it": 400, "nl": 100},
    CHANGED: {"de": 400, "fr": 300, "it": 200, "nl": 100},
    GONE: {"de": 500, "fr": 300, "it": 200},
}
OFFSETS = {"de": 90.0, "fr": 100.0, "it": 110.0, "nl": 120.0}
# Each country has the same fifty amounts about its offset, so that a day's shares within it are equal to the last bit.
WITHIN = np.round(15 * RANDOM.standard_normal(50), 3)


def period(start: pd.Timestamp, end: pd.Timestamp | None = None, **more: object) -> dict:
    """A period as the macros take it, one day unless an end is given."""
    return {"from": str(start), "until": str(start + DAY if end is None else end)} | more


BASELINE = period(tiny_monitor.START, tiny_monitor.START + 28 * DAY)
HOURS = period(MOVED + pd.Timedelta(hours=6), MOVED + pd.Timedelta(hours=11))
COMPARED: dict[str, tuple[dict, dict | str]] = {
    "moved": (period(MOVED), BASELINE),
    "quiet": (period(tiny_monitor.START + 7 * DAY, tiny_monitor.START + 14 * DAY), BASELINE),
    "hours": (HOURS, BASELINE),
    "training": (period(MOVED), "training"),
    "segment": (period(CHANGED, segment={"country": "nl"}), BASELINE | {"segment": {"country": "nl"}}),
    "nothing": (period(tiny_monitor.END + DAY), BASELINE),
    "serving": (period(MOVED), "serving"),
    "serving_inside": (period(tiny_monitor.START + 5 * DAY), "serving"),
    "serving_segment": (period(CHANGED, segment={"country": "nl"}), "serving"),
    "previous": (HOURS, "previous"),
    "trailing": (period(CHANGED, model_version="v1"), "trailing"),
    "seasonal": (period(MOVED, MOVED + 30 * HOUR), "seasonal"),
    "seasonal_segment": (period(CHANGED, segment={"country": "de"}), "seasonal"),
    "golden": (period(MOVED), "calm"),
    "golden_inside": (period(tiny_monitor.START + 9 * DAY), "calm"),
}
GOLDEN = {"calm": ["2025-01-08", "2025-01-15 06:00:00"]}
SPLIT = {"mixed": MIXED, "changed": CHANGED, "gone": GONE}
FAULTS = {
    "wrong_compare": "compare('tiny', {'form': '2025-01-01', 'segment': {'planet': 'x'}}, {'version': 'v1'})",
    "wrong_bins": "compare_bins('tiny', {'form': '2025-01-01', 'until': 'today'}, 'last week', 'weight')",
    "wrong_times": "compare('tiny', {'from': '2025-01-08', 'until': '2025-01-01'}, {'from': '2025-01-01 00:00+02:00'})",
    "wrong_names": "compare('tiny', {'model_version': 'v1', 'until': '2025-02-30'}, 'seasonal')",
    "wrong_seasonal": "compare('tiny', {'from': '2025-01-08', 'until': '2025-01-16'}, 'seasonal')",
    "wrong_segments": "compare_segments('tiny', {'segment': {'country': 'nl'}}, 'training', 'weight', 'planet')",
}


ANALYSES = ["compare_two_periods", "why_a_column_moved", "why_a_segment_moved"]


@pytest.fixture(scope="module")
def frames() -> tiny_monitor.Frames:
    """The tiny monitor with a day that moved, days that differ by their mix of countries, and one whose ``nl`` changed."""
    frames = tiny_monitor.generate()
    rows = frames["inferences"]
    day = rows["event_time"].dt.floor("D")
    moved = np.flatnonzero(day == MOVED)
    rows.loc[moved, "amount"] = (rows.loc[moved, "amount"] + 9).round(3)
    rows.loc[moved[:37], "amount"] = NAN
    rows.loc[moved, "country"] = np.where(np.arange(len(moved)) % 25 == 0, "es", rows.loc[moved, "country"])
    for start, shares in SHARES.items():
        country = np.concatenate([np.repeat(name, size) for name, size in shares.items()])
        amount = np.concatenate(
            [np.tile(OFFSETS[name] + WITHIN, size // 50) for name, size in shares.items()]
        )
        if start == CHANGED:
            amount = np.where(country == "nl", amount + 20, amount)
        order = RANDOM.permutation(1000)
        rows.loc[day == start, "country"] = country[order]
        rows.loc[day == start, "amount"] = amount[order].round(3)
    return frames


@pytest.fixture(scope="module")
def comparison(
    frames: tiny_monitor.Frames, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Project, Result]:
    """The tiny monitor with those days, a table for each comparison, and what its build said."""
    project = tiny_monitor.new_project(tmp_path_factory.mktemp("compared") / "project", {"tiny": frames})
    project.replace(
        "models/staging/tiny/_tiny.yml",
        "{role: feature, min: 0, max: 1000}",
        "{role: feature, min: 0, max: 1000, unit: EUR, importance: 0.7}",
    )

    periods = json.dumps(GOLDEN)
    project.replace(
        "models/staging/tiny/_tiny.yml",
        "segments: [country]",
        f"segments: [country]\n          golden_periods: {periods}\n          time_zone: America/New_York",
    )

    def model(name: str, call: str) -> None:
        text = "{{ config(materialized='table') }}\n{{ ml_monitor." + call + " }}\n"
        project.write(f"models/consumers/{name}.sql", text)

    for name, (current, reference) in COMPARED.items():
        model(f"compare_{name}", f"compare('tiny', {current!r}, {reference!r})")
    for column in ["amount", "country"]:
        model(f"bins_{column}", f"compare_bins('tiny', {COMPARED['moved'][0]!r}, {BASELINE!r}, '{column}')")
    for name, start in SPLIT.items():
        call = f"compare_segments('tiny', {period(start)!r}, {period(MIXED_BEFORE)!r}, 'amount', 'country')"
        model(f"segments_{name}", call)
    model(
        "segments_moved",
        f"compare_segments('tiny', {COMPARED['moved'][0]!r}, {BASELINE!r}, 'hits', 'country')",
    )
    call = f"compare_segments('tiny', {period(MOVED)!r}, 'serving', 'hits', 'country')"
    model("segments_serving", call)
    for name, call in FAULTS.items():
        model(name, call)
    for name in ANALYSES:
        project.write(f"models/consumers/{name}.sql", (ROOT / "analyses" / f"{name}.sql").read_text("utf-8"))
    given = {"monitor": "tiny", "column": "amount", "segment": "country"}
    given |= {"current": period(CHANGED), "reference": period(MIXED_BEFORE)}
    kinds = ["--resource-type", "model", "--resource-type", "seed"]
    result = project.dbt("build", *kinds, vars={"ml_analysis": given}, check=1)
    assert set(result.errors) == set(FAULTS), result.output
    return project, result


@pytest.fixture(scope="module")
def compared(comparison: tuple[Project, Result]) -> Project:
    """The project of the comparisons."""
    return comparison[0]


def rows_between(frames: tiny_monitor.Frames, given: dict | str, current: dict | None = None) -> pd.DataFrame:
    """The raw rows of a period; of a name what it means beside the current period."""
    if given == "training":
        return frames["reference"]
    rows = frames["inferences"]
    time = rows["event_time"]
    if isinstance(given, str):
        start, end = pd.Timestamp(current["from"]), pd.Timestamp(current["until"])
        weeks = [pd.Timedelta(weeks=k) for k in range(1, 5)]
        spans = {
            "serving": [(tiny_monitor.START, tiny_monitor.START + 28 * DAY)],
            "previous": [(start - (end - start), start)],
            "trailing": [(start - 28 * DAY, start)],
            # Without a change of the clock in these weeks, hours of the clock are hours.
            "seasonal": [(start - week, end - week) for week in weeks],
            "calm": [tuple(pd.Timestamp(one) for one in GOLDEN["calm"])],
        }[given]
        chosen = ~time.between(start, end, inclusive="left")
        chosen &= np.any([time.between(*span, inclusive="left") for span in spans], axis=0)
        given = current
    else:
        chosen = time.between(given["from"], given["until"], inclusive="left")
    for name, value in given.get("segment", {}).items():
        chosen &= rows[name] == value
    return rows[chosen]


NAMED = [name for name, (_, reference) in COMPARED.items() if isinstance(reference, str)]


def by_column(project: Project, name: str) -> pd.DataFrame:
    """What a comparison says, by column."""
    return project.frame(f"select * from {name}").set_index("column_name")


NUMERIC, CATEGORICAL = ["amount", "temp", "hits", "score"], ["country", "prediction"]


def raw_psi(frames: tiny_monitor.Frames, column: str, reference: pd.DataFrame, current: pd.DataFrame) -> Psi:
    """PSI of raw rows with the bins of the training set."""
    training = frames["reference"][column]
    if column in NUMERIC:
        edges = np.unique(edges_of(training, 19 if column == "score" else 10))
        return psi_of_counts(numeric_counts(reference[column], edges), numeric_counts(current[column], edges))
    known = set(category_counts(training))
    r, c = category_counts(reference[column]), category_counts(current[column])
    return psi_of_counts(r, c, frozenset((set(r) | set(c)) - known))


@pytest.mark.parametrize("case", ["moved", "quiet", "hours", "segment", *NAMED])
def test_compare_has_the_distances_of_raw_rows(
    compared: Project, frames: tiny_monitor.Frames, case: str
) -> None:
    current, reference = (rows_between(frames, one, COMPARED[case][0]) for one in COMPARED[case])
    found = by_column(compared, f"compare_{case}")
    assert {*NUMERIC, *CATEGORICAL} <= set(found.index)
    defined = 0
    for column in [*NUMERIC, *CATEGORICAL]:
        row = found.loc[column]
        expected = raw_psi(frames, column, reference, current)
        assert (row["reference_rows"], row["current_rows"]) == (
            expected.reference_rows,
            expected.current_rows,
        )
        if expected.psi is None:
            assert np.isnan(row["psi"])
            continue
        defined += 1
        wanted = {"psi": expected.psi, "psi_excess": expected.excess} | other_distances(expected)
        for name, value in wanted.items():
            assert row[name] == pytest.approx(value, abs=1e-9, rel=1e-9), (column, name)
        assert row["is_drift_detected"] == (expected.excess > expected.noise)
    assert defined >= 4


@pytest.mark.parametrize(
    ("case", "segment"),
    [("moved", "__all__"), ("serving", "__all__"), ("serving_inside", "__all__"), ("serving_segment", "nl")],
)
def test_compare_is_drift_where_they_ask_the_same(compared: Project, case: str, segment: str) -> None:
    found = by_column(compared, f"compare_{case}")
    drift = compared.frame(
        f"""select * from tiny__drift where window_grain = 'day' and window_start = '{COMPARED[case][0]["from"]}'
        and segment_value = '{segment}' and model_version in ('__all__', 'v1')"""
    ).set_index("column_name")
    assert len(drift) == len(found) >= 8
    assert set(drift["is_in_baseline"]) == {case == "serving_inside"}
    names = ["psi", "psi_excess", "psi_noise", *DISTANCES, "reference_mean", "current_mean", "mean_shift"]
    both = drift[names].astype(float), found.loc[drift.index, names].astype(float)
    np.testing.assert_allclose(*both, rtol=1e-9, atol=1e-9)
    # Drift knows what is most of the rest.
    shown = drift["top_bin"].str.replace(r"^other values \(mostly .*\)$", "all other values", regex=True)
    assert list(shown) == list(found.loc[drift.index, "top_bin"])


def largest_cell_share(
    frames: tiny_monitor.Frames, column: str, before: np.ndarray, now: np.ndarray
) -> float:
    """The largest share of a side in one cell: KS from cells is that of their ends, so it may miss so much."""
    training, resolution = frames["reference"][column], 2048 if column == "score" else 1024
    center, scale = center_and_scale(training)
    edges = np.unique(edges_of(training, 19 if column == "score" else 10))
    shares = []
    for side in (before, now):
        places = zip(slots(side, edges), cells((side - center) / scale, resolution), strict=True)
        shares.append(max(Counter(places).values()) / len(side))
    return max(shares)


@pytest.mark.parametrize("case", ["moved", "quiet", "hours", "training"])
def test_compare_has_ks_and_wasserstein_near_those_of_raw_rows(
    compared: Project, frames: tiny_monitor.Frames, case: str
) -> None:
    current, reference = (rows_between(frames, one) for one in COMPARED[case])
    found = by_column(compared, f"compare_{case}")
    for column in ["amount", "temp", "score"]:
        now, before = finite(current[column]), finite(reference[column])
        exact, largest_cell = ks_2samp(now, before).statistic, largest_cell_share(frames, column, before, now)
        assert exact - largest_cell <= found.loc[column, "ks"] <= exact + 1e-12, column
        if case != "hours":
            assert found.loc[column, "ks"] == pytest.approx(exact, abs=0.005), column
        distance, sd = wasserstein_distance(now, before), before.std()
        tolerance = 0.01 * distance
        assert found.loc[column, "wasserstein"] == pytest.approx(distance, abs=tolerance), column
        assert found.loc[column, "wasserstein_norm"] == pytest.approx(distance / sd, abs=tolerance / sd)
        assert found.loc[column, "mean_shift"] == pytest.approx((now.mean() - before.mean()) / sd, rel=1e-8)
        assert found.loc[column, "reference_sd"] == pytest.approx(sd, rel=1e-8)
    assert found.loc[CATEGORICAL, ["ks", "wasserstein", "mean_shift"]].isna().all(axis=None)


def test_compare_of_the_moved_day_speaks_of_what_moved(
    compared: Project, frames: tiny_monitor.Frames
) -> None:
    found = by_column(compared, "compare_moved")
    assert found.loc["amount", "is_drift_detected"]
    assert found.loc["amount", "ks_p_value"] < 1e-12
    assert found.loc["amount", "current_null_share"] == 0.037
    assert found.loc["amount", "reference_null_share"] == 0
    current, reference = (rows_between(frames, one) for one in COMPARED["moved"])
    for side, rows in [("current", current), ("reference", reference)]:
        assert found.loc["hits", f"{side}_zero_share"] == pytest.approx((rows["hits"] == 0).mean())
        assert found.loc["hits", f"{side}_default_share"] == pytest.approx((rows["hits"] == 7).mean())
        assert found.loc["country", f"{side}_unseen_share"] == pytest.approx((rows["country"] == "es").mean())
    excess = found.loc["amount", "psi_excess"]
    assert found.loc["amount", "weighted_excess"] == pytest.approx(0.7 * excess)
    assert found["weighted_excess"].notna().sum() == 1
    share = found.loc[found["psi"].notna(), "is_drift_detected"].mean()
    assert 0 < share < 1
    np.testing.assert_allclose(found["drift_share"], share, rtol=1e-12)


def test_a_name_is_what_it_stands_for(compared: Project) -> None:
    same = compared.frame("select * from segments_moved order by segment_value")
    pd.testing.assert_frame_equal(
        compared.frame("select * from segments_serving order by segment_value"), same
    )
    assert by_column(compared, "compare_seasonal").loc["amount", "reference_rows"] > 4000


def test_season_follows_the_clock(built: tuple[Project, Result]) -> None:
    """The clocks of New York went forward on 9 March 2025: two o'clock is not there, and all after is an hour earlier in UTC."""
    found = built[0].frame("select window_start from seasonal_hours order by 1")["window_start"]
    # Tuesday 18 March, nine to eleven o'clock in New York.
    before_change, after_change = ["2025-02-18", "2025-02-25", "2025-03-04"], ["2025-03-11"]
    expected = [f"{day} {hour}:00" for day in before_change for hour in (14, 15)]
    expected += [f"{day} {hour}:00" for day in after_change for hour in (13, 14)]
    assert list(found) == [pd.Timestamp(one) for one in expected]


def test_segments_have_no_order_and_nothing_has_no_distance(compared: Project) -> None:
    segment, nothing = (by_column(compared, f"compare_{name}") for name in ("segment", "nothing"))
    assert segment.loc["amount", "psi"] > 0.2
    assert segment.loc["amount", "current_rows"] == 100
    assert segment[["ks", "wasserstein"]].isna().all(axis=None)
    assert (nothing["current_rows"] == 0).all()
    assert (nothing["reference_rows"] > 0).sum() >= 8
    assert nothing[["psi", *DISTANCES, "ks", "ks_p_value", "wasserstein", "mean_shift"]].isna().all(axis=None)
    assert not nothing["is_drift_detected"].any()


@pytest.mark.parametrize("column", ["amount", "country"])
def test_bins_add_up_to_psi(compared: Project, column: str) -> None:
    bins = compared.frame(f"select * from bins_{column} order by contribution desc")
    total = by_column(compared, "compare_moved").loc[column]
    assert len(bins) == total["bin_count"]
    assert bins["contribution"].sum() == pytest.approx(total["psi"], abs=1e-9)
    assert bins["contribution_share"].sum() == pytest.approx(1, abs=1e-9)
    assert bins["reference_share"].sum() == pytest.approx(1, abs=1e-9)
    assert bins["current_share"].sum() == pytest.approx(1, abs=1e-9)
    assert bins["bin_label"][0] == total["top_bin"]
    if column == "amount":
        assert bins["bin_label"][bins["bin"] >= 0].str.contains(" EUR").all()
    words = set()
    for row in bins.itertuples():
        words.add("rose" if row.current_share > row.reference_share else "fell")
        verb = "rose" if row.current_share > row.reference_share else "fell"
        pattern = rf"share of {column} {re.escape(row.bin_label)} {verb} from ([\d.]+) % to ([\d.]+) %"
        before, now = re.fullmatch(pattern, row.explanation).groups()
        assert float(before) == pytest.approx(100 * row.reference_share, abs=0.051)
        assert float(now) == pytest.approx(100 * row.current_share, abs=0.051)
    assert words == {"rose", "fell"}


def unpooled_psi(
    frames: tiny_monitor.Frames, column: str, reference: pd.DataFrame, current: pd.DataFrame
) -> float:
    """PSI of every slot, with 0.5 only inside the logarithm."""
    edges = np.unique(edges_of(frames["reference"][column]))
    r, c = numeric_counts(reference[column], edges), numeric_counts(current[column], edges)
    m, n = sum(r.values()), sum(c.values())
    return sum(
        (c[slot] / n - r[slot] / m) * np.log((c[slot] + 0.5) / (n + 0.5) / ((r[slot] + 0.5) / (m + 0.5)))
        for slot in set(r) | set(c)
    )


@pytest.mark.parametrize("case", ["mixed", "changed", "gone", "moved"])
def test_segments_add_up_to_psi(compared: Project, frames: tiny_monitor.Frames, case: str) -> None:
    column = "hits" if case == "moved" else "amount"
    current, reference = (
        (period(SPLIT[case]), period(MIXED_BEFORE)) if case in SPLIT else (COMPARED["moved"][0], BASELINE)
    )
    current, reference = rows_between(frames, current), rows_between(frames, reference)
    found = compared.frame(f"select * from segments_{case}").set_index("segment_value")
    expected = unpooled_psi(frames, column, reference, current)
    assert expected > 0.01
    assert (found["mix"] + found["within"]).sum() == pytest.approx(expected, abs=1e-9)
    np.testing.assert_allclose(found["contribution"], found["mix"] + found["within"], atol=1e-12)
    assert found["current_rows"].sum() == len(current)
    assert found["reference_rows"].sum() == len(reference)
    assert found["current_row_share"].sum() == pytest.approx(1)
    if case == "moved":
        # Real rows have a bit of both.
        assert (found["mix"].abs() > 1e-6).any()
        assert (found["within"].abs() > 1e-6).any()


def test_a_segment_that_only_grew_has_only_mix(compared: Project) -> None:
    found = compared.frame("select * from segments_mixed").set_index("segment_value")
    assert set(found.index) == {"de", "fr", "it", "nl"}
    assert (found["within"].abs() < 1e-12).all()
    assert (found.loc[["fr", "nl"], "mix"].abs() < 1e-12).all()
    assert (found.loc[["de", "it"], "mix"].abs() > 0.01).all()


def test_a_segment_whose_values_changed_has_only_within(compared: Project) -> None:
    found = compared.frame("select * from segments_changed").set_index("segment_value")
    assert (found["mix"].abs() < 1e-12).all()
    assert found.loc["nl", "within"] > 0.01
    assert (found.loc[["de", "fr", "it"], "within"].abs() < 1e-12).all()


def test_a_segment_that_vanished_is_mix(compared: Project) -> None:
    found = compared.frame("select * from segments_gone").set_index("segment_value")
    assert tuple(found.loc["nl", ["reference_rows", "current_rows"]]) == (100, 0)
    assert abs(found.loc["nl", "mix"]) > 0.001
    assert (found["within"].abs() < 1e-12).all()


def test_all_faults_are_named_at_once(comparison: tuple[Project, Result]) -> None:
    _, result = comparison
    expected = {
        "wrong_compare": [
            "current.form: unknown key; allowed: from, until, model_version, segment",
            "reference.version: unknown key",
            "current.segment: found {'planet': 'x'}; allowed: one of country",
        ],
        "wrong_bins": [
            "current.form: unknown key",
            "current.until: found today; allowed: a moment in UTC",
            "reference: found last week; allowed: a dict of from, until, model_version, segment, or one of training, serving, "
            "previous, trailing, seasonal, calm",
            "column: found weight; allowed: amount, temp, hits, country, score",
        ],
        "wrong_times": [
            "current: found from 2025-01-08 until 2025-01-01; allowed: from before until",
            "reference.from: found 2025-01-01 00:00+02:00; allowed: a moment in UTC",
        ],
        "wrong_names": [
            "reference: found seasonal without current.from; allowed: seasonal where current has from and until",
            "current.until: found 2025-02-30; allowed: a moment in UTC",
        ],
        "wrong_seasonal": [
            "reference: found seasonal of 2025-01-08 to 2025-01-16; allowed: seasonal where current is a week or less"
        ],
        "wrong_segments": [
            "current.segment: unknown key; allowed: from, until, model_version",
            "reference: found training; allowed: a dict of from, until, model_version, or one of serving, previous",
            "segment: found planet; allowed: country",
            "column: found weight; allowed: amount",
        ],
    }
    for name, faults in expected.items():
        message = result.errors[name]
        assert [fault for fault in faults if fault not in message] == []
        assert "cannot compare two periods of tiny" in message
        assert "Write: {'from':" in message


def test_the_analyses_say_what_the_macros_do(compared: Project, frames: tiny_monitor.Frames) -> None:
    columns, bins, segments = (compared.frame(f"select * from {name}") for name in ANALYSES)
    sides = [rows_between(frames, period(start)) for start in (MIXED_BEFORE, CHANGED)]
    expected = raw_psi(frames, "amount", *sides)
    # The most important first: amount is the only one with an importance.
    assert columns["column_name"][0] == "amount"
    assert columns["psi"][0] == pytest.approx(expected.psi, abs=1e-9)
    assert bins["contribution"].sum() == pytest.approx(expected.psi, abs=1e-9)
    assert bins["contribution"].is_monotonic_decreasing
    same = compared.frame("select * from segments_changed order by contribution desc, segment_value")
    pd.testing.assert_frame_equal(segments, same)


def test_postgres_gives_the_same_comparisons(
    compared: Project, postgres: PostgresServer, tmp_path: Path
) -> None:
    project = compared.copy_to(tmp_path / "project")
    project.remove(*[f"models/consumers/{name}.sql" for name in [*FAULTS, *ANALYSES]])
    for path in (project.folder / "models/staging/tiny").glob("*.sql"):
        text = re.sub(r"read_parquet\(.*?/(\w+)\.parquet'\)", r"raw.\1", path.read_text("utf-8"))
        path.write_text(text, encoding="utf-8")
    environment = postgres.new_database("compared", project.raw / "tiny")
    keys = {f"compare_{name}": ["column_name"] for name in COMPARED}
    keys |= {"bins_amount": ["bin"], "bins_country": ["bin"]}
    keys |= {f"segments_{name}": ["segment_value"] for name in [*SPLIT, "moved", "serving"]}
    kinds = ["--resource-type", "model", "--resource-type", "seed"]
    project.dbt("build", *kinds, "--select", *[f"+{name}" for name in keys], env=environment, check=0)
    assert_same_tables(compared, postgres, "compared", keys)


# p and q values of drift


def test_drift_has_p_values_of_scipy(compared: Project) -> None:
    drift = compared.frame("select * from tiny__drift where psi is not null")
    assert len(drift) > 1000
    # Of the rows of the kept bins, as the excess has it.
    unit = (drift["psi"] - drift["psi_excess"]) / (drift["bin_count"] - 1)
    expected = chi2.sf(drift["psi"] / unit, drift["bin_count"] - 1)
    np.testing.assert_allclose(drift["psi_p_value"], expected, rtol=0, atol=1e-9)
    assert (
        compared.value("select count(psi_p_value) + count(psi_q_value) from tiny__drift where psi is null")
        == 0
    )


def test_drift_has_q_values_of_scipy_within_each_window(compared: Project) -> None:
    drift = compared.frame("select * from tiny__drift where psi is not null")
    windows = drift.groupby(["window_grain", "window_start"])
    assert len(windows) >= 35
    for _, rows in windows:
        p = rows["psi_p_value"].clip(0, 1).to_numpy()
        np.testing.assert_allclose(rows["psi_q_value"], false_discovery_control(p), rtol=1e-9, atol=1e-12)
    between = drift["psi_q_value"].between(1e-6, 0.999)
    assert between.sum() > 100
    assert (drift["psi_q_value"] > drift["psi_p_value"] + 1e-6)[between].any()
