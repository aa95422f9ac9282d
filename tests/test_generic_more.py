"""Generic tests on volume, segments, clocks, units, leakage and parity, as a few lines of YAML on tables that no pipeline made.

One project holds one model per situation and every test; ``outcomes`` runs them all at once. The day before
``AS_OF`` summer time began in Berlin.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pytest
import yaml
from conftest import Project, Result
from scipy.stats import contingency, mannwhitneyu, spearmanr

AS_OF = "2025-03-31 10:20:00"
NOW = pd.Timestamp(AS_OF)
RANDOM = np.random.default_rng(20250331)
ROWS = 2000


def visits(days: float = 36, per_hour: int = 20) -> pd.DataFrame:
    """Events of two sites: so many rows each hour in Berlin, and twice as many from 8 to 17 o'clock."""
    hours = pd.date_range(NOW.floor("h") - pd.Timedelta(days=days), NOW.floor("h"), freq="h")
    local = hours.tz_localize("UTC").tz_convert("Europe/Berlin")
    counts = np.where((local.hour >= 8) & (local.hour < 18), 2 * per_hour, per_hour)
    times = hours.repeat(counts)
    minutes = np.concatenate([np.linspace(0, 19, count) for count in counts])
    frame = pd.DataFrame({"happened_at": times + pd.to_timedelta(minutes.round(3), unit="m")})
    frame["site"] = np.where(np.arange(len(frame)) % 2 == 0, "north", "south")
    return frame


def hour_of(frame: pd.DataFrame, hours_ago: int) -> pd.Series:
    """Rows of the complete hour that many hours before now."""
    return frame["happened_at"].dt.floor("h") == NOW.floor("h") - pd.Timedelta(hours=hours_ago)


VISITS = visits()
GAP = VISITS[~(hour_of(VISITS, 1) | hour_of(VISITS, 2))]
SOUTH_GAP = VISITS[~(hour_of(VISITS, 1) & (VISITS["site"] == "south"))]
THINNED = VISITS[~(hour_of(VISITS, 3) & (VISITS.groupby(VISITS["happened_at"].dt.floor("h")).cumcount() < 10))]
TRIPLED = pd.concat([VISITS, *[VISITS[hour_of(VISITS, 4)]] * 2], ignore_index=True)
TIMELESS = VISITS.head(500).assign(happened_at=pd.NaT)
HALF_TIMELESS = pd.concat([VISITS[VISITS["site"] == "north"], TIMELESS.assign(site="south")])
SERVICE_LOG = (
    VISITS.assign(counted_at=VISITS["happened_at"].dt.floor("h"))
    .groupby(["counted_at", "site"], as_index=False)
    .agg(served=("happened_at", "size"))
)

STORES = pd.DataFrame(
    {
        "store": np.arange(100),
        "region": np.where(np.arange(100) < 50, "east", "west"),
        "opened": pd.Timestamp("2024-01-01"),
        "closed": [pd.Timestamp("2025-01-01") if store >= 90 else pd.NaT for store in range(100)],
    }
)


def sales(stores: int) -> pd.DataFrame:
    """Rows of the first stores, in the last day."""
    store = np.arange(ROWS) % stores
    return pd.DataFrame(
        {
            "store_id": store,
            "region": np.where(store < 50, "east", "west"),
            "sold_at": NOW - pd.to_timedelta(np.arange(ROWS) % 1440, unit="m"),
        }
    )


ALL_SALES = sales(90)
FEW_STORES = sales(80)
STRANGE_SALES = sales(90)
STRANGE_SALES.loc[STRANGE_SALES.index % 100 == 0, "store_id"] = 1000
CLOSED_SALES = sales(100)
NO_STORE = sales(90).assign(store_id=pd.array([pd.NA] * ROWS, dtype="Int64"))


def customers(count: int) -> pd.DataFrame:
    """A feature table: a skewed amount, a temperature, a share of zeros, a constant, a country, a plan."""
    amount = np.exp(RANDOM.normal(3, 0.8, count)).round(4)
    return pd.DataFrame(
        {
            "amount": amount,
            "celsius": RANDOM.normal(15, 8, count).round(2),
            "returns": np.where(RANDOM.random(count) < 0.8, 0, amount).round(2),
            "one": 1.0,
            "nought": 0.0,
            "country": RANDOM.choice(list("abcdefgh"), count, p=[0.4, 0.2, 0.1, 0.1, 0.08, 0.06, 0.05, 0.01]),
            "plan": np.where(np.arange(count) % 2 == 0, "basic", "plus"),
        }
    )


TRAINING = customers(5000)
HEALTHY = customers(ROWS)
MOVED = customers(ROWS)
MOVED["amount"] *= 1.3
MOVED["celsius"] += 6
CENTS = customers(ROWS)
CENTS["amount"] *= 100
CENTS["celsius"] = 1.8 * CENTS["celsius"] + 32
CENTS["one"] = 60.0
PLUS_CENTS = customers(ROWS)
PLUS_CENTS.loc[PLUS_CENTS["plan"] == "plus", "amount"] *= 100
LOST = HEALTHY[~HEALTHY["country"].isin(list("bcdefg"))]
LOST_PLUS = HEALTHY[~((HEALTHY["plan"] == "plus") & (HEALTHY["country"] == "b"))]
VALUELESS = HEALTHY.assign(amount=np.nan, country=pd.Series([None] * ROWS, dtype="string"))


def scored(count: int) -> pd.DataFrame:
    """Predictions with the times of their features, a label, and features that tell it more or less well."""
    label = RANDOM.random(count) < 0.3
    scored_at = NOW - pd.to_timedelta(RANDOM.integers(0, 10000, count), unit="m")
    frame = pd.DataFrame(
        {
            "scored_at": scored_at,
            "profile_at": scored_at - pd.Timedelta(hours=1),
            "basket_at": scored_at - pd.Timedelta(minutes=5),
            "never_at": pd.Series([pd.NaT] * count, dtype="datetime64[us]"),
            "arrived": np.where(label, "yes", "no"),
            "paid": np.exp(RANDOM.normal(0, 1, count)) + label,
            "noise": RANDOM.normal(0, 1, count).round(1),
            "sure": label * 10.0 + RANDOM.random(count),
            "fixed": 5.0,
            "part": RANDOM.choice(["x", "y"], count),
            "city": RANDOM.choice(list("abcdef"), count),
            "status": pd.Series(np.where(label, "done", "open"), dtype="string"),
            "ticket": [f"t{number}" for number in range(count)],
        }
    )
    frame["arrived_flag"] = frame["noise"]
    swapped = RANDOM.random(count) < 0.1
    frame.loc[swapped, "status"] = "late"
    frame.loc[frame.index % 40 == 0, "status"] = None
    frame.loc[frame.index % 20 == 0, "basket_at"] = frame["scored_at"] + pd.Timedelta(minutes=1)
    return frame


SCORED = scored(ROWS)

SERVED = pd.DataFrame(
    {
        "customer": np.arange(ROWS) % 500,
        "served_at": NOW - pd.to_timedelta(np.arange(ROWS) // 500, unit="h"),
        "amount": RANDOM.normal(100, 10, ROWS).round(2),
        "visits": RANDOM.integers(0, 20, ROWS),
        "channel": RANDOM.choice(["web", "shop", "app"], ROWS),
        "nothing": pd.Series([np.nan] * ROWS),
        "plan": np.where(np.arange(ROWS) % 2 == 0, "basic", "plus"),
    }
)
OFFLINE = SERVED.rename(columns={"customer": "id", "served_at": "as_of", "amount": "spent"})
SKEWED = SERVED.copy()
SKEWED.loc[SKEWED.index % 10 == 0, "amount"] += 3
SKEWED.loc[SKEWED.index % 25 == 0, "amount"] = np.nan
SKEWED["channel"] = SKEWED["channel"].replace("app", "APP")
SKEWED.loc[SKEWED.index % 20 == 1, "customer"] += 10000
DOUBLED = pd.concat([OFFLINE, OFFLINE.head(100)], ignore_index=True)


def lagged(minutes: float) -> pd.DataFrame:
    """Rows that arrived so long after their event, about; of two sources."""
    arrived = NOW - pd.to_timedelta(np.arange(ROWS), unit="m")
    lag = minutes + np.abs(RANDOM.normal(0, 2, ROWS)).round(3)
    frame = pd.DataFrame({"happened_at": arrived - pd.to_timedelta(lag, unit="m"), "arrived_at": arrived})
    frame["source"] = np.where(np.arange(ROWS) % 2 == 0, "till", "web")
    return frame


PROMPT = lagged(0)
AHEAD = lagged(-240)
BEHIND = lagged(330)
SLOW = lagged(100)
WEB_AHEAD = PROMPT.copy()
WEB_AHEAD.loc[WEB_AHEAD["source"] == "web", "happened_at"] += pd.Timedelta(hours=2)
NEVER_ARRIVED = PROMPT.assign(arrived_at=pd.NaT)

FRAMES = {
    "visits": VISITS,
    "gap": GAP,
    "south_gap": SOUTH_GAP,
    "thinned": THINNED,
    "tripled": TRIPLED,
    "timeless": TIMELESS,
    "half_timeless": HALF_TIMELESS,
    "young": visits(days=3),
    "sparse": visits(per_hour=2),
    "no_visits": VISITS.head(0),
    "service_log": SERVICE_LOG,
    "no_log": SERVICE_LOG.head(0),
    "stores": STORES,
    "no_stores": STORES.head(0),
    "all_sales": ALL_SALES,
    "few_stores": FEW_STORES,
    "strange_sales": STRANGE_SALES,
    "closed_sales": CLOSED_SALES,
    "no_store": NO_STORE,
    "no_sales": ALL_SALES.head(0),
    "training": TRAINING,
    "healthy": HEALTHY,
    "moved": MOVED,
    "cents": CENTS,
    "plus_cents": PLUS_CENTS,
    "lost": LOST,
    "lost_plus": LOST_PLUS,
    "valueless": VALUELESS,
    "few": CENTS.head(50),
    "nobody": HEALTHY.head(0),
    "scored": SCORED,
    "no_scores": SCORED.head(0),
    "few_scores": SCORED.head(30),
    "served": SERVED,
    "skewed": SKEWED,
    "nobody_served": SERVED.head(0),
    "offline": OFFLINE,
    "doubled": DOUBLED,
    "prompt": PROMPT,
    "ahead": AHEAD,
    "behind": BEHIND,
    "slow": SLOW,
    "web_ahead": WEB_AHEAD,
    "never_arrived": NEVER_ARRIVED,
    "few_ahead": AHEAD.head(20),
    "no_lags": PROMPT.head(0),
}


class Case(NamedTuple):
    """A use of a test, the status it must have, and what its messages must say (a regular expression)."""

    test: str
    model: str
    column: str | None
    arguments: dict[str, Any]
    status: str
    message: str = ""
    where: str | None = None


RATIOS = {"row_ratio_low": 0.9, "row_ratio_high": 1.1, "missing_windows": 0}
BERLIN: dict[str, Any] = {"time_zone": "Europe/Berlin"}
LOG: dict[str, Any] = {
    "time_column": "happened_at",
    "to": "ref('service_log')",
    "to_time_column": "counted_at",
    "count_column": "served",
}
EQUAL = {"fail": {"missing_share": 0, "surplus_share": 0, "unequal_windows": 0}}
REGISTRY: dict[str, Any] = {"column": "store_id", "registry": "ref('stores')", "registry_column": "store"}
ACTIVE = REGISTRY | {"active_from": "opened", "active_until": "closed", "time_column": "sold_at"}
COVERED = {"fail": {"missing_share": 0, "unknown_share": 0}}
TRAINED: dict[str, Any] = {"reference": "ref('training')"}
NO_CHANGE = TRAINED | {"fail": {"unit_changed": 0}}
NONE_LOST = TRAINED | {"fail": {"lost_share": 0}}
TIMES: dict[str, Any] = {"time_column": "scored_at", "feature_times": ["profile_at", "basket_at"]}
LABEL: dict[str, Any] = {"label": "arrived", "columns": ["paid", "noise", "city"], "categorical": ["city"]}
TOLD = {"fail": {"label_association": 0.9}}
KEYS: dict[str, Any] = {"to": "ref('offline')", "keys": {"customer": "id", "served_at": "as_of"}}
PARITY = KEYS | {"columns": {"amount": "spent", "visits": "visits", "channel": "channel"}, "categorical": ["channel"]}
SAME = {"fail": {"joined_rate": 1, "match_rate": 1, "null_difference": 0, "vocabulary_difference": 0, "difference_p95": 0, "difference_max": 0}}
CLOCKS: dict[str, Any] = {"ingest_column": "arrived_at"}
NO_SHIFT = CLOCKS | {"fail": {"shift_hours": 0}}

CASES: dict[str, Case] = {
    # row_volume
    "volume_pass": Case("row_volume", "visits", "happened_at", BERLIN | {"fail": RATIOS}, "pass"),
    "volume_utc": Case("row_volume", "visits", "happened_at", {"fail": RATIOS}, "fail", r"row_ratio_high 2\.0000 is above 1.1"),
    "volume_day": Case("row_volume", "visits", "happened_at", BERLIN | {"grain": "day", "fail": {"row_ratio_low": 0.9}}, "pass"),
    "volume_warn": Case("row_volume", "thinned", "happened_at", BERLIN | {"warn": RATIOS, "fail": {"row_ratio_low": 0.5}}, "warn", r"row_ratio_low 0\.7500 is below 0\.9 \(24 hours judged, lowest 0\.75 at 2025-03-31 07:00:00, highest 1\.00 at "),
    "volume_fail": Case("row_volume", "tripled", "happened_at", BERLIN | {"fail": {"row_ratio_high": 2}}, "fail", r"tripled\.happened_at: row_ratio_high 3\.0000 is above 2"),
    "volume_missing": Case("row_volume", "gap", "happened_at", BERLIN | {"fail": {"missing_windows": 0}}, "fail", r"missing_windows 2\.0000 is above 0"),
    "volume_beyond_lookback": Case("row_volume", "tripled", "happened_at", BERLIN | {"lookback": 3, "fail": RATIOS}, "pass"),
    "volume_group": Case("row_volume", "south_gap", "happened_at", BERLIN | {"group_by": ["site"], "fail": RATIOS, "min_rows": 10}, "fail", r"^south_gap\.happened_at: site south: row_ratio_low 0\.0000"),
    "volume_where": Case("row_volume", "south_gap", "happened_at", BERLIN | {"fail": RATIOS, "min_rows": 10}, "pass", where="site = 'north'"),
    "volume_where_fails": Case("row_volume", "south_gap", "happened_at", BERLIN | {"fail": RATIOS, "min_rows": 10}, "fail", where="site = 'south'"),
    "volume_young": Case("row_volume", "young", "happened_at", BERLIN | {"fail": RATIOS}, "fail", r"could not be computed from \d+ rows \(no earlier week to compare with\)"),
    "volume_sparse": Case("row_volume", "sparse", "happened_at", BERLIN | {"fail": RATIOS}, "warn", r"not evaluated: 4 rows, needs 20 \(0 hours judged\)"),
    "volume_empty": Case("row_volume", "no_visits", "happened_at", BERLIN | {"fail": RATIOS}, "fail", "could not be computed: no rows"),
    "volume_null": Case("row_volume", "timeless", "happened_at", BERLIN | {"fail": RATIOS}, "fail", "could not be computed: no rows with a value"),
    "volume_null_group": Case("row_volume", "half_timeless", "happened_at", BERLIN | {"group_by": ["site"], "fail": RATIOS, "min_rows": 10}, "fail", "site south: row_ratio_low could not be computed"),
    # reconciliation
    "reconcile_pass": Case("reconciliation", "visits", None, LOG | EQUAL, "pass"),
    "reconcile_warn": Case("reconciliation", "thinned", None, LOG | {"warn": {"unequal_windows": 0}, "fail": {"missing_share": 0.1}}, "warn", r"unequal_windows 1\.0000 is above 0"),
    "reconcile_missing": Case("reconciliation", "gap", None, LOG | {"fail": {"missing_share": 0.001}}, "fail", r"gap\.happened_at: missing_share 0\.0\d+ is above 0\.001 \(\d+ rows, expected \d+, 2 of \d+ hours differ, the most at 2025-03-31 08:00:00\)"),
    "reconcile_surplus": Case("reconciliation", "tripled", None, LOG | {"fail": {"surplus_share": 0.001}}, "fail", "surplus_share"),
    "reconcile_day": Case("reconciliation", "tripled", None, LOG | EQUAL | {"grain": "day"}, "pass"),
    "reconcile_group": Case("reconciliation", "south_gap", None, LOG | EQUAL | {"group_by": ["site"]}, "fail", "^south_gap.happened_at: site south: (missing_share|unequal_windows)"),
    "reconcile_where": Case("reconciliation", "visits", None, LOG | EQUAL | {"to_where": "site = 'north'"}, "pass", where="site = 'north'"),
    "reconcile_half": Case("reconciliation", "visits", None, LOG | EQUAL, "fail", "missing_share 0.5", where="site = 'north'"),
    "reconcile_rows": Case("reconciliation", "gap", None, {"time_column": "happened_at", "to": "ref('visits')"} | EQUAL, "fail", "missing_share"),
    "reconcile_empty": Case("reconciliation", "no_visits", None, LOG | EQUAL, "fail", "could not be computed: no rows with a value"),
    "reconcile_no_log": Case("reconciliation", "visits", None, LOG | EQUAL | {"to": "ref('no_log')"}, "fail", "could not be computed: no rows"),
    "reconcile_null": Case("reconciliation", "timeless", None, LOG | {"fail": {"surplus_share": 0}}, "fail", "could not be computed: no rows with a value"),
    "reconcile_few": Case("reconciliation", "gap", None, LOG | {"fail": {"missing_share": 0}, "min_rows": 10**6}, "warn", "not evaluated"),
    # coverage
    "coverage_pass": Case("coverage", "all_sales", None, ACTIVE | COVERED, "pass"),
    "coverage_of_all_times": Case("coverage", "all_sales", None, REGISTRY | COVERED, "fail", r"missing_share 0\.1000 is above 0 \(10 of 100 active entities without rows, such as 90; 0 of 2000 rows unknown\)"),
    "coverage_warn": Case("coverage", "few_stores", None, ACTIVE | {"warn": {"missing_share": 0.1}, "fail": {"missing_share": 0.5}}, "warn", r"missing_share 0\.1111 is above 0\.1"),
    "coverage_unknown": Case("coverage", "strange_sales", None, ACTIVE | {"fail": {"unknown_share": 0.005}}, "fail", r"unknown_share 0\.0100 is above 0\.005"),
    "coverage_closed": Case("coverage", "closed_sales", None, ACTIVE | {"fail": {"unknown_share": 0}}, "fail", r"unknown_share 0\.1000"),
    "coverage_group": Case("coverage", "few_stores", None, ACTIVE | COVERED | {"group_by": ["region"]}, "fail", r"^few_stores\.store_id: region west: missing_share 0\.2500"),
    "coverage_where": Case("coverage", "strange_sales", None, ACTIVE | {"fail": {"unknown_share": 0}}, "pass", where="store_id < 1000"),
    "coverage_empty": Case("coverage", "no_sales", None, ACTIVE | {"fail": {"unknown_share": 0}}, "fail", "could not be computed: no rows"),
    "coverage_no_registry": Case("coverage", "all_sales", None, ACTIVE | {"registry": "ref('no_stores')", "fail": {"missing_share": 0}}, "fail", "could not be computed from 2000 rows"),
    "coverage_null": Case("coverage", "no_store", None, ACTIVE | {"fail": {"unknown_share": 1}}, "fail", "could not be computed: no rows with a value"),
    "coverage_few": Case("coverage", "few_stores", None, ACTIVE | COVERED | {"min_rows": 5000}, "warn", "not evaluated: 2000 rows, needs 5000"),
    # lost_segments
    "lost_pass": Case("lost_segments", "healthy", "country", NONE_LOST, "pass"),
    "lost_warn": Case("lost_segments", "lost", "country", TRAINED | {"warn": {"lost_values": 2}, "fail": {"lost_values": 7}}, "warn", r"lost_values 6\.0000 is above 2 \(b, [cd], [cd], e, f and 1 more; n \d+ / 5000\)"),
    "lost_fail": Case("lost_segments", "lost", "country", TRAINED | {"fail": {"lost_share": 0.2}}, "fail", r"lost\.country: lost_share 0\.\d{4} is above 0\.2"),
    "lost_group": Case("lost_segments", "lost_plus", "country", NONE_LOST | {"group_by": ["plan"]}, "fail", r"^lost_plus\.country: plan plus: lost_share 0\.1"),
    "lost_whole_group": Case("lost_segments", "healthy", "country", NONE_LOST | {"group_by": ["plan"]}, "fail", "^this model.country: plan plus: lost_share could not be computed", where="plan = 'basic'"),
    "lost_where": Case("lost_segments", "lost", "country", NONE_LOST | {"min_expected": 30}, "fail", "lost_share", where="plan = 'basic'"),
    "lost_small_values": Case("lost_segments", "lost", "country", NONE_LOST | {"min_expected": 1000}, "fail", r"could not be computed from \d+ rows \(no value has 1000 expected rows\)"),
    "lost_few": Case("lost_segments", "few", "country", NONE_LOST | {"min_rows": 100}, "warn", "not evaluated: 50 rows, needs 100"),
    "lost_empty": Case("lost_segments", "nobody", "country", NONE_LOST, "fail", "could not be computed: no rows with a value"),
    "lost_null": Case("lost_segments", "valueless", "country", NONE_LOST, "fail", "could not be computed: no rows with a value"),
    "lost_no_reference": Case("lost_segments", "healthy", "country", {"reference": "ref('nobody')", "fail": {"lost_values": 0}}, "fail", "could not be computed"),
    # leakage
    "leak_pass": Case("leakage", "scored", None, TIMES | {"fail": {"late_feature_rate": 0.1}}, "pass"),
    "leak_warn": Case("leakage", "scored", None, TIMES | {"warn": {"late_feature_rate": 0}, "fail": {"late_feature_rate": 0.1}}, "warn", r"^scored\.scored_at: feature basket_at: late_feature_rate 0\.0500 is above 0 \(100 of 2000 rows are after scored_at\)"),
    "leak_fail": Case("leakage", "scored", None, TIMES | {"fail": {"late_feature_rate": 0.01}}, "fail", "feature basket_at: late_feature_rate 0.0500 is above 0.01"),
    "leak_group": Case("leakage", "scored", None, TIMES | {"group_by": ["part"], "fail": {"late_feature_rate": 0.01}}, "fail", "part [xy], feature basket_at: late_feature_rate"),
    "leak_where": Case("leakage", "scored", None, TIMES | {"fail": {"late_feature_rate": 0}}, "pass", where="basket_at < scored_at"),
    "leak_null": Case("leakage", "scored", None, TIMES | {"feature_times": ["never_at"], "fail": {"late_feature_rate": 0}}, "fail", "could not be computed: no rows with a value"),
    "leak_empty": Case("leakage", "no_scores", None, TIMES | {"fail": {"late_feature_rate": 0}}, "fail", "could not be computed: no rows"),
    "leak_few": Case("leakage", "few_scores", None, TIMES | {"fail": {"late_feature_rate": 0}}, "warn", "not evaluated: 30 rows, needs 100"),
    "label_pass": Case("leakage", "scored", None, LABEL | TOLD, "pass"),
    "label_warn": Case("leakage", "scored", None, LABEL | {"warn": {"label_association": 0.3}} | TOLD, "warn", r"^scored\.arrived: feature paid: label_association 0\.\d{4} is above 0\.3 \(n 2000, \d+ values, 2 of the label\)"),
    "label_fail": Case("leakage", "scored", None, LABEL | TOLD | {"columns": ["sure", "status"], "categorical": ["status"], "fail": {"label_association": 0.7}}, "fail", "feature (sure|status): label_association"),
    "label_numeric": Case("leakage", "scored", None, {"label": "paid", "label_kind": "numeric", "columns": ["noise", "paid", "status"], "categorical": ["status"]} | TOLD, "fail", "feature paid: label_association 1.0000 is above 0.9"),
    "label_group": Case("leakage", "scored", None, LABEL | TOLD | {"columns": ["sure"], "categorical": [], "group_by": ["part"]}, "fail", "part [xy], feature sure: label_association 1.0000"),
    "label_constant": Case("leakage", "scored", None, LABEL | TOLD | {"columns": ["fixed"], "categorical": []}, "fail", r"could not be computed from 2000 rows \(n 2000, 1 values, 2 of the label\)"),
    "label_where": Case("leakage", "scored", None, LABEL | TOLD, "fail", "1 of the label", where="arrived = 'yes'"),
    "label_unique": Case("leakage", "scored", None, LABEL | TOLD | {"columns": ["ticket"], "categorical": ["ticket"]}, "fail", "could not be computed"),
    "label_many": Case("leakage", "scored", None, LABEL | TOLD | {"label": "city", "categorical": [], "columns": ["noise"]}, "fail", "6 of the label"),
    "label_name": Case("leakage", "scored", None, LABEL | TOLD | {"columns": ["arrived_flag", "paid"], "categorical": []}, "warn", "^scored.arrived: feature arrived_flag is named like the label arrived$"),
    "label_empty": Case("leakage", "no_scores", None, LABEL | TOLD, "fail", "could not be computed: no rows"),
    # parity
    "parity_pass": Case("parity", "served", None, PARITY | SAME, "pass"),
    "parity_warn": Case("parity", "skewed", None, PARITY | {"warn": {"match_rate": 0.95}, "fail": {"match_rate": 0.5}}, "warn", r"column_name (amount|channel): match_rate 0\.\d{4} is below 0\.95 \(1900 of 2000 rows joined\)"),
    "parity_fail": Case("parity", "skewed", None, PARITY | {"fail": {"difference_p95": 1, "difference_max": 2, "null_difference": 0.01, "vocabulary_difference": 0.1}}, "fail", r"column_name (amount: (difference_max|difference_p95|null_difference)|channel: vocabulary_difference)"),
    "parity_joined": Case("parity", "skewed", None, PARITY | {"fail": {"joined_rate": 0.99}}, "fail", r"^skewed\.customer, served_at: joined_rate 0\.9500 is below 0\.99"),
    "parity_doubled": Case("parity", "served", None, PARITY | {"to": "ref('doubled')", "fail": {"joined_rate": 0.99}}, "fail", r"joined_rate 0\.9500"),
    "parity_group": Case("parity", "skewed", None, KEYS | {"columns": ["visits"], "group_by": ["plan"], "fail": {"joined_rate": 0.95}}, "fail", "plan plus: joined_rate 0.9000"),
    "parity_where": Case("parity", "skewed", None, KEYS | {"columns": {"amount": "spent"}, "fail": {"match_rate": 1}}, "pass", where="amount = round(amount, 2) and customer % 2 = 1"),
    "parity_null": Case("parity", "served", None, KEYS | {"columns": ["nothing"], "fail": {"match_rate": 0.5}}, "fail", "column_name nothing: match_rate could not be computed: no rows with a value"),
    "parity_empty": Case("parity", "nobody_served", None, PARITY | SAME, "fail", "could not be computed: no rows"),
    "parity_alone": Case("parity", "served", None, PARITY | {"keys": {"visits": "id", "served_at": "as_of"}, "to": "ref('nobody_offline')", "fail": {"difference_max": 5}}, "fail", "could not be computed: no rows with a value"),
    "parity_few": Case("parity", "skewed", None, PARITY | {"min_rows": 5000, "fail": {"match_rate": 1}}, "warn", "not evaluated: 1900 rows, needs 5000"),
    # time_zone_shift
    "shift_pass": Case("time_zone_shift", "prompt", "happened_at", NO_SHIFT, "pass"),
    "shift_ahead": Case("time_zone_shift", "ahead", "happened_at", NO_SHIFT, "fail", r"^ahead\.happened_at: shift_hours 4\.0000 is above 0 \(event times are 4\.0 hours ahead of ingest; median lag -238\.\d minutes of 2000 rows\)"),
    "shift_behind": Case("time_zone_shift", "behind", "happened_at", NO_SHIFT, "fail", "event times are 5.5 hours behind ingest"),
    "shift_warn": Case("time_zone_shift", "behind", "happened_at", CLOCKS | {"warn": {"shift_hours": 1}, "fail": {"shift_hours": 6}}, "warn", "shift_hours 5.5000 is above 1"),
    "shift_slow": Case("time_zone_shift", "slow", "happened_at", NO_SHIFT, "pass"),
    "shift_usual": Case("time_zone_shift", "behind", "happened_at", NO_SHIFT | {"usual_lag_minutes": 330}, "pass"),
    "shift_group": Case("time_zone_shift", "web_ahead", "happened_at", NO_SHIFT | {"group_by": ["source"]}, "fail", "^web_ahead.happened_at: source web: shift_hours 2.0000"),
    "shift_where": Case("time_zone_shift", "web_ahead", "happened_at", NO_SHIFT, "pass", where="source = 'till'"),
    "shift_where_fails": Case("time_zone_shift", "web_ahead", "happened_at", NO_SHIFT, "fail", where="source = 'web'"),
    "shift_null": Case("time_zone_shift", "never_arrived", "happened_at", NO_SHIFT, "fail", "could not be computed: no rows with a value"),
    "shift_empty": Case("time_zone_shift", "no_lags", "happened_at", NO_SHIFT, "fail", "could not be computed: no rows"),
    "shift_few": Case("time_zone_shift", "few_ahead", "happened_at", NO_SHIFT, "warn", "not evaluated: 20 rows, needs 30"),
    # unit_change
    "unit_pass": Case("unit_change", "healthy", "amount", NO_CHANGE, "pass"),
    "unit_moved": Case("unit_change", "moved", "amount", NO_CHANGE, "pass"),
    "unit_warmer": Case("unit_change", "moved", "celsius", NO_CHANGE, "pass"),
    "unit_fail": Case("unit_change", "cents", "amount", NO_CHANGE, "fail", r"^cents\.amount: unit_changed 1\.0000 is above 0 \(x 100: median \d+\.\d{4} against \d+\.\d{4}, n 2000 / 5000\)"),
    "unit_warn": Case("unit_change", "cents", "celsius", TRAINED | {"warn": {"unit_changed": 0}}, "warn", r"Celsius to Fahrenheit \(1\.8x \+ 32\)"),
    "unit_back": Case("unit_change", "training", "celsius", {"reference": "ref('cents')", "fail": {"unit_changed": 0}}, "fail", "Fahrenheit to Celsius"),
    "unit_constant": Case("unit_change", "cents", "one", NO_CHANGE, "fail", r"\(x 60: median 60"),
    "unit_same_constant": Case("unit_change", "healthy", "one", NO_CHANGE, "pass"),
    "unit_zeros": Case("unit_change", "healthy", "nought", NO_CHANGE, "fail", "could not be computed from 2000 rows"),
    "unit_mostly_zero": Case("unit_change", "healthy", "returns", NO_CHANGE, "pass"),
    "unit_other_column": Case("unit_change", "cents", "amount", NO_CHANGE | {"reference_column": "celsius"}, "pass"),
    "unit_group": Case("unit_change", "plus_cents", "amount", NO_CHANGE | {"group_by": ["plan"]}, "fail", r"^plus_cents\.amount: plan plus: unit_changed 1\.0000 is above 0 \(x 100"),
    "unit_where": Case("unit_change", "plus_cents", "amount", NO_CHANGE, "fail", r"\(x 100", where="plan = 'plus'"),
    "unit_where_passes": Case("unit_change", "plus_cents", "amount", NO_CHANGE, "pass", where="plan = 'basic'"),
    "unit_few": Case("unit_change", "few", "amount", NO_CHANGE, "warn", "not evaluated: 50 rows, needs 100"),
    "unit_empty": Case("unit_change", "nobody", "amount", NO_CHANGE, "fail", "could not be computed: no rows"),
    "unit_no_reference": Case("unit_change", "healthy", "amount", NO_CHANGE | {"reference": "ref('nobody')"}, "fail", "could not be computed: no rows"),
    "unit_null": Case("unit_change", "valueless", "amount", NO_CHANGE, "fail", "could not be computed: no rows with a value"),
}  # fmt: skip
FRAMES["nobody_offline"] = OFFLINE.head(0)


def model_yaml(cases: dict[str, Case]) -> str:
    """The YAML a user would write for these cases."""
    models: dict[str, dict[str, Any]] = {}
    for name, case in cases.items():
        entry = models.setdefault(case.model, {"name": case.model, "columns": {}, "data_tests": []})
        one: dict[str, Any] = {"name": name, "arguments": case.arguments}
        if case.where:
            one["config"] = {"where": case.where}
        used = {f"ml_monitor.{case.test}": one}
        if case.column:
            column = entry["columns"].setdefault(case.column, {"name": case.column, "data_tests": []})
            column["data_tests"].append(used)
        else:
            entry["data_tests"].append(used)
    listed = [model | {"columns": list(model["columns"].values())} for model in models.values()]
    return yaml.safe_dump({"models": listed}, sort_keys=False)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project with the tables and no monitor."""
    project = Project(tmp_path_factory.mktemp("generic") / "project", as_of=AS_OF)
    project.keep_only({})
    project.remove("models/fleet")
    project.raw.mkdir()
    for name, frame in FRAMES.items():
        path = project.raw / f"{name}.parquet"
        times = frame.select_dtypes("datetime").columns
        frame.astype(dict.fromkeys(times, "datetime64[us]")).to_parquet(path, index=False)
        project.write(f"models/{name}.sql", f"select * from read_parquet('{path}')\n")
    project.write("models/_models.yml", model_yaml(CASES))
    return project


@pytest.fixture(scope="module")
def outcomes(project: Project) -> Result:
    """The result of dbt build with every case; failures are stored as tables."""
    return project.dbt("build", "--store-failures", check=1)


def stored(project: Project, name: str) -> pd.DataFrame:
    """The rows a test found."""
    return project.frame(f"select * from main_dbt_test__audit.{name}")


@pytest.mark.parametrize("name", CASES)
def test_status_and_message(outcomes: Result, project: Project, name: str) -> None:
    assert outcomes.errors == {}
    case = CASES[name]
    messages = stored(project, name)["message"]
    assert outcomes.statuses[name] == case.status, messages.tolist()
    assert messages.notna().all()
    assert any(re.search(case.message, message) for message in messages) or not case.message, messages.tolist()
