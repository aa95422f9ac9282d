"""What notify.py tells and when, without servers; test_servers.py sends it to real ones."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import notify
import pytest
from fleet_tables import NOW, OWNER, incident, resolved
from hypothesis import given, settings
from hypothesis import strategies as st
from notify import due_events
from servers import receiver

Row = dict[str, Any]
ONE = incident(1)
ID = ONE["incident_id"]


def told_of(row: Row, event: str = "opened", **values: Any) -> dict[str, Row]:
    """The record of one incident."""
    recorded = {name: row[name] for name in notify.RECORDED} | {"opened_at": row["opened_at"]}
    return {row["incident_id"]: recorded | {"event": event, **values}}


CASES = {
    "opens": ([ONE], {}, ["opened"]),
    "is open and told": ([ONE], told_of(ONE), []),
    "is resolved": ([resolved(ONE)], told_of(ONE), ["resolved"]),
    "is resolved and told": ([resolved(ONE)], told_of(ONE, "resolved"), []),
    "opens again": ([ONE], told_of(ONE, "resolved"), ["opened"]),
    "was resolved unseen two days ago": ([resolved(ONE, NOW - timedelta(days=2))], {}, ["opened"]),
    "was resolved unseen a week ago": ([resolved(ONE, NOW - timedelta(days=7))], {}, []),
    "is too small": ([ONE | {"severity": "info"}], {}, []),
    "becomes large enough": ([ONE | {"severity": "warning"}], {}, ["opened"]),
    "becomes worse": ([ONE], told_of(ONE | {"severity": "warning"}), ["changed"]),
    "has another owner": ([ONE | {"owner": "else@example.com"}], told_of(ONE), ["changed"]),
    "was worse and is resolved": ([resolved(ONE)], told_of(ONE, "changed"), ["resolved"]),
    "is muted": ([ONE | {"muted_by": "abc"}], {}, []),
    "is muted after it was told": ([ONE | {"muted_by": "abc"}], told_of(ONE), ["resolved"]),
    "becomes small after it was told": ([ONE | {"severity": "info"}], told_of(ONE), ["resolved"]),
    "is gone after it was told": ([], told_of(ONE), ["resolved"]),
    "is gone after its end was told": ([], told_of(ONE, "resolved"), []),
}


@pytest.mark.parametrize("case", CASES)
def test_an_incident_that(case: str) -> None:
    incidents, told, kinds = CASES[case]
    assert [event.kind for event in due_events(incidents, told, NOW)] == kinds


def test_each_end_says_why() -> None:
    said = {
        case: due_events(*CASES[case][:2], NOW)[0].why for case in CASES if CASES[case][2] == ["resolved"]
    }
    assert said == {
        "is resolved": "clear since 2026-03-01 12:00 UTC",
        "was worse and is resolved": "clear since 2026-03-01 12:00 UTC",
        "is muted after it was told": "explained by incident abc of an upstream monitor",
        "becomes small after it was told": "severity is now info, below warning",
        "is gone after it was told": "no longer an incident since its checks were computed again",
    }


def test_the_limit_of_severity_and_the_order() -> None:
    rows = [incident(3, severity="info"), incident(2, severity="warning"), incident(1)]
    assert [event.incident["subject"] for event in due_events(rows, {}, NOW, "info")] == ["x1", "x2", "x3"]
    assert [event.incident["subject"] for event in due_events(rows, {}, NOW, "critical")] == ["x1"]


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["open", "resolved", "gone", "muted", "info"]), st.booleans()), max_size=12
    )
)
def test_openings_and_ends_alternate_whatever_fails(hours: list[tuple[str, bool]]) -> None:
    """Any history, and any receiver: what was accepted alternates, and nothing is left open once the receiver works."""
    states = {
        "open": [ONE],
        "resolved": [resolved(ONE)],
        "gone": [],
        "muted": [ONE | {"muted_by": "abc"}],
        "info": [ONE | {"severity": "info"}],
    }
    told: dict[str, Row] = {}
    accepted: list[str] = []
    for state, is_accepted in [*hours, ("gone", True), ("gone", True)]:
        for event in due_events(states[state], told, NOW):
            if is_accepted:
                accepted.append(event.kind)
                told = told_of(event.incident, event.kind)
    assert accepted == ["opened", "resolved"] * (len(accepted) // 2)


# Texts


def test_people_read_what_happened_who_knows_and_where_to_look() -> None:
    known = ONE | {"acknowledged_at": NOW, "acknowledged_by": "ada"}
    text = notify.description(notify.Event("opened", known))
    assert text.splitlines() == [
        "tiny quality: x1 null rate 40 % is above 5 %, it's new",
        "Opened 2026-03-01 03:00 UTC; 3 windows, 2 other findings that it explains.",
        "Acknowledged by ada at 2026-03-01 12:00 UTC.",
        f"Incident {ID}, owner {OWNER}.",
    ]
    (end,) = due_events([], told_of(ONE), NOW)
    assert notify.description(end).splitlines()[0].startswith("Resolved: no longer an incident")


def test_what_alertmanager_gets() -> None:
    """What is open lasts until it is sent again; what ended ends under the labels that it was opened with."""
    receiver = notify.Alertmanager("http://127.0.0.1:9093/", None, 24, 10)
    now = NOW + timedelta(minutes=5)
    told = told_of(ONE | {"severity": "warning"})
    worse, open_now = due_events([ONE], told, NOW), [ONE]
    alerts = receiver.alerts(worse, open_now, told, now)
    assert [(alert["labels"]["severity"], alert["startsAt"], alert["endsAt"]) for alert in alerts] == [
        ("critical", "2026-03-01T03:00:00+00:00", "2026-03-02T12:05:00+00:00"),
        ("warning", "2026-03-01T03:00:00+00:00", "2026-03-01T12:05:00+00:00"),
    ]
    again = receiver.alerts([], open_now, told_of(ONE), now)
    assert again == alerts[:1]
    assert all(isinstance(value, str) for alert in alerts for value in alert["labels"].values())
    # An opening is sent once, not also as one of those that are open.
    assert receiver.alerts(due_events([ONE], {}, NOW), open_now, {}, now) == again


@pytest.mark.parametrize("status", [302, 400, 401, 503])
def test_only_200_of_alertmanager_is_accepted(status: int) -> None:
    with receiver() as hook:
        hook.answers = [status]
        sent = notify.Alertmanager(hook.url, None, 24, 10).send(due_events([ONE], {}, NOW), [ONE], {}, NOW)
        with pytest.raises(notify.NotAccepted, match=str(status)):
            list(sent)
        assert len(hook.requests) == 1


# Settings


def settings_of(monkeypatch: pytest.MonkeyPatch, **values: str) -> list[Any]:
    """The receivers of these settings."""
    for name in ("ML_ALERTMANAGER_URL", "ML_ALERTMANAGER_TOKEN", "ML_APPRISE_URLS"):
        monkeypatch.delenv(name, raising=False)
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    return notify.receivers(notify.arguments([]), {OWNER})


def test_all_faults_of_settings_come_at_once_and_without_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(notify.NotifyError) as error:
        settings_of(
            monkeypatch,
            ML_ALERTMANAGER_URL="ftp://on-call:geheim@host",
            ML_APPRISE_URLS="slack://geheim nobody@example.com=json://host/geheim",
        )
    text = str(error.value)
    assert "geheim" not in text
    assert "ML_ALERTMANAGER_URL: not an http or https address" in text
    assert "write for example http://127.0.0.1:9093" in text
    assert "address 1 (not shown, it is secret); write for example mailto://" in text
    assert f"address 2 is for the owner nobody@example.com, which no monitor has; allowed: {OWNER}" in text
    with pytest.raises(notify.NotifyError, match="give one of both"):
        settings_of(monkeypatch, ML_ALERTMANAGER_URL="http://u:p@host", ML_ALERTMANAGER_TOKEN="t")


def test_each_address_is_a_channel_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    urls = f"json://host/a?x=1 {OWNER}=mailto://host?from=a@b.example&to=c@d.example\njson://host/b"
    found = settings_of(monkeypatch, ML_ALERTMANAGER_URL="http://host", ML_APPRISE_URLS=urls)
    names = [receiver.name for receiver in found]
    assert [name.split(":")[0] for name in names] == ["alertmanager", "json", "mailto", "json"]
    assert len(set(names)) == 4
    assert [getattr(receiver, "owner", None) for receiver in found] == [None, None, OWNER, None]
    assert not any("host" in name for name in names)
    assert settings_of(monkeypatch) == []


@pytest.mark.parametrize(
    "given", [["--timeout", "0"], ["--min-severity", "high"], ["--project-dir", "/nowhere"]]
)
def test_a_wrong_option_is_refused(given: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        notify.arguments(given)
    assert "error:" in capsys.readouterr().err


def test_times_of_the_warehouse_are_utc() -> None:
    assert notify.api_time(datetime(2026, 1, 2, 3)) == "2026-01-02T03:00:00+00:00"
    assert datetime.fromisoformat(notify.api_time(NOW)).tzinfo == UTC
