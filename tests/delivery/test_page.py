"""docs/delivery.md says what the scripts do."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import export_metrics
import notify
import scaffold
import yaml
from conftest import ROOT

PAGE = (ROOT / "docs/delivery.md").read_text(encoding="utf-8")


def test_options_have_these_defaults() -> None:
    args = vars(notify.arguments(["--project-dir", str(ROOT)]))
    rows = re.findall(r"^\| `--([\w-]+)` \| `?(\w+)`? \|", PAGE, re.MULTILINE)
    shown = {name.replace("-", "_"): default for name, default in rows}
    own = {
        name: value
        for name, value in args.items()
        if name not in ("send", "project_dir", "profiles_dir", "target")
    }
    assert shown == {
        name: f"{value:g}" if isinstance(value, float | int) else value for name, value in own.items()
    }


def test_every_gauge_and_alert_is_described() -> None:
    table = PAGE.split("| gauge,")[1].split("\n\n")[0]
    names = {name for row in table.splitlines()[2:] for name in re.findall(r"`(\w+)`", row.split("|")[1])}
    assert names == set(export_metrics.GAUGES)
    measures = set(export_metrics.SHARES + export_metrics.ERRORS)
    assert measures <= set(re.findall(r"\w+", table))
    rules = yaml.safe_load((ROOT / "docs/prometheus/ml_monitor_rules.yml").read_text(encoding="utf-8"))
    alerts = {rule["alert"] for rule in rules["groups"][0]["rules"]}
    assert alerts == set(re.findall(r"`(MlMonitor\w+)`", PAGE)) - {"MlMonitorIncident"}
    assert {f"`{name}`" for name in notify.LABELS} <= set(re.findall(r"`\w+`", PAGE))


def test_the_script_for_cron_is_shell_and_its_options_exist() -> None:
    (script,) = re.findall(r"```bash\n(.*?)```", PAGE, re.DOTALL)
    subprocess.run(["bash", "-n", "-c", script], check=True)
    called = re.findall(r"scripts/(\w+)\.py (--[\w-]+)", script)
    assert called == [("notify", "--send"), ("export_metrics", "--out")]
    assert "hourly.sh" in re.findall(r"^    17 \* \* \* \*  (.+)$", PAGE, re.MULTILINE)[0]


def test_the_scaffold_copies_what_the_snippet_declares(tmp_path: Path) -> None:
    (snippet,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "churn.yml").write_text(snippet, encoding="utf-8")
    assert scaffold.alert_meta(tmp_path, "churn") == {"owner": "team@example.com", "channel": "ops-ml"}
    tests = [
        line for line in scaffold.monitor_yaml("churn", [], tmp_path, False).splitlines() if ".gate:" in line
    ]
    assert len(tests) == 5
    assert all(line.endswith("config: *alert}") for line in tests)
    # Without a declaration there is nothing to carry on.
    assert "alert" not in scaffold.monitor_yaml("fraud", [], tmp_path, False)
