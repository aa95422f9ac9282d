"""The tables of 0013-restlessness-counts-twice.md, from drawn days of one column with ten equal bins.

    .venv/bin/python docs/decisions/0013-measure.py

Each row is a kind of traffic: 500 columns, 28 days of baseline and 90 days after it. A day has a mean of its own, in standard
deviations of a row; its rows are drawn into the bins. False alarms are windows with a verdict (16 * restlessness up to 2) whose
excess is above 0.05 and above the smallest that counts under each rule.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.special import ndtr, ndtri
from scipy.stats import chi2

BINS, BASELINE, DAYS, COLUMNS = 10, 28, 118, 500
EDGES = ndtri(np.arange(1, BINS) / BINS)
WARN = 0.05
Rule = Callable[[np.ndarray, np.ndarray], np.ndarray]


def beyond(factor: float) -> Rule:
    """16 R, and 16 times what R is above so many standard deviations of what chance gives."""

    def allowance(restlessness: np.ndarray, unit: np.ndarray) -> np.ndarray:
        by_chance = factor * np.sqrt(2 * (BINS - 1) / BASELINE) * unit
        return 16 * restlessness + 16 * np.maximum(0, restlessness - by_chance)

    return allowance


RULES: dict[str, Rule] = {
    "16 R": lambda restlessness, unit: 16 * restlessness,
    "24 R": lambda restlessness, unit: 24 * restlessness,
    "32 R": lambda restlessness, unit: 32 * restlessness,
    "c = 1 sd": beyond(1),
    "c = 2 sd": beyond(2),
    "c = 3 sd": beyond(3),
}


def moving(random: np.random.Generator, steps: int, memory: float, sd: float) -> np.ndarray:
    """Means that remember: a share of the step before, the rest new; of this standard deviation."""
    values = random.standard_normal((COLUMNS, steps))
    for step in range(1, steps):
        values[:, step] = memory * values[:, step - 1] + np.sqrt(1 - memory**2) * values[:, step]
    return sd * values


def counts_of(random: np.random.Generator, means: np.ndarray, rows: int) -> np.ndarray:
    """Rows by bin of windows whose rows are normal around a mean, of standard deviation 1."""
    below = ndtr(EDGES - means[..., None])
    edge = (*means.shape, 1)
    return random.multinomial(
        rows, np.diff(np.concatenate([np.zeros(edge), below, np.ones(edge)], -1), axis=-1)
    )


def excess_of(counts: np.ndarray, reference: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """PSI less its expectation, and 1/n + 1/m."""
    n, m = counts.sum(-1), reference.sum(-1)
    unit = 1 / n + 1 / m
    p = (counts + 0.5) / (n + 0.5 * BINS)[..., None]
    q = (reference + 0.5) / (m + 0.5 * BINS)[..., None]
    return ((p - q) * np.log(p / q)).sum(-1) - (BINS - 1) * unit, unit


def judged(counts: np.ndarray) -> dict[str, tuple[float, float]]:
    """Of the windows after the baseline: share detected and share warned, by rule; and the share with a verdict."""
    first, later = counts[:, :BASELINE], counts[:, BASELINE:]
    baseline = first.sum(1, keepdims=True)
    restlessness = np.maximum(0, excess_of(first, baseline - first)[0].mean(1, keepdims=True))
    excess, unit = excess_of(later, baseline)
    noise = (chi2.ppf(0.9995, BINS - 1) - (BINS - 1)) * unit
    verdict = np.broadcast_to(16 * restlessness <= 2, excess.shape)
    if not verdict.any():
        return {}
    shares = {"verdict": (float(verdict.mean()), 0.0)}
    for name, allowance in RULES.items():
        detected = excess[verdict] > (noise + allowance(restlessness, unit))[verdict]
        shares[name] = (float(detected.mean()), float((detected & (excess[verdict] > WARN)).mean()))
    return shares


def table(head: str, rows: list[tuple[str, dict[str, tuple[float, float]]]], say: Callable) -> None:
    """Print a table of Markdown."""
    print(f"| {head} | with a verdict | " + " | ".join(RULES) + " |")
    print("|---" * (len(RULES) + 2) + "|")
    for name, shares in rows:
        cells = [f"{shares['verdict'][0]:.0%}", *(say(*shares[rule]) for rule in RULES)]
        print(f"| {name} | " + " | ".join(cells) + " |")
    print()


def main() -> None:
    """Print the tables."""
    random = np.random.default_rng(13)
    calm = np.zeros((COLUMNS, DAYS))
    week = calm + np.array([0, 0, 0, 0, 0, 0.3, 0.3])[np.arange(DAYS) % 7]
    hours = 0.5 * np.sin(2 * np.pi * np.arange(24) / 24)
    by_hour = moving(random, DAYS * 24, 0.97, 0.3).reshape(COLUMNS, DAYS, 24) + hours
    year = np.sin(2 * np.pi * (np.arange(DAYS) / 365 + random.random((COLUMNS, 1))))

    streams = [
        (f"independent, {rows:,} rows a day", counts_of(random, calm, rows)) for rows in (1000, 5000, 50_000)
    ]
    streams.append(("weekends 0.3 sd higher, 5,000", counts_of(random, week, 5000)))
    streams.append(
        ("hours that remember (0.97, 0.3 sd) and a daily wave, 2,400", counts_of(random, by_hour, 100).sum(2))
    )
    for memory in (0.5, 0.7, 0.8, 0.9):
        days = counts_of(random, moving(random, DAYS, memory, 0.2), 5000)
        streams.append((f"days that remember ({memory}, 0.2 sd), 5,000", days))
    weather = moving(random, DAYS, 0.7, 0.3)
    streams.append(("weather without a season (0.7, 0.3 sd), 1,000", counts_of(random, weather, 1000)))
    streams.append(("with a season of 0.3 sd", counts_of(random, weather + 0.3 * year, 1000)))
    table(
        "false alarms per 1,000",
        [(name, judged(counts)) for name, counts in streams],
        lambda detected, warned: f"{1000 * warned:.1f}",
    )

    found = []
    for rows in (500, 1000, 5000, 50_000):
        shifted = calm.copy()
        shifted[:, BASELINE:] = 0.25
        found.append((f"calm, 0.25 sd, {rows:,} rows", judged(counts_of(random, shifted, rows))))
    for sd, shift in [(0.1, 0.25), (0.1, 0.5), (0.1, 0.75), (0.1, 1), (0.2, 0.5), (0.2, 1), (0.2, 1.5)]:
        means = moving(random, DAYS, 0.7, sd)
        means[:, BASELINE:] += shift
        found.append(
            (f"days move by {sd} sd, shift {shift} sd, 5,000", judged(counts_of(random, means, 5000)))
        )
    table(
        "shifts detected / warned, %",
        found,
        lambda detected, warned: f"{100 * detected:.0f} / {100 * warned:.0f}",
    )


if __name__ == "__main__":
    main()
