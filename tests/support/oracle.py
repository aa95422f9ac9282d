"""The statistics of ml_monitor, written again in numpy from docs and STATISTICS.md alone, on raw values.

Nothing here reads a table of ml_monitor: tests compare its tables with these.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from math import log

import numpy as np
import pandas as pd
from scipy.spatial.distance import jensenshannon
from scipy.special import rel_entr
from scipy.stats import chi2, chi2_contingency

REST = "the rest"


def finite(values: np.ndarray | pd.Series) -> np.ndarray:
    """Values that are counted as numbers: neither missing nor infinite, magnitudes up to 1e100."""
    numbers = np.asarray(values, dtype="float64")
    return numbers[np.abs(numbers) <= 1e100]


def edges_of(values: np.ndarray | pd.Series, steps: int = 10) -> np.ndarray:
    """Minimum, quantiles and maximum as real values: the ceil(k n / steps)-th of n sorted values."""
    ordered = np.sort(finite(values))
    ranks = [max(1, -(-k * len(ordered) // steps)) for k in range(steps + 1)]
    return ordered[np.array(ranks) - 1]


def slots(values: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """Position among distinct edges: twice those below, plus one on an edge; below 0 what is no number."""
    numbers = np.asarray(values, dtype="float64")
    below = (edges[None, :] < numbers[:, None]).sum(axis=1)
    equal = (edges[None, :] == numbers[:, None]).any(axis=1)
    slot = 2 * below + equal
    slot = np.where(numbers > 1e100, -4, np.where(numbers < -1e100, -3, slot))
    return np.where(np.isnan(numbers), -2, slot)


def cells(z: np.ndarray, resolution: int = 1024) -> np.ndarray:
    """Cell of a standardised value on the symmetric scale of square roots."""
    root = 1 + np.abs(z)
    for _ in range(5):
        root = np.sqrt(root)
    return (np.sign(z) * np.floor(resolution * (root - 1) + 0.5)).astype("int64")


def center_and_scale(values: np.ndarray | pd.Series) -> tuple[float, float]:
    """Median and interquartile range, with what stands in for a range of 0."""
    quartiles = edges_of(values, 4)
    center, scale = quartiles[2], quartiles[3] - quartiles[1]
    if scale == 0:
        off = np.abs(finite(values) - center)
        off = off[off > 0]
        if len(off):
            scale = edges_of(off, 2)[1]
        else:
            scale = abs(center) or 1.0
    return float(center), float(scale)


@dataclass(frozen=True)
class Psi:
    """PSI with its bins counted, what it is beyond expectation, the noise of that, and the counts of each kept bin."""

    reference_rows: int
    current_rows: int
    bin_count: int
    psi: float | None
    excess: float | None
    noise: float | None
    kept: tuple[tuple[float, float], ...] = ()


def is_beyond_chance(x: float, r: float, n: float, m: float) -> bool:
    """Whether Chernoff's bound of the chance of ``x`` or more of ``x + r`` rows in the window is below exp(-15)."""
    share, expected = x / (x + r), n / (n + m)
    divergence = rel_entr(share, expected) + rel_entr(1 - share, 1 - expected)
    return share > expected and (x + r) * divergence > 15


def pooled_counts(
    reference: Counter, current: Counter, pooled: frozenset = frozenset(), own: Counter | None = None
) -> dict[object, list[float]]:
    """Reference and current count of each kept bin; bins in ``pooled`` always join the rest.

    ``own`` are rows of the window that were taken out of the reference: which bins are kept does not depend on them.
    """
    own = own or Counter()
    m, n, whole = sum(reference.values()), sum(current.values()), sum(reference.values()) + sum(own.values())
    kept: dict[object, list[float]] = {}
    rest = [0.0, 0.0, 0.0]
    for one in set(reference) | set(current):
        r, c, w = reference[one], current[one], reference[one] + own[one]
        if one not in pooled and w >= 50 and n * w >= 5 * whole:
            kept[one] = [r, c]
        else:
            rest = [rest[0] + r, rest[1] + c, rest[2] + w]
    # A small rest is a bin only if chance does not explain its rows.
    if rest[:2] != [0.0, 0.0] and (n * rest[2] >= 5 * whole or is_beyond_chance(rest[1], rest[0], n, m)):
        kept[REST] = rest[:2]
    return kept


def psi_of_counts(
    reference: Counter, current: Counter, pooled: frozenset = frozenset(), own: Counter | None = None
) -> Psi:
    """PSI from counts by bin, after pooling; see pooled_counts."""
    rows = sum(reference.values()), sum(current.values())
    kept = tuple((float(r), float(c)) for r, c in pooled_counts(reference, current, pooled, own).values())
    m, n = (sum(side) for side in zip(*kept, strict=True)) if kept else (0, 0)
    k = len(kept) if n else 0
    if k < 2:
        return Psi(*rows, k, None, None, None, kept)
    psi = 0.0
    for r, c in kept:
        q, p = (r + 0.5) / (m + 0.5 * k), (c + 0.5) / (n + 0.5 * k)
        psi += (p - q) * log(p / q)
    unit = 1 / n + 1 / m
    excess = psi - (k - 1) * unit
    noise = (chi2.ppf(0.9995, k - 1) - (k - 1)) * unit
    return Psi(*rows, k, psi, excess, noise, kept)


def min_detectable(expected: Psi, baseline_variation: float, baseline_windows: int, days: int = 1) -> float:
    """The excess that counts as a change: noise, 16 R, and 16 times what chance does not explain of R.

    Of a window of several days R is that of days, over the root of the days, but at least what chance does not explain.
    """
    unit = days / expected.current_rows + 1 / expected.reference_rows
    by_chance = 2 * np.sqrt(2 * (expected.bin_count - 1) / baseline_windows) * unit
    unexplained = max(0.0, baseline_variation - by_chance)
    variation = max(baseline_variation / np.sqrt(days), unexplained)
    return float(expected.noise + 16 * variation + 16 * unexplained)


def other_distances(expected: Psi) -> dict[str, float | None]:
    """The distances beside PSI, by scipy and numpy, over the counts of the kept bins."""
    names = ["psi_p_value", "js_distance", "hellinger", "tv", "linf", "chi2", "cramers_v"]
    if expected.bin_count < 2:
        return dict.fromkeys(names)
    table = np.array(expected.kept).T
    q, p = table / table.sum(axis=1, keepdims=True)
    unit = (1 / table.sum(axis=1)).sum()
    statistic = chi2_contingency(table, correction=False).statistic
    values = [
        chi2.sf(expected.psi / unit, expected.bin_count - 1),
        jensenshannon(p, q, base=2),
        np.sqrt(((np.sqrt(p) - np.sqrt(q)) ** 2).sum() / 2),
        np.abs(p - q).sum() / 2,
        np.abs(p - q).max(),
        statistic,
        np.sqrt(statistic / table.sum()),
    ]
    return {name: float(value) for name, value in zip(names, values, strict=True)}


def numeric_counts(values: np.ndarray | pd.Series, edges: np.ndarray) -> Counter:
    """Numbers by slot."""
    return Counter(slots(finite(values), edges).tolist())


def category_counts(values: pd.Series) -> Counter:
    """Values by category; missing ones are left out."""
    return Counter(values.dropna().astype(str).tolist())


def numeric_psi(reference: np.ndarray | pd.Series, current: np.ndarray | pd.Series) -> Psi:
    """PSI of numbers on raw values, with bins from the reference."""
    edges = np.unique(edges_of(reference))
    return psi_of_counts(numeric_counts(reference, edges), numeric_counts(current, edges))


def categorical_psi(reference: pd.Series, current: pd.Series) -> Psi:
    """PSI of categories on raw values; those that the reference does not have are pooled."""
    r, c = category_counts(reference), category_counts(current)
    return psi_of_counts(r, c, pooled=frozenset(set(c) - set(r)))
