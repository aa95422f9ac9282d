"""The contract of macros/adapters: every macro gives the same on DuckDB and PostgreSQL, and none is tied to an engine unsaid.

``CASES`` has what each macro must return, or what its SQL must give for inputs that engines read in their own way. A model of
the project holds all of them: one ``dbt compile`` for each engine renders the SQL, which then runs without dbt. A macro without
a case fails the test. For engines that are not run, the ``default__`` variants are rendered, too: each must be SQL that all
read, or say that it is not ported.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from math import inf, nan
from pathlib import Path
from typing import Any

import duckdb
import psycopg2
import pytest
from conftest import ROOT, Project
from postgres_server import PostgresServer
from spark_session import Spark

MODEL = "adapter_cases"
FOLDER = "macros/adapters"
# Of the table that the model is to add to: one of every kind of type.
TABLE = f"""create table {MODEL} (
    id bigint, "Größe" text, price double precision, amount decimal(12, 3), is_new boolean, seen timestamp, day date
)"""
TABLE_TYPES = [
    ["id", "bigint"],
    ["Größe", "text"],
    ["price", "double"],
    ["amount", "decimal(12,3)"],
    ["is_new", "boolean"],
    ["seen", "timestamp"],
    ["day", "date"],
]
HELPERS = """
{% macro adapter_cases_types(pairs) %}
    {%- set ns = namespace(named=[]) -%}
    {%- for name, type in pairs -%}{%- set ns.named = ns.named + [[name, ml_monitor.type_name(type)]] -%}{%- endfor -%}
    {%- do return(ns.named) -%}
{% endmacro %}
"""
LONG = "ä" * 230 + "0123456789"
AWKWARD = [
    "",
    "it's",
    "''",
    '"',
    "back\\slash",
    "\\",
    "\\'",
    "Größe 東京 🙂",
    "tab\tand\nline",
    "{{ 1 }}",
    "%s",
]


@dataclass
class Case:
    """A call of a macro, as Jinja, and what must come of it.

    Without ``expected`` the call is to return ``returned``. Else it returns SQL that ``query`` holds as ``{sql}``, over the table
    ``inputs`` with ``columns`` and ``rows`` and their number ``id``; by default it is an expression over one row.
    """

    call: str
    columns: str = ""
    rows: list[tuple[Any, ...]] = field(default_factory=list)
    expected: list[Any] | None = None
    returned: Any = None
    query: str = "select {sql} from inputs order by id"


def each(call: str, columns: str, *pairs: tuple[Any, ...], query: str | None = None) -> Case:
    """A case of an expression: each of the pairs is the values of the columns and the result."""
    case = Case(call, columns, [pair[:-1] for pair in pairs], [pair[-1] for pair in pairs])
    case.query = query or case.query
    return case


def gives(call: str, returned: Any) -> Case:
    """A case of a macro that returns a value, or SQL that is the same everywhere."""
    return Case(call, returned=returned)


def hashes(call: str, columns: str, same: list[tuple[Any, ...]], other: list[tuple[Any, ...]]) -> Case:
    """A case of a hash: the rows ``same`` have one, and each of ``other`` another."""
    case = Case(call, columns, same + other, [1 + len(other), 0])
    case.query = (
        "select count(distinct hashed) from (select {sql} as hashed from inputs) as all_rows union all "
        f"select count(distinct hashed) - 1 from (select {{sql}} as hashed from inputs where id <= {len(same)}) as same_rows"
    )
    return case


def at(text: str) -> datetime:
    """A timestamp."""
    return datetime.fromisoformat(text)


def md5(text: str) -> str:
    """The md5 of a text in UTF-8."""
    return hashlib.md5(text.encode()).hexdigest()


FIRST, LAST = at("0001-01-01 00:00:00"), at("9999-12-31 23:59:59.999999")
MORNING = at("2024-03-10 06:30:15.123456")
VECTORS: list[tuple[Any, Any, Any]] = [
    # vector, its length, its norm
    (None, None, None),
    ([], 0, None),
    ([3.0, 4.0], 2, 5.0),
    ([0.0], 1, 0.0),
    ([1.0, None], 2, None),
    ([None], 1, None),
    ([nan, 1.0], 2, nan),
    ([1e-200, 3.0, -4.0], 3, 5.0),
]
TEXTS_OF_NUMBERS: list[tuple[str | None, float | None]] = [
    (None, None),
    ("", None),
    (" ", None),
    ("0", 0.0),
    ("-1.5", -1.5),
    (" 12 ", 12.0),
    ("1e3", 1000.0),
    ("12,5", None),
    ("1.234,5", None),
    ("0x10", None),
    ("1 2", None),
    ("it's", None),
]
CASES: dict[str, list[Case]] = {
    # Values that are the same everywhere.
    "aliased": [
        gives("ml_monitor.aliased('a.b', 'x')", "a.b as x"),
        gives("ml_monitor.aliased('(select 1) as y', 'x')", "(select 1) as x"),
        gives("ml_monitor.aliased(' (select (1)) ', 'x')", "(select (1)) as x"),
    ],
    "call_of": [
        gives("ml_monitor.call_of('f', [1, 'a'])", "f(1, a)"),
        gives("ml_monitor.call_of('f', [])", "f()"),
        gives("ml_monitor.call_of('f', [1, 'a'], indent=8)", "f(\n        1,\n        a\n    )"),
    ],
    "filled_from_each_other": [
        gives("ml_monitor.filled_from_each_other(['a', 'b'])", ["coalesce(a, b)", "coalesce(b, a)"]),
        gives("ml_monitor.filled_from_each_other([0, 'a'])", ["0", "coalesce(a, 0)"]),
        gives("ml_monitor.filled_from_each_other([-0.5, '1e-300', '-1e12'])", ["-0.5", "1e-300", "-1e12"]),
        gives(
            "ml_monitor.filled_from_each_other(['a', ml_monitor.timestamp_literal('2024-01-01'), 'b'])",
            [
                "coalesce(a, cast('2024-01-01' as timestamp))",
                "cast('2024-01-01' as timestamp)",
                "coalesce(b, a, cast('2024-01-01' as timestamp))",
            ],
        ),
        gives("ml_monitor.filled_from_each_other(['a1'])", ["a1"]),
    ],
    "packed": [
        gives("ml_monitor.packed(['a', 'b'], ', ')", "a, b"),
        gives("ml_monitor.packed(['a' * 60, 'b' * 60, 'c'], ', ')", "a" * 60 + ",\n" + "b" * 60 + ", c"),
        gives("ml_monitor.packed(['a' * 200, 'b'], ' ')", "a" * 200 + "\nb"),
    ],
    "date_pattern": [
        gives(
            "modules.re.match(ml_monitor.date_pattern() ~ '$', '2024-02-29') is not none"
            " and modules.re.match(ml_monitor.date_pattern() ~ '$', '2023-02-29') is none",
            True,
        )
    ],
    "year_pattern": [
        gives(
            "modules.re.match(ml_monitor.year_pattern() ~ '$', '0001') is not none"
            " and modules.re.match(ml_monitor.year_pattern() ~ '$', '0000') is none",
            True,
        )
    ],
    "model_node": [
        gives(f"ml_monitor.model_node('{MODEL}').name", MODEL),
        gives("ml_monitor.model_node('no_such_model') or none", None),
    ],
    "type_class": [
        gives(f"ml_monitor.type_class('{type_name}')", class_name)
        for type_name, class_name in {
            "VARCHAR(10)": "text",
            "numeric(12, 3)": "number",
            "ubigint": "whole",
            "timestamp(6)": "timestamp",
            "timestamp(6) with time zone": "timestamptz",
            "json": "json",
        }.items()
    ],
    "name_case": [gives("ml_monitor.name_case() in ['lower', 'as it is']", True)],
    # A value and its text.
    "number_as_text": [
        each(
            "ml_monitor.number_as_text('x')",
            "x double precision",
            (None, None),
            (0.0, "0"),
            (-0.0, "0"),
            (-12.0, "-12"),
            (0.1, "0.1"),
            (-2.5, "-2.5"),
        )
    ],
    "exact_number": [
        each(
            "ml_monitor.exact_number('x', 'real')",
            "x real",
            (None, None),
            (0.3, 0.3),
            (-2.5, -2.5),
            (nan, nan),
        ),
        each("ml_monitor.exact_number('x', 'double')", "x double precision", (0.3, 0.3), (1 / 3, 1 / 3)),
    ],
    "exact_number_of_any": [
        each("ml_monitor.exact_number('x')", "x real", (None, None), (0.3, 0.3)),
        each("ml_monitor.exact_number('x')", "x int", (3, 3.0)),
    ],
    "value_text": [
        each("ml_monitor.value_text('x', 'int')", "x int", (None, None), (7, "7")),
        each(
            "ml_monitor.value_text('x', 'double')",
            "x double precision",
            (None, None),
            (7.0, "7"),
            (1.5, "1.5"),
        ),
        each("ml_monitor.value_text('x', 'decimal(12, 3)')", "x numeric", (Decimal("1.500"), "1.5")),
        each("ml_monitor.value_text('x', 'real')", "x real", (0.3, "0.3"), (2.0, "2")),
        each(
            "ml_monitor.value_text('x', 'boolean')",
            "x boolean",
            (None, None),
            (True, "true"),
            (False, "false"),
        ),
        each(
            "ml_monitor.value_text('x', 'boolean', ['boolean', 'whole'])",
            "x boolean",
            (None, None),
            (True, "1"),
            (False, "0"),
        ),
        each(
            "ml_monitor.value_text('x', 'string')", "x text", (None, None), ("1.0", "1.0"), ("True", "True")
        ),
        each(
            "ml_monitor.value_text('x', 'string', ['number', 'text'])",
            "x text",
            (None, None),
            ("1.0", "1"),
            ("01", "1"),
            ("1.5", "1.5"),
            ("a", "a"),
            ("", ""),
        ),
        each(
            "ml_monitor.value_text('x', 'string', ['boolean', 'text'])",
            "x text",
            ("True", "true"),
            ("0", "false"),
            ("a", "a"),
        ),
    ],
    "type_names": [
        gives("'varchar' in ml_monitor.type_names().text and 'int8' in ml_monitor.type_names().bigint", True)
    ],
    "type_name": [
        gives(
            "[ml_monitor.type_name('VARCHAR(10)'), ml_monitor.type_name('double precision'),"
            " ml_monitor.type_name('numeric (12, 3)'), ml_monitor.type_name('json')]",
            ["text", "double", "decimal(12,3)", "json"],
        )
    ],
    "names_and_types": [
        gives(
            "adapter_cases_types(ml_monitor.names_and_types('select id, ' ~ adapter.quote('Größe')"
            " ~ ', price, is_new, seen, day from ' ~ this))",
            [pair for pair in TABLE_TYPES if pair[0] != "amount"],
        ),
    ],
    "file_relation": [gives('ml_monitor.file_relation("no such file\'s.parquet")', None)],
    "can_publish": [gives("ml_monitor.can_publish() == (adapter.type() == 'duckdb')", True)],
    "lock_statement": [
        gives("(ml_monitor.lock_statement('t') or 'lock table t in ').startswith('lock table t in ')", True)
    ],
    "has_temporary_tables": [gives("ml_monitor.has_temporary_tables() == (adapter.type() != 'spark')", True)],
    "before_view": [
        gives("(ml_monitor.before_view('v') or 'drop view if exists v') == 'drop view if exists v'", True)
    ],
    "view_or_table": [
        gives("ml_monitor.view_or_table() == ('table' if adapter.type() == 'spark' else 'view')", True)
    ],
    "engine_faults": [gives("ml_monitor.engine_faults()", [])],
    "planner_settings": [
        gives("(ml_monitor.planner_settings() or 'set local ;').startswith('set local ')", True)
    ],
    "not_ported": [gives("ml_monitor.not_ported is defined", True)],
    # Literals and types.
    "string_literal": [
        Case(
            f"'select ' ~ [{', '.join(f'ml_monitor.string_literal({text!r})' for text in AWKWARD)}] | join(' union all select ')",
            expected=sorted(AWKWARD),
            query="select x from ({sql}) as literals (x) order by x",
        ),
        gives("ml_monitor.string_literal(5)", "'5'"),
        # Engines that unescape backslashes, and are not run.
        *[
            gives(f"ml_monitor.{engine}__string_literal({text!r})", literal)
            for engine in ("spark", "bigquery", "snowflake")
            for text, literal in (("it's", r"'it\'s'"), ("\\d", r"'\\d'"))
        ],
    ],
    "string_list": [
        each(
            "'x in (' ~ ml_monitor.string_list(['a', \"it's\", 5]) ~ ')'",
            "x text",
            ("a", True),
            ("it's", True),
            ("5", True),
            ("", False),
        ),
        gives("ml_monitor.string_list([])", ""),
    ],
    "values_list": [
        Case(
            "ml_monitor.values_list(['a', 'b'], [[\"'x'\", 1], [\"'it''s'\", 'null'], [\"'y'\", 1]])",
            expected=["x", "y"],
            query="select a from ({sql}) as listed where b = 1 order by a",
        ),
        gives(
            "ml_monitor.default__values_list(['a', 'b'], [[1, 2], [3, 4]])",
            "select 1 as a, 2 as b\nunion all\nselect 3 as a, 4 as b",
        ),
    ],
    "timestamp_literal": [
        Case(f"ml_monitor.timestamp_literal('{text}')", rows=[()], expected=[at(text)])
        for text in (str(FIRST), str(LAST), str(MORNING))
    ],
    "text_type": [each("'cast(x as ' ~ ml_monitor.text_type() ~ ')'", "x integer", (1, "1"), (None, None))],
    "kept_in_this_run": [gives("ml_monitor.text_type() == ml_monitor.kept_in_this_run()['text_type']", True)],
    "float_type": [each("'cast(x as ' ~ ml_monitor.float_type() ~ ')'", "x integer", (1, 1.0), (None, None))],
    "float64": [
        each("ml_monitor.float64('x')", "x bigint", (3, 3.0), (2**53, 2.0**53), (None, None)),
        Case("ml_monitor.float64(0.1)", rows=[()], expected=[0.1]),
        Case("ml_monitor.float64(\"'NaN'\")", rows=[()], expected=[nan]),
        Case("ml_monitor.float64(\"'-Infinity'\")", rows=[()], expected=[-inf]),
    ],
    "number_or_null": [
        Case("ml_monitor.number_or_null(none)", rows=[()], expected=[None]),
        Case("ml_monitor.number_or_null(0)", rows=[()], expected=[0.0]),
        Case("ml_monitor.number_or_null(-1e300)", rows=[()], expected=[-1e300]),
    ],
    "safe_cast": [
        each("ml_monitor.safe_cast('x', 'double')", "x text", *TEXTS_OF_NUMBERS),
        each(
            "ml_monitor.safe_cast('x', 'timestamp')",
            "x text",
            (None, None),
            ("", None),
            ("2024-02-29", at("2024-02-29")),
            ("2023-02-29", None),
            ("2024-03-10T06:30:15.123456", MORNING),
            ("9999-12-31 23:59:59.999999", LAST),
            ("0001-01-01 00:00:00", FIRST),
            ("2024-13-01", None),
            ("it's", None),
            ("1710052215", None),
        ),
    ],
    "number_of_text": [
        each(
            "ml_monitor.number_of_text('x')",
            "x text",
            *TEXTS_OF_NUMBERS,
            ("1,234,567.5", 1234567.5),
            ("-1,234", -1234.0),
            ("1,23", None),
            (",123", None),
        )
    ],
    "zoned_to_utc": [
        each(
            "ml_monitor.zoned_to_utc('x')",
            "x timestamp with time zone",
            (None, None),
            ("2024-03-10 06:30:15.123456+00", MORNING),
            ("2024-03-10 08:30:15.123456+02", MORNING),
        )
    ],
    "table_names": [
        Case(
            "ml_monitor.table_names(target.database, target.schema | upper)",
            expected=[1],
            query=f"select count(*) from ({{sql}}) as names where table_name = '{MODEL}'",
        )
    ],
    "utc_timestamp": [
        each(
            "ml_monitor.utc_timestamp('x')",
            "x text",
            (None, None),
            ("", None),
            ("2024-03-10 06:30:15.123456", MORNING),
            ("2024-03-10T06:30:15.123456Z", MORNING),
            ("2024-03-10 06:30:15.123456 UTC", MORNING),
            ("2024-03-10T08:30:15.123456+02:00", MORNING),
            ("2024-03-10 01:00:15.123456 -0530", MORNING),
            ("2024-03-10", at("2024-03-10")),
            # A time that New York, where the session is, did not have.
            ("2024-03-10 02:30:00", at("2024-03-10 02:30:00")),
            ("0001-01-01 00:00:00", FIRST),
            ("9999-12-31T23:59:59.999999Z", LAST),
            ("0000-01-01", None),
            ("10000-01-01", None),
            ("2023-02-29 00:00:00", None),
            ("2024-03-10 25:00:00", None),
            ("2024-03-10 06:30:15 Europe/Paris", None),
            ("infinity", None),
            ("now", None),
            ("1710052215", None),
            ("it's", None),
        )
    ],
    # Numbers.
    **{
        f"{word}_of": [
            each(
                f"ml_monitor.{word}_of(['x', 'y', 'z'])",
                "x double precision, y double precision, z double precision",
                (1.0, 3.0, 2.0, pick([1.0, 3.0, 2.0])),
                (None, 3.0, 2.0, pick([3.0, 2.0])),
                (1.0, None, 2.0, pick([1.0, 2.0])),
                (None, None, -0.5, -0.5),
                (None, None, None, None),
                (-inf, inf, None, pick([-inf, inf])),
                (1e300, -1e300, 0.0, pick([1e300, -1e300])),
                (None, 5.0, nan, nan if word == "greatest" else 5.0),
            ),
            each(
                f"ml_monitor.{word}_of([0, 'x'])",
                "x bigint",
                (None, 0),
                (-5, pick([0, -5])),
                (5, pick([0, 5])),
                (2**62, pick([0, 2**62])),
            ),
            each(f"ml_monitor.{word}_of(['x'])", "x bigint", (None, None), (5, 5)),
            each(
                f"ml_monitor.{word}_of(['x', ml_monitor.timestamp_literal('2024-01-01 00:00:00')], indent=8)",
                "x timestamp",
                (None, at("2024-01-01")),
                (FIRST, pick([FIRST, at("2024-01-01")])),
                (LAST, pick([LAST, at("2024-01-01")])),
            ),
        ]
        for word, pick in (("greatest", max), ("least", min))
    },
    "modulo": [
        each(
            "ml_monitor.modulo('x', 2)",
            "x bigint",
            (None, None),
            (5, 1),
            (4, 0),
            (-5, -1),
            (2**63 - 1, 1),
            (-(2**63), 0),
        ),
        each("ml_monitor.modulo('x', 'y')", "x bigint, y bigint", (7, -3, 1), (-7, 3, -1), (7, None, None)),
    ],
    "quantile": [
        Case(
            f"ml_monitor.quantile({share}, 'x'{', between=true' if between else ''})",
            "g bigint, x double precision",
            [
                (1, 1.0),
                (1, None),
                (1, 10.0),
                (1, 2.0),
                (1, 4.0),
                (2, None),
                (3, 1e300),
                (4, -inf),
                (4, inf),
                (4, 0.0),
            ],
            expected,
            query="select {sql} from inputs where g <= 4 group by g order by g"
            if not between
            else "select {sql} from inputs where g <= 3 group by g order by g",
        )
        for share, between, expected in (
            (0.5, False, [2.0, None, 1e300, 0.0]),
            (0.95, False, [10.0, None, 1e300, inf]),
            (0, False, [1.0, None, 1e300, -inf]),
            (0.5, True, [3.0, None, 1e300]),
        )
    ],
    "numbers_to": [
        Case(
            "ml_monitor.numbers_to(5)",
            expected=[1, 2, 3, 4, 5],
            query="select cast(generated_number as bigint) from ({sql}) as numbers order by 1",
        ),
        Case(
            "ml_monitor.numbers_to(1)",
            expected=[1],
            query="select cast(generated_number as bigint) from ({sql}) as numbers",
        ),
        Case(
            "ml_monitor.numbers_to(131072)",
            expected=[131072],
            query="select count(distinct generated_number) from ({sql}) as numbers where generated_number between 1 and 131072",
        ),
    ],
    "half_hours": [
        each(
            "ml_monitor.half_hours('x')",
            "x double precision",
            (None, None),
            (0.0, 0.0),
            (14.9, 0.0),
            (15.0, 1.0),
            (-15.1, -1.0),
            (-300.0, -10.0),
            (inf, inf),
        )
    ],
    "filled_text": [
        each(
            "ml_monitor.filled_text('{x:1} of {2 * x:0}, {x:1|none}')",
            "x double precision",
            (1.25, "1.3 of 3, 1.3"),
            (None, None),
        ),
        each("ml_monitor.filled_text('x is {x:1|unknown}')", "x double precision", (None, "x is unknown")),
        each("ml_monitor.filled_text('{x} rows')", "x bigint", (3, "3 rows"), (None, None)),
    ],
    "significant_text": [
        each(
            "ml_monitor.significant_text('x')",
            "x double precision",
            (None, None),
            (0.0, "0"),
            (12345.6, "12346"),
            (720.44, "720.4"),
            (12.345, "12.35"),
            (-0.2983, "-0.298"),
            (0.05123, "0.0512"),
            (0.0004, "0.000400"),
        )
    ],
    "number_text": [
        each(
            "ml_monitor.number_text('x')",
            "x double precision",
            (None, None),
            (0.0, "0.00"),
            (1234.567, "1234.57"),
            (-0.004, "0.00"),
            (1e300, "1000000000000.00"),
            (-inf, "-1000000000000.00"),
            (inf, "1000000000000.00"),
        ),
        each("ml_monitor.number_text('x', 0)", "x double precision", (2.4, "2"), (-1e13, "-1000000000000")),
    ],
    # Texts.
    "matches": [
        each(
            "ml_monitor.matches('x', '^\\\\s*$')",
            "x text",
            (None, None),
            ("", True),
            (" \t", True),
            ("a", False),
            ("\\", False),
        ),
        each("ml_monitor.matches('x', \"o'\")", "x text", ("o'clock", True), ("o clock", False)),
        each("ml_monitor.matches('x', '^[0-9]{2}$')", "x text", ("12", True), ("123", False), ("1", False)),
        each("ml_monitor.matches('x', 'ö')", "x text", ("Größe", True), ("Grosse", False)),
    ],
    "ends_with": [
        each(
            "ml_monitor.ends_with('x', '__')",
            "x text",
            (None, None),
            ("", False),
            ("_", False),
            ("__", True),
            ("a__", True),
            ("a_b", False),
            ("ab", False),
        ),
        each("ml_monitor.ends_with('x', \"%!'\")", "x text", ("5%!'", True), ("5%!", False), ("!'", False)),
    ],
    "without_leading": [
        each(
            "ml_monitor.without_leading('x', '=')",
            "x text",
            (None, None),
            ("", ""),
            ("==a=", "a="),
            ("a", "a"),
            ("=", ""),
            (" =", " ="),
        )
    ],
    "md5_text": [
        each(
            "ml_monitor.md5_text('x')",
            "x text",
            (None, None),
            *[(text, md5(text)) for text in AWKWARD],
        )
    ],
    "surrogate_key": [
        each(
            "ml_monitor.surrogate_key(['x', 'y'])",
            "x text, y bigint",
            ("a", 1, md5("a|1")),
            (None, 1, md5("|1")),
            (None, None, md5("|")),
            ("it's", -5, md5("it's|-5")),
        )
    ],
    "category": [
        each(
            "ml_monitor.category('x')",
            "x text",
            (None, None),
            ("", ""),
            ("JFK", "JFK"),
            ("__all__", "=__all__"),
            ("==__null__", "===__null__"),
            ("__mine__", "__mine__"),
            ("=a", "=a"),
            ("back\\slash'", "back\\slash'"),
            ("ä" * 236, "ä" * 236),
            (LONG, LONG[:200] + " ... " + md5(LONG)),
        )
    ],
    "joined_texts": [
        Case(
            "ml_monitor.joined_texts('x', \"', '\", ['y', 'x'])",
            "g bigint, x text, y bigint",
            [(1, "b", 1), (1, "a", 1), (1, None, 0), (1, "it's", 0), (2, "", 1), (2, "é", 2), (3, None, 1)],
            ["it's, a, b", ", é", None],
            query="select {sql} from inputs group by g order by g",
        )
    ],
    # Times.
    "minutes_between": [
        each(
            "ml_monitor.minutes_between('x', 'y')",
            "x timestamp, y timestamp",
            (MORNING, MORNING, 0.0),
            (at("2024-01-01 00:00:00"), at("2024-01-01 00:01:30.5"), 1.5 + 0.5 / 60),
            (at("2024-01-02"), at("2024-01-01"), -1440.0),
            (None, MORNING, None),
            (MORNING, None, None),
            (at("0001-01-01"), at("9999-12-31"), 3652058 * 1440.0),
        )
    ],
    "local_time": [
        each(
            "ml_monitor.local_time('x', 'America/New_York')",
            "x timestamp",
            (None, None),
            (at("2024-03-10 06:59:59"), at("2024-03-10 01:59:59")),
            (at("2024-03-10 07:00:00"), at("2024-03-10 03:00:00")),
            (at("2024-11-03 06:30:00"), at("2024-11-03 01:30:00")),
        ),
        each(
            "ml_monitor.local_time('x', 'Asia/Kolkata')",
            "x timestamp",
            (MORNING, at("2024-03-10 12:00:15.123456")),
        ),
    ],
    "local_hour": [
        each(
            "ml_monitor.local_hour('x', 'Asia/Kolkata')",
            "x timestamp",
            (None, None),
            (at("2024-03-10 06:29:00"), at("2024-03-10 11:00:00")),
        )
    ],
    "add_hours": [
        each(
            "ml_monitor.add_hours('x', 'y')",
            "x timestamp, y integer",
            (MORNING, 24, at("2024-03-11 06:30:15.123456")),
            (MORNING, -7, at("2024-03-09 23:30:15.123456")),
            (None, 1, None),
            (MORNING, None, None),
        ),
        each(
            "ml_monitor.add_hours('x', -1)",
            "x timestamp",
            (at("2024-03-10 00:00:00"), at("2024-03-09 23:00:00")),
        ),
    ],
    "date_add": [
        each(
            "ml_monitor.date_add('day', 8, 'x')",
            "x timestamp",
            (at("2024-02-25"), at("2024-03-04")),
            (None, None),
        ),
        each(
            "ml_monitor.date_add('month', 1, 'x')",
            "x timestamp",
            (at("2024-01-31"), at("2024-02-29")),
            (at("9998-12-31"), at("9999-01-31")),
        ),
        each(
            "ml_monitor.date_add('minute', 'y', 'x')",
            "x timestamp, y integer",
            (MORNING, 90, at("2024-03-10 08:00:15.123456")),
        ),
    ],
    "truncate": [
        each(
            "ml_monitor.truncate('hour', 'x')",
            "x timestamp",
            (None, None),
            (MORNING, at("2024-03-10 06:00:00")),
            (LAST, at("9999-12-31 23:00:00")),
        ),
        each("ml_monitor.truncate('day', 'x')", "x timestamp", (MORNING, at("2024-03-10")), (FIRST, FIRST)),
        each(
            "ml_monitor.truncate('month', 'x')",
            "x timestamp",
            (MORNING, at("2024-03-01")),
            (at("1969-12-31 23:59:59"), at("1969-12-01")),
        ),
    ],
    "is_weekend": [
        each(
            "ml_monitor.is_weekend('x')",
            "x timestamp",
            (None, None),
            (at("2024-03-08 23:59:59"), False),
            (at("2024-03-09"), True),
            (at("2024-03-10 23:59:59"), True),
            (at("2024-03-11"), False),
        )
    ],
    # Hashes: their values are the engine's own.
    "key_hash": [
        hashes(
            "ml_monitor.key_hash('x')",
            "x text",
            [("a",), ("a",)],
            [("",), ("b",), ("A",), ("東京",), ("\\",), ("a ",)],
        )
    ],
    "row_hash": [
        # Not run: xxhash64 itself passes over NULLs.
        gives("ml_monitor.spark__row_hash(['x', 'y'])", "xxhash64(x, (x) is null, y, (y) is null)"),
        hashes(
            "ml_monitor.row_hash(['x', 'y', 'z'])",
            "x text, y bigint, z double precision",
            [("a", 1, nan), ("a", 1, nan)],
            [
                ("a", 1, inf),
                ("a", 1, None),
                ("a", None, 1.0),
                (None, 1, None),
                (None, None, None),
                ("", None, None),
                (None, None, 1.0),
                ("b", 1, nan),
                ("a", 2, nan),
            ],
        ),
        hashes(
            "ml_monitor.row_hash(['x', 'y'])",
            "x bigint, y bigint",
            [(None, 1), (None, 1)],
            [(1, None), (1, 1), (None, None), (0, 1), (1, 0)],
        ),
        hashes(
            "ml_monitor.row_hash(['x', 'y'])",
            "x text, y text",
            [("a", "bc")],
            [("ab", "c"), ("abc", ""), ("abc", None), (None, "abc"), ("", "abc")],
        ),
    ],
    "content_fingerprint": [
        Case(
            "ml_monitor.content_fingerprint(['x', 'y'])",
            "g bigint, x text, y double precision",
            [
                (1, "a", 1.0),
                (1, None, nan),
                (2, None, nan),
                (2, "a", 1.0),
                (3, "a", None),
                (3, None, nan),
                (4, "a", 1.0),
            ],
            [(1, True), (2, True), (3, False), (4, False)],
            query="""select g, fingerprint = (select {sql} from inputs where g = 1)
            from (select g, {sql} as fingerprint from inputs group by g) as groups order by g""",
        ),
        Case(
            "ml_monitor.content_fingerprint(['x'])", "x text", [], ["0 0"], query="select {sql} from inputs"
        ),
    ],
    # Vectors.
    "vector_length": [
        each("ml_monitor.vector_length('x')", "x double precision[]", *[(x, n) for x, n, _ in VECTORS])
    ],
    "float64_vector": [
        each("ml_monitor.float64_vector('x')", "x real[]", *[(x, x) for x, *_ in VECTORS[:-1]])
    ],
    "vector_norm": [
        each("ml_monitor.vector_norm('x')", "x double precision[]", *[(x, norm) for x, _, norm in VECTORS]),
        each(
            "ml_monitor.vector_norm('x') ~ ' > 1e100'",
            "x double precision[]",
            ([inf, 0.0], True),
            ([-inf], True),
            ([1e200], True),
            ([1e90], False),
        ),
    ],
    "vector_elements": [
        Case(
            "ml_monitor.vector_elements('inputs', 'x', ['id', 'y'], \"y <> 'no'\")",
            "x double precision[], y text",
            [([1.0, None, nan], "it's"), ([], "empty"), (None, "null"), ([5.0], "no"), ([-inf], "one")],
            [(1, "it's", 1, 1.0), (1, "it's", 2, None), (1, "it's", 3, nan), (5, "one", 1, -inf)],
            query="select id, y, dimension, value from ({sql}) as elements order by id, dimension",
        )
    ],
    # JSON.
    "json_text": [
        each(
            "ml_monitor.json_text('x', ['a'])",
            "x text",
            (None, None),
            ("", None),
            ("{}", None),
            ("[1]", None),
            ("it's", None),
            ('{"a": 1', None),
            ('{"a": null}', None),
            ('{"a": ""}', ""),
            ('{"a": "it\'s \\"x\\" \\u00e9"}', 'it\'s "x" é'),
            ('{"a": 1.5}', "1.5"),
            ('{"a": true}', "true"),
            ('{"a": NaN}', "NaN"),
            ('{"b": [NaN,-Infinity, NaN ],"a": "NaN"}', "NaN"),
        ),
        each(
            "ml_monitor.json_text('x', ['a'])",
            "x text",
            (' {"a": [1,2]}\n', "[1,2]"),
            ('{"a": {"b":null}}', '{"b":null}'),
            query="select replace({sql}, ' ', '') from inputs order by id",
        ),
        each(
            "ml_monitor.json_text('x')",
            "x text",
            ('"a"', "a"),
            ("-1.5", "-1.5"),
            ("null", None),
            ("[]", "[]"),
        ),
        each("ml_monitor.json_text('x', ['a', 1, 'b/~\\'c'])", "x text", ('{"a": [0, {"b/~\'c": 7}]}', "7")),
        each("ml_monitor.json_text('x', [-1])", "x text", ("[]", None)),
    ],
    "json_text_by_name": [
        each(
            "ml_monitor.json_text_by_name('x', 'y', \"it's\")",
            "x text, y text",
            ('[1, "b", null]', '["a", "it\'s", "c"]', "b"),
            ("[1, null]", '["a", "it\'s"]', None),
            ("[1]", '["a", "it\'s"]', None),
            ("[1, 2]", '["a", "b"]', None),
            ("[1, 2]", '["it\'s", "it\'s"]', "1"),
            ("[[1], 2]", '["it\'s", "b"]', "[1]"),
            ("[]", "[]", None),
            (None, '["it\'s"]', None),
            ("[1]", None, None),
        )
    ],
    "json_elements": [
        Case(
            "ml_monitor.json_elements('inputs', ['id', 'z'], {'x': 'x', 'y': 'y'})",
            "x text, y text, z text",
            [
                ('[1, "b", null]', '[{"a":1}]', "p"),
                (None, None, "q"),
                ("[]", '{"a": [1]}', "r"),
                ("[1", "it's", "s"),
                (None, "[[2],[3]]", "t"),
            ],
            [
                (1, "p", 0, "1", 3, '{"a":1}', 1),
                (1, "p", 1, '"b"', 3, None, 1),
                (1, "p", 2, "null", 3, None, 1),
                (2, "q", 0, None, None, None, None),
                (3, "r", 0, None, 0, None, None),
                (4, "s", 0, None, None, None, None),
                (5, "t", 0, None, None, "[2]", 2),
                (5, "t", 1, None, None, "[3]", 2),
            ],
            query="""select id, z, batch_position, x, x_length, replace(y, ' ', ''), y_length from ({sql}) as elements
            order by id, batch_position""",
        )
    ],
    "base64_text": [
        each(
            "ml_monitor.base64_text('x')",
            "x text",
            (None, None),
            ("", ""),
            ("aXQncyDwn5mCIGE=", "it's 🙂 a"),
            ("aGVsbG8", None),
            ("***=", None),
        )
    ],
    # Relations and how they are read.
    "least_text": [
        each(
            "ml_monitor.least_text([{'word': \"'b'\", 'n': 1}, {'word': \"'a'\", 'n': 2}, {'word': \"'c'\", 'n': 3}],"
            " \"c.word || y\", 'c.n * x > 2')",
            "x bigint, y text",
            (1, "!", "c!"),
            (2, "!", "a!"),
            (5, "", "a"),
            (0, "!", None),
            (None, "!", None),
            (2, None, None),
        )
    ],
    "columns_of": [
        Case(
            "ml_monitor.columns_of(this)",
            expected=[name for name, _ in TABLE_TYPES],
            query="select column_name from ({sql}) as described",
        ),
        Case(
            "ml_monitor.columns_of('(select * from ' ~ this ~ ' where 1 = 1) as filtered')",
            expected=[name for name, _ in TABLE_TYPES],
            query="select column_name from ({sql}) as described",
        ),
    ],
    "type_name_sql": [
        Case(
            "'select column_name, ' ~ ml_monitor.type_name_sql(\"replace(lower(data_type), ', ', ',')\")"
            " ~ ' from (' ~ ml_monitor.columns_of(this) ~ ') as described'",
            expected=[tuple(pair) for pair in TABLE_TYPES],
            query="{sql}",
        )
    ],
    "distinct_values": [
        Case(
            "ml_monitor.distinct_values('x', 'value', 'inputs', 'y > 0')",
            "x text, y bigint",
            [("a", 1), ("a", 2), ("b", 0), ("it's", 1), ("c", None)],
            ["a", "a", "it's"],
            query="select x from inputs where x in ({sql}) order by x",
        ),
        Case(
            "ml_monitor.distinct_values('x', 'value', 'inputs', '1 = 0')",
            "x text",
            [("a",)],
            [],
            query="select x from inputs where x in ({sql})",
        ),
    ],
    "located_keys": [
        Case(
            "'with ' ~ ml_monitor.located_keys('located', 'inputs', 'select 1 as ml_key_hash union all select 3')"
            " ~ ' counted as (select 1 as one)'",
            "ml_key_hash bigint, ml_ingest_hour timestamp",
            [(1, MORNING), (2, MORNING), (None, MORNING), (1, None)],
            [(1, None), (1, MORNING)],
            query="{sql} select * from located order by ml_ingest_hour nulls first",
        )
    ],
    "at_located_keys": [
        Case(
            "ml_monitor.at_located_keys('located')",
            "ml_key_hash bigint, ml_ingest_hour timestamp",
            [(1, MORNING), (2, MORNING), (1, FIRST), (None, MORNING)],
            [1],
            query="""with located as (select ml_key_hash, ml_ingest_hour from inputs where id = 1)
            select id from inputs where {sql}""",
        )
    ],
    "as_inlined": [
        Case(
            "'with doubled ' ~ ml_monitor.as_inlined() ~ ' (select 2 * x as x from inputs) select x from doubled order by x'",
            "x bigint",
            [(1,), (None,), (-3,)],
            [-6, 2, None],
            query="{sql} nulls last",
        )
    ],
    "as_shared": [
        Case(
            "'with half ' ~ ml_monitor.as_shared() ~ ' (select 2 * x as x from inputs) "
            "select a.x from half as a inner join half as b on a.x = b.x order by a.x'",
            "x bigint",
            [(1,), (None,), (-3,)],
            [-6, 2],
            query="{sql} nulls last",
        )
    ],
    "as_materialized": [
        Case(
            "'with twice ' ~ ml_monitor.as_materialized() ~ ' (select 2 * x as x from inputs) select x from twice order by x'",
            "x bigint",
            [(1,), (None,), (-3,)],
            [-6, 2, None],
            query="{sql} nulls last",
        )
    ],
}

# What a `default__` may not be made of, and no SQL outside of macros/adapters: each is an engine's own, or not known to one of
# Snowflake, BigQuery, Databricks, Redshift, Spark and Trino.
OF_ONE_ENGINE = {
    "cast by ::": r"[\w)\]']::\s*\w",
    "PostgreSQL's functions": r"\b(hash_record_extended|hashtextextended|pg_\w+|timezone|cardinality)\(",
    "series": r"\b(generate_series|generate_subscripts)\(",
    "DuckDB's functions": r"\b(list_\w+|epoch_\w+|regexp_\w+|string_split|len|try)\(|(?<!dbt\.)\bhash\(",
    "parts of a time": r"\bextract\((epoch|isodow|dow)\b|\bdate_part\(|\bdate_trunc\(|\binterval\b",
    "patterns": r"\b(ilike|rlike|similar to)\b",
    "aggregates": r"\b(string_agg|listagg|array_agg|percentile_(disc|cont)|mode|median)\(",
    "other aggregates": r"\b(bool_(or|and)|any_value|arg_(min|max)|(max|min)_by)\(",
    "clauses": r"\b(qualify|using sample|distinct on|lateral|unnest|not materialized|group by all)\b|\bfilter \(where",
    "greatest and least": r"\b(greatest|least)\(",
    "md5": r"(?<!local_)\bmd5\(",
}
# The same of what Jinja has another meaning for.
OF_ONE_ENGINE_RENDERED = OF_ONE_ENGINE | {
    "an array type": r"\[\]",
    "an operator of patterns": r"\s~\*?\s",
    "the operator %": r"\s%\s",
}
# Of dbt's own defaults, which other adapters replace.
ALLOWED = {
    ("joined_texts", "aggregates"),
    ("category", "md5"),
    ("md5_text", "md5"),
    ("surrogate_key", "md5"),
    ("truncate", "parts of a time"),
}
# Macros outside of macros/adapters that may: variants for one engine, and a list of reserved words.
OF_ONE_ENGINE_ON_PURPOSE = {
    "duckdb__numeric_counts",
    "duckdb__read_json_lines",
    "needs_quote",
}
PREFIXES = r"(?:default|duckdb|postgres|spark|redshift|snowflake|bigquery|databricks|trino)__"


def listed() -> list[tuple[str, Case]]:
    """Each case with the name of its macro."""
    return [(name, case) for name, cases in CASES.items() for case in cases]


def model_of_cases() -> str:
    """The SQL of the model: what each case returns, as a list in JSON."""
    calls = "\n".join(f"{{%- do rendered.append({case.call}) -%}}" for _, case in listed())
    config = "{{ config(materialized='incremental', unique_key='id') }}"
    return f"{config}{{%- set rendered = [] -%}}{{%- if execute -%}}\n{calls}\n{{%- endif -%}}\n{{{{ tojson(rendered) }}}}"


def new_project(folder: Path) -> Project:
    """A project of the model of cases and nothing of ml_monitor but macros/adapters, which call no others."""
    project = Project(folder)
    for part in sorted((folder / "macros").iterdir()):
        if part.name != "adapters":
            shutil.rmtree(part)
    project.remove("models", "seeds", "analyses", "tests", "selectors.yml")
    project.write("dbt_project.yml", "name: ml_monitor\nversion: 1.0.0\nprofile: ml_monitor\n")
    project.write(f"models/{MODEL}.sql", model_of_cases())
    columns = "[{name: declared}, {name: Größe, quote: true}]"
    project.write(f"models/{MODEL}.yml", f"models:\n  - name: {MODEL}\n    columns: {columns}\n")
    project.write("macros/adapter_cases_types.sql", HELPERS)
    return project


def rendered(run_results: list[dict[str, Any]]) -> list[Any]:
    """What the cases returned."""
    (model,) = [one for one in run_results if one["unique_id"].endswith(f".{MODEL}")]
    return json.loads(model["compiled_code"])


class Duckdb:
    """The inputs of a case, and a query on them, on DuckDB; the session's zone is not UTC."""

    def __init__(self, database: Path) -> None:
        self.connection = duckdb.connect(str(database))
        self.connection.execute("set TimeZone = 'America/New_York'")

    def run(self, case: Case, sql: str) -> list[tuple[Any, ...]]:
        """Rows of the case's query."""
        columns = ["id bigint", *(case.columns.split(", ") if case.columns else [])]
        described = ", ".join(columns).replace("double precision", "double")
        self.connection.execute(f"create or replace temporary table inputs ({described})")
        for number, row in enumerate(case.rows, 1):
            marks = ", ".join("?" * len(columns))
            self.connection.execute(f"insert into inputs values ({marks})", [number, *row])
        return self.connection.execute(case.query.replace("{sql}", sql)).fetchall()


SPARK_TYPES = {"text": "string", "double precision": "double", "real": "float", "numeric": "decimal(12, 3)"}


class OnSpark:
    """The same on Spark, whose temporary view the inputs are."""

    def __init__(self, spark: Spark) -> None:
        self.spark = spark

    def literal(self, value: Any, type_name: str) -> str:
        """A value as SQL."""
        if value is None:
            return f"cast(null as {type_name})"
        if isinstance(value, list):
            elements = ", ".join(self.literal(element, type_name[6:-1]) for element in value)
            return f"cast(array({elements}) as {type_name})"
        escaped = str(value).replace("\\", "\\\\").replace("'", "\\'")
        return f"cast('{escaped}' as {type_name})"

    def type_name(self, written: str) -> str:
        """The type that the case calls ``written``."""
        if written.endswith("[]"):
            return f"array<{self.type_name(written[:-2])}>"
        return SPARK_TYPES.get(written, "timestamp" if written.startswith("timestamp") else written)

    def run(self, case: Case, sql: str) -> list[tuple[Any, ...]]:
        """Rows of the case's query."""
        columns = [column.split(" ", 1) for column in (case.columns.split(", ") if case.columns else [])]
        types = ["bigint", *(self.type_name(written) for _, written in columns)]
        names = ["id", *(name for name, _ in columns)]
        described = ", ".join(
            f"cast(null as {kind}) as {name}" for name, kind in zip(names, types, strict=True)
        )
        rows = [
            "select " + ", ".join(map(self.literal, (number, *row), types))
            for number, row in enumerate(case.rows, 1)
        ]
        selects = " union all ".join([f"select {described} where 1 = 0", *rows])
        self.spark.run(f"create or replace temporary view inputs as {selects}")
        return self.spark.run(case.query.replace("{sql}", sql))


class Postgres:
    """The same on PostgreSQL."""

    def __init__(self, server: PostgresServer, database: str) -> None:
        self.connection = server.connect(database)
        self.connection.autocommit = True

    def run(self, case: Case, sql: str) -> list[tuple[Any, ...]]:
        """Rows of the case's query."""
        columns = ["id bigint", *(case.columns.split(", ") if case.columns else [])]
        with self.connection.cursor() as cursor:
            cursor.execute("drop table if exists inputs")
            cursor.execute(f"create temporary table inputs ({', '.join(columns)})")
            for number, row in enumerate(case.rows, 1):
                marks = ", ".join(["%s"] * len(columns))
                cursor.execute(f"insert into inputs values ({marks})", [number, *row])
            # Without parameters a % is a %.
            cursor.execute(case.query.replace("{sql}", sql))
            return cursor.fetchall()


def is_equal(found: Any, expected: Any) -> bool:
    """Whether a value is the expected one: NaN is NaN, floats but for their last digit, true is not 1."""
    if isinstance(found, (list, tuple)) and isinstance(expected, (list, tuple)):
        return len(found) == len(expected) and all(map(is_equal, found, expected))
    if isinstance(found, Decimal) and isinstance(expected, int):
        found = int(found) if found == int(found) else float(found)
    if isinstance(found, float) and isinstance(expected, float):
        return (math.isnan(found) and math.isnan(expected)) or math.isclose(found, expected, rel_tol=1e-14)
    return type(found) is type(expected) and found == expected


def spark_errors() -> list[type[Exception]]:
    """What PySpark raises, where it is installed."""
    try:
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkException
    except ImportError:
        return []
    return [PySparkException, Py4JError]


def faults(values: list[Any], run: Callable[[Case, str], list[tuple[Any, ...]]]) -> list[str]:
    """The cases that give something else than expected."""
    found_faults = []
    for (name, case), value in zip(listed(), values, strict=True):
        if case.expected is None:
            found, expected = value, case.returned
        else:
            expected = case.expected
            try:
                found = [row[0] if len(row) == 1 else row for row in run(case, value)]
            except (duckdb.Error, psycopg2.Error, ValueError, *spark_errors()) as error:
                found = f"{error}\n{value}"
        if not is_equal(found, expected):
            found_faults.append(f"{name}: {case.call}\n    gives    {found!r}\n    and not  {expected!r}")
    return found_faults


@pytest.fixture(scope="module")
def adapters(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The project of the cases. Tests that change it take a copy."""
    return new_project(tmp_path_factory.mktemp("adapters") / "project")


def with_table(project: Project) -> Project:
    """The project, its DuckDB file with the table that the model adds to."""
    project.database.unlink(missing_ok=True)
    with duckdb.connect(str(project.database)) as connection:
        connection.execute(TABLE)
    return project


def dispatched(project: Project, prefix: str, *args: str) -> subprocess.CompletedProcess[str]:
    """dbt in the project, its macros dispatched as for another engine."""
    command = [
        sys.executable,
        str(ROOT / "tests" / "support" / "dispatch_as.py"),
        prefix,
        "--no-use-colors",
        *args,
    ]
    return subprocess.run(
        command, cwd=project.folder, env=project.environment(), capture_output=True, text=True, check=False
    )


def test_duckdb_gives_what_every_engine_must(adapters: Project) -> None:
    result = with_table(adapters).dbt("compile", "--select", MODEL, check=0)
    found = faults(rendered(result.run_results), Duckdb(adapters.database).run)
    assert not found, "\n".join(found)

    macros = [
        macro
        for macro in result.manifest["macros"].values()
        if macro["package_name"] == "ml_monitor" and macro["original_file_path"].startswith(FOLDER)
    ]
    assert {re.sub(f"^{PREFIXES}", "", macro["name"]) for macro in macros} == set(CASES)
    for macro in macros:
        assert re.sub(f"^{PREFIXES}", "", macro["name"]) == Path(macro["original_file_path"]).stem
        assert "not_ported" in macro["macro_sql"] or not re.search("raise_compiler_error", macro["macro_sql"])


def test_postgres_gives_what_every_engine_must(
    adapters: Project, postgres: PostgresServer, tmp_path: Path
) -> None:
    environment = postgres.new_database("adapters")
    engine = Postgres(postgres, "adapters")
    with engine.connection.cursor() as cursor:
        cursor.execute(TABLE)
    project = adapters.copy_to(tmp_path / "project")
    result = project.dbt("compile", "--select", MODEL, env=environment, check=0)
    found = faults(rendered(result.run_results), engine.run)
    assert not found, "\n".join(found)
    engine.connection.close()


def test_spark_gives_what_every_engine_must(adapters: Project, spark: Spark, tmp_path: Path) -> None:
    spark.run("create schema adapters")
    columns = TABLE.replace(" text", " string").replace(MODEL, f"adapters.{MODEL}", 1).replace('"', "`")
    spark.run(f"{columns.replace('double precision', 'double')} using iceberg")
    project = adapters.copy_to(tmp_path / "project")
    result = spark.dbt(project, "compile", "--select", MODEL, schema="adapters", check=0)
    found = faults(rendered(result.run_results), OnSpark(spark).run)
    assert not found, "\n".join(found)


# An engine whose functions are NULL as soon as one argument is.
STRICT = """create macro strict_{0}
    (a) as a,
    (a, b) as case when a is not null and b is not null then {0}(a, b) end,
    (a, b, c) as case when a is not null and b is not null and c is not null then {0}(a, b, c) end"""


def test_defaults_are_for_every_engine_or_say_that_they_are_not_ported(
    adapters: Project, tmp_path: Path
) -> None:
    project = with_table(adapters.copy_to(tmp_path / "project"))
    project.write(
        "macros/adapters/not_ported.sql",
        "{% macro not_ported(name, arguments='') %}{% do return('<not ported: ' ~ name ~ '>') %}{% endmacro %}",
    )
    for name in CASES:
        # Such a default returns nothing; here it is to return what it said.
        path = project.folder / FOLDER / f"{name}.sql"
        text = path.read_text(encoding="utf-8")
        marked = re.sub(r"\{% do (ml_monitor\.not_ported\(.*?\)) %\}", r"{% do return(\1) %}", text)
        path.write_text(marked, encoding="utf-8")
    finished = dispatched(project, "default", "compile", "--select", MODEL)
    assert finished.returncode == 0, finished.stdout
    run_results = json.loads(project.read("target/run_results.json"))["results"]
    values = rendered(run_results)

    for (name, case), value in zip(listed(), values, strict=True):
        if name == "not_ported" or case.expected is None or "<not ported" in value:
            continue
        for what, pattern in OF_ONE_ENGINE_RENDERED.items():
            if (name, what) not in ALLOWED and what != "greatest and least":
                assert not re.search(pattern, value), f"{name}: {what} in its default: {value}"
    not_ported = {
        name for (name, _), value in zip(listed(), values, strict=True) if "<not ported" in str(value)
    }
    assert {"key_hash", "row_hash", "local_time", "matches", "quantile", "vector_norm"} <= not_ported
    assert (
        not {"greatest_of", "least_of", "modulo", "joined_texts", "numbers_to", "category", "date_add"}
        & not_ported
    )

    engine = Duckdb(project.database)
    for word in ("greatest", "least"):
        engine.connection.execute(STRICT.format(word))
        for (name, case), value in zip(listed(), values, strict=True):
            if name == f"{word}_of":
                strict = value.replace(f"{word}(", f"strict_{word}(")
                found = [row[0] for row in engine.run(case, strict)]
                assert is_equal(found, case.expected), f"{value}: {found}, not {case.expected}"


def test_an_engine_that_is_not_ported_says_how_to(adapters: Project, tmp_path: Path) -> None:
    """What the error says is done, in a project that has ml_monitor as a package, and works."""
    package, root = tmp_path / "shop" / "dbt_packages" / "ml_monitor", tmp_path / "shop"
    shutil.copytree(adapters.folder, package)
    shutil.rmtree(package / "models")
    project = object.__new__(Project)
    project.folder, project.raw, project.as_of = root, tmp_path, None
    project.database = tmp_path / "shop.duckdb"
    shutil.copytree(package / "profiles", root / "profiles")
    head = "name: shop\nversion: 1.0.0\nprofile: ml_monitor\n"
    project.write("dbt_project.yml", head)
    project.write("models/found.sql", "select {{ ml_monitor.matches('x', '^a') }} as is_a")
    finished = dispatched(project, "duckdb2", "compile", "--select", "found")
    assert finished.returncode != 0
    assert "not ported to duckdb: ml_monitor.matches\n" in finished.stdout, finished.stdout

    said = finished.stdout[finished.stdout.index("not ported to ") :]
    snippet = re.search(r"( +)dispatch:\n.*\n.*ml_monitor\]\n", said)
    assert snippet, said
    assert "search_order: [shop, ml_monitor]" in snippet[0]
    macro = re.search(r"\{% macro duckdb__matches\(x, pattern\) %\} \.\.\. \{% endmacro %\}", said)
    assert macro, said
    project.write("dbt_project.yml", head + textwrap.dedent(snippet[0]))
    returned = "{% do return('matched(' ~ x ~ ')') %}"
    project.write("macros/own.sql", macro[0].replace("...", returned).replace("duckdb__", "duckdb2__"))
    finished = dispatched(project, "duckdb2", "compile", "--select", "found")
    assert finished.returncode == 0, finished.stdout
    assert "select matched(x) as is_a" in finished.stdout


def test_nothing_outside_is_an_engines_own() -> None:
    found = []
    folders = ("macros", "models", "analyses", "tests/generic")
    for path in sorted(path for folder in folders for path in (ROOT / folder).rglob("*.sql")):
        if path.is_relative_to(ROOT / FOLDER):
            continue
        text = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.S)
        for macro in re.split(r"(?=\{%-? macro )", text):
            name = re.match(r"\{%-? macro (\w+)", macro)
            if name and name[1] in OF_ONE_ENGINE_ON_PURPOSE:
                continue
            for what, pattern in OF_ONE_ENGINE.items():
                for line in macro.splitlines():
                    if re.search(pattern, line) and not line.lstrip().startswith("--"):
                        found.append(f"{path.relative_to(ROOT)}: {what}: {line.strip()[:160]}")
    assert not found, "\n".join(found)
