"""What a prediction-powered estimate of accuracy would gain where few rows have a label. Decision 0023.

    .venv/bin/python docs/decisions/0023-measure.py

Draws scores, and outcomes with just these probabilities, gives a random part of the rows a label, and prints how often the 99.9 %
intervals cover the true accuracy and how wide they are: Wilson's, over the labelled rows, and that of PPI++ (Angelopoulos,
Duchi and Zrnic 2023), which adds what the score says of the rows without a label.
"""

from __future__ import annotations

import numpy as np

Z = 3.290526731491926
REPLICATES = 5000
# Shapes of a beta distribution of the score.
SCORES = {"most scores near 0 or 1": (0.5, 0.5), "11 % positive": (1, 8)}
SIZES = [(50, 1000), (200, 4000), (500, 5000)]


def chances(random: np.random.Generator, shape: tuple[float, float], rows: int) -> np.ndarray:
    """For each row how likely its prediction, score above a half, is right; to twentieths, as bins of the score would know it."""
    score = random.beta(*shape, size=rows)
    return np.round(np.maximum(score, 1 - score) * 20) / 20


def wilson(share: float, rows: int) -> tuple[float, float]:
    """The interval over the labelled rows."""
    center = (rows * share + Z**2 / 2) / (rows + Z**2)
    half = Z * np.sqrt(rows * share * (1 - share) + Z**2 / 4) / (rows + Z**2)
    return center - half, center + half


def powered(right: np.ndarray, chance: np.ndarray) -> tuple[float, float]:
    """The interval of PPI++; the first rows are those with a label. The variance of a share is that at the center of Wilson's."""
    rows, others = len(right), len(chance) - len(right)
    known, unknown = chance[:rows], chance[rows:]
    covariance = (right * known).mean() - right.mean() * known.mean()
    weight = min(1.0, max(0.0, covariance / (chance.var() * (1 + rows / others))))
    value = right.mean() + weight * (unknown.mean() - known.mean())
    center = sum(wilson(right.mean(), rows)) / 2
    residual = max(0.0, center * (1 - center) - 2 * weight * covariance + weight**2 * known.var())
    half = Z * np.sqrt(residual / rows * (1 + 3.5 / rows) ** 2 + weight**2 * unknown.var() / others)
    return value - half, value + half


def main() -> None:
    """Print a table."""
    random = np.random.default_rng(23)
    print("| scores | labelled | Wilson covers | width | PPI++ covers | width |\n|---|---|---|---|---|---|")
    for name, shape in SCORES.items():
        truth = chances(random, shape, 4_000_000).mean()
        for labelled, rows in SIZES:
            intervals: list[list[tuple[float, float]]] = [[], []]
            for _ in range(REPLICATES):
                chance = chances(random, shape, rows)
                right = (random.random(labelled) < chance[:labelled]).astype(float)
                intervals[0].append(wilson(right.mean(), labelled))
                intervals[1].append(powered(right, chance))
            cells = []
            for bounds in map(np.array, intervals):
                covers = ((bounds[:, 0] <= truth) & (bounds[:, 1] >= truth)).mean()
                cells += [f"{100 * covers:.2f} %", f"{np.median(bounds[:, 1] - bounds[:, 0]):.3f}"]
            print(f"| {name} | {labelled} of {rows:,} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
