# Two commands matter: `make run` and `make test`. Both set everything up by themselves.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# By content: a checkout may be older than the environment that it replaces the code of.
LOCKED := $(shell cat requirements.lock pyproject.toml | cksum | cut -d ' ' -f 1)
READY := $(VENV)/.ready-$(LOCKED)
PARSED := parsed
POINTS ?= 200
CASES ?= 100000
REPEAT ?= 3
SEEDS ?= 1
WAY ?= judged
# A file of tests stays in one process: what it has built serves all of it.
PARALLEL := --numprocesses auto --dist loadfile

export GX_ANALYTICS_ENABLED := false
export DBT_SEND_ANONYMOUS_USAGE_STATS := false
export DAGSTER_DISABLE_TELEMETRY := 1

.DEFAULT_GOAL := help
.PHONY: help setup run test test-fast check lint types sql definitions ui sample attack bench faults years years-dagster years-dagster-short report-browser ui-browser postgres-test superset-test spark-setup spark-test spark-test-short lock clean

help: ## Show what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 22

setup: $(READY) $(PARSED) ## Make the virtual environment from requirements.lock, and parse the dbt project

$(READY):
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	rm -f $(VENV)/.ready*
	touch $(READY)

# Ten seconds that each new home is spared. It compares contents and does nothing where they are the same.
.PHONY: $(PARSED)
$(PARSED): $(READY)
	$(BIN)/python -m dagster_project.dbt_artifacts

run: $(READY) $(PARSED) ## Run the main job on the sample inbox and publish
	$(BIN)/trisam run --reconcile enforce

test: $(READY) $(PARSED) ## Run the whole test suite, fast tests first
	$(BIN)/python -m pytest $(PARALLEL) tests/unit
	$(BIN)/python -m pytest $(PARALLEL) tests/integration tests/end_to_end

test-fast: $(READY) $(PARSED) ## Run the unit tests
	$(BIN)/python -m pytest $(PARALLEL) tests/unit

check: lint types sql definitions ## Everything that judges the source without running it

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY)
	$(BIN)/mypy

sql: $(READY)
	cd dbt_project && ../$(BIN)/sqlfluff lint models --processes 2 --disable-progress-bar

definitions: $(READY)
	$(BIN)/dagster definitions validate -w workspace.yaml

ui: $(READY) $(PARSED) ## Start the Dagster UI on the sample (http://127.0.0.1:3000)
	$(BIN)/trisam ui

sample: $(READY) ## Make the sample inbox again (seeded: the same bytes every time)
	$(BIN)/trisam make-sample

attack: $(READY) $(PARSED) ## Attack the open release of the sample and of generated counties
	$(BIN)/python -m benchmarks.attack

bench: $(READY) $(PARSED) ## Measure runs beside bare DuckDB and pandas (CASES="100000 1000000" REPEAT=3)
	$(BIN)/python -m benchmarks --cases $(CASES) --repeat $(REPEAT)

faults: $(READY) $(PARSED) ## Kill, starve and damage runs, and look at what is published after each (POINTS=200)
	$(BIN)/python -m tests.faults --points $(POINTS)

years: CASES = 250 4000
years: $(READY) $(PARSED) ## Three years of a county by calendar, planted faults, upgrade, rollback, restore: what the checks say (CASES CADENCES SEEDS WAY)
	$(BIN)/python -m tests.years --cases $(CASES) --seeds $(SEEDS) --way $(WAY) $(if $(CADENCES),--cadences $(CADENCES))
	$(BIN)/python -m pytest tests/end_to_end/test_upgrade.py tests/end_to_end/test_rollback.py tests/end_to_end/test_restore.py tests/end_to_end/test_ui.py

years-dagster: $(READY) $(PARSED) ## Let three years of deliveries pass through Dagster with the clock turned (YEARS_DAGSTER="--deliveries 4")
	ls /usr/lib/*/faketime/libfaketimeMT.so.1 >/dev/null 2>&1 || apt-get install -qq -y libfaketime
	$(BIN)/python -m tests.years_dagster $(YEARS_DAGSTER)

years-dagster-short: $(READY) $(PARSED) ## Let two delivery days pass through Dagster, one of them refused
	ls /usr/lib/*/faketime/libfaketimeMT.so.1 >/dev/null 2>&1 || apt-get install -qq -y libfaketime
	$(BIN)/python -m pytest -m slow tests/integration/dagster/test_days_pass.py

report-browser: ## Look at the published report and docs in a browser (needs chromium and npm)
	npm install --silent --prefix tests/browser
	node tests/browser/report.mjs data/published

postgres-test: $(READY) $(PARSED) ## Load releases into a PostgreSQL server of its own, with readers during 100 swaps, and ask it by ODBC
	TRISAM_TEST_SWAPS=100 $(BIN)/python -m pytest -s tests/integration/postgres

superset-test: $(READY) $(PARSED) ## Let Apache Superset, in an environment of its own, draw charts of the published release
	test -x .venv-superset/bin/superset || $(PYTHON) -m venv .venv-superset
	.venv-superset/bin/python -m pip install --quiet --disable-pip-version-check -r tests/superset/requirements.txt
	$(BIN)/python -m tests.superset

spark-setup: $(READY) ## Install what `trisam run --engine spark` needs beside the rest
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-spark.lock

.venv-spark/.ready: tests/spark/requirements.txt
	test -x .venv-spark/bin/python || $(PYTHON) -m venv .venv-spark
	.venv-spark/bin/python -m pip install --quiet --disable-pip-version-check -r tests/spark/requirements.txt
	touch $@

spark-test: spark-setup .venv-spark/.ready ## Run the sample and a county (CASES=100000) on a real Spark cluster on loopback, and compare every cell
	$(BIN)/python -m tests.spark --cases $(CASES)

spark-test-short: spark-setup .venv-spark/.ready ## Build the models of a golden inbox on Spark, and compare every cell
	$(BIN)/python -m tests.spark --short

ui-browser: $(READY) $(PARSED) ## Drive the Dagster UI in a browser: materialise, a failed gate, previews, lineage
	rm -rf data/ui-browser && mkdir -p data/ui-browser
	cp -r seeds/extracts data/ui-browser/inbox
	TRISAM_DISCLOSURE_THRESHOLD=1 $(BIN)/trisam run --inbox data/ui-browser/inbox --home data/ui-browser/home
	npm install --silent --prefix tests/browser
	TRISAM_DISCLOSURE_THRESHOLD=1 node tests/browser/ui.mjs data/ui-browser/home data/ui-browser/inbox data/ui-browser/screenshots

lock: $(READY) ## Resolve the dependencies again
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --no-emit-index-url --no-emit-find-links --no-header -q -o requirements.lock
	$(BIN)/uv pip compile pyproject.toml --extra spark --universal --no-emit-index-url --no-emit-find-links --no-header -q -c requirements.lock -o requirements-spark.lock

clean: ## Remove the virtual environment and everything built
	rm -rf $(VENV) .venv-superset .venv-spark data dbt_project/target dbt_project/logs .pytest_cache .ruff_cache .mypy_cache
