"""What the rollup path loses against raw rows, over the distributions of scripts/bench/rollup_accuracy.py.

``measured`` builds its project once. The oracle of these tests counts anew, so the exact values of the script are checked, too.
"""

from __future__ import annotations

import math
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import rollup_accuracy
from conftest import ROOT
from oracle import cells, center_and_scale, edges_of, numeric_counts, psi_of_counts, slots
from rollup_accuracy import CASES, QUANTILES, Measured

PAGE = ROOT / "docs" / "accuracy.md"
NAMES = [case.name for case in CASES]
EXACT = 1e-9
# One value in each cell: nothing is lost.
ONE_VALUE_PER_CELL = ["two_far_spikes", "constant", "constant_that_changes", "flag", "count", "year"]
CONSTANTS = ["constant", "constant_that_changes"]

# ks misses at most the rows of one cell of one slot: 0.0016 where cells are fine. wasserstein was off by 0.0048 at most, in the
# case that is the exception for ks. Both limits leave two to three times that.
KS_LIMIT = 0.005
WASSERSTEIN_LIMIT = 0.01
# A cell is 1/32 of (interquartile range + distance from the median); its mean was never further than 0.025 of the larger of the
# value and the range.
QUANTILE_LIMIT = 0.03
KS_EXCEPTIONS = {
    "log_uniform_low_end": 0.084
}  # a tenth of the rows share a cell, and 8.4 % of all rows move within it
WASSERSTEIN_EXCEPTIONS = {
    "normal_unchanged": 0.03,
    "beyond_the_clip": 1.0,
}  # of a distance that is noise; clipped
CLIPPED = "beyond_the_clip"


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Measured]:
    """The script's own measurement."""
    return rollup_accuracy.measure(tmp_path_factory.mktemp("accuracy") / "built")


def places(one: Measured, values: np.ndarray) -> list[tuple[int, int]]:
    """Slot and cell of values on the grid of a case."""
    center, scale = center_and_scale(one.reference)
    z = np.clip((values - center) / scale, -1e15, 1e15)
    edges = np.unique(edges_of(one.reference, one.case.edges - 1))
    cell = cells(z, 2048 if one.case.edges == 20 else 1024)
    return list(zip(slots(values, edges).tolist(), cell.tolist(), strict=True))


def test_there_are_enough_distributions(measured: dict[str, Measured]) -> None:
    assert len(set(NAMES)) == len(NAMES) >= 20
    assert list(measured) == NAMES
    # They move: in most of them something is to be measured.
    assert sum(one.exact["ks"] > 0.02 for one in measured.values()) >= 20


@pytest.mark.parametrize("name", NAMES)
def test_psi_is_exact(measured: dict[str, Measured], name: str) -> None:
    one = measured[name]
    edges = np.unique(edges_of(one.reference, one.case.edges - 1))
    oracle = psi_of_counts(numeric_counts(one.reference, edges), numeric_counts(one.current, edges)).psi
    if name == "constant":
        assert (one.found["psi"], one.exact["psi"], oracle) == (None, None, None)
    else:
        assert one.found["psi"] == pytest.approx(oracle, abs=EXACT)
        assert one.exact["psi"] == pytest.approx(oracle, abs=EXACT)


@pytest.mark.parametrize("name", NAMES)
def test_ks_misses_at_most_one_cell_of_a_slot(measured: dict[str, Measured], name: str) -> None:
    one = measured[name]
    missed = one.exact["ks"] - one.found["ks"]
    assert -EXACT <= missed <= KS_EXCEPTIONS.get(name, KS_LIMIT)
    # Places where both sides hold one and the same value lose nothing.
    counts = [Counter(places(one, side)) for side in (one.reference, one.current)]
    kinds: dict[tuple[int, int], set[float]] = {}
    for side in (one.reference, one.current):
        for place, value in zip(places(one, side), side.tolist(), strict=True):
            kinds.setdefault(place, set()).add(value)
    shares = [max(count[place] for count in counts) for place, some in kinds.items() if len(some) > 1]
    assert missed <= max(shares, default=0) / len(one.current) + EXACT
    if name in ONE_VALUE_PER_CELL and name not in CONSTANTS:
        assert not shares


def test_a_move_within_a_cell_of_a_slot_is_missed(measured: dict[str, Measured]) -> None:
    one = measured["log_uniform_low_end"]
    assert one.errors["ks"] > 0.05
    assert one.exact["psi"] < 0.01
    # As the page says: an interquartile range near 1e9, and one cell for all below ten million.
    assert 5e8 < center_and_scale(one.reference)[1] < 2e9
    assert len({cell for _, cell in places(one, 10 ** np.linspace(0, 7, 50))}) == 1


def test_a_distance_that_is_noise_is_small(measured: dict[str, Measured]) -> None:
    one = measured["normal_unchanged"]
    assert one.exact["wasserstein_norm"] < 0.02
    assert abs(one.found["wasserstein_norm"] - one.exact["wasserstein_norm"]) < 0.001


@pytest.mark.parametrize("name", NAMES)
def test_wasserstein(measured: dict[str, Measured], name: str) -> None:
    one = measured[name]
    limit = EXACT if name in ONE_VALUE_PER_CELL else WASSERSTEIN_EXCEPTIONS.get(name, WASSERSTEIN_LIMIT)
    assert one.errors["wasserstein"] <= limit
    if one.exact["reference_sd"]:
        assert one.found["wasserstein_norm"] == pytest.approx(
            one.found["wasserstein"] / one.exact["reference_sd"], rel=EXACT
        )
        assert abs(one.found["wasserstein_norm"] - one.exact["wasserstein_norm"]) <= 1.01 * limit * (
            one.exact["wasserstein_norm"] + EXACT
        )
    else:
        assert name in CONSTANTS
        assert one.found["wasserstein_norm"] is None


@pytest.mark.parametrize("name", [name for name in NAMES if name != CLIPPED])
def test_means_and_deviations_are_exact(measured: dict[str, Measured], name: str) -> None:
    one = measured[name]
    unit = max(one.exact["sd"], one.exact["reference_sd"])
    assert abs(one.found["current_mean"] - one.exact["current_mean"]) <= EXACT * unit
    assert one.found["reference_sd"] == pytest.approx(one.exact["reference_sd"], rel=EXACT, abs=1e-300)
    if name in CONSTANTS:
        assert (one.found["mean_shift"], one.exact["mean_shift"]) == (None, None)
    else:
        assert one.errors["mean_shift"] <= EXACT
    if name == "all_outside":
        # Sums have no digits left for a deviation of a millionth of the distance: it is 0, and not noise.
        assert one.found["sd"] == 0
    else:
        assert one.errors["sd"] <= EXACT


@pytest.mark.parametrize("name", NAMES)
def test_quantiles_are_in_the_cell_of_the_exact_ones(measured: dict[str, Measured], name: str) -> None:
    one = measured[name]
    found, exact = (np.array([side[quantile] for quantile in QUANTILES]) for side in (one.found, one.exact))
    np.testing.assert_array_equal(
        exact, [np.quantile(one.current, percent / 100, method="inverted_cdf") for percent in QUANTILES.values()]
    )  # fmt: skip
    assert np.all(np.diff(found) >= 0)
    same = np.abs(found - exact) <= EXACT * np.maximum(np.abs(exact), one.exact["iqr"])
    for near, place, expected in zip(same, places(one, found), places(one, exact), strict=True):
        # Rounding may move a value that is found exactly over the end of its cell.
        assert near or place == expected
    # What a quantile is off in ranks are rows of its cell.
    count = Counter(places(one, one.current))
    largest = max(count[place] for place in places(one, exact))
    assert one.errors["rank"] <= largest / len(one.current)
    if name in ONE_VALUE_PER_CELL:
        assert same.all()
        assert one.errors["rank"] == 0
    if name != CLIPPED:
        assert one.errors["quantiles"] <= QUANTILE_LIMIT


def test_the_last_row_of_a_spike_has_its_rank(measured: dict[str, Measured]) -> None:
    one = measured["two_far_spikes"]
    assert (one.current == 0).mean() == 0.25
    assert one.found["p25"] == pytest.approx(0, abs=1e-6)
    assert one.found["p50"] == pytest.approx(1e6)


def test_what_lies_beyond_the_clip_is_too_small(measured: dict[str, Measured]) -> None:
    one = measured[CLIPPED]
    assert one.found["p99"] < one.exact["p99"] / 1000
    assert one.found["wasserstein"] < one.exact["wasserstein"] / 1000
    below = [quantile for quantile in QUANTILES if quantile != "p99"]
    assert all(
        abs(one.found[name] - one.exact[name]) <= QUANTILE_LIMIT * max(abs(one.exact[name]), one.exact["iqr"])
        for name in below
    )


def test_errors_are_seen(measured: dict[str, Measured]) -> None:
    one = measured["normal"]
    wrong = {key: value + 0.5 for key, value in one.found.items() if isinstance(value, float)}
    errors = rollup_accuracy.errors(one.case, one.current, one.found | wrong, one.exact)
    assert all(error > 0.1 for error in errors.values())
    nothing = rollup_accuracy.errors(one.case, one.current, one.found | {"psi": None, "ks": None}, one.exact)
    assert (nothing["psi"], nothing["ks"]) == (math.inf, math.inf)
    undefined = measured["constant"]
    invented = rollup_accuracy.errors(
        undefined.case, undefined.current, undefined.found | {"psi": 0.0}, undefined.exact
    )
    assert invented["psi"] == math.inf


@pytest.mark.parametrize(
    ("error", "shown"),
    [
        (None, "-"),
        (0.0, "0"),
        (9e-10, "0"),
        (0.0149, "0.01"),
        (0.00012, "0.0001"),
        (9e-5, "9e-05"),
        (1.0, "1"),
        (2e18, "2e+18"),
        (math.inf, "inf"),
    ],
)
def test_one_significant_digit(error: float | None, shown: str) -> None:
    assert rollup_accuracy.text(error) == shown


def test_the_page_has_the_table_of_today(measured: dict[str, Measured], tmp_path: Path) -> None:
    before = PAGE.read_text(encoding="utf-8")
    page = tmp_path / "accuracy.md"
    page.write_text(before, encoding="utf-8")
    rollup_accuracy.write(page, rollup_accuracy.table(measured))
    assert page.read_text(encoding="utf-8") == before, (
        "run scripts/bench/rollup_accuracy.py --write docs/accuracy.md"
    )
    for name in NAMES:
        assert f"\n| {name} |" in before
    page.write_text("no table here\n", encoding="utf-8")
    with pytest.raises(SystemExit, match="lacks the line"):
        rollup_accuracy.write(page, "")
