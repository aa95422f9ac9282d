"""Runs in the environment of requirements-peers.txt: what Evidently and NannyML say of the cases on stdin, as JSON on stdout.

In:   {"cases": [{"name", "kind": "numeric" or "categorical", "reference": [...], "current": [...],
                  "evidently": [methods], "nannyml": [methods]}]}; NaN is a missing number
Out:  {"versions": {tool: version}, "nannyml_thresholds": {method: [lower, upper]}, in standard deviations,
       "cases": {name: {"evidently": {method: {"value", "threshold", "method"} or {"error"}},
                        "nannyml": {method: {"value", "alert"}}}}}

Both are asked through their public classes (Report with ValueDrift; UnivariateDriftCalculator, all rows in one chunk). The one
exception is the Evidently method ``tvd_distance``: their TVD reports a p value and keeps the distance to itself. The method
``default`` is the one that Evidently picks.
"""

from __future__ import annotations

import json
import logging
import socket
import sys
from typing import Any


def refuse(*_: Any) -> None:
    """In place of a connection: comparing numbers needs none."""
    raise OSError("a connection was refused: nothing here needs a network")


socket.socket.connect = refuse  # type: ignore[method-assign]

import evidently  # noqa: E402
import nannyml  # noqa: E402
import pandas as pd  # noqa: E402
from evidently import DataDefinition, Dataset, Report  # noqa: E402
from evidently.legacy.calculations.stattests.tvd_stattest import _total_variation_distance  # noqa: E402
from evidently.metrics import ValueDrift  # noqa: E402
from nannyml.drift.univariate import UnivariateDriftCalculator  # noqa: E402
from nannyml.drift.univariate.calculator import DEFAULT_THRESHOLDS  # noqa: E402


def of_evidently(
    kind: str, reference: pd.Series, current: pd.Series, methods: list[str]
) -> dict[str, dict[str, Any]]:
    """Drift score, threshold and method of reports on one column, by the name that was asked for."""
    columns = {f"{'numerical' if kind == 'numeric' else kind}_columns": ["x"]}
    asked = [one for one in methods if one != "tvd_distance"]
    found: dict[str, dict[str, Any]] = {}
    if "tvd_distance" in methods:
        found["tvd_distance"] = {"value": float(_total_variation_distance(reference, current))}

    def report(names: list[str]) -> None:
        metrics = [ValueDrift(column="x", method=None if one == "default" else one) for one in names]
        definition = DataDefinition(**columns)
        # Copies, since some of their methods drop values in place.
        sides = [
            Dataset.from_pandas(pd.DataFrame({"x": side.copy()}), data_definition=definition)
            for side in (current, reference)
        ]
        for name, answer in zip(names, Report(metrics).run(*sides).dict()["metrics"], strict=True):
            config = answer["config"]
            found[name] = {
                "value": float(answer["value"]),
                "threshold": config["threshold"],
                "method": config["method"],
            }

    try:
        report(asked)
    except ValueError as error:
        found |= {name: {"error": str(error)} for name in asked}
    return found


def of_nannyml(kind: str, reference: pd.Series, current: pd.Series, methods: list[str]) -> dict[str, Any]:
    """Value and alert of each method for one chunk."""
    if not methods:
        return {}
    if kind == "numeric":
        chosen: dict[str, Any] = {"continuous_methods": methods}
    else:
        chosen = {"categorical_methods": methods, "treat_as_categorical": ["x"]}
    calculator = UnivariateDriftCalculator(column_names=["x"], chunk_number=1, **chosen)
    calculator.fit(pd.DataFrame({"x": reference}))
    frame = calculator.calculate(pd.DataFrame({"x": current})).filter(period="analysis").to_df()["x"]
    return {
        one: {"value": float(frame[one]["value"].iloc[0]), "alert": bool(frame[one]["alert"].iloc[0])}
        for one in methods
    }


def main() -> None:
    """Answer."""
    logging.disable(logging.CRITICAL)
    answers = {}
    for case in json.load(sys.stdin)["cases"]:
        kind = case["kind"]
        dtype = "float64" if kind == "numeric" else "object"
        reference, current = (pd.Series(case[side], dtype=dtype) for side in ("reference", "current"))
        answers[case["name"]] = {
            "evidently": of_evidently(kind, reference, current, case["evidently"]),
            "nannyml": of_nannyml(kind, reference, current, case["nannyml"]),
        }
    thresholds = {
        name: [one.std_lower_multiplier, one.std_upper_multiplier] for name, one in DEFAULT_THRESHOLDS.items()
    }
    versions = {"evidently": evidently.__version__, "nannyml": nannyml.__version__}
    print(json.dumps({"versions": versions, "nannyml_thresholds": thresholds, "cases": answers}))


main()
