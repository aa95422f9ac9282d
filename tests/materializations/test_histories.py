"""The property that everything leans on: however the raw rows come, the tables equal one full refresh.

``make test`` draws a fixed, small number of histories from a fixed seed. ``make soak`` draws seed after seed for as long as it is
told (``ML_SOAK_MINUTES``, default 30) and prints each; ``ML_SOAK_SEED`` starts at one, which replays it. A history that
fails is printed whole; a soak shrinks it first, by a hundred builds or more.
"""

from __future__ import annotations

import math
import os
import shutil
import time
from pathlib import Path

import pandas as pd
import pytest
from compare import all_differences
from histories import END, START, History, Monitor, histories
from hypothesis import HealthCheck, Phase, given, seed, settings

MINUTES = float(os.environ.get("ML_SOAK_MINUTES", "0"))
FIRST_SEED = int(os.environ.get("ML_SOAK_SEED", "20251121"))
EXAMPLES = 8 if MINUTES else 4


def check(monitor: Monitor, folder: Path, history: History) -> None:
    """Build a history run by run, then once more as a whole, and compare."""
    monitor.start()
    for run in range(len(history.as_of)):
        monitor.run(history, run)
    stepwise = monitor.snapshot(folder)
    monitor.build(END, "--full-refresh")
    found = all_differences(stepwise, monitor.project)
    shutil.rmtree(folder)
    assert found == []


@pytest.fixture(scope="module")
def monitor(tmp_path_factory: pytest.TempPathFactory) -> Monitor:
    """One project for all histories."""
    return Monitor(tmp_path_factory.mktemp("histories") / "project", has_vectors=True)


def test_a_column_without_values_at_first(monitor: Monitor, tmp_path: Path) -> None:
    """No training set has the attributions: their grid is made when one is a number, and all rows are counted."""
    row = {"model_version": "v1", "temp": 21.5, "hits": 7, "country": "de", "score": 0.5, "prediction": 1}
    row |= {"customer_id": 1, "latency_ms": 20.0, "status": "ok"}
    rows = []
    for hour, run, amount in [(1, 0, None), (2, 0, math.nan), (3, 0, math.inf), (80, 1, 12.0), (81, 1, None)]:
        at = START + pd.Timedelta(hours=hour)
        times = {"event_time": at, "ingest_time": at, "features_at": at}
        rows.append((run, row | times | {"prediction_id": f"p{hour}", "amount": amount}))
    check(monitor, tmp_path / "stepwise", History(rows, [], [START + pd.Timedelta(hours=48), END]))
    counted = "select sum(row_count) from tiny__hourly_profile where column_name = 'amount_part' and segment_name = '__all__'"
    assert monitor.project.value(counted) == len(rows)


def test_any_history_equals_a_full_refresh(monitor: Monitor, tmp_path: Path) -> None:
    ends = time.monotonic() + 60 * MINUTES
    number = FIRST_SEED
    while number == FIRST_SEED or time.monotonic() < ends:
        print(f"seed {number}", flush=True)
        examples = settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            print_blob=False,
            phases=[Phase.generate, Phase.shrink] if MINUTES else [Phase.generate],
            suppress_health_check=list(HealthCheck),
        )

        @seed(number)
        @examples
        @given(history=histories())
        def any_history(history: History) -> None:
            check(monitor, tmp_path / "stepwise", history)

        any_history()
        number += 1
