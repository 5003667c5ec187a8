# Two commands on a fresh machine: `make demo` and `make test`. `make help` lists the rest.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
SERVE ?= yes
DEMO_DIR ?= demo
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help setup demo test torture check bench fuzz serve fix lock clean

help: ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "sayso needs Python 3.11 or later; name one with PYTHON=python3.12" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements/run.txt pyproject.toml | $(BIN)/python
	$(INSTALL) --require-hashes -r requirements/run.txt
	$(INSTALL) --require-hashes -r requirements/build.txt
	$(INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.run
	$(INSTALL) --require-hashes -r requirements/dev.txt
	@touch $@

setup: $(VENV)/.run ## prepare .venv, and nothing else

demo: setup ## play the reference scenario; SERVE=no stops before serving
	@$(BIN)/sayso demo --dir $(DEMO_DIR) $(if $(filter no,$(SERVE)),--no-serve,)

serve: setup ## serve the pages of the last demo; there are none yet
	@echo "there are no pages to serve yet; the command line does everything: $(BIN)/sayso --help" >&2; exit 1

test: $(VENV)/.dev ## run every test
	@$(BIN)/python -m pytest -q $(TESTS)

torture: $(VENV)/.dev ## every fault of the disk, every byte of an export, many kills: half an hour
	@SAYSO_TORTURE=1 $(BIN)/python -m pytest -q tests/store tests/cli/test_damage.py
	@SAYSO_MACHINE=1 $(BIN)/python -m pytest -q tests/casework/test_machine.py

check: $(VENV)/.dev ## lint, format, types and layers
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

bench: $(VENV)/.dev ## measure; each table is one run beside its peer
	@for each in $(filter-out bench/durable.py,$(wildcard bench/*.py)); do $(BIN)/python $$each || exit 1; done

fuzz: $(VENV)/.dev ## ten minutes of random policies and requests through every reading
	@$(BIN)/python -m tests.policy.fuzz --seconds 600
	@$(BIN)/python -m tests.policy.exact --pairs 300

fix: $(VENV)/.dev ## format, and mend what lint can mend
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

lock: $(VENV)/.dev ## choose the newest versions that fit, with their hashes
	@UV="$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links pyproject.toml"; \
	 $$UV --extra prove -o requirements/run.txt; \
	 $$UV --all-extras --group dev -c requirements/run.txt -o requirements/dev.txt; \
	 printf 'hatchling\neditables\n' | $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links -c requirements/dev.txt -o requirements/build.txt -

clean: ## remove .venv, caches and the demo
	rm -rf $(VENV) $(DEMO_DIR) .mypy_cache .ruff_cache .pytest_cache .hypothesis
