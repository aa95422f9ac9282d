"""scripts/lint/lint_macros.py: each rule finds a bad sample and accepts a good one."""

from __future__ import annotations

from pathlib import Path

import lint_macros
import pytest

GOOD = """{#- What it does. -#}
{% macro good(value, other=none) %}
    {%- set half = value / 2 -%}
    {%- do return(ml_monitor.helper(half) | round(2)) -%}
{% endmacro %}
"""
HELPER = "{# Helps. #}\n{% macro helper(value) %}{{ value }}{% endmacro %}\n"
# Rule -> text of macros/good.sql, and the line of the fault.
BAD = {
    "long-line": (GOOD + f"-- {'x' * 140}\n", 6),
    "long-macro": (GOOD.replace("    {%- set", "\n" * 200 + "    {%- set"), 2),
    "file-name": (GOOD.replace("macro good", "macro better"), 1),
    "snake-case": (GOOD.replace("half", "Half"), 3),
    "bare-call": (GOOD.replace("ml_monitor.helper", "helper"), 4),
    "no-docstring": (GOOD.replace("{#- What it does. -#}", "select 1"), 2),
    "trailing-space": (GOOD.replace("none) %}", "none) %} "), 2),
    "jinja-space": (GOOD.replace("{%- do", "{%-do"), 4),
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project of two macros without a fault."""
    (tmp_path / "macros").mkdir()
    (tmp_path / "macros" / "good.sql").write_text(GOOD)
    (tmp_path / "macros" / "helper.sql").write_text(HELPER)
    return tmp_path


def found(root: Path) -> list[tuple[str, str, int]]:
    """The faults of a project: rule, file and line."""
    return [(fault.rule, fault.path, fault.line) for fault in lint_macros.all_faults(root)]


def test_good_macros_have_no_fault(root: Path) -> None:
    assert found(root) == []


@pytest.mark.parametrize("rule", BAD)
def test_a_rule_finds_its_sample_and_no_other_does(root: Path, rule: str) -> None:
    text, line = BAD[rule]
    assert text != GOOD
    (root / "macros" / "good.sql").write_text(text)
    assert found(root) == [(rule, "macros/good.sql", line)]


@pytest.mark.parametrize("caller", ["tests/generic", "models", "analyses"])
def test_a_helper_that_other_files_call_is_a_fault(root: Path, caller: str) -> None:
    (root / "macros" / "helper.sql").write_text(HELPER + HELPER.replace("macro helper", "macro more_help"))
    assert found(root) == []
    (root / caller).mkdir(parents=True)
    text = GOOD.replace("macro good", "test calls" if caller == "tests/generic" else "macro calls")
    text = text.replace("endmacro", "endtest") if caller == "tests/generic" else text
    (root / caller / "calls.sql").write_text(text.replace("helper(", "more_help("))
    assert found(root) == [("called-from-elsewhere", "macros/helper.sql", 4)]


def test_columns_select_and_adapter_variants_may_be_called(root: Path) -> None:
    """A variant needs no comment either, and a local macro argument may have the name of a macro."""
    more = [HELPER.replace("macro helper", f"macro helper_{name}") for name in ("columns", "select")]
    more.append("{% macro default__helper(good) %}{{ good(1) }}{% endmacro %}\n")
    (root / "macros" / "helper.sql").write_text(HELPER + "".join(more))
    calls = ["helper_columns", "helper_select", "default__helper"]
    (root / "analyses").mkdir()
    text = "".join(f"select {{{{ ml_monitor.{name}(1) }}}}\n" for name in calls)
    (root / "analyses" / "calls.sql").write_text(text)
    assert found(root) == []


def test_text_outside_of_jinja_and_comments_are_no_calls(root: Path) -> None:
    (root / "macros" / "good.sql").write_text(
        f"{GOOD}\nselect helper(1), '{{{{ \"helper(1)\" }}}}' {{# helper(2) #}}\n"
    )
    assert found(root) == []


def test_a_fault_is_printed_with_its_place_and_fails(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert lint_macros.main(["--root", str(root)]) == 0
    (root / "macros" / "good.sql").write_text(f"{GOOD}-- {'x' * 140}\n")
    assert lint_macros.main(["--root", str(root)]) == 1
    assert "macros/good.sql:6: long-line: 143 characters" in capsys.readouterr().out
