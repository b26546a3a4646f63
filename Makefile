# The few words this project needs. `make` alone lists them.
# A fresh machine needs only make and a Python of 3.11 or newer; everything else goes into .venv, at the exact
# versions of requirements*.txt: what it takes to run, and on top of that what tests, documentation and bench need.
# Choose another interpreter with `make PYTHON=/path/to/python demo`.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?=
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
TEST_INSTALLED := $(VENV)/.installed-test
DOCS_INSTALLED := $(VENV)/.installed-docs
BENCH_INSTALLED := $(VENV)/.installed-bench
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet --quiet

.PHONY: help setup demo check quick browser test cases test-all coverage docs notebooks reproduce bench lock clean

help: ## list these words
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' Makefile

setup: $(TEST_INSTALLED) ## create .venv for work on the code (every other word sets up what it needs)

demo: $(INSTALLED) ## the main question on the real data, with its pictures
	@$(BIN)/subsoil demo

check: $(TEST_INSTALLED) ## lint, formatting and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

quick: $(TEST_INSTALLED) ## the everyday tests alone, in under three minutes on two cores
	$(BIN)/python -m pytest -n 2 -m "not slow and not long"

browser: ## Chromium for the tests of the page, where it is missing and can be installed
	@for name in chromium chromium-browser google-chrome google-chrome-stable; do \
	  if command -v $$name >/dev/null 2>&1; then exit 0; fi; \
	done; \
	if [ "$$(id -u)" != 0 ]; then why="only root may install it"; \
	elif ! command -v apt-get >/dev/null 2>&1; then why="there is no apt-get to install it"; \
	else \
	  echo "Installing Chromium for the tests of the page (once; a minute or two) ..."; \
	  get="apt-get -qq -o Acquire::Retries=1 -o Acquire::http::Timeout=30"; export DEBIAN_FRONTEND=noninteractive; \
	  if { $$get update && $$get install -y --no-install-recommends chromium; } </dev/null >/dev/null 2>&1; \
	  then exit 0; fi; \
	  why="apt-get could not install it"; \
	fi; \
	echo "Tests that need a browser will be left out: there is no Chromium, and $$why."

test: check browser ## lint, types and all tests but the slow ones
	$(BIN)/python -m pytest -n 2 -m "not slow"

cases: $(TEST_INSTALLED) ## what users met and must not meet again
	$(BIN)/python -m pytest -n 2 -m cases

test-all: check browser ## the same with the slow tests
	$(BIN)/python -m pytest -n 2

coverage: $(TEST_INSTALLED) ## which lines the tests but the slow ones never reach
	$(BIN)/coverage run -m pytest -m "not slow"
	$(BIN)/coverage report

docs: $(DOCS_INSTALLED) ## the documentation, in docs/_build/html
	@$(BIN)/python -m sphinx -W --keep-going -n -q -b html docs docs/_build/html
	@$(BIN)/python -m docs.offline docs/_build/html
	@echo "Open docs/_build/html/index.html"

notebooks: $(DOCS_INSTALLED) ## the notebooks in JupyterLab
	@$(BIN)/python -m jupyterlab $(if $(filter 0,$(shell id -u)),--allow-root) notebooks

reproduce: $(INSTALLED) ## every number and picture that the texts show, made anew; UPDATE=1 rewrites them
	@$(BIN)/python -m docs.reproduce $(if $(filter-out 0 no,$(UPDATE)),--update) $(FILES)

bench: $(BENCH_INSTALLED) ## worlds per second against Mesa's batch_run and the EMA workbench
	@$(BIN)/subsoil bench --large

COMPILE = uv pip compile pyproject.toml --universal --python-version 3.11 --only-binary :all: \
	  --fork-strategy fewest --generate-hashes --no-emit-index-url --no-emit-find-links \
	  --custom-compile-command "make lock" --upgrade --quiet

lock: ## rewrite the files of pins from pyproject.toml (needs uv)
	$(COMPILE) --extra notebook --extra parquet --extra page --group build --output-file requirements.txt
	$(COMPILE) --extra test --constraint requirements.txt --output-file requirements-test.txt
	$(COMPILE) --extra bench --constraint requirements-test.txt --output-file requirements-bench.txt
	$(COMPILE) --extra docs --constraint requirements-test.txt --output-file requirements-docs.txt

clean: ## remove .venv and everything a tool has cached
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage docs/_build docs/_generated
	find model experiments docs tests -name __pycache__ -type d -prune -exec rm -rf {} +

# Runs again when the pins or the project's own declaration change. The project is installed in place, without
# asking the network: its build backend is among the pins.
$(INSTALLED): requirements.txt pyproject.toml
	@chosen=""; seen=""; \
	for candidate in $(if $(PYTHON),"$(PYTHON)",python3 python3.13 python3.12 python3.11 python); do \
	  version=$$("$$candidate" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue; \
	  if ! "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then \
	    seen="$$seen $$candidate is $$version;"; \
	  elif ! "$$candidate" -c 'import ensurepip, venv' 2>/dev/null; then \
	    seen="$$seen $$candidate ($$version) cannot make environments (on Debian: install python3-venv);"; \
	  else chosen="$$candidate"; break; fi; \
	done; \
	if [ -z "$$chosen" ]; then \
	  echo "Subsoil needs Python 3.11 or newer, with venv; found:$${seen:- none}" >&2; \
	  echo "Install one, or name it: make PYTHON=/path/to/python3.11 setup" >&2; exit 1; \
	fi; \
	if ! $(BIN)/python -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	  echo "Setting up $(VENV) with Python $$version (once; a minute or two) ..."; \
	  "$$chosen" -m venv --clear $(VENV); \
	else echo "Bringing $(VENV) up to date ..."; fi
	@$(PIP) install --require-hashes --only-binary :all: -r requirements.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

# What only tests and documentation need, at the same versions.
$(TEST_INSTALLED): $(INSTALLED) requirements-test.txt
	@echo "Adding what the tests need ..."
	@$(PIP) install --require-hashes --only-binary :all: -r requirements-test.txt
	@touch $@

$(DOCS_INSTALLED): $(INSTALLED) requirements-docs.txt
	@echo "Adding what documentation and notebooks need ..."
	@$(PIP) install --require-hashes --only-binary :all: -r requirements-docs.txt
	@touch $@

# What only the bench needs, at the versions of the rest. Without it the bench runs, and says what it lacks.
$(BENCH_INSTALLED): $(INSTALLED) requirements-bench.txt
	@if $(PIP) install --require-hashes --only-binary :all: -r requirements-bench.txt; then touch $@; fi
