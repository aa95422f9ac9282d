"""Our distances against Evidently and NannyML: from the same bins the same numbers, and where not, the one thing that differs.

Both tools bin numbers in ways of their own, so their bins are worked out here and given to our macros as categories. What is
then left is the formula: a floor, a base of the logarithm, a correction. ``docs/crosswalk.md`` shows the worked case and the
traps; its tables are compared with what is measured here.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from math import log, nan, sqrt
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from conftest import ROOT, Project
from peer_tools.environment import PeersError
from peers import peer_numbers
from scipy.special import kolmogorov
from scipy.stats import chi2, ks_2samp

PAGE = ROOT / "docs" / "crosswalk.md"
RANDOM = np.random.default_rng(20260105)
EVIDENTLY = {
    "numeric": ["psi", "jensenshannon", "kl_div", "hellinger", "ks", "wasserstein"],
    "categorical": ["psi", "jensenshannon", "kl_div", "hellinger", "chisquare", "tvd_distance"],
}
NANNYML = {
    "numeric": ["jensen_shannon", "hellinger", "kolmogorov_smirnov", "wasserstein"],
    "categorical": ["jensen_shannon", "hellinger", "l_infinity", "chi2"],
}


@dataclass
class Case:
    """Rows of a reference and of a window, and how their numbers may be binned."""

    kind: str
    reference: np.ndarray
    current: np.ndarray
    evidently: tuple[str, ...] = ()

    @property
    def numeric(self) -> bool:
        return self.kind == "numeric"

    def binned(self) -> dict[str, tuple[np.ndarray, np.ndarray]]:
        """Bins of both sides as texts: of Evidently, of Evidently's Hellinger distance, of NannyML."""
        if not self.numeric:
            return {"evidently": (self.reference, self.current)}
        both = np.concatenate([self.reference, self.current])
        joint = np.histogram_bin_edges(both, bins="sturges") if len(set(self.reference)) > 20 else None
        return {
            "evidently": self.places(joint),
            "hellinger": self.places(np.histogram_bin_edges(np.unique(both), bins="sturges")),
            "nannyml": self.places(np.histogram_bin_edges(self.reference, bins="doane")),
        }

    def places(self, edges: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
        """The bin of each row, closed above for the last as in numpy; without edges the value itself."""
        sides = []
        for values in (self.reference, self.current):
            if edges is None:
                place = values
            else:
                place = np.clip(np.searchsorted(edges, values, "right") - 1, 0, len(edges) - 2)
                place = np.where((values < edges[0]) | (values > edges[-1]), -1, place)
            sides.append(place.astype(str))
        return sides[0], sides[1]


def repeated(values: list[Any], reference: list[int], current: list[int], kind: str = "categorical") -> Case:
    """A case from counts."""
    typed = np.array(values, dtype=float) if kind == "numeric" else np.array(values)
    return Case(kind, np.repeat(typed, reference), np.repeat(typed, current))


def drawn(values: np.ndarray, kind: str, m: int, n: int) -> Case:
    """A case of random shares, none of them small."""
    shares = [RANDOM.dirichlet(np.full(len(values), 20.0)) for _ in range(2)]
    return Case(kind, RANDOM.choice(values, m, p=shares[0]), RANDOM.choice(values, n, p=shares[1]))


def within(values: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """The values between the ends of the reference: what is outside would be pooled by us and not by them."""
    return values[(values >= reference.min()) & (values <= reference.max())]


LETTERS = np.array(list("abcdefghijkl"))
UNIFORM = RANDOM.uniform(10, 20, 8000)
# Bins coincide and nothing is pooled. The first is the worked case of the page, as numbers and as categories.
SAME: dict[str, Case] = {
    "worked numbers": repeated([1, 2, 3], [500, 300, 200], [160, 140, 100], "numeric"),
    "worked categories": repeated(["1", "2", "3"], [500, 300, 200], [160, 140, 100]),
    "ten integers": drawn(np.arange(10.0), "numeric", 8000, 2000),
    "zero or one": repeated([0, 1], [3200, 800], [700, 300], "numeric"),
    "uniform numbers": Case("numeric", UNIFORM, within(10 + 10 * RANDOM.beta(1.3, 1.1, 2500), UNIFORM)),
    "two values": repeated(["no", "yes"], [3200, 800], [700, 300]),
    "hardly a change": repeated(["a", "b", "c"], [5000, 3000, 2000], [502, 299, 199]),
    "an emptied value": repeated(["a", "b", "c"], [5000, 3000, 2000], [600, 400, 0]),
    # Shares of 1.5 and 1 in 10,000 beside an emptied value: their floor is another one.
    "three rows left": repeated(["a", "b", "c"], [19_800, 100, 100], [19_997, 3, 0]),
    "two rows left": repeated(["a", "b", "c"], [19_800, 100, 100], [19_998, 2, 0]),
} | {
    f"{count} random values": drawn(LETTERS[:count], "categorical", 6000, 1500) for count in (3, 4, 5, 8, 12)
}
SAME["worked categories"].evidently = ("TVD", "default")
SAME["worked numbers"].evidently = SAME["uniform numbers"].evidently = SAME["two values"].evidently = (
    "default",
)
# Numbers as they are, for the distances that need no bins. The last is beyond the 10,000 rows of exact p values.
NUMBERS: dict[str, Case] = {
    "a long tail": Case("numeric", RANDOM.lognormal(3, 1, 3000), RANDOM.lognormal(3.1, 1, 700)),
    "the same distribution": Case("numeric", RANDOM.normal(0, 1, 4000), RANDOM.normal(0, 1, 500)),
    "prices with ties": Case(
        "numeric", np.round(RANDOM.exponential(9, 5000)), np.round(RANDOM.exponential(9.4, 900))
    ),
    "few rows": Case("numeric", RANDOM.normal(0, 1, 600), RANDOM.normal(0.1, 1, 150), ("default",)),
    "many rows": Case("numeric", RANDOM.normal(0, 1, 9000), RANDOM.normal(0.02, 1, 12_000)),
}
PAIRS = list(range(10))
TRAPS: dict[str, Case] = {
    "a constant moves": Case("numeric", np.zeros(1000), np.full(800, 0.4)),
    "nothing but missing values": Case("numeric", RANDOM.normal(0, 1, 1000), np.full(800, nan)),
    "a far outlier": Case(
        "numeric", RANDOM.normal(0, 1, 5000), np.append(RANDOM.normal(1, 1, 999), 1_000_000.0)
    ),
    "neighbours swap": repeated(PAIRS, [400, 1200] * 5, [120, 40] * 5, "numeric"),
    "a small scale": Case("numeric", RANDOM.normal(0, 1e-4, 5000), RANDOM.normal(5e-5, 1e-4, 1000)),
    "one far value in the reference": Case(
        "numeric", np.append(RANDOM.normal(0, 1, 19_999), 1e9), RANDOM.normal(1, 1, 2000)
    ),
    "few rows of many values": Case(
        "categorical", np.repeat(LETTERS, 800), RANDOM.choice(LETTERS, 70), ("default",)
    ),
}
CASES = SAME | NUMBERS | TRAPS
SAME_NUMERIC = [name for name, case in SAME.items() if case.numeric]
SAME_CATEGORICAL = [name for name, case in SAME.items() if not case.numeric]


@dataclass
class Both:
    """What we say, and what they say."""

    project: Project
    answers: dict[str, Any]

    def psi(self, case: str, bins: str = "own") -> dict[str, Any] | None:
        """The row of our macro psi by one binning, or none if it returned none; categories are bins already."""
        bins = bins if CASES[case].numeric else "own"
        rows = "(select * from psi_rows_1 union all select * from psi_rows_2)"
        return self.row(f"select * from {rows} where case_name = '{case}' and bins = '{bins}'")

    def numbers(self, case: str) -> dict[str, Any] | None:
        """The row of our macro numeric_distances."""
        return self.row(f"select * from number_rows where case_name = '{case}'")

    def row(self, sql: str) -> dict[str, Any] | None:
        """The only row of a query, NULL as None."""
        frame = self.project.frame(sql).astype(object)
        assert len(frame) <= 1
        return None if frame.empty else frame.where(frame.notna(), None).iloc[0].to_dict()

    def counts(self, case: str, bins: str) -> tuple[np.ndarray, np.ndarray]:
        """Reference and current rows of each of our kept bins."""
        frame = self.project.frame(
            f"select * from bin_rows where case_name = '{case}' and bins = '{bins}' order by bin"
        )
        assert (frame["bin"] != -99).all(), "a bin was pooled, so the bins are not the same"
        return frame["reference_count"].to_numpy(), frame["current_count"].to_numpy()

    def evidently(self, case: str, method: str) -> float:
        """The drift score of Evidently."""
        return self.answers["cases"][case]["evidently"][method]["value"]

    def nannyml(self, case: str, method: str) -> float:
        """The value of NannyML."""
        return self.answers["cases"][case]["nannyml"][method]["value"]


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Both:
    """The cases through their classes and through our macros, in one build."""
    questions = [
        {
            "name": name,
            "kind": case.kind,
            "reference": case.reference.tolist(),
            "current": case.current.tolist(),
            "evidently": [*EVIDENTLY[case.kind], *case.evidently],
            "nannyml": NANNYML[case.kind],
        }
        for name, case in CASES.items()
    ]
    with ThreadPoolExecutor(1) as pool:
        # Their half minute and ours at once.
        asked = pool.submit(peer_numbers, questions)
        project = build(tmp_path_factory.mktemp("peers") / "project")
        try:
            return Both(project, asked.result())
        except PeersError as error:
            raise pytest.fail.Exception(str(error), pytrace=False) from None


def build(folder: Path) -> Project:
    """A project without monitors that puts the cases through our macros, built."""
    project = Project(folder)
    project.keep_only({})
    project.raw.mkdir(exist_ok=True)
    psi, numbers, bins = [], [], []
    for number, (name, case) in enumerate(CASES.items()):
        binned = case.binned() if name in SAME else {}
        relations = []
        for side, values in enumerate([case.reference, case.current]):
            path = project.raw / f"case_{number}_{side}.parquet"
            columns = {f"bin_{one}": pair[side] for one, pair in binned.items()}
            pd.DataFrame({"x": values, **columns}).to_parquet(path)
            relations.append(f"(select * from read_parquet('{path}'))")
        reference, current = relations

        def row(of: str, inner: str, case_name: str = name) -> str:
            return f"select '{case_name}' as case_name, '{of}' as bins, inner_rows.* from ({inner}) as inner_rows"

        def call(macro: str, column: str, *rest: str, sides: tuple[str, str] = (current, reference)) -> str:
            arguments = ", ".join([f'"{sides[0]}"', f'"{sides[1]}"', f"'{column}'", *rest])
            return f"{{{{ ml_monitor.{macro}({arguments}) }}}}"

        if name not in NUMBERS:
            psi.append(row("own", call("psi", "x", f"kind='{case.kind}'")))
        if case.numeric:
            numbers.append(row("none", call("numeric_distances", "x")))
        for one in binned:
            if case.numeric:
                psi.append(row(one, call("psi", f"bin_{one}", "kind='categorical'")))
            counted = f"""with counted as (
                    select bin_{one} as value, 1 as r, 0 as c from {reference} union all select bin_{one}, 0, 1 from {current}
                ), counts as (
                    select 1 as subject, row_number() over (order by value) as bin, false as is_pooled,
                        sum(r) as reference_count, sum(c) as current_count
                    from counted group by value
                ), {{{{ ml_monitor.distances_from_counts('counts', ['subject']) }}}}
                final as (select bin, reference_count, current_count from psi_bins)
                select * from final"""
            bins.append(row(one, counted))
    # Two halves, one for each thread of dbt.
    halves = {"psi_rows_1": psi[::2], "psi_rows_2": psi[1::2]}
    for model, parts in (halves | {"number_rows": numbers, "bin_rows": bins}).items():
        config = "{{ config(materialized='table') }}\n"
        project.write(f"models/{model}.sql", config + "\nunion all\n".join(parts) + "\n")
    project.dbt("build", check=0)
    return project


# Their formulas where they are not ours, from counts r of the reference and c of the window.


def floored(counts: np.ndarray) -> np.ndarray:
    """Shares as Evidently takes them for PSI and KL: an empty bin gets 0.0001, or a millionth of a smallest share below that."""
    shares = counts / counts.sum()
    smallest = shares[shares > 0].min()
    return np.where(shares == 0, smallest / 1e6 if smallest <= 0.0001 else 0.0001, shares)


def smoothed(counts: np.ndarray) -> np.ndarray:
    """Shares as we take them for PSI: half a row more in each bin."""
    return (counts + 0.5) / (counts + 0.5).sum()


def psi_of(r: np.ndarray, c: np.ndarray, shares: Callable[[np.ndarray], np.ndarray]) -> float:
    p, q = shares(c), shares(r)
    return float(np.sum((p - q) * np.log(p / q)))


def kl_of(r: np.ndarray, c: np.ndarray) -> float:
    """Kullback-Leibler divergence as Evidently has it: of the reference from the window, natural logarithm."""
    p, q = (shares / shares.sum() for shares in (floored(c), floored(r)))
    return float(np.sum(q * np.log(q / p)))


def chi2_of(r: np.ndarray, c: np.ndarray, yates: float = 0.0) -> float:
    """Pearson's statistic of the table of two rows; ``yates`` is what each deviation is lowered by."""
    expected = np.outer([r.sum(), c.sum()], (r + c) / (r + c).sum())
    deviation = np.abs(np.array([r, c]) - expected)
    return float(np.sum((deviation - np.minimum(yates, deviation)) ** 2 / expected))


def goodness_of_fit(r: np.ndarray, c: np.ndarray) -> float:
    """The p value of Evidently's chi-square: the reference is taken for the truth, not for a sample."""
    expected = r * c.sum() / r.sum()
    return float(chi2.sf(np.sum((c - expected) ** 2 / expected), len(r) - 1))


def exactly(value: float) -> Any:
    return pytest.approx(value, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("case", SAME)
def test_psi_differs_from_evidently_by_floor_and_smoothing_alone(both: Both, case: str) -> None:
    r, c = both.counts(case, "evidently")
    assert both.evidently(case, "psi") == exactly(psi_of(r, c, floored))
    ours = both.psi(case, "evidently")
    assert ours["psi"] == exactly(psi_of(r, c, smoothed))
    assert ours["reference_rows"] == len(CASES[case].reference)
    assert ours["current_rows"] == len(CASES[case].current)
    if (c > 0).all():
        # Half a row in a bin is little: without empty bins the two are close.
        assert ours["psi"] == pytest.approx(both.evidently(case, "psi"), rel=0.03, abs=1e-5)
    assert both.evidently(case, "kl_div") == exactly(kl_of(r, c))
    assert both.evidently(case, "psi") == exactly(kl_of(r, c) + kl_of(c, r)) or (c == 0).any()


@pytest.mark.parametrize("case", SAME)
def test_js_distance_is_that_of_both(both: Both, case: str) -> None:
    theirs = "nannyml" if CASES[case].numeric else "evidently"
    assert both.nannyml(case, "jensen_shannon") == exactly(both.psi(case, theirs)["js_distance"])
    # Evidently takes the natural logarithm, so its distance ends at 0.83 and not at 1.
    in_nats = both.psi(case, "evidently")["js_distance"] * sqrt(log(2))
    assert both.evidently(case, "jensenshannon") == exactly(in_nats)
    assert in_nats > 0


@pytest.mark.parametrize("case", SAME)
def test_hellinger_is_that_of_both(both: Both, case: str) -> None:
    numeric = CASES[case].numeric
    of_evidently = both.psi(case, "hellinger" if numeric else "evidently")["hellinger"]
    assert both.evidently(case, "hellinger") == exactly(of_evidently)
    of_nannyml = both.psi(case, "nannyml" if numeric else "evidently")["hellinger"]
    assert both.nannyml(case, "hellinger") == exactly(of_nannyml)


@pytest.mark.parametrize("case", SAME_CATEGORICAL)
def test_tv_linf_and_chi2_are_theirs(both: Both, case: str) -> None:
    ours = both.psi(case)
    r, c = both.counts(case, "evidently")
    assert both.evidently(case, "tvd_distance") == exactly(ours["tv"])
    assert both.nannyml(case, "l_infinity") == exactly(ours["linf"])
    assert ours["chi2"] == exactly(chi2_of(r, c))
    # Two values: NannyML lowers each deviation by a half (Yates), and we do not.
    assert both.nannyml(case, "chi2") == exactly(chi2_of(r, c, 0.5 if len(r) == 2 else 0.0))
    assert (both.nannyml(case, "chi2") == exactly(ours["chi2"])) == (len(r) > 2)
    assert both.evidently(case, "chisquare") == pytest.approx(goodness_of_fit(r, c), rel=1e-6, abs=1e-300)
    assert ours["cramers_v"] == exactly(sqrt(ours["chi2"] / (r.sum() + c.sum())))


@pytest.mark.parametrize("case", ["worked numbers", "ten integers", "zero or one"])
def test_our_own_bins_of_few_numbers_are_their_values(both: Both, case: str) -> None:
    own, by_value = both.psi(case), both.psi(case, "evidently")
    assert own["bin_count"] == len(np.unique(CASES[case].reference))
    for name in ("psi", "psi_p_value", "js_distance", "hellinger", "tv", "linf", "chi2", "cramers_v"):
        assert own[name] == exactly(by_value[name]), name


@pytest.mark.parametrize("case", [*SAME_NUMERIC, *NUMBERS])
def test_distances_of_raw_numbers_are_theirs(both: Both, case: str) -> None:
    ours, rows = both.numbers(case), CASES[case]
    m, n = len(rows.reference), len(rows.current)
    assert both.nannyml(case, "kolmogorov_smirnov") == exactly(ours["ks"])
    assert both.nannyml(case, "wasserstein") == exactly(ours["wasserstein"])
    assert both.evidently(case, "wasserstein") == exactly(ours["wasserstein_norm"])
    # One distance, two p values: ours is Kolmogorov's limit; theirs is exact, or nearer to it, and a little smaller.
    assert ours["ks_p_value"] == exactly(kolmogorov(ours["ks"] * sqrt(m * n / (m + n))))
    theirs = both.evidently(case, "ks")
    assert theirs == pytest.approx(ks_2samp(rows.reference, rows.current).pvalue, rel=1e-6)
    assert -1e-9 <= ours["ks_p_value"] - theirs < 0.03


def test_their_default_thresholds(both: Both) -> None:
    cases = both.answers["cases"]
    thresholds = {
        method: answer["threshold"]
        for case in ("worked numbers", "worked categories")
        for method, answer in cases[case]["evidently"].items()
        if "threshold" in answer and method != "default"
    }
    p_values = {"ks": 0.05, "chisquare": 0.05, "TVD": 0.1}
    distances = dict.fromkeys(["psi", "jensenshannon", "kl_div", "hellinger", "wasserstein"], 0.1)
    assert thresholds == p_values | distances
    # Mean plus three standard deviations over the chunks of the reference, nothing below.
    methods = {*NANNYML["numeric"], *NANNYML["categorical"]}
    assert both.answers["nannyml_thresholds"] == {method: [None, 3] for method in methods}


def test_what_evidently_picks_by_itself(both: Both) -> None:
    picked = {
        name: both.answers["cases"][name]["evidently"]["default"]["method"]
        for name, case in CASES.items()
        if "default" in case.evidently
    }
    # Up to 1,000 rows of reference a test, with few values another; beyond that a distance.
    assert picked == {
        "worked numbers": "chi-square p_value",
        "worked categories": "chi-square p_value",
        "few rows": "K-S p_value",
        "two values": "Jensen-Shannon distance",
        "uniform numbers": "Wasserstein distance (normed)",
        "few rows of many values": "Jensen-Shannon distance",
    }


def text(value: float | None) -> str:
    """A number as the page has it; what is left of a 0 by rounding is 0."""
    if value is None:
        return "NULL"
    return "0" if abs(value) < 1e-6 else f"{value:.4g}"


def worked_table(both: Both) -> list[str]:
    """The worked case: our metrics beside theirs."""
    psi, numbers = both.psi("worked categories"), both.numbers("worked numbers")

    def evidently(method: str, case: str = "worked categories") -> str:
        return f"{text(both.evidently(case, method))} (`{method}`)"

    def nannyml(method: str, case: str = "worked categories") -> str:
        return f"{text(both.nannyml(case, method))} (`{method}`)"

    of_numbers = "worked numbers"
    rows = [
        ("psi", psi, evidently("psi"), ""),
        ("js_distance", psi, evidently("jensenshannon"), nannyml("jensen_shannon")),
        ("hellinger", psi, evidently("hellinger"), nannyml("hellinger")),
        ("tv", psi, f"p value {evidently('TVD')}", ""),
        ("linf", psi, "", nannyml("l_infinity")),
        ("chi2", psi, f"p value {evidently('chisquare')}", nannyml("chi2")),
        ("ks", numbers, "", nannyml("kolmogorov_smirnov", of_numbers)),
        ("ks_p_value", numbers, f"p value {evidently('ks', of_numbers)}", ""),
        ("wasserstein", numbers, "", nannyml("wasserstein", of_numbers)),
        ("wasserstein_norm", numbers, evidently("wasserstein", of_numbers), ""),
    ]
    lines = ["| metric | ours | Evidently | NannyML |", "|---|---|---|---|"]
    return lines + [
        f"| `{name}` | {text(row[name])} | {theirs or 'none'} | {others or 'none'} |"
        for name, row, theirs, others in rows
    ]


def traps_table(both: Both) -> list[str]:
    """The traps: what each of the three says."""
    swap, scale, few = "neighbours swap", "a small scale", "few rows of many values"
    moved, outlier, far = "a constant moves", "a far outlier", "one far value in the reference"
    empty, missing = "an emptied value", "nothing but missing values"

    def ours(case: str, *names: str) -> str:
        row = both.psi(case) or {}
        values = (both.numbers(case) or {}) | row if CASES[case].numeric else row
        return ", ".join(f"`{name}` {text(values[name])}" for name in names) if row else "no row"

    def evidently(case: str, *names: str) -> str:
        found = both.answers["cases"][case]["evidently"]
        return ", ".join(
            "raises an error" if "error" in found[one] else f"`{one}` {text(found[one]['value'])}"
            for one in names
        )

    def nannyml(case: str, *names: str) -> str:
        found = both.answers["cases"][case]["nannyml"]
        return ", ".join(f"`{one}` {text(found[one]['value'])}" for one in names)

    rows = [
        (
            moved,
            ours(moved, "psi", "ks", "wasserstein"),
            evidently(moved, "psi"),
            nannyml(moved, "jensen_shannon", "hellinger"),
        ),
        (
            missing,
            ours(missing, "psi"),
            evidently(missing, "psi"),
            f"{nannyml(missing, 'jensen_shannon')}, no alert",
        ),
        (
            outlier,
            ours(outlier, "psi", "hellinger"),
            evidently(outlier, "psi", "hellinger"),
            nannyml(outlier, "hellinger"),
        ),
        (swap, ours(swap, "hellinger"), evidently(swap, "hellinger"), nannyml(swap, "hellinger")),
        (
            scale,
            ours(scale, "wasserstein_norm"),
            evidently(scale, "wasserstein"),
            nannyml(scale, "wasserstein"),
        ),
        (far, ours(far, "psi", "ks"), evidently(far, "psi"), nannyml(far, "kolmogorov_smirnov")),
        (
            few,
            ours(few, "psi", "psi_excess", "psi_noise"),
            evidently(few, "psi", "jensenshannon"),
            nannyml(few, "jensen_shannon"),
        ),
        (empty, ours(empty, "psi"), evidently(empty, "psi"), nannyml(empty, "jensen_shannon")),
        *[
            (left, ours(left, "psi"), evidently(left, "psi"), nannyml(left, "jensen_shannon"))
            for left in ("three rows left", "two rows left")
        ],
    ]
    return ["| case | ours | Evidently | NannyML |", "|---|---|---|---|"] + [
        f"| {' | '.join(row)} |" for row in rows
    ]


def test_what_the_traps_show(both: Both) -> None:
    # One bin around a constant holds the constant that follows it; both are 0 though every value is another.
    assert both.nannyml("a constant moves", "jensen_shannon") == 0
    assert both.nannyml("a constant moves", "hellinger") == 0
    assert both.numbers("a constant moves")["ks"] == 1
    assert both.psi("a constant moves")["psi"] > 10
    # Nothing to measure: NaN is no alert in NannyML, an error in Evidently, no row with us.
    missing = both.answers["cases"]["nothing but missing values"]
    assert np.isnan(missing["nannyml"]["jensen_shannon"]["value"])
    assert not missing["nannyml"]["jensen_shannon"]["alert"]
    assert "empty column" in missing["evidently"]["psi"]["error"]
    assert both.psi("nothing but missing values") is None
    # Bins over both sides: one outlier puts all else into one bin.
    assert both.evidently("a far outlier", "psi") < 0.01 < 0.5 < both.psi("a far outlier")["psi_excess"]
    # Few, wide bins for numbers that are counts.
    assert both.evidently("neighbours swap", "hellinger") < 1e-6
    assert both.psi("neighbours swap")["hellinger"] > 0.2
    # The standard deviation is taken to be at least 0.001.
    assert both.evidently("a small scale", "wasserstein") < 0.1
    assert both.numbers("a small scale")["wasserstein_norm"] == pytest.approx(0.5, abs=0.1)
    # From 10,000 rows on NannyML estimates from equally wide bins.
    far = "one far value in the reference"
    assert both.evidently(far, "psi") < 0.1 < 0.5 < both.psi(far)["psi_excess"]
    assert both.nannyml(far, "kolmogorov_smirnov") < 0.001 < 0.3 < both.numbers(far)["ks"]
    # Without drift, in a small window: beyond their threshold, within our noise.
    few = both.psi("few rows of many values")
    assert both.evidently("few rows of many values", "psi") > 0.1
    assert both.evidently("few rows of many values", "default") > 0.1
    assert few["psi_excess"] < few["psi_noise"]
    # One row less in one bin lowers the floor of another a millionfold.
    three, two = (both.evidently(case, "psi") for case in ("three rows left", "two rows left"))
    assert two > 0.1 > 2 * three
    assert both.psi("two rows left")["psi"] == pytest.approx(both.psi("three rows left")["psi"], rel=0.2)


@pytest.mark.parametrize(("mark", "table"), [("worked case", worked_table), ("traps", traps_table)])
def test_the_tables_of_the_page_are_what_is_measured(
    both: Both, mark: str, table: Callable[[Both], list[str]]
) -> None:
    _, found, _ = PAGE.read_text(encoding="utf-8").split(f"<!-- {mark} -->\n")
    expected = "\n".join(table(both)) + "\n"
    assert found == expected, f"between the marks '{mark}' of {PAGE.name} should be:\n{expected}"


def test_the_page_names_the_versions(both: Both) -> None:
    page = PAGE.read_text(encoding="utf-8")
    for tool, version in both.answers["versions"].items():
        assert f"{tool} {version}" in page.lower()
        assert f"{tool}=={version}\n" in (ROOT / "requirements-peers.txt").read_text(encoding="utf-8")
