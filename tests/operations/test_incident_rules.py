"""The state machine of incidents against one written as a loop, and what must not change as later windows come.

Series are drawn as letters, a window each (models/fleet/_unit_tests.yml has the table of cases by hand). The compiled
SQL of the two views runs on tables of them, without a build.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from fleet_sql import FleetSql

START = pd.Timestamp("2025-01-01")
GRAINS = {"hour": (1, 1), "day": (24, 24), "7_days": (168, 24), "28_days": (672, 24)}
STATES = {"f": 2, "w": 1, "p": 0, "c": 0, "h": None}
OTHER = {
    "ml_incident_failures": 2,
    "ml_incident_failures_of": 4,
    "ml_incident_warnings": 3,
    "ml_incident_warnings_of": 5,
    "ml_incident_for_hours": 36,
    "ml_incident_keep_firing_hours": 48,
    "ml_incident_cool_down_hours": 24,
    "ml_incident_stale_hours": 100,
}
DEFAULTS = dict(zip(OTHER, [1, 1, 2, 3, 0, 24, 72, 672], strict=True))
CASES = [
    # category, metric, subject, grain
    ("freshness", "late_share", "__rows__", "hour"),
    ("volume", "volume_ratio", "__rows__", "day"),
    ("quality", "join_match_rate", "customer", "hour"),
    ("quality", "null_share_change", "amount", "day"),
    ("quality", "null_share_change", "temp", "day"),
    ("drift", "psi", "amount", "day"),
    ("drift", "psi", "amount", "28_days"),
    ("drift", "psi", "temp", "day"),
    ("drift", "output_psi", "score", "day"),
    ("drift", "correlation_change", "amount * score", "day"),
    ("drift", "label_psi", "label", "day"),
    ("performance", "auc_change", "__rows__", "day"),
    ("performance", "auc_change", "__rows__", "28_days"),
]


@dataclass
class Run:
    """A run of findings, as the loop keeps it."""

    first: pd.Timestamp
    opened: pd.Timestamp | None = None
    last_seen: pd.Timestamp | None = None
    resolved: pd.Timestamp | None = None
    windows: int = 0
    failed: int = 0
    flaps: int = 0


@dataclass
class Loop:
    """The state machine, window by window."""

    rules: dict[str, float]
    length: float
    runs: list[Run] = field(default_factory=list)

    def hours(self, first: pd.Timestamp, last: pd.Timestamp) -> float:
        return (last - first) / pd.Timedelta(hours=1)

    def follow(self, windows: list[tuple[pd.Timestamp, str]], newest: pd.Timestamp) -> list[Run]:
        """The runs of a series of (start, letter); a check can be made when its window ends."""
        rule = {name.removeprefix("ml_incident_"): value for name, value in self.rules.items()}
        stale = self.length + rule["stale_hours"]
        recent: list[int] = []
        run, last, began, clear = None, None, None, 0.0
        for start, letter in windows:
            if letter == "n":
                continue
            end = start + pd.Timedelta(hours=self.length)
            if last is not None and self.hours(last, end) > stale:
                self.give_up(run, last, stale)
                run = None
            state = STATES[letter]
            recent.append(state or 0)
            if state == 0:
                clear += self.hours(max(start, last) if last is not None else start, end)
                over = clear > 0 and clear >= rule["keep_firing_hours"]
                if run and run.opened is not None and run.resolved is None and over:
                    run.resolved = end
            elif state:
                over = clear > 0 and clear >= rule["keep_firing_hours"]
                if run is None or clear > rule["keep_firing_hours"] + rule["cool_down_hours"]:
                    run = Run(start)
                    self.runs.append(run)
                    began = start
                elif over:
                    began = start
                    run.flaps += run.opened is not None
                clear, run.resolved = 0.0, None
                failures = recent[-int(rule["failures_of"]) :].count(2)
                findings = sum(one >= 1 for one in recent[-int(rule["warnings_of"]) :])
                is_enough = failures >= rule["failures"] or findings >= rule["warnings"]
                if run.opened is None and is_enough and self.hours(began, end) >= rule["for_hours"]:
                    run.opened = end
                run.last_seen, run.windows = end, run.windows + 1
                run.failed += state == 2
            last = end
        if last is not None and self.hours(last, newest) > stale:
            self.give_up(run, last, stale)
        return [run for run in self.runs if run.opened is not None]

    def give_up(self, run: Run | None, last: pd.Timestamp, stale: float) -> None:
        """A run that nothing was evaluated of for too long is over."""
        if run and run.opened is not None and run.resolved is None:
            run.resolved = last + pd.Timedelta(hours=stale)


def draw(random: np.random.Generator, length: int) -> str:
    """Letters of a series: long quiet times, findings that last, gaps."""
    letters = []
    while len(letters) < length:
        kind = random.choice(
            ["p", "f", "w", "h", "n", "c", "mix", "gap"], p=[0.35, 0.15, 0.15, 0.05, 0.1, 0.05, 0.1, 0.05]
        )
        count = int(random.choice([1, 1, 2, 3, 5, 8]))
        if kind == "mix":
            letters += list(random.choice(list("fwphn"), count))
        else:
            letters += ["n"] * 40 if kind == "gap" else [kind] * count
    return "".join(letters[:length])


def checks_of(series: dict[tuple[str, str, str, str, str], str]) -> pd.DataFrame:
    """Rows of ml_checks: series by (monitor, category, metric, subject, grain)."""
    rows = []
    for (monitor, category, metric, subject, grain), letters in series.items():
        length, step = GRAINS[grain]
        for number, letter in enumerate(letters):
            end = START + pd.Timedelta(hours=step * number + 24)
            status = {"f": "fail", "w": "warn", "p": "pass", "h": "pass"}.get(letter, "not_evaluated")
            reason = {"n": "insufficient_sample", "c": "found_in_shorter_window"}.get(letter)
            value = {"f": 0.6, "w": 0.4, "h": 0.28}.get(letter, 0.1)
            limit = 0.5 if letter == "f" else 0.3
            names_of_series = [monitor, "rate", category, metric, subject, grain, "serving", *["__all__"] * 3]
            times = [end - pd.Timedelta(hours=length), end, end]
            said = [status, reason, value, None, None, limit, f"{number} {letter}", None, "ops"]
            rows.append([*names_of_series, *times, *said])
    names = "monitor policy_id category metric subject window_grain baseline model_version segment_name segment_value"
    names += " window_start window_end available_at status reason value value_low value_high threshold message rows_query owner"
    return pd.DataFrame(rows, columns=names.split()).astype({"value_low": float, "value_high": float})


class Views(FleetSql):
    """ml_incident_findings and ml_incidents, over checks that are given."""

    def __init__(self, folder: Path, **settings: float) -> None:
        super().__init__(folder, ["ml_incident_findings", "ml_incidents"], **settings)
        self.monitors = [f"m{number}" for number in range(40)]
        self.policies = pd.DataFrame({"monitor": self.monitors, "policy_id": "rate", "metric": "null_rate"})
        limits = {"warn_above": 0.3, "fail_above": 0.5, "warn_below": np.nan, "fail_below": np.nan}
        for limit, value in limits.items():
            self.policies[limit] = value

    def judge(self, checks: pd.DataFrame) -> None:
        """Let these be the checks."""
        self.give(ml_checks=checks, ml_policies=self.policies)


@pytest.fixture(scope="module")
def default_views(tmp_path_factory: pytest.TempPathFactory) -> Views:
    return Views(tmp_path_factory.mktemp("incident_rules") / "default")


@pytest.fixture(scope="module")
def other_views(tmp_path_factory: pytest.TempPathFactory) -> Views:
    return Views(tmp_path_factory.mktemp("incident_rules") / "other", **OTHER)


def runs_of_the_loop(
    series: dict[tuple[str, str, str, str, str], str], rules: dict[str, float]
) -> pd.DataFrame:
    newest: dict[str, pd.Timestamp] = {}
    windows: dict[tuple[str, str, str, str, str], list[tuple[pd.Timestamp, str]]] = {}
    for key, letters in series.items():
        length, step = GRAINS[key[4]]
        ends = [START + pd.Timedelta(hours=step * number + 24) for number in range(len(letters))]
        windows[key] = [
            (end - pd.Timedelta(hours=length), letter) for end, letter in zip(ends, letters, strict=True)
        ]
        judged = [end for end, letter in zip(ends, letters, strict=True) if letter not in "nc"]
        newest[key[0]] = max([*judged, newest.get(key[0], START)])
    rows = []
    for key, listed in windows.items():
        for run in Loop(rules, GRAINS[key[4]][0]).follow(listed, newest[key[0]]):
            rows.append(
                [*key, run.first, run.opened, run.last_seen, run.resolved, run.windows, run.failed, run.flaps]
            )
    names = (
        "monitor category metric subject window_grain first_window_start opened_at last_seen_at resolved_at"
    )
    names += " windows failed_windows flaps"
    return pd.DataFrame(rows, columns=names.split())


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("settings", ["default", "other"])
def test_the_sql_does_what_the_loop_does(
    default_views: Views, other_views: Views, settings: str, seed: int
) -> None:
    random = np.random.default_rng(seed)
    views, rules = {"default": (default_views, DEFAULTS), "other": (other_views, OTHER)}[settings]
    series = {}
    for number, monitor in enumerate(views.monitors):
        for grain in GRAINS:
            series[(monitor, "quality", "null_rate", f"c{number}", grain)] = draw(random, 90)
    views.judge(checks_of(series))
    expected = runs_of_the_loop(series, rules)
    found = views.frame(f"select {', '.join(expected.columns)} from ml_incident_findings")
    order = ["monitor", "window_grain", "first_window_start"]
    found, expected = (frame.sort_values(order).reset_index(drop=True) for frame in (found, expected))
    assert len(expected) > 100
    assert expected["flaps"].sum() > 10
    both = found.merge(
        expected, on=["monitor", "window_grain", "first_window_start"], how="outer", suffixes=("", "_loop")
    )
    for column in ["opened_at", "last_seen_at", "resolved_at", "windows", "failed_windows", "flaps"]:
        left, right = both[column], both[f"{column}_loop"]
        wrong = both[~((left == right) | (left.isna() & right.isna()))]
        assert wrong.empty, (column, wrong.iloc[0].to_dict())


def drawn_monitors(seed: int, days: int = 60) -> dict[tuple[str, str, str, str, str], str]:
    """Monitors whose series are mostly quiet, and findings of many of them begin about the same day."""
    random = np.random.default_rng(seed)
    series = {}
    for number in range(40):
        events = random.integers(2, days - 3, 2)
        for case in CASES:
            step = 24 if case[3] == "hour" else 1
            letters = list("p" * days * step)
            for event in events:
                if random.random() < 0.7:
                    at = (event + int(random.integers(0, 2))) * step + int(random.integers(0, step))
                    burst = draw(random, int(random.integers(1, 9)))
                    letters[at : at + len(burst)] = list(burst)
            series[(f"m{number}", *case)] = "".join(letters[: days * step])
    return series


@pytest.mark.parametrize("seed", [11])
def test_each_finding_has_one_cause_and_a_cause_has_none(default_views: Views, seed: int) -> None:
    default_views.judge(checks_of(drawn_monitors(seed)))
    found = default_views.frame("select * from ml_incident_findings")
    incidents = default_views.frame("select * from ml_incidents")
    assert len(incidents) > 100
    assert found["incident_finding_id"].is_unique
    assert set(found["incident_id"]) == set(incidents["incident_id"])
    causes = found[found["is_cause"]]
    assert set(causes["incident_finding_id"]) == set(incidents["incident_id"])
    assert (found["is_cause"] == (found["incident_finding_id"] == found["incident_id"])).all()
    assert (found["is_cause"] == found["explained_by"].isna()).all()
    assert found.merge(causes, on="incident_id").eval("monitor_x == monitor_y").all()
    muted = found[~found["is_cause"]]
    assert len(muted) > 50
    # A failure is never muted by what only warned.
    status = causes.set_index("incident_id")["status"]
    assert not ((muted["status"] == "fail") & (muted["incident_id"].map(status) == "warn")).any()


@pytest.mark.parametrize("seed", [21])
def test_what_opened_stays_as_later_windows_come(default_views: Views, seed: int) -> None:
    """As days go by: each run keeps its id and its time, and hardly an incident is taken over by a cause that is known later."""
    checks = checks_of(drawn_monitors(seed, days=40))
    default_views.judge(checks)
    whole = default_views.frame("select * from ml_incident_findings").set_index("incident_finding_id")
    gone, notified = set(), set()
    for day in range(5, 41, 3):
        now = START + pd.Timedelta(days=day)
        default_views.judge(checks[checks["available_at"] <= now])
        found = default_views.frame("select * from ml_incident_findings").set_index("incident_finding_id")
        assert set(found.index) == set(whole[whole["opened_at"] <= now].index)
        assert (found["opened_at"] == whole.loc[found.index, "opened_at"]).all()
        assert (found["first_window_start"] == whole.loc[found.index, "first_window_start"]).all()
        now_causes = set(found[found["is_cause"]].index)
        gone |= notified - now_causes
        notified |= now_causes
    assert len(notified) > 50
    print(f"{len(gone)} of {len(notified)} incidents were taken over by another one")
    assert len(gone) <= 0.05 * len(notified)
