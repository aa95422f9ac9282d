"""How far the numbers from rollups are from those of the raw rows, over many distributions.

    python scripts/bench/rollup_accuracy.py [--write docs/accuracy.md] [--json FILE]

Makes a project with one monitor whose columns are the distributions of ``CASES``: a training set and one day of serving, which
is shifted, scaled or mixed otherwise. dbt builds it up to the rollups, and two models read them as the metrics do:
``ml_monitor.compare`` of the day with the training set, and ``ml_monitor.quantiles_from_cells`` of the day. numpy and scipy say
what is exact on the raw rows.

Prints the errors as a Markdown table; ``--write`` puts the table between the markers of a page. Seeds are fixed and raw values
have 12 digits, so the table is the same wherever it is made.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import bench
import duckdb
import numpy as np
import pandas as pd
import yaml
from scipy.stats import ks_2samp, wasserstein_distance

MONITOR = "accuracy"
START = pd.Timestamp("2025-01-01")
ROWS = 20_000
SEED = 20250101
QUANTILES = {"p1": 1, "p5": 5, "p25": 25, "p50": 50, "p75": 75, "p95": 95, "p99": 99}
# Less than this is what rounding leaves, and depends on the order of sums.
ROUNDING = 1e-9
BEGIN = "<!-- table of scripts/bench/rollup_accuracy.py: do not edit -->"
END = "<!-- end of the table -->"

Random = np.random.Generator
Values = np.ndarray


@dataclass(frozen=True)
class Case:
    """A distribution: the training set, what is served, and both in words."""

    name: str
    trained: str
    served: str
    reference: Callable[[Random, int], Values]
    current: Callable[[Random, int], Values]
    data_type: str = "double"
    role: str = "feature"

    @property
    def edges(self) -> int:
        """How many edges the grid of the column has."""
        return 20 if self.role == "score" else 11


# The distributions


def mixed(random: Random, first: Values, second: Values, share: float) -> Values:
    """Values of the second with that chance, else of the first."""
    return np.where(random.random(len(first)) < share, second, first)


def prices(random: Random, n: int, median: float, round_share: float) -> Values:
    """Prices with spikes at round ones."""
    price = np.round(np.exp(random.normal(math.log(median), 0.7, n)), 2)
    return mixed(random, price, np.maximum(10, np.round(price, -1)), round_share)


def percentages(random: Random, n: int, zeros: float, hundreds: float, mean: float) -> Values:
    """Percentages, many of them 0 or 100."""
    kind = random.random(n)
    between = np.round(100 * random.beta(4 * mean, 4 * (1 - mean), n), 1)
    return np.where(kind < zeros, 0, np.where(kind > 1 - hundreds, 100, between))


def distances(random: Random, n: int) -> Values:
    """Distances in miles."""
    return np.round(random.lognormal(6.5, 0.7, n))


CASES = [
    Case(
        "normal", "mean 0, sd 1", "mean 0.1, sd 1.05",
        lambda r, n: r.normal(0, 1, n), lambda r, n: r.normal(0.1, 1.05, n),
    ),
    Case(
        "normal_unchanged", "mean 0, sd 1", "the same distribution",
        lambda r, n: r.normal(0, 1, n), lambda r, n: r.normal(0, 1, n),
    ),
    Case(
        "normal_far_from_zero", "mean 1,000,000, sd 1", "mean 1,000,000.1, sd 1.05",
        lambda r, n: r.normal(1e6, 1, n), lambda r, n: r.normal(1e6 + 0.1, 1.05, n),
    ),
    Case(
        "two_normals", "half around -3, half around 3, sd 1", "45 % around -3",
        lambda r, n: r.normal(0, 1, n) + np.where(r.random(n) < 0.5, -3, 3),
        lambda r, n: r.normal(0, 1, n) + np.where(r.random(n) < 0.45, -3, 3),
    ),
    Case(
        "lognormal_1", "sigma 1", "sigma 1, 10 % larger",
        lambda r, n: r.lognormal(0, 1, n), lambda r, n: 1.1 * r.lognormal(0, 1, n),
    ),
    Case(
        "lognormal_3", "sigma 3", "sigma 3, 30 % larger",
        lambda r, n: r.lognormal(0, 3, n), lambda r, n: 1.3 * r.lognormal(0, 3, n),
    ),
    Case(
        "exponential", "mean 1", "mean 1.1",
        lambda r, n: r.exponential(1, n), lambda r, n: r.exponential(1.1, n),
    ),
    Case(
        "uniform", "0 to 1", "0.05 to 1.05",
        lambda r, n: r.uniform(0, 1, n), lambda r, n: r.uniform(0.05, 1.05, n),
    ),
    Case(
        "zero_inflated", "60 % zeros, the others exponential", "55 % zeros, the others 10 % larger",
        lambda r, n: mixed(r, r.exponential(1, n), np.zeros(n), 0.6),
        lambda r, n: mixed(r, r.exponential(1.1, n), np.zeros(n), 0.55),
    ),
    Case(
        "two_far_spikes", "0 and 1,000,000, half each", "every fourth is 0: p25 is the last of them",
        lambda r, n: mixed(r, np.full(n, 1e6), np.zeros(n), 0.5),
        lambda r, n: np.where(np.arange(n) % 4, 1e6, 0),
    ),
    Case(
        "two_far_clusters", "around 0 and around 1,000,000, sd 1, half each", "the same halves, 0.5 higher",
        lambda r, n: r.normal(0, 1, n) + np.where(r.random(n) < 0.5, 0, 1e6),
        lambda r, n: r.normal(0.5, 1, n) + np.where(r.random(n) < 0.5, 0, 1e6),
    ),
    Case(
        "constant", "always 7.5", "always 7.5",
        lambda r, n: np.full(n, 7.5), lambda r, n: np.full(n, 7.5),
    ),
    Case(
        "constant_that_changes", "always 7.5", "2 % between 7.4 and 7.6",
        lambda r, n: np.full(n, 7.5), lambda r, n: mixed(r, np.full(n, 7.5), r.uniform(7.4, 7.6, n), 0.02),
    ),
    Case(
        "flag", "10 % ones", "12 % ones",
        lambda r, n: r.random(n) < 0.1, lambda r, n: r.random(n) < 0.12, "int",
    ),
    Case(
        "percentage", "30 % at 0, 20 % at 100", "25 % at 0, 25 % at 100, higher between",
        lambda r, n: percentages(r, n, 0.3, 0.2, 0.5), lambda r, n: percentages(r, n, 0.25, 0.25, 0.55),
    ),
    Case(
        "price", "cents, 30 % round tens", "8 % dearer, 20 % round tens",
        lambda r, n: prices(r, n, 40, 0.3), lambda r, n: prices(r, n, 43, 0.2),
    ),
    Case(
        "count", "Poisson, mean 3", "Poisson, mean 3.3",
        lambda r, n: r.poisson(3, n), lambda r, n: r.poisson(3.3, n), "int",
    ),
    Case(
        "age", "18 to 90 years, whole", "two years older",
        lambda r, n: 18 + np.floor(73 * r.beta(1.5, 3, n)), lambda r, n: 20 + np.floor(71 * r.beta(1.5, 3, n)), "int",
    ),
    Case(
        "year", "1990 to 2024, more of the later", "1991 to 2025",
        lambda r, n: 1990 + np.floor(35 * r.beta(3, 1, n)), lambda r, n: 1991 + np.floor(35 * r.beta(3, 1, n)), "int",
    ),
    Case(
        "epoch_seconds", "seconds of the year 2024", "of the year that ends 30 days later",
        lambda r, n: np.floor(r.uniform(1704067200, 1735689600, n)),
        lambda r, n: np.floor(r.uniform(1704067200, 1735689600, n)) + 30 * 86400, "bigint",
    ),
    Case(
        "id", "20 million ids from 9,000,000,000 on", "the next 5 million",
        lambda r, n: r.integers(9_000_000_000, 9_020_000_000, n),
        lambda r, n: r.integers(9_020_000_000, 9_025_000_000, n), "bigint",
    ),
    Case(
        "log_uniform", "twelve decades, 1 to 1e12", "twelve decades, 2 to 2e12",
        lambda r, n: 10 ** r.uniform(0, 12, n), lambda r, n: 2 * 10 ** r.uniform(0, 12, n),
    ),
    Case(
        "log_uniform_low_end", "twelve decades, 1 to 1e12", "the same, all below 10 are 10",
        lambda r, n: 10 ** r.uniform(0, 12, n), lambda r, n: np.maximum(10, 10 ** r.uniform(0, 12, n)),
    ),
    Case(
        "cauchy", "median 0, scale 1", "median 0.1, scale 1.1",
        lambda r, n: r.standard_cauchy(n), lambda r, n: 0.1 + 1.1 * r.standard_cauchy(n),
    ),
    Case(
        "skewed_score", "a score (20 edges): beta 0.3, 20", "beta 0.35, 20",
        lambda r, n: r.beta(0.3, 20, n), lambda r, n: r.beta(0.35, 20, n), role="score",
    ),
    Case(
        "temperature", "one decimal, mean 15, sd 8", "2 degrees warmer",
        lambda r, n: np.round(r.normal(15, 8, n), 1), lambda r, n: np.round(r.normal(17, 8, n), 1),
    ),
    Case(
        "another_unit", "miles, whole, lognormal", "kilometres",
        lambda r, n: distances(r, n), lambda r, n: np.round(1.609344 * distances(r, n)),
    ),
    Case(
        "outliers", "mean 0, sd 1", "the same, 1 % a million times as large",
        lambda r, n: r.normal(0, 1, n), lambda r, n: r.normal(0, 1, n) * np.where(r.random(n) < 0.01, 1e6, 1),
    ),
    Case(
        "all_outside", "mean 0, sd 1", "mean 1,000,000, sd 1",
        lambda r, n: r.normal(0, 1, n), lambda r, n: r.normal(1e6, 1, n),
    ),
    Case(
        "beyond_the_clip", "mean 0, sd 1", "the same, 1 % are 1e20",
        lambda r, n: r.normal(0, 1, n), lambda r, n: mixed(r, r.normal(0, 1, n), np.full(n, 1e20), 0.01),
    ),
]  # fmt: skip


def raw_values() -> dict[str, tuple[Values, Values]]:
    """Training set and served values of each case, each from a generator of its own."""
    made = {}
    for case in CASES:
        random = np.random.default_rng([SEED, zlib.crc32(case.name.encode())])
        sides = (draw(random, ROWS).astype("float64") for draw in (case.reference, case.current))
        made[case.name] = tuple(np.char.mod("%.12g", side).astype("float64") for side in sides)
    return made


# The rollup path


def write_raw(folder: Path, values: dict[str, tuple[Values, Values]]) -> None:
    """The raw tables of the monitor as Parquet: served rows spread over the day, and the training set."""
    integers = {
        case.name: {"int": "int32", "bigint": "int64"}.get(case.data_type, "float64") for case in CASES
    }
    seconds = np.arange(ROWS) * 86_000 / ROWS
    event_time = START + pd.to_timedelta((seconds * 1e6).astype("int64"), unit="us")
    sides = [
        pd.DataFrame({name: pair[side].astype(integers[name]) for name, pair in values.items()})
        for side in (0, 1)
    ]
    reference, inferences = (side.assign(prediction=np.arange(ROWS, dtype="int32") % 2) for side in sides)
    inferences.insert(0, "prediction_id", [f"p{number:06d}" for number in range(ROWS)])
    inferences.insert(1, "event_time", event_time.astype("datetime64[us]"))
    inferences.insert(2, "ingest_time", (event_time + pd.Timedelta(minutes=1)).astype("datetime64[us]"))
    inferences.insert(3, "model_version", "v1")
    folder.mkdir(parents=True)
    inferences.to_parquet(folder / "inferences.parquet", index=False)
    reference.to_parquet(folder / "reference.parquet", index=False)


def staging_yaml() -> dict[str, Any]:
    """The staging models of the monitor."""
    cases = [bench.column(case.name, case.data_type, case.role) for case in CASES]
    inferences = [
        bench.column("prediction_id", "string", "prediction_id"),
        bench.column("event_time", "timestamp", "event_time"),
        bench.column("ingest_time", "timestamp", "ingest_time"),
        bench.column("model_version", "string", "model_version"),
        *cases,
        bench.column("prediction", "int", "prediction"),
    ]
    reference = [bench.column(one["name"], one["data_type"]) for one in inferences[4:]]
    contract = {"enforced": True}
    meta = {"ml_monitor": {"task": "binary", "owner": "accuracy@example.com"}}
    return {
        "models": [
            {"name": f"stg_{MONITOR}__inferences", "config": {"contract": contract, "meta": meta}, "columns": inferences},
            {"name": f"stg_{MONITOR}__reference", "config": {"contract": contract}, "columns": reference},
        ]
    }  # fmt: skip


COMPARED = """{{ config(materialized='table') }}
{{ ml_monitor.compare('MONITOR', {'from': 'FROM', 'until': 'UNTIL'}, 'training') }}
"""
OF_THE_DAY = """{{ config(materialized='table') }}
with

counts as (

    select column_name, slot, cell, sum(row_count) as row_count, sum(z_sum) as z_sum, sum(z_squared_sum) as z_squared_sum
    from {{ ref('MONITOR__hourly_profile') }}
    where segment_name = '__all__' and slot >= 0
    group by column_name, slot, cell

),

{{ ml_monitor.quantiles_from_cells('counts', ['column_name'], QUANTILES, 'quantiles') }}

deviations as (

    select column_name, sqrt({{ ml_monitor.variance_from_sums('row_count', 'z_sum', 'z_squared_sum') }}) as sd
    from counts
    group by column_name

),

final as (

    select
        grid.column_name,
        grid.scale * deviations.sd as sd,
        {% for name in QUANTILES -%}
        grid.center + grid.scale * quantiles.{{ name }} as {{ name }}{{ ', ' if not loop.last }}
        {%- endfor %}
    from {{ ref('MONITOR__grid') }} as grid
    inner join quantiles on grid.column_name = quantiles.column_name
    inner join deviations on grid.column_name = deviations.column_name

)

select * from final
"""


def make_project(folder: Path) -> None:
    """A project with this project's macros and seeds, the one monitor, and the two models that read its rollups."""
    for part in bench.PROJECT_PARTS:
        shutil.copytree(
            bench.ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__", "demo_*")
        )
    seeds = folder / "seeds" / "_seeds.yml"
    described = yaml.safe_load(seeds.read_text())
    described["seeds"] = [seed for seed in described["seeds"] if not seed["name"].startswith("demo_")]
    seeds.write_text(yaml.safe_dump(described, sort_keys=False))
    project = yaml.safe_load((bench.ROOT / "dbt_project.yml").read_text())
    project["vars"] = {"ml_monitors": {MONITOR: ["reference"]}, "ml_policy_seeds": ["ml_policy_rules"]}
    (folder / "dbt_project.yml").write_text(yaml.safe_dump(project, sort_keys=False))

    staging = folder / "models" / "staging"
    staging.mkdir(parents=True)
    (staging / f"_{MONITOR}.yml").write_text(yaml.safe_dump(staging_yaml(), sort_keys=False))
    for table in ("inferences", "reference"):
        select = f"select * from read_parquet('{{{{ env_var('ML_RAW_PATH') }}}}/{table}.parquet')\n"
        (staging / f"stg_{MONITOR}__{table}.sql").write_text(select)
    words = {
        "MONITOR": MONITOR,
        "FROM": str(START),
        "UNTIL": str(START + pd.Timedelta(days=1)),
        "QUANTILES": str({name: percent / 100 for name, percent in QUANTILES.items()}),
    }
    for name, sql in (("compared", COMPARED), ("of_the_day", OF_THE_DAY)):
        for word, text in words.items():
            sql = sql.replace(word, text)
        (folder / "models" / f"{name}.sql").write_text(sql)
    command = [sys.executable, str(bench.SCRIPTS / "scaffold.py"), MONITOR, "--parts", "reference"]
    run([*command, "--project-dir", str(folder)], folder, dict(os.environ))


def run(command: list[str], folder: Path, environment: dict[str, str]) -> None:
    """Run a command; stops with its output if it fails."""
    finished = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if finished.returncode:
        raise SystemExit(f"{' '.join(command)} exited {finished.returncode}:\n{finished.stdout[-4000:]}")


def from_rollups(folder: Path, values: dict[str, tuple[Values, Values]]) -> dict[str, dict[str, Any]]:
    """Build the project in an empty folder; what the rollups say of each column."""
    project, raw, database = folder / "project", folder / "raw", folder / "accuracy.duckdb"
    write_raw(raw, values)
    make_project(project)
    as_of = str(START + pd.Timedelta(days=2))
    # Nothing of the caller's own settings; one thread sums in one order.
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("ML_", "DBT_"))}
    environment |= bench.dbt_environment(project / "profiles", raw, database, as_of) | {"ML_THREADS": "1"}
    command = [str(bench.DBT), "--no-use-colors", "build", "--select", "+compared", "+of_the_day"]
    run([*command, "--exclude", "resource_type:test"], project, environment)
    with duckdb.connect(str(database), read_only=True) as connection:
        query = "select * from compared inner join of_the_day using (column_name)"
        rows = connection.execute(query).df().replace({np.nan: None})
    return {row["column_name"]: row for row in rows.to_dict("records")}


# The exact values


def by_rank(ordered: Values, part: int, parts: int) -> float:
    """Quantile part/parts of sorted values as a real value, without rounding of the rank."""
    return float(ordered[max(1, -(-part * len(ordered) // parts)) - 1])


def exact_psi(reference: Values, current: Values, edges: int) -> float | None:
    """PSI over the position among the edges of the training set, with rare bins pooled; None with fewer than two bins."""
    ordered = np.sort(reference)
    cuts = np.unique([by_rank(ordered, k, edges - 1) for k in range(edges)])
    r, c = (
        np.bincount(np.searchsorted(cuts, side, "left") + np.searchsorted(cuts, side, "right"), minlength=2 * len(cuts) + 1)
        for side in (reference, current)
    )  # fmt: skip
    m, n = len(reference), len(current)
    kept = (r >= 50) & (n * r >= 5 * m)
    pairs = list(zip(r[kept].tolist(), c[kept].tolist(), strict=True))
    before, now = int(r[~kept].sum()), int(c[~kept].sum())
    # Of the rows of a small rest a share of n / (n + m) is expected in the window.
    expected, total = n / (n + m), now + before
    bound = -sum(x * math.log(x / total / p) for x, p in ((now, expected), (before, 1 - expected)) if x)
    if total and (n * before >= 5 * m or (now > total * expected and bound < -15)):
        pairs.append((before, now))
    k = len(pairs)
    m, n = (sum(side) for side in zip(*pairs, strict=True)) if pairs else (0, 0)
    if k < 2 or n == 0:
        return None
    shares = [((a + 0.5) / (m + 0.5 * k), (b + 0.5) / (n + 0.5 * k)) for a, b in pairs]
    return math.fsum((p - q) * math.log(p / q) for q, p in shares)


def exact_values(case: Case, reference: Values, current: Values) -> dict[str, Any]:
    """Each statistic on the raw rows."""
    ordered = np.sort(current)
    # By the distance from a middle value: means of large numbers lose digits.
    middle = float(np.median(reference))
    means = [math.fsum(side - middle) / len(side) for side in (reference, current)]
    sds = [float(np.std(side - middle)) for side in (reference, current)]
    distance = float(wasserstein_distance(reference - middle, current - middle))
    return {
        "psi": exact_psi(reference, current, case.edges),
        "ks": float(ks_2samp(reference, current, method="asymp").statistic),
        "wasserstein": distance,
        "wasserstein_norm": distance / sds[0] if sds[0] else None,
        "mean_shift": (means[1] - means[0]) / sds[0] if sds[0] else None,
        "current_mean": middle + means[1],
        "reference_sd": sds[0],
        "sd": sds[1],
        "iqr": by_rank(ordered, 3, 4) - by_rank(ordered, 1, 4),
        **{name: by_rank(ordered, percent, 100) for name, percent in QUANTILES.items()},
    }


# The errors


def difference(found: float | None, exact: float | None, unit: float | None = 1) -> float | None:
    """Absolute difference over a unit: 0 if there is none, None where the statistic is undefined on both sides."""
    if found is None and exact is None:
        return None
    if found is None or exact is None:
        return math.inf
    gap = abs(found - exact)
    return 0.0 if gap == 0 else math.inf if not unit else gap / abs(unit)


def rank_error(current: Values, value: float, percent: int, spread: float) -> float:
    """How far the share of rows up to a value is from that of the quantile; 0 within the share of one value."""
    # A value that rounding moved off its spike is still that value.
    slack = 1e-12 * max(abs(value), spread)
    below, up_to = np.mean(current < value - slack), np.mean(current <= value + slack)
    return float(max(0.0, below - percent / 100, percent / 100 - up_to))


def errors(
    case: Case, current: Values, found: dict[str, Any], exact: dict[str, Any]
) -> dict[str, float | None]:
    """The errors of one row of the table; defined in words in docs/accuracy.md."""
    return {
        "psi": difference(found["psi"], exact["psi"]),
        "ks": difference(found["ks"], exact["ks"]),
        "wasserstein": difference(found["wasserstein"], exact["wasserstein"], exact["wasserstein"]),
        "mean_shift": difference(found["mean_shift"], exact["mean_shift"]),
        "sd": difference(found["sd"], exact["sd"], exact["sd"]),
        "quantiles": max(
            difference(found[name], exact[name], max(abs(exact[name]), exact["iqr"])) for name in QUANTILES
        ),
        "rank": max(
            rank_error(current, found[name], percent, exact["iqr"]) for name, percent in QUANTILES.items()
        ),
    }


@dataclass(frozen=True)
class Measured:
    """Everything about one case."""

    case: Case
    reference: Values
    current: Values
    found: dict[str, Any]
    exact: dict[str, Any]
    errors: dict[str, float | None]


def measure(folder: Path) -> dict[str, Measured]:
    """Build in an empty folder and compare, case by case."""
    values = raw_values()
    rollups = from_rollups(folder, values)
    measured = {}
    for case in CASES:
        reference, current = values[case.name]
        found, exact = rollups[case.name], exact_values(case, reference, current)
        measured[case.name] = Measured(
            case, reference, current, found, exact, errors(case, current, found, exact)
        )
    return measured


def text(error: float | None) -> str:
    """An error with one significant digit; what rounding leaves is 0, and what is undefined is a dash."""
    if error is None:
        return "-"
    if error < ROUNDING:
        return "0"
    rounded = f"{error:.0e}"
    return np.format_float_positional(float(rounded), trim="-") if 1e-4 <= error < 1e4 else rounded


def table(measured: dict[str, Measured]) -> str:
    """The errors as Markdown."""
    titles = ["psi", "ks", "wasserstein", "mean shift", "sd", "quantiles", "their ranks"]
    lines = [
        f"| distribution | training set | served | {' | '.join(titles)} |",
        "|---|---|---|" + "---:|" * len(titles),
    ]
    for one in measured.values():
        figures = " | ".join(text(error) for error in one.errors.values())
        lines.append(f"| {one.case.name} | {one.case.trained} | {one.case.served} | {figures} |")
    return "\n".join(lines)


def write(page: Path, new_table: str) -> None:
    """Put the table between the markers of a page."""
    before, begin, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise SystemExit(f"{page}: lacks the line {BEGIN if not begin else END}")
    page.write_text(f"{before}{BEGIN}\n{new_table}\n{END}{after}", encoding="utf-8")


def main() -> None:
    """Print the table, or write it into a page."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--write", type=Path, metavar="PAGE", help="a page with the markers of the table")
    parser.add_argument(
        "--json", type=Path, metavar="FILE", help="write values and errors with all digits, too"
    )
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measured = measure(Path(folder) / "accuracy")
    if arguments.json:
        full = {
            name: {"found": one.found, "exact": one.exact, "errors": one.errors}
            for name, one in measured.items()
        }
        arguments.json.write_text(json.dumps(full, indent=2, default=str) + "\n")
    if arguments.write:
        write(arguments.write, table(measured))
    else:
        print(table(measured))


if __name__ == "__main__":
    main()
