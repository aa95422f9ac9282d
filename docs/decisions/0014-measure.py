"""What counts as a change of a share: on the share itself (before) and on its angle (now). Decision 0014.

    .venv/bin/python docs/decisions/0014-measure.py

Draws daily shares of 2,000 columns, a baseline of 28 days and 90 days after it, and prints the days that
warn under each: beyond five standard deviations, and more than 0.05 (the default policy) above the mean of the baseline.
"""

from __future__ import annotations

import numpy as np

COLUMNS = 2000
BASELINE = 28
DAYS = 90
REACH = 5
WARN = 0.05


def days_that_remember(random: np.random.Generator, memory: float) -> np.ndarray:
    """Standard normal movements of days, each correlated with the day before by ``memory``."""
    noise = random.standard_normal((COLUMNS, BASELINE + DAYS))
    moves = noise.copy()
    for day in range(1, BASELINE + DAYS):
        moves[:, day] = memory * moves[:, day - 1] + np.sqrt(1 - memory**2) * noise[:, day]
    return moves


def drawn_shares(random: np.random.Generator, share: np.ndarray, rows: int) -> np.ndarray:
    """Shares of so many rows a day."""
    return random.binomial(rows, share) / rows


def beyond_on_share(shares: np.ndarray, rows: int) -> np.ndarray:
    """Before: five times the larger of the sd between days and that of sampling, both of the share."""
    center = shares[:, :BASELINE].mean(axis=1, keepdims=True)
    between = shares[:, :BASELINE].std(axis=1, ddof=1, keepdims=True)
    sampling = np.sqrt(np.maximum(center, 1 / rows) * (1 - np.minimum(center, 1 - 1 / (rows + 1))) / rows)
    return np.abs(shares[:, BASELINE:] - center) > REACH * np.maximum(between, sampling)


def beyond_on_angle(shares: np.ndarray, rows: int) -> np.ndarray:
    """Now: the same of asin(sqrt(share)), whose sampling sd is 0.5 / sqrt(n)."""
    angle = np.arcsin(np.sqrt(shares))
    center = angle[:, :BASELINE].mean(axis=1, keepdims=True)
    between = angle[:, :BASELINE].std(axis=1, ddof=1, keepdims=True)
    reach = REACH * np.maximum(between, 0.5 / np.sqrt(rows))
    high = np.sin(np.minimum(np.pi / 2, center + reach)) ** 2
    low = np.sin(np.maximum(0, center - reach)) ** 2
    mean = shares[:, :BASELINE].mean(axis=1, keepdims=True)
    after = shares[:, BASELINE:]
    return np.where(after >= mean, after > high, after < low)


def main() -> None:
    random = np.random.default_rng(14)
    print("| false alarms per 1,000 days | share | angle |\n|---|---|---|")
    for share in (0.0, 0.002, 0.05, 0.5):
        for rows in (1000, 5000):
            shares = drawn_shares(random, np.full((COLUMNS, BASELINE + DAYS), share), rows)
            print_row(f"independent, {100 * share:g} %, {rows:,} rows a day", shares, rows, 1000, 1)
    for memory in (0.0, 0.5, 0.7):
        for middle, spread in ((-4.6, 1.0), (-4.6, 1.5), (-2.2, 0.5), (0.0, 0.5)):
            logit = middle + spread * days_that_remember(random, memory)
            shares = drawn_shares(random, 1 / (1 + np.exp(-logit)), 1000)
            usual = 100 / (1 + np.exp(-middle))
            text = f"days move, {usual:.0f} %, logit sd {spread:g}, remembering {memory:g}, 1,000 rows"
            print_row(text, shares, 1000, 1000, 1)
    print("\n| surges found, % of days | share | angle |\n|---|---|---|")
    for share, more in (
        (0.0, 0.06),
        (0.002, 0.06),
        (0.01, 0.06),
        (0.05, 0.06),
        (0.05, 0.1),
        (0.3, 0.06),
        (0.3, 0.1),
    ):
        for rows in (1000, 5000):
            level = np.full((COLUMNS, BASELINE + DAYS), share)
            level[:, BASELINE:] += more
            text = f"from {100 * share:g} % to {100 * (share + more):g} %, {rows:,} rows a day"
            print_row(text, drawn_shares(random, level, rows), rows, 100, 0)


def print_row(text: str, shares: np.ndarray, rows: int, times: int, digits: int) -> None:
    rises = shares[:, BASELINE:] - shares[:, :BASELINE].mean(axis=1, keepdims=True) > WARN
    before, now = (
        times * (beyond(shares, rows) & rises).mean() for beyond in (beyond_on_share, beyond_on_angle)
    )
    print(f"| {text} | {before:.{digits}f} | {now:.{digits}f} |")


if __name__ == "__main__":
    main()
