"""How many base tables a query scans if every CTE is inlined, as in Spark, BigQuery and Trino: each reference costs its scans."""

from __future__ import annotations

import sqlglot
from sqlglot import exp


def base_scans(sql: str, dialect: str = "duckdb") -> int:
    """Scans of tables and views. Functions, lists of values and a reference of a recursive CTE to itself count nothing."""
    return _scans(sqlglot.parse_one(sql, dialect=dialect), {})


def _scans(query: exp.Expression, known: dict[str, int]) -> int:
    """Scans of a query. ``known``: the scans of each CTE that it may refer to."""
    for clause in _clauses(query):
        known = dict(known)
        # A CTE sees those before it, and those of the queries around.
        for cte in clause.expressions:
            name = cte.alias.lower()
            if clause.recursive:
                known[name] = 0
            known[name] = _scans(cte.this, known)
    scans, nodes = 0, [query]
    while nodes:
        node = nodes.pop()
        if node is not query and _clauses(node):
            scans += _scans(node, known)
            continue
        if isinstance(node, exp.Table) and isinstance(node.this, exp.Identifier):
            scans += 1 if node.db else known.get(node.name.lower(), 1)
        nodes += [child for child in node.iter_expressions() if not isinstance(child, exp.With)]
    return scans


def _clauses(node: exp.Expression) -> list[exp.With]:
    """The ``with`` of a query, if it has one."""
    return [child for child in node.iter_expressions() if isinstance(child, exp.With)]
