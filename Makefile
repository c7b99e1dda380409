# Everything that a person or CI does, in one place. `make help` lists it.

PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -q
SEED ?= 0
SEEDS ?= 0:25
WORKERS ?= 2
CASES ?= 10000
export OMP_NUM_THREADS ?= 1

.DEFAULT_GOAL := help
.PHONY: help setup demo test coverage lint types layers bench evaluate fuzz docs failure-pictures test-local lock clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# $(call environment,FOLDER,LOCK,WORDS): a new environment with what a lock names, and this package.
define environment
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) is not on the PATH: install Python 3.11, or say make PYTHON=/path/to/python3.11"; exit 2; }
	@echo "Setting up $(1) with the locked $(3) ..."
	@$(PYTHON) -m venv $(1)
	@$(1)/bin/python -m pip --disable-pip-version-check -q install -r requirements/$(2).lock
	@$(1)/bin/python -m pip --disable-pip-version-check -q install --no-deps --no-build-isolation -e .
endef

# A stamp file says that its environment is complete; a lock or a pyproject.toml that is newer makes it again.
$(VENV)/.runtime: requirements/runtime.lock pyproject.toml
	$(call environment,$(VENV),runtime,run-time dependencies)
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime requirements/dev.lock
	@echo "Adding the locked tools for tests and checks ..."
	@$(PIP) install -r requirements/dev.lock
	@touch $@

setup: $(VENV)/.dev ## .venv with everything that work on the project needs

demo: $(VENV)/.runtime ## set up .venv, move the simulated Panda, say where the record is
	$(BIN)/lmp run "put the red block in the bowl" --seed $(SEED)

test: lint types layers ## set up .venv, run everything that CI runs
	$(BIN)/python -m pytest -n auto --dist worksteal

# Tracing branches on Python 3.11 nearly doubles the processor time of the tests and proves nothing more about the code, so
# it has a target of its own. Its floor is in pyproject.toml.
coverage: $(VENV)/.dev ## the same tests, traced; fails under the floor of covered branches (twice as long)
	$(BIN)/python -m pytest -n auto --dist worksteal --cov --cov-report=term:skip-covered

# The extra `local` is several gigabytes, so it has an environment of its own, and `make test` leaves it out.
LOCAL := .venv-local
$(LOCAL)/.local: requirements/local.lock pyproject.toml
	$(call environment,$(LOCAL),local,dependencies of local models (several GB))
	@touch $@

test-local: $(LOCAL)/.local ## set up .venv-local (several GB), test models from a folder of weights
	HF_HUB_OFFLINE=1 $(LOCAL)/bin/python -m pytest tests/local

lint: $(VENV)/.dev ## style: ruff's rules and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev ## strict types: mypy
	$(BIN)/mypy

layers: $(VENV)/.dev ## who may import whom: import-linter
	$(BIN)/lint-imports

# The peers of the extra `bench` are several gigabytes, torch above all, so they have an environment of their own.
PEERS := .venv-bench
$(PEERS)/.bench: requirements/bench.lock pyproject.toml
	$(call environment,$(PEERS),bench,peers of the benchmarks (several GB))
	@touch $@

bench: $(PEERS)/.bench ## the compile path against its peers, as ratios; exit status 1 if a target is missed
	$(PEERS)/bin/python benchmarks/bench.py

evaluate: $(VENV)/.runtime ## success over every kind of task and many seeds: SEEDS=0:25 WORKERS=2
	$(BIN)/lmp evaluate --instructions tasks --seeds $(SEEDS) --workers $(WORKERS)

fuzz: $(VENV)/.dev ## many inputs of every kind against every entrance, new cases of every property: CASES=10000
	$(BIN)/python -m tests.fuzz --cases $(CASES)
	$(BIN)/python -m pytest -n auto --dist worksteal -m hypothesis --hypothesis-profile search

docs: $(VENV)/.dev ## write the generated pages again: docs/cli.md, docs/failures.md, docs/requests/, docs/schema/
	$(BIN)/python docs/generate.py

failure-pictures: $(VENV)/.dev ## provoke every failure again and take its picture: docs/images/failures/ (minutes)
	$(BIN)/python docs/failures/record.py
	$(BIN)/python docs/generate.py

# The tools' lock is the whole, the run-time lock a part of it: so both hold the same versions.
LOCK := $(BIN)/uv pip compile -q --universal --python-version 3.11 --no-header --no-annotate --no-emit-index-url --no-emit-find-links
lock: $(VENV)/.dev ## resolve the newest allowed versions and lock them
	@$(PIP) install uv
	$(LOCK) --upgrade pyproject.toml --group build --extra dev -o requirements/dev.lock
	$(LOCK) --upgrade pyproject.toml --group build -c requirements/dev.lock -o requirements/runtime.lock
	$(LOCK) --upgrade pyproject.toml --group build --extra dev --extra local -c requirements/dev.lock -o requirements/local.lock
	$(LOCK) --upgrade pyproject.toml --group build --extra bench -c requirements/dev.lock -o requirements/bench.lock

clean: ## remove .venv, caches and reports; run folders stay
	rm -rf $(VENV) $(LOCAL) $(PEERS) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage* htmlcov dist build
