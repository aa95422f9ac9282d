# Everything runs in .venv, made from requirements.txt by the first target that needs it.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
INSTALLED := $(VENV)/installed.stamp
PEERS := tests/statistics/test_peers.py tests/statistics/test_performance_peers.py
BI := tests/package/test_publish_reader.py tests/package/test_semantic_layer.py tests/package/test_docs_site.py
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)
export DBT_PROFILES_DIR := $(CURDIR)/profiles
export DBT_SEND_ANONYMOUS_USAGE_STATS := false
export DO_NOT_TRACK := 1
unexport VIRTUAL_ENV PYTHONHOME PYTHONPATH

.PHONY: help demo publish docs test test-postgres test-peers test-bi test-prometheus test-browser test-spark soak lint bench bench-fleet detection pictures \
	lock lock-peers lock-metricflow lock-docs lock-browser lock-spark clean

help:
	@echo "make demo    build the monitors on ten months of real flights and print the verdict"
	@echo "make publish  a read-only copy of the public tables in build/published.duckdb, for BI tools (docs/bi.md)"
	@echo "make docs    the docs as a site, in build/site; a broken link is an error"
	@echo "make test    lint, then the test suites; CI runs this, then the test- targets below"
	@echo "make test-postgres  the suites that need a PostgreSQL server (Debian's package postgresql)"
	@echo "make test-peers  our distances and performance beside Evidently, NannyML and Fairlearn, in an environment of their own (two minutes to make it)"
	@echo "make test-bi  fifty builds with a reader, MetricFlow's answers, the docs site; two environments of their own"
	@echo "make test-prometheus  delivery through real servers (Debian's prometheus, prometheus-alertmanager, prometheus-node-exporter)"
	@echo "make test-browser  the report in Chromium (Debian's package chromium), in an environment of its own"
	@echo "make test-spark  the same monitor on Spark with Iceberg and on DuckDB, in an environment of its own (Java 17; docs/spark.md)"
	@echo "make soak    an hour of what make test does in short: generated histories (ML_SOAK_MINUTES, ML_SOAK_SEED),"
	@echo "             awkward rows (ML_FUZZ_SECONDS, ML_FUZZ_SEED) and killed runs (ML_KILLS, ML_KILL_SEED)"
	@echo "make lint    ruff, lint of the macros, sqlfluff, dbt parse with deprecations as errors"
	@echo "make bench   time and memory beside a hand-written script, and what a run costs when little is new, data quality and drift"
	@echo "make bench-fleet  1, 10 and 50 monitors of another project that installs this one: parsing, quiet runs, a new hour"
	@echo "make detection  how well drift is found: monitors of known truth, also through Evidently and NannyML (docs/detection.md)"
	@echo "make pictures  docs/report.png from the demo, which make demo built"
	@echo "make lock    resolve requirements.in anew into requirements.txt"
	@echo "make lock-peers  the same for requirements-peers.in, the tools that the parity test compares with"
	@echo "make lock-metricflow, lock-docs, lock-browser, lock-spark  the same for the environments of make test-bi, test-browser and test-spark"
	@echo "make clean   remove what was built (not .venv, not data)"

$(INSTALLED): requirements.txt
	$(PYTHON) -m venv --clear $(VENV)
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --requirement requirements.txt
	touch $@

# What the tests in Chromium and the pictures need; not part of what the demo installs.
BROWSER := build/browser-venv
$(BROWSER)/installed.stamp: requirements-browser.txt
	$(PYTHON) -m venv --clear $(BROWSER)
	$(BROWSER)/bin/python -m pip install --quiet --disable-pip-version-check --requirement requirements-browser.txt
	touch $@

# What the tests on Spark need: all of the above, Spark, and the jar of Iceberg.
SPARK := build/spark-venv
$(SPARK)/installed.stamp: requirements-spark.txt scripts/iceberg_jar.py
	$(PYTHON) -m venv --clear $(SPARK)
	$(SPARK)/bin/python -m pip install --quiet --disable-pip-version-check --requirement requirements-spark.txt
	$(SPARK)/bin/python scripts/iceberg_jar.py --to build/iceberg.jar
	touch $@

demo: $(INSTALLED)
	python scripts/demo.py

publish: $(INSTALLED)
	python scripts/publish.py --to build/published.duckdb

docs: $(INSTALLED)
	python scripts/docs_site/build.py

# sqlfluff lints what is SQL before it is rendered. The models of monitors and the fleet views are one call each, and parsing what they become
# takes minutes; a file of macros renders to nothing. lint_macros.py checks the macros instead.
lint: export ML_DUCKDB_PATH := $(CURDIR)/build/lint/lint.duckdb
lint: $(INSTALLED)
	mkdir -p build/lint
	ruff check .
	ruff format --check .
	python scripts/lint/lint_macros.py
	dbt --warn-error-options '{"error": ["Deprecations"]}' parse --no-partial-parse --target-path build/lint --log-path build/lint
	sqlfluff lint --processes 0 models/staging models/fleet/ml_policies.sql models/consumers analyses

SUITES := tests $(addprefix --ignore ,$(PEERS) $(BI) tests/browser) -n auto --dist loadfile --no-loadscope-reorder

test: lint
	python -m pytest $(SUITES) -m "not postgres and not prometheus and not spark"

test-postgres: $(INSTALLED)
	python -m pytest $(SUITES) -m postgres

test-peers: $(INSTALLED)
	python -m pytest $(PEERS)

test-prometheus: $(INSTALLED)
	python -m pytest tests/delivery -m prometheus

test-bi: $(INSTALLED)
	python -m pytest $(BI)

# Without tests/conftest.py, which needs dbt.
test-browser: $(BROWSER)/installed.stamp
	$(BROWSER)/bin/python -m pytest tests/browser --confcutdir tests/browser

# In one process, which keeps what Spark has compiled.
test-spark: export PATH := $(CURDIR)/$(SPARK)/bin:$(PATH)
test-spark: $(SPARK)/installed.stamp
	$(SPARK)/bin/python -m pytest tests/engines -m spark

pictures: $(BROWSER)/installed.stamp
	$(BROWSER)/bin/python scripts/pictures.py

soak: export ML_SOAK_MINUTES ?= 30
soak: export ML_FUZZ_SECONDS ?= 900
soak: export ML_KILLS ?= 100
soak: $(INSTALLED)
	python -m pytest tests/materializations/test_histories.py tests/curation/test_bad_input_fuzz.py tests/materializations/test_kills.py -x -s

bench: $(INSTALLED)
	python scripts/bench/bench.py
	python scripts/bench/bench_incremental.py
	python scripts/bench/bench_quality.py
	python scripts/bench/bench_drift.py

bench-fleet: $(INSTALLED)
	python scripts/bench/bench_fleet.py

detection: $(INSTALLED)
	python scripts/detection/detection.py --write

lock:
	rm -rf build/lock && $(PYTHON) -m venv build/lock
	build/lock/bin/python -m pip install --quiet --requirement requirements.in
	build/lock/bin/python -m pip freeze --disable-pip-version-check > requirements.txt

# Without the library for graphics cards, half a gigabyte that nothing here loads; so the tests install with --no-deps.
lock-peers:
	rm -rf build/lock-peers && $(PYTHON) -m venv build/lock-peers
	build/lock-peers/bin/python -m pip install --quiet --requirement requirements-peers.in
	build/lock-peers/bin/python -m pip freeze --disable-pip-version-check --exclude nvidia-nccl-cu12 > requirements-peers.txt

lock-metricflow lock-docs lock-browser lock-spark: lock-%:
	rm -rf build/lock-$* && $(PYTHON) -m venv build/lock-$*
	build/lock-$*/bin/python -m pip install --quiet --requirement requirements-$*.in
	build/lock-$*/bin/python -m pip freeze --disable-pip-version-check > requirements-$*.txt

clean:
	rm -rf build target logs ml_monitor.duckdb
