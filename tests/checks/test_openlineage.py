"""ml_test_facets gives every check as OpenLineage's TestRunFacet has it: nothing that was not judged counts as passed."""

from __future__ import annotations

import json

from conftest import ROOT, Project, Result

# TestRunFacet 1-0-0: the fields of a test, and which of them are required.
FIELDS = {"name", "status", "severity", "type", "description", "expected", "actual", "content", "contentType"}


def test_every_check_is_one_entry(full_build: tuple[Project, Result]) -> None:
    project, _ = full_build
    counted = project.query(
        """select c.status, f.test_status, count(*), count(f.check_id)
        from ml_checks as c left join ml_test_facets as f using (check_id) group by all"""
    )
    facets = {"pass": "pass", "warn": "fail", "fail": "fail", "not_evaluated": "skip"}
    assert {status: facet for status, facet, _, _ in counted} == facets
    assert all(rows == found for _, _, rows, found in counted)
    assert project.value("select count(*) from ml_test_facets") == sum(rows for _, _, rows, _ in counted)


def test_severity_is_that_of_the_policy(full_build: tuple[Project, Result]) -> None:
    """Limits that only warn give warn, also where the check passed; a failure is an error."""
    wrong = full_build[0].query(
        """select f.severity, c.status, p.policy_id, count(*)
        from ml_test_facets as f
        join ml_checks as c using (check_id)
        join ml_policies as p on p.policy_id = c.policy_id and p.monitor = c.monitor
        where f.severity <> case
            when c.status = 'warn' or coalesce(p.fail_above, p.fail_below) is null then 'warn' else 'error'
        end
        group by all"""
    )
    assert wrong == []
    rows = full_build[0].query("select distinct severity from ml_test_facets where test_status = 'pass'")
    assert {severity for (severity,) in rows} == {"warn", "error"}


def test_what_was_expected_and_found_can_be_read(full_build: tuple[Project, Result]) -> None:
    row = full_build[0].query(
        """select expected, actual, test_type, content_type, dataset, test_name from ml_test_facets
        where test_status = 'fail' and severity = 'error' and test_type = 'late_share'
        order by window_start limit 1"""
    )
    name = "flight_delay.freshness.late_share.__rows__.hour"
    assert row == [("<= 0.2", "1.000", "late_share", "sql", "flight_delay__inferences", name)]
    # Every finding has its limit and its value, and is not within the one that it crossed.
    found = full_build[0].query(
        """select count(*), count(f.expected), count(f.actual), count(f.description) from ml_test_facets as f
        where test_status = 'fail'"""
    )
    assert len(set(found[0])) == 1
    assert found[0][0] > 900


def test_the_query_of_the_docs_makes_the_facet(full_build: tuple[Project, Result]) -> None:
    page = (ROOT / "docs" / "bi.md").read_text(encoding="utf-8")
    query = page.split("## OpenLineage")[1].split("```sql\n")[1].split("```")[0]
    rows = full_build[0].query(query)
    assert {dataset for dataset, _ in rows} >= {"flight_delay__inferences"}
    for _, text in rows:
        facet = json.loads(text)
        assert facet["_schemaURL"] == "https://openlineage.io/spec/facets/1-0-0/TestRunFacet.json"
        assert facet["_producer"]
        assert facet["tests"]
        for test in facet["tests"]:
            assert set(test) <= FIELDS
            assert test["name"]
            assert test["status"] in ("pass", "fail", "skip")
            assert test["severity"] in ("error", "warn")
            assert all(isinstance(value, str) for value in test.values())
