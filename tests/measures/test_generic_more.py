"""Generic tests on volume, segments, clocks, units, leakage, parity and ranked lists, as YAML on tables that no pipeline made.

One project holds one model per situation and every test; ``outcomes`` runs them all at once. The day before
``AS_OF`` summer time began in Berlin.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml
from conftest import Project, Result
from postgres_server import PostgresServer
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
THINNED = VISITS[
    ~(hour_of(VISITS, 3) & (VISITS.groupby(VISITS["happened_at"].dt.floor("h")).cumcount() < 10))
]
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
        # As 64-bit floats the next number is the same.
        "ticket": 2**53 + 2 * np.arange(ROWS),
    }
)
OFFLINE = SERVED.rename(columns={"customer": "id", "served_at": "as_of", "amount": "spent"})
SKEWED = SERVED.copy()
SKEWED.loc[SKEWED.index % 10 == 0, "amount"] += 3
SKEWED.loc[SKEWED.index % 25 == 0, "amount"] = np.nan
SKEWED["ticket"] += 1
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


def ranked(random: np.random.Generator, noise: float, first_user: int = 0) -> pd.DataFrame:
    """Lists of 25 products for 60 users, by a taste that all share the more the less noise there is."""
    taste = np.random.default_rng(1).normal(size=(80, 25))
    users = np.arange(first_user, first_user + 60)
    score = (taste[users] + noise * random.normal(size=(60, 25))).round(6)
    frame = pd.DataFrame({"customer": users.repeat(25), "sku": np.tile(np.arange(25), 60)})
    frame["score"] = score.ravel()
    frame["place"] = frame.groupby("customer")["score"].rank(ascending=False, method="first").astype(int)
    frame["shop"] = np.where(frame["customer"] % 2 == 0, "north", "south")
    return frame


def tops(frame: pd.DataFrame, k: int) -> dict[int, set[int]]:
    """The k best products of each user."""
    best = frame.dropna(subset=["score"]).sort_values("score", ascending=False).groupby("customer").head(k)
    return {user: set(rows["sku"]) for user, rows in best.groupby("customer")}


LIST_RANDOM = np.random.default_rng(20250401)
LISTS = ranked(LIST_RANDOM, 0)
NEW_LISTS = ranked(LIST_RANDOM, 0.4)
OTHER_USERS = ranked(LIST_RANDOM, 0, 12)
RENAMED = LISTS.rename(columns={"customer": "user_id", "sku": "product", "score": "points"})
# Both models in one table; some scores are missing, one list has items twice, with a worse place the second time.
TWO_MODELS = pd.concat(
    [
        LISTS.assign(model="a", score=LISTS["score"].where(LISTS.index % 50 > 0)),
        NEW_LISTS.assign(model="b"),
        NEW_LISTS[NEW_LISTS["customer"] == 3].assign(model="b", score=-9.0),
    ],
    ignore_index=True,
)
SHORT_LISTS = LISTS[LISTS["place"] <= 4]
SOUTH_MOVED = pd.concat([LISTS[LISTS["shop"] == "north"], NEW_LISTS[NEW_LISTS["shop"] == "south"]])
UNRANKED = LISTS.assign(score=np.nan)

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
    "narrow": SERVED.astype({"amount": "float32"}),
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
    "lists": LISTS,
    "new_lists": NEW_LISTS,
    "other_users": OTHER_USERS,
    "renamed_lists": RENAMED,
    "two_models": TWO_MODELS,
    "short_lists": SHORT_LISTS,
    "south_moved": SOUTH_MOVED,
    "unranked": UNRANKED,
    "few_lists": NEW_LISTS[NEW_LISTS["customer"] < 5],
    "no_lists": LISTS.head(0),
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
PARITY = KEYS | {
    "columns": {"amount": "spent", "visits": "visits", "channel": "channel"},
    "categorical": ["channel"],
}
SAME = {
    "fail": {
        "joined_rate": 1,
        "match_rate": 1,
        "null_difference": 0,
        "vocabulary_difference": 0,
        "difference_p95": 0,
        "difference_max": 0,
    }
}
CLOCKS: dict[str, Any] = {"ingest_column": "arrived_at"}
NO_SHIFT = CLOCKS | {"fail": {"shift_hours": 0}}

LISTED: dict[str, Any] = {"to": "ref('lists')", "list_id": "customer", "item": "sku", "score": "score"}
PLACED = {key: value for key, value in LISTED.items() if key != "score"} | {"rank": "place"}
SAME_TOP = {"fail": {"overlap": 1, "joined_rate": 1}}
HALF_TOP = {"fail": {"overlap": 0.9}}

CASES: dict[str, Case] = {
    # row_volume
    "volume_pass": Case("row_volume", "visits", "happened_at", BERLIN | {"fail": RATIOS}, "pass"),
    "volume_utc": Case(
        "row_volume",
        "visits",
        "happened_at",
        {"fail": RATIOS},
        "fail",
        r"row_ratio_high 2\.0000 is above 1.1",
    ),
    "volume_day": Case(
        "row_volume",
        "visits",
        "happened_at",
        BERLIN | {"grain": "day", "fail": {"row_ratio_low": 0.9}},
        "pass",
    ),
    "volume_day_utc": Case(
        "row_volume", "visits", "happened_at", {"grain": "day", "fail": {"row_ratio_low": 0.99}}, "pass"
    ),
    "volume_day_fails": Case(
        "row_volume",
        "visits",
        "happened_at",
        {"grain": "day", "lookback": 2, "fail": {"row_ratio_low": 1.5}},
        "fail",
        r"row_ratio_low 1\.0000 is below 1\.5 \(2 days judged, lowest 1\.00 at 2025-03-29 00:00:00",
    ),
    "volume_warn": Case(
        "row_volume",
        "thinned",
        "happened_at",
        BERLIN | {"warn": RATIOS, "fail": {"row_ratio_low": 0.5}},
        "warn",
        r"row_ratio_low 0\.7500 is below 0\.9 \(24 hours judged, lowest 0\.75 at 2025-03-31 07:00:00, highest 1\.00 at ",
    ),
    "volume_fail": Case(
        "row_volume",
        "tripled",
        "happened_at",
        BERLIN | {"fail": {"row_ratio_high": 2}},
        "fail",
        r"tripled\.happened_at: row_ratio_high 3\.0000 is above 2",
    ),
    "volume_missing": Case(
        "row_volume",
        "gap",
        "happened_at",
        BERLIN | {"fail": {"missing_windows": 0}},
        "fail",
        r"missing_windows 2\.0000 is above 0",
    ),
    "volume_beyond_lookback": Case(
        "row_volume", "tripled", "happened_at", BERLIN | {"lookback": 3, "fail": RATIOS}, "pass"
    ),
    "volume_group": Case(
        "row_volume",
        "south_gap",
        "happened_at",
        BERLIN | {"group_by": ["site"], "fail": RATIOS, "min_rows": 10},
        "fail",
        r"^south_gap\.happened_at: site south: row_ratio_low 0\.0000",
    ),
    "volume_where": Case(
        "row_volume",
        "south_gap",
        "happened_at",
        BERLIN | {"fail": RATIOS, "min_rows": 10},
        "pass",
        where="site = 'north'",
    ),
    "volume_where_fails": Case(
        "row_volume",
        "south_gap",
        "happened_at",
        BERLIN | {"fail": RATIOS, "min_rows": 10},
        "fail",
        where="site = 'south'",
    ),
    "volume_young": Case(
        "row_volume",
        "young",
        "happened_at",
        BERLIN | {"fail": RATIOS},
        "fail",
        r"could not be computed from \d+ rows \(no earlier week to compare with\)",
    ),
    "volume_sparse": Case(
        "row_volume",
        "sparse",
        "happened_at",
        BERLIN | {"fail": RATIOS},
        "warn",
        r"not evaluated: 4 rows, needs 20 \(0 hours judged\)",
    ),
    "volume_empty": Case(
        "row_volume",
        "no_visits",
        "happened_at",
        BERLIN | {"fail": RATIOS},
        "fail",
        "could not be computed: no rows",
    ),
    "volume_null": Case(
        "row_volume",
        "timeless",
        "happened_at",
        BERLIN | {"fail": RATIOS},
        "fail",
        "could not be computed: no rows with a value",
    ),
    "volume_null_group": Case(
        "row_volume",
        "half_timeless",
        "happened_at",
        BERLIN | {"group_by": ["site"], "fail": RATIOS, "min_rows": 10},
        "fail",
        "site south: row_ratio_low could not be computed",
    ),
    # reconciliation
    "reconcile_pass": Case("reconciliation", "visits", None, LOG | EQUAL, "pass"),
    "reconcile_warn": Case(
        "reconciliation",
        "thinned",
        None,
        LOG | {"warn": {"unequal_windows": 0}, "fail": {"missing_share": 0.1}},
        "warn",
        r"unequal_windows 1\.0000 is above 0",
    ),
    "reconcile_missing": Case(
        "reconciliation",
        "gap",
        None,
        LOG | {"fail": {"missing_share": 0.001}},
        "fail",
        r"gap\.happened_at: missing_share 0\.0\d+ is above 0\.001 "
        r"\(\d+ rows, expected \d+, 2 of \d+ hours differ, the most at 2025-03-31 08:00:00\)",
    ),
    "reconcile_surplus": Case(
        "reconciliation", "tripled", None, LOG | {"fail": {"surplus_share": 0.001}}, "fail", "surplus_share"
    ),
    "reconcile_day": Case("reconciliation", "tripled", None, LOG | EQUAL | {"grain": "day"}, "pass"),
    "reconcile_group": Case(
        "reconciliation",
        "south_gap",
        None,
        LOG | EQUAL | {"group_by": ["site"]},
        "fail",
        "^south_gap.happened_at: site south: (missing_share|unequal_windows)",
    ),
    "reconcile_where": Case(
        "reconciliation",
        "visits",
        None,
        LOG | EQUAL | {"to_where": "site = 'north'"},
        "pass",
        where="site = 'north'",
    ),
    "reconcile_half": Case(
        "reconciliation", "visits", None, LOG | EQUAL, "fail", "missing_share 0.5", where="site = 'north'"
    ),
    "reconcile_rows": Case(
        "reconciliation",
        "gap",
        None,
        {"time_column": "happened_at", "to": "ref('visits')"} | EQUAL,
        "fail",
        "missing_share",
    ),
    "reconcile_empty": Case(
        "reconciliation",
        "no_visits",
        None,
        LOG | EQUAL,
        "fail",
        "could not be computed: no rows with a value",
    ),
    "reconcile_no_log": Case(
        "reconciliation",
        "visits",
        None,
        LOG | EQUAL | {"to": "ref('no_log')"},
        "fail",
        "could not be computed: no rows",
    ),
    "reconcile_null": Case(
        "reconciliation",
        "timeless",
        None,
        LOG | {"fail": {"surplus_share": 0}},
        "fail",
        "could not be computed: no rows with a value",
    ),
    "reconcile_few": Case(
        "reconciliation",
        "gap",
        None,
        LOG | {"fail": {"missing_share": 0}, "min_rows": 10**6},
        "warn",
        "not evaluated",
    ),
    # coverage
    "coverage_pass": Case("coverage", "all_sales", None, ACTIVE | COVERED, "pass"),
    "coverage_of_all_times": Case(
        "coverage",
        "all_sales",
        None,
        REGISTRY | COVERED,
        "fail",
        r"missing_share 0\.1000 is above 0 \(10 of 100 active entities without rows, such as 90; 0 of 2000 rows unknown\)",
    ),
    "coverage_warn": Case(
        "coverage",
        "few_stores",
        None,
        ACTIVE | {"warn": {"missing_share": 0.1}, "fail": {"missing_share": 0.5}},
        "warn",
        r"missing_share 0\.1111 is above 0\.1",
    ),
    "coverage_unknown": Case(
        "coverage",
        "strange_sales",
        None,
        ACTIVE | {"fail": {"unknown_share": 0.005}},
        "fail",
        r"unknown_share 0\.0100 is above 0\.005",
    ),
    "coverage_closed": Case(
        "coverage",
        "closed_sales",
        None,
        ACTIVE | {"fail": {"unknown_share": 0}},
        "fail",
        r"unknown_share 0\.1000",
    ),
    "coverage_group": Case(
        "coverage",
        "few_stores",
        None,
        ACTIVE | COVERED | {"group_by": ["region"]},
        "fail",
        r"^few_stores\.store_id: region west: missing_share 0\.2500",
    ),
    "coverage_where": Case(
        "coverage",
        "strange_sales",
        None,
        ACTIVE | {"fail": {"unknown_share": 0}},
        "pass",
        where="store_id < 1000",
    ),
    "coverage_empty": Case(
        "coverage",
        "no_sales",
        None,
        ACTIVE | {"fail": {"unknown_share": 0}},
        "fail",
        "could not be computed: no rows",
    ),
    "coverage_no_registry": Case(
        "coverage",
        "all_sales",
        None,
        ACTIVE | {"registry": "ref('no_stores')", "fail": {"missing_share": 0}},
        "fail",
        "could not be computed from 2000 rows",
    ),
    "coverage_null": Case(
        "coverage",
        "no_store",
        None,
        ACTIVE | {"fail": {"unknown_share": 1}},
        "fail",
        "could not be computed: no rows with a value",
    ),
    "coverage_few": Case(
        "coverage",
        "few_stores",
        None,
        ACTIVE | COVERED | {"min_rows": 5000},
        "warn",
        "not evaluated: 2000 rows, needs 5000",
    ),
    # lost_segments
    "lost_pass": Case("lost_segments", "healthy", "country", NONE_LOST, "pass"),
    "lost_warn": Case(
        "lost_segments",
        "lost",
        "country",
        TRAINED | {"warn": {"lost_values": 2}, "fail": {"lost_values": 7}},
        "warn",
        r"lost_values 6\.0000 is above 2 \(b, [cd], [cd], e, f and 1 more; n \d+ / 5000\)",
    ),
    "lost_fail": Case(
        "lost_segments",
        "lost",
        "country",
        TRAINED | {"fail": {"lost_share": 0.2}},
        "fail",
        r"lost\.country: lost_share 0\.\d{4} is above 0\.2",
    ),
    "lost_group": Case(
        "lost_segments",
        "lost_plus",
        "country",
        NONE_LOST | {"group_by": ["plan"]},
        "fail",
        r"^lost_plus\.country: plan plus: lost_share 0\.1",
    ),
    "lost_whole_group": Case(
        "lost_segments",
        "healthy",
        "country",
        NONE_LOST | {"group_by": ["plan"]},
        "fail",
        "^healthy.country: plan plus: lost_share could not be computed",
        where="plan = 'basic'",
    ),
    "lost_where": Case(
        "lost_segments",
        "lost",
        "country",
        NONE_LOST | {"min_expected": 30},
        "fail",
        "lost_share",
        where="plan = 'basic'",
    ),
    "lost_small_values": Case(
        "lost_segments",
        "lost",
        "country",
        NONE_LOST | {"min_expected": 1000},
        "fail",
        r"could not be computed from \d+ rows \(no value has 1000 expected rows\)",
    ),
    "lost_few": Case(
        "lost_segments",
        "few",
        "country",
        NONE_LOST | {"min_rows": 100},
        "warn",
        "not evaluated: 50 rows, needs 100",
    ),
    "lost_empty": Case(
        "lost_segments", "nobody", "country", NONE_LOST, "fail", "could not be computed: no rows with a value"
    ),
    "lost_null": Case(
        "lost_segments",
        "valueless",
        "country",
        NONE_LOST,
        "fail",
        "could not be computed: no rows with a value",
    ),
    "lost_no_reference": Case(
        "lost_segments",
        "healthy",
        "country",
        {"reference": "ref('nobody')", "fail": {"lost_values": 0}},
        "fail",
        "could not be computed",
    ),
    # leakage
    "leak_pass": Case("leakage", "scored", None, TIMES | {"fail": {"late_feature_rate": 0.1}}, "pass"),
    "leak_warn": Case(
        "leakage",
        "scored",
        None,
        TIMES | {"warn": {"late_feature_rate": 0}, "fail": {"late_feature_rate": 0.1}},
        "warn",
        r"^scored\.scored_at: feature basket_at: late_feature_rate 0\.0500 is above 0 \(100 of 2000 rows are after scored_at\)",
    ),
    "leak_fail": Case(
        "leakage",
        "scored",
        None,
        TIMES | {"fail": {"late_feature_rate": 0.01}},
        "fail",
        "feature basket_at: late_feature_rate 0.0500 is above 0.01",
    ),
    "leak_group": Case(
        "leakage",
        "scored",
        None,
        TIMES | {"group_by": ["part"], "fail": {"late_feature_rate": 0.01}},
        "fail",
        "part [xy], feature basket_at: late_feature_rate",
    ),
    "leak_where": Case(
        "leakage",
        "scored",
        None,
        TIMES | {"fail": {"late_feature_rate": 0}},
        "pass",
        where="basket_at < scored_at",
    ),
    "leak_null": Case(
        "leakage",
        "scored",
        None,
        TIMES | {"feature_times": ["never_at"], "fail": {"late_feature_rate": 0}},
        "fail",
        "could not be computed: no rows with a value",
    ),
    "leak_empty": Case(
        "leakage",
        "no_scores",
        None,
        TIMES | {"fail": {"late_feature_rate": 0}},
        "fail",
        "could not be computed: no rows",
    ),
    "leak_few": Case(
        "leakage",
        "few_scores",
        None,
        TIMES | {"fail": {"late_feature_rate": 0}},
        "warn",
        "not evaluated: 30 rows, needs 100",
    ),
    "label_pass": Case("leakage", "scored", None, LABEL | TOLD, "pass"),
    "label_warn": Case(
        "leakage",
        "scored",
        None,
        LABEL | {"warn": {"label_association": 0.3}} | TOLD,
        "warn",
        r"^scored\.arrived: feature paid: label_association 0\.\d{4} is above 0\.3 \(n 2000, \d+ values, 2 of the label\)",
    ),
    "label_fail": Case(
        "leakage",
        "scored",
        None,
        LABEL
        | TOLD
        | {"columns": ["sure", "status"], "categorical": ["status"], "fail": {"label_association": 0.7}},
        "fail",
        "feature (sure|status): label_association",
    ),
    "label_numeric": Case(
        "leakage",
        "scored",
        None,
        {
            "label": "paid",
            "label_kind": "numeric",
            "columns": ["noise", "paid", "status"],
            "categorical": ["status"],
        }
        | TOLD,
        "fail",
        "feature paid: label_association 1.0000 is above 0.9",
    ),
    "label_group": Case(
        "leakage",
        "scored",
        None,
        LABEL | TOLD | {"columns": ["sure"], "categorical": [], "group_by": ["part"]},
        "fail",
        "part [xy], feature sure: label_association 1.0000",
    ),
    "label_constant": Case(
        "leakage",
        "scored",
        None,
        LABEL | TOLD | {"columns": ["fixed"], "categorical": []},
        "fail",
        r"could not be computed from 2000 rows \(n 2000, 1 values, 2 of the label\)",
    ),
    "label_where": Case(
        "leakage", "scored", None, LABEL | TOLD, "fail", "1 of the label", where="arrived = 'yes'"
    ),
    "label_unique": Case(
        "leakage",
        "scored",
        None,
        LABEL | TOLD | {"columns": ["ticket"], "categorical": ["ticket"]},
        "fail",
        "could not be computed",
    ),
    "label_many": Case(
        "leakage",
        "scored",
        None,
        LABEL | TOLD | {"label": "city", "categorical": [], "columns": ["noise"]},
        "fail",
        "6 of the label",
    ),
    "label_name": Case(
        "leakage",
        "scored",
        None,
        LABEL | TOLD | {"columns": ["arrived_flag", "paid"], "categorical": []},
        "warn",
        "^scored.arrived: feature arrived_flag is named like the label arrived$",
    ),
    "label_empty": Case("leakage", "no_scores", None, LABEL | TOLD, "fail", "could not be computed: no rows"),
    # parity
    "parity_pass": Case("parity", "served", None, PARITY | SAME, "pass"),
    "parity_32_bits": Case("parity", "narrow", None, PARITY | SAME, "pass"),
    "parity_warn": Case(
        "parity",
        "skewed",
        None,
        PARITY | {"warn": {"match_rate": 0.95}, "fail": {"match_rate": 0.5}},
        "warn",
        r"column_name (amount|channel): match_rate 0\.\d{4} is below 0\.95 \(1900 of 2000 rows joined\)",
    ),
    "parity_fail": Case(
        "parity",
        "skewed",
        None,
        PARITY
        | {
            "fail": {
                "difference_p95": 1,
                "difference_max": 2,
                "null_difference": 0.01,
                "vocabulary_difference": 0.1,
            }
        },
        "fail",
        r"column_name (amount: (difference_max|difference_p95|null_difference)|channel: vocabulary_difference)",
    ),
    "parity_big_numbers": Case(
        "parity",
        "skewed",
        None,
        KEYS | {"columns": ["ticket"], "fail": {"match_rate": 0.5}},
        "fail",
        r"column_name ticket: match_rate 0\.0000 is below 0\.5",
    ),
    "parity_joined": Case(
        "parity",
        "skewed",
        None,
        PARITY | {"fail": {"joined_rate": 0.99}},
        "fail",
        r"^skewed\.customer, served_at: joined_rate 0\.9500 is below 0\.99",
    ),
    "parity_doubled": Case(
        "parity",
        "served",
        None,
        PARITY | {"to": "ref('doubled')", "fail": {"joined_rate": 0.99}},
        "fail",
        r"joined_rate 0\.9500",
    ),
    "parity_group": Case(
        "parity",
        "skewed",
        None,
        KEYS | {"columns": ["visits"], "group_by": ["plan"], "fail": {"joined_rate": 0.95}},
        "fail",
        "plan plus: joined_rate 0.9000",
    ),
    "parity_where": Case(
        "parity",
        "skewed",
        None,
        KEYS | {"columns": {"amount": "spent"}, "fail": {"match_rate": 1}},
        "pass",
        where="customer % 10 <> 0 and customer % 25 <> 0",
    ),
    "parity_null": Case(
        "parity",
        "served",
        None,
        KEYS | {"columns": ["nothing"], "fail": {"match_rate": 0.5}},
        "fail",
        "column_name nothing: match_rate could not be computed: no rows with a value",
    ),
    "parity_empty": Case(
        "parity", "nobody_served", None, PARITY | SAME, "fail", "could not be computed: no rows"
    ),
    "parity_alone": Case(
        "parity",
        "served",
        None,
        PARITY
        | {
            "keys": {"visits": "id", "served_at": "as_of"},
            "to": "ref('nobody_offline')",
            "fail": {"difference_max": 5},
        },
        "fail",
        "could not be computed: no rows with a value",
    ),
    "parity_few": Case(
        "parity",
        "skewed",
        None,
        PARITY | {"min_rows": 5000, "fail": {"match_rate": 1}},
        "warn",
        "not evaluated: 1900 rows, needs 5000",
    ),
    # time_zone_shift
    "shift_pass": Case("time_zone_shift", "prompt", "happened_at", NO_SHIFT, "pass"),
    "shift_ahead": Case(
        "time_zone_shift",
        "ahead",
        "happened_at",
        NO_SHIFT,
        "fail",
        r"^ahead\.happened_at: shift_hours 4\.0000 is above 0 "
        r"\(event times are 4\.0 hours ahead of ingest; median lag -238\.\d minutes of 2000 rows\)",
    ),
    "shift_behind": Case(
        "time_zone_shift",
        "behind",
        "happened_at",
        NO_SHIFT,
        "fail",
        "event times are 5.5 hours behind ingest",
    ),
    "shift_warn": Case(
        "time_zone_shift",
        "behind",
        "happened_at",
        CLOCKS | {"warn": {"shift_hours": 1}, "fail": {"shift_hours": 6}},
        "warn",
        "shift_hours 5.5000 is above 1",
    ),
    "shift_slow": Case("time_zone_shift", "slow", "happened_at", NO_SHIFT, "pass"),
    "shift_usual": Case(
        "time_zone_shift", "behind", "happened_at", NO_SHIFT | {"usual_lag_minutes": 330}, "pass"
    ),
    "shift_group": Case(
        "time_zone_shift",
        "web_ahead",
        "happened_at",
        NO_SHIFT | {"group_by": ["source"]},
        "fail",
        "^web_ahead.happened_at: source web: shift_hours 2.0000",
    ),
    "shift_where": Case(
        "time_zone_shift", "web_ahead", "happened_at", NO_SHIFT, "pass", where="source = 'till'"
    ),
    "shift_where_fails": Case(
        "time_zone_shift", "web_ahead", "happened_at", NO_SHIFT, "fail", where="source = 'web'"
    ),
    "shift_null": Case(
        "time_zone_shift",
        "never_arrived",
        "happened_at",
        NO_SHIFT,
        "fail",
        "could not be computed: no rows with a value",
    ),
    "shift_empty": Case(
        "time_zone_shift", "no_lags", "happened_at", NO_SHIFT, "fail", "could not be computed: no rows"
    ),
    "shift_few": Case(
        "time_zone_shift", "few_ahead", "happened_at", NO_SHIFT, "warn", "not evaluated: 20 rows, needs 30"
    ),
    # unit_change
    "unit_pass": Case("unit_change", "healthy", "amount", NO_CHANGE, "pass"),
    "unit_moved": Case("unit_change", "moved", "amount", NO_CHANGE, "pass"),
    "unit_warmer": Case("unit_change", "moved", "celsius", NO_CHANGE, "pass"),
    "unit_fail": Case(
        "unit_change",
        "cents",
        "amount",
        NO_CHANGE,
        "fail",
        r"^cents\.amount: unit_changed 1\.0000 is above 0 \(x 100: median \d+\.\d{4} against \d+\.\d{4}, n 2000 / 5000\)",
    ),
    "unit_warn": Case(
        "unit_change",
        "cents",
        "celsius",
        TRAINED | {"warn": {"unit_changed": 0}},
        "warn",
        r"Celsius to Fahrenheit \(1\.8x \+ 32\)",
    ),
    "unit_back": Case(
        "unit_change",
        "training",
        "celsius",
        {"reference": "ref('cents')", "fail": {"unit_changed": 0}},
        "fail",
        "Fahrenheit to Celsius",
    ),
    "unit_constant": Case("unit_change", "cents", "one", NO_CHANGE, "fail", r"\(x 60: median 60"),
    "unit_same_constant": Case("unit_change", "healthy", "one", NO_CHANGE, "pass"),
    "unit_zeros": Case(
        "unit_change", "healthy", "nought", NO_CHANGE, "fail", "could not be computed from 2000 rows"
    ),
    "unit_mostly_zero": Case("unit_change", "healthy", "returns", NO_CHANGE, "pass"),
    "unit_other_column": Case(
        "unit_change", "cents", "amount", NO_CHANGE | {"reference_column": "celsius"}, "pass"
    ),
    "unit_group": Case(
        "unit_change",
        "plus_cents",
        "amount",
        NO_CHANGE | {"group_by": ["plan"]},
        "fail",
        r"^plus_cents\.amount: plan plus: unit_changed 1\.0000 is above 0 \(x 100",
    ),
    "unit_whole_group": Case(
        "unit_change",
        "healthy",
        "amount",
        NO_CHANGE | {"group_by": ["plan"]},
        "fail",
        "^healthy.amount: plan plus: unit_changed could not be computed",
        where="plan = 'basic'",
    ),
    "unit_where": Case(
        "unit_change", "plus_cents", "amount", NO_CHANGE, "fail", r"\(x 100", where="plan = 'plus'"
    ),
    "unit_where_passes": Case(
        "unit_change", "plus_cents", "amount", NO_CHANGE, "pass", where="plan = 'basic'"
    ),
    "unit_few": Case("unit_change", "few", "amount", NO_CHANGE, "warn", "not evaluated: 50 rows, needs 100"),
    "unit_empty": Case(
        "unit_change", "nobody", "amount", NO_CHANGE, "fail", "could not be computed: no rows"
    ),
    "unit_no_reference": Case(
        "unit_change",
        "healthy",
        "amount",
        NO_CHANGE | {"reference": "ref('nobody')"},
        "fail",
        "could not be computed: no rows",
    ),
    "unit_null": Case(
        "unit_change", "valueless", "amount", NO_CHANGE, "fail", "could not be computed: no rows with a value"
    ),
    # top_k_overlap
    "top_pass": Case("top_k_overlap", "lists", None, LISTED | SAME_TOP, "pass"),
    "top_rank_passes": Case("top_k_overlap", "lists", None, PLACED | SAME_TOP, "pass"),
    "top_renamed_passes": Case(
        "top_k_overlap",
        "lists",
        None,
        LISTED
        | SAME_TOP
        | {
            "to": "ref('renamed_lists')",
            "to_columns": {"customer": "user_id", "sku": "product", "score": "points"},
        },
        "pass",
    ),
    "top_fail": Case(
        "top_k_overlap",
        "new_lists",
        None,
        LISTED | HALF_TOP,
        "fail",
        r"^new_lists\.customer: overlap 0\.[78]\d+ is below 0\.9 \(top 10 of 60 of 60 lists, lowest 0\.[3-7]0\)",
    ),
    "top_rank_fails": Case("top_k_overlap", "new_lists", None, PLACED | HALF_TOP, "fail", r"overlap 0\.[78]"),
    "top_warn": Case(
        "top_k_overlap",
        "new_lists",
        None,
        LISTED | {"k": 3, "warn": {"overlap": 0.9}, "fail": {"overlap": 0.2}},
        "warn",
        r"overlap 0\.\d+ is below 0\.9 \(top 3 of 60",
    ),
    "top_joined": Case(
        "top_k_overlap",
        "other_users",
        None,
        LISTED | SAME_TOP,
        "fail",
        r"joined_rate 0\.8000 is below 1 \(top 10 of 48 of 60 lists, lowest 1\.00\)",
    ),
    "top_short": Case(
        "top_k_overlap",
        "short_lists",
        None,
        LISTED | {"k": 5} | HALF_TOP,
        "fail",
        r"overlap 0\.8000 is below 0\.9 \(top 5 ",
    ),
    "top_short_both": Case(
        "top_k_overlap", "short_lists", None, LISTED | SAME_TOP | {"to": "ref('short_lists')"}, "pass"
    ),
    "top_where": Case(
        "top_k_overlap",
        "two_models",
        None,
        LISTED | HALF_TOP | {"to": "ref('two_models')", "to_where": "model = 'a'"},
        "fail",
        r"^two_models\.customer: overlap 0\.",
        where="model = 'b'",
    ),
    "top_group": Case(
        "top_k_overlap",
        "south_moved",
        None,
        LISTED | HALF_TOP | {"group_by": "shop"},
        "fail",
        r"^south_moved\.customer: shop south: overlap 0\.",
    ),
    "top_whole_group": Case(
        "top_k_overlap",
        "lists",
        None,
        LISTED | HALF_TOP | {"group_by": ["shop"]},
        "fail",
        "shop south: overlap could not be computed",
        where="shop = 'north'",
    ),
    "top_few": Case(
        "top_k_overlap",
        "few_lists",
        None,
        LISTED | HALF_TOP | {"min_rows": 30},
        "warn",
        "not evaluated: 5 rows, needs 30",
    ),
    "top_empty": Case(
        "top_k_overlap", "no_lists", None, LISTED | HALF_TOP, "fail", "could not be computed: no rows"
    ),
    "top_no_other": Case(
        "top_k_overlap",
        "lists",
        None,
        LISTED | HALF_TOP | {"to": "ref('no_lists')"},
        "fail",
        "overlap could not be computed: no rows",
    ),
    "top_null": Case(
        "top_k_overlap", "unranked", None, LISTED | HALF_TOP, "fail", "could not be computed: no rows"
    ),
}
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
    project.raw.mkdir()
    for name, frame in FRAMES.items():
        path = project.raw / f"{name}.parquet"
        times = frame.select_dtypes("datetime").columns
        frame = frame.astype(dict.fromkeys(times, "datetime64[us]"))
        rows = pa.Table.from_pandas(frame, preserve_index=False)
        # The type that the loader of PostgreSQL knows.
        text = [
            field.with_type(pa.string()) if field.type == pa.large_string() else field
            for field in rows.schema
        ]
        pq.write_table(rows.cast(pa.schema(text)), path)
        table = f"read_parquet('{path}')"
        project.write(
            f"models/{name}.sql",
            f"select * from {{{{ 'raw.{name}' if target.type == 'postgres' else \"{table}\" }}}}\n",
        )
    project.write("models/_models.yml", model_yaml(CASES))
    return project


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project with models of these names, without data: quick to parse."""
    small = Project(tmp_path_factory.mktemp("small") / "project", as_of=AS_OF)
    small.keep_only({})
    small.raw.mkdir()
    for name in FRAMES:
        small.write(f"models/{name}.sql", "select 1 as one\n")
    return small


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
    assert any(re.search(case.message, message) for message in messages) or not case.message, (
        messages.tolist()
    )


def test_volume_numbers(outcomes: Result, project: Project) -> None:
    (row,) = stored(project, "volume_warn").itertuples()
    assert row.value == 30 / 40
    (row,) = stored(project, "volume_fail").itertuples()
    assert row.value == 3
    rows = stored(project, "volume_group")
    assert rows["message"].str.contains("site south").all()
    assert rows.set_index("metric")["value"].to_dict() == {"row_ratio_low": 0, "missing_windows": 1}


def test_reconciliation_numbers(outcomes: Result, project: Project) -> None:
    complete = VISITS["happened_at"] < NOW.floor("h")
    (row,) = stored(project, "reconcile_missing").itertuples()
    assert row.value == pytest.approx(80 / complete.sum(), abs=1e-12)
    (row,) = stored(project, "reconcile_surplus").itertuples()
    assert row.value == pytest.approx(80 / complete.sum(), abs=1e-12)


def test_lost_share_is_the_share_of_the_reference(outcomes: Result, project: Project) -> None:
    (row,) = stored(project, "lost_fail").itertuples()
    lost = TRAINING["country"].isin(list("bcdefg"))
    assert row.value == pytest.approx(lost.mean(), abs=1e-12)
    few = stored(project, "lost_few")
    assert len(few) == 1


def associations(project: Project, name: str) -> dict[str, float]:
    """The association that a test found, by feature."""
    rows = stored(project, name)
    rows = rows[rows["metric"] == "label_association"]
    features = rows["message"].str.extract(r"feature (\w+): label_association")[0]
    return dict(zip(features, rows["value"], strict=True))


def test_association_with_a_binary_label(outcomes: Result, project: Project) -> None:
    label = SCORED["arrived"] == "yes"
    found = associations(project, "label_fail") | associations(project, "label_warn")
    for feature in ("sure", "paid"):
        u = mannwhitneyu(SCORED.loc[label, feature], SCORED.loc[~label, feature]).statistic
        auc = u / (label.sum() * (~label).sum())
        assert found[feature] == pytest.approx(abs(2 * auc - 1), abs=1e-12)
    assert found["sure"] == 1
    # NULL is a category; the correlation ratio of 0 and 1 is Cramer's V.
    table = pd.crosstab(SCORED["status"].fillna("nothing"), label)
    v = contingency.association(table.to_numpy(), method="cramer")
    n, k = len(SCORED), len(table)
    assert found["status"] == pytest.approx(np.sqrt(1 - (n - 1) / (n - k) * (1 - v**2)), abs=1e-12)


def test_association_with_a_numeric_label(outcomes: Result, project: Project) -> None:
    ((feature, value),) = associations(project, "label_numeric").items()
    assert (feature, value) == ("paid", pytest.approx(1, abs=1e-12))
    name = "label_spearman"
    arguments = {"label": "paid", "label_kind": "numeric", "columns": ["noise", "sure"]}
    case = Case("leakage", "scored", None, arguments | {"fail": {"label_association": 0}}, "fail")
    other = project.copy_to(project.folder.with_name("spearman"))
    other.write("models/_models.yml", model_yaml({name: case}))
    other.dbt("test", "--select", name, "--store-failures", check=1)
    found = associations(other, name)
    for feature in ("noise", "sure"):
        rho = spearmanr(SCORED[feature], SCORED["paid"]).statistic
        assert found[feature] == pytest.approx(abs(rho), abs=1e-12)


def test_parity_numbers(outcomes: Result, project: Project) -> None:
    joined = SKEWED["customer"] < 10000
    own, other = SKEWED[joined], SERVED[joined]
    rows = stored(project, "parity_fail")
    values = rows.set_index("metric")["value"].to_dict()
    difference = (own["amount"] - other["amount"]).abs().dropna()
    assert values["difference_max"] == pytest.approx(difference.max(), abs=1e-12)
    assert values["difference_p95"] == pytest.approx(difference.quantile(0.95, "higher"), abs=1e-9)
    assert values["null_difference"] == pytest.approx(own["amount"].isna().mean(), abs=1e-12)
    # APP is nowhere offline, app nowhere online.
    assert values["vocabulary_difference"] == pytest.approx((own["channel"] == "APP").mean(), abs=1e-12)
    match = stored(project, "parity_warn")
    match = dict(zip(match["message"].str.extract(r"column_name (\w+)")[0], match["value"], strict=True))
    assert match["amount"] == pytest.approx((own["amount"] == other["amount"]).mean(), abs=1e-12)
    assert match["channel"] == pytest.approx((own["channel"] != "APP").mean(), abs=1e-12)


def overlap_of(own: pd.DataFrame, other: pd.DataFrame, k: int) -> float:
    """Mean share of common products among the k best of both, over the users of both."""
    one, two = tops(own, k), tops(other, k)
    return np.mean(
        [len(one[user] & two[user]) / max(len(one[user]), len(two[user])) for user in one.keys() & two.keys()]
    )


def test_overlap_numbers(outcomes: Result, project: Project) -> None:
    model_b = TWO_MODELS[TWO_MODELS["model"] == "b"].drop_duplicates(["customer", "sku"])
    south = NEW_LISTS["shop"] == "south"
    expected = {
        "top_fail": overlap_of(NEW_LISTS, LISTS, 10),
        "top_rank_fails": overlap_of(NEW_LISTS, LISTS, 10),
        "top_warn": overlap_of(NEW_LISTS, LISTS, 3),
        "top_where": overlap_of(model_b, TWO_MODELS[TWO_MODELS["model"] == "a"], 10),
        "top_group": overlap_of(NEW_LISTS[south], LISTS, 10),
        "top_joined": 48 / 60,
        "top_short": 0.8,
    }
    for name, value in expected.items():
        (row,) = stored(project, name).itertuples()
        assert row.value == pytest.approx(value, abs=1e-9), name


def test_a_dry_run_on_empty_tables_passes(project: Project, outcomes: Result) -> None:
    other = project.copy_to(project.folder.with_name("dry"))
    result = other.dbt("build", "--empty")
    assert result.exit_code == 0, result.output
    assert set(CASES) <= result.named("pass", "test")


def test_postgres_finds_the_same(
    project: Project, outcomes: Result, postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = project.copy_to(project.folder.with_name("on_postgres"))
    environment = postgres.new_database("generic_more", project.raw)
    result = other.dbt("build", "--store-failures", env=environment, check=1)
    assert result.errors == {}
    assert {name: result.statuses[name] for name in CASES} == {
        name: case.status for name, case in CASES.items()
    }
    connection = postgres.connect("generic_more")
    with connection.cursor() as cursor:
        for name in CASES:
            cursor.execute(f"select metric, status, value, message from public_dbt_test__audit.{name}")
            found = sorted((row[3], *row[:3]) for row in cursor.fetchall())
            expected = stored(project, name).sort_values("message")
            assert [row[0] for row in found] == expected["message"].tolist(), name
            values = [np.nan if row[3] is None else row[3] for row in found]
            assert values == pytest.approx(expected["value"].tolist(), rel=1e-9, nan_ok=True), name
    connection.close()


MISTAKES: dict[str, tuple[Case, list[str]]] = {
    "unknown_grain": (
        Case("row_volume", "visits", "happened_at", {"grain": "week", "fail": RATIOS}, "error"),
        ["grain is 'week'", "allowed: hour, day", "Write grain: hour"],
    ),
    "no_limit": (
        Case("unit_change", "cents", "amount", TRAINED, "error"),
        ["no limit is given", "- ml_monitor.unit_change:"],
    ),
    "no_time": (
        Case("coverage", "all_sales", None, REGISTRY | COVERED | {"active_from": "opened"}, "error"),
        ["needs time_column", "Write time_column: event_time"],
    ),
    "half_a_leak": (
        Case(
            "leakage", "scored", None, {"time_column": "scored_at", "fail": {"late_feature_rate": 0}}, "error"
        ),
        [
            "neither time_column and feature_times nor label and columns are given",
            "feature_times: [loaded_at]",
        ],
    ),
    "limit_without_label": (
        Case(
            "leakage",
            "scored",
            None,
            TIMES | {"fail": {"label_association": 0}, "categorical": ["city"]},
            "error",
        ),
        [
            "unknown limit label_association. Allowed with these arguments: late_feature_rate",
            "categorical has city",
        ],
    ),
    "limit_of_texts": (
        Case(
            "parity",
            "served",
            None,
            KEYS | {"columns": ["visits"], "fail": {"vocabulary_difference": 0}},
            "error",
        ),
        ["unknown limit vocabulary_difference", "joined_rate, match_rate, null_difference, difference_p95"],
    ),
    "rank_and_score": (
        Case("top_k_overlap", "lists", None, LISTED | HALF_TOP | {"rank": "place", "k": 0}, "error"),
        ["both rank and score are given", "k is 0. Allowed: a whole number", "fail: {overlap: 0.5}"],
    ),
    "unknown_list_column": (
        Case(
            "top_k_overlap",
            "lists",
            None,
            LISTED | {"to_columns": {"shop": "store"}, "fail": {"share": 1}},
            "error",
        ),
        [
            "to_columns has shop, which is not one of list_id, item, rank, score: customer, sku, score",
            "unknown limit share. Allowed with these arguments: overlap, joined_rate",
        ],
    ),
    "unknown_label_kind": (
        Case("leakage", "scored", None, LABEL | TOLD | {"label_kind": "ordinal"}, "error"),
        ["label_kind is 'ordinal'", "allowed: binary, numeric"],
    ),
}
ABSENT: dict[str, Case] = {
    "absent_time": Case("row_volume", "visits", "happend_at", {"fail": RATIOS}, "error"),
    "absent_count": Case("reconciliation", "visits", None, LOG | EQUAL | {"count_column": "rows"}, "error"),
    "absent_entity": Case("coverage", "all_sales", None, REGISTRY | COVERED | {"column": "shop"}, "error"),
    "absent_segment": Case("lost_segments", "healthy", "land", NONE_LOST, "error"),
    "absent_feature": Case(
        "leakage", "scored", None, LABEL | TOLD | {"columns": ["gone"], "categorical": []}, "error"
    ),
    "absent_feature_time": Case(
        "leakage",
        "scored",
        None,
        TIMES | {"feature_times": ["gone"], "fail": {"late_feature_rate": 0}},
        "error",
    ),
    "absent_value": Case(
        "parity", "served", None, KEYS | {"columns": ["gone"], "fail": {"match_rate": 1}}, "error"
    ),
    "absent_ingest": Case(
        "time_zone_shift", "prompt", "happened_at", NO_SHIFT | {"ingest_column": "gone"}, "error"
    ),
    "absent_amount": Case("unit_change", "healthy", "gone", NO_CHANGE, "error"),
    "absent_score": Case("top_k_overlap", "lists", None, LISTED | HALF_TOP | {"score": "gone"}, "error"),
    "absent_group": Case("unit_change", "healthy", "amount", NO_CHANGE | {"group_by": ["gone"]}, "error"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_raises_with_what_to_write(small: Project, name: str) -> None:
    case, texts = MISTAKES[name]
    small.write("models/_models.yml", model_yaml({name: case}))
    result = small.dbt("parse")
    small.remove("models/_models.yml")
    assert result.exit_code == 2
    assert f"Compilation Error in test {name} (models/_models.yml)" in result.output
    for text in texts:
        assert text in result.output


def test_what_is_not_there_never_passes(project: Project, outcomes: Result) -> None:
    project.write("models/_models.yml", model_yaml(ABSENT))
    result = project.dbt("test", check=1)
    found = {name: result.statuses[name] for name in ABSENT}
    assert found == {name: case.status for name, case in ABSENT.items()}


CONVERSIONS: dict[str, tuple[float, float]] = {
    "x 10": (10, 0),
    "/ 10": (0.1, 0),
    "x 60": (60, 0),
    "/ 60": (1 / 60, 0),
    "x 100": (100, 0),
    "/ 100": (0.01, 0),
    "x 1000": (1000, 0),
    "/ 1000": (0.001, 0),
    "x 3600": (3600, 0),
    "/ 3600": (1 / 3600, 0),
    "miles to kilometres (x 1.6093)": (1.609344, 0),
    "kilometres to miles (x 0.6214)": (1 / 1.609344, 0),
    "pounds to kilograms (x 0.4536)": (0.45359237, 0),
    "kilograms to pounds (x 2.2046)": (1 / 0.45359237, 0),
    "inches to centimetres (x 2.5400)": (2.54, 0),
    "centimetres to inches (x 0.3937)": (1 / 2.54, 0),
    "feet to metres (x 0.3048)": (0.3048, 0),
    "metres to feet (x 3.2808)": (1 / 0.3048, 0),
    "Celsius to Fahrenheit (1.8x + 32)": (1.8, 32),
    "Fahrenheit to Celsius ((x - 32) / 1.8)": (1 / 1.8, -32 / 1.8),
    "sign change (-x)": (-1, 0),
}


def quantiles(values: np.ndarray) -> list[float]:
    """The five quantiles, each a value."""
    return np.quantile(values, [0.1, 0.25, 0.5, 0.75, 0.9], method="inverted_cdf").tolist()


def draws(shape: str, count: int) -> np.ndarray:
    """Values of one shape."""
    return {
        "normal": lambda: RANDOM.normal(50, 10, count),
        "centred": lambda: RANDOM.normal(0, 1, count),
        "skewed": lambda: np.exp(RANDOM.normal(3, 1, count)),
        "waits": lambda: np.round(RANDOM.exponential(30, count) - 10),
        "counts": lambda: RANDOM.poisson(2, count).astype(float),
        "flags": lambda: (RANDOM.random(count) < 0.3).astype(float),
        "rare": lambda: np.where(RANDOM.random(count) < 0.8, 0, np.exp(RANDOM.normal(3, 1, count))),
        "pressure": lambda: RANDOM.normal(1013, 8, count),
    }[shape]()


def test_conversions_are_named_and_nothing_else(small: Project) -> None:
    cases: list[tuple[str, str, list[float], list[float]]] = []
    for shape in ("normal", "skewed", "waits", "pressure"):
        reference = quantiles(draws(shape, 20000))
        for name, (factor, offset) in CONVERSIONS.items():
            # Among growing and shrinking tails a factor such as 1.6 takes more rows to be told.
            if offset == 0 and 0.25 < factor < 4 and shape in ("skewed", "waits"):
                continue
            current = quantiles(factor * draws(shape, 20000) + offset)
            cases.append((f"{shape}: {name}", name, current, reference))
    for shape in ("normal", "centred", "skewed", "waits", "counts", "flags", "rare", "pressure"):
        for number in range(40):
            reference, spread = draws(shape, 2000), draws(shape, 2000).std()
            current = draws(shape, 300)
            cases.append((f"{shape} {number}: the same", "", quantiles(current), quantiles(reference)))
            for moved in (0.25, 0.5, 1.0, -1.0):
                shifted = quantiles(current + moved * spread)
                if shape not in ("flags", "counts", "rare"):
                    cases.append((f"{shape} {number}: {moved} sd", "", shifted, quantiles(reference)))
    one = [3.0] * 5
    cases += [
        ("another constant", "", [7.0] * 5, one),
        ("a constant in cents", "x 100", [300.0] * 5, one),
        ("zeros since", "", [0.0] * 5, one),
        ("zeros before", "", one, [0.0] * 5),
        ("a NULL", "", [np.nan] * 5, one),
        ("huge", "", [1e100] * 5, [-1e100, -1.0, 0.0, 1.0, 1e100]),
        ("one number in five", "", [0, 0, 0, 0, 12.0], [0, 0, 0, 0, 1.0]),
    ]
    columns = [f"{side}{number}" for side in "cr" for number in range(5)]
    frame = pd.DataFrame([[*case[2], *case[3]] for case in cases], columns=columns)
    frame.insert(0, "id", range(len(cases)))
    path = small.raw / "quantiles.parquet"
    frame.to_parquet(path, index=False)
    expression = "ml_monitor.unit_change_name(['c0', 'c1', 'c2', 'c3', 'c4'], ['r0', 'r1', 'r2', 'r3', 'r4'])"
    sql = f"select id, {{{{ {expression} }}}} as name from read_parquet('{path}') order by id\n"
    small.write("models/unit_names.sql", sql)
    small.dbt("run", "--select", "unit_names", check=0)
    found = small.frame("select name from unit_names order by id")["name"].fillna("").tolist()
    wrong = [(case[0], name) for case, name in zip(cases, found, strict=True) if name != case[1]]
    assert wrong == []
