"""Runs in the environment of requirements-peers.txt: how long one of the other tools takes on the rows of bench_drift.py.

    python bench_peers.py evidently|nannyml_day|nannyml_hour --folder F --reference FILES --window FILES --features NAMES

The rows are read first, by pandas from Parquet. Then the clock runs, over the tool's public classes alone: Evidently's
DataDriftPreset with PSI for the window as one; NannyML's UnivariateDriftCalculator with the Jensen-Shannon distance, fitted to
the reference and asked for every day or every hour of the window. Prints seconds and what was found as JSON.
"""

from __future__ import annotations

import argparse
import json
import logging
import socket
import time
from pathlib import Path
from typing import Any

import pandas as pd


def refuse(*_: Any) -> None:
    """In place of a connection: comparing rows needs none."""
    raise OSError("a connection was refused: nothing here needs a network")


socket.socket.connect = refuse  # type: ignore[method-assign]
TIME = "event_time"


def read(folder: Path, names: list[str], columns: list[str]) -> pd.DataFrame:
    """The rows of some files."""
    return pd.concat([pd.read_parquet(folder / name, columns=columns) for name in names], ignore_index=True)


def evidently(reference: pd.DataFrame, window: pd.DataFrame, features: list[str]) -> dict[str, Any]:
    """PSI of each feature in one window."""
    from evidently import DataDefinition, Dataset, Report, __version__
    from evidently.presets import DataDriftPreset

    numbers = [name for name in features if window[name].dtype != object]
    definition = DataDefinition(
        numerical_columns=numbers, categorical_columns=[name for name in features if name not in numbers]
    )
    started = time.perf_counter()
    sides = [Dataset.from_pandas(side, data_definition=definition) for side in (window, reference)]
    found = Report([DataDriftPreset(columns=features, method="psi")]).run(*sides).dict()
    seconds = time.perf_counter() - started
    values = sum(1 for metric in found["metrics"] if isinstance(metric["value"], float))
    return {"version": __version__, "seconds": seconds, "values": values}


def nannyml(
    reference: pd.DataFrame, window: pd.DataFrame, features: list[str], period: str
) -> dict[str, Any]:
    """Jensen-Shannon distance of each feature in each day or hour."""
    from nannyml import __version__
    from nannyml.drift.univariate import UnivariateDriftCalculator

    started = time.perf_counter()
    calculator = UnivariateDriftCalculator(
        column_names=features,
        timestamp_column_name=TIME,
        chunk_period=period,
        continuous_methods=["jensen_shannon"],
        categorical_methods=["jensen_shannon"],
    )
    calculator.fit(reference)
    frame = calculator.calculate(window).filter(period="analysis").to_df()
    seconds = time.perf_counter() - started
    values = sum(int(frame[name]["jensen_shannon"]["value"].notna().sum()) for name in features)
    return {"version": __version__, "seconds": seconds, "values": values}


def main() -> None:
    """Read, run one tool, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("task", choices=["evidently", "nannyml_day", "nannyml_hour"])
    parser.add_argument("--folder", type=Path, required=True, help="folder of the Parquet files")
    parser.add_argument("--reference", nargs="+", required=True, help="files of the reference")
    parser.add_argument("--window", nargs="+", required=True, help="files of the window")
    parser.add_argument("--features", nargs="+", required=True)
    arguments = parser.parse_args()
    logging.disable(logging.CRITICAL)
    columns = [TIME, *arguments.features]
    started = time.perf_counter()
    reference = read(arguments.folder, arguments.reference, columns)
    window = read(arguments.folder, arguments.window, columns)
    loading = time.perf_counter() - started
    if arguments.task == "evidently":
        found = evidently(reference, window, arguments.features)
    else:
        period = {"nannyml_day": "D", "nannyml_hour": "h"}[arguments.task]
        found = nannyml(reference, window, arguments.features, period)
    print(json.dumps({"reading_s": loading, "rows": len(reference) + len(window), **found}))


if __name__ == "__main__":
    main()
