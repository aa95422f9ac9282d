"""Delivery with real programs on 127.0.0.1: Alertmanager, Prometheus, node_exporter, a mail server, and receivers that fail.

`make test-prometheus` runs this; it needs Debian's prometheus, prometheus-alertmanager and prometheus-node-exporter.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml
from aiosmtpd.controller import Controller
from conftest import ROOT
from fleet_tables import NOW, Fleet, Script, incident, resolved
from prometheus_client.openmetrics.parser import text_string_to_metric_families as openmetrics
from prometheus_client.parser import text_string_to_metric_families as prometheus_text
from servers import Receiver, free_port, program, receiver, wait_until

RULES = ROOT / "docs/prometheus/ml_monitor_rules.yml"
pytestmark = pytest.mark.prometheus


def binary(name: str) -> str:
    """A program of Debian's packages; the test is skipped without it."""
    found = shutil.which(name)
    if found is None:
        pytest.skip(
            f"{name} is not installed: apt-get install prometheus prometheus-alertmanager prometheus-node-exporter"
        )
    return found


def tool(*command: str | Path, text: str | None = None) -> str:
    """Run a command of promtool or amtool, which must succeed; returns what it printed."""
    done = subprocess.run(
        [binary(str(command[0])), *map(str, command[1:])],
        input=text,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def parsed(tmp_path_factory: pytest.TempPathFactory) -> Fleet:
    """A project that dbt has parsed."""
    return Fleet(tmp_path_factory.mktemp("fleet") / "project")


@pytest.fixture
def fleet(parsed: Fleet) -> Fleet:
    """The same with two open incidents, one too small to tell, one muted by an upstream monitor, and an empty record."""
    parsed.drop("ml_notifications")
    parsed.drop("ml_objectives")
    parsed.incidents(*TWO_OPEN)
    return parsed


UNTOLD = [incident(8, severity="info"), incident(9, muted_by=f"{1:032x}")]
TWO_OPEN = [incident(1), incident(2, severity="warning"), *UNTOLD]


@contextmanager
def alertmanager(folder: Path, hook: str) -> Iterator[str]:
    """An Alertmanager that groups by monitor and tells a webhook; yields its address."""
    config = yaml.safe_load((ROOT / "docs/prometheus/alertmanager.yml").read_text(encoding="utf-8"))
    # The documented configuration, impatient, and with the receiver of the test.
    config["route"] |= {"group_wait": "300ms", "group_interval": "1s", "routes": []}
    config["receivers"] = [{"name": "on-call", "webhook_configs": [{"url": hook, "send_resolved": True}]}]
    folder.mkdir()
    (folder / "alertmanager.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    url = f"http://127.0.0.1:{free_port()}"
    command = [
        binary("prometheus-alertmanager"),
        f"--config.file={folder / 'alertmanager.yml'}",
        f"--storage.path={folder / 'data'}",
        f"--web.listen-address={url.removeprefix('http://')}",
        "--cluster.listen-address=",
    ]
    with program(command, folder / "log.txt", lambda: requests.get(f"{url}/-/ready", timeout=1).ok):
        yield url


def told(hook: Receiver) -> list[tuple[str, str]]:
    """(status, subject or alert name) of all alerts that the webhook was told of, in their order, each once per change."""
    changes: list[tuple[str, str]] = []
    last: dict[str, str] = {}
    for _, body in hook.accepted:
        for alert in body["alerts"]:
            name = alert["labels"].get("subject") or alert["labels"]["alertname"]
            if last.get(name) != alert["status"]:
                last[name] = alert["status"]
                changes.append((alert["status"], name))
    return changes


# Rules


def test_promtool_and_amtool_accept_what_is_documented() -> None:
    assert "5 rules found" in tool("promtool", "check", "rules", RULES)
    assert "SUCCESS" in tool("promtool", "test", "rules", ROOT / "tests/delivery/ml_monitor_rules_test.yml")
    assert "SUCCESS" in tool("amtool", "check-config", ROOT / "docs/prometheus/alertmanager.yml")


# Alertmanager


def test_incidents_are_grouped_told_once_and_resolved(fleet: Fleet, tmp_path: Path) -> None:
    with receiver() as hook, alertmanager(tmp_path / "am", hook.url) as url:
        output = fleet.notify(ML_ALERTMANAGER_URL=url)
        assert "2 due, 2 open" in output
        wait_until("the webhook is told", lambda: hook.accepted)
        _, first = hook.accepted[0]
        assert first["groupLabels"] == {"monitor": "tiny"}
        assert [alert["labels"]["subject"] for alert in first["alerts"]] == ["x1", "x2"]
        labels, notes = first["alerts"][0]["labels"], first["alerts"][0]["annotations"]
        assert labels == {
            "alertname": "MlMonitorIncident",
            "monitor": "tiny",
            "category": "quality",
            "metric": "null_rate",
            "subject": "x1",
            "severity": "critical",
            "owner": "tiny-team@example.com",
            "incident_id": f"{1:032x}",
        }
        assert notes["summary"] == "tiny: null rate of x1 fails"
        assert "it's new" in notes["description"]
        assert notes["runbook_url"] == "docs/runbooks/quality.md"
        # Sent again, as every hour: nobody is told again.
        assert "0 due, 2 open" in fleet.notify(ML_ALERTMANAGER_URL=url)
        time.sleep(2)
        assert len(hook.accepted) == 1
        # One is resolved; the other becomes critical, which is another alert in the same group.
        fleet.incidents(resolved(incident(1)), incident(2, severity="critical"), *UNTOLD)
        assert "2 due, 1 open" in fleet.notify(ML_ALERTMANAGER_URL=url)
        wait_until("x1 is resolved", lambda: ("resolved", "x1") in told(hook))
        # It is gone from ml_incidents, as after a waiver; its alert ends all the same.
        fleet.incidents(resolved(incident(1)), *UNTOLD)
        assert "no longer an incident" in fleet.notify(ML_ALERTMANAGER_URL=url)
        wait_until(
            "all is resolved",
            lambda: (
                hook.accepted[-1][1]["status"] == "resolved"
                and not requests.get(f"{url}/api/v2/alerts?active=true", timeout=5).json()
            ),
        )
    assert fleet.record() == [
        ("opened", "x1"),
        ("opened", "x2"),
        ("resolved", "x1"),
        ("changed", "x2"),
        ("resolved", "x2"),
    ]


def test_killed_after_sending_people_are_told_once(fleet: Fleet, tmp_path: Path) -> None:
    """The run dies between Alertmanager's answer and the record. The next one sends again, and Alertmanager knows it."""
    with receiver() as hook, alertmanager(tmp_path / "am", hook.url) as url, receiver() as relay:

        def accept_and_kill(body: Any) -> None:
            assert requests.post(f"{url}/api/v2/alerts", json=body, timeout=5).ok
            running[0].kill()

        running: list[Script] = []
        relay.answers = [accept_and_kill]
        running.append(fleet.start("notify.py", "--send", ML_ALERTMANAGER_URL=relay.url))
        assert running[0].wait() == -9
        wait_until("the webhook is told", lambda: hook.accepted)
        assert fleet.record() == []
        assert "2 due" in fleet.notify(ML_ALERTMANAGER_URL=url)
        assert fleet.record() == [("opened", "x1"), ("opened", "x2")]
        time.sleep(2)
        assert len(hook.accepted) == 1


def test_a_receiver_that_fails_or_hangs_is_told_later_and_secrets_stay_secret(fleet: Fleet) -> None:
    with receiver() as hook:
        secret = {"ML_ALERTMANAGER_URL": hook.url.replace("//", "//on-call:geheim@")}
        secret |= {"ML_APPRISE_URLS": f"json://127.0.0.1:{hook.port}/hush"}
        # Alertmanager answers 500, the chat hangs.
        hook.answers = [500, "hang"]
        started = time.monotonic()
        outputs = [fleet.notify("--timeout", "1", check=1, **secret)]
        assert "it answered 500" in outputs[0]
        assert "did not answer in time" in outputs[0]
        assert time.monotonic() - started < 40
        # The other way round.
        hook.answers = ["hang", 500]
        outputs.append(fleet.notify("--timeout", "1", check=1, **secret))
        assert "Timeout" in outputs[1]
        assert fleet.record() == []
        # Now all is well, and all is sent.
        secret |= {"ML_ALERTMANAGER_URL": hook.url, "ML_ALERTMANAGER_TOKEN": "sesame"}
        outputs.append(fleet.notify(**secret))
        assert [path for path, _ in hook.accepted] == ["/api/v2/alerts", "/hush", "/hush"]
        assert [headers.get("Authorization", "")[:6] for headers in hook.headers] == [
            "Basic ",
            "",
            "Basic ",
            "",
            "Bearer",
            "",
            "",
        ]
        titles = [body["title"] for path, body in hook.accepted if path == "/hush"]
        assert titles == ["[critical] tiny: null rate of x1 fails", "[warning] tiny: null rate of x2 fails"]
        assert [event for event, _ in fleet.record()] == ["opened"] * 4
        logs = [path.read_text(encoding="utf-8") for path in fleet.project.folder.glob("logs/*")]
        for word in ("geheim", "sesame", "hush", f"{hook.port}"):
            assert word not in "".join(outputs + logs)
            assert word not in str(fleet.project.query("select * from ml_notifications"))


# Chat and mail


def test_killed_after_a_message_it_is_repeated_once(fleet: Fleet) -> None:
    """Between a message and its record, at least once: the message that was sent last comes again, and no other."""
    with receiver() as hook:
        urls = f"json://127.0.0.1:{hook.port}"
        running: list[Script] = []
        hook.answers = [200, lambda body: running[0].kill()]
        running.append(fleet.start("notify.py", "--send", ML_APPRISE_URLS=urls))
        assert running[0].wait() == -9
        assert fleet.record() == [("opened", "x1")]
        fleet.notify(ML_APPRISE_URLS=urls)
        subjects = [body["title"].split()[-2] for _, body in hook.accepted]
        assert subjects == ["x1", "x2", "x2"]
        assert fleet.record() == [("opened", "x1"), ("opened", "x2")]
        assert f"Incident {2:032x}" in hook.accepted[-1][1]["message"]


class Mailbox:
    """Keeps the mails that a server of aiosmtpd gets; refuses while ``is_full``."""

    def __init__(self) -> None:
        self.mails: list[Message] = []
        self.is_full = False

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.is_full:
            return "452 no space left"
        self.mails.append(message_from_bytes(envelope.content))
        return "250 OK"


def test_mail_at_open_and_close_to_the_owner(fleet: Fleet) -> None:
    mailbox = Mailbox()
    server = Controller(mailbox, hostname="127.0.0.1", port=free_port())
    server.start()
    try:
        mail = f"mailto://127.0.0.1:{server.port}?from=ml@example.com&to=ops@example.com"
        urls = {"ML_APPRISE_URLS": f"tiny-team@example.com={mail}"}
        mailbox.is_full = True
        assert "not accepted" in fleet.notify(check=1, **urls)
        mailbox.is_full = False
        fleet.notify(**urls)
        # An incident of somebody else is none of the owner's.
        fleet.incidents(
            resolved(incident(1)), incident(2, severity="warning"), incident(3, owner="else@example.com")
        )
        fleet.notify(**urls)
    finally:
        server.stop()
    subjects = [mail["Subject"] for mail in mailbox.mails]
    assert subjects == [
        "[critical] tiny: null rate of x1 fails",
        "[warning] tiny: null rate of x2 fails",
        "[resolved] tiny: null rate of x1 fails",
    ]
    assert mailbox.mails[0]["To"] == "ops@example.com"
    assert "clear since 2026-03-01 12:00 UTC" in mailbox.mails[2].as_bytes().decode()


# Prometheus


@contextmanager
def prometheus(folder: Path, textfiles: Path, alertmanager_url: str) -> Iterator[str]:
    """Prometheus with our rules, which reads node_exporter with the files of a folder, every half second."""
    node, own = (f"127.0.0.1:{free_port()}" for _ in range(2))
    config = {
        "global": {"scrape_interval": "500ms", "evaluation_interval": "500ms"},
        "rule_files": [str(RULES)],
        "alerting": {
            "alertmanagers": [{"static_configs": [{"targets": [alertmanager_url.removeprefix("http://")]}]}]
        },
        "scrape_configs": [{"job_name": "node", "static_configs": [{"targets": [node]}]}],
    }
    folder.mkdir()
    (folder / "prometheus.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    exporter = [
        binary("prometheus-node-exporter"),
        "--collector.disable-defaults",
        "--collector.textfile",
        f"--collector.textfile.directory={textfiles}",
        f"--web.listen-address={node}",
    ]
    server = [
        binary("prometheus"),
        f"--config.file={folder / 'prometheus.yml'}",
        f"--storage.tsdb.path={folder / 'data'}",
        f"--web.listen-address={own}",
        "--rules.alert.resend-delay=500ms",
    ]
    with (
        program(
            exporter, folder / "exporter.txt", lambda: requests.get(f"http://{node}/metrics", timeout=1).ok
        ),
        program(server, folder / "server.txt", lambda: requests.get(f"http://{own}/-/ready", timeout=1).ok),
    ):
        yield f"http://{own}"


def gate(failing: int) -> list[dict[str, Any]]:
    """Rows of ml_gates: so many checks of the quality gate fail, and one passes."""
    return [
        {"monitor": "tiny", "category": "quality", "status": status, "as_of": NOW}
        for status in ["pass", *["fail"] * failing]
    ]


def test_an_alert_of_the_exported_file_fires_and_is_resolved(fleet: Fleet, tmp_path: Path) -> None:
    textfiles = tmp_path / "textfiles"
    textfiles.mkdir()
    file = textfiles / "ml_monitor.prom"
    fleet.write("ml_gates", gate(failing=2))
    fleet.run("export_metrics.py", "--out", str(file))
    text = file.read_text(encoding="utf-8")
    tool("promtool", "check", "metrics", text=text)
    # What both formats have in common: they read the same, and nothing else is there.
    read = [
        {(s.name, *sorted(s.labels.items())): s.value for family in families for s in family.samples}
        for families in (prometheus_text(text), openmetrics(text + "# EOF\n"))
    ]
    assert read[0] == read[1]
    assert len(read[0]) == sum(not line.startswith("#") for line in text.splitlines()) > 10
    with (
        receiver() as hook,
        alertmanager(tmp_path / "am", hook.url) as url,
        prometheus(tmp_path / "prometheus", textfiles, url) as server,
    ):
        wait_until("the gate's alert fires", lambda: ("firing", "MlMonitorGateFailing") in told(hook))
        alerts = {alert["labels"]["alertname"] for _, body in hook.accepted for alert in body["alerts"]}
        # The rows of the test are of the past, so the monitor is stale; the export is new, and there are no objectives.
        assert alerts == {"MlMonitorGateFailing", "MlMonitorStale"}
        found = requests.get(
            f"{server}/api/v1/query", params={"query": "ml_monitor_gate_checks"}, timeout=5
        ).json()
        assert {one["metric"]["status"]: one["value"][1] for one in found["data"]["result"]} == {
            "pass": "1",
            "warn": "0",
            "fail": "2",
            "not_evaluated": "0",
        }
        fleet.write("ml_gates", gate(failing=0))
        burning = {"burn_alert": "fast", "budget_left": 0.2, "is_latest": True}
        fleet.write("ml_objectives", [{"monitor": "tiny", "objective": "on_time", **burning}])
        fleet.run("export_metrics.py", "--out", str(file))
        wait_until("the gate's alert is resolved", lambda: ("resolved", "MlMonitorGateFailing") in told(hook))
        wait_until("the budget's alert fires", lambda: ("firing", "MlMonitorBurnFast") in told(hook))
    # A failing export leaves the file as it was.
    before = file.read_bytes()
    fleet.drop("ml_gates")
    assert "export_metrics:" in fleet.run("export_metrics.py", "--out", str(file), check=1)
    assert file.read_bytes() == before
    assert [path.name for path in textfiles.iterdir()] == [file.name]


def test_every_panel_of_the_dashboard_finds_what_was_exported(fleet: Fleet, tmp_path: Path) -> None:
    textfiles = tmp_path / "textfiles"
    textfiles.mkdir()
    total = {"monitor": "tiny", "model_version": "__all__", "segment_name": "__all__", "window_end": NOW}
    grains = [total | {"window_grain": grain, "is_mature": True} for grain in ("day", "28_days")]
    fleet.write("ml_gates", gate(failing=1))
    fleet.write("ml_runs", [{"monitor": "tiny", "as_of": NOW, "recorded_at": NOW, "newest_hour": NOW}])
    fleet.write("ml_volume", [total | {"window_grain": "day", "current_rows": 50, "volume_ratio": 1.0}])
    fleet.write("ml_performance", [row | {"label_coverage": 0.9} for row in grains])
    fleet.write("ml_performance_metrics", [row | {"metric_name": "auc", "value": 0.8} for row in grains])
    budget = {"burn_alert": None, "budget_left": 0.2, "is_latest": True}
    fleet.write("ml_objectives", [{"monitor": "tiny", "objective": "on_time", **budget}])
    fleet.run("export_metrics.py", "--out", str(textfiles / "ml_monitor.prom"))
    dashboard = json.loads((ROOT / "docs/grafana/dashboards/ml_monitor_metrics.json").read_text("utf-8"))
    panels = {
        (panel["title"], target["expr"].replace("$monitor", ".+"))
        for panel in dashboard["panels"]
        for target in panel["targets"]
    }
    assert len(panels) >= 10
    # Nobody listens there: these are no alerts.
    with prometheus(tmp_path / "prometheus", textfiles, "http://127.0.0.1:9") as server:

        def rows(query: str) -> list[dict[str, Any]]:
            address = f"{server}/api/v1/query"
            return requests.get(address, params={"query": query}, timeout=5).json()["data"]["result"]

        wait_until("the export is read", lambda: rows("ml_monitor_export_timestamp_seconds"))
        assert {title: len(rows(query)) for title, query in panels if not rows(query)} == {}
        names = {row["metric"]["monitor"] for row in rows("ml_monitor_gate_checks")}
    (variable,) = dashboard["templating"]["list"]
    assert (variable["query"], names) == ("label_values(ml_monitor_gate_checks, monitor)", {"tiny"})
