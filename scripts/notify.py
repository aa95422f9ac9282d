"""Tell people which incidents opened and were resolved: through Alertmanager, or as messages in chat and mail.

    python scripts/notify.py [--send] [--min-severity warning] [--missed-hours 72] [--hold-hours 24] [--timeout 10]
    options: [--project-dir DIR] [--profiles-dir DIR] [--target TARGET]

Reads ml_incidents through the profile of the project. Without ``--send`` it prints what it would send, and neither sends nor
records anything. Run it after every ``dbt build``, whether that failed or not. The receivers are in the environment:

    ML_ALERTMANAGER_URL     address of an Alertmanager, such as http://127.0.0.1:9093; alerts go to its API v2
    ML_ALERTMANAGER_TOKEN   bearer token for it, if it wants one
    ML_APPRISE_URLS         addresses as Apprise writes them, separated by spaces or lines; needs the package apprise.
                            OWNER=ADDRESS gets the incidents of this owner only

Their values are secret: they are neither printed nor recorded. A message is recorded in ml_notifications, beside
ml_incidents, once its receiver has accepted it, and sent again on the next run until then. docs/delivery.md says what
happens when something fails.

The exit status is 0 if everything was accepted, and 1 if something was not or is declared wrongly.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import logging
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import requests
from warehouse import Row, Warehouse, WarehouseError

SEVERITIES = ("info", "warning", "critical")
TABLE = "ml_notifications"
# What is recorded of an incident: enough to resolve an alert whose incident is no longer in ml_incidents.
RECORDED = ("incident_id", "monitor", "category", "metric", "subject", "owner", "severity", "title")
LABELS = ("monitor", "category", "metric", "subject", "severity", "owner", "incident_id")
URL_EXAMPLE = "http://127.0.0.1:9093"


class NotifyError(Exception):
    """Something the caller must change; its text says what."""


class NotAccepted(Exception):
    """A receiver did not take what was sent; its text says how it failed, without the address."""


@dataclass(frozen=True)
class Event:
    """What a receiver is told of an incident.

    ``kind`` is opened, changed (its labels) or resolved; ``incident`` the row of ml_incidents, or of the record if it is
    not there; ``why`` says what ended it.
    """

    kind: str
    incident: Row
    why: str = ""

    def __str__(self) -> str:
        incident = self.incident
        why = f" ({self.why})" if self.why else ""
        return f"{self.kind:8} {incident['severity']:8} {incident['title']}{why}, incident {incident['incident_id']}"


# What is due


def is_for_people(incident: Row, min_severity: str) -> bool:
    """Whether an incident is told at all: severe enough, and not explained by one of an upstream monitor."""
    severe = SEVERITIES.index(incident["severity"]) >= SEVERITIES.index(min_severity)
    return severe and not incident.get("muted_by")


def end_of(incident: Row | None, min_severity: str) -> str:
    """Why an incident that was told as open is not open for people any more."""
    if incident is None:
        return "no longer an incident since its checks were computed again"
    if incident["state"] == "resolved":
        return f"clear since {utc_text(incident['resolved_at'])}"
    if incident.get("muted_by"):
        return f"explained by incident {incident['muted_by']} of an upstream monitor"
    return f"severity is now {incident['severity']}, below {min_severity}"


def due_events(
    incidents: list[Row],
    told: dict[str, Row],
    as_of: datetime,
    min_severity: str = "warning",
    missed_hours: float = 72,
) -> list[Event]:
    """The events that a receiver has not been told of, at most one of each incident, the oldest incident first.

    Arguments:
        incidents (list of Row): all rows of ml_incidents.
        told (dict): the last row of the record by incident id, of this receiver.
        as_of (datetime): the moment that the incidents speak of.
        min_severity (str): critical, warning or info.
        missed_hours (float): an incident that was resolved before it could be told is told if that was so many hours ago
            at most; the next call resolves it.
    Returns: list of Event.
    """
    by_id = {incident["incident_id"]: incident for incident in incidents}
    events = []
    for incident in incidents:
        if not is_for_people(incident, min_severity):
            continue
        last = told.get(incident["incident_id"])
        is_told = last is not None and last["event"] != "resolved"
        if incident["state"] == "open":
            if not is_told:
                events.append(Event("opened", incident))
            elif any(incident[label] != last[label] for label in LABELS):
                events.append(Event("changed", incident))
        elif last is None and incident["resolved_at"] >= as_of - timedelta(hours=missed_hours):
            events.append(Event("opened", incident))
    for number, last in told.items():
        now = by_id.get(number)
        is_open = now is not None and now["state"] == "open" and is_for_people(now, min_severity)
        if last["event"] != "resolved" and not is_open:
            events.append(Event("resolved", (now or {}) | last, end_of(now, min_severity)))
    return sorted(
        events, key=lambda event: (event.incident.get("opened_at") or as_of, event.incident["incident_id"])
    )


def utc_text(time: datetime) -> str:
    """A time of the warehouse, for people."""
    return f"{time:%Y-%m-%d %H:%M} UTC"


def description(event: Event) -> str:
    """What people read below the title."""
    incident = event.incident
    lines = [incident["message"]] if incident.get("message") else []
    if event.kind == "resolved":
        lines.insert(0, f"Resolved: {event.why}.")
    if "windows" in incident:
        count, muted = incident["windows"], incident["muted_findings"]
        lines.append(
            f"Opened {utc_text(incident['opened_at'])}; {count} windows, {muted} other findings that it explains."
        )
    if incident.get("acknowledged_at"):
        lines.append(
            f"Acknowledged by {incident['acknowledged_by']} at {utc_text(incident['acknowledged_at'])}."
        )
    return "\n".join([*lines, f"Incident {incident['incident_id']}, owner {incident['owner']}."])


# Receivers


class Alertmanager:
    """API v2 of an Alertmanager. Sending an alert again changes nothing there, so all that is open is sent on every run.

    Arguments: url (str); token (str or None): bearer token; hold_hours (float): until then an alert stays open if no run follows;
    timeout (float): seconds to wait for an answer.
    """

    name = "alertmanager"
    kinds = ("opened", "changed", "resolved")

    def __init__(self, url: str, token: str | None, hold_hours: float, timeout: float) -> None:
        self.url, self.token, self.hold_hours, self.timeout = url.rstrip("/"), token, hold_hours, timeout

    def alert(self, labels: Row, event: Event, now: datetime) -> Row:
        """An alert of the API. It ends now if resolved, else after ``hold_hours``: Alertmanager closes what is not sent again."""
        incident = event.incident
        annotations = {"summary": incident["title"], "description": description(event)}
        if incident.get("runbook"):
            annotations["runbook_url"] = incident["runbook"]
        ends_at = now if event.kind == "resolved" else now + timedelta(hours=self.hold_hours)
        starts_at = incident.get("opened_at") or now - timedelta(seconds=1)
        return {
            "labels": {"alertname": "MlMonitorIncident"} | {name: str(labels[name]) for name in LABELS},
            "annotations": annotations,
            "startsAt": api_time(starts_at),
            "endsAt": api_time(ends_at),
        }

    def alerts(
        self, events: list[Event], open_now: list[Row], told: dict[str, Row], now: datetime
    ) -> list[Row]:
        """All that is sent in one request: what is open, and what ends, with the labels under which it was opened."""
        alerts = [
            self.alert(event.incident, event, now)
            for event in [
                *(event for event in events if event.kind == "opened"),
                *(Event("open", incident) for incident in open_now),
            ]
        ]
        for event in events:
            if event.kind in ("changed", "resolved"):
                ended = Event("resolved", event.incident, event.why or "goes on with other labels")
                alerts.append(self.alert(told[event.incident["incident_id"]], ended, now))
        return list({repr(alert["labels"]): alert for alert in alerts}.values())

    def send(
        self, events: list[Event], open_now: list[Row], told: dict[str, Row], now: datetime
    ) -> Iterator[Event]:
        """Send; yields the events that were accepted. Raises NotAccepted."""
        alerts = self.alerts(events, open_now, told, now)
        if not alerts:
            return
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        try:
            answer = requests.post(
                f"{self.url}/api/v2/alerts",
                json=alerts,
                headers=headers,
                timeout=self.timeout,
                allow_redirects=False,  # It would be followed by a GET, whose 200 means nothing.
            )
        except requests.RequestException as error:
            # The text of the error has the address.
            raise NotAccepted(type(error).__name__) from None
        if answer.status_code != 200:
            raise NotAccepted(f"it answered {answer.status_code}")
        yield from events


class AppriseAddress:
    """One address of Apprise; it gets a message when an incident opens and when it is resolved.

    Arguments: url (str); owner (str or None): whose incidents it gets. Raises NotifyError if Apprise cannot read the address.
    """

    kinds = ("opened", "resolved")

    def __init__(self, url: str, owner: str | None, number: int) -> None:
        try:
            import apprise
        except ImportError:
            raise NotifyError(
                "ML_APPRISE_URLS needs the package apprise, which is not installed: pip install apprise"
            ) from None
        # Its log has parts of addresses.
        logging.getLogger("apprise").disabled = True
        self.owner = owner
        self.service = apprise.Apprise.instantiate(url, suppress_exceptions=True)
        if self.service is None:
            raise NotifyError(
                f"ML_APPRISE_URLS: Apprise cannot read address {number} (not shown, it is secret); "
                "write for example mailto://mail.example.com?from=ml@example.com&to=ops@example.com"
            )
        # The schema says what it is; the hash tells two addresses apart, and is too short to be one of a secret.
        digest = hashlib.sha256(url.encode()).hexdigest()[:8]
        self.name = f"{url.split('://')[0]}:{digest}"

    def send(
        self, events: list[Event], open_now: list[Row], told: dict[str, Row], now: datetime
    ) -> Iterator[Event]:
        """Send a message per event; yields each that was accepted. Raises NotAccepted on the first that was not."""
        types = {"critical": "failure", "warning": "warning", "info": "info"}
        for event in events:
            severity = event.incident["severity"]
            head = "resolved" if event.kind == "resolved" else severity
            lines = [description(event)]
            if event.incident.get("runbook"):
                lines.append(f"Runbook: {event.incident['runbook']}")
            try:
                accepted = self.service.notify(
                    title=f"[{head}] {event.incident['title']}",
                    body="\n".join(lines),
                    notify_type="success" if event.kind == "resolved" else types[severity],
                    body_format="text",
                )
            except Exception as error:
                # Whatever a service raises may have its address.
                raise NotAccepted(type(error).__name__) from None
            if not accepted:
                raise NotAccepted("it refused the message, or did not answer in time")
            yield event


Receiver = Alertmanager | AppriseAddress


def api_time(time: datetime) -> str:
    """A time as the API of Alertmanager reads it; those of the warehouse are UTC and have no zone."""
    return time.replace(tzinfo=UTC).isoformat()


def receivers(args: argparse.Namespace, owners: set[str]) -> list[Receiver]:
    """The receivers that the environment names. Raises NotifyError with all faults."""
    faults: list[str] = []
    found: list[Receiver] = []
    url = os.environ.get("ML_ALERTMANAGER_URL", "").strip()
    token = os.environ.get("ML_ALERTMANAGER_TOKEN", "").strip() or None
    if url and not re.fullmatch(r"https?://[^\s/]+\S*", url):
        faults.append(
            f"ML_ALERTMANAGER_URL: not an http or https address (not shown, it may be secret); write for example {URL_EXAMPLE}"
        )
    elif url and token and "@" in url:
        faults.append("ML_ALERTMANAGER_TOKEN: ML_ALERTMANAGER_URL has a user already; give one of both")
    elif url:
        found.append(Alertmanager(url, token, args.hold_hours, args.timeout))
    for number, entry in enumerate(os.environ.get("ML_APPRISE_URLS", "").split(), start=1):
        owner, mark, address = entry.partition("=")
        if not mark or "://" in owner:
            owner, address = "", entry
        if owner and owner not in owners:
            faults.append(
                f"ML_APPRISE_URLS: address {number} is for the owner {owner}, which no monitor has; "
                f"allowed: {', '.join(sorted(owners))}"
            )
        try:
            found.append(AppriseAddress(address, owner or None, number))
        except NotifyError as error:
            faults.append(str(error))
    if faults:
        raise NotifyError("\n".join(dict.fromkeys(faults)))
    return found


# The record


class Record:
    """ml_notifications: one row per event that a receiver accepted; rows are only added.

    Arguments: warehouse (Warehouse).
    """

    def __init__(self, warehouse: Warehouse) -> None:
        self.warehouse = warehouse
        self.table, self.exists = warehouse.beside("ml_incidents", TABLE)

    def create(self) -> None:
        """Create the table if it is not there."""
        text = self.warehouse.macro("text_type")
        columns = ["notification_id", "event", "channel", *RECORDED]
        lines = [*(f"{name} {text}" for name in columns), "opened_at timestamp", "sent_at timestamp"]
        if not self.exists:
            self.warehouse.execute(f"create table if not exists {self.table} ({', '.join(lines)})")
            self.exists = True

    def last_told(self) -> dict[str, dict[str, Row]]:
        """The newest row of each incident, by channel and incident id."""
        told: dict[str, dict[str, Row]] = {}
        if self.exists:
            rows = self.warehouse.rows(
                f"""
                select *
                from (
                    select
                        *,
                        row_number() over (
                            partition by channel, incident_id order by sent_at desc, notification_id
                        ) as newest
                    from {self.table}
                ) as ranked
                where newest = 1
                """
            )
            for row in rows:
                told.setdefault(row["channel"], {})[row["incident_id"]] = row
        return told

    def add(self, channel: str, event: Event) -> None:
        """Record that a channel accepted an event."""
        now = datetime.now(UTC).replace(tzinfo=None)
        incident = event.incident
        key = f"{channel} {incident['incident_id']} {event.kind} {now.isoformat()}"
        texts = [hashlib.md5(key.encode(), usedforsecurity=False).hexdigest(), event.kind, channel]
        texts += [incident[name] for name in RECORDED]
        values = [self.warehouse.macro("string_literal", value=text) for text in texts]
        values += [self._time(incident.get("opened_at")), self._time(now)]
        self.warehouse.execute(f"insert into {self.table} values ({', '.join(values)})")

    def _time(self, time: datetime | None) -> str:
        if time is None:
            return "null"
        return self.warehouse.macro("timestamp_literal", value=f"{time:%Y-%m-%d %H:%M:%S.%f}")


# The command


@contextmanager
def alone(project_dir: Path) -> Iterator[None]:
    """Nothing is sent twice because two runs overlap: the second one stops. The lock ends with the process."""
    with (project_dir / "dbt_project.yml").open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise NotifyError(f"another notify.py of {project_dir.resolve()} is running") from None
        yield


def arguments(given: list[str] | None = None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description="Send opened and resolved incidents to people.")
    parser.add_argument(
        "--send", action="store_true", help="send and record; without it only print what would be sent"
    )
    parser.add_argument("--min-severity", choices=SEVERITIES, default="warning")
    parser.add_argument(
        "--missed-hours",
        type=float,
        default=72,
        help="tell also what was resolved unseen in the last so many hours",
    )
    parser.add_argument(
        "--hold-hours",
        type=float,
        default=24,
        help="so long an alert stays open at Alertmanager if no run follows",
    )
    parser.add_argument("--timeout", type=float, default=10, help="seconds to wait for Alertmanager")
    parser.add_argument("--project-dir", type=Path, default=Path(), help="the dbt project (default: here)")
    parser.add_argument("--profiles-dir", type=Path, help="as of dbt")
    parser.add_argument("--target", help="as of dbt")
    args = parser.parse_args(given)
    for name in ("missed_hours", "hold_hours", "timeout"):
        if getattr(args, name) <= 0:
            parser.error(f"--{name.replace('_', '-')} must be above 0, found {getattr(args, name):g}")
    if not (args.project_dir / "dbt_project.yml").is_file():
        parser.error(
            f"{args.project_dir / 'dbt_project.yml'} does not exist: --project-dir is the root of a dbt project"
        )
    return args


def run(args: argparse.Namespace) -> int:
    """Do what the command line says; returns the exit status."""
    warehouse = Warehouse(args.project_dir, args.profiles_dir, args.target)
    if warehouse.relation("ml_incidents") is None:
        raise NotifyError(
            f"{args.project_dir.resolve()} has no model ml_incidents: is ml_monitor in packages.yml, and did `dbt deps` run?"
        )
    incidents = warehouse.rows(f"select * from {warehouse.relation('ml_incidents')}")
    monitors = warehouse.rows(f"select owner from {warehouse.relation('ml_monitors')}")
    (newest,) = warehouse.rows(f"select max(as_of) as as_of from {warehouse.relation('ml_runs')}")
    as_of = newest["as_of"] or datetime.now(UTC).replace(tzinfo=None)
    found = receivers(args, {row["owner"] for row in monitors})
    record = Record(warehouse)
    if args.send:
        if not found:
            raise NotifyError(
                "nothing to send to: set ML_ALERTMANAGER_URL or ML_APPRISE_URLS, for example "
                f"export ML_ALERTMANAGER_URL={URL_EXAMPLE}"
            )
        # Before anything is sent: what cannot be recorded is not sent.
        record.create()
    told = record.last_told()
    if not found:
        print("no receiver (ML_ALERTMANAGER_URL, ML_APPRISE_URLS); to one that knows nothing yet:")
        for event in due_events(incidents, {}, as_of, args.min_severity, args.missed_hours):
            print(f"  {event}")
    failed = 0
    for receiver in found:
        owner = getattr(receiver, "owner", None)
        mine = [incident for incident in incidents if owner in (None, incident["owner"])]
        known = told.get(receiver.name, {})
        events = [
            event
            for event in due_events(mine, known, as_of, args.min_severity, args.missed_hours)
            if event.kind in receiver.kinds
        ]
        open_now = [one for one in mine if one["state"] == "open" and is_for_people(one, args.min_severity)]
        print(f"{receiver.name}: {len(events)} due, {len(open_now)} open")
        if not args.send:
            print("\n".join(f"  would send {event}" for event in events) or "  nothing to send")
            continue
        try:
            for event in receiver.send(events, open_now, known, datetime.now(UTC).replace(tzinfo=None)):
                record.add(receiver.name, event)
                print(f"  sent {event}")
        except NotAccepted as error:
            failed += 1
            print(
                f"{receiver.name}: not accepted: {error}; the next run sends what this one did not",
                file=sys.stderr,
            )
    if not args.send:
        print("dry run: nothing was sent (--send sends)")
    return 1 if failed else 0


def main() -> None:
    """Run, and print a mistake as one message."""
    args = arguments()
    try:
        with alone(args.project_dir):
            sys.exit(run(args))
    except (NotifyError, WarehouseError) as error:
        sys.exit(f"notify: {error}")


if __name__ == "__main__":
    main()
