"""Bad input, by list: docs/bad_input.md says of each case what happens, and each is a test here.

One project with five monitors is built once: ``spoilt`` reads JSON Lines in which everything is wrong that the page names,
``odd`` reads Parquet with awkward columns and numbers and misses a day, ``nothing`` has a table without rows, ``nulls`` one of
NULLs only, and ``million`` a category of a million values. What changes the raw files afterwards works on a copy.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import Project, Result
from postgres_server import PostgresServer

DAYS = 6
PER_HOUR = 25
START = pd.Timestamp("2025-03-01")
LAST_DAY = "2025-03-06"
EMPTY_DAY = "2025-03-05"
AS_OF = "2025-03-07 00:00:00"
LONG = "x" * 1_000_000
TEXTS = {
    "quotes": 'it\'s "x" `y`',
    "a line break": "a\nb\r\nc",
    "HTML": "<script>alert('1')</script>",
    "emoji": "\U0001f600\u200d\U0001f525",
    "a backslash": "\\n\\",
    "Jinja": "{{ x }} {% y %} %s",
    "nothing": "",
    "long": LONG + "1",
    "long too": LONG + "2",
    "__all__": "__all__",
    "__other__": "__other__",
    "=__all__": "=__all__",
}
MONITORS = ["spoilt", "odd", "nothing", "nulls", "million"]
MILLION = 1_000_000
CATEGORY_CAP = 100
KEYS = """
      - {name: prediction_id, data_type: string, config: {meta: {role: prediction_id}}}
      - {name: event_time, data_type: timestamp, config: {meta: {role: event_time}}}
      - {name: ingest_time, data_type: timestamp, config: {meta: {role: ingest_time}}}"""
SCORE = """
      - {name: score, data_type: double, config: {meta: {role: score, min: 0, max: 1}}}"""
COLUMNS = {
    "spoilt": """
      - {name: amount, data_type: double, config: {meta: {role: feature}}}
      - {name: account, data_type: bigint, config: {meta: {role: context}}}
      - {name: "Größe", quote: true, data_type: string, config: {meta: {role: feature}}}
      - {name: raw_line, data_type: string, config: {meta: {role: context}}}""",
    "odd": """
      - {name: select, quote: true, data_type: double, config: {meta: {role: feature}}}
      - {name: a b, quote: true, data_type: bigint, config: {meta: {role: feature}}}
      - {name: Größe, quote: true, data_type: string, config: {meta: {role: feature}}}
      - {name: seats, data_type: ubigint, config: {meta: {role: feature}}}
      - {name: visitor, data_type: string, config: {meta: {role: feature}}}""",
    "nothing": """
      - {name: amount, data_type: double, config: {meta: {role: feature}}}
      - {name: country, data_type: string, config: {meta: {role: feature}}}""",
}
COLUMNS["nulls"] = COLUMNS["nothing"]
COLUMNS["million"] = """
      - {name: visitor, data_type: string, config: {meta: {role: feature}}}"""
JSON_TYPES = {
    "prediction_id": "varchar",
    "event_time": "timestamp",
    "ingest_time": "timestamp",
    "amount": "double",
    "account": "bigint",
    "Größe": "varchar",
    "score": "double",
}
STAGING = {
    "spoilt": f"""
with

lines as (

    {{{{ ml_monitor.read_json_lines(source('raw', 'spoilt'), {json.dumps(JSON_TYPES, ensure_ascii=False)}) }}}}

),

final as (

    select
        prediction_id,
        event_time,
        coalesce(
            ingest_time,
            {{{{ ml_monitor.utc_timestamp("regexp_extract(source_file, '[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}')") }}}}
        ) as ingest_time,
        amount,
        account,
        "Größe",
        raw_line,
        score
    from lines

)

select * from final
""",
    "odd": """
select prediction_id, event_time, ingest_time, "select", "a b", "Größe", "se""ats" as seats, visitor, score
from {{ source('raw', 'odd') }}
""",
    "nothing": """
select prediction_id, event_time, ingest_time, amount, country, score
from {{ source('raw', 'nothing') }}
""",
    "nulls": """
select prediction_id, event_time, ingest_time, amount, country, score
from {{ source('raw', 'nulls') }}
""",
    # The first hundred visitors come back every hour, all others once.
    "million": f"""
select
    'p' || i as prediction_id,
    timestamp '{START}' + interval 1 second * (i * {DAYS * 86400 - 10} // {MILLION}) as event_time,
    timestamp '{START}' + interval 1 second * (i * {DAYS * 86400 - 10} // {MILLION} + 3) as ingest_time,
    'visitor ' || case when i % 10 = 0 then i // 10 % {CATEGORY_CAP} else i end as visitor,
    (i % 100) / 100.0::double as score
from range({MILLION}) as r (i)
""",
}
SOURCES = """sources:
  - name: raw
    config: {meta: {external_location: "read_parquet('{{ env_var('ML_RAW_PATH') }}/{name}/*.parquet')"}}
    tables:
      - name: spoilt
        config: {meta: {external_location: "{{ env_var('ML_RAW_PATH') }}/spoilt/*.jsonl"}}
      - name: odd
      - name: nothing
      - name: nulls
"""


def events() -> pd.DataFrame:
    """The times, ids and scores of a healthy log."""
    count = DAYS * 24 * PER_HOUR
    event_time = START + pd.to_timedelta(np.arange(count) * 3600 // PER_HOUR, unit="s")
    return pd.DataFrame(
        {
            "prediction_id": [f"p{number}" for number in range(count)],
            "event_time": event_time.astype("datetime64[us]"),
            "ingest_time": (event_time + pd.Timedelta(seconds=3)).astype("datetime64[us]"),
            "score": np.arange(count) % 100 / 100,
        }
    )


def line(**fields: Any) -> bytes:
    """One line of JSON."""
    return (json.dumps(fields, ensure_ascii=False) + "\n").encode()


def sound(prediction_id: str, **fields: Any) -> dict[str, Any]:
    """The fields of a row that is well but for those given."""
    times = {"event_time": f"{LAST_DAY}T12:00:00", "ingest_time": f"{LAST_DAY}T12:00:03"}
    return {"prediction_id": prediction_id, **times, "amount": "1", "Größe": "de", "score": 0.5, **fields}


# A line that cannot be read, and what <m>__quarantine shows of it.
CORRUPT = {
    "cut off": (b'{"prediction_id": "c1", "event_t', '{"prediction_id": "c1", "event_t'),
    "not JSON": (b"ERROR out of disk", "ERROR out of disk"),
    "two in one": (
        b'{"prediction_id": "c2"}{"prediction_id": "c3"}',
        '{"prediction_id": "c2"}{"prediction_id": "c3"}',
    ),
    "no object": (b'["c4", 1]', '["c4", 1]'),
    "null": (b"null", "null"),
    "a zero byte": (b'{"prediction_id": "c\x005"}', '{"prediction_id": "c\x005"}'),
}
NOT_UTF8 = {
    "Latin-1": (
        '{"prediction_id": "c6", "Größe": "groß"}'.encode("latin-1"),
        r"{\x22prediction_id\x22: \x22c6\x22, \x22Gr\xF6\xDFe\x22: \x22gro\xDF\x22}",
    ),
}
TIMES = {
    "t_utc": (f"{LAST_DAY}T10:30:00Z", f"{LAST_DAY} 10:30:00"),
    "t_naive": (f"{LAST_DAY} 10:30:00", f"{LAST_DAY} 10:30:00"),
    "t_offset": (f"{LAST_DAY}T12:30:00+02:00", f"{LAST_DAY} 10:30:00"),
    "t_short_offset": (f"{LAST_DAY} 05:00:00.5-0530", f"{LAST_DAY} 10:30:00.5"),
    "t_1970": ("1970-01-01T00:00:00Z", "1970-01-01 00:00:00"),
    "t_1900": ("1900-01-01 00:00:00", "1900-01-01 00:00:00"),
    "t_2262": ("2262-04-11T23:47:16.854775", "2262-04-11 23:47:16.854775"),
    "t_9999": ("9999-12-31T23:59:59Z", "9999-12-31 23:59:59"),
    "t_zone_name": (f"{LAST_DAY} 10:30:00 Europe/Berlin", None),
    "t_no_day": ("2025-02-29T10:30:00", None),
    "t_year": ("294247-01-10 04:00:54", None),
    "t_infinity": ("infinity", None),
    "t_seconds": ("1741257000", None),
    "t_word": ("yesterday", None),
    "t_hour": (f"{LAST_DAY}T25:00:00Z", None),
    "t_zone_only": (f"{LAST_DAY}+02:00", None),
    "t_day": (LAST_DAY, f"{LAST_DAY} 00:00:00"),
}
NUMBERS = {
    "n_commas": ("1,234,567.5", 1234567.5),
    "n_german": ("1.234,5", None),
    "n_word": ("many", None),
    "n_plain": (" 7 ", 7.0),
}
ACCOUNTS = {"a_odd": 2**53 + 1, "a_even": 2**53, "a_most": 2**63 - 1}


def write_spoilt(folder: Path) -> None:
    """A file for each day; the last day holds what is wrong, in lines among healthy ones, and files of other kinds."""
    folder.mkdir(parents=True)
    for day, rows in events().groupby(events()["event_time"].dt.strftime("%Y-%m-%d")):
        rows = rows.astype({"event_time": str, "ingest_time": str}).assign(amount="5", **{"Größe": "de"})
        healthy = [line(**fields) for fields in rows.to_dict("records")]
        (folder / f"{day}.jsonl").write_bytes(b"".join(healthy))
    lines = [
        *(line(**sound(f"v{number}", **{"Größe": text})) for number, text in enumerate(TEXTS.values())),
        *(line(**sound(name, event_time=text)) for name, (text, _) in TIMES.items()),
        *(line(**sound(name, amount=text)) for name, (text, _) in NUMBERS.items()),
        *(line(**sound(name, account=number)) for name, number in ACCOUNTS.items()),
        line(**sound("wrong_type", score="high")),
        line(**sound("beyond_64_bits", account=2**64)),
        b"\n  \r\n",
        *(text + b"\r\n" for text, _ in CORRUPT.values()),
    ]
    (folder / f"{LAST_DAY}_more.jsonl").write_bytes(b"".join(lines))
    (folder / f"{LAST_DAY}_latin1.jsonl").write_bytes(
        line(**sound("beside_latin1")) + b"".join(text + b"\n" for text, _ in NOT_UTF8.values())
    )
    (folder / f"{LAST_DAY}_utf16.jsonl").write_bytes(line(**sound("in_utf16")).decode().encode("utf-16"))
    (folder / f"{LAST_DAY}_bom.jsonl").write_bytes(b"\xef\xbb\xbf" + line(**sound("after_bom")))
    (folder / f"{LAST_DAY}_empty.jsonl").write_bytes(b"")


def write_parquet(path: Path, frame: pd.DataFrame, types: dict[str, pa.DataType]) -> None:
    """Columns of a frame as one Parquet file; NaN is kept."""
    path.parent.mkdir(parents=True, exist_ok=True)
    arrays = {name: pa.array(frame[name].tolist(), kind, from_pandas=False) for name, kind in types.items()}
    pq.write_table(pa.table(arrays), path)


EVENT_TYPES = {
    "prediction_id": pa.string(),
    "event_time": pa.timestamp("us"),
    "ingest_time": pa.timestamp("us"),
    "score": pa.float64(),
}
PLAIN_TYPES = EVENT_TYPES | {"amount": pa.float64(), "country": pa.string()}


def write_raw(raw: Path) -> None:
    """The raw files of all monitors."""
    write_spoilt(raw / "spoilt")
    odd = events()
    odd = odd[odd["event_time"].dt.strftime("%Y-%m-%d") != EMPTY_DAY]
    count = len(odd)
    odd["select"] = np.resize([0.0, -0.0, np.nan, np.inf, -np.inf, 1e300, 5e-324, 1.5], count)
    odd["a b"] = np.resize(np.array([2**53, 2**53 + 1, 2**63 - 1, -(2**63)], dtype="int64"), count)
    odd["Größe"] = np.resize(["ß", "ẞ", "SS", "e\u0301", "\u00e9"], count)
    odd['se"ats'] = np.resize(np.array([0, 2**64 - 1], dtype="uint64"), count)
    odd["visitor"] = [f"visitor {number}" for number in range(count)]
    odd_types = {
        "select": pa.float64(),
        "a b": pa.int64(),
        "Größe": pa.string(),
        'se"ats': pa.uint64(),
        "visitor": pa.string(),
    }
    write_parquet(raw / "odd" / "rows.parquet", odd, EVENT_TYPES | odd_types)
    nulls = pd.DataFrame({name: [None] * 10 for name in PLAIN_TYPES})
    write_parquet(raw / "nulls" / "rows.parquet", nulls, PLAIN_TYPES)
    write_parquet(raw / "nothing" / "rows.parquet", nulls.head(0), PLAIN_TYPES)


def new_project(folder: Path) -> Project:
    """The project with its raw files; nothing is built yet."""
    project = Project(folder, as_of=AS_OF)
    project.keep_only({name: [] for name in MONITORS}, fleet=True)
    write_raw(project.raw)
    for name in MONITORS:
        project.write(f"models/staging/{name}/stg_{name}__inferences.sql", STAGING[name].lstrip())
        project.write(
            f"models/staging/{name}/_{name}.yml",
            f"""models:
  - name: stg_{name}__inferences
    config:
      contract: {{enforced: true}}
      meta: {{ml_monitor: {{task: binary, owner: tests}}}}
    columns:{KEYS}{COLUMNS[name]}{SCORE}
""",
        )
        project.scaffold(name, [])
    project.write("models/staging/_sources.yml", SOURCES)
    return project


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, Result]:
    """Everything, built once with little memory. Read only."""
    project = new_project(tmp_path_factory.mktemp("bad_input") / "project")
    return project, project.dbt("build", env={"ML_DUCKDB_MEMORY": "1GB"})


@pytest.fixture(scope="module")
def project(built: tuple[Project, Result]) -> Project:
    """The project as built. Read only."""
    return built[0]


def test_only_the_gates_that_should_fail_do(built: tuple[Project, Result]) -> None:
    _, result = built
    assert result.errors == {}
    failed = {
        (monitor, test.split("__gate_")[1])
        for test in result.failing_tests
        for monitor in [test.split("__")[0]]
    }
    every = {"contract", "drift", "freshness", "quality", "volume"}
    assert failed == {
        ("spoilt", "contract"),
        ("odd", "freshness"),
        # Its infinities.
        ("odd", "quality"),
        ("odd", "volume"),
        *(("nothing", category) for category in every),
        *(("nulls", category) for category in every),
    }
    assert result.exit_code == 1


def test_every_line_of_every_file_is_one_row_of_the_log(project: Project) -> None:
    files = (project.raw / "spoilt").glob("*.jsonl")
    lines = [text for file in files for text in file.read_bytes().split(b"\n") if text.strip(b" \t\r")]
    assert project.value("select count(*) from spoilt__inferences_log") == len(lines)
    assert project.value("select sum(raw_ingested_rows) from spoilt__hourly_volume") == len(lines)
    for name, count in {
        "odd": (DAYS - 1) * 24 * PER_HOUR,
        "nothing": 0,
        "nulls": 10,
        "million": MILLION,
    }.items():
        assert project.value(f"select count(*) from {name}__inferences_log") == count
    assert project.query("select * from ml_volume where unreconciled_rows <> 0") == []


@pytest.mark.parametrize("case", CORRUPT | NOT_UTF8)
def test_a_line_that_cannot_be_read_is_quarantined_as_it_was(project: Project, case: str) -> None:
    _, shown = (CORRUPT | NOT_UTF8)[case]
    rows = project.query(
        "select ml_quarantine_reason, ml_event_hour from spoilt__quarantine where rtrim(raw_line, chr(13)) = ?",
        [shown],
    )
    # The hour is that of the date in the file's name.
    assert rows == [("missing_prediction_id", pd.Timestamp(LAST_DAY))]


@pytest.mark.parametrize("case", NOT_UTF8)
def test_the_bytes_of_a_line_that_is_not_utf8_come_back(project: Project, case: str) -> None:
    written, shown = NOT_UTF8[case]
    assert project.query("select raw_line::blob from spoilt__quarantine where raw_line = ?", [shown]) == [
        (written,)
    ]


def test_a_file_in_utf16_is_in_quarantine_whole(project: Project) -> None:
    found = project.query(
        "select raw_line::blob from spoilt__quarantine where raw_line like '%_\\x00%' or raw_line = chr(0)"
    )
    written = (project.raw / "spoilt" / f"{LAST_DAY}_utf16.jsonl").read_bytes()
    assert sorted(line for (line,) in found) == sorted(written.split(b"\n"))


def test_what_stands_beside_bad_lines_is_read(project: Project) -> None:
    ids = "('beside_latin1', 'after_bom', 'n_plain')"
    rows = project.query(f"select raw_line from spoilt__inferences where prediction_id in {ids}")
    assert rows == [(None,)] * 3


@pytest.mark.parametrize("name", TIMES)
def test_a_time_is_read_as_utc_or_quarantined_with_its_text(project: Project, name: str) -> None:
    text, expected = TIMES[name]
    ((state, reason, event_time, raw_line, hour),) = project.query(
        """select ml_row_state, ml_quarantine_reason, event_time::varchar, raw_line, ml_event_hour
        from spoilt__inferences_log where prediction_id = ?""",
        [name],
    )
    if expected is None:
        assert (state, reason, event_time) == ("quarantined", "missing_event_time", None)
        assert json.loads(raw_line)["event_time"] == text
    else:
        reasons = {expected > f"{LAST_DAY} 13": "event_after_ingest", expected < "2000": "event_too_old"}
        assert (state, reason) == (("quarantined", reasons[True]) if True in reasons else ("current", None))
        assert (event_time, raw_line) == (expected, None)
    # A row without a credible event time counts for the hour of its ingest.
    credible = state == "current"
    assert hour == (pd.Timestamp(expected).floor("h") if credible else pd.Timestamp(f"{LAST_DAY} 12:00"))


@pytest.mark.parametrize("name", NUMBERS)
def test_a_number_is_read_or_null_beside_its_text(project: Project, name: str) -> None:
    text, expected = NUMBERS[name]
    ((amount, raw_line),) = project.query(
        "select amount, raw_line from spoilt__inferences where prediction_id = ?", [name]
    )
    assert amount == expected
    assert (raw_line is None) if expected is not None else json.loads(raw_line)["amount"] == text


def test_a_value_of_the_wrong_type_is_null_and_its_line_is_kept(project: Project) -> None:
    for name, column, text in (("wrong_type", "score", "high"), ("beyond_64_bits", "account", 2**64)):
        ((value, raw_line),) = project.query(
            f"select {column}, raw_line from spoilt__inferences where prediction_id = ?", [name]
        )
        assert value is None
        assert json.loads(raw_line)[column] == text


def test_integers_beyond_double_precision_stay_exact_in_the_log(project: Project) -> None:
    accounts = dict(
        project.query("select prediction_id, account from spoilt__inferences where account is not null")
    )
    assert accounts == ACCOUNTS
    rows = (DAYS - 1) * 24 * PER_HOUR
    counts = dict(project.query('select "a b", count(*) from odd__inferences group by 1'))
    assert counts == dict.fromkeys((2**53, 2**53 + 1, 2**63 - 1, -(2**63)), rows // 4)
    # Features are counted as 64-bit floats: neighbours beyond 2^53 are one number there, and none is missing.
    slots = project.query(
        "select sum(row_count) from odd__hourly_profile where column_name = 'a b' group by slot"
    )
    assert sorted(count for (count,) in slots) == [rows // 4, rows // 4, rows // 2]


@pytest.mark.parametrize("case", TEXTS)
def test_a_category_is_counted_as_it_is(project: Project, case: str) -> None:
    text = TEXTS[case]
    name = f"v{list(TEXTS).index(case)}"
    assert project.query('select "Größe" from spoilt__inferences where prediction_id = ?', [name]) == [
        (text,)
    ]
    digest = hashlib.md5(text.encode()).hexdigest()
    counted = {"__all__": "=__all__", "__other__": "=__other__", "=__all__": "==__all__"}.get(text, text)
    if len(text) > 236:
        counted = f"{text[:200]} ... {digest}"
    rows = project.query(
        "select sum(row_count) from spoilt__hourly_profile where column_name = 'Größe' and category = ?",
        [counted],
    )
    assert rows == [(1,)]


def test_a_megabyte_of_text_stays_in_the_log(project: Project) -> None:
    columns = project.query(
        """select table_name, column_name from information_schema.columns join information_schema.tables using (table_name)
        where table_name like 'spoilt\\_\\_%' escape '\\' and data_type = 'VARCHAR' and table_type = 'BASE TABLE'"""
    )
    longest = {
        (table, column): project.value(f'select max(length("{column}")) from "{table}"') or 0
        for table, column in columns
    }
    assert longest.pop(("spoilt__inferences_log", "Größe")) == len(LONG) + 1
    assert max(longest.values()) < 1000


def test_awkward_columns_are_counted_completely(project: Project) -> None:
    rows = (DAYS - 1) * 24 * PER_HOUR
    counts = dict(
        project.query(
            "select column_name, sum(row_count) from odd__hourly_profile where window_grain = 'hour' group by 1"
        )
    )
    assert counts == dict.fromkeys(
        ["select", "a b", "Größe", "seats", "visitor", "score", "__ingest_lag_minutes__", "__rows__"], rows
    )
    # Unsigned integers are numbers, too.
    assert ("seats",) in project.query("select column_name from odd__grid")
    odd_slots = dict(
        project.query(
            "select slot, sum(row_count) from odd__hourly_profile where column_name = 'select' and slot < 0 group by 1"
        )
    )
    assert odd_slots == {-2: rows // 8, -3: rows // 8, -4: rows // 4}
    letters = project.query(
        "select sum(row_count) from odd__hourly_profile where column_name = 'Größe' group by category"
    )
    assert letters == [(rows // 5,)] * 5


def test_a_million_categories_are_the_most_frequent_ones_and_the_rest(project: Project) -> None:
    assert project.value("select count(*) from million__grid where category is not null") == CATEGORY_CAP
    counts = dict(
        project.query(
            "select category, sum(row_count) from million__hourly_profile where column_name = 'visitor' group by category"
        )
    )
    returning = {f"visitor {number}": MILLION // 10 // CATEGORY_CAP for number in range(CATEGORY_CAP)}
    # Of these, nine in ten came once more under their own number.
    own = {f"visitor {number}": int(number % 10 > 0) for number in range(CATEGORY_CAP)}
    expected = {name: returning[name] + own[name] for name in returning}
    assert counts == {**expected, "__other__": MILLION - sum(expected.values())}
    hours = DAYS * 24
    rows = "select count(*) from million__hourly_profile where column_name = 'visitor'"
    assert project.value(rows) <= hours * (CATEGORY_CAP + 1)


@pytest.mark.parametrize("monitor", ["nothing", "nulls"])
def test_a_table_without_a_usable_row_fails_every_gate(project: Project, monitor: str) -> None:
    rows = project.query(
        f"select category, status, message from {monitor}__gate where status in ('fail', 'warn')"
    )
    assert {category for category, _, _ in rows} == {"contract", "drift", "freshness", "quality", "volume"}
    assert all(status == "fail" and "no check could be evaluated" in message for _, status, message in rows)


def test_a_table_of_nulls_is_in_quarantine(project: Project) -> None:
    rows = project.query(
        "select ml_quarantine_reason, ml_event_hour, count(*) from nulls__quarantine group by all"
    )
    assert rows == [("missing_prediction_id", pd.Timestamp("1970-01-01"), 10)]


def test_an_empty_day_is_a_window_with_no_rows(project: Project) -> None:
    rows = project.query(
        "select status, value from odd__checks where metric = 'volume_ratio' and window_start = ?",
        [EMPTY_DAY],
    )
    assert rows == [("fail", 0)]


def test_reading_it_all_again_changes_nothing_and_a_mended_file_adds_its_row(
    built: tuple[Project, Result], tmp_path: Path
) -> None:
    copy = built[0].copy_to(tmp_path / "copy")
    copy.raw = copy.folder / "raw"
    log = "select count(*), sum(cast(hash(t) as hugeint)) from spoilt__inferences_log as t"
    before = copy.query(log)
    select = ["--select", "stg_spoilt__inferences", "spoilt__inferences_log", "spoilt__hourly_volume"]
    copy.dbt("build", *select, check=0)
    assert copy.query(log) == before
    file = copy.raw / "spoilt" / f"{LAST_DAY}_more.jsonl"
    cut_off, _ = CORRUPT["cut off"]
    file.write_bytes(file.read_bytes().replace(cut_off + b"\r\n", line(**sound("c1"))))
    copy.dbt("build", *select, check=0)
    # The log keeps what it has seen, and says that the file has it no more.
    assert copy.query(log)[0][0] == before[0][0] + 1
    assert copy.query("select ml_row_state from spoilt__inferences_log where prediction_id = 'c1'") == [
        ("current",)
    ]
    unreconciled = copy.query(
        """select window_start, log_ingested_rows - raw_ingested_rows from spoilt__hourly_volume
        where log_ingested_rows <> raw_ingested_rows"""
    )
    assert unreconciled == [(pd.Timestamp(LAST_DAY), 1)]


def test_texts_are_read_alike_on_postgres(postgres: PostgresServer, tmp_path: Path) -> None:
    project = Project(tmp_path / "project")
    project.keep_only({})
    times = [text for text, _ in TIMES.values()] + [
        "2024-02-29",
        "1900-02-29",
        "0000-01-01",
        "",
        "2025-04-31T00:00:00Z",
    ]
    numbers = [text for text, _ in NUMBERS.values()] + ["1,23", "12,345", "-1,234.", "1e3", ",", ""]
    texts = ["x" * 236, "x" * 237, "ß" * 300, "=__all__", "plain"]
    rows = [(kind, text) for kind, found in (("t", times), ("n", numbers), ("c", texts)) for text in found]
    values = ",\n    ".join(f"('{kind}', '{text}')" for kind, text in rows)
    project.write(
        "models/texts.sql",
        f"""{{{{ config(materialized='table') }}}}
select kind, txt,
    case when kind = 't' then {{{{ ml_monitor.utc_timestamp('txt') }}}} end as moment,
    case when kind = 'n' then {{{{ ml_monitor.number_of_text('txt') }}}} end as number,
    case when kind = 'c' then {{{{ ml_monitor.category('txt') }}}} end as category
from (values {values}) as v (kind, txt)
""",
    )
    environment = postgres.new_database("texts")
    project.dbt("run", "--select", "texts", check=0)
    project.dbt("run", "--select", "texts", env=environment, check=0)
    with postgres.connect("texts") as connection, connection.cursor() as cursor:
        cursor.execute("select * from texts")
        on_postgres = sorted(cursor.fetchall(), key=str)
    assert on_postgres == sorted(project.query("select * from texts"), key=str)
    moments = {text: moment for kind, text, moment, _, _ in on_postgres if kind == "t"}
    for text, expected in TIMES.values():
        assert moments[text] == (expected and pd.Timestamp(expected).to_pydatetime())
    assert moments["2024-02-29"] is not None
    assert moments["1900-02-29"] is None
    read = {text: number for kind, text, _, number, _ in on_postgres if kind == "n"}
    for text, expected in NUMBERS.values():
        assert read[text] == expected
    assert (read["1,23"], read["12,345"]) == (None, 12345)


def test_a_broken_parquet_file_is_named_and_nothing_is_written(
    built: tuple[Project, Result], tmp_path: Path
) -> None:
    copy = built[0].copy_to(tmp_path / "copy")
    copy.raw = copy.folder / "raw"
    log = "select count(*), sum(cast(hash(t) as hugeint)) from odd__inferences_log as t"
    select = ["--select", "stg_odd__inferences", "odd__inferences_log"]
    before = copy.query(log)
    whole = (copy.raw / "odd" / "rows.parquet").read_bytes()
    more = copy.raw / "odd" / "more.parquet"
    flipped = bytes(byte ^ 255 for byte in whole[2000:2400])
    broken = {
        "cut off": whole[: len(whole) // 2],
        "without a byte": b"",
        "a page of it": whole[:2000] + flipped + whole[2400:],
    }
    for what, content in broken.items():
        more.write_bytes(content)
        result = copy.dbt("build", *select, check=1)
        assert str(more) in "".join(result.errors.values()), (what, result.output)
        assert copy.query(log) == before
    # Once it is whole, its rows are read: here each one again, as duplicates.
    more.write_bytes(whole)
    copy.dbt("build", *select, check=0)
    assert copy.query(log)[0][0] == 2 * before[0][0]


def test_names_that_cannot_be_kept_are_refused_with_the_alias_to_write(tmp_path: Path) -> None:
    project = new_project(tmp_path / "project")
    project.replace("models/staging/odd/_odd.yml", "name: seats,", "name: 'se\"ats', quote: true,")
    project.replace("models/staging/odd/_odd.yml", "name: visitor,", "name: Select, quote: true,")
    result = project.dbt("run-operation", "validate_declarations")
    assert result.exit_code != 0
    assert "2 faults" in result.output
    assert 'select "se""ats" as seats' in result.output
    assert "differs from select by case only" in result.output
    assert 'select "Select" as select_2' in result.output
