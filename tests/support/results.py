"""Questions to the result of a run of dbt that several suites ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Result


def failing_gates(result: Result, monitor: str) -> set[str]:
    """Categories whose gate test of a monitor failed."""
    prefix = f"{monitor}__gate_"
    return {name.removeprefix(prefix) for name in result.failing_tests if name.startswith(prefix)}


def quiet_models(result: Result) -> set[str]:
    """The models of a run that dbt reports as having had nothing to write."""
    return {name for name, status in result.statuses.items() if status == "success"} & {
        result.name(one["unique_id"]) for one in result.run_results if one["message"] == "nothing to write"
    }
