"""Runs in the environment of requirements-peers.txt: the windows that Evidently or NannyML call drifted.

    python detection_peers.py evidently|nannyml --rows FILE --start TIME --windows day|hour
        --baseline-days N --features NAMES --judged NUMBERS

The reference is the rows of the first days, as the baseline of ml_monitor is. Evidently: a Report of ValueDrift for
each column, for each later window, with the test and the threshold that it picks by itself. NannyML: the
UnivariateDriftCalculator with its default methods, fitted to the reference by the same windows, whose thresholds are
three standard deviations between windows of the reference. Prints {"version", "windows": [[column, number of the
window since the start, alarm]]} as JSON.
"""

from __future__ import annotations

import argparse
import json
import logging
import socket
from pathlib import Path
from typing import Any

import pandas as pd


def refuse(*_: Any) -> None:
    """In place of a connection: comparing rows needs none."""
    raise OSError("a connection was refused: nothing here needs a network")


socket.socket.connect = refuse  # type: ignore[method-assign]
TIME = "event_time"
LENGTH = {"day": pd.Timedelta(days=1), "hour": pd.Timedelta(hours=1)}


def evidently(rows: pd.DataFrame, first: int, features: list[str]) -> tuple[str, list[tuple[str, int, bool]]]:
    """The columns of each window after the baseline."""
    from evidently import DataDefinition, Dataset, Report, __version__
    from evidently.metrics import ValueDrift

    numbers = [name for name in features if rows[name].dtype != object]
    texts = [name for name in features if name not in numbers]
    definition = DataDefinition(numerical_columns=numbers, categorical_columns=texts)
    # Rows with a gap are left out column by column, which it does itself; a column without any value would be an error.
    reference = Dataset.from_pandas(rows.loc[rows["window"] < first, features], data_definition=definition)
    found = []
    for number, window in rows[rows["window"] >= first].groupby("window"):
        judged = [name for name in features if window[name].notna().any()]
        current = Dataset.from_pandas(window[features].copy(), data_definition=definition)
        report = Report([ValueDrift(column=name) for name in judged]).run(current, reference)
        for name, answer in zip(judged, report.dict()["metrics"], strict=True):
            method, threshold = answer["config"]["method"], answer["config"]["threshold"]
            value = float(answer["value"])
            # Of a test the value is a p value, of a distance the distance.
            alarm = value < threshold if "p_value" in method else value >= threshold
            found.append((name, int(number), bool(alarm)))
    return __version__, found


def nannyml(
    rows: pd.DataFrame, first: int, features: list[str], period: str
) -> tuple[str, list[tuple[str, int, bool]]]:
    """The columns of each window after the baseline."""
    from nannyml import __version__
    from nannyml.drift.univariate import UnivariateDriftCalculator

    calculator = UnivariateDriftCalculator(
        column_names=features, timestamp_column_name=TIME, chunk_period=period
    )
    calculator.fit(rows[rows["window"] < first])
    later = rows[rows["window"] >= first]
    frame = calculator.calculate(later).filter(period="analysis").to_df()
    numbers = sorted(later["window"].unique())
    if len(frame) != len(numbers):
        raise SystemExit(f"{len(frame)} chunks for {len(numbers)} windows")
    methods = {name: frame[name].columns.get_level_values(0)[0] for name in features}
    found = []
    for name in features:
        alerts = frame[name][methods[name]]["alert"]
        found += [(name, int(number), bool(alert)) for number, alert in zip(numbers, alerts, strict=True)]
    return __version__, found


def main() -> None:
    """Read, run one tool, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tool", choices=["evidently", "nannyml"])
    parser.add_argument("--rows", type=Path, required=True)
    parser.add_argument("--start", type=pd.Timestamp, required=True)
    parser.add_argument("--windows", choices=list(LENGTH), required=True)
    parser.add_argument("--baseline-days", type=int, required=True)
    parser.add_argument("--features", nargs="+", required=True)
    parser.add_argument(
        "--judged", nargs="+", type=int, required=True, help="numbers of the windows to judge"
    )
    given = parser.parse_args()
    logging.disable(logging.CRITICAL)
    rows = pd.read_parquet(given.rows, columns=[TIME, *given.features])
    rows["window"] = (rows[TIME] - given.start) // LENGTH[given.windows]
    first = given.baseline_days * (24 if given.windows == "hour" else 1)
    rows = rows[(rows["window"] < first) | rows["window"].isin(given.judged)]
    if given.tool == "evidently":
        version, found = evidently(rows, first, given.features)
    else:
        version, found = nannyml(rows, first, given.features, {"day": "D", "hour": "h"}[given.windows])
    print(json.dumps({"version": version, "windows": found}))


if __name__ == "__main__":
    main()
